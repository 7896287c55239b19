"""What a GPU adds: the same numbers there, nothing moved silently. Skipped where none answers."""

import numpy as np
import pytest

import nnlib
from nnlib import backend
from tests.core.test_primitives import cupy

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(cupy is None, reason="no GPU answers: nothing was run on CuPy"),
]


def network(seed=0):
    rng = np.random.default_rng(seed)
    return nnlib.Sequential(
        nnlib.Linear(6, 16, rng=rng, dtype=np.float64),
        nnlib.BatchNorm1d(16, dtype=np.float64),
        nnlib.GELU(),
        nnlib.Dropout(0.2, rng=seed),
        nnlib.LayerNorm(16, dtype=np.float64),
        nnlib.Linear(16, 3, rng=rng, dtype=np.float64),
    )


def examples():
    rng = np.random.default_rng(1)
    return rng.standard_normal((40, 6)), rng.integers(0, 3, 40)


@pytest.mark.parametrize(
    "make",
    [
        lambda p: nnlib.SGD(p, lr=0.05, momentum=0.9),
        lambda p: nnlib.RMSprop(p, lr=0.01),
        lambda p: nnlib.AdamW(p, lr=0.01),
    ],
    ids=["sgd", "rmsprop", "adamw"],
)
def test_training_gives_the_same_numbers_as_on_the_cpu(make):
    states = []
    for device in ("cpu", "cuda"):
        model, (X, y) = network().to(device), examples()
        X, y = backend.to(X, device), backend.to(y, device)
        optimizer = make(model.parameters())
        for _ in range(20):
            optimizer.zero_grad()
            loss = nnlib.cross_entropy(model(X), y)
            loss.backward()
            nnlib.clip_grad_norm_(optimizer.parameters, 1.0)
            optimizer.step()
        assert backend.device_of(model[0].weight.data) == device
        states.append(model.eval().state_dict())
    cpu, gpu = states
    for name in cpu:
        assert isinstance(gpu[name], np.ndarray)
        np.testing.assert_allclose(gpu[name], cpu[name], rtol=1e-9, atol=1e-11)


def test_fit_moves_batches_to_the_model():
    X, y = examples()
    histories = []
    for device in ("cpu", "cuda"):
        model = network().to(device)
        histories.append(
            nnlib.fit(
                model,
                nnlib.cross_entropy,
                nnlib.batches(X, y, batch_size=16, rng=2),
                nnlib.Adam(model.parameters(), lr=0.01),
                epochs=3,
                validation=(X, y),
                metrics={"accuracy": nnlib.accuracy},
                progress=False,
            )
        )
    for name, values in histories[0].items():
        np.testing.assert_allclose(histories[1][name], values, rtol=1e-8)


def test_a_model_that_moves_after_its_optimiser_was_made():
    model = nnlib.Linear(3, 2, rng=0)
    optimizer = nnlib.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for device in ("cpu", "cuda", "cpu"):
        model.to(device)
        optimizer.zero_grad()
        x = backend.to(np.ones((4, 3), np.float32), device)
        model(x).sum().backward()
        optimizer.step()
        assert backend.device_of(model.weight.data) == device


def test_nothing_is_moved_silently():
    with pytest.raises(TypeError) as error:
        nnlib.Linear(3, 2, rng=0).to("cuda")(np.ones((4, 3), np.float32))
    assert "in numpy" in error.value.__notes__[0]
    assert "in cupy" in error.value.__notes__[0]


def test_the_way_there_and_back(monkeypatch, tmp_path):
    monkeypatch.delenv("NNLIB_DEVICE", raising=False)
    assert nnlib.default_device() == "cuda"
    x = backend.to(np.arange(3.0), "cuda")
    assert backend.device_of(x) == "cuda"
    assert backend.to(x, "cuda") is x
    np.testing.assert_array_equal(backend.to(x, "cpu"), [0, 1, 2])
    np.testing.assert_array_equal(nnlib.Tensor(x).numpy(), [0, 1, 2])
    assert nnlib.Tensor(x[1]).item() == 1.0
    assert nnlib.dropout(x, p=0.5, rng=0).data.dtype == np.float64


def test_class_numbers_out_of_range_give_an_infinite_loss():
    logits = backend.to(np.zeros((2, 3)), "cuda")
    assert nnlib.cross_entropy(logits, backend.to(np.array([0, 3]), "cuda")).item() == np.inf
