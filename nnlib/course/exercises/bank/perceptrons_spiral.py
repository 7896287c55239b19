"""Chapter 7, multilayer perceptrons: a spiral on a budget. `backpropagation.py` is the guide."""

from itertools import pairwise
from typing import Any

import numpy as np

from nnlib import (
    Adam,
    LeakyReLU,
    Linear,
    Module,
    ReLU,
    Sequential,
    Tanh,
    binary_cross_entropy_with_logits,
    mse_loss,
    no_grad,
)
from nnlib.course.exercises.exercise import Misconception, Need
from nnlib.course.exercises.kinds import budget
from nnlib.data import spirals
from nnlib.training import accuracy

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 7.5 -------------------------------------------------------------------------------------------


def spiral_network(X, y, seed):
    """A trained network that takes points (M, 2) and gives logits (M, 1).

    X (200, 2) in float32 and y (200,) are two spiral arms; seed is for the
    first weights.
    """
    # <solution>
    rng = np.random.default_rng(seed)
    first, second = Linear(2, 5, rng=rng), Linear(5, 5, rng=rng)
    model = Sequential(first, Tanh(), second, Tanh(), Linear(5, 1, rng=rng))
    optimizer = Adam(model.parameters(), lr=0.1)
    targets = y.reshape(-1, 1).astype(np.float32)
    for _ in range(800):
        loss = binary_cross_entropy_with_logits(model(X), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model
    # </solution>


MOST_PARAMETERS = 60


def _measured(answer: Any, seed: int) -> dict[str, float]:
    """Let a network be trained on points of one draw, and measure it on points of another."""
    X, y = spirals(200, rng=seed)
    model = answer(X, y, seed)
    if model is None or model is Ellipsis:
        raise NotImplementedError
    if not isinstance(model, Module):
        raise TypeError(
            f"return the trained model itself, a Module; this is of type {type(model).__name__}"
        )
    model.eval()
    new, classes = spirals(400, rng=seed + 1)
    with no_grad():
        z, opposite, middle = (model(points).data for points in (X, -X, np.zeros_like(X)))
        if z.shape != (len(X), 1):
            raise ValueError(f"the model gives {z.shape} for points {X.shape}, not {(len(X), 1)}")
        return {
            # Everything it holds counts, so that a frozen layer is not for nothing.
            "parameters": sum(tensor.size for tensor in {t for _, t in model.named_tensors()}),
            "accuracy": accuracy(model(new), classes),
            "accuracy on the 200": accuracy(z, y),
            "with the border at a half": accuracy(z - 0.5, y),
            "bend": float(np.abs(z + opposite - 2 * middle).max() / max(np.abs(z).max(), 1e-12)),
        }


def _column(outputs, name):
    return np.array([output[name] for output in outputs])


def _recipe(
    sizes, activation=Tanh, steps=800, lr=0.1, loss=binary_cross_entropy_with_logits, swap=False
):
    """Another network, or another training of it."""

    def train(X, y, seed):
        rng = np.random.default_rng(seed)
        layers = []
        for inputs, units in pairwise(sizes):
            layers += [Linear(inputs, units, rng=rng), activation()]
        model = Sequential(*layers[:-1])
        optimizer = Adam(model.parameters(), lr=lr)
        targets = np.asarray(1 - y if swap else y, dtype=np.float32)[:, None]
        for _ in range(steps):
            optimizer.zero_grad()
            loss(model(X), targets).backward()
            optimizer.step()
        return model

    return train


SPIRAL_NETWORK = budget(
    "7.5",
    "A spiral for sixty numbers",
    spiral_network,
    _measured,
    needs=(
        Need("parameters", at_most=MOST_PARAMETERS),
        Need("accuracy", at_least=0.95, share=0.9),
    ),
    seeds=10,
    hints=(
        (
            "How many parameters does a network with a single hidden layer of H units have here? "
            "Which H is the largest that the budget allows?"
        ),
        (
            "Ten units in two layers of five, or a few more in one: with tanh either follows the "
            "arms. Then it is a matter of enough steps, each large enough."
        ),
        (
            "Build it with Sequential, take Adam with a learning rate near a tenth, and train on "
            "all points at once for some hundreds of steps; y becomes floats of shape (200, 1)."
        ),
    ),
    misconceptions=(
        Misconception(
            "too-large",
            _recipe((2, 16, 16, 1), steps=100),
            "Your network is over the budget. The step between two hidden layers costs the "
            "product of their widths: where could units be saved?",
            tempting="Layers of 16 or 32 units are what one meets everywhere, and more units make "
            "a task easier.",
            sign=lambda outputs: bool((_column(outputs, "parameters") > MOST_PARAMETERS).any()),
        ),
        Misconception(
            "straight",
            _recipe((2, 5, 5, 1), activation=lambda: LeakyReLU(1.0), steps=100),
            "The border that your network draws is a straight line. What has to stand between two "
            "layers, so that they are more than one?",
            tempting="Two layers are more than one, so they seem to be able to bend a line by "
            "themselves.",
            sign=lambda outputs: bool((_column(outputs, "bend") < 1e-3).all()),
        ),
        Misconception(
            "swapped",
            _recipe((2, 5, 5, 1), swap=True, steps=400),
            "It knows the arms and calls each by the other's name. Positive means arm 1.",
            tempting="Which arm is called 1 is an arbitrary choice, so either seems as good.",
            sign=lambda outputs: bool((_column(outputs, "accuracy on the 200") < 0.2).all()),
        ),
        Misconception(
            "half",
            _recipe((2, 5, 5, 1), loss=mse_loss),
            "Your network learns to say 0 for one arm and 1 for the other, so its border lies at a "
            "half. A logit's lies at zero. Which loss asks for logits, with nothing after the "
            "last layer?",
            tempting="The targets are 0 and 1, so the squared distance to them looks like the "
            "natural loss.",
            sign=lambda outputs: bool(
                np.mean(_column(outputs, "with the border at a half")) > 0.9
                and np.mean(_column(outputs, "accuracy on the 200")) < 0.9
            ),
        ),
        Misconception(
            "some-starts",
            _recipe((2, 6, 1), activation=ReLU, steps=200),
            "It works from some starts and not from others. A recipe that needs luck is not "
            "done: more steps, another learning rate, another activation, a few more units?",
            tempting="It worked when it was tried, and one try looks like proof.",
            sign=lambda outputs: bool((_column(outputs, "accuracy") >= 0.95).any()),
        ),
        Misconception(
            "hardly-trained",
            _recipe((2, 5, 5, 1), steps=10, lr=0.01),
            "On no seed does it follow even the points that it was trained on. Is the loss still "
            "falling when you stop? Are there enough units?",
            tempting="The loss was falling, and a falling loss looks like learning well under way.",
            sign=lambda outputs: bool((_column(outputs, "accuracy on the 200") < 0.95).all()),
        ),
    ),
    also_right=(_recipe((2, 14, 1)),),
)
