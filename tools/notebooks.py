"""Re-execute the chapters and write them back in one normal form.

A stored notebook holds what the strict comparison of the tests needs and nothing that changes by
itself: text outputs, cell ids c000, c001, ..., counts 1 to n, tags. Images, HTML and the state of
widgets are left out; the book has them from its own execution.

Runs inside the environment: `python tools/run.py notebooks [--check] [chapter ...]`.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbformat
import nbformat.reader
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from tools.console import ROOT, Failure, verdict

CHAPTERS = ROOT / "chapters"
CELL_LIMIT = 120
NOTEBOOK_LIMIT = 600
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CELL_METADATA = ("tags", "mystnb", "jupyter")
ID = re.compile(r"c\d{3}")
EXERCISE = "exercise:"
DROPPED = re.compile(
    r"image/.*|text/html|application/vnd\.jupyter\.widget-view\+json|application/papermill.*"
)
ANSI = re.compile(r"\x1b\[[0-9;]*m")

Notebook = Any  # nbformat's notebooks are dictionaries with attributes, and carry no types


def render(path: Path) -> str:
    """Return the notebook as it should be stored: synchronised, executed and normalised."""
    try:
        notebook = nbformat.read(path, 4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise Failure(f"{path.name} is no notebook: {error}") from None
    synchronise(notebook, starter())
    execute(notebook, path.name)
    normalise(notebook)
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def starter() -> Callable[[str], str] | None:
    """Return the function that writes an exercise's first cell, or None before there is one."""
    try:
        from nnlib.course import exercises
    except ModuleNotFoundError:
        return None
    return getattr(exercises, "starter", None)


def synchronise(notebook: Notebook, source: Callable[[str], str] | None) -> None:
    """Write every cell tagged `starter` from its exercise, which the tag `exercise:5.1` names."""
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if source and cell.cell_type == "code" and "starter" in tags:
            names = [tag.removeprefix(EXERCISE) for tag in tags if tag.startswith(EXERCISE)]
            if len(names) != 1:
                raise Failure(f"a starter cell needs one tag like exercise:5.1, and has {tags}")
            cell.source = source(names[0]).rstrip("\n")


def execute(notebook: Notebook, name: str) -> None:
    """Run all cells in a fresh kernel, in an empty folder, under a time limit."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        client = NotebookClient(
            notebook,
            timeout=CELL_LIMIT,
            startup_timeout=60,
            kernel_name="python3",
            extra_arguments=["--IPKernelApp.log_level=40"],  # else it warns of local sockets
            resources={"metadata": {"path": folder}},
        )
        try:
            asyncio.run(asyncio.wait_for(client.async_execute(), NOTEBOOK_LIMIT))
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise Failure(complaint(notebook, name, str(error))) from None
        except TimeoutError:
            raise Failure(f"{name} did not finish within {NOTEBOOK_LIMIT} s") from None


def complaint(notebook: Notebook, name: str, error: str) -> str:
    """Say which cell failed, what stands in it, and how its traceback ends."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    failed = [
        (number, cell)
        for number, cell in enumerate(code, start=1)
        if any(output.output_type == "error" for output in cell.outputs)
    ]
    end = "\n".join("      " + line for line in ANSI.sub("", error).rstrip().splitlines()[-12:])
    if not failed:
        return f"{name} stopped\n{end}"
    number, cell = failed[0]
    source = "\n".join("      | " + line for line in cell.source.splitlines())
    return f"{name}, code cell {number} of {len(code)}:\n{source}\n{end}"


def normalise(notebook: Notebook) -> None:
    """Give ids and counts their one form, and keep of the outputs what can be compared."""
    used: set[str] = set()
    for cell in notebook.cells:  # an id that has the form is kept, so that links to it hold
        good = ID.fullmatch(cell.get("id", "")) and cell.id not in used
        cell["id"] = cell.id if good else ""
        used.add(cell.id)
    fresh = (f"c{n:03d}" for n in range(1000) if f"c{n:03d}" not in used)
    count = 0
    for cell in notebook.cells:
        cell["id"] = cell.id or next(fresh)
        cell.metadata = _only(cell.metadata, CELL_METADATA)
        cell.source = cell.source.strip("\n")
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = _comparable(cell.outputs, count)
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5


def _only(metadata: Notebook, keys: Iterable[str]) -> Notebook:
    return nbformat.from_dict({key: metadata[key] for key in keys if metadata.get(key)})


def _comparable(outputs: Iterable[Notebook], count: int) -> list[Notebook]:
    """Join the pieces of each stream; drop pictures, HTML and widgets, and what is then empty."""
    kept: list[Notebook] = []
    streams: dict[str, Notebook] = {}
    for output in outputs:
        if output.output_type == "stream":
            if output.name in streams:
                streams[output.name].text += output.text
                continue
            streams[output.name] = output
        if "data" in output:
            output.data = nbformat.from_dict(
                {kind: value for kind, value in output.data.items() if not DROPPED.fullmatch(kind)}
            )
            if not output.data:
                continue
            output.metadata = nbformat.from_dict({})
        output.pop("transient", None)
        if output.output_type == "execute_result":
            output.execution_count = count
        kept.append(output)
    return kept


def main(arguments: list[str]) -> int:
    """Write the chapters back, or with --check say which are not as they should be."""
    parser = argparse.ArgumentParser(prog="run.py notebooks", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="compare and write nothing")
    parser.add_argument("chapters", nargs="*", type=Path, help="all of them where none is named")
    options = parser.parse_args(arguments)
    missing = [str(path) for path in options.chapters if not path.is_file()]
    if missing:
        parser.error(f"no such notebook: {', '.join(missing)}")
    good = True
    for path in options.chapters or sorted(CHAPTERS.glob("*.ipynb")):
        start = time.monotonic()
        try:
            fine, note = update(path, write=not options.check)
        except Failure as failure:
            fine, note = False, f"failed\n      {failure}\n     "
        good = good and fine
        verdict(path.name, fine, time.monotonic() - start, note)
    return 0 if good else 1


def update(path: Path, write: bool) -> tuple[bool, str]:
    """Compare a notebook with what it computes, and write it where that is asked for."""
    text = render(path)
    if text == path.read_text(encoding="utf-8"):
        return True, "unchanged"
    if write:
        path.write_text(text, encoding="utf-8", newline="\n")
        return True, "written"
    return False, "differs from what it computes: run `make notebooks`"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
