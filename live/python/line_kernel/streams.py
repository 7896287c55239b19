"""What a cell prints, sent in pieces: often enough to be seen, seldom enough to be quick."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

PAUSE = 0.05  # seconds between two pieces
PIECE = 8_000  # characters in one
MOST = 200_000  # characters of a cell: a loop that prints for ever must not choke the page


class Stream(io.TextIOBase):
    """Standard output or standard error of the cell that is running."""

    encoding = "utf-8"

    def __init__(self, name: str, send: Callable[..., Any]) -> None:
        self.name, self._send = name, send
        self._held: list[str] = []
        self._size = 0
        self._sent_at = 0.0
        self._left = MOST

    def begin(self) -> None:
        """Begin the output of another cell."""
        self.flush()
        self._left = MOST

    def writable(self) -> bool:
        """Say yes: this is for writing."""
        return True

    def write(self, text: str) -> int:
        """Keep a text, and send all that was kept when it is time."""
        if self._left > 0:
            kept = text[: self._left]
            self._left -= len(kept)
            if self._left <= 0:
                kept += f"\n[The page shows the first {MOST:,} characters of an output.]\n"
            self._held.append(kept)
            self._size += len(kept)
            soon = self._size < PIECE and time.monotonic() - self._sent_at < PAUSE
            if not soon or self._left <= 0:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what was kept."""
        if self._held:
            text = "".join(self._held)
            self._held, self._size = [], 0
            self._sent_at = time.monotonic()
            self._send("stream", name=self.name, text=text)
