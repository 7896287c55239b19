"""Show the library's own source in a chapter: read from the library, never typed again."""

from __future__ import annotations

import ast
import inspect
import textwrap
from html import escape
from typing import Any


class Source:
    """A piece of Python source, highlighted where it can be."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": highlighted(self.text)}


def show_source(thing: Any, *, docstring: bool = False) -> Source:
    """Show the source of a function or class of the library.

    Parameters
    ----------
    thing : function or class
        A primitive shows the rule with its derivatives.
    docstring : bool, optional
        Show its docstring too. The code alone is what a chapter has just built.

    Returns
    -------
    Source
        The source as it stands in the library.

    Examples
    --------
    >>> from nnlib.course import claim
    >>> show_source(claim)
    def claim(text: str, truth: object) -> None:
        if not truth:
            raise AssertionError(f"The chapter says {text!r}, and that is not what was computed.")
    """
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(thing)))
    return Source((source if docstring else without_docstrings(source)).rstrip())


def without_docstrings(source: str) -> str:
    """Leave the docstrings of functions and classes out; comments stay."""
    lines = source.splitlines(keepends=True)
    owners = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, owners) and ast.get_docstring(node) is not None and len(node.body) > 1:
            first, last = node.body[0].lineno, node.body[0].end_lineno or node.body[0].lineno
            if not "".join(lines[last : last + 1]).strip():
                last += 1  # the blank line after it goes too
            lines[first - 1 : last] = [""] * (last - first + 1)
    return "".join(lines)


def highlighted(source: str) -> str:
    """Give Python source as HTML, coloured where Pygments is installed."""
    try:
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer
    except ImportError:
        return f"<pre>{escape(source)}</pre>"
    return str(highlight(source, PythonLexer(), HtmlFormatter()))
