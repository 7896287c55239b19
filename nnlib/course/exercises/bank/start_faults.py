"""Chapter 0, start here: a mean that is taken over N times N differences, without a word.

`backpropagation.py` says how to add an exercise.
"""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import debug

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 0.3 -------------------------------------------------------------------------------------------


def mean_squared_error(X, W, y):
    """The mean of (prediction - y)**2 over the N examples: one number.

    X is (N, D), W is (1, D); y holds N numbers, as (N,) or as (N, 1).
    """
    # <solution>
    prediction = X @ W.T
    return ((prediction.ravel() - y.ravel()) ** 2).mean()
    # <starter>
    # prediction = X @ W.T
    # return ((prediction - y) ** 2).mean()
    # </solution>


def _batches(rng: np.random.Generator) -> list[Case]:
    def draw(examples: int, inputs: int, *more: int) -> Case:
        sizes = [(examples, inputs), (1, inputs), (examples, *more)]
        return tuple(rng.normal(size=size) for size in sizes)

    by_hand = np.array([[1.0, 2.0, 0.0], [2.0, 1.0, 1.0]])
    return [
        (by_hand, np.ones((1, 3)), np.array([3.0, 6.0])),
        (by_hand, np.ones((1, 3)), np.array([[3.0], [6.0]])),
        draw(5, 3, 1),
        draw(4, 2),
        draw(3, 3),
        draw(4, 4, 1),
    ]


def _small(_: np.random.Generator) -> list[Case]:
    one_example = np.array([[1.0, 2.0, 0.0]]), np.ones((1, 3)), np.array([5.0])
    one_input = np.array([[1.0], [0.0], [2.0], [4.0], [3.0], [5.0]]), np.array([[2.0]])
    return [one_example, (*one_input, np.arange(6.0))]


def _of(differences, end=np.mean):
    """Square what `differences(prediction, y)` gives, the prediction as (N, 1), and `end` it."""
    return lambda X, W, y: end(differences(X @ W.T, y) ** 2)


def _flat(prediction, y):
    return prediction.ravel() - y.ravel()


def _by_loop(X, W, y):
    total = 0
    for x, target in zip(X, y.ravel(), strict=True):
        total += (sum(x * W[0]) - target) ** 2
    return total / len(X)


def _dot(X, W, y):
    r = X @ W[0] - y.ravel()
    return r @ r / r.size


