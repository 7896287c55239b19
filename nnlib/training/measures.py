"""How many predictions are right, and which class was taken for which."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib.backend import Array, is_floating, is_numpy, namespace
from nnlib.backend import numpy as to_numpy
from nnlib.tensor import Tensor


def accuracy(outputs: Any, targets: Any) -> Any:
    """Return the share of examples whose class is predicted right (7.2).

    Parameters
    ----------
    outputs : Tensor or array of float
        Logits: one for each class, of which the largest wins, or one in all, of which the sign
        decides between the classes 0 and 1.
    targets : array
        The true classes, as indices.

    Returns
    -------
    float
        From 0 to 1. On a GPU it is an array without axes, so that nothing has to wait for it.

    Raises
    ------
    ValueError, TypeError
        If the shapes do not belong together, or the targets are no classes.

    Notes
    -----
    Shape: outputs (..., K) with targets (...); outputs (N, 1) or (N,) with targets (N, 1) or (N,).

    Examples
    --------
    >>> accuracy(np.array([[2.0, 1.0], [0.0, 3.0], [1.0, 0.0]]), np.array([0, 1, 1]))
    0.6666666666666666
    >>> accuracy(np.array([[-1.0], [2.0]]), np.array([0, 1]))
    1.0
    """
    z, t = array_of(outputs), array_of(targets)
    xp = namespace(z)
    if not is_floating(z):
        raise TypeError(
            f"accuracy takes logits, got outputs of {z.dtype}. For classes that are predicted "
            "already, write (predictions == targets).mean()"
        )
    if z.ndim == 1 or z.shape[-1] == 1:
        if t.shape not in (z.shape, z.shape[:-1], (*z.shape, 1)):
            raise ValueError(
                f"accuracy: one logit for each example, {z.shape}, needs one target for each, got "
                f"{t.shape}"
            )
        t = xp.reshape(t, z.shape)
        if is_numpy(t) and not ((t == 0) | (t == 1)).all():
            raise ValueError(
                f"accuracy: one logit decides between the classes 0 and 1, got targets from "
                f"{t.min()} to {t.max()}. For more classes the model needs an output for each"
            )
        right = (z > 0) == (t == 1)
    else:
        if t.shape != z.shape[:-1]:
            one_hot = ": take targets.argmax(axis=-1) if they are one-hot" * (t.shape == z.shape)
            raise ValueError(
                f"accuracy: outputs {z.shape}, one for each class, need targets "
                f"{z.shape[:-1]}, the index of the class, got {t.shape}{one_hot}"
            )
        if is_floating(t):
            raise TypeError(f"accuracy: the targets are indices of classes, got {t.dtype}")
        right = xp.argmax(z, axis=-1) == t
    share = xp.mean(xp.astype(right, xp.float64))  # (7.2)
    return float(share) if is_numpy(share) else share


def confusion_matrix(
    targets: Any, predictions: Any, classes: int | None = None
) -> np.ndarray[Any, Any]:
    """Count which class was taken for which.

    Parameters
    ----------
    targets : array_like of int
        The true classes, as indices.
    predictions : array_like of int
        The predicted classes, such as ``model(X).argmax(axis=1)``.
    classes : int, optional
        How many classes there are; by default up to the largest index found.

    Returns
    -------
    numpy.ndarray of int64
        In row i and column j the number of examples of class i that were taken for class j. The
        diagonal counts those that are right.

    Raises
    ------
    ValueError, TypeError
        If these are not two lists of class indices of one length.

    Notes
    -----
    Shape: targets (N,), predictions (N,) give (classes, classes).

    Examples
    --------
    >>> confusion_matrix([0, 0, 1, 2], [0, 1, 1, 2])
    array([[1, 1, 0],
           [0, 1, 0],
           [0, 0, 1]])
    """
    true, taken = (to_numpy(array_of(a)) for a in (targets, predictions))
    if true.shape != taken.shape or true.ndim != 1 or not true.size:
        raise ValueError(
            f"confusion_matrix: targets and predictions have one shape (N,) with N > 0, got "
            f"{true.shape} and {taken.shape}. From logits, take logits.argmax(axis=1)"
        )
    if true.dtype.kind not in "iu" or taken.dtype.kind not in "iu":
        raise TypeError(
            f"confusion_matrix: classes are whole numbers, got {true.dtype} and {taken.dtype}"
        )
    low, high = min(true.min(), taken.min()), max(true.max(), taken.max())
    if classes is None:
        classes = int(high) + 1
    if low < 0 or high >= classes:
        raise ValueError(
            f"confusion_matrix: with {classes} classes the indices run from 0 to {classes - 1}, "
            f"got indices from {low} to {high}"
        )
    pairs = true.astype(np.int64) * classes + taken.astype(np.int64)
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def array_of(x: Any) -> Array:
    """Return the array of a tensor, and anything else as an array."""
    if isinstance(x, Tensor):
        return x.data
    return x if hasattr(x, "shape") else np.asarray(x)
