"""Chapter 5, backpropagation: a test that finds the bug. `backpropagation.py` says how to add one.

The bugs are of the kind that tests of a backward pass let through: each is right on some inputs,
such as one example, a bias of zeros, or a gradient of ones that arrives.
"""

import numpy as np

from nnlib import numerical_gradient
from nnlib.course.exercises.exercise import Misconception
from nnlib.course.exercises.kinds import fault_finder

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: D103, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 5.4 -------------------------------------------------------------------------------------------


def by_differences(X, W, b, G):
    """The three gradients of a layer tanh(X W^T + b) by central differences; G arrives."""

    def loss(X, W, b):
        return (np.tanh(X @ W.T + b) * G).sum()

    return (
        numerical_gradient(lambda moved: loss(moved, W, b), X),
        numerical_gradient(lambda moved: loss(X, moved, b), W),
        numerical_gradient(lambda moved: loss(X, W, moved), b),
    )


def find_bug(backward):
    """Raise AssertionError unless backward(X, W, b, G) is right."""
    rng = np.random.default_rng(0)
    # <solution>
    for N, D, H in [(4, 3, 2), (3, 3, 3)]:
        X, W = rng.normal(size=(N, D)), rng.normal(size=(H, D))
        b, G = rng.normal(size=H), rng.normal(size=(N, H))
        mine = backward(X, W, b, G)
        nudged = by_differences(X, W, b, G)
        for got, right in zip(mine, nudged, strict=True):
            assert np.allclose(got, right)
    # <starter>
    # X, W = rng.normal(size=(1, 2)), rng.normal(size=(2, 2))
    # b, G = np.zeros(2), np.ones((1, 2))
    # dX, dW, db = backward(X, W, b, G)
    # assert dW.shape == W.shape
    # </solution>


def layer_backward(X, W, b, G):
    dZ = G * (1 - np.tanh(X @ W.T + b) ** 2)
    return dZ @ W, dZ.T @ X, dZ.sum(axis=0)


def _averages_the_bias(X, W, b, G):
    dZ = G * (1 - np.tanh(X @ W.T + b) ** 2)
    return dZ @ W, dZ.T @ X, dZ.mean(axis=0)


def _ignores_what_arrives(X, W, b, G):
    return layer_backward(X, W, b, np.ones(G.shape))


def _transposes_until_it_fits(X, W, b, G):
    dX, dW, db = layer_backward(X, W, b, G)
    dW = dW.T
    return dX, (dW if dW.shape == W.shape else dW.T), db


def _forgets_the_bias(X, W, b, G):
    return layer_backward(X, W, np.zeros(b.shape), G)


def _passes_over_tanh_on_the_way_down(X, W, b, G):
    _, dW, db = layer_backward(X, W, b, G)
    return G @ W, dW, db


def _works_in_place(X, W, b, G):
    G *= 1 - np.tanh(X @ W.T + b) ** 2
    return G @ W, G.T @ X, G.sum(axis=0)


FAULTS = {
    "averages the bias": (
        _averages_the_bias,
        (
            "A backward pass that averages db over the examples gets through. With how many "
            "examples is a mean the same as a sum?"
        ),
    ),
    "ignores what arrives": (
        _ignores_what_arrives,
        "A backward pass that never looks at G gets through. Which G would show that?",
    ),
    "forgets the bias": (
        _forgets_the_bias,
        (
            "A backward pass that leaves b out of the sum under tanh gets through. For which b "
            "does that make no difference?"
        ),
    ),
    "transposes until it fits": (
        _transposes_until_it_fits,
        (
            "A backward pass that turns dW round whenever its shape is not that of W gets through. "
            "For which D and H can it not tell?"
        ),
    ),
    "passes over tanh": (
        _passes_over_tanh_on_the_way_down,
        (
            "A backward pass with a wrong dX gets through. Three gradients come back; how many of "
            "them do you compare, and on values where they would differ?"
        ),
    ),
    "works in place": (
        _works_in_place,
        (
            "A backward pass that overwrites the array G gets through. The caller still needs it. "
            "How would you notice?"
        ),
    ),
}


def _drawn(*shapes, bias=None, arriving=None, scale=1.0):
    """Inputs of every (N, D, H), for tests that are too weak in one way each."""
    rng = np.random.default_rng(0)
    for N, D, H in shapes:
        X, W = scale * rng.normal(size=(N, D)), scale * rng.normal(size=(H, D))
        b = scale * rng.normal(size=H) if bias is None else np.full(H, bias)
        G = rng.normal(size=(N, H)) if arriving is None else np.full((N, H), arriving)
        yield X, W, b, G


def _compares(inputs, places=(0, 1, 2), **tolerances):
    def test(backward):
        for case in inputs():
            expected = by_differences(*case)
            mine = backward(*(array.copy() for array in case))
            for place in places:
                assert np.allclose(mine[place], expected[place], **tolerances)

    return test


def _compares_afterwards(inputs):
    def test(backward):
        for case in inputs():
            mine = backward(*case)
            for got, right in zip(mine, by_differences(*case), strict=True):
                assert np.allclose(got, right)

    return test


BOTH = ((4, 3, 2), (3, 3, 3))


