"""The chapters as they are stored: executed, in their one form, small, in step with the exercises.

That the outputs are right is for nbval, which executes every cell again.
"""

import re

import nbformat
import pytest
import yaml

from tools.console import ROOT
from tools.notebooks import CHAPTERS, DROPPED, normalise, starter, synchronise

PATHS = sorted(CHAPTERS.glob("*.ipynb"))
MOST_LINES = 15
MOST_COLUMNS = 80  # what the column of the page shows without scrolling
UNSEEN = {"remove-cell", "remove-input", "hide-input"}
MOST_BYTES = 1_000_000

each_chapter = pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])


def read(path):
    return nbformat.read(path, 4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def tags(cell):
    return cell.metadata.get("tags", [])


def contents(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            yield cell, output


@each_chapter
def test_every_code_cell_was_executed_in_order(path):
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@each_chapter
def test_no_output_is_an_error_or_a_warning(path):
    for cell, output in contents(path):
        assert output.output_type != "error", f"{cell.id} raised {output.get('ename')}"
        assert output.get("name") != "stderr", f"{cell.id} wrote to stderr: {output.text}"


@each_chapter
def test_only_text_is_stored(path):
    for cell, output in contents(path):
        kinds = set(output.get("data", {}))
        assert not [kind for kind in kinds if DROPPED.fullmatch(kind)], cell.id


@each_chapter
def test_no_output_changes_from_run_to_run(path):
    for cell, output in contents(path):
        text = output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
        found = re.search(r"0x[0-9a-f]{6,}|(?:/home|/root|/Users|/tmp|[A-Z]:\\)\S*", text)
        assert not found, f"{cell.id} shows an address or a path: {found and found.group()}"


@each_chapter
def test_cells_are_short(path):
    for cell in code_cells(path):
        if "remove-cell" not in tags(cell):
            lines = len(cell.source.splitlines())
            assert lines <= MOST_LINES, f"{cell.id} has {lines} lines, at most {MOST_LINES} fit"


@each_chapter
def test_lines_fit_the_page(path):
    for cell in code_cells(path):
        if not UNSEEN.intersection(tags(cell)):
            long = [line for line in cell.source.splitlines() if len(line) > MOST_COLUMNS]
            assert not long, f"{cell.id}: at most {MOST_COLUMNS} characters fit"


@each_chapter
def test_starter_cells_are_what_the_exercises_say(path):
    stored, written = read(path), read(path)
    synchronise(written, starter())
    for cell, right in zip(stored.cells, written.cells, strict=True):
        assert cell.source == right.source, f"{cell.id}: run `make notebooks`"


@each_chapter
def test_notebook_has_its_one_form(path):
    notebook = read(path)
    normalise(notebook)
    assert path.read_text(encoding="utf-8") == nbformat.writes(notebook).rstrip("\n") + "\n"


@each_chapter
def test_notebook_is_small(path):
    assert path.stat().st_size <= MOST_BYTES


@each_chapter
def test_notebook_is_in_the_book(path):
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    files = [chapter["file"] for part in contents["parts"] for chapter in part["chapters"]]
    assert f"chapters/{path.stem}" in [contents["root"], *files]
