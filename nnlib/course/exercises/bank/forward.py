"""Chapter 3, forward propagation: its exercises. `backpropagation.py` says how to add one.

3.1 stands here, and how it goes wrong in `forward_slips.py`. The others, in this order, are in
`forward_sizes.py`, `forward_scale.py`, `forward_faults.py` and `forward_changes.py`.
"""

from itertools import pairwise

import numpy as np

from nnlib.course.exercises.bank.forward_changes import CHANGES
from nnlib.course.exercises.bank.forward_faults import FIND_MIXING
from nnlib.course.exercises.bank.forward_scale import INITIAL_WEIGHTS
from nnlib.course.exercises.bank.forward_sizes import LAYER_SHAPES
from nnlib.course.exercises.bank.forward_slips import SLIPS
from nnlib.course.exercises.exercise import Case
from nnlib.course.exercises.kinds import function

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 3.1 -------------------------------------------------------------------------------------------


def forward(params, X):
    """What the network answers: one row for each example, (N, K).

    params is a list with a pair (W, b) for each layer; W has a row for each
    unit, b a number for each. X (N, D) has a row for each example. ReLU
    stands between the layers, and not after the last.
    """
    # <solution>
    A = X
    for W, b in params[:-1]:
        A = np.maximum(A @ W.T + b, 0)
    W, b = params[-1]
    return A @ W.T + b  # (3.1)
    # </solution>


def _networks(rng: np.random.Generator) -> list[Case]:
    def draw(examples: int, *sizes: int) -> Case:
        params = [(rng.normal(size=(b, a)), rng.normal(size=b)) for a, b in pairwise(sizes)]
        return params, rng.normal(size=(examples, sizes[0]))

    # Small enough for a pencil: the hidden units are ReLU(x + 1) and ReLU(-x).
    first = (np.array([[1.0], [-1.0]]), np.array([1.0, 0.0]))
    second = (np.array([[1.0, 2.0]]), np.array([-4.0]))
    return [
        ([first, second], np.array([[2.0], [-3.0], [0.5]])),
        draw(5, 3, 4, 2),
        draw(4, 2, 6, 3, 5),
        draw(6, 4, 3),
        draw(3, 3, 3, 3),
    ]


def _by_recursion(params, X):
    (W, b), rest = params[0], params[1:]
    Z = np.dot(X, W.T) + b
    return _by_recursion(rest, np.where(Z > 0, Z, 0)) if rest else Z


def _with_examples_in_columns(params, X):
    A = X.T
    for i, (W, b) in enumerate(params):
        A = W @ A + b[:, None]
        if i < len(params) - 1:
            A = A * (A > 0)
    return A.T


def _example_by_example(params, X):
    rows = []
    for x in X:
        a = x
        for i, (W, b) in enumerate(params):
            if i > 0:
                a = np.maximum(a, 0)
            a = np.array([w @ a + bias for w, bias in zip(W, b, strict=True)])
        rows.append(a)
    return rows


FORWARD = function(
    "3.1",
    "A network of any depth",
    forward,
    _networks,
    hints=(
        "What goes into the second layer? And what is done to every layer's sums but the last's?",
        "Keep one array that each layer replaces by its own result; the last layer goes by itself.",
        (
            "Begin with A = X. For each pair but the last: the product with W turned round, plus "
            "b, and negative numbers become 0. Then the last pair in the same way, without that."
        ),
    ),
    misconceptions=SLIPS,
    also_right=(_by_recursion, _with_examples_in_columns, _example_by_example),
)

EXERCISES = (FORWARD, LAYER_SHAPES, INITIAL_WEIGHTS, FIND_MIXING, CHANGES)
