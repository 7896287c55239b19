"""Chapter 7, multilayer perceptrons: its exercises. `backpropagation.py` says how to add one."""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001
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
            "classes-that-occur",
            _classes_that_occur,
            "Your matrix has the classes that occur in this batch. A class without an example "
            "still has a row and a column.",
        ),
    ),
    also_right=(_by_one_bincount, _by_one_hot_products),
)

EXERCISES = (CONFUSION_MATRIX,)
