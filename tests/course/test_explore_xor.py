"""XOR by hand: what three biases reach, that one line never does, and the library's numbers."""

from dataclasses import replace
from itertools import groupby, product

import numpy as np
import pytest

import nnlib
from nnlib.course.explore import explore
from nnlib.course.explore.xor import CORNERS, FOUR_RIGHT, HIDDEN, OUT, TARGETS, Xor, by_hand

SOLVED = Xor(b1=-0.5, b2=1.5, c=-1.5)
BIASES = Xor.controls[0].values


def test_the_solved_network_has_all_four_right():
    assert SOLVED.metrics() == {"right": 4.0}
    assert FOUR_RIGHT.met(SOLVED)
    assert SOLVED.tables() == ((0, 1, 1, 1), (1, 1, 1, 0), (0, 1, 1, 0))


@pytest.mark.parametrize("state", [SOLVED, Xor(), Xor(-1.5, 0.5, -0.5)], ids=repr)
def test_numbers_are_those_of_the_librarys_layers(state):
    h = nnlib.linear(CORNERS, HIDDEN, np.array([state.b1, state.b2])).data > 0
    out = nnlib.linear(h.astype(float), OUT[None], np.array([state.c])).data[:, 0] > 0
    np.testing.assert_array_equal(state.hidden(CORNERS), h)
    np.testing.assert_array_equal(state.output(CORNERS), out)
    assert state.metrics()["right"] == np.sum(out == TARGETS)


def test_a_page_tells_the_story(monkeypatch):
    """Two right with no line, three with one, four with two, and less when it is pushed on."""
    monkeypatch.setenv("NNLIB_STATIC", "1")
    right = [state.metrics()["right"] for state in by_hand().states.values()]
    assert [key for key, _ in groupby(right)] == [2.0, 3.0, 4.0, 2.0]
    html = explore(Xor(), FOUR_RIGHT, story=by_hand())._repr_mimebundle_()["text/html"]
    assert html.count("Goal reached.") == right.count(4.0)


def test_all_four_take_two_lines():
    """Where a hidden unit says the same in every corner, there is one line: at most three."""
    for biases in product(BIASES, BIASES, BIASES):
        state = Xor(*biases)
        if any(len(set(table)) == 1 for table in state.tables()[:2]):
            assert state.metrics()["right"] <= 3
            assert "hidden unit says the same" in FOUR_RIGHT.feedback(state)


def test_feedback_speaks_to_what_is_off():
    assert "Now the output" in FOUR_RIGHT.feedback(replace(SOLVED, c=-0.5))
    assert "left for unit 2" in FOUR_RIGHT.feedback(replace(SOLVED, b2=0.5))
    assert "left for unit 1" in FOUR_RIGHT.feedback(replace(SOLVED, b1=-1.5))
    assert "Let each" in FOUR_RIGHT.feedback(Xor(-1.5, 0.5, -0.5))


def test_a_cross_marks_what_is_wrong_and_only_there():
    assert "✗" not in SOLVED.svg()
    assert Xor().svg().count("✗") == 2
    assert replace(SOLVED, b2=2.25).svg().count("✗") == 1
