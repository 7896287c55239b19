"""Chapter 2, activations: its exercises. `backpropagation.py` says how to add one.

The second stands here; 2.1 is in `activations_merging.py`, 2.3 in `activations_slopes.py`, 2.4 in
`activations_faults.py` and 2.5 in `activations_predictions.py`.
"""

from functools import partial, update_wrapper
from typing import Any

import numpy as np

from nnlib.course.exercises.bank.activations_faults import SOFTMAX
from nnlib.course.exercises.bank.activations_merging import MERGE
from nnlib.course.exercises.bank.activations_predictions import PREDICTIONS
from nnlib.course.exercises.bank.activations_slopes import SLOPES
from nnlib.course.exercises.exercise import Answer, Case, Misconception, Property, callable_answer
from nnlib.course.exercises.kinds import function

# Learners' code: nothing of it is annotated.
# ruff: noqa: ARG001, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 2.2 -------------------------------------------------------------------------------------------


def sigmoid(z):
    """The sigmoid of every number in z, an array of any shape.

    No step of it may overflow, and far to the left the answer is the
    right tiny number.
    """
    # <solution>
    e = np.exp(-np.abs(z))  # never more than 1
    return np.where(z >= 0, 1, e) / (1 + e)  # (2.1)
    # </solution>


class _Watched(np.ndarray):
    """An array that stops at the first infinity, also where the warnings are switched off."""

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        plain = [np.asarray(x) if isinstance(x, _Watched) else x for x in inputs]
        if out is not None:
            options["out"] = tuple(np.asarray(x) for x in out)
        result = getattr(ufunc, method)(*plain, **options)
        if np.asarray(result).dtype.kind == "f" and not np.all(np.isfinite(result)):
            raise FloatingPointError(f"overflow encountered in {ufunc.__name__}")
        return result.view(_Watched) if isinstance(result, np.ndarray) else result


def _strict(answer: Any) -> Answer:
    """Run an answer so that an overflow stops it, as an error in its own line."""
    watched: Any = update_wrapper(partial(_run, callable_answer(answer)), answer)
    watched.__code__ = getattr(answer, "__code__", None)
    return watched  # type: ignore[no-any-return]


def _run(answer, z):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a = answer(z.view(_Watched))
    return a.view(np.ndarray) if isinstance(a, _Watched) else a


def _sums(rng: np.random.Generator) -> list[Case]:
    return [
        (np.array([-2.0, 0.0, 2.0]),),
        (rng.normal(size=(2, 3)),),
        (3 * rng.normal(size=(4, 2)),),
        (rng.normal(size=(3, 3)),),
    ]


def _far_out(rng: np.random.Generator) -> list[Case]:
    far_left = np.array([[-30.0, -40.0, -50.0], [-100.0, -300.0, -600.0]])
    both = np.array([[-1000.0, 0.0], [3.0, 1000.0]])
    return [(np.array([v]),) for v in (-1000.0, 1000.0)] + [(far_left,), (both,), (np.array(0.5),)]


def _tail_is_right(a, z):
    far = z < -20
    return bool(np.allclose(np.asarray(a)[far], np.exp(z[far]), rtol=1e-6, atol=1e-290))


def _by_hand_on_each_side(z):
    a = np.empty(np.shape(z))
    right = np.asarray(z) >= 0
    a[right] = 1 / (1 + np.exp(-z[right]))
    e = np.exp(z[~right])
    a[~right] = e / (1 + e)
    return a


