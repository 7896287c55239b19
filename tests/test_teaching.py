"""The teacher's page says what the chapters say, and what it shows can be had."""

import json
import re
import shlex
import xml.etree.ElementTree as ET

import pytest
from outline import chapters
from teaching import KINDS, abilities, picture, plan

from nnlib.course.exercises.bank import EXERCISES
from nnlib.course.exercises.progress_file import Record, Report, parse
from nnlib.course.reports import ideas, table
from tools.commands import COMMANDS
from tools.console import ROOT

PAGE = (ROOT / "chapters" / "teaching.md").read_text(encoding="utf-8")
each_chapter = pytest.mark.parametrize(
    "chapter", chapters(), ids=[each.path.stem for each in chapters()]
)


@each_chapter
def test_the_line_under_a_title_can_be_read(chapter):
    assert chapter.head, "the line is not: *time · needs: ... · after it you can: ...*"
    assert re.match(r"About [\w-]+( and a half)? (minutes|hours?)", chapter.head["time"])
    assert 3 <= len(abilities(chapter.head["after"])) <= 7


@each_chapter
def test_a_chapter_builds_on_earlier_ones(chapter):
    assert all(number < chapter.number for number in chapter.needs)


@each_chapter
def test_the_plan_lists_every_exercise(chapter):
    said = plan(chapter)
    for exercise in EXERCISES:
        if chapter.head and exercise.id.split(".")[0] == str(chapter.number):
            assert f"{exercise.id} {exercise.title}" in said


def test_every_kind_of_exercise_has_words():
    assert {exercise.kind for exercise in EXERCISES} <= set(KINDS)


@pytest.mark.parametrize(
    ("after", "parts"),
    [
        ("read it, write it, and sell it.", ["read it", "write it", "sell it"]),
        ("read it, or not; write it; and sell it", ["read it, or not", "write it", "sell it"]),
        ("read it, or have it read, and sell it", ["read it, or have it read", "sell it"]),
    ],
)  # fmt: skip
def test_a_promise_is_taken_apart(after, parts):
    assert abilities(after) == parts


def test_the_picture_is_drawn_and_described():
    svg = ET.fromstring(picture())
    listed = chapters()
    words = [each.text for each in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert words == [f"{each.number}. {each.title}" for each in listed]
    arcs = list(svg.iter("{http://www.w3.org/2000/svg}path"))
    assert len(arcs) == sum(len(set(each.needs)) for each in listed)
    for chapter in listed:
        said = f"Chapter {chapter.number} builds on" in svg.attrib["aria-label"]
        assert said == bool(chapter.needs)


def test_the_report_on_the_page_is_one():
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    report = parse(json.loads(block))
    assert report.exercises["5.1"] == Record(3, True, 1, {"missing-two": 2})


def test_the_table_on_the_page_is_what_the_command_prints():
    reports = {
        "Ada": Report("Ada", {
            "5.1": Record(3, True, 1, {"missing-two": 2}), "5.2": Record(1, True),
            "7.1": Record(1, True),
        }),
        "Bo": Report("Bo", {
            "5.1": Record(2, True, 0, {"missing-two": 1}),
            "5.2": Record(1, False, 0, {"only-the-late-use": 1}),
        }),
    }  # fmt: skip
    assert table(reports) in PAGE
    assert ideas(reports) in PAGE


def test_ideas_named_on_the_page_exist():
    known = {(each.id, idea.id) for each in EXERCISES for idea in each.misconceptions}
    assert {("5.1", "missing-two"), ("5.2", "only-the-late-use")} <= known


def test_the_commands_on_the_page_exist():
    named = re.findall(r"\bmake (\S+)", PAGE.replace("`", " "))
    assert {"student", "book", "serve", "test"} <= set(named) <= set(COMMANDS)
    line = next(line for line in PAGE.splitlines() if "nnlib.course.reports" in line)
    assert shlex.split(line)[:4] == ["$", "python", "-m", "nnlib.course.reports"]


def test_the_files_on_the_page_exist():
    for name in re.findall(r"`([\w./]+\.(?:py|md|cff|yml))`", PAGE):
        assert (ROOT / name).is_file(), name
