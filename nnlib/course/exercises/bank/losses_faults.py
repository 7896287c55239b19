"""Chapter 4, loss: a report with four faults to find and repair.

Each fault, and each set of them that can be left, is a misconception: whoever has found some of the
four hears about the next. The mean of means spoils both numbers and can be left in either.
`backpropagation.py` says how to add an exercise.
"""

from typing import Any

import numpy as np

from nnlib import cross_entropy, log_softmax, softmax
from nnlib.course.exercises.exercise import Case
from nnlib.course.exercises.kinds import debug, planted
from nnlib.course.exercises.trial import Trial

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 4.4 -------------------------------------------------------------------------------------------


def report(batches):
    """The loss of an example, and the share that is right, over all batches.

    batches is a list of pairs: logits (N, K) and class numbers (N,). N may
    differ from one batch to the next.
    """
    losses, hits = [], []
    for logits, labels in batches:
        P = softmax(logits).data
        one_hot = np.eye(P.shape[1])[labels]
        # <solution>
        log_P = log_softmax(logits).data
        losses.append(-(one_hot * log_P).sum(axis=1))
        hits.append(P.argmax(axis=1) == labels)
    return np.concatenate(losses).mean(), np.concatenate(hits).mean()
    # <starter>
    #     log_P = log_softmax(P).data
    #     losses.append(-(one_hot * log_P).mean())
    #     own = P[np.arange(len(labels)), labels]
    #     hits.append((own > 0.5).mean())
    # return np.mean(losses), np.mean(hits)
    # </solution>


def _batches(rng: np.random.Generator) -> list[Case]:
    def draw(classes: int, *sizes: int) -> Case:
        batches = []
        for n in sizes:
            labels = rng.permutation(np.arange(n) % classes)
            # Right on some, with more than half of the probability and with less.
            scores = rng.normal(size=(n, classes)) + 1.2 * np.eye(classes)[labels]
            scores[0] = np.where(np.arange(classes) == labels[0], 0.4, 0.0)
            batches.append((scores, labels))
        return (batches,)

    by_hand = [
        (np.log([[4.0, 3.0, 3.0], [1.0, 8.0, 1.0]]), np.array([0, 1])),
        (np.log([[11.0, 2.0, 7.0]]), np.array([2])),
    ]
    return [(by_hand,), draw(4, 7, 5, 2), draw(3, 4, 4, 1), draw(3, 3, 2)]


FAULTS = {
    "softmax twice": (
        (
            "Your logarithm is taken of a softmax that was handed probabilities: follow a row from "
            "the logits to log_P, and count how often it is normalised."
        ),
        (
            "P is there, it is what the formula's logarithm is taken of, and log_softmax has both "
            "words in its name."
        ),
    ),
    "mean over classes": (
        (
            "The mean counts the zeros of the one-hot rows: with K classes, every loss comes out K "
            "times too small. How many losses has a batch of N?"
        ),
        "mean() without an axis is how losses are averaged everywhere else on the page.",
    ),
    "more than half": (
        (
            "An answer counts as right only where the right class has more than half. Of ten "
            "classes the winner may have far less: what makes a class the answer?"
        ),
        "With two classes, more than half and the largest are the same thing.",
    ),
    "mean of means in the loss": (
        (
            "A batch of two weighs as much as a batch of seven: your loss is a mean of means. What "
            "would it be if the same examples were cut into other batches?"
        ),
        "When all batches are of one size, the mean of their means is the mean of all.",
    ),
    "mean of means in the share": (
        (
            "A batch of two weighs as much as a batch of seven: your share is a mean of means. "
            "What would it be if the same examples were cut into other batches?"
        ),
        "A share is a number between 0 and 1 for any batch, and so looks comparable.",
    ),
}
SLIPS = {
    "sum of losses": (
        "The loss grows with the number of examples: asked for is that of one example.",
        "Sums over batches are what one may add without thinking of their sizes.",
    ),
    "mean over batches alone": (
        (
            "Each batch is summed up and the sums are averaged, so the loss depends on the batch "
            "size. What is the whole to be divided by?"
        ),
        "A sum in the loop and a mean at the end look like one sum and one division.",
    ),
    "more than its fair share": (
        (
            "An answer counts as right where the right class has more than 1/K. Another class may "
            "have still more: what makes a class the answer?"
        ),
        "With K classes, more than 1/K is more than chance.",
    ),
    "summed down the columns": (
        (
            "You add down each column, so that what is averaged are K sums over examples. One "
            "loss belongs to each row."
        ),
        "Axis 0 is the one that sums over examples use.",
    ),
    "largest probability": (
        (
            "You score the class that the network likes best, right or not. Whose probability does "
            "the loss ask for?"
        ),
        "The answer of the network is its largest probability, so one looks there.",
    ),
    "mistakes": (
        "That is the share of wrong answers. Asked for is the share that is right.",
        "Papers report error rates as often as accuracies.",
    ),
    "winners by column": (
        (
            "You look for the largest number down each column: for every class the example that "
            "has most of it. Which axis runs over the classes?"
        ),
        (
            "Axis 0 is the one that sums over examples use, and with as many examples as classes "
            "it runs without an error."
        ),
    ),
    "counts": (
        "That is how many are right. Asked for is their share.",
        "Counts may be added up over batches of any size, and shares may not.",
    ),
    "the other way round": (
        "The two numbers have changed places: the loss comes first.",
        "The share of right answers is what people ask for first.",
    ),
    "probability of the truth": (
        (
            "You average the probability that the right classes got. That is no share of right "
            "answers: an answer is right or not."
        ),
        "It lies between 0 and 1, grows as the network learns, and needs no decision.",
    ),
    "last batch": (
        "Your report is about the last batch alone. What becomes of the others?",
        "Inside the loop the names hold the current batch, and after the loop they still do.",
    ),
    "one-hot lost": (
        "Every class is counted, right or wrong: the factor that is 0 for all but one is gone.",
        "It is the row of log-probabilities that is to be summed, and the row has K of them.",
    ),
}


