"""Chapter 2, activations: a softmax with faults to repair.

What is left of the faults, in any combination, is a misconception, so that whoever has repaired
some hears about the next. `backpropagation.py` says how to add an exercise.
"""

from itertools import product

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import debug

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 2.4 -------------------------------------------------------------------------------------------


def softmax(Z, temperature):
    """The shares of scores Z (N, K): an array (N, K) whose rows add up to 1."""
    # <solution>
    Z = Z - Z.max(axis=1, keepdims=True)
    E = np.exp(Z / temperature)
    return E / E.sum(axis=1, keepdims=True)  # (2.17)
    # <starter>
    # Z = Z - Z.max()
    # E = np.exp(Z * temperature)
    # return E / E.sum(axis=0)
    # </solution>


def _scores(rng: np.random.Generator) -> list[Case]:
    return [
        (np.array([[0.0, 1.0, 2.0], [3.0, 3.0, 3.0]]), 0.5),
        (rng.normal(size=(4, 3)), 2.0),
        (rng.normal(size=(2, 5)), 0.7),
        (rng.normal(size=(3, 3)), 3.0),
    ]


def _far_apart(rng: np.random.Generator) -> list[Case]:
    return [
        (np.array([[1000.0, 1001.0, 999.0], [-1000.0, -1001.0, -1002.0]]), 0.5),
        (np.array([[800.0, 0.0], [-5.0, 900.0], [1.0, 2.0]]), 0.1),
    ]


SHIFTS = {
    "rows": lambda Z: Z - Z.max(axis=1, keepdims=True),
    "batch": lambda Z: Z - Z.max(),
    "none": lambda Z: Z,
    "columns": lambda Z: Z - Z.max(axis=0),
    "lost axis": lambda Z: Z - Z.max(axis=1),
}
WARMTHS = {
    "divided": lambda Z, t: Z / t,
    "multiplied": lambda Z, t: Z * t,
    "ignored": lambda Z, t: Z,
}
SUMS = {
    "rows": lambda E: E.sum(axis=1, keepdims=True),
    "columns": lambda E: E.sum(axis=0),
    "lost axis": lambda E: E.sum(axis=1),
    "all": lambda E: E.sum(),
}


def _softmax(shift="rows", warmth="divided", total="rows"):
    """A softmax made of three choices; each first one is right."""

    def run(Z, temperature):
        E = np.exp(WARMTHS[warmth](SHIFTS[shift](Z), temperature))
        return E / SUMS[total](E)

    return run


SUM_FAULTS = {
    "columns": (
        "Your columns add up to 1, not your rows. Which axis runs over the classes?",
        "axis=0 is the first axis, and the scores of an example seem to come first.",
    ),
    "lost axis": (
        (
            "The sums run along the right axis, but they come as an array of shape (N,), which "
            "NumPy lays along the columns. Which shape would lie along the rows?"
        ),
        "There is one sum for each row, so dividing the rows by the sums reads well.",
    ),
    "all": (
        "All your numbers together add up to 1. Each example has shares of its own.",
        "A sum without an axis is the one written most often.",
    ),
}
WARMTH_FAULTS = {
    "multiplied": (
        (
            "With a high temperature your shares move apart. Heat should even them out: try it "
            "with a temperature of 2 on scores of 0 and 1."
        ),
        "A factor that makes something stronger is usually multiplied by.",
    ),
    "ignored": (
        "Your shares do not depend on the temperature.",
        "With a temperature of one nothing is missing, and that is the usual case.",
    ),
}
SHIFT_FAULTS = {
    "batch": (
        (
            "One largest score is taken off the whole batch. A row whose scores lie far below it "
            "is left with powers that are all 0, and 0 divided by 0. Which largest score should "
            "a row lose?"
        ),
        "Any constant may be taken off, and with one for all rows nothing needs an axis.",
    ),
    "none": (
        (
            "Nothing is taken off the scores any more, so e to the 1000 overflows. Which constant "
            "makes every exponent 0 or less?"
        ),
        "On paper taking off a constant changes nothing, so it looks as if it could go.",
    ),
}


def _told(shift, warmth, total):
    """Speak about one fault: of the sum first, then of the temperature."""
    message, tempting = SUM_FAULTS[total] if total != "rows" else WARMTH_FAULTS[warmth]
    name = f"largest of {shift}, temperature {warmth}, sum over {total}"
    if (shift, warmth, total) == ("batch", "multiplied", "columns"):
        tempting = "It runs, and every number lies between 0 and 1, as a share should."
    elif [shift, total].count("rows") + (warmth == "divided") < 2:
        tempting = f"Each repair brings the shares nearer, so one stops early ({name})."
    return Misconception(name, _softmax(shift, warmth, total), message, tempting)


