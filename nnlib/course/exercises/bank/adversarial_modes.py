"""Chapter 12, adversarial networks: how many modes are covered, and by how many good samples.

`backpropagation.py` says how to add an exercise.
"""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 12.4 ------------------------------------------------------------------------------------------


def coverage(samples, centres, radius, least):
    """How many modes are covered, and which share of the samples is good.

    samples (N, D) and centres (K, D). A sample is good if its nearest centre
    is at most radius away, and then it belongs to that centre alone. A mode is
    covered if at least `least` good samples belong to it.
    """
    # <solution>
    apart = samples[:, None] - centres  # (N, K, D)
    away = np.sqrt((apart**2).sum(axis=2))  # (N, K)
    good = away.min(axis=1) <= radius
    counts = np.bincount(away[good].argmin(axis=1), minlength=len(centres))
    return (counts >= least).sum(), good.mean()
    # </solution>


def _clouds(rng: np.random.Generator) -> list[Case]:
    corners = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])
    by_hand = np.array([[0.0, 1.0], [0.5, 0.0], [4.0, 0.0], [2.0, 2.0], [0.0, -0.5]])

    def draw(n, k, d, spread, radius, least):
        centres = 2.0 * rng.normal(size=(k, d))
        # Most samples on the first centres, few on the last: some modes are missed.
        which = np.minimum(rng.geometric(0.35, size=n) - 1, k - 1)
        return centres[which] + spread * rng.normal(size=(n, d)), centres, radius, least

    # Two centres so near that their circles overlap.
    near = np.array([[0.0, 0.0], [1.0, 0.0], [5.0, 5.0]])
    between = np.array([[0.4, 0.0], [0.3, 0.0], [0.45, 0.1], [5.0, 5.1]])
    return [
        (by_hand, corners, 1.0, 2),
        (between, near, 0.8, 1),
        draw(40, 5, 2, 0.3, 0.6, 3),
        draw(30, 4, 3, 0.5, 0.9, 2),
        draw(6, 6, 6, 0.4, 1.2, 1),
        draw(25, 6, 2, 0.25, 0.5, 3),
    ]


def _none_and_all(rng: np.random.Generator) -> list[Case]:
    ring = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])
    return [
        (np.full((7, 2), 9.0), ring, 0.5, 1),
        (np.repeat(ring, 2, axis=0), ring, 0.5, 2),
        (np.zeros((4, 2)), ring, 0.5, 1),
    ]


def _measured(judge):
    """A wrong answer that differs after the distances (N, K) are known."""

    def answer(samples, centres, radius, least):
        away = np.linalg.norm(samples[:, None] - centres, axis=2)
        return judge(away, radius, least)

    return answer


def _told(near=lambda away, radius: away.min(axis=1) <= radius, away_of=None):
    def answer(samples, centres, radius, least):
        apart = samples[:, None] - centres
        away = away_of(apart) if away_of else np.linalg.norm(apart, axis=2)
        good = near(away, radius)
        counts = np.bincount(away[good].argmin(axis=1), minlength=len(centres))
        return (counts >= least).sum(), good.mean()

    return answer


def _nearest_counts(away, radius, least):
    good = away.min(axis=1) <= radius
    return np.bincount(away[good].argmin(axis=1), minlength=away.shape[1]), good.mean()


def _after(judge):
    """A wrong answer that differs after the counts and the share are known."""
    return _measured(
        lambda away, radius, least: judge(*_nearest_counts(away, radius, least), least)
    )


def _all_belong(away, radius, least):
    counts = np.bincount(away.argmin(axis=1), minlength=away.shape[1])
    return (counts >= least).sum(), (away.min(axis=1) <= radius).mean()


def _in_any_circle(away, radius, least):
    inside = away <= radius
    return (inside.sum(axis=0) >= least).sum(), inside.any(axis=1).mean()


def _every_circle(away, radius, least):
    inside = away <= radius
    return (inside.sum(axis=0) >= least).sum(), inside.sum(axis=1).mean()


