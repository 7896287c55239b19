"""Progress goes into a file, nothing is lost on the way, and a folder of them becomes a table."""

import csv
import json
import subprocess
import sys

import pytest

from nnlib import __version__
from nnlib.course import check, hint, report
from nnlib.course.exercises import learner
from nnlib.course.exercises.progress_file import Record, Report, Unreadable, parse, read, write
from nnlib.course.reports import collect, ideas, main, table


@pytest.fixture(autouse=True)
def kernel(monkeypatch):
    """Start a kernel, and give a way to start the next one."""

    def start():
        monkeypatch.setattr(learner, "_records", {})
        monkeypatch.setattr(learner, "_reported", {})

    start()
    return start


def content(path):
    return json.loads(path.read_text(encoding="utf-8"))


def right(number):
    return learner.find(number).solution


def wrong(number, place=0):
    return learner.find(number).misconceptions[place].wrong


def test_a_report_says_who_when_and_what(tmp_path):
    check("5.1", wrong("5.1"))
    check("5.1", right("5.1"))
    hint("5.2")
    path = report(tmp_path / "mine.json", learner="Ada")
    found = content(path)
    assert (found["format"], found["version"], found["nnlib"]) == ("nnlib progress", 1, __version__)
    assert found["course"] == "Neural Networks, Line by Line"
    assert found["learner"] == "Ada"
    assert len(found["date"]) == 20
    assert found["date"].endswith("Z")
    named = learner.find("5.1").misconceptions[0].id
    assert found["exercises"] == {
        "5.1": {"attempts": 2, "passed": True, "hints": 0, "misconceptions": {named: 1}},
        "5.2": {"attempts": 0, "passed": False, "hints": 1, "misconceptions": {}},
    }
    assert [each.name for each in tmp_path.iterdir()] == ["mine.json"]


def test_several_kernels_report_to_one_file_and_nothing_is_counted_twice(tmp_path, kernel):
    path = tmp_path / "mine.json"
    check("7.1", wrong("7.1"))
    report(path, learner="Ada")
    report(path)
    check("7.1", right("7.1"))
    report(path)
    kernel()
    check("5.1", wrong("5.1"))
    check("7.1", wrong("7.1"))
    hint("7.1")
    report(path)
    report(path)
    found = read(path)
    assert found.learner == "Ada"
    assert list(found.exercises) == ["5.1", "7.1"]  # in the order of the book
    named = learner.find("7.1").misconceptions[0].id
    assert found.exercises["7.1"] == Record(3, True, 1, {named: 2})
    assert found.exercises["5.1"].attempts == 1


def test_a_file_that_is_gone_is_written_whole_again(tmp_path):
    check("5.1", right("5.1"))
    path = report(tmp_path / "mine.json")
    path.unlink()
    assert read(report(path)).exercises["5.1"].attempts == 1


def test_two_files_hear_the_same(tmp_path):
    check("5.1", right("5.1"))
    for name in ("a.json", "b.json"):
        assert read(report(tmp_path / name)).exercises["5.1"] == Record(1, True)


def test_exercises_of_a_book_to_come_are_kept(tmp_path):
    path = tmp_path / "mine.json"
    write(Report("Ada", {"99.1": Record(2, True, 1, {"sign": 1})}), path)
    check("5.1", right("5.1"))
    found = read(report(path))
    assert list(found.exercises) == ["5.1", "99.1"]
    assert found.exercises["99.1"] == Record(2, True, 1, {"sign": 1})


def test_somebody_elses_file_is_left_alone(tmp_path):
    check("5.1", right("5.1"))
    path = report(tmp_path / "mine.json", learner="Ada")
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"holds the progress of 'Ada', and this is 'Bo'"):
        report(path, learner="Bo")
    assert path.read_bytes() == before


GOOD = {"format": "nnlib progress", "version": 1, "learner": None, "date": "", "exercises": {}}
ENTRY = {"attempts": 1, "passed": True, "hints": 0, "misconceptions": {}}
BAD = {
    "empty": (b"", "is not JSON"),
    "cut off": (json.dumps(GOOD).encode()[:-5], "is not JSON"),
    "no text": (b"\xff\xfe\x00", "is not JSON"),
    "a list": ([], "should be an object"),
    "foreign": ({"cells": [], "nbformat": 4}, 'its "format" should be "nnlib progress"'),
    "newer": ({**GOOD, "version": 2}, "it has version 2; this nnlib reads up to 1"),
    "odd version": ({**GOOD, "version": "1"}, 'its "version" should be a number'),
    "a number for a name": ({**GOOD, "learner": 5}, '"learner" should be one line of text'),
    "two lines for a name": ({**GOOD, "learner": "A\nB"}, '"learner" should be one line of text'),
    "no exercises": ({"format": "nnlib progress", "version": 1}, '"exercises" should be an object'),
    "a list of exercises": ({**GOOD, "exercises": [1]}, '"exercises" should be an object'),
    "no entry": ({**GOOD, "exercises": {"5.1": 3}}, "exercise '5.1' should be an object"),
    "negative": (
        {**GOOD, "exercises": {"5.1": {**ENTRY, "attempts": -1}}},
        "attempts and hints should be counts",
    ),
    "a truth for a count": (
        {**GOOD, "exercises": {"5.1": {**ENTRY, "hints": True}}},
        "attempts and hints should be counts",
    ),
    "passed in words": (
        {**GOOD, "exercises": {"5.1": {**ENTRY, "passed": "yes"}}},
        '"passed" should be true or false',
    ),
    "a list of misconceptions": (
        {**GOOD, "exercises": {"5.1": {**ENTRY, "misconceptions": ["sign"]}}},
        "misconceptions should be names with counts",
    ),
}


