"""The spotlight: one query, four keys, and how much of each is taken home."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from nnlib.attention.dot_product import weights
from nnlib.course.pictures.style import BLUE, VERMILLION
from nnlib.course.pictures.svg import document, line, number, text

from .model import Control, Goal, Story

NAMES = ("north", "east", "south", "west")
KEYS = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, -1.0], [-1.0, 0.0]])  # (S, D), one place a row
VALUES = np.array([[10.0], [20.0], [30.0], [40.0]])  # (S, E)
MIDDLE, REACH, INCH = (112.0, 126.0), 58.0, 12.0  # of the compass; a key's arrow; a query's unit
TABLE, WIDE, ROW, BAR = 240.0, 216.0, 40.0, 70.0  # the table; its rows; a whole share


@dataclass(frozen=True)
class Spotlight:
    """A query that looks at four keys, one in each direction of the compass.

    Parameters
    ----------
    direction : float
        Where the query points, in degrees: 0 is east, 90 north.
    length : float
        How long it is.
    sees : int
        How many of the places it may look at, counted from the north clockwise.

    Examples
    --------
    >>> round(Spotlight(direction=0.0, length=4.25).metrics()["east"], 2)
    0.91
    """

    direction: float = 135.0
    length: float = 1.5
    sees: int = 4

    controls: ClassVar[tuple[Control, ...]] = (
        Control.span("direction", "direction of the query (°)", -165.0, 180.0, 15.0),
        Control.span("length", "length of the query", 0.0, 6.0, 0.25),
        Control("sees", "places it may see", (1, 2, 3, 4)),
    )

    @property
    def query(self) -> Any:
        """The query as a row of one, (1, D)."""
        angle = np.radians(self.direction)
        return self.length * np.array([[np.cos(angle), np.sin(angle)]])

    @property
    def scores(self) -> Any:
        """How well each key fits: a product, over the root of D."""
        return (self.query @ KEYS.T / np.sqrt(2))[0]

    @property
    def shares(self) -> Any:
        """How much the query looks at each place, by the library's own rule (11.5)."""
        return weights(self.query, KEYS, np.arange(4)[None] < self.sees)[0]

    @property
    def found(self) -> float:
        """What is taken home: the mean of the values, each with its share (11.6)."""
        return float((self.shares @ VALUES)[0])

    def metrics(self) -> dict[str, float]:
        """Give the share of the east, and the largest."""
        return {"east": float(self.shares[1]), "largest": float(self.shares.max())}

    def describe(self) -> str:
        """Say where the query points, what share each place gets, and what comes of it."""
        seen = [
            f"{name} {share:.0%}" if place < self.sees else f"{name} hidden"
            for place, (name, share) in enumerate(zip(NAMES, self.shares, strict=True))
        ]
        return (
            f"A query of length {number(self.length)} in the direction {number(self.direction)}° "
            f"sees {self.sees} of 4 places. Shares: {', '.join(seen)}. It takes home "
            f"{number(self.found)}."
        )

    def svg(self) -> str:
        """Draw a compass of keys with the query in it, and a table of scores and shares."""
        body = "".join(self._key(place) + self._row(place) for place in range(4))
        body += self._arrow() + _headings()
        foot = MIDDLE[1] + 2 * ROW + 34
        body += text(TABLE + WIDE, foot, f"taken home  {number(self.found)}", size=14, anchor="end")
        return document(TABLE + WIDE + 6, foot + 12, body, self.describe())

    def _key(self, place: int) -> str:
        """Draw a key as an arrow, the thicker the larger its share, dashed where it is hidden."""
        (x, y), (east, north) = MIDDLE, KEYS[place]
        hidden = place >= self.sees
        end = (x + REACH * east, y - REACH * north)
        label = (x + (REACH + 30) * east, y - (REACH + 14) * north + 5)
        thick = 1.2 if hidden else 1.5 + 8 * self.shares[place]
        return line(MIDDLE, end, colour=BLUE, width=thick, dashed=hidden) + text(
            *label, NAMES[place], size=13
        )

    def _arrow(self) -> str:
        """Draw the query."""
        (x, y), (east, north) = MIDDLE, self.query[0] * INCH
        tip, side = np.array([x + east, y - north]), np.radians(self.direction)
        wings = [tip - 9 * np.array([np.cos(a), -np.sin(a)]) for a in (side + 0.5, side - 0.5)]
        head = "L".join(f"{p[0]:.1f} {p[1]:.1f}" for p in (wings[0], tip, wings[1]))
        drawn = f'<path d="M{head}" fill="none" stroke="{VERMILLION}" stroke-width="3"/>'
        shaft = line((x, y), (float(tip[0]), float(tip[1])), colour=VERMILLION, width=3)
        return (shaft + drawn if self.length else "") + (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{VERMILLION}"/>'
        )

    def _row(self, place: int) -> str:
        """Write a place's score, draw its share as a bar, and write what it holds."""
        y = MIDDLE[1] + (place - 1.5) * ROW + 5
        share, hidden = float(self.shares[place]), place >= self.sees
        score = "hidden" if hidden else number(round(float(self.scores[place]), 2))
        bar = (
            f'<rect x="{TABLE + 88:.1f}" y="{y - 15:.1f}" width="{BAR * share:.1f}" height="20" '
            f'fill="{BLUE}"/>'
        )
        return (
            text(TABLE, y, NAMES[place], size=13, anchor="start")
            + text(TABLE + 82, y, score, size=13, anchor="end")
            + bar
            + text(TABLE + 92 + BAR * share, y, f"{share:.0%}", size=13, anchor="start")
            + text(TABLE + WIDE, y, number(float(VALUES[place, 0])), size=13, anchor="end")
        )


