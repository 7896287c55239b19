"""A Sphinx extension: every equation of the notation page beside the line of code that it is.

Formulas and words come from the notation page, lines from the comments in nnlib, tests from
tests/equations.toml, which tools/equations.py proves, and derivations from the chapters' tags.
"""

import re
import sys
from dataclasses import dataclass, field
from html import escape
from importlib import import_module
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from outline import CHAPTERS, chapters
from sphinx.util.docutils import SphinxDirective

from nnlib.course.exercises.bank import EXERCISES
from nnlib.course.exercises.listing import listing_of
from nnlib.course.sources import highlighted

ROOT = CHAPTERS.parent
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from tools.equations import Line, library, marked, named_tests  # noqa: E402  after the path is set

CODE_ALONE = re.compile(r"`[\w.]+`")  # a name, which the link beside the line says as well


@dataclass
class Equation:
    """A number of the notation page, its cells there, and the heads of their columns."""

    number: str
    section: str
    cells: list[tuple[str, str]] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"equation-{self.number.replace('.', '-')}"


def equations() -> list[Equation]:
    """Read the tables of the notation page."""
    found, section, head = [], "", []
    for line in (CHAPTERS / "notation.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("### "):
            section = line.removeprefix("### ")
        if not line.startswith("|"):
            head = []
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not head:
            head = cells
        for place, cell in enumerate(cells):
            number = re.fullmatch(r"\((\d+\.\d+)\)", cell)
            if number:
                found.append(Equation(number[1], section))
            elif found and found[-1].section == section and re.match(r"\| \(", line) and cell:
                found[-1].cells.append((head[place], cell))
    return found


def by_exercise() -> dict[str, str]:
    """Give the exercise in which the reader writes an equation, by its number."""
    return {
        line.number: exercise.id
        for exercise in reversed(EXERCISES)
        if not exercise.written
        for line in marked(listing_of(exercise), Path(exercise.id))
    }


def formula(cells: list[tuple[str, str]]) -> str:
    """Write what the notation page says as one line of Markdown."""
    (head, first), *rest = cells
    alone = re.fullmatch(r"\$([^$]+)\$", first)
    said = f"$\\displaystyle {alone[1]}$" if alone else first
    notes = [head] if head not in ("", "the value") else []
    notes += [
        f"{other}: {cell}" if other else cell
        for other, cell in rest
        if not CODE_ALONE.fullmatch(cell)
    ]
    return said + "".join(f"[{note}]{{.nn-said}}" for note in notes)


def documented() -> set[str]:
    """Give the names that the library reference has an entry for."""
    names = set()
    reference = (CHAPTERS / "reference.md").read_text(encoding="utf-8")
    for module in map(import_module, re.findall(r"automodule:: (\S+)", reference)):
        every = [name for name, value in vars(module).items() if not name.startswith("_")
                 and getattr(value, "__module__", None) == module.__name__]  # fmt: skip
        names |= {f"{module.__name__}.{name}" for name in getattr(module, "__all__", every)}
    return names


def entry_of(line: Line, names: set[str]) -> str:
    """Find the entry in the library reference that a line belongs to, or nothing."""
    package, thing = line.module.rpartition(".")[0], line.function.split(".")[0]
    return next((n for n in (f"{line.module}.{thing}", f"{package}.{thing}") if n in names), "")


def code(number: str, names: set[str]) -> str:
    """Show the lines of nnlib that carry a number, each function's with its name."""
    own = {(each.path, each.lineno): each for each in library() if each.number == number}
    by_function: dict[str, list[str]] = {}
    for line in own.values():
        name, entry = f"{line.module}.{line.function}", entry_of(line, names)
        where = f'<a href="reference.html#{entry}">{escape(name)}</a>' if entry else escape(name)
        by_function.setdefault(where, []).append(line.code)
    return "".join(
        f'<p class="nn-where">{where}</p>{highlighted(chr(10).join(lines))}'
        for where, lines in by_function.items()
    )


def derived(number: str) -> str:
    """Link to where a chapter derives an equation."""
    for chapter in chapters():
        if number in chapter.tags:
            return f'Derived in <a href="{chapter.place(number)}">chapter {chapter.number}</a>.'
    return ""


def tested(number: str, exercises: dict[str, str]) -> str:
    """Say which tests fail when the line is broken, or in which exercise the reader writes it."""
    by_reader = ""
    if number in exercises:
        own = exercises[number]
        chapter = next(each for each in chapters() if str(each.number) == own.split(".")[0])
        by_reader = f'You write it in <a href="{chapter.anchor(own)}">exercise {own}</a>.'
    names = ", ".join(
        f'<code title="{escape(file)}">{escape(name.replace("-numpy]", "]"))}</code>'
        for file, _, name in (test.partition("::") for test in named_tests().get(number, ()))
    )
    noticed = f"When it is broken, {names} fails." if names else ""
    if names.count("<code") > 1:
        noticed = f"When it is broken, {names} fail."
    return f"{noticed} {by_reader}".strip()


class Equations(SphinxDirective):
    """All equations: a section for each of the notation page's, an entry for each number."""

    def run(self):
        for path in (*sorted((ROOT / "nnlib").rglob("*.py")), ROOT / "tests" / "equations.toml"):
            self.env.note_dependency(str(path))
        names, exercises = documented(), by_exercise()
        every = equations()
        lines = {line.number for line in library()}
        intro = nodes.paragraph()
        by_reader = sum(each.number in exercises for each in every)
        intro += nodes.Text(
            f"There are {len(every)}: {len(lines)} are lines of the library, and {by_reader} the "
            "reader writes in an exercise."
        )
        found = [intro]
        for title in dict.fromkeys(each.section for each in every):
            section = nodes.section(ids=[nodes.make_id(f"equations {title}")], names=[])
            section += nodes.title(text=title)
            for each in every:
                if each.section == title:
                    section += self.entry(each, names, exercises)
            found.append(section)
        return found

    def entry(self, equation, names, exercises):
        number = equation.number
        opening = (
            f'<div class="nn-equation" id="{equation.anchor}">'
            f'<div class="nn-number">({number})</div><div>'
        )
        said = nodes.Element()
        source = StringList(formula(equation.cells).splitlines(), source="notation.md")
        self.state.nested_parse(source, self.content_offset, said)
        note = " ".join(filter(None, (derived(number), tested(number, exercises))))
        closing = f'{code(number, names)}<p class="nn-where">{note}</p></div></div>'
        return [
            nodes.raw("", opening, format="html"),
            *said.children,
            nodes.raw("", closing, format="html"),
        ]


def setup(app):
    app.add_directive("equations", Equations)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
