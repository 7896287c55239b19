"""Chapter 3: first weights of the right size. `backpropagation.py` says how to add one.

What an answer does is measured in `forward_measured.py`. A misconception is known by what was
measured, so that none has to be run beside the answer.
"""

from typing import Any

import numpy as np

from nnlib import he_uniform
from nnlib.course.exercises.bank.forward_measured import (
    adapt,
    changes_by,
    factors,
    random,
    scaled_by,
)
from nnlib.course.exercises.exercise import Case, Misconception, Property
from nnlib.course.exercises.kinds import property_of

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
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


def _seeds(rng: np.random.Generator) -> list[Case]:
    return [(int(rng.integers(1000)),)]


def _keeps(place: int, low: float, high: float) -> Any:
    """Whether one of the three factors lies between two bounds."""
    return lambda found, seed: low <= factors(found)[place] <= high


def _scaled(std):
    """Draw normal numbers around 0 with a deviation of `std(units, inputs)`."""
    return lambda units, inputs, rng: std(units, inputs) * rng.normal(size=(units, inputs))


def _too(name, std, message, tempting, wrong=None):
    """Make a misconception about the size of the weights, known by what they do."""
    return Misconception(
        name, wrong or _scaled(std), message, tempting=tempting, sign=scaled_by(std)
    )


def _between(bound):
    return lambda units, inputs, rng: rng.uniform(-bound(inputs), bound(inputs), (units, inputs))


def _first_place(units, inputs, rng):
    return rng.normal(np.sqrt(2 / inputs), size=(units, inputs))


def _positive(units, inputs, rng):
    return rng.uniform(0, np.sqrt(6 / inputs), size=(units, inputs))


def _global_generator(units, inputs, rng):
    return np.random.normal(0, np.sqrt(2 / inputs), size=(units, inputs))  # noqa: NPY002


def _own_generator(units, inputs, rng):
    return np.random.default_rng(0).normal(0, np.sqrt(2 / inputs), size=(units, inputs))


def _one_row_for_all(units, inputs, rng):
    return np.tile(rng.normal(0, np.sqrt(2 / inputs), size=inputs), (units, 1))


def _coins(units, inputs, rng):
    return rng.choice([-1.0, 1.0], size=(units, inputs)) * (2 / inputs) ** 0.5


def _rows_of_one_length(units, inputs, rng):
    W = rng.standard_normal((units, inputs))
    return np.sqrt(2) * W / np.linalg.norm(W, axis=1, keepdims=True)


def _sign(condition):
    return lambda outputs: all(condition(output) for output in outputs)


def _none_negative(found):
    return found["rows"] == 20 and found["share of negative weights"] == 0


def _alike(found):
    return found["units that differ"] == 1


