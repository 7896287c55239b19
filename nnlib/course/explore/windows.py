"""Windows over a row of eight numbers: a kernel's length, its steps, what is put around the row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nnlib.convolution.steps import Steps
from nnlib.course.pictures.style import BLUE, VERMILLION
from nnlib.course.pictures.svg import document, line, text

from .model import Control, Goal, Story

SIZE = 8
CELL, EDGE, TOP, BARS = 34, 2, 26, 128


@dataclass(frozen=True)
class Windows:
    """A kernel that slides over a row of eight numbers.

    Parameters
    ----------
    kernel : int
        How many numbers it reads at a time.
    stride : int
        How many it moves on.
    padding : int
        How many zeros stand on either side of the row.

    Examples
    --------
    >>> [(window.start, window.stop) for window in Windows(stride=3).windows]
    [(0, 3), (3, 6)]
    >>> Windows(stride=3).unread
    [6, 7]
    """

    kernel: int = 3
    stride: int = 1
    padding: int = 0

    controls: ClassVar[tuple[Control, ...]] = (
        Control.span("kernel", "kernel", 1, 5, 1),
        Control.span("stride", "stride", 1, 4, 1),
        Control.span("padding", "padding", 0, 2, 1),
    )

    @property
    def windows(self) -> list[range]:
        """Which places each output reads; those below 0 and from 8 on are padding."""
        kernel, stride, padding = map(int, (self.kernel, self.stride, self.padding))
        count = Steps(kernel, stride, padding, 1).outputs(SIZE)
        starts = (i * stride - padding for i in range(count))
        return [range(start, start + kernel) for start in starts]

    @property
    def unread(self) -> list[int]:
        """The numbers that no window reads."""
        read = {place for window in self.windows for place in window}
        return [place for place in range(SIZE) if place not in read]

    def metrics(self) -> dict[str, float]:
        """Count the outputs and the unread; say whether the row is halved as the goal asks."""
        count, unread = len(self.windows), len(self.unread)
        done = self.kernel == 3 and count == SIZE // 2 and not unread
        return {"outputs": float(count), "unread": float(unread), "halved": float(done)}

    def describe(self) -> str:
        """Say which numbers the first and the last window read, and which none does."""
        first, last, count = self.windows[0], self.windows[-1], len(self.windows)
        inside = [[p + 1 for p in each if 0 <= p < SIZE] for each in (first, last)]
        unread = [place + 1 for place in self.unread]
        return (
            f"A kernel of {self.kernel:g} over 8 numbers, stride {self.stride:g}, padding "
            f"{self.padding:g}: {count} outputs. The first reads {_listed(inside[0])}, the last "
            f"{_listed(inside[1])}. Never read: {_listed(unread) if unread else 'none'}."
        )

    def svg(self) -> str:
        """Draw the row with its padding, and below it a bar for each window."""
        most = 2  # the widest padding: the row stays where it is when the padding changes
        left = EDGE + most * CELL
        words = f"8 numbers go in; {len(self.windows)} come out, one for each bar"
        body = text(left, TOP - 10, words, size=13, anchor="start")
        for place in range(-int(self.padding), SIZE + int(self.padding)):
            x, number = left + place * CELL, 0 <= place < SIZE
            look = 'fill-opacity="0.16"' if number else 'fill="none" stroke-dasharray="3 3"'
            if place in self.unread:
                look = f'fill="{VERMILLION}" fill-opacity="0.35"'
            body += (
                f'<rect x="{x + 1}" y="{TOP}" width="{CELL - 2}" height="{CELL - 2}" rx="3" '
                f'stroke="currentColor" stroke-opacity="0.6" {look}/>'
                + text(x + CELL / 2, TOP + 21, str(place + 1) if number else "0", size=14)
            )
        y = TOP + CELL + 12.0
        for window in self.windows:
            x1, x2 = left + window.start * CELL + 4, left + window.stop * CELL - 4
            body += line((x1, y), (x2, y), colour=BLUE, width=7)
            y += BARS / max(len(self.windows), SIZE)
        width = 2 * EDGE + (SIZE + 2 * most) * CELL
        return document(width, TOP + CELL + 12 + BARS, body, self.describe())


def _listed(places: list[int]) -> str:
    """Name places of the row: 3 to 7, or 2, 3 and 5."""
    if len(places) > 2 and places[-1] - places[0] == len(places) - 1:
        return f"{places[0]} to {places[-1]}"
    *before, last = map(str, places) if places else ["padding alone"]
    return f"{', '.join(before)} and {last}" if before else last


HALVE = Goal(
    "Halve the row with a kernel of 3: four numbers come out, and each of the eight is read.",
    "halved",
    at_least=1,
    why=(
        (lambda m: m.kernel != 3, "The kernel is to read three numbers at a time."),
        (
            lambda m: m.stride == 1,
            (
                "Each window begins one place after the one before, so nearly as many come out as "
                "go in. What makes them fewer?"
            ),
        ),
        (
            lambda m: bool(m.unread),
            (
                "There are numbers that no window reads. Where would one more window have to "
                "stand, and what could it read there?"
            ),
        ),
        (
            lambda m: m.metrics()["outputs"] > SIZE // 2,
            "Each is read, and one output too many comes out: look at what the first window reads.",
        ),
        (
            lambda m: m.metrics()["outputs"] < SIZE // 2,
            "Every number is read, and fewer than four come out: the steps are too long.",
        ),
    ),
)


def story() -> Story:
    """Go through settings: what each of the three does, and the goal among them."""
    settings = {
        "kernel 3": Windows(),
        "kernel 5": Windows(5),
        "kernel 5, padding 2": Windows(5, padding=2),
        "kernel 3, padding 1": Windows(padding=1),
        "kernel 3, stride 2": Windows(stride=2),
        "kernel 3, stride 2, padding 1": Windows(stride=2, padding=1),
        "kernel 3, stride 2, padding 2": Windows(stride=2, padding=2),
        "kernel 2, stride 2": Windows(2, 2),
        "kernel 3, stride 3": Windows(stride=3),
        "kernel 1, stride 3": Windows(1, 3),
    }
    return Story("setting", settings)
