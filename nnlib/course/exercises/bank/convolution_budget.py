"""Chapter 9, convolution: digits in any place, on a budget. `backpropagation.py` is the guide."""

from functools import cache
from typing import Any

import numpy as np

from nnlib import (
    AdamW,
    AvgPool2d,
    Conv2d,
    Flatten,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Module,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    cross_entropy,
    no_grad,
)
from nnlib.course.exercises.exercise import Misconception, Need
from nnlib.course.exercises.kinds import budget
from nnlib.data import batches, load_digits, split
from nnlib.training import accuracy, fit

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 9.5 -------------------------------------------------------------------------------------------


def shift_network(rng):
    """An untrained network: images (N, 1, 12, 12) in, logits (N, 10) out.

    rng is for the first weights.
    """
    # <solution>
    return Sequential(
        Conv2d(1, 8, kernel_size=3, padding=1, rng=rng),
        ReLU(),
        MaxPool2d(2),
        Conv2d(8, 20, kernel_size=3, padding=1, rng=rng),
        ReLU(),
        MaxPool2d(6),
        Flatten(),
        Linear(20, 10, rng=rng),
    )
    # </solution>


MOST_PARAMETERS, LEAST_ACCURACY, SEEDS = 2_000, 0.85, 4
RECIPE = {"epochs": 10, "lr": 0.01, "batch_size": 32}


@cache
def scattered(seed: int) -> Any:
    """Put the digits anywhere on 12 by 12 pixels: examples to train on, and others."""
    digits, labels = load_digits()
    canvas = np.zeros((len(digits), 1, 12, 12), dtype=np.float32)
    corners = np.random.default_rng(seed).integers(0, 5, size=(len(digits), 2))
    for image, digit, (row, column) in zip(canvas, digits, corners, strict=True):
        image[0, row : row + 8, column : column + 8] = digit.reshape(8, 8)
    return split(canvas, labels, parts=(0.6, 0.4), rng=seed)


def measured(answer: Any, seed: int) -> dict[str, float]:
    """Train a network as the exercise says, and look at it before and after."""
    if isinstance(answer, Module):
        raise TypeError("hand over the function that builds a network: each seed trains its own")
    model = answer(np.random.default_rng(seed))
    if model is None or model is Ellipsis:
        raise NotImplementedError
    if not isinstance(model, Module):
        raise TypeError(f"return a network, a Module; this is of type {type(model).__name__}")
    (X, y), (X_new, y_new) = scattered(seed % 1000)
    size = sum(tensor.size for tensor in {t for _, t in model.named_tensors()})
    with no_grad():
        z, opposite = (model.eval()(sign * X[:100]).data for sign in (1, -1))
        if z.shape != (100, 10):
            raise ValueError(f"the network gives {z.shape} for images {X[:100].shape}")
        nothing = model(0 * X[:1]).data
    found: dict[str, float] = {
        "parameters": size,
        "kernels": sum(p.ndim == 4 for p in model.parameters()),
        "bend": float(np.abs(z + opposite - 2 * nothing).max()),  # 0 for a weighted sum
        "sums to one": float(np.allclose(z.sum(axis=1), 1)),
        "accuracy": 0.0,
    }
    if size <= MOST_PARAMETERS:  # over the budget there is nothing to train
        epochs, lr, batch_size = RECIPE.values()
        data = batches(X, y, batch_size=int(batch_size), rng=seed)
        optimizer = AdamW(model.train().parameters(), lr=lr)
        fit(model, cross_entropy, data, optimizer, epochs=int(epochs), progress=False)
        with no_grad():
            found["accuracy"] = accuracy(model.eval()(X_new), y_new)
    return found


def _column(outputs, name):
    return np.array([output[name] for output in outputs])


