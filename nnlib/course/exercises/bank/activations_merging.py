"""Chapter 2, activations: two layers that are one. `backpropagation.py` says how to add one."""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 2.1 -------------------------------------------------------------------------------------------


def merge(W1, b1, W2, b2):
    """One layer, W and b, that answers as the two layers do.

    W1 (H, D) and b1 (H,) come first, W2 (K, H) and b2 (K,) after them,
    with no activation between. W is (K, D), b is (K,).
    """
    # <solution>
    return W2 @ W1, W2 @ b1 + b2
    # </solution>


def _pairs(rng: np.random.Generator) -> list[Case]:
    def draw(inputs: int, hidden: int, outputs: int) -> Case:
        first = rng.normal(size=(hidden, inputs)), rng.normal(size=hidden)
        return (*first, rng.normal(size=(outputs, hidden)), rng.normal(size=outputs))

    by_hand = (
        np.array([[2.0], [-1.0]]),
        np.array([1.0, 3.0]),
        np.array([[3.0, 1.0]]),
        np.array([-4.0]),
    )
    return [by_hand, draw(4, 2, 3), draw(2, 5, 4), draw(2, 3, 3), draw(3, 3, 3)]


def _by_asking(W1, b1, W2, b2):
    """What the two layers say at 0 is the bias; what each input adds to it is a column."""

    def both(X):
        return (X @ W1.T + b1) @ W2.T + b2

    D = W1.shape[1]
    b = both(np.zeros((1, D)))[0]
    return (both(np.eye(D)) - b).T, b


MERGE = function(
    "2.1",
    "Two layers that are one",
    merge,
    _pairs,
    outputs=("W", "b"),
    hints=(
        (
            "By how many ways does input d reach output k, and what is it multiplied by on each of "
            "them?"
        ),
        (
            "The ways lead through the hidden units: the sum over h of W2[k, h] times W1[h, d]. "
            "Which product of matrices is that? And what comes out when every input is 0?"
        ),
        (
            "W is the second matrix times the first, in this order. For b, send b1 through the "
            "second layer as if it were its input, bias and all."
        ),
    ),
    misconceptions=(
        Misconception(
            "first-comes-first",
            lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2),
            "The layer that works first stands last in the product: it is nearest to x. Compare "
            "the shapes: which neighbours have to be equal?",
            tempting="We read from left to right, and W1 acts before W2.",
        ),
        Misconception(
            "on-its-side",
            lambda W1, b1, W2, b2: ((W2 @ W1).T, W2 @ b1 + b2),
            "The right numbers, on their side. A layer's weight has a row for each of its units: "
            "how many rows should W have?",
            tempting="The layer multiplies by the transposed weight, so the transposed product "
            "seems to be what is stored.",
        ),
        Misconception(
            "biases-added",
            lambda W1, b1, W2, b2: (W2 @ W1, b1 + b2),
            "The biases are simply added. But what the first layer adds goes through the weights "
            "of the second one, as everything does that it hands on.",
            tempting="The layers follow each other, so their constants seem to pile up.",
        ),
        Misconception(
            "first-bias-lost",
            lambda W1, b1, W2, b2: (W2 @ W1, b2),
            "With every input at 0 your layer says b2. The two layers do not: what does the hidden "
            "layer hand on then?",
            tempting="Only the last bias is added to the output itself.",
        ),
        Misconception(
            "second-bias-lost",
            lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1),
            "b1 is carried through the second layer, as it should be. That layer adds a number of "
            "its own.",
            tempting="Once b1 has been multiplied through, the work on the bias feels done.",
        ),
        Misconception(
            "second-bias-multiplied",
            lambda W1, b1, W2, b2: (W2 @ W1, W2 @ (b1 + b2)),
            "You send b2 through the second layer's weights. It is added after them.",
            tempting="Both biases look alike, so they are put into one bracket.",
        ),
        Misconception(
            "bias-by-the-merged-weight",
            lambda W1, b1, W2, b2: (W2 @ W1, W2 @ W1 @ b1 + b2),
            "b1 is added after W1, so only W2 is still before it.",
            tempting="W is the new weight, so whatever is carried through seems to meet all of it.",
        ),
        Misconception(
            "bias-from-the-left",
            lambda W1, b1, W2, b2: (W2 @ W1, b1 @ W2 + b2),
            "Each of your biases sums over the wrong index of W2. Row k of W2 belongs to output k: "
            "which numbers does it weigh?",
            tempting="With as many outputs as hidden units both orders run, and only one is right.",
        ),
        Misconception(
            "weights-added",
            lambda W1, b1, W2, b2: (W1 + W2, W2 @ b1 + b2),
            "The weights are added. On one way through the network a number is multiplied twice; "
            "only different ways add.",
            tempting="Two layers sound like the sum of two layers.",
        ),
        Misconception(
            "entry-by-entry",
            lambda W1, b1, W2, b2: (W2 * W1, W2 @ b1 + b2),
            "You multiply entries that stand at the same place. A way from input d to output k "
            "uses W1[h, d] and W2[k, h], and there is one for every h.",
            tempting="In NumPy the star is the product that comes to mind.",
        ),
        Misconception(
            "bias-as-a-column",
            lambda W1, b1, W2, b2: (W2 @ W1, (W2 @ b1 + b2)[:, None]),
            "The numbers are right, the bias is a matrix with one column. Added to a batch of "
            "(N, K) it would do something else.",
            tempting="On paper vectors are columns.",
        ),
    ),
    also_right=(
        _by_asking,
        lambda W1, b1, W2, b2: ((W1.T @ W2.T).T, b1 @ W2.T + b2),
        lambda W1, b1, W2, b2: [np.einsum("kh,hd->kd", W2, W1), (W2 * b1).sum(axis=1) + b2],
    ),
)