@pytest.mark.parametrize(("bad", "message"), BAD.values(), ids=BAD)
def test_what_is_no_report_is_named_and_left_alone(bad, message, tmp_path):
    raw = bad if isinstance(bad, bytes) else json.dumps(bad).encode()
    path = tmp_path / "mine.json"
    path.write_bytes(raw)
    with pytest.raises(Unreadable) as caught:
        read(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith("mine.json is no")
    check("5.1", right("5.1"))
    with pytest.raises(ValueError, match="It was left as it is: choose another name"):
        report(path)
    assert path.read_bytes() == raw
    assert [each.name for each in tmp_path.iterdir()] == ["mine.json"]


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({**GOOD, "date": "x" * 1_000_001}), encoding="utf-8")
    with pytest.raises(Unreadable, match="too large"):
        read(path)


@pytest.mark.parametrize("name", ["two\nlines", "x" * 201])
def test_a_name_that_could_not_be_read_again_is_refused(name, tmp_path):
    with pytest.raises(ValueError, match="a learner is one line"):
        report(tmp_path / "mine.json", learner=name)


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    check("5.1", right("5.1"))
    path = report(tmp_path / "mine.json")
    before = path.read_bytes()
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        report(path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["mine.json"]


def test_a_report_comes_back_as_it_was(tmp_path):
    there = Report("Åsa 李", {"5.1": Record(3, True, 2, {"sign": 1}), "7.4": Record()})
    write(there, tmp_path / "a.json")
    back = read(tmp_path / "a.json")
    assert (back.learner, back.exercises) == (there.learner, there.exercises)
    assert "Åsa 李" in (tmp_path / "a.json").read_text(encoding="utf-8")


def test_what_is_left_out_has_its_plain_value():
    found = parse({**GOOD, "exercises": {"5.1": {}}})
    assert found.exercises == {"5.1": Record()}


# --- A class --------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "class"
    (place / "late").mkdir(parents=True)
    first, second = Record(2, True, 0, {"sign": 2}), Record(1, False, 0, {"a": 1})
    write(Report("Bo", {"5.2": second, "5.1": first}), place / "1.json")
    write(Report("Ada", {"5.1": Record(1, True)}), place / "2.json")
    write(Report("Ada", {"10.1": Record(4, False, 3, {"sign": 1})}), place / "late" / "2.json")
    nameless = {"5.1": Record(1, False, 0, {"sign": 1}), "7.1": Record()}
    write(Report(None, nameless), place / "c.json")
    (place / "notes.json").write_text("[]", encoding="utf-8")
    (place / "read me.txt").write_text("not a report", encoding="utf-8")
    return place


def test_a_folder_is_read_and_files_of_one_learner_are_added(folder):
    reports, complaints = collect(folder)
    assert list(reports) == ["Ada", "Bo", "c"]
    assert list(reports["Ada"].exercises) == ["5.1", "10.1"]
    assert complaints == ["notes.json is no report of progress: it should be an object in braces"]


def test_the_table_has_a_row_for_each_learner(folder):
    assert table(collect(folder)[0]).splitlines() == [
        "learner    5  7   10  all",
        "Ada      1/1  -  0/1  1/2",
        "Bo       1/2  -    -  1/2",
        "c        0/1  -    -  0/1",
    ]


def test_ideas_are_counted_by_learners(folder):
    assert ideas(collect(folder)[0]).splitlines() == [
        "   2  5.1  sign",
        "   1  5.2  a",
        "   1  10.1  sign",
    ]


def test_of_many_ideas_the_first_are_listed():
    named = {f"idea {i:02}": 1 for i in range(20)}
    lines = ideas({"Ada": Report("Ada", {"5.1": Record(1, False, 0, named)})}).splitlines()
    assert len(lines) == 13
    assert lines[-1] == "      and 8 more: --csv has all"


def test_a_spreadsheet_gets_every_number_and_no_formula(folder, tmp_path, capsys):
    write(Report("=1+1", {"5.1": Record(1, True)}), folder / "z.json")
    assert main([str(folder), "--csv", str(tmp_path / "out.csv")]) == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["learner"], row["exercise"]) for row in rows] == [
        ("'=1+1", "5.1"), ("Ada", "5.1"), ("Ada", "10.1"), ("Bo", "5.1"), ("Bo", "5.2"),
        ("c", "5.1"), ("c", "7.1"),
    ]  # fmt: skip
    assert rows[3]["misconceptions"] == "sign (2)"
    assert rows[3]["passed"] == "1"
    said = capsys.readouterr()
    assert "left out: notes.json" in said.err
    assert "Ideas by the number of learners who met them:" in said.out


@pytest.mark.parametrize("made", [True, False], ids=["empty", "missing"])
def test_a_folder_without_reports(made, tmp_path, capsys):
    place = tmp_path / "class"
    if made:
        place.mkdir()
        assert main([str(place)]) == 1
    else:
        with pytest.raises(SystemExit):
            main([str(place)])
    assert str(place) in capsys.readouterr().err


def test_the_command_of_the_teachers_page_runs(folder):
    command = [sys.executable, "-m", "nnlib.course.reports", str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("learner")
