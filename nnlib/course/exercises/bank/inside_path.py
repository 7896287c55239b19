"""Chapter 13, looking inside: integrated gradients. `backpropagation.py` says how to add one."""

import numpy as np

from nnlib.course.exercises.exercise import Answer, Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 13.2 ------------------------------------------------------------------------------------------


def path_contributions(gradient, x, baseline, steps):
    """What each input contributes on the way from baseline to x: (D,).

    gradient takes an input (D,) and gives the slopes of the score there,
    (D,). The way is cut into steps equal pieces.
    """
    # <solution>
    total = np.zeros_like(x)
    for m in range(steps):
        total += gradient(baseline + (m + 0.5) / steps * (x - baseline))
    return (x - baseline) * total / steps  # (13.3)
    # </solution>


def of_enough_ink(x):
    """The slopes of 1 - relu(1 - sum of x)."""
    return np.full(x.shape, 1.0) * (x.sum(axis=-1, keepdims=True) < 1)


def of_cubes(x):
    """The slopes of the sum of x**3."""
    return 3 * x**2


def of_a_tangle(x):
    """The slopes of sin(s) * (s + 2), where s is a weighted sum of x."""
    w = 0.5 + np.arange(x.shape[-1])
    s = (x @ w)[..., None] if x.ndim > 1 else x @ w
    return w * (np.cos(s) * (s + 2) + np.sin(s))


def _ways(rng: np.random.Generator) -> list[Case]:
    def draw(gradient: Answer, inputs: int, steps: int) -> Case:
        return gradient, rng.normal(size=inputs), rng.normal(size=inputs), steps

    return [
        (of_enough_ink, np.array([1.0, 1.0]), np.array([0.0, 0.0]), 4),
        (of_enough_ink, np.array([2.0, 0.5, 1.5]), np.array([0.1, 0.1, 0.2]), 5),
        draw(of_cubes, 3, 6),
        draw(of_a_tangle, 4, 7),
        draw(of_a_tangle, 5, 1),
        draw(of_cubes, 6, 3),
    ]


def _straight(shares, difference=lambda x, baseline: x - baseline, then=lambda a: a):
    """Slopes at some shares of the way, their mean, times what lies between the ends."""

    def wrong(gradient, x, baseline, steps):
        slopes = [gradient(baseline + a * (x - baseline)) for a in shares(steps)]
        return then(difference(x, baseline) * np.mean(slopes, axis=0))

    return wrong


def _middles(steps):
    return (np.arange(steps) + 0.5) / steps


def _elsewhere(place):
    """The solution along another way."""

    def wrong(gradient, x, baseline, steps):
        slopes = [gradient(place(x, baseline, a)) for a in _middles(steps)]
        return (x - baseline) * np.mean(slopes, axis=0)

    return wrong


def _trapezoids(gradient, x, baseline, steps):
    slopes = np.array([gradient(baseline + m / steps * (x - baseline)) for m in range(steps + 1)])
    return (x - baseline) * (slopes[1:] + slopes[:-1]).sum(axis=0) / 2 / steps


def _summed(gradient, x, baseline, steps):
    return steps * path_contributions(gradient, x, baseline, steps)


def _divided_twice(gradient, x, baseline, steps):
    return path_contributions(gradient, x, baseline, steps) / steps


def _one_mean_for_all(gradient, x, baseline, steps):
    slopes = [gradient(baseline + a * (x - baseline)) for a in _middles(steps)]
    return (x - baseline) * np.mean(slopes)


def _last_slope(gradient, x, baseline, steps):
    return (x - baseline) * gradient(baseline + _middles(steps)[-1] * (x - baseline)) / steps


def _one_at_a_time(gradient, x, baseline, steps):
    out = np.zeros_like(x)
    for d in range(len(x)):
        for a in _middles(steps):
            point = baseline.copy()
            point[d] += a * (x[d] - baseline[d])
            out[d] += gradient(point)[d] / steps
    return (x - baseline) * out


def _total(gradient, x, baseline, steps):
    return path_contributions(gradient, x, baseline, steps).sum()


def _no_baseline(gradient, x, baseline, steps):
    return x * np.mean([gradient(a * x) for a in _middles(steps)], axis=0)


def _slope_times_input(gradient, x, baseline, steps):
    points = [baseline + a * (x - baseline) for a in _middles(steps)]
    return np.mean([point * gradient(point) for point in points], axis=0)


