"""Normalisation and dropout: what keeps the numbers inside a network in a good range."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnlib.backend import RNG, Array, namespace
from nnlib.tensor import primitive


def _normalised(x: Array, axis: int | tuple[int, ...], eps: float) -> Any:
    """Shift to mean 0 and scale to variance 1 along `axis`; return with it the vjp."""
    xp = namespace(x)

    def mean(a: Array) -> Array:
        return xp.mean(a, axis=axis, keepdims=True)

    n = x - mean(x)
    inverse = 1.0 / xp.sqrt(mean(n * n) + eps)
    n *= inverse

    def vjp(g: Array) -> Array:  # the mean and the variance also depend on x
        return inverse * (g - mean(g) - n * mean(g * n))

    return n, vjp


@primitive
def layer_norm(x: Array, weight: Array, bias: Array, *, eps: float = 1e-5) -> Any:
    """Give each example mean 0 and variance 1 over its features, then scale and shift (11.1).

    Parameters
    ----------
    x : Tensor or array
        The features, one example a row.
    weight, bias : Tensor or array
        The scale and the shift of each feature.
    eps : float, default 1e-5
        Keeps the division finite where all features are equal.

    Returns
    -------
    Tensor
        Of the shape of `x`.

    Notes
    -----
    Shape: x (..., D), weight (D,), bias (D,) give (..., D).

    References
    ----------
    Ba, Kiros, Hinton: Layer normalization. arXiv:1607.06450.

    Examples
    --------
    >>> import numpy as np
    >>> layer_norm(np.array([[1.0, 3.0]]), np.ones(2), np.zeros(2)).data.round(3)
    array([[-1.,  1.]])
    """
    n, vjp = _normalised(x, -1, eps)
    return n * weight + bias, (  # (11.1)
        lambda g: vjp(g * weight),  # (11.2)
        lambda g: g * n,
        lambda g: g,
    )


@primitive
def rms_norm(x: Array, weight: Array, *, eps: float = 1e-6) -> Any:
    """Divide each example by the root of the mean square of its features, then scale (11.3).

    Parameters
    ----------
    x : Tensor or array
        The features, one example a row.
    weight : Tensor or array
        The scale of each feature.
    eps : float, default 1e-6
        Keeps the division finite where all features are 0.

    Returns
    -------
    Tensor
        Of the shape of `x`.

    Notes
    -----
    Shape: x (..., D), weight (D,) give (..., D).

    References
    ----------
    Zhang, Sennrich: Root mean square layer normalization. NeurIPS 2019, equation 4.

    Examples
    --------
    >>> import numpy as np
    >>> rms_norm(np.array([[3.0, 4.0]]), np.ones(2)).data.round(2)
    array([[0.85, 1.13]])
    """
    xp = namespace(x)

    def mean(a: Array) -> Array:
        return xp.mean(a, axis=-1, keepdims=True)

    inverse = 1.0 / xp.sqrt(mean(x * x) + eps)
    n = x * inverse

    def vjp(g: Array) -> Array:  # the mean square also depends on x
        return inverse * (g - n * mean(g * n))

    return n * weight, (  # (11.3)
        lambda g: vjp(g * weight),  # (11.4)
        lambda g: g * n,
    )


@primitive
def batch_norm(x: Array, weight: Array, bias: Array, *, eps: float = 1e-5) -> Any:
    """Give each feature mean 0 and variance 1 over the batch, then scale and shift (9.1).

    The features of images are their channels: they are normalised over all places as well.

    Parameters
    ----------
    x : Tensor or array
        The features, one example a row.
    weight, bias : Tensor or array
        The scale and the shift of each feature.
    eps : float, default 1e-5
        Keeps the division finite where all examples are equal.

    Returns
    -------
    Tensor
        Of the shape of `x`.

    Raises
    ------
    ValueError
        If there is one example only: it has no variance.

    Notes
    -----
    Shape: x (N, D, ...), weight (D,), bias (D,) give (N, D, ...). This is the form for training;
    `nnlib.BatchNorm1d` and `nnlib.BatchNorm2d` also keep the running statistics that evaluation
    uses.

    References
    ----------
    Ioffe, Szegedy: Batch normalization. ICML 2015, algorithm 1.

    Examples
    --------
    >>> import numpy as np
    >>> batch_norm(np.array([[1.0], [3.0]]), np.ones(1), np.zeros(1)).data.round(3)
    array([[-1.],
           [ 1.]])
    """
    if math.prod(x.shape) <= x.shape[1]:
        raise ValueError(
            "batch_norm in training needs at least two examples in a batch to have a variance: "
            "make the batches larger, leave the last one out with batches(..., drop_last=True), "
            "or call model.eval() to use the running statistics"
        )
    xp, axes = namespace(x), (0, *range(2, x.ndim))
    across = (-1, *[1] * (x.ndim - 2))  # one number a channel, at every place
    n, vjp = _normalised(x, axes, eps)
    scale = xp.reshape(weight, across)
    return n * scale + xp.reshape(bias, across), (  # (9.1)
        lambda g: vjp(g * scale),  # (9.2)
        lambda g: xp.sum(g * n, axis=axes),
        lambda g: xp.sum(g, axis=axes),
    )


@primitive
def dropout(x: Array, *, p: float = 0.5, rng: RNG = None) -> Any:
    """Put each number to 0 with probability `p` and scale up the rest (8.1).

    Parameters
    ----------
    x : Tensor or array
        Activations, of any shape.
    p : float, default 0.5
        The probability to drop a number, from 0 up to but not including 1.
    rng : numpy.random.Generator or int, optional
        Where the choice comes from.

    Returns
    -------
    Tensor
        Of the shape of `x`; on average the same numbers.

    Raises
    ------
    ValueError
        If `p` is not a probability below 1.

    Notes
    -----
    The choice is drawn by NumPy on the CPU, so that it is the same on every device.

    References
    ----------
    Srivastava et al.: Dropout. JMLR 2014, section 10 (the scaling, "inverted dropout").

    Examples
    --------
    >>> import numpy as np
    >>> sorted(set(dropout(np.ones(100), p=0.5, rng=0).data.tolist()))
    [0.0, 2.0]
    """
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p is the probability to drop a number, from 0 to below 1, got {p}")
    xp = namespace(x)
    keep = np.random.default_rng(rng).random(x.shape, dtype=np.float32) >= p
    mask = xp.astype(xp.asarray(keep), x.dtype) / (1.0 - p)
    return x * mask, (lambda g: g * mask,)  # (8.1)
