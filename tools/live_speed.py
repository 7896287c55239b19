"""Measure live pages in a browser: what a page weighs, how soon it is ready, how fast it answers.

`python -m tools.live_speed [chapter] [--runs 3] [--notebook]`, in .venv, after `make book`; needs
Playwright and Chromium. Each run starts from an empty cache; the last finds what the one before it
left. With --notebook it is the chapter in JupyterLite that is measured. The page Measured shows
what --json wrote to benchmarks/measured/live.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from tools.book import SITE
from tools.console import say
from tools.live_host import FLAGS, Host, chromium

STEPS = 20  # of a slider
GOALS = {  # what is measured, and the most that it may be
    "requests before": 25,
    "MB before": 0.6,
    "MB live": 14,
    "s to ready": 6,
    "ms slider, median": 100,
}
READY = "html[data-live]"
WHOLE = "html[data-live=whole]"
CHANGED = """(box) => new Promise((done) => {
    const start = performance.now();
    const seen = new MutationObserver(() => requestAnimationFrame(() => {
        seen.disconnect(); done(performance.now() - start); }));
    seen.observe(box, { childList: true, subtree: true });
    const slider = box.querySelector('input[type=range]');
    slider.value = (Number(slider.value) + 1) % (Number(slider.max) + 1);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
})"""


def measure(page: Any, host: Host, chapter: str) -> dict[str, float]:
    """Open a page, make it live, move a slider; give seconds, megabytes and milliseconds."""
    host.sent.clear()
    page.goto(f"{host.address}/chapters/{chapter}.html")
    page.wait_for_load_state("networkidle")
    still = len(host.sent), sum(size for _, size in host.sent) / 1e6
    host.sent.clear()
    start = time.perf_counter()
    page.get_by_role("button", name="Make this page live", exact=True).click()
    page.locator(READY).wait_for(timeout=120_000)
    ready, sent = time.perf_counter() - start, list(host.sent)
    page.locator(WHOLE).wait_for(timeout=120_000)
    whole = time.perf_counter() - start
    box = page.locator(".cell_output .nn-vbox:has(> .nn-control input[type=range])").first
    waits = [box.evaluate(CHANGED) for _ in range(STEPS)]
    return {
        "requests before": still[0],
        "MB before": still[1],
        "s to ready": ready,
        "s to widgets": whole,
        "requests live": len(sent),
        "MB live": sum(size for _, size in sent) / 1e6,
        "ms slider, median": median(waits),
        "ms slider, worst": max(waits),
    }


def measure_notebook(page: Any, host: Host, chapter: str) -> dict[str, float]:
    """Open a chapter as a notebook and run its first cell at once; give seconds and megabytes."""
    host.sent.clear()
    start = time.perf_counter()
    page.goto(f"{host.address}/lite/notebooks/index.html?path={chapter}.ipynb")
    cell = page.locator(".jp-CodeCell").first
    cell.locator(".cm-content").click(timeout=120_000)
    shown = time.perf_counter() - start
    page.locator(".jp-Notebook-ExecutionIndicator").wait_for()  # until then editors are made anew
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("import numpy, nnlib\nprint('it', 'runs')")
    page.keyboard.press("ControlOrMeta+Enter")
    cell.locator(".jp-OutputArea-output", has_text="it runs").wait_for(timeout=120_000)
    ran, sent = time.perf_counter() - start, list(host.sent)
    return {
        "s to notebook": shown,
        "s to first output": ran,
        "requests": len(sent),
        "MB": sum(size for _, size in sent) / 1e6,
        "MB JupyterLite": sum(size for name, size in sent if "/lite/" in name) / 1e6,
    }


def main(arguments: list[str]) -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m tools.live_speed", description=main.__doc__)
    parser.add_argument("chapter", nargs="?", default="01-neurons")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--notebook", action="store_true")
    parser.add_argument("--json", type=Path, help="write the figures of a live page to this file")
    options = parser.parse_args(arguments)
    if options.notebook and options.json:
        parser.error("--json is for live pages")
    take = measure_notebook if options.notebook else measure
    from playwright.sync_api import sync_playwright

    from benchmarks.harness import environment

    found = environment()  # before the browser adds to the load
    host = Host(SITE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        rows = []
        for _ in range(options.runs):
            context = browser.new_context()
            rows.append(take(context.new_page(), host, options.chapter))
            if len(rows) == options.runs:
                rows.append(take(context.new_page(), host, options.chapter))
            context.close()
        version = browser.version
        browser.close()
    load = f"load {found['load'] or 0:.1f}"
    say(f"{options.chapter}, Chromium {version}, {load}; last column: cached")
    for name in rows[0]:
        say(f"  {name:18} " + " ".join(f"{row[name]:8.2f}" for row in rows))
    if options.json:
        report = {
            "environment": {key: found[key] for key in ("processor", "cores", "load", "system")},
            "browser": f"Chromium {version}",
            "chapter": options.chapter,
            "goals": [
                {"what": name, "most": most, "first": [row[name] for row in rows[:-1]]}
                | {"again": rows[-1][name], "met": median(row[name] for row in rows[:-1]) <= most}
                for name, most in GOALS.items()
            ],
        }
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
