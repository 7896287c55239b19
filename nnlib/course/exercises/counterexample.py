"""The smallest case that tells a wrong answer from the right one, in few enough numbers to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .compare import Unfit, close, numbers, numeric, parts, show, size
from .exercise import Exercise, Misconception
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
        None where there is no case to show: a budget trains networks, a puzzle has an order. A
        value has its question and no right answer, which would be telling.

    Examples
    --------
    >>> from nnlib.course.exercises.learner import find
    >>> exercise = find("5.1")
    >>> found = counterexample(exercise, exercise.misconceptions[0])
    >>> print(found.wrong, "where", found.right, "is right")
    7.21 where 6.76 is right
    """
    if exercise.kind in ("budget", "parsons"):
        return None
    if exercise.kind == "value":
        questions = exercise.solution.items()
        question = next(key for key, right in questions if known.wrong[key] != right)
        return Counterexample(question, _value(known.wrong[question]), "")
    rng = np.random.default_rng(0)
    wrong, model = exercise.adapt(known.wrong), exercise.adapt(exercise.solution)
    pairs = [
        (attempt(wrong, case, exercise.names), attempt(model, case, exercise.names))
        for case in [*exercise.cases(rng), *exercise.stress(rng)]
    ]
    parted = [pair for pair in pairs if _part(exercise, *pair)]
    if parted and all(isinstance(mine.output, str) for mine, _ in parted) and exercise.explain:
        return _of_verdicts(parted)
    mine, right = min(parted, key=_effort, default=(None, None))
    if mine is None or right is None:
        return None
    said = _outputs(exercise, mine, right)
    return Counterexample(_case(exercise, mine), *said) if said else None


def _part(exercise: Exercise, mine: Trial, right: Trial) -> bool:
    if exercise.compare or mine.error is not None:
        return not mine.agrees(right, exercise.tolerance)
    return not all(prop.holds(mine.output, *mine.case) for prop in exercise.properties)


def _effort(pair: tuple[Trial, Trial]) -> tuple[bool, int]:
    """How hard a case is to read: errors last, then by how many numbers go in."""
    mine, _ = pair
    return mine.error is not None, size(mine.case)


def _of_verdicts(parted: Sequence[tuple[Trial, Trial]]) -> Counterexample:
    """Put the implementations together on which a learner's test is mistaken."""
    said = []
    for verb, output in (("accepts", "accepts"), ("refuses", "catches")):
        names = [
            f"\N{LEFT DOUBLE QUOTATION MARK}{mine.case[0]}\N{RIGHT DOUBLE QUOTATION MARK}"
            for mine, _ in parted
            if mine.output == output
        ]
        said += [f"{verb} {', '.join(names)}"] if names else []
    return Counterexample("", "; ".join(said), "")


def _case(exercise: Exercise, trial: Trial) -> str:
    shapes = size(trial.case) > MOST_NUMBERS
    return ", ".join(
        f"{name} {value.shape}"
        if shapes and isinstance(value, np.ndarray) and value.size > 1
        else f"{name} = {show(value)}"
        for name, value in zip(exercise.names, trial.case, strict=False)
    )


def _outputs(exercise: Exercise, mine: Trial, right: Trial) -> tuple[str, str] | None:
    """Say what the two gave, where they differ most: an error, a shape, an entry."""
    if mine.error is not None:
        return f"{type(mine.error).__name__}: {mine.error}", ""
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
    return None


def _opaque(trial: Trial) -> bool:
    """Whether something went in that cannot be written down, such as a model or a generator."""
    return any(show(value) == type(value).__name__ for value in trial.case)


def _furthest(name: str, a: Any, b: Any) -> tuple[str, str]:
    """Show two small arrays; of larger ones the entry that is furthest off."""
    whole = a.size <= (MOST_NUMBERS if a.dtype.kind in "biu" else MOST_NUMBERS // 4)
    if whole:
        mark = f"{name} = " if name else ""
        return mark + _value(a), mark + _value(b)
    off = np.nan_to_num(np.abs(a - b.astype(float)), nan=np.inf)
    entry = np.unravel_index(int(np.argmax(off)), a.shape)
    mark = f"{name or 'entry '}[{', '.join(str(int(i)) for i in entry)}] = "
    return mark + _value(a[entry]), mark + _value(b[entry])


def _value(value: Any) -> str:
    """Print a value in few digits."""
    if isinstance(value, tuple) and all(isinstance(item, int) for item in value):
        return repr(value)
    if np.ndim(value) == 0 and numeric(value) and not isinstance(value, bool | np.bool_ | str):
        return f"{float(value) + 0.0:.5g}"
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        value = np.round(value, 4) + 0.0  # no negative zero
    return show(value)
