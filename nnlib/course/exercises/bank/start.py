"""Chapter 0, start here: its exercises.

0.1 stands in `start_shapes.py`, 0.3 in `start_faults.py`; `backpropagation.py` says how to add one.
"""

import numpy as np

from nnlib.course.exercises.bank.start_faults import MEAN_SQUARED_ERROR
from nnlib.course.exercises.bank.start_shapes import PREDICTIONS
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 0.2 -------------------------------------------------------------------------------------------


def standardise(X):
    """X (N, D) with mean 0 and deviation 1 in each column: shape (N, D).

    A column whose numbers are all equal becomes zeros.
    """
    # <solution>
    deviation = X.std(axis=0)
    constant = X.max(axis=0) == X.min(axis=0)
    return (X - X.mean(axis=0)) / np.where(constant, 1, deviation)
    # </solution>


def _tables(rng: np.random.Generator) -> list[Case]:
    by_hand = np.array([[1.0, 0.0], [1.0, 6.0], [3.0, 6.0], [3.0, 0.0]])
    shapes = [(5, 3), (3, 4), (3, 3)]
    scale = np.array([1.0, 4.0, 0.5, 2.0])
    drawn = [rng.normal(size=(n, d)) * scale[:d] + rng.normal(size=d) for n, d in shapes]
    return [(by_hand,), *((X,) for X in drawn)]


def _constant_columns(_: np.random.Generator) -> list[Case]:
    return [
        (np.array([[2.0, 5.0], [4.0, 5.0], [6.0, 5.0]]),),
        (np.array([[2.0, 0.1], [4.0, 0.1], [6.0, 0.1]]),),  # their mean is not quite 0.1
        (np.arange(9.0)[None, :],),  # one row: every column is constant
    ]


def _by(centre, spread):
    """A table shifted by `centre(X)` and scaled by `spread(X)`, constant columns as they should."""

    def scaled(X):
        constant = X.max(axis=0) == X.min(axis=0)
        return (X - centre(X)) / np.where(constant, 1, spread(X))

    return scaled


def _mean(X):
    return X.mean(axis=0)


def _std(X):
    return X.std(axis=0)


def _guarded(fill):
    """The solution, but a column without deviation becomes what `fill(X)` says."""

    def scaled(X):
        deviation = X.std(axis=0)
        safe = np.where(deviation == 0, 1, deviation)
        return np.where(deviation == 0, fill(X), (X - X.mean(axis=0)) / safe)

    return scaled


def _column_by_column(X):
    out = np.zeros(X.shape)
    for d in range(X.shape[1]):
        column = X[:, d]
        differences = column - sum(column) / len(column)
        deviation = (sum(differences**2) / len(column)) ** 0.5
        if len(set(column)) > 1:
            out[:, d] = differences / deviation
    return out


def _a_little_more(X):
    return (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-8)


def _with_keepdims_and_a_threshold(X):
    centred = X - X.mean(axis=0, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=0, keepdims=True))
    deviation[deviation < 1e-12] = 1
    return centred / deviation


def _columns_as_rows(X):
    return np.array([(c - c.mean()) / (c.std() if c.max() > c.min() else 1) for c in X.T])


def _nothing_if_any_is_constant(X):
    if (X.std(axis=0) == 0).any():
        return np.zeros_like(X)
    return (X - X.mean(axis=0)) / X.std(axis=0)


def _if_of_a_whole_array(X):
    if X.std(axis=0) == 0:
        return 0 * X
    return (X - X.mean(axis=0)) / X.std(axis=0)


def _stacked_again(X):
    """Column by column, with zeros for a constant one, and stacked side by side."""
    columns = [(c - c.mean()) / c.std() if np.any(c != c[0]) else 0 * c for c in X.T]
    return np.stack(columns, axis=1)


def _in_float32_where_it_varies(table):
    table = table.astype(np.float32)
    varies = (table != table[0]).any(axis=0)
    out = np.zeros_like(table)
    out[:, varies] = table[:, varies] - table[:, varies].mean(axis=0)
    out[:, varies] /= table[:, varies].std(axis=0)
    return out


