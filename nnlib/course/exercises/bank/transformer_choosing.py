"""Chapter 11, attention and the Transformer: from logits to a symbol. `backpropagation.py` guides.

What is random comes in as a number, so that an answer can be compared with the solution's.
"""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 11.4 ------------------------------------------------------------------------------------------


def choose(logits, temperature, top_k, u):
    """One symbol for each row, drawn from the top_k likeliest.

    logits (N, K) are divided by the temperature; u (N,) are random numbers
    from 0 up to 1. The result is (N,): numbers of symbols.
    """
    # <solution>
    z = logits / temperature
    least = np.sort(z, axis=1)[:, -top_k]
    z = np.where(z >= least[:, None], z, -np.inf)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return (np.cumsum(p, axis=1) <= u[:, None]).sum(axis=1)
    # </solution>


def _rows(rng: np.random.Generator) -> list[Case]:
    def draw(n: int, symbols: int, temperature: float, top_k: int) -> Case:
        return 1.5 * rng.normal(size=(n, symbols)), temperature, top_k, rng.random(n)

    by_hand = (np.log([[1.0, 6.0, 3.0], [1.0, 6.0, 3.0]]), 1.0, 2, np.array([0.5, 0.7]))
    squares = (np.log([[1.0, 6.0, 3.0], [1.0, 6.0, 3.0]]), 0.5, 2, np.array([0.75, 0.85]))
    return [
        by_hand,
        squares,
        draw(40, 5, 0.6, 3),
        draw(60, 7, 1.7, 4),
        draw(40, 4, 1.0, 4),
        draw(40, 6, 0.8, 2),
        draw(6, 6, 0.8, 1),
    ]


def _extremes(rng: np.random.Generator) -> list[Case]:
    """Logits that overflow, rows of very different size, a temperature near 0, u at its ends."""
    far = np.array([[900.0, 903.0, 902.0], [-903.0, -900.0, -902.0], [5.0, 1.0, 4.0]])
    ties = np.log([[1.0, 1.0, 2.0, 4.0], [4.0, 2.0, 1.0, 1.0]])
    return [
        (far, 1.0, 2, np.array([0.9, 0.9, 0.2])),
        (rng.normal(size=(4, 5)), 1e-3, 3, rng.random(4)),
        (np.array([[0.1, 0.2, 0.15, 0.0], [0.2, 0.25, 0.3, 0.1]]), 1e-3, 3, np.array([0.5, 0.5])),
        (ties, 1.0, 4, np.array([0.0, 0.5])),
        (ties, 1.0, 2, np.array([0.0, 0.0])),
    ]


def _kept(z, top_k):
    return np.where(z >= np.sort(z, axis=1)[:, -top_k][:, None], z, -np.inf)


def _softmax(z):
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def _fallen(p, u):
    return (np.cumsum(p, axis=1) <= u[:, None]).sum(axis=1)


def _choice(
    heat=lambda z, temperature: z / temperature,
    cut=_kept,
    chances=_softmax,
    draw=_fallen,
):
    """The solution with one of its four steps replaced."""

    def wrong(logits, temperature, top_k, u):
        return draw(chances(cut(heat(logits, temperature), top_k)), u)

    return wrong


def _by_rank(logits, temperature, top_k, u, back=True, up=False):
    """The k likeliest in falling or rising order, and the place of u among them."""
    order = np.argsort(-logits, axis=1)[:, :top_k]
    order = order[:, ::-1] if up else order
    p = _softmax(np.take_along_axis(logits, order, axis=1) / temperature)
    rank = _fallen(p, u)
    return np.take_along_axis(order, rank[:, None], axis=1)[:, 0] if back else rank


def _alike_for_all(logits, temperature, top_k, u):
    """The sum of the winners' logits never asked: each of the k has the same chance."""
    kept = np.isfinite(_kept(logits, top_k))
    return _fallen(kept / kept.sum(axis=1, keepdims=True), u)


def _not_shared_anew(logits, temperature, top_k, u):
    p = _softmax(logits / temperature) * np.isfinite(_kept(logits, top_k))
    return _fallen(p, u)


def _cooled_last(logits, temperature, top_k, u):
    """The temperature divides the probabilities, and the sum takes it out again."""
    p = _softmax(_kept(logits, top_k)) / temperature
    return _fallen(p / p.sum(axis=1, keepdims=True), u)


def _cooled_and_left(logits, temperature, top_k, u):
    return _fallen(_softmax(_kept(logits, top_k)) / temperature, u)


def _by_power(logits, temperature, top_k, u):
    p = _softmax(_kept(logits, top_k)) ** (1 / temperature)
    return _fallen(p / p.sum(axis=1, keepdims=True), u)


def _above_average(logits, temperature, top_k, u):
    p = _softmax(logits / temperature)
    p = np.where(p >= 1 / top_k, p, 0)
    return _fallen(p / np.maximum(p.sum(axis=1, keepdims=True), 1e-30), u)


