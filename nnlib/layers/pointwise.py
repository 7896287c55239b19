"""Layers without weights: the activations, flattening, dropout."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnlib import activations
from nnlib import normalisation as norms
from nnlib.backend import RNG
from nnlib.module import Module
from nnlib.tensor import Tensor, reshape


class Sigmoid(Module):
    """`nnlib.sigmoid` as a layer."""

    def forward(self, x: Any) -> Tensor:
        """Apply it."""
        return activations.sigmoid(x)


class Tanh(Module):
    """`nnlib.tanh` as a layer."""

    def forward(self, x: Any) -> Tensor:
        """Apply it."""
        return activations.tanh(x)


class ReLU(Module):
    """`nnlib.relu` as a layer."""

    def forward(self, x: Any) -> Tensor:
        """Apply it."""
        return activations.relu(x)


class LeakyReLU(Module):
    """`nnlib.leaky_relu` as a layer."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = negative_slope

    def forward(self, x: Any) -> Tensor:
        """Apply it."""
        return activations.leaky_relu(x, negative_slope=self.negative_slope)


class ELU(Module):
    """`nnlib.elu` as a layer."""

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def forward(self, x: Any) -> Tensor:
        """Apply it."""
        return activations.elu(x, alpha=self.alpha)


class GELU(Module):
    """`nnlib.gelu` as a layer."""

    def forward(self, x: Any) -> Tensor:
        """Apply it."""
        return activations.gelu(x)


class SiLU(Module):
    """`nnlib.silu` as a layer."""

    def forward(self, x: Any) -> Tensor:
        """Apply it."""
        return activations.silu(x)


class Softplus(Module):
    """`nnlib.softplus` as a layer."""

    def forward(self, x: Any) -> Tensor:
        """Apply it."""
        return activations.softplus(x)


class Softmax(Module):
    """`nnlib.softmax` as a layer; not before `nnlib.cross_entropy`, which has its own."""

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Tensor:
        """Apply it."""
        return activations.softmax(x, axis=self.axis)


class LogSoftmax(Module):
    """`nnlib.log_softmax` as a layer."""

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Tensor:
        """Apply it."""
        return activations.log_softmax(x, axis=self.axis)


class Flatten(Module):
    """Lay the numbers of each example in one row: (N, ...) becomes (N, D).

    Examples
    --------
    >>> import numpy as np
    >>> Flatten()(np.zeros((5, 8, 8))).shape
    (5, 64)
    """

    def forward(self, x: Any) -> Tensor:
        """Reshape, keeping the first axis."""
        return reshape(x, shape=(x.shape[0], math.prod(x.shape[1:])))


class Dropout(Module):
    """Put activations to 0 at random while training; do nothing in evaluation (8.1).

    Parameters
    ----------
    p : float, default 0.5
        The probability to drop a number.
    rng : numpy.random.Generator or int, optional
        Where the choices come from.

    Examples
    --------
    >>> import numpy as np
    >>> layer = Dropout(0.5, rng=0)
    >>> bool((layer.eval()(np.ones(4)).data == 1).all())
    True
    """

    def __init__(self, p: float = 0.5, *, rng: RNG = None) -> None:
        if not 0.0 <= p < 1.0:
            raise ValueError(f"p is the probability to drop a number, from 0 to below 1, got {p}")
        self.p, self.rng = p, np.random.default_rng(rng)

    def forward(self, x: Any) -> Tensor:
        """Apply it, if training."""
        if self.training and self.p > 0:
            return norms.dropout(x, p=self.p, rng=self.rng)
        return x if isinstance(x, Tensor) else Tensor(x)

    def extra_repr(self) -> str:
        """Show the probability."""
        return f"p={self.p}"
