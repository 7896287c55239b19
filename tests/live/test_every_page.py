"""Every page in a browser: complete, light, from one host alone, and usable by everybody."""

import pytest

from tools.book import SITE

MOST_REQUESTS, MOST_BYTES = 25, 600_000
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
PAGES = [
    name
    for name in PAGES
    if "_static/" not in name and not name.startswith("lite/") and name != "index.html"
]  # the last only leads on
SOURCES = [name for name in PAGES if name.startswith("_modules/")]  # one like the other
SEEN_TWICE = [name for name in PAGES if name not in SOURCES[1:]]


def sideways(page, width):
    """Give by how much the whole page is wider than the window."""
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate("document.documentElement.scrollWidth") - width


def opened(live, name):
    """Open a page; it is whole when nothing failed, no other host was asked, it fits a phone."""
    live.host.sent.clear()
    live.page.goto(f"{live.host.address}/{name}", wait_until="networkidle")
    live.page.evaluate("async () => { await window.MathJax?.startup?.promise }")
    assert live.page.locator("mjx-merror").all_inner_texts() == []  # a formula it cannot read
    requests, size = len(live.host.sent), sum(sent for _, sent in live.host.sent)
    assert live.complaints == []
    assert requests <= MOST_REQUESTS
    assert size <= MOST_BYTES
    assert sideways(live.page, 640) <= 0  # a window of 1280 at 200 %
    assert sideways(live.page, 360) <= 0
    return live.page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_complete_light_and_accessible(live, axe, name):
    page = opened(live, name)
    if name in SEEN_TWICE:
        page.set_viewport_size({"width": 1280, "height": 800})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.reload(wait_until="networkidle")
            page.wait_for_load_state()  # a busy machine is idle before its scripts have run
            assert axe(page) == [], theme


@pytest.mark.browsers("firefox")
@pytest.mark.parametrize("name", SEEN_TWICE)
def test_a_page_is_complete_and_light_in_another_browser(live, name):
    opened(live, name)


@pytest.mark.browsers("chromium", "firefox")
def test_a_search_finds_something_and_asks_no_other_host(live, host):
    live.page.set_viewport_size({"width": 360, "height": 800})
    live.page.goto(f"{host.address}/search.html?q=gradient", wait_until="networkidle")
    live.page.locator("#search-results li").nth(5).wait_for()  # they come one after the other
    live.page.locator("#search-results .context").first.wait_for()
    shown = live.page.locator("#search-results .context").all_inner_texts()
    assert not [text for text in shown if ".pdf" in text or "Contents" in text]
    assert sideways(live.page, 360) <= 0
    assert live.complaints == []
