"""The confidence dial: its numbers are the library's, and its goal is on the wrong side alone."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from nnlib import Tensor, binary_cross_entropy_with_logits, mse_loss, sigmoid
from nnlib.course.explore import explore
from nnlib.course.explore.confidence import COLOURS, ENTROPY, SQUARES, TEN_TIMES, Confidence

SVG = "{http://www.w3.org/2000/svg}"
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


def drawn(model):
    """What stands in the picture, by tag, in the units of the two axes where it is a place."""
    root = ET.fromstring(model.svg())
    return {
        tag: [each.attrib | {"words": each.text} for each in root.iter(f"{SVG}{tag}")]
        for tag in ("circle", "polyline", "line", "path", "text")
    }


def across(pixels):
    return (float(pixels) - 30) / 390 * 12 - 6


def up(pixels):
    return (1 - (float(pixels) - 18) / 226) * 6.2


@each_truth
def test_the_dots_lie_on_their_curves(truth):
    for z in (-4.0, -0.5, 3.0):
        picture = drawn(Confidence(z, truth))
        for dot, curve in zip(picture["circle"], picture["polyline"], strict=True):
            assert dot["fill"] == curve["stroke"]
            points = [point.split(",") for point in curve["points"].split()]
            zs, values = [across(x) for x, _ in points], [up(y) for _, y in points]
            assert across(dot["cx"]) == pytest.approx(z, abs=0.01)
            assert up(dot["cy"]) == pytest.approx(np.interp(z, zs, values), abs=0.05)


@pytest.mark.parametrize("loss", list(COLOURS))
def test_the_tangent_touches_the_chosen_curve_and_stays_within_the_axes(loss):
    for z in (-6.0, -2.0, 0.0, 5.5):
        model = Confidence(z, loss=loss)
        (tangent,) = [each for each in drawn(model)["line"] if each["stroke-width"] == "2.0"]
        (x1, x2), (y1, y2) = (
            [f(tangent[k + n]) for n in "12"] for f, k in ((across, "x"), (up, "y"))
        )
        value, steep = model.at(loss)
        assert (y2 - y1) / (x2 - x1) == pytest.approx(steep, abs=0.02)
        assert y1 + (z - x1) * steep == pytest.approx(value, abs=0.03)
        assert min(x1, x2) >= -6.01
        assert max(x1, x2) <= 6.01


def test_a_push_that_is_hardly_one_has_no_head():
    heads = [[path["d"].count("L") for path in drawn(Confidence(z))["path"]] for z in (-5.0, -1.0)]
    assert heads == [[2, 0], [2, 2]]


@each_truth
def test_the_names_stand_where_the_curves_are_apart(truth):
    side = -1 if truth == "yes" else 1
    names = {each["words"]: each for each in drawn(Confidence(truth=truth))["text"]}
    for loss in COLOURS:
        assert np.sign(across(names[loss]["x"])) == side
        assert (names[loss]["text-anchor"] == "start") == (side == -1)
    assert up(names[ENTROPY]["y"]) > up(names[SQUARES]["y"]) > 1.1
