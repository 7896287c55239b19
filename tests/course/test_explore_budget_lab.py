"""The budget lab: twelve runs, one look at the test set; and the actions and stories it needs."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from nnlib import AdamW, Linear, Sequential, Tanh, binary_cross_entropy_with_logits
from nnlib.course.explore import explore
from nnlib.course.explore.budget_lab import BUDGET, OPEN_ONCE, PLAN, WANTED, BudgetLab, story
from nnlib.course.explore.budget_runs import DECAYS, RATES, STEPS, UNITS, Setting, points, train
from nnlib.course.explore.static import MOST_FRAMES
from nnlib.training import accuracy, fit

GOOD = Setting(8, 0.03, 0.3)


def after(*settings):
    """The lab with these runs made."""
    lab = BudgetLab()
    for setting in settings:
        lab = replace(lab, **setting._asdict()).run()
    return lab


@pytest.fixture
def kernel(monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "0")
    pytest.importorskip("ipywidgets")


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setenv("NNLIB_STATIC", "1")


# --- The budget -----------------------------------------------------------------------------------


def test_a_run_is_counted_once_and_shown():
    lab = after(GOOD)
    assert lab.runs == (GOOD,)
    again = lab.run()
    assert again.runs == (GOOD,)
    assert "Not counted" in again.describe()
    assert again.run().runs == (GOOD,)


def test_the_thirteenth_run_is_refused():
    lab = after(*PLAN)
    assert len(lab.runs) == BUDGET
    more = replace(lab, units=2).run()
    assert more.runs == lab.runs
    assert "12 runs are made" in more.describe()


def test_choosing_by_the_test_set_is_refused():
    """Whoever has seen the test set runs nothing more, and opening again changes nothing."""
    lab = after(PLAN[0]).open()
    tried = replace(lab, **GOOD._asdict()).run()
    assert tried.runs == lab.runs
    assert "Refused" in tried.describe()
    assert not OPEN_ONCE.met(tried)
    assert "may not choose another" in OPEN_ONCE.feedback(tried)
    assert tried.open().opened
    assert tried.open().best == PLAN[0]


def test_the_test_set_is_shut_before_it_is_opened():
    lab = after(*PLAN)
    assert "test" not in "".join(lab.metrics())
    assert f"{train(lab.best).test:.1%}" not in lab.svg()
    assert f"{train(lab.best).test:.1%}" in lab.open().svg()
    assert BudgetLab().open().opened is False
    assert "no run" in BudgetLab().open().describe()


def test_it_opens_for_the_best_on_validation_the_earliest_of_equals():
    lab = after(*PLAN).open()
    shares = [train(setting).validation for setting in PLAN]
    assert lab.best == PLAN[int(np.argmax(shares))]
    assert "12 runs" in lab.describe()


def test_starting_again_forgets_and_says_what_it_is():
    lab = after(PLAN[0]).open().again()
    assert (lab.runs, lab.opened, lab.setting) == ((), False, PLAN[0])
    assert "toy" in lab.describe()


# --- The numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("setting", [Setting(3, 0.03, 0.0), Setting(16, 0.1, 1.0)])
def test_the_numbers_are_those_of_fit(setting):
    (X, y), val, test = points()
    rng = np.random.default_rng(0)
    model = Sequential(
        Linear(2, setting.units, rng=rng, dtype=np.float64),
        Tanh(),
        Linear(setting.units, 1, rng=rng, dtype=np.float64),
    )
    optimizer = AdamW(model.parameters(), lr=setting.rate, weight_decay=setting.decay)
    fit(model, binary_cross_entropy_with_logits, [(X, y)], optimizer, epochs=STEPS, progress=False)
    run = train(setting)
    shares = [accuracy(model(inputs), targets) for inputs, targets in ((X, y), val, test)]
    assert shares == [run.train, run.validation, run.test]


def test_the_three_sets_have_no_point_in_common():
    rows = np.concatenate([X for X, _ in points()])
    assert len(np.unique(rows, axis=0)) == len(rows) == 1200


def test_every_setting_gives_finite_answers():
    for units, rate, decay in product(UNITS[::3], RATES[::4], DECAYS[::3]):
        assert np.isfinite(train(Setting(units, rate, decay)).field).all()


# --- The goal -------------------------------------------------------------------------------------


def test_the_goal_is_reached_in_more_than_one_way_and_not_without_opening():
    for setting in (GOOD, Setting(4, 0.03, 0.3), Setting(16, 0.1, 0.3), Setting(64, 0.003, 0.3)):
        lab = after(setting)
        assert not OPEN_ONCE.met(lab)
        assert "what will it say" in OPEN_ONCE.feedback(lab)
        assert OPEN_ONCE.met(lab.open())


def test_the_tempting_ways_never_reach_it():
    """The largest network however long its steps; steps that are far too short or too long."""
    tempting = [Setting(64, rate, 0.0) for rate in RATES]
    tempting += [Setting(units, rate, 0.0) for units in UNITS for rate in (min(RATES), max(RATES))]
    tempting += [Setting(units, 0.03, max(DECAYS)) for units in UNITS]
    assert all(train(setting).validation < WANTED for setting in tempting)


def test_the_best_by_training_is_not_the_best_by_validation():
    best = max(PLAN, key=lambda setting: train(setting).train)
    assert train(best).validation < WANTED - 0.1


def test_every_reason_is_given_somewhere():
    few = [Setting(1, rate, decay) for rate in RATES[:6] for decay in DECAYS[:2]]
    labs = [BudgetLab(), after(*PLAN[:1]), after(PLAN[1]), after(Setting(8, 0.01, 0.3))]
    labs += [after(PLAN[0]).open(), after(GOOD), after(*few), after(GOOD).open()]
    said = {OPEN_ONCE.feedback(lab) for lab in labs}
    assert said == {message for _, message in OPEN_ONCE.why} | {"Goal reached."}


# --- The story of the page ------------------------------------------------------------------------


def test_the_story_goes_from_no_run_to_an_open_test_set():
    states = list(story().states.values())
    assert states[0] == BudgetLab()
    assert [len(state.runs) for state in states] == [*range(BUDGET + 1), BUDGET]
    assert [state.opened for state in states] == [False] * (BUDGET + 1) + [True]
    assert len(states) <= MOST_FRAMES
    assert OPEN_ONCE.met(states[-1])


def test_the_story_shows_both_ways_to_fail_and_that_the_winner_was_lucky():
    states = list(story().states.values())
    words = " ".join(state.describe() for state in states)
    assert "overfits" in words
    assert "underfits" in words
    best = train(states[-1].best)
    assert best.test < best.validation


def test_the_frames_are_those_of_the_story(page):
    html = explore(BudgetLab(), OPEN_ONCE, story=story())._repr_mimebundle_()["text/html"]
    assert html.count("<figure") == len(story().states)
    assert "runs made" in html
    assert "Goal reached." in html
    assert len(html.encode()) < 200_000


def test_a_story_begins_with_its_model():
    with pytest.raises(ValueError, match="does not hold the state"):
        explore(BudgetLab(units=1), story=story())


def test_every_frame_is_a_labelled_picture():
    for state in (*story().states.values(), BudgetLab().open()):
        root = ET.fromstring(state.svg())
        assert root.get("aria-label") == state.describe()


# --- Actions --------------------------------------------------------------------------------------


def test_buttons_act_on_the_model_and_leave_the_sliders_alone(kernel):
    shown = explore(BudgetLab(), OPEN_ONCE)
    shown.controls["units"].value = 8
    shown.controls["rate"].value = 0.03
    shown.controls["decay"].value = 0.3
    assert shown.model.runs == ()
    shown.buttons["run"].click()
    assert shown.model.runs == (GOOD,)
    picture, words = shown.box.children[-2:]
    assert picture.value == shown.model.svg()
    assert "Run 1 of 12" in words.value
    shown.controls["units"].value = 4
    assert shown.model.runs == (GOOD,)
    shown.buttons["open"].click()
    assert "Goal reached." in words.value
    shown.buttons["run"].click()
    assert "Refused" in words.value
    shown.controls["units"].value = 3
    assert "Refused" not in words.value
    shown.buttons["again"].click()
    assert shown.model.runs == ()
    assert shown.controls["units"].value == 3


def test_a_model_without_actions_has_no_buttons_for_them(kernel):
    from nnlib.course.explore.neuron import Neuron

    assert explore(Neuron()).buttons == {}
