"""The memory tape: a state of one number, carried along, and what reaches it from the start.

A pulse of 1 is the first state. From then on every step multiplies the state by one weight and
bends it, or does not. States and slopes are those of the library's own layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import log10
from typing import Any, ClassVar

import numpy as np

from nnlib.course.pictures.style import BLUE, VERMILLION
from nnlib.course.pictures.svg import document, line, number, text
from nnlib.recurrent import rnn

from .model import Control, Goal

NONE, TANH = "none", "tanh"
LONGEST, MOST = 40, 2.0  # steps there is room for, and the largest state
LEFT, SLOT = 72, 9.3  # where the tape begins, and how far apart its steps are
STATES, NUDGES = 74, 222  # the middle lines of the two rows
HALF, DECADES = 50, 6  # the height of a row either way, and its powers of ten


@cache
def tape(w: float, activation: str, steps: int) -> tuple[Any, Any]:
    """Give every state, the pulse first, and how much a nudge of it moves the last state.

    The way back is the library's: a 1 that arrives at the last state leaves at step t what a
    nudge of the sum at t does, and w times that is what a nudge of the state before does.
    """
    if activation == NONE:
        powers = w ** np.arange(steps + 1.0)
        return powers, powers[::-1]
    z, one = np.zeros((steps, 1, 1)), np.ones((1, 1))
    after, (back, *_) = rnn.rule(z, one, np.array([[w]]), np.zeros(1))
    assert back is not None
    arrives = np.zeros_like(after)
    arrives[-1] = 1.0
    return np.append(one, after), np.append(w * back(arrives).ravel(), 1.0)


@dataclass(frozen=True)
class MemoryTape:
    """A state that is multiplied by w at every step, after a pulse of 1.

    Parameters
    ----------
    w : float
        The recurrent weight.
    activation : {"none", "tanh"}
        What bends the state after each multiplication.
    steps : int
        How many steps there are after the pulse.

    Examples
    --------
    >>> round(MemoryTape(w=0.9).metrics()["left"], 3)
    0.122
    """

    w: float = 0.5
    activation: str = NONE
    steps: int = 20

    controls: ClassVar[tuple[Control, ...]] = (
        Control.span("w", "recurrent weight", -0.9, 1.5, 0.1),
        Control("activation", "activation", (NONE, TANH)),
        Control("steps", "steps after the pulse", tuple(range(1, LONGEST + 1))),
    )

    def metrics(self) -> Mapping[str, float]:
        """Give the last state, and how much a nudge of the first moves it, both without sign.

        `kept` and `latched` are the same numbers where a goal may count them, and else 0.
        """
        states, nudges = tape(self.w, self.activation, self.steps)
        state, left = abs(float(states[-1])), abs(float(nudges[0]))
        return {
            "state": state,
            "left": left,
            "kept": left if self.activation == NONE and self.steps >= 20 else 0.0,
            "latched": state if self.activation == TANH and self.steps == LONGEST else 0.0,
        }

    def describe(self) -> str:
        """Say what the last state is, and what is left of a nudge of the first."""
        states, nudges = tape(self.w, self.activation, self.steps)
        steps = "1 step turns" if self.steps == 1 else f"{self.steps} steps turn"
        bent = "and tanh" if self.activation == TANH else "and no activation"
        return (
            f"With w = {number(self.w)} {bent}, {steps} the pulse of 1 into a state of "
            f"{number(states[-1])}. A nudge of the pulse arrives there {number(nudges[0])} times "
            "as large."
        )

    def svg(self) -> str:
        """Draw the states in one row of bars, and under it what is left of a nudge of each."""
        states, nudges = tape(self.w, self.activation, self.steps)
        end = LEFT + SLOT * LONGEST + 6
        body = text(LEFT - 8, 14, "the state after each step", anchor="start")
        body += _row(STATES, states, _height)
        body += _scale(STATES, (("1", _height(1)), ("0", 0.0), ("−1", _height(-1))), end)
        body += text(
            LEFT - 6, NUDGES - HALF - 12, "how much a nudge of it moves the last", anchor="start"
        )
        body += _row(NUDGES, nudges, _power)
        marks = (("a million", HALF), ("1", 0.0), ("a millionth", -HALF))
        body += _scale(NUDGES, marks, end)
        for ten in (-HALF / DECADES, HALF / DECADES):  # between a tenth and ten times
            body += line((LEFT - 6, NUDGES + ten), (end, NUDGES + ten), width=0.6, dashed=True)
        body += text(LEFT, 292, "pulse", size=11)
        body += "".join(text(LEFT + SLOT * t, 292, str(t), size=11) for t in (10, 20, 30, 40))
        return document(456, 300, body, self.describe())


def _height(state: Any) -> float:
    """Give the height of a state's bar; what is larger than the row ends at its edge."""
    return HALF * max(-1.0, min(1.0, float(state) / MOST))


def _power(nudge: Any) -> float:
    """Give the height of a factor's bar, a step for every power of ten; down if it is below 1."""
    power = log10(max(abs(float(nudge)), 1e-99)) / DECADES
    return HALF * max(-1.0, min(1.0, power))


def _row(middle: float, values: Any, height: Any) -> str:
    """Draw one bar for each value: vermillion where it is positive, blue where it is not."""
    drawn = ""
    for colour, positive in ((VERMILLION, True), (BLUE, False)):
        bars = "".join(
            f"M{LEFT + SLOT * t:.1f} {middle}v{-(height(value) or 1.0):.1f}"
            for t, value in enumerate(values)
            if (value > 0) == positive
        )
        if bars:
            drawn += f'<path d="{bars}" stroke="{colour}" stroke-width="6" fill="none"/>'
    return drawn


def _scale(middle: float, marks: Any, end: float) -> str:
    """Draw the middle line of a row and the numbers beside it."""
    drawn = line((LEFT - 6, middle), (end, middle), width=0.8)
    for words, height in marks:
        drawn += text(LEFT - 10, middle - height + 4, words, size=11, anchor="end")
    return drawn


KEEP = Goal(
    "Without an activation, find a weight with which a nudge of the pulse still arrives after 20 "
    "steps: not shrunk to less than a tenth, not grown to more than ten times.",
    "kept",
    at_least=0.1,
    at_most=10.0,
    why=(
        (lambda m: m.activation == TANH, "Put the activation back to none: one thing at a time."),
        (lambda m: m.steps < 20, "Let it run for 20 steps."),
        (
            lambda m: m.metrics()["left"] < 0.1 and abs(m.w) <= 0.5,
            "Nearly nothing arrives: every step takes half of it or more. Let a step keep more.",
        ),
        (
            lambda m: m.metrics()["left"] < 0.1,
            "A step keeps most of it, and still, twenty of them leave too little.",
        ),
        (
            lambda m: m.metrics()["left"] > 10,
            "It grows at every step, and the growth multiplies. Come down a little.",
        ),
    ),
)
LATCH = Goal(
    "With tanh, find a weight with which the state is still larger than a half after 40 steps.",
    "latched",
    at_least=0.5,
    why=(
        (lambda m: m.activation != TANH, "Choose tanh: without it nothing stops the growth."),
        (lambda m: m.steps < LONGEST, "Let it run for 40 steps."),
        (
            lambda m: m.w < 0,
            "The sign flips at every step, and the state dies away all the same.",
        ),
        (
            lambda m: m.w < 1,
            "Each step takes something away, and tanh adds nothing to it. The state dies.",
        ),
        (
            lambda m: m.w >= 1,
            "It dies slowly now: the weight keeps it, tanh takes a little. A little more weight?",
        ),
    ),
)
