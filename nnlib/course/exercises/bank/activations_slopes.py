"""Chapter 2, activations: four slopes. `backpropagation.py` says how to add an exercise."""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import gradient

# Learners' code: nothing of it is annotated.
# ruff: noqa: ARG001, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 2.3 -------------------------------------------------------------------------------------------


def slopes(z):
    """The slope of four activations at every number of z, as a dict.

    z is an array of any shape; so is every slope. At 0 the two with a
    corner have the slope of their left side.
    """
    # <solution>
    a = np.tanh(z)
    tanh = 1 - a**2  # (2.4)
    relu = np.where(z > 0, 1.0, 0.0)  # (2.6)
    leaky = np.where(z > 0, 1.0, 0.01)  # (2.8)
    s = 1 / (1 + np.exp(-z))
    silu = s + z * s * (1 - s)  # (2.14)
    # <starter>
    # tanh = ...
    # relu = ...
    # leaky = ...  # left of 0 the leaky ReLU is 0.01 z
    # silu = ...  # SiLU is z times the sigmoid of z
    # </solution>
    return {"tanh": tanh, "relu": relu, "leaky": leaky, "silu": silu}


def _places(rng: np.random.Generator) -> list[Case]:
    return [
        (np.array([-1.0, 2.0]),),
        (2 * rng.normal(size=(2, 3)),),
        (rng.normal(size=(4, 2, 3)),),
        (rng.normal(size=(3, 3)),),
    ]


def _corners(rng: np.random.Generator) -> list[Case]:
    return [(np.array([0.0]),), (np.array([[-30.0, 0.0], [30.0, 0.5]]),)]


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _with(**lines):
    """The solution with some of its four slopes replaced."""

    def wrong(z):
        return slopes(z) | {name: slope(z) for name, slope in lines.items()}

    return wrong


def _relu_and_leaky(relu, leaky):
    """Both corners read in the same wrong way, as one who has the idea would write them."""
    return _with(relu=relu, leaky=leaky)


def _by_cases(z):
    """Number by number, with the slopes written in other ways."""
    out = {name: np.empty(z.shape) for name in ("tanh", "relu", "leaky", "silu")}
    for place, v in np.ndenumerate(z):
        s = _sigmoid(v)
        out["tanh"][place] = 1 / np.cosh(v) ** 2
        out["relu"][place] = 1 if v > 0 else 0
        out["leaky"][place] = 1 if v > 0 else 0.01
        out["silu"][place] = s * (1 + v * (1 - s))
    return out


def _from_the_values(z):
    """Each slope from the value that the activation has there."""
    s = _sigmoid(z)
    a = z * s
    positive = (np.maximum(z, 0) > 0).astype(float)
    tanh = 4 * _sigmoid(2 * z) * (1 - _sigmoid(2 * z))
    leaky = positive + 0.01 * (1 - positive)
    return {"tanh": tanh, "relu": positive, "leaky": leaky, "silu": a + s * (1 - a)}


