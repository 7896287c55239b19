"""The confidence dial: one logit, one truth, two losses, and how hard each of them pushes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np

from nnlib.activations import sigmoid
from nnlib.course.pictures.style import BLUE, VERMILLION
from nnlib.course.pictures.svg import document, line, number, text
from nnlib.losses import binary_cross_entropy_with_logits, mse_loss

from .model import Control, Goal

ENTROPY, SQUARES = "cross-entropy", "squared error"
COLOURS = {ENTROPY: VERMILLION, SQUARES: BLUE}
REACH, TOP = 6.0, 6.0  # the ends of the two axes
LEFT, WIDTH, CEILING, HEIGHT = 30, 390, 18, 226  # the plot's place in the picture
PUSH = 150  # how long an arrow for a slope of 1 is


def value_and_slope(loss: str, z: float, truth: float) -> tuple[float, float]:
    """Compute a loss of ``sigmoid(z)`` and its slope at z, by the library's own rules."""
    logit, target = np.array([z]), np.array([truth])
    through: Any
    back: Any  # what a rule returns beside its value: its derivatives
    if loss == ENTROPY:
        value, back = binary_cross_entropy_with_logits.rule(logit, target)  # (4.9)
        return float(value), float(back[0](1.0)[0])  # (4.10)
    p, through = sigmoid.rule(logit)
    value, back = mse_loss.rule(p, target)  # (4.1)
    return float(value), float(through[0](back[0](1.0))[0])


@dataclass(frozen=True)
class Confidence:
    """A sigmoid's answer to a question of yes or no, and what two losses make of it.

    Parameters
    ----------
    z : float
        The logit.
    truth : str
        "yes" or "no".
    loss : str
        Whose tangent is drawn.

    Examples
    --------
    >>> round(Confidence(z=-3.0).metrics()["ratio"])
    11
    >>> Confidence(z=3.0).metrics()["ratio"]
    0.0
    """

    z: float = 0.0
    truth: str = "yes"
    loss: str = SQUARES

    controls: ClassVar[tuple[Control, ...]] = (
        Control.span("z", "logit z", -REACH, REACH, 0.1),
        Control("truth", "the truth", ("yes", "no")),
        Control("loss", "tangent of", (ENTROPY, SQUARES)),
    )

    def at(self, loss: str) -> tuple[float, float]:
        """Give the value and the slope of a loss at this logit."""
        return value_and_slope(loss, self.z, float(self.truth == "yes"))

    def wrong(self) -> bool:
        """Whether the answer leans to the side that is not the truth."""
        return (self.z > 0) != (self.truth == "yes") and self.z != 0

    def metrics(self) -> dict[str, float]:
        """Give how many times as hard the cross-entropy pushes; 0 unless the answer is wrong."""
        entropy, squares = (abs(self.at(loss)[1]) for loss in (ENTROPY, SQUARES))
        return {"ratio": entropy / squares if self.wrong() else 0.0, "push": squares}

    def describe(self) -> str:
        """Say what is answered, what each loss makes of it, and how hard it pushes."""
        p = sigmoid(np.array([self.z])).data[0]
        (high, steep), (low, flat) = self.at(ENTROPY), self.at(SQUARES)
        verdict = "wrong" if self.wrong() else "undecided" if self.z == 0 else "right"
        return (
            f"At the logit {number(self.z)} the neuron says yes with p = {number(p)}; the truth is "
            f"{self.truth}, so it is {verdict}. Cross-entropy {number(high)}, slope "
            f"{number(steep)}; squared error {number(low)}, slope {number(flat)}. The first "
            f"pushes {number(steep / flat)} times as hard. The tangent is that of the {self.loss}."
        )

    def svg(self) -> str:
        """Draw both losses over the logit, the tangent of one, and an arrow for each push."""
        truth = float(self.truth == "yes")
        body = _axes() + "".join(_curve(loss, truth, loss == self.loss) for loss in COLOURS)
        body += self._tangent()
        for row, loss in enumerate(COLOURS):
            value, slope = self.at(loss)
            body += (
                f'<circle cx="{_x(self.z):.1f}" cy="{_y(value):.1f}" r="5" '
                f'fill="{COLOURS[loss]}"/>' + _push(loss, slope, CEILING + HEIGHT + 72 + 46 * row)
            )
        return document(LEFT + WIDTH + 14, CEILING + HEIGHT + 130, body, self.describe())

    def _tangent(self) -> str:
        value, slope = self.at(self.loss)
        reach = 1.4 / np.hypot(1.0, slope)
        steps = [max(-REACH, self.z - reach) - self.z, min(REACH, self.z + reach) - self.z]
        ends = [(self.z + step, value + slope * step) for step in steps]
        (x1, y1), (x2, y2) = ((_x(z), _y(v)) for z, v in ends)
        return line((x1, y1), (x2, y2), width=2)


