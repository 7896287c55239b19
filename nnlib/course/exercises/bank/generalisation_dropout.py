"""Chapter 8, generalisation: dropout. `backpropagation.py` says how to add an exercise."""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D401, SIM300
# mypy: allow-untyped-defs, allow-untyped-calls


# 8.2 -------------------------------------------------------------------------------------------


def dropout(A, U, p, training):
    """Activations A (N, H) with some of them dropped, and the rest scaled up.

    U (N, H) holds random numbers from 0 to 1: an activation is dropped
    where its own is below p, 0 <= p < 1. Without training, A as it is.
    """
    # <solution>
    if not training:
        return A
    return A * (U >= p) / (1 - p)  # (8.1)
    # </solution>


def _activations(rng: np.random.Generator) -> list[Case]:
    def draw(shape, p, training):
        return rng.normal(size=shape), rng.random(shape), p, training

    by_hand = np.array([[2.0, 4.0, 6.0, 8.0]]), np.array([[0.5, 0.1, 0.9, 0.3]])
    return [
        (*by_hand, 0.5, True),
        (*by_hand, 0.5, False),
        draw((2, 3), 0.2, True),
        draw((5, 4), 0.75, True),
        draw((3, 3), 0.4, True),
        draw((4, 2), 0.3, False),
    ]


def _all_or_nearly_none(rng: np.random.Generator) -> list[Case]:
    A = rng.normal(size=(3, 4))
    return [(A, rng.random((3, 4)), 0.0, True), (A, np.full((3, 4), 0.5), 0.9, True)]


def _while_training(masked):
    """The solution with something else in place of its last line."""
    return lambda A, U, p, training: masked(A, U, p) if training else A


def _in_place(A, U, p, training):
    if training:
        A[U < p] = 0
        return A / (1 - p)
    return A


def _by_place(A, U, p, training):
    if training:
        out = np.zeros_like(A)
        kept = U >= p
        out[kept] = A[kept] / (1 - p)
        return out
    return A.copy()


