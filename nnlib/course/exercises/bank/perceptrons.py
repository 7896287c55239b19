"""Chapter 7, multilayer perceptrons: its exercises. `backpropagation.py` says how to add one."""

import numpy as np

from nnlib.course.exercises.bank.perceptrons_faults import TRAIN_AND_PREDICT
from nnlib.course.exercises.bank.perceptrons_spiral import SPIRAL_NETWORK
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function, value

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
        ),
        Misconception(
            "counted-once",
            _assigned_at_once,
            "No entry grows beyond 1. With arrays as indices, NumPy adds to a repeated entry only "
            "once, however often it is listed.",
        ),
        Misconception(
            "shares-of-all",
            _shares,
            "These are shares of the whole. Counts were asked for: they should sum to N.",
        ),
        Misconception(
            "shares-of-rows",
            _row_shares,
            "Your rows sum to 1. Counts were asked for: row i should sum to the number of "
            "examples of class i.",
        ),
        Misconception(
            "mistakes-only",
            _mistakes_only,
            "Your diagonal is empty. The examples that were classified as what they are count too.",
        ),
        Misconception(
            "hits-only",
            _hits_only,
            "Only your diagonal is filled: this says how often a class was recognised, and not "
            "what it was taken for otherwise.",
        ),
        Misconception(
            "every-pair",
            _every_pair,
            "Every target meets every prediction. The prediction for an example belongs to the "
            "target of that example: go through both in step.",
        ),
        Misconception(
            "classes-that-occur",
            _classes_that_occur,
            "Your matrix has the classes that occur in this batch. A class without an example "
            "still has a row and a column.",
        ),
    ),
    also_right=(_by_one_bincount, _by_one_hot_products),
)


# 7.2 -------------------------------------------------------------------------------------------

