"""Print the book: `python -m tools.pdf` writes a file for each chapter, and one for all of it.

The pages are those of the built site, with the print rules of chapters/_static/print.css, printed
by a Chromium without a window. What a page asks a reader to do on a screen (other frames, links to
other pages) is taken out first; in the file of the whole book, a link to another chapter leads to
its page. Where the site's address is known (NNLIB_ADDRESS), other links lead there.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urldefrag, urlsplit

from bs4 import BeautifulSoup, Tag

from tools.book import BUILD, SITE
from tools.console import Failure, run, tail, verdict
from tools.live_host import chromium

TARGET = BUILD / "pdf"
PAGES = SITE / "chapters"
WHOLE = "neural-networks-line-by-line"
FOLDED = re.compile(r"(solution|hint)\([^()]*\)")  # what it would show is not on paper
BACK = ("notation", "glossary", "bibliography")  # what the chapters lean on
SETTING = 60_000  # ms of the page's own clock: formulas are set by a script
PATIENCE = 900  # seconds: a whole book takes a minute, on a busy machine several
FLAGS = ("--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking")
SHEET = """<!DOCTYPE html>
<html lang="en-GB" data-theme="light"><head><meta charset="utf-8"><title>{title}</title>{head}
<style>@page {{ size: A4 }} @media print {{ article + article {{ break-before: page }}
.nn-cover h1 {{ font-size: 34pt !important; margin-top: 3.5cm !important }}
.nn-cover ol {{ columns: 2; font: 11pt/1.9 var(--nn-sans); list-style: none; padding: 0 }}
.nn-cover ol {{ margin: 2.5cm 0 2cm }} .nn-cover .lead {{ font-size: 15pt }}
.nn-cover.bd-article ol a {{ color: inherit; text-decoration: none }} }}
</style></head><body><main class="bd-main"><div class="bd-content">
<div class="bd-article-container">{body}</div></div></main></body></html>
"""


def chapters() -> list[Path]:
    """Give the pages of the numbered chapters, in order."""
    return sorted(PAGES.glob("[0-9][0-9]-*.html"))


def write() -> list[Path]:
    """Print every chapter, and the book; return the files."""
    browser = chromium()
    if browser is None:
        raise Failure(
            "no Chromium was found on the PATH (chromium, chromium-browser or google-chrome).\n"
            "      Install one, or open a chapter (make serve) and print it from any browser: the\n"
            "      pages have their own style for paper."
        )
    pages = chapters()
    if not pages:
        raise Failure("there is no built book to print: run `make book` first")
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    books = {page.stem: [page] for page in pages}
    books[WHOLE] = [*pages, *(PAGES / f"{name}.html" for name in BACK)]
    written = []
    for name, parts in books.items():
        start = time.monotonic()
        written.append(TARGET / f"{name}.pdf")
        to_paper(browser, sheet(parts, cover=name == WHOLE), written[-1])
        size = written[-1].stat().st_size / 1e6
        verdict(written[-1].name, True, time.monotonic() - start, f"{size:.1f} MB")
    return written


def to_paper(browser: str, html: str, target: Path) -> None:
    """Let a browser without a window print a page."""
    with tempfile.TemporaryDirectory() as scratch:
        page = Path(scratch, "page.html")
        page.write_text(html, encoding="utf-8")
        command = [browser, *FLAGS, f"--user-data-dir={Path(scratch, 'profile')}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # it refuses to start otherwise, as in a container
        command += ["--no-pdf-header-footer", "--generate-pdf-document-outline"]
        command += [f"--virtual-time-budget={SETTING}", f"--print-to-pdf={target}", page.as_uri()]
        result = run(f"printing {target.name}", command, timeout=PATIENCE)
    if not target.is_file():
        raise Failure(f"{browser} printed no {target.name}:\n{tail(result.output, 8)}")


def sheet(parts: Sequence[Path], *, cover: bool = False) -> str:
    """Make one page of the articles of several, to be printed."""
    names = {path.stem for path in parts}
    articles: list[Tag] = []
    head: dict[str, None] = {}
    for path in parts:
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for tag in page.head.find_all(["link", "script"]) if page.head else []:
            if re.search(r"rel=\"stylesheet\"|mathjax", str(tag), re.IGNORECASE):
                locate(tag, path)
                head.setdefault(str(tag), None)
        article = page.find("article", class_="bd-article")
        if not isinstance(article, Tag):
            raise Failure(f"{path.name} has no article to print")
        prepare(article, path, names)
        articles.append(article)
    title = heading(articles[0])
    if cover:
        title = "Neural Networks, Line by Line"
        articles.insert(0, contents(title, parts, articles))
    return SHEET.format(title=title, head="".join(head), body="".join(map(str, articles)))


def prepare(article: Tag, path: Path, names: set[str]) -> None:
    """Leave out what paper cannot show; let every link lead to something that is there."""
    for hidden in article.find_all(style=re.compile(r"display:\s*none")):
        hidden.decompose()
    for cell in article.select("div.cell:has(> div.cell_input)"):
        if FOLDED.fullmatch(cell.select("div.cell_input")[0].get_text().strip()):
            cell.decompose()
    for opened in article.find_all("details"):
        opened["open"] = ""
    for tag in article.find_all(id=True):
        if tag.find_parent("svg") is None:  # a picture's names are its own, on every page
            tag["id"] = f"{path.stem}--{tag['id']}"
    article["id"] = path.stem
    for tag in article.find_all(["img", "source"]):
        locate(tag, path)
    for link in article.find_all("a", href=True):
        address = lead(str(link["href"]), path, names)
        if address is None:
            link.unwrap()
        else:
            link["href"] = address


def lead(address: str, path: Path, names: set[str]) -> str | None:
    """Give what a link is to lead to: a place in the file, another host, the site, or nothing."""
    if urlsplit(address).scheme:
        return address
    page, anchor = urldefrag(address)
    name = Path(page).stem if page else path.stem
    if name in names and page in ("", f"{name}.html"):
        return f"#{name}--{anchor}" if anchor else f"#{name}"
    site = os.environ.get("NNLIB_ADDRESS", "").strip().rstrip("/")
    if not site:
        return None
    place = os.path.normpath(path.parent.relative_to(SITE) / page).replace(os.sep, "/")
    return f"{site}/{quote(place)}{f'#{anchor}' if anchor else ''}"


def locate(tag: Tag, path: Path) -> None:
    """Let a tag find its file from wherever the page to be printed is."""
    for name in ("src", "href"):
        address = str(tag.get(name, ""))
        if address and not urlsplit(address).scheme:
            tag[name] = (path.parent / urlsplit(address).path).resolve().as_uri()


def contents(title: str, parts: Sequence[Path], articles: Sequence[Tag]) -> Tag:
    """Write the first page: the title, what is inside, the licences."""
    lines = "".join(
        f'<li><a href="#{path.stem}">{heading(article)}</a></li>'
        for path, article in zip(parts, articles, strict=True)
    )
    page = BeautifulSoup(
        f'<article class="bd-article nn-cover"><section><h1>{title}</h1>'
        '<p class="lead">Every equation is a line of code.<br>Every line is tested.</p>'
        f"<ol>{lines}</ol>"
        "<p>Code under the MIT licence, text under CC BY 4.0.</p></section></article>",
        "html.parser",
    )
    assert page.article is not None
    return page.article


def heading(article: Tag) -> str:
    """Give the title of a page."""
    found = article.find("h1")
    return found.get_text().rstrip("#").strip() if found else ""


def main() -> int:
    """Print the book, and say where it is."""
    start = time.monotonic()
    try:
        written = write()
    except Failure as failure:
        verdict("printing the book", False, time.monotonic() - start)
        print(f"      {failure}")
        return 1
    verdict(f"printed to {TARGET}", True, time.monotonic() - start, f"{len(written)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
