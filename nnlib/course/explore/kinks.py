"""Kinks: a curve, followed by one hidden layer of ReLU units, and what each further unit buys.

Every hidden unit adds one kink to the network's line. Where the kinks stand decides how many of
them it takes; the weights follow from the points that the line has to go through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log10
from typing import Any, ClassVar

import numpy as np

from nnlib.backend import Array
from nnlib.course.pictures.style import BLUE, VERMILLION
from nnlib.course.pictures.svg import document, line, number, text

from .model import Control, Goal, Story

CURVES: Mapping[str, Callable[[Any], Any]] = {
    "wave": lambda x: np.sin(np.pi * x),
    "cliff": lambda x: np.tanh(30 * x),
    "tremor": lambda x: np.sin(8 * np.pi * x),
}
PLACINGS = ("evenly", "where it bends")
UNITS = (1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256)
WITHIN, ENOUGH = 0.01, 16  # how close the goal asks for, and with how many units
PLACES = np.linspace(-1, 1, 2001)  # where the network is compared with the curve

LEFT, WIDTH, TOP, HEIGHT = 12, 236, 30, 196  # the curve
RIGHT, WIDE, LOG_TOP, LOG_HEIGHT = 300, 146, 30, 196  # the errors, on logarithmic axes
MOST, LEAST = 2.0, 0.0001  # the errors from top to bottom


def through(x: Array, y: Array) -> tuple[Array, Array, Array, Array]:
    """Give W1, b1, W2 and b2 of a ReLU network whose line goes through all points, x rising."""
    slopes = np.diff(y) / np.diff(x)
    changes = np.diff(slopes, prepend=0.0)  # a unit for each: (14.1)
    return np.ones((len(changes), 1)), -x[:-1], changes[None, :], y[:1]


@cache
def kinks(curve: str, placing: str, units: int) -> Array:
    """Choose where the line meets the curve: units + 1 places from -1 to 1."""
    if placing == "evenly":
        return np.linspace(-1, 1, units + 1)
    x = np.linspace(-1, 1, 20_001)
    bend = np.abs(np.gradient(np.gradient(CURVES[curve](x), x), x))
    # The error of a straight piece grows with the bend and with its length squared.
    need = np.sqrt(bend) + 0.02 * np.sqrt(bend).mean()
    share = np.concatenate([[0.0], np.cumsum((need[1:] + need[:-1]) / 2)])
    return np.interp(np.linspace(0, share[-1], units + 1), share, x)


@cache
def line_of(curve: str, placing: str, units: int) -> Array:
    """Compute what the network says at PLACES."""
    x = kinks(curve, placing, units)
    W1, b1, W2, b2 = through(x, CURVES[curve](x))
    answers: Array = (np.maximum(PLACES[:, None] @ W1.T + b1, 0) @ W2.T + b2)[:, 0]
    return answers


def error(curve: str, placing: str, units: int) -> float:
    """Measure the largest distance between network and curve."""
    return float(np.abs(line_of(curve, placing, units) - CURVES[curve](PLACES)).max())


@dataclass(frozen=True)
class Kinks:
    """A curve and a network that follows it.

    Parameters
    ----------
    curve : str
        A key of `CURVES`.
    placing : str
        How the kinks are placed, one of `PLACINGS`.
    units : int
        How many hidden units.

    Examples
    --------
    >>> print(Kinks("wave", units=4).describe())
    4 units, placed evenly, follow the wave with 4 straight pieces. Where it is furthest off, the \