def _only_shapes(backward):
    for X, W, b, G in _drawn(*BOTH):
        dX, dW, db = backward(X, W, b, G)
        assert dX.shape == X.shape
        assert dW.shape == W.shape
        assert db.shape == b.shape


def _refuses_everything(backward):
    for X, W, b, G in _drawn(*BOTH):
        dX, dW, db = backward(X, W, b, G)
        for got, right in zip((dX, dW, db), by_differences(X, W, b, G), strict=True):
            assert np.array_equal(got, right)


def _compares_with_ready_numbers(backward):
    X, W, b, G = next(_drawn((3, 3, 3)))
    kept = X.copy(), W.copy(), b.copy(), G.copy()
    expected = layer_backward(*kept)
    mine = backward(X, W, b, G)
    assert all(map(np.allclose, mine, expected))
    assert all(map(np.array_equal, (X, W, b, G), kept))


FIND_BUG = fault_finder(
    "5.4",
    "Write the test that finds the bug",
    find_bug,
    layer_backward,
    FAULTS,
    hints=(
        (
            "On which inputs would a wrong backward pass give the right answer by accident? The "
            "starter's are some of those."
        ),
        (
            "Compare all three results with differences. Several examples, sizes that differ, then "
            "sizes that are equal, and nothing that is all zeros or all ones."
        ),
        (
            "Two rounds, one with (N, D, H) all different and one with all equal; X, W, b and G "
            "drawn at random; call backward, then by_differences on the same arrays, and assert "
            "that each pair is close."
        ),
    ),
    misconceptions=(
        Misconception(
            "shapes-alone",
            _only_shapes,
            "All six bugs get through: each of them gives the right shapes, and none stops with an "
            "error. What would a wrong number have to be compared with?",
            tempting="Shapes are what fails most often in NumPy, so a test of shapes has found "
            "many bugs before.",
        ),
        Misconception(
            "exact-equality",
            _refuses_everything,
            "Your test refuses the correct backward pass as well. Differences agree with it in "
            "many digits and never in all. How close is close enough?",
            tempting="Two ways to compute one number should give one number.",
        ),
        Misconception(
            "one-example",
            _compares_afterwards(lambda: _drawn((1, 3, 2), (1, 3, 3))),
            "Only the averaged db gets through. With how many examples is a mean the same as a "
            "sum? And do you compare db?",
            tempting="A single example can be checked by hand, and a small test is easy to trust.",
        ),
        Misconception(
            "ones-arrive",
            _compares_afterwards(lambda: _drawn(*BOTH, arriving=1.0)),
            "Only the one that never looks at G gets through. With a G of ones, it is right.",
            tempting="When a loss is a plain sum, ones are what arrives, and first examples tend "
            "to be plain sums.",
        ),
        Misconception(
            "no-bias",
            _compares_afterwards(lambda: _drawn(*BOTH, bias=0.0)),
            "Only the one that leaves out b gets through. With a b of zeros, nobody can tell.",
            tempting="Layers begin with biases of zero, so zeros are a natural choice for a test.",
        ),
        Misconception(
            "rectangles-alone",
            _compares_afterwards(lambda: _drawn((4, 3, 2), (2, 5, 3))),
            "Only the one that turns dW round until it fits gets through. When does a matrix fit "
            "both ways? And do you compare entry by entry?",
            tempting="Sizes that all differ catch every mixed-up axis, so they seem to be the "
            "strictest choice there is.",
        ),
        Misconception(
            "parameters-alone",
            _compares(lambda: _drawn(*BOTH), places=(1, 2)),
            "A wrong dX and a spoilt G get through. The layer below lives on dX, and the caller "
            "needs G as it was.",
            tempting="Training moves W and b and nothing else, so their gradients seem to be all "
            "that matters.",
        ),
        Misconception(
            "weights-alone",
            _compares(lambda: _drawn(*BOTH), places=(1,)),
            "It looks as if only dW were compared. Two other gradients come back.",
            tempting="Nearly all parameters are weights, and dW is the formula that is easiest to "
            "get wrong.",
        ),
        Misconception(
            "caller's-arrays",
            _compares(lambda: _drawn(*BOTH)),
            "Your numbers are compared well. But backward may do what it likes with the arrays "
            "you hand over, and you never look at them again.",
            tempting="A function that returns its results looks as if it left its arguments alone.",
        ),
        Misconception(
            "tiny-values",
            _compares(lambda: _drawn(*BOTH, scale=1e-3), atol=1e-3),
            "Your values are so small that tanh is almost a straight line, and your tolerance is "
            "wider than its bend.",
            tempting="Small numbers keep every unit away from its flat ends, and a generous "
            "tolerance seems to be a safe one.",
        ),
    ),
    also_right=(
        _compares_afterwards(lambda: _drawn(*BOTH)),
        _compares_with_ready_numbers,
    ),
    equivalent={
        "rng = np.random.default_rng(1)": "any draw will do",
        "for N, D, H in [(5, 3, 2), (3, 3, 3)]:": "still all different, then W square",
        "for N, D, H in [(4, 4, 2), (3, 3, 3)]:": "W is still a rectangle, then square",
        "for N, D, H in [(4, 3, 3), (3, 3, 3)]:": "what is found on a rectangle is found on these",
        "for N, D, H in [(4, 3, 2), (4, 3, 3)]:": "W is still square in the second round",
    },
)