def _convolved(first=6, second=12, *, activation=ReLU, pool=MaxPool2d, end=2, last=()):
    """Two convolutions, and whatever is to be different about them."""

    def make(rng):
        return Sequential(
            Conv2d(1, first, 3, padding=1, rng=rng),
            activation(),
            pool(2),
            Conv2d(first, second, 3, padding=1, rng=rng),
            activation(),
            pool(end),
            Flatten(),
            Linear(second * (6 // end) ** 2, 10, rng=rng),
            *last,
        )

    return make


def _dense(rng):
    return Sequential(Flatten(), Linear(144, 12, rng=rng), ReLU(), Linear(12, 10, rng=rng))


def _straight(rng):
    return Sequential(Flatten(), Linear(144, 10, rng=rng))


def _never_pooled(rng):
    conv = Conv2d(1, 8, 3, padding=1, rng=rng)
    return Sequential(conv, ReLU(), Flatten(), Linear(8 * 144, 10, rng=rng))


def _one_layer(rng):
    conv = Conv2d(1, 12, 3, rng=rng)
    return Sequential(conv, ReLU(), MaxPool2d(5), Flatten(), Linear(48, 10, rng=rng))


SHIFTED = budget(
    "9.5",
    "Digits anywhere, for two thousand numbers",
    shift_network,
    measured,
    needs=(
        Need("parameters", at_most=MOST_PARAMETERS),
        Need("accuracy", at_least=LEAST_ACCURACY),
    ),
    seeds=SEEDS,
    hints=(
        (
            "Write down the parameters of each layer of the chapter's network. Which layer has the "
            "most, and what makes it so large?"
        ),
        (
            "The last layer has weights for every number that reaches it. Two convolutions, and "
            "something between them and the last layer that leaves few numbers and forgets where "
            "they were."
        ),
        (
            "Eight kernels of 3 by 3, a pooling of 2, about twenty kernels of 3 by 3; then a max "
            "pooling over all that is left of each channel, and a dense layer from there to the "
            "ten classes."
        ),
    ),
    misconceptions=(
        Misconception(
            "never pooled",
            _never_pooled,
            "Your network is over the budget. Nothing makes the images smaller, so the last layer "
            "has a weight for every pixel of every channel. What could stand before it?",
            tempting="A convolution costs next to nothing, so a network of convolutions seems to "
            "be cheap whatever follows.",
            sign=lambda outputs: bool((_column(outputs, "parameters") > 4 * MOST_PARAMETERS).all()),
        ),
        Misconception(
            "too large",
            _convolved(8, 16),
            "Your network is over the budget. Count the parameters layer by layer: where do most "
            "of them go?",
            tempting="It is the network that worked in the chapter, and it has far fewer "
            "parameters than the dense one.",
            sign=lambda outputs: bool((_column(outputs, "parameters") > MOST_PARAMETERS).any()),
        ),
        Misconception(
            "probabilities",
            _convolved(8, 20, end=6, last=(Softmax(),)),
            "The numbers of each row add up to 1: these are probabilities, and the loss takes "
            "their softmax once more. Logits were asked for.",
            tempting="A classifier answers with probabilities, so its last layer seems to be the "
            "place to make them.",
            sign=lambda outputs: bool(_column(outputs, "sums to one").all()),
        ),
        Misconception(
            "a single layer",
            _straight,
            "What goes in is weighed once, and nothing bends: a weighted sum of pixels cannot "
            "follow a digit from place to place.",
            tempting="The fewest parameters are those of a single layer, and on digits that keep "
            "their place it does well.",
            sign=lambda outputs: bool((_column(outputs, "bend") < 1e-4).all()),
        ),
        Misconception(
            "no convolution",
            _dense,
            "Every unit of your network has a weight of its own for every pixel, so what it "
            "learns about a digit in one place says nothing about the next. What shares weights?",
            tempting="On the digits of chapter 7 a hidden layer was enough, and it can be made as "
            "small as the budget asks.",
            sign=lambda outputs: bool((_column(outputs, "kernels") == 0).all()),
        ),
        Misconception(
            "one convolution",
            _one_layer,
            "One convolution knows edges and corners, and what they add up to it does not see. "
            "What would look at the answers of the first?",
            tempting="The kernels find the edges, and a dense layer can put them together.",
            sign=lambda outputs: bool((_column(outputs, "kernels") == 1).all()),
        ),
        Misconception(
            "hardly learns",
            _convolved(8, 20, activation=Sigmoid, end=6),
            "In ten epochs it hardly learns anything. How much of a gradient comes through the "
            "activations that you chose, and does anything stand after the last layer that should "
            "not?",
            tempting="A sigmoid says how sure a unit is that it has found its edge, between no and "
            "yes.",
            sign=lambda outputs: bool((_column(outputs, "accuracy") < 0.3).all()),
        ),
        Misconception(
            "mean over places",
            _convolved(8, 20, pool=AvgPool2d, end=6),
            "It learns, and not enough. If you take means over many places, one strong answer is "
            "lost among many weak ones; if the last layer still sees places, it learns each place "
            "on its own.",
            tempting="The mean of all places uses every one of them and costs no parameter.",
            sign=lambda outputs: bool((_column(outputs, "accuracy") < LEAST_ACCURACY).all()),
        ),
        Misconception(
            "some seeds",
            _convolved(3, 16, end=6),
            "It is good enough on some seeds and not on others. Are there kernels enough to lose "
            "a few to a bad start, and does the last layer still care where its numbers come from?",
            tempting="The first run was good enough, and the other seeds are only other numbers.",
            sign=lambda outputs: bool((_column(outputs, "accuracy") >= LEAST_ACCURACY).any()),
        ),
    ),
    also_right=(
        _convolved(8, 20, end=6, activation=lambda: LeakyReLU(0.1)),
        _convolved(10, 18, end=6),
    ),
)
