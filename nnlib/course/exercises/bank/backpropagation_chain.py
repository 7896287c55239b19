"""Chapter 5, backpropagation: slopes along a chain. `backpropagation.py` says how to add one."""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import gradient

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D103, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 5.2 -------------------------------------------------------------------------------------------


def slopes(w, x, b, y):
    """The slope of L = (p - y)**2 at every value, as a dict of numbers."""
    z = w * x + b
    a = np.tanh(z)
    p = w * a  # the same w again
    # <solution>
    dp = 2 * (p - y)
    da = dp * w
    dz = da * (1 - a**2)
    dx = dz * w
    db = dz
    dw = dp * a + dz * x  # (5.7)
    # <starter>
    # dp = ...  # dL/dp
    # da = ...
    # dz = ...
    # dx = ...
    # db = ...
    # dw = ...
    # </solution>
    return {"dp": dp, "da": da, "dz": dz, "dx": dx, "db": db, "dw": dw}


def squared_error(w, x, b, y):
    return (w * np.tanh(w * x + b) - y) ** 2


def _numbers(rng: np.random.Generator) -> list[Case]:
    drawn = [tuple(float(v) for v in rng.normal(size=4)) for _ in range(4)]
    return [(0.5, 1.0, 0.25, 1.0), (-1.5, 0.5, 0.25, 2.0), *drawn]


def _walk(
    dp=lambda p, y: 2 * (p - y),
    da=lambda dp, w, a: dp * w,
    dz=lambda da, z, a: da * (1 - a**2),
    dx=lambda dz, w, x: dz * w,
    dw=lambda dp, dz, a, x, w: dp * a + dz * x,
    db=lambda dz, b: dz,
):
    """The solution with one of its lines replaced; what comes after follows from that line."""

    def wrong(w, x, b, y):
        z = w * x + b
        a = np.tanh(z)
        p = w * a
        p_slope = dp(p, y)
        a_slope = da(p_slope, w, a)
        z_slope = dz(a_slope, z, a)
        return {
            "dp": p_slope,
            "da": a_slope,
            "dz": z_slope,
            "dx": dx(z_slope, w, x),
            "db": db(z_slope, b),
            "dw": dw(p_slope, z_slope, a, x, w),
        }

    return wrong


def _local(w, x, b, y):
    z = w * x + b
    a = np.tanh(z)
    return {"dp": 2 * (w * a - y), "da": w, "dz": 1 - a**2, "dx": w, "db": 1.0, "dw": a + x}


def _path_by_path(w, x, b, y):
    """Each slope as the product along its own paths from L."""
    a = np.tanh(w * x + b)
    first, curve = 2 * (w * a - y), 1 / np.cosh(w * x + b) ** 2
    return {
        "dw": first * (a + w * curve * x),
        "db": first * w * curve,
        "dx": first * w * curve * w,
        "dz": first * w * curve,
        "da": first * w,
        "dp": first,
    }


