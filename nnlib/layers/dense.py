"""The layer of neurons."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib.backend import RNG
from nnlib.module import Initialiser, Module, Parameter, check_sizes, glorot_uniform
from nnlib.tensor import Tensor, linear


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
        check_sizes(in_features=in_features, out_features=out_features)
        shape = (out_features, in_features)
        self.weight = Parameter(init(shape, np.random.default_rng(rng)).astype(dtype))
        self.bias = Parameter(np.zeros(shape[0], dtype=dtype)) if bias else None

    def forward(self, x: Any) -> Tensor:
        """Compute ``x @ weight.mT + bias``."""
        return linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        """Show the sizes."""
        units, inputs = self.weight.shape
        return f"{inputs}, {units}" + ("" if self.bias is not None else ", bias=False")
