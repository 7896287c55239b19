"""Chapter 4, loss: its exercises. `backpropagation.py` says how to add one.

The first stands here; 4.2 is in `losses_gradient.py`, 4.3 in `losses_predictions.py`, 4.4 in
`losses_faults.py` and 4.5 in `losses_baseline.py`.
"""

import numpy as np

from nnlib.activations import log_softmax
from nnlib.course.exercises.bank.losses_baseline import BASELINE
from nnlib.course.exercises.bank.losses_faults import REPORT
from nnlib.course.exercises.bank.losses_gradient import YES_OR_NO
from nnlib.course.exercises.bank.losses_predictions import ON_PAPER
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 4.1 -------------------------------------------------------------------------------------------


def cross_entropy(logits, labels):
    """The mean of -log p over the batch, p for the right class: one number.

    logits (N, K) are scores of any size; labels (N,) are class numbers.
    """
    # <solution>
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_total = np.log(np.exp(shifted).sum(axis=1))
    own = shifted[np.arange(len(labels)), labels]
    return (log_total - own).mean()  # (4.7)
    # </solution>


def _scores(rng: np.random.Generator) -> list[Case]:
    def draw(examples: int, classes: int) -> Case:
        scores = 2 * rng.normal(size=(examples, classes))
        labels = rng.permutation(np.arange(examples) % classes)
        return scores, labels

    # By hand: the probabilities are 1/4, 1/2, 1/4 and 3/8, 1/8, 4/8.
    by_hand = np.log([[1.0, 2.0, 1.0], [3.0, 1.0, 4.0]]), np.array([1, 0])
    return [by_hand, draw(5, 4), draw(4, 6), draw(3, 3)]


def _large_scores(_: np.random.Generator) -> list[Case]:
    sure_and_wrong = np.array([[1000.0, 0.0, 0.0], [-2000.0, -1000.0, -3000.0]])
    of_all_sizes = np.array([[1000.0, 999.0], [0.5, -1.0], [-1000.0, -1002.0]])
    all_large = np.array([[1000.0, 999.0, 990.0], [1001.0, 1002.0, 1000.0]])
    return [
        (sure_and_wrong, np.array([1, 0])),
        (all_large, np.array([1, 2])),
        (of_all_sizes, np.array([0, 1, 1])),
        (np.array([[3000.0, 0.0, 0.0], [5.0, 4.0, 3.0]]), np.array([0, 0])),
    ]


def _with(score):
    """The mean of something made of the log-probabilities and the labels."""
    return lambda logits, labels: score(log_softmax(logits).data, labels).mean()


def _own(log_p, labels):
    return log_p[np.arange(len(labels)), labels]


def _by_softmax(shift=lambda logits: 0.0, axis=1, inside=lambda p: p):
    """A softmax first, then its logarithm: as the formula says, with nothing kept from overflow."""

    def loss(logits, labels):
        e = np.exp(logits - shift(logits))
        p = e / e.sum(axis=axis, keepdims=True)
        return -np.log(inside(_own(p, labels))).mean()

    return loss


def _shifted_once(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return (np.log(np.exp(shifted).sum(axis=1)) - _own(logits, labels)).mean()


def _shifted_back_once(logits, labels):
    top = logits.max(axis=1)
    shifted = logits - top[:, None]
    return (top + np.log(np.exp(shifted).sum(axis=1)) - _own(shifted, labels)).mean()


def _row_lost(logits, labels):
    shifted = logits - logits.max(axis=1)
    return (np.log(np.exp(shifted).sum(axis=1)) - _own(shifted, labels)).mean()


def _shifted_by_the_mean(logits, labels):
    shifted = logits - logits.mean(axis=1, keepdims=True)
    return (np.log(np.exp(shifted).sum(axis=1)) - _own(shifted, labels)).mean()


def _columns_shifted(logits, labels):
    shifted = logits - logits.max(axis=0)
    return (np.log(np.exp(shifted).sum(axis=1)) - _own(shifted, labels)).mean()


def _every_class_yes_or_no(log_p, labels):
    one_hot = np.eye(log_p.shape[1])[labels]
    return -(one_hot * log_p + (1 - one_hot) * np.log1p(-np.exp(log_p))).sum(axis=1)


def _squares(log_p, labels):
    return (np.exp(log_p) - np.eye(log_p.shape[1])[labels]) ** 2


def _capped(outputs):
    """Whether the loss of 1000 on two sure mistakes came out as something between."""
    return len(outputs) > 4 and 3 < np.mean(outputs[4]) < 800


def _by_logaddexp(logits, labels):
    return np.mean(np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(labels)), labels])


