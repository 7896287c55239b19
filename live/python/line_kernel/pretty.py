"""The text of a value as notebooks print it: as `repr`, but containers too long for a line broken.

Where a container does not fit into a line, each of its items stands on one of its own.
"""

from __future__ import annotations

from typing import Any

WIDTH = 79
MOST = 1000  # items
BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    dict: ("{", "}"),
}


def pretty(value: Any, indent: int = 0, column: int = 0, after: int = 0) -> str:
    """Write a value.

    A line that is broken goes on at `indent`, one more for each container that it is in. The value
    begins at `column`, and `after` characters follow it on its last line.
    """
    kind = type(value)
    if isinstance(value, type):
        return _name(value)
    if kind.__repr__ not in _BUILT_IN.get(kind, ()) or not value:
        return repr(value).replace("\n", "\n" + " " * indent)
    flat = _flat(value)
    if flat is not None and column + len(flat) + after <= WIDTH:
        return flat
    start, end = BRACKETS[kind]
    inside = indent + len(start)
    place = column + len(start)
    items = _ordered(value)
    lines = []
    for i, item in enumerate(items[:MOST]):
        trailing = len(end) + after if i == len(items) - 1 else 1
        if kind is dict:
            key = f"{pretty(item, inside, place)}: "
            lines.append(key + pretty(value[item], inside, place + len(key), trailing))
        else:
            lines.append(pretty(item, inside, place, trailing))
        place = inside
    if len(items) > MOST:
        lines.append("...")
    comma = "," if kind is tuple and len(items) == 1 else ""
    return start + (",\n" + " " * inside).join(lines) + comma + end


_BUILT_IN: dict[type, tuple[Any, ...]] = {kind: (kind.__repr__,) for kind in BRACKETS}


def _flat(value: Any) -> str | None:
    """Write a container on one line, if all in it is."""
    items = _ordered(value)
    if len(items) > MOST:
        return None
    if isinstance(value, dict):
        parts = [f"{pretty(key)}: {pretty(value[key])}" for key in items]
    else:
        parts = [pretty(item) for item in items]
    if any("\n" in part for part in parts) or not parts:
        return None if parts else repr(value)
    start, end = BRACKETS[type(value)]
    comma = "," if isinstance(value, tuple) and len(parts) == 1 else ""
    return start + ", ".join(parts) + comma + end


def _ordered(value: Any) -> list[Any]:
    """List the items; those of a set sorted, if that can be done."""
    items = list(value)
    if isinstance(value, set | frozenset):
        try:
            return sorted(items)
        except TypeError:
            pass
    return items


def _name(kind: type) -> str:
    """Give a class its full name, but for what comes with Python or from the reader."""
    module = kind.__module__
    return (
        kind.__qualname__
        if module in ("builtins", "exceptions")
        else f"{module}.{kind.__qualname__}"
    )