INITIAL_WEIGHTS = property_of(
    "3.3",
    "Thirty layers, and the numbers keep their size",
    initial_weights,
    cases=_seeds,
    adapt=adapt,
    properties=(
        Property(
            "shape",
            lambda found, seed: (found["rows"], found["columns"]) == (20, 30),
            "Asked for 20 units with 30 inputs, your function gave weights of another shape.",
        ),
        Property(
            "random",
            lambda found, seed: random(found),
            "One generator should give other weights with every call, and a generator with the "
            "same seed the same again. Where do your numbers come from?",
        ),
        Property(
            "units differ",
            lambda found, seed: found["units that differ"] == 20,
            "Several units of a layer have the same weights. What could the one see that the other "
            "does not?",
        ),
        Property(
            "all inputs read",
            lambda found, seed: found["inputs that are read"] == 30,
            "Some inputs have a weight of 0 in every unit. Who is to read them?",
        ),
        Property(
            "deep",
            _keeps(0, 0.5 ** (1 / 30), 2 ** (1 / 30)),
            "After 30 layers of 512 units with ReLU the rms should lie between 0.5 and 2. By what "
            "factor does one layer change it?",
        ),
        Property(
            "narrowing",
            _keeps(1, 0.75, 1.33),
            "Square layers keep the size. A layer from 2,048 inputs to 128 units does not: a sum "
            "has as many terms as what?",
        ),
        Property(
            "widening",
            _keeps(2, 0.75, 1.33),
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
            sign=_sign(lambda found: found["rows"] == 30),
        ),
        Misconception(
            "one-number",
            lambda units, inputs, rng: rng.normal(0, np.sqrt(2 / inputs)),
            "What came out has not two axes, (units, inputs). Did you say how many numbers "
            "you want?",
            tempting="The mean and the deviation say all there is to say about a single number.",
            sign=_sign(lambda found: found["rows"] == 0),
        ),
        _too(
            "not-scaled",
            lambda units, inputs: 1.0,
            "Your weights have a standard deviation of 1, however many inputs there are. What is "
            "the size of a sum of many terms of size one?",
            "Inputs are standardised to a deviation of 1, and the same seems fair for weights.",
        ),
        _too(
            "a-hundredth",
            lambda units, inputs: 0.01,
            "A fixed 0.01, however many inputs there are. For which number of inputs would that be "
            "right?",
            "Small random weights are the oldest advice there is, and for two layers they do no "
            "harm.",
        ),
        _too(
            "size-built-in",
            lambda units, inputs: (2 / 512) ** 0.5,
            "Right for 512 inputs, and for no other number. Which layers did you have in mind?",
            "Thirty layers of 512 units are the task, and a number that solves it seems to be the "
            "answer.",
        ),
        _too(
            "one-over-inputs",
            lambda units, inputs: 1 / inputs,
            "You divide by the number of inputs, as for a mean. Terms with both signs nearly "
            "cancel: does their sum grow as fast as their number?",
            "A sum over n terms is brought back to the size of one by dividing by n.",
        ),
        _too(
            "variance-for-deviation",
            lambda units, inputs: 2 / inputs,
            "Your standard deviation is what the variance should be. Which of the two does the "
            "generator ask for?",
            "The formula gives a number for the weights' spread, and the generator has one place "
            "for it.",
        ),
        _too(
            "root-of-two-alone",
            lambda units, inputs: 2**0.5 / inputs,
            "Your numbers shrink: you took the root of the 2, and the number of inputs went by "
            "without one.",
            "Root, two, inputs: everything is there, and a bracket closes too early.",
        ),
        _too(
            "root-of-inputs-alone",
            lambda units, inputs: 2 / inputs**0.5,
            "Your numbers grow: you took the root of the number of inputs, and the 2 went by "
            "without one.",
            "A deviation of one over the root is known from sums, and doubling it seems to make "
            "up for the half that ReLU takes.",
        ),
        _too(
            "forgets-relu",
            lambda units, inputs: (1 / inputs) ** 0.5,
            "Without ReLU the size would stay. With it, something is lost in every layer: what "
            "share of the squares does ReLU put to 0?",
            "One over the number of inputs keeps the variance of a sum, and that looks like the "
            "whole story.",
        ),
        _too(
            "glorot",
            lambda units, inputs: (2 / (inputs + units)) ** 0.5,
            "That is Glorot's compromise between the way there and the way back, made for tanh. "
            "Behind ReLU half of the squares are missing.",
            "Glorot's rule is the library's own default, and it works in the networks of two or "
            "three layers that one meets first.",
        ),
        _too(
            "counts-the-units",
            lambda units, inputs: (2 / units) ** 0.5,
            "You scale by the number of units. For a square layer it is the same; but how many "
            "terms does a unit's sum have?",
            "A layer is known by how many units it has, and for square layers the two numbers are "
            "one.",
        ),
        _too(
            "upside-down",
            lambda units, inputs: (inputs / 2) ** 0.5,
            "The more inputs, the larger your weights. A sum of more terms is larger already: "
            "which way should the weights go?",
            "Two and the number of inputs make a fraction, and which of them stands above the line "
            "is easily turned round.",
        ),
        _too(
            "bound-for-deviation",
            lambda units, inputs: (2 / inputs / 3) ** 0.5,
            "Your numbers are spread evenly between two bounds, and the bounds are what the "
            "standard deviation should be. Most of the numbers lie well inside.",
            "The spread of a uniform distribution is easily taken for its edges.",
            wrong=_between(lambda inputs: (2 / inputs) ** 0.5),
        ),
        _too(
            "bound-without-relu",
            lambda units, inputs: (1 / inputs / 3) ** 0.5,
            "Bounds of one over the root of the inputs make a variance of a third of one over the "
            "inputs. Then ReLU takes half of what is left.",
            "Several libraries start their layers from these very bounds.",
            wrong=_between(lambda inputs: (1 / inputs) ** 0.5),
        ),
        _too(
            "from-minus-one-to-one",
            lambda units, inputs: 3**-0.5,
            "Numbers from −1 to 1, however many inputs there are. What is the size of a sum of "
            "many of them?",
            "Small numbers of both signs with a clear limit look harmless.",
            wrong=_between(lambda inputs: 1),
        ),
        Misconception(
            "first-place",
            _first_place,
            "Your numbers lie around a positive mean, with a deviation of 1. What does the first "
            "place in `rng.normal` stand for?",
            tempting="There is one number to hand over, and it goes into the first place.",
            sign=changes_by(32.6, 31, 7.7, within=0.15),
        ),
        Misconception(
            "positive-alone",
            _positive,
            "None of your weights is negative, so nothing ever cancels. What is the sum of many "
            "positive terms?",
            tempting="The width of the interval is right, and a generator's numbers start at 0 "
            "unless told otherwise.",
            sign=_sign(lambda found: _none_negative(found) and 20 < factors(found)[0] < 30),
        ),
        Misconception(
            "zero-to-one",
            lambda units, inputs, rng: rng.random((units, inputs)),
            "Numbers from 0 to 1: none is negative, none knows how many inputs there are. What is "
            "the sum of 512 of them?",
            tempting="`rng.random` is the first generator one learns, and its numbers look small.",
            sign=_sign(lambda found: _none_negative(found) and 200 < factors(found)[0] < 300),
        ),
        Misconception(
            "zeros",
            lambda units, inputs, rng: np.zeros((units, inputs)),
            "All weights are 0, so nothing gets through. What does the second layer see?",
            tempting="Biases start at 0, and starting from nothing looks like prejudging nothing.",
            sign=_sign(lambda found: found["rows"] == 20 and not any(factors(found))),
        ),
        Misconception(
            "all-equal",
            lambda units, inputs, rng: np.full((units, inputs), 2 / inputs),
            "Every weight is the same number. What could one unit see that its neighbour does not?",
            tempting="One number keeps the size as well as many, and equal weights seem fair.",
            sign=_sign(lambda found: _alike(found) and not random(found)),
        ),
        Misconception(
            "one-row-for-all",
            _one_row_for_all,
            "The weights are random, and all units of a layer have the same ones: one row, used "
            "again. What could one unit see that its neighbour does not?",
            tempting="Every unit needs as many weights as there are inputs, and a row of that "
            "length is quickly drawn and repeated.",
            sign=_sign(lambda found: _alike(found) and random(found)),
        ),
        Misconception(
            "passes-on",
            lambda units, inputs, rng: np.eye(units, inputs),
            "Unit number i passes input number i on, and reads nothing else: sizes are kept "
            "because nothing is mixed. Where is rng?",
            tempting="A layer that changes nothing keeps every size, whatever the depth.",
            sign=_sign(
                lambda found: (
                    found["units that differ"] == 20
                    and found["two calls differ"] == 0
                    and factors(found)[2] < 0.5
                )
            ),
        ),
        Misconception(
            "own-generator",
            _own_generator,
            "The size is right, and every layer gets the very same numbers: your generator starts "
            "afresh in each call. Which one were you given?",
            tempting="A seed inside the function makes the run repeatable, which is what seeds are "
            "for.",
            sign=_sign(
                lambda found: found["two calls differ"] == 0 and 0.8 < factors(found)[2] < 1.3
            ),
        ),
        Misconception(
            "global-generator",
            _global_generator,
            "The size is right, and the numbers come from a generator that the whole program "
            "shares: the same seed does not give the same network again. Which one were you given?",
            tempting="`np.random.normal` is what older code does, and it works until somebody has "
            "to repeat a run.",
            sign=_sign(
                lambda found: (
                    found["same seed, same weights"] == 0 and 0.8 < factors(found)[2] < 1.3
                )
            ),
        ),
    ),
    also_right=(
        lambda units, inputs, rng: he_uniform((units, inputs), rng),
        _coins,
        _rows_of_one_length,
    ),
)
