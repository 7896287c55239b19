"""Every chapter from its first cell to its last, in the browser: the texts that the book has."""

import json

import pytest

from tools.book import SITE
from tools.notebooks import CHAPTERS as CHAPTERS_DIR

CHAPTERS = sorted(path.stem for path in CHAPTERS_DIR.glob("[0-9][0-9]-*.ipynb"))

# WebAssembly reports no floating-point exceptions, so NumPy never warns of an overflow. And it adds
# in another order than BLAS, which a long training can amplify until a printed digit differs.
NO_WARNINGS, LAST_DIGITS = "no floating-point warnings", "sums in another order"
# By chapter and a piece of the cell's code: the numbers of cells move when a chapter is revised.
DIFFERENT = {
    ("02-activations", "except FloatingPointError as error"): NO_WARNINGS,
    ("02-activations", "follow(act, seed) for seed"): LAST_DIGITS,
}
# What the book claims and a browser need not do: there a batch costs what its multiplications cost.
CLAIMS = {
    ("06-gradient-descent", "less than a quarter of the time"),
}


def code_cells(chapter):
    path = SITE / "_sources" / "chapters" / f"{chapter}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def stored(cell):
    """Give what the book has of a cell: what it printed, and the texts of what it showed."""
    printed, shown = "", []
    for output in cell["outputs"]:
        if output["output_type"] == "stream" and output["name"] == "stdout":
            printed += "".join(output["text"])
        elif "data" in output:
            shown.append("".join(output["data"]["text/plain"]))
    return printed, shown


def heard(messages, cell):
    """Give the same of what the page heard."""
    printed, shown = "", []
    for message in messages:
        if message.get("run") != cell["id"]:
            continue
        if message["type"] == "stream" and message["name"] == "stdout":
            printed += message["text"]
        elif message["type"] == "display":
            shown.append(message["data"]["text/plain"])
        elif message["type"] in ("error", "trouble"):
            shown.append(message["text"])
    return printed, shown


def known_to_differ(chapter, cell):
    return any(where == chapter and code in "".join(cell["source"]) for where, code in DIFFERENT)


def test_each_known_difference_is_of_one_cell():
    for chapter, code in DIFFERENT:
        assert sum(code in "".join(cell["source"]) for cell in code_cells(chapter)) == 1, code


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_runs_to_its_end_with_the_texts_of_the_book(live, chapter):
    cells = code_cells(chapter)
    live.open(chapter).start()
    live.page.evaluate("heard.length = 0")
    live.press("Run all")
    live.page.locator(".nn-status", has_text="cells have run").or_(
        live.page.locator(".nn-status", has_text="Stopped at an error")
    ).wait_for(timeout=300_000)
    messages = live.messages()
    different = {
        cell["id"]: (stored(cell), heard(messages, cell))
        for cell in cells
        if stored(cell) != heard(messages, cell) and not known_to_differ(chapter, cell)
    }
    assert not different
    failed = [message["text"] for message in messages if message["type"] == "claim"]
    known = [part for where, part in CLAIMS if where == chapter]
    assert [text for text in failed if not any(part in text for part in known)] == []
    assert live.complaints == []
