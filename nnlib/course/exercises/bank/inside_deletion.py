"""Chapter 13, looking inside: the deletion curve. `backpropagation.py` says how to add one."""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 13.3 ------------------------------------------------------------------------------------------


def deletion_curve(score, x, contributions, baseline):
    """The scores (D + 1,) as inputs are deleted, and the area below.

    score takes an input (D,) and gives a number. What contributes most is
    deleted first: its number becomes that of the baseline (D,), and stays.
    """
    # <solution>
    now = x.copy()
    scores = [score(now)]
    for place in np.argsort(-contributions):
        now[place] = baseline[place]
        scores.append(score(now))
    curve = np.array(scores)
    return curve, ((curve[1:] + curve[:-1]) / 2).mean()
    # </solution>


def total(x):
    """The sum of all inputs."""
    return float(x.sum())


def tangle(x):
    """A score in which no input goes alone."""
    w = np.cos(np.arange(len(x)))
    return float(np.tanh(w @ x) * 3 + (x[1:] * x[:-1]).sum())


def _pictures(rng: np.random.Generator) -> list[Case]:
    def draw(inputs: int) -> Case:
        return (tangle, *(rng.normal(size=inputs) for _ in range(3)))

    x = np.array([2.0, 5.0, 1.0])
    by_hand = (total, x, np.array([3.0, 1.0, 2.0]), np.zeros(3))
    against = (total, np.array([2.0, -5.0, 1.0, 4.0]), np.array([2.0, -4.0, 1.0, 3.0]), np.ones(4))
    return [by_hand, against, draw(4), draw(7), draw(10)]


def _curve(
    order=lambda c: np.argsort(-c),
    put=lambda baseline, place: baseline[place],
    start=lambda x, baseline: x,
    keep=lambda curve: curve,
    area=lambda curve: ((curve[1:] + curve[:-1]) / 2).mean(),
    alone=False,
):
    """The solution with one of its lines replaced."""

    def wrong(score, x, contributions, baseline):
        now = start(x, baseline).copy()
        scores = [score(now)]
        for place in order(contributions):
            if alone:
                now = start(x, baseline).copy()
            now[place] = put(baseline, place)
            scores.append(score(now))
        curve = keep(np.array(scores))
        return curve, area(curve)

    return wrong


def _insertion(score, x, contributions, baseline):
    return _curve(start=lambda a, b: b, put=lambda b, place: x[place])(
        score, x, contributions, baseline
    )


def _in_place(score, x, contributions, baseline):
    scores = [score(x)]
    for place in np.argsort(-contributions):
        x[place] = baseline[place]
        scores.append(score(x))
    curve = np.array(scores)
    return curve, ((curve[1:] + curve[:-1]) / 2).mean()


def _one_place_too_few(score, x, contributions, baseline):
    now, scores = x.copy(), []
    for place in np.argsort(-contributions):
        scores.append(score(now))
        now[place] = baseline[place]
    curve = np.array(scores)
    return curve, ((curve[1:] + curve[:-1]) / 2).mean()


def _without_asking(score, x, contributions, baseline):
    curve = score(x) - np.concatenate([[0.0], np.cumsum(np.sort(contributions)[::-1])])
    return curve, ((curve[1:] + curve[:-1]) / 2).mean()


def _takes_contributions_away(score, x, contributions, baseline):
    now = x.copy()
    scores = [score(now)]
    for place in np.argsort(-contributions):
        now[place] -= contributions[place]
        scores.append(score(now))
    curve = np.array(scores)
    return curve, ((curve[1:] + curve[:-1]) / 2).mean()


def _by_ink(score, x, contributions, baseline):
    return deletion_curve(score, x, x, baseline)


def _swapped(score, x, contributions, baseline):
    return deletion_curve(score, x, contributions, baseline)[::-1]


def _by_stacking(score, x, contributions, baseline):
    ranks = np.argsort(np.argsort(contributions)[::-1])
    curve = np.array([score(np.where(ranks < count, baseline, x)) for count in range(len(x) + 1)])
    return curve, float(np.trapezoid(curve, dx=1 / len(x)))


def _by_sorting_pairs(score, x, contributions, baseline):
    places = sorted(range(len(x)), key=lambda place: contributions[place], reverse=True)
    now, scores = list(x), [score(np.array(x))]
    for place in places:
        now[place] = baseline[place]
        scores.append(score(np.array(now)))
    area = (sum(scores) - (scores[0] + scores[-1]) / 2) / len(x)
    return scores, area


