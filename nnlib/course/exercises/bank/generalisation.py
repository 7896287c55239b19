"""Chapter 8, hyperparameters and generalisation: its exercises.

The first stands here; 8.2 is in `generalisation_dropout.py`, 8.3 in `generalisation_leaks.py`, 8.4
in `generalisation_search.py`, 8.5 in `generalisation_curves.py`. `backpropagation.py` says how to
add one.
"""

import copy

import numpy as np

from nnlib.course.exercises.bank.generalisation_curves import READ_CURVES
from nnlib.course.exercises.bank.generalisation_dropout import DROPOUT
from nnlib.course.exercises.bank.generalisation_leaks import HONEST_REPORT
from nnlib.course.exercises.bank.generalisation_search import SEARCH
from nnlib.course.exercises.compare import pending
from nnlib.course.exercises.exercise import Case, Misconception, Property, callable_answer
from nnlib.course.exercises.kinds import property_of

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D401, NPY002
# mypy: allow-untyped-defs, allow-untyped-calls


# 8.1 -------------------------------------------------------------------------------------------


def log_uniform(low, high, size, rng):
    """Draw numbers of which every decade gets an equal share: (size,).

    low and high are positive, low < high; rng is a NumPy generator, from
    which all randomness comes.
    """
    # <solution>
    return np.exp(rng.uniform(np.log(low), np.log(high), size))
    # </solution>


def _ranges(rng: np.random.Generator) -> list[Case]:
    ranges = [(0.001, 1.0, 6), (0.0001, 1.0, 2000), (2.0, 50.0, 1000), (1e-6, 1e-2, 3000)]
    return [(*each, np.random.default_rng(int(rng.integers(2**31)))) for each in ranges]


def _drawn(answer):
    """Draw twice from one state of the generator, and once from another."""
    callable_answer(answer)

    def draw(low, high, size, rng):
        first, again = (answer(low, high, size, copy.deepcopy(rng)) for _ in range(2))
        if pending(first):
            raise NotImplementedError
        rng.random(7)
        other = answer(low, high, size, rng)
        drawn = {"once": first, "once more": again, "from another state of rng": other}
        return {name: np.asarray(values) for name, values in drawn.items()}

    return draw


def _unevenness(values, low, high):
    """How far the share below any number is from an even share of decades, times sqrt(size).

    Of numbers left to chance it is seldom above 2 (Kolmogorov, 1933).
    """
    places = np.sort((np.log(values) - np.log(low)) / (np.log(high) - np.log(low)))
    ideal = (np.arange(len(places)) + 0.5) / len(places)
    return np.sqrt(len(places)) * np.abs(places - ideal).max()


def _same_numbers(drawn):
    """Whether the state of the generator made no difference, but perhaps for the order."""
    return np.array_equal(np.sort(drawn["once"]), np.sort(drawn["from another state of rng"]))


def _of_the_first(holds):
    """A property of the first draw."""
    return lambda drawn, low, high, size, rng: bool(holds(drawn["once"], low, high, size))


EVEN = (
    Property(
        "as many as asked",
        _of_the_first(lambda values, low, high, size: values.shape == (size,)),
        "Asked for are `size` numbers, in an array with one axis.",
    ),
    Property(
        "within the range",
        _of_the_first(lambda values, low, high, size: np.all((values >= low) & (values <= high))),
        "Some of the numbers lie outside the range from low to high.",
    ),
    Property(
        "even",
        _of_the_first(lambda values, low, high, size: _unevenness(values, low, high) < 2.2),
        "The decades do not get equal shares. How many of your numbers lie between 0.001 and 0.01, "
        "and how many between 0.1 and 1?",
    ),
    Property(
        "in no order",
        _of_the_first(
            lambda values, low, high, size: (
                np.any(np.diff(values) < 0) and np.any(np.diff(values) > 0)
            )
        ),
        "The numbers come out in order of size, so the first few are all small, or all large.",
    ),
    Property(
        "repeatable",
        lambda drawn, low, high, size, rng: np.array_equal(drawn["once"], drawn["once more"]),
        "From the same state of rng, two calls give different numbers: they come from elsewhere.",
    ),
    Property(
        "new each time",
        lambda drawn, low, high, size, rng: not _same_numbers(drawn),
        "Whatever state rng is in, the same numbers come out.",
    ),
    Property(
        "no two alike",
        _of_the_first(lambda values, low, high, size: len(np.unique(values)) == size),
        "Some of your numbers came more than once. Between any two numbers there are others that "
        "could have come: do yours stand on a list?",
    ),
)


