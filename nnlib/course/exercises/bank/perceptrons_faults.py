"""Chapter 7, multilayer perceptrons: a training run with four faults to find and repair.

Each fault, and each set of them that can be left, is a misconception: whoever has found some of the
four hears about the next. `backpropagation.py` says how to add an exercise.
"""

from typing import Any

import numpy as np

from nnlib import SGD, Dropout, Linear, Sequential, Tanh, cross_entropy, no_grad, softmax
from nnlib.course.exercises.exercise import Case
from nnlib.course.exercises.kinds import debug, planted
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
    "scale": (
        (
            "The scale has seen X_new before the network has. What may be known of new examples "
            "while it is trained?"
        ),
        "More numbers give a better mean and a better deviation, and no label is looked at.",
    ),
    "targets": (
        (
            "The inputs of a batch come in the shuffled order and the targets in the old one: "
            "follow a single row of `order` through the line with the loss."
        ),
        "Four targets come with four inputs, so the sizes fit and nothing complains.",
    ),
    "gradients": (
        (
            "The gradients of all earlier batches are still there when a step is taken. What does "
            "a backward pass do with what it finds?"
        ),
        "Every step computes its gradients anew, so the old ones seem to be gone.",
    ),
    "mode": (
        (
            "While the model predicts, half of its hidden units are still dropped at random. Which "
            "mode is it in?"
        ),
        (
            "When the loop is over the training looks over, and no line says that the model thinks "
            "otherwise."
        ),
    ),
}


def _with(*slips):
    """The solution with some slips in it, each a word that stands where it happens."""

    def run(model, X, y, X_new, rng):
        seen = {"scale": np.concatenate([X, X_new]), "scale of X_new": X_new}
        scale: Any = StandardScaler(next((seen[slip] for slip in slips if slip in seen), X))
        if "unscaled" in slips:
            scale = np.array
        optimizer = SGD(model.parameters(), lr=0.5)
        model.train("never in training" not in slips)
        order = rng.permutation(len(X)) if "one order" in slips else np.arange(len(X))
        for _ in range(3):
            if not {"one order", "never shuffled"}.intersection(slips):
                order = rng.permutation(len(X))
            if "forgets once an epoch" in slips:
                optimizer.zero_grad()
            for start in range(0, len(X), 4):
                rows, places = order[start : start + 4], slice(start, start + 4)
                inputs = X[places if "inputs" in slips else rows]
                targets = y[places if "targets" in slips else rows]
                if "targets twice" in slips:
                    targets = y[order][rows]
                own = StandardScaler(inputs) if "a scale a batch" in slips else scale
                loss = cross_entropy(model(own(inputs)), targets)
                if not FORGETFUL.intersection(slips):
                    optimizer.zero_grad()
                loss.backward()
                if "forgets too late" in slips:
                    optimizer.zero_grad()
                optimizer.step()
            if "trains one epoch" in slips:
                model.eval()
        if "mode" not in slips:
            model.eval()
        if "two scales" in slips:
            scale = StandardScaler(X_new)
        logits = model(X_new if "X_new unscaled" in slips else scale(X_new)).data
        if "probabilities" in slips:
            return softmax(logits).data
        return logits.argmax(axis=1) if "classes" in slips else logits

    return run


FORGETFUL = {"gradients", "forgets once an epoch", "forgets too late"}
SLIPS = {
    "two scales": (
        (
            "X_new has a scale of its own now: the same number then means one thing in training "
            "and another afterwards."
        ),
        "Each set of inputs then has mean 0 and deviation 1, which is what scaling is for.",
    ),
    "scale of X_new": (
        (
            "The scale comes from X_new alone: the training waits for examples that need not "
            "exist yet."
        ),
        "The predictions are for X_new, so its scale seems to be the one that counts.",
    ),
    "a scale a batch": (
        "Each batch has a scale of its own: the same number means something else in every step.",
        "Scaling a batch by its own numbers needs no look at anything else, so nothing can leak.",
    ),
    "X_new unscaled": (
        "The network was trained on scaled inputs and is asked about raw ones.",
        "The network has learned from scaled inputs, so it seems to know the scale by now.",
    ),
    "unscaled": (
        (
            "Nothing is scaled any more. That leaks nothing, but it is another training: who may "
            "decide the scale?"
        ),
        "A scale that has seen too much is repaired most thoroughly by having none.",
    ),
    "never shuffled": (
        (
            "Targets belong to their inputs again, but `order` is used no more: every epoch hands "
            "out the same batches."
        ),
        "Inputs and targets in the order of the file stay together without any index.",
    ),
    "one order": (
        "The order is drawn once, so every epoch hands out the same batches.",
        "One shuffle mixes the examples, and mixing what is mixed seems to add nothing.",
    ),
    "inputs": (
        (
            "Now the targets come in the shuffled order and the inputs in the old one: follow a "
            "single row of `order` to both."
        ),
        "The two have to agree, and taking an index away is as quick as adding one.",
    ),
    "targets twice": (
        "The targets are shuffled twice, and the inputs once.",
        (
            "Whoever misses a shuffle adds one where the targets come in, and does not see that "
            "it happens again below."
        ),
    ),
    "forgets once an epoch": (
        (
            "The gradients are forgotten once an epoch. Within it, each step still sees those of "
            "the batches before."
        ),
        "An epoch is a fresh start, and a fresh start is where one clears up.",
    ),
    "forgets too late": (
        (
            "The gradients are forgotten after they were computed and before the step could use "
            "them."
        ),
        "One clears up after use, and the backward pass looks like the use.",
    ),
    "never in training": (
        "Dropout is off from the first step: the model is in evaluation mode while it trains.",
        (
            "A model that is to predict should be in evaluation mode, and setting it first makes "
            "sure of it."
        ),
    ),
    "trains one epoch": (
        "After the first epoch dropout is off: the mode changes inside the loop.",
        "After a loop and at the end of its body look alike, and differ by a few spaces.",
    ),
    "probabilities": (
        "These are probabilities. Logits were asked for: what the last layer says.",
        "Probabilities are easier to read than logits, and the largest one is in the same place.",
    ),
    "classes": (
        "These are the classes. Logits were asked for: a row of numbers for each new example.",
        (
            "What one wants to know of a new example is its class, and the function's name says "
            "predict."
        ),
    ),
}


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
    misconceptions=planted(
        _with,
        FAULTS,
        SLIPS,
        whole="It runs, the loss falls, and predictions come out.",
        partly="Each repair makes the run better, so one stops early",
    ),
    also_right=(_scaled_beforehand,),
    explain=lambda _: (
        "These are not the logits of the repaired run. All but four places should stay as they "
        "were: the learning rate, the epochs, the batches, the order that rng draws."
    ),
)
