"""Recurrent networks over whole sequences: forward in time, and back through time.

Each primitive takes what the inputs contribute at every step, ``z = x W_x^T + b_x``, which is one
product for the whole sequence, and does what remains: the steps that wait for each other. Its
vector-Jacobian products share one walk back. Time is the first axis: z (T, N, ...).

A sequence that has ended keeps its last state: `keep` (T, N, 1) is 1 while it lasts, then 0.
"""

from __future__ import annotations

from typing import Any

from nnlib.backend import Array, namespace
from nnlib.products import dot, dot_parts, laid_out, ones
from nnlib.tensor import once, primitive


def _history(z: Array, h: Array) -> Array:
    """Make room for the state before the first step, and after each."""
    states = namespace(z).empty((z.shape[0] + 1, *h.shape), dtype=z.dtype)
    states[0, ...] = h
    return states


def _weights(dz: Array, before: Array, bias: Array | None) -> tuple[Array, Array | None]:
    """Add up over all steps and examples what the recurrent weight and its bias receive."""
    rows = namespace(dz).reshape(dz, (-1, dz.shape[-1]))
    seen = namespace(dz).reshape(before, (-1, before.shape[-1]))
    to_bias = None if bias is None else dot(ones(rows, rows.shape[0]), rows)
    return dot(seen.mT, rows).mT, to_bias  # as in `linear`


@primitive
def rnn(
    z: Array,
    h: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    nonlinearity: str = "tanh",
    keep: Array | None = None,
) -> Any:
    """Run a plain recurrent layer over sequences (10.1).

    Parameters
    ----------
    z : Tensor or array
        What the inputs contribute at every step.
    h : Tensor or array
        The state before the first step.
    weight : Tensor or array
        What the previous state contributes.
    bias : Tensor or array, optional
        What is added at every step, where `z` does not hold it already.
    nonlinearity : {"tanh", "relu"}
        The activation function.
    keep : array, optional
        1 while a sequence lasts, then 0.

    Returns
    -------
    Tensor
        The state after every step.

    Notes
    -----
    Shape: z (T, N, H), h (N, H), weight (H, H), bias (H,), keep (T, N, 1) give (T, N, H).

    References
    ----------
    Elman: Finding structure in time. Cognitive Science 14, 1990.

    Examples
    --------
    >>> import numpy as np
    >>> z, h = np.array([[[1.0]], [[0.0]]]), np.zeros((1, 1))
    >>> rnn(z, h, np.ones((1, 1)), np.zeros(1)).data.ravel().round(3)
    array([0.762, 0.642])
    """
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f'nonlinearity is "tanh" or "relu", got {nonlinearity!r}')
    xp, recurrent, keep = namespace(z), laid_out(weight.mT, h.shape[0]), _as_numbers(keep, z)
    z, states = z if bias is None else z + bias, _history(z, h)
    for t in range(z.shape[0]):
        a = z[t, ...] + dot_parts(states[t, ...], recurrent)
        a = xp.tanh(a) if nonlinearity == "tanh" else xp.maximum(a, xp.zeros_like(a))  # (10.1)
        states[t + 1, ...] = a if keep is None else _kept(keep[t, ...], a, states[t, ...])

    def back(g: Array) -> Any:
        after = states[1:, ...]
        slopes = 1 - after * after if nonlinearity == "tanh" else xp.astype(after > 0, g.dtype)
        slopes = slopes if keep is None else slopes * keep
        dz, weight_back = xp.empty_like(z), laid_out(weight, h.shape[0])
        d = xp.zeros_like(states[0, ...])
        for t in range(z.shape[0] - 1, -1, -1):
            d = d + g[t, ...]
            dz[t, ...] = d * slopes[t, ...]  # (10.2)
            before = dot_parts(dz[t, ...], weight_back)
            d = before if keep is None else before + d * (1 - keep[t, ...])
        return dz, d, *_weights(dz, states[:-1, ...], bias)

    shared = once(back)
    return states[1:, ...], tuple(lambda g, i=i: shared(g)[i] for i in range(4))


def _as_numbers(keep: Array | None, z: Array) -> Array | None:
    """Make the marks numbers of the kind of `z`, so that they change no kind of number."""
    return None if keep is None else namespace(z).astype(keep, z.dtype)


