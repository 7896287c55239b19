"""The same numbers as PyTorch: values, gradients, optimiser steps, schedules, weights both ways."""

import numpy as np
import pytest

import nnlib
from nnlib import Tensor
from tests.core.cases import CASES

pytestmark = pytest.mark.parity


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


def close(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_values_and_gradients(name, torch):
    case = CASES[name]
    ours = [Tensor(a, requires_grad=i in case.floating) for i, a in enumerate(case.arrays)]
    theirs = [torch.tensor(a, requires_grad=i in case.floating) for i, a in enumerate(case.arrays)]
    a, b = case.op(*ours, **case.options), case.torch(torch, *theirs)
    close(a.data, b.detach().numpy())
    g = np.random.default_rng(2).standard_normal(tuple(b.shape))
    a.backward(np.asarray(g))
    b.backward(torch.tensor(g))
    for i in case.floating:
        close(ours[i].grad, theirs[i].grad.numpy())


OPTIMISERS = {
    "sgd": ("SGD", {"lr": 0.1}),
    "sgd-decay": ("SGD", {"lr": 0.1, "weight_decay": 0.03}),
    "momentum": ("SGD", {"lr": 0.1, "momentum": 0.9}),
    "nesterov": ("SGD", {"lr": 0.1, "momentum": 0.8, "nesterov": True}),
    "nesterov-decay": (
        "SGD",
        {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.03},
    ),
    "rmsprop": ("RMSprop", {"lr": 0.05}),
    "rmsprop-options": ("RMSprop", {"lr": 0.05, "alpha": 0.9, "eps": 0.01}),
    "adam": ("Adam", {"lr": 0.05}),
    "adam-options": (
        "Adam",
        {"lr": 0.05, "betas": (0.8, 0.95), "eps": 0.01, "weight_decay": 0.03},
    ),
    "adamw": ("AdamW", {"lr": 0.05}),
    "adamw-options": ("AdamW", {"lr": 0.05, "betas": (0.8, 0.95), "weight_decay": 0.2}),
}


@pytest.mark.parametrize("name", OPTIMISERS)
def test_five_optimiser_steps(name, torch):
    kind, options = OPTIMISERS[name]
    rng = np.random.default_rng(4)
    start = [rng.standard_normal((3, 4)), rng.standard_normal(5)]
    ours = [Tensor(a.copy(), requires_grad=True) for a in start]
    theirs = [torch.tensor(a.copy(), requires_grad=True) for a in start]
    a = getattr(nnlib, kind)(ours, **options)
    b = getattr(torch.optim, kind)(theirs, **options)
    for _ in range(5):
        for p, q in zip(ours, theirs, strict=True):
            p.grad = rng.standard_normal(p.shape)
            q.grad = torch.tensor(p.grad)
        a.step()
        b.step()
        for p, q in zip(ours, theirs, strict=True):
            close(p.data, q.detach().numpy())


@pytest.mark.parametrize(
    ("kind", "options"), [("StepLR", {"step_size": 3, "gamma": 0.5}),
                          ("CosineAnnealingLR", {"T_max": 8, "eta_min": 0.01})]
)  # fmt: skip
def test_schedules(kind, options, torch):
    ours = nnlib.SGD([Tensor(np.zeros(2), requires_grad=True)], lr=0.4)
    theirs = torch.optim.SGD([torch.zeros(2, requires_grad=True)], lr=0.4)
    a = getattr(nnlib, kind)(ours, **options)
    b = getattr(torch.optim.lr_scheduler, kind)(theirs, **options)
    for _ in range(8):
        assert ours.lr == pytest.approx(b.get_last_lr()[0], rel=1e-10)
        a.step()
        theirs.step()
        b.step()


def test_warm_up_is_a_straight_line(torch):
    ours = nnlib.SGD([Tensor(np.zeros(2), requires_grad=True)], lr=0.4)
    theirs = torch.optim.SGD([torch.zeros(2, requires_grad=True)], lr=0.4)
    a = nnlib.Schedule(ours, lambda t: 1.0, warmup=5)
    b = torch.optim.lr_scheduler.LinearLR(theirs, start_factor=1 / 5, total_iters=4)
    for _ in range(7):
        assert ours.lr == pytest.approx(b.get_last_lr()[0], rel=1e-10)
        a.step()
        theirs.step()
        b.step()


@pytest.mark.parametrize("max_norm", [0.5, 100.0])
def test_clip_grad_norm(max_norm, torch):
    rng = np.random.default_rng(5)
    grads = [rng.standard_normal((3, 4)), rng.standard_normal(5)]
    ours = [Tensor(np.zeros(g.shape), requires_grad=True) for g in grads]
    theirs = [torch.zeros(g.shape, dtype=torch.float64, requires_grad=True) for g in grads]
    for p, q, g in zip(ours, theirs, grads, strict=True):
        p.grad, q.grad = g, torch.tensor(g)
    length = torch.nn.utils.clip_grad_norm_(theirs, max_norm)
    close(nnlib.clip_grad_norm_(ours, max_norm), length.numpy())
    for p, q in zip(ours, theirs, strict=True):
        close(p.grad, q.grad.numpy())


def both(torch):
    ours = nnlib.Sequential(
        nnlib.Linear(4, 5, rng=0),
        nnlib.BatchNorm1d(5),
        nnlib.Tanh(),
        nnlib.LayerNorm(5),
        nnlib.Linear(5, 3, bias=False, rng=1),
    ).to(np.float64)
    theirs = torch.nn.Sequential(
        torch.nn.Linear(4, 5),
        torch.nn.BatchNorm1d(5),
        torch.nn.Tanh(),
        torch.nn.LayerNorm(5),
        torch.nn.Linear(5, 3, bias=False),
    ).double()
    return ours, theirs


def test_weights_from_pytorch(torch):
    ours, theirs = both(torch)
    ours.load_state_dict(theirs.state_dict())
    x = np.random.default_rng(6).standard_normal((7, 4))
    close(ours(x).data, theirs(torch.tensor(x)).detach().numpy())  # in training
    close(ours.eval()(x).data, theirs.eval()(torch.tensor(x)).detach().numpy())


def test_weights_to_pytorch(torch):
    ours, theirs = both(torch)
    state = {name: torch.tensor(value) for name, value in ours.state_dict().items()}
    theirs.load_state_dict(state)
    x = np.random.default_rng(6).standard_normal((7, 4))
    close(ours(x).data, theirs(torch.tensor(x)).detach().numpy())


def test_a_training_run_is_the_same(torch):
    """Twenty steps of a network with everything in it, gradient by gradient."""
    ours, theirs = both(torch)
    ours.load_state_dict(theirs.state_dict())
    a = nnlib.Adam(ours.parameters(), lr=0.01)
    b = torch.optim.Adam(theirs.parameters(), lr=0.01)
    rng = np.random.default_rng(8)
    for _ in range(20):
        x, y = rng.standard_normal((16, 4)), rng.integers(0, 3, 16)
        a.zero_grad()
        b.zero_grad()
        loss = nnlib.cross_entropy(ours(x), y)
        other = torch.nn.functional.cross_entropy(theirs(torch.tensor(x)), torch.tensor(y))
        loss.backward()
        other.backward()
        assert loss.item() == pytest.approx(other.item(), rel=1e-10)
        a.step()
        b.step()


def both_on_images(torch):
    """The same network for images twice, in every kind of layer for them."""
    options = {"rng": 0, "dtype": np.float64}
    ours = nnlib.Sequential(
        nnlib.Conv2d(2, 6, 3, stride=2, padding=1, **options),
        nnlib.BatchNorm2d(6, dtype=np.float64),
        nnlib.ReLU(),
        nnlib.MaxPool2d(3, stride=2, padding=1),
        nnlib.Conv2d(6, 4, (2, 3), groups=2, bias=False, **options),
        nnlib.ConvTranspose2d(4, 4, 4, stride=2, padding=1, output_padding=1, **options),
        nnlib.AvgPool2d(2),
        nnlib.AdaptiveAvgPool2d(1),
        nnlib.Flatten(),
        nnlib.RMSNorm(4, dtype=np.float64),
    )
    nn = torch.nn
    theirs = nn.Sequential(
        nn.Conv2d(2, 6, 3, stride=2, padding=1),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2, padding=1),
        nn.Conv2d(6, 4, (2, 3), groups=2, bias=False),
        nn.ConvTranspose2d(4, 4, 4, stride=2, padding=1, output_padding=1),
        nn.AvgPool2d(2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.RMSNorm(4),
    ).double()
    return ours, theirs


def test_a_network_for_images_and_its_weights_both_ways(torch):
    ours, theirs = both_on_images(torch)
    assert {name: value.shape for name, value in ours.state_dict().items()} == {
        name: tuple(value.shape) for name, value in theirs.state_dict().items()
    }
    ours.load_state_dict(theirs.state_dict())
    x = np.random.default_rng(6).standard_normal((5, 2, 14, 19))
    a, b = ours(x), theirs(torch.tensor(x))
    close(a.data, b.detach().numpy())
    a.sum().backward()
    b.sum().backward()
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=1e-8, atol=1e-11)
    close(ours.eval()(x).data, theirs.eval()(torch.tensor(x)).detach().numpy())
    state = {name: torch.tensor(value) for name, value in ours.state_dict().items()}
    theirs.load_state_dict(state)


def test_an_embedding_and_its_weights_both_ways(torch):
    ours, theirs = nnlib.Embedding(7, 3, rng=0, dtype=np.float64), torch.nn.Embedding(7, 3).double()
    ours.load_state_dict(theirs.state_dict())
    symbols = np.array([[1, 6, 1], [0, 1, 5]])
    g = np.random.default_rng(0).standard_normal((2, 3, 3))
    a, b = ours(symbols), theirs(torch.tensor(symbols))
    a.backward(g)
    b.backward(torch.tensor(g))
    close(a.data, b.detach().numpy())
    close(ours.weight.grad, theirs.weight.grad.numpy())