MEAN_SQUARED_ERROR = debug(
    "0.3",
    "Too many differences",
    mean_squared_error,
    cases=_batches,
    hints=(
        "What shape has the prediction, what shape has y, and what shape has their difference?",
        (
            "y may come in two shapes, and the prediction has one. How can they be brought to the "
            "same shape before anything is subtracted?"
        ),
        (
            "`.ravel()` lays the numbers of an array out along one axis: (N, 1) becomes (N,), and "
            "(N,) stays. Where is it needed?"
        ),
    ),
    misconceptions=(
        Misconception(
            "as-it-came",
            _of(lambda p, y: p - y),
            "The mean is taken over N times N differences: every prediction against every y. Look "
            "at the shape of the difference when y is (N,).",
            "It runs, it gives one number of a likely size, and for y of shape (N, 1) it is even "
            "right.",
        ),
        Misconception(
            "one-side",
            _of(lambda p, y: p.reshape(-1) - y),
            "For y of shape (N,) it is right now. For y of shape (N, 1) every prediction meets "
            "every y, which was right before. What do the two cases need in common?",
            "One array had an axis too many, or the other one too few, so that one is brought into "
            "line.",
        ),
        Misconception(
            "turned-y",
            _of(lambda p, y: p - y.T),
            "Whatever y was, it is a row now, and the prediction is still a column: each of them "
            "meets each of the others. (Turning an array with one axis changes nothing.)",
            "A row against a column: turning one of them looks like the cure.",
        ),
        Misconception(
            "no-turn",
            lambda X, W, y: ((X @ W - y) ** 2).mean(),
            "X is (N, D) and W is (1, D). Which lengths have to be equal in a product?",
            "Books write W x, or x W, and leave it to the reader to turn what has to be turned.",
        ),
        Misconception(
            "number-by-number",
            lambda X, W, y: ((X * W - y) ** 2).mean(),
            "`*` goes number by number and adds nothing up. A prediction is one number for each "
            "example.",
            "To weigh is to multiply, and in school the sign for that is the same everywhere.",
        ),
        Misconception(
            "the-diagonal",
            _of(lambda p, y: np.diagonal(p - y)),
            "Where y is (N,), the wanted differences do stand on the diagonal of an N by N table. "
            "For y of shape (N, 1) there is no such table.",
            "The right differences are in the table, and one can see where.",
        ),
        Misconception(
            "table-over-n",
            lambda X, W, y: ((X @ W.T - y) ** 2).sum() / len(y),
            "Where y is (N,), N times N squares are added up and divided by N. It is the "
            "differences that are too many.",
            "The mean seemed to divide by the wrong number, so it is written out.",
        ),
        Misconception(
            "mean-over-n",
            lambda X, W, y: ((X @ W.T - y) ** 2).mean() / len(y),
            "A mean has divided by the number of squares already. For y of shape (N,) there are N "
            "times N of them, and no divisor takes the wrong ones out.",
            "There are N times too many differences, so dividing by N once more looks fair.",
        ),
        Misconception(
            "one-axis",
            _of(lambda p, y: p - y, lambda squares: squares.mean(axis=0)),
            "One number should come out. A mean along an axis leaves the other axis.",
            "The examples are axis 0, so that is the one to average over.",
        ),
        Misconception(
            "first-only",
            _of(lambda p, y: p[0] - y),
            "The first prediction is compared with every y.",
            "The prediction comes wrapped in brackets, and taking entry 0 takes brackets off.",
        ),
        Misconception(
            "sum",
            _of(_flat, np.sum),
            "The differences are right. They are added up and not averaged, so the number grows "
            "with the batch.",
            "Squares are summed in many textbooks.",
        ),
        Misconception(
            "root",
            _of(_flat, lambda squares: np.sqrt(squares.mean())),
            "That is the root of what was asked for.",
            "The root is in the units of y, and therefore easier to read.",
        ),
        Misconception(
            "half",
            _of(_flat, lambda squares: squares.mean() / 2),
            "That is half of the mean.",
            "Some books put a half in front, so that the slope has no 2 in it.",
        ),
        Misconception(
            "square-last",
            lambda X, W, y: _flat(X @ W.T, y).mean() ** 2,
            "The mean was squared. Too high and too low have cancelled before that: is each "
            "difference squared on its own?",
            "The words mean, squared and error can be done in the order in which they are read.",
        ),
        Misconception(
            "no-square",
            lambda X, W, y: _flat(X @ W.T, y).mean(),
            "Too high and too low cancel here. What makes every difference count as a mistake?",
            "While one repairs the shapes, the square is easily lost.",
        ),
        Misconception(
            "absolute",
            lambda X, W, y: np.abs(_flat(X @ W.T, y)).mean(),
            "That is the mean distance: 1 and 3 count as 4, where their squares count as 10.",
            "The forecast at the head of the chapter was judged in this way.",
        ),
        Misconception(
            "each-on-its-own",
            _of(_flat, np.asarray),
            "These are the squares. One number should come out, their mean.",
            "Once the shapes agree, the work seems done.",
        ),
    ),
    stress=_small,
    also_right=(
        _by_loop,
        _dot,
        _of(lambda p, y: p - y.reshape(p.shape)),
        _of(lambda p, y: np.squeeze(p) - np.squeeze(y)),
        _of(lambda p, y: p - y.reshape(-1, 1)),
    ),
    equivalent={
        "return ((y.ravel() - prediction.ravel()) ** 2).mean()": "the square is the same",
    },
)
