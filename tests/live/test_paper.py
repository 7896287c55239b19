"""A chapter on paper: what a browser prints of it, begun in the dark theme too."""

import re
import zlib

import pytest

from tools import pdf
from tools.live_host import chromium

CHAPTER = "01-neurons"
SEEN = "(e) => e.checkVisibility() && e.getClientRects().length > 0"
NOT_ON_PAPER = (
    *(".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", ".bd-footer"),
    *(".nn-live", ".nn-frames input", "#jb-print-docs-body", ".headerlink", "details.hide"),
    ".nn-check",
)


@pytest.fixture
def paper(browser, host):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{host.address}/chapters/{CHAPTER}.html")
    page.emulate_media(media="print", color_scheme="dark")
    yield page
    context.close()


def test_paper_has_the_text_and_not_what_answers_on_a_screen(paper):
    for selector in NOT_ON_PAPER:
        assert not any(paper.locator(selector).evaluate_all(f"(all) => all.map({SEEN})")), selector
    assert paper.locator("article h1").evaluate(SEEN)
    assert all(paper.locator(".nn-exercise").evaluate_all(f"(all) => all.map({SEEN})"))
    for widget in paper.locator(".nn-frames").all():
        assert sum(widget.locator("figure").evaluate_all(f"(all) => all.map({SEEN})")) == 1
    answers = paper.locator("details:not(.hide) > p").evaluate_all(f"(all) => all.map({SEEN})")
    assert len(answers) >= 5
    assert all(answers)


BRIGHTNESS = (
    "(all, [name, choose]) => all.map((e) => [e.outerHTML.slice(0, 200), "
    "Math[choose](...getComputedStyle(e)[name].match(/\\d+/g).slice(0, 3))])"
)


def test_paper_is_white_and_ink_is_dark_in_the_dark_theme_too(paper):
    assert paper.locator("html").get_attribute("data-theme") == "dark"
    inks = paper.locator("article :is(p, h1, h2, li, a, summary, pre, pre span, figcaption)")
    written = inks.evaluate_all(BRIGHTNESS, ["color", "max"])
    assert len(written) > 500
    assert [html for html, brightest in written if brightest > 160] == []
    boxes = paper.locator("article :is(.cell_input, .nn-widget)")
    filled = boxes.evaluate_all(BRIGHTNESS, ["backgroundColor", "min"])
    assert [html for html, darkest in filled if darkest < 230] == []
    for name in ("html", "body", ".bd-main"):
        ground = "(e) => getComputedStyle(e).backgroundColor"
        assert paper.locator(name).evaluate(ground) in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")


def test_a_chapter_is_printed_with_its_text_its_formulas_and_numbered_pages(ready, tmp_path):
    target = tmp_path / "chapter.pdf"
    page = pdf.PAGES / f"{CHAPTER}.html"
    pdf.to_paper(chromium(), pdf.sheet([page]), target)
    content = target.read_bytes()
    pages = len(re.findall(rb"/Type\s*/Page\b", content))
    assert 12 <= pages <= 40
    text = words(content)
    for wanted in ("1. Neurons", "Exercise 1.1", "Do you remember?", "(1.1)"):
        assert squeezed(wanted) in text, wanted
    answer = "The weights are the arrow: they turn the line"  # folded away on the screen
    assert squeezed(answer) in text
    for unwanted in ("Show the source", "Make this page live", "not attempted", "\\frac", "\\("):
        assert squeezed(unwanted) not in text, unwanted


def squeezed(text):
    return "".join(text.split())


def words(content):
    """Read the text of a PDF as this browser writes them: its glyphs, by the fonts' own tables."""
    objects = dict(re.findall(rb"(?m)^(\d+) 0 obj\s(.*?)\nendobj", content, re.DOTALL))
    fonts = {}
    for number, body in objects.items():
        table = re.search(rb"/ToUnicode (\d+) 0 R", body)
        if table:
            fonts[number] = letters(stream(objects[table[1]]))
    text = []
    for body in objects.values():
        font = {}
        for name, glyphs in re.findall(rb"/F(\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj", stream(body)):
            if name:
                font = fonts.get(name, {})
            else:
                codes = re.findall("....", glyphs.decode())
                text += [font.get(int(code, 16), "?") for code in codes]
    return squeezed("".join(text))


def stream(body):
    head, found, rest = body.partition(b"stream\n")
    if not found or b"FlateDecode" not in head:
        return b""
    return zlib.decompress(rest.rpartition(b"\nendstream")[0])


def letters(table):
    """Read which glyph stands for which letters."""
    found = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(rb"<(\w+)> <(\w+)>", part):
            found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", part):
            for i in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + i] = chr(int(text, 16) + i)
    return found
