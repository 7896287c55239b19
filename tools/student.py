"""Copies of the chapters to hand out: no solutions, no outputs, and a last cell to hand in with.

`python tools/run.py student [--to FOLDER]` writes a notebook for each chapter. The cells that show
a solution are left out, and those that the book hides: they hold the prose to what was computed,
and some of them work out the answer to a question. A hidden cell stays where a name that is used
later comes from nowhere else.

The solutions are still in the package, for whoever looks there. NNLIB_SOLUTIONS=hide, in the
environment of the notebooks or of `make book`, makes `solution` say that the teacher has them.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import symtable
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from tools.console import ROOT, Failure, leave, say
from tools.copies import chapters
from tools.notebooks import normalise

TARGET = ROOT / "_build" / "student"
HAND_IN = """from nnlib.course import report

report("progress.json", learner="your name")"""
EXPLAINED = """## To hand in

The cell below adds what `check` saw in this chapter to the file `progress.json`, beside this
notebook. All chapters add to the same file. It holds the numbers of the exercises, how often you
tried, which ideas `check` named, and the name that you put in. Nothing is sent anywhere."""

Notebook = Any  # nbformat's notebooks are dictionaries with attributes, and carry no types


def copy(path: Path) -> str:
    """Return a chapter as it is handed out."""
    notebook = nbformat.read(path, 4)
    notebook.cells = without_solutions(notebook.cells)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.cells += [
        nbformat.v4.new_markdown_cell(EXPLAINED),
        nbformat.v4.new_code_cell(HAND_IN),
    ]
    for cell in notebook.cells:
        cell["id"] = ""
    normalise(notebook)
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def without_solutions(cells: list[Notebook]) -> list[Notebook]:
    """Leave out what shows a solution, and what is hidden in the book and not needed."""
    code = [cell.source if cell.cell_type == "code" else "" for cell in cells]
    hidden = {i for i, cell in enumerate(cells) if "remove-cell" in cell.metadata.get("tags", [])}
    kept = {i for i in range(len(cells)) if i not in hidden and not _shows_a_solution(code[i])}
    while True:
        origin = _missing(code, kept, hidden - kept)
        if origin is None:
            return [cell for i, cell in enumerate(cells) if i in kept]
        kept.add(origin)


def _missing(code: list[str], kept: set[int], others: set[int]) -> int | None:
    """Find the cell left out that a cell kept needs a name from, the last of them before it."""
    bound = set(dir(builtins)) | {"get_ipython", "display"}
    for place in sorted(kept):
        for uses, binds in _names(code[place]):
            for name in sorted(uses - bound):
                origins = [i for i in others if i < place and name in _bound(code[i])]
                if origins:
                    return max(origins)
            bound |= binds
    return None


def _shows_a_solution(source: str) -> bool:
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return any(isinstance(function, ast.Name) and function.id == "solution" for function in calls)


def _bound(source: str) -> set[str]:
    return {name for _, binds in _names(source) for name in binds}


def _names(source: str) -> Iterator[tuple[set[str], set[str]]]:
    """Give what each statement needs from before it, and what it leaves behind."""
    for statement in ast.parse(source).body:
        top = symtable.symtable(ast.unparse(statement), "cell", "exec")
        symbols = top.get_symbols()
        binds = {
            symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()
        }
        uses = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}
        for inner in _inner(top):
            uses |= {each.get_name() for each in inner.get_symbols() if each.is_global()}
        if isinstance(statement, ast.AugAssign):
            uses |= binds
        elif not isinstance(statement, ast.Assign | ast.AnnAssign):
            uses -= binds  # a loop or a definition speaks of its own
        yield uses, binds


def _inner(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner(child)


def main(arguments: list[str]) -> int:
    """Write the copies; refuse to write into a folder that holds anything else."""
    parser = argparse.ArgumentParser(prog="run.py student", description=main.__doc__)
    parser.add_argument("--to", type=Path, default=TARGET, metavar="FOLDER")
    folder = parser.parse_args(arguments).to
    names = {path.name for path in chapters()}
    if folder.exists() and {path.name for path in folder.iterdir()} - names:
        raise Failure(f"{folder} holds other files: name an empty folder, or one that is not there")
    folder.mkdir(parents=True, exist_ok=True)
    for path in chapters():
        (folder / path.name).write_text(copy(path), encoding="utf-8", newline="\n")
    say(f"  wrote {len(names)} notebooks to {folder}")
    return 0


if __name__ == "__main__":
    leave(lambda: main(sys.argv[1:]))
