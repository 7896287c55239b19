"""XOR by hand: two hidden units each draw a line, an output unit combines what they say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

import numpy as np

from nnlib.course.pictures.field import border, dots, middles, png
from nnlib.course.pictures.svg import document, number, text

from .model import Control, Goal, Story

PIXELS, SIDE, GAP, TOP, REACH = 48, 132, 14, 46, 1.0
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = np.array([0.0, 1.0, 1.0, 0.0])
MIDDLE = 0.5  # of the square, so that its corners are 0.5 from the edge of each field
HIDDEN = np.array([[1.0, 1.0], [-1.0, -1.0]])  # weights, a row for each hidden unit
OUT = np.array([1.0, 1.0])
OR, NAND = (0.0, 1.0, 1.0, 1.0), (1.0, 1.0, 1.0, 0.0)


@dataclass(frozen=True)
class Xor:
    """Two inputs, two hidden units, one output; all weights are locked, the biases are free.

    Parameters
    ----------
    b1, b2 : float
        The biases of the hidden units, whose weights are (1, 1) and (-1, -1).
    c : float
        The bias of the output unit, whose weights are (1, 1).

    Examples
    --------
    >>> Xor(b1=-0.5, b2=1.5, c=-1.5).metrics()["right"]
    4.0
    """

    b1: float = 2.5
    b2: float = 2.5
    c: float = 1.5

    controls: ClassVar[tuple[Control, ...]] = (
        Control.span("b1", "bias of unit 1", -2.5, 2.5, 0.25),
        Control.span("b2", "bias of unit 2", -2.5, 2.5, 0.25),
        Control.span("c", "bias of the output", -2.5, 2.5, 0.25),
    )

    def hidden(self, X: Any) -> Any:
        """Give what the two hidden units answer, (N, 2)."""
        return (X @ HIDDEN.T + np.array([self.b1, self.b2]) > 0).astype(float)

    def output(self, X: Any) -> Any:
        """Give what the output unit makes of that, (N,)."""
        return (self.hidden(X) @ OUT + self.c > 0).astype(float)

    def tables(self) -> tuple[tuple[float, ...], ...]:
        """Give the answers at the four corners: of unit 1, of unit 2, of the output."""
        one, two = self.hidden(CORNERS).T
        return tuple(one), tuple(two), tuple(self.output(CORNERS))

    def metrics(self) -> dict[str, float]:
        """Count the corners that the output has right."""
        return {"right": float(np.sum(self.output(CORNERS) == TARGETS))}

    def describe(self) -> str:
        """Say what each unit answers at the corners."""
        one, two, out = (", ".join(f"{a:.0f}" for a in table) for table in self.tables())
        biases = f"{number(self.b1)}, {number(self.b2)} and {number(self.c)}"
        return (
            f"The biases are {biases}. At (0, 0), (0, 1), (1, 0) and (1, 1) unit 1 says {one}; "
            f"unit 2 says {two}; the output says {out}. Right: {self.metrics()['right']:.0f} of 4."
        )

    def svg(self) -> str:
        """Draw three fields: what each unit says of every place."""
        places = middles(PIXELS, REACH) + MIDDLE
        fields = (*self.hidden(places).T, self.output(places))
        lines = [
            border(w, b + MIDDLE * sum(w), REACH, SIDE)
            for w, b in zip(HIDDEN.tolist(), (self.b1, self.b2), strict=True)
        ]
        titles = (
            ("unit 1", "x₁ + x₂", self.b1),
            ("unit 2", "−x₁ − x₂", self.b2),
            ("output", "a₁ + a₂", self.c),
        )
        body = []
        for i, (name, terms, bias) in enumerate(titles):
            left = i * (SIDE + GAP)
            sign = "−" if bias < 0 else "+"
            formula = f"{terms} {sign} {number(abs(bias))}"
            own = lines[i] if i < 2 else f'<g opacity="0.4">{"".join(lines)}</g>'
            inside = (
                f'<image href="{png(fields[i].reshape(PIXELS, PIXELS))}" width="{SIDE}" '
                f'height="{SIDE}"/>{own}{dots(CORNERS - MIDDLE, TARGETS, REACH, SIDE)}'
                f"{_answers(self.tables()[i], judged=i == 2)}"
            )
            body += [
                text(left + SIDE / 2, 16, name, size=15),
                text(left + SIDE / 2, 36, formula, size=14),
                f'<svg x="{left}" y="{TOP}" width="{SIDE}" height="{SIDE}">{inside}</svg>',
            ]
        return document(3 * SIDE + 2 * GAP, TOP + SIDE + 2, "".join(body), self.describe())


@cache
def _answers(table: tuple[float, ...], *, judged: bool) -> str:
    """Write a unit's four answers beside the corners, in ink that reads on the pale field.

    Where they are judged, a cross marks those that should be different.
    """
    written = []
    for (x, y), answer, target in zip(CORNERS, table, TARGETS, strict=True):
        across = (1.45 * (x - MIDDLE) + REACH) / (2 * REACH) * SIDE
        down = (REACH - 1.45 * (y - MIDDLE)) / (2 * REACH) * SIDE
        mark = " ✗" if judged and answer != target else ""
        written.append(text(across, down + 5, f"{answer:.0f}{mark}", size=14))
    return f'<g fill="#111">{"".join(written)}</g>'


def by_hand() -> Story:
    """Lower one bias after the other until all four are right, and the last one too far."""
    names = {control.name: control.label for control in Xor.controls}
    model, told = Xor(), {"the start": Xor()}
    for name, values in (
        ("c", (0.5, -0.5, -1.5)),
        ("b1", (2.0, 1.5, 1.0, 0.5, -0.5)),
        ("b2", (2.0, 1.5, 1.0, 0.5)),
    ):
        for value in values:
            model = replace(model, **{name: value})
            told[f"{names[name]} to {number(value)}"] = model
    return Story("moves, one at a time", told)


def _constant(table: tuple[float, ...]) -> bool:
    return len(set(table)) == 1


FOUR_RIGHT = Goal(
    "Make the output right in all four corners: yes (orange) where the two inputs differ.",
    "right",
    at_least=4,
    why=(
        (
            lambda m: all(map(_constant, m.tables()[:2])),
            "Each hidden unit says the same in all four corners: the output has nothing to go by.",
        ),
        (
            lambda m: any(map(_constant, m.tables()[:2])),
            (
                "One hidden unit says the same in all four corners, so the output has a single "
                "line to go by. How many corners can one line get right?"
            ),
        ),
        (
            lambda m: m.tables()[:2] == (OR, NAND),
            (
                "Both lines are where they should be. Now the output: it sees two answers, and "
                "should say yes only if both of them do."
            ),
        ),
        (
            lambda m: m.tables()[0] == OR,
            "Unit 1 leaves out (0, 0), as it should. Which corner is left for unit 2 to leave out?",
        ),
        (
            lambda m: m.tables()[1] == NAND,
            "Unit 2 leaves out (1, 1), as it should. Which corner is left for unit 1 to leave out?",
        ),
        (
            lambda _: True,
            "Let each hidden unit leave out one of the two corners that should get a no.",
        ),
    ),
)
