"""The built site: it stands on its own, its links lead somewhere, its pictures have words.

Skipped where the book is not built, or not from what the project is now; `make test-site` builds
it first.
"""

import json
import os
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from bs4 import BeautifulSoup

from nnlib.course.exercises.bank import EXERCISES
from tools.book import SITE, is_current
from tools.console import run
from tools.equations import listed
from tools.live import Unavailable, node_modules
from tools.notebooks import CHAPTERS

CURRENT = is_current()
OTHERS = {"_static", "lite"}  # not pages of the book: parts of them, and JupyterLite
PAGES = sorted(
    path for path in SITE.rglob("*.html") if not OTHERS.intersection(path.relative_to(SITE).parts)
)
LOADING = {
    "script": ["src"],
    "img": ["src", "srcset"],
    "source": ["src", "srcset"],
    "iframe": ["src"],
    "video": ["src", "poster"],
    "audio": ["src"],
    "embed": ["src"],
    "object": ["data"],
    "image": ["href", "xlink:href"],
    "use": ["href", "xlink:href"],
}
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest"}
URL = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
NAMESPACE = "http://www.w3.org/"


@pytest.fixture(autouse=True)
def built():
    if CURRENT:
        return
    if os.environ.get("NNLIB_REQUIRE_SITE") == "1":
        pytest.fail("the book is not built from what the project is now: run `make book`")
    pytest.skip("the book is not built from what the project is now (make test-site does both)")


@cache
def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(path):
    page = soup(path)
    named = page.find_all("a", attrs={"name": True})
    return {tag["id"] for tag in page.find_all(id=True)} | {tag["name"] for tag in named}


def name(path):
    return path.relative_to(SITE).as_posix()


def words(tag):
    return " ".join(tag.get_text(" ").split())


def loaded(page):
    """Give every address that a browser fetches by itself when it shows the page."""
    for tag in page.find_all(LOADING):
        for attribute in LOADING[tag.name]:
            if tag.get(attribute):
                yield tag[attribute].split()[0]
    for tag in page.find_all("link", href=True):
        if LOADED_LINKS.intersection(tag.get("rel", [])):
            yield tag["href"]
    for style in [*page.find_all("style"), *page.find_all(style=True)]:
        for found in URL.findall(style.get("style") or style.get_text()):
            yield found[0] or found[1]


def elsewhere(address):
    """Whether an address is on another host: with a scheme, or beginning with two slashes."""
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme in ("http", "https")


def local(page, address):
    """Give the file that an address on a page stands for."""
    path = unquote(urlsplit(address).path)
    target = (page.parent / path).resolve() if path else page
    return target / "index.html" if target.is_dir() else target


def outputs(page):
    return page.select("div.cell_output")


def test_there_is_a_site():
    assert {"index.html", "chapters/intro.html", "search.html"} <= {name(path) for path in PAGES}


def test_every_page_is_valid_html(tmp_path):
    """html-validate finds nothing that the standard forbids; its rules of taste are left out."""
    try:
        modules = node_modules(tests=True)
    except Unavailable as reason:
        if os.environ.get("NNLIB_REQUIRE_LIVE") == "1":
            raise
        pytest.skip(f"pages cannot be validated: {reason}")
    rules, wrong = tmp_path / "rules.json", tmp_path / "wrong.html"
    rules.write_text(json.dumps({"root": True, "extends": ["html-validate:standard"]}))
    wrong.write_text("<!DOCTYPE html><summary><p>A paragraph</p></summary>")  # it must find this
    validator = ["node", modules / "html-validate" / "bin" / "html-validate.mjs"]
    options = ["--config", rules, "--formatter", "json"]
    result = run("validating the pages", [*validator, *options, *PAGES, wrong], timeout=300)
    found = {
        f"{Path(page['filePath']).name}:{each['line']}: {each['message']}"
        for page in json.loads(result.output)
        for each in page["messages"]
    }
    assert {each for each in found if "wrong.html" not in each} == set()
    assert found


def test_pages_load_nothing_from_another_host():
    wrong = [
        f"{name(path)}: {address}"
        for path in PAGES
        for address in loaded(soup(path))
        if elsewhere(address)
    ]
    assert not wrong


def test_scripts_in_pages_name_no_other_host():
    for path in PAGES:
        for script in soup(path).find_all("script", src=False):
            addresses = re.findall(r"https?://[^\s\"'<>]+|[\"']//\w[^\"']*", script.get_text())
            assert [a for a in addresses if not a.startswith(NAMESPACE)] == [], name(path)


def test_whatever_pages_load_is_there():
    missing = {
        f"{name(path)}: {address}"
        for path in PAGES
        for address in loaded(soup(path))
        if not address.startswith(("data:", "#")) and not local(path, address).is_file()
    }
    assert not missing


def test_style_sheets_load_nothing_from_another_host():
    sheets = {
        local(path, link["href"])
        for path in PAGES
        for link in soup(path).select("link[rel=stylesheet]")
    }
    assert sheets
    for sheet in sheets:
        for first, second in URL.findall(sheet.read_text(encoding="utf-8")):
            address = first or second
            if not address.startswith(("data:", "#")):
                assert not elsewhere(address), f"{name(sheet)}: {address}"
                assert local(sheet, address).is_file(), f"{name(sheet)}: {address}"


def test_formulas_are_set_by_the_site_itself():
    mathjax = SITE / "_static" / "mathjax"
    assert (mathjax / "tex-chtml.js").is_file()
    fonts = mathjax / "output" / "chtml" / "fonts" / "woff-v2"
    assert (fonts / "MathJax_Math-Italic.woff").is_file()
    for path in PAGES:
        if soup(path).select(".math"):
            scripts = [tag.get("src", "") for tag in soup(path).find_all("script")]
            assert any("mathjax/tex-chtml.js" in source for source in scripts), name(path)


