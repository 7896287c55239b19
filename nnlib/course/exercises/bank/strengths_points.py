"""Chapter 14: networks through points, right and wrong, and how they are looked at for 14.1."""

import numpy as np

from nnlib.course.exercises.exercise import Case

# Learners' code: nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D103, D401
# mypy: allow-untyped-defs, allow-untyped-calls


def points(rng: np.random.Generator) -> list[Case]:
    def draw(count: int) -> Case:
        x = np.cumsum(rng.uniform(0.3, 2.0, count)) - rng.uniform(1, 3)
        return x.round(2), rng.normal(scale=2, size=count).round(2)

    return [
        (np.array([0.0, 1.0, 3.0]), np.array([1.0, 3.0, 2.0])),
        (np.array([-1.0, 1.5]), np.array([2.0, -3.0])),
        # The third point lies on the line through its neighbours: nothing changes there.
        (np.array([-2.0, -1.0, 1.0, 2.0, 2.5]), np.array([0.5, 1.0, 2.0, 2.5, -1.0])),
        draw(4),
        draw(9),
    ]


def fits(output, x, y):
    W1, b1, W2, b2 = map(np.shape, output)
    units = b1[0] if b1 else 0
    return (W1, b1, W2, b2) == ((units, 1), (units,), (1, units), (1,))


def answer(output, x):
    W1, b1, W2, b2 = map(np.asarray, output)
    return (np.maximum(x[:, None] @ W1.T + b1, 0) @ W2.T + b2)[:, 0]


def meets(output, x, y):
    return np.allclose(answer(output, x), y, rtol=1e-6, atol=1e-6)


def straight(output, x, y):
    return all(
        np.allclose(
            answer(output, x[:-1] + part * np.diff(x)),
            y[:-1] + part * np.diff(y),
            rtol=1e-6,
            atol=1e-6,
        )
        for part in (0.05, 0.35, 0.5, 0.8, 0.95)
    )


def built(changes=None, kinks=None, start=None, slopes=None):
    """The solution with another idea of one of its parts."""

    def network(x, y):
        slope = (slopes or (lambda x, y: np.diff(y) / np.diff(x)))(x, y)
        change = (changes or (lambda s: np.diff(s, prepend=0)))(slope)
        places = (kinks or (lambda x: x[:-1]))(x)
        first = (start or (lambda x, y: y[:1]))(x, y)
        return np.ones((len(change), 1)), -places, change[None], first

    return network


def slopes_in_front(x, y):
    changes = np.diff(np.diff(y) / np.diff(x), prepend=0)
    return changes[:, None], -changes * x[:-1], np.ones((1, len(changes))), y[:1]


def bias_left_behind(x, y):
    changes = np.diff(np.diff(y) / np.diff(x), prepend=0)
    return np.abs(changes)[:, None], -x[:-1], np.sign(changes)[None], y[:1]


def columns(x, y):
    W1, b1, W2, b2 = built()(x, y)
    return W1.T, b1, W2.T, b2


def flat_weights(x, y):
    W1, b1, W2, b2 = built()(x, y)
    return W1[:, 0], b1, W2[0], b2


def spikes(x, y):
    """A narrow hat on every point: right at the points, nowhere else."""
    narrow = np.diff(x).min() / 10
    kinks = np.concatenate([x - narrow, x, x + narrow])
    heights = np.concatenate([y, -2 * y, y])[None] / narrow
    return np.ones((len(kinks), 1)), -kinks, heights, np.zeros(1)


def from_the_right(x, y):
    """Units that look left, so the last height is the one to begin with."""
    changes = np.diff((np.diff(y) / np.diff(x))[::-1], prepend=0)
    return -np.ones((len(changes), 1)), x[:0:-1], -changes[None], y[-1:]


def scaled_units(x, y):
    W1, b1, W2, b2 = built()(x, y)
    scale = np.arange(1.0, len(b1) + 1)
    return W1 * scale[:, None], b1 * scale, W2 / scale, b2


def by_equations(x, y):
    A = np.maximum(x[1:, None] - x[:-1], 0)
    return np.ones((len(x) - 1, 1)), -x[:-1], np.linalg.solve(A, y[1:] - y[0])[None], y[:1]


def with_a_spare_unit(x, y):
    W1, b1, W2, b2 = built()(x, y)
    return np.vstack([W1, [[1.0]]]), np.append(b1, -x[-1]), np.append(W2, [[0.0]], axis=1), b2