def _rise_of_the_slope(gradient, x, baseline, steps):
    return (x - baseline) * (gradient(x) - gradient(baseline))


def _all_rows_at_once(gradient, x, baseline, steps):
    shares = np.linspace(0.5 / steps, 1 - 0.5 / steps, steps)[:, None]
    return (x - baseline) * gradient(baseline + shares * (x - baseline)).mean(axis=0)


def _piece_by_piece(gradient, x, baseline, steps):
    piece = (x - baseline) / steps
    return sum(piece * gradient(baseline + piece / 2 + m * piece) for m in range(steps))


def _backwards(gradient, x, baseline, steps):
    slopes = [gradient(x + a * (baseline - x)) for a in _middles(steps)]
    return (x - baseline) * np.mean(slopes, axis=0)


PATH = function(
    "13.2",
    "Adding up the way",
    path_contributions,
    _ways,
    hints=(
        (
            "At which points of the way do you ask for the slopes? Write them down for a way from "
            "0 to 1 in four pieces."
        ),
        (
            "In every piece the slope at its middle stands for the whole piece. A slope becomes a "
            "change of the score when it is multiplied by how far the input moves."
        ),
        (
            "The middle of piece m lies at the share (m + 0.5) / steps of the way. Take the mean "
            "of the slopes there, and multiply by how far each input has come."
        ),
    ),
    misconceptions=(
        Misconception(
            "no-distance",
            _straight(_middles, difference=lambda x, baseline: 1.0),
            "That is the mean slope along the way. A slope says what one unit more would do: how "
            "many units did each input move?",
            tempting="The gradients are integrated, as the name says, and nothing seems missing.",
        ),
        Misconception(
            "times-x",
            _straight(_middles, difference=lambda x, baseline: x),
            "You multiply by the input. The way did not start at zero: how far has each input "
            "come from the baseline?",
            tempting="With a baseline of zeros, the usual one, it is the same.",
        ),
        Misconception(
            "slope-at-the-end",
            _straight(lambda steps: [1.0]),
            "One slope, at x itself, stands for the whole way. Where the score has levelled off "
            "it says nothing of the climb before.",
            tempting="Gradient times input is a map that one knows, and it looks alike.",
        ),
        Misconception(
            "slope-at-the-start",
            _straight(lambda steps: [0.0]),
            "One slope, at the baseline, stands for the whole way. What happens between there and "
            "x is not looked at.",
            tempting="The way starts at the baseline, and so does the loop.",
        ),
        Misconception(
            "slope-halfway",
            _straight(lambda steps: [0.5]),
            "One slope, halfway, stands for the whole way. Is `steps` used?",
            tempting="Taking the middle is the rule, and the whole way has a middle too.",
        ),
        Misconception(
            "two-ends",
            _straight(lambda steps: [0.0, 1.0]),
            "The mean of the first and the last slope stands for the whole way. Is `steps` used?",
            tempting="Between two known values one takes the mean.",
        ),
        Misconception(
            "own-steps",
            _straight(lambda steps: _middles(50)),
            "However many pieces are asked for, you take fifty. The caller has chosen a number.",
            tempting="More pieces are more exact, so a large fixed number looks like a favour.",
        ),
        Misconception(
            "points-inside",
            _straight(lambda steps: np.linspace(0, 1, steps + 2)[1:-1]),
            "Your points lie evenly inside the way, and not in the middle of the pieces: the first "
            "is a whole piece away from the start.",
            tempting="Leaving out the two ends of an even division looks like taking middles.",
        ),
        Misconception(
            "no-baseline",
            _no_baseline,
            "The baseline is not used. Where does the way start, and how far has each input come?",
            tempting="The usual baseline is zero, and then it can be left out.",
        ),
        Misconception(
            "slope-times-input",
            _slope_times_input,
            "At each point you multiply the slope by the input there. What counts is how far the "
            "input moves while the slope holds.",
            tempting="Slope times input is a map one knows, and this is its mean along the way.",
        ),
        Misconception(
            "rise-of-the-slope",
            _rise_of_the_slope,
            "You take the slope at the end minus the slope at the start. That is how much the "
            "slope has changed; what happened on the way is not in it.",
            tempting="An integral is evaluated at its two ends and subtracted.",
        ),
        Misconception(
            "left-ends",
            _straight(lambda steps: np.arange(steps) / steps),
            "Each piece is judged by the slope at its beginning. On a score that bends one way "
            "all errors go the same way and add up.",
            tempting="A loop that counts from zero gives the beginnings by itself.",
        ),
        Misconception(
            "right-ends",
            _straight(lambda steps: (np.arange(steps) + 1) / steps),
            "Each piece is judged by the slope at its end. What stands in the middle speaks more "
            "fairly for the two halves.",
            tempting="The formula in the paper counts from one up to the number of steps.",
        ),
        Misconception(
            "both-ends",
            _straight(lambda steps: np.linspace(0, 1, steps)),
            "Your points go from the baseline to x, both included, so they are the ends of pieces "
            "and not their middles.",
            tempting="`np.linspace` from 0 to 1 is how one divides a way in NumPy.",
        ),
        Misconception(
            "one-point-more",
            _straight(lambda steps: np.linspace(0, 1, steps + 1)),
            "These are all the ends of the pieces, one more than there are pieces, with equal say. "
            "Asked for is the middle of each piece.",
            tempting="A fence of four pieces has five posts, and one has counted the posts.",
        ),
        Misconception(
            "trapezoids",
            _trapezoids,
            "A sound rule: the mean of both ends for each piece. Asked for is the slope at the "
            "middle, so that the numbers can be compared.",
            tempting="Areas under curves are mostly added up from trapezoids.",
        ),
        Misconception(
            "sum",
            _summed,
            "Your contributions grow with the number of steps. Each slope speaks for one piece "
            "of the way, not for all of it.",
            tempting="An integral is a sum, and a sum has no division in it.",
        ),
        Misconception(
            "divided-twice",
            _divided_twice,
            "Your contributions shrink as steps are added. How often do you divide by their "
            "number?",
            tempting="A mean and a division by the number of pieces can both look like care.",
        ),
        Misconception(
            "one-mean-for-all",
            _one_mean_for_all,
            "All inputs got the same mean slope. Over what do you take the mean?",
            tempting="`np.mean` with nothing said averages over everything it is given.",
        ),
        Misconception(
            "last-slope-only",
            _last_slope,
            "One slope is left of all: that of the last piece. What becomes of the others in your "
            "loop?",
            tempting="Assigning where one should add looks nearly the same in a loop.",
        ),
        Misconception(
            "from-zero",
            _elsewhere(lambda x, baseline, a: a * x),
            "Your way starts at zero. Where should it start?",
            tempting="Fading a picture in from nothing is what the method looks like.",
        ),
        Misconception(
            "past-the-end",
            _elsewhere(lambda x, baseline, a: baseline + a * x),
            "Your way starts at the baseline and does not end at x. What has to be added to the "
            "baseline to arrive there?",
            tempting="A share of the picture is laid over the baseline, as one would on paper.",
        ),
        Misconception(
            "one-at-a-time",
            _one_at_a_time,
            "Each input walks alone, with the others left at the baseline. Then what they do "
            "together is never seen, and the contributions need not add up.",
            tempting="To learn what one input does, one moves that one alone.",
        ),
        Misconception(
            "sign",
            _straight(_middles, difference=lambda x, baseline: baseline - x),
            "The signs are turned round: an input that raised the score gets a negative number. "
            "From where to where does the way go?",
            tempting="Old minus new and new minus old are easily mixed up.",
        ),
        Misconception(
            "sizes-alone",
            _straight(_middles, then=np.abs),
            "None is negative any more, and so the sum is no longer the change of the score.",
            tempting="A heat map shows how much something matters, and that sounds positive.",
        ),
        Misconception(
            "squared",
            _straight(_middles, difference=lambda x, baseline: (x - baseline) ** 2),
            "The distance is counted twice. A slope times a distance is a change of the score.",
            tempting="Distances are mostly squared before they are added up.",
        ),
        Misconception(
            "shares-of-one",
            _straight(_middles, then=lambda a: a / a.sum()),
            "Your numbers add up to 1. Contributions add up to what the score has gained.",
            tempting="Shares of the whole are how one tells who contributed what.",
        ),
        Misconception(
            "total",
            _total,
            "One number came out: what all inputs contribute together. Asked for is each one's.",
            tempting="An integral along a way is a single number in the books.",
        ),
    ),
    also_right=(_all_rows_at_once, _piece_by_piece, _backwards),
)