def _share_by_pairs(away, radius, least):
    covered, _ = _in_any_circle(away, radius, least)
    return covered, (away <= radius).mean()


def _bad_to_the_first(away, radius, least):
    good = away.min(axis=1) <= radius
    counts = np.bincount(away.argmin(axis=1) * good, minlength=away.shape[1])
    return (counts >= least).sum(), good.mean()


def _touched(away, radius, least):
    good = away.min(axis=1) <= radius
    return len(np.unique(away[good].argmin(axis=1))), good.mean()


def _nearest_sample(away, radius, least):
    return (away.min(axis=0) <= radius).sum(), (away.min(axis=1) <= radius).mean()


def _loop(samples, centres, radius, least):
    belong = [0] * len(centres)
    for sample in samples:
        distances = [float(np.linalg.norm(sample - centre)) for centre in centres]
        if min(distances) <= radius:
            belong[distances.index(min(distances))] += 1
    return sum(count >= least for count in belong), sum(belong) / len(samples)


def _one_hot(samples, centres, radius, least):
    squares = ((samples[:, None, :] - centres[None, :, :]) ** 2).sum(-1)
    nearest = squares.argmin(1)[:, None] == np.arange(len(centres))
    good = nearest & (squares <= radius**2)
    return int((good.sum(0) >= least).sum()), good.any(1).mean()