def _in_a_loop(low, high, size, rng):
    return [low * (high / low) ** rng.random() for _ in range(size)]


def _first_a_decade(low, high, size, rng):
    return 10 ** (np.log10(low) + (np.log10(high) - np.log10(low)) * rng.random(size))


def _one_from_each_stretch(low, high, size, rng):
    places = (rng.permutation(size) + rng.random(size)) / size
    return low * (high / low) ** places


LOG_UNIFORM = property_of(
    "8.1",
    "Every decade an equal share",
    log_uniform,
    EVEN,
    cases=_ranges,
    adapt=_drawn,
    hints=(
        (
            "The numbers 0.001, 0.01, 0.1 and 1 should lie at equal distances. Which function of "
            "them does?"
        ),
        "Draw evenly between the logarithms of the two ends, and come back from there.",
        (
            "rng.uniform takes two ends and a size. Its ends are logarithms here; the function "
            "that undoes your logarithm brings the result back."
        ),
    ),
    misconceptions=(
        Misconception(
            "uniform",
            lambda low, high, size, rng: rng.uniform(low, high, size),
            "Between 0.001 and 1, nine in ten of your numbers are above 0.1. Small ones are hardly "
            "ever tried.",
            "Uniform sounds as if nothing were preferred, and the range is the right one.",
        ),
        Misconception(
            "exponents",
            lambda low, high, size, rng: rng.uniform(np.log(low), np.log(high), size),
            "These are logarithms, and some are negative. What brings them back to the numbers "
            "themselves?",
            "The hard thought is to draw between logarithms, and after it the work feels done.",
        ),
        Misconception(
            "decimal-exponents",
            lambda low, high, size, rng: rng.uniform(np.log10(low), np.log10(high), size),
            "These are exponents of ten. A learning rate of minus two would climb.",
            "Papers give a learning rate as an exponent, so an exponent looks like an answer.",
        ),
        Misconception(
            "logarithm-of-uniform",
            lambda low, high, size, rng: np.log(rng.uniform(low, high, size)),
            "You draw first and take the logarithm after. Which of the two has to be even?",
            "Log-uniform reads like a recipe: the logarithm of something uniform.",
        ),
        Misconception(
            "exponential-of-uniform",
            lambda low, high, size, rng: np.exp(rng.uniform(low, high, size)),
            "Your numbers are far above the range: the ends went in as they are, and came out "
            "as powers.",
            "Even exponents are the idea, and low and high look like the ends to draw between.",
        ),
        Misconception(
            "two-bases",
            lambda low, high, size, rng: 10 ** rng.uniform(np.log(low), np.log(high), size),
            "The way there and the way back belong to different bases, so the range is left.",
            "In NumPy the plain name log is the natural one, and on paper it often means base ten.",
        ),
        Misconception(
            "two-bases-back",
            lambda low, high, size, rng: np.exp(rng.uniform(np.log10(low), np.log10(high), size)),
            "You go there in base ten and come back in base e: the numbers crowd together.",
            "Decades suggest base ten, and exp is what undoes a logarithm.",
        ),
        Misconception(
            "whole-decades",
            lambda low, high, size, rng: (
                10.0 ** rng.integers(round(np.log10(low)), round(np.log10(high)) + 1, size)
            ),
            "Only whole powers of ten come out. What lies between them is never tried.",
            "Learning rates are usually written as powers of ten, so those seem to be all there "
            "are.",
        ),
        Misconception(
            "grid",
            lambda low, high, size, rng: np.geomspace(low, high, size),
            "This is a grid: the same numbers at every call, and nothing is drawn.",
            "Its numbers are spread over the decades as evenly as can be.",
        ),
        Misconception(
            "shuffled-grid",
            lambda low, high, size, rng: rng.permutation(np.geomspace(low, high, size)),
            "The order is random and the numbers are not: the same ones come out at every call.",
            "Shuffling makes a list look random, and evenness is what was asked for.",
        ),
        Misconception(
            "from-a-list",
            lambda low, high, size, rng: rng.choice(np.geomspace(low, high, size), size),
            "Your numbers are picked from a list, so some come twice, and what lies between two "
            "entries of the list never comes.",
            "The list is spread over the decades as it should be, and the choice is random.",
        ),
        Misconception(
            "one-number",
            lambda low, high, size, rng: np.exp(rng.uniform(np.log(low), np.log(high))),
            "One number came out, for a whole search. How many were asked for?",
            "The formula is right for one number, and size is easily overlooked.",
        ),
        Misconception(
            "repeated",
            lambda low, high, size, rng: np.full(
                size, np.exp(rng.uniform(np.log(low), np.log(high)))
            ),
            "One number was drawn, and repeated. A search with it tries a single setting.",
            "The array has the right shape, and each entry has the right distribution.",
        ),
        Misconception(
            "global-generator",
            lambda low, high, size, rng: np.exp(np.random.uniform(np.log(low), np.log(high), size)),
            "Two calls with the same generator give different numbers: yours come from another "
            "one, so nobody can repeat your search.",
            "Most code on the web draws from np.random, and the numbers are just as good.",
            sign=lambda outputs: any(
                not np.array_equal(drawn["once"], drawn["once more"]) for drawn in outputs
            ),
        ),
        Misconception(
            "own-seed",
            lambda low, high, size, rng: log_uniform(low, high, size, np.random.default_rng(0)),
            "The same numbers come out at every call: you start a generator of your own, and the "
            "one that was handed over is never asked.",
            "A fixed seed makes results repeatable, which is a virtue everywhere else.",
            sign=lambda outputs: all(map(_same_numbers, outputs)),
        ),
        Misconception(
            "in-order",
            lambda low, high, size, rng: np.sort(log_uniform(low, high, size, rng)),
            "The numbers are right and stand in order. A search that is cut short has then seen "
            "small ones only.",
            "A sorted list is easier to read, and sorting changes no number.",
        ),
        Misconception(
            "power-of-uniform",
            lambda low, high, size, rng: low + (high - low) * rng.random(size) ** 4,
            "Small numbers come more often than before, but not so that each decade gets its "
            "share.",
            "It bends the distribution the right way, and the range is kept.",
        ),
        Misconception(
            "one-over",
            lambda low, high, size, rng: 1 / rng.uniform(1 / high, 1 / low, size),
            "Now the small numbers get nearly everything: between 0.001 and 1, nine in ten lie "
            "below 0.01.",
            "The density of log-uniform numbers is one over the number, and this has one over in "
            "it.",
        ),
        Misconception(
            "bell",
            lambda low, high, size, rng: np.exp(
                rng.normal((np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / 6, size)
            ),
            "Your exponents follow a bell curve: the middle of the range is tried far more often "
            "than its ends, and some numbers fall outside.",
            "A guess at the middle with a spread around it is how one searches by hand.",
        ),
    ),
    also_right=(
        _in_a_loop,
        _one_from_each_stretch,
        _first_a_decade,
        lambda low, high, size, rng: 2 ** rng.uniform(np.log2(low), np.log2(high), size=size),
        lambda low, high, size, rng: high / (high / low) ** rng.random((size,)),
    ),
)


EXERCISES = (LOG_UNIFORM, DROPOUT, HONEST_REPORT, SEARCH, READ_CURVES)
