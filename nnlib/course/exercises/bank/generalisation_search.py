"""Chapter 8, generalisation: a search with twelve runs. `backpropagation.py` is the guide."""

from typing import Any

import numpy as np

from nnlib import SGD, Linear, Sequential, Tanh, binary_cross_entropy_with_logits, no_grad
from nnlib.course.exercises.exercise import Misconception, Need
from nnlib.course.exercises.kinds import budget
from nnlib.data import rings
from nnlib.training import accuracy

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 8.4 -------------------------------------------------------------------------------------------


def search(run, rng):
    """A good lr, from 1e-6 to 0.1, and decay, from 1e-6 to 0.01, as a pair.

    run(lr, decay) trains a network once, and returns the share of validation
    points that are right. It may be called 12 times. rng is for your draws.
    """
    # <solution>
    found = {}
    for exponent in range(-6, 0):  # coarse: a decade apart
        found[10.0**exponent, 1e-4] = run(10.0**exponent, 1e-4)
    for _ in range(6):  # fine: near the best so far
        lr, _ = max(found, key=lambda setting: found[setting])
        new = lr * 10 ** rng.uniform(-0.5, 0.5), 10 ** rng.uniform(-6, -2)
        found[new] = run(*new)
    return max(found, key=lambda setting: found[setting])
    # </solution>


RUNS, STEPS, UNITS = 12, 200, 8


class _Task:
    """A network to train with unknown units of measurement: they shift the good learning rate.

    The gradient is multiplied by a factor that the search does not know, from 100 to 1,000,000.
    """

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.factor = 10 ** rng.uniform(2, 6)
        self.seed, *seeds = (int(s) for s in rng.integers(2**31, size=4))
        drawn = [rings(n, noise=0.25, rng=s) for n, s in zip((100, 200, 1000), seeds, strict=True)]
        self.sets = [(X.astype(np.float64), y.astype(np.float64)[:, None]) for X, y in drawn]
        self.tried: dict[tuple[float, float], float] = {}
        self.calls = 0

    def shares(self, lr: float, decay: float) -> tuple[float, float]:
        """Train once; the shares of validation and of test points that are right."""
        rng = np.random.default_rng(self.seed)
        first = Linear(2, UNITS, rng=rng, dtype=np.float64)
        model = Sequential(first, Tanh(), Linear(UNITS, 1, rng=rng, dtype=np.float64))
        optimizer = SGD(model.parameters(), lr=lr * self.factor, weight_decay=decay)
        (X, y), *others = self.sets
        with np.errstate(all="ignore"):
            for _ in range(STEPS):
                optimizer.zero_grad()
                binary_cross_entropy_with_logits(model(X), y).backward()
                optimizer.step()
            with no_grad():
                validation, test = (float(accuracy(model(X), y)) for X, y in others)
        return validation, test

    def run(self, lr: float, decay: float) -> float:
        if self.calls == RUNS:
            raise RuntimeError(f"the budget is spent: {RUNS} runs are made")
        if not (np.ndim(lr) == np.ndim(decay) == 0 and lr > 0 and decay >= 0):
            raise ValueError(f"a run takes a learning rate above 0 and a decay, got {lr}, {decay}")
        self.calls += 1
        self.tried[float(lr), float(decay)] = share = self.shares(float(lr), float(decay))[0]
        return share


