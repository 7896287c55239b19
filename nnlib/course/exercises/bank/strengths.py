"""Chapter 14, strengths and costs: its exercises. `backpropagation.py` is the guide.

14.1 stands here; the others are beside it: 14.2 in `strengths_costs.py`, 14.3 in
`strengths_game.py`, 14.4 in `strengths_faults.py`, 14.5 in `strengths_predictions.py`.
"""

import numpy as np

from nnlib.course.exercises.bank.strengths_costs import COSTS
from nnlib.course.exercises.bank.strengths_faults import LEARNING_CURVE
from nnlib.course.exercises.bank.strengths_game import WORTH
from nnlib.course.exercises.bank.strengths_predictions import PREDICTIONS
from nnlib.course.exercises.exercise import Case, Misconception, Property
from nnlib.course.exercises.kinds import property_of

# Learners' code: nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 14.1 ------------------------------------------------------------------------------------------


def through_points(x, y):
    """Weights of a ReLU network that goes through all points: W1, b1, W2, b2.

    x (N,) rises; y (N,) holds the heights. With H hidden units, N at most,
    W1 is (H, 1), b1 (H,), W2 (1, H) and b2 (1,). The network is straight
    between neighbouring points.
    """
    # <solution>
    slopes = np.diff(y) / np.diff(x)
    changes = np.diff(slopes, prepend=0)
    return np.ones((len(changes), 1)), -x[:-1], changes[None], y[:1]  # (14.1)
    # </solution>


def _points(rng: np.random.Generator) -> list[Case]:
    def draw(count: int) -> Case:
        x = np.cumsum(rng.uniform(0.3, 2.0, count)) - rng.uniform(1, 3)
        return x.round(2), rng.normal(scale=2, size=count).round(2)

    return [
        (np.array([0.0, 1.0, 3.0]), np.array([1.0, 3.0, 2.0])),
        (np.array([-1.0, 1.5]), np.array([2.0, -3.0])),
        # The third point lies on the line through its neighbours: nothing changes there.
        (np.array([-2.0, -1.0, 1.0, 2.0, 2.5]), np.array([0.5, 1.0, 2.0, 2.5, -1.0])),
        draw(4),
        draw(9),
    ]


def _fits(output, x, y):
    W1, b1, W2, b2 = map(np.shape, output)
    units = b1[0] if b1 else 0
    return (W1, b1, W2, b2) == ((units, 1), (units,), (1, units), (1,))


def _answer(output, x):
    W1, b1, W2, b2 = map(np.asarray, output)
    return (np.maximum(x[:, None] @ W1.T + b1, 0) @ W2.T + b2)[:, 0]


def _meets(output, x, y):
    return np.allclose(_answer(output, x), y, rtol=1e-6, atol=1e-6)


def _straight(output, x, y):
    return all(
        np.allclose(
            _answer(output, x[:-1] + part * np.diff(x)),
            y[:-1] + part * np.diff(y),
            rtol=1e-6,
            atol=1e-6,
        )
        for part in (0.05, 0.35, 0.5, 0.8, 0.95)
    )


def _built(changes=None, kinks=None, start=None, slopes=None):
    """The solution with another idea of one of its parts."""

    def network(x, y):
        slope = (slopes or (lambda x, y: np.diff(y) / np.diff(x)))(x, y)
        change = (changes or (lambda s: np.diff(s, prepend=0)))(slope)
        places = (kinks or (lambda x: x[:-1]))(x)
        first = (start or (lambda x, y: y[:1]))(x, y)
        return np.ones((len(change), 1)), -places, change[None], first

    return network


def _slopes_in_front(x, y):
    changes = np.diff(np.diff(y) / np.diff(x), prepend=0)
    return changes[:, None], -changes * x[:-1], np.ones((1, len(changes))), y[:1]


