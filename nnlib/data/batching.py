"""From a table of examples to what a training loop eats: parts, scales, codes, batches.

All of it works on NumPy arrays whose first axis runs over the examples.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

NumPyArray: TypeAlias = np.ndarray[Any, Any]
RNG: TypeAlias = np.random.Generator | int | None


def batches(
    *arrays: Any, batch_size: int, shuffle: bool = True, drop_last: bool = False, rng: RNG = None
) -> Batches:
    """Cut examples into batches, in a new order at each pass.

    Parameters
    ----------
    *arrays : array_like
        Inputs, targets and whatever else belongs to the examples, of one length.
    batch_size : int
        How many examples a batch holds. The last one holds what is left.
    shuffle : bool, default True
        Whether to draw a new order at each pass. Leave the order alone for validation and test.
    drop_last : bool, default False
        Whether to leave out a last batch that is not full: batch normalisation cannot do with one
        example.
    rng : numpy.random.Generator, int or None
        Where the orders come from: a generator, a seed, or None for fresh randomness.

    Returns
    -------
    Batches
        Loop over it as often as there are epochs: each pass yields one tuple of arrays a batch.
        ``len()`` is the number of batches in a pass.

    Raises
    ------
    ValueError
        If the arrays are empty or differ in length, if `batch_size` is less than 1, or if not one
        batch is full and `drop_last` is True.

    Notes
    -----
    Shape: arrays (N, ...) become batches (B, ...), with B = batch_size except perhaps in the last.

    Examples
    --------
    >>> X, y = np.arange(10.0).reshape(5, 2), np.arange(5)
    >>> for X_batch, y_batch in batches(X, y, batch_size=2, rng=0):
    ...     print(X_batch.shape, y_batch)
    (2, 2) [2 4]
    (2, 2) [3 0]
    (1, 2) [1]
    """
    return Batches(arrays, batch_size, shuffle, drop_last, np.random.default_rng(rng))


class Batches:
    """Examples in batches, to be looped over once an epoch; made by `batches`.

    Examples
    --------
    >>> len(batches(np.zeros((5, 2)), batch_size=2))
    3
    """

    def __init__(
        self,
        arrays: Sequence[Any],
        batch_size: int,
        shuffle: bool,
        drop_last: bool,
        rng: np.random.Generator,
    ) -> None:
        self.arrays = _same_length("batches", arrays)
        if not isinstance(batch_size, int | np.integer):
            raise TypeError(f"batches: batch_size must be a whole number, got {batch_size!r}")
        if batch_size < 1:
            raise ValueError(f"batches: batch_size must be at least 1, got {batch_size}")
        self.batch_size, self.shuffle, self.rng = int(batch_size), shuffle, rng
        n = len(self.arrays[0])
        if drop_last and n < batch_size:
            raise ValueError(f"batches: {n} examples do not fill one batch of {batch_size}")
        self.end = n - n % self.batch_size if drop_last else n

    def __len__(self) -> int:
        return math.ceil(self.end / self.batch_size)

    def __iter__(self) -> Iterator[tuple[NumPyArray, ...]]:
        n = len(self.arrays[0])
        order = self.rng.permutation(n) if self.shuffle else None
        for start in range(0, self.end, self.batch_size):
            rows = slice(start, start + self.batch_size)
            if order is None:
                yield tuple(a[rows] for a in self.arrays)
            else:  # `take` gathers rows faster than indexing does
                yield tuple(a.take(order[rows], axis=0) for a in self.arrays)


def split(
    *arrays: Any, parts: Sequence[float] = (0.6, 0.2, 0.2), rng: RNG = None
) -> tuple[tuple[NumPyArray, ...], ...]:
    """Deal examples out at random into parts that have none in common.

    Parameters
    ----------
    *arrays : array_like
        Inputs, targets and whatever else belongs to the examples, of one length.
    parts : sequence of float, default (0.6, 0.2, 0.2)
        The fraction of the examples in each part: by default training, validation and test.
        Fractions that sum to less than 1 leave examples out.
    rng : numpy.random.Generator, int or None
        Where the order comes from: a generator, a seed, or None for fresh randomness.

    Returns
    -------
    tuple of tuples
        For each part a tuple of arrays, one for each array that was passed.

    Raises
    ------
    ValueError
        If the arrays are empty or differ in length, if a fraction is not above 0 or all sum to
        more than 1, or if there are too few examples to put one into each part.

    Notes
    -----
    Shape: arrays (N, ...) become one array (n, ...) a part, where n is N times its fraction,
    rounded so that the sizes add up.

    Examples
    --------
    >>> X, y = np.arange(20.0).reshape(10, 2), np.arange(10)
    >>> (X_train, y_train), (X_val, y_val), (X_test, y_test) = split(X, y, rng=0)
    >>> y_train, y_val, y_test
    (array([4, 6, 2, 7, 3, 5]), array([9, 0]), array([8, 1]))
    """
    examples = _same_length("split", arrays)
    if not np.iterable(parts):
        raise TypeError(f"split: parts holds a fraction for each part, (0.8, 0.2), got {parts!r}")
    if not parts or min(parts) <= 0 or math.fsum(parts) > 1 + 1e-9:
        raise ValueError(
            f"split: parts are fractions above 0 that sum to at most 1, got {tuple(parts)} "
            f"with the sum {math.fsum(parts):g}"
        )
    n = len(examples[0])
    ends = [round(n * math.fsum(parts[:i])) for i in range(len(parts) + 1)]
    sizes = [end - start for start, end in itertools.pairwise(ends)]
    if min(sizes) == 0:
        raise ValueError(
            f"split: {n} examples in parts {tuple(parts)} would give {sizes} examples. "
            "Each part needs at least one: take more examples or larger fractions"
        )
    order = np.random.default_rng(rng).permutation(n)
    return tuple(
        tuple(a[order[start:end]] for a in examples) for start, end in itertools.pairwise(ends)
    )


class StandardScaler:
    """Shift and scale each column to mean 0 and standard deviation 1, as measured in training.

    Parameters
    ----------
    X_train : array_like of float
        The training inputs alone: a scale that has seen the test inputs has leaked them.

    Attributes
    ----------
    mean, std : numpy.ndarray
        What is subtracted and what is divided by, for each column. A column that never changes
        in training has no scale; it is divided by 1.

    Notes
    -----
    Equation (7.3). Shape: X_train (N, D) and X (M, D) give (M, D), in the dtype of X.

    References
    ----------
    LeCun, Bottou, Orr, Müller: Efficient BackProp. In Neural Networks: Tricks of the Trade, 1998,
    section 4.3.

    Examples
    --------
    >>> scale = StandardScaler(np.array([[1.0, 10.0], [3.0, 30.0]]))
    >>> scale(np.array([[2.0, 40.0]]))
    array([[0., 2.]])
    """

    def __init__(self, X_train: Any) -> None:
        X_train = self._floats(X_train)
        if X_train.ndim != 2 or len(X_train) == 0:
            raise ValueError(
                f"StandardScaler: inputs are a table (N, D) of N > 0 examples, got the shape "
                f"{X_train.shape}"
            )
        strange = np.flatnonzero(~np.isfinite(X_train).all(axis=0))
        if strange.size:
            raise ValueError(
                f"StandardScaler: nan or infinity in the columns {strange.tolist()}. Drop or fill "
                "these values first: one of them spoils its whole column"
            )
        constant = X_train.max(axis=0) == X_train.min(axis=0)
        self.mean = X_train.mean(axis=0, dtype=np.float64)
        self.std = np.where(constant, 1.0, X_train.std(axis=0, dtype=np.float64))

    def __call__(self, X: Any) -> NumPyArray:
        """Return `X` on the scale of the training inputs."""
        X = self._floats(X)
        if X.ndim == 0 or X.shape[-1] != len(self.mean):
            raise ValueError(
                f"StandardScaler: it was fitted on {len(self.mean)} columns, got an array of the "
                f"shape {X.shape}"
            )
        scaled: NumPyArray = (X - self.mean.astype(X.dtype)) / self.std.astype(X.dtype)  # (7.3)
        return scaled

    @staticmethod
    def _floats(X: Any) -> NumPyArray:
        table: NumPyArray = np.asarray(X)
        if table.dtype.kind != "f":
            raise TypeError(
                f"StandardScaler: means and scales are not whole numbers, so it needs floats, got "
                f"{table.dtype}. Convert first, for example with X.astype(np.float32)"
            )
        return table


def one_hot(labels: Any, classes: int, *, dtype: Any = np.float32) -> NumPyArray:
    """Write each label as a row of zeros with a one at its place.

    Parameters
    ----------
    labels : array_like of int
        Class indices from 0 to ``classes - 1``.
    classes : int
        How many classes there are.
    dtype : dtype, default float32
        The kind of number of the result.

    Returns
    -------
    numpy.ndarray
        The codes.

    Notes
    -----
    Shape: labels (N,) give (N, classes).

    Examples
    --------
    >>> one_hot([2, 0], classes=3)
    array([[0., 0., 1.],
           [1., 0., 0.]], dtype=float32)
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise TypeError(
            f"one_hot: labels are whole numbers of the shape (N,), got {labels.dtype} of the "
            f"shape {labels.shape}"
        )
    if labels.size and (labels.min() < 0 or labels.max() >= classes):
        raise ValueError(
            f"one_hot: with {classes} classes the labels run from 0 to {classes - 1}, got labels "
            f"from {labels.min()} to {labels.max()}"
        )
    codes = np.zeros((len(labels), classes), dtype=dtype)
    codes[np.arange(len(labels)), labels] = 1
    return codes


def _same_length(caller: str, arrays: Sequence[Any]) -> tuple[NumPyArray, ...]:
    """Return the arrays as NumPy arrays if they hold the same number of examples, above 0."""
    examples = tuple(np.asarray(a) for a in arrays)
    shapes = ", ".join(str(a.shape) for a in examples)
    if not examples or any(a.ndim == 0 for a in examples):
        raise ValueError(f"{caller}: pass arrays whose first axis runs over the examples")
    if any(a.dtype == object for a in examples):
        raise TypeError(
            f"{caller}: pass arrays of numbers, got {', '.join(type(a).__name__ for a in arrays)}"
        )
    if len({len(a) for a in examples}) > 1:
        raise ValueError(
            f"{caller}: the arrays differ in length, their shapes are {shapes}. The first axis "
            "runs over the examples, and each array needs one entry for each example"
        )
    if len(examples[0]) == 0:
        raise ValueError(f"{caller}: there are no examples, the shapes are {shapes}")
    return examples
