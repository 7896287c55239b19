"""The initialisation X-ray: its numbers against nnlib's initialisers and against the formula."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import nnlib
from nnlib.course.explore.xray import KEEP_THE_SIZE, LAYERS, STDS, WIDTH, Xray, size

HE, GLOROT = (2 / WIDTH) ** 0.5, (1 / WIDTH) ** 0.5


def last(std, activation="ReLU", depth=10):
    return Xray(std, activation, depth).metrics()["rms"]


@pytest.mark.parametrize("std", STDS)
def test_every_layer_multiplies_by_what_the_formula_says(std):
    for activation, factor in (("none", std / GLOROT), ("ReLU", std / HE)):
        each = (last(std, activation, LAYERS) / last(std, activation, 1)) ** (1 / (LAYERS - 1))
        assert np.isclose(each, factor, rtol=0.05)


@pytest.mark.parametrize("activation", ["ReLU", "tanh"])
def test_the_layers_are_those_of_nnlib(activation):
    std, rng = 0.125, np.random.default_rng(0)
    X = np.random.default_rng(1).normal(size=(100, WIDTH))
    model = nnlib.Sequential(
        *(
            part
            for _ in range(3)
            for part in (
                nnlib.Linear(
                    WIDTH,
                    WIDTH,
                    rng=rng,
                    init=lambda shape, rng: std * rng.normal(size=shape),
                    dtype=np.float64,
                ),
                getattr(nnlib, "ReLU" if activation == "ReLU" else "Tanh")(),
            )
        )
    )
    A = model(X).data
    measured = Xray(std, activation, 3).layers()[-1]
    assert np.isclose(measured.rms, np.sqrt(np.mean(A**2)))
    assert np.isclose(measured.flat, np.mean(A == 0 if activation == "ReLU" else abs(A) > 0.99))


def test_the_targets_of_the_two_rules():
    assert HE == 0.125
    assert 0.5 < last(0.125) < 2
    assert last(0.088) < 0.05
    assert 50 < last(0.2) < 200
    assert last(0.01) < 1e-10


def test_the_goal_is_reached_around_hes_rule_and_nowhere_else():
    reached = {std for std in STDS if KEEP_THE_SIZE.met(Xray(std))}
    assert 0.125 in reached
    assert reached <= {0.12, 0.125, 0.13}
    for state in (Xray(0.088), Xray(0.1), Xray(0.14), Xray(0.16)):
        assert not KEEP_THE_SIZE.met(state)


def test_the_goal_cannot_be_had_by_fewer_layers_or_another_activation():
    for std, activation, depth in product(STDS, ("none", "ReLU", "tanh"), (1, 3, 9, 10, 20)):
        if activation != "ReLU" or depth < 10:
            assert not KEEP_THE_SIZE.met(Xray(std, activation, depth))


def test_a_tanh_that_keeps_the_size_is_flat():
    state = Xray(1.0, "tanh")
    assert 0.9 < state.metrics()["rms"] < 1
    assert state.layers()[-1].flat > 0.75
    assert "where tanh is flat" in state.describe()
    assert "never lets a number grow" in KEEP_THE_SIZE.feedback(state)


def test_every_reason_is_given_somewhere():
    states = [Xray(s, a, d) for s in STDS for a in ("none", "ReLU", "tanh") for d in (5, 10)]
    said = {KEEP_THE_SIZE.feedback(state) for state in states}
    assert {message for _, message in KEEP_THE_SIZE.why} | {"Goal reached."} == said


def test_bars_are_green_inside_the_band_and_marked_beyond_the_edge():
    inside, outside = replace(Xray(), std=0.125).svg(), Xray().svg()
    assert inside.count('fill="#009E73"') == 10 + 1  # the bars, and the band itself
    assert "⋯" not in inside
    assert "⋯" in outside


@pytest.mark.parametrize(
    ("value", "written"),
    [(1.0, "1"), (0.0123, "0.012"), (6394.0, "6,400"), (1.3e9, "1 · 10⁹"), (2e-11, "2 · 10⁻¹¹")],
)
def test_sizes_are_written_as_people_write_them(value, written):
    assert size(value) == written
