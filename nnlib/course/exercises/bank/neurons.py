"""Chapter 1, neurons: its exercises. `backpropagation.py` says how to add one.

1.2 is in `neurons_gates.py`, 1.3 in `neurons_rule.py`, 1.4 in `neurons_faults.py`, 1.5 in
`neurons_questions.py`.
"""

import numpy as np

from nnlib.course.exercises.bank.neurons_faults import LAYER
from nnlib.course.exercises.bank.neurons_gates import GATES
from nnlib.course.exercises.bank.neurons_questions import PREDICTIONS
from nnlib.course.exercises.bank.neurons_rule import PERCEPTRON_PASS
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 1.1 -------------------------------------------------------------------------------------------


def neuron(x, w, b):
    """The weighted sum of one input, or of each of many.

    x is one input (D,) or a batch (N, D), w is (D,), b is a number.
    Returns a number for one input, an array (N,) for a batch.
    """
    # <solution>
    return x @ w + b  # (1.1)
    # </solution>


def _inputs(rng: np.random.Generator) -> list[Case]:
    def draw(*shape: int) -> Case:
        return rng.normal(size=shape), rng.normal(size=shape[-1]), float(rng.normal()) + 2

    w = np.array([0.75, 1.0])
    return [
        (np.array([2.0, 2.0]), w, -6.0),
        (np.array([[2.0, 2.0], [8.0, 6.0], [4.0, 3.0]]), w, -6.0),
        (np.array([[1.0, 2.0], [3.0, 1.0]]), np.array([1.0, -1.0]), 0.5),
        draw(5),
        draw(4, 3),
        draw(3, 3),
    ]


def _batch_of_one(_: np.random.Generator) -> list[Case]:
    return [(np.array([[2.0, 2.0]]), np.array([0.75, 1.0]), -6.0)]


def _as_a_column(x, w, b):
    return x @ w[:, None] + b


def _by_loops(x, w, b):
    if x.ndim == 2:
        return np.array([_by_loops(row, w, b) for row in x])
    total = b
    for x_d, w_d in zip(x, w, strict=True):
        total += x_d * w_d
    return total


