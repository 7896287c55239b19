"""Chapter 7, multilayer perceptrons: a training run with four faults to find and repair.

Each fault, and each set of them that can be left, is a misconception: whoever has found some of the
four hears about the next. `backpropagation.py` says how to add an exercise.
"""

from itertools import combinations

import numpy as np

from nnlib import SGD, Dropout, Linear, Sequential, Tanh, cross_entropy, no_grad
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import debug
from nnlib.data import StandardScaler

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 7.4 -------------------------------------------------------------------------------------------


def train_and_predict(model, X, y, X_new, rng):
    """Train on X (N, D) and classes y (N,); return logits for X_new (M, D)."""
    # <solution>
    scale = StandardScaler(X)
    # <starter>
    # scale = StandardScaler(np.concatenate([X, X_new]))
    # </solution>
    optimizer = SGD(model.parameters(), lr=0.5)
    for _ in range(3):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 4):
            rows = order[start : start + 4]
            # <solution>
            loss = cross_entropy(model(scale(X[rows])), y[rows])
            optimizer.zero_grad()
            # <starter>
            # loss = cross_entropy(model(scale(X[rows])), y[start : start + 4])
            # </solution>
            loss.backward()
            optimizer.step()
    # <solution>
    model.eval()
    # <starter>
    # </solution>
    return model(scale(X_new)).data


def _runs(rng: np.random.Generator) -> list[Case]:
    def draw(examples: int, inputs: int, classes: int, new: int) -> Case:
        model = Sequential(
            Linear(inputs, 6, rng=rng, dtype=np.float64),
            Tanh(),
            Dropout(0.5, rng=np.random.default_rng(int(rng.integers(100)))),
            Linear(6, classes, rng=rng, dtype=np.float64),
        )
        y = rng.permutation(np.arange(examples) % classes)
        X = rng.normal(size=(examples, inputs)) + y[:, None]
        orders = np.random.default_rng(int(rng.integers(100)))
        return model, X, y, 2 * rng.normal(size=(new, inputs)) + 1, orders

    return [draw(6, 2, 2, 3), draw(10, 3, 4, 5), draw(9, 3, 3, 3)]


FAULTS = {
    "scale": "The scale has seen X_new before the network has. What may be known of new examples "
    "while it is trained?",
    "targets": "The inputs of a batch come in the shuffled order and the targets in the old one: "
    "follow a single row of `order` through the line with the loss.",
    "gradients": "The gradients of all earlier batches are still there when a step is taken. What "
    "does a backward pass do with what it finds?",
    "mode": "While the model predicts, half of its hidden units are still dropped at random. Which "
    "mode is it in?",
}


def _with_faults(*faults):
    """The solution with some faults left in."""

    def run(model, X, y, X_new, rng):
        seen = np.concatenate([X, X_new]) if "scale" in faults else X
        scale = StandardScaler(seen)
        optimizer = SGD(model.parameters(), lr=0.5)
        for _ in range(3):
            order = rng.permutation(len(X))
            for start in range(0, len(X), 4):
                rows = order[start : start + 4]
                targets = y[start : start + 4] if "targets" in faults else y[rows]
                loss = cross_entropy(model(scale(X[rows])), targets)
                if "gradients" not in faults:
                    optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        if "mode" not in faults:
            model.eval()
        return model(scale(X_new)).data

    return run


def _told(faults: tuple[str, ...]) -> Misconception:
    first, left = FAULTS[faults[0]], len(faults)
    more = f" (Faults left: {left}.)"
    return Misconception("+".join(faults), _with_faults(*faults), first + more)


def _trained(model, X, y, scale, rng, *, shuffled=True, forget="step", rate=0.5):
    """The solution's training, with what learners vary in it."""
    optimizer = SGD(model.parameters(), lr=rate)
    for _ in range(3):
        order = rng.permutation(len(X)) if shuffled else np.arange(len(X))
        if forget == "epoch":
            optimizer.zero_grad()
        for start in range(0, len(X), 4):
            rows = order[start : start + 4]
            loss = cross_entropy(model(scale(X[rows])), y[rows])
            if forget == "step":
                optimizer.zero_grad()
            loss.backward()
            if forget == "too late":
                optimizer.zero_grad()
            optimizer.step()


