"""What a reader does with a live page."""

import re

import pytest

from nnlib.course.explore.neuron import Neuron
from tools.book import SITE

CHAPTER = "01-neurons"


@pytest.fixture
def neurons(live):
    return live.open(CHAPTER).start()


def test_nothing_of_python_is_loaded_before_the_reader_asks(live, host):
    host.sent.clear()
    live.open(CHAPTER).page.wait_for_load_state("networkidle")
    ours = [name for name, _ in host.sent if "/live/" in name]
    assert ours
    assert not [name for name in ours if re.search(r"worker|pyodide|\.whl|\.wasm|\.zip", name)]
    assert sum(size for name, size in host.sent if "/live/" in name) < 10_000
    assert live.complaints == []


@pytest.mark.browsers("chromium", "firefox")
def test_a_page_goes_live_and_asks_no_other_host(neurons):
    assert neurons.page.locator("div.cell.nn-open").count() > 30
    assert neurons.page.locator(".cell_output .nn-frames").count() == 0  # all widgets are real
    assert neurons.complaints == []


@pytest.mark.browsers("chromium", "firefox")
def test_a_cell_that_was_changed_shows_what_it_computes_now(neurons):
    cell = neurons.cell("minutes, times")
    cell.write("import numpy as np\nprint(np.arange(6).reshape(2, 3).sum(axis=0))\n2 ** 10")
    cell.run()
    assert cell.output.locator("pre").all_inner_texts()[0].strip() == "[3 5 7]"
    assert cell.output.locator(".text_plain").inner_text().strip() == "1024"
    assert neurons.complaints == []


def test_running_a_cell_runs_first_what_it_needs(neurons):
    cell = neurons.cell("without a bias, at best")
    cell.run()
    assert "at best 11 wrong" in cell.output.inner_text()


def test_an_error_marks_the_line_of_the_reader(neurons):
    cell = neurons.cell("minutes, times")
    cell.write("def half(x):\n    return x / 0\n\n\nhalf(3)")
    cell.run()
    error = cell.output.locator(".nn-error")
    assert "ZeroDivisionError: division by zero" in error.inner_text()
    marked = error.locator(".nn-failed-line").all_inner_texts()
    assert [text.split() for text in marked] == [
        ["→", "5", "half(3)"],
        ["→", "2", "return", "x", "/", "0"],
    ]
    assert cell.root.locator(".cm-line.nn-failed-line").inner_text().strip() == "return x / 0"
    cell.write("for i in range(3)\n    print(i)")
    cell.run()
    assert "SyntaxError: expected ':'" in error.inner_text()


@pytest.mark.browsers("chromium", "firefox")
def test_a_slider_draws_what_the_model_computes(neurons):
    page = neurons.page
    cell = neurons.cell("story=by_hand()")
    slider = cell.output.locator("input[type=range]").nth(0)
    values = Neuron.controls[0].values
    slider.focus()
    slider.press("End")
    wanted = Neuron(w1=values[-1])
    cell.output.locator("p[role=status]", has_text=wanted.describe()).wait_for()
    shapes = page.evaluate(
        "(svg) => { const box = document.createElement('div'); box.innerHTML = svg;"
        " return box.innerHTML; }",
        wanted.svg(),
    )
    drawn = cell.output.locator("svg").first.evaluate("(svg) => svg.outerHTML")
    assert drawn == shapes
    assert slider.get_attribute("aria-valuetext") == Neuron.controls[0].text(values[-1])
    assert neurons.complaints == []


def test_a_guess_is_answered(neurons):
    neurons.page.get_by_role("radio", name="all forty").check()
    answer = neurons.page.locator("p[role=status]", has_text="harder than it seems")
    answer.wait_for()


@pytest.mark.browsers("chromium", "firefox")
def test_an_exercise_names_the_mistake_and_knows_the_right_answer(neurons):
    starter = neurons.cell("The weighted sum of one input, or of each of many.")
    check = neurons.cell('check("1.1", neuron)')
    starter.write("def neuron(x, w, b):\n    return x @ w")
    check.run()
    refused = check.output.locator(".nn-check.no")
    assert "bias" in refused.inner_text()
    starter.write("def neuron(x, w, b):\n    return x @ w + b")
    check.run()
    assert "1.1 passed" in check.output.locator(".nn-check.ok").inner_text()
    assert neurons.page.locator("#exercise-1-1 .nn-passed").inner_text() == "✓ passed"
    neurons.open(CHAPTER)
    assert neurons.page.locator("#exercise-1-1 .nn-passed").is_visible()


@pytest.mark.browsers("chromium", "firefox")
def test_stop_ends_an_endless_loop_and_the_page_goes_on(neurons):
    cell = neurons.cell("minutes, times")
    cell.write("while True:\n    pass")
    cell.start()
    neurons.press("Stop")
    neurons.status("Stopped. Python had to be started again")
    neurons.idle()
    assert cell.source == "while True:\n    pass"
    cell.write("print(6 * 7)")
    cell.run()
    assert cell.output.inner_text().strip() == "42"