network is off by 0.211. It has 13 parameters.
    """

    curve: str = "cliff"
    placing: str = "evenly"
    units: int = 1

    controls: ClassVar[tuple[Control, ...]] = (
        Control("units", "hidden units", UNITS),
        Control("placing", "kinks placed", PLACINGS),
        Control("curve", "curve", tuple(CURVES)),
    )

    def metrics(self) -> dict[str, float]:
        """Give the largest error, the parameters, and the units it took to follow the cliff."""
        off = error(self.curve, self.placing, self.units)
        done = self.curve == "cliff" and off <= WITHIN
        return {
            "error": off,
            "parameters": 3 * self.units + 1,
            "it took": self.units if done else np.inf,
        }

    def describe(self) -> str:
        """Say how many pieces there are and how far they are off."""
        now, many = self.metrics(), self.units > 1
        return (
            f"{self.units} {'units' if many else 'unit'}, placed {self.placing}, "
            f"{'follow' if many else 'follows'} the {self.curve} with {self.units} straight "
            f"{'pieces' if many else 'piece'}. Where it is furthest off, the network is off by "
            f"{number(now['error'])}. It has {now['parameters']:g} parameters."
        )

    def svg(self) -> str:
        """Draw curve, network and kinks, and the error against the number of units."""
        return document(456, 262, self._followed() + self._errors(), self.describe())

    def _followed(self) -> str:
        def px(x: Any) -> Any:
            return LEFT + WIDTH * (x + 1) / 2

        def py(y: Any) -> Any:
            return TOP + HEIGHT * (1.15 - y) / 2.3

        x = np.linspace(-1, 1, 97)
        meets = kinks(self.curve, self.placing, self.units)
        y = CURVES[self.curve](meets)
        marks = "".join(f"M{px(k):.1f} 234v8" for k in meets[:-1])
        return (
            text(LEFT, 16, "the curve (thick) and the network", anchor="start")
            + _polyline(px(x), py(CURVES[self.curve](x)), "currentColor", 5.0, 0.35)
            + _polyline(px(meets), py(y), VERMILLION, 2.0)
            + line((LEFT, 238), (LEFT + WIDTH, 238), width=0.5)
            + f'<path d="{marks}" stroke="currentColor"/>'
            + text(LEFT, 257, "the kinks, one for each unit", anchor="start")
        )

    def _errors(self) -> str:
        def px(units: float) -> float:
            return RIGHT + WIDE * log10(units) / log10(UNITS[-1])

        def py(off: float) -> float:
            down = log10(MOST / max(off, LEAST)) / log10(MOST / LEAST)
            return LOG_TOP + LOG_HEIGHT * down

        rows = [text(RIGHT - 36, 16, "largest error, by units", anchor="start")]
        for mark in (1, 0.1, 0.01, 0.001, 0.0001):
            dashed = mark == WITHIN
            rows.append(line((RIGHT, py(mark)), (RIGHT + WIDE, py(mark)), width=0.5, dashed=dashed))
            rows.append(text(RIGHT - 4, py(mark) + 4, f"{mark:g}", size=11, anchor="end"))
        rows += [text(px(mark), 242, str(mark), size=11) for mark in (1, 4, 16, 64, 256)]
        for placing, colour, width in zip(PLACINGS, (BLUE, VERMILLION), (1.5, 3.0), strict=True):
            offs = [error(self.curve, placing, units) for units in UNITS]
            rows.append(_polyline(map(px, UNITS), map(py, offs), colour, width))
        rows.append(text(RIGHT, 257, "thin: evenly, thick: by bend", size=11, anchor="start"))
        here = px(self.units), py(error(self.curve, self.placing, self.units))
        rows.append(f'<circle cx="{here[0]:.1f}" cy="{here[1]:.1f}" r="5.5"/>')
        return "".join(rows)


def _polyline(xs: Any, ys: Any, colour: str, width: float, opacity: float = 1.0) -> str:
    path = " ".join(f"{x:.4g},{y:.4g}" for x, y in zip(xs, ys, strict=True))
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
        f'stroke-opacity="{opacity}"/>'
    )


FOLLOW_THE_CLIFF = Goal(
    f"Follow the cliff to within {WITHIN} everywhere, with {ENOUGH} hidden units at most.",
    "it took",
    at_most=ENOUGH,
    why=(
        (lambda m: m.curve != "cliff", "That is another curve. The task is the cliff."),
        (
            lambda m: m.metrics()["error"] <= WITHIN,
            (
                "Close enough, but too many units. How many of these kinks stand where the cliff "
                "is flat?"
            ),
        ),
        (
            lambda m: m.placing == "evenly" and m.units > ENOUGH,
            (
                "More than the task allows, and still not close enough. Most of the straight "
                "pieces lie where a single one would do."
            ),
        ),
        (
            lambda m: m.placing == "evenly",
            "Not close enough. Look where the curve and the network part.",
        ),
        (lambda _: True, "The kinks stand in the right region. A few more of them."),
    ),
)


# Ever more units, placed evenly; then the same again, placed by bend.
STORY = Story(
    "units, and how placed",
    {
        f"{units} {placing}": Kinks("cliff", placing, units)
        for placing, counts in zip(
            PLACINGS, ((1, 2, 4, 8, 16, 32, 64, 128, 256), (2, 4, 6, 8, 10, 12, 16)), strict=True
        )
        for units in counts
    },
)
