"""Two networks that train each other: the losses, whose turn it is, the brake and the mean."""

import numpy as np
import pytest

from nnlib import (
    SGD,
    Linear,
    Sequential,
    Tanh,
    Tensor,
    binary_cross_entropy_with_logits,
    numerical_gradient,
)
from nnlib.adversarial import (
    AveragedModel,
    adversarial_step,
    discriminator_loss,
    generator_loss,
    slope_penalty,
)


def pair(seed=0):
    rng = np.random.default_rng(seed)

    def layer(inputs, outputs):
        return Linear(inputs, outputs, rng=rng, dtype=np.float64)

    return Sequential(layer(2, 4), Tanh(), layer(4, 3)), Sequential(
        layer(3, 5), Tanh(), layer(5, 1)
    )


def weights(model):
    return np.concatenate([p.data.ravel() for p in model.parameters()])


def batch(seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(6, 3)) + 1, rng.normal(size=(4, 2))


# --- Losses ---------------------------------------------------------------------------------------


def test_losses_are_those_of_labels():
    rng = np.random.default_rng(1)
    real, fake = 3 * rng.normal(size=(5, 1)), 3 * rng.normal(size=(2, 1))
    bce = binary_cross_entropy_with_logits
    expected = bce(real, np.ones((5, 1))).item() + bce(fake, np.zeros((2, 1))).item()
    assert np.isclose(discriminator_loss(real, fake).item(), expected)
    assert np.isclose(generator_loss(fake).item(), bce(fake, np.ones((2, 1))).item())


def test_losses_of_large_logits_are_finite():
    large = np.array([[1000.0], [-1000.0]])
    assert discriminator_loss(large, large).item() == 1000.0
    assert generator_loss(large).item() == 500.0


# --- Turns ----------------------------------------------------------------------------------------


def test_a_step_is_two_turns():
    real, noise = batch()
    ours, theirs = pair(), pair()
    losses = adversarial_step(*ours, *(SGD(m.parameters(), lr=0.5) for m in ours), real, noise)

    gen, dis = theirs
    to_gen, to_dis = (SGD(m.parameters(), lr=0.5) for m in theirs)
    loss_dis = discriminator_loss(dis(real), dis(gen(noise).data))
    loss_dis.backward()
    to_dis.step()
    loss_gen = generator_loss(dis(gen(noise)))
    loss_gen.backward()
    to_gen.step()

    assert losses == (loss_gen.item(), loss_dis.item())
    for mine, right in zip(ours, theirs, strict=True):
        assert np.array_equal(weights(mine), weights(right))


def test_gradients_of_earlier_turns_are_forgotten():
    real, noise = batch()
    once, stained = pair(), pair()
    for model in stained:
        for p in model.parameters():
            p.grad = np.full(p.shape, 7.0)
    for gen, dis in (once, stained):
        optimizers = SGD(gen.parameters(), lr=0.5), SGD(dis.parameters(), lr=0.5)
        adversarial_step(gen, dis, *optimizers, real, noise)
    assert np.array_equal(weights(once[0]), weights(stained[0]))
    assert np.array_equal(weights(once[1]), weights(stained[1]))


def test_the_penalty_is_in_the_discriminators_loss_alone():
    real, noise = batch()
    plain, braked = pair(), pair()
    a = adversarial_step(*plain, *(SGD(m.parameters(), lr=1e-9) for m in plain), real, noise)
    b = adversarial_step(
        *braked, *(SGD(m.parameters(), lr=1e-9) for m in braked), real, noise, penalty=2.0, rng=0
    )
    brake = slope_penalty(pair()[1], real, rng=0).item()
    assert np.isclose(b[1], a[1] + 2 * brake)
    assert np.isclose(b[0], a[0])


# --- The brake ------------------------------------------------------------------------------------


