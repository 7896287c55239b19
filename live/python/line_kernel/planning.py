"""Which cells must run before one of them can: so that a reader may begin in the middle.

A cell needs the last cell before it that binds a name it uses, and so on back. What was changed in
between counts too: a cell that uses a variable which is needed may have trained it, so it is taken
as well. Functions, classes and modules are not changed by being used. Cells that the book hides
hold its prose to its numbers; they are taken only where they bind a name.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator
from typing import Any

ALWAYS = set(dir(builtins)) | {"display", "get_ipython"}


def needed(target: str, others: list[dict[str, Any]], known: set[str]) -> list[str]:
    """Choose from the cells above a target those that have to run first, in order.

    Parameters
    ----------
    target : str
        The source that is to run.
    others : list of dict
        The cells above it in order: `id`, `source`, `hidden`, `ran` (in this session, as is).
    known : set of str
        Names that exist already.

    Returns
    -------
    list of str
        Ids.
    """
    reads = [_reads(cell["source"]) for cell in others]
    binds = [_binds(cell["source"]) for cell in others]
    chosen: set[int] = set()
    _add(_reads(target), len(others), others, reads, binds, known | ALWAYS, chosen)
    return [others[i]["id"] for i in sorted(chosen)]


def _add(
    names: set[str],
    place: int,
    others: list[dict[str, Any]],
    reads: list[set[str]],
    binds: list[dict[str, bool]],
    known: set[str],
    chosen: set[int],
) -> None:
    """Choose what gives these names to whatever stands at a place, and what that needs in turn."""
    for name in sorted(names):
        origin = next((i for i in range(place - 1, -1, -1) if name in binds[i]), None)
        if origin is None or (others[origin]["ran"] and name in known):
            continue
        if name in known and name in ALWAYS:
            continue
        taken = {origin}
        if binds[origin][name]:  # a variable: others may have changed it on the way
            taken |= {
                i
                for i in range(origin + 1, place)
                if name in reads[i] and not others[i]["hidden"] and not others[i]["ran"]
            }
        for i in sorted(taken - chosen):
            if not others[i]["ran"]:
                chosen.add(i)
                _add(reads[i], i, others, reads, binds, known, chosen)


def _reads(source: str) -> set[str]:
    """List the names that a cell needs from before it."""
    found: set[str] = set()
    bound: set[str] = set()
    for statement, table in _tables(source):
        uses = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
        for inner in _inner(table):
            uses |= {s.get_name() for s in inner.get_symbols() if s.is_global()}
        own = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
        if isinstance(statement, ast.AugAssign):
            uses |= own
        elif not isinstance(statement, ast.Assign | ast.AnnAssign):
            uses -= own
        found |= uses - bound
        bound |= own
    return found


def _binds(source: str) -> dict[str, bool]:
    """List the names that a cell leaves behind, and of each whether it is a variable."""
    binds: dict[str, bool] = {}
    fixed = ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
    for statement, table in _tables(source):
        for symbol in table.get_symbols():
            if symbol.is_assigned() or symbol.is_imported():
                binds[symbol.get_name()] = not isinstance(statement, fixed)
    return binds


def _tables(source: str) -> Iterator[tuple[ast.stmt, symtable.SymbolTable]]:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return
    for statement in body:
        yield statement, symtable.symtable(ast.unparse(statement), "cell", "exec")


def _inner(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _inner(child)
