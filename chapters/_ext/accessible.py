"""A Sphinx extension: repairs of the generators' markup, so that everybody can use the pages.

Each line of the first table is a finding of axe-core, which tests/live/test_every_page.py runs; of
the second, of the validator that tests/test_site.py runs: what no standard allows, each browser and
each screen reader may understand in its own way.
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
FRONT_DOOR = r"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<title>Neural Networks, Line by Line</title>
<meta http-equiv="Refresh" content="0; url=\1">
</head>
<body><p><a href="\1">Neural Networks, Line by Line</a></p></body>
</html>
"""
INVALID = [
    # what opens on demand is headed by words, not by paragraphs
    (
        r'<p class="(collapsed|expanded) admonition-title">(.*?)</p>',
        r'<span class="\1 admonition-title">\2</span>',
    ),
    # a list of what a function returns is in no paragraph
    (r'(?s)<p>(<ul class="simple">(?:(?!<ul).)*?</ul>)\s*</p>', r"\1"),
    # the page of the search has the field twice
    (r'(?s)(id="search-input".*?)id="search-input"', r'\1id="search-input-here"'),
    # what is printed of a page without a title has none either
    (r"<h1></h1>", ""),
    # the front door, which leads on to the first page
    (r'\A\s*<meta http-equiv="Refresh" content="0; url=([^"]+)" />\s*\Z', FRONT_DOOR),
]
LISTING = re.compile(r"<pre>.*?</pre>", re.DOTALL)


def inline(listing):
    """Mark the parts of a listing, to which links lead, as parts of a line."""
    return re.sub("<(/?)div", r"<\1span", listing[0])


def repair(app, exception):
    """Rewrite the pages once all of them are there."""
    if exception or app.builder.format != "html":
        return
    for page in sorted(Path(app.outdir).rglob("*.html")):
        text = old = page.read_text(encoding="utf-8")
        for found, better in (*REPAIRS, *INVALID):
            text = re.sub(found, better, text)
        text = LISTING.sub(inline, text)
        if text != old:
            page.write_text(text, encoding="utf-8")


def setup(app):
    app.connect("build-finished", repair, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