# What is taken off shows in ordinary numbers only where the sums do not run over the same rows.
LEFT = [
    *(
        _told(*choice)
        for choice in product(("batch", "rows", "columns"), WARMTHS, SUM_FAULTS)
        if (choice[0], choice[2]) != ("columns", "columns")  # that is as with the whole batch
    ),
    *(_told("rows", warmth, "rows") for warmth in WARMTH_FAULTS),
    *(
        Misconception(f"largest of {shift}", _softmax(shift), message, tempting)
        for shift, (message, tempting) in SHIFT_FAULTS.items()
    ),
]


def _transposed(Z, temperature):
    E = np.exp((Z.T - Z.max(axis=1)) / temperature)
    return (E / E.sum(axis=0)).T


def _by_logarithms(Z, temperature):
    Z = Z / temperature
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1)[:, None])


def _row_by_row(Z, temperature):
    rows = [np.exp((row - np.max(row)) / temperature) for row in Z]
    return np.array([row / row.sum() for row in rows])


SOFTMAX = debug(
    "2.4",
    "A softmax with faults",
    softmax,
    cases=_scores,
    stress=_far_apart,
    hints=(
        "What should each row of the answer add up to? What do the rows add up to now?",
        (
            "Go through the three lines with one question each. Over what does the largest score "
            "run? Which way does heat push the shares? Over what does the sum run, and what shape "
            "has it?"
        ),
        (
            "The largest score and the sum both belong to a row: axis 1, with keepdims so that "
            "they lie beside it. The temperature divides the scores."
        ),
    ),
    misconceptions=(
        *LEFT,
        Misconception(
            "column-maximum",
            _softmax(shift="columns"),
            "Within a row each class loses a different number. Only the same number, taken off all "
            "scores of a row, leaves its shares as they are.",
            tempting="The largest along an axis is taken off, as it should be, and the wrong axis "
            "stops nothing.",
        ),
        Misconception(
            "row-maximum-on-its-side",
            _softmax(shift="lost axis"),
            "The largest score of each row is the right thing to take off. But they come as an "
            "array of shape (N,), which NumPy lays along the columns.",
            tempting="With the axis named, the maximum is taken where it should be.",
        ),
        Misconception(
            "both-on-their-sides",
            _softmax(shift="lost axis", total="lost axis"),
            "Both lines look along the right axis, and both results have lost it: an array of "
            "shape (N,) is laid along the columns. Which shape would lie beside the rows?",
            tempting="Naming the axis is the repair one has in mind, and it is made in both lines.",
        ),
        Misconception(
            "clipped",
            lambda Z, temperature: _softmax("none")(np.clip(Z / temperature, -700, 700), 1.0),
            "Clipped scores do not overflow, but two that are both beyond the bound come out as "
            "equals. Only their difference counts: how can it be kept?",
            tempting="Cutting off what is too large is the first cure for an overflow.",
        ),
        Misconception(
            "mean-for-sum",
            lambda Z, temperature: _softmax()(Z, temperature) * Z.shape[1],
            "Your rows add up to the number of classes. By what has to be divided to make it 1?",
            tempting="Bringing numbers to a common size usually begins with their mean.",
        ),
        Misconception(
            "logarithms",
            lambda Z, temperature: np.log(_softmax()(Z, temperature)),
            "These are the logarithms of the shares, and none of them is positive.",
            tempting="The stable form of the logarithm stands just above this exercise.",
        ),
        Misconception(
            "temperature-on-shares",
            lambda Z, temperature: _softmax(warmth="ignored")(Z, temperature) / temperature,
            "You divide the shares, which then no longer add up to 1. What does the temperature "
            "divide?",
            tempting="The temperature softens the answer, so it is put to the answer.",
        ),
        Misconception(
            "power-of-the-shares",
            lambda Z, temperature: _softmax(warmth="ignored")(Z, temperature) ** (1 / temperature),
            "A power of the shares does what the temperature should, and then they no longer add "
            "up to 1. What could be done before the sum is taken?",
            tempting="e to the z over the temperature is e to the z, to a power: on paper the two "
            "are one.",
        ),
        Misconception(
            "no-exponential",
            lambda Z, temperature: Z / Z.sum(axis=1, keepdims=True),
            "The scores themselves are divided by their sum. Scores may be negative, or add up to "
            "0: why does softmax raise e to them first?",
            tempting="Dividing by the sum is what turns numbers into shares.",
        ),
        Misconception(
            "hardest",
            lambda Z, temperature: np.eye(Z.shape[1])[Z.argmax(axis=1)],
            "The largest score gets everything. A softmax is softer: how near the others come "
            "should count.",
            tempting="The largest score decides in the end.",
        ),
    ),
    also_right=(_transposed, _by_logarithms, _row_by_row),
    equivalent={
        "Z = Z - Z.max(axis=-1, keepdims=True)": "axis 1 is the last of two",
        "return E / E.sum(axis=-1, keepdims=True)": "axis 1 is the last of two",
    },
    explain=lambda _: (
        "These are not yet the shares. Work the first row out on paper: scores 0, 1, 2 at the "
        "temperature 0.5."
    ),
)
