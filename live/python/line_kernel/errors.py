"""An error as the reader needs it: their own lines, the one that failed marked, then the message.

What happened inside a library is one line: where it was raised.
"""

from __future__ import annotations

import traceback
from pathlib import PurePosixPath
from typing import Any

from .cells import Cells

AROUND = 2  # lines shown before and after
MOST = 6  # of the reader's frames: more of them is a recursion


def describe(error: BaseException, cells: Cells) -> dict[str, Any]:
    """Give an error's name, its message, the reader's frames, and where a library raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename in cells.sources]
    places = [_place(frame, cells) for frame in own]
    if isinstance(error, SyntaxError) and error.filename in cells.sources:
        places = [_lines(error.filename, error.lineno or 1, "", cells, _column(error))]
    elif isinstance(error, SyntaxError):
        places = []
    left_out = max(0, len(places) - MOST)
    if left_out:
        places = places[: MOST // 2] + places[-(MOST // 2) :]
    return {
        "ename": type(error).__name__,
        "evalue": _message(error),
        "frames": places,
        "left_out": left_out,
        "inside": _inside(frames, cells),
        "notes": [str(note) for note in getattr(error, "__notes__", ())],
        "cause": _cause(error),
        "text": "".join(traceback.format_exception_only(error)).rstrip(),
    }


def _place(frame: traceback.FrameSummary, cells: Cells) -> dict[str, Any]:
    function = "" if frame.name == "<module>" else frame.name
    return _lines(frame.filename, frame.lineno or 1, function, cells, None)


def _lines(
    file: str, number: int, function: str, cells: Cells, column: int | None
) -> dict[str, Any]:
    cell, source = cells.sources[file]
    lines = source.splitlines() or [""]
    first = max(1, number - AROUND)
    shown = lines[first - 1 : number + AROUND]
    return {
        "cell": cell,
        "line": number,
        "function": function,
        "first": first,
        "source": shown,
        "column": column,
    }


def _column(error: SyntaxError) -> int | None:
    return error.offset - 1 if error.offset else None


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return error.msg or "this is not Python"
    if isinstance(error, KeyError):
        return f"{error} is not among the keys"
    return str(error)


def _inside(frames: traceback.StackSummary, cells: Cells) -> str:
    """Say where in a library the error was raised, if it was raised in one."""
    last = frames[-1] if frames else None
    if (
        last is None
        or last.filename in cells.sources
        or not any(frame.filename in cells.sources for frame in frames)
    ):
        return ""
    parts = PurePosixPath(last.filename).parts
    if "site-packages" in parts:
        parts = parts[len(parts) - parts[::-1].index("site-packages") :]
    return f"{'/'.join(parts[-3:])}, line {last.lineno}, in {last.name}"


def _cause(error: BaseException) -> str:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "" if before is None else f"{type(before).__name__}: {before}"
