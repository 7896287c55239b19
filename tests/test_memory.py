"""Training gains no memory: what a step made is gone when the next one has begun."""

import gc
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import nnlib

N = 4


def images(rng):
    model = nnlib.Sequential(
        nnlib.Conv2d(1, 2, 3, padding=1, rng=rng), nnlib.BatchNorm2d(2), nnlib.ReLU(),
        nnlib.MaxPool2d(2), nnlib.Flatten(), nnlib.Dropout(0.1, rng=rng),
        nnlib.Linear(8, 3, rng=rng),
    )  # fmt: skip
    return model, lambda: rng.normal(size=(N, 1, 4, 4)).astype(np.float32)


class Last(nnlib.Module):
    """Classify by the last state of a sequence."""

    def __init__(self, inner, rng):
        self.inner, self.last = inner, nnlib.Linear(4, 3, rng=rng)

    def forward(self, x):
        h = self.inner(x)
        return self.last((h[0] if isinstance(h, tuple) else h)[:, -1])


def sequence(rng):
    model = Last(nnlib.LSTM(4, 4, batch_first=True, rng=rng), rng)
    return model, lambda: rng.normal(size=(N, 5, 4)).astype(np.float32)


def attention(rng):
    block = nnlib.TransformerEncoderLayer(4, 2, 8, 0.1, batch_first=True, rng=rng)
    return Last(block, rng), lambda: rng.normal(size=(N, 5, 4)).astype(np.float32)


def train(model, draw, optimizer, rng, steps):
    for _ in range(steps):
        loss = nnlib.cross_entropy(model(draw()), rng.integers(0, 3, N))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def held_by_training():
    """Count what was allocated here, in nnlib and in NumPy: other threads allocate as they like."""
    places = [__file__, *(f"{Path(library.__file__).parent}/*" for library in (nnlib, np))]
    filters = [tracemalloc.Filter(True, place) for place in places]
    snapshot = tracemalloc.take_snapshot().filter_traces(filters)
    return sum(trace.size for trace in snapshot.traces)


@pytest.mark.slow
@pytest.mark.parametrize("network", [images, sequence, attention])
def test_a_thousand_steps_gain_nothing(network):
    rng = np.random.default_rng(0)
    model, draw = network(rng)
    optimizer = nnlib.Adam(model.parameters(), lr=1e-3)
    tracemalloc.start()
    try:
        held = []
        for steps in (100, 1000):
            train(model, draw, optimizer, rng, steps)
            gc.collect()
            held.append(held_by_training())
    finally:
        tracemalloc.stop()
    assert held[1] - held[0] < 10_000, f"1,000 steps gained {held[1] - held[0]} bytes"


@pytest.mark.parametrize("network", [images, sequence, attention])
def test_a_step_is_freed_when_it_is_over_not_when_a_collector_happens_to_run(network):
    rng = np.random.default_rng(0)
    model, draw = network(rng)
    optimizer = nnlib.SGD(model.parameters(), lr=1e-3)
    train(model, draw, optimizer, rng, 1)
    gc.collect()
    gc.disable()
    try:
        train(model, draw, optimizer, rng, 10)
        assert gc.collect() == 0
    finally:
        gc.enable()
