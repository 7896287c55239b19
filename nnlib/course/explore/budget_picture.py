"""The picture of the budget lab: an answer, where was looked for it, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nnlib.course.pictures.field import dots
from nnlib.course.pictures.style import GREEN
from nnlib.course.pictures.svg import document, text

REACH = 1.6
SIDE, CELL_X, CELL_Y = 204, 20, 15
MAP_LEFT, MAP_TOP = 24, 252
TABLE_LEFT, ROW = 262, 21
COLUMNS = (0, 62, 122, 176, 226, 284)  # where the columns of the table end, from its left
HEADS = ("", "units", "rate", "decay", "train", "valid.")


def picture(
    *,
    field: str,
    points: tuple[Any, Any],
    axes: tuple[Sequence[float], Sequence[float]],
    rows: Sequence[tuple[float, ...]],
    now: tuple[float, ...],
    best: int | None,
    budget: int,
    test: float | None,
    alt: str,
) -> str:
    """Draw the state of a search.

    Parameters
    ----------
    field : str
        The address of an image of the answer; empty before the first run.
    points : tuple of arrays
        The training points X (N, 2) and their classes (N, 1).
    axes : tuple of sequences
        The learning rates and the units that can be chosen: the columns and the rows of the map.
    rows : sequence of tuples
        For each run its units, rate and decay, and the shares that are right.
    now : tuple
        The units, rate and decay that are set.
    best : int or None
        The place of the best run.
    budget : int
        How many runs there are in all.
    test : float or None
        The share of test points that are right, once the test set is open.
    alt : str
        What the picture shows.
    """
    X, y = points
    seen = f'<image href="{field}" width="{SIDE}" height="{SIDE}" y="24"/>' if field else ""
    caption = "the training points" if not field else "its answer, the training points"
    body = (
        text(0, 15, caption, anchor="start")
        + seen
        + f'<g transform="translate(0 24)">{dots(X, y[:, 0], REACH, SIDE)}</g>'
        + f'<rect x="0.5" y="24.5" width="{SIDE}" height="{SIDE}" fill="none" '
        'stroke="currentColor" stroke-opacity="0.4"/>'
        + _map(axes, rows, now, best)
        + _table(rows, best, budget, test)
    )
    return document(TABLE_LEFT + COLUMNS[-1] + 10, 392, body, alt)


def _map(
    axes: tuple[Sequence[float], Sequence[float]],
    rows: Sequence[tuple[float, ...]],
    now: tuple[float, ...],
    best: int | None,
) -> str:
    """Draw a cell for each pair of rate and units, with the best validation share found in it.

    Weight decay has no axis here, so several runs can share a cell.
    """
    rates, units = axes
    width, height = CELL_X * len(rates), CELL_Y * len(units)

    def corner(row: Sequence[float]) -> tuple[int, int]:
        across, up = rates.index(row[1]), units.index(int(row[0]))
        return MAP_LEFT + CELL_X * across, MAP_TOP + height - CELL_Y * (up + 1)

    lines = "".join(
        f"M{MAP_LEFT + CELL_X * i} {MAP_TOP}v{height}" for i in range(len(rates) + 1)
    ) + "".join(f"M{MAP_LEFT} {MAP_TOP + CELL_Y * i}h{width}" for i in range(len(units) + 1))
    drawn = [f'<path d="{lines}" stroke="currentColor" stroke-opacity="0.25" fill="none"/>']
    found = {corner(row): row[4] for row in sorted(rows, key=lambda row: row[4])}
    drawn += [
        text(x + CELL_X / 2, top + 11, f"{100 * share:.0f}", size=11)
        for (x, top), share in found.items()
    ]
    marked = [(now, 'stroke="currentColor" stroke-dasharray="3 2"')]
    marked += [(rows[best], f'stroke="{GREEN}"')] if best is not None else []
    for row, stroke in marked:
        x, top = corner(row)
        drawn.append(
            f'<rect x="{x}" y="{top}" width="{CELL_X}" height="{CELL_Y}" fill="none" '
            f'stroke-width="2" {stroke}/>'
        )
    drawn += [
        text(MAP_LEFT - 5, MAP_TOP + height - CELL_Y * i - 3, f"{value}", size=11, anchor="end")
        for i, value in enumerate(units)
    ]
    drawn += [
        text(MAP_LEFT + CELL_X * (i + 0.5), MAP_TOP + height + 13, f"{value:g}", size=11)
        for i, value in enumerate(rates)
        if i % 4 == 0
    ]
    title = "validation, by units and rate, in %"
    return "".join(drawn) + text(0, MAP_TOP - 8, title, anchor="start")


def _table(
    rows: Sequence[tuple[float, ...]], best: int | None, budget: int, test: float | None
) -> str:
    """Write a line for each run, and what the test set says."""
    right = TABLE_LEFT + COLUMNS[-1] + 4
    lines = [HEADS, *[(f"{i + 1}.",) for i in range(budget)]]
    for i, (units, rate, decay, train, validation) in enumerate(rows):
        lines[i + 1] += (f"{units}", f"{rate:g}", f"{decay:g}", f"{train:.0%}", f"{validation:.0%}")
    tops = [15, *(40 + ROW * i for i in range(budget))]
    columns = []
    for column, place in enumerate(COLUMNS):
        # A column is one text with a piece a line, which is far shorter than a text for each entry.
        pieces = "".join(
            f'<tspan x="{TABLE_LEFT + place}" y="{top}">{line[column]}</tspan>'
            for top, line in zip(tops, lines, strict=True)
            if column < len(line)
        )
        anchor = "end" if column else "start"
        columns.append(f'<text font-size="13" text-anchor="{anchor}">{pieces}</text>')
    drawn = [f'<path d="M{TABLE_LEFT} 22H{right}" stroke="currentColor" stroke-opacity="0.5"/>']
    if best is not None:
        drawn.append(
            f'<rect x="{TABLE_LEFT - 5}" y="{25 + ROW * best}" width="{right - TABLE_LEFT + 8}" '
            f'height="{ROW}" rx="3" fill="none" stroke="{GREEN}" stroke-width="2"/>'
        )
    said = "test set: shut" if test is None else f"test set, for the best run: {test:.1%} right"
    bottom = 40 + ROW * budget + 12
    return "".join(columns + drawn) + text(TABLE_LEFT, bottom, said, size=15, anchor="start")
