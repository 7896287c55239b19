"""Chapter 7, multilayer perceptrons: its exercises. `backpropagation.py` says how to add one."""

import numpy as np

from nnlib.course.exercises.bank.perceptrons_faults import TRAIN_AND_PREDICT
from nnlib.course.exercises.bank.perceptrons_sizes import SIZES_ON_PAPER
from nnlib.course.exercises.bank.perceptrons_spiral import SPIRAL_NETWORK
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 7.1 -------------------------------------------------------------------------------------------


def confusion_matrix(targets, predictions, classes):
    """How often each class was taken for each: counts, (classes, classes).

    targets and predictions are integer arrays of shape (N,). Row i,
    column j counts the examples of class i for which j was predicted.
    """
    # <solution>
    counts = np.zeros((classes, classes), dtype=int)
    for target, prediction in zip(targets, predictions, strict=True):
        counts[target, prediction] += 1
    return counts
    # </solution>


def _labels(rng: np.random.Generator) -> list[Case]:
    def draw(examples: int, classes: int) -> Case:
        targets = rng.integers(classes, size=examples)
        guesses = rng.integers(classes, size=examples)
        return targets, np.where(rng.random(examples) < 0.5, targets, guesses), classes

    # In the first case class 2 is in use but never occurs: the matrix is 3 by 3 all the same.
    return [
        (np.array([0, 0, 1, 1, 1]), np.array([0, 1, 1, 1, 1]), 3),
        draw(40, 4),
        draw(25, 5),
    ]


def _transposed(targets, predictions, classes):
    return confusion_matrix(predictions, targets, classes)


def _assigned_at_once(targets, predictions, classes):
    counts = np.zeros((classes, classes), dtype=int)
    counts[targets, predictions] += 1
    return counts


def _shares(targets, predictions, classes):
    counts = confusion_matrix(targets, predictions, classes)
    return counts / counts.sum()


def _row_shares(targets, predictions, classes):
    counts = confusion_matrix(targets, predictions, classes)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def _mistakes_only(targets, predictions, classes):
    counts = confusion_matrix(targets, predictions, classes)
    np.fill_diagonal(counts, 0)
    return counts


def _hits_only(targets, predictions, classes):
    return np.diag(np.diag(confusion_matrix(targets, predictions, classes)))


def _classes_that_occur(targets, predictions, classes):
    size = max(targets.max(), predictions.max()) + 1
    return confusion_matrix(targets, predictions, size)


def _every_pair(targets, predictions, classes):
    counts = np.zeros((classes, classes), dtype=int)
    for target in targets:
        for prediction in predictions:
            counts[target, prediction] += 1
    return counts


def _by_one_bincount(targets, predictions, classes):
    cells = np.bincount(targets * classes + predictions, minlength=classes * classes)
    return cells.reshape(classes, classes)


def _by_one_hot_products(targets, predictions, classes):
    identity = np.eye(classes)
    return identity[targets].T @ identity[predictions]


CONFUSION_MATRIX = function(
    "7.1",
    "Which class is taken for which",
    confusion_matrix,
    _labels,
    hints=(
        "One example of class 1 was taken for class 0. Which one entry of the matrix grows?",
        "Start from zeros and go through the examples in pairs of target and prediction.",
        (
            "The pair is the index: the target chooses the row and the prediction the column of "
            "the entry that grows by one."
        ),
    ),
    misconceptions=(
        Misconception(
            "transposed",
            _transposed,
            "Your rows are the predictions. Row i should hold the examples that are truly of "
            "class i.",
            tempting="Books and libraries draw it both ways, and what the network says is what one "
            "reads first.",
        ),
        Misconception(
            "counted-once",
            _assigned_at_once,
            "No entry grows beyond 1. With arrays as indices, NumPy adds to a repeated entry only "
            "once, however often it is listed.",
            tempting="Indexing with two arrays does the whole loop in one line, and for a pair "
            "that occurs once it is right.",
        ),
        Misconception(
            "shares-of-all",
            _shares,
            "These are shares of the whole. Counts were asked for: they should sum to N.",
            tempting="A share can be compared between data sets of different sizes, and a count "
            "cannot.",
        ),
        Misconception(
            "shares-of-rows",
            _row_shares,
            "Your rows sum to 1. Counts were asked for: row i should sum to the number of "
            "examples of class i.",
            tempting="Such matrices are often drawn with shares by row, since each then reads as a "
            "rate.",
        ),
        Misconception(
            "mistakes-only",
            _mistakes_only,
            "Your diagonal is empty. The examples that were classified as what they are count too.",
            tempting="Confusion sounds like mistakes and nothing else.",
        ),
        Misconception(
            "hits-only",
            _hits_only,
            "Only your diagonal is filled: this says how often a class was recognised, and not "
            "what it was taken for otherwise.",
            tempting="Accuracy counts hits, and these are the hits, class by class.",
        ),
        Misconception(
            "every-pair",
            _every_pair,
            "Every target meets every prediction. The prediction for an example belongs to the "
            "target of that example: go through both in step.",
            tempting="A matrix has two indices, and two indices call for two nested loops.",
        ),
        Misconception(
            "classes-that-occur",
            _classes_that_occur,
            "Your matrix has the classes that occur in this batch. A class without an example "
            "still has a row and a column.",
            tempting="How many classes there are can be read off the labels, so being told seems "
            "to be a mere convenience.",
        ),
    ),
    also_right=(_by_one_bincount, _by_one_hot_products),
)


# 7.3 -------------------------------------------------------------------------------------------


