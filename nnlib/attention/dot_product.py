"""Attention: every query looks softly at all keys, and takes the mean of what stands there."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib.backend import Array, describe, is_floating, namespace
from nnlib.tensor import Tensor, once, primitive


def weights(q: Array, k: Array, attn_mask: Array | None = None, is_causal: bool = False) -> Array:
    """Return how much every query looks at every key (11.5).

    Parameters
    ----------
    q, k : array
        Queries and keys.
    attn_mask : array, optional
        True where a query may look, or numbers to add to the scores.
    is_causal : bool, default False
        Whether query t may look at the keys up to t alone.

    Returns
    -------
    array
        Shares that sum to 1 over the keys; 0 everywhere for a query that may look at nothing.

    Notes
    -----
    Shape: q (..., T, D), k (..., S, D), a mask that broadcasts to (..., T, S), give (..., T, S).

    References
    ----------
    Vaswani et al.: Attention is all you need. NeurIPS 2017, equation 1.

    Examples
    --------
    >>> import numpy as np
    >>> keys = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> weights(10 * keys[:1], keys).round(3)
    array([[0.999, 0.001]])
    """
    xp = namespace(q)
    scores = (q * (1 / math.sqrt(q.shape[-1]))) @ k.mT
    for mask in _masks(q, k, attn_mask, is_causal):
        scores = scores + mask
    top = xp.max(scores, axis=-1, keepdims=True)
    if attn_mask is not None:  # a query that may look at nothing has a top of -inf
        top = xp.maximum(top, xp.full_like(top, float(np.finfo(np.float32).min)))
    scores -= top
    shares = xp.exp(scores)
    total = xp.sum(shares, axis=-1, keepdims=True)
    if attn_mask is not None:
        total = total + xp.astype(total == 0, total.dtype)
    shares /= total  # (11.5)
    return shares


def _masks(q: Array, k: Array, attn_mask: Array | None, is_causal: bool) -> list[Array]:
    """Turn masks into numbers to add: 0 where a query may look, -inf elsewhere."""
    xp, masks = namespace(q), []
    if is_causal:
        if q.shape[-2] != k.shape[-2]:
            raise ValueError(
                f"is_causal is for as many queries as keys, got {q.shape[-2]} and {k.shape[-2]}: "
                "give an attn_mask that says which keys come before which query"
            )
        masks.append(_later(xp, q.shape[-2], q.dtype))
    if attn_mask is not None:
        mask = _fitting(attn_mask, q, k)
        if "bool" in str(mask.dtype):
            mask = xp.where(
                mask, xp.zeros_like(mask, dtype=q.dtype), xp.asarray(-math.inf, dtype=q.dtype)
            )
        elif not is_floating(mask):
            raise TypeError(f"attn_mask holds booleans or numbers to add, got {describe(mask)}")
        masks.append(xp.astype(mask, q.dtype))
    return masks


def _fitting(mask: Any, q: Array, k: Array) -> Array:
    """Refuse a mask that is no array, or that does not stretch to the scores."""
    if isinstance(mask, Tensor) or not hasattr(mask, "dtype"):
        raise TypeError(f"attn_mask is an array, got {type(mask).__name__}: it has no gradient")
    scores = (*np.broadcast_shapes(q.shape[:-2], k.shape[:-2]), q.shape[-2], k.shape[-2])
    fits = len(mask.shape) <= len(scores) and all(
        size in (1, wanted) for size, wanted in zip(mask.shape[::-1], scores[::-1], strict=False)
    )
    if not fits:
        raise ValueError(
            f"attn_mask broadcasts to the scores (..., T, S) of shape {scores}, got "
            f"{tuple(mask.shape)}: one that says for (N, S) which places count is "
            "mask[:, None, None, :]"
        )
    return mask


def _later(xp: Any, steps: int, dtype: Any) -> Array:
    """Return -inf above the diagonal, 0 elsewhere."""
    return xp.triu(xp.full((steps, steps), -math.inf, dtype=dtype), k=1)


def attend(
    q: Array, k: Array, v: Array, attn_mask: Array | None, is_causal: bool
) -> tuple[Array, Callable[[Array], tuple[Array, Array, Array]]]:
    """Compute attention on raw arrays; return with it the way back to q, k and v."""
    xp, scale = namespace(q), 1 / math.sqrt(q.shape[-1])
    p = weights(q, k, attn_mask, is_causal)
    output = p @ v  # (11.6)

    def back(g: Array) -> tuple[Array, Array, Array]:
        to_scores = p * (g @ v.mT - xp.sum(g * output, axis=-1, keepdims=True))  # (11.7)
        return to_scores @ k * scale, to_scores.mT @ q * scale, p.mT @ g  # (11.8)

    return output, back


@primitive
def scaled_dot_product_attention(
    query: Array,
    key: Array,
    value: Array,
    *,
    attn_mask: Array | None = None,
    is_causal: bool = False,
) -> Any:
    """Take, for every query, the mean of the values, weighted by how its key fits (11.6).

    Parameters
    ----------
    query, key, value : Tensor or array
        What is looked for, what each place offers to be found by, and what it holds.
    attn_mask : array, optional
        True where a query may look, or numbers to add to the scores.
    is_causal : bool, default False
        Whether query t may look at the keys up to t alone.

    Returns
    -------
    Tensor
        A mean of values for every query.

    Raises
    ------
    ValueError
        If shapes do not fit, or `is_causal` meets more keys than queries.

    Notes
    -----
    Shape: query (..., T, D), key (..., S, D), value (..., S, E), a mask that broadcasts to
    (..., T, S), give (..., T, E).

    References
    ----------
    Vaswani et al.: Attention is all you need. NeurIPS 2017, section 3.2.1.

    Examples
    --------
    >>> import numpy as np
    >>> keys, values = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[5.0], [7.0]])
    >>> scaled_dot_product_attention(np.array([[0.0, 50.0]]), keys, values).data
    array([[7.]])
    """
    if query.shape[-1] != key.shape[-1] or key.shape[-2] != value.shape[-2]:
        raise ValueError(
            f"queries and keys have the same length, and there is a value for every key; got "
            f"query {tuple(query.shape)}, key {tuple(key.shape)}, value {tuple(value.shape)}"
        )
    output, back = attend(query, key, value, attn_mask, is_causal)
    shared = once(back)
    return output, tuple(lambda g, i=i: shared(g)[i] for i in range(3))


@primitive
def self_attention(
    qkv: Array, *, num_heads: int, attn_mask: Array | None = None, is_causal: bool = False
) -> Any:
    """Let every place of a sequence look at the others, with several heads side by side (11.9).

    Parameters
    ----------
    qkv : Tensor or array
        The queries, keys and values of every place, one after the other.
    num_heads : int
        Into how many parts each is cut; every head looks for itself.
    attn_mask : array, optional
        True where a query may look, or numbers to add to the scores.
    is_causal : bool, default False
        Whether a place may look at itself and those before it alone.

    Returns
    -------
    Tensor
        What the heads found, one after the other.

    Notes
    -----
    Shape: qkv (N, T, 3 E), a mask that broadcasts to (N, num_heads, T, T), give (N, T, E). The same
    as `scaled_dot_product_attention` on the parts; here no part is copied.

    Examples
    --------
    >>> import numpy as np
    >>> self_attention(np.zeros((2, 5, 3 * 8)), num_heads=4).shape
    (2, 5, 8)
    """
    xp, (n, steps, width) = namespace(qkv), qkv.shape
    size = width // (3 * num_heads)
    parts = xp.permute_dims(xp.reshape(qkv, (n, steps, 3, num_heads, size)), (2, 0, 3, 1, 4))
    q, k, v = (parts[i, ...] for i in range(3))
    found, back = attend(q, k, v, attn_mask, is_causal)

    def vjp(g: Array) -> Array:
        inner = xp.permute_dims(xp.reshape(g, (n, steps, num_heads, size)), (0, 2, 1, 3))
        gradient = xp.empty_like(xp.reshape(qkv, (n, steps, 3, num_heads, size)))
        for i, part in enumerate(back(inner)):
            gradient[:, :, i, ...] = xp.permute_dims(part, (0, 2, 1, 3))
        return xp.reshape(gradient, (n, steps, width))

    joined = xp.permute_dims(found, (0, 2, 1, 3))
    return xp.reshape(joined, (n, steps, width // 3)), (vjp,)  # (11.9)