NEURON = function(
    "1.1",
    "A neuron, for one input and for many",
    neuron,
    _inputs,
    hints=(
        "Which axis disappears, if every example is to end as one number?",
        (
            "Multiply in pairs and add: NumPy has one sign for both steps. It takes the last axis "
            "of what stands on its left, so one input and a batch need no different lines."
        ),
        "The product of x and w by that sign, with x on the left; then add b, once.",
    ),
    misconceptions=(
        Misconception(
            "no-bias",
            lambda x, w, b: x @ w,
            "The products are added, and the bias is not. Where would the line lie without it?",
            "The sum of products is the long part of the formula, and the bias looks like a "
            "detail at its end.",
        ),
        Misconception(
            "minus-bias",
            lambda x, w, b: x @ w - b,
            "The bias is subtracted. With a bias of −6, is the sum larger or smaller than without?",
            "Told as a threshold, the number is what the sum has to exceed, and a threshold is "
            "subtracted.",
        ),
        Misconception(
            "bias-to-every-product",
            lambda x, w, b: (x * w + b).sum(axis=-1),
            "Every product gets a bias of its own, so with D inputs it is added D times. A neuron "
            "has one.",
            "Adding the number inside the sum looks the same as adding it outside, until there is "
            "more than one input.",
        ),
        Misconception(
            "bias-to-every-input",
            lambda x, w, b: (x + b) @ w,
            "The inputs are shifted before they are weighed, so each weight multiplies the bias "
            "too. Which comes first, adding the products or adding the bias?",
            "A bias shifts, and shifting the inputs seems to be the same shift.",
        ),
        Misconception(
            "bias-weighed",
            lambda x, w, b: x @ w * b,
            "The sum is multiplied by the bias. What would a neuron with the bias 0 be able to "
            "say?",
            "Everything else in a neuron is multiplied, so it is easy to multiply once more.",
        ),
        Misconception(
            "not-added",
            lambda x, w, b: x * w + b,
            "You still have one product for each input. A neuron hands on a single number for an "
            "example.",
            "In NumPy * is the sign for a product, and it works on whole arrays without complaint.",
        ),
        Misconception(
            "all-in-one",
            lambda x, w, b: (x * w).sum() + b,
            "A whole batch came out as one number: the examples are added together too. Along "
            "which axis do the numbers of one example lie?",
            "For one input it is right, and a sum without an axis looks like the sum in the "
            "formula.",
        ),
        Misconception(
            "over-the-examples",
            lambda x, w, b: (x * w).sum(axis=0) + b,
            "The sum runs down the columns: it adds what different visitors have in common, and "
            "keeps the inputs apart. It should be the other way round.",
            "Axis 0 is right for one input, which has no other axis.",
        ),
        Misconception(
            "mean",
            lambda x, w, b: (x * w).mean(axis=-1) + b,
            "The products are averaged. A neuron adds them, however many there are.",
            "A weighted mean is the weighted sum that one knows from school.",
        ),
        Misconception(
            "weights-first",
            lambda x, w, b: w @ x + b,
            "With one input the order does not matter. With a batch, the weights now meet the "
            "columns: the first number of every example, the second, and so on.",
            "The formula is written w · x, and for one input either order gives the same number.",
        ),
        Misconception(
            "one-by-one",
            lambda x, w, b: x[0] * w[0] + x[1] * w[1] + b,
            "That is a neuron with exactly two inputs, taken out by hand. How many are there, and "
            "what is x[0] when x is a batch?",
            "The worked example has two inputs, and for that one visitor it gives the right "
            "number.",
        ),
        Misconception(
            "column",
            _as_a_column,
            "The numbers are right, but they stand in an axis of their own at the end. One neuron "
            "gives one number for each example.",
            "A product with a matrix seems to need a matrix on the right, so the weights are made "
            "a column first.",
        ),
        Misconception(
            "answer-not-sum",
            lambda x, w, b: (x @ w + b > 0).astype(float),
            "That is yes or no, 1 or 0. Asked for is the sum itself, which says how clearly.",
            "In the shop only the answer matters, so it seems natural to go on to it at once.",
        ),
        Misconception(
            "squashed",
            lambda x, w, b: 1 / (1 + np.exp(-(x @ w + b))),
            "Your numbers lie between 0 and 1: something is applied to the sum. Here the sum "
            "itself is asked for; what comes after it is chapter 2.",
            "Whoever has seen a network before knows that something is applied to the sum.",
        ),
        Misconception(
            "batches-only",
            lambda x, w, b: np.array([row @ w + b for row in x]),
            "A batch goes well. A single input has no rows: whoever goes through it gets its "
            "numbers, one by one. Is there a line that needs no loop?",
            "A loop over the examples is the plain reading of `for each of many`.",
        ),
        Misconception(
            "axis-one",
            lambda x, w, b: (x * w).sum(axis=1) + b,
            "For a batch that is the right axis. A single input has only one axis. How do you "
            "name the last axis, whatever the number of axes?",
            "In a batch the numbers of an example lie along axis 1, as chapter 0 has it.",
        ),
        Misconception(
            "one-input-only",
            lambda x, w, b: float(x @ w + b),
            "One number comes out for one input. For a batch there is one number for each "
            "example, and they do not fit into one.",
            "The worked example ends in one number, and float makes it a plain one.",
        ),
        Misconception(
            "compared-with-the-bias",
            lambda x, w, b: (x @ w > b).astype(float),
            "You compare the sum of products with the bias. The bias is added; and asked for is "
            "the sum, not the answer.",
            "A bar that has to be cleared is what one compares with, and the bias was said to be "
            "how hard the neuron is to convince.",
        ),
        Misconception(
            "nothing-below-zero",
            lambda x, w, b: np.maximum(x @ w + b, 0),
            "Negative sums have become zero. They are a no, and how clear a no they are is part "
            "of what is asked for.",
            "A no is written as 0, so it seems that nothing below zero can matter.",
        ),
        Misconception(
            "distance",
            lambda x, w, b: (x @ w + b) / np.linalg.norm(w),
            "You divide by the length of the weights. That gives how far a point is from the "
            "line, not what the neuron adds up.",
            "The sum tells on which side of the line a point is, and so it is easily taken for "
            "the distance.",
        ),
    ),
    stress=_batch_of_one,
    also_right=(
        _by_loops,
        lambda x, w, b: (x * w).sum(axis=-1) + b,
        lambda x, w, b: np.dot(x, w) + b,
        lambda x, w, b: w @ x.T + b,
        lambda x, w, b: np.einsum("...d,d->...", x, w) + b,
        lambda x, w, b: np.concatenate([x, np.ones((*x.shape[:-1], 1))], axis=-1) @ np.append(w, b),
    ),
)

EXERCISES = (NEURON, GATES, PERCEPTRON_PASS, LAYER, PREDICTIONS)
