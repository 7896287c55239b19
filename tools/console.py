"""Visible progress: one line for each step, with its time; one line for each failure."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent


class Failure(Exception):
    """Something that the person at the keyboard can put right; its text is the whole message."""


@dataclass
class Result:
    """How a command ended: its exit code, everything it printed, and its seconds."""

    code: int
    output: str
    seconds: float


def say(text: str) -> None:
    """Print at once, also where the output goes to a file and the encoding is narrow."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, errors="replace").decode(encoding), flush=True)


def run(
    title: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    timeout: float,
    cwd: Path = ROOT,
) -> Result:
    """Run a command quietly, showing its title and a clock; give back what it printed.

    The output is kept in a file and not in a pipe, so that a process left behind by the command
    cannot keep us waiting for the end of the pipe.
    """
    live = sys.stdout.isatty()
    start = time.monotonic()
    with tempfile.TemporaryFile() as log:
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        except OSError as error:
            raise Failure(f"{title}: could not start {command[0]} ({error.strerror})") from error
        try:
            code = _wait(process, title, start, timeout, live)
        except BaseException:
            process.kill()
            process.wait()
            raise
        log.seek(0)
        output = log.read().decode("utf-8", errors="replace").replace("\r\n", "\n")
    return Result(code, output, time.monotonic() - start)


def _wait(
    process: subprocess.Popen[bytes], title: str, start: float, timeout: float, live: bool
) -> int:
    """Wait for the end or the time limit, redrawing the clock where there is a terminal."""
    while True:
        elapsed = time.monotonic() - start
        if live:
            print(f"\r  ..  {title}  {elapsed:.0f} s ", end="", flush=True)
        try:
            return process.wait(timeout=1.0 if live else max(0.0, timeout - elapsed))
        except subprocess.TimeoutExpired:
            if time.monotonic() - start >= timeout:
                raise Failure(f"{title}: stopped after {timeout:.0f} s without an end") from None
        finally:
            if live:
                print("\r\033[K", end="", flush=True)


def verdict(title: str, good: bool, seconds: float, note: str = "") -> None:
    """Print the one line that a step leaves behind."""
    say(f"  {'ok' if good else 'NO'}  {title}{f': {note}' if note else ''}  ({seconds:.1f} s)")


def tail(text: str, lines: int) -> str:
    """Return the last lines of a text, indented to stand under a verdict."""
    return "\n".join("      " + line for line in text.rstrip().splitlines()[-lines:])


def leave(main: Callable[[], int]) -> NoReturn:
    """Run a command and end with its exit code; what the person can put right is one line."""
    try:
        sys.exit(main())
    except Failure as failure:
        say(f"  NO  {failure}")
        sys.exit(1)
