"""Chapter 3: sizes from the data and the task. `backpropagation.py` says how to add one."""

from itertools import pairwise

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 3.2 -------------------------------------------------------------------------------------------


def layer_shapes(X, y, hidden, task):
    """The shapes of all weights: a pair (units, inputs) for each layer.

    X holds N examples along its first axis; an example that is a picture is
    laid out in one row. y holds the answers. hidden is a list of widths,
    perhaps empty. task is "number", "yes or no" or "class".
    """
    # <solution>
    outputs = 1
    if task == "class":
        outputs = int(y.max()) + 1
    elif task == "number":
        outputs = y[0].size
    sizes = [X[0].size, *hidden, outputs]
    return [(sizes[i + 1], sizes[i]) for i in range(len(sizes) - 1)]
    # </solution>


def _data(rng: np.random.Generator) -> list[Case]:
    def numbers(*shape: int) -> np.ndarray:
        return rng.integers(10, size=shape).astype(float)  # short to read; only shapes matter

    def labels(*first: int, of: int) -> np.ndarray:
        return np.array([*first, *rng.choice(first, size=of - len(first))])

    return [
        (numbers(6, 3), numbers(6), [4], "number"),
        # Class 1 exists, and has no example in this batch.
        (numbers(5, 2), labels(0, 2, of=5), [4, 7], "class"),
        (numbers(4, 2, 3), labels(0, 1, of=4), [8], "yes or no"),
        (numbers(7, 4), numbers(7, 3), [6, 5], "number"),
        (numbers(7, 3, 2), labels(3, 0, 1, of=7), [], "class"),
        (numbers(4, 4), labels(0, 3, 1, 2, of=4), [4], "class"),
        (numbers(1, 5), numbers(1, 2), [3], "number"),
    ]


def _sizes(inputs=None, outputs=None, pair=lambda a, b: (b, a)):
    """The solution with another idea of the inputs, the outputs, or of a pair."""

    def shapes(X, y, hidden, task):
        right = layer_shapes(X, y, hidden, task)
        first = right[0][1] if inputs is None else inputs(X)
        last = right[-1][0] if outputs is None else outputs(y, task, right[-1][0])
        sizes = [first, *hidden, last]
        return [pair(a, b) for a, b in pairwise(sizes)]

    return shapes


def _for(task, count):
    """Another number of outputs for one task alone."""
    return _sizes(outputs=lambda y, asked, right: count(y) if asked == task else right)


def _all_read_the_input(X, y, hidden, task):
    return [(units, X[0].size) for units, _ in layer_shapes(X, y, hidden, task)]


def _appends_to_hidden(X, y, hidden, task):
    hidden.append(layer_shapes(X, y, hidden, task)[-1][0])
    sizes = [X[0].size, *hidden]
    return list(zip(sizes[1:], sizes[:-1], strict=True))


def _sizes_alone(X, y, hidden, task):
    shapes = layer_shapes(X, y, hidden, task)
    return [shapes[0][1], *(units for units, _ in shapes)]


