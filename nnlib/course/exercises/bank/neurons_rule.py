"""Chapter 1, neurons: the perceptron rule, one pass. `backpropagation.py` is the guide.

The ways to get it wrong are in `neurons_slips.py`.
"""

import numpy as np

from nnlib.course.exercises.bank.neurons_slips import SLIPS
from nnlib.course.exercises.exercise import Case
from nnlib.course.exercises.kinds import function

# Learners' code: nothing of it is annotated.
# mypy: allow-untyped-defs, allow-untyped-calls


# 1.3 -------------------------------------------------------------------------------------------


def perceptron_pass(X, y, w, b, lr=1.0):
    """One pass of the perceptron rule over the examples, in their order.

    X (N, D) and y (N,), of ones and zeros, are the examples. w (D,) and
    b, a number, are the weights and the bias to begin with; w is left as
    it was. Returns the new w and b.
    """
    # <solution>
    for x_n, y_n in zip(X, y, strict=True):
        off = y_n - float(x_n @ w + b > 0)
        w, b = w + lr * off * x_n, b + lr * off  # (1.2)
    return w, b
    # </solution>


def _lessons(rng: np.random.Generator) -> list[Case]:
    def draw(examples: int, inputs: int) -> Case:
        X = rng.normal(size=(examples, inputs)) + 0.5
        # Chance answers: the neuron errs both ways, again and again.
        y = rng.permutation(np.arange(examples) % 2).astype(float)
        return X, y, rng.normal(size=inputs), float(rng.normal())

    first = np.array([[3.0, 1.0], [2.0, 1.0], [8.0, 2.0]]), np.array([0.0, 1.0, 0.0])
    second = np.array([[2.0, 1.0], [3.0, 1.0], [-1.0, -1.0]]), np.array([1.0, 1.0, 0.0])
    third = np.array([[1.0, 1.0], [2.0, -1.0], [0.0, 2.0]]), np.array([1.0, 0.0, 1.0])
    return [
        (*first, np.zeros(2), 0.0),
        (*second, np.zeros(2), 0.0, 0.5),
        (*third, np.array([1.0, -1.0]), 0.5),
        (*draw(14, 2), 1.0),
        (*draw(15, 3), 0.5),
        (*draw(12, 5), 0.25),
        draw(4, 4),
    ]


def _by_cases(X, y, w, b, lr=1.0):
    w = w.copy()
    for n in range(len(X)):
        says_yes = (X[n] * w).sum() + b > 0
        if says_yes and y[n] == 0:
            w -= lr * X[n]
            b -= lr
        elif not says_yes and y[n] == 1:
            w += lr * X[n]
            b += lr
    return w, b


def _with_the_bias_as_a_weight(X, y, w, b, lr=1.0):
    rows, all_weights = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    for row, target in zip(rows, y, strict=True):
        all_weights = all_weights + lr * (target - np.heaviside(row @ all_weights, 0.0)) * row
    return all_weights[:-1], all_weights[-1]


PERCEPTRON_PASS = function(
    "1.3",
    "The perceptron rule, one pass",
    perceptron_pass,
    _lessons,
    outputs=("w", "b"),
    hints=(
        "What does y minus the answer come to, in each of the four ways that the two can meet?",
        (
            "Go through the rows of X and y side by side. For each: the sum, the answer, then both "
            "changes, before the next row is looked at."
        ),
        (
            "The answer is 1 if the sum of this row, with the w and b of this moment, is above "
            "zero. Then w grows by lr times the difference times the row, and b by lr times the "
            "difference."
        ),
    ),
    misconceptions=SLIPS,
    also_right=(_by_cases, _with_the_bias_as_a_weight),
    equivalent={
        "off = y_n - float(w @ x_n + b > 0)": "two vectors have the same product either way",
    },
)
