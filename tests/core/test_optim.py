"""Optimisers and schedules: steps by hand, one vector for all parameters, mistakes."""

import array_api_strict as strict
import numpy as np
import pytest

import nnlib
from nnlib import SGD, Adam, AdamW, RMSprop, Tensor, optim

ALL = {
    "sgd": lambda p: SGD(p, lr=0.1),
    "momentum": lambda p: SGD(p, lr=0.1, momentum=0.9),
    "nesterov": lambda p: SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda p: RMSprop(p, lr=0.1),
    "adam": lambda p: Adam(p, lr=0.1),
    "adamw": lambda p: AdamW(p, lr=0.1),
}


def parameters(*shapes, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    return [Tensor(rng.standard_normal(s).astype(dtype), requires_grad=True) for s in shapes]


def test_two_steps_of_momentum_by_hand():
    (x,) = parameters(1)
    start = x.data.copy()
    optimizer = SGD([x], lr=0.1, momentum=0.5)
    x.grad = np.array([2.0])
    optimizer.step()
    np.testing.assert_allclose(x.data, start - 0.1 * 2.0)
    x.grad = np.array([4.0])
    optimizer.step()
    np.testing.assert_allclose(x.data, start - 0.1 * 2.0 - 0.1 * (0.5 * 2.0 + 4.0))


def test_the_first_step_of_adam_is_the_learning_rate():
    for size in (1e-3, 1.0, 1e3):
        (x,) = parameters(1)
        start = x.data.copy()
        x.grad = np.array([size])
        Adam([x], lr=0.1).step()
        np.testing.assert_allclose(x.data, start - 0.1, rtol=1e-4)


def by_the_paper(name, theta, grads, o):
    """Step one number as the notation page has it, from (6.1) to (6.9) and (6.14)."""
    lr, decay = o["lr"], o.get("weight_decay", 0.0)
    beta1, beta2 = o.get("betas", (0.9, 0.999))
    eps, alpha, mu = o.get("eps", 1e-8), o.get("alpha", 0.99), o.get("momentum", 0.0)
    v = m = s = 0.0
    for t, g in enumerate(grads, start=1):
        if name == "AdamW":
            theta = (1 - lr * decay) * theta
        else:
            g = g + decay * theta
        if name == "SGD":
            v = mu * v + g
            theta = theta - lr * (g + mu * v if o.get("nesterov") else v)
        elif name == "RMSprop":
            s = alpha * s + (1 - alpha) * g**2
            theta = theta - lr * g / (s**0.5 + eps)
        else:
            m, s = beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2
            m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
            theta = theta - lr * m_hat / (s_hat**0.5 + eps)
    return theta


PAPERS = {
    "sgd": (SGD, {"lr": 0.1}),
    "sgd-decay": (SGD, {"lr": 0.1, "weight_decay": 0.3}),
    "momentum": (SGD, {"lr": 0.1, "momentum": 0.7, "weight_decay": 0.3}),
    "nesterov": (SGD, {"lr": 0.1, "momentum": 0.7, "nesterov": True, "weight_decay": 0.3}),
    "rmsprop": (RMSprop, {"lr": 0.1}),
    "rmsprop-options": (RMSprop, {"lr": 0.1, "alpha": 0.6, "eps": 0.2}),
    "adam": (Adam, {"lr": 0.1}),
    "adam-options": (Adam, {"lr": 0.1, "betas": (0.6, 0.8), "eps": 0.2, "weight_decay": 0.3}),
    "adamw": (AdamW, {"lr": 0.1, "weight_decay": 0.01}),
    "adamw-options": (AdamW, {"lr": 0.1, "betas": (0.6, 0.8), "eps": 0.2, "weight_decay": 0.3}),
}


@pytest.mark.parametrize(("kind", "options"), PAPERS.values(), ids=PAPERS)
def test_steps_are_those_of_the_papers(kind, options):
    (x,) = parameters(3)
    start, grads = x.data.copy(), [[0.5, -2.0, 1e-4], [1.5, 0.3, -1e-4], [-0.7, 0.0, 3e-4]]
    optimizer = kind([x], **options)
    for g in grads:
        x.grad = np.array(g)
        optimizer.step()
    for i in range(3):
        expected = by_the_paper(kind.__name__, start[i], [g[i] for g in grads], options)
        assert x.data[i] == pytest.approx(expected, rel=1e-12)


def test_defaults_are_those_of_the_docstrings():
    (x,) = parameters(1)
    assert (RMSprop([x]).lr, RMSprop([x]).alpha, RMSprop([x]).eps) == (0.01, 0.99, 1e-8)
    assert (Adam([x]).lr, Adam([x]).betas, Adam([x]).eps) == (0.001, (0.9, 0.999), 1e-8)
    assert (AdamW([x]).lr, AdamW([x]).betas, AdamW([x]).eps) == (0.001, (0.9, 0.999), 1e-8)
    assert (Adam([x]).weight_decay, AdamW([x]).weight_decay) == (0.0, 0.01)
    sgd = SGD([x], lr=1.0)
    assert (sgd.momentum, sgd.nesterov, sgd.weight_decay, sgd.t) == (0.0, False, 0.0, 0)
    assert sgd.running == optim.Optimizer([x], lr=1.0).running == []  # nothing kept in vain


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_every_optimiser_goes_downhill(make):
    xs = parameters((3, 2), 4)
    optimizer, losses = make(xs), []
    for _ in range(200):
        optimizer.zero_grad()
        loss = (xs[0] * xs[0]).sum() + (xs[1] * xs[1]).sum() * 2.0
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    assert losses[-1] < 0.01 * losses[0]


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_parameters_step_as_they_would_alone(make, monkeypatch):
    """One vector, and blocks of it, change nothing: each parameter moves as if it were alone."""
    monkeypatch.setattr(optim, "BLOCK", 5)
    together, alone = parameters((3, 2), 4, (2, 2, 2)), parameters((3, 2), 4, (2, 2, 2))
    one, many = make(together), [make([p]) for p in alone]
    for t in range(4):
        for i, (p, q) in enumerate(zip(together, alone, strict=True)):
            p.grad = q.grad = np.full(p.shape, t + i + 0.5)
        one.step()
        for optimizer in many:
            optimizer.step()
    for p, q in zip(together, alone, strict=True):
        np.testing.assert_allclose(p.data, q.data, rtol=1e-14)


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_steps_on_the_bare_array_standard(make):
    (ours,), (theirs,) = parameters((3, 2)), parameters((3, 2))
    ours.data = strict.asarray(ours.data)
    a, b = make([ours]), make([theirs])
    for t in range(3):
        theirs.grad = np.full((3, 2), t + 1.0)
        ours.grad = strict.asarray(theirs.grad)
        a.step()
        b.step()
    np.testing.assert_allclose(np.asarray(ours.data), theirs.data, rtol=1e-14)


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_gradients_are_left_alone_and_float32_stays(make):
    (x,) = parameters((3, 2), dtype=np.float32)
    x.grad = np.ones((3, 2), dtype=np.float32)
    make([x]).step()
    np.testing.assert_array_equal(x.grad, np.ones((3, 2)))
    assert x.dtype == np.float32
    assert x.shape == (3, 2)


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_going_on_from_a_state_is_not_to_have_stopped(make):
    rng = np.random.default_rng(1)
    gradients = [[rng.standard_normal(s) for s in ((3, 2), (3,))] for _ in range(6)]

    def steps(optimizer, schedule, some):
        for grads in some:
            for p, g in zip(optimizer.parameters, grads, strict=True):
                p.grad = g
            optimizer.step()
            schedule.step()

    def fresh():
        optimizer = make(parameters((3, 2), (3,)))
        return optimizer, nnlib.StepLR(optimizer, 2, 0.5)

    whole, schedule = fresh()
    steps(whole, schedule, gradients)
    first, schedule = fresh()
    steps(first, schedule, gradients[:3])
    state, times = first.state_dict(), schedule.state_dict()
    weights = [p.data.copy() for p in first.parameters]
    steps(first, schedule, gradients[3:])  # the state is a copy
    second, schedule = fresh()
    for p, w in zip(second.parameters, weights, strict=True):
        p.data[...] = w
    assert second.load_state_dict(state) is second
    assert schedule.load_state_dict(times) is schedule
    steps(second, schedule, gradients[3:])
    assert (second.t, second.lr) == (whole.t, whole.lr)
    for p, q in zip(second.parameters, whole.parameters, strict=True):
        np.testing.assert_array_equal(p.data, q.data)


def test_a_state_of_another_optimiser_is_refused():
    adam = Adam(parameters((3, 2)))
    for other in (SGD(parameters((3, 2)), lr=1.0), Adam(parameters((3,)))):
        with pytest.raises(ValueError, match="another kind of optimiser or to other parameters"):
            adam.load_state_dict(other.state_dict())
    assert adam.lr == 0.001


def test_weights_loaded_in_between_are_stepped():
    model = nnlib.Linear(2, 1, rng=0)
    optimizer = SGD(model.parameters(), lr=1.0)
    model.load_state_dict({"weight": np.zeros((1, 2)), "bias": np.zeros(1)})
    model(np.ones((1, 2), np.float32)).sum().backward()
    optimizer.step()
    np.testing.assert_array_equal(model.weight.data, [[-1.0, -1.0]])


def test_weights_replaced_in_between_are_stepped():
    x, y = parameters(2, 3)
    optimizer = SGD([x, y], lr=1.0, momentum=0.5)
    x.grad, y.grad = np.ones(2), np.ones(3)
    optimizer.step()
    x.data = np.array([5.0, 6.0])
    optimizer.step()
    np.testing.assert_array_equal(x.data, [3.5, 4.5])  # the velocity was kept


def test_two_optimisers_of_the_same_parameters():
    (x,) = parameters(1)
    x.data[...] = 10.0
    a, b = SGD([x], lr=1.0), SGD([x], lr=0.1)
    for optimizer in (a, b, a):
        x.grad = np.ones(1)
        optimizer.step()
    np.testing.assert_allclose(x.data, [10.0 - 1.0 - 0.1 - 1.0])


def test_a_parameter_without_a_gradient_counts_as_zero():
    x, y = parameters(1, 1)
    before = y.data.copy()
    x.grad = np.ones(1)
    SGD([x, y], lr=1.0).step()
    np.testing.assert_array_equal(y.data, before)


def test_a_parameter_given_twice_is_stepped_once():
    (x,) = parameters(1)
    start = x.data.copy()
    x.grad = np.ones(1)
    SGD([x, x], lr=1.0).step()
    np.testing.assert_allclose(x.data, start - 1.0)


def test_zero_grad():
    (x,) = parameters(1)
    x.grad = np.ones(1)
    SGD([x], lr=1.0).zero_grad()
    assert x.grad is None


def test_mistakes_with_optimisers():
    (x,) = parameters(1)
    with pytest.raises(ValueError, match=r"no parameters: pass model\.parameters\(\)"):
        SGD([], lr=0.1)
    with pytest.raises(TypeError, match="parameter 1 is Tensor without requires_grad"):
        SGD([x, Tensor([1.0])], lr=0.1)
    with pytest.raises(TypeError, match="parameter 0 is str"):
        SGD("abc", lr=0.1)
    with pytest.raises(TypeError, match="the parameters are float32 and float64"):
        SGD([x, *parameters(1, dtype=np.float32)], lr=0.1)
    for lr in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="learning rate must be above 0"):
            SGD([x], lr=lr)
    with pytest.raises(RuntimeError, match=r"call loss\.backward\(\) before step\(\)"):
        SGD([x], lr=0.1).step()
    with pytest.raises(ValueError, match="momentum must lie from 0 to below 1"):
        SGD([x], lr=0.1, momentum=1.0)
    for momentum in (-0.1, 1.5):
        with pytest.raises(ValueError, match="momentum must lie"):
            SGD([x], lr=0.1, momentum=momentum)
    with pytest.raises(ValueError, match="needs momentum above 0"):
        SGD([x], lr=0.1, nesterov=True)
    with pytest.raises(ValueError, match="alpha must lie"):
        RMSprop([x], alpha=1.0)
    with pytest.raises(ValueError, match="beta1 must lie"):
        Adam([x], betas=(1.0, 0.9))
    with pytest.raises(ValueError, match="beta2 must lie"):
        Adam([x], betas=(0.9, -0.1))
    x.grad = np.ones(1)
    with pytest.raises(NotImplementedError):
        optim.Optimizer([x], lr=0.1).step()


