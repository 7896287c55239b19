"""Every misconception has a smallest case that shows it; the page of them answers nothing."""

import re
from collections import Counter
from functools import cache

import pytest
from bs4 import BeautifulSoup
from misconceptions import block, heading, ideas, slug
from outline import chapters

from nnlib.course.exercises.bank import EXERCISES
from nnlib.course.exercises.counterexample import counterexample
from nnlib.course.exercises.listing import listing_of, starter_of

QUICK = [each for each in EXERCISES if each.kind not in ("budget", "parsons")]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=[each.id for each in EXERCISES])
each_quick = pytest.mark.parametrize("exercise", QUICK, ids=[each.id for each in QUICK])


@cache
def _page(number):
    exercise = next(each for each in EXERCISES if each.id == number)
    (own,) = [each for each in chapters() if str(each.number) == exercise.id.split(".")[0]]
    return BeautifulSoup(block(exercise, own), "html.parser")


def page(exercise):
    return _page(exercise.id)


def takes_what_cannot_be_written_down(exercise):
    return any(word in ("model", "rng") for word in exercise.names)


@each_quick
def test_the_wrong_and_the_right_differ(exercise):
    for known in exercise.misconceptions:
        found = counterexample(exercise, known)
        if found is None:  # a property may also mind the way, and not the numbers
            nothing_to_show = exercise.properties or not exercise.compare
            assert nothing_to_show or takes_what_cannot_be_written_down(exercise), known.id
        else:
            assert found.wrong
            assert found.wrong != found.right
            assert max(map(len, (found.case, found.wrong, found.right))) <= 400, known.id


def test_the_first_idea_of_the_first_exercise_of_chapter_5():
    exercise = next(each for each in EXERCISES if each.id == "5.1")
    found = counterexample(exercise, exercise.misconceptions[0])
    assert (found.case, found.wrong, found.right) == (
        "f = sum_of_cubes, x = [1., 2.], h = 0.1",
        "[3.31, 12.61]",  # (1.1**3 - 1) / 0.1 and (2.1**3 - 8) / 0.1
        "[3.01, 12.01]",
    )


@each_exercise
def test_the_page_holds_every_idea_with_its_words(exercise):
    text = " ".join(page(exercise).get_text(" ").split())
    for known in ideas(exercise):
        for words in (known.message, known.tempting):
            assert "".join(words.replace("`", "").split()) in "".join(text.split())


@each_exercise
def test_the_page_answers_no_short_question(exercise):
    if exercise.kind != "value":
        pytest.skip("no short questions")
    text = page(exercise).get_text(" ")
    for question in exercise.solution:
        text = text.replace(question, "")
    for answer in exercise.solution.values():
        if isinstance(answer, tuple) or (isinstance(answer, int | float) and abs(answer) >= 10):
            told = re.search(rf"(?<![\w.,]){re.escape(str(answer))}(?![\w]|[.,]\d)", text)
            assert not told, f"{answer}: {text[max(0, told.start() - 80) : told.end() + 40]}"
    assert len(ideas(exercise)) >= len(exercise.misconceptions) / 2


@each_exercise
def test_the_page_shows_no_line_of_a_solution(exercise):
    if exercise.written:
        pytest.skip("the answer is not code")
    text = "".join(page(exercise).get_text().split())
    given = "".join(starter_of(exercise).split())
    for line in listing_of(exercise).splitlines():
        code = "".join(line.split("#")[0].split())
        if (
            len(code) >= 12
            and code not in given
            and not code.startswith(("def", "for", "return(", '"""'))
        ):
            assert code not in text, line


def test_combinations_of_ideas_are_told_by_their_parts():
    exercise = next(each for each in EXERCISES if each.id == "7.4")
    assert any(" + " in known.id for known in exercise.misconceptions)
    assert not any(" + " in known.id for known in ideas(exercise))


def test_every_idea_has_an_address_of_its_own():
    slugs = Counter(slug(each, known) for each in EXERCISES for known in ideas(each))
    assert [name for name, count in slugs.items() if count > 1] == []


@pytest.mark.parametrize(
    ("number", "name", "readable"),
    [
        ("5.1", "forward-difference", "Forward difference"),
        ("5.1", "no-division", "No division"),
        ("5.2", "db-is-one", "db is one"),
        ("5.3", "dW-transposed", "dW transposed"),
        ("7.3", "W2-on-its-side", "W2 on its side"),
        ("7.4", "a scale a batch", "A scale a batch"),
        ("7.4", "X_new unscaled", "X_new unscaled"),
    ],
)
def test_names_become_headings(number, name, readable):
    exercise = next(each for each in EXERCISES if each.id == number)
    known = next(each for each in exercise.misconceptions if each.id == name)
    assert heading(exercise, known) == readable
