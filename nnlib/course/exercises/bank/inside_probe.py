"""Chapter 13, looking inside: a probe that cheats in three ways.

Each way, and each set of them that can be left, is a misconception: whoever has stopped some of
the three hears about the next. `backpropagation.py` says how to add an exercise.
"""

import numpy as np

from nnlib.course.exercises.exercise import Case
from nnlib.course.exercises.kinds import debug, planted

# Learners' code: nothing of it is annotated.
# ruff: noqa: ARG001, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 13.4 ------------------------------------------------------------------------------------------


def fit_probe(A, y):
    """Weights and bias of one neuron, fitted to y by least squares."""
    A1 = np.column_stack([A, np.ones(len(A))])
    return np.linalg.lstsq(A1, 2.0 * y - 1, rcond=None)[0]


def share_right(w, A, y):
    """The share of rows for which the probe with weights w says y."""
    A1 = np.column_stack([A, np.ones(len(A))])
    return float(np.mean((A1 @ w > 0) == (y == 1)))


def probe_report(A, A0, y, answers):
    """How much of y can be read from a layer, and from it untrained.

    A, A0 (N, H): what the layer says after and before training; y (N,):
    0 or 1 for each row; answers (N,): what the network answers, 0 or 1.
    The first half of the rows is to fit a probe, the second to judge it.
    """
    half = len(y) // 2
    fit, judge = slice(half), slice(half, None)
    # <solution>
    w = fit_probe(A[fit], y[fit])
    right = share_right(w, A[judge], y[judge])
    control = share_right(fit_probe(A0[fit], y[fit]), A0[judge], y[judge])
    # <starter>
    # features = np.column_stack([A, answers])
    # w = fit_probe(features[fit], y[fit])
    # right = share_right(w, features[fit], y[fit])
    # control = 0.5
    # </solution>
    return right, control


SHAPES = [(40, 6), (60, 9), (90, 12), (120, 15), (150, 10)]


def _layers(rng: np.random.Generator) -> list[Case]:
    def draw(rows: int, units: int) -> Case:
        """Two noisy layers with a trace of y in them, and answers that are mostly y."""
        y = rng.permutation(np.arange(rows) % 2)
        A, A0 = rng.normal(size=(2, rows, units))
        A += 0.5 * y[:, None] * rng.normal(size=units)
        A0 += 0.25 * y[:, None] * rng.normal(size=units)
        answers = np.where(rng.random(rows) < 0.15, 1 - y, y)
        return A, A0, y, answers

    return [draw(*shape) for shape in SHAPES]


CHEATS = {
    "answers": (
        ("Among the features stands the network's own answer. Does the probe then read the layer?"),
        "The answer is computed from the layer, so it seems to be a part of what is in it.",
    ),
    "own rows": (
        (
            "The probe is judged on the rows that it was fitted to. A probe with many weights "
            "knows some of those by heart."
        ),
        "A probe is a tool to look with and no model to be used, so a test seems not to be needed.",
    ),
    "no control": (
        (
            "The number to compare with is a coin's. What does the same probe read from the layer "
            "before anything was learned?"
        ),
        "With two classes a coin is right half the time, and that is what guessing comes to.",
    ),
}


def _with(*slips):
    """The solution with some slips in it."""

    def report(A, A0, y, answers):
        half = len(y) // 2
        fit, judge = slice(half), slice(half, None)
        features, target, judged_by = A, y, y
        if {"answers", "answers beside both"}.intersection(slips):
            features = np.column_stack([A, answers])
        if "truth among the features" in slips:
            features = np.column_stack([A, y])
        if "fitted to the answers" in slips or "about the answers" in slips:
            target = answers
        if "judged by the answers" in slips or "about the answers" in slips:
            judged_by = answers
        seen: slice | np.ndarray = fit
        if "all rows fitted" in slips:
            seen = slice(None)
        if "halves swapped" in slips:
            fit, judge, seen = judge, fit, judge
        about = judge
        if "own rows" in slips:
            about = fit
        if "all rows judged" in slips:
            about = slice(None)
        if "easy rows" in slips:
            seen = np.flatnonzero(answers[:half] == y[:half])
        w = fit_probe(features[seen], target[seen])
        right = share_right(w, features[about], judged_by[about])
        control = share_right(fit_probe(A0[fit], target[fit]), A0[judge], judged_by[judge])
        if "no control" in slips:
            control = 0.5
        if "commoner class" in slips:
            control = float(max(np.mean(y[judge]), 1 - np.mean(y[judge])))
        if "same weights" in slips:
            control = share_right(w[: A0.shape[1] + 1], A0[judge], y[judge])
        if "both on own rows" in slips:
            right = share_right(w, A[fit], y[fit])
        if {"control on own rows", "both on own rows"}.intersection(slips):
            control = share_right(fit_probe(A0[fit], y[fit]), A0[fit], y[fit])
        if "shuffled labels" in slips:
            control = share_right(fit_probe(A[fit], y[fit][::-1]), A[judge], y[judge])
        if "answers as control" in slips:
            control = float(np.mean(answers[judge] == y[judge]))
        if "control on all rows" in slips:
            control = share_right(fit_probe(A0, y), A0[judge], y[judge])
        if "control for the answers" in slips:
            control = share_right(fit_probe(A0[fit], answers[fit]), A0[judge], y[judge])
        if "share of ones" in slips:
            control = float(np.mean(y[judge]))
        if {"answers beside the control", "answers beside both"}.intersection(slips):
            beside = np.column_stack([A0, answers])
            control = share_right(fit_probe(beside[fit], y[fit]), beside[judge], y[judge])
        if "difference" in slips:
            right -= control
        return (control, right) if "swapped" in slips else (right, control)

    return report


