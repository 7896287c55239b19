"""Show a value: as the richest kind that it offers and the page can draw, with its text beside."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count
from typing import Any

from .pretty import pretty

KINDS = {
    "_repr_html_": "text/html",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_markdown_": "text/markdown",
    "_repr_latex_": "text/latex",
}
send: Callable[..., Any] = print  # the kernel puts its own here, and in the next line
report: Callable[[BaseException], Any] = print
_ids = count()


def bundle(value: Any) -> dict[str, Any]:
    """Give a value in every kind that it can be shown as."""
    make = _method(value, "_repr_mimebundle_")
    data: dict[str, Any] = {}
    if make is not None:
        made = make(include=None, exclude=None)
        data = dict(made[0] if isinstance(made, tuple) else made or {})
    for name, kind in KINDS.items():
        make = _method(value, name)
        made = make() if make is not None and kind not in data else None
        if made is not None:
            data[kind] = made
    if "text/plain" not in data:
        data["text/plain"] = pretty(value)
    return data


def _method(value: Any, name: str) -> Callable[..., Any] | None:
    """Find a method of an object; of a class it would lack its `self`."""
    return None if isinstance(value, type) else getattr(value, name, None)


def show(value: Any, **options: Any) -> None:
    """Send a value to the page."""
    send("display", data=_plain(bundle(value)), **options)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Turn bytes, as of a picture, into text that JSON can hold."""
    import base64

    return {
        kind: base64.b64encode(part).decode() if isinstance(part, bytes) else part
        for kind, part in data.items()
    }


class Handle:
    """What `display(..., display_id=True)` gives: it can show something else in the same place."""

    def __init__(self, display_id: str) -> None:
        self.display_id = display_id

    def update(self, value: Any) -> None:
        """Show another value there."""
        show(value, id=self.display_id, update=True)


def display(*values: Any, display_id: Any = None, raw: bool = False, **_: Any) -> Handle | None:
    """Show values below the cell, before it has ended."""
    name = f"d{next(_ids)}" if display_id is True else display_id
    for value in values:
        if raw:
            send("display", data=_plain(value), id=name, update=False)
        else:
            show(value, id=name, update=False)
    return Handle(name) if name else None


def clear_output(wait: bool = False) -> None:
    """Remove what the cell has shown so far; with `wait`, when the next output comes."""
    send("clear", wait=wait)


def show_open_figures() -> None:
    """Show the figures that matplotlib holds open, as a notebook does when a cell ends."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or not pyplot.get_fignums():
        return
    import io

    for number in pyplot.get_fignums():
        file = io.BytesIO()
        pyplot.figure(number).savefig(file, format="png", dpi=110, bbox_inches="tight")
        send("display", data=_plain({"image/png": file.getvalue(), "text/plain": "A figure"}))
    pyplot.close("all")
