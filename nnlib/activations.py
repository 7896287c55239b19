"""Activations: what a unit does with its weighted sum. Each with its derivative beside it."""

from __future__ import annotations

import math
from typing import Any

from nnlib.backend import Array, is_floating, namespace
from nnlib.tensor import primitive


@primitive
def sigmoid(z: Array) -> Any:
    """Squash any number into (0, 1) (2.1).

    Parameters
    ----------
    z : Tensor or array
        Weighted sums, of any shape.

    Returns
    -------
    Tensor
        Numbers between 0 and 1, of the same shape.

    Notes
    -----
    Computed as ``(1 + tanh(z / 2)) / 2``, which is the same and cannot overflow.

    Examples
    --------
    >>> import numpy as np
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0])).data
    array([0. , 0.5, 1. ])
    """
    a = 0.5 * namespace(z).tanh(0.5 * z) + 0.5  # (2.1)
    return a, (lambda g: g * (a * (1.0 - a)),)  # (2.2)


@primitive
def tanh(z: Array) -> Any:
    """Squash any number into (-1, 1) (2.3).

    Parameters
    ----------
    z : Tensor or array
        Weighted sums, of any shape.

    Returns
    -------
    Tensor
        Numbers between -1 and 1, of the same shape.

    Examples
    --------
    >>> import numpy as np
    >>> tanh(np.array([0.0])).data
    array([0.])
    """
    a = namespace(z).tanh(z)  # (2.3)
    return a, (lambda g: g * (1.0 - a * a),)  # (2.4)


@primitive
def relu(z: Array) -> Any:
    """Keep what is positive, put 0 for the rest (2.5).

    Parameters
    ----------
    z : Tensor or array
        Weighted sums, of any shape.

    Returns
    -------
    Tensor
        ``max(z, 0)``, of the same shape. The derivative at 0 is taken as 0.

    Examples
    --------
    >>> import numpy as np
    >>> relu(np.array([-2.0, 3.0])).data
    array([0., 3.])
    """
    xp = namespace(z)
    a = xp.clip(z, 0, math.inf if is_floating(z) else None)  # (2.5): max(z, 0), but faster
    return a, (lambda g: g * xp.astype(a > 0, g.dtype),)  # (2.6)


@primitive
def leaky_relu(z: Array, *, negative_slope: float = 0.01) -> Any:
    """Keep what is positive, scale down the rest (2.7).

    Parameters
    ----------
    z : Tensor or array
        Weighted sums, of any shape.
    negative_slope : float, default 0.01
        The slope left of 0.

    Returns
    -------
    Tensor
        Of the same shape.

    Examples
    --------
    >>> import numpy as np
    >>> leaky_relu(np.array([-2.0, 3.0])).data
    array([-0.02,  3.  ])
    """
    xp = namespace(z)
    positive = xp.astype(z > 0, z.dtype)
    slope = positive + negative_slope * (1.0 - positive)
    return z * slope, (lambda g: g * slope,)  # (2.7), (2.8)


@primitive
def elu(z: Array, *, alpha: float = 1.0) -> Any:
    """Keep what is positive, let the rest level off at ``-alpha`` (2.9).

    Parameters
    ----------
    z : Tensor or array
        Weighted sums, of any shape.
    alpha : float, default 1.0
        How far below 0 it goes.

    Returns
    -------
    Tensor
        Of the same shape.

    References
    ----------
    Clevert, Unterthiner, Hochreiter: Fast and accurate deep network learning by exponential linear
    units. ICLR 2016.

    Examples
    --------
    >>> import numpy as np
    >>> elu(np.array([-1000.0, 3.0])).data
    array([-1.,  3.])
    """
    xp = namespace(z)
    positive = xp.astype(z > 0, z.dtype)
    below = alpha * xp.expm1(xp.minimum(z, 0.0))
    slope = positive + (below + alpha) * (1.0 - positive)
    return xp.maximum(z, 0.0) + below, (lambda g: g * slope,)  # (2.9), (2.10)


