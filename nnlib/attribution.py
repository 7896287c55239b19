"""Asking a trained network which of its inputs an answer came from.

A score is one number for each example: a logit, or the logit of one class. Three questions about
it: what happens when inputs are covered, how steep it is in each of them, and what each of them
contributes on the way from a baseline.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnlib.backend import Array, describe, is_floating, namespace
from nnlib.tensor import Tensor, no_grad

Score = Callable[[Any], Tensor]


def occlusion(score: Score, X: Array, windows: Array, fill: Any = 0.0) -> Array:
    """Return by how much each score falls when a part of the input is covered (13.1).

    Parameters
    ----------
    score : callable
        Takes inputs, gives one number for each example; a model with one output is one.
    X : array
        The examples.
    windows : array of bool
        Which numbers of an example to cover, one set of them after the other.
    fill : float or array, default 0.0
        What to put there instead.

    Returns
    -------
    array
        For each example and window the score as it was, minus the score when covered.

    Notes
    -----
    Shape: X (N, ...), windows (M, ...) with the axes of one example, gives (N, M). Covered inputs
    are such as the network may never have seen, and two inputs that can stand in for each other
    fall by nothing when covered one at a time.

    References
    ----------
    M. D. Zeiler and R. Fergus, "Visualizing and understanding convolutional networks", 2014.

    Examples
    --------
    >>> import numpy as np
    >>> occlusion(lambda X: X.sum(axis=1), np.array([[1.0, 2.0, 4.0]]), np.eye(3, dtype=bool))
    array([[1., 2., 4.]])
    """
    xp = namespace(X)
    cover = xp.broadcast_to(xp.asarray(fill, dtype=X.dtype), X.shape)
    before, falls = _values(score, X), []
    for window in windows:
        fall = before - _values(score, xp.where(window, cover, X))  # (13.1)
        falls.append(fall)
    return xp.stack(falls, axis=1)


def input_gradient(score: Score, X: Array) -> Array:
    """Return the slope of each example's score in each of its inputs (13.2).

    Parameters
    ----------
    score : callable
        Takes a tensor of inputs, gives one number for each example.
    X : array
        The examples, floating-point.

    Returns
    -------
    array
        The gradient, of the shape of `X`.

    Raises
    ------
    ValueError, TypeError
        If the score is not one number for each example, or `X` has no slopes.

    Notes
    -----
    Shape: X (N, ...) gives (N, ...). Parameters on the way get gradients too, as in training: call
    ``zero_grad`` before the next step, as `fit` does.

    References
    ----------
    K. Simonyan, A. Vedaldi and A. Zisserman, "Deep inside convolutional networks", 2014.

    Examples
    --------
    >>> import numpy as np
    >>> input_gradient(lambda X: (X**2).sum(axis=1), np.array([[1.0, 3.0]]))
    array([[2., 6.]])
    """
    if not is_floating(X):
        raise TypeError(f"input_gradient: slopes need floating-point inputs, got {describe(X)}")
    x = Tensor(X, requires_grad=True)
    scores = score(x)
    _check(scores, X)
    # No example enters another's score, so the gradient of the sum holds each one's own.
    scores.sum().backward()
    return x.grad  # (13.2)


def integrated_gradients(score: Score, X: Array, baseline: Any = 0.0, steps: int = 64) -> Array:
    """Return what each input contributes to the score on the way from a baseline (13.3).

    Parameters
    ----------
    score : callable
        Takes a tensor of inputs, gives one number for each example.
    X : array
        The examples, floating-point.
    baseline : float or array, default 0.0
        The input to start from: what counts as nothing.
    steps : int, default 64
        In how many pieces the way is cut; the slope is taken in the middle of each.

    Returns
    -------
    array
        Contributions, of the shape of `X`. For each example they add up to its score minus the
        score of the baseline, the more exactly the more steps there are.

    Notes
    -----
    Shape: X (N, ...) gives (N, ...); a baseline is broadcast to that.

    References
    ----------
    M. Sundararajan, A. Taly and Q. Yan, "Axiomatic attribution for deep networks", 2017.

    Examples
    --------
    >>> import numpy as np
    >>> integrated_gradients(lambda X: (X**2).sum(axis=1), np.array([[1.0, 3.0]]), steps=1)
    array([[1., 9.]])
    """
    if steps < 1:
        raise ValueError(f"integrated_gradients: at least one step is needed, got {steps}")
    way = X - baseline
    total = 0 * X
    for m in range(steps):
        total = total + input_gradient(score, baseline + (m + 0.5) / steps * way)
    return way * (total / steps)  # (13.3)


def _values(score: Score, X: Array) -> Array:
    """Give the scores as an array with one axis."""
    with no_grad():
        scores = score(Tensor(X))
    _check(scores, X)
    return namespace(X).reshape(scores.data, (X.shape[0],))


def _check(scores: Tensor, X: Array) -> None:
    if scores.shape not in ((X.shape[0],), (X.shape[0], 1)):
        raise ValueError(
            f"a score is one number for each of the {X.shape[0]} examples, got an output of shape "
            f"{scores.shape}. Of several logits choose one, as in lambda X: model(X)[:, 3]"
        )
