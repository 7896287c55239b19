"""Two networks that train each other: their losses, a step of each, a brake, and a mean.

A generator makes examples out of noise; a discriminator scores examples by logits, positive for
those that it takes for real. Each step of one moves the ground under the other.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from nnlib.activations import softplus
from nnlib.backend import RNG, Array, device_of, to
from nnlib.module import Module
from nnlib.optim import Optimizer
from nnlib.tensor import Tensor

__all__ = [
    "AveragedModel",
    "adversarial_step",
    "discriminator_loss",
    "generator_loss",
    "slope_penalty",
]


def discriminator_loss(real: Any, fake: Any) -> Tensor:
    """Score the logits of a discriminator: high is asked for on real examples, low on fakes (12.1).

    Parameters
    ----------
    real, fake : Tensor or array
        The logits of real examples, and of the generator's.

    Returns
    -------
    Tensor
        The loss, one number: a mean over the real ones plus a mean over the fakes.

    Notes
    -----
    Shape: real (N, 1), fake (M, 1); N and M may differ. ``softplus(-z)`` is minus the log of the
    probability of *real*, and ``softplus(z)`` that of *fake*.

    Examples
    --------
    >>> import numpy as np
    >>> round(discriminator_loss(np.zeros((4, 1)), np.zeros((3, 1))).item(), 3)
    1.386
    """
    return softplus(-real).mean() + softplus(fake).mean()  # (12.1)


def generator_loss(fake: Any) -> Tensor:
    """Score the same logits for the generator, which wants its fakes taken for real (12.2).

    Parameters
    ----------
    fake : Tensor or array
        The discriminator's logits of the generator's examples.

    Returns
    -------
    Tensor
        The loss, one number.

    Notes
    -----
    Shape: (N, 1).

    Examples
    --------
    >>> import numpy as np
    >>> round(generator_loss(np.zeros((3, 1))).item(), 3)
    0.693
    """
    return softplus(-fake).mean()  # (12.2)


def slope_penalty(discriminator: Module, x: Array, *, rng: RNG = None, h: float = 0.1) -> Tensor:
    """Measure how steep a discriminator is at some examples: the mean of half its slope squared.

    The slope is taken in one random direction an example, as a central difference (5.1). Averaged
    over directions, its square is the squared length of the gradient with respect to `x` (12.4).

    Parameters
    ----------
    discriminator : Module
        Gives one logit for each example.
    x : array
        The examples at which it should be flat: the real ones.
    rng : numpy.random.Generator, int or None
        Where the directions come from.
    h : float, default 0.1
        How far apart the two places are, for a direction of length 1.

    Returns
    -------
    Tensor
        One number, to be added to the discriminator's loss, times the strength of the brake.

    Notes
    -----
    Shape: x (N, D), or any other whose first axis counts examples.

    References
    ----------
    Mescheder, Geiger, Nowozin: Which training methods for GANs do actually converge? ICML 2018.

    Examples
    --------
    >>> from nnlib.layers import Linear
    >>> flat = Linear(2, 1, init=lambda shape, rng: np.zeros(shape))
    >>> slope_penalty(flat, np.ones((3, 2), dtype=np.float32), rng=0).item()
    0.0
    """
    drawn = np.random.default_rng(rng).standard_normal(x.shape)
    step = to((0.5 * h * drawn).astype(x.dtype), device_of(x))
    slope: Tensor = (discriminator(x + step) - discriminator(x - step)) * (1 / h)
    return (slope * slope).mean() * 0.5  # (12.4)


def adversarial_step(
    generator: Module,
    discriminator: Module,
    optimizer_g: Optimizer,
    optimizer_d: Optimizer,
    real: Array,
    noise: Array,
    *,
    penalty: float = 0.0,
    rng: RNG = None,
) -> tuple[float, float]:
    """Let both players take one step: the discriminator first, then the generator.

    Parameters
    ----------
    generator, discriminator : Module
        The two players.
    optimizer_g, optimizer_d : Optimizer
        Each moves the parameters of its own player, and no others.
    real, noise : array
        A batch of real examples; what the generator makes its fakes of.
    penalty : float, default 0
        The strength of `slope_penalty`.
    rng : numpy.random.Generator, int or None
        For the directions of the penalty.

    Returns
    -------
    tuple of float
        The loss of the generator and that of the discriminator, each before its step.

    Notes
    -----
    Shape: real (N, D), noise (M, Z), where the generator maps (M, Z) to (M, D).

    Examples
    --------
    >>> from nnlib.layers import Linear
    >>> from nnlib.optim import SGD
    >>> G, D = Linear(2, 3, rng=0), Linear(3, 1, rng=1)
    >>> real, noise = np.ones((4, 3), np.float32), np.ones((5, 2), np.float32)
    >>> to_g, to_d = SGD(G.parameters(), lr=0.1), SGD(D.parameters(), lr=0.1)
    >>> losses = adversarial_step(G, D, to_g, to_d, real, noise)
    >>> len(losses)
    2
    """
    fake = generator(noise)

    loss_d = discriminator_loss(discriminator(real), discriminator(fake.detach()))
    if penalty:
        loss_d = loss_d + penalty * slope_penalty(discriminator, real, rng=rng)
    optimizer_d.zero_grad()
    loss_d.backward()
    optimizer_d.step()

    loss_g = generator_loss(discriminator(fake))
    optimizer_g.zero_grad()
    loss_g.backward()
    optimizer_g.step()
    return loss_g.item(), loss_d.item()


class AveragedModel(Module):
    """A model whose parameters are a running mean of another's (12.5).

    Parameters
    ----------
    model : Module
        The model that is trained.
    decay : float, default 0.99
        How much of the mean stays at each update.

    Attributes
    ----------
    module : Module
        A copy of the model, which holds the mean.
    updates : int
        How often it was updated; the first update copies.

    Examples
    --------
    >>> from nnlib.layers import Linear
    >>> model = Linear(1, 1, init=lambda shape, rng: np.ones(shape))
    >>> average = AveragedModel(model, decay=0.75)
    >>> average.update_parameters(model)
    >>> model.weight.data += 1
    >>> average.update_parameters(model)
    >>> average.module.weight.data
    array([[1.25]], dtype=float32)
    """

    def __init__(self, model: Module, decay: float = 0.99) -> None:
        if not 0 <= decay < 1:
            raise ValueError(f"decay must lie from 0 to below 1, got {decay}")
        super().__init__()
        self.module, self.decay, self.updates = copy.deepcopy(model), decay, 0

    def forward(self, *inputs: Any, **options: Any) -> Any:
        """Apply the mean."""
        return self.module(*inputs, **options)

    def update_parameters(self, model: Module) -> None:
        """Take what the model is now into the mean."""
        keep = self.decay if self.updates else 0.0
        for mean, now in zip(self.module.parameters(), model.parameters(), strict=True):
            mean.data = keep * mean.data + (1 - keep) * now.data  # (12.5)
        self.updates += 1
