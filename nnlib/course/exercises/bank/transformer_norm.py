"""Chapter 11, attention and the Transformer: layer norm, backwards. `backpropagation.py` tells how.

All wrong answers keep the forward numbers and go wrong on the way back, as a learner would.
"""

import numpy as np

from nnlib import Tensor
from nnlib import layer_norm as library_norm
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import gradient

# Learners' code: nothing of it is annotated.
# ruff: noqa: ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 11.3 ------------------------------------------------------------------------------------------


def layer_norm_backward(x, weight, G, eps):
    """The slopes of the loss at x, weight and bias of a layer norm.

    x and G (N, T, D), where G arrives from above; weight (D,).
    """
    mean = x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(x.var(axis=-1, keepdims=True) + eps)
    n = (x - mean) / deviation  # the layer gives n * weight + bias
    # <solution>
    g = G * weight
    straight = g.mean(axis=-1, keepdims=True)
    along = (g * n).mean(axis=-1, keepdims=True)
    dx = (g - straight - n * along) / deviation  # (11.2)
    dweight = (G * n).sum(axis=(0, 1))
    dbias = G.sum(axis=(0, 1))
    # <starter>
    # dx = ...
    # dweight = ...
    # dbias = ...
    # </solution>
    return dx, dweight, dbias


def _layers(rng: np.random.Generator) -> list[Case]:
    def draw(n: int, steps: int, size: int, eps: float) -> Case:
        x, arrived = rng.normal(size=(2, n, steps, size))
        return 2 * x + 1, rng.normal(size=size), arrived, eps

    by_hand = (np.array([[[1.0, 3.0, 5.0]]]), np.array([1.0, 2.0, 1.0]), np.eye(3)[:1][None], 0.0)
    return [by_hand, draw(2, 3, 4, 1e-5), draw(5, 2, 3, 0.5), draw(3, 3, 3, 1e-5)]


def _nearly_constant(rng: np.random.Generator) -> list[Case]:
    arrived = rng.normal(size=(2, 2, 4))
    return [(np.full((2, 2, 4), 3.0), np.ones(4), arrived, 1e-2)]


def _weighted_sum(x, weight, G, eps):
    """The loss whose slope at the output is G."""
    return float((library_norm.rule(x, weight, np.zeros_like(weight), eps=eps)[0] * G).sum())


def _mean(a):
    return a.mean(axis=-1, keepdims=True)


def _back(
    dx=lambda g, n, s, x, G, w: (g - _mean(g) - n * _mean(g * n)) / s,
    dweight=lambda G, n, x, w: (G * n).sum(axis=(0, 1)),
    dbias=lambda G, w: G.sum(axis=(0, 1)),
):
    """The solution with one of its three results replaced."""

    def wrong(x, weight, G, eps):
        s = np.sqrt(x.var(axis=-1, keepdims=True) + eps)
        n = (x - _mean(x)) / s
        g = G * weight
        return dx(g, n, s, x, G, weight), dweight(G, n, x, weight), dbias(G, weight)

    return wrong


def _by_the_engine(x, weight, G, eps):
    tensors = [Tensor(a, requires_grad=True) for a in (x, weight, np.zeros_like(weight))]
    library_norm(*tensors, eps=eps).backward(G)
    return tuple(t.grad for t in tensors)


def _by_the_whole_matrix(x, weight, G, eps):
    """Row by row, with every slope of n written out as a matrix."""
    D, dx = x.shape[-1], np.empty_like(x)
    out = np.zeros(D), np.zeros(D)
    for i in np.ndindex(*x.shape[:2]):
        s = np.sqrt(((x[i] - x[i].mean()) ** 2).mean() + eps)
        n = (x[i] - x[i].mean()) / s
        slopes = (np.eye(D) - 1 / D - np.outer(n, n) / D) / s
        dx[i] = slopes @ (G[i] * weight)
        out[0][:], out[1][:] = out[0] + G[i] * n, out[1] + G[i]
    return dx, *out