@primitive
def gelu(z: Array) -> Any:
    """Weigh each number by how likely a standard normal is to lie below it (2.11).

    Parameters
    ----------
    z : Tensor or array
        Weighted sums, of any shape.

    Returns
    -------
    Tensor
        Of the same shape.

    Notes
    -----
    The form with tanh that the paper gives and the GPT models use; PyTorch's
    ``gelu(z, approximate="tanh")``. It differs from the exact form by less than 0.001.

    References
    ----------
    Hendrycks, Gimpel: Gaussian error linear units. arXiv:1606.08415, section 2.

    Examples
    --------
    >>> import numpy as np
    >>> gelu(np.array([-10.0, 0.0, 10.0])).data
    array([-0.,  0., 10.])
    """
    c, d = math.sqrt(2 / math.pi), 0.044715
    inner = z * z  # and on in place: room for every product would cost more time than the product
    inner *= c * d
    inner += c
    inner *= z  # c (z + d z^3)
    share = namespace(z).tanh(inner)
    share *= 0.5
    share += 0.5

    def vjp(g: Array) -> Array:
        slope = z * z
        slope *= 6 * c * d
        slope += 2 * c
        slope *= z  # twice z times the derivative of inner
        slope *= share - share * share
        slope += share
        slope *= g  # (2.12)
        return slope

    return z * share, (vjp,)  # (2.11)


@primitive
def silu(z: Array) -> Any:
    """Weigh each number by its own sigmoid, ``z * sigmoid(z)`` (2.13).

    Parameters
    ----------
    z : Tensor or array
        Weighted sums, of any shape.

    Returns
    -------
    Tensor
        Of the same shape.

    Examples
    --------
    >>> import numpy as np
    >>> silu(np.array([0.0, 100.0])).data
    array([  0., 100.])
    """
    s, _ = sigmoid.rule(z)
    return z * s, (lambda g: g * (s + z * s * (1.0 - s)),)  # (2.13), (2.14)


@primitive
def softplus(z: Array) -> Any:
    """Smooth the corner of relu: ``log(1 + exp(z))`` (2.15).

    Parameters
    ----------
    z : Tensor or array
        Weighted sums, of any shape.

    Returns
    -------
    Tensor
        Positive numbers, of the same shape.

    Notes
    -----
    Computed as ``max(z, 0) + log(1 + exp(-|z|))``, which is the same and cannot overflow.

    Examples
    --------
    >>> import numpy as np
    >>> softplus(np.array([0.0, 1000.0])).data.round(4)
    array([6.931e-01, 1.000e+03])
    """
    xp = namespace(z)
    a = xp.maximum(z, 0.0) + xp.log1p(xp.exp(-xp.abs(z)))  # (2.15)
    return a, (lambda g: g * sigmoid.rule(z)[0],)  # (2.16)


@primitive
def softmax(z: Array, *, axis: int = -1) -> Any:
    """Turn scores into probabilities that add up to 1 (2.17).

    Parameters
    ----------
    z : Tensor or array
        Scores.
    axis : int, default -1
        The axis along which the probabilities add up to 1.

    Returns
    -------
    Tensor
        Probabilities, of the same shape.

    Notes
    -----
    The largest score is subtracted first: it changes nothing and keeps exp from overflowing.

    Examples
    --------
    >>> import numpy as np
    >>> softmax(np.array([[1000.0, 1000.0]])).data
    array([[0.5, 0.5]])
    """
    xp = namespace(z)
    e = xp.exp(z - xp.max(z, axis=axis, keepdims=True))
    p = e / xp.sum(e, axis=axis, keepdims=True)  # (2.17)
    return p, (lambda g: p * (g - xp.sum(g * p, axis=axis, keepdims=True)),)  # (2.18)


@primitive
def log_softmax(z: Array, *, axis: int = -1) -> Any:
    """Turn scores into logarithms of probabilities (2.19).

    Parameters
    ----------
    z : Tensor or array
        Scores.
    axis : int, default -1
        The axis along which the probabilities add up to 1.

    Returns
    -------
    Tensor
        Logarithms of probabilities, of the same shape.

    Examples
    --------
    >>> import numpy as np
    >>> log_softmax(np.array([[0.0, -1000.0]])).data
    array([[    0., -1000.]])
    """
    xp = namespace(z)
    shifted = z - xp.max(z, axis=axis, keepdims=True)
    log_p = shifted - xp.log(xp.sum(xp.exp(shifted), axis=axis, keepdims=True))  # (2.19)
    return log_p, (lambda g: g - xp.exp(log_p) * xp.sum(g, axis=axis, keepdims=True),)  # (2.20)
