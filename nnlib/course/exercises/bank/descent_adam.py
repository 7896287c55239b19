"""Chapter 6, gradient descent: Adam by hand. `backpropagation.py` says how to add an exercise."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 6.2 -------------------------------------------------------------------------------------------


def adam(theta, grads, lr, beta1, beta2, eps):
    """Where Adam's steps lead: an array (T, P), a row after each step.

    theta (P,) is where it starts; row t of grads (T, P) is the gradient
    that step t + 1 sees. Both are left as they were.
    """
    # <solution>
    m, v, path = 0, 0, []
    for t, g in enumerate(grads, start=1):
        m = beta1 * m + (1 - beta1) * g  # (6.5)
        v = beta2 * v + (1 - beta2) * g**2  # (6.6)
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)  # (6.7)
        theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)  # (6.8)
        path.append(theta)
    return np.array(path)
    # </solution>


def _gradients(rng: np.random.Generator) -> list[Case]:
    def draw(steps: int, parameters: int, *settings: float) -> Case:
        grads = rng.normal(size=(steps, parameters)) + 0.3 * np.arange(1, parameters + 1)
        return (rng.normal(size=parameters), grads, *settings)

    return [
        (np.array([1.0]), np.array([[8.0], [-2.0]]), 0.1, 0.9, 0.999, 1e-8),
        draw(5, 3, 0.1, 0.9, 0.99, 1e-8),
        draw(4, 2, 0.02, 0.8, 0.95, 0.1),
        draw(4, 4, 0.5, 0.5, 0.9, 0.3),
    ]


def _long_and_flat(rng: np.random.Generator) -> list[Case]:
    """No gradient at all, and one that comes seldom."""
    seldom = np.zeros((30, 2))
    seldom[[3, 20], 0] = 5.0
    return [(rng.normal(size=2), seldom, 0.01, 0.9, 0.999, 1e-8)]


def variant(
    *,
    first: Callable[..., Any] = lambda m, g, b: b * m + (1 - b) * g,
    second: Callable[..., Any] = lambda v, g, b, m: b * v + (1 - b) * g**2,
    correct: Callable[..., Any] = lambda m, v, b1, b2, t: (m / (1 - b1**t), v / (1 - b2**t)),
    step: Callable[..., Any] = lambda m, v, eps, g: m / (np.sqrt(v) + eps),
    start: int = 1,
    keeps: bool = False,
    sign: int = -1,
) -> Callable[..., Any]:
    """The solution with another line in the place of one of its own."""

    def adam(theta, grads, lr, beta1, beta2, eps):
        m, v, path = 0, 0, []
        for t, g in enumerate(grads, start=start):
            m = first(m, g, beta1)
            v = second(v, g, beta2, m)
            m_hat, v_hat = correct(m, v, beta1, beta2, t)
            theta = theta + sign * lr * step(m_hat, v_hat, eps, g)
            if keeps:
                m, v = m_hat, v_hat
            path.append(theta)
        return np.array(path)

    return adam


def _uncorrected(m, v, b1, b2, t):
    return m, v


def _one_counter_for_each_row(theta, grads, lr, beta1, beta2, eps):
    """Nothing is carried from step to step: each starts from zero."""
    steps = [variant()(theta, g[None], lr, beta1, beta2, eps)[0] - theta for g in grads]
    return theta + np.cumsum(steps, axis=0)


def _from_the_first_gradient(theta, grads, lr, beta1, beta2, eps):
    m, v, path = grads[0], grads[0] ** 2, []
    for g in grads:
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        theta = theta - lr * m / (np.sqrt(v) + eps)
        path.append(theta)
    return np.array(path)


def _last_place(theta, grads, lr, beta1, beta2, eps):
    return adam(theta, grads, lr, beta1, beta2, eps)[-1]


def _with_the_start(theta, grads, lr, beta1, beta2, eps):
    return np.vstack([theta, adam(theta, grads, lr, beta1, beta2, eps)])


def _moves(theta, grads, lr, beta1, beta2, eps):
    return np.diff(_with_the_start(theta, grads, lr, beta1, beta2, eps), axis=0)


def _returns_too_soon(theta, grads, lr, beta1, beta2, eps):
    return adam(theta, grads[:1], lr, beta1, beta2, eps)


def _one_late(theta, grads, lr, beta1, beta2, eps):
    return _with_the_start(theta, grads, lr, beta1, beta2, eps)[:-1]


def _one_array(theta, grads, lr, beta1, beta2, eps):
    return _in_place(theta.copy(), grads, lr, beta1, beta2, eps)


def _in_place(theta, grads, lr, beta1, beta2, eps):
    m, v, path = np.zeros_like(theta), np.zeros_like(theta), []
    for t, g in enumerate(grads, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        theta -= lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        path.append(theta)
    return np.array(path)


def _deferred(theta, grads, lr, beta1, beta2, eps):
    """As the library does it: the corrections gathered into two numbers a step."""
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    path = np.empty((len(grads), len(theta)))
    for i in range(len(grads)):
        m = beta1 * m + grads[i]
        v = beta2 * v + grads[i] * grads[i]
        c1 = (1 - beta1) / (1 - beta1 ** (i + 1))
        c2 = (1 - beta2) / (1 - beta2 ** (i + 1))
        path[i] = theta - lr * c1 * m / (np.sqrt(c2 * v) + eps)
        theta = path[i]
    return path


def _as_sums(theta, grads, lr, beta1, beta2, eps):
    """Both running means as weighted means over all gradients so far."""
    path, here = [], np.array(theta, dtype=float)
    for t in range(1, len(grads) + 1):
        age = np.arange(t)[::-1, None]
        m = (beta1**age * grads[:t]).sum(axis=0) / (beta1**age).sum()
        v = (beta2**age * grads[:t] ** 2).sum(axis=0) / (beta2**age).sum()
        here = here - lr * m / (v**0.5 + eps)
        path.append(here.tolist())
    return path


ADAM = function(
    "6.2",
    "Adam by hand",
    adam,
    _gradients,
    hints=(
        (
            "What does one step need that an earlier step has left behind? And which step of the "
            "walk is it: the first, the second?"
        ),
        (
            "Two running means, both 0 before the first step: one of g, one of g squared. Each "
            "starts too small; a division by a number that depends on t puts that right, for this "
            "step only."
        ),
        (
            "In a loop that counts t from 1: m and v by (6.5) and (6.6); the two corrected ones "
            "under names of their own, by (6.7); a new theta by (6.8), appended to a list."
        ),
    ),
    misconceptions=(
        Misconception(
            "no-correction",
            variant(correct=_uncorrected),
            "Your first step is not lr long. Both running means start at 0 and are too small at "
            "first, one by far more than the other. What is to be done about it?",
            tempting="A running mean that starts at zero is a running mean, and after many steps "
            "nobody sees where it began.",
        ),
        Misconception(
            "corrects-the-mean-only",
            variant(correct=lambda m, v, b1, b2, t: (m / (1 - b1**t), v)),
            "The mean of g is corrected, the mean of its square is not. It starts at 0 as well.",
            tempting="The step goes along m, so m looks like the one that has to be right.",
        ),
        Misconception(
            "corrects-the-square-only",
            variant(correct=lambda m, v, b1, b2, t: (m, v / (1 - b2**t))),
            "The mean of the square is corrected, the mean of g is not. It starts at 0 as well.",
            tempting="The large error of the first steps comes from v, so it seems enough to mend "
            "that.",
        ),
        Misconception(
            "one-beta-for-both",
            variant(correct=lambda m, v, b1, b2, t: (m / (1 - b1**t), v / (1 - b1**t))),
            "Both means are corrected as if they forgot equally fast. Which number belongs to v?",
            tempting="The two corrections look alike on paper, and one copies the line.",
        ),
        Misconception(
            "correction-without-the-count",
            variant(correct=lambda m, v, b1, b2, t: (m / (1 - b1), v / (1 - b2))),
            "Your first step is right and the later ones are too long: the correction has to fade "
            "while the means fill up.",
            tempting="At the first step the power is 1 and cannot be seen, and a first step is "
            "what one checks by hand.",
        ),
        Misconception(
            "count-from-two",
            variant(start=2),
            "Your first step is corrected as if it were the second. From which number does t "
            "count?",
            tempting="One counts a step when it is done, and so adds one too early.",
        ),
        Misconception(
            "count-from-zero",
            variant(start=0),
            "Your t is 0 at the first step, and any number to the power 0 is 1: the correction "
            "divides by nothing.",
            tempting="Python counts from 0, and so does every other loop in this book.",
        ),
        Misconception(
            "power-of-the-whole",
            variant(correct=lambda m, v, b1, b2, t: (m / (1 - b1) ** t, v / (1 - b2) ** t)),
            "Your first step is right and the later ones are not: look at what is raised to the "
            "power t in (6.7), beta or one minus beta.",
            tempting="Read aloud, one minus beta to the t sounds the same either way.",
        ),
        Misconception(
            "starts-at-the-first",
            _from_the_first_gradient,
            "Your running means start at the first gradient and need no correction. It is a way to "
            "do it, and not Adam's: the first gradient then counts for far too much.",
            tempting="A mean that starts at a sensible value has nothing to be corrected.",
        ),
        Misconception(
            "correction-is-kept",
            variant(keeps=True),
            "The corrected means are carried on into the next step, and corrected there again. "
            "They are for one step; what is remembered is m and v.",
            tempting="Once a number has been put right, it seems wrong to go on with the old one.",
        ),
        Misconception(
            "eps-under-the-root",
            variant(step=lambda m, v, eps, g: m / np.sqrt(v + eps)),
            "With a large eps your steps are off. Look at (6.8): is eps added before the root is "
            "taken, or after?",
            tempting="Under the root eps does the same job of keeping the division finite, and "
            "other methods have it there.",
        ),
        Misconception(
            "eps-beside-the-quotient",
            variant(step=lambda m, v, eps, g: m / np.sqrt(v) + eps),
            "With a large eps your steps are off, and where v is 0 they are nan. In which order "
            "does Python divide and add?",
            tempting="On paper the fraction bar holds the sum together; in a line of code it is "
            "gone.",
        ),
        Misconception(
            "no-eps",
            variant(step=lambda m, v, eps, g: m / np.sqrt(v)),
            "Your steps do not depend on eps, although the caller chose one.",
            tempting="eps is so small that it seems to be there for the look of it.",
        ),
        Misconception(
            "no-root",
            variant(step=lambda m, v, eps, g: m / (v + eps)),
            "You divide by the mean of the squares. A gradient ten times as large then makes a "
            "tenth of the step. In which unit is g, and in which is its square?",
            tempting="The recipe says to divide by the running size, and v is the running size, "
            "squared.",
        ),
        Misconception(
            "no-memory-of-g",
            variant(step=lambda m, v, eps, g: g / (np.sqrt(v) + eps)),
            "Your step goes along the newest gradient. Adam's goes along the mean of the recent "
            "ones: two steps whose gradients point opposite ways tell the difference.",
            tempting="That is RMSprop with a correction, and it is one line away.",
        ),
        Misconception(
            "square-of-the-mean",
            variant(second=lambda v, g, b, m: b * v + (1 - b) * m**2),
            "Your v follows the square of m. Gradients that change sign have a small mean and "
            "large squares; which of the two does (6.6) follow?",
            tempting="m is the better estimate of the gradient, so why not square that one?",
        ),
        Misconception(
            "absolute-size",
            variant(
                second=lambda v, g, b, m: b * v + (1 - b) * np.abs(g),
                step=lambda m, v, eps, g: m / (v + eps),
            ),
            "You follow the mean of the size of g. (6.6) follows the mean of its square, and takes "
            "the root at the end; large gradients count for more in it.",
            tempting="The size of a number is its absolute value, and squares only to take roots "
            "again look like a detour.",
        ),
        Misconception(
            "one-size-for-all",
            variant(second=lambda v, g, b, m: b * v + (1 - b) * (g**2).mean()),
            "All parameters share one size. Each has its own running mean of squares: that is "
            "what the method is about.",
            tempting="A gradient has a length, and dividing by one length keeps its direction.",
        ),
        Misconception(
            "sums-for-means",
            variant(
                first=lambda m, g, b: b * m + g,
                second=lambda v, g, b, m: b * v + g**2,
            ),
            "The new gradient comes in with its full weight, as in momentum. Then the running "
            "quantities are sums, and the correction for means does not fit them.",
            tempting="Momentum (6.2) adds the gradient as it is, and Adam is said to have "
            "momentum.",
        ),
        Misconception(
            "weights-swapped",
            variant(
                first=lambda m, g, b: (1 - b) * m + b * g,
                second=lambda v, g, b, m: (1 - b) * v + b * g**2,
            ),
            "Your means forget almost everything at each step: beta weighs the new gradient. "
            "What should it weigh?",
            tempting="A number near 1 looks like the share of what is new and important.",
        ),
        Misconception(
            "betas-swapped",
            lambda theta, grads, lr, b1, b2, eps: adam(theta, grads, lr, b2, b1, eps),
            "The two betas have changed places: m forgets slowly and v fast.",
            tempting="The names say first and second, and not which of them is which.",
        ),
        Misconception(
            "uphill",
            variant(sign=1),
            "Every step goes the way of the gradient. That is uphill.",
            tempting="One has m and v in hand, adds the step, and forgets that a gradient points "
            "to where the loss grows.",
        ),
        Misconception(
            "nothing-carried",
            _one_counter_for_each_row,
            "Every step is a first step: m and v begin at 0 each time. Where are they set to 0?",
            tempting="Setting things to zero at the head of a loop's body is a good habit "
            "elsewhere.",
        ),
        Misconception(
            "returns-too-soon",
            _returns_too_soon,
            "One row came out, that of the first step. Does your function return before the loop "
            "is over?",
            tempting="The return stands under the line that it belongs to, one indent too deep.",
        ),
        Misconception(
            "one-step-late",
            _one_late,
            "Your first row is the start, and the last step is missing: the place is written down "
            "before the step is taken.",
            tempting="One notes where one stands, and then moves on.",
        ),
        Misconception(
            "one-array",
            _one_array,
            "All rows are the same: one array, appended again and again while it changes. Does -= "
            "make a new one?",
            tempting="theta was copied before the loop, so the caller's is safe, and that was the "
            "worry.",
        ),
        Misconception(
            "last-place-only",
            _last_place,
            "One row came out, the end of the walk. A row is asked for after every step.",
            tempting="What training wants is the place where it ends.",
        ),
        Misconception(
            "with-the-start",
            _with_the_start,
            "There is one row too many: the start is among them. The first row is the place after "
            "the first step.",
            tempting="A path begins where it begins.",
        ),
        Misconception(
            "moves-not-places",
            _moves,
            "These are the steps. Asked for are the places that they lead to, from theta on.",
            tempting="An optimiser computes steps, and the formulas are all about them.",
        ),
        Misconception(
            "in-place",
            _in_place,
            "All rows are the same array, and so is the caller's theta, which has moved along. "
            "Does -= make a new array?",
            tempting="The library's optimisers do move theta in place.",
        ),
    ),
    stress=_long_and_flat,
    also_right=(_deferred, _as_sums, variant()),
)
