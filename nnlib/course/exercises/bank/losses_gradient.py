"""Chapter 4, loss: yes or no, the value and the slope. `backpropagation.py` says how to add one."""

import numpy as np

from nnlib.activations import sigmoid
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import gradient

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D103, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 4.2 -------------------------------------------------------------------------------------------


def yes_or_no_loss(z, y):
    """The mean loss of logits z against truths y, and its slope at every z.

    z and y (0.0 or 1.0) have one shape, whatever it is. L is one number,
    dz has the shape of z.
    """
    # <solution>
    losses = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))  # (4.9)
    p = 0.5 * np.tanh(0.5 * z) + 0.5  # (2.1)
    L = losses.mean()
    dz = (p - y) / z.size  # (4.10)
    # <starter>
    # L = ...
    # dz = ...
    # </solution>
    return L, dz


def mean_loss(z, y):
    return (np.logaddexp(0, z) - z * y).mean()


def _answers(rng: np.random.Generator) -> list[Case]:
    def draw(*shape: int) -> Case:
        z = 2 * rng.normal(size=shape)
        return z, (rng.permutation(z.size) % 2).reshape(shape).astype(float)

    # By hand: p is 1/2 and 3/4.
    return [(np.log([1.0, 3.0]), np.array([1.0, 0.0])), draw(5), draw(4, 3), draw(3, 3)]


def _sure_answers(_: np.random.Generator) -> list[Case]:
    right, wrong = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    return [(np.full(2, 1000.0), right), (np.full(2, -1000.0), wrong)]


def _slope(dz):
    """The right loss with another slope, made of p, y, z and the right one's own size."""
    return lambda z, y: (mean_loss(z, y), dz(sigmoid(z).data, y, z, z.size))


def _value(loss):
    """The right slope with another loss, made of log p, log(1 - p), y and z."""

    def wrong(z, y):
        yes, no = -np.logaddexp(0, -z), -np.logaddexp(0, z)
        return loss(yes, no, y, z), (sigmoid(z).data - y) / z.size

    return wrong


def _both(loss, dz):
    return lambda z, y: (_value(loss)(z, y)[0], _slope(dz)(z, y)[1])


def _by_formula(inside=lambda p: p):
    def formula(z, y):
        p = sigmoid(z).data
        losses = -(y * np.log(inside(p)) + (1 - y) * np.log(inside(1 - p)))
        return losses.mean(), (p - y) / z.size

    return formula


def _squared(z, y):
    p = sigmoid(z).data
    return ((p - y) ** 2).mean(), 2 * (p - y) * p * (1 - p) / z.size


def _capped(outputs):
    """Whether the loss of 500 on four sure answers, two of them wrong, came out lower."""
    return len(outputs) > 4 and 1 < np.mean(outputs[4][0]) < 400


def _by_cases(z, y):
    gaps = np.where(y == 1, -z, z)  # how far the logit is on the wrong side
    return np.logaddexp(0, gaps).mean(), np.where(y == 1, -1, 1) * sigmoid(gaps).data / y.size


def _by_library_pieces(z, y):
    a = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1, a) / (1 + a)
    return np.mean(np.where(z > 0, z, 0) - z * y + np.log(1 + a)), (p - y) * (1 / y.size)


