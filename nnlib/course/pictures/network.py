"""A network as layers of units; weights are lines, dashed when negative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from .style import BLUE, VERMILLION
from .svg import document, line, number, text

COLUMN, ROW, RADIUS, MOST = 130, 44, 15, 10


def network(
    sizes: Sequence[int],
    *,
    weights: Sequence[Any] | None = None,
    activations: Sequence[Any] | None = None,
    names: Sequence[str] | None = None,
    alt: str | None = None,
) -> str:
    """Draw a fully connected network.

    Parameters
    ----------
    sizes : sequence of int
        Units in each layer, inputs first. A layer of more than ten is drawn with a gap.
    weights : sequence of array, optional
        One matrix for each step between layers, rows are units as in `Linear`.
    activations : sequence of array, optional
        One vector for each layer, printed in the units.
    names : sequence of str, optional
        A word under each layer; "input", "hidden" and "output" if not given.
    alt : str, optional
        What the picture shows; the sizes are told if it is not given.

    Returns
    -------
    str
        SVG.

    Notes
    -----
    Shape: weights (H, D) for a step from D to H units.

    Examples
    --------
    >>> svg = network([2, 3, 1])
    >>> svg.count("<circle")
    6
    """
    shown = [_shown(size) for size in sizes]
    height = 40 + ROW * max(len(units) for units in shown)
    width = 2 * RADIUS + 40 + COLUMN * (len(sizes) - 1)
    at = [
        {
            unit: (
                20 + RADIUS + COLUMN * layer,
                (height - 24) / 2 + ROW * (i - (len(units) - 1) / 2),
            )
            for i, unit in enumerate(units)
        }
        for layer, units in enumerate(shown)
    ]
    body = [
        _step(at[i], at[i + 1], None if weights is None else weights[i], i)
        for i in range(len(at) - 1)
    ]
    body += [
        _layer(places, None if activations is None else activations[i])
        for i, places in enumerate(at)
    ]
    names = names or ["input", *["hidden"] * (len(sizes) - 2), "output"]
    for layer, (name, size) in enumerate(zip(names, sizes, strict=True)):
        body.append(text(20 + RADIUS + COLUMN * layer, height - 6, f"{name} {size}"))
    told = alt or f"A network with layers of {', '.join(map(str, sizes))} units, inputs first."
    return document(width, height, "".join(body), told)


def _shown(size: int) -> list[int | None]:
    """List the units to draw; None is the gap in a large layer."""
    if size <= MOST:
        return list(range(size))
    return [*range(MOST - 4), None, size - 2, size - 1]


def _step(
    left: Mapping[int | None, tuple[float, float]],
    right: Mapping[int | None, tuple[float, float]],
    weights: Any,
    layer: int,
) -> str:
    """Draw the lines between two layers; the wider the larger the weight."""
    largest = 1.0 if weights is None else max(float(np.max(np.abs(weights))), 1e-12)
    lines = []
    for unit, end in right.items():
        for source, start in left.items():
            if unit is None or source is None:
                continue
            if weights is None:
                lines.append(line(start, end, width=0.5))
                continue
            weight = float(weights[unit][source])
            colour = VERMILLION if weight > 0 else BLUE
            drawn = line(
                start, end, colour=colour, width=0.4 + 4 * abs(weight) / largest, dashed=weight < 0
            )
            title = f"weight {layer + 1}[{unit}, {source}] = {number(weight)}"
            lines.append(f"<g><title>{escape(title)}</title>{drawn}</g>")
    return "".join(lines)


def _layer(places: Mapping[int | None, tuple[float, float]], activations: Any) -> str:
    """Draw the units of one layer."""
    drawn = []
    for unit, (x, y) in places.items():
        if unit is None:
            drawn.append(text(x, y + 6, "⋮", size=20))
            continue
        drawn.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}" fill="#e9eef3" stroke="#556" />'
        )
        if activations is not None:
            value = text(x, y + 4, number(float(activations[unit])), size=10)
            drawn.append(value.replace("<text", '<text fill="#111"', 1))
    return "".join(drawn)