def _kept(keep: Array, new: Array, old: Array) -> Array:
    """Take the new state where the sequence lasts, the old one where it has ended."""
    return keep * new + (1 - keep) * old


@primitive
def lstm(
    z: Array,
    h: Array,
    c: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    keep: Array | None = None,
) -> Any:
    """Run a long short-term memory over sequences (10.3), (10.4), (10.5).

    Parameters
    ----------
    z : Tensor or array
        What the inputs contribute at every step to the four gates: input, forget, cell, output.
    h, c : Tensor or array
        The state and the cell before the first step.
    weight : Tensor or array
        What the previous state contributes to the gates.
    bias : Tensor or array, optional
        What is added to the gates at every step, where `z` does not hold it already.
    keep : array, optional
        1 while a sequence lasts, then 0.

    Returns
    -------
    Tensor
        The states and the cells after every step.

    Notes
    -----
    Shape: z (T, N, 4 H), h and c (N, H), weight (4 H, H), bias (4 H,), keep (T, N, 1) give
    (2, T, N, H).

    A sigmoid is a tanh of half the size, moved up: ``sigmoid(a) = tanh(a / 2) / 2 + 1 / 2``. So one
    tanh serves all four gates. Three of them go from 0 to 1, the cell's from `low` = -1 to 1, with
    half of that way as the `scale`. The slope of each is ``(a - low) (1 - a)``.

    References
    ----------
    Hochreiter, Schmidhuber: Long short-term memory. Neural Computation 9, 1997; the forget gate:
    Gers, Schmidhuber, Cummins: Learning to forget. Neural Computation 12, 2000.

    Examples
    --------
    >>> import numpy as np
    >>> z = np.array([[[9.0, 9.0, 9.0, 9.0]], [[-9.0, 9.0, 0.0, 9.0]]])  # write, then hold
    >>> zero = np.zeros((1, 1))
    >>> states = lstm(z, zero, zero, np.zeros((4, 1)), np.zeros(4)).data
    >>> states[1].ravel().round(3)
    array([1., 1.])
    """
    xp, size, keep = namespace(z), h.shape[-1], _as_numbers(keep, z)
    low = xp.zeros((h.shape[0], 4 * size), dtype=z.dtype)  # no step has to stretch one row to all
    wide = None if bias is None else bias + low
    low[:, 2 * size : 3 * size] = -1
    scale, middle, recurrent = (1 - low) / 2, (1 + low) / 2, laid_out(weight.mT, h.shape[0])
    states = xp.empty((2, z.shape[0] + 1, *h.shape), dtype=z.dtype)
    hs, cs = states[0, ...], states[1, ...]
    hs[0, ...], cs[0, ...] = h, c
    gates, bends = xp.empty_like(z), xp.empty_like(z[..., :size])
    for t in range(z.shape[0]):
        a = dot_parts(hs[t, ...], recurrent, out=gates[t, ...])
        a += z[t, ...]
        if wide is not None:
            a += wide
        a *= scale
        a[...] = xp.tanh(a)
        a *= scale
        a += middle  # (10.3)
        i, f, cell, o = _four(a, size)
        new = f * cs[t, ...] + i * cell  # (10.4)
        bend = xp.tanh(new)
        out = o * bend  # (10.5)
        if keep is not None:
            new = _kept(keep[t, ...], new, cs[t, ...])
            out = _kept(keep[t, ...], out, hs[t, ...])
        bends[t, ...] = bend
        cs[t + 1, ...], hs[t + 1, ...] = new, out

    def back(g: Array) -> Any:
        dz, weight_back = xp.empty_like(z), laid_out(weight, h.shape[0])
        d = xp.zeros((2, *h.shape), dtype=g.dtype)
        dh, dc = d[0, ...], d[1, ...]
        for t in range(z.shape[0] - 1, -1, -1):
            d += g[:, t, ...]
            if keep is not None:
                stay = d * (1 - keep[t, ...])
                d *= keep[t, ...]
            bend, a = bends[t, ...], gates[t, ...]
            i, f, cell, o = _four(a, size)
            dc += dh * o * (1 - bend * bend)  # (10.6)
            slopes = a - low
            slopes *= 1 - a
            to_gates = xp.concat([dc * cell, dc * cs[t, ...], dc * i, dh * bend], axis=-1)
            to_gates *= slopes  # (10.7)
            dz[t, ...] = to_gates
            dot_parts(to_gates, weight_back, out=dh)
            dc *= f
            if keep is not None:
                d += stay
        return dz, dh, dc, *_weights(dz, hs[:-1, ...], bias)

    shared = once(back)
    return states[:, 1:, ...], tuple(lambda g, i=i: shared(g)[i] for i in range(5))


