"""One source for starter and solution: a function in the bank, with marked lines.

# <solution>          what the learner has to write; the starter shows `...` instead
return x.sum(axis=0)
# <starter>           optional: lines to show instead of `...`, each behind "# "
# return x.sum()
# </solution>
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from html import escape
from typing import Any

from nnlib.course.sources import highlighted

from .exercise import Exercise
from .judge import judge
from .result import with_code

_BLOCK = re.compile(
    r"^(?P<indent>[ ]*)# <solution>\n(?P<right>.*?)"
    r"(?:^[ ]*# <starter>\n(?P<shown>.*?))?^[ ]*# </solution>\n",
    re.MULTILINE | re.DOTALL,
)


def starter_of(exercise: Exercise) -> str:
    """Give the cell that a learner starts from."""
    if exercise.written:
        return exercise.written[0]
    return _BLOCK.sub(_shown, inspect.getsource(exercise.solution))


def listing_of(exercise: Exercise) -> str:
    """Give the solution as a learner would have written it."""
    if exercise.written:
        return exercise.written[1]
    return _BLOCK.sub(lambda block: block["right"], inspect.getsource(exercise.solution))


def _shown(block: re.Match[str]) -> str:
    if block["shown"] is None:
        return f"{block['indent']}...\n"
    return re.sub(r"^([ ]*)# ?", r"\1", block["shown"], flags=re.MULTILINE)


class Solution:
    """A worked answer, shown with the verdict of really checking it.

    Parameters
    ----------
    exercise : Exercise
        Whose solution to show.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.source = listing_of(exercise)
        self.verdict = judge(exercise, exercise.solution)

    def __repr__(self) -> str:
        return f"{self.source.rstrip()}\n\n# {self.verdict}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        note = f"<p>{escape(repr(self.verdict))}</p>"
        return {"text/plain": repr(self), "text/html": highlighted(self.source) + note}


@dataclass(frozen=True, repr=False)
class Withheld:
    """What stands in place of a solution where the teacher keeps them."""

    exercise: str

    def __repr__(self) -> str:
        return (
            f"The solution of {self.exercise} is with your teacher. "
            f'`hint("{self.exercise}")` helps in three steps.'
        )

    def _repr_html_(self) -> str:
        return f'<p class="nn-hint" role="status">{with_code(repr(self))}</p>'
