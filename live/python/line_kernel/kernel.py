"""Messages in, messages out."""

from __future__ import annotations

import contextlib
import json
import sys
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

from . import assist, comms, display, errors, planning, streams
from .cells import Cells


class Kernel:
    """One Python session of a page.

    Parameters
    ----------
    post : callable
        Takes a message for the page, as JSON. Each names in `run` the cell that it belongs to:
        `stream` (name, text), `display` (data, id, update, result), `clear` (wait), `error` (see
        `errors.describe`), `done` (ok, exercises), and `comm` (what the widget protocol says).
    """

    def __init__(self, post: Callable[[str], Any]) -> None:
        self._post = post
        self.run: str | None = None  # the cell whose outputs are being made
        self.module = ModuleType("__main__", "What the cells of the page have defined.")
        self.names = vars(self.module)
        self.cells = Cells(self.names)
        self.streams = [streams.Stream(name, self.send) for name in ("stdout", "stderr")]
        display.send, display.report = self.send, self.report
        comms.install(self.send)

    def install(self, notebook: bool = False) -> None:
        """Take over what Python prints, shows, and calls its main module.

        In a notebook `run` is the request that a cell runs for: the widget `Output` asks for it.
        """
        if notebook:
            from IPython import get_ipython

            get_ipython().kernel = self
        sys.modules["__main__"] = self.module
        sys.stdout, sys.stderr = self.streams
        self.names["display"] = display.display
        self.names["input"] = _no_input
        # a browser's Python has no threads: tqdm does without, and need not tell the reader
        warnings.filterwarnings("ignore", "tqdm:disabling monitor")

    def send(self, kind: str, **content: Any) -> None:
        """Tell the page something; what was printed before comes first."""
        if kind != "stream":
            self.flush()
        self._post(json.dumps({"type": kind, "run": self.run, **content}, default=repr))

    def flush(self) -> None:
        """Send what was printed and is still held back."""
        for stream in self.streams:
            stream.flush()

    def report(self, error: BaseException) -> None:
        """Show an error below the cell that it belongs to."""
        self.send("error", **errors.describe(error, self.cells))

    def execute(self, run: str, source: str, hidden: bool = False) -> bool:
        """Run one cell; say whether it ended well.

        A hidden cell holds the book's prose to what its cells computed. A reader who changes them
        makes other numbers, and is not to be stopped by that: a claim that fails is told to the
        page (`claim`), and the cell goes on with its next statement.
        """
        self.run = run
        for stream in self.streams:
            stream.begin()
        good = True
        try:
            value, shown = self.cells.run(run, source, self._claim_failed if hidden else None)
            if shown and value is not None:
                self.names["_"] = value
                display.show(value, result=True)
            display.show_open_figures()
        except BaseException as error:  # a cell may raise anything; Python goes on
            good = False
            self.report(error)
        self.send("done", ok=good, exercises=_exercises())
        self.run = None
        return good

    def _claim_failed(self, error: AssertionError) -> None:
        self.send("claim", text=str(error))

    def needs(self, target: str, others: str) -> str:
        """Choose which cells have to run before this one (see `planning`), as JSON."""
        return json.dumps(planning.needed(target, json.loads(others), set(self.names)))

    def get_parent(self) -> dict[str, Any]:
        """Give the request that is being answered, as a notebook's kernel does."""
        return {"header": {"msg_id": self.run}}

    def complete(self, source: str, place: int) -> str:
        """Give what a name that ends at a place may go on with (see `assist`), as JSON."""
        return json.dumps(assist.complete(source, place, self.names))

    def explain(self, source: str, place: int) -> str:
        """Give the signature and the words on what stands at a place, or nothing."""
        return assist.explain(source, place, self.names)

    def comm(self, message: str) -> None:
        """Hand a message from a control on the page to its widget."""
        content = json.loads(message)
        self.run = content.get("run")
        try:
            comms.receive(content)
        except BaseException as error:
            self.report(error)
        with contextlib.suppress(Exception):
            display.show_open_figures()
        self.send("handled", comm_id=content["comm_id"], exercises=_exercises())
        self.run = None

    def forget(self) -> None:
        """Begin the count of attempts, hints and passes anew."""
        if learner := _learner():
            learner._records.clear()
            learner._reported.clear()


def _learner() -> ModuleType | None:
    return sys.modules.get("nnlib.course.exercises.learner")


def _exercises() -> dict[str, Any]:
    """Give what `check` has seen in this session, as nnlib keeps it."""
    learner = _learner()
    return {number: vars(record) for number, record in learner._records.items()} if learner else {}


def _no_input(*_: object) -> str:
    raise RuntimeError("A live page cannot wait for input(): write the value into the cell.")
