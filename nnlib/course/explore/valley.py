"""Gradient descent in a long valley: how large a step may be, and what momentum adds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Any, ClassVar

from nnlib.course.pictures.style import VERMILLION
from nnlib.course.pictures.svg import document, number
from nnlib.optim import SGD

from .downhill import CURVATURES, VIEW, WIDTH, arrival, chart, contours, losses, track, walk
from .model import Control, Goal

LONGEST, SHOWN = 100, 40  # steps that are walked, and that the picture has room for


@cache
def walked(rate: float, momentum: float) -> Any:
    """Walk far with SGD; each walk is computed once."""
    return walk(lambda params: SGD(params, lr=rate, momentum=momentum), LONGEST)


@dataclass(frozen=True)
class Valley:
    """Gradient descent in the valley, with momentum if there is any.

    Parameters
    ----------
    rate : float
        The learning rate.
    momentum : float
        How much of the velocity stays from step to step.
    step : int
        How many steps have been taken.

    Examples
    --------
    >>> round(Valley(rate=0.05, step=20).metrics()["loss"], 3)
    0.057
    """

    rate: float = 0.005
    momentum: float = 0.0
    step: int = 20

    controls: ClassVar[tuple[Control, ...]] = (
        Control.span("rate", "learning rate", 0.005, 0.125, 0.005),
        Control.span("momentum", "momentum", 0.0, 0.95, 0.05),
        Control("step", "steps", tuple(range(SHOWN + 1)), step="Step"),
    )

    @property
    def way(self) -> Any:
        """All places of a long walk."""
        return walked(self.rate, self.momentum)

    @property
    def path(self) -> Any:
        """The places so far."""
        return self.way[: self.step + 1]

    def metrics(self) -> dict[str, float]:
        """Give the share of the loss that is left; the rate, if it held; the steps needed.

        A rate holds if after 20 steps or more the loss is no larger than at the start. The steps
        needed to bring the loss down to its target for good are infinite until they were taken.
        """
        left = float(losses(self.path)[-1])
        held = self.step >= 20 and left <= 1 + 1e-9
        needed = arrival(self.way)
        return {
            "loss": left,
            "held": self.rate if held else 0.0,
            "needed": needed if needed <= self.step else inf,
        }

    def describe(self) -> str:
        """Say how far the walk has come, and what each step does in the two directions."""
        now = self.metrics()
        says = (
            f"After {self.step} steps with learning rate {self.rate:g} and momentum "
            f"{self.momentum:g} the loss is {share_of(now['loss'])} what it was."
        )
        if self.momentum == 0:
            along, across = (1 - self.rate * c for c in CURVATURES)
            says += (
                f" Each step multiplies the place along the valley by {number(along)} and the "
                f"place across it by {number(across)}."
            )
        elif now["needed"] < inf:
            says += f" From step {now['needed']:.0f} on it stays below a thousandth."
        return says

    def svg(self) -> str:
        """Draw the valley from above with the way so far, and the loss below."""
        curve = losses(self.path)
        middle = (WIDTH / 2, VIEW / 2)
        body = (
            f'<svg width="{WIDTH}" height="{VIEW}">{contours(middle)}'
            + track(self.path, middle, VERMILLION)
            + "</svg>"
            + chart(50, VIEW + 26, WIDTH - 70, 120, SHOWN, [(curve, VERMILLION, "")])
        )
        return document(WIDTH, VIEW + 170, body, self.describe())


def share_of(left: float) -> str:
    """Write a share of the loss so that it reads well below one and above."""
    if left > 1000:
        return "more than a thousand times"
    return f"{number(left)} of" if left < 1 else f"{number(left)} times"


LARGEST = Goal(
    "Without momentum, find the largest learning rate with which 20 steps do not end higher than "
    "they began.",
    "held",
    at_least=0.1,
    why=(
        (lambda m: m.momentum > 0, "Put the momentum back to 0 for now: one thing at a time."),
        (lambda m: m.step < 20, "Take 20 steps: a loss that grows needs some to show it."),
        (
            lambda m: m.metrics()["loss"] > 1,
            "Each step lands higher on the other side than it took off. That is too far.",
        ),
        (
            lambda m: m.rate < 0.05,
            "The loss falls, and slowly: the way has hardly come along the valley. Go larger.",
        ),
        (
            lambda m: m.rate <= 0.095,
            "The steps cross the valley to and fro, and still the loss falls. Larger yet?",
        ),
    ),
)
THOUSANDTH = Goal(
    "Bring the loss below a thousandth of the first within 20 steps, for good.",
    "needed",
    at_most=20,
    why=(
        (lambda m: m.step < 20, "Take 20 steps first."),
        (
            lambda m: m.momentum == 0 and m.metrics()["loss"] > 1,
            "Without momentum this rate is too large for the steep direction.",
        ),
        (
            lambda m: m.momentum == 0,
            (
                "Without momentum, what is left after 20 steps lies along the valley: every rate "
                "that the steep direction allows is too small for the flat one."
            ),
        ),
        (
            lambda m: m.metrics()["loss"] > 1,
            "The swings across the valley grow: with this momentum the rate is too large.",
        ),
        (
            lambda m: m.momentum > 0.75,
            "The walk has so much momentum that it runs past the bottom, comes back, and again.",
        ),
        (
            lambda m: m.momentum < 0.25,
            "So little momentum is nearly none: look how far the way has come along the valley.",
        ),
        (
            lambda m: m.rate < 0.08,
            "The swings die down, and the walk along the valley is slow: a larger rate?",
        ),
        (
            lambda m: m.rate > 0,
            "Close: the loss is still on its way, or swings past. A little more or less?",
        ),
    ),
)