YES_OR_NO = gradient(
    "4.2",
    "Yes or no, the loss and its slope",
    yes_or_no_loss,
    cases=_answers,
    outputs=("L", "dz"),
    loss=mean_loss,
    hints=(
        (
            "Take one logit. What is -log p when the truth is yes, and -log(1 - p) when it is no, "
            "written with z? And how does a mean share out a slope?"
        ),
        (
            "Both cases are one formula: log(1 + e^z) - z y. Its slope at z has two parts, one for "
            "each term. Then keep the exponential from ever being asked for a large number."
        ),
        (
            "log(1 + e^z) is max(z, 0) + log(1 + e^(-|z|)), and np.log1p(x) is log(1 + x). The "
            "slope of it is the sigmoid; z y has the slope y; each number has a share of one in "
            "z.size of the mean."
        ),
    ),
    misconceptions=(
        Misconception(
            "slope-without-mean",
            _slope(lambda p, y, z, n: p - y),
            "L is a mean, dz is not: nudge one of the numbers, and the mean moves by its share of "
            "that alone.",
            "p - y is the slope everybody remembers, and for one example it is complete.",
        ),
        Misconception(
            "slope-by-rows",
            _slope(lambda p, y, z, n: (p - y) / len(z)),
            "Your slopes fit where z is one row of numbers. With several questions for each "
            "example, over how many numbers does the mean run?",
            "N is the number of examples, and for a class loss dividing by N is right.",
        ),
        Misconception(
            "slope-turned-round",
            _slope(lambda p, y, z, n: (y - p) / n),
            "Your slope points the other way: where p is too large, a larger z makes the loss "
            "grow.",
            "y - p is the direction in which the logit should go, and the slope is the opposite "
            "of that.",
        ),
        Misconception(
            "slope-once-more-through-the-sigmoid",
            _slope(lambda p, y, z, n: (p - y) * p * (1 - p) / n),
            "The slope of the sigmoid is in p - y already: it cancelled what the logarithm had "
            "below the line. Here it comes a second time.",
            "The chain has a sigmoid in it, and a sigmoid's slope is p (1 - p); that it has "
            "cancelled is easy to forget.",
        ),
        Misconception(
            "slope-at-p",
            _slope(lambda p, y, z, n: (p - y) / (p * (1 - p)) / n),
            "That is the slope at p. From p to z there is one step more, through the sigmoid.",
            "The loss is written with p, so one differentiates by p first, and stops there.",
        ),
        Misconception(
            "slope-of-squares",
            _slope(lambda p, y, z, n: 2 * (p - y) * p * (1 - p) / n),
            "L is right, and dz is the slope of the squared error of p: it dies out where the "
            "answer is sure and wrong. Which loss do you differentiate?",
            "The squared error's slope has the same sign everywhere, and vanishes at the same "
            "place.",
        ),
        Misconception(
            "slope-forgets-the-truth",
            _slope(lambda p, y, z, n: p / n),
            "Your slope is never negative, so nothing would ever be pushed up. Which term of the "
            "loss knows the truth?",
            "The sigmoid is the slope of the term that is hard to differentiate; the easy one, "
            "z y, is then left behind.",
        ),
        Misconception(
            "slope-without-sigmoid",
            _slope(lambda p, y, z, n: (z - y) / n),
            "You compare the logit itself with the truth. At z = 1 and y = 1 your slope is 0; is "
            "the loss flat there?",
            "Output minus target is the slope of the squared error of a plain number.",
        ),
        Misconception(
            "slope-for-yes-alone",
            _slope(lambda p, y, z, n: -y * (1 - p) / n),
            "Where the truth is no, your slope is 0: those answers would never be corrected.",
            "The formula with log p is the one that is quoted, and it is the case of yes.",
        ),
        Misconception(
            "slope-of-the-decision",
            _slope(lambda p, y, z, n: ((z > 0) - y) / n),
            "You compare decisions with the truth: 0 for every answer on the right side, however "
            "unsure. How does the loss move when p goes from 0.6 to 0.7?",
            "What counts in the end is the decision, and here the perceptron's way of counting "
            "mistakes comes back.",
        ),
        Misconception(
            "slope-summed",
            _slope(lambda p, y, z, n: (p - y).mean()),
            "One number for all: each logit has a slope of its own, in the place where it stands.",
            "The loss is one number, so its slope looks as if it were one as well.",
        ),
        Misconception(
            "slope-by-tanh",
            _slope(lambda p, y, z, n: (np.tanh(z) - y) / n),
            "Your p runs from -1 to 1, and a probability does not. Which activation lies between "
            "0 and 1?",
            "tanh has the same shape as the sigmoid, and a safe sigmoid is written with it.",
        ),
        Misconception(
            "sum",
            _both(lambda yes, no, y, z: -(y * yes + (1 - y) * no).sum(), lambda p, y, z, n: p - y),
            "L and dz fit together, but they are those of the sum. Asked for is the mean over all "
            "numbers.",
            "Losses of independent examples add up, and a sum has its lowest point in the same "
            "place as a mean.",
        ),
        Misconception(
            "sum-in-the-value",
            _value(lambda yes, no, y, z: -(y * yes + (1 - y) * no).sum()),
            "dz belongs to the mean, and L is the sum: nudge a z and see whether L moves as dz "
            "says.",
            "Losses of independent examples add up.",
        ),
        Misconception(
            "mean-over-examples",
            lambda z, y: (mean_loss(z, y) * z.size / len(z), (sigmoid(z).data - y) / len(z)),
            "L and dz fit together, but with several questions for each example you divide by the "
            "examples alone. Over how many numbers does the mean of (4.9) run?",
            "One divides by the batch size everywhere else.",
        ),
        Misconception(
            "size-of-the-slope",
            _slope(lambda p, y, z, n: np.abs(p - y) / n),
            "None of your slopes is negative. Where the truth is yes, a larger z makes the loss "
            "fall.",
            "How hard it pushes is a size, and the direction seems to be clear from the truth.",
        ),
        Misconception(
            "truth-of-plus-and-minus-one",
            _value(lambda yes, no, y, z: np.logaddexp(0, -z * y).mean()),
            "Your L is log 2 wherever y is 0, whatever z is. That formula wants the truth as 1 and "
            "-1.",
            "With truths of 1 and -1 the loss is shorter to write, and it is often seen so.",
        ),
        Misconception(
            "maximum-left-out",
            _value(lambda yes, no, y, z: (np.log1p(np.exp(-np.abs(z))) - z * y).mean()),
            "The small part of log(1 + e^z) is there, and the large part is missing where z is "
            "above 0. What was taken out of the logarithm?",
            "log1p(exp(-|z|)) looks like the whole of the softplus, made safe.",
        ),
        Misconception(
            "one-loss-a-number",
            _value(lambda yes, no, y, z: -(y * yes + (1 - y) * no)),
            "L is one loss for each logit. What makes one number of them?",
            "Each answer does have a loss of its own.",
        ),
        Misconception(
            "yes-alone",
            _both(lambda yes, no, y, z: -(y * yes).mean(), lambda p, y, z, n: -y * (1 - p) / n),
            "Only the cases of yes cost anything. What would an answer cost that says yes to "
            "everything?",
            "For classes the loss is -log p of the right one, and here only one p is written down; "
            "that of no is what is left of 1.",
        ),
        Misconception(
            "yes-alone-in-the-value",
            _value(lambda yes, no, y, z: -(y * yes).mean()),
            "Only the cases of yes cost anything in L. What would an answer cost that says yes to "
            "everything?",
            "The slope is right without it, and -log p with a y in front looks like the whole "
            "formula.",
        ),
        Misconception(
            "p-for-both",
            _value(lambda yes, no, y, z: -yes.mean()),
            "Your L does not look at the truth: it is lowest where p is 1 for all.",
            "-log p is the formula to remember; whose p it is depends on the truth.",
        ),
        Misconception(
            "truth-swapped",
            _both(
                lambda yes, no, y, z: -(y * no + (1 - y) * yes).mean(),
                lambda p, y, z, n: (p - (1 - y)) / n,
            ),
            "Yes and no have changed places: a large logit should be cheap where y is 1.",
            "The two terms look alike, and which of them carries y is quickly confused.",
        ),
        Misconception(
            "truth-swapped-in-the-value",
            _value(lambda yes, no, y, z: -(y * no + (1 - y) * yes).mean()),
            "Yes and no have changed places in L: a large logit should be cheap where y is 1.",
            "One of the two terms has 1 - y and the other 1 - p, and they look as if they belonged "
            "together.",
        ),
        Misconception(
            "no-minus",
            _value(lambda yes, no, y, z: (y * yes + (1 - y) * no).mean()),
            "Your L is negative, and better answers make it larger. It is a likelihood's "
            "logarithm; a loss is to be lowered.",
            "The log-likelihood is this very sum, and there larger is better.",
        ),
        Misconception(
            "softplus-alone",
            _value(lambda yes, no, y, z: -no.mean()),
            "log(1 + e^z) is the loss where the truth is no. What changes where it is yes?",
            "Most of the work goes into that logarithm, and the short term after it is easily "
            "dropped.",
        ),
        Misconception(
            "bits",
            _value(lambda yes, no, y, z: -(y * yes + (1 - y) * no).mean() / np.log(2)),
            "Your logarithm has base 2, and your dz belongs to the natural one.",
            "Information is counted in bits, and np.log2 stands beside np.log.",
        ),
        Misconception(
            "squared-error",
            _squared,
            "That is the squared error of p and its slope, and they fit together. Asked for is "
            "-log of the probability of what was true.",
            "p and y are numbers between 0 and 1, and the difference squared is the first measure "
            "that comes to mind.",
        ),
        Misconception(
            "logits-for-probabilities",
            lambda z, y: (
                -(y * np.log(z) + (1 - y) * np.log(1 - z)).mean(),
                (sigmoid(z).data - y) / z.size,
            ),
            "You take the logarithm of the logit, which may be negative. What turns a logit into a "
            "probability?",
            "The textbook formula is written for p, and a network's output looks as if it were "
            "that p.",
        ),
        Misconception(
            "by-the-formula",
            _by_formula(),
            "Right for small logits. At 1000 the probability is rounded to 1, the other to 0, and "
            "its logarithm is minus infinity. Work the formula out in z before you compute.",
            "It is the definition, word for word, and on everyday logits it agrees to the last "
            "digit.",
        ),
        Misconception(
            "sigmoid-overflows",
            _slope(lambda p, y, z, n: (np.exp(z) / (1 + np.exp(z)) - y) / n),
            "L is safe, and in dz infinity is divided by infinity. Chapter 2 has a sigmoid whose "
            "exponential is never large.",
            "e^z over 1 + e^z is what the chain rule gives, and it is the same sigmoid.",
        ),
        Misconception(
            "log-of-one-plus-exp",
            lambda z, y: (
                (np.log(1 + np.exp(z)) - z * y).mean(),
                (sigmoid(z).data - y) / z.size,
            ),
            "The formula is right, and e to the 1000 is more than a computer holds. How do you "
            "write it so that the exponential only ever sees numbers below 0?",
            "With the quotient gone, what is left looks harmless: the logarithm undoes the "
            "exponential. It comes too late.",
        ),
        Misconception(
            "wrong-half-safe",
            lambda z, y: (
                (np.log1p(np.exp(-z)) + (1 - y) * z).mean(),
                (sigmoid(z).data - y) / z.size,
            ),
            "Safe for large logits and not for large negative ones: e to the -z is then huge. "
            "Which of z and -z may be handed to the exponential?",
            "This form is exact too, and it does survive z = 1000, which is the case one tries.",
        ),
        Misconception(
            "capped",
            _by_formula(lambda p: np.clip(p, 1e-12, 1.0)),
            "Your loss has a ceiling: from some point on it costs nothing to be still more wrong. "
            "The exact answer needs no pinch of epsilon.",
            "A floor under the probability prevents infinity, and nearly every answer looks the "
            "same with it; many programs do this.",
            sign=_capped,
        ),
    ),
    stress=_sure_answers,
    also_right=(_by_cases, _by_library_pieces),
)
