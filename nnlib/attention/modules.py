"""Multi-head attention and the block of a Transformer as modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib import activations
from nnlib.attention.dot_product import scaled_dot_product_attention, self_attention, weights
from nnlib.attention.positions import rotary as turn
from nnlib.backend import RNG, Array, namespace
from nnlib.layers import Dropout, LayerNorm, Linear
from nnlib.module import Initialiser, Module, Parameter, check_sizes, glorot_uniform
from nnlib.tensor import Tensor, concat, linear, permute, reshape


class Cache:
    """The keys and values of the places that were already read, for writing on from there.

    Without it every new symbol would mean to read the whole text again. It holds raw arrays, so
    it is for `nnlib.no_grad` alone.

    Examples
    --------
    >>> import numpy as np
    >>> from nnlib import no_grad
    >>> layer, cache = MultiheadAttention(8, 2, batch_first=True, rng=0), Cache()
    >>> x = np.ones((1, 5, 8), dtype=np.float32)
    >>> with no_grad():
    ...     whole, _ = layer(x, is_causal=True)
    ...     for t in range(5):
    ...         step, _ = layer(x[:, t : t + 1], is_causal=True, cache=cache)
    >>> cache.length, bool(np.allclose(step.data, whole.data[:, -1:], atol=1e-6))
    (5, True)
    """

    def __init__(self) -> None:
        self._seen: dict[int, tuple[Tensor, Tensor]] = {}

    @property
    def length(self) -> int:
        """How many places were read."""
        return next((k.shape[-2] for k, _ in self._seen.values()), 0)

    def places_of(self, layer: Module) -> int:
        """Return how many places one layer has read."""
        return self._seen[id(layer)][0].shape[-2] if id(layer) in self._seen else 0

    def extend(self, layer: Module, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Add the keys and values of new places; return those of all."""
        if k.requires_grad or v.requires_grad:
            raise RuntimeError("a cache is for writing, not for training: use it inside no_grad()")
        if id(layer) in self._seen:
            before_k, before_v = self._seen[id(layer)]
            k, v = concat([before_k, k], axis=-2), concat([before_v, v], axis=-2)
        self._seen[id(layer)] = k, v
        return k, v


