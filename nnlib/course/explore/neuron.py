"""One neuron with two inputs: two weights turn its line, a bias pushes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

import numpy as np

from nnlib.activations import sigmoid
from nnlib.course.pictures.field import border, dots, middles, png
from nnlib.course.pictures.svg import document, number, text

from .model import Control, Goal, Story

PIXELS, SIDE, LEFT = 48, 300, 48
MIDDLE, REACH = 5.0, 5.5  # both axes go from -0.5 to 10.5


@cache
def visitors() -> tuple[Any, Any]:
    """Draw forty visitors of a shop: minutes on the page and times they came back; who bought.

    Halves and whole numbers, like the sliders' values, so that every sum is exact and no visitor
    changes sides by rounding. Chance has its share in who buys. A line that gets all forty right
    lies between the sliders' values: the perceptron rule of chapter 1 finds one.
    """
    rng = np.random.default_rng(14)
    cells = rng.choice(19 * 9, size=40, replace=False)  # so that no two stand in one place
    X = np.stack([(cells // 9 + 1) / 2, cells % 9], axis=1)
    return X, (X @ [0.75, 1.0] - 6 + rng.normal(0, 0.8, 40) > 0).astype(float)


@dataclass(frozen=True)
class Neuron:
    """A neuron that says who will buy: yes where ``w1 x1 + w2 x2 + b`` is positive.

    Parameters
    ----------
    w1, w2 : float
        The weights.
    b : float
        The bias.

    Examples
    --------
    >>> Neuron(w1=0.75, w2=1.0, b=-6.0).metrics()["wrong"]
    2.0
    """

    w1: float = 0.0
    w2: float = 0.0
    b: float = 0.0

    controls: ClassVar[tuple[Control, ...]] = (
        Control.span("w1", "weight 1", -2.0, 2.0, 0.25),
        Control.span("w2", "weight 2", -2.0, 2.0, 0.25),
        Control.span("b", "bias", -12.0, 12.0, 1.0),
    )

    def z(self, X: Any) -> Any:
        """Weigh the inputs and add the bias (1.1)."""
        return X @ np.array([self.w1, self.w2]) + self.b

    def metrics(self) -> dict[str, float]:
        """Count the visitors on the wrong side: called buyers and not, and the other way round."""
        X, bought = visitors()
        says = self.z(X) > 0
        alarms, missed = float(np.sum(says & (bought == 0))), float(np.sum(~says & (bought == 1)))
        return {"wrong": alarms + missed, "alarms": alarms, "missed": missed}

    def describe(self) -> str:
        """Say how many visitors the line has on the wrong side."""
        now, count = self.metrics(), len(visitors()[1])
        return (
            f"With the weights {number(self.w1)} and {number(self.w2)} and the bias "
            f"{number(self.b)}, {now['wrong']:.0f} of {count} visitors are on the wrong side: "
            f"{now['missed']:.0f} who bought, {now['alarms']:.0f} who did not.{self._where()}"
        )

    def _where(self) -> str:
        """Add what is to be seen where there is no line in the picture."""
        field = self.z(_places()) > 0
        if field.all() or not field.any():
            return f" It says {'yes' if field.all() else 'no'} to everybody."
        return ""

    def svg(self) -> str:
        """Draw what the neuron says of every place, its line and its weights, and the visitors."""
        X, bought = visitors()
        field = sigmoid(self.z(_places())).data.reshape(PIXELS, PIXELS)
        w = (self.w1, self.w2)
        inside = (
            f'<image href="{png(field)}" width="{SIDE}" height="{SIDE}"/>'
            + border(w, self.b + MIDDLE * (self.w1 + self.w2), REACH, SIDE, arrow=26)
            + dots(X - MIDDLE, bought, REACH, SIDE)
        )
        terms = [f"{number(self.w1)} x₁", f"{number(self.w2)} x₂", number(self.b)]
        formula = "z = " + " + ".join(terms).replace("+ −", "− ")
        # An inner picture cuts off what reaches over its edge.
        body = (
            f'<svg x="{LEFT}" width="{SIDE}" height="{SIDE}">{inside}</svg>'
            + axes()
            + text(LEFT + SIDE / 2, SIDE + 62, formula, size=15)
        )
        return document(LEFT + SIDE + 8, SIDE + 70, body, self.describe())


@cache
def _places() -> Any:
    return middles(PIXELS, REACH) + MIDDLE


@cache
def axes() -> str:
    """Write 0, 5 and 10 along both axes, and what they count."""
    drawn = []
    for value in (0, 5, 10):
        at = (value - MIDDLE + REACH) / (2 * REACH) * SIDE
        drawn.append(text(LEFT + at, SIDE + 16, str(value)))
        drawn.append(text(LEFT - 8, SIDE - at + 4, str(value), anchor="end"))
    across = text(LEFT + SIDE / 2, SIDE + 36, "minutes on the page, x₁", size=13)
    up = text(0, 0, "times they came back, x₂", size=13)
    turned = f'<g transform="translate(14 {SIDE / 2:.0f}) rotate(-90)">{up}</g>'
    return "".join(drawn) + across + turned


def by_hand() -> Story:
    """Move one slider at a time, notch by notch: a push, a turn, and a push to the goal."""
    names = {control.name: control.label for control in Neuron.controls}
    model, told = Neuron(), {"all at 0": Neuron()}
    for name, values in (
        ("w1", (0.25, 0.5, 0.75)),
        ("b", (-1.0, -2.0, -3.0, -4.0)),
        ("w2", (0.25, 0.5, 0.75, 1.0)),
        ("b", (-5.0, -6.0)),
    ):
        for value in values:
            model = replace(model, **{name: value})
            told[f"{names[name]} to {number(value)}"] = model
    return Story("moves, one at a time", told)


def _met_by(name: str) -> Callable[[Neuron], bool]:
    """Ask whether some value of one control alone would reach the goal."""
    (control,) = (each for each in Neuron.controls if each.name == name)
    return lambda model: any(TWO_WRONG.met(replace(model, **{name: v})) for v in control.values)


TWO_WRONG = Goal(
    "Move the line until at most two of the forty visitors are on the wrong side.",
    "wrong",
    at_most=2,
    why=(
        (
            lambda m: m.w1 == m.w2 == 0,
            (
                "With both weights at 0 the neuron says the same of everybody: the bias alone "
                "cannot tell visitors apart."
            ),
        ),
        (_met_by("b"), "The line has a good direction. Which number pushes it sideways?"),
        (
            lambda m: m.metrics()["wrong"] > len(visitors()[1]) / 2,
            "Most visitors are on the wrong side. Which numbers turn the line round?",
        ),
        (
            lambda m: _met_by("w1")(m) or _met_by("w2")(m),
            "One turn is missing. Should the arrow point more to the right, or more upwards?",
        ),
        (
            lambda _: True,
            (
                "The arrow shows where the neuron says yes. Where are those who bought, and how "
                "far out should the line lie?"
            ),
        ),
    ),
)