def _four(gates: Array, size: int) -> tuple[Array, ...]:
    """View the four gates one by one."""
    first, second, third = size, 2 * size, 3 * size
    return gates[:, :first], gates[:, first:second], gates[:, second:third], gates[:, third:]


@primitive
def gru(z: Array, h: Array, weight: Array, bias: Array, *, keep: Array | None = None) -> Any:
    """Run a gated recurrent unit over sequences (10.8), (10.9), (10.10).

    Parameters
    ----------
    z : Tensor or array
        What the inputs contribute at every step: to the reset gate, the update gate, the new state.
    h : Tensor or array
        The state before the first step.
    weight, bias : Tensor or array
        What the previous state contributes to the three.
    keep : array, optional
        1 while a sequence lasts, then 0.

    Returns
    -------
    Tensor
        The state after every step.

    Notes
    -----
    Shape: z (T, N, 3 H), h (N, H), weight (3 H, H), bias (3 H,), keep (T, N, 1) give (T, N, H).
    As in PyTorch, the reset gate multiplies what the state contributes, its bias included.

    References
    ----------
    Cho et al.: Learning phrase representations using RNN encoder-decoder. EMNLP 2014.

    Examples
    --------
    >>> import numpy as np
    >>> z = np.array([[[0.0, -9.0, 9.0]], [[0.0, 9.0, 0.0]]])  # write, then hold
    >>> gru(z, np.zeros((1, 1)), np.zeros((3, 1)), np.zeros(3)).data.ravel().round(3)
    array([1., 1.])
    """
    xp, size, keep = namespace(z), h.shape[-1], _as_numbers(keep, z)
    steps, recurrent = z.shape[0], laid_out(weight.mT, h.shape[0])
    states, gates = _history(z, h), xp.empty_like(z[..., : 2 * size])
    fresh, recalled = xp.empty_like(z[..., :size]), xp.empty_like(z[..., :size])
    for t in range(steps):
        u = dot_parts(states[t, ...], recurrent) + bias
        both = 0.5 * (z[t, :, : 2 * size] + u[:, : 2 * size])
        gates[t, ...] = 0.5 * xp.tanh(both) + 0.5  # (10.8)
        recalled[t, ...] = u[:, 2 * size :]
        reset, update = gates[t, :, :size], gates[t, :, size:]
        fresh[t, ...] = xp.tanh(z[t, :, 2 * size :] + reset * recalled[t, ...])  # (10.9)
        a = fresh[t, ...] + update * (states[t, ...] - fresh[t, ...])  # (10.10)
        states[t + 1, ...] = a if keep is None else _kept(keep[t, ...], a, states[t, ...])

    def back(g: Array) -> Any:
        reset, update = gates[..., :size], gates[..., size:]
        to_fresh = (1 - update) * (1 - fresh * fresh)  # (10.11)
        to_update = (states[:-1, ...] - fresh) * update * (1 - update)
        to_reset = to_fresh * recalled * reset * (1 - reset)
        factors = xp.concat([to_reset, to_update, to_fresh], axis=-1)
        dz, du, d = xp.empty_like(z), xp.empty_like(z), xp.zeros_like(h)
        weight_back = laid_out(weight, h.shape[0])
        for t in range(steps - 1, -1, -1):
            d = d + g[t, ...]
            stay = None
            if keep is not None:
                stay, d = d * (1 - keep[t, ...]), d * keep[t, ...]
            dz[t, ...] = xp.concat([d, d, d], axis=-1) * factors[t, ...]
            du[t, :, : 2 * size] = dz[t, :, : 2 * size]
            du[t, :, 2 * size :] = dz[t, :, 2 * size :] * reset[t, ...]
            d = d * update[t, ...] + dot_parts(du[t, ...], weight_back)
            d = d if stay is None else d + stay
        return dz, d, *_weights(du, states[:-1, ...], bias)

    shared = once(back)
    return states[1:, ...], tuple(lambda g, i=i: shared(g)[i] for i in range(4))
