"""The same multilayer perceptron in four libraries, each as a user of that library writes it.

Every contender starts from the weights that it is given, in PyTorch's layout, and has `train`,
which is what the race is about, `parameters`, and, but for scikit-learn, `gradients`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import nnlib
from benchmarks.harness import agree, installed
from nnlib.data import batches

MOMENTUM = 0.9
EPS = 1e-12  # Adam's, so small that it does not matter where a library adds it
TOLERANCE = 1e-5  # how far apart losses, gradients and parameters may be, relative to their length


@dataclass(frozen=True)
class Task:
    """What to train: layer sizes, activation, optimiser; one output means yes or no."""

    sizes: tuple[int, ...]
    activation: str
    optimizer: str
    lr: float
    batch_size: int

    @property
    def binary(self) -> bool:
        return self.sizes[-1] == 1

    def weights(self, seed: int = 0) -> list[np.ndarray]:
        """Draw a weight and a bias for each layer."""
        rng = np.random.default_rng(seed)
        layers = zip(self.sizes[:-1], self.sizes[1:], strict=True)
        pairs = [(nnlib.glorot_uniform((n, m), rng), rng.normal(0, 0.1, n)) for m, n in layers]
        return [array.astype(np.float32) for pair in pairs for array in pair]


class NNlib:
    """nnlib: modules, a loss, an optimiser and a loop."""

    def __init__(self, task: Task, weights: Sequence[np.ndarray]) -> None:
        layers: list[nnlib.Module] = []
        for i in range(0, len(weights), 2):
            layers += [nnlib.Linear(*weights[i].shape[::-1]), ACTIVATIONS[task.activation]()]
        self.model = nnlib.Sequential(*layers[:-1])
        for parameter, value in zip(self.model.parameters(), weights, strict=True):
            parameter.data[...] = value
        self.loss = nnlib.cross_entropy
        if task.binary:
            self.loss = nnlib.binary_cross_entropy_with_logits
        self.optimizer: Any = (
            nnlib.SGD(self.model.parameters(), lr=task.lr, momentum=MOMENTUM)
            if task.optimizer == "SGD"
            else nnlib.Adam(self.model.parameters(), lr=task.lr, eps=EPS)
        )
        self.task = task

    def batches(self, X: np.ndarray, y: np.ndarray, shuffle: bool) -> Iterable[Any]:
        if self.task.batch_size == len(X):
            return [(X, y)]
        return batches(X, y, batch_size=self.task.batch_size, shuffle=shuffle)

    def train(self, X: np.ndarray, y: np.ndarray, epochs: int = 1, shuffle: bool = True) -> float:
        data = self.batches(X, y, shuffle)
        for _ in range(epochs):
            for x, t in data:
                self.optimizer.zero_grad()
                loss = self.loss(self.model(x), t)
                loss.backward()
                self.optimizer.step()
        return loss.item()

    def gradients(self, X: np.ndarray, y: np.ndarray) -> tuple[float, list[np.ndarray]]:
        self.optimizer.zero_grad()
        loss = self.loss(self.model(X), y)
        loss.backward()
        return loss.item(), [p.grad for p in self.model.parameters()]

    def parameters(self) -> list[np.ndarray]:
        return [p.data for p in self.model.parameters()]


ACTIVATIONS = {"tanh": nnlib.Tanh, "relu": nnlib.ReLU}


class Torch:
    """PyTorch, eager: batches are gathered from tensors, which is faster than a DataLoader."""

    def __init__(self, task: Task, weights: Sequence[np.ndarray]) -> None:
        import torch
        from torch import nn

        layers: list[Any] = []
        for i in range(0, len(weights), 2):
            activation = nn.Tanh() if task.activation == "tanh" else nn.ReLU()
            layers += [nn.Linear(*weights[i].shape[::-1]), activation]
        self.model = nn.Sequential(*layers[:-1])
        with torch.no_grad():
            for parameter, value in zip(self.model.parameters(), weights, strict=True):
                parameter.copy_(torch.from_numpy(value))
        self.loss: Any = (
            nn.functional.binary_cross_entropy_with_logits
            if task.binary
            else nn.functional.cross_entropy
        )
        self.optimizer: Any = (
            torch.optim.SGD(self.model.parameters(), lr=task.lr, momentum=MOMENTUM)
            if task.optimizer == "SGD"
            else torch.optim.Adam(self.model.parameters(), lr=task.lr, eps=EPS)
        )
        self.task, self.torch = task, torch

    def batches(self, X: Any, y: Any, shuffle: bool) -> Iterable[Any]:
        n, torch = len(X), self.torch
        if self.task.batch_size == n:
            yield X, y
            return
        order = torch.randperm(n) if shuffle else torch.arange(n)
        for rows in order.split(self.task.batch_size):
            yield X[rows], y[rows]

    def train(self, X: np.ndarray, y: np.ndarray, epochs: int = 1, shuffle: bool = True) -> float:
        X, y = self.torch.from_numpy(X), self.torch.from_numpy(y)
        for _ in range(epochs):
            for x, t in self.batches(X, y, shuffle):
                self.optimizer.zero_grad()
                loss = self.loss(self.model(x), t)
                loss.backward()
                self.optimizer.step()
        return loss.item()

    def gradients(self, X: np.ndarray, y: np.ndarray) -> tuple[float, list[np.ndarray]]:
        self.optimizer.zero_grad()
        loss = self.loss(self.model(self.torch.from_numpy(X)), self.torch.from_numpy(y))
        loss.backward()
        return loss.item(), [p.grad.numpy().copy() for p in self.model.parameters()]

    def parameters(self) -> list[np.ndarray]:
        return [p.detach().numpy() for p in self.model.parameters()]


class ScikitLearn:
    """MLPClassifier: `fit` is the whole loop; each fit starts a new optimiser."""

    def __init__(self, task: Task, weights: Sequence[np.ndarray]) -> None:
        from sklearn.neural_network import MLPClassifier

        self.model = MLPClassifier(
            task.sizes[1:-1],
            activation=task.activation,
            solver=task.optimizer.lower(),
            alpha=0,
            batch_size=task.batch_size,
            learning_rate_init=task.lr,
            momentum=MOMENTUM,
            epsilon=EPS,
            nesterovs_momentum=False,
            max_iter=1,
            tol=0,
            n_iter_no_change=10**6,
            warm_start=True,
        )
        self.task, self.weights = task, weights

    def train(self, X: np.ndarray, y: np.ndarray, epochs: int = 1, shuffle: bool = True) -> float:
        labels = y.ravel()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns that one pass is not convergence
            if self.weights:  # the first fit makes the arrays that the weights are copied into
                classes = np.arange(max(2, self.task.sizes[-1])).astype(y.dtype)
                self.model.set_params(batch_size=1)
                self.model.fit(np.zeros((len(classes), X.shape[1]), X.dtype), classes)
                own = zip(self.model.coefs_, self.model.intercepts_, strict=True)
                for i, (weight, bias) in enumerate(own):
                    weight[...], bias[...] = self.weights[2 * i].T, self.weights[2 * i + 1]
                self.weights = ()
            size = self.task.batch_size
            self.model.set_params(max_iter=epochs, shuffle=shuffle, batch_size=size)
            self.model.fit(X, labels)
        return float(self.model.loss_)

    def parameters(self) -> list[np.ndarray]:
        pairs = zip(self.model.coefs_, self.model.intercepts_, strict=True)
        return [array for weight, bias in pairs for array in (weight.T, bias)]


class Autograd:
    """HIPS autograd: a loss as a function of the parameters, and the optimiser by hand."""

    def __init__(self, task: Task, weights: Sequence[np.ndarray]) -> None:
        import autograd
        import autograd.numpy as anp

        def loss(parameters: list[Any], X: Any, y: Any) -> Any:
            z = X
            for i in range(0, len(parameters), 2):
                z = anp.dot(z, parameters[i].T) + parameters[i + 1]
                if i + 2 < len(parameters):
                    z = anp.tanh(z) if task.activation == "tanh" else anp.maximum(z, 0)
            if task.binary:
                return anp.mean(anp.maximum(z, 0) - z * y + anp.log1p(anp.exp(-anp.abs(z))))
            z = z - anp.max(z, axis=1, keepdims=True)
            log_p = z - anp.log(anp.sum(anp.exp(z), axis=1, keepdims=True))
            return -anp.mean(log_p[np.arange(len(y)), y])

        self.values = [w.copy() for w in weights]
        self.first = [np.zeros_like(w) for w in weights]
        self.second = [np.zeros_like(w) for w in weights]
        self.value_and_grad, self.task, self.t = autograd.value_and_grad(loss), task, 0

    def train(self, X: np.ndarray, y: np.ndarray, epochs: int = 1, shuffle: bool = True) -> float:
        n, size = len(X), self.task.batch_size
        for _ in range(epochs):
            order = np.random.default_rng().permutation(n) if shuffle else np.arange(n)
            for start in range(0, n, size):
                rows = order[start : start + size]
                data = (X, y) if size == n else (X[rows], y[rows])
                loss, gradients = self.value_and_grad(self.values, *data)
                self.step(gradients)
        return float(loss)

    def step(self, gradients: list[np.ndarray]) -> None:
        self.t += 1
        c1, c2 = 1 - 0.9**self.t, 1 - 0.999**self.t
        for w, m, v, g in zip(self.values, self.first, self.second, gradients, strict=True):
            if self.task.optimizer == "SGD":
                m *= MOMENTUM
                m += g
                w -= self.task.lr * m
            else:
                m *= 0.9
                m += 0.1 * g
                v *= 0.999
                v += 0.001 * (g * g)
                w -= self.task.lr / c1 * m / (np.sqrt(v / c2) + EPS)

    def gradients(self, X: np.ndarray, y: np.ndarray) -> tuple[float, list[np.ndarray]]:
        loss, gradients = self.value_and_grad(self.values, X, y)
        return float(loss), gradients

    def parameters(self) -> list[np.ndarray]:
        return self.values


def contenders(task: Task) -> dict[str, Any]:
    """Return the libraries that are installed, each with the task's network, nnlib first."""
    kinds = {"torch": Torch, "scikit-learn": ScikitLearn, "autograd": Autograd}
    weights = task.weights()
    return {"nnlib": NNlib(task, weights)} | {
        name: kind(task, weights) for name, kind in kinds.items() if installed(name)
    }


