"""A live page in a real browser, with every other host refused.

Skipped, with the reason, where Playwright, a browser, the built site or its live runtime is
missing; NNLIB_REQUIRE_LIVE=1, which `.ci/run` sets, turns such a skip into a failure. Tests
run in Chromium; those marked so, `browsers("chromium", "firefox")`, in Firefox too.
"""

import importlib.util
import os

import pytest

from tools.book import SITE, is_current
from tools.live import node_modules
from tools.live_host import ALONE, FLAGS, OFFLINE, Host, chromium, firefox

PATIENCE = 120_000  # ms: a machine may be busy with other things; what is stuck stays stuck
REQUIRED = os.environ.get("NNLIB_REQUIRE_LIVE") == "1"


def pytest_generate_tests(metafunc):
    if "engine" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("browsers")
        metafunc.parametrize("engine", marker.args if marker else ["chromium"], scope="session")


def missing():
    if importlib.util.find_spec("playwright") is None:
        return "Playwright is not installed: pip install playwright"
    if chromium() is None:
        return "there is no Chromium on the PATH"
    if not is_current():
        return "the book is not built from what the project is now (make test-site does both)"
    if not (SITE / "live" / "page.js").is_file():
        return "the book was built without live pages: its build says why"
    return None


@pytest.fixture(scope="session", autouse=True)
def ready():
    reason = missing()
    if reason and REQUIRED:
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def host(ready):
    server = Host(SITE)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def axe(ready):
    """Say what axe-core finds on a page: each rule, how often, and the first place."""
    script = (node_modules(tests=True) / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def find(page):
        page.evaluate(f"() => {{ if (!window.axe) {{ {script} }} }}")
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
        return [f"{each['id']}, {len(each['nodes'])}: {each['nodes'][0]['html']}" for each in found]

    return find


@pytest.fixture(scope="session")
def browser(ready, engine):
    from playwright.sync_api import sync_playwright

    if engine == "firefox" and firefox() is None:
        pytest.skip("there is no Firefox on the PATH")
    with sync_playwright() as playwright:
        opened = open_firefox(playwright) if engine == "firefox" else open_chromium(playwright)
        yield opened
        opened.close()


def open_chromium(playwright):
    return playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, ALONE])


def open_firefox(playwright):
    """Open the Firefox of this machine; to one that it did not patch, Playwright speaks BiDi."""
    try:
        opened = playwright.firefox.launch(
            channel="moz-firefox", executable_path=firefox(), firefox_user_prefs=OFFLINE
        )
        opened.new_page().close()
    except Exception as error:
        if REQUIRED:
            raise
        pytest.skip(f"this Playwright cannot drive {firefox()}: {str(error).splitlines()[0]}")
    return opened


class Live:
    """One page, in a browser of its own: what a reader can do with it, and what it answered."""

    def __init__(self, context, host):
        self.host, self.context = host, context
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.complaints = []
        context.on("request", self._asked)
        context.on("response", self._answered)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)
        self.page.add_init_script(
            "window.heard = []; addEventListener('nn-message', (e) => heard.push(e.detail))"
        )

    def _asked(self, request):
        if not request.url.startswith((self.host.root, "data:", "blob:")):
            self.complaints.append(f"asked another host: {request.url}")

    def _answered(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status} for {response.url}")

    def _heard(self, message):
        if message.type == "error":
            self.complaints.append(message.text)

    def open(self, chapter):
        self.page.goto(f"{self.host.address}/chapters/{chapter}.html")
        return self

    def press(self, caption):
        self.page.get_by_role("button", name=caption, exact=True).click()

    def status(self, text):
        self.page.locator(".nn-status", has_text=text).wait_for()

    def start(self):
        self.press("Make this page live")
        self.page.locator("html[data-live=whole]").wait_for()
        return self

    def idle(self):
        """Wait until nothing runs."""
        self.page.wait_for_function(
            "() => { const seen = document.querySelector('.nn-actions').textContent;"
            " const status = document.querySelector('.nn-status').textContent;"
            " return seen.includes('Run all') && !/^Running|…$/.test(status); }",
        )

    def cell(self, text):
        """Find the cell whose code holds a text."""
        return Cell(self, self.page.locator("div.cell.nn-open", has_text=text).first)

    def messages(self):
        return self.page.evaluate("heard")


class Cell:
    def __init__(self, live, root):
        self.live = live
        identity = root.get_attribute("id")
        self.root = live.page.locator(f"#{identity}")
        self.output = self.root.locator(".cell_output")

    def write(self, source):
        self.root.locator(".cm-content").click()
        self.live.page.keyboard.press("ControlOrMeta+a")
        self.live.page.keyboard.press("Delete")  # or a script's text in Firefox keeps two lines
        self.live.page.keyboard.insert_text(source)

    @property
    def source(self):
        return "\n".join(self.root.locator(".cm-line").all_inner_texts())

    def run(self):
        self.start()
        self.root.locator(".nn-state", has_text="ran in").or_(
            self.root.locator(".nn-state", has_text="error")
        ).wait_for()

    def start(self):
        before = "document.getElementById(id).querySelector('.cell_output').replaceChildren()"
        # an output of the book must not be taken for a new one
        self.live.page.evaluate(f"(id) => {before}", self.root.get_attribute("id"))
        self.root.get_by_role("button", name="Run").click()


@pytest.fixture
def visit(browser, host):
    """Open a page as a reader does who was never here: with an empty cache and no storage."""
    host.broken = []
    contexts = []

    def arrive(**options):
        contexts.append(browser.new_context(**options))
        return Live(contexts[-1], host)

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def live(visit):
    return visit()
