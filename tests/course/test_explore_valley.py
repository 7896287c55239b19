"""The valley and the race: their numbers are nnlib's, their goals can be reached, and how."""

from dataclasses import replace
from itertools import product
from math import inf

import numpy as np
import pytest

from nnlib.course.explore.downhill import CURVATURES, START, arrival, losses, walk
from nnlib.course.explore.race import RUNNERS, Race
from nnlib.course.explore.valley import LARGEST, THOUSANDTH, Valley
from nnlib.optim import SGD, Adam

RATES, MOMENTA, STEPS = (control.values for control in Valley.controls)
EVERY = [Valley(*values) for values in product(RATES, MOMENTA, STEPS[::10])]


def plain(rate, steps=100):
    return walk(lambda params: SGD(params, lr=rate), steps)


# --- Walks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.02, 0.05, 0.095, 0.1, 0.11])
def test_each_step_of_plain_descent_multiplies_each_direction(rate):
    powers = (1 - rate * CURVATURES) ** np.arange(11)[:, None]
    assert np.allclose(plain(rate, 10), START * powers)


def test_a_walk_with_momentum_is_the_two_lines_of_the_book():
    theta, v, expected = START.copy(), np.zeros(2), [START]
    for _ in range(12):
        v = 0.7 * v + CURVATURES * theta
        theta = theta - 0.06 * v
        expected.append(theta)
    assert np.allclose(Valley(0.06, 0.7, 12).path, expected)


def test_a_walk_that_flies_apart_is_quiet_and_never_arrives():
    path = plain(10.0, 300)
    assert not np.isfinite(path[-1]).all()
    assert arrival(path) == inf


def test_arrival_is_for_good():
    """A walk that dips below the target and comes back has not arrived there."""
    swings = walk(lambda params: Adam(params, lr=1.0), 100)
    first = int(np.flatnonzero(losses(swings) <= 1 / 1000)[0])
    assert first < arrival(swings) < inf
    assert np.all(losses(swings)[int(arrival(swings)) :] <= 1 / 1000)


def test_the_loss_is_half_the_curvatures_times_the_squares():
    path = np.array([[2.0, 1.0], [1.0, 0.5]])
    assert np.allclose(losses(path), [1.0, 0.25])


# --- The largest learning rate --------------------------------------------------------------------


def test_the_largest_rate_that_holds_is_two_by_the_largest_curvature():
    held = [rate for rate in RATES if LARGEST.met(Valley(rate, 0.0, 20))]
    assert held == [0.1]
    assert np.isclose(held[0], 2 / CURVATURES.max())
    assert losses(plain(0.101))[-1] > 1 > losses(plain(0.099))[-1]


def test_the_flat_direction_would_have_allowed_more():
    rate = 1.9 / CURVATURES.min()
    assert abs(plain(rate)[-1, 0]) < abs(START[0])
    assert abs(plain(rate)[-1, 1]) > 1e9


def test_momentum_and_a_short_walk_do_not_count():
    assert not LARGEST.met(Valley(0.1, 0.0, 10))
    assert not any(LARGEST.met(replace(m, rate=0.095)) for m in EVERY)
    reached = {m.rate for m in EVERY if LARGEST.met(m) and m.momentum == 0}
    assert reached == {0.1}


def test_the_words_give_what_a_step_multiplies_by():
    words = Valley(0.06, 0.0, 1).describe()
    along, across = Valley(0.06, 0.0, 1).path[1] / START
    assert f"along the valley by {along:.2f}" in words
    assert f"across it by {across:.1f}".replace("-", "−") in words
    assert "multiplies" not in Valley(0.06, 0.5, 1).describe()


# --- A thousandth ---------------------------------------------------------------------------------


def test_no_rate_reaches_a_thousandth_in_time_without_momentum():
    assert min(arrival(plain(rate)) for rate in np.linspace(0.001, 0.125, 249)) > 30
    assert not any(THOUSANDTH.met(Valley(rate, 0.0, step)) for rate in RATES for step in STEPS)


def test_momentum_reaches_it_on_the_sliders():
    assert THOUSANDTH.met(Valley(0.12, 0.5, 20))
    assert Valley(0.12, 0.5, 20).metrics()["needed"] == 10
    reached = [m for m in EVERY if m.step == 20 and THOUSANDTH.met(m)]
    assert len(reached) > 50


def test_much_momentum_does_not():
    """The tempting setting: as much as there is."""
    for rate, momentum in product(RATES, (0.75, 0.8, 0.85, 0.9, 0.95)):
        assert not THOUSANDTH.met(Valley(rate, momentum, 40))


def test_what_was_not_walked_is_not_known():
    assert Valley(0.12, 0.5, 9).metrics()["needed"] == inf
    assert Valley(0.12, 0.5, 10).metrics()["needed"] == 10


@pytest.mark.parametrize("goal", [LARGEST, THOUSANDTH], ids=["largest", "thousandth"])
def test_every_reason_is_given_somewhere(goal):
    said = {goal.feedback(state) for state in EVERY}
    assert said == {message for _, message in goal.why} | {"Goal reached."}


def test_no_reason_asks_for_a_smaller_step_where_the_loss_falls_too_slowly():
    assert "Go larger" in LARGEST.feedback(Valley(0.02))
    assert "too far" in LARGEST.feedback(Valley(0.11))
    assert "too small for the flat one" in THOUSANDTH.feedback(Valley(0.09))
    assert "too large for the steep" in THOUSANDTH.feedback(Valley(0.12))


# --- The race -------------------------------------------------------------------------------------


def test_the_rates_of_plain_descent_and_momentum_are_the_best_on_the_sliders():
    needed = {(r, m): arrival(Valley(r, m).way) for r in RATES for m in MOMENTA}
    best_plain = min(steps for (_, m), steps in needed.items() if m == 0)
    assert Race(step=60).metrics()["plain"] == best_plain == 33
    assert Race(step=60).metrics()["momentum"] == min(needed.values()) == 10


def test_rmsprop_is_below_the_target_early_and_never_stays():
    path = walk(RUNNERS["RMSprop"][0], 300)
    assert np.any(losses(path)[:15] < 1 / 1000)
    assert np.all(losses(path)[-100:] > 1 / 1000)


@pytest.mark.parametrize("name", list(RUNNERS))
@pytest.mark.parametrize("scale", [0.1, 10.0])
def test_only_adam_and_rmsprop_do_not_feel_the_height_of_the_loss(name, scale):
    usual, scaled = (walk(RUNNERS[name][0], 20, s) for s in (1.0, scale))
    assert np.allclose(usual, scaled, atol=1e-5) is (name in ("RMSprop", "Adam"))


def test_ten_times_the_loss_throws_plain_descent_and_momentum_out():
    words = Race(60, 10.0).describe()
    assert "plain over 100, momentum over 100" in words
    assert Race(60, 10.0).metrics()["Adam"] == Race(60).metrics()["Adam"]


def test_the_race_knows_only_what_was_run():
    assert Race(step=9).metrics() == dict.fromkeys(RUNNERS, inf)
    assert Race(step=10).metrics()["momentum"] == 10
