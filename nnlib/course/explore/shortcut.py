"""The shortcut hunter: cover a part of every picture, and count the answers that it changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from nnlib.course.pictures.style import BLUE, GREEN, INK, VERMILLION
from nnlib.course.pictures.svg import document, line, number, text

from .model import Control, Goal, Story
from .shortcut_runs import SIDE, eights, logits

SHOWN = 2  # which of the held-out eights is drawn
CELL, LEFT, TOP = 25, 6, 30
PAPER = "#f5f5f5"  # ink on paper in the dark too: the page speaks of black and white
PANEL, REACH = 232, 10.0  # where the right half begins; the ends of the axis of logits


@dataclass(frozen=True)
class ShortcutHunter:
    """A window of two by two pixels that hides a part of every held-out eight from a network.

    Parameters
    ----------
    network : str
        "A" or "B".
    row, column : int
        The window's first row and column, from 0 to 6.

    Examples
    --------
    >>> ShortcutHunter().metrics()["lost"]
    0.0
    """

    network: str = "A"
    row: int = 3
    column: int = 3

    controls: ClassVar[tuple[Control, ...]] = (
        Control("network", "network", ("A", "B")),
        Control("row", "window: first row", tuple(range(SIDE - 1))),
        Control("column", "window: first column", tuple(range(SIDE - 1))),
    )

    def lost(self) -> int:
        """Count the eights that the network takes for threes when the window hides a part."""
        return int(np.sum(logits(self.network, self.row, self.column) < 0))

    def hidden(self) -> float:
        """Give how much ink the window hides in the eight that is drawn."""
        picture = eights()[SHOWN].reshape(SIDE, SIDE)
        return float(picture[self.row : self.row + 2, self.column : self.column + 2].sum())

    def metrics(self) -> dict[str, float]:
        """Give the share of eights that are lost, and the same where the network is A."""
        share = self.lost() / len(eights())
        return {"lost": share, "lost by A": share if self.network == "A" else 0.0}

    def describe(self) -> str:
        """Say what is covered and what becomes of the answers."""
        before, after = self._logits()
        return (
            f"Network {self.network}. In every picture rows {self.row} and {self.row + 1}, "
            f"columns {self.column} and {self.column + 1}, are covered. Of {len(eights())} eights "
            f"it then takes {self.lost()} for threes. The logit of the eight in the picture was "
            f"{before:.1f} and is {after:.1f}.".replace("-", "−")
        )

    def _logits(self) -> tuple[float, float]:
        """Give the logit of the eight that is drawn, before and after."""
        whole = logits(self.network, None, None)[SHOWN]
        return float(whole), float(logits(self.network, self.row, self.column)[SHOWN])

    def svg(self) -> str:
        """Draw an eight with the window on it; beside it its logit, and how many are lost."""
        before, after = self._logits()
        lost, count = self.lost(), len(eights())
        at = LEFT + CELL * self.column, TOP + CELL * self.row
        window = (
            f'<rect x="{at[0]}" y="{at[1]}" width="{2 * CELL}" height="{2 * CELL}" '
            f'fill="{GREEN}" fill-opacity="0.3" stroke="{GREEN}" stroke-width="3"/>'
        )
        width = 190
        body = (
            text(LEFT, 18, "a held-out eight", size=14, anchor="start")
            + _ink(eights()[SHOWN], self.row, self.column)
            + window
            + text(PANEL, 18, f"network {self.network}", size=14, anchor="start")
            + text(PANEL, 58, "its logit, and when covered", size=13, anchor="start")
            + _axis(86, width, before, after)
            + text(PANEL, 158, f"of {count} eights taken for threes:", size=13, anchor="start")
            + f'<rect x="{PANEL}" y="170" width="{width}" height="18" fill="none" '
            'stroke="currentColor"/>'
            + f'<rect x="{PANEL}" y="170" width="{width * lost / count:.0f}" height="18" '
            f'fill="{BLUE}"/>' + text(PANEL, 210, str(lost), size=16, anchor="start")
        )
        return document(PANEL + width + 8, TOP + CELL * SIDE + 8, body, self.describe())


def _ink(picture: Any, row: int, column: int) -> str:
    """Draw a picture, its pixels gathered by darkness; under the window there is no ink."""
    shades = np.rint(picture.reshape(SIDE, SIDE) * 16).astype(int)
    shades[row : row + 2, column : column + 2] = 0
    frame = (
        f'<rect x="{LEFT}" y="{TOP}" width="{CELL * SIDE}" height="{CELL * SIDE}" fill="{PAPER}"/>'
    )
    drawn = [frame]
    for shade in range(1, 17):
        places = np.argwhere(shades == shade)
        path = "".join(
            f"M{LEFT + CELL * c} {TOP + CELL * r}h{CELL}v{CELL}h-{CELL}z" for r, c in places
        )
        drawn += (
            [f'<path d="{path}" fill="{INK}" fill-opacity="{shade / 16:.2f}"/>'] if path else []
        )
    return "".join(drawn)


def _axis(y: float, width: float, before: float, after: float) -> str:
    """Draw the logit as it was, hollow, and as it is, filled, between three and eight."""

    def x(z: float) -> float:
        return PANEL + (min(max(z, -REACH), REACH) + REACH) / (2 * REACH) * width

    colour = VERMILLION if after > 0 else BLUE
    return (
        line((PANEL, y), (PANEL + width, y))
        + line((x(0), y - 12), (x(0), y + 12))
        + f'<circle cx="{x(before):.1f}" cy="{y}" r="7" fill="none" stroke="currentColor"/>'
        + f'<circle cx="{x(after):.1f}" cy="{y}" r="5" fill="{colour}"/>'
        + text(PANEL, y + 28, "says three", size=13, anchor="start")
        + text(x(0), y + 28, number(0), size=13)
        + text(PANEL + width, y + 28, "says eight", size=13, anchor="end")
    )


def hunt() -> Story:
    """Walk the window over the picture for A until it is found, and back to the middle for B."""
    steps = [("A", *at) for at in ((3, 3), (2, 2), (4, 2), (1, 4), (0, 3), (6, 3), (3, 5))]
    steps += [("A", *at) for at in ((0, 0), (0, 6), (3, 6), (5, 5), (6, 5), (6, 6))]
    steps += [("B", *at) for at in ((6, 6), (0, 3), (6, 3), (1, 4), (3, 3), (2, 2), (4, 2))]
    return Story(
        "windows, one after the other",
        {
            f"{name}, row {row}, column {column}": replace(
                ShortcutHunter(), network=name, row=row, column=column
            )
            for name, row, column in steps
        },
    )


FIND_THE_SHORTCUT = Goal(
    "Find what network A goes by: a window that, when covered, makes it take at least nine in ten "
    "eights for threes.",
    "lost by A",
    at_least=0.9,
    why=(
        (
            lambda m: m.network == "B" and m.lost() > 0,
            "Network B misses this part: some eights are threes to it now. The goal is about A.",
        ),
        (
            lambda m: m.network == "B",
            "Network B does not miss this part. The goal is about A.",
        ),
        (
            lambda m: min(m.row, m.column) >= SIDE - 3,
            "A part of what network A goes by is covered, and the rest of it is enough.",
        ),
        (
            lambda m: m.hidden() >= 1,
            (
                "A good part of the eight is gone, and network A does not mind. Network B might. "
                "What else is there in the picture?"
            ),
        ),
        (
            lambda _: True,
            "There is hardly any ink to cover here. Where is some that is no part of the eight?",
        ),
    ),
)
