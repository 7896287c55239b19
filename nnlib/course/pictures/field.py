"""A field of values as a small PNG to put inside an SVG, and points on it, without matplotlib."""

from __future__ import annotations

import base64
import math
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from .style import BLUE, VERMILLION

_COLD, _PALE, _WARM = (np.array(rgb) for rgb in ([0, 114, 178], [245, 245, 245], [213, 94, 0]))


def _diverging() -> Any:
    """256 colours from blue over near-white to vermillion, pale enough for points on top."""
    t = 0.2 + 0.6 * np.linspace(0.0, 1.0, 256)[:, None]
    cold, warm = _COLD + (_PALE - _COLD) * 2 * t, _PALE + (_WARM - _PALE) * (2 * t - 1)
    return np.where(t < 0.5, cold, warm).astype(np.uint8)


_COLOURS = _diverging()


def png(values: Any) -> str:
    """Encode a field as a PNG data address.

    Parameters
    ----------
    values : array
        Numbers in [0, 1]: 0 is blue, 1 vermillion. The first row is at the top.

    Returns
    -------
    str
        An address that begins with "data:image/png;base64,".

    Notes
    -----
    Shape: values (H, W). The PNG has a palette and 32 shades, which compresses well.

    Examples
    --------
    >>> png(np.zeros((2, 2)))[:22]
    'data:image/png;base64,'
    """
    shades = np.clip(np.asarray(values) * 31 + 0.5, 0, 31).astype(np.uint8)
    height, width = shades.shape
    palette = _COLOURS[np.linspace(0, 255, 32).astype(int)].tobytes()
    rows = np.concatenate([np.zeros((height, 1), np.uint8), shades], axis=1)  # filter 0: as it is
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows.tobytes(), 9))]
    data = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in [*chunks, (b"IEND", b"")])
    return "data:image/png;base64," + base64.b64encode(data).decode()


def colour(value: float) -> str:
    """Give the colour that `png` has for a value, as a style sheet writes it.

    Parameters
    ----------
    value : float
        A number in [0, 1].

    Returns
    -------
    str
        A hexadecimal colour.

    Examples
    --------
    >>> colour(0.0), colour(1.0)
    ('#62a6cc', '#e19a61')
    """
    return "#" + bytes(_COLOURS[round(value * 255)]).hex()


def middles(pixels: int, reach: float) -> Any:
    """Put a point at the middle of every pixel of a square field, the first row at the top.

    Parameters
    ----------
    pixels : int
        How many in a row, and how many rows.
    reach : float
        The field goes from -reach to reach both ways.

    Returns
    -------
    array
        The points, row after row.

    Notes
    -----
    Shape: (pixels * pixels, 2).

    Examples
    --------
    >>> middles(2, 1.0)
    array([[-0.5,  0.5], [ 0.5,  0.5], [-0.5, -0.5], [ 0.5, -0.5]])
    """
    steps = (np.arange(pixels) + 0.5) / pixels * 2 * reach - reach
    across, up = np.meshgrid(steps, -steps)
    return np.stack([across.ravel(), up.ravel()], axis=1)


def dots(X: Any, y: Any, reach: float, side: float) -> str:
    """Draw points of two classes: 1 as vermillion discs, 0 as blue squares, each with a rim.

    Parameters
    ----------
    X, y : array
        Where they are, from -reach to reach both ways, and their classes.
    reach, side : float
        The half of the field's side in its own units, and the side in those of the picture.

    Returns
    -------
    str
        SVG.

    Notes
    -----
    Shape: X (N, 2), y (N,).
    """
    at = np.stack([X[:, 0] + reach, reach - X[:, 1]], axis=1) * side / (2 * reach)
    drawn = []
    for label, colour, cap in ((0, BLUE, "square"), (1, VERMILLION, "round")):
        path = "".join(f"M{x:.0f} {v:.0f}h0" for x, v in at[y == label])
        for stroke, width in (("#fff", 8), (colour, 6)):
            drawn.append(
                f'<path d="{path}" stroke="{stroke}" stroke-width="{width}" '
                f'stroke-linecap="{cap}"/>'
            )
    return "".join(drawn)


def border(w: Sequence[float], b: float, reach: float, side: float, *, arrow: float = 0.0) -> str:
    """Draw the line on which w[0] x_1 + w[1] x_2 + b is zero, through a field around the origin.

    Parameters
    ----------
    w : sequence of two floats
        The weights; without any there is no line.
    b : float
        The bias.
    reach, side : float
        The half of the field's side in its own units, and the side in those of the picture.
    arrow : float, optional
        Draw the weights too, from the line towards where the sum is positive: this long for
        weights of length 1.

    Returns
    -------
    str
        SVG. It runs over the edges of the field, which has to cut it off.

    Examples
    --------
    >>> border((0.0, 2.0), 0.0, 1.0, 100.0)
    '<path d="M250 50L-150 50" stroke="#111" stroke-width="2" fill="none"/>'
    """
    length = math.hypot(*w)
    if length == 0:
        return ""
    across, up = w[0] / length, w[1] / length  # the direction of the weights
    scale = side / (2 * reach)
    x = side / 2 - b / length * across * scale  # the point of the line nearest the middle
    y = side / 2 + b / length * up * scale
    far = 2 * side
    drawn = (
        f'<path d="M{x + far * up:.0f} {y + far * across:.0f}L{x - far * up:.0f} '
        f'{y - far * across:.0f}" stroke="#111" stroke-width="2" fill="none"/>'
    )
    if arrow:
        x2, y2 = x + arrow * length * across, y - arrow * length * up
        left, right = (
            (x2 - 8 * across + s * 5 * up, y2 + 8 * up + s * 5 * across) for s in (-1, 1)
        )
        drawn += (
            f'<path d="M{x:.0f} {y:.0f}L{x2:.0f} {y2:.0f}M{left[0]:.0f} {left[1]:.0f}'
            f'L{x2:.0f} {y2:.0f}L{right[0]:.0f} {right[1]:.0f}" stroke="#111" stroke-width="3" '
            'fill="none" stroke-linejoin="round"/>'
        )
    return drawn


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
