"""Chapter 6, gradient descent: a test that learns a batch by heart, and what it catches.

Each fault lets the loss go down, so that a glance at a training curve finds none of them.
`backpropagation.py` says how to add an exercise.
"""

import numpy as np

from nnlib import Adam, Linear, Sequential, Tanh, binary_cross_entropy_with_logits, softplus
from nnlib.course.exercises.exercise import Misconception
from nnlib.course.exercises.kinds import fault_finder

# Learners' code: nothing of it is annotated.
# ruff: noqa: D103, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 6.5 -------------------------------------------------------------------------------------------


def network(inputs, hidden):
    """A small network that says yes or no: inputs -> hidden, tanh -> 1."""
    rng = np.random.default_rng(0)
    first = Linear(inputs, hidden, rng=rng, dtype=np.float64)
    return Sequential(first, Tanh(), Linear(hidden, 1, rng=rng, dtype=np.float64))


def loss_on(model, X, y):
    """The mean loss on X (N, D) with targets y (N,), each 0 or 1."""
    targets = y[:, None].astype(np.float64)
    return binary_cross_entropy_with_logits(model(X), targets).item()


def find_fault(train):
    """Raise AssertionError unless train(model, X, y, steps) is right."""
    rng = np.random.default_rng(0)
    # <solution>
    X, y = rng.normal(size=(16, 4)), rng.integers(2, size=16)
    model = network(4, 8)
    train(model, X, y, steps=100)
    assert loss_on(model, X, y) < 0.05
    # <starter>
    # X, y = rng.normal(size=(6, 4)), np.array([1, 1, 1, 1, 1, 0])
    # model = network(4, 64)
    # before = loss_on(model, X, y)
    # train(model, X, y, steps=20)
    # assert loss_on(model, X, y) < before
    # </solution>