COVERAGE = function(
    "12.4",
    "Modes covered, samples good",
    coverage,
    _clouds,
    outputs=("modes covered", "share of good samples"),
    hints=(
        (
            "For one sample: how far is it from each centre? Which is the nearest, and is that "
            "near enough? What does it then count for?"
        ),
        (
            "Broadcasting gives all differences at once, (N, K, D), if the samples get a new axis "
            "in the middle. From them come the distances, (N, K); from a row of those, the nearest "
            "centre and whether the sample is good."
        ),
        (
            "Good: the smallest distance of the row is at most radius. Count how often each index "
            "is the argmin among good rows, np.bincount with minlength=K, and compare with least."
        ),
    ),
    misconceptions=(
        Misconception(
            "every-sample-belongs",
            _measured(_all_belong),
            "Samples that are far from everything still count for the mode they are least far "
            "from. May a bad sample cover a mode?",
            "Every sample has a nearest centre, so each can be handed to one.",
        ),
        Misconception(
            "one-is-enough",
            _measured(_touched),
            "You count a mode as covered with a single good sample. How many are asked for?",
            "To cover a mode sounds like reaching it at all.",
        ),
        Misconception(
            "more-than-least",
            _after(lambda counts, good, least: ((counts > least).sum(), good)),
            "A mode with exactly as many good samples as asked for is left out.",
            "More than the least and at least that many are easily taken for each other.",
        ),
        Misconception(
            "strictly-inside",
            _told(near=lambda away, radius: away.min(axis=1) < radius),
            "One sample of the first case lies exactly on the circle. Is it at most radius away?",
            "Inside a circle means nearer than its radius, and ties are rare.",
        ),
        Misconception(
            "overlapping-circles",
            _measured(_in_any_circle),
            "Where two circles overlap, your sample counts for both modes. It belongs to the "
            "nearest alone.",
            "A sample within the radius of a centre seems to be that centre's, whoever else's too.",
        ),
        Misconception(
            "pairs-over-samples",
            _measured(_every_circle),
            "Where two circles overlap, a sample is counted twice, in the share too: it could "
            "come out above 1.",
            "Adding up what lies in each circle looks like counting the good samples.",
        ),
        Misconception(
            "bad-ones-belong-to-the-first",
            _measured(_bad_to_the_first),
            "Your bad samples are all counted for the first mode: zero is the index of a mode as "
            "well as the sign of a bad sample.",
            "Multiplying by a mask takes out what is not wanted, and it takes out the index only.",
        ),
        Misconception(
            "share-of-pairs",
            _measured(_share_by_pairs),
            "You average over all pairs of a sample and a centre. A sample is good or it is not, "
            "whatever the number of centres.",
            "The mean of the table of near and far is one call away.",
        ),
        Misconception(
            "share-of-modes",
            _after(lambda counts, good, least: ((counts >= least).mean(), good)),
            "The first number is a count of modes, and yours is a share.",
            "The second answer is a share, and so the first looks as if it should be one.",
        ),
        Misconception(
            "count-of-samples",
            _measured(
                lambda away, radius, least: (
                    (_nearest_counts(away, radius, least)[0] >= least).sum(),
                    (away.min(axis=1) <= radius).sum(),
                )
            ),
            "That is how many samples are good. Asked for is their share.",
            "Modes are counted, and so one goes on counting.",
        ),
        Misconception(
            "per-cent",
            _after(lambda counts, good, least: ((counts >= least).sum(), 100 * good)),
            "Your share is in per cent. A share lies between 0 and 1.",
            "On the page shares are printed in per cent.",
        ),
        Misconception(
            "good-if-mode-is-covered",
            _measured(
                lambda away, radius, least: (
                    (_nearest_counts(away, radius, least)[0] >= least).sum(),
                    _nearest_counts(away, radius, least)[0][
                        _nearest_counts(away, radius, least)[0] >= least
                    ].sum()
                    / len(away),
                )
            ),
            "You leave out good samples whose mode is not covered. Good is said of a sample alone.",
            "A sample of a mode that does not count seems not to count either.",
        ),
        Misconception(
            "share-of-the-good",
            _after(
                lambda counts, good, least: (
                    (counts >= least).sum(),
                    counts.max() / max(counts.sum(), 1),
                )
            ),
            "That is the share that the largest mode has among the good samples. Asked for is the "
            "share of all samples that are good.",
            "Collapse is one mode having everything, and this number shows it.",
        ),
        Misconception(
            "squared-distance",
            _told(away_of=lambda apart: (apart**2).sum(axis=2)),
            "You compare the square of the distance with the radius. For which radius does that "
            "make no difference?",
            "The root changes nothing about which centre is nearest, so it seems to be saved.",
        ),
        Misconception(
            "city-blocks",
            _told(away_of=lambda apart: np.abs(apart).sum(axis=2)),
            "You add up the distances along the axes: that is the way along streets. The radius "
            "is that of a circle.",
            "Absolute differences are the shortest way to say how far apart numbers are.",
        ),
        Misconception(
            "each-coordinate-near",
            _told(away_of=lambda apart: np.abs(apart).max(axis=2)),
            "Your circle is a square: each coordinate is near enough by itself.",
            "A point is near if both its coordinates are, or so it seems.",
        ),
        Misconception(
            "mean-over-coordinates",
            _told(away_of=lambda apart: np.sqrt((apart**2).mean(axis=2))),
            "You average over the coordinates. A distance adds up their squares.",
            "A mean of squares is what errors have been measured by in every chapter.",
        ),
        Misconception(
            "nearest-sample-of-each-centre",
            _measured(_nearest_sample),
            "You ask for each centre whether some sample is near. How many are, and do they belong "
            "to it?",
            "A mode is missed when nothing is near it, and the smallest distance says so.",
        ),
        Misconception(
            "missed",
            _after(lambda counts, good, least: ((counts < least).sum(), good)),
            "That is how many modes are missed.",
            "Collapse is about what is missing, so one counts that.",
        ),
        Misconception(
            "the-other-way-round",
            _after(lambda counts, good, least: (good, (counts >= least).sum())),
            "The two numbers have changed places: the modes come first.",
            "Whether samples are good is asked before which modes they lie on.",
        ),
    ),
    stress=_none_and_all,
    also_right=(_loop, _one_hot),
    equivalent={
        "apart = centres - samples[:, None]": "a square has no sign",
        "good = away.min(axis=-1) <= radius": "the last axis is axis 1",
        "counts = np.bincount(away[good].argmin(axis=-1), minlength=len(centres))": (
            "the last axis is axis 1"
        ),
    },
)