def _headings() -> str:
    y = MIDDLE[1] - 2 * ROW - 8
    return (
        text(TABLE, y, "key", size=13, anchor="start")
        + text(TABLE + 82, y, "score", size=13, anchor="end")
        + text(TABLE + 88, y, "share", size=13, anchor="start")
        + text(TABLE + WIDE, y, "value", size=13, anchor="end")
        + line((TABLE, y + 8), (TABLE + WIDE, y + 8))
    )


def story() -> Story:
    """Turn the query towards the east, then make it longer, then hide one place after another."""
    start = Spotlight()
    states = [replace(start, direction=float(angle)) for angle in range(135, -1, -15)]
    longer = [replace(states[-1], length=length) for length in (2, 2.5, 3, 3.5, 4, 4.25, 5, 6)]
    hiding = [replace(longer[-1], sees=sees) for sees in (3, 2, 1)]
    every = [*states, *longer, *hiding]
    return Story("step", {f"{i} of {len(every) - 1}": state for i, state in enumerate(every)})


def _off(model: Any) -> float:
    return float(abs((model.direction + 180) % 360 - 180))


LIGHT_THE_EAST = Goal(
    "Give at least 90 % of the attention to the key in the east.",
    "east",
    at_least=0.9,
    why=(
        (
            lambda m: m.sees < 2,
            (
                "Only the north may be seen, and so it gets everything, however badly it fits. The "
                "east is the second place."
            ),
        ),
        (
            lambda m: m.length == 0,
            "A query of length 0 fits all keys alike, and the shares are equal.",
        ),
        (
            lambda m: _off(m) > 45,
            (
                "The query points to another key. Turn it: the score is largest where both point "
                "the same way."
            ),
        ),
        (
            lambda m: m.direction == 45 or (m.direction == -45 and m.sees > 2),
            "Half way between two keys: they get equal shares, however long the query is.",
        ),
        (
            lambda m: _off(m) > 0 and m.length >= 4.25,
            "Nearly: it still leans towards a neighbour of the east.",
        ),
        (
            lambda m: m.length < 4.25,
            (
                "The east gets most, but the others are not far behind. Scores that lie further "
                "apart make the softmax sharper: what makes scores larger?"
            ),
        ),
    ),
)
