"""How a convolution becomes a few large products of matrices.

Outside, images are (N, C, H, W), as in PyTorch. For the products their numbers are laid out rows
first and examples last::

    x (N, C, H, W)                 an image has the rows  r0 r1 r2 r3 r4
      -> lowered (H, KW C, OW N)   one slab a row: KW copies of it, each shifted by one column
      -> windows (OH, KH KW C, OW N)

    output row 0 reads the slabs   [r0 r1 r2]            for a kernel of KH = 3 rows:
    output row 1 reads the slabs      [r1 r2 r3]         neighbours overlap in memory,
    output row 2 reads the slabs         [r2 r3 r4]      so no slab is copied twice

    weight (F, KH KW C)  @  windows[i]  =  output row i (F, OW N)

The usual way copies every number KH KW times; this one KW times. What comes out keeps the layout
behind a transposed view, so that the next convolution or pooling finds it as it needs it.

Three functions do everything: `correlate` slides a kernel over an image, `spread` is its adjoint,
and `outer` collects what the weights receive. A convolution goes forward by the first and back by
the other two; a transposed convolution goes forward by the second and back by the first.
"""

from __future__ import annotations

import numpy as np

from nnlib.backend import Array, is_numpy, namespace, reshape
from nnlib.convolution.steps import Steps
from nnlib.products import dot_parts, dot_rows, in_parts