def rates(schedule, steps):
    out = []
    for _ in range(steps):
        out.append(schedule.optimizer.lr)
        schedule.step()
    return out


def test_schedules_by_hand():
    def sgd():
        return SGD(parameters(1), lr=0.8)

    assert rates(nnlib.StepLR(sgd(), 2, gamma=0.5), 5) == [0.8, 0.8, 0.4, 0.4, 0.2]
    assert rates(nnlib.StepLR(sgd(), 1), 2) == pytest.approx([0.8, 0.08])
    cosine = rates(nnlib.CosineAnnealingLR(sgd(), T_max=4, eta_min=0.2), 7)
    np.testing.assert_allclose(
        cosine, 0.2 + 0.3 * (1 + np.cos(np.pi * np.array([0, 1, 2, 3, 4, 4, 4]) / 4))
    )
    warm = rates(nnlib.CosineAnnealingLR(sgd(), T_max=4, warmup=4), 6)
    np.testing.assert_allclose(warm[:5], [0.2, 0.4, 0.6, 0.8, 0.8])
    assert warm[5] < 0.8
    assert rates(nnlib.CosineAnnealingLR(sgd(), T_max=1), 3) == pytest.approx([0.8, 0.0, 0.0])
    assert rates(nnlib.Schedule(sgd(), lambda t: 0.5**t), 3) == [0.8, 0.4, 0.2]
    assert rates(nnlib.StepLR(sgd(), 1, gamma=0.5, warmup=2), 4) == [0.4, 0.8, 0.8, 0.4]


