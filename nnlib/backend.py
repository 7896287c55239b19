"""Where arrays live: the library of an array, and the ways to move one.

There is no global switch. An array's own type says which library computes with it: `numpy.ndarray`
on the CPU, `cupy.ndarray` on a GPU. Nothing here or elsewhere moves an array unless it is asked to.
CuPy is imported when an array is first sent to ``"cuda"``, and by no other file.
"""

from __future__ import annotations

import functools
import os
import sys
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = Any
"""A raw array of any library: `numpy.ndarray`, `cupy.ndarray` or another of the array API."""

RNG: TypeAlias = np.random.Generator | int | None
"""What an ``rng=`` keyword takes: a NumPy generator, a seed, or None for fresh randomness."""

# The C library of Linux hands memory that is freed back to the system, and the next training step
# has to ask for it again page by page, which for images takes longer than the computing. It keeps
# what is smaller than the largest block it has ever seen freed, up to 32 MiB: so one is freed here.
np.empty(31 << 20, dtype=np.uint8)


@functools.cache
def _library(cls: Any) -> ModuleType:
    return sys.modules[cls.__module__.partition(".")[0]]


def namespace(x: Array) -> Any:
    """Return the library that computes with an array.

    Parameters
    ----------
    x : array
        An array, or a scalar that an array library returned.

    Returns
    -------
    module
        The top-level module of the array's type: `numpy`, `cupy`, `array_api_strict`.

    Examples
    --------
    >>> import numpy as np
    >>> namespace(np.ones(3)).__name__
    'numpy'
    """
    cls: Any = type(x)
    return _library(cls)


def is_numpy(x: Array) -> bool:
    """Say whether reading a value of `x` costs nothing, as it does for NumPy alone."""
    return namespace(x) is np


def is_floating(x: Array) -> bool:
    """Say whether an array holds floating-point numbers, the only kind with a derivative."""
    return _is_floating(namespace(x), x.dtype)


@functools.cache
def _is_floating(_: Any, dtype: Any) -> bool:  # by library: their dtypes refuse to be compared
    return "float" in str(dtype)  # every library writes it so; not all have a function to ask


def check_dtypes(what: str, x: Any, weight: Any) -> None:
    """Refuse an input of another kind of number than the weight; `what` says what it is."""
    if x.dtype != weight.dtype:
        raise TypeError(
            f"{what} {x.dtype} and the weight {weight.dtype}: make them one kind of number, for "
            f"example with x.astype(np.{str(weight.dtype).rpartition('.')[-1]})"
        )


def reduce(name: str, x: Array, **options: Any) -> Array:
    """Return the sum, max or argmax of an array, by its own method where it has one."""
    own = getattr(x, name, None)  # NumPy's methods start in half the time of its functions
    return own(**options) if own else getattr(namespace(x), name)(x, **options)


def reshape(x: Array, shape: tuple[int, ...]) -> Array:
    """Return an array in another shape, by its own method where it has one."""
    own = getattr(x, "reshape", None)
    return own(shape) if own else namespace(x).reshape(x, shape)


def describe(x: Any) -> str:
    """Put an operand into words for an error message.

    Parameters
    ----------
    x : array or object
        Anything that was passed to an operation.

    Returns
    -------
    str
        The dtype, shape and library of an array; the `repr` of anything else.

    Examples
    --------
    >>> import numpy as np
    >>> describe(np.ones((64, 784), dtype=np.float32))
    'float32[64, 784] in numpy'
    >>> describe(0.5)
    '0.5'
    """
    if hasattr(x, "shape") and hasattr(x, "dtype"):
        return f"{x.dtype}{list(x.shape)} in {namespace(x).__name__}"
    return repr(x)


def _cupy() -> Any:
    try:
        import cupy  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError as error:
        raise RuntimeError(
            "no CUDA device: CuPy is not installed. Install it with "
            "pip install 'cupy-cuda13x[ctk]', or use the device 'cpu'"
        ) from error
    try:
        count = cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        raise RuntimeError(
            f"no CUDA device: CuPy is installed, but the driver answers: {error}. "
            "Use the device 'cpu'"
        ) from error
    if count == 0:
        raise RuntimeError("no CUDA device: none is visible. Use the device 'cpu'")
    return cupy


def default_device() -> str:
    """Return the device to compute on here.

    Returns
    -------
    str
        The environment variable ``NNLIB_DEVICE`` where it is set, else ``"cuda"`` where CuPy is
        installed and a GPU answers, else ``"cpu"``.

    Examples
    --------
    >>> default_device() in ("cpu", "cuda")
    True
    """
    chosen = os.environ.get("NNLIB_DEVICE")
    if chosen:
        return _checked(chosen)
    try:
        _cupy()
    except RuntimeError:
        return "cpu"
    return "cuda"


def _checked(device: str) -> str:
    if device not in ("cpu", "cuda"):
        raise ValueError(f"unknown device {device!r}: nnlib knows 'cpu' and 'cuda'")
    return device


def device_of(x: Array) -> str:
    """Return the device on which an array lives, ``"cpu"`` or ``"cuda"``."""
    return "cuda" if namespace(x).__name__ == "cupy" else "cpu"


def to(x: Array, device: str) -> Array:
    """Move an array to a device; an array that is already there is returned as it is.

    Parameters
    ----------
    x : array
        The array to move, of any shape.
    device : {"cpu", "cuda"}
        Where to.

    Returns
    -------
    array
        The same numbers, shape and dtype: a `numpy.ndarray` or a `cupy.ndarray`.

    Raises
    ------
    ValueError
        If the device is unknown.
    RuntimeError
        If ``"cuda"`` is asked for and there is no CuPy or no GPU.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.ones(3)
    >>> to(x, "cpu") is x
    True
    """
    if device_of(x) == _checked(device):
        return x
    return _cupy().asarray(x) if device == "cuda" else x.get()


def numpy(x: Array) -> np.ndarray[Any, Any]:
    """Return an array as a NumPy array on the CPU, moving it from a GPU where needed.

    Examples
    --------
    >>> numpy([1, 2, 3])
    array([1, 2, 3])
    """
    return np.asarray(x.get() if device_of(x) == "cuda" else x)


def scatter_add(x: Array, index: Any, values: Array) -> None:
    """Add `values` into `x` at `index`, in place, counting every repetition of an index.

    ``x[index] += values`` would count an index that occurs twice once only.
    """
    xp = namespace(x)
    if is_numpy(x) and _few_rows(x, index, values):
        _add_rows(x, index, values)
    elif hasattr(xp, "add") and hasattr(xp.add, "at"):
        xp.add.at(x, index, values)
    else:  # a library of the bare array standard has no such operation: do it in NumPy
        total = np.zeros(x.shape, dtype=str(x.dtype).rpartition(".")[-1])
        np.add.at(total, index, np.asarray(values))
        x += xp.asarray(total)


def _few_rows(x: Array, index: Any, values: Array) -> bool:
    """Say whether so much is added to so few rows that one sum a row is the faster way."""
    whole = isinstance(index, np.ndarray) and index.dtype.kind in "iu"
    return whole and x.ndim > 1 and values.size > 512 * len(x)


def _add_rows(x: Array, index: Array, values: Array) -> None:
    """Add the sum of all rows for a place at once: `np.add.at` goes number by number."""
    order = np.argsort(index, axis=None, kind="stable")
    rows = values.reshape(index.size, *x.shape[1:])[order]
    places, starts = np.unique(index.reshape(-1)[order], return_index=True)
    for place, together in zip(places, np.split(rows, starts[1:]), strict=True):
        x[place] += together.sum(axis=0)
