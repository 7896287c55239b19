"""Every page in a browser: complete, light, and from one host alone."""

import pytest

from tools.book import SITE

MOST_REQUESTS, MOST_BYTES = 25, 600_000


def pages():
    """Give the addresses of all pages."""
    found = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
    return [name for name in found if "_static/" not in name]


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_loads_without_a_complaint(live, host, width):
    live.page.set_viewport_size({"width": width, "height": 800})
    wrong = {}
    for name in [*pages(), "search.html?q=gradient"]:
        live.complaints.clear()
        live.page.goto(f"{host.address}/{name}", wait_until="networkidle")
        if live.page.evaluate("document.documentElement.scrollWidth") > width:
            live.complaints.append("has to be moved sideways")
        if live.complaints:
            wrong[name] = list(live.complaints)
    assert not wrong


def test_no_page_is_heavy_before_it_is_live(visit, host):
    heavy = {}
    for name in pages():
        host.sent.clear()
        live = visit()  # with an empty cache
        live.page.goto(f"{host.address}/{name}", wait_until="networkidle")
        requests, size = len(host.sent), sum(sent for _, sent in host.sent)
        live.context.close()
        if requests > MOST_REQUESTS or size > MOST_BYTES:
            heavy[name] = f"{requests} requests, {size / 1000:.0f} kB"
    assert not heavy
