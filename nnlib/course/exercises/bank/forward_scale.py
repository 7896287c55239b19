"""Chapter 3: first weights of the right size. `backpropagation.py` says how to add one.

One deep network is a matter of luck: behind thirty layers of He's weights the size is anywhere from
0.5 to 2. So three are measured, and their geometric mean counts. To draw them takes a third of a
second; so an answer is measured once for each seed, and a misconception is known by what was
measured: none has to be run beside it.
"""

from functools import cache, lru_cache
from typing import Any

import numpy as np

from nnlib import he_uniform
from nnlib.course.exercises.exercise import Answer, Case, Misconception, Property, callable_answer
from nnlib.course.exercises.kinds import property_of

# Learners' code: nothing of it is annotated.
# ruff: noqa: ARG001, ARG005
# mypy: allow-untyped-defs, allow-untyped-calls


# 3.3 -------------------------------------------------------------------------------------------


def initial_weights(units, inputs, rng):
    """First weights of a layer that is followed by ReLU: (units, inputs).

    rng is a NumPy generator; every call draws other numbers from it.
    """
    # <solution>
    return rng.normal(0, np.sqrt(2 / inputs), size=(units, inputs))  # (3.3)
    # </solution>


NETWORKS, DEPTH, WIDTH, EXAMPLES = 3, 30, 512, 8


def _rms(A: Any) -> float:
    return float(np.sqrt(np.mean(A**2)))


@cache
def _inputs(width: int) -> Any:
    return np.random.default_rng(width).normal(size=(EXAMPLES, width))


def _factor(init: Answer, units: int, inputs: int, rng: np.random.Generator) -> float:
    """By what factor one layer with ReLU changes the rms."""
    A = _inputs(inputs)
    return _rms(np.maximum(A @ _drawn(init, units, inputs, rng).T, 0)) / _rms(A)


def _drawn(init: Answer, units: int, inputs: int, rng: np.random.Generator) -> Any:
    """Call the learner's function, and refuse what is no matrix of this shape."""
    W = init(units, inputs, rng)
    if W is None or W is Ellipsis:
        raise NotImplementedError
    W = np.asarray(W)
    if W.shape != (units, inputs):
        raise ValueError(f"a layer of {units} units and {inputs} inputs got weights of {W.shape}")
    return W


@lru_cache(maxsize=32)
def _measured(init: Answer, seed: int) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    W = _drawn(init, 20, 30, np.random.default_rng(seed))
    again = _drawn(init, 20, 30, np.random.default_rng(seed))
    other = _drawn(init, 20, 30, rng), _drawn(init, 20, 30, rng)
    found = {
        "same seed, same weights": float(np.array_equal(W, again)),
        "two calls differ": float(not np.array_equal(*other)),
        "units that differ": float(len(np.unique(W, axis=0))),
        "factor from 2048 to 128": _factor(init, 128, 2048, rng),
        "factor from 128 to 2048": _factor(init, 2048, 128, rng),
    }
    product = 1.0
    for _ in range(NETWORKS):
        A = _inputs(WIDTH)
        for _ in range(DEPTH):
            A = np.maximum(A @ _drawn(init, WIDTH, WIDTH, rng).T, 0)
        product *= _rms(A) ** (1 / NETWORKS)
    return found | {"rms after 30 layers": product}


def _adapt(answer: Any) -> Answer:
    callable_answer(answer)

    def measured(seed: int) -> dict[str, float]:
        return _measured(answer, seed)

    return measured


def _seeds(rng: np.random.Generator) -> list[Case]:
    return [(int(seed),) for seed in rng.integers(1000, size=1)]


def _within(name: str, low: float, high: float) -> Any:
    return lambda found, seed: low <= found[name] <= high


def _grows_by(low: float, high: float) -> Any:
    """Whether each of the thirty layers multiplied the size by something between the bounds."""

    def sign(outputs: Any) -> bool:
        after = np.array([output["rms after 30 layers"] for output in outputs])
        return bool(np.all((after > low**DEPTH) & (after < high**DEPTH)))

    return sign


def _scaled(std):
    return lambda units, inputs, rng: std(units, inputs) * rng.normal(size=(units, inputs))


def _all_equal(units, inputs, rng):
    return np.full((units, inputs), 2 / inputs)


def _global_generator(units, inputs, rng):
    return np.random.normal(0, np.sqrt(2 / inputs), size=(units, inputs))  # noqa: NPY002


def _own_generator(units, inputs, rng):
    return np.random.default_rng(0).normal(0, np.sqrt(2 / inputs), size=(units, inputs))


