"""Writing on: from the probabilities of the next symbol to a symbol, and to many."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib.attention.modules import Cache
from nnlib.backend import RNG, Array, numpy
from nnlib.module import Module
from nnlib.tensor import Tensor, no_grad


def sample(
    logits: Any,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    rng: RNG = None,
) -> np.ndarray[Any, Any]:
    """Draw a symbol for each row of logits.

    Parameters
    ----------
    logits : Tensor or array
        One number for each symbol.
    temperature : float, default 1
        What the logits are divided by: below 1 the likely becomes likelier; 0 takes the likeliest.
    top_k : int, optional
        How many of the likeliest symbols may be drawn.
    top_p : float, optional
        The likeliest symbols that together have this probability may be drawn.
    rng : numpy.random.Generator or int, optional
        Where the choice comes from.

    Returns
    -------
    numpy.ndarray
        Whole numbers.

    Raises
    ------
    ValueError
        If `temperature` is negative, `top_k` below 1, or `top_p` not above 0 and at most 1; or if
        logits are nan.

    Notes
    -----
    Shape: (..., V) gives (...).

    References
    ----------
    top_p: Holtzman et al.: The curious case of neural text degeneration. ICLR 2020.

    Examples
    --------
    >>> import numpy as np
    >>> sample(np.array([[0.0, 5.0, 1.0]]), temperature=0)
    array([1])
    >>> sorted(set(sample(np.zeros((99, 5)), top_k=2, rng=0).tolist()))
    [0, 1]
    """
    if temperature < 0:
        raise ValueError(f"temperature is 0 or above, got {temperature}")
    if top_k is not None and (top_k < 1 or int(top_k) != top_k):
        raise ValueError(f"top_k is a whole number of at least 1, got {top_k}")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p is a probability above 0, got {top_p}")
    z = numpy(logits.data if isinstance(logits, Tensor) else logits).astype(np.float64)
    if not np.isfinite(z.max(axis=-1)).all():
        raise ValueError("nothing can be drawn from logits that are nan or without an upper end")
    if temperature == 0:
        return np.asarray(z.argmax(axis=-1))
    order = np.argsort(-z, axis=-1, kind="stable")
    z = np.take_along_axis(z, order, axis=-1) / temperature
    p = np.exp(z - z[..., :1])
    if top_k is not None:
        p[..., int(top_k) :] = 0.0
    p /= p.sum(axis=-1, keepdims=True)
    if top_p is not None:
        p[p.cumsum(axis=-1) - p >= top_p] = 0.0  # the first that reaches it stays
        p /= p.sum(axis=-1, keepdims=True)
    drawn = np.random.default_rng(rng).random((*z.shape[:-1], 1))
    place = np.minimum((p.cumsum(axis=-1) <= drawn).sum(axis=-1), (p > 0).sum(axis=-1) - 1)
    return np.take_along_axis(order, place[..., None], axis=-1)[..., 0]


def generate(
    model: Module,
    symbols: Array,
    count: int,
    *,
    context: int | None = None,
    cache: Cache | None = None,
    rng: RNG = None,
    **choice: Any,
) -> np.ndarray[Any, Any]:
    """Write on from some symbols: draw the next one, put it behind the others, repeat.

    Parameters
    ----------
    model : Module
        ``model(symbols)`` gives logits for the symbol after each place.
    symbols : array
        What to begin with, at least one symbol a row.
    count : int
        How many symbols to add.
    context : int, optional
        How many symbols the model can read at once; the last ones are taken.
    cache : Cache, optional
        Then the model is called as ``model(new, cache=cache)`` with the symbols that it has not
        read yet, as long as all fit into the context.
    rng : numpy.random.Generator or int, optional
        Where the choices come from.
    **choice
        `temperature`, `top_k` and `top_p`, as for `sample`.

    Returns
    -------
    numpy.ndarray
        The symbols, those to begin with included.

    Raises
    ------
    ValueError
        If there is nothing to begin with, if `context` is below 1, or if the cache has already
        read as many symbols as there are.

    Notes
    -----
    Shape: (N, T) gives (N, T + count). The model is put into evaluation, and back afterwards.

    Examples
    --------
    >>> import numpy as np
    >>> from nnlib import Embedding
    >>> after = Embedding(3, 3, rng=0)  # the next symbol depends on the last one alone
    >>> after.weight.data[...] = 50 * np.eye(3)[[1, 2, 0]]
    >>> generate(after, np.array([[0]]), 5, rng=0)
    array([[0, 1, 2, 0, 1, 2]])
    """
    symbols = numpy(symbols)
    rng = np.random.default_rng(rng)
    if symbols.ndim != 2 or symbols.shape[1] < 1:
        raise ValueError(
            f"symbols are (N, T) with at least one to begin with, got the shape {symbols.shape}"
        )
    if context is not None and context < 1:
        raise ValueError(f"context is a number of symbols, at least 1, got {context}")
    if cache is not None and cache.length >= symbols.shape[1]:
        raise ValueError(
            f"this cache has already read {cache.length} symbols, as many as there are: make a new "
            "Cache() for every text"
        )
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with no_grad():
            for _ in range(count):
                if cache is not None and (context is None or symbols.shape[1] <= context):
                    logits = model(symbols[:, cache.length :], cache=cache)
                else:
                    logits = model(symbols if context is None else symbols[:, -context:])
                new = sample(logits[:, -1], rng=rng, **choice)
                symbols = np.concatenate([symbols, new[:, None]], axis=1)
    finally:
        for module, training in modes:
            module.training = training
    return np.asarray(symbols)