def trainer(*, held=0, clears=True, share=1, redeals=False, fading=1.0, flat=True):
    """A function that trains: the right one, or with one thing in it changed."""

    def train(model, X, y, steps):
        optimizer = Adam(model.parameters()[held:], lr=0.1)
        rng = np.random.default_rng(1)
        for _ in range(steps):
            rows = np.arange(len(X) // share)
            targets = y[rng.permutation(rows) if redeals else rows]
            z = model(X[rows])
            z = z.reshape(-1) if flat else z  # (N, 1) minus (N,) would be (N, N)
            loss = (softplus(z) - z * targets).mean()
            if clears:
                optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            optimizer.lr *= fading

    return remembered(train)


def remembered(train):
    """The same training, run once for each start: the checks of this exercise repeat most."""
    ends = {}

    def train_or_recall(model, X, y, steps):
        arrays = [X, np.asarray(y), *(p.data for p in model.parameters())]
        start = steps, *((a.shape, a.dtype.str, a.tobytes()) for a in arrays)
        if start not in ends:
            train(model, X, y, steps)
            ends[start] = [p.data.copy() for p in model.parameters()]
        for p, end in zip(model.parameters(), ends[start], strict=True):
            p.data[...] = end

    return train_or_recall


FAULTS = {
    "holds the first layer": (
        trainer(held=2),
        (
            "A training that never moves the first layer gets through. How many examples can the "
            "last layer fit alone, on top of random hidden units, and with how many units?"
        ),
    ),
    "never clears": (
        trainer(clears=False),
        (
            "A training that never clears the gradients gets through. It sets out well; what does "
            "it do after a while?"
        ),
    ),
    "half the batch": (
        trainer(share=2),
        (
            "A training that only looks at the first half of the batch gets through. For which "
            "targets would the second half not come out right by itself?"
        ),
    ),
    "targets dealt anew": (
        trainer(redeals=True),
        (
            "A training in which every step gives the targets to other inputs gets through. It "
            "learns how frequent a one is. For which targets is that enough?"
        ),
    ),
    "fading rate": (
        trainer(fading=0.95),
        (
            "A training whose learning rate fades to nothing gets through. It stops half-way. How "
            "low is low enough for your test?"
        ),
    ),
    "every output with every target": (
        trainer(flat=False),
        (
            "A training that compares every output with every target gets through: (N, 1) and "
            "(N,) make (N, N). It learns how frequent a one is. For which targets is that enough?"
        ),
    ),
}


def coins(X, rng):
    return rng.integers(2, size=len(X))


def turns(X, rng):  # noqa: ARG001
    return np.arange(len(X)) % 2


def judged(judge, *, N=16, D=4, H=8, labels=coins):
    """A test that draws a batch and a network, and hands them to `judge`."""

    def test(train):
        rng = np.random.default_rng(0)
        X = rng.normal(size=(N, D))
        judge(train, network(D, H), X, labels(X, rng))

    return test


def by_heart(steps=100, below=0.05):
    """Judge as the solution does."""

    def judge(train, model, X, y):
        train(model, X, y, steps=steps)
        assert loss_on(model, X, y) < below

    return judge


def goes_down(steps):
    """Judge as the starter does."""

    def judge(train, model, X, y):
        before = loss_on(model, X, y)
        train(model, X, y, steps=steps)
        assert loss_on(model, X, y) < before

    return judge


def everything_moves(train, model, X, y):
    before = [p.data.copy() for p in model.parameters()]
    train(model, X, y, steps=20)
    assert not any(map(np.array_equal, before, [p.data for p in model.parameters()]))


def all_on_their_side(train, model, X, y):
    train(model, X, y, steps=100)
    assert np.array_equal(model(X).data[:, 0] > 0, y > 0.5)


def lower_at_every_step(train, model, X, y):
    losses = [loss_on(model, X, y)]
    for _ in range(20):
        train(model, X, y, steps=1)
        losses.append(loss_on(model, X, y))
    assert all(np.diff(losses) < 0)


FIND_FAULT = fault_finder(
    "6.5",
    "Learn one batch by heart",
    find_fault,
    trainer(),
    FAULTS,
    hints=(
        (
            "What can a right training do with sixteen examples whose targets were drawn by a "
            "coin, and a wrong one cannot, however long it tries?"
        ),
        (
            "Make it hard to get by without learning each example, and then ask for nearly "
            "nothing: targets without a rule, more examples than the last layer could fit alone, "
            "enough steps, and a bound near 0."
        ),
        (
            "16 inputs of 4 numbers from rng.normal, 16 targets from rng.integers(2, ...), a "
            "network with 8 hidden units, 100 steps. Then assert that loss_on is below 0.05."
        ),
    ),
    misconceptions=(
        Misconception(
            "goes-down",
            judged(goes_down(20)),
            "All six faults get through: with each of them the loss goes down. What can only a "
            "right training bring about, on targets that follow no rule?",
            tempting="A loss that goes down is what learning looks like, and a broken training "
            "should not do that.",
        ),
        Misconception(
            "goes-down-for-long",
            judged(goes_down(100)),
            "More steps found the gradients that are never cleared. The other five still bring the "
            "loss down, only not all the way. How far down should it come?",
            tempting="If the loss is lower after a few steps by luck, more steps should rule luck "
            "out.",
        ),
        Misconception(
            "one-example",
            judged(by_heart(), N=1),
            "One example is learned by nearly any training: a bias is enough to say one thing. "
            "How many different things should the network have to say?",
            tempting="The smallest batch is the quickest, and if it can learn anything it can "
            "learn this.",
        ),
        Misconception(
            "three-examples",
            judged(by_heart(), N=3),
            "So few examples can be told apart without moving the first layer, and are learned "
            "before the rate has faded or the old gradients have piled up.",
            tempting="A test should be small, and three is more than one.",
        ),
        Misconception(
            "four-examples",
            judged(by_heart(), N=4),
            "Eight random hidden units are enough to tell four examples apart, so the last layer "
            "learns them alone, and soon. How many examples would be too many for it?",
            tempting="A handful is what by heart sounds like.",
        ),
        Misconception(
            "everything-moves",
            judged(everything_moves),
            "A layer that is held is found in this way, and nothing else is: the other five move "
            "every parameter, to a wrong place.",
            tempting="A layer that does not train does not move, so one watches what moves.",
        ),
        Misconception(
            "on-their-side",
            judged(all_on_their_side),
            "Only the fading rate gets through: every answer is on its side already, and training "
            "has stopped far from sure. Which number would still tell?",
            tempting="All answers right is as right as can be.",
        ),
        Misconception(
            "loose-bound",
            judged(by_heart(below=0.5)),
            "A held first layer and a fading rate get through. Either your bound is one that half "
            "a training meets, or your targets follow a rule so plain that half a training "
            "finds it.",
            tempting="Saying nothing costs 0.69 here, so anything well below that looks learned.",
        ),
        Misconception(
            "refuses-the-right-one",
            judged(by_heart(steps=20)),
            "Your test refuses the right training too. Has it had the steps to come that low, and "
            "does it have the units to learn so many examples by heart?",
            tempting="One wants to be strict, and forgets that learning takes steps.",
        ),
        Misconception(
            "lower-at-every-step",
            judged(lower_at_every_step),
            "A right training need not go down at every step, so yours is refused; and one whose "
            "first layer is held does.",
            tempting="Each step goes against the slope, so each should lead lower.",
        ),
    ),
    also_right=(
        judged(by_heart(), N=12),
        judged(by_heart(steps=300, below=0.01)),
        judged(by_heart(steps=200), N=32, D=8),
        judged(by_heart(), labels=turns),
        judged(all_on_their_side, N=20, D=2, H=16),
    ),
    equivalent={
        "rng = np.random.default_rng(1)": "any draw will do",
        "model = network(4, 9)": "a unit more is still too few for the last layer alone",
        "train(model, X, y, steps=101)": "a step more",
        "assert loss_on(model, X, y) <= 0.05": "the bound itself is never met",
    },
)