class MultiheadAttention(Module):
    """Attention with several heads, and a product with weights before and after it (11.9).

    Parameters
    ----------
    embed_dim : int
        How many numbers each place has.
    num_heads : int
        How many heads; it divides `embed_dim`.
    bias : bool, default True
        Whether the products have biases, 0 at the start.
    batch_first : bool, default False
        Whether sequences come as (N, T, E) and not as (T, N, E), as in PyTorch.
    rotary : bool, default False
        Whether queries and keys are turned by their place: see `nnlib.rotary`.
    rng : numpy.random.Generator or int, optional
        Where the first weights come from.
    init : callable, default glorot_uniform
        ``init(shape, rng)`` draws the first weights.
    dtype : dtype, default float32
        The kind of number.

    Raises
    ------
    ValueError
        If the heads do not divide the numbers, or when called with shapes that do not fit.

    Notes
    -----
    Shape: query (N, T, E), key and value (N, S, E) or none for those of the query, give the output
    (N, T, E) and, where they are asked for, the weights (N, T, S). The parameters have the names of
    ``torch.nn.MultiheadAttention``. A mask of booleans is True where a query **may** look, as for
    `nnlib.scaled_dot_product_attention`; one for padded sequences, True at the places (N, S) that
    count, is given as ``attn_mask=mask[:, None, None, :]``.

    Examples
    --------
    >>> import numpy as np
    >>> layer = MultiheadAttention(8, 2, batch_first=True, rng=0)
    >>> output, shares = layer(np.ones((3, 5, 8), dtype=np.float32), need_weights=True)
    >>> output.shape, shares.shape
    ((3, 5, 8), (3, 5, 5))
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        *,
        bias: bool = True,
        batch_first: bool = False,
        rotary: bool = False,
        rng: RNG = None,
        init: Initialiser = glorot_uniform,
        dtype: Any = np.float32,
    ) -> None:
        check_sizes(embed_dim=embed_dim, num_heads=num_heads)
        if embed_dim % num_heads:
            raise ValueError(
                f"num_heads divides embed_dim = {embed_dim} into parts of equal length, got "
                f"{num_heads}"
            )
        rng, shape = np.random.default_rng(rng), (3 * embed_dim, embed_dim)
        self.embed_dim, self.num_heads = embed_dim, num_heads
        self.batch_first, self.rotary = batch_first, rotary
        self.in_proj_weight = Parameter(init(shape, rng).astype(dtype))
        self.in_proj_bias = Parameter(np.zeros(shape[0], dtype=dtype)) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias, rng=rng, init=init, dtype=dtype)

    def forward(
        self,
        query: Any,
        key: Any = None,
        value: Any = None,
        *,
        attn_mask: Array | None = None,
        is_causal: bool = False,
        need_weights: bool = False,
        average_attn_weights: bool = True,
        cache: Cache | None = None,
    ) -> tuple[Tensor, Array | None]:
        """Attend: the output, and the weights where they are asked for, else None."""
        alone = key is None and value is None
        key = query if key is None else key
        value = key if value is None else value
        for x in (query, key, value):
            if len(x.shape) != 3 or x.shape[2] != self.embed_dim:
                order = "N, T" if self.batch_first else "T, N"
                raise ValueError(
                    f"attention takes sequences ({order}, {self.embed_dim}), got the shape "
                    f"{tuple(x.shape)}"
                )
        if not self.batch_first:
            query, key, value = (permute(x, axes=(1, 0, 2)) for x in (query, key, value))
        options: Any = {"attn_mask": attn_mask, "is_causal": is_causal}
        shares = None
        if alone and not (need_weights or self.rotary or cache):
            qkv = linear(query, self.in_proj_weight, self.in_proj_bias)
            found = self_attention(qkv, num_heads=self.num_heads, **options)
        else:
            q, k, v = (self._heads(x, i) for i, x in enumerate((query, key, value)))
            start = cache.places_of(self) if cache else 0
            if self.rotary:
                q, k = turn(q, offset=start), turn(k, offset=start)
            if cache is not None:
                k, v = cache.extend(self, k, v)
                if is_causal:
                    options = {"attn_mask": _before(q, k, attn_mask), "is_causal": False}
            if need_weights:
                shares = weights(q.data, k.data, **options)
                shares = shares.mean(axis=1) if average_attn_weights else shares
            heads = permute(scaled_dot_product_attention(q, k, v, **options), axes=(0, 2, 1, 3))
            found = reshape(heads, shape=(*heads.shape[:2], self.embed_dim))
        output = self.out_proj(found)
        return output if self.batch_first else permute(output, axes=(1, 0, 2)), shares

    def _heads(self, x: Any, part: int) -> Tensor:
        """Make queries, keys or values: (N, T, E) becomes (N, heads, T, E / heads)."""
        rows = slice(part * self.embed_dim, (part + 1) * self.embed_dim)
        bias = None if self.in_proj_bias is None else self.in_proj_bias[rows]
        z = linear(x, self.in_proj_weight[rows], bias)
        size = self.embed_dim // self.num_heads
        parts = reshape(z, shape=(*z.shape[:2], self.num_heads, size))
        return permute(parts, axes=(0, 2, 1, 3))

    def extra_repr(self) -> str:
        """Show the sizes."""
        return f"{self.embed_dim}, {self.num_heads}"


def _before(q: Tensor, k: Tensor, attn_mask: Array | None) -> Array:
    """Let new places look at themselves and all places before them."""
    if attn_mask is not None:
        raise ValueError("with a cache give is_causal=True, or an attn_mask over all keys")
    new, every = q.shape[-2], k.shape[-2]
    return namespace(q.data).asarray(np.tri(new, every, every - new, dtype=bool))


class TransformerEncoderLayer(Module):
    """A block of a Transformer: attention, then two layers at every place (11.12).

    Each of the two is added to what came in, so that a block can begin as almost nothing.

    Parameters
    ----------
    d_model : int
        How many numbers each place has.
    nhead : int
        How many heads.
    dim_feedforward : int, default 2048
        The width of the hidden layer at every place.
    dropout : float, default 0.1
        The probability to drop a number, three times in the block.
    activation : callable, default relu
        The activation of the hidden layer.
    layer_norm_eps : float, default 1e-5
        Keeps the division of the norms finite.
    batch_first : bool, default False
        Whether sequences come as (N, T, E) and not as (T, N, E), as in PyTorch.
    norm_first : bool, default False
        Whether the norms stand before the two parts (which trains more easily) and not after them.
    bias : bool, default True
        Whether the products have biases.
    rotary : bool, default False
        Whether queries and keys are turned by their place.
    rng : numpy.random.Generator or int, optional
        Where the first weights and the choices of dropout come from.
    dtype : dtype, default float32
        The kind of number.

    Notes
    -----
    Shape: (N, T, d_model) gives (N, T, d_model). The parameters have the names of
    ``torch.nn.TransformerEncoderLayer``. With ``is_causal=True`` it is the block of the GPT family.

    References
    ----------
    Vaswani et al.: Attention is all you need. NeurIPS 2017, section 3.1; the norms first:
    Xiong et al.: On layer normalization in the transformer architecture. ICML 2020.

    Examples
    --------
    >>> import numpy as np
    >>> block = TransformerEncoderLayer(8, 2, 32, batch_first=True, norm_first=True, rng=0)
    >>> block(np.ones((3, 5, 8), dtype=np.float32), is_causal=True).shape
    (3, 5, 8)
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Callable[[Any], Tensor] = activations.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        rotary: bool = False,
        rng: RNG = None,
        dtype: Any = np.float32,
    ) -> None:
        rng = np.random.default_rng(rng)
        options: Any = {"rng": rng, "dtype": dtype}
        self.self_attn = MultiheadAttention(
            d_model, nhead, bias=bias, batch_first=batch_first, rotary=rotary, **options
        )
        self.linear1 = Linear(d_model, dim_feedforward, bias, **options)
        self.linear2 = Linear(dim_feedforward, d_model, bias, **options)
        self.norm1 = LayerNorm(d_model, layer_norm_eps, dtype=dtype)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, dtype=dtype)
        self.dropout, self.dropout1, self.dropout2 = (Dropout(dropout, rng=rng) for _ in range(3))
        self.activation, self.norm_first = activation, norm_first

    def forward(
        self,
        x: Any,
        *,
        attn_mask: Array | None = None,
        is_causal: bool = False,
        cache: Cache | None = None,
    ) -> Tensor:
        """Attend, then compute at every place."""
        options: Any = {"attn_mask": attn_mask, "is_causal": is_causal, "cache": cache}
        if self.norm_first:
            x = x + self._attend(self.norm1(x), options)  # (11.12)
            x = x + self._compute(self.norm2(x))
        else:
            x = self.norm1(x + self._attend(x, options))
            x = self.norm2(x + self._compute(x))
        output: Tensor = x
        return output

    def _attend(self, x: Any, options: Any) -> Any:
        return self.dropout1(self.self_attn(x, **options)[0])

    def _compute(self, x: Any) -> Any:
        return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))
