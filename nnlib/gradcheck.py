"""Checking a derivative against the slope that two nearby points give."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from nnlib.backend import RNG, Array, describe, is_floating, namespace
from nnlib.tensor import Tensor


def numerical_gradient(f: Callable[[Array], Any], x: Array, h: float = 1e-6) -> Array:
    """Return the gradient of a function by central differences (5.1).

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x`, returns one number.
    x : array
        Where, of any shape; float64, because a difference of nearly equal numbers has few digits.
    h : float, default 1e-6
        How far to step to each side.

    Returns
    -------
    array
        The gradient, of the shape of `x`.

    Raises
    ------
    TypeError
        If `x` is not float64.

    Notes
    -----
    Two calls of `f` for each number of `x`: good for checking, too slow for training.

    Examples
    --------
    >>> import numpy as np
    >>> numerical_gradient(lambda x: (x**3).sum(), np.array([1.0, 2.0])).round(4)
    array([ 3., 12.])
    """
    _check_float64(x)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        step = namespace(x).asarray(step)
        gradient[i] = (float(f(x + step)) - float(f(x - step))) / (2 * h)  # (5.1)
    return namespace(x).asarray(gradient)


def gradcheck(
    op: Callable[..., Tensor],
    *arrays: Array,
    wrt: Iterable[int] | None = None,
    rng: RNG = 0,
    h: float = 1e-6,
    rtol: float = 1e-6,
    **options: Any,
) -> None:
    """Check the derivatives of an operation against central differences.

    For each argument a random direction ``v`` and a random gradient ``u`` of the output are drawn,
    and the slope of ``(u * op(x)).sum()`` along ``v`` is compared with ``(vjp(u) * v).sum()``. Two
    calls decide for all numbers of the argument at once: a wrong entry is missed with
    probability 0.

    Parameters
    ----------
    op : callable
        A primitive, or any function of tensors that returns a tensor.
    *arrays : array
        Its arguments, float64 where they are checked, away from corners such as ``relu`` at 0.
    wrt : iterable of int, optional
        Which arguments to check; by default those that are floating-point.
    rng : numpy.random.Generator or int, default 0
        Where the directions come from.
    h : float, default 1e-6
        How far to step to each side.
    rtol : float, default 1e-6
        How far the two may differ, relative to the larger of both and to 1.
    **options : object
        Passed to `op`.

    Raises
    ------
    AssertionError
        If the two slopes differ; says for which argument and by how much.
    TypeError
        If an argument to check is not float64.

    References
    ----------
    The idea is that of the test utilities of HIPS/autograd and of PyTorch's fast mode.

    Examples
    --------
    >>> import numpy as np, nnlib
    >>> gradcheck(nnlib.linear, np.ones((4, 3)), np.ones((2, 3)), np.ones(2))
    """
    xp, rng = namespace(arrays[0]), np.random.default_rng(rng)
    checked = (
        [i for i, a in enumerate(arrays) if hasattr(a, "dtype") and is_floating(a)]
        if wrt is None
        else list(wrt)
    )
    name = getattr(op, "__name__", repr(op))
    if not checked:
        raise TypeError(f"{name}: no argument is floating-point, so there is nothing to check")
    for i in checked:
        _check_float64(arrays[i])
        tensors = [Tensor(a, requires_grad=True) if j == i else a for j, a in enumerate(arrays)]
        output = op(*tensors, **options)
        u = xp.asarray(rng.standard_normal(output.shape))
        v = xp.asarray(rng.standard_normal(arrays[i].shape))
        output.backward(u)
        grad: Array = tensors[i].grad

        def along(step: float, i: int = i, u: Array = u, v: Array = v) -> float:
            moved = [a + step * v if j == i else a for j, a in enumerate(arrays)]
            return float(xp.sum(u * op(*map(Tensor, moved), **options).data))

        exact, numeric = float(xp.sum(grad * v)), (along(h) - along(-h)) / (2 * h)
        if not abs(exact - numeric) <= rtol * max(1.0, abs(exact), abs(numeric)):
            raise AssertionError(
                f"{name}: along a random direction of argument {i}, backward says the slope is "
                f"{exact:.10g} and differences say {numeric:.10g}"
            )


def _check_float64(x: Any) -> None:
    if str(getattr(x, "dtype", None)).rpartition(".")[-1] != "float64":
        raise TypeError(
            f"differences need float64, got {describe(x)}: with fewer digits the rounding is "
            "larger than the error that is looked for. Write x.astype(np.float64)"
        )
