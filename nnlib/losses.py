"""Losses: one number that says how far outputs are from targets. Each with its derivative.

Every loss averages by default; ``reduction="sum"`` adds up and ``"none"`` leaves one loss for each
number or example. Outputs and targets must have one shape: broadcasting (N,) against (N, 1) would
compare everything with everything, in silence.
"""

from __future__ import annotations

from typing import Any

from nnlib.backend import Array, describe, is_floating, is_numpy, namespace, reduce
from nnlib.products import dot, ones
from nnlib.tensor import VJP, primitive


def _check_pair(outputs: Array, targets: Array) -> None:
    if outputs.shape != targets.shape:
        a, b = tuple(outputs.shape), tuple(targets.shape)
        way_out = "Reshape one of them"
        if {a, b} == {a[:1], (*a[:1], 1)}:
            way_out = "Write targets[:, None] or outputs[:, 0], whichever makes both one shape"
        raise ValueError(
            f"outputs have shape {a} and targets {b}: a loss compares one with one, so the shapes "
            f"must be the same. {way_out}"
        )
    if targets.dtype != outputs.dtype and not is_floating(targets):
        raise TypeError(
            f"this loss takes targets that are floating-point numbers, got {describe(targets)}: "
            "write targets.astype(outputs.dtype)"
        )


def _reduced(losses: Array, reduction: str) -> tuple[Array, VJP]:
    """Reduce losses, and return how the gradient that arrives spreads back over them."""
    if reduction == "none":
        return losses, lambda g: g
    if reduction == "sum":
        return reduce("sum", losses), lambda g: g
    if reduction == "mean":
        n = losses.size
        return reduce("sum", losses) / n, lambda g: g / n
    raise ValueError(f"unknown reduction {reduction!r}: 'mean', 'sum' or 'none'")


@primitive
def mse_loss(outputs: Array, targets: Array, *, reduction: str = "mean") -> Any:
    """Mean squared error (4.1).

    Parameters
    ----------
    outputs, targets : Tensor or array
        What the network says and what it should say, of one shape.
    reduction : {"mean", "sum", "none"}
        What to do with the losses.

    Returns
    -------
    Tensor
        The loss, one number unless `reduction` is "none".

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    Shape: both (N, K) or any other, and the same.

    Examples
    --------
    >>> import numpy as np
    >>> mse_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0])).item()
    2.0
    """
    _check_pair(outputs, targets)
    r = outputs - targets
    loss, spread = _reduced(r * r, reduction)  # (4.1)
    return loss, (
        lambda g: spread(g) * (2.0 * r),  # (4.2)
        lambda g: spread(g) * (-2.0 * r),
    )


@primitive
def l1_loss(outputs: Array, targets: Array, *, reduction: str = "mean") -> Any:
    """Mean absolute error (4.3).

    Parameters
    ----------
    outputs, targets : Tensor or array
        What the network says and what it should say, of one shape.
    reduction : {"mean", "sum", "none"}
        What to do with the losses.

    Returns
    -------
    Tensor
        The loss, one number unless `reduction` is "none".

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> import numpy as np
    >>> l1_loss(np.array([1.0, 2.0]), np.array([1.0, 4.0])).item()
    1.0
    """
    _check_pair(outputs, targets)
    xp, r = namespace(outputs), outputs - targets
    loss, spread = _reduced(xp.abs(r), reduction)  # (4.3)
    return loss, (
        lambda g: spread(g) * xp.sign(r),  # (4.4)
        lambda g: spread(g) * -xp.sign(r),
    )


@primitive
def huber_loss(
    outputs: Array, targets: Array, *, delta: float = 1.0, reduction: str = "mean"
) -> Any:
    """Squared error near 0, absolute error further out: outliers pull less (4.5).

    Parameters
    ----------
    outputs, targets : Tensor or array
        What the network says and what it should say, of one shape.
    delta : float, default 1.0
        Where the square ends and the straight line begins.
    reduction : {"mean", "sum", "none"}
        What to do with the losses.

    Returns
    -------
    Tensor
        The loss, one number unless `reduction` is "none".

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    Huber: Robust estimation of a location parameter. Annals of Mathematical Statistics, 1964.

    Examples
    --------
    >>> import numpy as np
    >>> huber_loss(np.array([0.0, 3.0]), np.array([0.5, 0.0]), reduction="none").data
    array([0.125, 2.5  ])
    """
    _check_pair(outputs, targets)
    xp, r = namespace(outputs), outputs - targets
    near = xp.minimum(xp.abs(r), delta)
    loss, spread = _reduced(near * (xp.abs(r) - 0.5 * near), reduction)  # (4.5)
    return loss, (
        lambda g: spread(g) * (xp.sign(r) * near),  # (4.6)
        lambda g: spread(g) * (-xp.sign(r) * near),
    )


