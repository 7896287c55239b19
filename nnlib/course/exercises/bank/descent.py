"""Chapter 6, gradient descent and training: its exercises.

6.2 stands in `descent_adam.py`, 6.3 and 6.4 in `descent_paper.py`, 6.5 in `descent_faults.py`.
`backpropagation.py` says how to add one.
"""

from copy import deepcopy
from itertools import chain, pairwise
from typing import Any

import numpy as np

from nnlib.course.exercises.bank.descent_adam import ADAM
from nnlib.course.exercises.bank.descent_faults import FIND_FAULT
from nnlib.course.exercises.bank.descent_paper import LOOP, PREDICTIONS
from nnlib.course.exercises.compare import pending
from nnlib.course.exercises.exercise import Answer, Case, Misconception, Property, callable_answer
from nnlib.course.exercises.kinds import property_of
from nnlib.course.exercises.trial import returns_by_mistake

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 6.1 -------------------------------------------------------------------------------------------


def minibatches(X, y, batch_size, rng):
    """One epoch as a list of pairs (inputs, targets), dealt out by rng.

    X (N, D) and y (N,) stay as they are. Every example is in one batch;
    the batches are full, and the last one holds what is left.
    """
    # <solution>
    order = rng.permutation(len(X))
    pairs = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        pairs.append((X[rows], y[rows]))
    return pairs
    # </solution>


def two_epochs(answer: Any) -> Answer:
    """Deal two epochs with one generator, and the first of them again with a copy of it."""
    callable_answer(answer)

    def epochs(X, y, batch_size, rng):
        dealt = [answer(X, y, batch_size, each) for each in (deepcopy(rng), rng, rng)]
        if pending(dealt[0]):
            if not returns_by_mistake(answer):
                raise NotImplementedError
            return None
        return [[tuple(batch) for batch in epoch] for epoch in dealt]

    return epochs


def _tables(rng: np.random.Generator) -> list[Case]:
    def draw(examples: int, inputs: int, batch_size: int) -> Case:
        seed = int(rng.integers(1000))
        X, y = rng.normal(size=(examples, inputs)), rng.permutation(examples) + 10
        return X, y, batch_size, np.random.default_rng(seed)

    X = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0], [8.0, 9.0]])
    first = (X, np.array([10, 11, 12, 13, 14]), 2, np.random.default_rng(0))
    return [first, draw(23, 3, 5), draw(24, 2, 6), draw(21, 21, 4)]


def _sizes_at_the_ends(rng: np.random.Generator) -> list[Case]:
    X, y = rng.normal(size=(9, 2)), np.arange(9)
    return [(X, y, size, np.random.default_rng(3)) for size in (1, 8, 9, 30)]


def _paired(epochs, X, y, batch_size, rng):
    """Whether every batch is a pair of arrays of one length, rows of X and entries of y."""
    return all(
        len(batch) == 2
        and all(isinstance(part, np.ndarray | list) for part in batch)
        and np.shape(batch[0])[1:] == X.shape[1:]
        and np.shape(batch[1]) == (len(batch[0]),)
        for epoch in epochs
        for batch in epoch
    )


def _sized(epochs, X, y, batch_size, rng):
    full, left = divmod(len(X), batch_size)
    sizes = [batch_size] * full + [left] * (left > 0)
    return all([len(inputs) for inputs, _ in epoch] == sizes for epoch in epochs)


def _rows(epochs, X):
    """For each epoch and batch, which rows of X it holds; -1 for what is no row of X."""
    known = {row.tobytes(): place for place, row in enumerate(X)}
    return [
        [[known.get(np.asarray(row, X.dtype).tobytes(), -1) for row in inputs] for inputs, _ in e]
        for e in epochs
    ]


def _everyone_once(epochs, X, y, batch_size, rng):
    return all(sorted(chain(*epoch)) == list(range(len(X))) for epoch in _rows(epochs, X))


def _together(epochs, X, y, batch_size, rng):
    return all(
        np.array_equal(y[rows], targets)
        for epoch, places in zip(epochs, _rows(epochs, X), strict=True)
        for (_, targets), rows in zip(epoch, places, strict=True)
    )


def _dealt(epochs, X, y, batch_size, rng):
    """Whether the rows do not come as neighbours; a handful may by chance."""
    return len(X) < 9 or not any(
        all(b - a == 1 for batch in epoch for a, b in pairwise(batch))
        and (batch_size > 1 or list(chain(*epoch)) == list(range(len(X))))
        for epoch in _rows(epochs, X)
    )


def _anew(epochs, X, y, batch_size, rng):
    _, first, second = ({frozenset(batch) for batch in epoch} for epoch in _rows(epochs, X))
    return len(X) < 20 or first != second


