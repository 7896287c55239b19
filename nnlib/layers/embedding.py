"""What gives every symbol a row of numbers of its own: the look-up, and the layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib.backend import RNG, Array, namespace, scatter_add
from nnlib.module import Module, Parameter, check_sizes
from nnlib.tensor import Tensor, primitive


@primitive
def embedding(x: Array, weight: Array) -> Any:
    """Look up, for every symbol, the row of a table that stands for it (5.23).

    Parameters
    ----------
    x : array
        The symbols, counted from 0.
    weight : Tensor or array
        The table: a row for each symbol.

    Returns
    -------
    Tensor
        The rows.

    Raises
    ------
    TypeError
        If the symbols are not whole numbers.
    IndexError
        If one is out of range; not on a GPU, which would have to stop.

    Notes
    -----
    Shape: x of any shape (...) and weight (V, D) give (..., D). A row that is looked up twice gets
    the sum of both gradients.

    Examples
    --------
    >>> import numpy as np
    >>> embedding(np.array([2, 0]), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])).data
    array([[5., 6.],
           [1., 2.]])
    """
    if "int" not in str(getattr(x, "dtype", "")):
        raise TypeError(
            "an embedding looks up whole numbers, got "
            f"{getattr(x, 'dtype', type(x).__name__)}: symbols are counted from 0"
        )
    if isinstance(x, np.ndarray) and x.size and (x.min() < 0 or x.max() >= weight.shape[0]):
        raise IndexError(
            f"the symbols go from 0 to {weight.shape[0] - 1}; these from {x.min()} to {x.max()}"
        )
    xp = namespace(weight)

    def vjp(g: Array) -> Array:  # (5.23)
        grad = xp.zeros(weight.shape, dtype=g.dtype)
        scatter_add(grad, x, g)
        return grad

    rows = xp.take(weight, namespace(x).reshape(x, (-1,)), axis=0)
    return xp.reshape(rows, (*x.shape, weight.shape[1])), (None, vjp)


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
        check_sizes(num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        rows = np.random.default_rng(rng).standard_normal((num_embeddings, embedding_dim))
        self.weight = Parameter(rows.astype(dtype))

    def forward(self, x: Array) -> Tensor:
        """Look the symbols up."""
        return embedding(x, self.weight)

    def extra_repr(self) -> str:
        """Show the sizes."""
        return ", ".join(map(str, self.weight.shape))
