"""Chapter 14: what a stack of layers costs. `backpropagation.py` says how to add an exercise."""

from math import prod

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 14.4 ------------------------------------------------------------------------------------------


def costs(layers, shape, batch):
    """Parameters, multiply-adds and numbers kept, of one forward pass.

    layers is a list of ("linear", units), ("conv", channels, kernel) and
    ("relu",). shape is that of one example: (D,) or (channels, height,
    width). A conv keeps height and width; a linear layer lays its input out
    in one row. Multiply-adds and numbers kept are for the whole batch.
    """
    # <solution>
    parameters, multiply_adds, kept = 0, 0, prod(shape)
    for kind, *sizes in layers:
        if kind == "linear":
            weights, biases, places = prod(shape) * sizes[0], sizes[0], 1
            shape = (sizes[0],)
        elif kind == "conv":
            channels, kernel = sizes
            weights, biases = shape[0] * channels * kernel**2, channels
            places = shape[1] * shape[2]
            shape = (channels, *shape[1:])
        else:
            weights = biases = places = 0
        parameters += weights + biases
        multiply_adds += weights * places
        kept += prod(shape)
    return parameters, batch * multiply_adds, batch * kept
    # </solution>


def _stacks(rng: np.random.Generator) -> list[Case]:
    a, b, c = (int(size) for size in rng.choice(np.arange(5, 40), 3, replace=False))
    return [
        ([("linear", 3)], (4,), 5),
        ([("linear", 3), ("relu",), ("linear", 2)], (4,), 5),
        ([("conv", 3, 5)], (2, 4, 7), 6),
        ([("conv", 4, 3), ("relu",), ("linear", 5)], (3, 8, 6), 7),
        ([("linear", a), ("relu",), ("linear", b), ("relu",), ("linear", 10)], (c,), 32),
        ([("conv", 6, 3), ("relu",), ("conv", 9, 5), ("relu",), ("linear", a)], (1, 9, 8), 16),
        ([("linear", 8), ("relu",), ("linear", 8)], (8,), 8),
    ]


def _odd(rng: np.random.Generator) -> list[Case]:
    return [([], (7,), 3), ([("relu",), ("relu",)], (2, 3), 1)]


def _counted(weights=None, biases=None, places=None, keeps=None, flat=prod):
    """The solution with another idea of one of its counts."""

    def count(layers, shape, batch):
        parameters, work, sizes = 0, 0, [prod(shape)]
        for kind, *given in layers:
            if kind == "linear":
                w, b, p, after = flat(shape) * given[0], given[0], 1, (given[0],)
            elif kind == "conv":
                w, b = shape[0] * given[0] * given[1] ** 2, given[0]
                p, after = shape[1] * shape[2], (given[0], *shape[1:])
            else:
                w, b, p, after = 0, 0, 0, shape
            if kind == "conv" and weights:
                w = weights(shape, *given)
            b = biases(b, shape, after) if biases and w else b
            p = places(p, shape, given) if places and kind == "conv" else p
            parameters += w + b
            work += w * p
            shape = after
            sizes.append((kind, prod(shape)))
        inside = keeps(sizes) if keeps else sizes[0] + sum(size for _, size in sizes[1:])
        return parameters, batch * work, batch * inside

    return count


def _then(change):
    """The solution's three counts, changed afterwards."""

    def count(layers, shape, batch):
        return change(*costs(layers, shape, batch), batch)

    return count


def _shared_nowhere(layers, shape, batch):
    parameters, work, kept = 0, 0, prod(shape)
    for layer in layers:
        own, its, _ = costs([layer], shape, 1)
        if layer[0] == "conv":
            own = own * shape[1] * shape[2]
            shape = (layer[1], *shape[1:])
        elif layer[0] == "linear":
            shape = (layer[1],)
        parameters, work, kept = parameters + own, work + its, kept + prod(shape)
    return parameters, batch * work, batch * kept


def _bias_work(layers, shape, batch):
    parameters, work, kept = costs(layers, shape, batch)
    extra = 0
    for layer in layers:
        if layer[0] == "conv":
            extra += layer[1] * shape[1] * shape[2]
            shape = (layer[1], *shape[1:])
        elif layer[0] == "linear":
            extra += layer[1]
            shape = (layer[1],)
    return parameters, work + batch * extra, kept


