"""Chapter 14: a learning curve with four faults. `backpropagation.py` says how to add an exercise.

Each fault, and each set of them that can be left, is a misconception: whoever has repaired some of
the four hears about the next.
"""

import numpy as np

from nnlib.course.exercises.exercise import Case
from nnlib.course.exercises.kinds import debug, planted

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 14.3 ------------------------------------------------------------------------------------------


def descend(W, X, y, steps):
    """Train a linear classifier on from weights W (K, D); gives new weights."""
    one_hot = np.eye(len(W))[y]
    for _ in range(steps):
        Z = X @ W.T
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        W = W - 0.5 * (P - one_hot).T @ X / len(X)
    return W


def right(W, X, y):
    """The share of the rows of X (N, D) that weights W (K, D) get right."""
    return float(np.mean((X @ W.T).argmax(axis=1) == y))


def learning_curve(X, y, sizes, seeds):
    """The mean share of new rows that are right, for each size: (S,).

    X (N, D) and classes y (N,); every training takes 15 steps.
    """
    shares = np.zeros((seeds, len(sizes)))
    # <solution>
    # <starter>
    # W = np.zeros((len(set(y)), X.shape[1]))
    # </solution>
    for seed in range(seeds):
        # <solution>
        order = np.random.default_rng(seed).permutation(len(X))
        # <starter>
        # order = np.random.default_rng(0).permutation(len(X))
        # </solution>
        new, others = order[: len(X) // 4], order[len(X) // 4 :]
        for i, size in enumerate(sizes):
            # <solution>
            own, W = others[:size], np.zeros((len(set(y)), X.shape[1]))
            W = descend(W, X[own], y[own], steps=15)
            # <starter>
            # own = order[:size]
            # W = descend(W, X[own], y[own], steps=size)
            # </solution>
            shares[seed, i] = right(W, X[new], y[new])
    return shares.mean(axis=0)


def _tables(rng: np.random.Generator) -> list[Case]:
    def draw(rows: int, features: int, classes: int, sizes: list[int], seeds: int) -> Case:
        y = rng.permutation(np.arange(rows) % classes)
        X = rng.normal(size=(rows, features)) + 0.9 * rng.normal(size=(classes, features))[y]
        return X.round(2), y, sizes, seeds

    return [draw(*shape) for shape in SHAPES]


# Sizes are large enough for no two classes to be missing: such a tie is broken by rounding.
SHAPES = [
    (80, 8, 3, [10, 18, 30, 60], 4),
    (120, 12, 3, [12, 25, 50, 90], 3),
    (96, 10, 2, [5, 15, 40], 5),
    (64, 16, 2, [6, 12, 24, 40], 4),
    (100, 6, 4, [24, 36, 50, 70], 3),
]

FAULTS = {
    "one deal": (
        (
            "All seeds deal the rows in the same way, so the mean is over one deal. What should "
            "differ from seed to seed?"
        ),
        "A fixed seed makes a run repeatable, and every example of code has one.",
    ),
    "overlap": (
        (
            "Some of the rows trained on are among those the share is about. The more rows there "
            "are, the more of them?"
        ),
        "All rows were dealt at random, so any first part of them seems to do.",
    ),
    "carried on": (
        (
            "The weights go on from one size to the next, so a later size has been trained for "
            "longer, and on more than its rows. What does a fair comparison begin with?"
        ),
        (
            "What a model is made of is set up once, before the loop, and the next size only adds "
            "rows."
        ),
    ),
    "longer": (
        (
            "A larger size is also trained for more steps, so two things change from point to "
            "point. Which of them is the curve about?"
        ),
        "More rows take longer to go through, so a training of more rows seems to need more steps.",
    ),
}


def _with(*slips):
    """The solution with some slips in it."""

    def curve_of(X, y, sizes, seeds):
        curve = []
        start = np.zeros((y.max() + 1, X.shape[1]))
        W = start
        for seed in range(seeds):
            if "reset by seed" in slips:
                W = start
            if seed == 0 or "one generator" not in slips:
                rng = np.random.default_rng(0 if "one deal" in slips else seed)
            order = rng.permutation(len(X))
            quarter = len(X) // 4
            new, others = order[:quarter], order[quarter:]
            shares = []
            for size in sizes:
                own = order[:size] if "overlap" in slips else others[:size]
                if "own rows asked" in slips:
                    new = own
                if "what is left asked" in slips:
                    new = order[size:]
                if "all the others" in slips:
                    own = others
                if "drawn anew" in slips:
                    own = np.random.default_rng(seed).permutation(others)[:size]
                if "last rows" in slips:
                    own = others[-size:]
                if not {"carried on", "reset by seed"}.intersection(slips):
                    W = start
                W = descend(W, X[own], y[own], size if "longer" in slips else 15)
                shares.append(right(W, X[new], y[new]))
            curve.append(shares)
        if "mistakes" in slips:
            return 1 - np.mean(curve, axis=0)
        if "best" in slips:
            return np.max(curve, axis=0)
        if "worst" in slips:
            return np.min(curve, axis=0)
        if "median" in slips:
            return np.median(curve, axis=0)
        if "mean of sizes" in slips:
            return np.mean(curve, axis=1)
        if "last seed" in slips:
            return np.array(curve[-1])
        if "every seed" in slips:
            return np.array(curve)
        return np.mean(curve, axis=0)

    return curve_of


SLIPS = {
    "best": (
        (
            "Each point of the curve is the luckiest of the seeds. What does the next set of that "
            "size bring you on average?"
        ),
        "With an accuracy more is better, and the best run shows what is possible.",
    ),
    "reset by seed": (
        (
            "Each deal begins with fresh weights, and within it they still go on from size to "
            "size. The second size has had the training of the first."
        ),
        "A new deal is a new experiment, and fresh weights for each experiment look fair.",
    ),
    "own rows asked": (
        (
            "The share is about the rows that were trained on. A curve of that kind falls where "
            "this one should rise."
        ),
        "The rows of a given size are at hand, and the question is how well they are learned.",
    ),
    "what is left asked": (
        (
            "The rows asked about are whatever the training has left, other rows for each size. "
            "Then two points of the curve differ for two reasons."
        ),
        "No row is wasted that way, and none is both trained on and asked about.",
    ),
    "all the others": (
        "Every size trains on the same rows, all of them.",
        "More rows are better, and those are the rows that may be trained on.",
    ),
    "last rows": (
        (
            "You take other rows than asked for, from the end. That leaks nothing; here the first "
            "of them are meant, so that results can be compared."
        ),
        "Rows taken from the end stay well away from the new ones at the beginning.",
    ),
    "one generator": (
        (
            "One generator deals for all seeds, one deal after the other. That is fair; here each "
            "seed makes its own, so that a deal can be repeated without those before it."
        ),
        "A generator is made once and asked again and again.",
    ),
    "drawn anew": (
        (
            "The rows to train on are shuffled once more. That leaks nothing; here they are taken "
            "in the order of the deal, so that a larger size holds the smaller one."
        ),
        "One more shuffle cannot do any harm.",
    ),
    "mistakes": (
        "Your curve falls: it counts what is wrong. Asked for is the share that is right.",
        "Learning curves are often drawn with the error on the upright axis.",
    ),
    "worst": (
        (
            "Each point is the unluckiest of the seeds. That is a promise for bad days; asked for "
            "is what comes on average."
        ),
        "The worst case is the honest one to report, where something may break.",
    ),
    "median": (
        (
            "The middle seed in place of the mean. There is nothing wrong with it; asked for is "
            "the mean."
        ),
        "The median is not moved by one unlucky deal.",
    ),
    "mean of sizes": (
        (
            "One number for each seed came out: the mean runs over the sizes. Which axis holds the "
            "seeds?"
        ),
        "Rows and columns of a list of lists have no names.",
    ),
    "last seed": (
        "The curve of the last deal alone. The others have been computed and thrown away.",
        "After the loop the variable still holds a curve, and it has the right length.",
    ),
    "every seed": (
        "A curve for each seed, which is good to look at. Asked for is one, their mean.",
        "The curves of all seeds show the spread as well.",
    ),
}


def _one_size_after_the_other(X, y, sizes, seeds):
    quarter = len(X) // 4
    means = []
    for size in sizes:
        shares = []
        for seed in range(seeds):
            order = np.random.default_rng(seed).permutation(len(X))
            own, new = order[quarter : quarter + size], order[:quarter]
            W = descend(np.zeros((len(np.unique(y)), X.shape[1])), X[own], y[own], 15)
            shares.append(right(W, X[new], y[new]))
        means.append(sum(shares) / seeds)
    return means


LEARNING_CURVE = debug(
    "14.3",
    "Four faults in a learning curve",
    learning_curve,
    cases=_tables,
    hints=(
        (
            "Say for each line what should be the same for all points of the curve, and what "
            "should differ."
        ),
        (
            "One fault makes the seeds alike, two make the sizes differ in more than size, and "
            "one lets the curve be asked what it knows."
        ),
        (
            "The deal follows the seed; the rows to train on come from the others; the weights "
            "start at zero for every size; and every training is as long as the others."
        ),
    ),
    misconceptions=planted(
        _with,
        FAULTS,
        SLIPS,
        whole="It runs, the curve rises, and the numbers are pleasing.",
        partly="With one fault fewer the curve looks right",
    ),
    also_right=(_one_size_after_the_other,),
    equivalent={
        "shares = np.ones((seeds, len(sizes)))": "every entry is written",
        "own, W = (others[:size], np.ones((len(set(y)), X.shape[1])))": (
            "a softmax sees only what differs between rows"
        ),
        "own, W = (others[:size], np.zeros((len(set(y)), X.shape[-1])))": (
            "of two axes the last is axis 1"
        ),
    },
    explain=lambda _: (
        "This is not the curve of the repaired function. All but four places stay as they were: "
        "which rows are new, how long is trained, what a share is."
    ),
)
