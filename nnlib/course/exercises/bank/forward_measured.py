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
    """Call the learner's function, and refuse what is no matrix of this shape."""
    W = init(units, inputs, rng)
    if W is None or W is Ellipsis:
        raise NotImplementedError
    W = np.asarray(getattr(W, "data", W) if hasattr(W, "requires_grad") else W)
    if W.shape == (units, inputs):
        return W
    what = "on its side" if W.shape == (inputs, units) else "of another shape"
    raise ValueError(f"{W.shape} is {what}: {units} units with {inputs} inputs were asked for")


def _factor(init: Answer, units: int, inputs: int, rng: np.random.Generator) -> float:
    """By what factor one layer with ReLU changes the rms."""
    A = _inputs(inputs)
    return _rms(np.maximum(A @ _drawn(init, units, inputs, rng).T, 0)) / _rms(A)


@lru_cache(maxsize=32)
def measured(init: Answer, seed: int) -> Found:
    """Measure a function that draws weights: whether it draws, and what its weights do."""
    rng = np.random.default_rng(seed)
    W = _drawn(init, *SMALL, np.random.default_rng(seed))
    again = _drawn(init, *SMALL, np.random.default_rng(seed))
    found = {
        "same seed, same weights": float(np.array_equal(W, again)),
        "two calls differ": float(
            not np.array_equal(_drawn(init, *SMALL, rng), _drawn(init, *SMALL, rng))
        ),
        "units that differ": float(len(np.unique(W, axis=0))),
        "inputs that are read": float(np.any(W != 0, axis=0).sum()),
        f"factor from {WIDE} to {NARROW}": _factor(init, NARROW, WIDE, rng),
        f"factor from {NARROW} to {WIDE}": _factor(init, WIDE, NARROW, rng),
    }
    layers = [_drawn(init, WIDTH, WIDTH, rng) for _ in range(DEPTH)]
    product = 1.0
    for _ in range(ORDERS):
        A = _inputs(WIDTH)
        for place in rng.permutation(DEPTH):
            A = np.maximum(A @ layers[place].T, 0)
        product *= _rms(A) ** (1 / ORDERS)
    return found | {f"rms after {DEPTH} layers": product}


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
