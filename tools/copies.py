"""Copies of the chapters for the places where they are opened as notebooks.

In a copy the cells that the book hides are folded away, and the outputs that it keeps closed; a
word that the book links to the glossary is that word. A copy for Colab begins with a cell that
installs the library from the public repository, which NNLIB_REPOSITORY names
(https://github.com/owner/name); where it is not known, there are none.

`python3 -m tools.copies --to FOLDER` writes those for Colab. Colab opens notebooks of GitHub only,
so they are published as a branch of the repository, called `colab` (.github/workflows/pages.yml).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from tools.console import ROOT, Failure, leave, say

CHAPTERS = ROOT / "chapters"
CHECKS = "# Holds what the text says to the numbers above."  # how a hidden cell begins
INSTALL = """# Run this first: it puts the course's library beside this notebook.
%pip install --quiet "nnlib[course] @ git+{repository}\""""

TERM = re.compile(r"\{term\}`([^`<]+?)\s*(?:<[^`>]*>)?`")
CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")

Notebook = dict[str, Any]


def chapters() -> list[Path]:
    """List the chapters in reading order."""
    return sorted(CHAPTERS.glob("[0-9][0-9]-*.ipynb"))


def repository() -> str:
    """Return the address of the public repository, or nothing where there is none."""
    address = os.environ.get("NNLIB_REPOSITORY", "").strip().rstrip("/").removesuffix(".git")
    if address and not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", address):
        raise Failure(f"NNLIB_REPOSITORY must be https://github.com/owner/name, and is {address!r}")
    return address


def folded(path: Path) -> Notebook:
    """Return a chapter whose hidden cells are folded, and whose closed outputs are."""
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = [_plain(line) for line in cell["source"]]
        tags = cell["metadata"].get("tags", [])
        jupyter = cell["metadata"].pop("jupyter", {})
        if "remove-cell" in tags:
            cell["source"] = [f"{CHECKS}\n", *cell["source"]]
        if {"remove-cell", "remove-input"}.intersection(tags):
            jupyter["source_hidden"] = True
        if {"remove-cell", "remove-output", "hide-output"}.intersection(tags):
            jupyter["outputs_hidden"] = True
        if jupyter:
            cell["metadata"]["jupyter"] = jupyter
    return notebook


def _plain(line: str) -> str:
    """Write what only the book understands as words."""
    return CITED.sub(r"[\1]", TERM.sub(r"\1", line))


def for_colab(path: Path, repository: str) -> Notebook:
    """Return a chapter that begins by installing what it needs."""
    notebook = folded(path)
    for cell in notebook["cells"]:
        if cell["metadata"].get("jupyter", {}).get("source_hidden"):
            cell["metadata"]["cellView"] = "form"  # Colab's word for a folded cell
    source = INSTALL.format(repository=repository).splitlines(keepends=True)
    first = {"cell_type": "code", "id": "install", "metadata": {}, "source": source}
    notebook["cells"].insert(0, {**first, "execution_count": None, "outputs": []})
    return notebook


def write(notebook: Notebook, path: Path) -> None:
    """Write a notebook as Jupyter does."""
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def main(arguments: list[str]) -> int:
    """Write the copies for Colab."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.copies", description=main.__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "_build" / "colab", metavar="FOLDER")
    folder = parser.parse_args(arguments).to
    address = repository()
    if not address:
        raise Failure("set NNLIB_REPOSITORY to the public one: https://github.com/owner/name")
    folder.mkdir(parents=True, exist_ok=True)
    for path in chapters():
        write(for_colab(path, address), folder / path.name)
    say(f"  wrote {len(chapters())} notebooks for Colab to {folder}")
    return 0


if __name__ == "__main__":
    leave(lambda: main(sys.argv[1:]))