SIGMOID = function(
    "2.2",
    "A sigmoid that never overflows",
    sigmoid,
    _sums,
    hints=(
        "Which of e to the z and e to the minus z is never larger than 1: on which side of 0?",
        (
            "Multiply 1 / (1 + e to the minus z), above and below, by e to the z. Both forms are "
            "the sigmoid; each overflows on one side only."
        ),
        (
            "Take e to the minus |z|, which is at most 1, and divide by one plus it: either 1, "
            "where z is not negative, or that power itself. np.where chooses."
        ),
    ),
    stress=_far_out,
    adapt=_strict,
    properties=(
        Property(
            "tail",
            _tail_is_right,
            "Far to the left the sigmoid is tiny but not 0, and yours is not the right tiny "
            "number. What becomes of 1 / (1 + e to the minus z) when the 1 no longer counts?",
        ),
    ),
    misconceptions=(
        Misconception(
            "as-written",
            lambda z: 1 / (1 + np.exp(-z)),
            "The formula as it stands is right wherever the computer can follow. At z = −1000 it "
            "asks for e to the 1000, which no float holds. Which power of e is small there?",
            tempting="A formula that is right on paper is expected to be right in the computer.",
        ),
        Misconception(
            "other-form",
            lambda z: np.exp(z) / (1 + np.exp(z)),
            "This form is safe on the left and overflows on the right, where it becomes infinity "
            "over infinity. Is there a form for each side?",
            tempting="It is equal to the usual form and cures the overflow that one has just seen.",
        ),
        Misconception(
            "both-sides-computed",
            lambda z: np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))),
            "Each side has the form that is safe for it, but np.where chooses between two finished "
            "arrays: both forms were computed for every z, also where they overflow.",
            tempting="np.where reads like an if, and an if computes only one of its branches.",
        ),
        Misconception(
            "lost-tail",
            lambda z: (1 + np.tanh(z / 2)) / 2,
            "Nothing overflows. But far to the left a tiny number should stand, about e to the z, "
            "and yours is 0 or has stopped shrinking. Where were its digits lost: what was added "
            "or cut off last?",
            tempting="1e-18 and 0 look alike in every print and in every plot.",
        ),
        Misconception(
            "clipped",
            lambda z: 1 / (1 + np.exp(-np.clip(z, -20, 20))),
            "Clipping stops the overflow, and it stops the sigmoid too: beyond your bounds it is "
            "the same everywhere. How far could the bounds go, and need there be any?",
            tempting="Beyond a sum of 20 the curve looks flat, so little seems to be cut off.",
        ),
        Misconception(
            "answer-clipped",
            lambda z: np.clip((1 + np.tanh(z / 2)) / 2, 1e-7, 1 - 1e-7),
            "You keep the answer away from 0 and 1. That hides the trouble instead of curing it: "
            "at −100 the right answer is far smaller than your lowest.",
            tempting="A logarithm may follow, and a small floor under the answer is a well-known "
            "way to keep it finite.",
        ),
        Misconception(
            "mirrored",
            lambda z: np.where(z >= 0, np.exp(-np.abs(z)), 1) / (1 + np.exp(-np.abs(z))),
            "Your curve falls from left to right. For a large positive z the sigmoid is near 1.",
            tempting="There is a minus in the exponent already, and one more is soon lost.",
        ),
        Misconception(
            "never-below-half",
            lambda z: 1 / (1 + np.exp(-np.abs(z))),
            "No overflow any more, and no answer below one half either: z and −z come out alike. "
            "What is the sigmoid of −z, given that of z?",
            tempting="With the absolute value the exponent is safe, so all seems to be cured.",
        ),
        Misconception(
            "never-above-half",
            lambda z: np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))),
            "No overflow any more, and no answer above one half either: that is the left side, on "
            "both sides. Which form belongs to the right one?",
            tempting="The power that never overflows has been found, and it is put wherever a "
            "power stands.",
        ),
        Misconception(
            "no-one",
            lambda z: 1 / np.exp(-np.clip(z, -300, 300)),
            "That is e to the z, which grows without bound. What keeps the sigmoid below 1?",
            tempting="The fraction is remembered, and the 1 beside the power looks like a detail.",
        ),
        Misconception(
            "tanh",
            np.tanh,
            "At 0 you answer 0, and to the left of it negative numbers: that is tanh. The sigmoid "
            "lies between 0 and 1. How are the two related?",
            tempting="Both are curves in the shape of an S that flatten at both ends.",
        ),
        Misconception(
            "half-speed",
            lambda z: (1 + np.tanh(z)) / 2,
            "You have the right ends and the right middle, and rise twice too fast. At which z is "
            "tanh what the sigmoid asks for?",
            tempting="Shifting tanh up and halving it gives a curve from 0 to 1 through one half.",
        ),
        Misconception(
            "shares",
            lambda z: np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z))),
            "Your numbers add up to 1 over the whole array: that is a softmax. The sigmoid looks "
            "at every z alone.",
            tempting="Both make numbers between 0 and 1 out of powers of e.",
        ),
        Misconception(
            "step",
            lambda z: (z > 0).astype(float),
            "Yes or no: that is the neuron of chapter 1. The sigmoid says how strongly.",
            tempting="Far from 0 the sigmoid is as good as a step.",
        ),
    ),
    also_right=(
        _by_hand_on_each_side,
        np.vectorize(lambda v: 1 / (1 + np.exp(-v)) if v >= 0 else np.exp(v) / (1 + np.exp(v))),
        lambda z: 1 / (1 + np.exp(-np.clip(z, -700, 700))),
        lambda z: np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z))),
        lambda z: np.exp(-np.logaddexp(0, -z)),
    ),
    equivalent={
        "return np.where(z > 0, 1, e) / (1 + e)": "at 0 both choices are 1",
    },
)


EXERCISES = (MERGE, SIGMOID, SLOPES, SOFTMAX, PREDICTIONS)
