"""Chapter 10, recurrent networks: the gates of an LSTM, set by hand.

An answer is judged by what the memory does: any weights that keep the bit are right. Readings are
rounded (1 is clear, 0.5 is faint, and so below zero), so weights that act alike get one message.
`backpropagation.py` says how to add an exercise.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnlib.course.exercises.compare import pending
from nnlib.course.exercises.exercise import Answer, Misconception, Property
from nnlib.course.exercises.kinds import property_of
from nnlib.recurrent import lstm

# 10.5 ------------------------------------------------------------------------------------------

GATES = ("input", "forget", "cell", "output")
FOUND = {
    "input": (0, 20, -10),
    "forget": (0, -20, 10),
    "cell": (5, 0, 0),
    "output": (0, 0, 10),
}
QUIET = ((0, 0),) * 20
NOISE = tuple((bit, 0) for bit in (-1, -1, 1, -1, -1, -1, 1, -1, 1, -1) * 2)
# Steps up to the last write, each (bit, write); what comes after it; what should be read.
PLOTS = {
    "one, then quiet": (((1, 1),), QUIET, 1),
    "minus one, then quiet": (((-1, 1),), QUIET, -1),
    "one, then noise": (((1, 1),), NOISE, 1),
    "minus one, then noise": (((-1, 1),), tuple((-bit, 0) for bit, _ in NOISE), -1),
    "one, rewritten": (((1, 1), *QUIET[:5], (-1, 1)), QUIET, -1),
    "one three times, rewritten": (((1, 1),) * 3 + ((-1, 1),), QUIET, -1),
}


def readings(gates: Mapping[str, Any], steps: Any) -> Any:
    """Run one LSTM unit that does not listen to its own state: its states and cells (2, T)."""
    weights = np.array([[float(number) for number in gates[gate]] for gate in GATES])
    z = np.asarray(steps, dtype=float)[:, None] @ weights[:, :2].T + weights[:, 2]
    zero = np.zeros((1, 1))
    after, _ = lstm.rule(z, zero, zero, np.zeros((4, 1)), np.zeros(4))
    return after[:, :, 0, 0]


def _memory(answer: Any) -> Answer:
    """Turn weights and biases into what the memory says, plot by plot.

    A row for the state and one for the cell: after the last write, a step later, 20 steps later.
    """
    if not isinstance(answer, Mapping):
        raise TypeError(f"The answer is a dict with the keys {', '.join(map(repr, GATES))}.")
    unknown = [gate for gate in answer if gate not in GATES]
    if unknown:
        raise TypeError(f"There is no gate {unknown[0]!r} here: {', '.join(GATES)}.")
    for gate, numbers in answer.items():
        if not pending(numbers) and not _three(numbers):
            raise TypeError(f"{gate!r} takes three numbers: for the bit, for write, and the bias.")

    def says(plot: str) -> Any:
        for gate in GATES:
            numbers = answer.get(gate, ...)
            if pending(numbers) or any(map(pending, numbers)):
                raise NotImplementedError
        before, later, _ = PLOTS[plot]
        told = readings(answer, before + later)[:, [len(before) - 1, len(before), -1]]
        clear, faint = np.abs(told) > 0.5, np.abs(told) > 0.05
        return np.sign(told) * (0.5 * faint + 0.5 * clear) + 0.0

    return says


def _three(numbers: Any) -> bool:
    """Whether these are three numbers, or numbers still to be written."""
    if not isinstance(numbers, tuple | list | np.ndarray) or len(numbers) != 3:
        return False
    return all(pending(each) or isinstance(each, int | float | np.number) for each in numbers)


def _property(name: str, plots: tuple[str, ...], when: slice, message: str) -> Property:
    """Ask for the right state at some of the three readings, in some of the plots."""

    def holds(told: Any, plot: str) -> bool:
        return plot not in plots or bool(np.all(told[0, when] == PLOTS[plot][2]))

    return Property(name, holds, message)


_QUIET, _NOISE, _AGAIN = (tuple(PLOTS)[i : i + 2] for i in (0, 2, 4))


def _mistaken(name: str, message: str, tempting: str, **gates: Any) -> Misconception:
    return Misconception(name, FOUND | gates, message, tempting)


KEEP_A_BIT = property_of(
    "10.5",
    "A memory, set by hand",
    FOUND,
    (
        _property(
            "written",
            _QUIET,
            slice(0, 1),
            "Right after the write, the state should have the sign of the bit and be larger than a "
            "half. Go through that one step: how far is each of the three gates open, and what is "
            "the new content?",
        ),
        _property(
            "kept",
            _QUIET,
            slice(1, 3),
            "The bit is written, and after quiet steps it cannot be read any more. In such a step "
            "both inputs are 0, so each gate is its bias alone: what does the cell become?",
        ),
        _property(
            "noise",
            _NOISE,
            slice(0, 3),
            "Without a write the bit may be anything, and here it gets in. Which gate should keep "
            "it out, and which input tells it to?",
        ),
        _property(
            "rewritten",
            _AGAIN,
            slice(0, 3),
            "After a second write the old content is still there, or the new one is not. What has "
            "to become of the old cell in the step that writes?",
        ),
    ),
    cases=lambda _: [(plot,) for plot in PLOTS],
    adapt=_memory,
    written=(
        (
            "# for the bit, for write, the bias\n"
            'answer = {\n    "input": (..., ..., ...),\n    "forget": (..., ..., ...),\n'
            '    "cell": (..., ..., ...),\n    "output": (..., ..., ...),\n}\n'
        ),
        (
            "# for the bit, for write, the bias\n"
            'answer = {\n    "input": (0, 20, -10),\n    "forget": (0, -20, 10),\n'
            '    "cell": (5, 0, 0),\n    "output": (0, 0, 10),\n}\n'
        ),
    ),
    hints=(
        (
            "Say in words what each gate has to do in a step with a write, and in one without. "
            "Which of them need to know the bit?"
        ),
        (
            "A gate is open where its sum is far above zero, closed where it is far below. The "
            "input gate opens for a write, the forget gate keeps unless there is one, the new "
            "content is the bit."
        ),
        (
            "Input gate: a large weight for write, and a bias of minus half that. Forget gate: the "
            "same with both signs turned. Cell: a weight for the bit. Output gate: a large bias."
        ),
    ),
    misconceptions=(
        _mistaken(
            "writes always",
            "Your input gate is open at every step, so whatever stands at the bit gets into the "
            "cell. When may it?",
            "A quiet bit is 0, and to add a 0 does no harm.",
            input=(0, 0, 10),
        ),
        _mistaken(
            "never writes",
            "Nothing gets into the cell, not in the step with the write either: the input gate is "
            "closed, or there is nothing to let in.",
            "To protect a memory one keeps its door shut.",
            input=(0, 0, -10),
        ),
        _mistaken(
            "input gate turned",
            "Your input gate is closed in the step with the write and open in all others.",
            "Gates that are open at zero and gates that are open at one are both in use.",
            input=(0, -20, 10),
        ),
        _mistaken(
            "input gate opens to the bit",
            "Your input gate opens where the bit is 1. Does the bit say whether it is to be "
            "written?",
            "Where there is a bit, there seems to be something to write.",
            input=(20, 0, -10),
        ),
        _mistaken(
            "only ones are written",
            "A one is written, a minus one is not. Does your input gate wait for a bit of 1, or "
            "does something pull the content away from minus one?",
            "Writing a bit sounds like a write and a bit together.",
            input=(20, 20, -30),
        ),
        _mistaken(
            "forget gate turned",
            "Your forget gate is open in the step with the write, and closed after it. An open "
            "forget gate keeps: it is what the old cell is multiplied by.",
            "A gate called forget seems to forget when it is open.",
            forget=(0, 20, -10),
        ),
        _mistaken(
            "forgets",
            "In a quiet step your forget gate takes away at least half of the cell, and there are "
            "20 of them. At which value does it keep nearly all?",
            "With no reason to forget, its weights can be left at zero; but then the gate is half "
            "open.",
            forget=(0, -20, 0),
        ),
        _mistaken(
            "keeps most",
            "One step later the bit is there, 20 steps later it is not. Nearly open is not open: "
            "what is your gate, taken 20 times as a factor?",
            "A gate at 0.88 looks open.",
            forget=(0, -20, 2),
        ),
        _mistaken(
            "adds up",
            "Your forget gate always keeps, so a new bit is added to the old one. What is one plus "
            "minus one?",
            "To remember is to keep, so the forget gate seems best wide open.",
            forget=(0, 0, 10),
        ),
        _mistaken(
            "forget gate listens to the bit",
            "Your forget gate closes where the bit is 1, also when nothing is to be written.",
            "A new bit replaces the old one, so the bit seems to be what makes it go.",
            forget=(-20, 0, 10),
        ),
        _mistaken(
            "one write for both",
            "The input gate and the forget gate are open together. In the step with the write one "
            "of them brings the new; what should the other do with the old?",
            "Both gates have to react to the write, so they get the same numbers.",
            forget=(0, 20, 10),
            input=(0, 20, 10),
        ),
        _mistaken(
            "content is the write",
            "The new content is the same whatever the bit is. What does your cell listen to?",
            "The write is what makes the cell change.",
            cell=(0, 5, 0),
        ),
        _mistaken(
            "content turned",
            "Every bit is kept, with the wrong sign.",
            "Signs are easily lost between a gate that closes and a content that is negative.",
            cell=(-5, 0, 0),
        ),
        _mistaken(
            "content too small",
            "What is written is so small that the state stays below a half. Is the input gate "
            "fully open at the write, and what makes tanh of the bit come near 1?",
            "A small weight lets tanh work where it is not flat, and that is good for training.",
            cell=(0.25, 0, 0),
        ),
        _mistaken(
            "output closed",
            "The cell holds the bit, and the state does not show it: the output gate is not open "
            "far enough.",
            "Nothing was said about the output gate, so its numbers can stay at zero.",
            output=(0, 0, 0),
        ),
        _mistaken(
            "output with the write",
            "The cell holds the bit; the state shows it in the step with the write alone. When is "
            "it to be read?",
            "A write is the one moment at which something happens.",
            output=(0, 20, -10),
        ),
        _mistaken(
            "output for quiet steps",
            "After a write the state shows nothing until the next step comes.",
            "First write, then read: the two seem to exclude each other.",
            output=(0, -20, 10),
        ),
        _mistaken(
            "bit and write mixed up",
            "Your gates listen to the bit and your content to the write: the two inputs have "
            "changed places.",
            "Two columns of numbers, and which of them stands first is soon forgotten.",
            input=(20, 0, -10),
            forget=(-20, 0, 10),
            cell=(0, 5, 0),
        ),
        _mistaken(
            "gates of size one",
            "With weights of about 1 every gate is half open at best: half is written, half is "
            "kept, half is shown. Gates that decide need large numbers.",
            "Weights of about 1 are what one starts a training with.",
            input=(0, 1, 0),
            forget=(0, -1, 1),
            cell=(1, 0, 0),
            output=(0, 0, 1),
        ),
    ),
    also_right=(
        {"input": (0, 8, -4), "forget": (0, -12, 6), "cell": (2, 0, 0), "output": (0, 0, 4)},
        {gate: np.array(numbers) * 3.0 for gate, numbers in FOUND.items()},
        {"input": [0, 30, -20], "forget": [0, -20, 8], "cell": [9, 0, 0], "output": [0, 1, 5]},
    ),
)