@primitive
def cross_entropy(logits: Array, targets: Array, *, reduction: str = "mean") -> Any:
    """Cross-entropy of the softmax of logits against class numbers (4.7).

    Parameters
    ----------
    logits : Tensor or array
        One row of scores for each example, one column a class.
    targets : array of int
        The number of the right class for each example.
    reduction : {"mean", "sum", "none"}
        What to do with the losses.

    Returns
    -------
    Tensor
        The loss, one number unless `reduction` is "none".

    Raises
    ------
    TypeError
        If the targets are not integers.
    ValueError
        If the shapes do not fit or a class number is out of range.

    Notes
    -----
    Shape: logits (N, K), targets (N,). The softmax is part of the loss: pass scores, not
    probabilities. A network that knows nothing has a loss of log K.

    Examples
    --------
    >>> import numpy as np
    >>> round(cross_entropy(np.zeros((2, 10)), np.array([3, 7])).item(), 4)
    2.3026
    """
    xp = namespace(logits)
    _check_classes(logits, targets)
    one = ones(logits, logits.shape[1])
    shifted = logits - reduce("max", logits, axis=1, keepdims=True)  # so that exp cannot overflow
    e = xp.exp(shifted)
    total = dot(e, one)
    one_hot = xp.astype(targets[:, None] == xp.arange(logits.shape[1]), logits.dtype)
    losses = xp.log(total) - dot(shifted * one_hot, one)  # (4.7)
    if not is_numpy(targets):  # asking a GPU would stop it: a class number out of range gives inf
        losses = losses / dot(one_hot, one)
    loss, spread = _reduced(losses, reduction)
    return loss, (lambda g: (e / total[:, None] - one_hot) * spread(g)[..., None],)  # (4.8)


def _check_classes(logits: Array, targets: Array) -> None:
    if logits.ndim != 2:
        raise ValueError(
            f"logits must have shape (N, K), one row an example, got {tuple(logits.shape)}"
        )
    n, k = logits.shape
    if targets.shape == logits.shape:
        raise ValueError(
            f"targets have the shape of the logits, {(n, k)}: cross_entropy takes one class "
            "number for each example. From one-hot rows, write targets.argmax(axis=1)"
        )
    if tuple(targets.shape) != (n,):
        raise ValueError(
            f"targets must have shape ({n},), one class number for each row of the logits "
            f"{(n, k)}, got {tuple(targets.shape)}"
        )
    if is_floating(targets):
        raise TypeError(
            f"targets must be class numbers, that is integers, got {describe(targets)}: "
            "write targets.astype(int)"
        )
    if is_numpy(targets) and n:
        low, high = targets.min(), targets.max()
        if low < 0 or high >= k:
            raise ValueError(
                f"class numbers must lie from 0 to {k - 1}, for {k} columns of logits: "
                f"these run from {low} to {high}"
            )


@primitive
def binary_cross_entropy_with_logits(
    logits: Array, targets: Array, *, reduction: str = "mean"
) -> Any:
    """Cross-entropy of the sigmoid of logits against 0 or 1 (4.9).

    Parameters
    ----------
    logits : Tensor or array
        Scores; positive speaks for 1.
    targets : Tensor or array
        0 or 1, or a probability between, of the same shape and as floating-point numbers.
    reduction : {"mean", "sum", "none"}
        What to do with the losses.

    Returns
    -------
    Tensor
        The loss, one number unless `reduction` is "none".

    Raises
    ------
    ValueError
        If the shapes differ.
    TypeError
        If the targets are integers.

    Notes
    -----
    Shape: both (N, 1) or any other, and the same. Computed as
    ``max(z, 0) - z y + log(1 + exp(-|z|))``, which cannot overflow.

    Examples
    --------
    >>> import numpy as np
    >>> loss = binary_cross_entropy_with_logits(np.array([[1000.0]]), np.array([[0.0]]))
    >>> loss.item()
    1000.0
    """
    _check_pair(logits, targets)
    xp, z, y = namespace(logits), logits, targets
    losses = xp.maximum(z, 0.0) - z * y + xp.log1p(xp.exp(-xp.abs(z)))
    loss, spread = _reduced(losses, reduction)  # (4.9)
    return loss, (
        lambda g: spread(g) * ((0.5 * xp.tanh(0.5 * z) + 0.5) - y),  # (4.10)
        lambda g: spread(g) * -z,
    )