def _bias_left_behind(x, y):
    changes = np.diff(np.diff(y) / np.diff(x), prepend=0)
    return np.abs(changes)[:, None], -x[:-1], np.sign(changes)[None], y[:1]


def _columns(x, y):
    W1, b1, W2, b2 = through_points(x, y)
    return W1.T, b1, W2.T, b2


def _flat_weights(x, y):
    W1, b1, W2, b2 = through_points(x, y)
    return W1[:, 0], b1, W2[0], b2


def _spikes(x, y):
    """A narrow hat on every point: right at the points, nowhere else."""
    narrow = np.diff(x).min() / 10
    kinks = np.concatenate([x - narrow, x, x + narrow])
    heights = np.concatenate([y, -2 * y, y])[None] / narrow
    return np.ones((len(kinks), 1)), -kinks, heights, np.zeros(1)


def _from_the_right(x, y):
    """Units that look left, so the last height is the one to begin with."""
    changes = np.diff((np.diff(y) / np.diff(x))[::-1], prepend=0)
    return -np.ones((len(changes), 1)), x[:0:-1], -changes[None], y[-1:]


def _scaled_units(x, y):
    W1, b1, W2, b2 = through_points(x, y)
    scale = np.arange(1.0, len(b1) + 1)
    return W1 * scale[:, None], b1 * scale, W2 / scale, b2


def _by_equations(x, y):
    A = np.maximum(x[1:, None] - x[:-1], 0)
    return np.ones((len(x) - 1, 1)), -x[:-1], np.linalg.solve(A, y[1:] - y[0])[None], y[:1]


def _with_a_spare_unit(x, y):
    W1, b1, W2, b2 = through_points(x, y)
    return np.vstack([W1, [[1.0]]]), np.append(b1, -x[-1]), np.append(W2, [[0.0]], axis=1), b2