def _layer_by_layer(X, y, hidden, task):
    shapes, inputs = [], int(np.prod(X.shape[1:]))
    for units in hidden:
        shapes.append((units, inputs))
        inputs = units
    answers = {"yes or no": 1, "class": np.max(y) + 1, "number": y.size // len(y)}
    return [*shapes, (answers[task], inputs)]


def _by_laying_out(X, y, hidden, task):
    flat = X.reshape(len(X), -1)
    last = {"yes or no": 1, "number": y.reshape(len(y), -1).shape[1]}.get(task) or 1 + max(y)
    widths = [flat.shape[1], *hidden, last]
    return np.array([(widths[i + 1], widths[i]) for i in range(len(widths) - 1)])


LAYER_SHAPES = function(
    "3.2",
    "Sizes from the data and the task",
    layer_shapes,
    _data,
    hints=(
        "Cover y: which of the sizes can you still tell? Cover X: which one is left?",
        (
            "Make one list of sizes first: what an example brings, the hidden widths, what the "
            "task asks for. Neighbours in it are the pairs."
        ),
        (
            "An example brings X[0].size numbers. Classes are numbered from 0, yes or no takes one "
            "output, and numbers take as many as y has for one example."
        ),
    ),
    misconceptions=(
        Misconception(
            "counts-the-examples",
            _sizes(inputs=len),
            "Your first layer grows with the number of examples. What would you do with a batch of "
            "another size?",
            tempting="`len(X)` and `X.shape[0]` are the first sizes that come to hand.",
        ),
        Misconception(
            "second-axis-alone",
            _sizes(inputs=lambda X: X.shape[1]),
            "For a table it is right. A picture has two axes of its own: how many numbers "
            "are in it?",
            tempting="In a table of shape (N, D) the second size is the number of inputs, and most "
            "data come as tables.",
        ),
        Misconception(
            "last-axis-alone",
            _sizes(inputs=lambda X: X.shape[-1]),
            "For a table it is right. Of a picture you count one row. How many numbers are in it?",
            tempting="The last axis holds the features in a table, whatever stands before it.",
        ),
        Misconception(
            "whole-batch",
            _sizes(inputs=lambda X: X.size),
            "You count the numbers of all examples together. How many does one bring?",
            tempting="`X.size` is how many numbers go in at once.",
        ),
        Misconception(
            "classes-that-occur",
            _for("class", lambda y: len(np.unique(y))),
            "You count the classes that occur in y. The labels are 0 and 2 in one case: which "
            "output would belong to class 2?",
            tempting="The number of different labels is the number of classes, as long as every "
            "class has an example.",
        ),
        Misconception(
            "largest-label",
            _for("class", lambda y: int(y.max())),
            "One class is left without an output. From which number do the labels count?",
            tempting="The largest label looks like the number of classes, if one counts from 1.",
        ),
        Misconception(
            "one-output-for-classes",
            _for("class", lambda y: 1),
            "One number for each example, as in y? Then class 2 would be twice class 1. What does "
            "a network say of each class?",
            tempting="The label is one number, so one output seems enough to give it.",
        ),
        Misconception(
            "an-output-an-example",
            _sizes(outputs=lambda y, task, right: len(y)),
            "Your last layer grows with the number of examples. What is asked of one example?",
            tempting="There are as many answers in y as y is long.",
        ),
        Misconception(
            "two-for-yes-or-no",
            _for("yes or no", lambda y: 2),
            "Two outputs for yes or no can be made to work, and one of them is redundant. What can "
            "the sign of a single number say?",
            tempting="Yes and no are two classes, and classes get an output each.",
        ),
        Misconception(
            "two-for-every-class-task",
            _sizes(outputs=lambda y, t, right: right if t == "number" else len(np.unique(y))),
            "You count the different answers in y, for yes or no as well as for classes. What can "
            "one number's sign say, and what if a class has no example?",
            tempting="Whatever the task is called, the answers that occur can be counted.",
        ),
        Misconception(
            "one-number",
            _for("number", lambda y: 1),
            "In one case three numbers are asked of each example, and you give one.",
            tempting="Regression is taught with one number to predict.",
        ),
        Misconception(
            "all-of-y",
            _for("number", lambda y: y.size),
            "You count the numbers that y holds for all examples together. How many are asked of "
            "one?",
            tempting="`y.size` is how many numbers have to come out, for the whole batch.",
        ),
        Misconception(
            "y-has-columns",
            _for("number", lambda y: y.shape[1]),
            "If one number is asked of each example, y is often a plain row, (N,), and has no "
            "second axis. What works for both?",
            tempting="X is a table with a column for each number, and y seems to be one as well.",
        ),
        Misconception(
            "last-axis-of-y",
            _for("number", lambda y: y.shape[-1]),
            "Where one number is asked of each example, y is a plain row, and its last axis runs "
            "over the examples. How many numbers has one of them?",
            tempting="The last axis holds the numbers of an example in X, whatever stands before "
            "it.",
        ),
        Misconception(
            "axes-of-y",
            _for("number", lambda y: y.ndim),
            "You count the axes of y. How many numbers does it hold for one example?",
            tempting="y with one axis asks for one number, so with two it seems to ask for two.",
        ),
        Misconception(
            "sides-added",
            _sizes(inputs=lambda X: sum(X.shape[1:])),
            "For a table it is right. The two sides of a picture are added: how many numbers lie "
            "between them?",
            tempting="A picture is known by its two sides, and both of them are in the sum.",
        ),
        Misconception(
            "no-hidden-layers",
            lambda X, y, hidden, task: [(layer_shapes(X, y, hidden, task)[-1][0], X[0].size)],
            "One layer came out, from the inputs to the outputs. Where are the widths in `hidden`?",
            tempting="The data and the task give two sizes, and two sizes make one matrix.",
        ),
        Misconception(
            "inputs-first",
            _sizes(pair=lambda a, b: (a, b)),
            "Your pairs are turned round. What does a row of W belong to?",
            tempting="Data flow from the inputs to the units, and one writes it in that order.",
        ),
        Misconception(
            "a-place-for-the-bias",
            _sizes(pair=lambda a, b: (b, a + 1)),
            "One column too many in each W: the biases stand in an array of their own here.",
            tempting="A layer has an input more than it reads, if the bias is counted as a weight "
            "of an input that is always 1.",
        ),
        Misconception(
            "all-read-the-input",
            _all_read_the_input,
            "All of your layers read the example. What does the second layer read?",
            tempting="The first layer's number of inputs comes from the data, and so it seems for "
            "every layer.",
        ),
        Misconception(
            "no-output-layer",
            lambda X, y, hidden, task: layer_shapes(X, y, hidden, task)[:-1],
            "The hidden layers are there. Which layer gives the answer?",
            tempting="`hidden` looks like the list of layers.",
        ),
        Misconception(
            "backwards",
            lambda X, y, hidden, task: layer_shapes(X, y, hidden, task)[::-1],
            "Your list begins with the last layer.",
            tempting="The output is what the task is about, so one begins there.",
        ),
        Misconception(
            "sizes-alone",
            _sizes_alone,
            "These are the sizes one after another. A weight lies between two of them.",
            tempting="The sizes say everything, and the pairs only repeat them.",
        ),
        Misconception(
            "appends-to-hidden",
            _appends_to_hidden,
            "The caller's list has grown by one: `append` works on the list it is given. Who made "
            "that list?",
            tempting="The output size belongs at the end of the widths, where `append` puts it.",
        ),
    ),
    also_right=(_layer_by_layer, _by_laying_out),
)
