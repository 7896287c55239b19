"""The page Measured prints what was measured, losses included, and nothing out of date."""

from statistics import median

import measured
import pytest

from benchmarks.results.__main__ import RECIPES
from tools import live_speed

RESULTS = measured.read("results.json")


@pytest.mark.parametrize("name", RECIPES)
def test_a_result_was_measured_with_the_recipe_as_it_is_now(name):
    recipe, result = RECIPES[name], RESULTS[name]
    assert (result["what"], result["unit"]) == (recipe.what, recipe.unit)
    assert (result["must"], tuple(result["seeds"])) == (recipe.must, recipe.seeds)
    assert result["settings"] == recipe.settings
    assert len(result["figures"]) == len(recipe.seeds)


def test_nothing_is_left_of_recipes_that_are_gone():
    assert set(RESULTS) == set(RECIPES)


def test_both_settings_measured_the_same_goals():
    pinned, free = (measured.read(name) for name in measured.SETTINGS.values())
    assert [goal["goal"] for goal in pinned["goals"]] == [goal["goal"] for goal in free["goals"]]
    assert "OPENBLAS_CORETYPE" in pinned["environment"]["blas_variables"]
    assert "OPENBLAS_CORETYPE" not in free["environment"]["blas_variables"]


def test_every_goal_has_its_verdict_on_the_page():
    page = measured.speed()
    goals = [goal for name in measured.SETTINGS.values() for goal in measured.read(name)["goals"]]
    assert page.count(measured.verdict(True)) == sum(goal["met"] for goal in goals)
    assert page.count(measured.verdict(False)) == sum(not goal["met"] for goal in goals)
    assert any(not goal["met"] for goal in goals), "then the page may drop its word about losses"


def test_live_pages_were_measured_against_the_goals_as_they_are_now():
    goals = measured.read("live.json")["goals"]
    assert {goal["what"]: goal["most"] for goal in goals} == live_speed.GOALS
    for goal in goals:
        assert goal["met"] == (median(goal["first"]) <= goal["most"]), goal["what"]
    assert measured.live().count(measured.verdict(True)) == sum(goal["met"] for goal in goals)


def test_a_missed_result_is_called_missed(monkeypatch):
    (name, result), *_ = RESULTS.items()
    monkeypatch.setattr(measured, "read", lambda _: {name: result | {"met": False}})
    assert measured.verdict(False) in measured.results()
    assert measured.verdict(True) not in measured.results()
