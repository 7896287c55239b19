"""Chapter 11, attention and the Transformer: attention that does not look ahead.

One exercise stands here; 11.2 is in `transformer_heads.py`, 11.3 in `transformer_norm.py`, 11.4 in
`transformer_choosing.py`, 11.5 in `transformer_predictions.py`. `backpropagation.py` says how to
add one.
"""

import numpy as np

from nnlib import scaled_dot_product_attention
from nnlib.course.exercises.bank.transformer_choosing import CHOOSE
from nnlib.course.exercises.bank.transformer_heads import HEADS
from nnlib.course.exercises.bank.transformer_norm import NORM
from nnlib.course.exercises.bank.transformer_predictions import PREDICTIONS
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: nothing of it is annotated.
# ruff: noqa: ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 11.1 ------------------------------------------------------------------------------------------


def causal_attention(q, k, v):
    """What every place finds among itself and the places before it.

    q and k (N, T, D), v (N, T, E): N sequences of T places. The result is
    (N, T, E).
    """
    # <solution>
    T, D = q.shape[1:]
    scores = q @ k.mT / np.sqrt(D)
    scores = np.where(np.tri(T, dtype=bool), scores, -np.inf)
    shares = np.exp(scores - scores.max(axis=2, keepdims=True))
    shares = shares / shares.sum(axis=2, keepdims=True)  # (11.5)
    return shares @ v  # (11.6)
    # </solution>


def _sequences(rng: np.random.Generator) -> list[Case]:
    def draw(n: int, steps: int, size: int, width: int) -> Case:
        q, k = rng.normal(size=(2, n, steps, size))
        return q, k, rng.normal(size=(n, steps, width))

    keys = np.array([[[0.0, 0, 0, 0], [1, 1, 1, 1]]])
    by_hand = (np.full((1, 2, 4), np.log(3) / 2), keys, np.array([[[4.0], [8.0]]]))
    return [by_hand, draw(2, 3, 5, 4), draw(3, 4, 2, 6), draw(3, 3, 3, 3)]


def _far_apart(rng: np.random.Generator) -> list[Case]:
    """Scores in the thousands, a later key that fits best by far, and a single place."""
    q = np.array([[[1.0], [1.0], [-1.0]], [[900.0], [-900.0], [2.0]]])
    k = np.array([[[-3000.0], [-2000.0], [5000.0]], [[3.0], [-2.0], [1.0]]])
    return [(q, k, rng.normal(size=(2, 3, 2))), tuple(rng.normal(size=(3, 2, 1, 3)))]


def _softmax(scores, axis=2):
    shifted = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return shifted / shifted.sum(axis=axis, keepdims=True)


def _seen(scores, k=0):
    return np.tri(scores.shape[1], k=k, dtype=bool)


def _hidden(scores, k=0):
    return np.where(_seen(scores, k), scores, -np.inf)


def _attention(
    fit=lambda q, k: q @ k.mT,
    scale=lambda q: np.sqrt(q.shape[2]),
    mask=_hidden,
    shares=_softmax,
    mix=lambda shares, k, v: shares @ v,
):
    """The solution with one of its five steps replaced."""

    def wrong(q, k, v):
        return mix(shares(mask(fit(q, k) / scale(q))), k, v)

    return wrong


def _unshifted(scores):
    shares = np.exp(scores)
    return shares / shares.sum(axis=2, keepdims=True)


def _cut_after(scores):
    """Hidden only after the softmax of all, and then shared out anew."""
    shares = _softmax(scores) * _seen(scores)
    return shares / shares.sum(axis=2, keepdims=True)


def _zeros_are_hidden(scores):
    kept = np.tril(scores)
    return np.where(kept == 0, -np.inf, kept)


def _place_by_place(q, k, v):
    out = np.empty((*q.shape[:2], v.shape[2]))
    for n, t in np.ndindex(*q.shape[:2]):
        scores = k[n, : t + 1] @ q[n, t] / q.shape[2] ** 0.5
        weights = np.exp(scores - scores.max())
        out[n, t] = weights @ v[n, : t + 1] / weights.sum()
    return out


def _by_a_large_number(q, k, v):
    T, D = q.shape[-2:]
    scores = np.einsum("ntd,nsd->nts", q, k) / np.sqrt(D) - 1e30 * np.triu(np.ones((T, T)), 1)
    weights = np.exp(scores - scores.max(-1)[..., None])
    return np.einsum("nts,nse->nte", weights / weights.sum(-1)[..., None], v)


def _of_the_library(q, k, v):
    return scaled_dot_product_attention(q, k, v, is_causal=True).data


