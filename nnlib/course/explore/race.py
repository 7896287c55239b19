"""Four optimisers in the same valley at once, each with a learning rate that suits it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Any, ClassVar

from nnlib.course.pictures.style import BLUE, GREEN, PURPLE, VERMILLION
from nnlib.course.pictures.svg import document, number, text
from nnlib.optim import SGD, Adam, RMSprop

from .downhill import VIEW, WIDTH, arrival, chart, contours, losses, track, walk
from .model import Control

STEPS = (0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60)
LONG = 300  # a walk that has not arrived by then is said never to
RUNNERS: dict[str, tuple[Callable[..., Any], str, str]] = {
    "plain": (lambda params: SGD(params, lr=0.09), VERMILLION, ""),
    "momentum": (lambda params: SGD(params, lr=0.12, momentum=0.5), BLUE, "7 3"),
    "RMSprop": (lambda params: RMSprop(params, lr=0.8, alpha=0.9), PURPLE, "2 3"),
    "Adam": (lambda params: Adam(params, lr=0.4), GREEN, "7 3 2 3"),
}


@cache
def way(name: str, scale: float) -> Any:
    """Give the long walk of one of them."""
    return walk(RUNNERS[name][0], LONG, scale)


@dataclass(frozen=True)
class Race:
    """Plain descent, momentum, RMSprop and Adam after some steps.

    Parameters
    ----------
    step : int
        How many steps have been taken.
    scale : float
        What the loss is multiplied by; the learning rates stay as they are.

    Examples
    --------
    >>> Race(step=60).metrics()
    {'plain': 33, 'momentum': 10, 'RMSprop': inf, 'Adam': 52}
    """

    step: int = 0
    scale: float = 1.0

    controls: ClassVar[tuple[Control, ...]] = (
        Control("step", "steps", STEPS, step="Step"),
        Control("scale", "the loss times", (0.1, 1.0, 10.0)),
    )

    def metrics(self) -> dict[str, float]:
        """Give each one's steps to a thousandth of the loss, infinite until they were taken."""
        steps = {name: arrival(way(name, self.scale)) for name in RUNNERS}
        return {name: s if s <= self.step else inf for name, s in steps.items()}

    def describe(self) -> str:
        """Say where the four stand."""
        left = {name: float(losses(way(name, self.scale)[: self.step + 1])[-1]) for name in RUNNERS}
        shares = ", ".join(f"{name} {brief(share)}" for name, share in left.items())
        return (
            f"After {self.step} steps down a loss times {self.scale:g}, this share of it is left: "
            f"{shares}."
        )

    def svg(self) -> str:
        """Draw the four ways from above, who is who, and the four losses."""
        middle = (WIDTH / 2, VIEW / 2)
        walks = {name: way(name, self.scale)[: self.step + 1] for name in RUNNERS}
        tracks = "".join(
            track(path, middle, *RUNNERS[name][1:], dots=False) for name, path in walks.items()
        )
        curves = [(losses(path), *RUNNERS[name][1:]) for name, path in walks.items()]
        key = "".join(
            f'<line x1="{x}" y1="{VIEW + 14}" x2="{x + 26}" y2="{VIEW + 14}" stroke="{colour}" '
            f'stroke-width="2.5" stroke-dasharray="{dash or "none"}"/>'
            + text(x + 31, VIEW + 18, name, anchor="start")
            for x, (name, (_, colour, dash)) in zip(
                (50, 150, 270, 380), RUNNERS.items(), strict=True
            )
        )
        body = (
            f'<svg width="{WIDTH}" height="{VIEW}">{contours(middle)}{tracks}</svg>{key}'
            + chart(50, VIEW + 56, WIDTH - 70, 130, STEPS[-1], curves)
        )
        return document(WIDTH, VIEW + 210, body, self.describe())


def brief(share: float) -> str:
    """Write a share in a few digits; what has flown apart needs none."""
    return "over 100" if not share <= 100 else number(share)