def _measured(answer: Any, seed: int) -> dict[str, float]:
    """Let a search have its runs, and measure the setting that it returns on new points."""
    task = _Task(seed)
    chosen = answer(task.run, np.random.default_rng(seed))
    if chosen is None or chosen is Ellipsis:
        raise NotImplementedError
    if not (isinstance(chosen, tuple | list) and len(chosen) == 2):
        raise TypeError(f"return the pair (lr, decay); this is of type {type(chosen).__name__}")
    lr, decay = (float(number) for number in chosen)
    if not (lr > 0 and decay >= 0):
        raise ValueError(f"a learning rate is above 0 and a decay not below, got {lr}, {decay}")
    validation, test = task.shares(lr, decay)
    rates = np.array([rate for rate, _ in task.tried] or [lr])
    shares = list(task.tried.values()) or [validation]
    turned = (decay, lr) in task.tried and (lr, decay) not in task.tried
    return {
        "share of new points right": test,
        "turned round": float(turned),
        "runs": float(task.calls),
        "left on the table": max(shares) - validation,
        "above the worst": validation - min(shares),
        "rates": float(len(np.unique(rates))),
        "in the last decade": float(np.mean(rates >= 0.01)),
        "decades seen": float(np.log10(rates.max() / rates.min())),
    }


def _mean(outputs, name):
    return float(np.mean([output[name] for output in outputs]))


def _best_of(settings, pick=max):
    """A search that tries a list of settings and returns the best of them."""

    def strategy(run, rng):
        found = {setting: run(*setting) for setting in settings(rng)}
        return pick(found, key=found.get)

    return strategy


def _at_random(rng):
    return [(10 ** rng.uniform(-6, -1), 10 ** rng.uniform(-6, -2)) for _ in range(RUNS)]


def _evenly_at_random(rng):
    return [(rng.uniform(1e-6, 0.1), rng.uniform(1e-6, 1e-2)) for _ in range(RUNS)]


def _three_by_four(rng):
    return [(lr, decay) for lr in (1e-6, 3e-4, 0.1) for decay in (1e-6, 1e-5, 1e-3, 1e-2)]


def _six_by_two(rng):
    return [(lr, decay) for lr in np.geomspace(1e-6, 0.1, 6) for decay in (1e-5, 1e-3)]


def _what_usually_works(rng):
    return [(lr, 1e-4) for lr in (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)]


def _last_tried(run, rng):
    for setting in _at_random(rng):
        run(*setting)
    return setting


def _the_share(run, rng):
    return max(run(*setting) for setting in _at_random(rng))


def _too_many(run, rng):
    return _best_of(lambda rng: _at_random(rng) + _at_random(rng))(run, rng)


def _wanders(run, rng):
    """Never further than a small step from where it began."""
    best, score = (0.01, 1e-4), run(0.01, 1e-4)
    for _ in range(RUNS - 1):
        new = best[0] * 2 ** rng.uniform(-1, 1), best[1]
        share = run(*new)
        if share > score:
            best, score = new, share
    return best


def _from_every_stretch(run, rng):
    """One rate from each of eight equal stretches, then four beside the best; a list comes back."""
    spread = np.log10(0.1 / 1e-6) / 8
    tried = [[-6 + spread * (i + rng.random()), -4.0] for i in range(8)]
    shares = [run(10**lr, 10**decay) for lr, decay in tried]
    for step in (0.3, -0.3, 0.15, -0.15):
        exponent = tried[int(np.argmax(shares))][0] + step
        tried.append([exponent, -4.0])
        shares.append(run(10**exponent, 1e-4))
    return [10**each for each in tried[shares.index(max(shares))]]


