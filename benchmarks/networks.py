"""The same network in nnlib and in PyTorch, with the same weights, each as its user writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np

import nnlib
from benchmarks.harness import agree

TOLERANCE = 2e-5  # how far apart losses and gradients may be, relative to their length
Batch = tuple[np.ndarray, np.ndarray]


class Contender(Protocol):
    """One library with its network and its optimiser."""

    def step(self, x: np.ndarray, y: np.ndarray) -> float:
        """Train on one batch; return the loss before the step."""

    def gradients(self) -> list[np.ndarray]:
        """Return the gradients that the last step has used."""


class NNlib:
    """nnlib: a module, a loss, an optimiser."""

    def __init__(self, model: nnlib.Module, optimizer: Callable[[Any], Any]) -> None:
        self.model, self.optimizer = model, optimizer(model.parameters())

    def step(self, x: np.ndarray, y: np.ndarray) -> float:
        """Train on one batch; return the loss before the step."""
        outputs = self.model(x)
        loss = nnlib.cross_entropy(outputs.reshape(-1, outputs.shape[-1]), y.reshape(-1))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def gradients(self) -> list[np.ndarray]:
        """Return the gradients that the last step has used."""
        return [np.array(p.grad) for p in self.model.parameters()]


class Torch:
    """PyTorch, eager: a module, a loss, an optimiser."""

    def __init__(
        self,
        model: Any,
        optimizer: Callable[[Any], Any],
        weights: Mapping[str, np.ndarray],
        *,
        channels_last: bool = False,
    ) -> None:
        import torch

        self.torch = torch
        model.load_state_dict({name: torch.from_numpy(w.copy()) for name, w in weights.items()})
        self.format = torch.channels_last if channels_last else torch.preserve_format
        self.model = model.to(memory_format=self.format)
        self.optimizer = optimizer(model.parameters())

    def step(self, x: np.ndarray, y: np.ndarray) -> float:
        """Train on one batch; return the loss before the step."""
        inputs = self.torch.from_numpy(x)
        if inputs.ndim == 4:
            inputs = inputs.contiguous(memory_format=self.format)
        outputs = self.model(inputs)
        loss = self.torch.nn.functional.cross_entropy(
            outputs.reshape(-1, outputs.shape[-1]), self.torch.from_numpy(y).reshape(-1)
        )
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def gradients(self) -> list[np.ndarray]:
        """Return the gradients that the last step has used."""
        return [p.grad.numpy().copy() for p in self.model.parameters()]


def equal_work(contenders: Mapping[str, Contender], batch: Batch) -> tuple[str, ...]:
    """Take one step with each; check that loss and gradients are the same, and say so."""
    losses = {name: contender.step(*batch) for name, contender in contenders.items()}
    gradients = {name: contender.gradients() for name, contender in contenders.items()}
    lines = []
    for name in contenders:
        if name != "nnlib":
            ours, theirs = np.array([losses["nnlib"]]), np.array([losses[name]])
            apart = agree("losses", [ours], [theirs], TOLERANCE)
            further = agree("gradients", gradients["nnlib"], gradients[name], TOLERANCE)
            lines.append(f"{name}: losses {apart:.0e}, gradients {further:.0e} apart")
    return tuple(lines)


def steps(contender: Contender, every: Callable[[], Any]) -> Callable[[], None]:
    """Train on one set of batches, drawn anew and alike for each contender."""

    def train() -> None:
        for x, y in every():
            contender.step(x, y)

    return train
