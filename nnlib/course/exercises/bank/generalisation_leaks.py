"""Chapter 8, generalisation: a report with three leaks to find and stop.

Each leak, and each set of them that can be left, is a misconception: whoever has stopped some of
the three hears about the next. `backpropagation.py` says how to add an exercise.
"""

import numpy as np

from nnlib.course.exercises.exercise import Case
from nnlib.course.exercises.kinds import debug, planted

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 8.3 -------------------------------------------------------------------------------------------


def most_apart(X, y):
    """The features in order: first the one whose two class means differ most."""
    return np.argsort(-np.abs(X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0)))


def nearest_mean(X, y, X_new, y_new):
    """The share of new rows that are nearer to the mean of their own class."""
    away = [((X_new - X[y == c].mean(axis=0)) ** 2).sum(axis=1) for c in (0, 1)]
    return float(np.mean((away[1] < away[0]) == y_new))


def honest_report(X, y, sizes):
    """How many features to use, one of sizes, and the test accuracy.

    X (N, D) and classes y (N,), in an order left to chance, with copies.
    """
    # <solution>
    _, places = np.unique(X, axis=0, return_index=True)
    first = np.sort(places)
    X, y = X[first], y[first]
    # <starter>
    # </solution>
    half, rest = len(X) // 2, 3 * len(X) // 4
    train, val, test = slice(half), slice(half, rest), slice(rest, None)
    # <solution>
    order = most_apart(X[train], y[train])
    # <starter>
    # order = most_apart(X, y)
    # </solution>

    def right(size, part):
        A = X[:, order[:size]]
        return nearest_mean(A[train], y[train], A[part], y[part])

    # <solution>
    size = max(sizes, key=lambda size: right(size, val))
    # <starter>
    # size = max(sizes, key=lambda size: right(size, test))
    # </solution>
    return size, right(size, test)


def _tables(rng: np.random.Generator) -> list[Case]:
    def draw(rows: int, features: int, copies: int, sizes: tuple[int, ...]) -> Case:
        """Noise with a trace of the class in it, and rows that stand in it again."""
        y = rng.permutation(np.arange(rows) % 2)
        X = rng.normal(size=(rows, features)).round(2)
        X[:, 0] += 0.5 * y
        again = rng.choice(rows, copies)
        order = rng.permutation(rows + copies)
        return np.concatenate([X, X[again]])[order], np.concatenate([y, y[again]])[order], sizes

    return [draw(*shape, (1, 2, 3, 5, 8)) for shape in SHAPES]


SHAPES = [(40, 12, 14), (60, 30, 25), (52, 40, 20), (70, 25, 30), (64, 50, 20), (48, 48, 24)]

LEAKS = {
    "copies": (
        (
            "Some rows stand in the table more than once. When they are dealt out, what becomes of "
            "a row whose copy was trained on?"
        ),
        "No line deals with copies, and what is not there is hard to see.",
    ),
    "features": (
        (
            "The order of the features was found with the test rows in sight. Which rows may it be "
            "found from?"
        ),
        "Choosing features happens before the training, so it looks like preparation.",
    ),
    "choice": (
        (
            "How many features to use is chosen by the rows that the report is about. Which rows "
            "are there to choose by?"
        ),
        "What counts in the end is the test accuracy, so one takes the size that is best there.",
    ),
}


def _dealt(X):
    half, rest = len(X) // 2, 3 * len(X) // 4
    return slice(half), slice(half, rest), slice(rest, None)


