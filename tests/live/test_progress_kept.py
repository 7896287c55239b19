"""What was passed is kept, also when several pages of the course are open."""

import json

import pytest

ELSEWHERE = {"attempts": 2, "passed": True, "hints": 1, "misconceptions": {"no-fan-out": 1}}


@pytest.fixture
def neurons(live):
    return live.open("01-neurons").start()


def stored(live):
    return json.loads(live.page.evaluate("localStorage.getItem('nn-progress')"))


TEXT = "The weighted sum of one input, or of each of many."


def attempt(live, body):
    live.cell(TEXT).write(f'def neuron(x, w, b):\n    """{TEXT}"""\n    {body}')
    check = live.cell('check("1.1", neuron)')
    check.start()
    check.output.locator(".nn-check").wait_for()
    live.idle()


def test_what_another_page_has_stored_meanwhile_is_not_lost(neurons):
    attempt(neurons, "return x @ w")
    assert stored(neurons)["1.1"]["attempts"] == 1
    other = {**stored(neurons), "5.2": ELSEWHERE}
    neurons.page.evaluate("(all) => localStorage.setItem('nn-progress', all)", json.dumps(other))
    attempt(neurons, "return x @ w + b")
    now = stored(neurons)
    assert now["5.2"] == ELSEWHERE
    assert (now["1.1"]["attempts"], now["1.1"]["passed"]) == (2, True)  # each counted once
    assert list(now["1.1"]["misconceptions"].values()) == [1]


def test_what_was_forgotten_on_another_page_does_not_come_back(neurons):
    other = {"5.2": ELSEWHERE}
    neurons.page.evaluate("(all) => localStorage.setItem('nn-progress', all)", json.dumps(other))
    attempt(neurons, "return x @ w")
    neurons.page.evaluate("localStorage.setItem('nn-progress', '{}')")
    attempt(neurons, "return x @ w + b")
    assert list(stored(neurons)) == ["1.1"]
    assert stored(neurons)["1.1"]["attempts"] == 1


def test_what_was_forgotten_while_a_page_is_live_is_neither_kept_nor_shown_by_it(neurons):
    sign = neurons.page.locator("#exercise-1-1 .nn-passed")
    attempt(neurons, "return x @ w + b")
    sign.wait_for()
    other = neurons.context.new_page()
    other.goto(f"{neurons.host.address}/chapters/progress.html")
    other.once("dialog", lambda dialog: dialog.accept())
    other.get_by_role("button", name="Forget all").click()
    sign.wait_for(state="detached")
    neurons.cell("minutes, times").run()  # Python tells of its exercises after every cell
    assert stored(neurons) == {}
    attempt(neurons, "return x @ w")
    assert stored(neurons)["1.1"]["attempts"] == 1
    assert not stored(neurons)["1.1"]["passed"]
    assert sign.count() == 0


def test_what_another_page_has_passed_is_marked_at_once(live):
    live.open("01-neurons")
    other = live.context.new_page()
    other.goto(f"{live.host.address}/chapters/progress.html")
    passed = {"1.1": {**ELSEWHERE}}
    other.evaluate("(all) => localStorage.setItem('nn-progress', all)", json.dumps(passed))
    live.page.locator("#exercise-1-1 .nn-passed").wait_for()
