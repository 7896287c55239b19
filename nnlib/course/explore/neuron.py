"""One neuron with two inputs: two weights turn its line, a bias pushes it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import numpy as np

from nnlib.activations import sigmoid
from nnlib.course.pictures.field import dots, middles, png
from nnlib.course.pictures.svg import document, number, text
from nnlib.losses import binary_cross_entropy_with_logits

from .model import Control, Goal

PIXELS, SIDE, REACH = 48, 300, 3.0


@cache
def points() -> tuple[Any, Any]:
    """Draw forty points on either side of a line: X (40, 2), y (40,)."""
    X = np.random.default_rng(3).normal(size=(40, 2)).clip(-2.8, 2.8)
    return X, (X @ [1.5, -1.0] + 0.7 > 0).astype(float)


@dataclass(frozen=True)
class Neuron:
    """A sigmoid neuron: ``sigmoid(w1 x1 + w2 x2 + b)``.

    Parameters
    ----------
    w1, w2 : float
        The weights.
    b : float
        The bias.

    Examples
    --------
    >>> Neuron(w1=3.0, w2=-2.0, b=1.4).metrics()["wrong"]
    0.0
    """

    w1: float = 0.0
    w2: float = 0.0
    b: float = 0.0

    controls: ClassVar[tuple[Control, ...]] = (
        Control.span("w1", "weight 1", -5.0, 5.0, 0.1),
        Control.span("w2", "weight 2", -5.0, 5.0, 0.1),
        Control.span("b", "bias", -5.0, 5.0, 0.1),
    )

    def z(self, X: Any) -> Any:
        """Weigh the inputs and add the bias (1.1)."""
        return X @ np.array([self.w1, self.w2]) + self.b

    def metrics(self) -> dict[str, float]:
        """Give how many points are on the wrong side, and the loss."""
        X, y = points()
        z = self.z(X)
        wrong = float(np.sum((z > 0) != (y > 0.5)))
        return {"wrong": wrong, "loss": binary_cross_entropy_with_logits(z, y).item()}

    def describe(self) -> str:
        """Say how many points the line has on the wrong side."""
        now, count = self.metrics(), len(points()[1])
        return (
            f"A neuron with the weights {number(self.w1)} and {number(self.w2)} and the bias "
            f"{number(self.b)}: "
            f"{now['wrong']:.0f} of {count} points lie on the wrong side of its line; the loss is "
            f"{now['loss']:.2f}."
        )

    def svg(self) -> str:
        """Draw what the neuron says of every place, and the points."""
        X, y = points()
        field = sigmoid(self.z(middles(PIXELS, REACH))).data.reshape(PIXELS, PIXELS)
        terms = [f"{number(self.w1)} x₁", f"{number(self.w2)} x₂", number(self.b)]
        formula = "z = " + " + ".join(terms).replace("+ −", "− ")
        body = (
            f'<image href="{png(field)}" width="{SIDE}" height="{SIDE}"/>'
            + dots(X, y, REACH, SIDE)
            + text(SIDE / 2, SIDE + 22, formula, size=15)
        )
        return document(SIDE, SIDE + 32, body, self.describe())


TWO_WRONG = Goal(
    "Push the line until at most two of the forty points are on the wrong side.",
    "wrong",
    at_most=2,
    why=(
        (
            lambda m: m.w1 == m.w2 == 0,
            (
                "With both weights at 0 the neuron says the same everywhere: the bias alone cannot "
                "tell the points apart."
            ),
        ),
        (
            lambda m: m.w1 > 0 > m.w2,
            "The line has a good direction. Which number pushes it sideways?",
        ),
        (
            lambda m: m.metrics()["wrong"] > len(points()[1]) / 2,
            "Most points are on the wrong side. Which numbers turn the line round?",
        ),
    ),
)
