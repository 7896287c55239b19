"""The confidence dial: its numbers are the library's, and its goal is on the wrong side alone."""

from dataclasses import replace

import numpy as np
import pytest

from nnlib import Tensor, binary_cross_entropy_with_logits, mse_loss, sigmoid
from nnlib.course.explore import explore
from nnlib.course.explore.confidence import COLOURS, ENTROPY, SQUARES, TEN_TIMES, Confidence

LOGITS = Confidence().controls[0].values
each_truth = pytest.mark.parametrize("truth", ["yes", "no"])


@each_truth
@pytest.mark.parametrize("loss", list(COLOURS))
def test_values_and_slopes_are_those_of_the_engine(loss, truth):
    for z in LOGITS[::7]:
        logit = Tensor(np.array([z]), requires_grad=True)
        target = np.array([float(truth == "yes")])
        if loss == ENTROPY:
            value = binary_cross_entropy_with_logits(logit, target)
        else:
            value = mse_loss(sigmoid(logit), target)
        value.backward()
        assert np.allclose(Confidence(z, truth).at(loss), (value.item(), logit.grad[0]))


@each_truth
def test_the_ratio_is_one_over_twice_p_times_one_minus_p(truth):
    for z in LOGITS:
        state = Confidence(z, truth)
        p = 1 / (1 + np.exp(-z))
        expected = 1 / (2 * p * (1 - p)) if state.wrong() else 0
        assert state.metrics()["ratio"] == pytest.approx(expected)


def test_at_minus_five_the_numbers_are_those_of_the_chapter():
    assert Confidence(-5.0).at(ENTROPY)[1] == pytest.approx(-0.9933, abs=1e-4)
    assert Confidence(-5.0).at(SQUARES)[1] == pytest.approx(-0.0132, abs=1e-4)
    assert Confidence(-5.0).metrics()["ratio"] == pytest.approx(75.2, abs=0.1)


@each_truth
def test_the_goal_lies_on_the_wrong_side_and_nowhere_else(truth):
    side = -1 if truth == "yes" else 1
    reached = [z for z in LOGITS if TEN_TIMES.met(Confidence(z, truth))]
    assert sorted(side * z for z in reached) == [2.8, 2.9]


def test_the_right_side_is_as_lopsided_and_does_not_count():
    """The ratio is the same at z and at -z; only a wrong answer reaches the goal."""
    right, wrong = Confidence(2.9), Confidence(-2.9)
    ratios = [abs(m.at(ENTROPY)[1] / m.at(SQUARES)[1]) for m in (right, wrong)]
    assert ratios[0] == pytest.approx(ratios[1])
    assert not TEN_TIMES.met(right)
    assert "the answer is right" in TEN_TIMES.feedback(right)


@each_truth
def test_every_reason_is_given_somewhere(truth):
    said = {TEN_TIMES.feedback(Confidence(z, truth)) for z in LOGITS}
    assert said == {message for _, message in TEN_TIMES.why} | {"Goal reached."}


def test_the_reasons_lead_from_either_end_to_the_goal():
    assert "Come back" in TEN_TIMES.feedback(Confidence(-6.0))
    assert "Be surer" in TEN_TIMES.feedback(Confidence(-0.5))
    assert "other side" in TEN_TIMES.feedback(Confidence(6.0))


def test_the_squared_error_pushes_most_in_between_and_least_at_the_end():
    pushes = {z: Confidence(z).metrics()["push"] for z in LOGITS if z <= 0}
    assert -1.0 < max(pushes, key=pushes.get) < 0
    assert min(pushes, key=pushes.get) == -6.0


def test_the_words_follow_the_answer():
    assert "so it is wrong" in Confidence(-1.0).describe()
    assert "so it is right" in Confidence(1.0).describe()
    assert "so it is undecided" in Confidence(0.0).describe()
    assert "so it is right" in Confidence(-1.0, truth="no").describe()
    assert "that of the cross-entropy" in Confidence(loss=ENTROPY).describe()


def test_an_arrow_is_as_long_as_the_slope_and_points_against_it():
    def tip(truth):
        drawn = Confidence(-5.0, truth).svg()
        return float(drawn.split('stroke-width="3.0"')[0].rsplit('x2="', 1)[1].split('"')[0])

    middle = 30 + 390 / 2
    assert tip("yes") - middle == pytest.approx(150 * 0.99331, abs=0.1)
    assert tip("no") - middle == pytest.approx(-150 * 0.00669, abs=0.1)


def test_the_frames_of_the_page_reach_the_goal(monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    html = explore(Confidence(-6.0), TEN_TIMES, sweep="z")._repr_mimebundle_()["text/html"]
    assert "Goal reached." in html
    assert len(html.encode()) < 120_000


def test_the_tangent_touches_the_chosen_curve():
    bold = {loss: replace(Confidence(-2.0), loss=loss).svg() for loss in COLOURS}
    assert bold[ENTROPY] != bold[SQUARES]