DELETION = function(
    "13.3",
    "The deletion curve",
    deletion_curve,
    _pictures,
    outputs=("curve", "area"),
    hints=(
        (
            "With three inputs there are four scores. Which input is gone in the second of them, "
            "and which are gone in the third?"
        ),
        (
            "Work on a copy, and let what is deleted stay deleted. For the area, think of straight "
            "lines between the scores, over an axis from 0 to 1."
        ),
        (
            "np.argsort puts the smallest first, so sort what is turned round in sign. Each of the "
            "D pieces of the area is as wide as 1 / D and as high as the mean of its two ends."
        ),
    ),
    misconceptions=(
        Misconception(
            "smallest-first",
            _curve(order=np.argsort),
            "You begin with what contributes least. A good map should make the score fall at once.",
            tempting="Sorting gives the smallest first unless it is told otherwise.",
        ),
        Misconception(
            "largest-size-first",
            _curve(order=lambda c: np.argsort(-np.abs(c))),
            "You delete by size, whatever the sign. An input that speaks against the answer makes "
            "the score rise when it goes.",
            tempting="A large negative number is important too, so it seems to have its turn.",
        ),
        Misconception(
            "ranks-for-places",
            _curve(order=lambda c: np.argsort(np.argsort(-c))),
            "You use the rank of each input as if it were a place. Which input is it that comes "
            "first?",
            tempting="Sorting the order once more gives ranks, and both are lists of the same "
            "numbers.",
        ),
        Misconception(
            "reading-order",
            _curve(order=lambda c: range(len(c))),
            "You delete from the first input to the last. The contributions should say which goes "
            "first.",
            tempting="A loop over the inputs is written before one thinks of the order.",
        ),
        Misconception(
            "one-at-a-time",
            _curve(alone=True),
            "Each input comes back when the next one goes. What is deleted stays deleted: in the "
            "end nothing is left of x.",
            tempting="Covering one part at a time is how occlusion goes.",
        ),
        Misconception(
            "zeros",
            _curve(put=lambda baseline, place: 0.0),
            "You put a zero where an input is deleted. The baseline says what takes its place.",
            tempting="To delete is to set to zero, in most of what one writes.",
        ),
        Misconception(
            "without-asking",
            _without_asking,
            "You subtract what the map says and never ask the score again. Then every map looks "
            "right: the curve should test it.",
            tempting="Contributions add up to the score, so taking them away seems to say what is "
            "left.",
        ),
        Misconception(
            "contributions-taken-away",
            _takes_contributions_away,
            "You subtract the contribution from the input. A contribution is a part of the score; "
            "what takes the input's place is the baseline.",
            tempting="To delete a contribution sounds like taking it away.",
        ),
        Misconception(
            "by-ink",
            _by_ink,
            "You delete the largest inputs first. Whose order is to be tested?",
            tempting="Where the most ink is, the most is lost.",
        ),
        Misconception(
            "insertion",
            _insertion,
            "You begin with the baseline and bring the inputs back. That is the insertion curve; "
            "here they go.",
            tempting="Both curves judge a map by the same order, and papers show both.",
        ),
        Misconception(
            "in-place",
            _in_place,
            "The curve is right, and the picture is gone: x comes back as the baseline. Whose "
            "array do you delete from?",
            tempting="x is at hand, and after the last deletion it seems no longer needed.",
        ),
        Misconception(
            "without-the-start",
            _curve(keep=lambda curve: curve[1:]),
            "Your curve begins after the first deletion. How high was the score with nothing gone?",
            tempting="The loop runs once for each input, and so many numbers come out.",
        ),
        Misconception(
            "without-the-end",
            _one_place_too_few,
            "Your curve ends one deletion too soon. What is the score when nothing is left?",
            tempting="Noting the score and then deleting is the natural order within a loop.",
        ),
        Misconception(
            "relative",
            _curve(keep=lambda curve: curve - curve[0]),
            "Your curve starts at zero: it shows how far the score has come down. Asked for is the "
            "score itself.",
            tempting="It is the fall that one is after.",
        ),
        Misconception(
            "scaled",
            _curve(keep=lambda curve: curve / curve[0]),
            "Your curve starts at 1. A score is no share: it can be negative, or nearly zero at "
            "the start. Leave it as it is.",
            tempting="Curves of different pictures are easier to compare when they start alike.",
        ),
        Misconception(
            "swapped",
            _swapped,
            "Two results in the other order: the curve comes first, then its area.",
            tempting="The area is the number one is after, so it comes to mind first.",
        ),
        Misconception(
            "all-scores-over-inputs",
            _curve(area=lambda curve: curve.sum() / (len(curve) - 1)),
            "The curve is right. You add up one score more than there are pieces.",
            tempting="A sum over all scores, times the width of a piece, looks like an area.",
        ),
        Misconception(
            "mean-of-all",
            _curve(area=lambda curve: curve.mean()),
            "The curve is right. Its mean counts the two ends as much as the others, though each "
            "of them borders on one piece only.",
            tempting="The mean height times a width of 1 looks like the area.",
        ),
        Misconception(
            "left-ends",
            _curve(area=lambda curve: curve[:-1].mean()),
            "The curve is right. Each piece of the area is as high as its left end; the score at "
            "the end of it should have a say as well.",
            tempting="A sum of rectangles is the first picture of an area that one is shown.",
        ),
        Misconception(
            "right-ends",
            _curve(area=lambda curve: curve[1:].mean()),
            "The curve is right. Each piece of the area is as high as its right end; the score at "
            "the beginning of it should have a say as well.",
            tempting="The scores that the loop computes are those after a deletion.",
        ),
        Misconception(
            "wide-pieces",
            _curve(area=lambda curve: ((curve[1:] + curve[:-1]) / 2).sum()),
            "The curve is right. Your area grows with the number of inputs: the axis goes from 0 "
            "to 1, from nothing deleted to all.",
            tempting="One deletion is one step, so the pieces seem to be 1 wide.",
        ),
        Misconception(
            "not-halved",
            _curve(area=lambda curve: (curve[1:] + curve[:-1]).mean()),
            "The curve is right, the area twice too large. How high is a piece with two such ends?",
            tempting="The two ends of each piece are added, and then one thinks of the width.",
        ),
        Misconception(
            "area-above",
            _curve(area=lambda curve: curve[0] - ((curve[1:] + curve[:-1]) / 2).mean()),
            "The curve is right. You give what lies between it and its start; asked for is what "
            "lies below the curve.",
            tempting="A good map makes the score fall early, and more should mean better.",
        ),
    ),
    also_right=(_by_stacking, _by_sorting_pairs),
)
