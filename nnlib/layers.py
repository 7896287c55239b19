"""Layers: modules made of the primitives."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib import activations
from nnlib import normalisation as norms
from nnlib.backend import RNG, namespace
from nnlib.module import Initialiser, Module, Parameter, glorot_uniform
from nnlib.tensor import Tensor, linear, reshape


class Linear(Module):
    """A layer of neurons: every unit weighs all inputs and adds a bias (3.1).

    Parameters
    ----------
    in_features : int
        How many numbers an example has.
    out_features : int
        How many units there are.
    bias : bool, default True
        Whether each unit adds a number of its own, 0 at the start.
    rng : numpy.random.Generator or int, optional
        Where the first weights come from.
    init : callable, default glorot_uniform
        ``init(shape, rng)`` draws the first weights.
    dtype : dtype, default float32
        The kind of number.

    Attributes
    ----------
    weight : Tensor
        One row a unit.
    bias : Tensor or None
        One number a unit.

    Notes
    -----
    Shape: (..., in_features) gives (..., out_features); weight (out_features, in_features),
    bias (out_features,). PyTorch's ``torch.nn.Linear``, but for the first weights.

    Examples
    --------
    >>> import numpy as np
    >>> layer = Linear(3, 2, rng=0)
    >>> layer(np.ones((5, 3), dtype=np.float32)).shape
    (5, 2)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        rng: RNG = None,
        init: Initialiser = glorot_uniform,
        dtype: Any = np.float32,
    ) -> None:
        for name, n in (("in_features", in_features), ("out_features", out_features)):
            if n < 1 or int(n) != n:
                raise ValueError(f"{name} must be a whole number of at least 1, got {n!r}")
        shape = (int(out_features), int(in_features))
        self.weight = Parameter(init(shape, np.random.default_rng(rng)).astype(dtype))
        self.bias = Parameter(np.zeros(shape[0], dtype=dtype)) if bias else None

    def forward(self, x: Any) -> Tensor:
        """Compute ``x @ weight.mT + bias``."""
        return linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        """Show the sizes."""
        units, inputs = self.weight.shape
        return f"{inputs}, {units}" + ("" if self.bias is not None else ", bias=False")


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
        return reshape(x, shape=(x.shape[0], -1))


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
        if self.training:
            return norms.dropout(x, p=self.p, rng=self.rng)
        return x if isinstance(x, Tensor) else Tensor(x)

    def extra_repr(self) -> str:
        """Show the probability."""
        return f"p={self.p}"


class LayerNorm(Module):
    """Normalise each example over its features, then scale and shift (11.1).

    Parameters
    ----------
    normalized_shape : int
        How many features there are.
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
        self.weight = Parameter(np.ones(normalized_shape, dtype=dtype))
        self.bias = Parameter(np.zeros(normalized_shape, dtype=dtype))
        self.eps = eps

    def forward(self, x: Any) -> Tensor:
        """Normalise the last axis."""
        return norms.layer_norm(x, self.weight, self.bias, eps=self.eps)

    def extra_repr(self) -> str:
        """Show the size."""
        return f"{self.weight.shape[0]}"


class BatchNorm1d(Module):
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

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        *,
        dtype: Any = np.float32,
    ) -> None:
        self.weight = Parameter(np.ones(num_features, dtype=dtype))
        self.bias = Parameter(np.zeros(num_features, dtype=dtype))
        self.running_mean = Tensor(np.zeros(num_features, dtype=dtype))
        self.running_var = Tensor(np.ones(num_features, dtype=dtype))
        self.num_batches_tracked = Tensor(np.array(0))
        self.eps, self.momentum = eps, momentum

    def forward(self, x: Any) -> Tensor:
        """Normalise over the batch, or in evaluation by the running statistics."""
        if not self.training:
            scale = self.weight / (self.running_var + self.eps).sqrt()
            centred: Tensor = x - self.running_mean
            return centred * scale + self.bias
        output = norms.batch_norm(x, self.weight, self.bias, eps=self.eps)
        batch = x.data if isinstance(x, Tensor) else x
        xp, n, m = namespace(batch), batch.shape[0], self.momentum
        variance = xp.var(batch, axis=0) * (n / (n - 1))  # that of the population, as in PyTorch
        self.running_mean.data = (1 - m) * self.running_mean.data + m * xp.mean(batch, axis=0)
        self.running_var.data = (1 - m) * self.running_var.data + m * variance
        self.num_batches_tracked.data = self.num_batches_tracked.data + 1
        return output

    def extra_repr(self) -> str:
        """Show the size."""
        return f"{self.weight.shape[0]}"