STANDARDISE = function(
    "0.2",
    "One scale for every column",
    standardise,
    _tables,
    hints=(
        "A table (N, D) has D columns. How many means and how many deviations are needed?",
        (
            "The axis that a mean runs along is the one that goes. Which has to go, so that D "
            "numbers stay? And what is a column without any spread divided by?"
        ),
        (
            "`np.where(constant, 1, deviation)` takes 1 where `constant` is true and the deviation "
            "elsewhere. A column is constant where `X.max(axis=0)` equals `X.min(axis=0)`."
        ),
    ),
    misconceptions=(
        Misconception(
            "whole-table",
            lambda X: (X - X.mean()) / X.std(),
            "One mean and one deviation serve the whole table, so degrees are mixed with "
            "millimetres. How many means should there be?",
            "A mean without an axis runs without complaint, and the table does come out with mean "
            "0 and deviation 1, as a whole.",
        ),
        Misconception(
            "rows",
            lambda X: (
                (X - X.mean(axis=1, keepdims=True))
                / np.where(X.std(axis=1, keepdims=True) == 0, 1, X.std(axis=1, keepdims=True))
            ),
            "Each row was put on one scale, and a row holds numbers of different kinds. Which axis "
            "runs down a column?",
            "Axis 1 is the columns, so naming it reads like asking for each column.",
        ),
        Misconception(
            "rows-without-keepdims",
            lambda X: (X - X.mean(axis=1)) / X.std(axis=1),
            "There is one mean for each row here, and it lines up with the columns. Which axis "
            "should go, so that one mean for each column is left?",
            "One mean for each row, subtracted from each row: so it reads, and nothing in the line "
            "says what lines up with what.",
        ),
        Misconception(
            "without-a-guard",
            lambda X: (X - X.mean(axis=0)) / X.std(axis=0),
            "Where all numbers of a column are equal, its deviation is 0, and 0 / 0 is nan: not a "
            "number. What could such a column be divided by instead?",
            "It is the formula as every book has it, and real columns are seldom constant, until "
            "one is: a pixel in the corner of every image.",
        ),
        Misconception(
            "deviation-not-quite-zero",
            _guarded(lambda X: 0),
            "A column of 0.1 came out far from zero. Its mean is off by the last digit, so its "
            "deviation is tiny and not 0. How else can one see that all its numbers are equal?",
            "Equal numbers have deviation 0, on paper.",
        ),
        Misconception(
            "constant-left-alone",
            _guarded(lambda X: X),
            "A column of equal numbers kept its old numbers. Its mean can be subtracted, even if "
            "there is nothing to divide by.",
            "What has no spread has no scale, so leaving it alone seems the careful thing.",
        ),
        Misconception(
            "constant-becomes-one",
            _guarded(lambda X: 1),
            "A column of equal numbers became ones. It lies nowhere but on its mean, and the mean "
            "moves to 0.",
            "Something divided by itself is one.",
        ),
        Misconception(
            "drops-the-constant",
            lambda X: ((X - X.mean(axis=0)) / X.std(axis=0))[:, X.max(axis=0) > X.min(axis=0)],
            "A column is missing. Whoever uses the table counts on its D columns.",
            "A column that never changes says nothing, so one may as well leave it out.",
        ),
        Misconception(
            "adds-one",
            lambda X: (X - X.mean(axis=0)) / (X.std(axis=0) + 1),
            "The 1 that keeps you from dividing by zero is added to every deviation, so no column "
            "comes out with deviation 1.",
            "Adding something to a divisor is a known way to keep it from being zero; here it must "
            "be very small, or only where it is needed.",
        ),
        Misconception(
            "adds-too-much",
            lambda X: (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-3),
            "Every column comes out a little too narrow: what you add to the deviation so that it "
            "is never 0 is large enough to be seen.",
            "A thousandth looks like nothing; beside a deviation of a half it is the third digit.",
        ),
        Misconception(
            "at-least-one",
            lambda X: (X - X.mean(axis=0)) / np.maximum(X.std(axis=0), 1),
            "A column whose deviation is less than 1 was not divided at all. It should come out "
            "with deviation 1 as well: only a column without any spread is an exception.",
            "A lower bound keeps the divisor away from zero, and 1 is the number that does no harm "
            "to a constant column.",
        ),
        Misconception(
            "one-constant-empties-all",
            _nothing_if_any_is_constant,
            "One column is constant, and the whole table became zeros. The other columns still "
            "have a spread of their own.",
            "A function is used to one answer for its whole input, so an exception for one column "
            "becomes one for all.",
        ),
        Misconception(
            "if-of-many",
            _if_of_a_whole_array,
            "There is a deviation for every column, so the question whether it is 0 has as many "
            "answers, and an `if` wants one. What chooses number by number?",
            "An `if` is how Python makes an exception, and for a single column it would do.",
        ),
        Misconception(
            "columns-became-rows",
            _columns_as_rows,
            "The numbers are right, but what were columns are rows now. A loop over the turned "
            "table gives its pieces one below the other.",
            "Turning the table is the shortest way to take it column by column, and that it has to "
            "be turned back is soon forgotten.",
        ),
        Misconception(
            "median",
            _by(lambda X: np.median(X, axis=0), _std),
            "You subtract the middle number of each column. Its mean is another one wherever the "
            "numbers lie further off on one side.",
            "The median is a centre too, and a careful one: extreme numbers do not move it.",
        ),
        Misconception(
            "from-the-first-row",
            _by(lambda X: X[0], _std),
            "Your first row consists of zeros: all is measured from there. Where should the zero "
            "of a column lie?",
            "A change is often measured from where one began.",
        ),
        Misconception(
            "sample-deviation",
            _by(_mean, lambda X: X.std(axis=0, ddof=1) if len(X) > 1 else 1),
            "You divide the squares by N − 1. That estimates the deviation of a population from a "
            "sample; here the deviation of these very numbers should come out as 1.",
            "Statistics courses and spreadsheets divide by N − 1, and so do some libraries unless "
            "told otherwise.",
        ),
        Misconception(
            "only-centred",
            lambda X: X - X.mean(axis=0),
            "Every column has mean 0 now. Their spread is still what it was.",
            "Subtracting the mean already makes the columns comparable at a glance.",
        ),
        Misconception(
            "only-scaled",
            _by(lambda X: 0, _std),
            "Every column has deviation 1 now. Its mean is still somewhere else.",
            "One scale is asked for, and to scale is to divide.",
        ),
        Misconception(
            "variance",
            _by(_mean, lambda X: X.var(axis=0)),
            "You divide by the mean of the squares. The deviation is its root.",
            "The variance measures the spread as well, and has a method just like the others.",
        ),
        Misconception(
            "mean-distance",
            _by(_mean, lambda X: np.abs(X - X.mean(axis=0)).mean(axis=0)),
            "You divide by the mean distance from the mean. The standard deviation squares the "
            "distances first and takes a root in the end.",
            "How far numbers lie from their mean, on average: that is nearly what the words say.",
        ),
        Misconception(
            "from-zero-to-one",
            _by(lambda X: X.min(axis=0), lambda X: X.max(axis=0) - X.min(axis=0)),
            "Your columns run from 0 to 1. Asked for are columns with mean 0 and deviation 1.",
            "It is the other usual scale, and just as good for many purposes.",
        ),
        Misconception(
            "range",
            _by(_mean, lambda X: X.max(axis=0) - X.min(axis=0)),
            "You divide by the distance from the smallest to the largest number. One extreme "
            "number decides it; the deviation asks all of them.",
            "The range is the plainest measure of spread.",
        ),
        Misconception(
            "length",
            _by(_mean, lambda X: np.sqrt(((X - X.mean(axis=0)) ** 2).sum(axis=0))),
            "The squares are added up. For a deviation they are averaged, so that it does not grow "
            "with the number of rows.",
            "A root of a sum of squares is the length of a column, and looks nearly the same.",
        ),
        Misconception(
            "divides-first",
            lambda X: X - X.mean(axis=0) / np.where(X.std(axis=0) == 0, 1, X.std(axis=0)),
            "Python divides before it subtracts. What was the mean divided by?",
            "Read from left to right the line says: subtract, then divide.",
        ),
        Misconception(
            "scales-first",
            lambda X: X / np.where(X.std(axis=0) == 0, 1, X.std(axis=0)) - X.mean(axis=0),
            "You divide first, and then subtract a mean that belongs to the numbers as they were. "
            "What has become of the mean by then?",
            "Both steps are there, and for steps of one kind the order does not matter.",
        ),
        Misconception(
            "one-mean",
            _by(lambda X: X.mean(), _std),
            "The deviations are those of the columns, but one mean is subtracted from all.",
            "The axis was thought of once, and the line has two places for it.",
        ),
        Misconception(
            "one-deviation",
            lambda X: (X - X.mean(axis=0)) / (X.std() or 1),
            "The means are those of the columns, but all are divided by one deviation.",
            "One scale is asked for, and one deviation for the whole table gives one.",
        ),
        Misconception(
            "sign",
            _by(_mean, lambda X: -X.std(axis=0)),
            "Large numbers came out small. What is subtracted from what?",
            "The distance between two numbers is the same either way round.",
        ),
    ),
    stress=_constant_columns,
    also_right=(
        _column_by_column,
        _a_little_more,
        _with_keepdims_and_a_threshold,
        _stacked_again,
        _in_float32_where_it_varies,
    ),
    equivalent={
        f"return (X - X.mean(axis=0)) / np.where(constant, {n}, deviation)": "0 by n is 0"
        for n in (2, -1)
    },
)

EXERCISES = (PREDICTIONS, STANDARDISE, MEAN_SQUARED_ERROR)