def test_every_link_and_anchor_leads_somewhere():
    broken = []
    for path in PAGES:
        for link in soup(path).find_all("a", href=True):
            address, fragment = urldefrag(link["href"])
            if elsewhere(address) or address.startswith(("mailto:", "javascript:")):
                continue
            target = local(path, address)
            if not target.is_file() or (
                fragment and target.suffix == ".html" and unquote(fragment) not in anchors(target)
            ):
                broken.append(f"{name(path)}: {link['href']}")
    assert not broken


def test_every_image_says_what_it_shows():
    for path in PAGES:
        for image in soup(path).find_all("img"):
            alt = image.get("alt", "").strip()
            assert alt, f"{name(path)}: {image.get('src')} has no alternative text"
            assert not re.search(r"\.(png|jpe?g|svg|gif)$|^_images|^[0-9a-f]{16,}", alt), alt


def test_every_drawing_says_what_it_shows():
    for path in PAGES:
        for output in outputs(soup(path)):
            for drawing in output.find_all("svg"):
                if drawing.find_parent("svg") is None and not drawing.get("aria-hidden"):
                    start = f"{name(path)}: {drawing}"[:300]
                    assert drawing.get("role") == "img", start
                    assert drawing.get("aria-label", "").strip(), start


def test_every_control_has_a_label():
    for path in PAGES:
        for output in outputs(soup(path)):
            for control in output.find_all(["input", "select", "textarea"]):
                named = control.get("aria-label") or control.find_parent("label")
                assert named, f"{name(path)}: {control}"[:300]


def test_no_output_is_an_error():
    for path in PAGES:
        for output in outputs(soup(path)):
            assert "Traceback (most recent call last)" not in output.get_text(), name(path)


def test_no_markup_was_left_unread():
    role = re.compile(
        r"\{(term|cite|cite:\w|ref|eq|doc|numref)\}|\]\([\w./#-]+\)|</?(div|details)\b"
    )
    for path in PAGES:
        article = soup(path).find("article")
        for text in article.find_all(string=role) if article else []:
            inside_code = text.find_parent(["code", "pre", "script", "style"])
            assert inside_code, f"{name(path)}: {text.strip()[:100]}"


def test_every_page_has_a_title_a_language_and_one_main_heading():
    for path in PAGES:
        page = soup(path)
        if page.find("meta", attrs={"http-equiv": re.compile("refresh", re.IGNORECASE)}):
            continue
        assert words(page.find("title")), name(path)
        assert page.html.get("lang"), name(path)
        headings = [h1 for h1 in page.find_all("h1") if not h1.find_parent(class_="onlyprint")]
        assert len(headings) == 1, name(path)


def chapter_page(name_):
    return soup(SITE / "chapters" / f"{name_}.html")


def test_every_exercise_is_on_the_page_of_misconceptions_and_linked_where_it_stands():
    blocks = chapter_page("misconceptions").select("details.nn-ideas")
    assert [words(each.summary).split()[0] for each in blocks] == [each.id for each in EXERCISES]
    for block, exercise in zip(blocks, EXERCISES, strict=True):
        assert block.select_one(".nn-where a")["href"].endswith(
            f"#exercise-{exercise.id.replace('.', '-')}"
        )
        assert block.select(".nn-idea")


def test_every_equation_stands_beside_its_code():
    entries = chapter_page("equations").select("div.nn-equation")
    assert [words(each.select_one(".nn-number")) for each in entries] == [
        f"({number})" for number in listed()
    ]
    for entry in entries:
        assert entry.select("div.highlight") or "You write it in exercise" in words(entry), entry


def test_every_chapter_is_on_the_teachers_page():
    plans = chapter_page("teaching").select("div.nn-plan")
    drawing = chapter_page("teaching").select_one(".nn-map svg")
    assert len(plans) == len(drawing.select("text")) == len(list(CHAPTERS.glob("[0-9][0-9]-*")))
    assert drawing["aria-label"]


def test_the_front_door_leads_to_the_first_page():
    assert "chapters/intro.html" in Path(SITE / "index.html").read_text(encoding="utf-8")


def test_a_page_says_its_version_its_day_and_what_it_is_about():
    for path in PAGES:
        page = soup(path)
        if "chapters" in path.parts:
            foot = words(page.select_one(".extra_footer"))
            made = r"Version \d+\.\d+\.\d+, built on \d+ \w+ 20\d\d"
            assert re.search(made, foot), name(path)
            assert page.select_one('meta[property="og:title"]')["content"], name(path)
            assert len(page.select_one('meta[name="description"]')["content"]) > 40, name(path)


def test_an_address_that_does_not_exist_leads_back():
    assert {link["href"] for link in soup(SITE / "404.html").find_all("a")} == {
        "chapters/intro.html",
        "search.html",
    }


def test_every_entry_of_the_reference_leads_to_its_source():
    entries = chapter_page("reference").select("dl.py > dt.sig[id]")
    sources = [entry.select_one('a[href*="_modules/"]') for entry in entries]
    assert len(entries) > 100
    assert sum(map(bool, sources)) > 0.9 * len(entries)


def test_the_map_of_the_site_has_whole_addresses(monkeypatch):
    monkeypatch.syspath_prepend(CHAPTERS / "_ext")
    published = __import__("published")
    made = published.sitemap("https://example.org/course", ["a.html", "b.html"])
    assert re.findall("<loc>(.*?)</loc>", made) == [
        "https://example.org/course/a.html",
        "https://example.org/course/b.html",
    ]
