"""Chapter 11, attention and the Transformer: four faults in attention with heads.

Each fault, and each set of them that can be left, is a misconception: whoever has found some of the
four hears about the next. `backpropagation.py` says how to add an exercise.
"""

import numpy as np

from nnlib import self_attention, softmax
from nnlib.course.exercises.exercise import Case
from nnlib.course.exercises.kinds import debug, planted

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 11.2 ------------------------------------------------------------------------------------------


def attend(x, W, W_out, heads):
    """Causal self-attention with heads: x (N, T, E) gives (N, T, E).

    W (3 E, E) makes queries, keys and values; W_out (E, E) mixes at the end.
    """
    N, T, E = x.shape
    D = E // heads
    # <solution>
    q, k, v = (
        part.reshape(N, T, heads, D).transpose(0, 2, 1, 3)  # (N, heads, T, D)
        for part in np.split(x @ W.T, 3, axis=2)
    )
    scores = q @ k.mT / np.sqrt(D)
    scores = np.where(np.tri(T, dtype=bool), scores, -np.inf)
    shares = softmax(scores, axis=-1).data
    found = (shares @ v).transpose(0, 2, 1, 3)
    return found.reshape(N, T, E) @ W_out.T
    # <starter>
    # q, k, v = (
    #     part.reshape(N, heads, T, D) for part in np.split(x @ W.T, 3, axis=2)
    # )
    # scores = q @ k.mT / np.sqrt(E)
    # scores = np.where(np.tri(T, dtype=bool), scores, -np.inf)
    # shares = softmax(scores, axis=-2).data
    # found = (shares @ v).reshape(N, T, E)
    # return found @ W_out.T
    # </solution>


def _sequences(rng: np.random.Generator) -> list[Case]:
    def draw(n: int, steps: int, heads: int, size: int) -> Case:
        width = heads * size
        x, mixed = rng.normal(size=(n, steps, width)), rng.normal(size=(width, width))
        return x, rng.normal(size=(3 * width, width)), mixed, heads

    # Head 0 sees the first number of each place and head 1 the second; queries and keys are 0.
    takes_all = np.concatenate([np.zeros((4, 2)), np.eye(2)])
    by_hand = (np.array([[[2.0, 10.0], [4.0, 30.0]]]), takes_all, np.eye(2), 2)
    return [by_hand, draw(2, 5, 3, 2), draw(3, 2, 2, 4), draw(3, 4, 2, 2), draw(2, 3, 1, 3)]


FAULTS = {
    "places split among the heads": (
        (
            "The numbers of one place end up in different rows: reshape reads them in order and "
            "knows nothing of places and heads. Which axis do the D numbers of one head lie on, "
            "before anything is moved?"
        ),
        "The shape that comes out is the shape that is wanted, and reshape never complains.",
    ),
    "root of E": (
        (
            "The scores are divided as if E numbers had been summed. Over how many does one head "
            "sum?"
        ),
        "The formula was learned without heads, and there the length of a query is E.",
    ),
    "softmax over the queries": (
        (
            "Each column of shares sums to 1, so every key hands itself out. Who has one whole "
            "attention to share out, and along which axis do the keys run?"
        ),
        "The last two axes are both places, equally long, and either order gives shares.",
    ),
    "heads joined across places": (
        (
            "What the heads have found is joined in the order in which it lies in memory, head by "
            "head: places get the results of other places. What was moved on the way in, and has "
            "to be moved back?"
        ),
        "The number of entries is right, and the shape comes out as it should.",
    ),
}
SLIPS = {
    "no scale": (
        "The division is gone. Why was it there?",
        "Whoever looks for a wrong root may take out the root.",
    ),
    "divided by D": (
        "D where its root should be: a sum of D random products spreads like the root of D.",
        "A sum over D terms asks for a mean.",
    ),
    "root of T": (
        "You divide by the root of how many places there are. What does a score sum over?",
        "The table of scores has the length T on both sides.",
    ),
    "root of heads": (
        "You divide by the root of how many heads there are. What does a score sum over?",
        "Something has to be smaller when there are more heads, and the sum is not looked at.",
    ),
    "softmax over the heads": (
        "Your shares sum to 1 over the heads. Each head looks for itself.",
        "Heads stand on axis 1, and axis 1 is where classes have always been.",
    ),
    "no mask": (
        "The mask was right, and is gone: places see the future.",
        "It is one more line that looks as if it might be wrong.",
    ),
    "mask the other way": (
        "The mask was right. Now the past is hidden.",
        "In other libraries True says what is hidden.",
    ),
    "sees the next": (
        "The mask was right. Now each place sees one place too many.",
        "Diagonals are counted from 0, and one more or less is hard to see.",
    ),
    "heads added": (
        (
            "All heads have the same result: their sum. Each head's D numbers keep their own place "
            "among the E."
        ),
        "Several views of one thing are put together by adding them.",
    ),
    "heads interleaved": (
        (
            "The results of the heads come in turn, one number of each. They stand one after the "
            "other, each head's D numbers together."
        ),
        "The heads' axis may stand before or after the D numbers, and the shape is the same.",
    ),
    "heads cut in turn": (
        (
            "Each head gets every heads-th number of a place. Its D numbers are neighbours: which "
            "of the two axes, heads and D, comes first when the E numbers are cut?"
        ),
        "Cutting E into D and heads fits as well as cutting it into heads and D.",
    ),
    "not mixed": (
        "The result is what the heads found. `W_out` mixes it.",
        "Once the heads are joined, the shape is right and the work seems done.",
    ),
    "W_out turned": (
        "The rows of `W_out` are units, as in every layer of the book.",
        "A square matrix fits from either side.",
    ),
    "another order": (
        "The matrix makes queries, keys and values, in this order.",
        "Some write keys first, because they are there before anybody asks.",
    ),
    "keys taken home": (
        "The shares weigh the keys. What do they lead to?",
        "The keys are what the queries were compared with.",
    ),
}


