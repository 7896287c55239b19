"""Chapter 3, forward propagation: its exercises. `backpropagation.py` says how to add one.

3.1 stands here; the others are in `forward_sizes.py`, `forward_scale.py`, `forward_faults.py` and
`forward_changes.py`, in this order.
"""

from itertools import pairwise

import numpy as np

from nnlib.course.exercises.bank.forward_changes import CHANGES
from nnlib.course.exercises.bank.forward_faults import FIND_MIXING
from nnlib.course.exercises.bank.forward_scale import INITIAL_WEIGHTS
from nnlib.course.exercises.bank.forward_sizes import LAYER_SHAPES
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D401, RET503
# mypy: allow-untyped-defs, allow-untyped-calls


# 3.1 -------------------------------------------------------------------------------------------


def forward(params, X):
    """What the network answers: one row for each example, (N, K).

    params is a list with a pair (W, b) for each layer; W has a row for each
    unit, b a number for each. X (N, D) has a row for each example. ReLU
    stands between the layers, and not after the last.
    """
    # <solution>
    A = X
    for W, b in params[:-1]:
        A = np.maximum(A @ W.T + b, 0)
    W, b = params[-1]
    return A @ W.T + b  # (3.1)
    # </solution>


def _networks(rng: np.random.Generator) -> list[Case]:
    def draw(examples: int, *sizes: int) -> Case:
        params = [(rng.normal(size=(b, a)), rng.normal(size=b)) for a, b in pairwise(sizes)]
        return params, rng.normal(size=(examples, sizes[0]))

    # Small enough for a pencil: the hidden units are ReLU(x + 1) and ReLU(-x).
    first = (np.array([[1.0], [-1.0]]), np.array([1.0, 0.0]))
    second = (np.array([[1.0, 2.0]]), np.array([-4.0]))
    return [
        ([first, second], np.array([[2.0], [-3.0], [0.5]])),
        draw(5, 3, 4, 2),
        draw(4, 2, 6, 3, 5),
        draw(6, 4, 3),
        draw(3, 3, 3, 3),
    ]


def _like(layer, last=None, enter=lambda X: X, leave=lambda Z: Z):
    """The solution's loop with another layer in it, perhaps another last one, way in or way out."""

    def run(params, X):
        A = enter(X)
        for W, b in params[:-1]:
            A = layer(A, W, b)
        return leave((last or _sum)(A, *params[-1]))

    return run


def _sum(A, W, b):
    return A @ W.T + b


def _relu(Z):
    return np.maximum(Z, 0)


def _layer(A, W, b):
    return _relu(_sum(A, W, b))


def _always_from_x(params, X):
    for W, b in params[:-1]:
        A = _layer(X, W, b)
    W, b = params[-1]
    return _sum(A if len(params) > 1 else X, W, b)


def _two_layers(params, X):
    (W1, b1), (W2, b2) = params
    return _sum(_layer(X, W1, b1), W2, b2)


def _returns_in_the_loop(params, X):
    for W, b in params:
        return _sum(X, W, b)


def _places(with_relu):
    """The solution, with ReLU after the layers of which `with_relu(place, count)` is true."""

    def run(params, X):
        A = X
        for i, (W, b) in enumerate(params):
            A = _sum(A, W, b)
            if with_relu(i, len(params)):
                A = _relu(A)
        return A

    return run


def _last_layer_twice(params, X):
    A = X
    for W, b in params:
        A = _layer(A, W, b)
    return _sum(A, W, b)


def _reshaped(A, W, b):
    return A @ W.reshape(W.shape[::-1]) + b


def _takes_the_last_away(params, X):
    W, b = params.pop()
    A = X
    for V, c in params:
        A = _layer(A, V, c)
    return _sum(A, W, b)


def _every_layer(params, X):
    activations = [X]
    for W, b in params[:-1]:
        activations.append(_layer(activations[-1], W, b))
    return [*activations[1:], _sum(activations[-1], *params[-1])]


def _by_recursion(params, X):
    (W, b), rest = params[0], params[1:]
    Z = np.dot(X, W.T) + b
    return _by_recursion(rest, np.where(Z > 0, Z, 0)) if rest else Z


def _with_examples_in_columns(params, X):
    A = X.T
    for i, (W, b) in enumerate(params):
        A = W @ A + b[:, None]
        if i < len(params) - 1:
            A = A * (A > 0)
    return A.T


def _example_by_example(params, X):
    rows = []
    for x in X:
        a = x
        for i, (W, b) in enumerate(params):
            if i > 0:
                a = np.maximum(a, 0)
            a = np.array([w @ a + bias for w, bias in zip(W, b, strict=True)])
        rows.append(a)
    return rows


