"""A Sphinx extension: the page of progress, a list that live/progress-page.js fills."""

from html import escape

from docutils import nodes
from outline import chapters
from sphinx.util.docutils import SphinxDirective

import nnlib
from live import VERSION, load
from nnlib.course.exercises import bank
from nnlib.course.exercises.progress_file import COURSE

WITHOUT = "This copy of the book was built without live pages, so there is nothing to show here."
SILENT = "Without JavaScript this page can only list the exercises, not how they stand."


class Progress(SphinxDirective):
    """All exercises, by chapter, each with a place for how it stands."""

    def run(self):
        self.env.metadata[self.env.docname]["progress"] = True
        found = [nodes.raw("", panel(), format="html")]
        for chapter in chapters():
            mine = [each for each in bank.EXERCISES if each.id.startswith(f"{chapter.number}.")]
            if mine:
                section = nodes.section(ids=[f"chapter-{chapter.number}"], names=[])
                section += nodes.title(text=f"{chapter.number}. {chapter.title}")
                rows = "".join(row(exercise, chapter) for exercise in mine)
                section += nodes.raw("", f'<ul class="nn-list">{rows}</ul>', format="html")
                found.append(section)
        return found


def panel():
    """Give the place above the list that the script fills."""
    if not VERSION:
        return f"<p>{WITHOUT}</p>"
    return (
        f'<div class="nn-progress" data-course="{escape(COURSE)}" '
        f'data-nnlib="{nnlib.__version__}"><noscript><p>{SILENT}</p></noscript></div>'
    )


def row(exercise, chapter):
    link = f'<a href="{chapter.anchor(exercise.id)}">{exercise.id} {escape(exercise.title)}</a>'
    return f'<li data-exercise="{exercise.id}">{link} <span class="nn-how"></span></li>'


def add_script(app, pagename, templatename, context, doctree):
    if VERSION and "progress" in app.env.metadata.get(pagename, {}):
        load(context, "progress-page.js")


def setup(app):
    app.connect("html-page-context", add_script)
    app.add_directive("progress", Progress)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
