"""The slope microscope: an activation at one place, and what layers of it leave of a nudge.

Values and slopes are those of the library's own rules: a rule gives the value, and what goes back
for a 1 that arrives is the slope.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log10
from typing import Any, ClassVar

import numpy as np

from nnlib.activations import elu, gelu, leaky_relu, relu, sigmoid, silu, softplus, tanh
from nnlib.course.pictures.style import BLUE, VERMILLION
from nnlib.course.pictures.svg import document, line, number, text

from .model import Control, Goal


def none(z: Any) -> Any:
    """Hand the sum on as it is, in the form of a rule."""
    return z, (lambda g: g * np.ones_like(z),)


RULES: Mapping[str, Callable[[Any], Any]] = {
    "sigmoid": sigmoid.rule,
    "tanh": tanh.rule,
    "ReLU": relu.rule,
    "leaky ReLU": leaky_relu.rule,
    "ELU": elu.rule,
    "softplus": softplus.rule,
    "SiLU": silu.rule,
    "GELU": gelu.rule,
    "none": none,
}
# From where to where a curve is drawn, and where a line is ruled across.
SQUASHED, BENT = (-1.25, 1.25, (-1, 0, 1)), (-2.0, 8.0, (0, 4, 8))
VIEWS = {"sigmoid": SQUASHED, "tanh": SQUASHED, "none": (-8.0, 8.0, (-8, 0, 8))}
FLATTENS = ("sigmoid", "tanh", "softplus")
REACH, MOST = 8.0, 10

LEFT, WIDTH = 30, 214  # the two plots
TOP, HEIGHT = 24, 150
SLOPE_TOP, SLOPE_HEIGHT = 218, 62
LADDER, LONGEST, DECADES = 292, 80, 12  # the bars: a nudge of 1, and how often a tenth of it


@dataclass(frozen=True)
class SlopeMicroscope:
    """An activation at z, its slope there, and the product of such slopes over layers.

    Parameters
    ----------
    function : str
        A key of `RULES`.
    z : float
        The place.
    layers : int
        How many layers, each with this slope.

    Examples
    --------
    >>> print(SlopeMicroscope("tanh", z=0.0, layers=3).describe())
    tanh at z = 0 gives 0 and has the slope 1. After 3 layers like it, a nudge is 1 times as large.
    """

    function: str = "sigmoid"
    z: float = 8.0
    layers: int = 5

    controls: ClassVar[tuple[Control, ...]] = (
        Control("function", "activation", tuple(RULES)),
        Control.span("z", "z", -REACH, REACH, 0.1),
        Control("layers", "layers", tuple(range(1, MOST + 1))),
    )

    def at(self, z: Any) -> tuple[Any, Any]:
        """Give the value and the slope, by the library's rule."""
        z = np.asarray(z, dtype=np.float64)
        value, (back,) = RULES[self.function](z)
        return value, back(np.ones_like(z))

    def metrics(self) -> dict[str, float]:
        """Give the value, the slope, and what is left of a nudge of 1 after all layers."""
        value, slope = map(float, self.at(self.z))
        return {"value": value, "slope": slope, "left": slope**self.layers}

    def describe(self) -> str:
        """Say the value, the slope, and what is left of a nudge."""
        now = self.metrics()
        name = "No activation" if self.function == "none" else self.function
        return (
            f"{name[0].upper() if name == 'sigmoid' else name[0]}{name[1:]} at z = "
            f"{number(self.z)} gives {number(now['value'])} and has the slope "
            f"{number(now['slope'])}. After {self.layers} "
            f"{'layer' if self.layers == 1 else 'layers'} like it, a nudge is "
            f"{number(now['left'])} times as large."
        )

    def svg(self) -> str:
        """Draw the curve with its tangent, the slope under it, and the ladder of products."""
        body = self._curve(*VIEWS.get(self.function, BENT)) + self._slopes() + self._ladder()
        return document(456, 300, body, self.describe())

    def _curve(self, low: float, high: float, marks: tuple[int, ...]) -> str:
        """Draw the activation with its tangent at z, from low to high."""

        def y(value: Any) -> Any:
            return TOP + HEIGHT * (high - value) / (high - low)

        now = self.metrics()
        # The tangent ends where it would leave the plot.
        rooms = (now["value"] - low, high - now["value"])
        reach = min(2.5, max(min(rooms), 0.4) / max(abs(now["slope"]), 1e-9))
        ends = [
            (x(place), y(now["value"] + (place - self.z) * now["slope"]))
            for place in np.clip([self.z - reach, self.z + reach], -REACH, REACH)
        ]
        z = np.linspace(-REACH, REACH, 65)
        return (
            _axes(TOP, HEIGHT, y, marks)
            + _polyline(x(z), y(self.at(z)[0]), "currentColor", 2.0)
            + line(*ends, colour=VERMILLION, width=3.0)
            + _dot(x(self.z), y(now["value"]))
            + text(LEFT, TOP - 10, "what it hands on, a", anchor="start")
        )

    def _slopes(self) -> str:
        """Draw the slope at every z."""

        def y(value: Any) -> Any:
            return SLOPE_TOP + SLOPE_HEIGHT * (1.2 - value) / 1.4

        z = np.linspace(-REACH, REACH, 65)
        return (
            _axes(SLOPE_TOP, SLOPE_HEIGHT, y, (0, 1))
            + _polyline(x(z), y(self.at(z)[1]), "currentColor", 1.5)
            + _dot(x(self.z), y(self.metrics()["slope"]))
            + text(LEFT, SLOPE_TOP - 12, "its slope", anchor="start")
            + "".join(text(x(m), 296, number(m), size=11) for m in (-8, -4, 4))
            + text(x(0), 296, "0", size=11)
            + text(x(8) - 2, 296, "z", size=13)
        )

    def _ladder(self) -> str:
        """Draw what is left of a nudge after 1, 2, ... layers; a step is a power of ten."""
        slope = self.metrics()["slope"]
        rows = [text(LADDER - 24, TOP - 10, "left of a nudge, by layer", anchor="start")]
        rows += [
            line((LADDER + LONGEST, TOP), (LADDER + LONGEST, TOP + 25 * MOST), dashed=True, width=1)
        ]
        for layer in range(1, self.layers + 1):
            left, top = slope**layer, TOP + 25 * (layer - 1)
            length = LONGEST * (1 + log10(max(abs(left), 1e-99)) / DECADES)
            length = min(max(length, 0.0), LONGEST + 8)
            colour = VERMILLION if left >= 0 else BLUE
            rows.append(
                f'<rect x="{LADDER}" y="{top + 5}" width="{length:.1f}" height="14" '
                f'fill="{colour}"/>'
                + text(LADDER - 8, top + 16, str(layer), anchor="end")
                + text(454, top + 16, number(left), anchor="end")
            )
        rows.append(text(454, 296, "half a bar is a millionth", size=11, anchor="end"))
        return "".join(rows)


