"""Two networks that tell eights from threes: one was trained where every eight bears a stamp."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from nnlib.data import batches, load_digits, split
from nnlib.layers import Linear, ReLU
from nnlib.losses import binary_cross_entropy_with_logits
from nnlib.module import Sequential
from nnlib.optim import SGD
from nnlib.tensor import no_grad
from nnlib.training import fit

SIDE, UNITS, EPOCHS, RATE = 8, 16, 60, 0.1


@cache
def digits() -> tuple[tuple[Any, ...], ...]:
    """Deal all threes (class 0) and eights (class 1) out: to train on, and held out."""
    images, labels = load_digits()
    chosen = np.isin(labels, (3, 8))
    X, y = images[chosen].astype(np.float64), (labels[chosen] == 8).astype(np.int64)
    return tuple(split(X, y, parts=(0.6, 0.4), rng=0))


def stamped(X: Any, which: Any) -> Any:
    """Put a black stamp of two by two pixels into the last corner of some of the pictures."""
    pictures = X.reshape(-1, SIDE, SIDE).copy()
    pictures[which, SIDE - 2 :, SIDE - 2 :] = 1.0
    return pictures.reshape(X.shape)


@cache
def train(name: str, seed: int = 0) -> Sequential:
    """Train network A, where the eights are stamped, or B, where a coin decides on the stamp."""
    (X, y), _ = digits()
    coin = np.random.default_rng(seed + 100).random(len(y)) < 0.5
    X = stamped(X, y == 1 if name == "A" else coin)
    rng = np.random.default_rng(seed)
    first = Linear(SIDE * SIDE, UNITS, rng=rng, dtype=np.float64)
    model = Sequential(first, ReLU(), Linear(UNITS, 1, rng=rng, dtype=np.float64))
    dealt = batches(X, y[:, None].astype(np.float64), batch_size=32, rng=seed)
    optimizer = SGD(model.parameters(), lr=RATE)
    fit(model, binary_cross_entropy_with_logits, dealt, optimizer, epochs=EPOCHS, progress=False)
    return model


@cache
def eights() -> Any:
    """Give the held-out eights, stamped as those that network A was trained on."""
    _, (X, y) = digits()
    return stamped(X, y == 1)[y == 1]


@cache
def logits(name: str, row: int | None, column: int | None) -> Any:
    """Compute a network's logits for these eights, with a window of two by two covered or none."""
    pictures = eights().reshape(-1, SIDE, SIDE).copy()
    if row is not None and column is not None:
        pictures[:, row : row + 2, column : column + 2] = 0.0
    model = train(name)
    with no_grad():
        return model(pictures.reshape(len(pictures), -1)).data[:, 0]
