"""Chapter 3: a test that finds mixed-up examples. `backpropagation.py` says how to add one.

The learner's test knows nothing of the network but the shapes that go in and out. What it can use
is that an example's answer does not depend on its company.
"""

import numpy as np

from nnlib.course.exercises.exercise import Misconception
from nnlib.course.exercises.kinds import fault_finder

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: D103, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 3.4 -------------------------------------------------------------------------------------------


def find_mixing(forward):
    """Raise AssertionError unless forward(X) treats every example alone.

    X has the shape (N, 3), for any N from 1 on; forward(X) has (N, 2).
    """
    rng = np.random.default_rng(0)
    # <solution>
    for N in (1, 3, 6):
        X = rng.normal(size=(N, 3))
        together = forward(X)
        assert together.shape == (N, 2)
        for n in range(N):
            alone = forward(X[n : n + 1])
            assert alone.shape == (1, 2)
            assert np.allclose(alone, together[n])
    # <starter>
    # X = rng.normal(size=(4, 3))
    # assert forward(X).shape == (4, 2)
    # </solution>


_DRAWN = np.random.default_rng(7)
W1, B1 = _DRAWN.normal(size=(5, 3)), _DRAWN.normal(size=5)
W2, B2 = _DRAWN.normal(size=(2, 5)), _DRAWN.normal(size=2)


def network(X):
    return np.tanh(X @ W1.T + B1) @ W2.T + B2


def _centres(X):
    A = np.tanh(X @ W1.T + B1)
    return (A - A.mean(axis=0)) @ W2.T + B2


def _loses_the_axis(X):
    return network(X).squeeze()


def _turns_a_square(X):
    return network(X if X.shape[0] != X.shape[-1] else X.T)


def _works_in_fours(X):
    out = np.zeros((len(X), 2))
    for start in range(0, len(X) - 3, 4):
        out[start : start + 4] = network(X[start : start + 4])
    return out


def _sorts(X):
    out = network(X)
    return out[np.argsort(out[..., 0], axis=0)]


def _leaks_to_the_next(X):
    out = network(X)
    out[1:] += 0.1 * out[:-1]
    return out


FAULTS = {
    "centres": (
        _centres,
        (
            "A network that takes the mean of the batch away from its hidden units gets through. "
            "Whose company would change an example's answer there?"
        ),
    ),
    "loses the axis": (
        _loses_the_axis,
        (
            "A network that answers a batch of one with the shape (2,) gets through. Which batch "
            "shows that, and what do you ask of its answer?"
        ),
    ),
    "turns a square": (
        _turns_a_square,
        (
            "A network that turns its batch round whenever that is square gets through. For which "
            "N is it?"
        ),
    ),
    "works in fours": (
        _works_in_fours,
        (
            "A network that takes four examples at a time and leaves zeros for the rest gets "
            "through. Which batches have a rest, and do you look at all rows?"
        ),
    ),
    "sorts": (
        _sorts,
        (
            "A network that gives its answers back in another order gets through. How do you know "
            "which row of the answer belongs to which example?"
        ),
    ),
    "leaks to the next": (
        _leaks_to_the_next,
        (
            "A network in which every example adds a little to the one after it gets through. "
            "Which rows of a batch have you compared with themselves alone?"
        ),
    ),
}


def _alone(sizes, shapes=True):
    """A test like the solution's, with other batches, or no look at shapes."""

    def test(forward):
        rng = np.random.default_rng(1)
        for N in sizes:
            X = rng.normal(size=(N, 3))
            together = forward(X)
            for n in range(N):
                alone = forward(X[n : n + 1])
                if shapes:
                    assert alone.shape == (1, 2)
                assert np.allclose(alone, together[n])

    return test


def _every_shape(forward):
    for N in (1, 3, 4, 6):
        assert forward(np.random.default_rng(N).normal(size=(N, 3))).shape == (N, 2)


def _shape_of_four(forward):
    assert forward(np.random.default_rng(0).normal(size=(4, 3))).shape == (4, 2)


def _another_order(forward):
    for N in (1, 3, 6):
        X = np.random.default_rng(N).normal(size=(N, 3))
        assert np.allclose(forward(X[::-1]), forward(X)[::-1])


def _beginnings(forward):
    X = np.random.default_rng(0).normal(size=(7, 3))
    whole = forward(X)
    for n in range(1, 8):
        part = forward(X[:n])
        assert part.shape == (n, 2)
        assert np.allclose(part, whole[:n])


def _the_others_stay(forward):
    rng = np.random.default_rng(0)
    for N in (1, 3, 6):
        X = rng.normal(size=(N, 3))
        before = forward(X)
        assert before.shape == (N, 2)
        for n in range(N):
            moved = X.copy()
            moved[n] = rng.normal(size=3)
            others = np.arange(N) != n
            assert np.allclose(forward(moved)[others], before[others])


def _means(forward):
    for N in (1, 3, 6):
        X = np.random.default_rng(N).normal(size=(N, 3))
        alone = [forward(X[n : n + 1]).mean() for n in range(N)]
        assert np.isclose(np.mean(alone), forward(X).mean())