def _unshifted(z):
    p = np.exp(z)
    return p / p.sum(axis=1, keepdims=True)


def _overall(z):
    p = np.exp(z - z.max())
    return p / p.sum(axis=1, keepdims=True)


def _row_by_row(logits, temperature, top_k, u):
    out = []
    for z, drawn in zip(logits, u, strict=True):
        p = np.zeros(len(z))
        best = np.argsort(z, kind="stable")[-top_k:]
        best = np.flatnonzero(z >= z[best].min())
        p[best] = np.exp((z[best] - z.max()) / temperature)
        out.append(np.searchsorted(p.cumsum() / p.sum(), drawn, side="right"))
    return np.array(out)


def _by_argmax(logits, temperature, top_k, u):
    least = -np.sort(-logits, axis=1)[:, top_k - 1 : top_k]
    p = np.exp((logits - logits.max(axis=1, keepdims=True)) / temperature)
    ends = np.cumsum(np.where(logits < least, 0, p), axis=1)
    return (ends > u[:, None] * ends[:, -1:]).argmax(axis=1)


CHOOSE = function(
    "11.4",
    "From logits to a symbol",
    choose,
    _rows,
    stress=_extremes,
    hints=(
        (
            "Three things happen to a row before chance comes in. In which order? And what does "
            "the softmax make of a logit of minus infinity?"
        ),
        (
            "Sorted, the k-th largest logit of a row is the least that may stay. Afterwards lay "
            "the probabilities end to end, in the order of the symbols: their running sum "
            "(np.cumsum) says where each piece ends. In which piece lies u?"
        ),
        (
            "Divide by the temperature; minus infinity below the k-th largest; softmax, shifted by "
            "the largest; then count, in each row, how many pieces end at u or before it."
        ),
    ),
    misconceptions=(
        Misconception(
            "temperature-multiplied",
            _choice(heat=lambda z, temperature: z * temperature),
            "Your text gets wilder when it is cooled. What happens to the differences between "
            "logits when all are made larger?",
            tempting="More heat is more of something, so one multiplies by it.",
        ),
        Misconception(
            "no-temperature",
            _cooled_last,
            "Your answers do not depend on the temperature. If it divides probabilities, their sum "
            "takes it out again: what has to be divided so that large and small move apart?",
            tempting="Probabilities are what is to be changed, so it is they that are divided.",
        ),
        Misconception(
            "cooled-and-left",
            _cooled_and_left,
            "The temperature divides probabilities, and they no longer sum to 1.",
            tempting="The formula is remembered as a division by the temperature, and not of what.",
        ),
        Misconception(
            "no-cut",
            _choice(cut=lambda z, top_k: z),
            "Symbols beyond the k likeliest are drawn as well.",
            tempting="Unlikely symbols are unlikely anyway.",
        ),
        Misconception(
            "the-k-least-likely",
            _choice(
                cut=lambda z, top_k: np.where(z <= np.sort(z, axis=1)[:, [top_k - 1]], z, -np.inf)
            ),
            "You keep the k least likely. In which direction does a sort go?",
            tempting="One takes the first k of a sorted row, and a sort begins with the least.",
        ),
        Misconception(
            "one-too-few",
            _choice(
                cut=lambda z, top_k: np.where(z > _kept_least(z, top_k), z, -np.inf),
                chances=lambda z: np.nan_to_num(_softmax(z)),
            ),
            "The k-th likeliest is gone too: k are to stay.",
            tempting="What is above the limit stays, and the limit itself is forgotten.",
        ),
        Misconception(
            "one-too-many",
            _choice(cut=lambda z, top_k: _kept(z, min(top_k + 1, z.shape[1]))),
            "One symbol too many may be drawn. Where does the k-th from the end stand?",
            tempting="Counting from the end begins at 1 and from the front at 0, so one corrects "
            "for it.",
        ),
        Misconception(
            "logits-cut-to-zero",
            _choice(cut=lambda z, top_k: np.where(np.isfinite(_kept(z, top_k)), z, 0.0)),
            "The others get the logit 0. That is no probability of 0: what does the softmax make "
            "of it?",
            tempting="Zero is how one takes things out of a sum.",
        ),
        Misconception(
            "not-shared-anew",
            _not_shared_anew,
            "What the cut symbols had is missing: your probabilities sum to less than 1, and a "
            "large u falls off the end.",
            tempting="The k likeliest keep the probabilities that the model gave them.",
        ),
        Misconception(
            "cut-over-the-batch",
            _choice(cut=lambda z, top_k: np.where(z >= np.sort(z, axis=None)[-top_k], z, -np.inf)),
            "You keep the k largest logits of all rows together. Each row has k of its own.",
            tempting="Without an axis a sort runs over everything, and for one row that is right.",
        ),
        Misconception(
            "more-than-its-share",
            _above_average,
            "You keep what has at least the probability 1/k. That may be none, or fewer than k.",
            tempting="If k are to stay, those with less than a k-th seem to be the ones to go.",
        ),
        Misconception(
            "always-the-likeliest",
            lambda logits, temperature, top_k, u: logits.argmax(axis=1),
            "Your answer does not depend on u: the likeliest is taken each time, and the same "
            "beginning always leads to the same text.",
            tempting="The likeliest symbol is the model's answer, as the largest logit was in "
            "classification.",
        ),
        Misconception(
            "all-k-alike",
            _alike_for_all,
            "Each of the k is drawn as often as the others. What has become of their logits?",
            tempting="The k best are all good, so any of them will do.",
        ),
        Misconception(
            "rank",
            lambda logits, temperature, top_k, u: _by_rank(
                logits, temperature, top_k, u, back=False
            ),
            "You give the rank of the symbol among the likeliest. Which symbol has that rank?",
            tempting="After sorting, places in the sorted row look like numbers of symbols.",
        ),
        Misconception(
            "in-order-of-rank",
            _by_rank,
            "Every symbol has the right probability. But the pieces lie in the order of rank; "
            "asked for is the order of the symbols, so that u has one right answer.",
            tempting="The likeliest come first after sorting, and chance does not mind the order.",
        ),
        Misconception(
            "in-rising-order",
            lambda logits, temperature, top_k, u: _by_rank(logits, temperature, top_k, u, up=True),
            "Every symbol has the right probability, but the pieces lie from the least likely to "
            "the likeliest. Asked for is the order of the symbols, so that u has one right answer.",
            tempting="Sorting goes upwards, and the last k of a sorted row are the likeliest.",
        ),
        Misconception(
            "from-the-end",
            _choice(draw=lambda p, u: _fallen(p, 1 - u)),
            "You measure u from the far end of the row.",
            tempting="For a random number either end will do.",
        ),
        Misconception(
            "power-of-the-probabilities",
            _by_power,
            "On paper a power of the probabilities does what dividing the logits does. Near the "
            "temperature 0 the powers become too small for the computer, and nothing is left.",
            tempting="An exponential of a quotient is a power of the exponential.",
        ),
        Misconception(
            "one-before",
            _choice(draw=lambda p, u: np.maximum(_fallen(p, u) - 1, 0)),
            "You give the last piece that has ended. u lies in the one after it.",
            tempting="Counting gives one more than the last index, and so one is taken off.",
        ),
        Misconception(
            "one-after",
            _choice(draw=lambda p, u: _fallen(p, u) + 1),
            "You count symbols from 1. The first piece belongs to the symbol 0.",
            tempting="The first symbol is number one in everyday counting.",
        ),
        Misconception(
            "equal-goes-back",
            _choice(draw=lambda p, u: (np.cumsum(p, axis=1) < u[:, None]).sum(axis=1)),
            "Where u is exactly 0, and the first symbols have the probability 0, you give one that "
            "cannot be drawn. To which piece does a border belong, if u may be 0 and not 1?",
            tempting="Below or not above makes no difference for a number drawn at random.",
        ),
        Misconception(
            "running-sum-down",
            _choice(draw=lambda p, u: (np.cumsum(p, axis=0) <= u[:, None]).sum(axis=1)),
            "Your running sum goes down the columns, over the rows of the batch. Along which axis "
            "do the probabilities of one row lie?",
            tempting="Sums over axis 0 are the most common ones in the book.",
        ),
        Misconception(
            "one-u-for-all",
            _choice(draw=lambda p, u: _fallen(p, np.full(len(p), u[0]))),
            "All rows use the first random number. Each has its own.",
            tempting="One draw is one random number, and the batch is forgotten.",
        ),
        Misconception(
            "probability-above-u",
            _choice(draw=lambda p, u: (p > u[:, None]).argmax(axis=1)),
            "You take the first symbol whose own probability is larger than u. Laid end to end, "
            "where does its piece begin?",
            tempting="That something of probability p happens is decided by whether u is below p.",
        ),
        Misconception(
            "unshifted",
            _choice(chances=_unshifted),
            "Right for moderate logits. A logit of nine hundred overflows in the exponential.",
            tempting="The formula of the softmax has no shift in it.",
        ),
        Misconception(
            "shifted-by-the-overall-top",
            _choice(chances=_overall),
            "One largest logit is taken from all rows alike, and a row that lies far below it is "
            "left with nothing.",
            tempting="Any number may be subtracted before the exponential, so why not one for all.",
        ),
    ),
    also_right=(_row_by_row, _by_argmax),
    equivalent=dict.fromkeys(
        (
            "least = np.sort(z, axis=-1)[:, -top_k]",
            "p = np.exp(z - z.max(axis=-1, keepdims=True))",
            "p = p / p.sum(axis=-1, keepdims=True)",
            "return (np.cumsum(p, axis=-1) <= u[:, None]).sum(axis=1)",
            "return (np.cumsum(p, axis=1) <= u[:, None]).sum(axis=-1)",
        ),
        "a table has two axes: the last is axis 1",
    ),
)


def _kept_least(z, top_k):
    return np.sort(z, axis=1)[:, -top_k][:, None]