CAUSAL = function(
    "11.1",
    "Attention that does not look ahead",
    causal_attention,
    _sequences,
    stress=_far_apart,
    hints=(
        (
            "Three steps: how well does each key fit, what share does it get, what is taken home? "
            "In which of them would you hide the future so that the shares still add up to 1?"
        ),
        (
            "A share of 0 comes out of the softmax when a score is minus infinity. Which places of "
            "a T by T table lie in the future of their row? NumPy has triangles: np.tri, np.triu."
        ),
        (
            "Products of queries with keys, last two axes of k swapped, over the root of D; minus "
            "infinity above the diagonal; a softmax along the last axis, shifted by its largest "
            "score; the shares times v."
        ),
    ),
    misconceptions=(
        Misconception(
            "no-scale",
            _attention(scale=lambda q: 1.0),
            "The scores are used as they come. With more numbers a place they spread wider, and "
            "the softmax turns into a choice of one. What brings them back?",
            tempting="The product of a query and a key already says how well they fit, and the "
            "softmax takes any number.",
        ),
        Misconception(
            "divided-by-d",
            _attention(scale=lambda q: q.shape[2]),
            "You make a mean of the D products. It shrinks as D grows: a sum of D random terms "
            "spreads like the root of D, and not like D.",
            tempting="A sum over D terms is made comparable by dividing by D, as in every mean.",
        ),
        Misconception(
            "times-the-root",
            _attention(scale=lambda q: 1 / np.sqrt(q.shape[2])),
            "With more numbers a place your scores lie still further apart. They were too far "
            "apart as they came.",
            tempting="The root has to come in somewhere, and a product looks much like a quotient.",
        ),
        Misconception(
            "root-of-places",
            _attention(scale=lambda q: np.sqrt(q.shape[1])),
            "You divide by the root of how many places there are. Which axis does the product of a "
            "query and a key sum over?",
            tempting="The table of scores is T by T, so T looks like the size that matters.",
        ),
        Misconception(
            "scale-of-the-values",
            lambda q, k, v: _hidden_with(q, k, v, np.sqrt(v.shape[2])),
            "You divide by the root of how long a value is. Values take no part in the scores.",
            tempting="In most models keys and values are equally long, and one size stands for "
            "both.",
        ),
        Misconception(
            "softmax-over-queries",
            _attention(shares=lambda scores: _softmax(scores, axis=1)),
            "Your columns sum to 1: every key hands itself out among the queries. Who has one "
            "whole attention to share out?",
            tempting="The table has two axes of the same length, and either gives shares that look "
            "right.",
        ),
        Misconception(
            "softmax-over-sequences",
            _attention(shares=lambda scores: _softmax(scores, axis=0)),
            "Your shares sum to 1 over the batch, so the sequences of a batch divide a key among "
            "them. What does one sequence know of the others?",
            tempting="Axis 0 is the first that comes to mind, and batches have always been there.",
        ),
        Misconception(
            "softmax-over-all",
            _attention(shares=lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum()),
            "All shares together sum to 1. Each query shares out a whole of its own.",
            tempting="A sum without an axis is the shortest one to write, and it does add up to 1.",
        ),
        Misconception(
            "no-mask",
            _attention(mask=lambda scores: scores),
            "Every place sees all others, the later ones too. What may the first place see?",
            tempting="All places are computed at once from the whole sequence, and nothing stops "
            "one from using it.",
        ),
        Misconception(
            "mask-after-softmax",
            _attention(mask=lambda s: s, shares=lambda s: _softmax(s) * _seen(s)),
            "The future is cut off after the softmax, so what it got is lost: your shares sum to "
            "less than 1, least of all at the first place.",
            tempting="A mask of zeros and ones is multiplied in, and the future is truly gone "
            "from the result.",
        ),
        Misconception(
            "cut-and-shared-anew",
            _attention(mask=lambda s: s, shares=_cut_after),
            "Right as long as the scores are moderate. Where a hidden key fits best by far, it "
            "takes everything in the softmax, and nothing is left to be shared out anew.",
            tempting="On paper the numbers come out the same, whether one hides before the softmax "
            "or divides once more after it.",
        ),
        Misconception(
            "hidden-scores-zero",
            _attention(mask=lambda scores: scores * _seen(scores)),
            "A hidden place gets the score 0. What does the softmax make of a score of 0?",
            tempting="Zero stands for nothing nearly everywhere else.",
        ),
        Misconception(
            "zeros-taken-for-hidden",
            _attention(mask=_zeros_are_hidden),
            "Every score that is exactly 0 is hidden, one that was computed as 0 too: a key at a "
            "right angle to its query.",
            tempting="A triangle of scores has zeros where it was cut, and computed scores are "
            "hardly ever zero.",
        ),
        Misconception(
            "mask-too-weak",
            _attention(mask=lambda scores: np.where(_seen(scores), scores, scores - 10)),
            "The future is made unlikely, and still gets a little. A network that is trained finds "
            "that little.",
            tempting="Ten less is a factor of more than twenty thousand, which looks like none.",
        ),
        Misconception(
            "a-hundred-less",
            _attention(mask=lambda scores: np.where(_seen(scores), scores, scores - 100)),
            "The future is made unlikely, and moderate scores never bring it back. A hidden key "
            "that fits better by more than that does. Which number is below all others?",
            tempting="The exponential of minus a hundred is as good as zero.",
        ),
        Misconception(
            "sees-the-next",
            _attention(mask=lambda scores: _hidden(scores, k=1)),
            "Every place sees one place too many: the next one, which it will be asked about.",
            tempting="Counting from 0 or from 1 moves the diagonal by one, and nothing crashes.",
        ),
        Misconception(
            "not-itself",
            _attention(mask=lambda scores: _hidden(scores, k=-1)),
            "A place does not see itself, and the first place has nothing to look at: its shares "
            "are 0 divided by 0.",
            tempting="A place knows itself already, so it seems to need only what came before.",
        ),
        Misconception(
            "not-itself-softly",
            _attention(mask=lambda s: np.where(_seen(s, -1), s, -1e9)),
            "A place does not see itself, and the first, which then sees nothing, shares itself "
            "out over the whole future: equal scores give equal shares, however low they are.",
            tempting="A place knows itself already, and a very negative number raises no warning.",
        ),
        Misconception(
            "only-the-future",
            _attention(mask=lambda scores: np.where(_seen(scores), -np.inf, scores)),
            "You have hidden the past and left the future.",
            tempting="A mask that is True where something is to be hidden is just as common.",
        ),
        Misconception(
            "from-here-on",
            _attention(mask=lambda s: np.where(np.triu(np.ones(s.shape[1:])) == 1, s, -np.inf)),
            "Every place sees itself and what comes after. Row or column: which is the query?",
            tempting="The other triangle is the same one, read with rows and columns exchanged.",
        ),
        Misconception(
            "all-axes-turned",
            _attention(fit=lambda q, k: q @ k.T),
            "Three axes were turned round where two should be: the sequences of a batch are mixed, "
            "or the shapes do not fit. A product of stacks of matrices needs the last two "
            "exchanged.",
            tempting="For a matrix, which has two axes, `.T` is the transpose.",
        ),
        Misconception(
            "keys-ask",
            _attention(fit=lambda q, k: k @ q.mT),
            "The rows of your table belong to the keys. Who asks, and who is asked?",
            tempting="A product of a query with a key is the same whichever stands first.",
        ),
        Misconception(
            "no-exponential",
            _attention(shares=lambda s: np.where(np.isinf(s), 0, s) / _sum(s)),
            "You divide the scores by their sum. They may be negative, or sum to 0; what makes "
            "positive numbers of them first?",
            tempting="Dividing by the sum is what makes shares of numbers.",
        ),
        Misconception(
            "unshifted",
            _attention(shares=_unshifted),
            "Right for moderate scores. For a score of a thousand the exponential overflows, and "
            "where all are far below 0 it leaves nothing. What may be subtracted beforehand?",
            tempting="The formula has no shift in it, and for ordinary numbers none is needed.",
        ),
        Misconception(
            "shifted-by-the-overall-top",
            _attention(shares=lambda s: _normed(np.exp(s - s.max()))),
            "One largest score is taken from all queries alike. A query whose scores all lie far "
            "below it is left with nothing.",
            tempting="Any number may be subtracted, so why not the largest of all.",
        ),
        Misconception(
            "queries-ask-queries",
            lambda q, k, v: _softmax(_hidden(q @ q.mT / np.sqrt(q.shape[2]))) @ v,
            "Queries are compared with queries. What is there to be found by?",
            tempting="In self-attention all three come from the same places, so one seems to do.",
        ),
        Misconception(
            "keys-taken-home",
            _attention(mix=lambda shares, k, v: shares @ k),
            "What is taken home are the keys. They are there to be found by; what do they lead to?",
            tempting="The query was compared with the keys, so they are what was found.",
        ),
        Misconception(
            "the-shares",
            _attention(mix=lambda shares, k, v: shares),
            "These are the shares. What do they weigh?",
            tempting="Where a place looks is what one wants to see, and it is on the screen first.",
        ),
        Misconception(
            "turned-at-the-end",
            _attention(mix=lambda shares, k, v: shares.mT @ v),
            "Every value goes to those that it looks at, and not to those that look at it.",
            tempting="With a square table the other order of axes fits as well.",
        ),
        Misconception(
            "hard-choice",
            _attention(shares=lambda s: np.eye(s.shape[2])[s.argmax(axis=2)]),
            "You take the value of the best key alone. A choice has no slope to learn by, so "
            "everybody gets a share.",
            tempting="A look-up gives one thing, the one that fits best.",
        ),
    ),
    also_right=(_place_by_place, _by_a_large_number, _of_the_library),
)


def _hidden_with(q, k, v, scale):
    return _softmax(_hidden(q @ k.mT / scale)) @ v


def _normed(shares):
    return shares / shares.sum(axis=2, keepdims=True)


def _sum(scores):
    return np.where(np.isinf(scores), 0, scores).sum(axis=2, keepdims=True)


EXERCISES = (CAUSAL, HEADS, NORM, CHOOSE, PREDICTIONS)
