"""The runs of the budget lab: what can be set, the points, and one training for each setting."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from nnlib.course.pictures.field import middles
from nnlib.data import rings
from nnlib.layers import Linear, Tanh
from nnlib.losses import binary_cross_entropy_with_logits
from nnlib.module import Sequential
from nnlib.optim import AdamW
from nnlib.tensor import no_grad
from nnlib.training import accuracy

from .budget_picture import REACH

STEPS, PIXELS = 300, 32
UNITS = (1, 2, 3, 4, 8, 16, 32, 64)
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
DECAYS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)


class Setting(NamedTuple):
    """What is chosen and not trained."""

    units: int
    rate: float
    decay: float


@dataclass(frozen=True)
class Run:
    """One training: the share of points that are right in each set, and the answer as a field."""

    train: float
    validation: float
    test: float
    field: Any

    @property
    def verdict(self) -> str:
        """Say what the first two shares show together; the third is not looked at."""
        if self.train < 0.75:
            return "It misses many of its own points: it underfits, or its steps were wrong."
        if self.train - self.validation > 0.1:
            return "It knows its own points far better than the others: it overfits."
        return "It is about as good on the others as on its own."


@cache
def points() -> tuple[tuple[Any, Any], ...]:
    """Draw two blurred rings: 100 points to train on, 100 to choose by, 1,000 to test with."""
    drawn = [rings(n, noise=0.25, rng=seed) for n, seed in ((100, 8), (100, 1008), (1000, 2008))]
    return tuple((X.astype(np.float64), y.astype(np.float64)[:, None]) for X, y in drawn)


@cache
def train(setting: Setting) -> Run:
    """Train a 2-units-1 network with AdamW on all training points at once, from one seed."""
    (X, y), *others = points()
    rng = np.random.default_rng(0)
    first = Linear(2, setting.units, rng=rng, dtype=np.float64)
    model = Sequential(first, Tanh(), Linear(setting.units, 1, rng=rng, dtype=np.float64))
    optimizer = AdamW(model.parameters(), lr=setting.rate, weight_decay=setting.decay)
    for _ in range(STEPS):
        loss = binary_cross_entropy_with_logits(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with no_grad():
        shares = [float(accuracy(model(inputs), targets)) for inputs, targets in ((X, y), *others)]
        field = 0.5 * (1 + np.tanh(0.5 * model(middles(PIXELS, REACH)).data))
    train_share, validation, test = shares
    return Run(train_share, validation, test, field.reshape(PIXELS, PIXELS))


def words(setting: Setting) -> str:
    """Write a setting out."""
    plural = "unit" if setting.units == 1 else "units"
    return (
        f"{setting.units} {plural}, learning rate {setting.rate:g}, weight decay {setting.decay:g}"
    )
