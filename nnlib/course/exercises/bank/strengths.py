"""Chapter 14, strengths and costs: its exercises. `backpropagation.py` is the guide.

14.1 stands here; the others are beside it: 14.2 in `strengths_game.py`, 14.3 in
`strengths_faults.py`, 14.4 in `strengths_costs.py`, 14.5 in `strengths_predictions.py`.
"""

import numpy as np

from nnlib.course.exercises.bank.strengths_costs import COSTS
from nnlib.course.exercises.bank.strengths_faults import LEARNING_CURVE
from nnlib.course.exercises.bank.strengths_game import WORTH
from nnlib.course.exercises.bank.strengths_points import (
    bias_left_behind,
    built,
    by_equations,
    columns,
    fits,
    flat_weights,
    from_the_right,
    meets,
    points,
    scaled_units,
    slopes_in_front,
    spikes,
    straight,
    with_a_spare_unit,
)
from nnlib.course.exercises.bank.strengths_predictions import PREDICTIONS
from nnlib.course.exercises.exercise import Misconception, Property
from nnlib.course.exercises.kinds import property_of

# Learners' code: nothing of it is annotated.
# ruff: noqa: ARG005
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


THROUGH_POINTS = property_of(
    "14.1",
    "A network through points",
    through_points,
    (
        Property(
            "shapes",
            fits,
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
            meets,
            "The network misses a point. Walk along its line from the left: at which point does it "
            "part from yours?",
        ),
        Property(
            "straight between",
            straight,
            "It meets every point, and between two of them it bends. Where do its kinks stand?",
        ),
    ),
    cases=points,
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
            built(changes=lambda slopes: slopes),
            "Each unit brings the whole slope of its piece. But the units before it have not "
            "stopped: what do all of them together add up to?",
            tempting="Every piece has a slope and every piece has a unit, so the one seems to "
            "belong to the other.",
        ),
        Misconception(
            "starts-flat",
            built(changes=lambda slopes: np.diff(slopes, prepend=slopes[0])),
            "The first piece comes out flat. Before the first point nothing rises, so what changes "
            "there?",
            tempting="A change needs a piece before and a piece after, and the first point has "
            "only one.",
        ),
        Misconception(
            "changes-turned-round",
            built(changes=lambda slopes: -np.diff(slopes, prepend=0)),
            "Your line is the mirror image: it falls where it should rise. Which slope is taken "
            "from which?",
            tempting="A difference has two orders, and one of them is right by half.",
        ),
        Misconception(
            "bias-sign",
            built(kinks=lambda x: -x[:-1]),
            "Your kinks stand at the mirror images of the points. Where is x plus the bias zero?",
            tempting="A kink at 2 sounds like a bias of 2.",
        ),
        Misconception(
            "all-kinks-at-zero",
            built(kinks=lambda x: np.zeros(len(x) - 1)),
            "All units bend at the same place. What moves a unit's kink along the axis?",
            tempting="Slopes are what a line is made of, and a bias looks like a correction for "
            "later.",
        ),
        Misconception(
            "kink-at-the-end",
            built(kinks=lambda x: x[1:]),
            "Each piece begins where it should end. From which point on does a unit add its slope?",
            tempting="A unit belongs to a piece, and a piece ends at a point as surely as it "
            "begins at one.",
        ),
        Misconception(
            "starts-at-zero",
            built(start=lambda x, y: np.zeros(1)),
            "The shape is right and all of it lies too high or too low. What does the network say "
            "at the first point, where no unit speaks yet?",
            tempting="In a first drawing the line starts at the origin, and there nothing has to "
            "be added.",
        ),
        Misconception(
            "starts-at-the-last",
            built(start=lambda x, y: y[-1:]),
            "The line begins at the last height. At the left end no unit speaks: what is left?",
            tempting="The output's bias comes last in the network, and so the last height comes "
            "to mind.",
        ),
        Misconception(
            "starts-at-the-mean",
            built(start=lambda x, y: np.atleast_1d(y.mean())),
            "The line begins at the mean height. A bias that is trained may come to stand there; "
            "here it is what the network says before any unit speaks.",
            tempting="The best constant answer is the mean, and a bias is a constant answer.",
        ),
        Misconception(
            "steps-of-one",
            built(slopes=lambda x, y: np.diff(y)),
            "Your pieces rise by the right amount for steps of length one. How far apart are these "
            "points?",
            tempting="On paper the points are one square apart, and rise over run is the rise.",
        ),
        Misconception(
            "run-over-rise",
            built(slopes=lambda x, y: np.diff(x) / np.diff(y)),
            "Run over rise: steep pieces come out flat. Which of the two is divided by which?",
            tempting="Arguments come as x and y, so the fraction comes out in that order too.",
        ),
        Misconception(
            "slope-in-front",
            slopes_in_front,
            "The change of slope stands inside the ReLU. Where it is negative, the unit looks the "
            "other way: it speaks left of its kink. On which side of a ReLU may a sign stand?",
            tempting="Twice a ReLU is the ReLU of the double, so a factor seems to be free to "
            "move through it.",
        ),
        Misconception(
            "bias-left-behind",
            bias_left_behind,
            "The weights inside have changed and the biases have not, so the kinks have moved. "
            "Where is w times x plus b zero?",
            tempting="The kink was put in its place before the weight was chosen.",
        ),
        Misconception(
            "inner-kinks-only",
            lambda x, y: (
                np.ones((len(x) - 2, 1)),
                -x[1:-1],
                np.diff(np.diff(y) / np.diff(x))[None],
                y[:1],
            ),
            "You have a unit for each point at which the line bends. But it has to rise from the "
            "first point on: what makes the first piece slope?",
            tempting="A line through three points bends once, at the one in the middle.",
        ),
        Misconception(
            "starts-at-the-axis",
            built(start=lambda x, y: y[:1] - x[:1] * (np.diff(y) / np.diff(x))[:1]),
            "The output begins where the first piece, drawn on to the left, would meet the axis. "
            "But left of its kink a unit says nothing: what does the network say at the first "
            "point?",
            tempting="A line is given by its slope and by where it meets the axis.",
        ),
        Misconception(
            "one-point-late",
            built(changes=lambda slopes: np.diff(slopes, append=0)),
            "Each unit brings the change that is due one point further on. What changes at the "
            "very first point?",
            tempting="The differences of the slopes are one too few, and the gap can be filled at "
            "either end.",
        ),
        Misconception(
            "kinks-midway",
            built(kinks=lambda x: (x[1:] + x[:-1]) / 2),
            "Your kinks stand halfway between the points. Where does the line bend?",
            tempting="A slope belongs to a piece, and the middle stands for the piece.",
        ),
        Misconception(
            "smoothed-slopes",
            built(slopes=lambda x, y: np.gradient(y, x)[:-1]),
            "Your slopes are those of a smooth curve through the points, each a mean of two "
            "pieces. The network is straight in between.",
            tempting="There is a function in NumPy for slopes, and it gives one for each point.",
        ),
        Misconception(
            "heights-as-weights",
            lambda x, y: (np.ones((len(x), 1)), -x, y[None], np.zeros(1)),
            "Each unit is weighed by the height of its point, as if it spoke at that point alone. "
            "It speaks from there on, and ever louder.",
            tempting="To each point belong a unit and a height, so the one seems to carry the "
            "other.",
        ),
        Misconception(
            "columns",
            columns,
            "The first weight is (1, H) and the second (H, 1). Here a unit is a row of its "
            "layer's weight.",
            tempting="Read from left to right, one number goes in and H come out.",
        ),
        Misconception(
            "flat-weights",
            flat_weights,
            "The weights are (H,), one axis short. How many inputs does a hidden unit have, and "
            "how many units has the last layer? An axis of length one is an axis.",
            tempting="With one input and one output nothing is left to be told apart by a second "
            "axis.",
        ),
        Misconception(
            "a-hat-on-every-point",
            spikes,
            "A narrow hat on every point meets all of them, with three units each, and between the "
            "points it falls to zero. What has to hold between them?",
            tempting="A hat can be put on one point without disturbing the others.",
        ),
    ),
    also_right=(from_the_right, scaled_units, by_equations, with_a_spare_unit),
)

EXERCISES = (THROUGH_POINTS, WORTH, LEARNING_CURVE, COSTS, PREDICTIONS)
