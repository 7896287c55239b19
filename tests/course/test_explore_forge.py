"""The kernel forge and the windows: numbers against plain loops, goals on the sliders."""

from itertools import product

import numpy as np
import pytest

from nnlib import conv2d
from nnlib.course.explore.forge import PLACE, SQUARE, UPRIGHT_ONLY, Forge
from nnlib.course.explore.forge import story as kernels
from nnlib.course.explore.windows import HALVE, SIZE, Windows
from nnlib.course.explore.windows import story as settings


def every(model):
    return [model(*values) for values in product(*(c.values for c in model.controls))]


# --- The forge ------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [Forge(), Forge(1, 0, 0), Forge(-2, 1, 1)])
def test_an_answer_is_the_sum_of_nine_products(state):
    for i, j in np.ndindex(6, 6):
        products = [
            state.kernel[k, m] * SQUARE[i + k, j + m] for k, m in product(range(3), repeat=2)
        ]
        assert np.isclose(state.answers[i, j], sum(products))
    assert f"The framed answer, {state.answers[PLACE]:g}".replace("-", "−") in state.describe()


def test_the_goal_takes_weights_that_change_across_and_only_across():
    reached = {(s.across, s.down, s.level) for s in every(Forge) if UPRIGHT_ONLY.met(s)}
    assert reached == {(across, 0, 0) for across in (-2, -1, 1, 2)}
    assert not any(UPRIGHT_ONLY.met(Forge(0, down, level)) for down in (-2, 2) for level in (0, 1))


def test_every_reason_of_the_forge_is_given_somewhere_and_the_story_reaches_its_goal():
    said = {UPRIGHT_ONLY.feedback(state) for state in every(Forge)}
    assert said == {message for _, message in UPRIGHT_ONLY.why} | {"Goal reached."}
    told = [UPRIGHT_ONLY.feedback(state) for state in kernels().states.values()]
    assert told[0] != "Goal reached." != told[-1]
    assert "Goal reached." in told


def test_weights_turned_round_answer_with_the_other_sign():
    assert np.array_equal(Forge(-1, 0, 0).answers, -Forge(1, 0, 0).answers)


# --- The windows ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", every(Windows), ids=str)
def test_windows_are_those_of_the_library(state):
    kernel, stride, padding = map(int, (state.kernel, state.stride, state.padding))
    row = np.arange(1.0, SIZE + 1)
    weight = np.ones((1, 1, 1, kernel))
    sums = conv2d(row[None, None, None], weight, stride=(1, stride), padding=(0, padding)).data
    inside = [[row[p] for p in window if 0 <= p < SIZE] for window in state.windows]
    assert sums.ravel().tolist() == [sum(each) for each in inside]
    assert set(state.unread) == set(range(SIZE)) - {p for each in state.windows for p in each}


def test_the_row_is_halved_with_padding_and_not_without():
    reached = {(s.kernel, s.stride, s.padding) for s in every(Windows) if HALVE.met(s)}
    assert reached == {(3, 2, 1), (3, 3, 2)}


def test_every_reason_of_the_windows_is_given_somewhere_and_the_story_reaches_its_goal():
    said = {HALVE.feedback(state) for state in every(Windows)}
    assert said == {message for _, message in HALVE.why} | {"Goal reached."}
    assert "Goal reached." in [HALVE.feedback(state) for state in settings().states.values()]


def test_what_is_not_read_is_named_and_marked():
    state = Windows(kernel=1, stride=3)
    assert "Never read: 2, 3, 5, 6 and 8." in state.describe()
    assert state.svg().count('fill="#D55E00"') == 5
    assert "Never read: none." in Windows().describe()