def _shrinking(layers, shape, batch):
    """A conv without padding: its picture loses a rim."""
    parameters, work, kept = 0, 0, prod(shape)
    for layer in layers:
        own, its, _ = costs([layer], shape, 1)
        if layer[0] == "conv":
            before = shape[1] * shape[2]
            shape = (layer[1], *(max(side - layer[2] + 1, 0) for side in shape[1:]))
            its = its // before * shape[1] * shape[2]
        elif layer[0] == "linear":
            shape = (layer[1],)
        parameters, work, kept = parameters + own, work + its, kept + prod(shape)
    return parameters, batch * work, batch * kept


def _input_once(layers, shape, batch):
    parameters, work, kept = costs(layers, shape, batch)
    return parameters, work, kept - (batch - 1) * prod(shape)


def _by_trying(layers, shape, batch):
    """Run the shapes through real arrays, and count."""
    x, parameters, work = np.zeros((batch, *shape)), 0, 0
    kept = x.size
    for layer in layers:
        if layer[0] == "linear":
            W = np.zeros((layer[1], x[0].size))
            work += batch * W.size
            parameters += W.size + layer[1]
            x = x.reshape(batch, -1) @ W.T
        elif layer[0] == "conv":
            W = np.zeros((layer[1], x.shape[1], layer[2], layer[2]))
            x = np.zeros((batch, layer[1], *x.shape[2:]))
            work += W[0].size * x.size
            parameters += W.size + layer[1]
        kept += x.size
    return np.array([parameters, work, kept]).tolist()


