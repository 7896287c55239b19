"""Pooling: one number for every window of an image.

The largest of a window is the largest of the largest of its rows, and its sum the sum of their
sums: so windows are gone through along the columns first, then along the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib.backend import Array, describe, is_floating, is_numpy, namespace
from nnlib.convolution.steps import Pair, Steps, fitting, pair, steps_of
from nnlib.tensor import primitive


def _padded(x: Array, rows: Steps, columns: Steps, value: float) -> Array:
    """Put rows and columns of a value around images."""
    if not rows.padding and not columns.padding:
        return x
    _check_floating(x)
    n, channels, height, width = x.shape
    shape = (height + 2 * rows.padding, channels, width + 2 * columns.padding, n)
    framed = namespace(x).full(shape, value, dtype=x.dtype)
    framed = namespace(x).permute_dims(framed, (3, 1, 0, 2))
    framed[_inside(x, rows, columns)] = x
    return framed


def _check_floating(x: Array) -> None:
    """Refuse whole numbers: they have no -inf to stand around them, and overflow in a sum."""
    if not is_floating(x):
        raise TypeError(
            f"this pooling takes images of floating-point numbers, got {describe(x)}: "
            "write x.astype(np.float32)"
        )


def _inside(x: Array, rows: Steps, columns: Steps) -> tuple[Any, ...]:
    """Find images of the size of `x` in their frame."""
    p, q = rows.padding, columns.padding
    return slice(None), slice(None), slice(p, p + x.shape[2]), slice(q, q + x.shape[3])


def _places(x: Array, axis: int, steps: Steps) -> list[tuple[Any, ...]]:
    """Give, for each place of a window along one axis of framed images, what is read there."""
    count, before = steps._replace(padding=0).outputs(x.shape[axis]), (slice(None),) * axis
    starts = (k * steps.dilation for k in range(steps.kernel))
    stop = (count - 1) * steps.stride + 1
    return [(*before, slice(start, start + stop, steps.stride), ...) for start in starts]


def _largest(x: Array, axis: int, steps: Steps) -> tuple[Array, Callable[[Array], Array]]:
    """Keep the largest number of every window along one axis; give the way back beside it."""
    xp, places = namespace(x), _places(x, axis, steps)
    best = x[places[0]]
    for place in places[1:]:
        best = xp.maximum(best, x[place])  # (9.8)
    tiled = steps.tiles(x.shape[axis])

    def vjp(g: Array) -> Array:
        gradient, left = (xp.empty_like if tiled else xp.zeros_like)(x), _laid_like(best, g)
        for place in places:
            part = left
            if place != places[-1]:  # the last takes what no earlier one has taken
                part = xp.astype(x[place] == best, g.dtype)
                part *= left  # (9.9)
                left = left - part
            if tiled:
                gradient[place] = part
            else:
                gradient[place] += part
        return gradient

    return best, vjp


def _laid_like(best: Array, g: Array) -> Array:
    """Turn `g` round in memory to lie as `best` does: once, and not in every operation."""
    if not is_numpy(g) or g.strides == best.strides:
        return g
    turned = np.empty_like(best)
    turned[...] = g
    return turned


def _total(x: Array, axis: int, steps: Steps) -> tuple[Array, Callable[[Array], Array]]:
    """Add up every window along one axis; give the way back beside it."""
    places = _places(x, axis, steps)
    total = sum(x[place] for place in places)

    def vjp(g: Array) -> Array:
        gradient = namespace(x).zeros_like(x)
        for place in places:
            gradient[place] += g
        return gradient

    return total, vjp


def _pooling(
    x: Array, kernel_size: Pair, stride: Pair | None, padding: Pair, dilation: Pair
) -> tuple[Steps, Steps]:
    """Read the arguments of a pooling; without a stride its windows stand side by side."""
    kernel = pair("kernel_size", kernel_size, 1)
    rows, columns = steps_of(kernel, kernel if stride is None else stride, padding, dilation)
    if x.ndim != 4:
        raise ValueError(f"pooling takes images (N, C, H, W), got the shape {tuple(x.shape)}")
    if 2 * rows.padding > rows.kernel or 2 * columns.padding > columns.kernel:
        raise ValueError(
            f"the padding of a pooling is at most half its kernel {kernel}, got "
            f"{(rows.padding, columns.padding)}: a window would see no image at all"
        )
    fitting(x.shape[2], rows, "rows")
    fitting(x.shape[3], columns, "columns")
    return rows, columns


@primitive
def max_pool2d(
    x: Array,
    *,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    dilation: Pair = 1,
) -> Any:
    """Keep the largest number of every window (9.8).

    Parameters
    ----------
    x : Tensor or array
        The images.
    kernel_size : int or (int, int)
        The rows and columns of a window.
    stride : int or (int, int), optional
        How far the window moves on; by its own size if not given.
    padding : int or (int, int), default 0
        How many rows and columns stand on each side that are never the largest.
    dilation : int or (int, int), default 1
        How many rows and columns lie between the places of a window, itself included.

    Returns
    -------
    Tensor
        The largest numbers.

    Raises
    ------
    ValueError
        If the window does not fit into the images, or the padding is more than half a window.

    Notes
    -----
    Shape: x (N, C, H, W) gives (N, C, OH, OW) with sizes as in `conv2d`. Of several equal numbers
    the first one wins and gets the whole gradient, as in PyTorch.

    Examples
    --------
    >>> import numpy as np
    >>> max_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), kernel_size=2).data[0, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """
    rows, columns = _pooling(x, kernel_size, stride, padding, dilation)
    framed = _padded(x, rows, columns, -float("inf"))
    of_rows, to_columns = _largest(framed, 3, columns)
    best, to_rows = _largest(of_rows, 2, rows)

    def vjp(g: Array) -> Array:
        return to_columns(to_rows(g))[_inside(x, rows, columns)]

    return best, (vjp,)


@primitive
def avg_pool2d(
    x: Array, *, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0
) -> Any:
    """Take the mean of every window (9.10).

    Parameters
    ----------
    x : Tensor or array
        The images.
    kernel_size : int or (int, int)
        The rows and columns of a window.
    stride : int or (int, int), optional
        How far the window moves on; by its own size if not given.
    padding : int or (int, int), default 0
        How many rows and columns of zeros stand on each side; they count in the mean.

    Returns
    -------
    Tensor
        The means.

    Raises
    ------
    ValueError
        If the window does not fit into the images, or the padding is more than half a window.

    Notes
    -----
    Shape: x (N, C, H, W) gives (N, C, OH, OW) with sizes as in `conv2d`.

    Examples
    --------
    >>> import numpy as np
    >>> avg_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), kernel_size=2).data[0, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]])
    """
    rows, columns = _pooling(x, kernel_size, stride, padding, 1)
    _check_floating(x)
    framed = _padded(x, rows, columns, 0.0)
    of_rows, to_columns = _total(framed, 3, columns)
    total, to_rows = _total(of_rows, 2, rows)
    share = 1.0 / (rows.kernel * columns.kernel)

    def vjp(g: Array) -> Array:
        return to_columns(to_rows(g * share))[_inside(x, rows, columns)]  # (9.11)

    return total * share, (vjp,)  # (9.10)
