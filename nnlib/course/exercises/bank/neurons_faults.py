"""Chapter 1, neurons: a layer with three faults to repair. `backpropagation.py` is the guide.

Each fault, and each set of them that can be left, is a misconception: whoever has found some of the
three hears about the next.
"""

import numpy as np

from nnlib.course.exercises.exercise import Case
from nnlib.course.exercises.kinds import debug, planted

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401, RUF059
# mypy: allow-untyped-defs, allow-untyped-calls


# 1.4 -------------------------------------------------------------------------------------------


def layer(X, W, b):
    """The sums and the answers of H neurons for N examples, both (N, H).

    X (N, D) are the examples, W (H, D) has a row for each neuron, b (H,)
    has a bias for each. An answer is 1 where the sum is positive, else 0.
    """
    N, D = X.shape
    H = len(b)
    # <solution>
    Z = X @ W.T + b
    A = (Z > 0).astype(float)
    # <starter>
    # Z = X @ W.reshape(D, H) + b[0]
    # A = Z.astype(bool).astype(float)
    # </solution>
    assert Z.shape == A.shape == (N, H)
    return Z, A


def _layers(rng: np.random.Generator) -> list[Case]:
    def draw(examples: int, inputs: int, units: int) -> Case:
        X, W = rng.normal(size=(examples, inputs)), rng.normal(size=(units, inputs))
        return X, W, rng.normal(size=units)

    # Three neurons on two inputs, in whole numbers; one of the sums is exactly 0.
    X = np.array([[1.0, 2.0], [3.0, 0.0]])
    W = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 1.0]])
    return [(X, W, np.array([0.0, -2.0, -1.0])), draw(5, 4, 3), draw(4, 2, 6), draw(3, 3, 3)]


FAULTS = {
    "reshaped": (
        (
            "The shape of W fits now, but are its numbers where they belong? Print a small W "
            "before and after: what has become of the first row, which is the first neuron?"
        ),
        (
            "Reshaping gives exactly the shape that the product asks for, and nothing stops with "
            "an error."
        ),
    ),
    "one bias": (
        "Every neuron adds the same number. How many biases has a layer of H neurons?",
        "One neuron has one bias, and the code for one neuron was stretched to many.",
    ),
    "not zero": (
        "A sum of −3 counts as yes. What does NumPy call true, when it is asked about a number?",
        (
            "A computer calls 1 true and 0 false, so it seems that turning numbers into truth "
            "values asks whether they are positive."
        ),
    ),
}
SLIPS = {
    "zero is yes": (
        (
            "A sum of exactly zero counts as yes. In this book the answer is 1 where the sum is "
            "positive."
        ),
        "Zero is the middle, and somebody has to have it.",
    ),
    "signs": (
        "Some of your answers are −1. An answer is 1 or 0.",
        "The sign of the sum is exactly what the answer is about.",
    ),
    "no bias": (
        "The biases are gone. The line of every neuron now runs through the origin.",
        "Taking out what is broken is the quickest repair.",
    ),
    "sum of biases": (
        "Every neuron adds all the biases together. Each has one that is its own.",
        "Using all of b instead of one entry is the right direction, and a sum keeps the shape.",
    ),
    "bias by example": (
        (
            "The biases run down the examples: the first example gets the first bias, whatever the "
            "neuron. Which axis of the sums belongs to the neurons?"
        ),
        (
            "With a column the broadcasting seems safer, and with as many examples as neurons it "
            "raises no error."
        ),
    ),
    "not transposed": (
        (
            "The rows of X are multiplied with the columns of W, and a column of W is one input "
            "seen by all neurons. Which of its axes should meet the numbers of an example?"
        ),
        (
            "The formula for one neuron has no transpose, and where D and H are equal none seems "
            "to be missing."
        ),
    ),
    "rounded": (
        "The sums are rounded to 0 or 1, and not compared with zero: 0.4 is positive as well.",
        "An answer is 0 or 1, and rounding gives whole numbers.",
    ),
    "answers without the bias": (
        (
            "Z is right, and A does not follow from it: the answers are what they would be with "
            "all biases at zero. What should be compared with zero?"
        ),
        (
            "The bias is a bar to be cleared, so the products are compared with it, or it is left "
            "for another line."
        ),
    ),
    "minus the bias": (
        "The biases are subtracted. A neuron adds its own.",
        "Told as a threshold, a bias is what the sum has to exceed, and that is subtracted.",
    ),
    "positive part": (
        (
            "Some of your answers are larger than 1: the sum is handed on where it is positive. An "
            "answer is 1 there."
        ),
        "It keeps a no at zero, and a larger sum is a clearer yes.",
    ),
    "whole part": (
        (
            "Cutting off the digits leaves whole numbers of any size, negative ones too. An answer "
            "is 1 or 0."
        ),
        "The answers are whole numbers, and turning sums into whole numbers sounds like the same.",
    ),
    "result reshaped": (
        (
            "The sums are computed on their side, (H, N), and then reshaped. That gives the right "
            "shape and shuffles the numbers."
        ),
        (
            "With the weights on the left nothing has to be turned before the product, so the "
            "result is bent into shape after it."
        ),
    ),
}


def _with(*slips):
    """The solution with some slips in it, each a word that stands where it happens."""

    def run(X, W, b):
        weights = W.reshape(X.shape[1], len(b)) if "reshaped" in slips else W.T
        if "not transposed" in slips:
            weights = W
        bias = {
            "one bias": b[0],
            "no bias": 0.0,
            "sum of biases": b.sum(),
            "bias by example": b[:, None],
            "minus the bias": -b,
        }
        products = X @ weights
        if "result reshaped" in slips:
            products = (W @ X.T).reshape(len(X), len(b))
        Z = products + next((bias[slip] for slip in slips if slip in bias), b)
        answers = {
            "not zero": Z != 0,
            "zero is yes": Z >= 0,
            "signs": np.sign(Z),
            "rounded": np.clip(np.round(Z), 0, 1),
            "answers without the bias": products > 0,
            "positive part": np.maximum(Z, 0),
            "whole part": Z.astype(int),
        }
        A = next((answers[slip] for slip in slips if slip in answers), Z > 0).astype(float)
        # As in the exercise: with sizes that do not fit, the function stops.
        assert Z.shape == A.shape == (len(X), len(b))
        return Z, A

    return run


def _by_neurons(X, W, b):
    columns = [X @ w_h + b_h for w_h, b_h in zip(W, b, strict=True)]
    Z = np.stack(columns, axis=1)
    return Z, np.where(Z > 0, 1, 0)


def _on_its_side(X, W, b):
    Z = (W @ X.T + b[:, None]).T
    return Z, np.heaviside(Z, 0.0)


LAYER = debug(
    "1.4",
    "Three faults in a layer",
    layer,
    cases=_layers,
    outputs=("Z", "A"),
    hints=(
        "Take two neurons, and an example that you can do by hand. Which of the numbers is off?",
        (
            "There are three faults: how W is turned, which bias is added, and what counts as a "
            "yes. Look at them one at a time; Z shows two of them, A the third."
        ),
        (
            "A row of W has to become a column, with its numbers in order: that is a transpose, "
            "two letters. All of b is added, not its first number. And a comparison with zero "
            "tells positive from negative."
        ),
    ),
    misconceptions=planted(
        _with,
        FAULTS,
        SLIPS,
        whole="It runs, both shapes are right, and the answers are ones and zeros.",
        partly="One repair has changed the numbers, so one stops early",
    ),
    also_right=(_by_neurons, _on_its_side),
)