NORM = gradient(
    "11.3",
    "Layer norm, backwards",
    layer_norm_backward,
    cases=_layers,
    stress=_nearly_constant,
    loss=_weighted_sum,
    outputs=("dx", "dweight", "dbias"),
    hints=(
        (
            "Nudge one number of a row. Three things in the formula of n move. Which ones, and do "
            "they move the other numbers of the row as well?"
        ),
        (
            "What arrives at n is G times the weight. Two kinds of nudge leave n as it is: all "
            "numbers of the row up by the same, and the row stretched about its mean. So two parts "
            "of what arrives cannot come through, and are taken away."
        ),
        (
            "From g take its mean over the row, and take n times the mean of g n; then divide by "
            "the deviation. The weight and the bias serve all places: their slopes sum over both "
            "leading axes."
        ),
    ),
    misconceptions=(
        Misconception(
            "both-constant",
            _back(dx=lambda g, n, s, x, G, w: g / s),
            "You treat the mean and the deviation as constants. Both are computed from x: add 1 to "
            "all numbers of a row, and nothing comes out changed.",
            tempting="The forward line reads as minus a number, divided by a number.",
        ),
        Misconception(
            "deviation-constant",
            _back(dx=lambda g, n, s, x, G, w: (g - _mean(g)) / s),
            "The mean moves with x, the deviation does not. Double the distances of a row from its "
            "mean: what comes out stays, so along that way the slope is 0.",
            tempting="The subtraction of the mean is easily seen to depend on x; the divisor is "
            "computed two steps before.",
        ),
        Misconception(
            "mean-constant",
            _back(dx=lambda g, n, s, x, G, w: (g - n * _mean(g * n)) / s),
            "The deviation moves with x, the mean does not. Add 1 to all numbers of a row: what "
            "comes out stays, so your slopes along a row should sum to 0.",
            tempting="One subtracts a single number, and a single number feels like a constant.",
        ),
        Misconception(
            "no-weight",
            _back(dx=lambda g, n, s, x, G, w: (G - _mean(G) - n * _mean(G * n)) / s),
            "On its way to n, what arrives has to pass the product with the weight.",
            tempting="The weight has a slope of its own and is done with when that is written "
            "down.",
        ),
        Misconception(
            "means-without-the-weight",
            _back(dx=lambda g, n, s, x, G, w: (g - _mean(G) - n * _mean(G * n)) / s),
            "What is taken away are means of what arrived at the output; what they are taken from "
            "has passed the weight. Take both at the same point of the way.",
            tempting="G is what arrives, and the means of what arrives are asked for.",
        ),
        Misconception(
            "weight-at-the-end",
            _back(dx=lambda g, n, s, x, G, w: w * (G - _mean(G) - n * _mean(G * n)) / s),
            "The weight comes in after the means are taken. Backwards it is the first to be "
            "passed: the means are over what has been weighted already.",
            tempting="A factor can usually be pulled out of a mean, and this one differs from "
            "place to place only within the row.",
        ),
        Misconception(
            "sums",
            _back(
                dx=lambda g, n, s, x, G, w: (
                    (g - g.sum(-1, keepdims=True) - n * (g * n).sum(-1, keepdims=True)) / s
                )
            ),
            "You take away sums over the row. Each number has only one D-th of a say in the mean.",
            tempting="Gradients of what is used by all add up, so sums are expected.",
        ),
        Misconception(
            "added",
            _back(dx=lambda g, n, s, x, G, w: (g + _mean(g) + n * _mean(g * n)) / s),
            "The two means are added. What comes through a minus changes its sign.",
            tempting="A value that is used twice has gradients that add.",
        ),
        Misconception(
            "second-added",
            _back(dx=lambda g, n, s, x, G, w: (g - _mean(g) + n * _mean(g * n)) / s),
            "The part along n has the wrong sign: a larger deviation makes what comes out smaller.",
            tempting="The deviation stands below the line, and its minus is easily lost there.",
        ),
        Misconception(
            "x-for-n",
            _back(dx=lambda g, n, s, x, G, w: (g - _mean(g) - x * _mean(g * x)) / s),
            "The part to take away lies along the row as it was normalised, and not as it came in.",
            tempting="The deviation is computed from x, and so its slope is looked for in x.",
        ),
        Misconception(
            "variance-below",
            _back(dx=lambda g, n, s, x, G, w: (g - _mean(g) - n * _mean(g * n)) / s**2),
            "You divide by the variance. n has one deviation below the line.",
            tempting="The slope of a quotient has the square of its denominator below the line.",
        ),
        Misconception(
            "times-the-deviation",
            _back(dx=lambda g, n, s, x, G, w: (g - _mean(g) - n * _mean(g * n)) * s),
            "A row that is stretched over a wide range is squeezed by the layer, so its slopes are "
            "small. Yours are large.",
            tempting="Going back means to undo, and what was divided is multiplied again.",
        ),
        Misconception(
            "not-divided",
            _back(dx=lambda g, n, s, x, G, w: g - _mean(g) - n * _mean(g * n)),
            "The deviation is missing: a row stretched ten times as wide has slopes a tenth as "
            "large.",
            tempting="What is left after the two subtractions looks complete.",
        ),
        Misconception(
            "over-the-places",
            _back(
                dx=lambda g, n, s, x, G, w: (
                    (g - g.mean(1, keepdims=True) - n * (g * n).mean(1, keepdims=True)) / s
                )
            ),
            "Your means run over the places of a sequence. Every place is normalised for itself.",
            tempting="Axis 1 was the last one for as long as data had two axes.",
        ),
        Misconception(
            "over-everything",
            _back(dx=lambda g, n, s, x, G, w: (g - g.mean() - n * (g * n).mean()) / s),
            "Your means run over all places and sequences. Every place is normalised for itself.",
            tempting="A mean without an axis gives one number, and one number is subtracted.",
        ),
        Misconception(
            "weight-like-a-layer",
            _back(dweight=lambda G, n, x, w: (G * x).sum(axis=(0, 1))),
            "The weight is multiplied with n. You have used what came into the layer.",
            tempting="In a layer the slope of a weight is what arrives times the input.",
        ),
        Misconception(
            "weighted-dweight",
            _back(dweight=lambda G, n, x, w: (G * w * n).sum(axis=(0, 1))),
            "The weight stands in its own slope. The slope of a product by one factor is the other "
            "one.",
            tempting="G times the weight has been computed, and is taken for what arrives.",
        ),
        Misconception(
            "weighted-dbias",
            _back(dbias=lambda G, w: (G * w).sum(axis=(0, 1))),
            "The bias is added after the weight has done its work: the weight is not on its way.",
            tempting="The weight comes between what arrives and everything else, so it seems to.",
        ),
        Misconception(
            "means-of-the-parameters",
            _back(
                dweight=lambda G, n, x, w: (G * n).mean(axis=(0, 1)),
                dbias=lambda G, w: G.mean(axis=(0, 1)),
            ),
            "A mean over the places makes the slopes too small: what is used at all places gets "
            "the sum. If the loss is a mean, that is in G already.",
            tempting="Losses are means over examples, and their slopes seem to be means too.",
        ),
        Misconception(
            "sequences-only",
            _back(
                dweight=lambda G, n, x, w: (G * n).sum(axis=0),
                dbias=lambda G, w: G.sum(axis=0),
            ),
            "You sum over the sequences. The same weight serves every place of them too; a "
            "gradient has the shape of what it belongs to.",
            tempting="A batch used to be all there was to sum over.",
        ),
        Misconception(
            "summed-along-the-row",
            _back(
                dweight=lambda G, n, x, w: (G * n).sum(axis=-1),
                dbias=lambda G, w: G.sum(axis=-1),
            ),
            "You sum along the rows, over the very axis that the weight has.",
            tempting="The means of this exercise run along the last axis, and so the sums follow.",
        ),
        Misconception(
            "weight-and-bias-exchanged",
            lambda x, weight, G, eps: tuple(_back()(x, weight, G, eps)[i] for i in (0, 2, 1)),
            "The last two have changed places. Which of them knows what the numbers were?",
            tempting="Both have the same shape, and nothing says which of them comes first.",
        ),
    ),
    also_right=(_by_the_engine, _by_the_whole_matrix),
    equivalent={},
)
