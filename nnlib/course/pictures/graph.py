"""A computational graph: a box for each value, an arrow for each use of it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from .style import VERMILLION
from .svg import document, text

BOX, GAP, ROW = (88, 60), 62, 78


@dataclass(frozen=True)
class Node:
    """A value: what it is called, how much it is, and the gradient that has reached it."""

    label: str
    value: str = ""
    grad: str = ""


@dataclass(frozen=True)
class Edge:
    """One use of a value: from where to where, and the local derivative along it."""

    source: str
    target: str
    label: str = ""


def graph(
    nodes: Mapping[str, Node],
    edges: list[Edge],
    *,
    alt: str,
    active: Container[str | tuple[str, str]] = (),
) -> str:
    """Draw a computational graph from left to right.

    Parameters
    ----------
    nodes : mapping
        From a name to its `Node`.
    edges : list of Edge
        Arrows between names.
    alt : str
        What the picture shows.
    active : container
        Names of nodes and pairs (source, target) to set off.

    Returns
    -------
    str
        SVG.

    Examples
    --------
    >>> svg = graph({"x": Node("x", "2"), "y": Node("x²", "4")}, [Edge("x", "y")], alt="y = x²")
    >>> svg[:4], 'aria-label="y = x²"' in svg
    ('<svg', True)
    """
    at, width, height = _places(nodes, edges)
    body = [_arrow(edge, at, (edge.source, edge.target) in active) for edge in edges]
    body += [_box(node, *at[name], name in active) for name, node in nodes.items()]
    return document(width, height, "".join(body), alt)


def _places(
    nodes: Mapping[str, Node], edges: list[Edge]
) -> tuple[dict[str, tuple[float, float]], float, float]:
    """Give each node the centre of its box: columns by longest path, leaves beside their users."""
    depth = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for edge in edges:
            depth[edge.target] = max(depth[edge.target], depth[edge.source] + 1)
    for name in sorted(nodes, key=lambda name: -depth[name]):
        users = [depth[edge.target] for edge in edges if edge.source == name]
        if users:
            depth[name] = min(users) - 1
    columns: dict[int, list[str]] = {}
    for name in nodes:
        columns.setdefault(depth[name], []).append(name)
    over = 24 if any(depth[e.target] - depth[e.source] > 1 for e in edges) else 0
    height = 16 + over + ROW * max(map(len, columns.values()))
    width = 16 + (BOX[0] + GAP) * len(columns) - GAP
    at = {
        name: (
            8 + BOX[0] / 2 + column * (BOX[0] + GAP),
            (height + over) / 2 + ROW * (row - (len(names) - 1) / 2),
        )
        for column, names in columns.items()
        for row, name in enumerate(names)
    }
    return at, width, height


def _box(node: Node, x: float, y: float, active: bool) -> str:
    """Draw a box with up to three lines: name, value, gradient."""
    stroke = f'"{VERMILLION}" stroke-width="3"' if active else '"currentColor" stroke-width="1.2"'
    left, top = x - BOX[0] / 2, y - BOX[1] / 2
    outline = (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{BOX[0]}" height="{BOX[1]}" rx="8" '
        f'fill="none" stroke={stroke}/>'
    )
    rows = [text(x, y - 13, node.label, size=14)]
    rows += [text(x, y + 4, node.value, size=13)] if node.value else []
    rows += [text(x, y + 22, node.grad, size=12)] if node.grad else []
    return outline + "".join(rows)


def _arrow(edge: Edge, at: Mapping[str, tuple[float, float]], active: bool) -> str:
    """Draw an arrow with its label above the middle; one that passes a column bends over it."""
    (x1, y1), (x2, y2) = at[edge.source], at[edge.target]
    x1, x2 = x1 + BOX[0] / 2, x2 - BOX[0] / 2
    colour, width = (VERMILLION, 3.0) if active else ("currentColor", 1.2)
    bend = 100 if x2 - x1 > BOX[0] + GAP else 0
    cx, cy = (x1 + x2) / 2, (y1 + y2) / 2 - bend
    length = ((x2 - cx) ** 2 + (y2 - cy) ** 2) ** 0.5
    dx, dy = (x2 - cx) / length, (y2 - cy) / length
    back = (x2 - 9 * dx, y2 - 9 * dy)
    wings = [(back[0] + side * 4.5 * dy, back[1] - side * 4.5 * dx) for side in (1, -1)]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in [(x2, y2), *wings])
    head = f'<polygon points="{points}" fill="{colour}"/>'
    label = text(cx, cy + bend / 2 - 7, edge.label) if edge.label else ""
    shaft = (
        f'<path d="M{x1:.1f} {y1:.1f}Q{cx:.1f} {cy:.1f} {back[0]:.1f} {back[1]:.1f}" fill="none" '
        f'stroke="{colour}" stroke-width="{width}"/>'
    )
    return shaft + head + label