COSTS = function(
    "14.4",
    "What a stack of layers costs",
    costs,
    _stacks,
    outputs=("parameters", "multiply_adds", "kept"),
    hints=(
        "For each of the three counts: does it grow with the batch? With the size of the picture?",
        (
            "Go through the layers with the shape of one example in hand. Each layer says what it "
            "costs and what shape it hands on."
        ),
        (
            "Every weight is used once for each place where its layer stands: one for a linear "
            "layer, height times width for a conv. What is kept is what goes in and what every "
            "layer hands on; the batch multiplies the second count and the third."
        ),
    ),
    misconceptions=(
        Misconception(
            "no-biases",
            _counted(biases=lambda b, before, after: 0),
            "Your parameters are the weights alone. What else does training change?",
            tempting="Weights are where the multiplying happens, and costs are about multiplying.",
        ),
        Misconception(
            "bias-for-each-input",
            _counted(biases=lambda b, before, after: before[0]),
            "You count a bias for each number that goes in. Where are the biases added?",
            tempting="A bias belongs to a layer, and a layer has two ends.",
        ),
        Misconception(
            "bias-for-each-place",
            _counted(biases=lambda b, before, after: prod(after)),
            "You give a conv a bias for every place of its picture. A kernel has one bias and "
            "takes it along.",
            tempting="Every number that comes out has had a bias added to it.",
        ),
        Misconception(
            "conv-not-shared",
            _shared_nowhere,
            "You count a conv's weights anew at each place. Which numbers does it carry from "
            "place to place?",
            tempting="At every place it multiplies by a full set of weights.",
        ),
        Misconception(
            "parameters-times-batch",
            _then(lambda p, m, k, batch: (batch * p, m, k)),
            "Your parameters grow with the batch. Do other examples meet other weights?",
            tempting="Two of the three counts are for the whole batch, and the third is easily "
            "multiplied along.",
        ),
        Misconception(
            "work-of-one-example",
            _then(lambda p, m, k, batch: (p, m // batch, k)),
            "Your multiply-adds are those of one example. Asked for is the batch.",
            tempting="A batch goes through in one product, and one product sounds like one cost.",
        ),
        Misconception(
            "kept-for-one-example",
            _then(lambda p, m, k, batch: (p, m, k // batch)),
            "You keep the numbers of one example. The backward pass needs those of all.",
            tempting="The network is drawn for one example, and so are the numbers in it.",
        ),
        Misconception(
            "conv-at-one-place",
            _counted(places=lambda p, before, given: 1),
            "Your conv does its sums at a single place. At how many does it stand?",
            tempting="In a linear layer each weight is used once, and a conv has weights too.",
        ),
        Misconception(
            "conv-work-inside-only",
            _counted(
                places=lambda p, before, given: (
                    max(before[1] - given[1] + 1, 0) * max(before[2] - given[1] + 1, 0)
                )
            ),
            "You count only the places where the kernel lies wholly inside. This conv keeps height "
            "and width, so it stands at every pixel.",
            tempting="Without padding that is the count.",
        ),
        Misconception(
            "conv-shrinks",
            _shrinking,
            "Your pictures lose a rim at each conv. This one is padded: what goes in with 8 by 8 "
            "comes out with 8 by 8.",
            tempting="A kernel that lies wholly inside has fewer places than there are pixels.",
        ),
        Misconception(
            "conv-of-one-channel",
            _counted(weights=lambda shape, channels, kernel: channels * kernel**2),
            "Each of your kernels looks at one channel. It looks at all that come in, with "
            "weights for each.",
            tempting="A kernel is drawn as a square, and channels lie behind it.",
        ),
        Misconception(
            "conv-not-squared",
            _counted(weights=lambda shape, channels, kernel: shape[0] * channels * kernel),
            "Your kernel is a line. How many numbers are in a square of that side?",
            tempting="A kernel's size is given by one number.",
        ),
        Misconception(
            "linear-reads-channels",
            _counted(flat=lambda shape: shape[0]),
            "Your linear layer reads one number for each channel. How many numbers are there, when "
            "a picture is laid out in one row?",
            tempting="The first number of a shape is what a layer takes in, and for a row it is "
            "all.",
        ),
        Misconception(
            "input-not-kept",
            _counted(keeps=lambda sizes: sum(size for _, size in sizes[1:])),
            "What goes into the first layer is missing. What does the gradient of its weights "
            "need?",
            tempting="The input was there before, so keeping it seems to cost nothing.",
        ),
        Misconception(
            "output-not-kept",
            _counted(keeps=lambda sizes: sum([sizes[0], *(s for _, s in sizes[1:])][:-1])),
            "What the last layer hands on is missing. The loss still has to look at it.",
            tempting="A layer keeps what comes in, and nothing comes in after the last.",
        ),
        Misconception(
            "relu-for-free",
            _counted(keeps=lambda sizes: sizes[0] + sum(s for k, s in sizes[1:] if k != "relu")),
            "You count nothing for an activation. It has no weights, and still it hands on an "
            "array of its own.",
            tempting="A ReLU has no parameters and multiplies nothing.",
        ),
        Misconception(
            "only-the-largest",
            _counted(keeps=lambda sizes: max([sizes[0], *(s for _, s in sizes[1:])])),
            "You keep the largest array alone. On the way back each layer needs what it saw: can "
            "the earlier ones be thrown away?",
            tempting="To use a network, two arrays are enough, and the largest decides.",
        ),
        Misconception(
            "input-once",
            _input_once,
            "You keep the input of one example, and what the layers hand on of all. A batch goes "
            "in as well as it comes out.",
            tempting="The shape that is given is that of one example, and it is the first thing "
            "one writes down.",
        ),
        Misconception(
            "work-of-a-training-step",
            _then(lambda p, m, k, batch: (p, 3 * m, k)),
            "Three times too many: that is a step of training, there and back. Asked for is the "
            "way there.",
            tempting="The numbers kept are for the way back, so the way back seems to be meant "
            "throughout.",
        ),
        Misconception(
            "twice-the-work",
            _then(lambda p, m, k, batch: (p, 2 * m, k)),
            "Twice too many: you count a multiplication and an addition as two. Asked for are "
            "pairs of them.",
            tempting="Tables of speed count single operations, two for each weight.",
        ),
        Misconception(
            "biases-multiply",
            _bias_work,
            "You count the biases among the multiply-adds. What are they multiplied by?",
            tempting="Every parameter takes part once, so counting parameters seems to count the "
            "work.",
        ),
        Misconception(
            "bytes",
            _then(lambda p, m, k, batch: (p, m, 4 * k)),
            "You count bytes, four for each number. Asked for is how many numbers are kept.",
            tempting="Memory is bought in bytes.",
        ),
        Misconception(
            "parameters-kept-too",
            _then(lambda p, m, k, batch: (p, m, k + p)),
            "Among the numbers kept you count the parameters. They are there before any example "
            "comes; asked for is what the examples leave behind.",
            tempting="The backward pass needs the weights as well.",
        ),
    ),
    stress=_odd,
    also_right=(_by_trying,),
)
