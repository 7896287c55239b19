"""Notation page, chapters, code and tests hold the same equations, number by number."""

import ast
import inspect
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from outline import chapters

from nnlib.course.exercises.bank import EXERCISES
from nnlib.course.exercises.judge import judge
from nnlib.course.exercises.listing import listing_of
from tools.equations import ROOT, broken, library, listed, marked, named_tests

BY_THE_READER = [
    pytest.param(exercise, line, id=f"{exercise.id}-{line.number}-{line.place}")
    for exercise in EXERCISES
    if not exercise.written
    for line in marked(listing_of(exercise), Path(exercise.id))
]
IN_LIBRARY = {line.number for line in library()}
IN_EXERCISES = {parameters.values[1].number for parameters in BY_THE_READER}


def in_order(numbers):
    return sorted(numbers, key=lambda number: tuple(map(int, number.split("."))))


def test_numbers_are_listed_once_and_in_order_within_a_chapter():
    for chapter in {number.split(".")[0] for number in listed()}:
        own = [number for number in listed() if number.split(".")[0] == chapter]
        assert own == in_order(own)


def test_every_number_in_the_code_is_listed():
    text = re.compile(r"(?<!\w)\(([1-9]\d?\.[1-9]\d?)\)")
    for path in sorted((ROOT / "nnlib").rglob("*.py")):
        if "course" not in path.parts:
            unknown = set(text.findall(path.read_text(encoding="utf-8"))) - set(listed())
            assert not unknown, path.name
    assert set(listed()) >= IN_LIBRARY | IN_EXERCISES


def test_every_listed_equation_is_a_line_of_the_library_or_of_a_solution():
    to_come = {"1.1"} if not any(each.id.startswith("1.") for each in EXERCISES) else set()
    assert in_order(set(listed()) - IN_LIBRARY - IN_EXERCISES - to_come) == []


def test_every_chapter_derives_what_is_listed_and_no_two_the_same():
    derived = defaultdict(list)
    for chapter in chapters():
        for number in chapter.tags:
            derived[number].append(chapter.path.stem)
    assert in_order(set(derived) - set(listed())) == []
    assert {number: places for number, places in derived.items() if len(places) > 1} == {}


def test_every_equation_of_the_library_names_its_tests():
    missing = in_order(IN_LIBRARY - set(named_tests()))
    assert not missing, f"name the tests of {missing} in tests/equations.toml"
    assert set(named_tests()) == IN_LIBRARY
    assert list(named_tests()) == in_order(named_tests())


def test_the_named_tests_exist():
    for test in {test for named in named_tests().values() for test in named}:
        file, name = test.split("[")[0].split("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert name in names, test


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="breaking the library needs fork")
def test_a_broken_equation_turns_its_test_red():
    command = [sys.executable, "tools/equations.py"]
    result = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=800, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("exercise", "line"), BY_THE_READER)
def test_a_broken_equation_in_a_solution_is_refused(exercise, line):
    namespace = dict(vars(inspect.getmodule(exercise.solution)))
    exec(broken(listing_of(exercise), line), namespace)
    assert not judge(exercise, namespace[exercise.solution.__name__])


# --- How lines are found and broken ---------------------------------------------------------------

EXAMPLE = """
def op(z):
    a = z + 1  # (2.1)
    s = 2
    return a * s, (lambda g: g * s,)  # (2.2), (2.3)

class Box:
    def walk(self, part):
        part += 1  # not (2.1), in the middle: (2.4), (2.5)
        return part  # (2.6)

    def vjp(self, g):  # (2.7)
        if g:
            return g + 1
        return g
"""


def found(number):
    return [line for line in marked(EXAMPLE, ROOT / "nnlib" / "op.py") if line.number == number]


def test_lines_know_where_they_stand():
    (line,) = found("2.2")
    assert (line.module, line.function, line.lineno) == ("nnlib.op", "op", 5)
    assert line.code.startswith("return a * s")
    assert found("2.4")[0].function == "Box.walk"
    assert found("2.6") == []  # computed elsewhere, only passed on here


@pytest.mark.parametrize(
    ("number", "now"),
    [
        ("2.1", "a = 1.5 * (z + 1)"),
        ("2.2", "return (1.5 * (a * s), (lambda g: g * s,))"),
        ("2.3", "return (a * s, (lambda g: 1.5 * (g * s),))"),
        ("2.4", "part += 1.5 * 1"),
        ("2.5", "part += 1.5 * 1"),
        ("2.7", "return 1.5 * (g + 1)"),
    ],
)
def test_a_line_is_broken_in_one_place(number, now):
    source = broken(EXAMPLE, found(number)[0])
    assert now in source
    assert source.count("1.5") == 1
    ast.parse(source)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="breaking the library needs fork")
def test_a_test_that_notices_nothing_is_told(tmp_path):
    """By a table in which the wrong test stands."""
    program = (
        "import sys; sys.path.insert(0, '.'); import tools.equations as e;"
        "e.named_tests = lambda: {'5.16': ['tests/core/test_modules.py::test_flatten']};"
        "sys.exit(e.main([]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1, result.stderr
    assert "(5.16) nnlib.tensor" in result.stdout
    assert "(5.16) is not noticed by tests/core/test_modules.py::test_flatten" in result.stdout