def _again(epochs, X, y, batch_size, rng):
    again, first, _ = _rows(epochs, X)
    return again == first


def _cut(deal):
    """An answer from a function that gives the rows of each batch."""

    def minibatches(X, y, batch_size, rng):
        return [(X[rows], y[rows]) for rows in deal(len(X), batch_size, rng)]

    return minibatches


def _places(order, batch_size):
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]


def _two_shuffles(X, y, batch_size, rng):
    X, y = X[rng.permutation(len(X))], y[rng.permutation(len(y))]
    return [(X[r], y[r]) for r in _places(np.arange(len(X)), batch_size)]


def _inputs_alone(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    pairs = zip(_places(order, batch_size), _places(np.arange(len(X)), batch_size), strict=True)
    return [(X[rows], y[same]) for rows, same in pairs]


def _in_place(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    return [(X[r], y[r]) for r in _places(np.arange(len(X)), batch_size)]


def _two_lists(X, y, batch_size, rng):
    places = _places(rng.permutation(len(X)), batch_size)
    return [X[rows] for rows in places], [y[rows] for rows in places]


def _rows_alone(X, y, batch_size, rng):
    return _places(rng.permutation(len(X)), batch_size)


def _merged(n, batch_size, rng):
    *places, left = _places(rng.permutation(n), batch_size)
    if places and len(left) < batch_size:
        places[-1] = np.concatenate([places[-1], left])
        return places
    return [*places, left]


def _refilled(n, batch_size, rng):
    order = rng.permutation(n)
    return _places(np.concatenate([order, order[: -n % batch_size]]), batch_size)


def _batches_dealt(n, batch_size, rng):
    places = _places(np.arange(n), batch_size)
    return [places[i] for i in rng.permutation(len(places))]


def _by_split(X, y, batch_size, rng):
    order = np.arange(len(X))
    rng.shuffle(order)
    cuts = range(batch_size, len(X), batch_size)
    return list(zip(np.split(X[order], cuts), np.split(y[order], cuts), strict=True))


def _as_a_generator(X, y, batch_size, rng):
    order = np.argsort(rng.random(len(X)))
    while len(order):
        rows, order = order[:batch_size], order[batch_size:]
        yield [X[rows], y[rows]]


MINIBATCHES = property_of(
    "6.1",
    "An epoch of mini-batches",
    minibatches,
    (
        Property(
            "pairs",
            _paired,
            "Every entry of the list should be a pair: inputs, a row each, and the targets that "
            "belong to them.",
        ),
        Property(
            "sizes",
            _sized,
            "The sizes of your batches are not as asked: all full, and the last one holds what is "
            "left. How many batches are there, and how long is each?",
        ),
        Property(
            "everyone once",
            _everyone_once,
            "Some example comes twice in an epoch, or not at all.",
        ),
        Property(
            "together",
            _together,
            "An input has come to a target that is not its own. Follow one row through your lines.",
        ),
        Property(
            "dealt",
            _dealt,
            "The examples come out as neighbours, in the order in which they came in. What is rng "
            "for?",
        ),
        Property(
            "anew",
            _anew,
            "Two epochs hold the same batches. Each should be dealt anew, by the generator that "
            "was handed over.",
        ),
        Property(
            "again",
            _again,
            "From the same generator two different epochs came. The order is drawn elsewhere, and "
            "nobody could repeat your training.",
        ),
    ),
    cases=_tables,
    adapt=two_epochs,
    hints=(
        (
            "If the examples were cards with an input on one side and its target on the other, "
            "what would you do before dealing them out?"
        ),
        (
            "Draw one order of the row numbers for the epoch, and cut that order into pieces. A "
            "slice that reaches past the end is shorter, and no error."
        ),
        (
            "order = rng.permutation(N) once; for start in range(0, N, batch_size) the piece of "
            "order from start on is an index into X and into y."
        ),
    ),
    misconceptions=(
        Misconception(
            "last-batch-dropped",
            _cut(lambda n, b, rng: _places(rng.permutation(n)[: n // b * b], b)),
            "The examples that do not fill a batch are left out. They come to a smaller one.",
            tempting="Batches of one size are neater, and some libraries drop the last one.",
        ),
        Misconception(
            "never-shuffled",
            _cut(lambda n, b, rng: _places(np.arange(n), b)),
            "The examples come in the order in which they lie. If they are sorted, a batch sees a "
            "single kind.",
            tempting="The batches cover everything, and nothing in the gradient seems to care "
            "about order.",
        ),
        Misconception(
            "shuffled-apart",
            _two_shuffles,
            "Inputs and targets are shuffled each on their own: a three may now be called an "
            "eight. One order has to serve both.",
            tempting="Both arrays have to be shuffled, and so one shuffles both.",
        ),
        Misconception(
            "targets-left-behind",
            _inputs_alone,
            "The inputs come in a new order and the targets in the old one.",
            tempting="It is the inputs that go into the network, and the shuffle is for them.",
        ),
        Misconception(
            "with-replacement",
            _cut(lambda n, b, rng: _places(rng.integers(n, size=n), b)),
            "Each row is drawn without a look at those before: some come twice in an epoch and "
            "some not at all.",
            tempting="Random rows are random rows, and on average each comes once.",
        ),
        Misconception(
            "each-batch-from-all",
            _cut(lambda n, b, rng: [rng.choice(n, len(p), False) for p in _places(range(n), b)]),
            "No row comes twice in a batch, but every batch is drawn from all of them, so an epoch "
            "misses some.",
            tempting="Within the batch everything is right, and one looks at one batch at a time.",
        ),
        Misconception(
            "dealt-for-every-batch",
            _cut(
                lambda n, b, rng: [
                    rng.permutation(n)[start : start + b] for start in range(0, n, b)
                ]
            ),
            "Every batch is cut from an order of its own, so some examples come twice in an epoch "
            "and some never. How many orders does an epoch need?",
            tempting="The order is drawn where it is used, and that is inside the loop.",
        ),
        Misconception(
            "own-seed",
            _cut(lambda n, b, rng: _places(np.random.default_rng(0).permutation(n), b)),
            "A generator is made anew inside, so every epoch has the same order. The one that is "
            "handed over goes on where it stopped.",
            tempting="A seed inside the function makes it reproducible.",
        ),
        Misconception(
            "shuffled-within",
            _cut(lambda n, b, rng: [rng.permutation(p) for p in _places(np.arange(n), b)]),
            "Each batch is shuffled in itself, and always holds the same neighbours. For the mean "
            "over a batch their order makes no difference.",
            tempting="Every batch comes out mixed, and mixing is what was wanted.",
        ),
        Misconception(
            "empty-last-batch",
            _cut(lambda n, b, rng: np.split(rng.permutation(n), range(b, n + 1, b))),
            "Where the examples fill their batches exactly, an empty one follows. A mean over "
            "nothing is nan.",
            tempting="One counts the full batches and adds one for what is left, and something is "
            "nearly always left.",
        ),
        Misconception(
            "batches-shuffled",
            _cut(_batches_dealt),
            "Neighbours stay together: the batches come in a new order, and each always holds the "
            "same examples.",
            tempting="It shuffles, it costs less, and every epoch looks different from the last.",
        ),
        Misconception(
            "last-batch-merged",
            _cut(_merged),
            "The last batch is larger than batch_size: what is left over has been added to it.",
            tempting="A very small batch has a very noisy gradient, so one hangs it on to another.",
        ),
        Misconception(
            "last-batch-refilled",
            _cut(_refilled),
            "The last batch is filled up with examples that were in the first.",
            tempting="Full batches everywhere, and the few repeats seem to do no harm.",
        ),
        Misconception(
            "equal-parts",
            _cut(lambda n, b, rng: np.array_split(rng.permutation(n), -(-n // b))),
            "All batches are about equally large. Asked for are full ones, and one for what is "
            "left.",
            tempting="Equal parts are fair, and NumPy has a function for them.",
        ),
        Misconception(
            "size-for-count",
            _cut(lambda n, b, rng: np.array_split(rng.permutation(n), b)),
            "batch_size says how many examples are in a batch, and not how many batches there are.",
            tempting="The words 'cut into' ask for a number of pieces.",
        ),
        Misconception(
            "one-batch-only",
            _cut(lambda n, b, rng: [rng.permutation(n)[:b]]),
            "One batch came out. An epoch goes through all examples.",
            tempting="A step needs one batch, and training is steps.",
        ),
        Misconception(
            "two-lists",
            _two_lists,
            "Two lists came out, one of inputs and one of targets. Asked for is one list of pairs.",
            tempting="X and y came in as two things, so two things go out.",
        ),
        Misconception(
            "rows-alone",
            _rows_alone,
            "These are row numbers. The training loop wants the inputs and targets that stand "
            "there.",
            tempting="The row numbers are the whole difficulty, and the rest is an index.",
        ),
        Misconception(
            "in-place",
            _in_place,
            "The caller's X and y have been put into another order. Take rows from them, and leave "
            "them as they lie.",
            tempting="It saves a copy, and the pairs stay together.",
        ),
    ),
    stress=_sizes_at_the_ends,
    also_right=(_by_split, _as_a_generator),
)

EXERCISES = (MINIBATCHES, ADAM, PREDICTIONS, LOOP, FIND_FAULT)
