"""Chapter 4, loss: the best answer without looking. `backpropagation.py` says how to add one."""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 4.5 -------------------------------------------------------------------------------------------


def best_constant(loss, y, K):
    """The one answer for all examples with the lowest loss, and that loss.

    loss is "mse_loss" or "l1_loss", with y (N,) numbers and one number as
    the answer; or "cross_entropy", with y (N,) class numbers from 0 to
    K - 1, and K probabilities as the answer.
    """
    # <solution>
    if loss == "mse_loss":
        answer = y.mean()
        return answer, ((y - answer) ** 2).mean()  # (4.1)
    if loss == "l1_loss":
        answer = np.median(y)
        return answer, np.abs(y - answer).mean()  # (4.3)
    answer = np.bincount(y, minlength=K) / len(y)
    return answer, -np.log(answer[y]).mean()  # (4.7)
    # </solution>


def _targets(rng: np.random.Generator) -> list[Case]:
    skewed = np.exp(rng.normal(size=7)) * 3
    return [
        ("mse_loss", np.array([3.0, 4.0, 5.0, 6.0, 32.0]), None),
        ("l1_loss", np.array([3.0, 4.0, 5.0, 6.0, 32.0]), None),
        ("cross_entropy", np.array([0, 2, 2, 0, 2, 0, 2, 2]), 3),
        ("mse_loss", skewed - 4, None),
        ("l1_loss", rng.permutation(skewed) - 4, None),
        ("l1_loss", np.array([-1.0, 7.0, 0.5, 2.0]), None),
        ("cross_entropy", rng.permutation(np.repeat(np.arange(4), [5, 1, 2, 3])), 6),
    ]


def _all_alike(_: np.random.Generator) -> list[Case]:
    return [
        ("mse_loss", np.array([2.5, 2.5]), None),
        ("l1_loss", np.array([4.0]), None),
    ]


def _but(**changed):
    """The solution with another way for some of the losses."""

    def wrong(loss, y, K):
        return changed[loss](y, K) if loss in changed else best_constant(loss, y, K)

    return wrong


def _answer(find):
    """Another answer, with the loss that it really has."""
    measured = {
        "mse_loss": lambda y, a: ((y - a) ** 2).mean(),
        "l1_loss": lambda y, a: np.abs(y - a).mean(),
        "cross_entropy": lambda y, a: -np.log(a[y]).mean(),
    }
    return lambda loss: lambda y, K: (found := find(y, K), measured[loss](y, found))


def _value(measure):
    """The right answer, with another loss beside it."""

    def way(loss):
        def wrong(y, K):
            answer = best_constant(loss, y, K)[0]
            return answer, measure(y, answer)

        return wrong

    return way


def _shares(y, K):
    return np.bincount(y, minlength=K) / len(y)


def _of_those_that_occur(y, K):
    _, counts = np.unique(y, return_counts=True)
    shares = counts / len(y)
    return shares, -(shares * np.log(shares)).sum()


def _entropy_by_sum(y, K):
    shares = _shares(y, K)
    return shares, -(shares * np.log(shares)).sum()


def _certain(y, K):
    return np.eye(K)[np.bincount(y, minlength=K).argmax()]


def _smoothed(y, K):
    return (np.bincount(y, minlength=K) + 1) / (len(y) + K)


def _class_mean(y, K):
    return y.mean(), ((y - y.mean()) ** 2).mean()


def _by_sorting(loss, y, K):
    if loss == "cross_entropy":
        shares = np.array([(y == k).sum() / y.size for k in range(K)])
        seen = shares[shares > 0]
        return shares, (seen * -np.log(seen)).sum()
    if loss == "mse_loss":
        return sum(y) / len(y), np.var(y)
    ordered, half = np.sort(y), len(y) // 2
    middle = ordered[half] if len(y) % 2 else (ordered[half - 1] + ordered[half]) / 2
    return middle, sum(abs(each - middle) for each in y) / len(y)


def _by_one_hot(loss, y, K):
    if loss != "cross_entropy":
        return best_constant(loss, y, K)
    rows = np.eye(K)[y]
    shares = rows.mean(axis=0)
    return shares, -np.log((rows * shares).sum(axis=1)).mean()


