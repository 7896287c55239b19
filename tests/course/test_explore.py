"""Widgets without a browser: models as numbers, pages as HTML, sliders by their values."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from itertools import product
from typing import ClassVar

import numpy as np
import pytest

from nnlib.course.explore import Control, Goal, explore, guess
from nnlib.course.explore.boundary import CHECKPOINTS, NINETY_FIVE, RATES, WIDTHS, Boundary
from nnlib.course.explore.budget_lab import OPEN_ONCE, BudgetLab
from nnlib.course.explore.confidence import TEN_TIMES, Confidence
from nnlib.course.explore.duel import AT_REST, Duel
from nnlib.course.explore.forge import UPRIGHT_ONLY, Forge
from nnlib.course.explore.graph_stepper import FIND_W, GRAPHS, GraphStepper
from nnlib.course.explore.kinks import FOLLOW_THE_CLIFF, Kinks
from nnlib.course.explore.ledger import ANY_BATCH, Ledger
from nnlib.course.explore.live import MIME
from nnlib.course.explore.memory_tape import KEEP, LATCH, MemoryTape
from nnlib.course.explore.neuron import TWO_WRONG, Neuron
from nnlib.course.explore.race import Race
from nnlib.course.explore.shapes import SIXTEEN, Shapes
from nnlib.course.explore.shortcut import FIND_THE_SHORTCUT, ShortcutHunter
from nnlib.course.explore.slope import HUNDREDTH, SlopeMicroscope
from nnlib.course.explore.spotlight import LIGHT_THE_EAST, Spotlight
from nnlib.course.explore.static import MOST_FRAMES, spread
from nnlib.course.explore.valley import LARGEST, THOUSANDTH, Valley
from nnlib.course.explore.windows import HALVE, Windows
from nnlib.course.explore.xor import FOUR_RIGHT, Xor
from nnlib.course.explore.xray import KEEP_THE_SIZE, Xray

SHARED = GraphStepper("shared", w=2.0, x=3.0)
WIDGETS = {
    "chain": (GraphStepper(), FIND_W),
    "shared": (SHARED, None),
    "boundary": (Boundary(), NINETY_FIVE),
    "neuron": (Neuron(), TWO_WRONG),
    "ledger": (Ledger(), ANY_BATCH),
    "xray": (Xray(), KEEP_THE_SIZE),
    "budget lab": (BudgetLab(), OPEN_ONCE),
    "shapes": (Shapes(), SIXTEEN),
    "confidence": (Confidence(), TEN_TIMES),
    "xor": (Xor(), FOUR_RIGHT),
    "valley": (Valley(), LARGEST),
    "valley with momentum": (Valley(rate=0.12), THOUSANDTH),
    "race": (Race(), None),
    "slope": (SlopeMicroscope(), HUNDREDTH),
    "memory tape": (MemoryTape(), KEEP),
    "memory tape with tanh": (MemoryTape(activation="tanh", steps=40), LATCH),
    "shortcut": (ShortcutHunter(), FIND_THE_SHORTCUT),
    "forge": (Forge(), UPRIGHT_ONLY),
    "windows": (Windows(), HALVE),
    "duel": (Duel(), AT_REST),
    "kinks": (Kinks(), FOLLOW_THE_CLIFF),
    "spotlight": (Spotlight(), LIGHT_THE_EAST),
}
each_widget = pytest.mark.parametrize(("model", "goal"), list(WIDGETS.values()), ids=list(WIDGETS))
PAGE_BUDGET = 200_000  # bytes of HTML that one widget may add to a page


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")


@pytest.fixture
def kernel(monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "0")
    pytest.importorskip("ipywidgets")


def states(model):
    """Every state of a model's controls, or fifty of them."""
    every = list(product(*(control.values for control in model.controls)))
    names = [control.name for control in model.controls]
    some = every[:: max(1, len(every) // 50)]
    return [replace(model, **dict(zip(names, values, strict=True))) for values in some]


# --- Every widget ---------------------------------------------------------------------------------


@each_widget
def test_picture_is_well_formed_and_labelled_by_the_words(model, goal):
    for state in states(model):
        root = ET.fromstring(state.svg())
        assert root.get("role") == "img"
        assert root.get("aria-label") == state.describe()


@each_widget
def test_words_change_with_the_state(model, goal):
    words = [state.describe() for state in states(model)]
    assert len(set(words)) > 0.9 * len(words)


@each_widget
def test_text_is_the_same_on_a_page_and_in_a_kernel(model, goal, monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    static = explore(model, goal)._repr_mimebundle_()
    monkeypatch.setenv("NNLIB_STATIC", "0")
    live = explore(model, goal)._repr_mimebundle_()
    assert static["text/plain"] == live["text/plain"] == repr(explore(model, goal))
    assert static["text/plain"].startswith(model.describe())
    assert "text/html" in static
    assert "text/html" not in live
    assert MIME in live


@each_widget
def test_starts_before_its_goal(model, goal):
    if goal:
        assert not goal.met(model)


class Outline(HTMLParser):
    """Counts tags and checks that each is closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("input", "br", "image"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


@each_widget
def test_page_holds_frames_behind_one_labelled_slider(model, goal, page):
    html = explore(model, goal)._repr_mimebundle_()["text/html"]
    outline = Outline(html)
    assert not outline.open
    (slider,) = outline.all("input")
    figures = outline.all("figure")
    shown = [i for i, attrs in enumerate(figures) if "none" not in attrs.get("style", "")]
    assert slider["type"] == "range"
    assert html.index("<label>") < html.index("<input") < html.index("</label>")
    assert int(slider["max"]) + 1 == len(figures) == len(slider["data-values"].split("|"))
    assert shown == [int(slider["value"])]
    assert len(figures) <= MOST_FRAMES
    assert "Run this page as a notebook" in html
    assert "<script" not in html
    assert len(html.encode()) <= PAGE_BUDGET


@each_widget
def test_sliders_move_the_picture_and_the_words(model, goal, kernel):
    shown = explore(model, goal)
    picture, words = shown.box.children[-2:]
    for control in model.controls:
        before = picture.value, words.value
        other = next(v for v in control.values if v != shown.controls[control.name].value)
        shown.controls[control.name].value = other
        assert getattr(shown.model, control.name) == other
        assert (picture.value, words.value) != before
    assert picture.value == shown.model.svg()
    assert 'role="status"' in words.value


def test_a_button_steps_and_stays_at_the_end(kernel):
    shown = explore(SHARED)
    for _ in range(SHARED.last + 3):
        shown.buttons["step"].click()
    assert shown.model.step == SHARED.last


@dataclass(frozen=True)
class Dial:
    turn: int = 0
    tone: str = "low"
    controls: ClassVar = (
        Control("turn", "turn <", tuple(range(101))),
        Control("tone", "tone", ("low", "high")),
    )

    def metrics(self):
        return {"turn": self.turn}

    def describe(self):
        return f"Turned by {self.turn} & {self.tone}."

    def svg(self):
        return "<svg></svg>"


def test_a_long_control_is_thinned_and_keeps_ends_and_start(page):
    values = spread(Dial.controls[0].values, 37)
    assert values[0] == 0
    assert values[-1] == 100
    assert 37 in values
    assert len(values) <= MOST_FRAMES
    html = explore(Dial(turn=37))._repr_mimebundle_()["text/html"]
    assert "turn &lt;" in html
    assert "37 &amp; low" in html


def test_a_goal_that_the_slider_can_reach_is_reached_in_a_frame(page):
    seldom = Goal("Turn to 37.", "turn", at_most=37, at_least=37)
    assert "Goal reached." in explore(Dial(), seldom)._repr_mimebundle_()["text/html"]
    full = GraphStepper(step=GraphStepper().last)
    html = explore(full, FIND_W, sweep="w")._repr_mimebundle_()["text/html"]
    assert "Goal reached." in html
    assert html.count("<figure") <= MOST_FRAMES


def test_frames_can_go_through_another_control(page):
    html = explore(Dial(), sweep="tone")._repr_mimebundle_()["text/html"]
    assert html.count("<figure") == 2
    with pytest.raises(ValueError, match="no control 'pitch'; there are turn, tone"):
        explore(Dial(), sweep="pitch")


def test_words_make_a_list_and_numbers_a_slider(kernel):
    controls = explore(Dial()).controls
    assert type(controls["turn"]).__name__ == "SelectionSlider"
    assert type(controls["tone"]).__name__ == "Dropdown"


def test_more_than_three_controls_are_refused():
    crowded = type("Crowded", (), {"controls": (Control("a", "a", (1,)),) * 4})()
    with pytest.raises(ValueError, match="at most three controls"):
        explore(crowded)


def test_without_ipywidgets_a_kernel_shows_frames(monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "0")
    widget = sys.modules["nnlib.course.explore.widget"]
    monkeypatch.setattr(widget, "find_spec", lambda name: None)
    assert "text/html" in explore(SHARED)._repr_mimebundle_()


# --- Goals ----------------------------------------------------------------------------------------


def test_a_goal_has_bounds_and_a_tolerance():
    for turn, met in ((1, False), (2, True), (3, True), (8, True), (9, True), (10, False)):
        goal = Goal("turn it", "turn", at_least=3, at_most=8, tolerance=1)
        assert goal.met(Dial(turn)) is met


def test_a_goal_gives_the_first_reason_that_holds():
    goal = Goal(
        "turn it",
        "turn",
        at_least=3,
        why=((lambda m: m.turn == 0, "start"), (lambda m: m.turn < 2, "on")),
    )
    said = [goal.feedback(Dial(turn)) for turn in range(4)]
    assert said == ["start", "on", "Not yet: turn is 2.", "Goal reached."]


@pytest.mark.parametrize("name", ["chain", "boundary", "neuron", "xor"])
def test_every_reason_is_given_somewhere_and_the_goal_can_be_reached(name):
    model, goal = WIDGETS[name]
    names = [control.name for control in model.controls]
    every = product(*(control.values for control in model.controls))
    said = {
        goal.feedback(replace(model, **dict(zip(names, values, strict=True)))) for values in every
    }
    assert {message for _, message in goal.why} | {"Goal reached."} <= said


# --- The graph stepper ----------------------------------------------------------------------------


def loss(model):
    return replace(model, step=model.last).walk().values["L"]


@pytest.mark.parametrize("name", list(GRAPHS))
def test_gradients_are_those_of_finite_differences(name):
    rng = np.random.default_rng(5)
    for _ in range(5):
        w, x, b, y = rng.normal(size=4)
        model = GraphStepper(name, w=w, x=x, b=b, y=y)
        grads = replace(model, step=model.last).walk().grads
        for leaf in model.leaves:
            up, down = (replace(model, **{leaf: getattr(model, leaf) + h}) for h in (1e-6, -1e-6))
            assert np.isclose(grads[leaf], (loss(up) - loss(down)) / 2e-6, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("name", list(GRAPHS))
def test_one_thing_becomes_known_at_each_step(name):
    model = GraphStepper(name)
    walks = [replace(model, step=step).walk() for step in range(model.last + 1)]
    known = [len(walk.values) + len(walk.slopes) + bool(walk.grads) for walk in walks]
    assert known == list(range(known[0], known[0] + model.last + 1))
    assert set(walks[-1].grads) == set(walks[-1].values)


def test_branches_add_and_the_words_say_so():
    walks = [replace(SHARED, step=step).walk() for step in (7, 8)]
    assert [walk.grads["w"] for walk in walks] == [16.0, 64.0]
    assert "So far dL/dw = 16." in walks[0].says
    assert "The uses of w add: 16 + 48. Now dL/dw = 64." in walks[1].says


def test_the_loss_is_unknown_until_it_is_computed():
    model = GraphStepper()
    assert replace(model, step=4).metrics()["loss"] == np.inf
    assert np.isfinite(replace(model, step=5).metrics()["loss"])
    assert replace(model, step=13).metrics()["slope"] == np.inf
    assert np.isfinite(replace(model, step=14).metrics()["slope"])


def test_a_small_gradient_is_not_the_goal():
    flat = GraphStepper(step=14, w=-3.0)
    assert abs(flat.metrics()["slope"]) < 0.01
    assert not FIND_W.met(flat)
    assert "tanh is flat" in FIND_W.feedback(flat)
    assert [w for w in GraphStepper().controls[1].values if FIND_W.met(replace(flat, w=w))] == [0.8]


# --- The boundary ---------------------------------------------------------------------------------


def test_the_goal_is_reached_by_training_on():
    reached = [NINETY_FIVE.met(Boundary(step)) for step in CHECKPOINTS]
    assert not reached[0]
    assert reached[-1]
    assert reached == sorted(reached)


def test_the_tempting_settings_never_reach_it():
    """Steps too short, steps too long, one unit a layer."""
    settings = [(rate, width) for rate in (min(RATES), max(RATES)) for width in WIDTHS]
    settings += [(rate, 1) for rate in RATES]
    for step, (rate, width) in product(CHECKPOINTS, settings):
        assert not NINETY_FIVE.met(Boundary(step, rate, width))


def test_an_untrained_network_is_near_chance():
    assert 0.3 < Boundary().metrics()["accuracy"] < 0.7


# --- Guesses --------------------------------------------------------------------------------------

OPTIONS = {"yes <": "Then move it & see.", "no": "What changes instead?"}


def test_a_guess_on_a_page_is_native_radio_buttons(page):
    bundle = guess("Does the line move?", OPTIONS)._repr_mimebundle_()
    outline = Outline(bundle["text/html"])
    assert not outline.open
    assert [attrs["type"] for attrs in outline.all("input")] == ["radio", "radio"]
    assert all("none" in attrs["style"] for attrs in outline.all("p"))
    assert "yes &lt;" in bundle["text/html"]
    assert bundle["text/plain"] == "Does the line move?\n( ) yes <\n( ) no"


def test_a_guess_in_a_kernel_answers(kernel):
    asked = guess("Does the line move?", OPTIONS)
    assert MIME in asked._repr_mimebundle_()
    _, buttons, answer = asked.live
    assert buttons.value is None
    assert answer.value == ""
    buttons.value = "yes <"
    assert "move it &amp; see" in answer.value


def test_the_teaching_layer_is_light_to_import():
    code = (
        "import sys, nnlib.course\n"
        "heavy = {'matplotlib', 'ipywidgets', 'IPython', 'pygments', 'pooch'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