def test_mistakes_with_schedules():
    sgd = SGD(parameters(1), lr=0.8)
    with pytest.raises(ValueError, match="warmup counts steps"):
        nnlib.StepLR(sgd, 2, warmup=-1)
    with pytest.raises(ValueError, match="step_size must be at least 1"):
        nnlib.StepLR(sgd, 0)
    with pytest.raises(ValueError, match="T_max must be at least 1"):
        nnlib.CosineAnnealingLR(sgd, 0)


def test_clipping_keeps_the_direction():
    x, y = parameters(2, 1)
    x.grad, y.grad = np.array([3.0, 0.0]), np.array([4.0])
    grads = [x.grad, y.grad]
    assert float(nnlib.clip_grad_norm_([x, y], 1.0)) == 5.0
    np.testing.assert_allclose(x.grad, [3.0 / (5.0 + 1e-6), 0.0], rtol=1e-12)
    np.testing.assert_allclose(y.grad, [4.0 / (5.0 + 1e-6)], rtol=1e-12)
    np.testing.assert_array_equal(grads[0], [3.0, 0.0])  # replaced, not changed
    nnlib.clip_grad_norm_([x, y], 10.0)
    np.testing.assert_allclose(y.grad, [0.8], rtol=1e-6)
    x.grad = np.ones(2, dtype=np.float32)
    nnlib.clip_grad_norm_([x], 0.5)
    assert x.grad.dtype == np.float32
    with pytest.raises(ValueError, match=r"call backward\(\) before clip_grad_norm_"):
        nnlib.clip_grad_norm_(parameters(1), 1.0)
    for max_norm in (0.0, -1.0):
        with pytest.raises(ValueError, match="max_norm must be above 0"):
            nnlib.clip_grad_norm_([x], max_norm)
