"""The session, as ipywidgets knows it."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any, ClassVar

from line_kernel import display


def _nothing(*_: object, **__: object) -> None:
    """Do nothing, as where nobody listens to an event."""


class InteractiveShell:
    """Answers what packages ask of the session that they run in."""

    config: ClassVar[dict[str, Any]] = {}  # no "IPKernelApp" in it: progress bars come as text
    kernel = None
    events = SimpleNamespace(**dict.fromkeys(("register", "unregister", "trigger"), _nothing))
    _instance: InteractiveShell | None = None

    @classmethod
    def instance(cls) -> InteractiveShell:
        """Give the one session."""
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance

    @property
    def display_formatter(self) -> Any:
        """What turns a value into its kinds."""
        return SimpleNamespace(format=lambda value: (display.bundle(value), {}))

    def showtraceback(self, *_: object, **__: object) -> None:
        """Show an error that a control's function raised: it belongs to no cell that is running."""
        error = sys.exception()
        if error is not None:
            display.report(error)


def get_ipython() -> InteractiveShell:
    """Give the one session."""
    return InteractiveShell.instance()