FORWARD = function(
    "3.1",
    "A network of any depth",
    forward,
    _networks,
    hints=(
        "What goes into the second layer? And what is done to every layer's sums but the last's?",
        "Keep one array that each layer replaces by its own result; the last layer goes by itself.",
        (
            "Begin with A = X. For each pair but the last: the product with W turned round, plus "
            "b, and negative numbers become 0. Then the last pair in the same way, without that."
        ),
    ),
    misconceptions=(
        Misconception(
            "relu-on-the-last",
            _like(_layer, last=_layer),
            "None of your outputs is negative. What could a network never say that has a ReLU "
            "after its last layer?",
            tempting="A layer was introduced as a sum with an activation behind it, and the last "
            "layer is a layer.",
        ),
        Misconception(
            "no-activation",
            _like(_sum),
            "Nothing happens between your layers, so that all of them together do the work of one. "
            "Where does ReLU belong?",
            tempting="The products of matrices are the visible work, and without the activation "
            "everything still has the right shape.",
        ),
        Misconception(
            "relu-on-the-input",
            _like(lambda A, W, b: _sum(_relu(A), W, b), last=lambda A, W, b: _sum(_relu(A), W, b)),
            "The negative numbers of X are gone before the first layer has seen them. Between "
            "which places does ReLU stand?",
            tempting="One line that rectifies and then sums serves every layer alike, and rightly "
            "leaves the last sums alone.",
        ),
        Misconception(
            "relu-at-the-end-alone",
            _like(_sum, last=_layer),
            "One ReLU at the very end, none between the layers: which layers then are more than "
            "one?",
            tempting="The activation is thought of as the last thing that a network does.",
        ),
        Misconception(
            "bias-after-the-activation",
            _like(lambda A, W, b: _relu(A @ W.T) + b),
            "Your biases come after the ReLU, so they cannot move the point at which a unit begins "
            "to respond.",
            tempting="Product, activation, bias: each thing is there, and only their order is off.",
        ),
        Misconception(
            "no-bias",
            _like(lambda A, W, b: _relu(A @ W.T), last=lambda A, W, b: A @ W.T),
            "The biases are nowhere in your sums. An example of zeros gets zeros from you; what "
            "should it get?",
            tempting="The products are most of the work, and where biases begin at 0 nobody can "
            "tell.",
        ),
        Misconception(
            "hidden-bias-missing",
            _like(lambda A, W, b: _relu(A @ W.T)),
            "Only your last layer adds its bias. The hidden units have one each, too.",
            tempting="The line inside the loop is written first, and the bias is remembered at the "
            "end.",
        ),
        Misconception(
            "last-bias-missing",
            _like(_layer, last=lambda A, W, b: A @ W.T),
            "Your last layer adds no bias. It does without a ReLU, and with all the rest.",
            tempting="The last layer is the one that goes without something, and it is easy to "
            "leave out one thing too many.",
        ),
        Misconception(
            "minus-bias",
            _like(lambda A, W, b: _relu(A @ W.T - b), last=lambda A, W, b: A @ W.T - b),
            "You take the bias away. A unit adds it.",
            tempting="A bias is explained as a threshold, and a threshold is subtracted.",
        ),
        Misconception(
            "not-turned",
            _like(lambda A, W, b: _relu(A @ W + b), last=lambda A, W, b: A @ W + b),
            "W has a row for each unit and a column for each input. Which of the two has to meet "
            "the columns of what comes in? (With square weights nothing stops you.)",
            tempting="On paper the formula begins with the two letters side by side, and for a "
            "square layer the line runs.",
        ),
        Misconception(
            "weights-first",
            _like(lambda A, W, b: _relu(W @ A + b), last=lambda A, W, b: W @ A + b),
            "W times X is what one example in a column needs. Here the examples are rows.",
            tempting="Most textbooks write one example as a column, and then the weights stand on "
            "the left.",
        ),
        Misconception(
            "examples-in-columns",
            _like(
                lambda A, W, b: _relu(W @ A + b[:, None]),
                last=lambda A, W, b: W @ A + b[:, None],
                enter=lambda X: X.T,
            ),
            "Your numbers are right and lie on their side: the examples have become columns.",
            tempting="Turned once at the start, the batch fits the textbook's formula all the way.",
        ),
        Misconception(
            "bias-a-column",
            _like(
                lambda A, W, b: _relu(A @ W.T + b[:, None]),
                last=lambda A, W, b: A @ W.T + b[:, None],
            ),
            "Your bias runs along the examples. Each unit has one, and units are columns of the "
            "sums.",
            tempting="A bias drawn as a column looks right beside a matrix whose rows are units.",
        ),
        Misconception(
            "always-from-x",
            _always_from_x,
            "Each of your layers reads X. What does the second one read?",
            tempting="Every layer is computed by the same line, and the first layer's line has an "
            "X in it.",
        ),
        Misconception(
            "two-layers",
            _two_layers,
            "It works for two layers and for no other number. What changes from layer to layer, "
            "and what stays?",
            tempting="The network on the page has two layers, and its two lines can be copied.",
        ),
        Misconception(
            "returns-in-the-loop",
            _returns_in_the_loop,
            "The first layer's sums came back. Is your return inside the loop?",
            tempting="The return stands under the line it belongs to, one indentation too deep.",
        ),
        Misconception(
            "skips-the-last",
            lambda params, X: (lambda A: [A := _layer(A, W, b) for W, b in params[:-1]][-1])(X),
            "The last hidden layer came back. One layer is still to be computed.",
            tempting="The loop leaves the last layer for later, and later is forgotten.",
        ),
        Misconception(
            "first-alone",
            _places(lambda i, count: i == 0 and count > 1),
            "With two layers all is well. With three, the second hands on its sums as they are, so "
            "that it and the third are one. After which layers does ReLU stand?",
            tempting="In a network with two layers there is one ReLU, and it stands after the "
            "first.",
        ),
        Misconception(
            "every-layer",
            _every_layer,
            "One result for each layer came back. Asked for is what the last one says.",
            tempting="The way back will need every layer's numbers, so it is natural to keep them.",
        ),
        Misconception(
            "tanh-between",
            _like(lambda A, W, b: np.tanh(_sum(A, W, b))),
            "The activation here is ReLU; yours squashes.",
            tempting="One activation between the layers is as good as another until the numbers "
            "are compared.",
        ),
        Misconception(
            "first-goes-without",
            _places(lambda i, count: i > 0),
            "Your first layer goes without ReLU, and your last one has it. Which end should go "
            "without?",
            tempting="One layer is an exception, and the first is the exception in so many loops.",
        ),
        Misconception(
            "last-two-go-without",
            _places(lambda i, count: i < count - 2),
            "With three layers, the second has no ReLU; with two, none has. Count the places "
            "from 0: what is the place of the last?",
            tempting="The last of n layers stands at place n - 1, and one more is soon taken off.",
        ),
        Misconception(
            "last-layer-twice",
            _last_layer_twice,
            "Your last layer is computed twice: once in the loop, and once more after it.",
            tempting="The loop goes through all layers by itself, and then the last one gets the "
            "line without ReLU that it is to have.",
        ),
        Misconception(
            "number-by-number",
            _like(lambda A, W, b: _relu(A * W + b), last=lambda A, W, b: A * W + b),
            "The star multiplies number by number. A unit multiplies and then adds up: which sign "
            "does both?",
            tempting="A unit multiplies its inputs by its weights, and the star is Python's sign "
            "for that.",
        ),
        Misconception(
            "reshaped",
            _like(lambda A, W, b: _relu(_reshaped(A, W, b)), last=_reshaped),
            "The shape of your weights fits, and the weights stand in other places: a unit gets "
            "numbers from two rows. What exchanges rows and columns?",
            tempting="Only the shape seems to be in the way, and `reshape` gives any shape one "
            "asks for.",
        ),
        Misconception(
            "smaller-of-two",
            _like(lambda A, W, b: np.minimum(_sum(A, W, b), 0)),
            "Your hidden units keep what is negative. Which half does ReLU keep?",
            tempting="`minimum` sounds as if 0 were to be the least that may come out.",
        ),
        Misconception(
            "steps",
            _like(lambda A, W, b: (_sum(A, W, b) > 0).astype(float)),
            "Your hidden units say 1 or 0. ReLU also says how far above zero the sum is.",
            tempting="A neuron was first met as one that fires or does not.",
        ),
        Misconception(
            "sigmoid-between",
            _like(lambda A, W, b: 1 / (1 + np.exp(-_sum(A, W, b)))),
            "Your hidden units lie between 0 and 1: that is the sigmoid. Asked for is ReLU.",
            tempting="The sigmoid is the activation that most drawings of networks show.",
        ),
        Misconception(
            "squeezed",
            _like(_layer, leave=np.squeeze),
            "Where the last layer has a single unit, its axis is gone. (N, 1) and (N,) hold the "
            "same numbers; what does the next computation make of them?",
            tempting="A column with one number in each row looks like a list written clumsily.",
        ),
        Misconception(
            "absolute",
            _like(lambda A, W, b: np.abs(_sum(A, W, b))),
            "A hidden unit whose sum is negative says nothing. Yours says as much as if the sum "
            "were positive.",
            tempting="No negative number comes out, which is how ReLU is often remembered.",
        ),
        Misconception(
            "class-numbers",
            _like(_layer, leave=lambda Z: Z.argmax(axis=1)),
            "One number for each example came back, the place of its largest output. Asked for are "
            "all the outputs.",
            tempting="What one wants to know in the end is which class it is.",
        ),
        Misconception(
            "probabilities",
            _like(_layer, leave=lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)),
            "Your rows sum to 1: that is a softmax. Here the last layer's sums are the answer, as "
            "they are.",
            tempting="A classifier is expected to end in probabilities.",
        ),
        Misconception(
            "takes-the-last-away",
            _takes_the_last_away,
            "The network lost its last layer while you used it: the caller's list is one pair "
            "shorter now. How else can the last pair be had?",
            tempting="`pop` gives the last pair and leaves the others for the loop, in one go.",
        ),
    ),
    also_right=(_by_recursion, _with_examples_in_columns, _example_by_example),
)

EXERCISES = (FORWARD, LAYER_SHAPES, INITIAL_WEIGHTS, FIND_MIXING, CHANGES)