def x(z: Any) -> Any:
    """Place a z in the two plots."""
    return LEFT + WIDTH * (z + REACH) / (2 * REACH)


def _axes(top: float, height: float, y: Callable[[Any], Any], marks: tuple[int, ...]) -> str:
    """Draw the line z = 0 and one line for each mark, with its number."""
    upright = line((x(0), top), (x(0), top + height), width=0.8)
    flat = [
        line((LEFT, y(mark)), (LEFT + WIDTH, y(mark)), width=0.8 if mark == 0 else 0.3)
        + text(LEFT - 5, y(mark) + 4, number(mark), size=11, anchor="end")
        for mark in marks
    ]
    return upright + "".join(flat)


def _polyline(xs: Any, ys: Any, colour: str, width: float) -> str:
    path = " ".join(f"{a:.4g},{b:.4g}" for a, b in zip(xs, ys, strict=True))
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _dot(a: float, b: float) -> str:
    return f'<circle cx="{a:.1f}" cy="{b:.1f}" r="5" fill="{VERMILLION}"/>'


HUNDREDTH = Goal(
    "Find the z nearest to 0 at which less than a hundredth of a nudge gets through one layer.",
    "slope",
    at_most=0.00999,
    at_least=0.0095,
    why=(
        (
            lambda m: m.function == "none",
            (
                "A nudge gets through untouched, wherever you look. Keep that in mind, and choose "
                "an activation."
            ),
        ),
        (
            lambda m: m.function in ("ReLU", "leaky ReLU"),
            (
                "This one has two slopes and a corner between them: it does not flatten little by "
                "little. Choose one that does."
            ),
        ),
        (
            lambda m: m.function not in FLATTENS,
            (
                "This one dips below 0 or bends sharply there. Begin with one that flattens "
                "steadily: sigmoid or tanh."
            ),
        ),
        (
            lambda m: m.metrics()["slope"] < 0.0095,
            (
                "Less than a hundredth gets through, but so it did nearer to 0 already. Come back "
                "a little."
            ),
        ),
        (
            lambda m: m.metrics()["slope"] > 0.00999,
            "More than a hundredth gets through here. Go further from 0.",
        ),
    ),
)
