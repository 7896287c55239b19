"""What a learner calls: check, hint, solution, starter, progress, report."""

from __future__ import annotations

import difflib
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .exercise import Exercise
from .judge import judge
from .listing import Solution, starter_of
from .result import Result, with_code


@dataclass
class Record:
    """What happened with one exercise in this session; nothing leaves the machine."""

    attempts: int = 0
    passed: bool = False
    hints: int = 0


_records: dict[str, Record] = {}


@cache
def exercises() -> dict[str, Exercise]:
    """Every exercise of the book, by number."""
    from .bank import EXERCISES

    return {exercise.id: exercise for exercise in EXERCISES}


def find(number: object) -> Exercise:
    """Find the exercise with this number, or raise an error that lists the numbers there are."""
    known = exercises()
    if not isinstance(number, str | float):  # 5.1 without quotes is understood
        example = next(iter(known))
        raise TypeError(
            f'Give the number of the exercise first, as in check("{example}", answer); '
            f"this is of type {type(number).__name__}."
        )
    number = str(number)
    if number not in known:
        near = difflib.get_close_matches(number, known, n=1, cutoff=0.0)
        raise ValueError(
            f'There is no exercise "{number}". Did you mean "{near[0]}"? '
            f"The exercises are {', '.join(known)}."
        )
    return known[number]


def check(number: str, answer: Any) -> Result:
    """Check an answer to an exercise.

    Parameters
    ----------
    number : str
        Number of the exercise, such as "5.1".
    answer : object
        What the exercise asks for: most often your function itself.

    Returns
    -------
    Result
        One message. True when the answer passed.

    Notes
    -----
    The answer is called on copies of small arrays drawn from a fixed seed. An endless loop is ended
    with the interrupt button, as in any cell.

    Examples
    --------
    >>> def numerical_gradient(f, x, h=1e-5): ...
    >>> check("5.1", numerical_gradient)
    5.1 not attempted: Nothing to check yet: put your own lines in place of the `...`.
    """
    exercise = find(number)
    result = judge(exercise, answer)
    record = _records.setdefault(exercise.id, Record())
    record.attempts += result.stage != "attempted"
    record.passed = record.passed or result.passed
    return result


@dataclass(frozen=True, repr=False)
class Hint:
    """One of an exercise's three hints."""

    exercise: str
    step: int
    text: str

    def __repr__(self) -> str:
        return f"Hint {self.step} of 3: {self.text}"

    def _repr_html_(self) -> str:
        return f'<p class="nn-hint" role="status">{with_code(repr(self))}</p>'


def hint(number: str) -> Hint:
    """Give the next of an exercise's three hints; the last one stays.

    Parameters
    ----------
    number : str
        Number of the exercise.

    Returns
    -------
    Hint
        First a question, then a direction, then nearly the line.
    """
    exercise = find(number)
    record = _records.setdefault(exercise.id, Record())
    record.hints = min(record.hints + 1, len(exercise.hints))
    return Hint(exercise.id, record.hints, exercise.hints[record.hints - 1])


def solution(number: str) -> Solution:
    """Show the solution of an exercise, and that it passes.

    Parameters
    ----------
    number : str
        Number of the exercise.

    Returns
    -------
    Solution
        Its source, and the verdict of checking it now.
    """
    return Solution(find(number))


def starter(number: str) -> str:
    """Give the code that an exercise starts from.

    Parameters
    ----------
    number : str
        Number of the exercise.

    Returns
    -------
    str
        The solution's source, with `...` where the learner writes.

    Examples
    --------
    >>> starter("5.1").splitlines()[0]
    'def numerical_gradient(f, x, h=1e-5):'
    """
    return starter_of(find(number))


class Progress(dict[str, Record]):
    """Records by exercise number, shown as one line each."""

    def __repr__(self) -> str:
        passed = sum(record.passed for record in self.values())
        lines = [f"{passed} of {len(exercises())} exercises passed"]
        for number, record in self.items():
            state = "passed" if record.passed else "open"
            tries = "attempt" if record.attempts == 1 else "attempts"
            lines.append(
                f"  {number} {state}, {record.attempts} {tries}, hints taken: {record.hints}"
            )
        return "\n".join(lines)


def progress() -> Progress:
    """Tell what was attempted and passed since Python started.

    Returns
    -------
    Progress
        A dict from an exercise's number to its record.
    """
    return Progress({number: _records[number] for number in exercises() if number in _records})


def report(path: str | Path) -> Path:
    """Write the progress to a small JSON file, to hand in or to keep.

    Parameters
    ----------
    path : str or Path
        Where to write.

    Returns
    -------
    Path
        The file.
    """
    path = Path(path)
    content = {"exercises": {number: asdict(record) for number, record in progress().items()}}
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return path
