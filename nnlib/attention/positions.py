"""Where in a sequence something stands: attention alone cannot tell.

Learned positions need nothing here: they are an `nnlib.Embedding` of the numbers 0, 1, 2, ...
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib.backend import Array, namespace
from nnlib.tensor import primitive


def sinusoidal_positions(
    steps: int, size: int, *, base: float = 10000.0, dtype: Any = np.float32
) -> np.ndarray[Any, Any]:
    """Return waves of many lengths, to be added to what stands at each place (11.10).

    Parameters
    ----------
    steps : int
        How many places.
    size : int
        How many numbers each place has; an even number.
    base : float, default 10000
        The longest wave is about this many times the shortest.
    dtype : dtype, default float32
        The kind of number.

    Returns
    -------
    numpy.ndarray
        A sine and a cosine of each length, in turn.

    Raises
    ------
    ValueError
        If `size` is odd.

    Notes
    -----
    Shape: (steps, size).

    References
    ----------
    Vaswani et al.: Attention is all you need. NeurIPS 2017, section 3.5.

    Examples
    --------
    >>> sinusoidal_positions(3, 4).round(2)
    array([[ 0.  ,  1.  ,  0.  ,  1.  ],
           [ 0.84,  0.54,  0.01,  1.  ],
           [ 0.91, -0.42,  0.02,  1.  ]], dtype=float32)
    """
    angles = _angles(np.arange(steps), size, base)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(steps, size).astype(dtype)


def _angles(places: Any, size: int, base: float) -> np.ndarray[Any, Any]:
    if size < 2 or size % 2:
        raise ValueError(f"waves come in pairs, so the size is an even number, got {size}")
    return np.asarray(places)[..., None] * base ** (-np.arange(0, size, 2) / size)  # (11.10)


@primitive
def rotary(x: Array, *, offset: int = 0, base: float = 10000.0) -> Any:
    """Turn pairs of numbers by an angle that grows with their place (11.11).

    The product of a turned query with a turned key depends on how far apart they stand, and not on
    where.

    Parameters
    ----------
    x : Tensor or array
        Queries or keys.
    offset : int, default 0
        The number of the first place.
    base : float, default 10000
        The slowest pair turns about this many times slower than the fastest.

    Returns
    -------
    Tensor
        Of the shape of `x`. Number i of the first half is turned with number i of the second.

    Notes
    -----
    Shape: (..., T, D), with an even D, gives (..., T, D).

    References
    ----------
    Su et al.: RoFormer: enhanced transformer with rotary position embedding. arXiv:2104.09864.

    Examples
    --------
    >>> import numpy as np
    >>> rotary(np.array([[1.0, 0.0], [1.0, 0.0]])).data.round(2)
    array([[1.  , 0.  ],
           [0.54, 0.84]])
    """
    xp, half = namespace(x), x.shape[-1] // 2
    angles = _angles(offset + np.arange(x.shape[-2]), x.shape[-1], base)
    kind = str(x.dtype).rpartition(".")[-1]
    cos, sin = (xp.asarray(f(angles).astype(kind)) for f in (np.cos, np.sin))

    def turned(a: Array, sin: Array) -> Array:
        first, second = a[..., :half], a[..., half:]
        return xp.concat([first * cos - second * sin, first * sin + second * cos], axis=-1)

    return turned(x, sin), (lambda g: turned(g, -sin),)  # (11.11)