def _joined(found, slips):
    N, _, T, _D = found.shape
    if "heads joined across places" in slips:
        return found.reshape(N, T, -1)
    if "heads added" in slips:
        return np.tile(found.sum(axis=1), (1, 1, found.shape[1]))
    if "heads interleaved" in slips:
        return found.transpose(0, 2, 3, 1).reshape(N, T, -1)
    return found.transpose(0, 2, 1, 3).reshape(N, T, -1)


def _cut(part, heads, slips):
    N, T, E = part.shape
    if "places split among the heads" in slips:
        return part.reshape(N, heads, T, E // heads)
    if "heads cut in turn" in slips:
        return part.reshape(N, T, E // heads, heads).transpose(0, 3, 1, 2)
    return part.reshape(N, T, heads, E // heads).transpose(0, 2, 1, 3)


def _seen(T, slips):
    if "no mask" in slips:
        return np.ones((T, T), dtype=bool)
    if "mask the other way" in slips:
        return np.tri(T, dtype=bool).T
    return np.tri(T, k=int("sees the next" in slips), dtype=bool)


def _with(*slips):
    """The solution with some slips in it, each a word that stands where it happens."""

    def run(x, W, W_out, heads):
        T, E = x.shape[1:]
        q, k, v = (_cut(part, heads, slips) for part in np.split(x @ W.T, 3, axis=2))
        if "another order" in slips:
            q, k = k, q
        D = E // heads
        scales = {"root of E": E**0.5, "no scale": 1, "divided by D": D, "root of T": T**0.5}
        scales["root of heads"] = heads**0.5
        scale = next((scales[slip] for slip in slips if slip in scales), D**0.5)
        scores = np.where(_seen(T, slips), q @ k.mT / scale, -np.inf)
        axis = -2 if "softmax over the queries" in slips else -1
        shares = softmax(scores, axis=axis).data
        if "softmax over the heads" in slips:
            shares = np.exp(scores) / np.maximum(np.exp(scores).sum(1, keepdims=True), 1e-30)
        found = _joined(shares @ (k if "keys taken home" in slips else v), slips)
        if "not mixed" in slips:
            return found
        return found @ (W_out if "W_out turned" in slips else W_out.T)

    return run


def _head_by_head(x, W, W_out, heads):
    T, E = x.shape[1:]
    D, out = E // heads, np.zeros_like(x)
    for h in range(heads):
        rows = slice(h * D, (h + 1) * D)
        q, k, v = (x @ W[part * E : (part + 1) * E][rows].T for part in range(3))
        scores = q @ k.mT / D**0.5 + np.triu(np.full((T, T), -np.inf), 1)
        shares = np.exp(scores - scores.max(axis=2, keepdims=True))
        out = out + shares @ v / shares.sum(axis=2, keepdims=True) @ W_out[:, rows].T
    return out


def _with_the_library(x, W, W_out, heads):
    return self_attention(x @ W.T, num_heads=heads, is_causal=True).data @ W_out.T


HEADS = debug(
    "11.2",
    "Four faults in attention with heads",
    attend,
    cases=_sequences,
    hints=(
        (
            "Take the example, where queries and keys are 0: which numbers should head 0 have as "
            "its values, and which does it get? What should each row of shares be?"
        ),
        (
            "Two faults are in how arrays are arranged, one on the way into the heads and one on "
            "the way out: reshape never moves a number past another. One is in a size, one in an "
            "axis."
        ),
        (
            "Cut E into heads and D where it stands, as the last axis, and then move the heads in "
            "front of the places; afterwards move them back before you join. A head sums over D. "
            "Shares sum to 1 over the keys, which run along the last axis."
        ),
    ),
    misconceptions=planted(
        _with,
        FAULTS,
        SLIPS,
        whole="Every line runs, every shape fits, and with one head half of it is right.",
        partly="Each repair changes all the numbers, so one stops early",
    ),
    also_right=(_head_by_head, _with_the_library),
    explain=lambda _: (
        "Not yet what the repaired function gives. With queries and keys of 0 all scores are "
        "equal: follow the values of the exercise's example through the heads, by hand."
    ),
    equivalent={
        (
            "q, k, v = (part.reshape(N, T, heads, D).transpose(0, -2, 1, 3) "
            "for part in np.split(x @ W.T, 3, axis=2))"
        ): "of four axes, the last but one is axis 2",
        "found = (shares @ v).transpose(0, -2, 1, 3)": "of four axes, the last but one is axis 2",
    },
)
