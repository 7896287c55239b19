"""The smallest case that tells a wrong answer from the right one, in few enough numbers to read."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .compare import Unfit, close, numbers, numeric, parts, show, size
from .exercise import Exercise, Misconception, callable_answer
from .trial import Trial, attempt

MOST_NUMBERS = 16  # of a larger array the shape says more


@dataclass(frozen=True)
class Counterexample:
    """A case, what the wrong answer gives there, and what is right; empty where it goes unsaid."""

    case: str
    wrong: str
    right: str


def counterexample(exercise: Exercise, known: Misconception) -> Counterexample | None:
    """Find the smallest case on which a misconception and the solution part ways.

    Parameters
    ----------
    exercise : Exercise
        What was asked.
    known : Misconception
        One of its misconceptions.

    Returns
    -------
    Counterexample or None
        None where there is no case to show: where something is built and then measured, as with a
        budget, and for a puzzle, whose answer is an order. A value has its question and no right
        answer, which would be telling.

    Examples
    --------
    >>> from nnlib.course.exercises.learner import find
    >>> exercise = find("5.1")
    >>> found = counterexample(exercise, exercise.misconceptions[0])
    >>> print(found.wrong, "where", found.right, "is right")
    [3.31, 12.61] where [3.01, 12.01] is right
    """
    measured = not exercise.compare and exercise.adapt is not callable_answer
    if measured or exercise.kind == "parsons":
        return None
    if exercise.kind == "value":
        questions = exercise.solution.items()
        question = next(key for key, right in questions if known.wrong[key] != right)
        return Counterexample(question, _value(known.wrong[question]), "")
    rng = np.random.default_rng(0)
    cases = sorted(exercise.cases(rng), key=size)  # extremes only where nothing else will do
    cases += sorted(exercise.stress(rng), key=size)
    wrong, model = exercise.adapt(known.wrong), exercise.adapt(exercise.solution)
    stopped = None
    verdicts = []
    for case in cases:
        mine = attempt(wrong, case, exercise.names)
        right = attempt(model, case, exercise.names)
        if not _part(exercise, mine, right):
            continue
        if exercise.explain and isinstance(mine.output, str):
            verdicts.append(mine)
        elif mine.error is not None:
            stopped = stopped or mine  # a case in which numbers come out says more
        else:
            said = _outputs(exercise, mine, right)
            return Counterexample(_case(exercise, mine), *said) if said else None
    if verdicts:
        return _of_verdicts(verdicts)
    if stopped is None:
        return None
    error = f"{type(stopped.error).__name__}: {stopped.error}"
    return Counterexample(_case(exercise, stopped), textwrap.shorten(error, 120), "")


def _part(exercise: Exercise, mine: Trial, right: Trial) -> bool:
    if (exercise.compare or mine.error is not None) and not mine.agrees(right, exercise.tolerance):
        return True
    return not all(prop.holds(mine.output, *mine.case) for prop in exercise.properties)


def _of_verdicts(verdicts: Sequence[Trial]) -> Counterexample:
    """Put the implementations together on which a learner's test is mistaken."""
    said = []
    for verb, output in (("accepts", "accepts"), ("refuses", "catches")):
        names = [
            f"\N{LEFT DOUBLE QUOTATION MARK}{trial.case[0]}\N{RIGHT DOUBLE QUOTATION MARK}"
            for trial in verdicts
            if trial.output == output
        ]
        said += [f"{verb} {', '.join(names)}"] if names else []
    return Counterexample("", "; ".join(said), "")


def _case(exercise: Exercise, trial: Trial) -> str:
    large = size(trial.case) > MOST_NUMBERS
    pairs = zip(exercise.names, trial.case, strict=False)
    return ", ".join(
        f"{name} {_outline(v)}" if large and _outline(v) else f"{name} = {show(v)}"
        for name, v in pairs
    )


def _outline(value: Any) -> str:
    """Write the shapes of arrays, in the lists and tuples that hold them."""
    if isinstance(value, np.ndarray):
        return str(value.shape) if value.size > 1 else ""
    if isinstance(value, list | tuple) and any(map(_outline, value)):
        inside = ", ".join(_outline(item) or show(item) for item in value)
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    return ""


def _outputs(exercise: Exercise, mine: Trial, right: Trial) -> tuple[str, str] | None:
    """Say what the two gave, where they differ most: a shape, a number, an entry."""
    if mine.changed:
        return f"{' and '.join(mine.changed)} comes back changed", "inputs stay as they were"
    if not exercise.compare:
        return (_value(mine.output), "") if size(mine.output) <= MOST_NUMBERS else None
    try:
        wanted = parts(right.output, right.output, exercise.outputs)
        got = parts(mine.output, right.output, exercise.outputs)
    except Unfit as unfit:
        return _value(mine.output), str(unfit)
    for name, want in wanted.items():
        mark = f"{name} = " if name else ""
        if not (numeric(want) and numeric(got[name])):
            if show(got[name]) != show(want):
                return f"{mark}{_value(got[name])}", f"{mark}{_value(want)}"
            continue
        a, b = np.asarray(numbers(got[name])), np.asarray(numbers(want))
        if a.shape != b.shape:
            return f"{mark}the shape {a.shape}", f"{mark}the shape {b.shape}"
        if not close(a, b, exercise.tolerance):
            # Without the inputs, numbers that come out say nothing.
            return None if _opaque(mine) else _furthest(name, a, b)
        if not np.allclose(a, b, rtol=exercise.tolerance, atol=0):  # a property minds the rest
            return _entry(name, a, b, np.abs(a - b) / np.maximum(np.abs(b), 1e-300))
    return None


def _opaque(trial: Trial) -> bool:
    """Whether something went in that cannot be written down, such as a model or a generator."""
    return any(show(value) == type(value).__name__ for value in trial.case)


def _furthest(name: str, a: Any, b: Any) -> tuple[str, str]:
    """Show two small arrays; of larger ones the entry that is furthest off."""
    whole = a.size <= (MOST_NUMBERS if a.dtype.kind in "biu" else MOST_NUMBERS // 4)
    if whole and _value(a) != _value(b):
        mark = f"{name} = " if name else ""
        return mark + _value(a), mark + _value(b)
    off = np.nan_to_num(np.abs(a - b.astype(float)), nan=np.inf)
    return _entry(name, a, b, off)


def _entry(name: str, a: Any, b: Any, off: Any) -> tuple[str, str]:
    entry = np.unravel_index(int(np.argmax(off)), a.shape)
    mark = f"{name or 'entry '}[{', '.join(str(int(i)) for i in entry)}] = "
    return mark + _value(a[entry]), mark + _value(b[entry])


def _value(value: Any) -> str:
    """Print a value in few digits, or the shapes of what would be too much to read."""
    if isinstance(value, tuple) and all(isinstance(item, int) for item in value):
        return repr(value)
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return f"{float(value) + 0.0:.5g}"
    if isinstance(value, list | tuple) and size(value) > MOST_NUMBERS:
        return _outline(value) or type(value).__name__
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        value = np.round(value, 4) + 0.0  # no negative zero
        return _value(value.item()) if value.ndim == 0 else show(value)
    return show(value)
