"""W2: 784-128-10 on MNIST. What it costs is products of matrices, then all around them."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import numpy as np

from benchmarks.harness import Case, Goal
from benchmarks.mlp import Task, contenders, equal_work
from nnlib.data import load_mnist

EXAMPLES = 20_000  # more than fits in most caches, as a data set would be
BESIDE = Path(__file__).parents[2] / "shared" / "data"


def examples(n: int = EXAMPLES) -> tuple[np.ndarray, np.ndarray, str]:
    """Return images and labels of MNIST where it is at hand, else random ones; and which."""
    folder = Path(os.environ.get("NNLIB_DATA") or BESIDE)
    if any(folder.glob("*train-images-idx3-ubyte*")):
        with mock.patch.dict(os.environ, NNLIB_DATA=str(folder)):
            X, y = load_mnist()
        return X[:n].copy(), y[:n].copy(), "MNIST"
    rng = np.random.default_rng(0)
    return rng.random((n, 784), dtype=np.float32), rng.integers(0, 10, n), "random images"


def cases(n: int = EXAMPLES) -> Iterator[Case]:
    """Yield a race for each batch size and optimiser."""
    X, y, source = examples(n)
    for size in (64, 256):
        for optimizer, lr in (("SGD", 0.05), ("Adam", 0.001)):
            task = Task((784, 128, 10), "relu", optimizer, lr, size)
            yield Case(
                f"W2: 784-128-10, {source}, batch {size}, {optimizer}",
                {
                    name: functools.partial(library.train, X, y)
                    for name, library in contenders(task).items()
                },
                count=-(-n // size),
                unit="step",
                goals=(Goal("torch", (1.4, 2.0)), Goal("scikit-learn", (1.5, 1.5))),
                checked=equal_work(task, X, y),
            )
