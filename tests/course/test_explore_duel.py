"""The two-player step: its numbers are nnlib's, and its goal is reached by the brake alone."""

from itertools import product
from math import isfinite

import numpy as np
import pytest

from nnlib import SGD, Linear
from nnlib.adversarial import adversarial_step, discriminator_loss, generator_loss
from nnlib.course.explore.duel import AT_REST, CLOSE, STORY, Duel, losses, walked

RATES, PENALTIES, STEPS = (control.values for control in Duel.controls)
EVERY = [Duel(*values) for values in product(RATES, PENALTIES, STEPS)]


@pytest.mark.parametrize("rate", [0.03, 0.3])
def test_without_penalty_each_turn_is_the_librarys_step(rate):
    def one_number(start):
        return Linear(
            1, 1, bias=False, init=lambda shape, rng: np.full(shape, start), dtype=np.float64
        )

    gen, dis = one_number(1.0), one_number(0.0)
    optimizers = SGD(gen.parameters(), lr=rate), SGD(dis.parameters(), lr=rate)
    for place, slope in walked(rate, 0.0)[:50]:
        assert np.allclose((place, slope), (gen.weight.item(), dis.weight.item()))
        adversarial_step(gen, dis, *optimizers, np.zeros((1, 1)), np.ones((1, 1)))


def test_the_penalty_pulls_the_slope_alone():
    (_, free), (_, braked) = (walked(0.1, penalty)[2] for penalty in (0.0, 1.0))
    place, slope = walked(0.1, 0.0)[1]
    assert np.isclose(walked(0.1, 1.0)[1][1], slope)  # the slope began at 0: nothing to pull yet
    assert np.isclose(braked - free, -0.1 * 1.0 * slope, rtol=0.05)
    assert place < 1


def test_the_losses_are_the_librarys():
    for place, slope in walked(0.3, 0.0)[:40:7]:
        logits = np.array([[slope * place]])
        to_dis, to_gen = losses(place, slope)
        assert np.isclose(to_dis, discriminator_loss(np.zeros((1, 1)), logits).item())
        assert np.isclose(to_gen, generator_loss(logits).item())


def test_without_the_penalty_the_goal_is_out_of_reach_at_every_rate():
    assert not any(AT_REST.met(Duel(rate, 0.0, step)) for rate in RATES for step in STEPS)
    for rate in RATES:
        assert min(np.hypot(*point) for point in walked(rate, 0.0)) > CLOSE


def test_some_penalty_reaches_it_at_every_rate_and_too_much_does_not():
    for rate in RATES:
        assert any(AT_REST.met(Duel(rate, penalty, 2000)) for penalty in PENALTIES)
    assert not AT_REST.met(Duel(0.01, 10.0, 2000))
    assert not isfinite(Duel(1.0, 10.0, 100).metrics()["distance"])


def test_no_loss_tells_whether_the_two_come_nearer():
    """M67: both losses cross their values at rest again and again, far from rest."""
    way = [losses(*point) for point in walked(0.1, 0.0)[:300]]
    for player, at_rest in zip((0, 1), losses(0, 0), strict=True):
        signs = np.sign([loss[player] - at_rest for loss in way[1:]])
        assert np.sum(np.diff(signs) != 0) >= 4
    assert min(np.hypot(*point) for point in walked(0.1, 0.0)[:300]) > 0.4


def test_every_reason_is_given_somewhere():
    said = {AT_REST.feedback(state) for state in EVERY}
    assert said == {message for _, message in AT_REST.why} | {"Goal reached."}


def test_the_story_holds_the_circle_and_the_rest():
    states = list(STORY.states.values())
    assert states[0] == Duel()
    assert any(AT_REST.met(state) for state in states)
    assert {state.penalty for state in states} == {0.0, 0.3, 10.0}
    assert len({state.rate for state in states}) == 3
