"""What a learner calls: check, hint, solution, starter, progress, report."""

from __future__ import annotations

import ast
import difflib
import inspect
import os
import textwrap
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .exercise import Exercise
from .judge import judge
from .listing import Solution, Withheld, starter_of
from .progress_file import LONGEST, Record, Report, Unreadable, is_line, read, write
from .result import Result, with_code

_records: dict[str, Record] = {}
_reported: dict[Path, dict[str, Record]] = {}  # what each file has heard of this session


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
    if result.stage != "attempted" and not _is_the_starter(exercise, answer):
        record.attempts += 1
        record.passed = record.passed or result.passed
        if result.misconception:
            named = record.misconceptions
            named[result.misconception] = named.get(result.misconception, 0) + 1
    return result


def _is_the_starter(exercise: Exercise, answer: Any) -> bool:
    """Whether the answer is still what the learner was given: broken code to repair, perhaps."""
    try:
        given = ast.parse(starter_of(exercise))
        return ast.dump(ast.parse(textwrap.dedent(inspect.getsource(answer)))) == ast.dump(given)
    except (OSError, TypeError, SyntaxError):  # no source, or none that stands alone
        return False


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


def solution(number: str) -> Solution | Withheld:
    """Show the solution of an exercise, and that it passes.

    Parameters
    ----------
    number : str
        Number of the exercise.

    Returns
    -------
    Solution
        Its source, and the verdict of checking it now. Where the environment says
        NNLIB_SOLUTIONS=hide, as a teacher may want, a sentence that says so.
    """
    exercise = find(number)
    if os.environ.get("NNLIB_SOLUTIONS") == "hide":
        return Withheld(exercise.id)
    return Solution(exercise)


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


def report(path: str | Path, learner: str | None = None) -> Path:
    """Write the progress to a small JSON file, to hand in or to keep.

    A file that is there is added to: each chapter has a Python of its own, and all of them may
    report to one file. Report as often as you like, nothing is counted twice.

    Parameters
    ----------
    path : str or Path
        Where to write.
    learner : str, optional
        Who you are, in words of your own choice. Without it the file keeps the name it has.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        If the file that is there holds something else, or somebody else's progress. It is left as
        it was.
    """
    if learner is not None and not is_line(learner):
        raise ValueError(f"a learner is one line of at most {LONGEST} characters, not {learner!r}")
    path = Path(path)
    place = path.resolve()
    if place.exists():
        kept, heard = _read_for_writing(path), _reported.get(place, {})
    else:
        kept, heard = Report(), {}
    if learner is not None and kept.learner not in (None, learner):
        raise ValueError(
            f"{path} holds the progress of {kept.learner!r}, and this is {learner!r}: choose "
            "another name for the file"
        )
    kept.learner = kept.learner if learner is None else learner
    now = deepcopy(_records)
    kept.add({number: now[number].since(heard.get(number, Record())) for number in now})
    kept.exercises = {number: kept.exercises[number] for number in _in_order(kept.exercises)}
    write(kept, path)
    _reported[place] = now
    return path


def _read_for_writing(path: Path) -> Report:
    try:
        return read(path)
    except Unreadable as error:
        raise ValueError(f"{error}. It was left as it is: choose another name") from None


def _in_order(numbers: Iterable[str]) -> list[str]:
    """Sort the numbers of exercises: those of the book in its order, then what else there is."""
    places = {number: place for place, number in enumerate(exercises())}
    return sorted(numbers, key=lambda number: (places.get(number, len(places)), number))
