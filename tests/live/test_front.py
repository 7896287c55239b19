"""The neuron of the front page: what it shows is what the library computes for the same numbers."""

import re

import numpy as np
import pytest

from nnlib.activations import sigmoid
from nnlib.course.explore.neuron import MIDDLE, REACH, SIDE, TWO_WRONG, Neuron, visitors

X, BOUGHT = visitors()
START = Neuron(w1=0.75, w2=1.0, b=-11.0)


class Front:
    """The page as a reader sees it."""

    def __init__(self, live):
        self.live, self.page = live, live.open("intro").page
        self.box = self.page.locator(".nn-neuron")
        self.box.wait_for()

    def says(self, name):
        return self.box.locator(f"[data-is={name}]").inner_text()

    def number(self, name):
        return float(self.says(name).replace("−", "-"))

    @property
    def neuron(self):
        return Neuron(**{name: self.number(name) for name in ("w1", "w2", "b")})

    def slide(self, **values):
        for name, value in values.items():
            self.box.locator(f"input[name={name}]").fill(str(value))

    def visitor(self):
        """Read from the sentence who stands in the ring; find them among the library's."""
        said = self.says("who")
        minutes = float(re.search(r"stayed ([\d.]+) minutes", said)[1])
        counted = re.search(r"came back (once|\d+)", said)
        times = 0 if counted is None else 1 if counted[1] == "once" else int(counted[1])
        return np.array([minutes, times]), not said.endswith("did not buy.")

    def attribute(self, place, name):
        return self.box.locator(place).first.get_attribute(name)

    def on_screen(self, x1, x2):
        """Give where a place of the axes lies in the window."""
        to_pixel = (
            "([x, y]) => { const p = new DOMPoint(x, y).matrixTransform("
            "document.querySelector('.nn-neuron svg svg').getScreenCTM()); return [p.x, p.y]; }"
        )
        return self.page.evaluate(to_pixel, list(in_picture(x1, x2)))

    def drag(self, start, *stops):
        self.page.mouse.move(*self.on_screen(*start))
        self.page.mouse.down()
        for stop in stops:
            self.page.mouse.move(*self.on_screen(*stop), steps=8)
        self.page.mouse.up()

    def holds(self):
        """Compare everything that is shown with the library."""
        model = self.neuron
        sums = np.round(model.z(X), 9)  # whoever stands on the line is a no, whatever the rounding
        assert self.number("wrong") == np.sum((sums > 0) != (BOUGHT == 1))
        who, bought = self.visitor()
        assert [*who, bought] in [[*x, bool(y)] for x, y in zip(X, BOUGHT, strict=True)]
        z = float(np.round(model.z(who), 9))
        assert self.number("z") == pytest.approx(z, abs=1e-9)
        assert self.says("p") == self.says("line") == f"{sigmoid(np.array(z)).item():.2f}"
        says = "yes" if z > 0 else "no"
        verdict = "right" if bought == (z > 0) else "wrong"
        assert self.says("says").endswith(f"the neuron says {says}, and is {verdict}.")
        terms = self.says("sum").replace("− ", "+ −").replace("−", "-").split(" + ")
        assert sum(np.prod([float(n) for n in t.split(" × ")]) for t in terms) == pytest.approx(z)
        for x, y in re.findall(r"[ML]([-\d.]+) ([-\d.]+)", self.attribute(".nn-line", "d")):
            assert model.z(on_axes(float(x), float(y))) == pytest.approx(0.0, abs=0.01)
        ends = [
            [float(self.attribute("linearGradient", f"{axis}{end}")) for axis in "xy"]
            for end in (1, 2)
        ]
        assert [float(model.z(on_axes(*end))) for end in ends] == pytest.approx([-6, 6])


def in_picture(x1, x2):
    return (x1 - MIDDLE + REACH) / (2 * REACH) * SIDE, SIDE - (x2 - MIDDLE + REACH) / (
        2 * REACH
    ) * SIDE


def on_axes(x, y):
    return np.array([x, SIDE - y]) / SIDE * 2 * REACH + MIDDLE - REACH


@pytest.fixture
def front(live):
    return Front(live)