# A network that names the letter (26) in a picture of 12 x 9 pixels: one hidden layer of 40 units,
# 500 training pictures in batches of 32.
SIZES_ON_PAPER = value(
    "7.2",
    "Sizes on paper",
    {
        "units in the output layer": 26,
        "shape of the first weight": (40, 108),
        "parameters in all": (108 + 1) * 40 + (40 + 1) * 26,
        "shape of the logits of one full batch": (32, 26),
        "steps in one epoch": 16,
        "pictures in the last batch": 500 - 15 * 32,
        "fewest output units for vowel or not": 1,
    },
    hints=(
        "Which of these numbers come from the data, which from the task, and which did we choose?",
        "Draw the three columns of units, and beside each of the two steps a matrix and a bias.",
        (
            "A layer from D to H units has H rows of D weights, and H biases. An epoch has as many "
            "steps as it takes to hand out every picture once, the last few included."
        ),
    ),
    feedback={
        "units in the output layer": (
            (1, "One unit gives one number. The network has to compare all the letters."),
            (108, "That is what goes in. What comes out is set by the question, not by the data."),
            (40, "That is the hidden layer, whose width we chose. The task sets the output."),
            (25, "One letter has no unit of its own. Where would its evidence go?"),
        ),
        "shape of the first weight": (
            ((108, 40), "The other way round: here each unit is a row of its layer's weight."),
            ((40, 109), "The bias is kept apart from the weight, as an array of its own."),
            ((40, 12, 9), "A picture goes in as one long row of numbers, as X (N, D)."),
            ((32, 108), "That is a batch. A weight knows nothing of how many pictures come."),
            ((40,), "That is the bias. A unit weighs every input."),
            ((26, 40), "That is the second layer: it starts from the hidden units."),
        ),
        "parameters in all": (
            (108 * 40 + 40 * 26, "Those are the weights. Every unit also adds a number."),
            ((108 + 1) * 40, "That is the first layer. A second one leads to the letters."),
            ((108 + 1) * 40 + 40 * 26, "The units of the last layer have biases too."),
            (108 * 40 + (40 + 1) * 26, "The hidden units have biases too."),
            (40 + 26, "Those are the biases. The weights are many more."),
            (108 + 40 + 26, "Those are the units. Each has many weights, and a bias."),
            (
                (108 + 1) * 40 + (40 + 1) * 26 + 109,
                "Inputs have no biases: nothing is computed there.",
            ),
        ),
        "shape of the logits of one full batch": (
            (
                (26, 32),
                "The other way round: examples are rows, in what goes out as in what goes in.",
            ),
            ((32,), "That is one number a picture. Each letter needs a number of its own."),
            ((26,), "That is one picture. A batch comes out as it went in: one row for each."),
            ((500, 26), "That is the whole training set. A step sees one batch of it."),
            ((20, 26), "That is the last batch, which is not full."),
            ((32, 40), "That is what the hidden layer hands on. One step is left."),
        ),
        "steps in one epoch": (
            (15, "Some pictures are left over then, and would never be learned from."),
            (15.625, "A step is taken or not. What happens with the pictures that are left over?"),
            (500, "One step a picture would be batches of one."),
            (32, "That is the size of a batch. How many of them are there?"),
            (1, "One step an epoch would be one batch of all the pictures."),
        ),
        "pictures in the last batch": (
            (16, "So many batches there are. How many pictures are in the last one?"),
            (32, "Are the pictures a whole number of batches? The last one holds what is left."),
            (12, "So many are missing from a full batch. How many are there?"),
            (0, "An empty batch has no mean. The last one holds what is left."),
        ),
        "fewest output units for vowel or not": (
            (2, "Two would do. But only their difference counts: can you spare one?"),
            (3, "There is no third answer."),
            (5, "There are so many vowels, but the question is not which one."),
            (26, "The question has changed: it asks no longer for the letter."),
            (0, "Some number has to come out, for the loss to look at."),
        ),
    },
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
        ),
        Misconception(
            "bias-left",
            lambda W1, b1, W2, order: (W1[order], b1, W2[:, order]),
            "The biases stayed behind: each unit now adds another one's number.",
        ),
        Misconception(
            "only-weights-in",
            lambda W1, b1, W2, order: (W1[order], b1, W2),
            "Only the incoming weights have moved. A unit is more than its row: what else does it "
            "own?",
        ),
        Misconception(
            "only-out",
            lambda W1, b1, W2, order: (W1, b1, W2[:, order]),
            "The outgoing weights have moved, the units have not: each is read with another one's "
            "weight.",
        ),
        Misconception(
            "rows-of-W2",
            lambda W1, b1, W2, order: (W1[order], b1[order], W2[order]),
            "You took rows of W2. A row of W2 is an output unit, and those stay where they are.",
        ),
        Misconception(
            "columns-of-W1",
            lambda W1, b1, W2, order: (W1[:, order], b1[order], W2[:, order]),
            "You took columns of W1. A column belongs to an input, and those stay where they are.",
        ),
        Misconception(
            "inverse",
            lambda W1, b1, W2, order: permute_hidden(W1, b1, W2, np.argsort(order)),
            "The network is the same, but its units went the other way: yours puts unit i at place "
            "order[i]. Which unit is asked for at place i?",
        ),
        Misconception(
            "inverse-out",
            lambda W1, b1, W2, order: (W1[order], b1[order], W2[:, np.argsort(order)]),
            "W2 goes back where the others went: its columns have to stay beside their units.",
        ),
        Misconception(
            "unchanged",
            lambda W1, b1, W2, order: (W1, b1, W2),
            "This is the network as it came: no unit has moved.",
        ),
        Misconception(
            "W2-on-its-side",
            lambda W1, b1, W2, order: (W1[order], b1[order], W2.T[order]),
            "The columns of W2 are in the right order, and W2 lies on its side: it has a row for "
            "each output unit, before and after.",
        ),
        Misconception(
            "sorted-by-size",
            lambda W1, b1, W2, order: permute_hidden(W1, b1, W2, np.argsort(b1)),
            "Your order comes from the biases. It is given: `order` holds the units by place.",
        ),
    ),
    also_right=(_permuted_by_loops, _permuted_by_a_matrix),
)

EXERCISES = (CONFUSION_MATRIX, SIZES_ON_PAPER, PERMUTE_HIDDEN, TRAIN_AND_PREDICT, SPIRAL_NETWORK)