SLIPS = {
    "truth among the features": (
        "Now the truth itself stands among the features. What is left for the layer to tell?",
        "The labels have to come in somewhere, and a table with everything in it is convenient.",
    ),
    "about the answers": (
        (
            "Your probe reads the network's answer. That stands in the layer for certain, because "
            "the network computes it from there. Asked for is y."
        ),
        "A probe of a network seems to be about what the network says.",
    ),
    "fitted to the answers": (
        "The probe is fitted to what the network answers and judged by y. To what should it be?",
        "The network's answers are at hand for every row, also where nobody knows the truth.",
    ),
    "judged by the answers": (
        "The probe is fitted to y and judged by what the network answers. Who is right here?",
        "Agreement with the network looks like the thing to measure.",
    ),
    "all rows fitted": (
        "The probe was fitted to all rows, so it knows those that it is judged on.",
        "More rows make a better probe, and the judging happens in another line.",
    ),
    "all rows judged": (
        "The probe is judged on all rows, half of which it was fitted to.",
        "More rows make the number steadier, and it is only half a cheat.",
    ),
    "halves swapped": (
        (
            "You fit on the second half and judge on the first. That would be as honest; asked for "
            "is the other way, so that the numbers can be compared."
        ),
        "Both halves are alike, so which is which seems not to matter.",
    ),
    "commoner class": (
        (
            "Your control is the share of the commoner class. That is fairer than a coin. But what "
            "does the layer give away before it is trained?"
        ),
        "To beat whoever always says the same is the usual baseline of a classifier.",
    ),
    "same weights": (
        (
            "The control uses the weights that were found for the trained layer. The untrained one "
            "says other things: it deserves a probe of its own."
        ),
        "A fair comparison changes one thing and leaves the probe as it is.",
    ),
    "control on own rows": (
        "The control is judged on the rows that it was fitted to, and the probe is not.",
        "The control is there to be beaten, so it is looked at less closely.",
    ),
    "both on own rows": (
        "Both probes are judged on the rows that they were fitted to. Fair, and both are too good.",
        "If both sides cheat alike, their difference seems to be honest.",
    ),
    "control on all rows": (
        "The control was fitted to all rows, so it knows those that it is judged on.",
        "Of an untrained layer nobody expects much, so it is given all there is.",
    ),
    "control for the answers": (
        "The control is fitted to the network's answers, and the probe to y. Both should read y.",
        "What the untrained layer knows of the answers is a question that suggests itself.",
    ),
    "share of ones": (
        "Your control is the share of rows with a 1. That knows nothing of the layer at all.",
        "How often y is 1 is the simplest number to compare with.",
    ),
    "easy rows": (
        (
            "The probe is fitted only where the network was right. Then it learns from the answers "
            "by a back door."
        ),
        "Rows that the network got wrong look like noise that would spoil the probe.",
    ),
    "answers beside both": (
        "The network's answers stand beside both layers now, and both read them off.",
        "A comparison is fair when both sides get the same, whatever it is.",
    ),
    "shuffled labels": (
        (
            "Labels in another order are a sound control too: they show what a probe can learn by "
            "heart. Asked for is the layer before training."
        ),
        "Wrong labels on the right features are a well-known test of a probe.",
    ),
    "answers as control": (
        (
            "You compare with how often the network itself is right. That is a question of its "
            "own; a control should know nothing that training has brought."
        ),
        "Whether the layer knows more than the network says is what makes a probe exciting.",
    ),
    "answers beside the control": (
        "The network's answer now stands beside the untrained layer, which knows nothing of it.",
        "What is done to the one side of a comparison should be done to the other.",
    ),
    "difference": (
        "Your first number is how much the two differ. Asked for are both, each for itself.",
        "What counts in the end is by how much the trained layer is ahead.",
    ),
    "swapped": (
        "The two numbers have changed places: the trained layer comes first.",
        "Before training comes before after training.",
    ),
}


def _with_helpers(A, A0, y, answers):
    half = len(y) // 2

    def read(layer):
        return share_right(fit_probe(layer[:half], y[:half]), layer[half:], y[half:])

    return read(A), read(A0)


def _by_normal_equations(A, A0, y, answers):
    half, shares = len(y) // 2, []
    for layer in (A, A0):
        F = np.column_stack([layer, np.ones(len(layer))])
        w = np.linalg.pinv(F[:half]) @ np.where(y[:half] == 1, 1.0, -1.0)
        shares.append(((F[half:] @ w > 0) == (y[half:] == 1)).mean())
    return shares


PROBE = debug(
    "13.4",
    "A probe that cheats",
    probe_report,
    cases=_layers,
    outputs=("right", "control"),
    hints=(
        (
            "Go through the lines and ask of each: what does the probe see, which rows, and what "
            "would it reach without any training?"
        ),
        (
            "The probe may see the layer and nothing that was made from it later. It is judged on "
            "rows that it has not seen. And the untrained layer gets a probe of its own."
        ),
        (
            "Drop `features` and use A in its place; judge on the second half. The control is the "
            "same two calls once more, with A0 for A."
        ),
    ),
    misconceptions=planted(
        _with,
        CHEATS,
        SLIPS,
        whole="It runs, and the share that it reports is what one has hoped to see.",
        partly="A probe that cheats in one way less looks honest",
    ),
    also_right=(_with_helpers, _by_normal_equations),
    equivalent={"half = len(y) // -2": "counted from the other end, half is half"},
    explain=lambda _: (
        "These are not the two shares asked for. All but three places stay as they were: the "
        "probe, the halves, and the order of the two numbers."
    ),
)
