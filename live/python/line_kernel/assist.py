"""What a notebook asks for while one writes: how a name goes on, and what is known of it.

Only names with dots are looked up, in what the cells have defined: nothing is called for it.
"""

from __future__ import annotations

import builtins
import inspect
import re
from typing import Any

ENDS = re.compile(r"[^\W\d][\w.]*$")
MOST = 200


def complete(source: str, place: int, names: dict[str, Any]) -> dict[str, Any]:
    """Give the names that begin as the one before a place, and where that one begins."""
    found = ENDS.search(source[:place])
    whole, _, start = (found[0] if found else "").rpartition(".")
    known = {**vars(builtins), **names} if not whole else _listed(_look_up(whole, names))
    fitting = [name for name in known if name.startswith(start)]
    if not start.startswith("_"):
        fitting = [name for name in fitting if not name.startswith("_")]
    return {"matches": sorted(fitting)[:MOST], "start": place - len(start), "end": place}


def explain(source: str, place: int, names: dict[str, Any]) -> str:
    """Give the signature and the docstring of what stands at a place, or is called there."""
    before, after = source[:place], re.match(r"\w*", source[place:])[0]
    for text in (before + after, re.sub(r"\((?:[^()]|\([^()]*\))*$", "", before)):
        found = ENDS.search(text)
        value = _look_up(found[0], names) if found else None
        if value is not None:
            return f"{found[0]}{_signature(value)}\n\n{inspect.getdoc(value) or ''}".strip()
    return ""


def _look_up(path: str, names: dict[str, Any]) -> Any:
    first, *rest = path.split(".")
    value = names.get(first, getattr(builtins, first, None))
    for name in rest:
        value = getattr(value, name, None)
    return value


def _listed(value: Any) -> list[str]:
    return [] if value is None else dir(value)


def _signature(value: Any) -> str:
    try:
        return str(inspect.signature(value))
    except (TypeError, ValueError):
        return ""
