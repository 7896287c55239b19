"""MNIST: a multilayer perceptron, a LeNet, and a convolutional network of our own."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import nnlib
from benchmarks.results.recipe import Recipe, train
from nnlib.data import batches, load_mnist


def mlp(rng: np.random.Generator) -> nnlib.Module:
    """Build 784-300-100-10 with ReLU and dropout."""
    return nnlib.Sequential(
        nnlib.Flatten(),
        nnlib.Linear(784, 300, rng=rng),
        nnlib.ReLU(),
        nnlib.Dropout(0.2, rng=rng),
        nnlib.Linear(300, 100, rng=rng),
        nnlib.ReLU(),
        nnlib.Linear(100, 10, rng=rng),
    )


def lenet(rng: np.random.Generator) -> nnlib.Module:
    """Build two convolutions of 8 and 16 kernels, 5 x 5, each with pooling, and a linear layer."""
    return nnlib.Sequential(
        nnlib.Conv2d(1, 8, 5, rng=rng),
        nnlib.ReLU(),
        nnlib.MaxPool2d(2),
        nnlib.Conv2d(8, 16, 5, rng=rng),
        nnlib.ReLU(),
        nnlib.MaxPool2d(2),
        nnlib.Flatten(),
        nnlib.Linear(256, 10, rng=rng),
    )


def cnn(rng: np.random.Generator) -> nnlib.Module:
    """Build five small convolutions with batch normalisation, less than 120,000 parameters."""

    def convolution(before: int, after: int) -> list[nnlib.Module]:
        layer = nnlib.Conv2d(before, after, 3, padding=1, bias=False, rng=rng, init=nnlib.he_normal)
        return [layer, nnlib.BatchNorm2d(after), nnlib.ReLU()]

    return nnlib.Sequential(
        *convolution(1, 16),
        *convolution(16, 16),
        nnlib.MaxPool2d(2),
        *convolution(16, 32),
        *convolution(32, 32),
        nnlib.MaxPool2d(2),
        *convolution(32, 64),
        nnlib.Flatten(),
        nnlib.Dropout(0.3, rng=rng),
        nnlib.Linear(64 * 7 * 7, 10, rng=rng),
    )


def shifted(images: np.ndarray, rng: np.random.Generator, reach: int = 2) -> np.ndarray:
    """Move every image by up to `reach` rows and columns; what comes in is black."""
    n, _, height, width = images.shape
    framed = np.pad(images, ((0, 0), (0, 0), (reach, reach), (reach, reach)))
    down, right = rng.integers(0, 2 * reach + 1, (2, n, 1))
    rows = (down + np.arange(height))[:, :, None]
    columns = (right + np.arange(width))[:, None, :]
    return framed[np.arange(n)[:, None, None], 0, rows, columns][:, None]


def accuracy(
    seed: int,
    limit: int | None,
    *,
    build: Callable[[np.random.Generator], nnlib.Module],
    epochs: int,
    lr: float,
    batch_size: int,
    weight_decay: float,
    shifts: bool,
) -> float:
    """Train on the 60,000 digits, with a rate that falls to 0; give the share right of 10,000."""
    rng = np.random.default_rng(seed)
    (X, y), (X_test, y_test) = load_mnist(), load_mnist(train=False)
    X, X_test = X.reshape(-1, 1, 28, 28), X_test.reshape(-1, 1, 28, 28)
    model = build(rng)
    deal = batches(X, y, batch_size=batch_size, rng=rng)
    steps = min(epochs * len(deal), limit or math.inf)
    optimizer = nnlib.AdamW(model.parameters(), lr=lr, weight_decay=weight_decay)
    schedule = nnlib.CosineAnnealingLR(optimizer, T_max=epochs * len(deal))

    def every() -> Iterator[tuple[Any, Any]]:
        for _ in range(epochs):
            for images, labels in deal:
                yield (shifted(images, rng) if shifts else images), labels

    train(model, optimizer, every(), schedule, steps=int(steps), title=f"seed {seed}")
    return nnlib.evaluate(
        model, nnlib.cross_entropy, (X_test, y_test), {"accuracy": nnlib.accuracy}
    )["accuracy"]


RECIPES = (
    Recipe(
        "mnist-mlp",
        "784-300-100-10, ReLU, dropout 0.2, AdamW, 20 epochs",
        functools.partial(accuracy, build=mlp),
        "accuracy on the test set",
        0.983,
        "96.95 %, the same layers (LeCun et al. 1998, figure 9)",
        settings={
            "epochs": 20,
            "batch_size": 64,
            "lr": 1e-3,
            "weight_decay": 0.01,
            "shifts": False,
        },
    ),
    Recipe(
        "mnist-lenet",
        "8 and 16 kernels of 5 x 5, max pooling, AdamW, 12 epochs",
        functools.partial(accuracy, build=lenet),
        "accuracy on the test set",
        0.989,
        "99.05 %, LeNet-5 (LeCun et al. 1998)",
        settings={"epochs": 12, "batch_size": 64, "lr": 3e-3, "weight_decay": 0.0, "shifts": False},
    ),
    Recipe(
        "mnist-cnn",
        "five convolutions of 3 x 3 with batch normalisation, shifted images, AdamW, 10 epochs",
        functools.partial(accuracy, build=cnn),
        "accuracy on the test set",
        0.992,
        "99.05 %, LeNet-5 (LeCun et al. 1998)",
        settings={"epochs": 10, "batch_size": 64, "lr": 3e-3, "weight_decay": 0.01, "shifts": True},
    ),
)
