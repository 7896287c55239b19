"""A long valley, twenty times as steep across as along; ways down it, and their pictures.

The ways come from `nnlib.optim` itself; the pictures draw them and add nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, log10
from typing import Any

import numpy as np

from nnlib.course.pictures.svg import text
from nnlib.optim import Optimizer
from nnlib.tensor import Tensor

CURVATURES = np.array([1.0, 20.0])  # along the valley, and across it
START = np.array([-8.0, 2.0])
TARGET = 1 / 1000  # the share of the loss to bring it down to
WIDTH, VIEW, UNIT = 480, 168, 24.0  # pixels of the picture, of the valley in it, of one unit
DECADES = (-6, 2)  # what the curve of the loss shows, in powers of ten


def losses(path: Any) -> Any:
    """Give the loss at each place of a path, as a share of the first."""
    with np.errstate(over="ignore", invalid="ignore"):
        heights = (path**2 @ CURVATURES) / 2
    return heights / heights[0]


def walk(make: Callable[[Sequence[Tensor]], Optimizer], steps: int, scale: float = 1.0) -> Any:
    """Let an optimiser go down the valley, of a loss that is `scale` times as high.

    Parameters
    ----------
    make : callable
        `make(params)` gives the optimiser.
    steps : int
        How many steps to take.
    scale : float
        What the loss, and so each gradient, is multiplied by.

    Returns
    -------
    array
        The places, the start first.

    Notes
    -----
    Shape: (steps + 1, 2).

    Examples
    --------
    >>> from nnlib.optim import SGD
    >>> walk(lambda params: SGD(params, lr=0.05), 1)
    array([[-8. ,  2. ],
           [-7.6,  0. ]])
    """
    theta = Tensor(START.copy(), requires_grad=True)
    optimizer = make([theta])
    path = [theta.data.copy()]
    with np.errstate(over="ignore", invalid="ignore"):  # a walk may fly apart: that is the point
        for _ in range(steps):
            theta.grad = scale * CURVATURES * theta.data
            optimizer.step()
            path.append(theta.data.copy())
    return np.array(path)


def arrival(path: Any) -> float:
    """Give the step from which on the loss stays below its target; infinite if it never does."""
    above = np.flatnonzero(~(losses(path) <= TARGET))
    last = int(above[-1]) + 1 if above.size else 0
    return last if last < len(path) else inf


def contours(middle: tuple[float, float]) -> str:
    """Draw lines of equal loss, and a cross where it is smallest."""
    x, y = middle
    narrow = (CURVATURES[0] / CURVATURES[1]) ** 0.5
    rings = "".join(
        f'<ellipse rx="{UNIT * r:.0f}" ry="{UNIT * r * narrow:.0f}"/>' for r in (12, 9.5, 7, 4.5, 2)
    )
    return (
        f'<g transform="translate({x:.0f} {y:.0f})" stroke="currentColor">'
        f'<g fill-opacity="0.045" stroke-opacity="0.35">{rings}</g>'
        '<path d="M-5 0h10M0-5v10" stroke-width="2"/></g>'
    )


def track(
    path: Any, middle: tuple[float, float], colour: str, dash: str = "", *, dots: bool = True
) -> str:
    """Draw the way from the start, a dot for every step if wanted, and a large one for the last."""
    at = np.clip(path, -50, 50) * [UNIT, -UNIT] + middle
    points = " ".join(f"{x:.0f},{y:.0f}" for x, y in at)
    steps = "".join(f"M{x:.0f} {y:.0f}h0" for x, y in at) if dots else ""
    return (
        f'<g stroke="{colour}"><polyline points="{points}" fill="none" stroke-width="1.6" '
        f'stroke-dasharray="{dash or "none"}"/>'
        f'<path d="{steps}" stroke-width="5" stroke-linecap="round"/></g>'
        f'<circle cx="{at[-1][0]:.0f}" cy="{at[-1][1]:.0f}" r="5.5" fill="{colour}"/>'
    )


def chart(
    left: int,
    top: int,
    width: int,
    height: int,
    steps: int,
    curves: Sequence[tuple[Any, str, str]],
) -> str:
    """Draw losses against steps, the losses on a logarithmic axis, with the target dashed."""
    low, high = DECADES

    def level(share: float) -> float:
        power = min(max(log10(share), low), high) if share > 0 else low
        return top + height * (high - power) / (high - low)

    drawn = [
        (
            f'<g fill="none" stroke="currentColor"><path d="M{left} {top}v{height}h{width}"/>'
            f'<path d="M{left} {level(TARGET):.0f}h{width}" stroke-dasharray="5 3"/></g>'
        ),
        text(left, top - 10, "loss, as a share of the first", anchor="start"),
        text(left + width, top + height + 18, f"{steps} steps", anchor="end"),
        text(left, top + height + 18, "0"),
    ]
    drawn += [
        text(left - 6, level(share) + 4, words, anchor="end")
        for share, words in ((100, "100"), (1, "1"), (TARGET, "1/1000"))
    ]
    for shares, colour, dash in curves:
        points = " ".join(
            f"{left + t / steps * width:.0f},{level(s):.1f}" for t, s in enumerate(shares)
        )
        drawn.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" '
            f'stroke-dasharray="{dash or "none"}"/>'
        )
    return "".join(drawn)
