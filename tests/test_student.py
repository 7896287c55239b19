"""The copies that are handed out: no solution in them, and they run from top to bottom."""

import ast
import re

import nbformat
import pytest

from nnlib.course.exercises import learner
from nnlib.course.exercises.bank import EXERCISES
from tools.console import Failure
from tools.notebooks import CHAPTERS, execute
from tools.student import HAND_IN, copy, main, without_solutions

PATHS = sorted(CHAPTERS.glob("[0-9][0-9]-*.ipynb"))
each_chapter = pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])


def handed_out(path):
    return nbformat.reads(copy(path), 4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@each_chapter
def test_no_solution_and_no_output_is_left(path):
    for cell in code(handed_out(path)):
        assert not re.search(r"(?<!\w)solution\(", cell.source), cell.source
        assert cell.outputs == []


@each_chapter
def test_all_text_and_every_exercise_is_there(path):
    before, after = nbformat.read(path, 4), handed_out(path)
    texts = [cell.source for cell in before.cells if cell.cell_type == "markdown"]
    assert texts == [cell.source for cell in after.cells if cell.cell_type == "markdown"][:-1]
    sources = [cell.source for cell in code(after)]
    for exercise in EXERCISES:
        if int(exercise.id.split(".")[0]) == int(path.stem[:2]):
            assert learner.starter(exercise.id).rstrip() in sources
            assert any(f'check("{exercise.id}"' in source for source in sources)


@each_chapter
def test_a_chapter_ends_with_a_cell_to_hand_in(path):
    assert code(handed_out(path))[-1].source == HAND_IN


@pytest.mark.slow
def test_a_copy_runs(tmp_path):
    path = next(path for path in PATHS if path.stem.startswith("05"))
    notebook = handed_out(path)
    execute(notebook, path.name)
    assert "progress.json" in notebook.cells[-1].outputs[0].data["text/plain"]


def cell(source, *tags):
    made = nbformat.v4.new_code_cell(source)
    made.metadata.tags = list(tags)
    return made


HIDDEN = "remove-cell"


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ([cell("a = 1"), cell("b = a", HIDDEN), cell("a")], [0, 2]),
        ([cell("a = 1"), cell("b = a", HIDDEN), cell("b")], [0, 1, 2]),
        ([cell("b = 0"), cell("b = 1", HIDDEN), cell("b")], [0, 2]),  # it comes from elsewhere
        ([cell("b = 1", HIDDEN), cell("b = 2"), cell("b")], [1, 2]),
        ([cell("c = 1", HIDDEN), cell("b = c", HIDDEN), cell("b")], [0, 1, 2]),
        ([cell("b = 1", HIDDEN), cell("b = 2", HIDDEN), cell("b")], [1, 2]),
        ([cell("b = 1", HIDDEN), cell("def f():\n    return b\n"), cell("f()")], [0, 1, 2]),
        ([cell("b = 1", HIDDEN), cell("def f(b):\n    return b\n")], [1]),
        ([cell("b = 1", HIDDEN), cell("[b for b in range(2)]")], [1]),
        ([cell("import numpy as np", HIDDEN), cell("np.ones(2)")], [0, 1]),
        ([cell("b = 1", HIDDEN), cell("b += 1")], [0, 1]),
        ([cell("b = 1", HIDDEN), cell("for b in range(3): print(b)")], [1]),
        ([cell('solution("5.1")', "hide-output"), cell("a = 1")], [1]),
        ([cell("print(1)", HIDDEN), nbformat.v4.new_markdown_cell("b")], [1]),
    ],
)
def test_a_hidden_cell_stays_where_it_is_needed(cells, kept):
    assert without_solutions(cells) == [cells[place] for place in kept]


def test_a_folder_with_other_files_is_left_alone(tmp_path, capsys):
    assert main(["--to", str(tmp_path / "out")]) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.name for path in PATHS}
    assert main(["--to", str(tmp_path / "out")]) == 0  # its own files are written again
    (tmp_path / "out" / "grades.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(Failure, match="holds other files"):
        main(["--to", str(tmp_path / "out")])


def test_solutions_can_be_kept_back(monkeypatch):
    monkeypatch.setenv("NNLIB_SOLUTIONS", "hide")
    shown = learner.solution("5.1")
    assert repr(shown).startswith("The solution of 5.1 is with your teacher.")
    assert 'hint("5.1")' in shown._repr_html_().replace("&quot;", '"')
    with pytest.raises(ValueError, match="There is no exercise"):
        learner.solution("99.9")


def test_the_cell_to_hand_in_is_python():
    ast.parse(HAND_IN)
