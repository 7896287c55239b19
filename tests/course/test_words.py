"""What a chapter's code takes from NumPy is explained on the page, or on one before it."""

import json
import re
from pathlib import Path

import pytest

CHAPTERS = sorted((Path(__file__).parents[2] / "chapters").glob("[01][0-9]-*.ipynb"))
UNSEEN = {"remove-cell", "remove-input", "hide-input"}


def cells(chapter, kind):
    for cell in json.loads(chapter.read_text())["cells"]:
        if cell["cell_type"] == kind and not UNSEEN & set(cell["metadata"].get("tags", [])):
            yield "".join(cell["source"])


def used(chapter):
    """The names that the code a reader sees takes from NumPy and from generators, such as `ptp`."""
    code = "\n".join(cells(chapter, "code"))
    return {name.rpartition(".")[2] for name in re.findall(r"\b(?:np|rng)\.([\w.]*\w)", code)}


def explained(chapter):
    """The names that its prose and its first look at them, the code of chapter 0, tell of."""
    kinds = ("markdown", "code") if chapter == CHAPTERS[0] else ("markdown",)
    pieces = re.findall(r"`([^`\n]+)`", "\n".join(cells(chapter, "markdown")))
    pieces += [code for kind in kinds[1:] for code in cells(chapter, kind)]
    return set(re.findall(r"\w+", " ".join(pieces)))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_no_name_of_numpy_comes_unexplained(chapter):
    told = set().union(*map(explained, CHAPTERS[: CHAPTERS.index(chapter) + 1]))
    assert used(chapter) - told == set()