THROUGH_POINTS = property_of(
    "14.1",
    "A network through points",
    through_points,
    (
        Property(
            "shapes",
            _fits,
            "The four shapes do not fit together: with H hidden units they are (H, 1), (H,), "
            "(1, H) and (1,).",
        ),
        Property(
            "units",
            lambda output, x, y: len(output[1]) <= len(x),
            "More hidden units than points. How many kinks does a line through these points have?",
        ),
        Property(
            "through the points",
            _meets,
            "The network misses a point. Walk along its line from the left: at which point does it "
            "part from yours?",
        ),
        Property(
            "straight between",
            _straight,
            "It meets every point, and between two of them it bends. Where do its kinks stand?",
        ),
    ),
    cases=_points,
    outputs=("W1", "b1", "W2", "b2"),
    hints=(
        "Walk along the line from the left. What does a unit add at its kink, and ever after?",
        "The slope after a point is the slope before it, plus what the unit at that point adds.",
        (
            "A unit for each point but the last, its kink at the point; weighed by the new slope "
            "minus the old one, and the old slope of the first is 0. The output starts at the "
            "first height."
        ),
    ),
    misconceptions=(
        Misconception(
            "slopes-for-changes",
            _built(changes=lambda slopes: slopes),
            "Each unit brings the whole slope of its piece. But the units before it have not "
            "stopped: what do all of them together add up to?",
            tempting="Every piece has a slope and every piece has a unit, so the one seems to "
            "belong to the other.",
        ),
        Misconception(
            "starts-flat",
            _built(changes=lambda slopes: np.diff(slopes, prepend=slopes[0])),
            "The first piece comes out flat. Before the first point nothing rises, so what changes "
            "there?",
            tempting="A change needs a piece before and a piece after, and the first point has "
            "only one.",
        ),
        Misconception(
            "changes-turned-round",
            _built(changes=lambda slopes: -np.diff(slopes, prepend=0)),
            "Your line is the mirror image: it falls where it should rise. Which slope is taken "
            "from which?",
            tempting="A difference has two orders, and one of them is right by half.",
        ),
        Misconception(
            "bias-sign",
            _built(kinks=lambda x: -x[:-1]),
            "Your kinks stand at the mirror images of the points. Where is x plus the bias zero?",
            tempting="A kink at 2 sounds like a bias of 2.",
        ),
        Misconception(
            "all-kinks-at-zero",
            _built(kinks=lambda x: np.zeros(len(x) - 1)),
            "All units bend at the same place. What moves a unit's kink along the axis?",
            tempting="Slopes are what a line is made of, and a bias looks like a correction for "
            "later.",
        ),
        Misconception(
            "kink-at-the-end",
            _built(kinks=lambda x: x[1:]),
            "Each piece begins where it should end. From which point on does a unit add its slope?",
            tempting="A unit belongs to a piece, and a piece ends at a point as surely as it "
            "begins at one.",
        ),
        Misconception(
            "starts-at-zero",
            _built(start=lambda x, y: np.zeros(1)),
            "The shape is right and all of it lies too high or too low. What does the network say "
            "at the first point, where no unit speaks yet?",
            tempting="In a first drawing the line starts at the origin, and there nothing has to "
            "be added.",
        ),
        Misconception(
            "starts-at-the-last",
            _built(start=lambda x, y: y[-1:]),
            "The line begins at the last height. At the left end no unit speaks: what is left?",
            tempting="The output's bias comes last in the network, and so the last height comes "
            "to mind.",
        ),
        Misconception(
            "starts-at-the-mean",
            _built(start=lambda x, y: np.atleast_1d(y.mean())),
            "The line begins at the mean height. A bias that is trained may come to stand there; "
            "here it is what the network says before any unit speaks.",
            tempting="The best constant answer is the mean, and a bias is a constant answer.",
        ),
        Misconception(
            "steps-of-one",
            _built(slopes=lambda x, y: np.diff(y)),
            "Your pieces rise by the right amount for steps of length one. How far apart are these "
            "points?",
            tempting="On paper the points are one square apart, and rise over run is the rise.",
        ),
        Misconception(
            "run-over-rise",
            _built(slopes=lambda x, y: np.diff(x) / np.diff(y)),
            "Run over rise: steep pieces come out flat. Which of the two is divided by which?",
            tempting="Arguments come as x and y, so the fraction comes out in that order too.",
        ),
        Misconception(
            "slope-in-front",
            _slopes_in_front,
            "The change of slope stands inside the ReLU. Where it is negative, the unit looks the "
            "other way: it speaks left of its kink. On which side of a ReLU may a sign stand?",
            tempting="Twice a ReLU is the ReLU of the double, so a factor seems to be free to "
            "move through it.",
        ),
        Misconception(
            "bias-left-behind",
            _bias_left_behind,
            "The weights inside have changed and the biases have not, so the kinks have moved. "
            "Where is w times x plus b zero?",
            tempting="The kink was put in its place before the weight was chosen.",
        ),
        Misconception(
            "columns",
            _columns,
            "The first weight is (1, H) and the second (H, 1). Here a unit is a row of its "
            "layer's weight.",
            tempting="Read from left to right, one number goes in and H come out.",
        ),
        Misconception(
            "flat-weights",
            _flat_weights,
            "The weights are (H,), one axis short. How many inputs does a hidden unit have, and "
            "how many units has the last layer? An axis of length one is an axis.",
            tempting="With one input and one output nothing is left to be told apart by a second "
            "axis.",
        ),
        Misconception(
            "a-hat-on-every-point",
            _spikes,
            "A narrow hat on every point meets all of them, with three units each, and between the "
            "points it falls to zero. What has to hold between them?",
            tempting="A hat can be put on one point without disturbing the others.",
        ),
    ),
    also_right=(_from_the_right, _scaled_units, _by_equations, _with_a_spare_unit),
)

EXERCISES = (THROUGH_POINTS, COSTS, WORTH, LEARNING_CURVE, PREDICTIONS)