def images(x: Array, groups: int) -> Array:
    """View images (N, G C, H, W) as (G, H, C, W, N)."""
    n, channels, height, width = x.shape
    split = reshape(x, (n, groups, channels // groups, height, width))
    return namespace(x).permute_dims(split, (1, 3, 2, 4, 0))


def outside(z: Array) -> Array:
    """View (G, H, C, W, N) as images (N, G C, H, W)."""
    groups, height, channels, width, n = z.shape
    images = namespace(z).permute_dims(z, (4, 0, 2, 1, 3))
    return reshape(images, (n, groups * channels, height, width))


def _windows(slabs: Array, count: int, steps: Steps) -> Array:
    """Group slabs (G, R, S, M) by the output row that reads them: (G, count, KH S, M)."""
    groups, _, size, last = slabs.shape
    if is_numpy(slabs):
        a, b, c, d = slabs.strides
        seen: Array = np.ndarray(  # a view; `as_strided` takes longer and checks less
            (groups, count, steps.kernel, size, last),
            slabs.dtype,
            slabs,
            strides=(a, steps.stride * b, steps.dilation * b, c, d),
        )
    else:  # other libraries copy what overlaps
        stop = steps.stride * (count - 1) + 1
        starts = [k * steps.dilation for k in range(steps.kernel)]
        seen = namespace(slabs).stack(
            [slabs[:, i : i + stop : steps.stride, ...] for i in starts], axis=2
        )
    return reshape(seen, (groups, count, steps.kernel * size, last))


def lowered(x: Array, rows: Steps, columns: Steps, groups: int) -> Array:
    """Lay images out as the windows that a kernel reads: (G, OH, KH KW C, OW N)."""
    xp, inner = namespace(x), images(x, groups)
    if is_numpy(inner):
        inner = np.ascontiguousarray(inner)  # turned round once, and not for every column
    _, height, channels, width, n = inner.shape
    outputs = columns.outputs(width)
    shape = (groups, height + 2 * rows.padding, columns.kernel, channels, outputs, n)
    new = xp.zeros if rows.padding or columns.padding else xp.empty
    slabs = new(shape, dtype=x.dtype)
    middle = slice(rows.padding, rows.padding + height)
    for k in range(columns.kernel):
        reads, writes = columns.overlap(k, width, outputs)
        slabs[:, middle, k, :, writes, :] = inner[..., reads, :]
    slabs = reshape(slabs, (*shape[:2], columns.kernel * channels, outputs * n))
    return _windows(slabs, rows.outputs(height), rows)


def correlate(windows: Array, weight: Array, groups: int, columns: int) -> Array:
    """Take the products of a kernel (F, C, KH, KW) with all windows: (G, OH, F/G, OW, N)."""
    xp, (f, c, kh, kw) = namespace(weight), weight.shape
    flat = xp.permute_dims(weight, (0, 2, 3, 1))
    flat = reshape(flat, (groups, 1, f // groups, kh * kw * c))
    z = dot_parts(flat, in_parts(windows, f // groups))
    return reshape(z, (*z.shape[:3], columns, -1))


def spread(
    g: Array, weight: Array, rows: Steps, columns: Steps, groups: int, size: tuple[int, int]
) -> Array:
    """Send every number of g (N, F, OH, OW) back to the places that the kernel read it from.

    A row gets the kernel's rows that read it times what came back to their readers; then the
    shifted copies of the columns are added up.
    """
    xp, (_, c, kh, kw), (height, width) = namespace(weight), weight.shape, size
    inner = images(g, groups)
    _, count, units, outputs, n = inner.shape
    inner = reshape(inner, (groups, count, units, outputs * n))
    flipped = xp.flip(reshape(weight, (groups, units, c, kh, kw)), axis=3)
    flipped = reshape(xp.permute_dims(flipped, (0, 4, 2, 3, 1)), (groups, kw * c, kh * units))
    slabs = reshape(_rows_back(flipped, inner, rows, height), (groups, height, kw, c, outputs, n))
    x = xp.zeros((groups, height, c, width, n), dtype=g.dtype)
    for k in range(kw):
        reads, writes = columns.overlap(k, width, outputs)
        x[..., reads, :] += slabs[:, :, k, :, writes, :]
    return x


def _rows_back(flipped: Array, inner: Array, rows: Steps, height: int) -> Array:
    """Give every row of the image the kernel's rows that read it, times what came back for them.

    flipped (G, S, KH U), the kernel upside down, and inner (G, OH, U, M) give (G, H, S, M).
    """
    xp, (groups, count, units, last) = namespace(inner), inner.shape
    if is_numpy(inner):
        slabs = np.empty((groups, height, flipped.shape[1], last), dtype=inner.dtype)
        by_rows = flipped.reshape(groups, -1, rows.kernel, units)
        for i in range(height):
            readers, entries = rows.readers(i, count)
            kernel = by_rows[:, :, entries].reshape(groups, flipped.shape[1], -1)
            back = inner[:, readers].reshape(groups, kernel.shape[2], last)
            dot_parts(kernel, in_parts(back, kernel.shape[1]), out=slabs[:, i])
        return slabs
    # a GPU had rather multiply with zeros between and around the rows than start for each of them
    start = (rows.kernel - 1) * rows.dilation
    padded = xp.zeros((groups, height + 2 * rows.padding + start, units, last), dtype=inner.dtype)
    places = slice(start, start + rows.stride * (count - 1) + 1, rows.stride)
    padded[:, places, ...] = inner
    windows = _windows(padded[:, rows.padding :, ...], height, rows._replace(stride=1))
    return flipped[:, None, ...] @ windows


def outer(windows: Array, g: Array, shape: tuple[int, ...], groups: int) -> Array:
    """Add up, over all places, what the kernel read times what came back: (F, C, KH, KW)."""
    xp, (f, c, kh, kw) = namespace(g), shape
    inner = images(g, groups)
    inner = reshape(inner, (*inner.shape[:3], -1))
    each = dot_rows(windows, inner.mT)  # (G, OH, KH KW C, F/G), the long side first: faster
    total = xp.sum(each, axis=1)
    total = reshape(total, (groups, kh, kw, c, f // groups))
    return reshape(xp.permute_dims(total, (0, 4, 3, 1, 2)), shape)


def total(g: Array) -> Array:
    """Add up g (N, F, OH, OW) over all examples and places: (F,)."""
    xp, inner = namespace(g), images(g, 1)
    inner = reshape(inner, (*inner.shape[1:3], -1))
    ones = xp.ones((inner.shape[-1], 1), dtype=g.dtype)  # a product with them adds faster
    return xp.sum(inner @ ones, axis=(0, 2))  # (9.6)
