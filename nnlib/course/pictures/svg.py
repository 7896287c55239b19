"""The few pieces of SVG that the pictures share: plain functions that return strings."""

from __future__ import annotations

from html import escape


def document(width: float, height: float, body: str, alt: str) -> str:
    """Wrap a drawing as a picture with its description, in the page's own ink.

    It shrinks to fit a narrow page, but no further than its letters can be read.
    """
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-label="{escape(alt)}" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'fill="currentColor" style="max-width:100%;min-width:{0.7 * width:.0f}px;height:auto">'
        f"{body}</svg>"
    )


def text(x: float, y: float, words: str, *, size: int = 12, anchor: str = "middle") -> str:
    """Write one line of text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def line(
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    colour: str = "currentColor",
    width: float = 1.2,
    dashed: bool = False,
) -> str:
    """Draw a line, dashed for what is negative."""
    (x1, y1), (x2, y2) = start, end
    dash = ' stroke-dasharray="5 3"' if dashed else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}" stroke-width="{width:.1f}"{dash}/>'
    )


def number(value: float) -> str:
    """Print a number in three digits, without a negative zero."""
    return f"{value + 0.0:.3g}".replace("-", "−")