SLOPES = gradient(
    "2.3",
    "Four slopes",
    slopes,
    cases=_places,
    stress=_corners,
    hints=(
        "When z is nudged, how far does the value move: left of 0, and right of it?",
        (
            "A slope is a value for every z, with no branch over the whole array. For tanh use "
            "what it hands on; for SiLU, a product, each factor moves while the other stays."
        ),
        (
            "One minus the square of tanh; 1 or 0, and 1 or 0.01, by the sign of z; and for SiLU "
            "the sigmoid, plus z times the slope of the sigmoid."
        ),
    ),
    misconceptions=(
        Misconception(
            "tanh-from-z",
            _with(tanh=lambda z: 1 - z**2),
            "Your slope of tanh takes the square of z. For z = 2 that gives −3, and tanh never "
            "falls. Of what is it the square?",
            tempting="The rule is remembered as one minus a square, and z is what the function "
            "was given.",
        ),
        Misconception(
            "tanh-not-squared",
            _with(tanh=lambda z: 1 - np.tanh(z)),
            "By your slope tanh is steeper at −1 than at 0. It is as steep at −z as at z: how does "
            "the sign get lost?",
            tempting="At 0 and at the far right it gives what the right rule gives.",
        ),
        Misconception(
            "tanh-as-a-sigmoid",
            _with(tanh=lambda z: np.tanh(z) * (1 - np.tanh(z))),
            "That is how the slope of a sigmoid is written. At 0 it would make tanh flat, where it "
            "is steepest.",
            tempting="The rule a times 1 − a is the first that one learns, and both curves have "
            "the shape of an S.",
        ),
        Misconception(
            "tanh-twice",
            _with(tanh=lambda z: 1 - np.tanh(np.tanh(z)) ** 2),
            "Here z went through tanh twice before it was squared.",
            tempting="In code the name a is used for both what comes in and what goes out.",
        ),
        Misconception(
            "tanh-square-outside",
            _with(tanh=lambda z: (1 - np.tanh(z)) ** 2),
            "You square the difference. At the far left that makes 4, and tanh is flat there.",
            tempting="One, minus, tanh and squared are all there, and the bracket is a detail.",
        ),
        Misconception(
            "tanh-cosine-not-squared",
            _with(tanh=lambda z: 1 / np.cosh(z)),
            "That is the root of the slope: right at 0 and too large elsewhere.",
            tempting="The derivative in a table of functions is one over cosh squared, and the "
            "square is small print.",
        ),
        Misconception(
            "tanh-value",
            _with(tanh=np.tanh),
            "That is what tanh hands on. Asked for is how much that moves when z is nudged.",
            tempting="The value is on the way to the slope, and one stops there.",
        ),
        Misconception(
            "relu-value",
            _with(relu=lambda z: np.maximum(z, 0)),
            "That is what a ReLU hands on. Right of 0 a nudge comes out as it went in, whether z "
            "is 1 or 100.",
            tempting="Value and slope of a ReLU are both 0 on the left, and both grow from there.",
        ),
        Misconception(
            "corner-counts-as-right",
            _relu_and_leaky(lambda z: (z >= 0) * 1.0, lambda z: np.where(z >= 0, 1.0, 0.01)),
            "All slopes agree but those at 0 itself. The corner could take either side; here, as "
            "in the library, it takes the left.",
            tempting="0 is not negative, so it seems to belong to the side that is kept.",
        ),
        Misconception(
            "relu-corner-counts-as-right",
            _with(relu=lambda z: (z >= 0) * 1.0),
            "For the ReLU the slope at 0 itself is off. The corner could take either side; here, "
            "as in the library, it takes the left.",
            tempting="At 0 the ReLU is still on its way up, or so the graph looks from the right.",
        ),
        Misconception(
            "leaky-corner-counts-as-right",
            _with(leaky=lambda z: np.where(z >= 0, 1.0, 0.01)),
            "For the leaky ReLU the slope at 0 itself is off. The corner could take either side; "
            "here, as in the library, it takes the left.",
            tempting="The two lines meet at 0, and one is as good as the other.",
        ),
        Misconception(
            "corner-in-the-middle",
            _with(relu=lambda z: np.heaviside(z, 0.5)),
            "For a ReLU at 0 you give one half, the middle of both sides. That could be argued "
            "for; here, as in the library, the corner takes the left.",
            tempting="A difference with a step to each side gives exactly one half there.",
        ),
        Misconception(
            "relu-by-division",
            _with(relu=lambda z: np.maximum(z, 0) / z),
            "Value divided by z is the slope of a line through 0, and a ReLU is one on each side. "
            "At 0 it is 0 divided by 0.",
            tempting="On both sides the graph is a straight line through the origin.",
        ),
        Misconception(
            "relu-everywhere-one",
            _with(relu=np.ones_like),
            "You let everything through. Left of 0 a ReLU hands on 0 whatever z is: how far does "
            "that move?",
            tempting="What makes ReLU famous is its slope of one.",
        ),
        Misconception(
            "relu-sign",
            _with(relu=np.sign),
            "Left of 0 your slope is −1. That is the slope of the size of z; a ReLU is flat there.",
            tempting="np.sign tells the two sides apart, which is half of what is needed.",
        ),
        Misconception(
            "sides-swapped",
            _relu_and_leaky(
                lambda z: np.where(z > 0, 0.0, 1.0), lambda z: np.where(z > 0, 0.01, 1.0)
            ),
            "You let the negative side through, and stop the positive one.",
            tempting="The condition reads like the one for what is set to zero.",
        ),
        Misconception(
            "leaky-value",
            _with(leaky=lambda z: np.where(z > 0, 1.0, 0.01 * z)),
            "Left of 0 you give the value. A straight line has the same slope everywhere.",
            tempting="The formula for the left side is at hand, and it has a z in it.",
        ),
        Misconception(
            "leaky-both-values",
            _with(leaky=lambda z: np.where(z > 0, z, 0.01 * z)),
            "That is what a leaky ReLU hands on. On each side it is a straight line: how steep?",
            tempting="Each side comes with its own formula, and the formula is for the value.",
        ),
        Misconception(
            "leaky-without-leak",
            _with(leaky=lambda z: np.where(z > 0, 1.0, 0.0)),
            "Left of 0 your leaky ReLU is as flat as a ReLU. Then what is the leak for?",
            tempting="0.01 is nearly 0.",
        ),
        Misconception(
            "leaky-falls",
            _with(leaky=lambda z: np.where(z > 0, 1.0, -0.01)),
            "Left of 0 your slope is negative. When z rises from −3 to −2, does 0.01 z rise or "
            "fall?",
            tempting="On the left the values are negative, and so, it seems, is the slope.",
        ),
        Misconception(
            "leak-on-both-sides",
            _with(leaky=lambda z: (z > 0) + 0.01),
            "Right of 0 your slope is 1.01. The leak belongs to the left side alone.",
            tempting="A leak sounds like something that is added to a ReLU.",
        ),
        Misconception(
            "silu-sigmoid-alone",
            _with(silu=_sigmoid),
            "You moved the factor z and left the sigmoid where it was. It depends on z too.",
            tempting="In z times a factor, the slope is the factor: if the factor stays.",
        ),
        Misconception(
            "silu-slope-of-the-factor",
            _with(silu=lambda z: _sigmoid(z) * (1 - _sigmoid(z))),
            "That is the slope of the sigmoid alone. The z in front of it has slope one, so it "
            "looks as if you had multiplied the slopes of two factors.",
            tempting="For a sum the slopes add, so for a product they seem to multiply.",
        ),
        Misconception(
            "silu-second-part",
            _with(silu=lambda z: z * _sigmoid(z) * (1 - _sigmoid(z))),
            "You moved the sigmoid and left z where it was. At 0 that would make SiLU flat.",
            tempting="The sigmoid is the difficult factor, so all attention goes to it.",
        ),
        Misconception(
            "silu-no-z",
            _with(silu=lambda z: _sigmoid(z) + _sigmoid(z) * (1 - _sigmoid(z))),
            "Two parts, as a product needs, but in the second one the sigmoid moves and the other "
            "factor is missing.",
            tempting="Slope plus slope looks like the rule for a product.",
        ),
        Misconception(
            "silu-sigmoid-not-differentiated",
            _with(silu=lambda z: _sigmoid(z) + z * _sigmoid(z)),
            "Two parts, as a product needs, but in the second one the sigmoid has not been "
            "differentiated.",
            tempting="Both parts contain the sigmoid, so the second one looks finished.",
        ),
        Misconception(
            "silu-slope-in-both-parts",
            _with(silu=lambda z: (1 + z) * _sigmoid(z) * (1 - _sigmoid(z))),
            "Both of your parts have the slope of the sigmoid in them. In the part where z moves, "
            "the sigmoid stays as it is.",
            tempting="Once the sigmoid has been differentiated, its slope is at hand everywhere.",
        ),
        Misconception(
            "silu-minus",
            _with(silu=lambda z: _sigmoid(z) - z * _sigmoid(z) * (1 - _sigmoid(z))),
            "The two parts are right, and subtracted. In a product both changes count alike.",
            tempting="The exponent of the sigmoid has a minus, and it is easily counted twice.",
        ),
        Misconception(
            "silu-slope-at-a",
            _with(silu=lambda z: _sigmoid(z) + z * (z * _sigmoid(z)) * (1 - z * _sigmoid(z))),
            "In a times 1 − a you put the value of SiLU for a. That rule is for the sigmoid, with "
            "the sigmoid's own value.",
            tempting="a stands for what the activation hands on, and here that is SiLU's value.",
        ),
        Misconception(
            "silu-value",
            _with(silu=lambda z: z * _sigmoid(z)),
            "That is what SiLU hands on. Asked for is how much that moves when z is nudged.",
            tempting="It took a sigmoid and a product to get the value, so it feels like a result.",
        ),
    ),
    also_right=(_by_cases, _from_the_values),
)
