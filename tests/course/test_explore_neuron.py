"""The line by hand: what the sliders reach and do not, and that its numbers are the library's."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import nnlib
from nnlib.course.explore import explore
from nnlib.course.explore.neuron import MIDDLE, REACH, SIDE, TWO_WRONG, Neuron, by_hand, visitors
from nnlib.course.pictures.field import border

GOOD = Neuron(w1=0.75, w2=1.0, b=-6.0)
GRID = [control.values for control in Neuron.controls]


def wrong(w1, w2, b):
    X, bought = visitors()
    return np.sum((X @ np.array([w1, w2]) + b > 0) != (bought == 1))


def test_numbers_are_those_of_the_librarys_layer():
    X, bought = visitors()
    z = nnlib.linear(X, np.array([[0.75, 1.0]]), np.array([-6.0])).data[:, 0]
    np.testing.assert_array_equal(GOOD.z(X), z)
    assert GOOD.metrics()["wrong"] == np.sum((z > 0) != (bought == 1))


def test_every_sum_is_exact_so_nobody_changes_sides_by_rounding():
    X, _ = visitors()
    values = np.concatenate([X.ravel(), *map(np.array, GRID)])
    np.testing.assert_array_equal(values * 8, np.round(values * 8))


def test_no_two_visitors_stand_in_one_place():
    X, bought = visitors()
    assert X.shape == (40, 2)
    assert len(np.unique(X, axis=0)) == 40
    assert 15 <= bought.sum() <= 25


def test_a_line_for_all_forty_lies_between_the_sliders_values():
    assert wrong(10.5, 10.0, -83.0) == 0


def test_no_setting_gets_all_forty_and_some_reach_the_goal():
    X, bought = visitors()
    w1, w2, b = np.meshgrid(*GRID, indexing="ij")
    z = w1[..., None] * X[:, 0] + w2[..., None] * X[:, 1] + b[..., None]
    errors = ((z > 0) != (bought == 1)).sum(axis=-1)
    assert errors.min() == 1
    assert np.sum(errors <= 2) >= 20


@pytest.mark.parametrize(
    ("start", "frames"),
    [
        (Neuron(0.75, 1.0, -11.0), {"sweep": "b"}),  # the landing page
        (Neuron(), {"story": by_hand()}),  # the top of chapter 1
        (Neuron(0.75, -1.0, -6.0), {"sweep": "w2"}),  # its section on the direction
    ],
)
def test_the_one_slider_of_a_page_reaches_the_goal(start, frames, monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    assert not TWO_WRONG.met(start)
    html = explore(start, TWO_WRONG, **frames)._repr_mimebundle_()["text/html"]
    assert "Goal reached." in html


def test_a_move_of_the_story_is_one_notch_of_one_slider():
    places = [
        [grid.index(value) for grid, value in zip(GRID, (m.w1, m.w2, m.b), strict=True)]
        for m in by_hand().states.values()
    ]
    steps = np.abs(np.diff(places, axis=0)).sum(axis=1)
    assert steps.tolist() == [1] * (len(places) - 1)
    assert not any(map(TWO_WRONG.met, list(by_hand().states.values())[:-1]))


def test_without_a_bias_no_weights_reach_the_goal():
    best = min(wrong(w1, w2, 0.0) for w1, w2 in product(GRID[0], GRID[1]))
    assert best > 10


def test_the_bias_alone_never_tells_visitors_apart():
    flat = [replace(Neuron(), b=b) for b in GRID[2]]
    assert not any(TWO_WRONG.met(state) for state in flat)
    assert all("says the same of everybody" in TWO_WRONG.feedback(state) for state in flat)


def test_feedback_speaks_to_what_is_off():
    assert "pushes it sideways" in TWO_WRONG.feedback(replace(GOOD, b=-11.0))
    assert "turn the line round" in TWO_WRONG.feedback(Neuron(-0.75, -1.0, 6.0))
    assert "One turn is missing" in TWO_WRONG.feedback(replace(GOOD, w2=0.25))


def test_doubling_all_three_moves_nobody():
    X, _ = visitors()
    double = Neuron(1.5, 2.0, -12.0)
    np.testing.assert_array_equal(double.z(X), 2 * GOOD.z(X))
    assert double.metrics() == GOOD.metrics()
    assert double.svg() != GOOD.svg()


def test_words_say_when_there_is_no_line_to_be_seen():
    assert "yes to everybody" in replace(GOOD, b=12.0).describe()
    assert "no to everybody" in replace(GOOD, w1=-0.25, w2=-0.25, b=-2.0).describe()
    assert "everybody" not in GOOD.describe()


SVG = "{http://www.w3.org/2000/svg}"


def drawn(model):
    """The places of the dots, of the line's ends and of the arrow, in the inputs' units."""
    inner = ET.fromstring(model.svg()).find(f"{SVG}svg")
    paths = [path.get("d") for path in inner.findall(f"{SVG}path")]
    line, arrow = (path.replace("L", "M").split("M")[1:] for path in paths[:2])
    dots = sorted({dot.split("h")[0] for path in paths[2:] for dot in path.split("M")[1:]})

    def places(pairs):
        across, down = np.array([pair.split() for pair in pairs], float).T / SIDE * 2 * REACH
        return np.stack([across - REACH + MIDDLE, REACH - down + MIDDLE], axis=1)

    return places(dots), places(line), places(arrow)


def test_the_drawing_shows_what_is_computed():
    """The line where the sum is zero, the arrow from it to the side of yes, every visitor."""
    dots, line, arrow = drawn(GOOD)
    pixel = 2 * REACH / SIDE
    steepness = np.hypot(GOOD.w1, GOOD.w2)  # how much the sum grows with a step of length one
    assert np.abs(GOOD.z(line)).max() < 2 * pixel * steepness
    start, tip = GOOD.z(arrow[:2])
    assert abs(start) < pixel * steepness
    assert abs(tip - 26 * steepness * pixel * steepness) < pixel * steepness
    X, _ = visitors()
    nearest = np.abs(dots[:, None] - X).max(axis=2)
    assert len(dots) == len(X)
    assert nearest.min(axis=0).max() < pixel


def test_without_weights_there_is_no_line():
    assert border((0.0, 0.0), 1.0, REACH, SIDE) == ""
