"""Exercises stand in the chapters as the bank has them: starter, check and solution, each once."""

import ast
import json
import re
from pathlib import Path

import pytest

from nnlib.course import starter
from nnlib.course.exercises.bank import EXERCISES

CHAPTERS = {
    int(path.stem[:2]): path
    for path in sorted((Path(__file__).parents[2] / "chapters").glob("[0-9][0-9]-*.ipynb"))
}
IN_CHAPTERS = [each.id for each in EXERCISES if int(each.id.split(".")[0]) in CHAPTERS]
each_exercise = pytest.mark.parametrize("number", IN_CHAPTERS)


def all_cells(number):
    """The cells of an exercise's chapter."""
    path = CHAPTERS[int(number.split(".")[0])]
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def cells(number):
    """The code cells of an exercise's chapter."""
    return [cell for cell in all_cells(number) if cell["cell_type"] == "code"]


def source(cell):
    return "".join(cell["source"])


def tags(cell):
    return cell["metadata"].get("tags", [])


def calls(cell, name, number):
    """Whether a cell is one call such as check("5.1", ...)."""
    try:
        body = ast.parse(source(cell)).body
    except SyntaxError:
        return False
    call = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and ast.unparse(call.func) == name
        and bool(call.args)
        and ast.unparse(call.args[0]) == repr(number)
    )


@each_exercise
def test_starter_cell_is_the_starter(number):
    own = [cell for cell in cells(number) if source(cell).rstrip() == starter(number).rstrip()]
    assert len(own) == 1
    assert "starter" in tags(own[0])


@each_exercise
def test_there_is_one_check_and_one_collapsed_solution(number):
    assert sum(calls(cell, "check", number) for cell in cells(number)) == 1
    (solution,) = [cell for cell in cells(number) if calls(cell, "solution", number)]
    assert "hide-output" in tags(solution)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_the_text_tells_to_call_is_there_to_be_called(chapter):
    listed = json.loads(CHAPTERS[chapter].read_text(encoding="utf-8"))["cells"]
    prose = "".join(source(cell) for cell in listed if cell["cell_type"] == "markdown")
    told = set(re.findall(r"`(check|hint|solution|progress|report|guess|explore)\(", prose))
    visible = [cell for cell in listed if cell["cell_type"] == "code"]
    visible = [source(cell) for cell in visible if "remove-cell" not in tags(cell)]
    imports = [
        node
        for code in visible
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.ImportFrom) and node.module == "nnlib.course"
    ]
    assert told <= {alias.name for node in imports for alias in node.names}


@each_exercise
def test_text_stands_in_a_box_that_other_pages_can_link_to(number):
    text = "\n".join(source(cell) for cell in all_cells(number) if cell["cell_type"] == "markdown")
    box = f'<div class="nn-exercise" id="exercise-{number.replace(".", "-")}">'
    assert text.count(box) == 1
    title = next(each.title for each in EXERCISES if each.id == number)
    assert text.split(box)[1].lstrip().startswith(f"**Exercise {number} · {title}**")


@pytest.mark.parametrize("chapter", list(CHAPTERS))
def test_every_starter_cell_belongs_to_an_exercise(chapter):
    known = {starter(number).rstrip() for number in IN_CHAPTERS}
    tagged = [cell for cell in cells(f"{chapter}.0") if "starter" in tags(cell)]
    assert all(source(cell).rstrip() in known for cell in tagged)


@pytest.mark.parametrize("number", CHAPTERS, ids=str)
def test_a_chapter_that_is_named_has_been_linked(number):
    """Where a page names another chapter for the first time, a click leads there."""
    linked = {number}
    for cell in json.loads(CHAPTERS[number].read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            text = re.sub(r"<summary>.*?</summary>", "", source(cell))  # raw HTML takes no link
            for link, named in re.findall(r"(\[?)\b[Cc]hapters? (\d+)\b", text):
                assert link or int(named) in linked, f"chapter {named} in: {text[:60]}"
                linked.add(int(named))
