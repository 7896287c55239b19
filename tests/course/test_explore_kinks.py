"""Kinks: the network goes through its points, and its errors are those that the chapter tells."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from nnlib import Linear, ReLU, Sequential
from nnlib.course.explore import explore
from nnlib.course.explore.kinks import (
    CURVES,
    ENOUGH,
    FOLLOW_THE_CLIFF,
    PLACES,
    PLACINGS,
    STORY,
    UNITS,
    Kinks,
    error,
    kinks,
    line_of,
    through,
)

EVERY = [Kinks(*fields) for fields in product(CURVES, PLACINGS, UNITS)]


def in_layers(x, y):
    names = ("0.weight", "0.bias", "2.weight", "2.bias")
    first, last = Linear(1, len(x) - 1, dtype=np.float64), Linear(len(x) - 1, 1, dtype=np.float64)
    weights = dict(zip(names, through(x, y), strict=True))
    return Sequential(first, ReLU(), last).load_state_dict(weights)


def test_the_network_goes_through_its_points():
    x, y = np.array([-1.0, 0.5, 1.0, 3.0]), np.array([2.0, -1.0, 0.0, 0.5])
    model = in_layers(x, y)
    assert np.allclose(model(x[:, None]).data[:, 0], y)
    halfway = (x[1:] + x[:-1]) / 2
    assert np.allclose(model(halfway[:, None]).data[:, 0], (y[1:] + y[:-1]) / 2)


@pytest.mark.parametrize(("curve", "placing"), list(product(CURVES, PLACINGS)))
def test_the_line_is_that_of_the_librarys_layers(curve, placing):
    x = kinks(curve, placing, 10)
    model = in_layers(x, CURVES[curve](x))
    assert np.allclose(model(PLACES[:, None]).data[:, 0], line_of(curve, placing, 10))
    assert sum(p.size for p in model.parameters()) == Kinks(units=10).metrics()["parameters"]


@pytest.mark.parametrize(("curve", "placing"), list(product(CURVES, PLACINGS)))
def test_kinks_rise_from_end_to_end(curve, placing):
    for units in UNITS:
        places = kinks(curve, placing, units)
        assert len(places) == units + 1
        assert np.allclose(places[[0, -1]], [-1, 1])
        assert (np.diff(places) > 0).all()


def test_twice_the_units_leave_a_quarter_of_the_error():
    for units in (16, 32, 64, 128):
        ratio = error("wave", "evenly", units) / error("wave", "evenly", 2 * units)
        assert 3.5 < ratio < 4.5


def test_only_kinks_that_stand_where_it_bends_reach_the_goal():
    met = [model for model in EVERY if FOLLOW_THE_CLIFF.met(model)]
    assert met
    assert {(model.curve, model.placing) for model in met} == {("cliff", "where it bends")}
    assert max(model.units for model in met) <= ENOUGH
    assert all(error("cliff", "evenly", units) > 0.01 for units in UNITS if units <= 128)


def test_every_reason_is_given_somewhere():
    said = {FOLLOW_THE_CLIFF.feedback(model) for model in EVERY}
    assert said == {message for _, message in FOLLOW_THE_CLIFF.why} | {"Goal reached."}


def test_one_kink_is_drawn_for_each_unit_and_nothing_leaves_the_picture():
    for model in EVERY[::5]:
        drawn = model.svg()
        assert drawn.count(" 234v8") == model.units
        assert "nan" not in drawn


def test_the_story_begins_badly_and_ends_at_the_goal(monkeypatch):
    states = list(STORY.states.values())
    assert states[0] == Kinks()
    assert [FOLLOW_THE_CLIFF.met(state) for state in states] == [False] * (len(states) - 1) + [True]
    monkeypatch.setenv("NNLIB_STATIC", "1")
    html = explore(Kinks(), FOLLOW_THE_CLIFF, story=STORY)._repr_mimebundle_()["text/html"]
    assert "Goal reached." in html
    assert len(html) < 120_000


def test_one_unit_is_spoken_of_as_one():
    assert Kinks().describe().startswith("1 unit, placed evenly, follows the cliff with 1 straight")
    assert "2 units" in replace(Kinks(), units=2).describe()