BASELINE = function(
    "4.5",
    "The best answer without looking",
    best_constant,
    _targets,
    outputs=("answer", "loss"),
    hints=(
        (
            "Move the answer up a little. For squares, who pulls how hard? For distances, does it "
            "matter how far away somebody is?"
        ),
        (
            "Squares balance the distances, distances balance how many lie on each side, and "
            "cross-entropy is lowest where the probabilities are the shares. Then put that answer "
            "into the loss itself."
        ),
        (
            "y.mean(); np.median(y); counts of every class from 0 to K - 1 divided by N. The loss "
            "of the last is the mean of -log of the share of each example's own class: index the "
            "shares with y."
        ),
    ),
    misconceptions=(
        Misconception(
            "mean-for-distances",
            _but(l1_loss=_answer(lambda y, K: y.mean())("l1_loss")),
            "For the absolute error you give the mean. One order that took 32 minutes drags it "
            "far from all others; move your answer towards them and see what the sum of distances "
            "does.",
            "The mean is what average usually means, and for symmetric numbers it is the median "
            "too.",
        ),
        Misconception(
            "median-for-squares",
            _but(mse_loss=_answer(lambda y, K: np.median(y))("mse_loss")),
            "For the squared error you give the median. Far numbers count by the square of their "
            "distance: does it pay to move towards them?",
            "The median is the typical number, and hardly minds an outlier; but the squared error "
            "does.",
        ),
        Misconception(
            "mean-and-median-swapped",
            _but(
                mse_loss=_answer(lambda y, K: np.median(y))("mse_loss"),
                l1_loss=_answer(lambda y, K: y.mean())("l1_loss"),
            ),
            "Mean and median have changed places. Which of the two losses minds a single far "
            "number most?",
            "The two come in one breath, and the pairing has to be derived to be remembered.",
        ),
        Misconception(
            "between-the-ends",
            _but(
                mse_loss=_answer(lambda y, K: (y.min() + y.max()) / 2)("mse_loss"),
                l1_loss=_answer(lambda y, K: (y.min() + y.max()) / 2)("l1_loss"),
            ),
            "The middle between the smallest and the largest keeps the worst case small. These "
            "losses count all numbers, not only the two at the ends.",
            "The middle is the fairest point between two, and the two ends are what one sees "
            "first.",
        ),
        Misconception(
            "zero-for-numbers",
            _but(
                mse_loss=_answer(lambda y, K: 0.0)("mse_loss"),
                l1_loss=_answer(lambda y, K: 0.0)("l1_loss"),
            ),
            "Always 0 is one constant, and not the best: look on which side the numbers lie.",
            "Saying nothing feels like saying 0.",
        ),
        Misconception(
            "median-of-even-unsorted",
            _but(l1_loss=_answer(lambda y, K: y[len(y) // 2])("l1_loss")),
            "You take the number that stands in the middle of the list. In the middle by size is "
            "what the median is.",
            "The example happens to be in order, and there both are the same.",
        ),
        Misconception(
            "median-upper-of-two",
            _but(l1_loss=_answer(lambda y, K: np.sort(y)[len(y) // 2])("l1_loss")),
            "With an even number of them you take the upper of the two middle ones. It is as good "
            "as any number between them; agreed on is half-way.",
            "len(y) // 2 finds the middle of an odd list, and for an even one it finds something "
            "just as good.",
        ),
        Misconception(
            "median-lower-of-two",
            _but(l1_loss=_answer(lambda y, K: np.sort(y)[(len(y) - 1) // 2])("l1_loss")),
            "With an even number of them you take the lower of the two middle ones. It is as good "
            "as any number between them; agreed on is half-way.",
            "Counted from zero, half of the last place is the middle of an odd list, and rounds "
            "down for an even one.",
        ),
        Misconception(
            "middle-distance",
            _but(l1_loss=_value(lambda y, a: np.median(np.abs(y - a)))("l1_loss")),
            "The answer is right, and its loss is the distance that stands in the middle. The loss "
            "averages the distances, as it averages the squares.",
            "What is right for the answer, a median, seems to be right for its loss.",
        ),
        Misconception(
            "log-of-the-largest",
            _but(
                cross_entropy=lambda y, K: (_shares(y, K), -np.log(_shares(y, K).max())),
            ),
            "You charge every example what an example of the most frequent class costs. The others "
            "got less, and cost more.",
            "The answer that a classifier gives is the class with the largest share.",
        ),
        Misconception(
            "most-frequent-class",
            _but(cross_entropy=_answer(_certain)("cross_entropy")),
            "All the probability for the most frequent class: it has the best accuracy of all "
            "constants, and the first example of another class costs infinity.",
            "To be right as often as possible one always says the most frequent class.",
        ),
        Misconception(
            "number-of-the-class",
            _but(cross_entropy=lambda y, K: (y.mean(), ((y - y.mean()) ** 2).mean())),
            "You take the mean of class numbers: half-way between class 0 and class 2 lies class "
            "1, which need not occur. What would you say about each class?",
            "y is an array of numbers in all three cases, and class numbers can be averaged "
            "without an error.",
        ),
        Misconception(
            "most-frequent-class-number",
            _but(
                cross_entropy=lambda y, K: (
                    np.bincount(y, minlength=K).argmax(),
                    -np.log(_shares(y, K).max()),
                )
            ),
            "You name a class. Cross-entropy asks for a probability of each of the K classes.",
            "The answer to which class is a class.",
        ),
        Misconception(
            "all-classes-alike",
            _but(cross_entropy=_answer(lambda y, K: np.full(K, 1 / K))("cross_entropy")),
            "1/K for each is the answer of somebody who has not even seen y. Some classes are "
            "more frequent than others: does it pay to know that?",
            "log K is the loss of knowing nothing, and that is the baseline that is always quoted.",
        ),
        Misconception(
            "counts",
            _but(
                cross_entropy=lambda y, K: (
                    np.bincount(y, minlength=K),
                    -np.log(_shares(y, K)[y]).mean(),
                )
            ),
            "Those are counts. Probabilities add up to 1.",
            "Counts are in the right proportions, and a softmax would have divided them.",
        ),
        Misconception(
            "only-classes-that-occur",
            _but(cross_entropy=_of_those_that_occur),
            "A class without an example has no place in your answer, and the others may slip into "
            "it. K probabilities are asked for, some of them 0.",
            "np.unique lists what is there, and an absent class costs nothing.",
        ),
        Misconception(
            "classes-up-to-the-largest",
            _but(
                cross_entropy=lambda y, K: _answer(lambda y, K: _shares(y, 0))("cross_entropy")(
                    y, K
                )
            ),
            "Your classes end with the largest that occurs. K probabilities are asked for, the "
            "last of them perhaps 0.",
            "np.bincount is the right tool, and by itself it counts only up to the largest number "
            "that it meets.",
        ),
        Misconception(
            "zero-times-minus-infinity",
            _but(cross_entropy=_entropy_by_sum),
            "A class that never occurs has the share 0, and 0 times the logarithm of 0 is nan. "
            "How many examples ask for its probability?",
            "The entropy is written as a sum over all classes, with the agreement that 0 log 0 "
            "is 0, and a computer does not know of that.",
        ),
        Misconception(
            "smoothed",
            _but(cross_entropy=_answer(_smoothed)("cross_entropy")),
            "You gave every class one example more. That is careful with new examples; here the "
            "lowest loss on these is asked for.",
            "A class that was not seen may still come, and a probability of 0 would then cost "
            "infinity.",
        ),
        Misconception(
            "softmax-of-counts",
            _but(
                cross_entropy=lambda y, K: (
                    (e := np.exp(np.bincount(y, minlength=K) - len(y))) / e.sum(),
                    best_constant("cross_entropy", y, K)[1],
                )
            ),
            "A softmax of the counts: one example more multiplies the probability by e. The counts "
            "are positive already; what makes them add up to 1?",
            "Softmax is what makes probabilities of numbers in this chapter.",
        ),
        Misconception(
            "divided-by-K",
            _but(
                cross_entropy=lambda y, K: (
                    np.bincount(y, minlength=K) / K,
                    best_constant("cross_entropy", y, K)[1],
                )
            ),
            "You divide by the number of classes, and the result does not add up to 1. A share of "
            "what is asked for?",
            "The answer has K numbers, so dividing by K looks like a mean.",
        ),
        Misconception(
            "log-K",
            _but(cross_entropy=lambda y, K: (_shares(y, K), np.log(K))),
            "The shares are right; log K is the loss of knowing nothing at all. The shares do "
            "better: put them into the loss.",
            "log K is the baseline that is always quoted.",
        ),
        Misconception(
            "distance-for-squares",
            _but(mse_loss=_value(lambda y, a: np.abs(y - a).mean())("mse_loss")),
            "The mean is right; beside it you measure distances, which is the other loss.",
            "How far off one is on average is a distance in ordinary speech.",
        ),
        Misconception(
            "squares-for-distance",
            _but(l1_loss=_value(lambda y, a: ((y - a) ** 2).mean())("l1_loss")),
            "The median is right; beside it you measure squares, which is the other loss.",
            "The square is what one has written a line before.",
        ),
        Misconception(
            "root",
            _but(mse_loss=_value(lambda y, a: np.sqrt(((y - a) ** 2).mean()))("mse_loss")),
            "You took the root at the end: it is in the unit of y, and easier to read. mse_loss "
            "leaves the square.",
            "The root of the mean square is what is reported, because it has the unit of the data.",
        ),
        Misconception(
            "sample-variance",
            _but(mse_loss=_value(lambda y, a: ((y - a) ** 2).sum() / (len(y) - 1))("mse_loss")),
            "You divide by N - 1, as one does to guess the variance of what was not measured. The "
            "loss is the mean over these N.",
            "In statistics the variance of a sample has N - 1 below the line.",
        ),
        Misconception(
            "sums",
            lambda loss, y, K: (
                best_constant(loss, y, K)[0],
                best_constant(loss, y, K)[1] * len(y),
            ),
            "Your losses are sums, and grow with the number of examples. All three are means.",
            "A sum has its lowest point in the same place.",
        ),
        Misconception(
            "signed-distances",
            _but(l1_loss=_value(lambda y, a: (y - a).mean())("l1_loss")),
            "Distances above and below cancel in yours. What is a distance without a sign?",
            "The difference is what comes first, and its sign is easily forgotten.",
        ),
        Misconception(
            "no-minus",
            _but(cross_entropy=_value(lambda y, a: np.log(a[y]).mean())("cross_entropy")),
            "Your cross-entropy is negative. It is minus the logarithm, of a number below 1.",
            "The mean of the logarithms is the log-likelihood, where larger is better.",
        ),
        Misconception(
            "wrong-per-cent",
            _but(cross_entropy=_value(lambda y, a: 1 - a.max())("cross_entropy")),
            "That is the share of mistakes when always the most frequent class is said. The loss "
            "asks how probable each example's own class was.",
            "How often a constant answer is wrong is a baseline too, for the accuracy.",
        ),
        Misconception(
            "bits",
            _but(cross_entropy=_value(lambda y, a: -np.log2(a[y]).mean())("cross_entropy")),
            "Your logarithm has base 2. Both measure the same, but a network's loss is in the "
            "natural one, and is to be compared.",
            "Entropy is nearly always given in bits.",
        ),
        Misconception(
            "mean-over-classes",
            _but(
                cross_entropy=_value(
                    lambda y, a: -np.log(a, where=a > 0, out=np.zeros_like(a)).mean()
                )("cross_entropy")
            ),
            "Every class counts the same in your mean. There are examples to be averaged, and of "
            "some classes there are more.",
            "The answer has K numbers, so one averages over them.",
        ),
    ),
    stress=_all_alike,
    also_right=(_by_sorting, _by_one_hot),
    equivalent={
        "return (answer, ((answer - y) ** 2).mean())": "a square has no sign",
        "return (answer, np.abs(answer - y).mean())": "a distance has no sign",
    },
)