def _expects_a_vector(forward):
    X = np.random.default_rng(0).normal(size=(6, 3))
    assert forward(X[:1]).shape == (2,)


def _equal_examples(forward):
    for N in (1, 3, 6):
        out = forward(np.ones((N, 3)))
        assert out.shape == (N, 2)
        assert np.allclose(out, out[0])


def _in_pieces(forward):
    X = np.random.default_rng(0).normal(size=(9, 3))
    whole = forward(X)
    assert whole.shape == (9, 2)
    for size in (1, 2, 3, 4, 5):
        pieces = [forward(X[i : i + size]) for i in range(0, 9, size)]
        assert all(piece.ndim == 2 for piece in pieces)
        assert np.allclose(np.concatenate(pieces), whole)


FIND_MIXING = fault_finder(
    "3.4",
    "Write the test that finds mixed-up examples",
    find_mixing,
    network,
    FAULTS,
    hints=(
        "You do not know the weights. What do you know of an example's answer, all the same?",
        (
            "An example has one answer, whoever else is in the batch. Ask for it in company and "
            "alone, and compare; and think of batches that are special: one example, a square."
        ),
        (
            "For N = 1, 3 and 6: draw X, call forward on all of it and look at the shape; then for "
            "every n call it on the batch of one, X[n : n + 1], look at that shape too, and "
            "compare with row n."
        ),
    ),
    misconceptions=(
        Misconception(
            "one-shape",
            _shape_of_four,
            "All six get through: the shape of four answers is right in each of them. An answer "
            "is numbers; what could you compare them with, knowing no weights?",
            tempting="A wrong network is expected to show in the shape, and a batch of four is as "
            "good as any.",
        ),
        Misconception(
            "every-shape",
            _every_shape,
            "Only the one that loses the axis is found. Five others give the right shape for every "
            "batch, and wrong numbers in it.",
            tempting="If the shape is right for every size of batch, the examples seem to be kept "
            "apart.",
        ),
        Misconception(
            "another-order",
            _another_order,
            "Only the one that centres gets through. A mean over the batch does not know the "
            "order. What else about an example's company can you change?",
            tempting="If the order of the examples makes no difference, they seem not to know of "
            "each other.",
        ),
        Misconception(
            "beginnings",
            _beginnings,
            "Only the one that leaks to the next example gets through. Whoever stands first has "
            "nobody before it. Have you compared the later rows with the same examples alone?",
            tempting="Cutting the batch short changes every example's company, it seems, and one "
            "row seems to stand for all.",
        ),
        Misconception(
            "the-others-stay",
            _the_others_stay,
            "Only the one that works in fours gets through: a row of zeros stays zero, whoever "
            "else is changed. What should become of the row that was?",
            tempting="Influence means that a change of one example is seen in the others, so that "
            "is where one looks.",
        ),
        Misconception(
            "means-alone",
            _means,
            "You compare means over the batch. A network that returns the right rows in the wrong "
            "order has the right mean.",
            tempting="One number is easier to compare than a whole array.",
        ),
        Misconception(
            "equal-examples",
            _equal_examples,
            "All your examples are the same, so nobody can tell which answer is whose. What sets "
            "one row apart from another?",
            tempting="If all examples are equal, all answers must be, and that is easy to check.",
        ),
        Misconception(
            "any-batch",
            _alone(sizes=(5,), shapes=False),
            "Two get through: the one that loses the axis of a batch of one, and the one that "
            "turns a square batch round. Your rows are compared well; which batches are special, "
            "and does `allclose` look at shapes?",
            tempting="Every example in company and alone, on random numbers: what is left out are "
            "the sizes of batch at which code behaves in another way.",
        ),
        Misconception(
            "no-square",
            _alone(sizes=(1, 2, 6)),
            "Only the one that turns a square batch gets through. An example has three numbers: "
            "for which N is the batch square?",
            tempting="Sizes that all differ are the right habit against wrong transposes, and one "
            "kind of fault shows itself only where they are equal.",
        ),
        Misconception(
            "shape-of-one",
            _alone(sizes=(3, 6), shapes=False),
            "Only the one that loses the axis gets through, with (2,) where (1, 2) should be; and "
            "`allclose` broadcasts. Have you asked with a batch of one, which is no vector, and "
            "looked at the shape of the answer?",
            tempting="Equal numbers are what counts, and `allclose` says that they are equal.",
        ),
        Misconception(
            "expects-a-vector",
            _expects_a_vector,
            "Your test refuses the network that is right: a batch of one has an answer of one row, "
            "(1, 2).",
            tempting="One example has one answer, and the axis of length 1 looks like a leftover.",
        ),
    ),
    also_right=(_in_pieces, _alone(sizes=(1, 2, 3, 4, 5))),
    equivalent={
        "rng = np.random.default_rng(1)": "any draw will do",
        "for N in (2, 3, 6):": "each example is a batch of one as well",
        "for N in (1, 3, 7):": "seven leave a rest of four, as six do",
    },
)
