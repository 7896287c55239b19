"""The kernel forge: nine weights, the same question at every place of an image, and the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nnlib.convolution import conv2d
from nnlib.course.pictures.style import BLUE, VERMILLION
from nnlib.course.pictures.svg import document, number, text

from .model import Control, Goal, Story

SQUARE = np.zeros((8, 8))
SQUARE[2:6, 2:6] = 1.0  # ones in zeros: two upright edges, two level ones, four corners
PLACE = (2, 1)  # the answer that is spelled out lies on the left edge of the square
UPRIGHT, LEVEL, EVEN = (2, slice(0, 2)), (slice(0, 2), 2), (2, 2)  # where only one thing is seen

CELL, SMALL, TOP, GAP = 26, 20, 30, 24
IMAGE, KERNEL = 8 * SMALL, 3 * CELL


@dataclass(frozen=True)
class Forge:
    """A kernel of three rows and columns, forged by three numbers, that looks at a square.

    Parameters
    ----------
    across, down : int
        By how much the weights grow from each column to the next, and from each row to the next.
    level : int
        What every weight has besides.

    Examples
    --------
    >>> Forge(across=1, level=0).kernel[0]
    array([-1.,  0.,  1.])
    >>> Forge(across=1, level=0).metrics()["upright"]
    3.0
    """

    across: int = 0
    down: int = 0
    level: int = 1

    controls: ClassVar[tuple[Control, ...]] = (
        Control.span("across", "more from column to column", -2, 2, 1),
        Control.span("down", "more from row to row", -2, 2, 1),
        Control.span("level", "more everywhere", -1, 1, 1),
    )

    @property
    def kernel(self) -> Any:
        """The nine weights."""
        steps = np.arange(-1.0, 2.0)
        return self.level + self.across * steps + self.down * steps[:, None]

    @property
    def answers(self) -> Any:
        """What the kernel answers at each of its 6 by 6 places."""
        return conv2d(SQUARE[None, None], self.kernel[None, None]).data[0, 0]

    def metrics(self) -> dict[str, float]:
        """Give the size of the answers to an upright edge, to a level one, to no edge."""
        upright, level, even = (
            float(np.abs(self.answers[part]).max()) for part in (UPRIGHT, LEVEL, EVEN)
        )
        alone = upright if level == even == 0 else 0.0
        return {"upright": upright, "level": level, "even": even, "upright alone": alone}

    def describe(self) -> str:
        """Say what the weights are, what is answered where, and how one answer comes about."""
        rows = "; ".join(" ".join(map(number, row)) for row in self.kernel)
        at = {
            name: number(self.answers[place])
            for name, place in (("left", (2, 0)), ("right", (2, 5)), ("top", (0, 2)), ("in", EVEN))
        }
        return (
            f"The rows of the kernel are {rows}. It looks at a square of ones and answers "
            f"{at['left']} at the left edge, {at['right']} at the right edge, {at['top']} at the "
            f"top edge and {at['in']} inside the square. The framed answer, "
            f"{number(self.answers[PLACE])}, is the sum of nine products."
        )

    def svg(self) -> str:
        """Draw the image, the kernel and the answers, and spell one of them out."""
        left = (2.0, IMAGE + GAP, IMAGE + KERNEL + 2 * GAP)
        high = TOP + IMAGE
        body = "".join(
            text(x + width / 2, TOP - 11, title, size=14)
            for x, width, title in zip(
                left, (IMAGE, KERNEL, 6 * CELL), ("image", "kernel", "answers"), strict=True
            )
        )
        body += _cells(SQUARE, left[0], TOP, SMALL, 1.5, numbers=False)
        middle = TOP + (IMAGE - KERNEL) / 2
        body += _cells(self.kernel, left[1], middle, CELL, 5)
        body += _cells(self.answers, left[2], TOP, CELL, 18)
        i, j = PLACE
        body += _frame(left[0] + j * SMALL, TOP + i * SMALL, 3 * SMALL)
        body += _frame(left[2] + j * CELL, TOP + i * CELL, CELL)
        body += text(left[1] - GAP / 2, TOP + IMAGE / 2 + 6, "·", size=26)
        body += text(left[2] - GAP / 2, TOP + IMAGE / 2 + 6, "=", size=18)
        patch = SQUARE[i : i + 3, j : j + 3]
        for row, (weights, pixels) in enumerate(zip(self.kernel, patch, strict=True)):
            terms = (f"{_signed(w)} · {number(x)}" for w, x in zip(weights, pixels, strict=True))
            end = f" = {number(self.answers[PLACE])}" if row == 2 else " +"
            words = " + ".join(terms) + end
            body += text(left[0], high + 30 + 21 * row, words, size=15, anchor="start")
        return document(left[2] + 6 * CELL + 2, high + 86, body, self.describe())


def _cells(
    values: Any, left: float, top: float, side: float, most: float, *, numbers: bool = True
) -> str:
    """Draw numbers as cells: vermillion above zero, blue below, an image in the page's ink."""
    drawn = ""
    for (i, j), value in np.ndenumerate(values):
        colour = ("currentColor", VERMILLION, BLUE)[int(np.sign(value)) if numbers else 0]
        x, y = left + j * side, top + i * side
        drawn += (
            f'<rect x="{x:g}" y="{y:g}" width="{side}" height="{side}" fill="{colour}" '
            f'fill-opacity="{min(abs(value) / most, 1) * 0.75:.2f}" stroke="currentColor" '
            'stroke-opacity="0.35"/>'
        )
        if numbers:
            drawn += text(x + side / 2, y + side / 2 + 5, number(float(value)), size=13)
    return drawn


def _frame(left: float, top: float, side: float) -> str:
    return (
        f'<rect x="{left:g}" y="{top:g}" width="{side}" height="{side}" fill="none" '
        f'stroke="{VERMILLION}" stroke-width="3"/>'
    )


def _signed(value: float) -> str:
    return number(value) if value >= 0 else f"({number(value)})"


UPRIGHT_ONLY = Goal(
    "Forge a kernel that finds upright edges and nothing else: 3 or more in size at the left and "
    "the right edge of the square, 0 in the middle of its top edge, of its bottom edge and inside.",
    "upright alone",
    at_least=3,
    why=(
        (
            lambda m: not m.kernel.any(),
            "All nine weights are zero: it answers the same everywhere, whatever it sees.",
        ),
        (
            lambda m: m.metrics()["even"] > 0,
            (
                "Inside the square all pixels are equal, and the kernel answers. What must the "
                "nine weights add up to, so that equal pixels cancel?"
            ),
        ),
        (
            lambda m: m.metrics()["level"] > 0,
            "It answers along the top edge too. In which direction may its weights not change?",
        ),
    ),
)


def story() -> Story:
    """Kernels one after the other, from the blur to the edge, and what goes wrong between."""
    return Story(
        "kernel",
        {
            "all ones": Forge(),
            "all zeros": Forge(level=0),
            "grows across": Forge(across=1, level=0),
            "falls across": Forge(across=-1, level=0),
            "grows down": Forge(down=1, level=0),
            "grows across and down": Forge(across=1, down=1, level=0),
            "grows across, and one more": Forge(across=1),
        },
    )
