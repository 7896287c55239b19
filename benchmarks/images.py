"""W3: convolutions on MNIST, few channels as LeNet has them, then more, where PyTorch is strong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import nnlib
from benchmarks.digits import examples
from benchmarks.harness import Case, Goal, installed
from benchmarks.networks import Contender, NNlib, Torch, equal_work, steps

BATCH, LR, MOMENTUM = 64, 0.02, 0.9
NETWORKS: dict[str, tuple[tuple[int, ...], int, int, tuple[Goal, ...]]] = {
    "W3: LeNet 8-16, 5x5": (
        (8, 16), 5, 0, (Goal("torch", (1.3, 1.7)), Goal("torch channels_last", (1.1, 1.1)))
    ),
    "W3b: 16-32-64, 3x3": ((16, 32, 64), 3, 1, (Goal("torch", (0.6, 0.6)),)),
}  # fmt: skip


def network(library: Any, channels: tuple[int, ...], kernel: int, padding: int) -> Any:
    """Build the network from the layers of either library: their names are the same."""
    layers, before, size = [], 1, 28
    for after in channels:
        layers.append(library.Conv2d(before, after, kernel, padding=padding))
        layers += [library.ReLU(), library.MaxPool2d(2)]
        before, size = after, (size + 2 * padding - kernel + 1) // 2
    return library.Sequential(*layers, library.Flatten(), library.Linear(before * size**2, 10))


def cases(n: int = 3200) -> Iterator[Case]:
    """Yield a race for each network."""
    X, y, source = examples(n)
    X = X.reshape(-1, 1, 28, 28)
    for name, (channels, kernel, padding, goals) in NETWORKS.items():
        model = network(nnlib, channels, kernel, padding)
        weights = model.state_dict()
        contenders: dict[str, Contender] = {
            "nnlib": NNlib(model, lambda p: nnlib.SGD(p, lr=LR, momentum=MOMENTUM))
        }
        if installed("torch"):
            import torch

            for peer, last in (("torch", False), ("torch channels_last", True)):
                theirs = network(torch.nn, channels, kernel, padding)
                contenders[peer] = Torch(
                    theirs,
                    lambda p: torch.optim.SGD(p, lr=LR, momentum=MOMENTUM),
                    weights,
                    channels_last=last,
                )
        checked = equal_work(contenders, (X[:BATCH], y[:BATCH]))

        def shuffled() -> Any:
            order = np.random.default_rng(0).permutation(len(X))
            return ((X[i], y[i]) for i in np.split(order, range(BATCH, len(X), BATCH)))

        yield Case(
            f"{name}, {source}, batch {BATCH}",
            {who: steps(contender, shuffled) for who, contender in contenders.items()},
            count=-(-n // BATCH),
            unit="step",
            goals=goals,
            checked=checked,
        )
