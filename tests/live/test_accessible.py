"""A live page is usable by everybody too: with axe-core's rules, by keyboard, without motion."""

import pytest

CHAPTER = "01-neurons"
FOCUSED = """() => {
    const at = document.activeElement;
    const look = getComputedStyle(at), box = at.getBoundingClientRect();
    const drawn = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0;
    const seen = box.width > 0 && box.height > 0 && (drawn || look.boxShadow !== 'none');
    const inside = at.closest('.cm-editor.cm-focused');
    return { what: at.outerHTML.slice(0, 120), body: at === document.body, seen: seen || !!inside };
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_live_page(visit, axe, theme):
    live = visit(color_scheme=theme).open(CHAPTER).start()
    cell = live.cell("minutes, times")
    cell.write("def half(x):\n    return x / 0\n\n\nhalf(3)")
    cell.run()
    assert axe(live.page) == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(live):
    page = live.open(CHAPTER).page
    hidden, places = [], set()
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        places.add(focused["what"])
        if not focused["seen"] and not focused["body"]:
            hidden.append(focused["what"])
    assert hidden == []
    assert len(places) > 40  # and it does not turn in circles
    assert any("nn-start" in what for what in places)
    assert any('type="range"' in what for what in places)
    assert any('type="radio"' in what for what in places)


def test_a_page_goes_live_and_a_cell_runs_by_keyboard_alone(live):
    page = live.open(CHAPTER).page
    page.locator(".nn-start").focus()
    page.keyboard.press("Enter")
    page.locator("html[data-live=whole]").wait_for()
    cell = live.cell("minutes, times")
    cell.root.locator(".cm-content").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("print(6 * 7)")
    page.keyboard.press("ControlOrMeta+Enter")
    cell.output.get_by_text("42", exact=True).wait_for()
    live.status("has run")
    assert page.locator(".nn-status").get_attribute("role") == "status"


def test_whoever_asks_for_less_motion_gets_none(visit):
    page = visit(reduced_motion="reduce").open(CHAPTER).page
    moving = page.evaluate(
        "[...document.querySelectorAll('body *')].filter((e) =>"
        " Math.max(...getComputedStyle(e).transitionDuration.split(',').map(parseFloat)) > 0.001"
        " || getComputedStyle(e).scrollBehavior === 'smooth').length"
    )
    assert moving == 0
