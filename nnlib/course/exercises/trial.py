"""Run an answer on one case, whatever it does, and keep what happened."""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import re
import traceback
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

from .compare import alike, pending, snapshot, unchanged
from .exercise import Answer, Case


@dataclass(frozen=True, eq=False)
class Trial:
    """One call: its case, and the output or the error, the inputs it changed, what it printed."""

    case: Case
    output: Any = None
    error: BaseException | None = None
    changed: tuple[str, ...] = ()
    printed: str = ""

    def pending(self) -> bool:
        """Whether the answer, or part of it, is still to be written."""
        if self.error is not None:
            return isinstance(self.error, NotImplementedError) or _met_an_ellipsis(self.error)
        return pending(self.output)

    def agrees(self, other: Trial, tolerance: float) -> bool:
        """Whether two answers did the same here, errors and changed inputs included."""
        if self.error is not None or other.error is not None:
            return _gist(self.error) == _gist(other.error)
        return self.changed == other.changed and alike(self.output, other.output, tolerance)


def attempt(answer: Answer, case: Case, names: Sequence[str]) -> Trial:
    """Call the answer on copies of the case's arguments.

    There is no limit on time: an endless loop is ended with the interrupt button, as in any cell.
    """
    mine = copy.deepcopy(case)
    printed = io.StringIO()
    try:
        with (
            np.errstate(all="ignore"),
            warnings.catch_warnings(),
            contextlib.redirect_stdout(printed),
        ):
            warnings.simplefilter("ignore")
            output = snapshot(answer(*mine))
    except (Exception, SystemExit) as error:
        return Trial(case, error=error, printed=printed.getvalue())
    named = zip(names, case, mine, strict=False)
    changed = tuple(name for name, before, after in named if not unchanged(before, after))
    return Trial(case, output, changed=changed, printed=printed.getvalue())


def misfit(answer: Answer, case: Case, names: Sequence[str]) -> str | None:
    """Say which arguments a function should take, if it cannot take those of the case."""
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*case)
    except TypeError:
        takes = ", ".join(signature.parameters) or "nothing"
        return f"Your function should take ({', '.join(names)}); it takes ({takes})."
    return None


def line_of(error: BaseException, answer: Answer) -> str:
    """Find the deepest line of the learner's own code on the way to an error."""
    file = getattr(getattr(inspect.unwrap(answer), "__code__", None), "co_filename", None)
    steps = traceback.extract_tb(error.__traceback__)[1:]
    own = [step for step in steps if step.filename == file] or steps
    return (own[-1].line or f"line {own[-1].lineno}") if own else ""


NO_RETURN = "Your function returns None. Is a `return` missing?"


def returns_by_mistake(answer: Answer) -> bool:
    """Whether a function that returns None does something all the same."""
    code = getattr(inspect.unwrap(answer), "__code__", None)
    return code is not None and bool(code.co_names or code.co_nlocals > code.co_argcount)


def _gist(error: BaseException | None) -> tuple[type, str]:
    """Give what an error is about: its type and words, without the sizes in it."""
    return type(error), re.sub(r"[\W\d]+", " ", str(error))


def _met_an_ellipsis(error: BaseException) -> bool:
    """Whether the error comes from a `...` that stands for something to be written."""
    if isinstance(error, TypeError) and "ellipsis" in str(error):
        return True
    step = error.__traceback__.tb_next if error.__traceback__ else None
    frame: FrameType | None = step.tb_frame if step else None
    return frame is not None and any(value is Ellipsis for value in frame.f_locals.values())
