"""Layers that normalise, with the scale and the shift that they learn."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from nnlib import normalisation as norms
from nnlib.backend import check_dtypes, namespace
from nnlib.module import Module, Parameter, check_sizes
from nnlib.tensor import Tensor


def _check_features(layer: Module, x: Any, axis: int, weight: Tensor) -> None:
    """Refuse what NumPy would stretch or convert in silence."""
    if len(x.shape) < 1 or x.shape[axis] != weight.size:
        raise ValueError(
            f"{layer!r} takes arrays with {weight.size} features along axis {axis}, got the shape "
            f"{tuple(x.shape)}"
        )
    check_dtypes("the input is", x, weight)


class LayerNorm(Module):
    """Normalise each example over its features, then scale and shift (11.1).

    Parameters
    ----------
    normalized_shape : int
        How many features there are: the length of the last axis.
    eps : float, default 1e-5
        Keeps the division finite.
    dtype : dtype, default float32
        The kind of number.

    Notes
    -----
    Shape: (..., D) gives (..., D); weight (D,), bias (D,).

    Examples
    --------
    >>> import numpy as np
    >>> LayerNorm(2)(np.array([[1.0, 3.0]], dtype=np.float32)).data.round(3)
    array([[-1.,  1.]], dtype=float32)
    """

    def __init__(self, normalized_shape: int, eps: float = 1e-5, *, dtype: Any = np.float32):
        check_sizes(normalized_shape=normalized_shape)
        self.weight = Parameter(np.ones(normalized_shape, dtype=dtype))
        self.bias = Parameter(np.zeros(normalized_shape, dtype=dtype))
        self.eps = eps

    def forward(self, x: Any) -> Tensor:
        """Normalise the last axis."""
        _check_features(self, x, -1, self.weight)
        return norms.layer_norm(x, self.weight, self.bias, eps=self.eps)

    def extra_repr(self) -> str:
        """Show the size."""
        return f"{self.weight.shape[0]}"


class RMSNorm(Module):
    """Divide each example by the root of its mean square, then scale (11.3).

    Parameters
    ----------
    normalized_shape : int
        How many features there are.
    eps : float, optional
        Keeps the division finite; the smallest step from 1 of the kind of number if not given.
    dtype : dtype, default float32
        The kind of number.

    Notes
    -----
    Shape: (..., D) gives (..., D); weight (D,).

    Examples
    --------
    >>> import numpy as np
    >>> RMSNorm(2)(np.array([[3.0, 4.0]], dtype=np.float32)).data.round(2)
    array([[0.85, 1.13]], dtype=float32)
    """

    def __init__(
        self, normalized_shape: int, eps: float | None = None, *, dtype: Any = np.float32
    ) -> None:
        check_sizes(normalized_shape=normalized_shape)
        self.weight = Parameter(np.ones(normalized_shape, dtype=dtype))
        self.eps = float(np.finfo(dtype).eps) if eps is None else eps

    def forward(self, x: Any) -> Tensor:
        """Normalise the last axis."""
        _check_features(self, x, -1, self.weight)
        return norms.rms_norm(x, self.weight, eps=self.eps)

    def extra_repr(self) -> str:
        """Show the size."""
        return f"{self.weight.shape[0]}"


class _BatchNorm(Module):
    """What the batch normalisations share: running statistics beside those of the batch."""

    axes: ClassVar[tuple[int, ...]]

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        *,
        dtype: Any = np.float32,
    ) -> None:
        check_sizes(num_features=num_features)
        self.weight = Parameter(np.ones(num_features, dtype=dtype))
        self.bias = Parameter(np.zeros(num_features, dtype=dtype))
        self.running_mean = Tensor(np.zeros(num_features, dtype=dtype))
        self.running_var = Tensor(np.ones(num_features, dtype=dtype))
        self.num_batches_tracked = Tensor(np.array(0))
        self.eps, self.momentum = eps, momentum

    def forward(self, x: Any) -> Tensor:
        """Normalise over the batch, or in evaluation by the running statistics."""
        if len(x.shape) != len(self.axes) + 1:
            raise ValueError(
                f"{type(self).__name__} takes an array of {len(self.axes) + 1} axes, got the shape "
                f"{tuple(x.shape)}"
            )
        _check_features(self, x, 1, self.weight)
        if not self.training:
            scale = self.weight / (self.running_var + self.eps).sqrt()
            shift = self.bias - self.running_mean * scale
            across = (-1, *[1] * (len(self.axes) - 1))
            evaluated: Tensor = x * scale.reshape(*across) + shift.reshape(*across)
            return evaluated
        output = norms.batch_norm(x, self.weight, self.bias, eps=self.eps)
        batch = x.data if isinstance(x, Tensor) else x
        xp, m = namespace(batch), self.momentum
        n = math.prod(batch.shape) // batch.shape[1]
        mean = xp.mean(batch, axis=self.axes)
        variance = xp.var(batch, axis=self.axes) * (n / (n - 1))  # of the population, as in PyTorch
        self.running_mean.data = (1 - m) * self.running_mean.data + m * mean
        self.running_var.data = (1 - m) * self.running_var.data + m * variance
        self.num_batches_tracked.data += 1  # in place: a sum without axes would be a bare number
        return output

    def extra_repr(self) -> str:
        """Show the size."""
        return f"{self.weight.shape[0]}"


class BatchNorm1d(_BatchNorm):
    """Normalise each feature over the batch, then scale and shift (9.1).

    In training the statistics are those of the batch, and a running average of them is kept. In
    evaluation the running average is used, so that an example does not depend on its neighbours.

    Parameters
    ----------
    num_features : int
        How many features there are.
    eps : float, default 1e-5
        Keeps the division finite.
    momentum : float, default 0.1
        How much of the running average each batch replaces.
    dtype : dtype, default float32
        The kind of number.

    Notes
    -----
    Shape: (N, D) gives (N, D); weight, bias, running_mean and running_var (D,).

    Examples
    --------
    >>> import numpy as np
    >>> layer = BatchNorm1d(1)
    >>> layer(np.array([[1.0], [3.0]], dtype=np.float32)).data.round(3).tolist()
    [[-1.0], [1.0]]
    >>> layer.running_mean.data.round(3)
    array([0.2], dtype=float32)
    """

    axes = (0,)


class BatchNorm2d(_BatchNorm):
    """Normalise each channel over the batch and all places, then scale and shift (9.1).

    Parameters
    ----------
    num_features : int
        How many channels there are.
    eps, momentum, dtype
        As for `BatchNorm1d`.

    Notes
    -----
    Shape: (N, C, H, W) gives (N, C, H, W); weight, bias, running_mean and running_var (C,).

    Examples
    --------
    >>> import numpy as np
    >>> layer = BatchNorm2d(1)
    >>> images = np.array([[1.0, 1.0], [3.0, 3.0]], dtype=np.float32).reshape(2, 1, 1, 2)
    >>> layer(images).data.round(3).ravel().tolist()
    [-1.0, -1.0, 1.0, 1.0]
    """

    axes = (0, 2, 3)