def permute_hidden(W1, b1, W2, order):
    """The same network, its hidden units in another order: W1, b1 and W2.

    W1 (H, D), b1 (H,) and W2 (K, H) are left as they were. The unit that
    stood at place order[i] stands at place i of the new arrays.
    """
    # <solution>
    return W1[order], b1[order], W2[:, order]
    # </solution>


def _orders(rng: np.random.Generator) -> list[Case]:
    def draw(inputs: int, hidden: int, outputs: int) -> Case:
        units = rng.permutation(hidden)
        order = np.empty_like(units)
        order[units] = np.roll(units, 1)  # one long cycle, far from its inverse
        W1, W2 = rng.normal(size=(hidden, inputs)), rng.normal(size=(outputs, hidden))
        return W1, rng.normal(size=hidden), W2, order

    W1 = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    first = (W1, np.array([0.1, 0.2, 0.3]), np.array([[7.0, 8.0, 9.0]]), np.array([2, 0, 1]))
    return [first, draw(3, 4, 2), draw(2, 3, 5), draw(6, 4, 4), draw(3, 3, 3)]


def _permuted_by_loops(W1, b1, W2, order):
    new = [np.empty_like(W1), np.empty_like(b1), np.empty_like(W2)]
    for place, unit in enumerate(order):
        new[0][place], new[1][place], new[2][:, place] = W1[unit], b1[unit], W2[:, unit]
    return tuple(new)


def _permuted_by_a_matrix(W1, b1, W2, order):
    P = np.eye(len(order))[order]
    return P @ W1, P @ b1, W2 @ P.T


PERMUTE_HIDDEN = function(
    "7.3",
    "The same network in another order",
    permute_hidden,
    _orders,
    outputs=("W1", "b1", "W2"),
    hints=(
        "A hidden unit owns numbers in three arrays. Which ones, for the unit at place 0?",
        (
            "Its incoming weights are one row. Its outgoing weights are read by every output unit: "
            "how do they lie in W2?"
        ),
        (
            "An array of places as index takes rows in that order; after a colon and a comma it "
            "takes columns. All three arrays follow the same order."
        ),
    ),
    misconceptions=(
        Misconception(
            "outgoing-left",
            lambda W1, b1, W2, order: (W1[order], b1[order], W2),
            "The units have moved, but the output layer still reads the old places: each unit "
            "speaks with another one's weight.",
            tempting="Moving a unit sounds like moving what goes into it, and W2 belongs to "
            "another layer.",
        ),
        Misconception(
            "bias-left",
            lambda W1, b1, W2, order: (W1[order], b1, W2[:, order]),
            "The biases stayed behind: each unit now adds another one's number.",
            tempting="The biases are a plain row of numbers, and no line of the drawing leads to "
            "them.",
        ),
        Misconception(
            "only-weights-in",
            lambda W1, b1, W2, order: (W1[order], b1, W2),
            "Only the incoming weights have moved. A unit is more than its row: what else does it "
            "own?",
            tempting="A unit is often described by its incoming weights, and nothing else is said "
            "of it.",
        ),
        Misconception(
            "only-out",
            lambda W1, b1, W2, order: (W1, b1, W2[:, order]),
            "The outgoing weights have moved, the units have not: each is read with another one's "
            "weight.",
            tempting="Reading the units in another order seems to be the same as putting them into "
            "another order.",
        ),
        Misconception(
            "rows-of-W2",
            lambda W1, b1, W2, order: (W1[order], b1[order], W2[order]),
            "You took rows of W2. A row of W2 is an output unit, and those stay where they are.",
            tempting="The same index in the same place looks consistent, and with a square W2 it "
            "raises no error.",
        ),
        Misconception(
            "columns-of-W1",
            lambda W1, b1, W2, order: (W1[:, order], b1[order], W2[:, order]),
            "You took columns of W1. A column belongs to an input, and those stay where they are.",
            tempting="Many books give each unit a column, and there this is right.",
        ),
        Misconception(
            "inverse",
            lambda W1, b1, W2, order: permute_hidden(W1, b1, W2, np.argsort(order)),
            "The network is the same, but its units went the other way: yours puts unit i at place "
            "order[i]. Which unit is asked for at place i?",
            tempting='"Unit i goes to place order[i]" and "place i gets unit order[i]" sound '
            "alike.",
        ),
        Misconception(
            "inverse-out",
            lambda W1, b1, W2, order: (W1[order], b1[order], W2[:, np.argsort(order)]),
            "W2 goes back where the others went: its columns have to stay beside their units.",
            tempting="What was permuted on the way in seems to have to be undone on the way out.",
        ),
        Misconception(
            "unchanged",
            lambda W1, b1, W2, order: (W1, b1, W2),
            "This is the network as it came: no unit has moved.",
            tempting="The network should give the same answers as before, and this one does.",
        ),
        Misconception(
            "W2-on-its-side",
            lambda W1, b1, W2, order: (W1[order], b1[order], W2.T[order]),
            "The columns of W2 are in the right order, and W2 lies on its side: it has a row for "
            "each output unit, before and after.",
            tempting="Rows are easier to take than columns, so W2 is turned for the purpose, and "
            "turning it back is forgotten.",
        ),
        Misconception(
            "sorted-by-size",
            lambda W1, b1, W2, order: permute_hidden(W1, b1, W2, np.argsort(b1)),
            "Your order comes from the biases. It is given: `order` holds the units by place.",
            tempting="An order usually comes from sorting something.",
        ),
    ),
    also_right=(_permuted_by_loops, _permuted_by_a_matrix),
)

EXERCISES = (CONFUSION_MATRIX, SIZES_ON_PAPER, PERMUTE_HIDDEN, TRAIN_AND_PREDICT, SPIRAL_NETWORK)
