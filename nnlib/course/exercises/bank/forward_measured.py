"""Chapter 3: what is measured of somebody's first weights, for exercise 3.3.

One deep network is a matter of luck: behind thirty layers of He's weights the size may be anywhere
from 0.5 to 2. So the same layers are put into ten orders, and the geometric mean counts. To draw
them takes a tenth of a second; so an answer is measured once for each seed.
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np

from nnlib.course.exercises.exercise import Answer, callable_answer

ORDERS, DEPTH, WIDTH, EXAMPLES = 10, 30, 512, 4
WIDE, NARROW = 2048, 128
SMALL = 20, 30
Found = dict[str, float]


def _rms(A: Any) -> float:
    return float(np.sqrt(np.mean(A**2)))


@cache
def _inputs(width: int) -> Any:
    return np.random.default_rng(width).normal(size=(EXAMPLES, width))


def _drawn(init: Answer, units: int, inputs: int, rng: np.random.Generator) -> Any:
    """Call the learner's function, and take a Tensor or a list as well as an array."""
    W = init(units, inputs, rng)
    if W is None or W is Ellipsis:
        raise NotImplementedError
    return np.asarray(W.data if hasattr(W, "requires_grad") else W)


def _factor(init: Answer, units: int, inputs: int, rng: np.random.Generator) -> float:
    """By what factor one layer with ReLU changes the rms."""
    A = _inputs(inputs)
    return _rms(np.maximum(A @ _drawn(init, units, inputs, rng).T, 0)) / _rms(A)


NAMES = (
    "rows",
    "columns",
    "same seed, same weights",
    "two calls differ",
    "units that differ",
    "inputs that are read",
    "share of negative weights",
    f"factor from {WIDE} to {NARROW}",
    f"factor from {NARROW} to {WIDE}",
    f"rms after {DEPTH} layers",
)


@lru_cache(maxsize=32)
def measured(init: Answer, seed: int) -> Found:
    """Measure a function that draws weights: whether it draws, and what its weights do.

    Of weights that have another shape only that is told.
    """
    rng = np.random.default_rng(seed)
    W = _drawn(init, *SMALL, np.random.default_rng(seed))
    if W.shape != SMALL:
        rows, columns = W.shape if W.ndim == 2 else (0, 0)
        return dict.fromkeys(NAMES, 0.0) | {"rows": float(rows), "columns": float(columns)}
    again = _drawn(init, *SMALL, np.random.default_rng(seed))
    found = (
        *SMALL,
        np.array_equal(W, again),
        not np.array_equal(_drawn(init, *SMALL, rng), _drawn(init, *SMALL, rng)),
        len(np.unique(W, axis=0)),
        np.any(W != 0, axis=0).sum(),
        np.mean(W < 0),
        _factor(init, NARROW, WIDE, rng),
        _factor(init, WIDE, NARROW, rng),
        _deep(init, rng),
    )
    return dict(zip(NAMES, map(float, found), strict=True))


def _deep(init: Answer, rng: np.random.Generator) -> float:
    """Give the rms behind deep networks of one set of layers: the geometric mean over orders."""
    layers = [_drawn(init, WIDTH, WIDTH, rng) for _ in range(DEPTH)]
    product = 1.0
    for _ in range(ORDERS):
        A = _inputs(WIDTH)
        for place in rng.permutation(DEPTH):
            A = np.maximum(A @ layers[place].T, 0)
        product *= _rms(A) ** (1 / ORDERS)
    return product


def adapt(answer: Any) -> Answer:
    """Turn a function that draws weights into one that measures them."""
    callable_answer(answer)

    def measured_on(seed: int) -> Found:
        return measured(answer, seed)

    return measured_on


def random(found: Found) -> bool:
    """Whether the numbers come from the generator that was handed over, and from it alone."""
    return found["same seed, same weights"] == found["two calls differ"] == 1


def factors(found: Found) -> tuple[float, float, float]:
    """Give the factor of one square layer, of a narrowing and of a widening one."""
    return (
        found[f"rms after {DEPTH} layers"] ** (1 / DEPTH),
        found[f"factor from {WIDE} to {NARROW}"],
        found[f"factor from {NARROW} to {WIDE}"],
    )


def changes_by(
    square: float, narrowing: float, widening: float, within: float = 0.08
) -> Callable[[Sequence[Found]], bool]:
    """Recognise weights by what one layer does to the size of numbers: the sign of an idea."""
    expected = np.array([square, narrowing, widening])

    def sign(outputs: Sequence[Found]) -> bool:
        return all(np.all(np.abs(np.array(factors(o)) / expected - 1) < within) for o in outputs)

    return sign


def scaled_by(std: Callable[[int, int], float]) -> Callable[[Sequence[Found]], bool]:
    """Recognise weights with mean 0 and the deviation `std(units, inputs)`."""
    sizes = ((WIDTH, WIDTH), (NARROW, WIDE), (WIDE, NARROW))
    return changes_by(*(std(*pair) * float(np.sqrt(pair[1] / 2)) for pair in sizes))
