"""A chapter opened as a notebook, in JupyterLite: its cells, controls and exercises work there."""

import json
import re

import pytest

from nnlib.course.explore.neuron import Neuron
from tools.book import SITE

SLOW = 6_000  # ms: the controls give up on a Python that has not answered after four seconds


class Notebook:
    """What a reader does with a notebook."""

    def __init__(self, live):
        self.live, self.page = live, live.page
        self.page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        self.menu("Edit", "Clear Outputs of All Cells")  # one of the book is not taken for a new
        assert self.page.locator(".jp-CodeCell .jp-OutputArea-output").count() == 0

    def menu(self, name, entry):
        self.page.get_by_role("menuitem", name=name, exact=True).click()
        self.page.get_by_role("menuitem", name=entry, exact=True).click()

    def cell(self, text):
        """Find the cell whose code holds a text; what comes after it keeps its place."""
        cells = self.page.locator(".jp-CodeCell")
        find = "(cells, text) => cells.findIndex((cell) => cell.querySelector('.cm-content')"
        return cells.nth(cells.evaluate_all(f"{find}?.textContent.includes(text))", text))

    def write(self, cell, source):
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)

    def run(self, cell):
        """Run a cell to its end."""
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.text_content()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+Enter")
        prompt.filter(has_text=re.compile(r"\[\d+\]"), has_not_text=before).wait_for()


def view(cell):
    """Give what is folded away of a cell."""
    return cell["metadata"].get("jupyter", {})


@pytest.fixture
def opened(live):
    """Follow the link on a chapter's page."""

    def follow(chapter):
        live.open(chapter)
        live.page.get_by_role("link", name="Open as a notebook").click()
        return Notebook(live)

    return follow


def test_a_chapter_runs_to_its_end_with_the_texts_of_the_book(opened):
    notebook = opened("00-start-here")
    page = notebook.page
    assert page.locator(".jp-Notebook h1").first.inner_text().startswith("0. Start here")
    assert page.locator(".jp-Dialog").count() == 0  # nobody is asked which Python to take
    notebook.menu("Run", "Run All Cells")
    file = SITE / "lite" / "files" / "00-start-here.ipynb"
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    seen = ["" if view(cell).get("source_hidden") else f"[{i}]:" for i, cell in enumerate(code, 1)]
    page.get_by_text(next(filter(None, reversed(seen))), exact=True).first.wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    assert prompts.all_text_contents() == seen  # no cell was passed over
    printed = page.locator(".jp-OutputArea-output[data-mime-type$=stdout]").all_text_contents()
    assert printed == [
        "".join(output["text"])
        for cell in code
        if not view(cell).get("outputs_hidden")
        for output in cell["outputs"]
        if output["output_type"] == "stream"
    ]
    assert page.locator(".jp-OutputArea-output[data-mime-type$=stderr]").count() == 0
    assert notebook.live.complaints == []


def test_a_slider_draws_what_the_model_computes(opened):
    notebook = opened("01-neurons")
    notebook.run(notebook.cell("import numpy as np"))
    cell = notebook.cell("story=by_hand()")
    notebook.run(cell)
    handle = cell.locator(".noUi-handle").first
    handle.focus()
    handle.press("End")
    wanted = Neuron(w1=Neuron.controls[0].values[-1])
    cell.locator("p[role=status]", has_text=wanted.describe()).wait_for()
    drawn = cell.locator(".widget-html-content svg").first.evaluate("(svg) => svg.outerHTML")
    shapes = notebook.page.evaluate(
        "(svg) => { const box = document.createElement('div'); box.innerHTML = svg;"
        " return box.innerHTML; }",
        wanted.svg(),
    )
    assert drawn == shapes
    assert notebook.live.complaints == []


def test_an_exercise_names_the_mistake_and_the_book_knows_what_was_passed(opened):
    notebook = opened("01-neurons")
    notebook.run(notebook.cell("import numpy as np"))
    starter = notebook.cell("The weighted sum of one input, or of each of many.")
    check = notebook.cell('check("1.1", neuron)')
    for answer, verdict in (("x @ w", "bias"), ("x @ w + b", "1.1 passed")):
        notebook.write(starter, f"def neuron(x, w, b):\n    return {answer}")
        notebook.run(starter)
        notebook.run(check)
        check.locator(".nn-check", has_text=verdict).wait_for()
    notebook.live.open("01-neurons")
    assert notebook.page.locator("#exercise-1-1 .nn-passed").inner_text() == "✓ passed"
    assert notebook.live.complaints == []


def test_an_error_shows_the_lines_of_the_reader_and_interact_works(opened):
    notebook = opened("01-neurons")
    cell = notebook.cell("import numpy as np")
    notebook.write(cell, "def half(x):\n    return x / 0\n\n\nhalf(3)")
    notebook.run(cell)
    told = cell.locator(".jp-OutputArea-output").text_content()
    assert "ZeroDivisionError: division by zero" in told
    assert re.findall(r"→ .*", told) == ["→  5  half(3)", "→  2      return x / 0"]
    notebook.write(
        cell,
        "from ipywidgets import interact\n@interact(x=(0, 10))\ndef f(x=5):\n    print('x is', x)",
    )
    notebook.run(cell)
    cell.get_by_text("x is 5").wait_for()
    cell.locator(".noUi-handle").press("ArrowRight")
    cell.get_by_text("x is 6").wait_for()
    assert cell.get_by_text("x is 5").count() == 0
    assert notebook.live.complaints == []


def test_cells_and_controls_wait_for_a_python_that_is_slow_to_start(live, opened):
    def late(route):
        live.page.wait_for_timeout(SLOW)
        route.continue_()

    live.context.route("**/*.asm.wasm", late)
    notebook = opened("01-neurons")
    first = notebook.cell("import numpy as np")
    first.locator(".cm-content").click()
    notebook.page.keyboard.press("ControlOrMeta+Enter")
    first.locator(".jp-OutputArea-output", has_text="Loading Python").wait_for()
    cell = notebook.cell("story=by_hand()")
    notebook.run(cell)  # which waits for the one before it
    cell.locator(".widget-slider").first.wait_for()
    assert first.locator(".jp-OutputArea-output").count() == 0
    assert live.complaints == []


def test_a_python_that_cannot_be_loaded_says_so(live, host, opened):
    host.broken = ["pyodide.asm.wasm"]
    notebook = opened("01-neurons")
    cell = notebook.cell("import numpy as np")
    notebook.run(cell)
    cell.get_by_text("Loading pyodide.asm.wasm failed: the server answered 503").first.wait_for()
