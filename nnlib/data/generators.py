"""Small sets of points, drawn on the spot: each a question that some network cannot answer.

In all of them `noise` is the standard deviation of a normal shift. It is added to both coordinates
once the class is fixed (`sine`: to the output), so a point can stray over the border. One seed
gives the same points at every noise, shifted less or more. Unless it says otherwise, the classes
take turns along the rows, so each holds its share of any number of points.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

from nnlib.data.batching import RNG, NumPyArray

Points: TypeAlias = tuple[NumPyArray, NumPyArray]


def linear_data(n: int = 100, *, noise: float = 0.0, rng: RNG = None) -> Points:
    """Draw points that one straight line separates, x_1 + 2 x_2 = 0.5.

    Parameters
    ----------
    n : int, default 100
        How many points.
    noise : float, default 0
        The standard deviation of the shift of each coordinate.
    rng : numpy.random.Generator, int or None
        A generator, a seed, or None for fresh randomness.

    Returns
    -------
    X : numpy.ndarray of float32
        The points. Without noise they are spread evenly over [-1, 1] x [-1, 1].
    y : numpy.ndarray of int64
        Class 1 on the upper side of the line, else 0. About 3 in 8 are of class 1.

    Notes
    -----
    Shape: X (n, 2), y (n,).

    Examples
    --------
    >>> X, y = linear_data(200, rng=0)
    >>> bool(np.all((X[:, 0] + 2 * X[:, 1] > 0.5) == (y == 1)))
    True
    """
    rng = _generator(n, noise, rng)
    X = rng.uniform(-1, 1, (n, 2)).astype(np.float32)
    return _points(X, X[:, 0] + 2 * X[:, 1] > 0.5, noise, rng)


def xor(n: int = 100, *, noise: float = 0.0, rng: RNG = None) -> Points:
    """Draw points in four squares, like beside unlike: no straight line separates the classes.

    Parameters
    ----------
    n : int, default 100
        How many points.
    noise : float, default 0
        The standard deviation of the shift of each coordinate.
    rng : numpy.random.Generator, int or None
        A generator, a seed, or None for fresh randomness.

    Returns
    -------
    X : numpy.ndarray of float32
        The points. Without noise both coordinates lie in [-1, 1], at least 0.1 away from 0.
    y : numpy.ndarray of int64
        Class 1 where the two coordinates differ in sign, else 0.

    Notes
    -----
    Shape: X (n, 2), y (n,).

    References
    ----------
    Minsky, Papert: Perceptrons. MIT Press 1969.

    Examples
    --------
    >>> X, y = xor(200, rng=0)
    >>> bool(np.all((X[:, 0] * X[:, 1] < 0) == (y == 1)))
    True
    """
    rng = _generator(n, noise, rng)
    y = np.arange(n) % 2
    sign = rng.choice([-1.0, 1.0], n)
    signs = np.stack([sign, np.where(y == 1, -sign, sign)], axis=1)
    return _points(signs * rng.uniform(0.1, 1, (n, 2)), y, noise, rng)


def moons(n: int = 100, *, noise: float = 0.1, rng: RNG = None) -> Points:
    """Draw points on two half circles that reach into each other.

    Parameters
    ----------
    n : int, default 100
        How many points.
    noise : float, default 0.1
        The standard deviation of the shift of each coordinate.
    rng : numpy.random.Generator, int or None
        A generator, a seed, or None for fresh randomness.

    Returns
    -------
    X : numpy.ndarray of float32
        The points. Without noise x_1 lies in [-1, 2] and x_2 in [-0.5, 1].
    y : numpy.ndarray of int64
        Class 0 on the upper half circle, about (0, 0); class 1 on the lower, about (1, 0.5).

    Notes
    -----
    Shape: X (n, 2), y (n,).

    Examples
    --------
    >>> X, y = moons(200, noise=0, rng=0)
    >>> bool(np.allclose(np.hypot(*X[y == 0].T), 1))
    True
    """
    rng = _generator(n, noise, rng)
    y = np.arange(n) % 2
    angle = rng.uniform(0, math.pi, n) + math.pi * y
    X = np.stack([np.cos(angle) + y, np.sin(angle) + 0.5 * y], axis=1)
    return _points(X, y, noise, rng)


def spirals(n: int = 200, *, noise: float = 0.02, classes: int = 2, rng: RNG = None) -> Points:
    """Draw points on arms that each wind once around the centre, one arm a class.

    Parameters
    ----------
    n : int, default 200
        How many points.
    noise : float, default 0.02
        The standard deviation of the shift of each coordinate.
    classes : int, default 2
        How many arms.
    rng : numpy.random.Generator, int or None
        A generator, a seed, or None for fresh randomness.

    Returns
    -------
    X : numpy.ndarray of float32
        The points. Without noise their distance from the centre lies in [0.1, 1].
    y : numpy.ndarray of int64
        The arm, 0 to ``classes - 1``.

    Notes
    -----
    Shape: X (n, 2), y (n,).

    References
    ----------
    Lang, Witbrock: Learning to tell two spirals apart. Connectionist Models Summer School 1988.

    Examples
    --------
    >>> X, y = spirals(6, classes=3, rng=0)
    >>> X.shape, y
    ((6, 2), array([0, 1, 2, 0, 1, 2]))
    """
    rng = _generator(n, noise, rng)
    if classes < 1:
        raise ValueError(f"spirals: it takes at least 1 class, got {classes}")
    y = np.arange(n) % classes
    radius = rng.uniform(0.1, 1, n)
    angle = 2 * math.pi * (radius + y / classes)
    X = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return _points(X, y, noise, rng)


def rings(n: int = 100, *, noise: float = 0.05, rng: RNG = None) -> Points:
    """Draw points on two circles about the origin, one inside the other.

    Parameters
    ----------
    n : int, default 100
        How many points.
    noise : float, default 0.05
        The standard deviation of the shift of each coordinate.
    rng : numpy.random.Generator, int or None
        A generator, a seed, or None for fresh randomness.

    Returns
    -------
    X : numpy.ndarray of float32
        The points. Without noise their distance from the origin is 0.5 or 1.
    y : numpy.ndarray of int64
        Class 0 on the outer circle, class 1 on the inner.

    Notes
    -----
    Shape: X (n, 2), y (n,).

    Examples
    --------
    >>> X, y = rings(200, noise=0, rng=0)
    >>> bool(np.allclose(np.hypot(*X.T), np.where(y == 1, 0.5, 1)))
    True
    """
    rng = _generator(n, noise, rng)
    y = np.arange(n) % 2
    radius, angle = np.where(y == 1, 0.5, 1.0), rng.uniform(0, 2 * math.pi, n)
    X = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return _points(X, y, noise, rng)


def sine(n: int = 100, *, noise: float = 0.1, rng: RNG = None) -> Points:
    """Draw points on one period of a sine: numbers to predict instead of classes.

    Parameters
    ----------
    n : int, default 100
        How many points.
    noise : float, default 0.1
        The standard deviation of what is added to each output.
    rng : numpy.random.Generator, int or None
        A generator, a seed, or None for fresh randomness.

    Returns
    -------
    x : numpy.ndarray of float32
        The inputs, spread evenly over [-pi, pi].
    y : numpy.ndarray of float32
        The outputs. Without noise y = sin(x).

    Notes
    -----
    Shape: x (n, 1), y (n, 1).

    Examples
    --------
    >>> x, y = sine(200, noise=0, rng=0)
    >>> bool(np.allclose(y, np.sin(x), atol=1e-6))
    True
    """
    rng = _generator(n, noise, rng)
    x = rng.uniform(-math.pi, math.pi, (n, 1))
    y = np.sin(x) + noise * rng.standard_normal((n, 1))
    return x.astype(np.float32), y.astype(np.float32)


def _generator(n: int, noise: float, rng: RNG) -> np.random.Generator:
    """Check what every generator is asked for, and return its source of randomness."""
    if n < 1 or noise < 0:
        raise ValueError(f"points: n is at least 1 and noise at least 0, got n={n}, noise={noise}")
    return np.random.default_rng(rng)


def _points(X: NumPyArray, y: Any, noise: float, rng: np.random.Generator) -> Points:
    """Shift the points by the noise; give both arrays their dtype."""
    shifted = X + noise * rng.standard_normal(X.shape)
    return shifted.astype(np.float32), np.asarray(y).astype(np.int64)