DROPOUT = function(
    "8.2",
    "Dropout",
    dropout,
    _activations,
    hints=(
        (
            "If half of the activations are gone, by how much must the others grow for the sum to "
            "stay the same on average? And if a fifth of them is gone?"
        ),
        (
            "Two questions in this order: are we training? If so, which activations stay, and what "
            "are they divided by?"
        ),
        (
            "A comparison of U with p gives True where an activation stays, and True counts as 1 "
            "in a product. The share that stays is one minus the share that goes."
        ),
    ),
    misconceptions=(
        Misconception(
            "not-scaled",
            _while_training(lambda A, U, p: A * (U >= p)),
            "The right ones are dropped, and the sum of the rest is too small: the next layer is "
            "trained on less than it will get in use.",
            "Dropping is the idea, and the word says nothing about scaling.",
        ),
        Misconception(
            "scaled-by-p",
            _while_training(lambda A, U, p: A * (U >= p) / p if p else A),
            "You divide by the share that is dropped. With a half the two shares are the same; "
            "what happens with a fifth?",
            "The example has p = 0.5, and there it makes no difference.",
        ),
        Misconception(
            "half-whatever-p",
            _while_training(lambda A, U, p: A * (U >= 0.5) / (1 - p)),
            "Half of them are dropped, whatever p says. With p at a fifth, how many should go?",
            "The example has p = 0.5, and a half is the usual choice.",
        ),
        Misconception(
            "scaled-down",
            _while_training(lambda A, U, p: A * (U >= p) * (1 - p)),
            "What is left has been made smaller still. In which direction has the sum to be "
            "corrected?",
            "The first paper on dropout multiplies by the share that stays, but in use and not in "
            "training.",
        ),
        Misconception(
            "dropped-the-others",
            _while_training(lambda A, U, p: A * (U < p) / (1 - p)),
            "You keep those that should go. With p at a fifth, how many should be gone?",
            "A random number below p reads like a yes, and a yes like a one.",
        ),
        Misconception(
            "p-keeps",
            _while_training(lambda A, U, p: A * (U < p) / p if p else 0 * A),
            "Your p is the share that stays. Here it is the share that goes.",
            "The first paper uses p for the share that is kept.",
        ),
        Misconception(
            "strictly-above",
            _while_training(lambda A, U, p: A * (U > p) / (1 - p)),
            "One number of the first case lies exactly at p. Is it below p?",
            "Below and at most p are the same for almost every random number.",
        ),
        Misconception(
            "always",
            lambda A, U, p, training: A * (U >= p) / (1 - p),
            "It drops in use as well, so the same input gets another answer each time. What is "
            "`training` for?",
            "The formula is complete, and `training` has no place in it.",
        ),
        Misconception(
            "only-in-use",
            lambda A, U, p, training: A if training else A * (U >= p) / (1 - p),
            "It drops in use, and lets everything through while training: the other way round.",
            "A condition and its opposite look alike when one reads quickly.",
        ),
        Misconception(
            "scaled-in-use",
            lambda A, U, p, training: A * (U >= p) / (1 - p) if training else A * (1 - p),
            "In training the sum is corrected already. In use you correct it a second time.",
            "Two descriptions of dropout are going round, and each of them has one half of this.",
        ),
        Misconception(
            "corrected-in-use",
            lambda A, U, p, training: A * (U >= p) if training else A * (1 - p),
            "This is dropout as it was first published: the correction comes in use. Here it is "
            "asked for in training, so that in use nothing has to be remembered.",
            "It is the original recipe, and on average it is right.",
        ),
        Misconception(
            "scaled-up-in-use",
            lambda A, U, p, training: A * (U >= p) / (1 - p) if training else A / (1 - p),
            "In use nothing is dropped, so there is nothing to make up for.",
            "Whatever belongs to the layer seems to belong to both of its modes.",
        ),
        Misconception(
            "whole-examples",
            _while_training(lambda A, U, p: A * (U[:, :1] >= p) / (1 - p)),
            "Whole rows are dropped: an example loses all of its activations or none. Each has a "
            "random number of its own.",
            "A batch is a stack of rows, and one decision a row is what one column gives.",
        ),
        Misconception(
            "one-choice-for-all",
            _while_training(lambda A, U, p: A * (U[:1] >= p) / (1 - p)),
            "The same units are dropped for every example of the batch. Each activation has a "
            "random number of its own.",
            "Dropout drops units, and a unit is a column.",
        ),
        Misconception(
            "scaled-by-what-was-kept",
            _while_training(lambda A, U, p: A * (U >= p) / max((U >= p).mean(), 1e-12)),
            "You divide by the share that happened to stay in this batch. The others of the batch "
            "then change what an example gives.",
            "It makes the sum right in every batch and not only on average.",
        ),
        Misconception(
            "scaled-to-the-old-sum",
            _while_training(lambda A, U, p: A * (U >= p) * (A.sum() / (A * (U >= p)).sum())),
            "The sum of the batch is forced back to what it was. That is more than was asked: it "
            "should be right on average, whatever is in the batch.",
            "Keeping the sum is the reason that is given for the scaling.",
        ),
        Misconception(
            "own-numbers",
            _while_training(
                lambda A, U, p: A * (np.random.default_rng(0).random(A.shape) >= p) / (1 - p)
            ),
            "You draw random numbers of your own. Those to use are handed in as U.",
            "A layer in a library draws its own, and takes no U.",
        ),
        Misconception(
            "one-minus-p",
            _while_training(lambda A, U, p: A * (U < 1 - p) / (1 - p)),
            "As many are kept as should be, on average, but they are others: an activation goes "
            "where its number is below p.",
            "The share that stays is what counts, and the numbers in U are all equally likely.",
        ),
        Misconception(
            "divided-by-one",
            _while_training(lambda A, U, p: A * (U >= p) / 1 - p),
            "Your dropped activations are not zero but below it. What does Python compute first, "
            "a division or a subtraction?",
            "On paper the fraction bar keeps its two terms together, and in code they look the "
            "same without brackets.",
        ),
        Misconception(
            "taken-out",
            _while_training(lambda A, U, p: A[U >= p] / (1 - p)),
            "What is dropped is gone, and the others have moved up. The next layer expects every "
            "activation at its place.",
            "To drop something is to take it away.",
        ),
        Misconception(
            "by-the-mean",
            _while_training(lambda A, U, p: np.where(U < p, A.mean(), A)),
            "What is dropped is filled with the mean. Then it still says something: a dropped "
            "activation says zero.",
            "Gaps in a table are often filled with the mean, and the sum stays about right.",
        ),
        Misconception(
            "in-place",
            _in_place,
            "The caller's activations are zero now too, and the backward pass still needs them.",
            "Setting places to zero is the plainest way to drop them.",
        ),
        Misconception(
            "only-the-mask",
            _while_training(lambda A, U, p: (U >= p) / (1 - p)),
            "That is the mask, scaled. Where are the activations?",
            "The mask is the new part, and the product with it goes without saying.",
        ),
        Misconception(
            "random-scaled",
            _while_training(lambda A, U, p: A * U / (1 - p)),
            "Every activation is multiplied by its random number, and none is dropped. The number "
            "decides; it is no factor.",
            "The mask looks like random numbers, and U holds random numbers.",
        ),
    ),
    stress=_all_or_nearly_none,
    also_right=(
        _by_place,
        lambda A, U, p, training: np.where(U < p, 0, A / (1 - p)) if training else A,
        lambda A, U, p, training: A * ((U >= p) * (1 / (1 - p)) if training else np.ones_like(U)),
    ),
)