def test_it_begins_as_the_frames_do_and_asks_for_nothing(front, host):
    assert front.neuron == START
    front.holds()
    assert front.page.locator(".nn-frames").count() == 0
    assert TWO_WRONG.says in front.box.inner_text()
    before = len(host.sent)
    front.slide(b=-6)
    assert len(host.sent) == before
    assert front.live.complaints == []


@pytest.mark.parametrize(
    "values",
    [
        {"w1": 0.75, "w2": 1, "b": -6.1},
        {"w1": 0.75, "w2": 1, "b": -8.5},  # little more than a half: a yes
        {"w1": -1.35, "w2": 0.8, "b": 3.3},
        {"w1": 2, "w2": -2, "b": -0.7},
        {"w1": 0, "w2": 0.05, "b": -0.3},
    ],
)
def test_a_slider_shows_what_the_library_computes(front, values):
    front.slide(**values)
    front.holds()
    front.box.get_by_role("button", name="Ask another").click()
    front.holds()


def test_without_weights_the_neuron_says_the_same_of_everybody(front):
    front.slide(w1=0, w2=0, b=1.2)
    assert front.number("wrong") == Neuron(b=1.2).metrics()["wrong"]
    assert front.says("z") == "1.2"
    assert front.attribute(".nn-line", "d") == ""


def test_a_push_moves_the_bias_and_a_turn_the_weights(front):
    before = front.neuron
    front.drag((9, 4.25), (6.03, 1.47))  # a place on the line, and one where it is to go
    pushed = front.neuron
    assert (pushed.w1, pushed.w2) == (before.w1, before.w2)
    assert float(pushed.z(np.array([6.03, 1.47]))) == pytest.approx(0, abs=0.06)
    front.holds()
    knob = front.box.locator(".nn-turn")
    tip = on_axes(*(float(knob.get_attribute(name)) for name in ("cx", "cy")))
    front.drag(tip, (tip[0] + 1, tip[1] - 0.52))
    turned = front.neuron
    assert turned.w1 == pytest.approx(pushed.w1 + 1, abs=0.03)
    assert turned.w2 == pytest.approx(pushed.w2 - 0.52, abs=0.03)
    foot = tip - [pushed.w1, pushed.w2]  # it turned about the place from which the arrow starts
    assert float(turned.z(foot)) == pytest.approx(0, abs=0.06)
    front.holds()


def test_a_visitor_is_asked_by_pointing_at_them(front):
    front.page.mouse.move(*front.on_screen(*(X[14] + 0.1)))
    assert front.visitor()[0].tolist() == X[14].tolist()
    front.holds()


def test_the_goal_is_reached_by_keyboard_and_announced_once_it_rests(front):
    bias = front.box.get_by_role("slider", name="bias")
    status = front.box.get_by_role("status")
    front.page.wait_for_timeout(900)
    assert status.inner_text() == ""  # nothing is said before anything moves
    bias.focus()
    for _ in range(50):
        front.page.keyboard.press("ArrowRight")
    assert bias.get_attribute("aria-valuetext") == "−6"
    model = front.neuron
    assert TWO_WRONG.met(model)
    assert "Goal reached" in front.says("goal")
    status.get_by_text("2 of 40 visitors are on the wrong side").wait_for()
    assert "2 of 40" in front.attribute("svg", "aria-label")


def test_all_forty_can_be_right(front):
    front.slide(w1=0.6, w2=0.55, b=-4.7)
    front.holds()
    assert front.says("wrong") == "0"
    assert "All forty" in front.says("goal")


def test_without_javascript_there_are_the_frames(visit):
    page = visit(java_script_enabled=False).open("intro").page
    assert page.locator(".nn-neuron").count() == 0
    frame = page.locator(".nn-frames figure:visible")
    assert frame.count() == 1
    assert frame.locator("> svg").get_attribute("aria-label") == START.describe()


def test_it_is_accessible_while_it_is_moved(front, axe):
    front.slide(b=-6)
    assert axe(front.page) == []


def test_the_front_page_stays_light(live, host):
    host.sent.clear()
    live.open("intro").page.wait_for_load_state("networkidle")
    assert len(host.sent) <= 6
    assert sum(size for _, size in host.sent) < 125_000