def _positive(units, inputs, rng):
    return rng.uniform(0, np.sqrt(6 / inputs), size=(units, inputs))


def _bound_for_deviation(units, inputs, rng):
    bound = np.sqrt(2 / inputs)
    return rng.uniform(-bound, bound, size=(units, inputs))


def _coins(units, inputs, rng):
    return rng.choice([-1.0, 1.0], size=(units, inputs)) * (2 / inputs) ** 0.5


def _measured_and_divided(units, inputs, rng):
    W = rng.standard_normal((units, inputs))
    return W / W.std() * np.sqrt(2 / inputs)


INITIAL_WEIGHTS = property_of(
    "3.3",
    "Thirty layers, and the numbers keep their size",
    initial_weights,
    cases=_seeds,
    adapt=_adapt,
    properties=(
        Property(
            "random",
            lambda found, seed: found["two calls differ"] == 1,
            "Two calls with one generator gave the same weights. Where do yours come from?",
        ),
        Property(
            "repeatable",
            lambda found, seed: found["same seed, same weights"] == 1,
            "Two generators with the same seed gave different weights. Is every number drawn from "
            "rng?",
        ),
        Property(
            "units differ",
            lambda found, seed: found["units that differ"] == 20,
            "Several units of a layer have the same weights. What could the one see that the other "
            "does not?",
        ),
        Property(
            "deep",
            _within("rms after 30 layers", 0.5, 2.0),
            "After 30 layers of 512 units with ReLU the rms should lie between 0.5 and 2. By what "
            "factor does one layer change it?",
        ),
        Property(
            "narrowing",
            _within("factor from 2048 to 128", 0.75, 1.33),
            "Square layers keep the size. A layer from 2,048 inputs to 128 units does not: a sum "
            "has as many terms as what?",
        ),
        Property(
            "widening",
            _within("factor from 128 to 2048", 0.75, 1.33),
            "Square layers keep the size. A layer from 128 inputs to 2,048 units does not: a sum "
            "has as many terms as what?",
        ),
    ),
    hints=(
        "A unit adds `inputs` products. How large is such a sum, if every term is about 1?",
        (
            "The mean of the square of a sum is as many times larger as there are terms, and ReLU "
            "throws half of it away. The variance of the weights has to undo both."
        ),
        (
            "Draw from a normal distribution around 0. Its variance is the 2 that undoes ReLU, "
            "over the number of terms; `rng.normal` asks for the root of that."
        ),
    ),
    misconceptions=(
        Misconception(
            "on-its-side",
            lambda units, inputs, rng: initial_weights(units, inputs, rng).T,
            "Your weights are turned round: a layer has a row for each unit.",
            tempting="Data flow from inputs to units, and a shape is easily written in that order.",
        ),
        Misconception(
            "not-scaled",
            _scaled(lambda units, inputs: 1.0),
            "Your weights have a standard deviation of 1, however many inputs there are. Each "
            "layer multiplies the size by sixteen. What is a sum of many terms of size one?",
            tempting="Inputs are standardised to a deviation of 1, and the same seems fair for "
            "weights.",
            sign=_grows_by(15, 17),
        ),
        Misconception(
            "a-hundredth",
            _scaled(lambda units, inputs: 0.01),
            "A fixed 0.01, however many inputs there are. With 512 of them each layer divides the "
            "size by six or so; with ten thousand it would not.",
            tempting="Small random weights are the oldest advice there is, and for two layers they "
            "do no harm.",
            sign=_grows_by(0.15, 0.17),
        ),
        Misconception(
            "one-over-inputs",
            _scaled(lambda units, inputs: 1 / inputs),
            "You divide by the number of inputs, as for a mean. Terms with both signs nearly "
            "cancel: does their sum grow as fast as their number?",
            tempting="A sum over n terms is brought back to the size of one by dividing by n.",
            sign=_grows_by(0.029, 0.034),
        ),
        Misconception(
            "variance-for-deviation",
            _scaled(lambda units, inputs: 2 / inputs),
            "Your standard deviation is what the variance should be. Which of the two does the "
            "generator ask for?",
            tempting="The formula gives a number for the weights' spread, and the generator has "
            "one place for it.",
            sign=_grows_by(0.058, 0.067),
        ),
        Misconception(
            "forgets-relu",
            _scaled(lambda units, inputs: (1 / inputs) ** 0.5),
            "Without ReLU the size would stay. With it, something is lost in every layer: what "
            "share of the squares does ReLU put to 0?",
            tempting="One over the number of inputs keeps the variance of a sum, and that looks "
            "like the whole story.",
            sign=lambda outputs: (
                _grows_by(0.68, 0.74)(outputs)
                and all(output["factor from 2048 to 128"] < 0.8 for output in outputs)
            ),
        ),
        Misconception(
            "glorot",
            _scaled(lambda units, inputs: (2 / (inputs + units)) ** 0.5),
            "That is Glorot's compromise between the way there and the way back, made for tanh. "
            "Behind ReLU half of the squares are missing.",
            tempting="Glorot's rule is the library's own default, and it works in the networks of "
            "two or three layers that one meets first.",
            sign=lambda outputs: (
                _grows_by(0.68, 0.74)(outputs)
                and all(output["factor from 2048 to 128"] > 0.8 for output in outputs)
            ),
        ),
        Misconception(
            "counts-the-units",
            _scaled(lambda units, inputs: (2 / units) ** 0.5),
            "You scale by the number of units. For a square layer it is the same; but how many "
            "terms does a unit's sum have?",
            tempting="A layer is known by how many units it has, and for square layers the two "
            "numbers are one.",
            sign=lambda outputs: all(
                0.5 < output["rms after 30 layers"] < 2 and output["factor from 2048 to 128"] > 2
                for output in outputs
            ),
        ),
        Misconception(
            "bound-for-deviation",
            _bound_for_deviation,
            "Your numbers are spread evenly between two bounds, and the bounds are what the "
            "standard deviation should be. Most of the numbers lie well inside.",
            tempting="The spread of a uniform distribution is easily taken for its edges.",
            sign=_grows_by(0.56, 0.6),
        ),
        Misconception(
            "positive-alone",
            _positive,
            "None of your weights is negative, so nothing ever cancels. What is the sum of many "
            "positive terms?",
            tempting="The width of the interval is right, and a generator's numbers start at 0 "
            "unless told otherwise.",
            sign=_grows_by(24, 30),
        ),
        Misconception(
            "zero-to-one",
            lambda units, inputs, rng: rng.random((units, inputs)),
            "Numbers from 0 to 1: none is negative, none knows how many inputs there are. What is "
            "the sum of 512 of them?",
            tempting="`rng.random` is the first generator one learns, and its numbers look small.",
            sign=_grows_by(200, 300),
        ),
        Misconception(
            "all-equal",
            _all_equal,
            "Every weight is the same number. What could one unit see that its neighbour does not?",
            tempting="One number keeps the size as well as many, and equal weights seem fair.",
            sign=lambda outputs: all(
                output["units that differ"] == 1 and output["rms after 30 layers"] > 0
                for output in outputs
            ),
        ),
        Misconception(
            "zeros",
            lambda units, inputs, rng: np.zeros((units, inputs)),
            "All weights are 0, so nothing gets through. What does the second layer see?",
            tempting="Biases start at 0, and starting from nothing looks like prejudging nothing.",
            sign=lambda outputs: all(output["rms after 30 layers"] == 0 for output in outputs),
        ),
        Misconception(
            "passes-on",
            lambda units, inputs, rng: np.eye(units, inputs),
            "Unit number i passes input number i on, and reads nothing else: sizes are kept "
            "because nothing is mixed. Where is rng?",
            tempting="A layer that changes nothing keeps every size, whatever the depth.",
            sign=lambda outputs: all(
                output["two calls differ"] == 0
                and output["units that differ"] == 20
                and 0.5 < output["rms after 30 layers"] < 1
                and output["factor from 2048 to 128"] < 0.8
                for output in outputs
            ),
        ),
        Misconception(
            "own-generator",
            _own_generator,
            "The size is right, and every layer gets the very same numbers: your generator starts "
            "afresh in each call. Which one were you given?",
            tempting="A seed inside the function makes the run repeatable, which is what seeds are "
            "for.",
            sign=lambda outputs: all(
                output["two calls differ"] == 0
                and output["same seed, same weights"] == 1
                and 0.8 < output["factor from 2048 to 128"] < 1.3
                for output in outputs
            ),
        ),
        Misconception(
            "global-generator",
            _global_generator,
            "The size is right, and the numbers come from a generator that the whole program "
            "shares: the same seed does not give the same network again. Which one were you given?",
            tempting="`np.random.normal` is what older code does, and it works until somebody has "
            "to repeat a run.",
            sign=lambda outputs: all(
                output["same seed, same weights"] == 0
                and 0.8 < output["factor from 2048 to 128"] < 1.3
                for output in outputs
            ),
        ),
    ),
    also_right=(
        lambda units, inputs, rng: he_uniform((units, inputs), rng),
        _coins,
        _measured_and_divided,
    ),
)