def _by_one_hot(logits, labels):
    one_hot = labels[:, None] == np.arange(logits.shape[1])
    return -(log_softmax(logits).data * one_hot).sum() / len(labels)


def _one_example_at_a_time(logits, labels):
    losses = []
    for row, label in zip(logits, labels, strict=True):
        gaps = row - row[label]
        losses.append(gaps.max() + np.log(np.exp(gaps - gaps.max()).sum()))
    return sum(losses) / len(losses)


CROSS_ENTROPY = function(
    "4.1",
    "Cross-entropy that does not overflow",
    cross_entropy,
    _scores,
    hints=(
        (
            "Write -log of the softmax of one score on paper, and take the logarithm of the "
            "quotient apart. What is left of the exponential above the line?"
        ),
        (
            "Two parts: the logarithm of a row's sum, minus the score of the right class. "
            "Subtracting one number from the whole row changes both parts alike. Which number "
            "keeps every exponential small?"
        ),
        (
            "Take each row's maximum from the row (keepdims=True), sum its exponentials along the "
            "row, take the logarithm; from that take the shifted score of the right class, which "
            "two index arrays pick. Then the mean."
        ),
    ),
    misconceptions=(
        Misconception(
            "no-minus",
            _with(lambda log_p, y: _own(log_p, y)),
            "Your loss is negative. The logarithm of a probability never lies above 0: which sign "
            "makes a worse answer cost more?",
            "The log-likelihood is this very sum, and there larger is better; a loss turns it "
            "round.",
        ),
        Misconception(
            "sum-over-examples",
            lambda logits, labels: cross_entropy(logits, labels) * len(labels),
            "Your loss grows with the batch: the same two examples, repeated, would cost twice as "
            "much. What makes batches of different sizes comparable?",
            "A likelihood multiplies over all examples, so its logarithm is a sum, and a sum has "
            "its lowest point in the same place.",
        ),
        Misconception(
            "mean-over-classes-too",
            lambda logits, labels: cross_entropy(logits, labels) / logits.shape[1],
            "Your mean runs over N times K numbers, of which all but N are zeros. How many losses "
            "are there?",
            "Multiplied by one-hot rows, the logarithms fill a whole (N, K) array, and .mean() of "
            "an array counts all of its entries.",
        ),
        Misconception(
            "no-mean",
            lambda logits, labels: -_own(log_softmax(logits).data, labels),
            "One loss for each example. Training needs a single number: what becomes of them?",
            "Each example does have a loss of its own, and seeing them one by one is often useful.",
        ),
        Misconception(
            "every-class-counts",
            _with(lambda log_p, y: -log_p),
            "Every class is counted, right or wrong, and the labels play no part. Whose "
            "probability does the loss ask for?",
            "The softmax gives K probabilities, and it seems a waste to look at only one of them; "
            "but the other K - 1 are in it already, through the sum.",
        ),
        Misconception(
            "every-class-counts-summed",
            _with(lambda log_p, y: -log_p.sum(axis=1)),
            "Every class is counted, right or wrong, and the labels play no part. Whose "
            "probability does the loss ask for?",
            "Cross-entropy is written as a sum over the classes, and it is easy to leave out the "
            "factor that is 0 for all classes but one.",
        ),
        Misconception(
            "every-pair",
            _with(lambda log_p, y: -log_p[:, y]),
            "Each row is asked about the labels of all rows: your index makes an (N, N) array. "
            "Which one number belongs to each row?",
            "A colon means all rows, and the labels do name columns; together they mean all rows "
            "with each of these columns, not row by row.",
        ),
        Misconception(
            "softmax-down-the-columns",
            _by_softmax(axis=0),
            "Your probabilities add up to 1 down each column. Which axis runs over the classes?",
            "Axis 0 comes first, and it is the axis that a mean over examples uses.",
        ),
        Misconception(
            "softmax-over-everything",
            _by_softmax(axis=None),
            "Your probabilities add up to 1 over the whole batch, so examples compete with each "
            "other. What should add up to 1?",
            "A sum without an axis is the shortest to write, and for one example it is right.",
        ),
        Misconception(
            "one-minus-p",
            _with(lambda log_p, y: 1 - np.exp(_own(log_p, y))),
            "You have how much probability is missing. For two examples with p = 0 and 0.01 that "
            "is nearly the same; how much less likely is the one?",
            "1 - p is small where the answer is good and large where it is bad, as a loss should "
            "be.",
        ),
        Misconception(
            "minus-p",
            _with(lambda log_p, y: -np.exp(_own(log_p, y))),
            "No logarithm: that is minus the probability itself. Probabilities of many examples "
            "multiply; what turns a product into a sum?",
            "More probability for the truth is better, so minus the probability does go down as "
            "the answers improve.",
        ),
        Misconception(
            "mean-inside-the-log",
            lambda logits, labels: -np.log(np.exp(_own(log_softmax(logits).data, labels)).mean()),
            "You take the mean of the probabilities and then one logarithm, so that one impossible "
            "example hides among the others. Which comes first for each example?",
            "Mean and logarithm look as if they could change places, as mean and a factor can.",
        ),
        Misconception(
            "score-alone",
            lambda logits, labels: -_own(logits, labels).mean(),
            "You use the score of the right class alone. Add 1 to all scores of a row: your loss "
            "changes, the probabilities do not. What have you left out?",
            "A good classifier gives the right class a large score; but large is a comparison, and "
            "the others are missing from it.",
        ),
        Misconception(
            "most-likely-class",
            _with(lambda log_p, y: -log_p.max(axis=1)),
            "You score the class that the network likes best, right or not, so the labels play no "
            "part. Whose probability does the loss ask for?",
            "The network's answer is its largest score, so that is where one looks first; but this "
            "measures how sure it is, not whether it is right.",
        ),
        Misconception(
            "yes-or-no-for-each-class",
            _with(_every_class_yes_or_no),
            "The wrong classes are charged once more, by log(1 - p). With a softmax their share "
            "was paid already: what one class gets, the others lose.",
            "For a question of yes or no both terms are needed, and K classes look like K such "
            "questions.",
        ),
        Misconception(
            "squared-error",
            _with(_squares),
            "That is the squared error of the probabilities. It is never more than 2 for an "
            "example, however wrong; where is the logarithm?",
            "Probabilities and one-hot rows have one shape, and the mean of squared differences "
            "is the loss that one meets first.",
        ),
        Misconception(
            "share-of-mistakes",
            lambda logits, labels: (logits.argmax(axis=1) != labels).mean(),
            "You count mistakes. Nudge a score: your loss stays where it is until the answer "
            "changes, so it has no slope to follow. How sure was each answer?",
            "Mistakes are what one wants fewer of, and their share is one number that falls.",
        ),
        Misconception(
            "distance-to-the-winner",
            lambda logits, labels: (logits.max(axis=1) - _own(logits, labels)).mean(),
            "You measure how far the right score lies below the largest. An answer that has just "
            "won costs nothing then, however close the others are. What stands in for the maximum "
            "in a softmax?",
            "log-sum-exp is a soft maximum, and the maximum itself is the easier half of it.",
        ),
        Misconception(
            "perplexity",
            lambda logits, labels: np.exp(cross_entropy(logits, labels)),
            "You took the exponential at the end. That is among how many classes the network "
            "seems to waver; asked for is the loss itself.",
            "The number is easier to picture, and language models are reported by it.",
        ),
        Misconception(
            "rows-and-columns-swapped",
            lambda logits, labels: (
                np.log(np.exp(logits).sum(axis=1)) - logits[labels, np.arange(len(labels))]
            ).mean(),
            "Your index takes the labels for rows. Which axis of the scores counts the examples, "
            "and which the classes?",
            "With two arrays as an index nothing says which is which, and in a square batch it "
            "runs.",
        ),
        Misconception(
            "softmax-twice",
            lambda logits, labels: cross_entropy(np.exp(log_softmax(logits).data), labels),
            "A softmax of a softmax: what goes in are probabilities already, and all of them lie "
            "so close together that no answer can be sure any more.",
            "A network often ends in a softmax, so it is natural to hand its probabilities on to a "
            "loss, which then makes probabilities of them once more.",
        ),
        Misconception(
            "no-exponential",
            lambda logits, labels: (
                -np.log(_own(logits / logits.sum(axis=1, keepdims=True), labels)).mean()
            ),
            "You divide the scores by their sum. Scores may be negative, and so may their sum: "
            "what makes them positive first?",
            "Dividing by the sum does make numbers that add up to 1.",
        ),
        Misconception(
            "bits",
            _with(lambda log_p, y: -_own(log_p, y) / np.log(2)),
            "Your logarithm has base 2: every loss is 1.44 times what was asked for. It is the "
            "natural one that belongs to e.",
            "Information is counted in bits, and there this is the right unit.",
        ),
        Misconception(
            "decimal-logarithm",
            _with(lambda log_p, y: -_own(log_p, y) / np.log(10)),
            "Your logarithm has base 10: every loss is 0.43 of what was asked for. It is the "
            "natural one that belongs to e.",
            "On many calculators the key called log is the decimal one.",
        ),
        Misconception(
            "mean-in-the-normaliser",
            lambda logits, labels: cross_entropy(logits, labels) - np.log(logits.shape[1]),
            "Under the logarithm stands a mean over the classes, so every loss is short of log K. "
            "By what is each exponential divided in a softmax?",
            "Means and sums differ only by a factor, and elsewhere the factor is harmless.",
        ),
        Misconception(
            "classes-from-one",
            lambda logits, labels: cross_entropy(logits, labels - 1),
            "Every label is taken for the class before it. From which number does Python count?",
            "People count classes from 1, and some data sets do.",
        ),
        Misconception(
            "shifted-in-one-place",
            _shifted_once,
            "The shift is in the sum and not in the score that you subtract, so the loss changes "
            "with the largest score. Both parts have to move together.",
            "The shift is there to tame the exponential, and the score of the right class goes "
            "through no exponential.",
        ),
        Misconception(
            "shifted-back-in-one-place",
            _shifted_back_once,
            "The shift was taken back in the sum, and the score of the right class still has it. "
            "Either both parts are shifted, or neither.",
            "The rule log(sum) = maximum + log(shifted sum) is right as it stands; it then wants "
            "the score as it was.",
        ),
        Misconception(
            "axis-lost",
            _row_lost,
            "The maxima of the rows have the shape (N,), and broadcasting lays them along the "
            "columns. How do they keep the shape (N, 1)?",
            "A maximum over axis 1 is one number a row, and one expects it to be subtracted from "
            "that row.",
        ),
        Misconception(
            "maximum-of-each-column",
            _columns_shifted,
            "You subtract another number in every column, and that changes the probabilities. "
            "Which numbers of a row may be shifted, so that its softmax stays the same?",
            "Without keepdims the maxima of the columns are the ones that broadcast without an "
            "error.",
        ),
        Misconception(
            "unshifted",
            _by_softmax(),
            "Right for small scores, but e to the 1000 is larger than any number a computer holds. "
            "Which shift of a row leaves its softmax alone?",
            "It is the formula, word for word, and on scores of everyday size it agrees to the "
            "last digit.",
        ),
        Misconception(
            "log-of-sum-unshifted",
            lambda logits, labels: (
                np.log(np.exp(logits).sum(axis=1)) - _own(logits, labels)
            ).mean(),
            "The quotient is gone, which is half of the way. The exponential that is left still "
            "overflows for a score of 1000: what may be subtracted from a row first?",
            "Taking the logarithm apart looks like the whole trick, because the logarithm then "
            "undoes the large exponential; but it comes too late.",
        ),
        Misconception(
            "log-after-softmax",
            _by_softmax(lambda logits: logits.max(axis=1, keepdims=True)),
            "Your softmax is safe, but a probability can still be so small that it becomes 0, and "
            "its logarithm minus infinity. Can you reach the logarithm without going through the "
            "probability?",
            "A softmax that does not overflow seems to be all that can be asked, and the formula "
            "then says: take the logarithm.",
        ),
        Misconception(
            "shifted-by-the-mean",
            _shifted_by_the_mean,
            "You shift each row, but not by enough: a score far above the others is still far "
            "above 0 afterwards. Which number of the row leaves nothing above 0?",
            "Any shift leaves the softmax alone, and to centre the numbers is what one does "
            "elsewhere.",
        ),
        Misconception(
            "nan-to-zero",
            lambda logits, labels: np.nan_to_num(
                np.log(np.exp(logits).sum(axis=1)) - _own(logits, labels), posinf=0.0, neginf=0.0
            ).mean(),
            "What overflowed counts as 0 with you, the loss of a perfect answer. Here are some "
            "that are as wrong as can be. What is their true loss?",
            "Replacing nan makes the mean a number again, and the training runs on.",
        ),
        Misconception(
            "one-maximum-for-all",
            lambda logits, labels: _by_softmax(lambda z: z.max())(logits, labels),
            "One maximum for the whole batch: beside an example with scores near 1000, all "
            "exponentials of an ordinary example become 0. Whose maximum does a row need?",
            "One number for all is enough to prevent overflow; that it causes underflow shows only "
            "when the rows differ in size.",
        ),
        Misconception(
            "one-maximum-in-the-log-sum",
            lambda logits, labels: (
                np.log(np.exp(logits - logits.max()).sum(axis=1))
                - _own(logits - logits.max(), labels)
            ).mean(),
            "One maximum for the whole batch: beside an example with scores near 1000, all "
            "exponentials of an ordinary example become 0. Whose maximum does a row need?",
            "The derivation works for any number that is subtracted, and the largest of all is the "
            "easiest to find.",
        ),
        Misconception(
            "capped",
            _by_softmax(
                lambda logits: logits.max(axis=1, keepdims=True), inside=lambda p: p + 1e-12
            ),
            "Your loss has a ceiling: from some point on it costs nothing to be still more wrong, "
            "and there the slope is 0. The exact answer, 1000 here, needs no pinch of epsilon.",
            "A tiny number inside the logarithm prevents infinity, and nearly every example looks "
            "the same with it; many programs do this.",
            sign=_capped,
        ),
    ),
    stress=_large_scores,
    also_right=(_by_logaddexp, _by_one_hot, _one_example_at_a_time),
    equivalent={
        "shifted = logits - logits.max(axis=-1, keepdims=True)": "the last axis is axis 1",
        "log_total = np.log(np.exp(shifted).sum(axis=-1))": "the last axis is axis 1",
    },
)

EXERCISES = (CROSS_ENTROPY, YES_OR_NO, ON_PAPER, REPORT, BASELINE)
