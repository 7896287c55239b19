"""Chapter 9, convolution: digits in any place, on a budget. `backpropagation.py` is the guide."""

from functools import cache
from typing import Any

import numpy as np

from nnlib import (
    AdamW,
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    Dropout,
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
    relu,
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


def _parts(model):
    """The layers of a network in their order; one that is not a Sequential is one layer."""
    if isinstance(model, Sequential):
        for layer in model.layers:
            yield from _parts(layer)
    else:
        yield model


def _shrunk(model, images):
    """Whether a convolution gets images that were made small before it could look at them."""
    pixels = []
    for layer in _parts(model):
        if isinstance(layer, Conv2d) and layer.weight[0, 0].size > 1:
            pixels.append(images.shape[2] * images.shape[3])
        images = layer(images)
    return bool(pixels) and (pixels[0] < 144 or min(pixels[:2]) < 16)


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
        nothing, alone = (model(some).data for some in (0 * X[:1], X[:1]))
        if not np.allclose(alone, z[:1], rtol=1e-3, atol=1e-4):
            raise ValueError("an image alone gets other logits than the same image in a batch")
        shrunk = _shrunk(model, X[:1])
        twice = [model.train()(X[:100]).data for _ in range(2)]
    parts = list(model.modules())
    found: dict[str, float] = {
        "parameters": size,
        "kernels": sum(p.ndim == 4 and p[0, 0].size > 1 for p in model.parameters()),
        "bend": float(np.abs(z + opposite - 2 * nothing).max()),  # 0 for a weighted sum
        "sums to one": float(np.allclose(z.sum(axis=1), 1)),
        "share of logits below 0": float(np.mean(z < 0)),
        "shrunk": float(shrunk),
        "means": sum(isinstance(part, AvgPool2d | AdaptiveAvgPool2d) for part in parts),
        "left out by chance": float(np.abs(twice[0] - twice[1]).max()),
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


def _as_large_as_a_digit(rng):
    """One convolution after all: its kernels cover a whole digit."""
    conv = Conv2d(1, 20, 8, rng=rng)
    return Sequential(conv, ReLU(), MaxPool2d(5), Flatten(), Linear(20, 10, rng=rng))


def _pooled_at_once(rng):
    """Pooled first, and the second convolution has next to nothing left to look at."""
    first, second = Conv2d(1, 8, 3, padding=1, rng=rng), Conv2d(8, 20, 3, padding=1, rng=rng)
    pooled = [first, ReLU(), MaxPool2d(6), second, ReLU(), MaxPool2d(2)]
    return Sequential(*pooled, Flatten(), Linear(20, 10, rng=rng))


def _four_thin_layers(rng):
    sizes, layers = (1, 5, 5, 8, 8), []
    for fan_in, fan_out, pool in zip(sizes[:-1], sizes[1:], (1, 2, 2, 3), strict=True):
        layers += [Conv2d(fan_in, fan_out, 3, padding=1, rng=rng), ReLU(), MaxPool2d(pool)]
    return Sequential(*layers, Flatten(), Linear(8, 10, rng=rng))


class _Written(Module):
    """The solution's network as a class of its own, that takes the largest of each channel."""

    def __init__(self, rng):
        self.edges = Conv2d(1, 8, 3, padding=1, rng=rng)
        self.strokes = Conv2d(8, 20, 3, padding=1, rng=rng)
        self.classes = Linear(20, 10, rng=rng)

    def forward(self, x):
        x = MaxPool2d(2)(relu(self.edges(x)))
        return self.classes(relu(self.strokes(x)).max(axis=3).max(axis=2))


SHIFTED = budget(
    "9.5",
    "Digits anywhere, for two thousand numbers",
    shift_network,
    measured,
    needs=(
        Need("parameters", at_most=MOST_PARAMETERS),
        Need("share of logits below 0", at_least=0.01),
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
            "softmax over the batch",
            _convolved(8, 20, end=6, last=(Softmax(axis=0),)),
            "What your network says of an image depends on the other images of the batch: alone, "
            "the same image gets another answer. Which axis runs over the examples?",
            tempting="Axis 0 is the first that comes to mind, and with a softmax over it the "
            "training goes well.",
        ),
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
            "activation at the end",
            _convolved(8, 20, end=6, last=(ReLU(),)),
            "None of your outputs is ever below 0. Logits may be any numbers, and a class that is "
            "cut off at 0 gets no gradient to come back with. What follows the last layer?",
            tempting="An activation comes after each of the other layers, so the last one seems to "
            "need its own.",
            sign=lambda outputs: bool((_column(outputs, "share of logits below 0") == 0).any()),
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
            "Only one of your convolutions looks at more than a single pixel, and it finds what "
            "its kernels can cover: edges and corners are not digits yet. What would look at its "
            "answers, or see more at a time?",
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
            "leaves out by chance",
            _convolved(8, 20, end=6, activation=lambda: Sequential(ReLU(), Dropout(0.5))),
            "Your network leaves out numbers at random while it trains. That is a remedy for one "
            "that knows its examples by heart: has one of two thousand parameters, after ten "
            "epochs, anything to spare?",
            tempting="Dropout made networks better on new examples, and new examples are what "
            "counts here.",
            sign=lambda outputs: bool((_column(outputs, "left out by chance") > 1e-6).all()),
        ),
        Misconception(
            "small too early",
            _pooled_at_once,
            "It learns, and not enough. Write down the height and width of what reaches each "
            "convolution: what was pooled or skipped away before it, no kernel can find.",
            tempting="To forget where things are is the plan, and the sooner it is done, the less "
            "there is to compute.",
            sign=lambda outputs: bool(
                (_column(outputs, "shrunk") * (_column(outputs, "accuracy") < LEAST_ACCURACY)).all()
            ),
        ),
        Misconception(
            "mean over places",
            _convolved(8, 20, pool=AvgPool2d, end=6),
            "It learns, and not enough. A digit's stroke is in one place; if you take means over "
            "many places, its one strong answer is lost among many weak ones.",
            tempting="The mean of all places uses every one of them and costs no parameter.",
            sign=lambda outputs: bool(
                (_column(outputs, "means") > 0).all()
                and (_column(outputs, "accuracy") < LEAST_ACCURACY).all()
            ),
        ),
        Misconception(
            "most of it unspent",
            _convolved(4, 8, end=6),
            "It learns, and not enough, and more than half of the budget is left. A kernel looks "
            "for one thing. How many different strokes, bends and ends do ten digits have?",
            tempting="Fewer parameters are praised all over the chapter, so the fewest seem best.",
            sign=lambda outputs: bool(
                (_column(outputs, "parameters") < MOST_PARAMETERS / 2).all()
                and (_column(outputs, "accuracy") < LEAST_ACCURACY).all()
            ),
        ),
        Misconception(
            "not enough",
            _four_thin_layers,
            "It learns, and not enough. Write the parameters beside each layer: how many buy "
            "kernels that look for something, and does every layer have kernels enough? If the "
            "last one still sees places, it learns each place on its own.",
            tempting="Deeper networks find more, so a budget seems best spent on another layer.",
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
        _as_large_as_a_digit,
        _Written,
    ),
)