def test_a_loop_that_prints_for_ever_does_not_choke_the_page(neurons):
    cell = neurons.cell("minutes, times")
    cell.write("while True:\n    print('again')")
    cell.start()
    cell.output.get_by_text("The page shows the first").wait_for()
    neurons.press("Stop")
    neurons.idle()
    assert len(cell.output.inner_text()) < 210_000


def test_a_progress_bar_stays_on_its_line(neurons):
    cell = neurons.cell("minutes, times")
    cell.write(
        "import time\nfrom tqdm.auto import tqdm\nfor _ in tqdm(range(5)):\n    time.sleep(0.2)"
    )
    cell.run()
    assert "5/5" in cell.output.inner_text()
    assert len(cell.output.inner_text().strip().splitlines()) == 1


def test_a_plot_is_shown_when_the_cell_ends(neurons):
    cell = neurons.cell("minutes, times")
    cell.write("import matplotlib.pyplot as plt\nlines = plt.plot([1, 3, 2])")
    cell.run()
    assert cell.output.locator("img").evaluate("(image) => image.naturalWidth") > 300


@pytest.mark.browsers("chromium", "firefox")
def test_what_was_written_outlives_a_reload(neurons):
    neurons.cell("minutes, times").write("print('mine')")
    neurons.page.wait_for_timeout(600)
    neurons.open(CHAPTER)
    neurons.status("You changed 1 cell here")
    neurons.start()
    cell = neurons.cell("print('mine')")
    cell.run()
    assert cell.output.inner_text().strip() == "mine"
    cell.root.get_by_role("button", name="Reset").click()
    assert "minutes, times" in cell.source
    cell.root.get_by_role("button", name="Reset").click()
    assert cell.source == "print('mine')"


def test_a_text_of_the_book_that_changed_is_pointed_out(neurons):
    cell = neurons.cell("minutes, times")
    cell.write("print('mine')")
    neurons.page.wait_for_timeout(600)
    neurons.page.evaluate(
        "for (const key of Object.keys(localStorage).filter((k) => k.startsWith('nn-edit')))"
        " localStorage.setItem(key, JSON.stringify({ source: \"print('mine')\", original: 'old' }))"
    )
    neurons.open(CHAPTER).start()
    cell = neurons.cell("print('mine')")
    assert "has changed since you edited it" in cell.root.inner_text()
    cell.root.get_by_role("button", name="Take the book's").click()
    assert "minutes, times" in cell.source
    cell.root.get_by_role("button", name="Reset").click()  # which now brings the reader's back
    assert cell.source == "print('mine')"


@pytest.mark.browsers("chromium", "firefox")
def test_tab_passes_an_editor_by_until_one_edits(neurons):
    page = neurons.page
    cell = neurons.cell("minutes, times")
    before = cell.source
    editor = cell.root.locator(".cm-content")
    editor.focus()
    page.keyboard.press("Tab")
    assert not editor.evaluate("(e) => e === document.activeElement")
    assert cell.source == before
    cell.write("def f():")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("pass")
    assert cell.source == "def f():\n    pass"
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    assert cell.source == "def f():\n        pass"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not editor.evaluate("(e) => e === document.activeElement")


@pytest.mark.parametrize("file", ["pyodide.asm.wasm", "numpy", "part"])
def test_a_failed_download_says_so_and_can_be_tried_again(live, host, file):
    live.open(CHAPTER)
    names = [path.name for path in (SITE / "live").rglob("*")]
    host.broken = [name for name in names if name.startswith(file)]
    assert host.broken
    live.press("Make this page live")
    live.page.get_by_role("button", name="Try again").wait_for()
    said = live.page.locator(".nn-status").inner_text()
    assert "could not be loaded" in said or file.partition(".")[0] in said
    host.broken = []
    live.press("Try again")
    if file == "part":
        live.press("Make this page live")
    live.page.locator("html[data-live]").wait_for()


def test_a_start_without_a_connection_says_so_and_works_when_it_is_back(live):
    live.open(CHAPTER)
    live.context.set_offline(True)
    live.press("Make this page live")
    live.status("Are you online?")
    live.context.set_offline(False)
    live.press("Try again")
    live.start()


def test_a_second_visit_starts_from_what_the_first_has_loaded(neurons, host):
    kinds = (".wasm", ".zip", ".whl", "lock.json")
    host.broken, neurons.complaints[:] = kinds, []
    neurons.open(CHAPTER).start()
    cell = neurons.cell("minutes, times")
    cell.write("print(6 * 7)")
    cell.run()
    assert cell.output.inner_text().strip() == "42"
    assert neurons.complaints == []
