"""The decision boundary of a small network as training proceeds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from nnlib.course.pictures.field import dots, middles, png
from nnlib.course.pictures.style import VERMILLION
from nnlib.course.pictures.svg import document, text
from nnlib.data import spirals
from nnlib.layers import Linear, Tanh
from nnlib.losses import binary_cross_entropy_with_logits
from nnlib.module import Sequential
from nnlib.optim import Adam
from nnlib.tensor import no_grad

from .model import Control, Goal

CHECKPOINTS = (0, 10, 20, 40, 60, 80, 100, 120, 150, 180, 220, 260, 300)
RATES = (0.0001, 0.01, 1.0)
WIDTHS = (1, 4, 16)
PIXELS, SIDE, REACH = 48, 300, 1.25


@cache
def points() -> tuple[Any, Any]:
    """Draw the two arms of a spiral: X (200, 2), y (200, 1)."""
    X, y = spirals(200, rng=0)
    return X.astype(np.float64), y.astype(np.float64)[:, None]


@dataclass(frozen=True)
class Run:
    """One training: the network's output at each checkpoint, and the loss before each step."""

    fields: dict[int, Any]
    accuracies: dict[int, float]
    losses: tuple[float, ...]


@cache
def train(rate: float, width: int) -> Run:
    """Train a 2-width-width-1 network with Adam on all points at once, and look at checkpoints."""
    X, y = points()
    rng = np.random.default_rng(0)
    sizes = (2, width, width, 1)
    layers = [Linear(a, b, rng=rng, dtype=np.float64) for a, b in pairwise(sizes)]
    model = Sequential(layers[0], Tanh(), layers[1], Tanh(), layers[2])
    optimizer = Adam(model.parameters(), lr=rate)
    fields, accuracies, losses = {}, {}, []
    for step in range(CHECKPOINTS[-1] + 1):
        loss = binary_cross_entropy_with_logits(model(X), y)
        losses.append(loss.item())
        if step in CHECKPOINTS:
            with no_grad():
                fields[step] = _probabilities(model, middles(PIXELS, REACH)).reshape(PIXELS, PIXELS)
                accuracies[step] = float(np.mean((model(X).data > 0) == (y > 0.5)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return Run(fields, accuracies, tuple(losses))


def _probabilities(model: Any, X: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * model(X).data))


@dataclass(frozen=True)
class Boundary:
    """A 2-width-width-1 network on two spiral arms, after some steps of training.

    Parameters
    ----------
    step : int
        A checkpoint: how many steps were taken.
    rate : float
        Adam's learning rate.
    width : int
        Units in each hidden layer.

    Examples
    --------
    >>> Boundary().metrics()["accuracy"] < 0.8
    True
    """

    step: int = 0
    rate: float = 0.01
    width: int = 16

    controls: ClassVar[tuple[Control, ...]] = (
        Control("step", "training step", CHECKPOINTS, step="Train on"),
        Control("rate", "learning rate", RATES),
        Control("width", "units in a hidden layer", WIDTHS),
    )

    def metrics(self) -> dict[str, float]:
        """Give the accuracy and the loss on the points."""
        run = train(self.rate, self.width)
        return {"accuracy": run.accuracies[self.step], "loss": run.losses[self.step]}

    def describe(self) -> str:
        """Say how many points lie on their own side."""
        now = self.metrics()
        count = len(points()[1])
        return (
            f"After {self.step} steps with learning rate {self.rate:g} and {self.width} units in "
            f"each hidden layer, {round(now['accuracy'] * count)} of {count} points lie on their "
            f"side of the boundary; the loss is {now['loss']:.2f}."
        )

    def svg(self) -> str:
        """Draw the network's output as a field, the points on it, and the loss so far."""
        run = train(self.rate, self.width)
        image = f'<image href="{png(run.fields[self.step])}" width="{SIDE}" height="{SIDE}"/>'
        X, y = points()
        body = image + dots(X, y[:, 0], REACH, SIDE) + _curve(run.losses, self.step)
        return document(SIDE + 250, SIDE, body, self.describe())


def _curve(losses: tuple[float, ...], step: int) -> str:
    """Draw the loss up to this step; what is above 1 is drawn at 1."""
    left, top, width, height = SIDE + 45, 30, 190, 200
    end = CHECKPOINTS[-1]
    x = left + np.arange(step + 1) / end * width
    y = top + height * (1 - np.minimum(losses[: step + 1], 1.0))
    path = " ".join(f"{a:.0f},{b:.0f}" for a, b in zip(x, y, strict=True))
    return (
        f'<path d="M{left} {top}v{height}h{width}" fill="none" stroke="currentColor"/>'
        f'<polyline points="{path}" fill="none" stroke="{VERMILLION}" stroke-width="2"/>'
        f'<circle cx="{x[-1]:.0f}" cy="{y[-1]:.0f}" r="4" fill="{VERMILLION}"/>'
        + text(left, top - 10, f"loss {losses[step]:.2f}", size=14, anchor="start")
        + text(left - 6, top + 5, "1", anchor="end")
        + text(left - 6, top + height + 4, "0", anchor="end")
        + text(left + width, top + height + 18, f"{end} steps", anchor="end")
    )


NINETY_FIVE = Goal(
    "Bring at least 95 % of the points to their side of the boundary.",
    "accuracy",
    at_least=0.95,
    why=(
        (lambda m: m.step == 0, "The network is untrained: the boundary lies where chance put it."),
        (
            lambda m: m.width == 1,
            (
                "One unit a layer draws a single straight line. How many lines would it take to "
                "follow a spiral?"
            ),
        ),
        (
            lambda m: m.rate == max(RATES),
            "Each step is so long that it jumps over the valley; look at the loss.",
        ),
        (
            lambda m: m.rate == min(RATES),
            "The loss hardly falls: at this pace the training would take far longer.",
        ),
        (lambda m: m.step < CHECKPOINTS[-1], "The loss is still falling: train on."),
    ),
)