SEARCH = budget(
    "8.4",
    "A search with twelve runs",
    search,
    _measured,
    needs=(Need("share of new points right", at_least=0.7, share=0.8),),
    seeds=20,
    hints=(
        (
            "Five decades of learning rates, twelve runs, and you do not know where to look. Where "
            "would you put the first half of them?"
        ),
        (
            "Spread the first runs evenly over the exponents of the learning rate. Spend the rest "
            "near the best of them. Keep every result, so that the best can be returned."
        ),
        (
            "A dict from (lr, decay) to what run returned, filled once a decade; then draws such "
            "as lr * 10 ** rng.uniform(-0.5, 0.5) around its best key, and in the end its best key."
        ),
    ),
    misconceptions=(
        Misconception(
            "too-many",
            _too_many,
            "A run too many: after twelve, `run` refuses. Which of your runs could have been "
            "spared?",
            "More runs find better settings, and a loop is easily a round too long.",
        ),
        Misconception(
            "the-share",
            _the_share,
            "You return how good the best setting was. Asked for is the setting itself.",
            "The best share is what the search is after, and max gives it.",
        ),
        Misconception(
            "no-run",
            lambda run, rng: (0.1, 1e-4),
            "You have not made a single run: the answer is the same for every task, and the tasks "
            "differ.",
            "Libraries have default settings, and often they do.",
            sign=lambda outputs: _mean(outputs, "runs") == 0,
        ),
        Misconception(
            "too-few",
            _best_of(lambda rng: _at_random(rng)[:3]),
            "You stop with most of the runs unspent, and on too many tasks the best of so few is "
            "not good enough.",
            "A good result early on looks like an end.",
            sign=lambda outputs: 0 < _mean(outputs, "runs") < 6,
        ),
        Misconception(
            "the-worst",
            _best_of(_at_random, min),
            "You return the setting with the smallest share. It is the share that is right.",
            "With a loss, the smallest is the best.",
            sign=lambda outputs: (
                _mean(outputs, "above the worst") < 1e-9
                and _mean(outputs, "left on the table") > 0.05
            ),
        ),
        Misconception(
            "turned-round",
            lambda run, rng: _best_of(_at_random)(run, rng)[::-1],
            "Of the pair that you return, the second number was a learning rate when it was tried. "
            "In which order are they asked for?",
            "Both are small numbers that are drawn log-uniform, and nothing in them says which is "
            "which.",
            sign=lambda outputs: _mean(outputs, "turned round") > 0.5,
        ),
        Misconception(
            "the-last",
            _last_tried,
            "Some of the settings that you tried were better than the one you return. What was "
            "known of them when you decided?",
            "A search feels like a walk that gets better, so its last step seems to be its best.",
            sign=lambda outputs: _mean(outputs, "left on the table") > 0.02,
        ),
        Misconception(
            "what-usually-works",
            _best_of(_what_usually_works),
            "Your learning rates are those that usually work. Here the units are unusual, and in "
            "some of the tasks the good rates are a thousand times smaller. Which decades have "
            "none of your runs?",
            "A tenth, a hundredth and a thousandth have served in every chapter so far.",
            sign=lambda outputs: 2.9 <= _mean(outputs, "decades seen") < 4.5,
        ),
        Misconception(
            "evenly",
            _best_of(_evenly_at_random),
            "Most of your runs have a learning rate above 0.01, in one decade of five. Where do "
            "the other four get their share?",
            "Evenly over the range is what a fair search looks like at first sight.",
            sign=lambda outputs: _mean(outputs, "in the last decade") > 0.6,
        ),
        Misconception(
            "few-rates",
            _best_of(_three_by_four),
            "Twelve runs, and only a handful of learning rates among them: each was run again and "
            "again with another decay. Which of the two matters more?",
            "A grid treats both hyperparameters alike, and that seems fair.",
            sign=lambda outputs: (
                _mean(outputs, "rates") <= 4.5
                and _mean(outputs, "runs") >= 2 * _mean(outputs, "rates")
            ),
        ),
        Misconception(
            "wanders",
            _wanders,
            "All of your runs lie within two or three decades of learning rates, out of five. The "
            "good ones may be elsewhere, and small steps do not get there in twelve.",
            "Going from a sensible value to a better one nearby is how one tunes by hand.",
            sign=lambda outputs: _mean(outputs, "decades seen") < 2.9,
        ),
    ),
    also_right=(
        _best_of(lambda rng: [(lr, 1e-4) for lr in np.geomspace(1e-6, 0.1, RUNS)]),
        _best_of(_at_random),
        _best_of(_six_by_two),
        _from_every_stretch,
    ),
)
