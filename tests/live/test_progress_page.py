"""The page of progress: what was passed, and the file that notebooks read and write too."""

import json

import pytest

from nnlib.course.exercises import progress_file
from nnlib.course.exercises.bank import EXERCISES
from nnlib.course.exercises.progress_file import Record, Report

STORED = {"1.1": {"attempts": 3, "passed": True, "hints": 1, "misconceptions": {"no-bias": 2}}}


@pytest.fixture
def progress(live):
    live.open("progress")
    live.page.evaluate("(all) => localStorage.setItem('nn-progress', all)", json.dumps(STORED))
    return live.open("progress")


def row(live, number):
    return live.page.locator(f"[data-exercise='{number}']")


def hand_over(live, path):
    live.page.locator("input[type=file]").set_input_files(path)


def test_every_exercise_is_listed_and_those_passed_are_marked(progress):
    assert progress.page.locator("[data-exercise]").count() == len(EXERCISES)
    assert "✓ passed, 3 attempts, 1 hint" in row(progress, "1.1").inner_text()
    assert "passed" not in row(progress, "1.2").inner_text()
    said = progress.page.get_by_text(f"You have passed 1 of {len(EXERCISES)} exercises.")
    said.wait_for()
    row(progress, "1.1").get_by_role("link").click()
    progress.page.wait_for_url("**/01-neurons.html#exercise-1-1")
    progress.page.locator("#exercise-1-1 .nn-passed").wait_for()
    assert progress.complaints == []


def test_the_file_is_one_that_notebooks_read(progress, tmp_path):
    progress.page.get_by_label("Your name").fill("Ada")
    with progress.page.expect_download() as caught:
        progress.press("Save as a file")
    assert caught.value.suggested_filename == "progress.json"
    caught.value.save_as(tmp_path / "progress.json")
    report = progress_file.read(tmp_path / "progress.json")
    assert (report.learner, report.exercises) == ("Ada", {"1.1": Record(**STORED["1.1"])})
    assert report.date.endswith("Z")


def test_a_file_from_a_notebook_is_added_once_however_often_it_is_read(progress, tmp_path):
    path = tmp_path / "progress.json"
    records = {"1.1": Record(1, False, 3, {"no-bias": 1}), "5.1": Record(2, True, 0, {})}
    progress_file.write(Report("Grace", records), path)
    for _ in range(2):
        hand_over(progress, path)
        progress.status("progress.json was read: 2 exercises in it.")
        assert "✓ passed, 3 attempts, 3 hints" in row(progress, "1.1").inner_text()
        assert "✓ passed, 2 attempts" in row(progress, "5.1").inner_text()
        progress.page.reload()  # it was kept, not only shown
    assert "✓ passed, 2 attempts" in row(progress, "5.1").inner_text()
    assert progress.page.get_by_label("Your name").input_value() == "Grace"


WHOLE = {"format": "nnlib progress", "version": 1, "learner": None, "exercises": {}}


@pytest.mark.parametrize(
    "content",
    [
        "not JSON",
        "[]",
        json.dumps(WHOLE | {"format": "other"}),
        json.dumps(WHOLE | {"version": 2}),
        json.dumps(WHOLE | {"learner": "two\nlines"}),
        json.dumps(WHOLE | {"exercises": {"5.1": {"passed": "yes"}}}),
        json.dumps(WHOLE | {"exercises": {"5.1": {"attempts": -1}}}),
        json.dumps(WHOLE | {"exercises": {"5.1": {"misconceptions": {"a": 0.5}}}}),
    ],
)
def test_what_notebooks_refuse_the_page_refuses_and_keeps_what_it_had(progress, tmp_path, content):
    path = tmp_path / "other.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(progress_file.Unreadable):
        progress_file.read(path)
    hand_over(progress, path)
    progress.status("other.json is no report of progress")
    assert json.loads(progress.page.evaluate("localStorage['nn-progress']")) == STORED


def test_all_can_be_forgotten_but_not_by_accident(progress):
    progress.page.once("dialog", lambda dialog: dialog.dismiss())
    progress.press("Forget all")
    assert "✓ passed" in row(progress, "1.1").inner_text()
    progress.page.once("dialog", lambda dialog: dialog.accept())
    progress.press("Forget all")
    progress.status("All progress was forgotten.")
    assert "✓ passed" not in row(progress, "1.1").inner_text()


def test_without_javascript_the_exercises_are_listed_and_it_is_said_what_is_missing(visit):
    live = visit(java_script_enabled=False)
    live.page.goto(f"{live.host.address}/chapters/progress.html")
    assert live.page.locator(".nn-progress noscript p").is_visible()
    assert live.page.locator("[data-exercise]").count() == len(EXERCISES)
