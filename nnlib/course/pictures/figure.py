"""A figure on the page: inline SVG in the page's ink, with words for those who do not see it."""

from __future__ import annotations

import hashlib
import io
import re
import sys
from html import escape, unescape
from typing import Any

from .style import INK


class Picture:
    """An SVG drawing and its description.

    Parameters
    ----------
    svg : str
        The drawing.
    alt : str
        What it shows.
    """

    def __init__(self, svg: str, alt: str) -> None:
        self.svg, self.alt = svg, alt

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.alt, "text/html": f'<div class="nn-figure">{self.svg}</div>'}


def figure(fig: Any, *, alt: str | None = None) -> Picture:
    """Show a matplotlib figure, or a drawing of this package, as part of the page.

    Parameters
    ----------
    fig : matplotlib Figure or Axes, or str
        What to show. A string is an SVG drawing that carries its own description.
    alt : str
        What the figure shows, in a sentence: what a reader would see. A plot must have it.

    Returns
    -------
    Picture
        Inline SVG in a notebook or on a page, the description as text.

    Examples
    --------
    >>> from nnlib.course.pictures import subplots
    >>> fig, axes = subplots()
    >>> lines = axes.plot([1, 2, 3], [3.0, 1.0, 0.5])
    >>> figure(fig, alt="The loss falls from 3 to 0.5 in two steps.")
    The loss falls from 3 to 0.5 in two steps.
    """
    if isinstance(fig, str):
        own = re.search(r'aria-label="([^"]*)"', fig)
        if own is None:
            raise ValueError("This SVG has no aria-label that says what it shows.")
        if alt is None:
            return Picture(fig, unescape(own[1]))
        return Picture(fig.replace(own[0], f'aria-label="{escape(alt)}"', 1), alt)
    if not alt or not alt.strip():
        raise ValueError("A figure needs alt=: a sentence that says what a reader would see.")
    return Picture(_svg(getattr(fig, "figure", fig), alt), alt)


def _svg(fig: Any, alt: str) -> str:
    """Turn a matplotlib figure into SVG: the same bytes each time, and at home on any page."""
    import matplotlib as mpl

    for axes in fig.axes:
        if axes.get_legend():
            axes.get_legend().set_frame_on(False)
    buffer = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "nn"}):
        fig.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    if "matplotlib.pyplot" in sys.modules:  # or the notebook would show it a second time
        sys.modules["matplotlib.pyplot"].close(fig)
    source = buffer.getvalue()
    view = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', source)
    assert view is not None
    body = source[source.index(">", source.index("<svg")) + 1 : source.rindex("</svg>")]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r"<style.*?</style>", "", body, flags=re.DOTALL)  # it would style the whole page
    body = re.sub(r"font: ((?:\w+ )*)([\d.]+px) [^;\"]+", r"font-size: \2", body)
    body = body.replace(INK, "currentColor")
    body = _with_ids_of_its_own(body, alt)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'role="img" aria-label="{escape(alt)}" viewBox="{view[0][9:-1]}" width="{view[1]}" '
        'fill="currentColor" '
        'style="max-width:100%;height:auto;stroke-linejoin:round;stroke-linecap:butt">'
        f"{body}</svg>"
    )


def _with_ids_of_its_own(body: str, alt: str) -> str:
    """Prefix every id, so that two figures on a page do not take each other's."""
    prefix = "f" + hashlib.sha256((alt + body).encode()).hexdigest()[:8]
    body = re.sub(r'(\bid="|xlink:href="#|url\(#)', rf"\g<1>{prefix}-", body)
    return re.sub(r"\n\s*", "\n", body)