def test_the_penalty_is_half_the_squared_gradient():
    _, dis = pair()
    x = batch()[0][:1]
    gradient = numerical_gradient(lambda x: dis(x).data.sum(), x)
    measured = slope_penalty(dis, np.repeat(x, 40_000, axis=0), rng=0, h=0.01).item()
    assert np.isclose(measured, np.sum(gradient**2) / 2, rtol=0.03)


def test_a_steep_discriminator_is_pulled_flat():
    _, dis = pair()
    real, _ = batch()
    optimizer = SGD(dis.parameters(), lr=0.3)
    steep = slope_penalty(dis, real, rng=0).item()
    for step in range(50):
        optimizer.zero_grad()
        slope_penalty(dis, real, rng=step).backward()
        optimizer.step()
    assert slope_penalty(dis, real, rng=0).item() < 0.2 * steep


def test_the_slope_is_taken_over_a_tenth():
    x, way = np.array([[1.0, 2.0]]), np.random.default_rng(3).standard_normal((1, 2))

    def cube(x):
        return (Tensor(x) ** 3).sum(axis=1, keepdims=True)

    rise = ((x + 0.05 * way) ** 3).sum() - ((x - 0.05 * way) ** 3).sum()
    assert slope_penalty(cube, x, rng=3).item() == pytest.approx(0.5 * (rise / 0.1) ** 2)


def test_the_penalty_keeps_the_kind_of_number():
    dis = Linear(3, 1, rng=0)
    assert slope_penalty(dis, np.ones((4, 3), np.float32), rng=0).dtype == np.float32


# --- The mean -------------------------------------------------------------------------------------


def test_the_mean_is_a_running_one():
    model = Linear(2, 3, rng=0, dtype=np.float64)
    average = AveragedModel(model, decay=0.9)
    rng, seen = np.random.default_rng(0), []
    for _ in range(4):
        model.weight.data = rng.normal(size=(3, 2))
        seen.append(model.weight.data)
        average.update_parameters(model)
    expected = seen[0]
    for now in seen[1:]:
        expected = 0.9 * expected + 0.1 * now
    assert average.updates == 4
    assert np.allclose(average.module.weight.data, expected)
    assert np.allclose(average(np.ones((1, 2))).data, expected.sum(axis=1) + model.bias.data)


def test_the_mean_is_no_view_of_the_model():
    model = Linear(1, 1, rng=0)
    average = AveragedModel(model)
    average.update_parameters(model)
    before = average.module.weight.data.copy()
    model.weight.data += 1
    assert np.array_equal(average.module.weight.data, before)


def test_the_mean_of_another_model_is_refused():
    average = AveragedModel(Linear(2, 3, rng=0))
    with pytest.raises(ValueError, match="zip"):
        average.update_parameters(Linear(2, 3, bias=False, rng=0))


@pytest.mark.parametrize("decay", [1, 1.5, -0.5])
def test_a_decay_that_would_never_learn_is_refused(decay):
    with pytest.raises(ValueError, match=f"decay must lie from 0 to below 1, got {decay}"):
        AveragedModel(Linear(1, 1), decay=decay)
    assert AveragedModel(Linear(1, 1), decay=0).decay == 0


@pytest.mark.parity
def test_the_mean_is_pytorchs():
    torch = pytest.importorskip("torch")
    ours, theirs = Linear(2, 1, rng=0, dtype=np.float64), torch.nn.Linear(2, 1, dtype=torch.float64)
    swa = torch.optim.swa_utils
    mine = AveragedModel(ours, decay=0.8)
    reference = swa.AveragedModel(theirs, multi_avg_fn=swa.get_ema_multi_avg_fn(0.8))
    rng = np.random.default_rng(0)
    for _ in range(5):
        for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
            p.data = rng.normal(size=p.shape)
            q.data = torch.tensor(p.data)
        mine.update_parameters(ours)
        reference.update_parameters(theirs)
    for p, q in zip(mine.module.parameters(), reference.module.parameters(), strict=True):
        assert np.allclose(p.data, q.detach().numpy())