def _with(*slips):
    """The solution with some slips in it, each a word that stands where it happens."""

    def run(batches):
        losses: list[Any] = []
        hits: list[Any] = []
        for logits, labels in batches:
            P = softmax(logits).data
            log_P = log_softmax(P if "softmax twice" in slips else logits).data
            scored = P.argmax(axis=1) if "largest probability" in slips else labels
            one_hot = np.eye(P.shape[1])[scored]
            own = (P * np.eye(P.shape[1])[labels]).sum(axis=1)
            each = -(one_hot * log_P)
            each = -log_P if "one-hot lost" in slips else each
            each = each.mean(axis=1) if "mean over classes" in slips else each.sum(axis=1)
            right = P.argmax(axis=1) == labels
            right = own > 0.5 if "more than half" in slips else right
            right = own if "probability of the truth" in slips else right
            right = ~right if "mistakes" in slips else right
            if "winners by column" in slips:
                right = P.argmax(axis=0) == labels
            if "more than its fair share" in slips:
                right = own > 1 / P.shape[1]
            if "summed down the columns" in slips:
                each = -(one_hot * log_P).sum(axis=0)
            if "mean of means in the loss" in slips:
                each = each.mean(keepdims=True)
            if "mean of means in the share" in slips:
                right = right.mean(keepdims=True)
            if "mean over batches alone" in slips:
                each = each.sum(keepdims=True)
            if "last batch" in slips:
                losses, hits = [], []
            losses.append(each)
            hits.append(right)
        loss, share = np.concatenate(losses), np.concatenate(hits)
        out = (
            loss.sum() if "sum of losses" in slips else loss.mean(),
            share.sum() if "counts" in slips else share.mean(),
        )
        return out[::-1] if "the other way round" in slips else out

    return run


def _by_totals(batches):
    total, right, count = 0.0, 0, 0
    for logits, labels in batches:
        total += cross_entropy(logits, labels).item() * len(labels)
        right += int((logits.argmax(axis=1) == labels).sum())
        count += len(labels)
    return total / count, right / count


def _all_at_once(batches):
    logits = np.concatenate([scores for scores, _ in batches])
    labels = np.concatenate([classes for _, classes in batches])
    own = np.log(softmax(logits).data[np.arange(len(labels)), labels])
    return -own.sum() / len(own), np.mean(np.argmax(logits, axis=-1) == labels)


def _which(found: Trial) -> str:
    """Say which of the two numbers is off."""
    pairs = zip(("loss", "share"), found.output, report(*found.case), strict=True)
    off = [name for name, mine, right in pairs if not np.allclose(mine, right)]
    return (
        f"Not yet the repaired function's {' and '.join(off)}. Check the example of the exercise, "
        "whose three losses are -log of 0.4, 0.8 and 0.35: two of the three are right."
    )


def _counted(faults: tuple[str, ...]) -> int:
    """Count a mean of means once, in the loss, the share or both."""
    return len({fault.split(" in the ")[0] for fault in faults})


REPORT = debug(
    "4.4",
    "Four faults in a report",
    report,
    cases=_batches,
    outputs=("loss", "share"),
    hints=(
        (
            "Take the first batch of the example on paper, row by row. What are P and log_P, and "
            "is the second the logarithm of the first?"
        ),
        (
            "Count what each mean is taken over: zeros too? Batches of one size? And ask when an "
            "answer counts as right: with three classes, how small may the winner be?"
        ),
        (
            "One fault is in what log_softmax is given, one in the axis of the mean, one in the "
            "comparison with a half, one in averaging numbers that stand for batches of "
            "different sizes: collect one entry an example, and join them."
        ),
    ),
    misconceptions=planted(
        _with,
        FAULTS,
        SLIPS,
        whole="It runs, and both numbers look as such numbers look.",
        partly="Each repair moves the numbers, so one stops early",
        count=_counted,
    ),
    also_right=(_by_totals, _all_at_once),
    equivalent={
        "one_hot = np.eye(P.shape[-1])[labels]": "P has two axes: the last is axis 1",
        "losses.append(-(one_hot * log_P).sum(axis=-1))": "the last axis is axis 1",
        "hits.append(P.argmax(axis=-1) == labels)": "the last axis is axis 1",
    },
    explain=_which,
)
