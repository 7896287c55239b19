"""What a check answers: one message, shown as text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

HEADINGS = {"passed": "passed", "attempted": "not attempted"}


@dataclass(frozen=True, repr=False)
class Result:
    """The outcome of one check; true when the answer passed.

    Parameters
    ----------
    exercise : str
        Number of the exercise, such as "5.1".
    stage : str
        Where the check stopped: attempted, runs, pure, shape, finite, value, property, or passed.
    message : str
        One sentence or two that speak to an idea.
    misconception : str, optional
        Identifier of the misconception that gives exactly these outputs.
    evidence : mapping, optional
        The smallest example that shows it: what went in, yours, expected.

    Examples
    --------
    >>> Result("5.1", "shape", "The numbers may be right, but the shape is not.")
    5.1 not yet (shape): The numbers may be right, but the shape is not.
    """

    exercise: str
    stage: str
    message: str
    misconception: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether every stage was passed."""
        return self.stage == "passed"

    def __bool__(self) -> bool:
        return self.passed

    def _heading(self) -> str:
        return HEADINGS.get(self.stage, f"not yet ({self.stage})")

    def __repr__(self) -> str:
        lines = [f"{self.exercise} {self._heading()}: {self.message}"]
        lines += [f"  {name}: {text}" for name, text in self.evidence.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        heading = f"{self.exercise} {self._heading()}"
        mark = "&#10003;" if self.passed else "&#8594;"
        rows = "".join(
            f"<dt>{escape(name)}</dt>"
            f'<dd><code style="white-space:pre-wrap;color:inherit">{escape(text)}</code></dd>'
            for name, text in self.evidence.items()
        )
        return (
            f'<div class="nn-check {"ok" if self.passed else "no"}" role="status" '
            'style="border-left:3px solid currentColor;padding:.2em .8em">'
            f"<p>{mark} <strong>{escape(heading)}</strong> {with_code(self.message)}</p>"
            + (f"<dl>{rows}</dl>" if rows else "")
            + "</div>"
        )


def with_code(text: str) -> str:
    """Escape a message for HTML, with what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
