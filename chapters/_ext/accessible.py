"""A Sphinx extension: repairs of the theme's markup, so that everybody can use the pages.

Each line of the table is a finding of axe-core, which tests/live/test_accessible.py runs.
"""

import re
from pathlib import Path

REPAIRS = [
    # a button and a line that opens are called what stands on them
    (r'(<button class="btn search-button-field[^>]*?) aria-label="Search"', r"\1"),
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    # all of the page lies in a landmark
    (
        r'<div class="bd-sidebar-primary bd-sidebar"',
        '<div role="complementary" aria-label="The book" class="bd-sidebar-primary bd-sidebar"',
    ),
    # the corner of a table heads nothing
    (r'<th(?: class="head")?>(?:<p></p>)?</th>', "<td></td>"),
    # a wide table is moved by keyboard too
    (
        r'<div class="pst-scrollable-table-container">',
        '<div class="pst-scrollable-table-container" tabindex="0" role="group" aria-label="Table">',
    ),
    # a work in the bibliography is no item of a list that is none
    (r' role="doc-(?:biblioentry|backlink)"| role="list"', ""),
]


def repair(app, exception):
    """Rewrite the pages once all of them are there."""
    if exception or app.builder.format != "html":
        return
    for page in sorted(Path(app.outdir).rglob("*.html")):
        text = old = page.read_text(encoding="utf-8")
        for found, better in REPAIRS:
            text = re.sub(found, better, text)
        if text != old:
            page.write_text(text, encoding="utf-8")


def setup(app):
    app.connect("build-finished", repair, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
