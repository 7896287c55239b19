"""The picture of the shape calculator: blocks of cells, and below them the lengths that meet."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import numpy as np

from nnlib.course.pictures.style import VERMILLION
from nnlib.course.pictures.svg import document, line, number, text

WIDE, HIGH, GAP, TOP = 27, 25, 26, 30  # a cell, the space for a sign, and for a title
BLOCK = 4 * WIDE
WIDTH, LEDGER = 3 * BLOCK + 2 * GAP + 8, TOP + 4 * HIGH + 34


def pairs(a: tuple[int, ...], b: tuple[int, ...]) -> list[tuple[int | None, int | None]]:
    """Lengths that meet, from the right; None where an array has no such axis."""
    return list(zip_longest(reversed(a), reversed(b)))


def verdict(m: int | None, n: int | None) -> str:
    """Say what happens where two lengths meet."""
    if m == n or {m, n} == {1, None}:
        return "fits"
    if m in (1, None):
        return f"A used {n} times"
    return f"B used {m} times" if n in (1, None) else f"{m} is not {n}"


def difference(A: Any, B: Any, got: Any, name: str, alt: str) -> str:
    """Draw A - B, with what is used again dashed; without a result, A and B as they are."""
    body = _block(A, 0, A if got is None else got) + _block(B, 1, B if got is None else got)
    return _page(A, B, got, (name, "−"), body + _columns(A.shape, B.shape), alt)


def product(A: Any, B: Any, got: Any, name: str, alt: str) -> str:
    """Draw A @ B, with the row and the column framed that make the first number."""
    standing = B[:, None] if B.ndim == 1 else B  # as a column: so a product takes it
    ink = VERMILLION if got is None else "currentColor"
    body = _block(A, 0, A) + _frame(0, A, np.atleast_2d(A)[:1], ink)
    body += _block(standing, 1, standing) + _frame(1, standing, standing[:, :1], ink)
    if got is not None:
        body += _frame(2, got, np.ones((1, 1)), ink)
    return _page(A, B, got, (name, "@"), body + _sentences(A, standing, got), alt)


def _page(A: Any, B: Any, got: Any, names: tuple[str, str], body: str, alt: str) -> str:
    name, sign = names
    body += _title(0, f"A {A.shape}") + _title(1, f"{name} {B.shape}")
    body += _sign(0, sign) + _sign(1, "=")
    if got is None:
        body += _title(2, "an error", VERMILLION)
    else:
        body += _title(2, f"shape {got.shape}") + _block(got, 2, got)
    return document(WIDTH, LEDGER + 90, body, alt)


def _left(place: int) -> float:
    return 4 + place * (BLOCK + GAP)


def _title(place: int, words: str, colour: str = "currentColor") -> str:
    label = text(_left(place) + BLOCK / 2, TOP - 12, words, size=14)
    return f'<g font-weight="600" fill="{colour}">{label}</g>'


def _sign(after: int, sign: str) -> str:
    return text(_left(after + 1) - GAP / 2, TOP + HIGH / 2 + 6, sign, size=18)


def _start(array: Any, place: int) -> float:
    """Where a block begins, so that it stands in the middle of its place."""
    columns: int = np.atleast_2d(array).shape[1]
    return _left(place) + (BLOCK - columns * WIDE) / 2


def _block(array: Any, place: int, full: Any) -> str:
    """Draw an array in its cells; what is used again, to fill the shape of `full`, is dashed."""
    rows, columns = np.atleast_2d(array).shape
    values = np.atleast_2d(np.broadcast_to(array, full.shape))
    left, cells = _start(full, place), ""
    for (i, j), value in np.ndenumerate(values):
        again = i >= rows or j >= columns
        x, y = left + j * WIDE, TOP + i * HIGH
        look = 'fill="none" stroke-dasharray="2 2"' if again else 'fill-opacity="0.13"'
        cells += (
            f'<g opacity="{0.65 if again else 1}">'
            f'<rect x="{x + 1:g}" y="{y + 1:g}" width="{WIDE - 2}" height="{HIGH - 2}" rx="2" '
            f'stroke="currentColor" stroke-opacity="0.6" {look}/>'
            f"{text(x + WIDE / 2, y + HIGH / 2 + 4, number(float(value)))}</g>"
        )
    return cells


def _frame(place: int, array: Any, part: Any, colour: str) -> str:
    """Frame the row or the column at the head of an array that a product begins with."""
    rows, columns = part.shape
    return (
        f'<rect x="{_start(array, place) - 1:g}" y="{TOP - 1}" width="{columns * WIDE + 2}" '
        f'height="{rows * HIGH + 2}" rx="3" fill="none" stroke="{colour}" stroke-width="2.5"/>'
    )


def _columns(a: tuple[int, ...], b: tuple[int, ...]) -> str:
    """Write the two shapes one below the other, aligned at the right, and each column's verdict."""
    right, apart = WIDTH / 2 + 95, 125
    drawn = line((30, LEDGER + 30), (right + 50, LEDGER + 30))
    for row, name in ((0, "A"), (1, "B"), (2, "A − B")):
        drawn += text(34, LEDGER + 22 * row + (4 if row < 2 else 8), name, size=14, anchor="start")
    for place, (m, n) in enumerate(pairs(a, b)):
        x, says = right - apart * place, verdict(m, n)
        failed = "is not" in says
        got = "×" if failed else str(max(m or 1, n or 1))
        for row, length in enumerate((m, n)):
            drawn += text(x, LEDGER + 22 * row + 4, str(length or "·"), size=14)
        look = f' fill="{VERMILLION}" font-weight="700"' if failed else ""
        drawn += f"<g{look}>{text(x, LEDGER + 52, got, size=14)}"
        drawn += f"{text(x, LEDGER + 76, says, size=13)}</g>"
    return drawn


def _sentences(A: Any, B: Any, got: Any) -> str:
    """Say of a product which lengths meet, and how its first number comes about."""
    m, n = A.shape[-1], len(B)
    if got is None:
        said = [f"inner lengths {m} and {n}: they differ"]
    else:
        terms = zip(np.atleast_2d(A)[0], B[:, 0], strict=True)
        total = number(float(np.ravel(got)[0]))
        said = [
            f"inner lengths {m} and {n}: they meet, and are gone",
            " + ".join(f"{_signed(a)} × {_signed(b)}" for a, b in terms) + f" = {total}",
        ]
    return "".join(text(WIDTH / 2, LEDGER + 8 + 28 * i, s, size=14) for i, s in enumerate(said))


def _signed(value: Any) -> str:
    return number(float(value)) if value >= 0 else f"({number(float(value))})"