def equal_work(task: Task, X: np.ndarray, y: np.ndarray, steps: int = 5) -> tuple[str, ...]:
    """Check that from the same weights all contenders do the same; say how closely they agree."""
    size = task.batch_size
    X, y, epochs = (X, y, steps) if len(X) == size else (X[: steps * size], y[: steps * size], 1)
    libraries = contenders(task)
    sides = {name: _side(library, X, y, size, epochs) for name, library in libraries.items()}
    ours, lines = sides.pop("nnlib"), []
    for name, theirs in sides.items():
        found = [
            f"{what} to {agree(f'{what} in nnlib and {name}', ours[what], array, TOLERANCE):.0e}"
            for what, array in theirs.items()
        ]
        lines.append(f"{name}: {', '.join(found)} (at most {TOLERANCE:.0e})")
    return tuple(lines)


def _side(library: Any, X: np.ndarray, y: np.ndarray, size: int, epochs: int) -> dict[str, Any]:
    side: dict[str, Any] = {}
    if hasattr(library, "gradients"):
        loss, gradients = library.gradients(X[:size], y[:size])
        side["loss"], side["gradients"] = [np.asarray(loss)], [g.copy() for g in gradients]
    library.train(X, y, epochs, shuffle=False)
    return side | {"parameters after a few steps": library.parameters()}
