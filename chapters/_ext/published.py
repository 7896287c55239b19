"""A Sphinx extension: what the site says of itself, to readers, to search engines and to previews.

Every page carries its description, and the version and the day it was built from. Where the site
will stand is known only to whoever publishes it, who says so in NNLIB_ADDRESS; then there are a map
of the site and a picture for previews too, which need whole addresses.
"""

import os
import re
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import card
from docutils import nodes

import nnlib

ADDRESS = os.environ.get("NNLIB_ADDRESS", "").strip().rstrip("/")
LONGEST = 200  # characters of a description
NOT_FOUND = Path(__file__).with_name("not_found.html")


def sign(app, config):
    """Put the version and the day into the foot of every page."""
    config.html_baseurl = f"{ADDRESS}/" if ADDRESS else ""
    day = datetime.now(UTC)
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        day = datetime.fromtimestamp(int(epoch), UTC)
    foot = config.html_theme_options["extra_footer"]
    built = f'<time datetime="{day:%Y-%m-%d}">{day.day} {day:%B %Y}</time>'
    made = f"Version {nnlib.__version__}, built on {built}."
    config.html_theme_options["extra_footer"] = f"{foot}<br>{made}"


def describe(app, pagename, templatename, context, doctree):
    """Tell search engines and previews what the page is about."""
    if pagename == app.config.root_doc:
        context["docstitle"] = ""  # its title is the book's: once is enough
    if doctree is None:
        return
    text = description(doctree)
    tags = {
        "og:type": "article",
        "og:site_name": app.config.html_title,
        "og:title": context["title"],
    }
    if ADDRESS:
        tags |= {"og:url": context["pageurl"], "og:image": f"{ADDRESS}/_static/{card.NAME}"}
    made = [f'<meta property="{name}" content="{plain(value)}">' for name, value in tags.items()]
    if text:
        made += [
            f'<meta {kind}description" content="{plain(text)}">'
            for kind in ('name="', 'property="og:')
        ]
    context["metatags"] = context.get("metatags", "") + "\n".join(made)


def description(doctree):
    """Give what a chapter enables its reader to do, or else the first sentences of a page."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        able = text.partition("After it you can: ")[2]
        text = f"You learn to {able}" if able else text
        if len(text) > 60:
            whole = re.match(rf".{{1,{LONGEST}}}(?=\s|$)", text)[0]
            return whole if whole == text else f"{whole.rstrip(' ,;:')} …"
    return ""


def plain(text):
    return escape(re.sub(r"<[^>]+>", "", text), quote=True)


def finish(app, exception):
    """Write the page for what is not found, and where the address is known the map of the site."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    home = f"{app.config.root_doc}.html"
    base = f'<base href="{urlsplit(ADDRESS).path}/">\n' if ADDRESS else ""
    page = NOT_FOUND.read_text(encoding="utf-8").format(base=base, home=home)
    (site / "404.html").write_text(page, encoding="utf-8")
    if ADDRESS:
        names = [f"{name}.html" for name in sorted(app.env.found_docs)]
        (site / "sitemap.xml").write_text(sitemap(ADDRESS, names), encoding="utf-8")
        card.draw(site / "_static" / card.NAME, app.config.html_title)


def sitemap(address, names):
    """List the pages as search engines want it."""
    lines = [f"<url><loc>{escape(f'{address}/{name}')}</loc></url>" for name in names]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *lines,
            "</urlset>\n",
        ]
    )


def setup(app):
    app.connect("config-inited", sign, priority=900)
    app.connect("html-page-context", describe)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
