"""The memory tape: its numbers are the library's, and its goals ask what they say."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

import nnlib
from nnlib.course.explore import explore
from nnlib.course.explore.memory_tape import KEEP, LATCH, LEFT, LONGEST, MemoryTape, tape

WEIGHTS = MemoryTape.controls[0].values
EVERY = [MemoryTape(w, a, n) for w, a, n in product(WEIGHTS, ("none", "tanh"), (1, 7, 20, 40))]


def last_state(w, activation, steps, pulse):
    """Walk the tape one step at a time, from any pulse."""
    h = pulse
    for _ in range(steps):
        h = np.tanh(w * h) if activation == "tanh" else w * h
    return h


@pytest.mark.parametrize("activation", ["none", "tanh"])
@pytest.mark.parametrize("w", [-0.7, 0.9, 1.4])
def test_states_are_the_steps_and_what_is_left_is_a_difference(w, activation):
    states, nudges = tape(w, activation, 6)
    assert np.allclose(states, [last_state(w, activation, t, 1.0) for t in range(7)])
    for t in range(7):
        up, down = (last_state(w, activation, 6 - t, states[t] + h) for h in (1e-5, -1e-5))
        assert np.isclose(nudges[t], (up - down) / 2e-5)


def test_the_states_are_those_of_the_librarys_layer():
    layer = nnlib.RNN(1, 1, rng=0, dtype=np.float64)
    for name, value in (("weight_hh_l0", 1.3), ("bias_hh_l0", 0.0), ("bias_ih_l0", 0.0)):
        getattr(layer, name).data[...] = value
    output, _ = layer(np.zeros((9, 1, 1)), np.ones((1, 1, 1)))
    assert np.allclose(tape(1.3, "tanh", 9)[0][1:], output.data.ravel())


def test_a_nudge_is_kept_in_a_narrow_band_alone():
    met = [w for w in WEIGHTS if KEEP.met(MemoryTape(w))]
    assert met == [-0.9, 0.9, 1.0, 1.1]
    assert not any(KEEP.met(m) for m in EVERY if m.steps < 20)


def test_no_weight_keeps_a_nudge_through_tanh():
    slopes = [MemoryTape(w, "tanh", 20).metrics()["left"] for w in WEIGHTS]
    assert max(slopes) < 0.1
    assert not any(KEEP.met(m) for m in EVERY if m.activation == "tanh")


def test_the_state_stays_where_the_nudge_is_lost():
    met = [m for m in EVERY if LATCH.met(m)]
    assert [m.w for m in met] == [1.1, 1.2, 1.3, 1.4, 1.5]
    assert all(m.activation == "tanh" and m.steps == 40 for m in met)
    assert all(m.metrics()["left"] < 1e-4 for m in met)


@pytest.mark.parametrize("goal", [KEEP, LATCH])
def test_every_message_is_met_and_none_but_the_goal_is_silent(goal):
    said = {goal.feedback(m) for m in EVERY}
    assert said == {message for _, message in goal.why} | {"Goal reached."}


def test_the_bad_start_is_told_what_it_does():
    assert "half of it or more" in KEEP.feedback(MemoryTape())
    assert "most of it" in KEEP.feedback(MemoryTape(0.8))
    assert "Come down" in KEEP.feedback(MemoryTape(1.2))
    assert "adds nothing" in LATCH.feedback(MemoryTape(0.9, "tanh", 40))


def test_bars_stay_in_their_rows():
    for model in EVERY:
        svg = model.svg()
        assert "nan" not in svg
        assert f"M{LEFT:.1f} " in svg
        last = LEFT + 9.3 * model.steps
        assert f"M{last:.1f} " in svg
        assert f"M{last + 9.3:.1f} " not in svg
        heights = [float(bar.split("v")[1].split("M")[0].split('"')[0])
                   for bar in svg.split(" ") if "v" in bar and bar[0].isdigit()]  # fmt: skip
        assert max(map(abs, heights)) <= 50


def test_the_frames_of_a_page_reach_both_goals(monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    for model, goal in ((MemoryTape(), KEEP), (MemoryTape(0.5, "tanh", LONGEST), LATCH)):
        html = explore(model, goal, sweep="w")._repr_mimebundle_()["text/html"]
        assert "Goal reached." in html


def test_words_tell_one_step_from_many():
    assert "1 step turns the pulse" in replace(MemoryTape(), steps=1).describe()
    assert "20 steps turn the pulse" in MemoryTape().describe()
