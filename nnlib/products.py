"""Products of matrices, started the way in which NumPy and its BLAS get through them fastest.

OpenBLAS copies both matrices into an order of its own before it multiplies them. Where one of them
has few rows or few columns, this takes as long as the multiplying. On processors with AVX-512 it
reads small matrices as they lie: so a product that is too large for this is done in parts. ::

    few rows       a (R, K) @ b (K, C)  =  [ a @ b0 | a @ b1 | a @ b2 | a @ b3 ]

    few columns    a (R, K) @ b (K, C)  =  [ a0 @ b ]
                                           [ a1 @ b ]
                                           [ a2 @ b ]
"""

from __future__ import annotations

import functools
import os
from typing import Any

import numpy as np

from nnlib.backend import Array, is_numpy, namespace

# The first two are OpenBLAS's own limits for reading matrices as they lie, from its file
# kernel/x86_64/sgemm_small_kernel_permit_skylakex.c. The others were measured.
LARGEST = 100**3  # rows x inner x columns
LARGEST_RESULT = 1200  # rows x columns, where `b` is a transposed view
FEW = 64
WIDTHS = (64, 32)


def dot(a: Array, b: Array) -> Array:
    """Return ``a @ b`` for a matrix `b`, by the array's own method where it has one.

    It starts sooner than the operator: on small matrices that is half of the time. Leading axes
    are put together, for one large product is faster than many small ones.
    """
    if a.ndim == 0 or not hasattr(a, "dot"):
        return a @ b
    if a.ndim < 3:
        return a.dot(b)
    return a.reshape(-1, a.shape[-1]).dot(b).reshape(*a.shape[:-1], b.shape[-1])


def ones(like: Array, n: int) -> Array:
    """Return `n` ones of the kind of `like`: the product with them is the fastest sum."""
    return _ones(namespace(like), n, like.dtype)


@functools.lru_cache(maxsize=64)
def _ones(xp: Any, n: int, dtype: Any) -> Array:
    return xp.ones(n, dtype=dtype)


def in_parts(b: Array, rows: int) -> Array:
    """View a matrix as the parts of its columns that are multiplied one by one with `rows` rows.

    Parameters
    ----------
    b : array
        A matrix, or a stack of them.
    rows : int
        How many rows the matrix has that it will be multiplied with.

    Returns
    -------
    array
        A view of `b`: one part alone where parts would gain nothing.

    Notes
    -----
    Shape: b (..., K, C) gives (..., P, K, C / P) for P parts.

    Examples
    --------
    >>> in_parts(np.ones((2, 3)), rows=1).shape
    (1, 2, 3)
    """
    if not _gains(b):
        return b[..., None, :, :]
    return _columns(b, _parts_of_columns(rows, *b.shape[-2:]))


def laid_out(b: Array, rows: int) -> Array:
    """Copy a matrix that many products will read: in parts, each of them whole, row by row.

    What is large and goes whole is a view: BLAS will copy it for every product anyway.
    """
    parts = in_parts(b, rows)
    if parts.shape[-3] == 1 and rows * b.shape[-2] * b.shape[-1] > LARGEST:
        return parts
    copy = namespace(b).empty(parts.shape, dtype=b.dtype)
    copy[...] = parts
    return copy


def dot_parts(a: Array, parts: Array, out: Array | None = None) -> Array:
    """Return ``a @ b`` for a `b` that `in_parts` or `laid_out` has split.

    Parameters
    ----------
    a : array
        A matrix of few rows. Leading axes stretch to those of `parts`.
    parts : array
        The parts of `b`.
    out : array, optional
        Where the product goes: one matrix lies whole in it, of a stack at least each row does.

    Returns
    -------
    array
        The product; `out` where it was given.

    Notes
    -----
    Shape: a (..., R, K), parts (..., P, K, C / P) give (..., R, C).

    Examples
    --------
    >>> a, b = np.ones((2, 3)), np.ones((3, 4))
    >>> np.array_equal(dot_parts(a, in_parts(b, rows=2)), a @ b)
    True
    """
    count = parts.shape[-3]
    if count > 1:
        if out is None:
            columns = count * parts.shape[-1]
            out = np.empty((*parts.shape[:-3], a.shape[-2], columns), dtype=parts.dtype)
        np.matmul(a[..., None, :, :], parts, out=_columns(out, count))
        return out
    b = parts[..., 0, :, :]
    if out is None:
        return dot(a, b) if b.ndim == 2 else a @ b
    if is_numpy(out):
        return a.dot(b, out) if b.ndim == 2 else np.matmul(a, b, out=out)
    out[...] = a @ b
    return out


def dot_rows(a: Array, b: Array) -> Array:
    """Return ``a @ b`` for a transposed view `b` of few columns.

    Notes
    -----
    Shape: a (..., R, K), b (..., K, C) give (..., R, C).

    Examples
    --------
    >>> a, b = np.ones((2, 3)), np.ones((4, 3)).T
    >>> np.array_equal(dot_rows(a, b), a @ b)
    True
    """
    rows, inner = a.shape[-2:]
    parts = _parts_of_rows(rows, inner, b.shape[-1]) if _gains(a) and _gains(b) else 1
    if parts == 1:
        return a @ b
    product = a.reshape(*a.shape[:-2], parts, rows // parts, inner) @ b[..., None, :, :]
    return product.reshape(*product.shape[:-3], rows, b.shape[-1])


@functools.cache
def _reads_as_they_lie() -> bool:
    """Say whether NumPy's BLAS reads small matrices as they lie."""
    built: Any = np.show_config(mode="dicts")
    blas = built.get("Build Dependencies", {}).get("blas", {}).get("name", "")
    found = built.get("SIMD Extensions", {}).get("found", [])
    kernels = os.environ.get("OPENBLAS_CORETYPE", "skylakex").lower()
    return (
        "openblas" in blas
        and not {"AVX512_SKX", "X86_V4"}.isdisjoint(found)
        and kernels in ("skylakex", "cooperlake", "sapphirerapids")
    )


def _gains(x: Array) -> bool:
    """Say whether parts gain anything for such an array: for float64 they do not."""
    return _reads_as_they_lie() and is_numpy(x) and x.dtype.char == "f"


@functools.lru_cache(maxsize=1024)
def _parts_of_columns(rows: int, inner: int, columns: int) -> int:
    if not 1 < rows <= FEW or rows * inner * columns <= LARGEST:
        return 1
    widths = (w for w in WIDTHS if rows * inner * w <= LARGEST and columns % w == 0)
    return columns // next(widths, columns)


@functools.lru_cache(maxsize=1024)
def _parts_of_rows(rows: int, inner: int, columns: int) -> int:
    if not 1 < columns <= FEW:
        return 1
    parts = (p for p in range(1, rows) if rows % p == 0)
    results = ((p, rows // p * columns) for p in parts)
    good = (p for p, size in results if size <= LARGEST_RESULT and size * inner <= LARGEST)
    return next(good, 1)


def _columns(x: Array, parts: int) -> Array:
    """View (..., R, C) as (..., parts, R, C / parts)."""
    return x.reshape(*x.shape[:-1], parts, x.shape[-1] // parts).swapaxes(-2, -3)