def _two_scales(model, X, y, X_new, rng):
    _trained(model, X, y, StandardScaler(X), rng)
    return model.eval()(StandardScaler(X_new)(X_new)).data


def _unscaled_when_new(model, X, y, X_new, rng):
    _trained(model, X, y, StandardScaler(X), rng)
    return model.eval()(X_new).data


def _unscaled(model, X, y, X_new, rng):
    _trained(model, X, y, lambda x: x, rng)
    return model.eval()(X_new).data


def _never_shuffled(model, X, y, X_new, rng):
    scale = StandardScaler(X)
    _trained(model, X, y, scale, rng, shuffled=False)
    return model.eval()(scale(X_new)).data


def _forgets_once_an_epoch(model, X, y, X_new, rng):
    scale = StandardScaler(X)
    _trained(model, X, y, scale, rng, forget="epoch")
    return model.eval()(scale(X_new)).data


def _forgets_too_much(model, X, y, X_new, rng):
    scale = StandardScaler(X)
    _trained(model, X, y, scale, rng, forget="too late")
    return model.eval()(scale(X_new)).data


def _never_in_training(model, X, y, X_new, rng):
    scale = StandardScaler(X)
    _trained(model.eval(), X, y, scale, rng)
    return model(scale(X_new)).data


def _classes(model, X, y, X_new, rng):
    return train_and_predict(model, X, y, X_new, rng).argmax(axis=1)


def _scaled_beforehand(model, X, y, X_new, rng):
    mean, std = X.mean(axis=0), X.std(axis=0)
    X, X_new = (X - mean) / std, (X_new - mean) / std
    optimizer = SGD(model.parameters(), lr=0.5)
    model.train()
    for _ in range(3):
        order = rng.permutation(len(X))
        X_epoch, y_epoch = X[order], y[order]
        for start in range(0, len(X), 4):
            stop = start + 4
            cross_entropy(model(X_epoch[start:stop]), y_epoch[start:stop]).backward()
            optimizer.step()
            model.zero_grad()
    with no_grad():
        return model.eval()(X_new).data


TRAIN_AND_PREDICT = debug(
    "7.4",
    "Four faults in a training run",
    train_and_predict,
    cases=_runs,
    hints=(
        "Which lines would fail you if X_new were not known yet?",
        (
            "Go through one step: which inputs, which targets, which gradients? And what is still "
            "switched on when the training is over?"
        ),
        (
            "One fault is in what the scale is made from, one in an index of y. The other two are "
            "lines that are missing: one before the backward pass, one after the loops."
        ),
    ),
    misconceptions=(
        *(
            _told(faults)
            for count in range(len(FAULTS), 0, -1)
            for faults in combinations(FAULTS, count)
        ),
        Misconception(
            "two-scales",
            _two_scales,
            "X_new has a scale of its own now: the same number then means one thing in training "
            "and another afterwards.",
        ),
        Misconception(
            "new-unscaled",
            _unscaled_when_new,
            "The network was trained on scaled inputs and is asked about raw ones.",
        ),
        Misconception(
            "unscaled",
            _unscaled,
            "Nothing is scaled any more. That leaks nothing, but it is another training: who may "
            "decide the scale?",
        ),
        Misconception(
            "never-shuffled",
            _never_shuffled,
            "Targets belong to their inputs again, but `order` is used no more: every epoch hands "
            "out the same batches.",
        ),
        Misconception(
            "forgets-once-an-epoch",
            _forgets_once_an_epoch,
            "The gradients are forgotten once an epoch. Within it, each step still sees those of "
            "the batches before.",
        ),
        Misconception(
            "forgets-too-much",
            _forgets_too_much,
            "The gradients are forgotten after they were computed and before the step could use "
            "them.",
        ),
        Misconception(
            "never-in-training",
            _never_in_training,
            "Dropout is off from the first step: the model is in evaluation mode while it trains.",
        ),
        Misconception(
            "classes",
            _classes,
            "These are the classes. Logits were asked for: a row of numbers for each new example.",
        ),
    ),
    also_right=(_scaled_beforehand,),
)
