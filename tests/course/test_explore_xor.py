"""XOR by hand: what three biases reach, that one line never does, and the library's numbers."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import groupby, product

import numpy as np
import pytest

import nnlib
from nnlib.course.explore import explore
from nnlib.course.explore.xor import CORNERS, FOUR_RIGHT, HIDDEN, OUT, SIDE, TARGETS, Xor, by_hand

SOLVED = Xor(b1=-0.5, b2=1.5, c=-1.5)
SVG = "{http://www.w3.org/2000/svg}"
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


def test_a_sum_of_zero_is_a_no():
    """Unit 1 has the sum zero where one input is 1, the output where one hidden unit says yes."""
    assert Xor(b1=-1.0).tables()[0] == (0, 0, 0, 1)
    assert Xor(b1=-0.5, b2=1.5, c=-1.0).tables()[2] == (0, 1, 1, 0)


def test_lines_are_drawn_where_the_sums_are_zero():
    fields = ET.fromstring(SOLVED.svg()).findall(f"{SVG}svg")
    for unit, bias in enumerate((SOLVED.b1, SOLVED.b2)):
        path = fields[unit].find(f"{SVG}path").get("d")
        ends = np.array([pair.split() for pair in path[1:].split("L")], float) / SIDE * 2
        places = np.stack([ends[:, 0] - 0.5, 1.5 - ends[:, 1]], axis=1)
        assert np.abs(places @ HIDDEN[unit] + bias).max() < 0.05
