"""The slope microscope: its numbers are the library's, and its goal asks what it says."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import nnlib
from nnlib.course.explore import explore
from nnlib.course.explore.slope import FLATTENS, HUNDREDTH, RULES, SlopeMicroscope

EVERY = [SlopeMicroscope(f, z) for f, z in product(RULES, SlopeMicroscope.controls[1].values)]
FUNCTIONS = {
    "sigmoid": nnlib.sigmoid,
    "tanh": nnlib.tanh,
    "ReLU": nnlib.relu,
    "leaky ReLU": nnlib.leaky_relu,
    "ELU": nnlib.elu,
    "softplus": nnlib.softplus,
    "SiLU": nnlib.silu,
    "GELU": nnlib.gelu,
    "none": lambda z: nnlib.Tensor(z),
}


@pytest.mark.parametrize("name", list(RULES))
def test_values_are_the_librarys_and_slopes_are_those_of_differences(name):
    f = FUNCTIONS[name]
    for z in (-7.3, -1.1, 0.4, 5.2):
        now = SlopeMicroscope(name, z, layers=3).metrics()
        assert now["value"] == f(np.array(z)).item()
        nudged = (f(np.array(z + 1e-5)).item() - f(np.array(z - 1e-5)).item()) / 2e-5
        assert np.isclose(now["slope"], nudged, atol=1e-9)
        assert now["left"] == now["slope"] ** 3


@pytest.mark.parametrize(("name", "nearest"), [("sigmoid", 4.6), ("tanh", 3.0)])
def test_the_goal_is_the_nearest_place_on_either_side(name, nearest):
    met = [m.z for m in EVERY if m.function == name and HUNDREDTH.met(m)]
    assert met == [-nearest, nearest]
    below = [abs(m.z) for m in EVERY if m.function == name and m.metrics()["slope"] < 0.01]
    assert min(below) == nearest


def test_an_activation_that_does_not_flatten_never_reaches_it():
    assert not any(HUNDREDTH.met(m) for m in EVERY if m.function not in FLATTENS)


def test_the_tempting_places_are_told_which_way_to_go():
    assert "Come back" in HUNDREDTH.feedback(SlopeMicroscope(z=8.0))
    assert "Go further" in HUNDREDTH.feedback(SlopeMicroscope(z=0.0))
    assert "Go further" in HUNDREDTH.feedback(SlopeMicroscope(z=-4.5))
    said = {HUNDREDTH.feedback(m) for m in EVERY}
    assert said == {message for _, message in HUNDREDTH.why} | {"Goal reached."}


def test_the_number_of_layers_does_not_change_the_goal():
    there = SlopeMicroscope(z=4.6)
    assert all(HUNDREDTH.met(replace(there, layers=n)) for n in there.controls[2].values)


def test_the_frames_of_a_page_reach_the_goal(monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    html = explore(SlopeMicroscope(), HUNDREDTH, sweep="z")._repr_mimebundle_()["text/html"]
    assert "Goal reached." in html
    assert "Sigmoid at z = 0 gives 0.5" in html


def test_without_an_activation_everything_gets_through_any_number_of_layers():
    assert SlopeMicroscope("none", z=-3.0, layers=10).metrics()["left"] == 1.0


def test_a_bar_is_drawn_for_every_layer_and_never_longer_than_its_place():
    for model in EVERY[::7]:
        deep = replace(model, layers=10)
        assert deep.svg().count("<rect") == 10
        assert "nan" not in deep.svg()