SLOPES = gradient(
    "5.2",
    "A chain, and a value used twice",
    slopes,
    cases=_numbers,
    loss=squared_error,
    hints=(
        (
            "L reads p and nothing else. Where does each value stand between the input and p, and "
            "how many ways lead from it to L?"
        ),
        (
            "Go from the right to the left. Each slope is the slope that arrives times the slope "
            "of one step. Where two ways meet, what becomes of the two products?"
        ),
        (
            "p = w times a: it hands its slope times w to a, and its slope times a to w. z = w "
            "times x plus b does the same with x. The two that reach w are added."
        ),
    ),
    misconceptions=(
        Misconception(
            "sign",
            _walk(dp=lambda p, y: 2 * (y - p)),
            "Every slope points the other way. If p lies above y, does the loss grow or shrink "
            "when p grows?",
            tempting="Target minus answer is how one says what is missing, and its square is the "
            "same loss.",
        ),
        Misconception(
            "missing-two",
            _walk(dp=lambda p, y: p - y),
            "Every slope is half of what it should be. What is the derivative of a square?",
            tempting="Many books put a half in front of the squared error so that the two goes "
            "away.",
        ),
        Misconception(
            "loss-for-slope",
            _walk(dp=lambda p, y: (p - y) ** 2),
            "dp is the loss itself, and so all that follows is off. How much does a square grow "
            "when p moves a little?",
            tempting="The loss is the number at the end, so it seems to be what the way back "
            "starts with.",
        ),
        Misconception(
            "only-the-late-use",
            _walk(dw=lambda dp, dz, a, x, w: dp * a),
            "w is used in two places, and you have the way through p alone. A nudge of w moves z "
            "too: all ways from w to L count.",
            tempting="The last line that mentions w is the nearest to the loss, and the walk "
            "starts there.",
        ),
        Misconception(
            "only-the-early-use",
            _walk(dw=lambda dp, dz, a, x, w: dz * x),
            "w is used in two places, and you have the way through z alone. If you computed both, "
            "the second replaced the first; what should become of the two?",
            tempting="Every other value got one line, so a second line about w looks like the "
            "better version of the first.",
        ),
        Misconception(
            "paths-multiplied",
            _walk(dw=lambda dp, dz, a, x, w: dp * a * dz * x),
            "Along a path slopes multiply. Between two paths they do not: a nudge of w moves L "
            "once through each.",
            tempting="The chain rule multiplies, and so far it was right for every slope.",
        ),
        Misconception(
            "paths-averaged",
            _walk(dw=lambda dp, dz, a, x, w: (dp * a + dz * x) / 2),
            "You take the mean of the two ways. The nudge goes through both, each at its full "
            "strength.",
            tempting="When there are two estimates of one number, one takes their mean.",
        ),
        Misconception(
            "paths-subtracted",
            _walk(dw=lambda dp, dz, a, x, w: dp * a - dz * x),
            "You take the one way from the other. Each way carries its own sign already.",
            tempting="One way runs inside the other's factor, so it looks like a correction to be "
            "taken off.",
        ),
        Misconception(
            "early-use-past-tanh",
            _walk(dw=lambda dp, dz, a, x, w: dp * a + dp * w * x),
            "The late use is right. The early one reaches p through tanh, and you went round it.",
            tempting="Near zero tanh has the slope 1, so going round it changes little there.",
        ),
        Misconception(
            "weight-passed-over",
            _walk(da=lambda dp, w, a: dp),
            "da is the same as dp. Nudge a by a little: does p = w times a move by as much?",
            tempting="a is the last value before p, and a step that only scales is quickly passed "
            "over.",
        ),
        Misconception(
            "bias-by-itself",
            _walk(db=lambda dz, b: dz * b),
            "You multiplied by b. z is a sum, and b is added: how much does z move when b does?",
            tempting="Everything else in the formula is multiplied by a partner, so b seems to "
            "need a factor too.",
        ),
        Misconception(
            "no-upstream",
            _local,
            "These are the slopes of single steps. What L does when a moves is the slope of the "
            "step after a, times what arrives there from L.",
            tempting="Each of these is the derivative of one line as one learns it at school, and "
            "for its own line it is right.",
        ),
        Misconception(
            "activation-passed-over",
            _walk(dz=lambda da, z, a: da),
            "The slope comes through tanh unchanged. Where tanh is flat, a nudge of z hardly "
            "moves a.",
            tempting="tanh hardly changes small numbers, so it seems to hand slopes on as they "
            "are.",
        ),
        Misconception(
            "slope-from-z",
            _walk(dz=lambda da, z, a: da * (1 - z**2)),
            "The slope of tanh is one minus the square of its output. Which of z and a is that?",
            tempting="A derivative is taken at the input, and the input of tanh is z.",
        ),
        Misconception(
            "tanh-twice",
            _walk(dz=lambda da, z, a: da * (1 - np.tanh(a) ** 2)),
            "a has been through tanh already; here it goes through a second time.",
            tempting="The formula asks for a tanh, and a is the number at hand.",
        ),
        Misconception(
            "tanh-not-squared",
            _walk(dz=lambda da, z, a: da * (1 - a)),
            "Your slope of tanh at 0.5 is as good as at a first glance, but not at −0.5: by it "
            "tanh would be steeper than at 0. What is the derivative of tanh?",
            tempting="The formula is remembered as one minus the output, and a square is a small "
            "thing to lose.",
        ),
        Misconception(
            "tanh-itself",
            _walk(dz=lambda da, z, a: da * a),
            "You multiply by the value of tanh. At 0 that is 0, and there tanh is steepest.",
            tempting="What passes through a function seems to be multiplied by it.",
        ),
        Misconception(
            "no-slope-for-the-bias",
            _walk(db=lambda dz, b: 0 * dz),
            "Your slope at b is 0, as if b had no influence. Nudge b: does z move?",
            tempting="The derivative of a number that stands alone is 0, and b stands alone.",
        ),
        Misconception(
            "sigmoid-slope",
            _walk(dz=lambda da, z, a: da * a * (1 - a)),
            "That is how a sigmoid's slope is written. This unit is a tanh, whose slope at 0 is 1.",
            tempting="It is the best-known slope of all activations, and tanh is a stretched "
            "sigmoid.",
        ),
        Misconception(
            "own-factor",
            _walk(da=lambda dp, w, a: dp * a),
            "In a product each factor's slope is the other factor: nudge a in w times a, and it is "
            "w that says how far the product moves.",
            tempting="It is a that one asks about, so a is the number that comes to hand.",
        ),
        Misconception(
            "dx-by-x",
            _walk(dx=lambda dz, w, x: dz * x),
            "In w times x each factor's slope is the other factor. You multiplied by x itself.",
            tempting="In a question about x, x is the factor that the eye falls on.",
        ),
        Misconception(
            "db-is-one",
            _walk(db=lambda dz, b: 1.0),
            "A step from b to z has the slope 1, and L does not read z itself. What arrives at z?",
            tempting="The slope of a sum with respect to one of its terms is 1, as one learns "
            "early on.",
        ),
        Misconception(
            "db-from-the-end",
            lambda w, x, b, y: _walk()(w, x, b, y) | {"db": 2 * (w * np.tanh(w * x + b) - y)},
            "You carried dp straight to b. Between them lie w and tanh, and each has a slope.",
            tempting="A bias is only added, so it seems to receive whatever the loss says, "
            "unchanged.",
        ),
    ),
    also_right=(_path_by_path,),
)
