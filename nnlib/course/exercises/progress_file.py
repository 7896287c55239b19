"""The file in which progress is kept and handed in: a small JSON object, the same from any page.

    {"format": "nnlib progress", "version": 1, "course": "Neural Networks, Line by Line",
     "nnlib": "0.1.0", "learner": "Ada", "date": "2026-11-23T09:30:00Z",
     "exercises": {"5.1": {"attempts": 3, "passed": true, "hints": 1,
                           "misconceptions": {"missing-two": 2}}}}

`learner` is a text of the learner's own choice, or null. `date` is when the file was last written,
in universal time. `attempts` counts the checks of something that was really tried; under
`misconceptions` stands how often `check` named which.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FORMAT, VERSION = "nnlib progress", 1
COURSE = "Neural Networks, Line by Line"
MOST_BYTES, LONGEST = 1_000_000, 200


class Unreadable(ValueError):
    """A file that is not a report of progress; its text says what is wrong with it."""


@dataclass
class Record:
    """What happened with one exercise; nothing leaves the machine by itself."""

    attempts: int = 0
    passed: bool = False
    hints: int = 0
    misconceptions: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: Record) -> Record:
        named = {**self.misconceptions}
        for name, count in other.misconceptions.items():
            named[name] = named.get(name, 0) + count
        return Record(
            self.attempts + other.attempts,
            self.passed or other.passed,
            max(self.hints, other.hints),
            named,
        )

    def since(self, earlier: Record) -> Record:
        """Give what was added to an earlier state of this record."""
        before = earlier.misconceptions
        named = {name: n - before.get(name, 0) for name, n in self.misconceptions.items()}
        return Record(
            self.attempts - earlier.attempts,
            self.passed,
            self.hints,
            {name: n for name, n in named.items() if n},
        )


@dataclass
class Report:
    """The progress of one learner, as it is kept in a file."""

    learner: str | None = None
    exercises: dict[str, Record] = field(default_factory=dict)
    date: str = ""

    def add(self, records: Mapping[str, Record]) -> None:
        """Add what happened elsewhere."""
        for number, record in records.items():
            self.exercises[number] = self.exercises.get(number, Record()) + record


def read(path: str | Path) -> Report:
    """Read a report.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Report
        What it says.

    Raises
    ------
    Unreadable
        If the file is something else, or was spoilt.
    """
    path = Path(path)
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"{path.name} is too large for a report of progress")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # JSON that is none, or bytes that are no text
        raise Unreadable(f"{path.name} is not JSON: {error}") from None
    try:
        return parse(content)
    except Unreadable as error:
        raise Unreadable(f"{path.name} is no report of progress: {error}") from None


def parse(content: Any) -> Report:
    """Turn what JSON holds into a report, and say what is wrong where it is none."""
    _demand(isinstance(content, dict), "it should be an object in braces")
    _demand(content.get("format") == FORMAT, f'its "format" should be "{FORMAT}"')
    version = content.get("version")
    _demand(_is_count(version), 'its "version" should be a number')
    _demand(version <= VERSION, f"it has version {version}; this nnlib reads up to {VERSION}")
    learner, date = content.get("learner"), content.get("date", "")
    _demand(learner is None or is_line(learner), '"learner" should be one line of text, or null')
    _demand(is_line(date), '"date" should be a text')
    exercises = content.get("exercises")
    _demand(isinstance(exercises, dict), '"exercises" should be an object')
    records = {number: _record(number, entry) for number, entry in exercises.items()}
    return Report(learner, records, date)


def write(report: Report, path: str | Path) -> None:
    """Write a report, whole or not at all: a file that is there stays until the new one is."""
    from nnlib import __version__

    path = Path(path)
    date = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    content = {
        "format": FORMAT,
        "version": VERSION,
        "course": COURSE,
        "nnlib": __version__,
        "learner": report.learner,
        "date": date,
        "exercises": {number: asdict(record) for number, record in report.exercises.items()},
    }
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _record(number: str, entry: Any) -> Record:
    where = f"exercise {number!r}"
    _demand(is_line(number), "the numbers of exercises should be texts")
    _demand(isinstance(entry, dict), f"{where} should be an object")
    counts = entry.get("attempts", 0), entry.get("hints", 0)
    _demand(all(map(_is_count, counts)), f"{where}: attempts and hints should be counts")
    passed, named = entry.get("passed", False), entry.get("misconceptions", {})
    _demand(isinstance(passed, bool), f'{where}: "passed" should be true or false')
    good = (
        isinstance(named, dict) and all(map(is_line, named)) and all(map(_is_count, named.values()))
    )
    _demand(good, f"{where}: misconceptions should be names with counts")
    return Record(counts[0], passed, counts[1], dict(named))


def _demand(truth: object, otherwise: str) -> None:
    if not truth:
        raise Unreadable(otherwise)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_line(value: Any) -> bool:
    """Whether a value is a text on one line, and not too long."""
    return isinstance(value, str) and len(value) <= LONGEST and (not value or value.isprintable())
