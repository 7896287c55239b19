"""The layer that gives every symbol a row of numbers of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib.backend import RNG, Array
from nnlib.module import Module, Parameter
from nnlib.tensor import Tensor, getitem


class Embedding(Module):
    """Look up, for every symbol, the row of numbers that stands for it.

    Parameters
    ----------
    num_embeddings : int
        How many symbols there are.
    embedding_dim : int
        How many numbers stand for each.
    rng : numpy.random.Generator or int, optional
        Where the first numbers come from: normal, with deviation 1, as in PyTorch.
    dtype : dtype, default float32
        The kind of number.

    Raises
    ------
    TypeError
        When called with something other than whole numbers.
    IndexError
        When called with a symbol that is out of range; not on a GPU, which would have to stop.

    Notes
    -----
    Shape: whole numbers of any shape (...) give (..., embedding_dim); weight
    (num_embeddings, embedding_dim). It is the product of a one-hot row with the weight, without
    the multiplications by 0.

    Examples
    --------
    >>> import numpy as np
    >>> layer = Embedding(27, 4, rng=0)
    >>> layer(np.array([[0, 5, 5], [2, 0, 26]])).shape
    (2, 3, 4)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        *,
        rng: RNG = None,
        dtype: Any = np.float32,
    ) -> None:
        for name, n in (("num_embeddings", num_embeddings), ("embedding_dim", embedding_dim)):
            if n < 1 or int(n) != n:
                raise ValueError(f"{name} must be a whole number of at least 1, got {n!r}")
        rows = np.random.default_rng(rng).standard_normal((num_embeddings, embedding_dim))
        self.weight = Parameter(rows.astype(dtype))

    def forward(self, x: Array) -> Tensor:
        """Look the symbols up."""
        x = x.data if isinstance(x, Tensor) else x
        if "int" not in str(getattr(x, "dtype", "")):
            raise TypeError(
                "an embedding looks up whole numbers, got "
                f"{getattr(x, 'dtype', type(x).__name__)}: symbols are counted from 0"
            )
        if isinstance(x, np.ndarray) and x.size and (x.min() < 0 or x.max() >= len(self.weight)):
            raise IndexError(
                f"the symbols go from 0 to {len(self.weight) - 1}; these from {x.min()} to "
                f"{x.max()}"
            )
        return getitem(self.weight, index=x)

    def extra_repr(self) -> str:
        """Show the sizes."""
        return ", ".join(map(str, self.weight.shape))
