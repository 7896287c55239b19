"""The reader's cells: compiled under names of their own, so that their lines can be found again."""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Callable
from typing import Any

MAGIC = re.compile(r"^\s*[%!]\s*(\w*)")


class Cells:
    """Runs cells in one namespace and remembers what stood in each."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names
        self.sources: dict[str, tuple[str, str]] = {}  # file name: the cell's id, its source
        self._count = 0

    def run(
        self, cell: str, source: str, failed: Callable[[AssertionError], Any] | None = None
    ) -> tuple[Any, bool]:
        """Run a cell; give the value of its last expression, and whether it is to be shown.

        With `failed`, each statement runs by itself, and a failed assertion goes there.
        """
        source = _without_magic(source)
        self._count += 1
        file = f"<cell {cell}, run {self._count}>"
        self.sources[file] = cell, source
        linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
        body = ast.parse(source, file).body
        if failed is not None:
            for statement in body:
                try:
                    self._execute([statement], file)
                except AssertionError as error:
                    failed(error)
            return None, False
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        self._execute(body, file)
        if last is None:
            return None, False
        value = eval(compile(ast.Expression(last.value), file, "eval"), self.names)
        return value, not _ends_with_semicolon(source)

    def _execute(self, body: list[ast.stmt], file: str) -> None:
        module = ast.Module(body, type_ignores=[])
        exec(compile(module, file, "exec", dont_inherit=True), self.names)


def _ends_with_semicolon(source: str) -> bool:
    """Whether the reader asked, as in a notebook, not to see the last value."""
    lines = [line.partition("#")[0].rstrip() for line in source.splitlines()]
    return next((line.endswith(";") for line in reversed(lines) if line), False)


def _without_magic(source: str) -> str:
    """Leave out `%matplotlib inline`, which is so anyway; explain why other magic cannot work."""
    lines = source.splitlines()
    for number, line in enumerate(lines):
        found = MAGIC.match(line)
        if found is None or not line.startswith(("%", "!")):
            continue
        if found[1] != "matplotlib":
            raise SyntaxError(
                "Lines that begin with % or ! are IPython's; in the browser a cell is plain Python."
            )
        lines[number] = ""
    return "\n".join(lines)
