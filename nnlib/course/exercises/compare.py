"""Compare a learner's results with the expected ones, whatever they are handed over in.

Results are laid out as a mapping from a name to an array or a string: one nameless entry for a
single result, one entry each for a tuple or a dict. What cannot be laid out raises `Unfit`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

# The relative error that the number format itself brings, over a computation of a few steps.
PRECISION = {"float16": 1e-2, "float32": 1e-4}


class Unfit(Exception):
    """A result that is not numbers of the expected kind; its text says what was found."""


def pending(value: Any) -> bool:
    """Whether a value stands for something still to be written."""
    return value is None or value is Ellipsis or (isinstance(value, str) and value in ("", "..."))


def snapshot(value: Any) -> Any:
    """Copy a result, with Tensors as arrays, so that later calls cannot change it."""
    if type(value) in (tuple, list):
        return type(value)(snapshot(item) for item in value)
    if isinstance(value, Mapping):
        return {key: snapshot(item) for key, item in value.items()}
    if hasattr(value, "detach") and hasattr(value, "numpy"):
        value = value.detach().numpy()
    return value.copy() if isinstance(value, np.ndarray) else value


def unchanged(before: Any, after: Any) -> bool:
    """Whether an argument still holds what it held before the call."""
    before, after = (x.data if hasattr(x, "requires_grad") else x for x in (before, after))
    if isinstance(before, np.ndarray):
        if not isinstance(after, np.ndarray) or before.dtype != after.dtype:
            return False
        inexact = np.issubdtype(before.dtype, np.inexact)
        return bool(np.array_equal(before, after, equal_nan=inexact))
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(unchanged, before, after))
    if isinstance(before, dict):
        same_keys = before.keys() == after.keys()
        return same_keys and all(unchanged(before[key], after[key]) for key in before)
    return True


def parts(value: Any, like: Any, names: Sequence[str] = ()) -> dict[str, Any]:
    """Lay a result out by name, in the structure of the expected one."""
    if isinstance(like, Mapping):
        if not isinstance(value, Mapping):
            raise Unfit(f"A dict with the keys {', '.join(map(str, like))} is expected.")
        missing, extra = [k for k in like if k not in value], [k for k in value if k not in like]
        if missing or extra:
            said = [f"missing: {', '.join(map(str, missing))}"] if missing else []
            said += [f"unexpected: {', '.join(map(str, extra))}"] if extra else []
            raise Unfit(f"The keys do not match; {'; '.join(said)}.")
        return {str(key): value[key] for key in like}
    if isinstance(like, tuple):
        labels = list(names) or [f"result {i + 1}" for i in range(len(like))]
        if not isinstance(value, tuple | list):
            raise Unfit(f"{len(like)} results are expected, in this order: {', '.join(labels)}.")
        if len(value) != len(like):
            raise Unfit(
                f"{len(like)} results are expected, in this order: {', '.join(labels)}; "
                f"there are {len(value)}."
            )
        return dict(zip(labels, value, strict=True))
    return {names[0] if len(names) == 1 else "": value}


def numbers(value: Any) -> Any:
    """Turn one result into an array of real numbers."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise Unfit("The rows have different lengths, so they make no array.") from None
    if array.dtype.kind in "biuf":
        return array
    if array.dtype.kind == "c":
        raise Unfit("Complex numbers came out where real ones are expected.")
    if isinstance(value, str):
        raise Unfit("A string came out where numbers are expected.")
    raise Unfit(
        f"Numbers are expected; this is {kind_of(value)}. An array that holds other things than "
        "numbers often comes from `...`, None or rows of different lengths."
    )


def numeric(value: Any) -> bool:
    """Whether a result is made of real numbers."""
    try:
        numbers(value)
    except Unfit:
        return False
    return True


def kind_of(value: Any) -> str:
    """Name a value's type, and its dtype where it has one."""
    dtype = getattr(value, "dtype", None)
    return type(value).__name__ + ("" if dtype is None else f" of dtype {dtype}")


def close(mine: Any, right: Any, tolerance: float) -> bool:
    """Whether two results agree: strings up to case and spaces, numbers to the tolerance."""
    if isinstance(right, str) or isinstance(mine, str):
        return bool(_folded(mine) == _folded(right))
    mine, right = np.asarray(mine), np.asarray(right)
    if mine.shape != right.shape:
        return False
    tolerance = max(tolerance, PRECISION.get(mine.dtype.name, 0.0))
    finite = np.abs(right[np.isfinite(right)])
    scale = min(1.0, max(float(finite.max(initial=0.0)), 1e-6))
    return bool(np.allclose(mine, right, rtol=tolerance, atol=tolerance * scale, equal_nan=True))


def _folded(value: Any) -> Any:
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def alike(a: Any, b: Any, tolerance: float) -> bool:
    """Whether two results are the same whatever they are: the test for a misconception.

    Of several results in `a`, those still to be written agree with anything.
    """
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(
            pending(a[k]) or alike(a[k], b[k], tolerance) for k in a
        )
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(
            pending(x) or alike(x, y, tolerance) for x, y in zip(a, b, strict=True)
        )
    try:
        return close(numbers(a), numbers(b), tolerance)
    except Unfit:
        return type(a) is type(b) and isinstance(a, str) and _folded(a) == _folded(b)


def agreement(mine: Any, right: Any, tolerance: float) -> str:
    """One line of a report: exact (to rounding), close, or how far off."""
    if isinstance(right, str):
        return "right" if close(mine, right, tolerance) else "not yet"
    if np.shape(mine) != np.shape(right):
        return f"shape {np.shape(mine)}, expected {np.shape(right)}"
    if close(mine, right, 1e-12) and np.asarray(mine).dtype.name not in PRECISION:
        return "exact"
    if close(mine, right, tolerance):
        return "close"
    return f"off by at most {np.max(np.abs(np.asarray(mine) - np.asarray(right))):.3g}"


def show(value: Any) -> str:
    """Print a value on one line, shortened, the same on every machine."""
    if callable(value) and not hasattr(value, "dtype"):
        name = getattr(value, "__name__", type(value).__name__)
        return "a function" if name == "<lambda>" else name
    if isinstance(value, list | tuple):
        inside = ", ".join(map(show, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {show(item)}" for key, item in value.items()) + "}"
    if hasattr(value, "requires_grad"):
        value = value.data
    if isinstance(value, np.ndarray | np.generic | float):
        array = np.asarray(value)
        text = np.array2string(
            array, precision=6, suppress_small=True, threshold=24, separator=", "
        )
        return " ".join(text.split()).replace("[ ", "[")
    return repr(value) if isinstance(value, str | int | bool | None) else type(value).__name__


def size(value: Any) -> int:
    """How much there is to read in an argument."""
    if isinstance(value, list | tuple):
        return sum(map(size, value))
    if isinstance(value, Mapping):
        return sum(map(size, value.values()))
    return int(np.size(value)) if not callable(value) else 0