def _kept(X, y, slips):
    """The rows that are dealt out, after the slip with the copies, if there is one."""
    _, places, groups, counts = np.unique(
        X, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    groups = groups.ravel()
    if {"copies", "copies in the training part", "copies within parts"}.intersection(slips):
        return X, y
    if "sorted rows" in slips:
        return X[places], y[places]
    if "rows without labels" in slips:
        return np.unique(X, axis=0), y
    if "both gone" in slips:
        alone = counts[groups] == 1
        return X[alone], y[alone]
    if "last one kept" in slips:
        last = np.sort(len(X) - 1 - np.unique(X[::-1], axis=0, return_index=True)[1])
        return X[last], y[last]
    first = np.sort(places)
    return X[first], y[first]


def _with(*slips):
    """The solution with some slips in it."""

    def report(X, y, sizes):
        X, y = _kept(X, y, slips)
        parts = [np.arange(len(X))[part] for part in _dealt(X)]
        thinned = {"copies in the training part": 1, "copies within parts": 3}
        for slip, count in thinned.items():
            if slip in slips:
                for i, part in enumerate(parts[:count]):
                    parts[i] = part[np.sort(np.unique(X[part], axis=0, return_index=True)[1])]
        train, val, test = parts
        seen = {
            "features": np.arange(len(X)),
            "features from both": np.concatenate([train, val]),
            "features from validation": val,
            "features from the test": test,
        }
        rows = next((seen[slip] for slip in slips if slip in seen), train)
        order = most_apart(X[rows], y[rows])

        def right(size, part):
            A = X[:, order[:size]]
            return nearest_mean(A[train], y[train], A[part], y[part])

        both = np.concatenate([train, val])
        chooser = {"choice": test, "chosen by training": train, "chosen by both": both}
        by = next((chooser[slip] for slip in slips if slip in chooser), val)
        size = max(sizes, key=lambda size: right(size, by))
        if "the worst" in slips:
            size = min(sizes, key=lambda size: right(size, by))
        if "trained again" in slips:
            train = both
        reported = {"validation reported": val, "all reported": np.arange(len(X))}
        about = next((reported[slip] for slip in slips if slip in reported), test)
        return size, right(size, about)

    return report


SLIPS = {
    "sorted rows": (
        (
            "The copies are gone, and the rows have come out in order of size. Before, their order "
            "was left to chance; now the parts differ in kind."
        ),
        "np.unique does what its name says, and that it sorts stands further down in its help.",
    ),
    "rows without labels": (
        (
            "The rows are unique now and the labels are those of the old rows: which label belongs "
            "to which row?"
        ),
        "The copies are in X, so one line that mends X seems to be enough.",
    ),
    "both gone": (
        "Of a row that stands there twice, both are gone. One of them is an honest example.",
        "Whatever has a copy is suspect, and throwing away seems to be on the safe side.",
    ),
    "last one kept": (
        (
            "Of equal rows you keep the last. That stops the leak as well; asked for is the first, "
            "so that the parts can be compared."
        ),
        "A dictionary keeps the last value that it was given.",
    ),
    "copies in the training part": (
        "Copies within the training part are gone. The copy that matters stands in another part.",
        "Training is where a copy would count twice, so there one looks first.",
    ),
    "copies within parts": (
        "Within each part no row stands twice now. But a copy may still stand in another part.",
        "Every part is cleaned with care, and no part looks beyond itself.",
    ),
    "features from both": (
        (
            "The order of the features has seen the validation rows. They are there to choose its "
            "length by: will they still be strangers?"
        ),
        "Only the test rows are forbidden, and more rows give a better order.",
    ),
    "features from validation": (
        (
            "The order of the features comes from the validation rows, and those also choose its "
            "length: a choice that is measured by itself."
        ),
        "Features are a choice, and the validation rows are there to choose by.",
    ),
    "features from the test": (
        "The order of the features comes from the test rows alone. What will be measured on them?",
        "Of three parts one has to be named, and test is the one that the number is about.",
    ),
    "chosen by training": (
        "The rows that were trained on choose now. They like every feature that fits them.",
        "The training rows are the one part that may be used for everything.",
    ),
    "chosen by both": (
        (
            "The size is chosen by training and validation rows together. The first like whatever "
            "fits them: who is left to disagree?"
        ),
        "More rows to choose by make the choice less a matter of luck.",
    ),
    "trained again": (
        (
            "For the report the means are learned anew, from training and validation rows. That "
            "leaks nothing, and it is often done; here it is another report than the one asked for."
        ),
        "Once the size is chosen, the validation rows have no other use.",
    ),
    "all reported": (
        "The report is about all rows, those that were learned from among them.",
        "More rows give a steadier number, and the whole table is at hand.",
    ),
    "the worst": (
        "It takes the size with the smallest share that is right.",
        "With a loss the smallest is the best, and the habit stays.",
    ),
    "validation reported": (
        (
            "The number that you report is the one that the size was chosen by. It is the best of "
            "several."
        ),
        "The best validation accuracy is at hand, and the test rows are spared.",
    ),
}


def _copies_by_a_set(X, y, sizes):
    seen, kept = set(), []
    for i, row in enumerate(X):
        if row.tobytes() not in seen:
            seen.add(row.tobytes())
            kept.append(i)
    X, y = X[kept], y[kept]
    train, val, test = _dealt(X)
    apart = X[train][y[train] == 1].mean(axis=0) - X[train][y[train] == 0].mean(axis=0)
    order = np.argsort(np.abs(apart))[::-1]
    shares = []
    for size in sizes:
        A = X[:, order[:size]]
        shares.append(nearest_mean(A[train], y[train], A[val], y[val]))
    size = sizes[int(np.argmax(shares))]
    A = X[:, order[:size]]
    return size, nearest_mean(A[train], y[train], A[test], y[test])


def _copies_by_comparison(X, y, sizes):
    same = (X[:, None] == X[None]).all(axis=2)
    alone = same.argmax(axis=1) == np.arange(len(X))
    return honest_report(X[alone], y[alone], sizes)


HONEST_REPORT = debug(
    "8.3",
    "Three leaks in a report",
    honest_report,
    cases=_tables,
    outputs=("size", "accuracy"),
    hints=(
        "Go through the lines and ask of each: which rows does it look at, and may it?",
        (
            "Two lines look at rows that are none of their business. The third leak is a line that "
            "is missing, before anything is dealt out."
        ),
        (
            "The features are found from the training part alone, the size is chosen by the "
            "validation part. Before the deal, np.unique over rows finds the first place of each; "
            "sorted, these places keep the old order."
        ),
    ),
    misconceptions=planted(
        _with,
        LEAKS,
        SLIPS,
        whole="It runs, no error is raised, and the accuracy is pleasing.",
        partly="A report with one leak fewer looks honest",
    ),
    also_right=(_copies_by_a_set, _copies_by_comparison),
    equivalent={
        "half, rest = (len(X) // -2, 3 * len(X) // 4)": "counted from the other end, half is half"
    },
    explain=lambda _: (
        "This is not the report of the repaired function. All but three places stay as they were: "
        "the order of the rows, the parts and their sizes, and of equal rows the first."
    ),
)