def _x(z: float) -> float:
    return LEFT + (z + REACH) / (2 * REACH) * WIDTH


def _y(value: float) -> float:
    return CEILING + HEIGHT * (1 - value / (TOP + 0.2))


@cache
def _curve(loss: str, truth: float, bold: bool) -> str:
    """Draw a loss over all logits, dashed for the squared error, with its name."""
    logits = np.linspace(-REACH, REACH, 49)
    values = [value_and_slope(loss, z, truth)[0] for z in logits]
    path = " ".join(f"{_x(z):.0f},{_y(v):.1f}" for z, v in zip(logits, values, strict=True))
    dash = ' stroke-dasharray="7 4"' if loss == SQUARES else ""
    side = 1 - 2 * truth  # where the answer is wrong: there the curves lie apart
    place = (3.0 * side, 4.0) if loss == ENTROPY else (5.9 * side, 1.35)
    anchor = {(ENTROPY, 1.0): "start", (ENTROPY, 0.0): "end", (SQUARES, 1.0): "start"}
    name = text(_x(place[0]), _y(place[1]), loss, size=14, anchor=anchor.get((loss, truth), "end"))
    return (
        f'<polyline points="{path}" fill="none" stroke="{COLOURS[loss]}" '
        f'stroke-width="{3 if bold else 1.6}"{dash}/>{name}'
    )


@cache
def _axes() -> str:
    """Draw the two axes with a few numbers."""
    low, right = _y(0.0), LEFT + WIDTH
    ticks: list[Any] = [
        text(_x(z), low + 19, number(z), size=13) + line((_x(z), low), (_x(z), low + 4))
        for z in (-6, -4, -2, 0, 2, 4, 6)
    ]
    ticks += [text(LEFT - 8, _y(v) + 4, number(v), size=13, anchor="end") for v in (0, 2, 4, 6)]
    return (
        line((LEFT, low), (right, low))
        + line((LEFT, low), (LEFT, CEILING))
        + text(LEFT - 8, CEILING - 4, "loss", size=13, anchor="start")
        + text(right, low + 37, "logit z", size=13, anchor="end")
        + "".join(ticks)
    )


def _push(loss: str, slope: float, y: float) -> str:
    """Draw how hard a loss pushes, and which way: against its slope, as long as it is steep."""
    middle, colour = _x(0.0), COLOURS[loss]
    end, way = middle - PUSH * slope, -np.sign(slope)
    head = f"M{end - 7 * way:.1f} {y - 5:.1f}L{end:.1f} {y:.1f}L{end - 7 * way:.1f} {y + 5:.1f}"
    if abs(end - middle) < 10:  # no room for a head: the shaft alone, as short as the push is weak
        head = f"M{end:.1f} {y:.1f}"
    return (
        text(LEFT, y - 13, f"{loss} pushes with {number(abs(slope))}", size=14, anchor="start")
        + line((middle, y - 7), (middle, y + 7))
        + line((middle, y), (end, y), colour=colour, width=3)
        + f'<path d="{head}" fill="none" stroke="{colour}" stroke-width="3"/>'
    )


TEN_TIMES = Goal(
    "Find a wrong answer for which the cross-entropy pushes ten times as hard as the squared "
    "error (9 to 11 times will do).",
    "ratio",
    at_least=9.0,
    at_most=11.0,
    why=(
        (
            lambda m: m.z == 0,
            "Undecided: both losses push, the one twice as hard as the other. Make it wrong.",
        ),
        (
            lambda m: not m.wrong(),
            (
                "Here the answer is right, and the surer it is the less there is to push. Cross to "
                "the other side of 0."
            ),
        ),
        (
            lambda m: m.metrics()["ratio"] > 11,
            (
                "More than ten times already: so sure and so wrong, and the squared error hardly "
                "pushes any more. Come back a little."
            ),
        ),
        (
            lambda m: m.metrics()["ratio"] < 9,
            "Wrong, but not sure of it: both losses still push. Be surer of the wrong answer.",
        ),
    ),
)
