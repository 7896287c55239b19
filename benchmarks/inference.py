"""The network of W2 at work: the class of one example at a time, and of 250."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import nnlib
from benchmarks.digits import examples
from benchmarks.harness import Case, Goal
from benchmarks.mlp import Task, contenders

Predict = Callable[[np.ndarray, int], list[Any]]


def _nnlib(library: Any) -> Predict:
    def predict(X: np.ndarray, size: int) -> list[Any]:
        with nnlib.no_grad():
            return [library.model(X[i : i + size]).argmax(axis=1) for i in range(0, len(X), size)]

    return predict


def _torch(library: Any) -> Predict:
    def predict(X: np.ndarray, size: int) -> list[Any]:
        x = library.torch.from_numpy(X)
        with library.torch.inference_mode():
            return [library.model(x[i : i + size]).argmax(dim=1) for i in range(0, len(X), size)]

    return predict


def _scikit_learn(library: Any) -> Predict:
    def predict(X: np.ndarray, size: int) -> list[Any]:
        return [library.model.predict(X[i : i + size]) for i in range(0, len(X), size)]

    return predict


KINDS = {"nnlib": _nnlib, "torch": _torch, "scikit-learn": _scikit_learn}
GOALS = {1: (2.2, 2.2), 250: (1.1, 1.8)}


def cases(n: int = 1000) -> Iterator[Case]:
    """Yield a race for each batch size."""
    X, y, source = examples(n)
    task = Task((784, 128, 10), "relu", "SGD", 0.05, batch_size=50)
    predictors = {}
    for name, library in contenders(task).items():
        if name in KINDS:
            library.train(X, y, shuffle=False)
            predictors[name] = KINDS[name](library)
    answers = {name: np.concatenate(predict(X, 250)) for name, predict in predictors.items()}
    same = {name: float((a == answers["nnlib"]).mean()) for name, a in answers.items()}
    if min(same.values()) < 0.99:
        raise AssertionError(f"unequal work: share of the answers that are nnlib's: {same}")
    checked = tuple(f"{k}: {v:.1%} of the answers are the same" for k, v in same.items())
    for size, goal in GOALS.items():
        yield Case(
            f"Inference: 784-128-10, {source}, batch {size}",
            {name: functools.partial(predict, X, size) for name, predict in predictors.items()},
            count=-(-n // size),
            unit="batch",
            goals=(Goal("torch", goal),),
            checked=checked[1:],
        )
