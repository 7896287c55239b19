"""The chapters as they stand: what the generated pages need to know, read from the files."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from docutils import nodes

CHAPTERS = Path(__file__).parent.parent
HEAD = re.compile(
    r'<div class="chapter-head">\s*\*(?P<time>[^·*]+) · needs: (?P<needs>.+?)'
    r" · after it you can: (?P<after>.+?)\*\s*</div>",
    re.DOTALL,
)
TAG = re.compile(r"\\tag\{(\d+\.\d+)\}")


@dataclass(frozen=True)
class Chapter:
    """A numbered chapter: its file, and what can be read from its text."""

    path: Path

    @property
    def number(self) -> int:
        return int(self.path.stem[:2])

    @property
    def page(self) -> str:
        return f"{self.path.stem}.html"

    @cached_property
    def text(self) -> str:
        """All prose of the chapter."""
        cells = json.loads(self.path.read_text(encoding="utf-8"))["cells"]
        prose = (cell["source"] for cell in cells if cell["cell_type"] == "markdown")
        return "\n\n".join("".join(source) for source in prose)

    @property
    def title(self) -> str:
        """Its title, without the number."""
        return re.search(r"^# (?:\d+\. )?(.+)$", self.text, re.MULTILINE)[1]

    @property
    def head(self) -> dict[str, str] | None:
        """The three parts of the line under the title, or None where it is still to be written."""
        found = HEAD.search(self.text)
        return (
            {name: " ".join(part.split()) for name, part in found.groupdict().items()}
            if found
            else None
        )

    @property
    def needs(self) -> list[int]:
        """The numbers of the chapters that it builds on."""
        linked = re.findall(r"\]\((\d\d)-[\w-]+\.ipynb\)", self.head["needs"]) if self.head else []
        return [int(number) for number in linked]

    @property
    def tags(self) -> list[str]:
        """The numbers of the equations that it derives."""
        return TAG.findall(self.text)

    def place(self, number: str) -> str:
        """Link to the section that derives an equation."""
        before = self.text.partition(f"\\tag{{{number}}}")[0]
        headings = re.findall(r"^##+ (.+)$", before, re.MULTILINE)
        if not headings or headings.count(headings[-1]) > 1:
            return self.page
        return f"{self.page}#{nodes.make_id(headings[-1])}"

    def anchor(self, exercise: str) -> str:
        """Link to an exercise from another page; to the chapter's top if it is not there yet."""
        name = f"exercise-{exercise.replace('.', '-')}"
        return f"{self.page}#{name}" if f'id="{name}"' in self.text else self.page


def chapters() -> list[Chapter]:
    """Every numbered chapter, in order."""
    return [Chapter(path) for path in sorted(CHAPTERS.glob("[0-9][0-9]-*.ipynb"))]
