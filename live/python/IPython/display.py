"""What `IPython.display` offers that makes sense on a page."""

from line_kernel.display import Handle as DisplayHandle
from line_kernel.display import clear_output, display

__all__ = [
    "HTML", "SVG", "DisplayHandle", "Latex", "Markdown", "Math", "clear_output", "display",
]  # fmt: skip


class _Shown:
    """A text of some kind."""

    kind = "text/plain"

    def __init__(self, data: str = "", **_: object) -> None:
        self.data = data

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {self.kind: self.data, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"<IPython.core.display.{type(self).__name__} object>"


class HTML(_Shown):
    """HTML to be shown."""

    kind = "text/html"


class SVG(_Shown):
    """A drawing to be shown."""

    kind = "image/svg+xml"


class Markdown(_Shown):
    """Markdown; a live page shows its text."""

    kind = "text/markdown"


class Latex(_Shown):
    """A formula; a live page has MathJax set it."""

    kind = "text/latex"


class Math(Latex):
    """A formula without its dollars."""

    def __init__(self, data: str = "", **options: object) -> None:
        super().__init__(f"$$ {data} $$", **options)
