"""W1: a network of 337 parameters on 200 points, all in one batch. What it costs is the calls."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import numpy as np

from benchmarks.harness import Case, Goal
from benchmarks.mlp import Task, contenders, equal_work
from nnlib.data import moons

EPOCHS = 200


def cases(epochs: int = EPOCHS) -> Iterator[Case]:
    """Yield the race."""
    X, labels = moons(200, noise=0.1, rng=0)
    y = labels[:, None].astype(np.float32)
    task = Task((2, 16, 16, 1), "tanh", "SGD", lr=0.1, batch_size=len(X))
    yield Case(
        "W1: 2-16-16-1, 200 points, SGD",
        {
            name: functools.partial(library.train, X, y, epochs)
            for name, library in contenders(task).items()
        },
        count=epochs,
        unit="step",
        goals=(Goal("torch", (3.5, 3.5)),),
        checked=equal_work(task, X, y),
    )
