"""What is sent to the printer: whole articles, and no link that leads nowhere."""

import pytest
from bs4 import BeautifulSoup

from tools import pdf
from tools.console import Failure

HEAD = (
    '<link rel="stylesheet" href="../_static/one.css?v=1"><link rel="next" href="b.html">'
    '<script src="../_static/page.js"></script><script src="../_static/mathjax/tex.js"></script>'
)


def page(title, body):
    return (
        f"<html><head>{HEAD}</head><body><nav>contents</nav>"
        f'<article class="bd-article"><h1>{title}<a href="#top">#</a></h1>{body}</article>'
        "<footer>foot</footer></body></html>"
    )


def cell(code):
    return f'<div class="cell"><div class="cell_input"><pre>{code}\n</pre></div></div>'


@pytest.fixture
def site(tmp_path, monkeypatch):
    chapters = tmp_path / "chapters"
    chapters.mkdir()
    monkeypatch.setattr(pdf, "SITE", tmp_path)
    monkeypatch.setattr(pdf, "PAGES", chapters)
    monkeypatch.setattr(pdf, "TARGET", tmp_path / "pdf")
    monkeypatch.delenv("NNLIB_ADDRESS", raising=False)
    frames = '<figure style="display:none">frame 0</figure><figure>frame 1</figure>'
    first = f'<p id="here">one</p>{frames}<details><summary>Why?</summary>Because.</details>'
    links = (
        '<a href="#here">up</a> <a href="01-two.html#here">over</a> <a href="01-two.html">two</a> '
        '<a href="notation.html#x">away</a> <a href="https://doi.org/10">work</a>'
    )
    (chapters / "00-one.html").write_text(page("0. One", first + links), encoding="utf-8")
    drawing = '<svg><g id="fig-1"></g></svg>' + cell('solution("1.1")') + cell('check("1.1", f)')
    (chapters / "01-two.html").write_text(
        page("1. Two", f'<p id="here">two</p>{drawing}'), encoding="utf-8"
    )
    return tmp_path


def printed(*names, **options):
    paths = [pdf.PAGES / f"{name}.html" for name in names]
    return BeautifulSoup(pdf.sheet(paths, **options), "html.parser")


def targets(sheet):
    return {link.get_text(): link["href"] for link in sheet.find_all("a")}


def test_a_sheet_is_the_article_with_its_style_and_its_formulas(site):
    sheet = printed("00-one")
    assert "contents" not in sheet.text
    assert "foot" not in sheet.text
    assert sheet.title.text == "0. One"
    style, script = sheet.head.find("link"), sheet.head.find_all("script")
    assert style["href"] == (site / "_static" / "one.css").as_uri()
    assert [tag["src"] for tag in script] == [(site / "_static" / "mathjax" / "tex.js").as_uri()]


def test_paper_shows_the_frame_in_sight_and_opens_what_is_folded(site):
    sheet = printed("00-one")
    assert [figure.text for figure in sheet.find_all("figure")] == ["frame 1"]
    assert sheet.details.has_attr("open")


def test_what_asks_for_a_solution_is_left_out_like_the_solution(site):
    sheet = printed("01-two")
    assert [cell.text.strip() for cell in sheet.select("div.cell")] == ['check("1.1", f)']


def test_a_chapter_alone_keeps_the_links_that_lead_somewhere(site):
    assert targets(printed("00-one")) == {
        "#": "#00-one--top",
        "up": "#00-one--here",
        "work": "https://doi.org/10",
    }


def test_other_links_lead_to_the_site_where_its_address_is_known(site, monkeypatch):
    monkeypatch.setenv("NNLIB_ADDRESS", "https://example.org/course/")
    found = targets(printed("00-one"))
    assert found["away"] == "https://example.org/course/chapters/notation.html#x"
    assert found["two"] == "https://example.org/course/chapters/01-two.html"


def test_in_the_whole_book_chapters_lead_to_each_other_and_names_stay_apart(site):
    sheet = printed("00-one", "01-two", cover=True)
    found = targets(sheet)
    assert (found["over"], found["two"]) == ("#01-two--here", "#01-two")
    assert (found["0. One"], found["1. Two"]) == ("#00-one", "#01-two")
    ids = [tag["id"] for tag in sheet.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {"00-one--here", "01-two--here", "fig-1"} <= set(ids)  # pictures refer to their own
    assert all(
        a["href"][1:] in [*ids, "00-one--top", "01-two--top"]
        for a in sheet.find_all("a")
        if a["href"].startswith("#")
    )


def test_without_a_browser_it_is_said_what_to_do(site, monkeypatch):
    monkeypatch.setattr(pdf, "chromium", lambda: None)
    with pytest.raises(Failure, match="no Chromium was found") as caught:
        pdf.write()
    assert "print it from any browser" in str(caught.value)


def test_without_a_book_it_is_said_how_to_build_one(site, monkeypatch):
    monkeypatch.setattr(pdf, "chromium", lambda: "chromium")
    for path in pdf.chapters():
        path.unlink()
    with pytest.raises(Failure, match="make book"):
        pdf.write()


def test_a_browser_that_prints_nothing_is_a_failure(site, monkeypatch):
    monkeypatch.setattr(pdf, "chromium", lambda: "true")  # a command that does nothing
    with pytest.raises(Failure, match="printed no 00-one"):
        pdf.write()
