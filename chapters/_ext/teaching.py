"""A Sphinx extension for the teacher's page: what each chapter offers, and which it builds on.

Both are read from the line under each chapter's title, so that the page says what the chapters say.
"""

import re

from docutils import nodes
from docutils.statemachine import StringList
from outline import chapters
from sphinx.util.docutils import SphinxDirective

from nnlib.course.exercises.bank import EXERCISES
from nnlib.course.pictures.style import BLUE
from nnlib.course.pictures.svg import document, text

ROW, MARGIN, LEFT, WIDTH = 34, 22, 110, 420
KINDS = {
    "function": "a function to write",
    "gradient": "gradients by hand",
    "property": "something with given properties",
    "value": "short questions",
    "budget": "something to train on a budget",
    "debug": "faults to find",
    "parsons": "lines to put in order",
}


def abilities(after: str) -> list[str]:
    """Take the promise of a chapter apart: at its semicolons, or else at its commas."""
    promise = after.rstrip(".")
    parts = promise.split(";") if ";" in promise else re.split(r", (?!or\b)", promise)
    return [part.strip().removeprefix("and ") for part in parts]


def plan(chapter) -> str:
    """Write what a teacher wants to know of one chapter, as Markdown."""
    name = f"**[{chapter.number}. {chapter.title}]({chapter.path.name})**"
    time, needs = chapter.head["time"].split(",")[0], chapter.head["needs"].rstrip(".")
    promises = "\n".join(f"- {each}" for each in abilities(chapter.head["after"]))
    own = [each for each in EXERCISES if each.id.split(".")[0] == str(chapter.number)]
    titles = "; ".join(f"{each.id} {each.title} ({KINDS[each.kind]})" for each in own)
    return (
        f"{name}\n\n*{time}*, exercises included. Needs {needs}.\n\n"
        f"After it they can\n\n{promises}\n\n" + (f"Exercises: {titles}." if own else "")
    )


class Plan(SphinxDirective):
    """A block for each chapter: time, needs, abilities, exercises."""

    def run(self):
        found = []
        for chapter in chapters():
            self.env.note_dependency(str(chapter.path))
            said = nodes.Element()
            source = StringList(plan(chapter).splitlines(), source=chapter.path.name)
            self.state.nested_parse(source, self.content_offset, said)
            found.append(nodes.raw("", '<div class="nn-plan">', format="html"))
            found += said.children
            found.append(nodes.raw("", "</div>", format="html"))
        return found


def picture() -> str:
    """Draw the chapters below each other, and an arc from each to those that build on it."""
    listed = chapters()
    height = {chapter.number: MARGIN + ROW * place for place, chapter in enumerate(listed)}
    pairs = [(need, each.number) for each in listed for need in each.needs if need in height]
    longest = max((height[b] - height[a] for a, b in pairs), default=ROW)
    drawn = [_arc(height[a], height[b], longest) for a, b in sorted(set(pairs))]
    for chapter in listed:
        words = f"{chapter.number}. {chapter.title}"
        drawn.append(f'<circle cx="{LEFT}" cy="{height[chapter.number]}" r="4.5"/>')
        drawn.append(text(LEFT + 16, height[chapter.number] + 5, words, size=15, anchor="start"))
    total = 2 * MARGIN + ROW * (len(listed) - 1)
    return document(WIDTH, total, "".join(drawn), _in_words(listed))


def _arc(top: float, bottom: float, longest: float) -> str:
    x = LEFT - 10 - (LEFT - 14) / 0.75 * (bottom - top) / longest  # a curve stays within 3/4 of it
    return (
        f'<path d="M{LEFT} {top} C{x:.0f} {top} {x:.0f} {bottom} {LEFT} {bottom}" fill="none" '
        f'stroke="{BLUE}" stroke-width="1.6" stroke-opacity="0.8"/>'
    )


def _in_words(listed) -> str:
    said = []
    for chapter in listed:
        *most, last = map(str, sorted(set(chapter.needs))) if chapter.needs else [""]
        if last:
            names = f"{', '.join(most)} and {last}" if most else last
            said.append(f"Chapter {chapter.number} builds on {names}.")
    return " ".join(["The chapters below each other, with arcs between them.", *said])


class Map(SphinxDirective):
    """The picture of what builds on what."""

    def run(self):
        return [nodes.raw("", f'<div class="nn-figure nn-map">{picture()}</div>', format="html")]


def setup(app):
    app.add_directive("chapter-plan", Plan)
    app.add_directive("chapter-map", Map)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
