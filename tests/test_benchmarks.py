"""The benchmarks race for equal work only, run without the peers, and say what they measured."""

import dataclasses
import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import characters, digits, harness, images, imports, inference, mlp, points
from benchmarks.harness import Case, Goal, Result, race
from benchmarks.results import __main__ as results
from benchmarks.results import digits as recipes
from benchmarks.results.recipe import Recipe

REAL_DATA = os.environ.get("NNLIB_DATA")

WORKLOADS = {
    "points": lambda: points.cases(epochs=1),
    "digits": lambda: digits.cases(n=1280),
    "images": lambda: images.cases(n=128),
    "characters": lambda: characters.cases(count=1),
    "inference": lambda: inference.cases(n=500),
}


@pytest.fixture(autouse=True)
def _random_images_and_one_thread(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path))
    with command.one_thread():
        yield


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_workload_does_equal_work_and_runs(name):
    for case in WORKLOADS[name]():
        result = race(case, rounds=2)
        peers = set(case.contenders) - {"nnlib"}
        assert len(case.checked) == len(peers)
        assert all(len(seconds) == 2 for seconds in result.seconds.values())
        assert {goal["goal"].rpartition(", against ")[2] for goal in result.goals()} <= peers
        json.dumps(result.record())


def test_imports_are_timed_in_fresh_processes(monkeypatch):
    monkeypatch.setattr(imports, "installed", lambda _: False)
    (case,) = imports.cases()
    result = race(case, rounds=2)
    assert set(result.seconds) == {"nnlib", "numpy"}
    assert min(map(min, result.seconds.values())) > 0


def test_peers_that_are_missing_are_left_out(monkeypatch):
    for module in (mlp, images, characters):
        monkeypatch.setattr(module, "installed", lambda _: False)
    for cases in WORKLOADS.values():
        for case in cases():
            assert set(case.contenders) == {"nnlib"}
            assert case.checked == ()
            assert race(case, rounds=1).goals() == []


def test_unequal_work_is_refused():
    ours = [np.ones(3), np.zeros((2, 2))]
    with pytest.raises(
        AssertionError, match=r"unequal work: gradients have shapes \(3,\) and \(4,\)"
    ):
        harness.agree("gradients", ours, [np.ones(4), np.zeros((2, 2))], 1e-5)
    with pytest.raises(AssertionError, match="unequal work: gradients differ by 5e-01"):
        harness.agree("gradients", [np.ones(3)], [np.full(3, 2.0)], 1e-5)
    with pytest.raises(AssertionError, match="differ by nan"):
        harness.agree("gradients", [np.ones(3)], [np.full(3, np.nan)], 1e-5)
    assert harness.agree("gradients", [np.ones(3)], [np.ones(3)], 1e-5) == 0


def test_a_contender_that_trains_otherwise_is_refused(monkeypatch):
    class Slower(mlp.NNlib):
        def __init__(self, task, weights):
            super().__init__(task, weights)
            self.optimizer.lr = task.lr / 2

    task = mlp.Task((2, 4, 1), "tanh", "SGD", lr=0.1, batch_size=20)
    weights = task.weights()
    monkeypatch.setattr(
        mlp,
        "contenders",
        lambda task: {"nnlib": mlp.NNlib(task, weights), "slower": Slower(task, weights)},
    )
    rng = np.random.default_rng(0)
    X, y = rng.random((20, 2), dtype=np.float32), np.ones((20, 1), dtype=np.float32)
    with pytest.raises(AssertionError, match="parameters after a few steps in nnlib and slower"):
        mlp.equal_work(task, X, y)


def test_a_goal_is_for_the_blas_at_hand(monkeypatch):
    goal = Goal("torch", (1.4, 2.0))
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    assert goal.here() == 1.4
    monkeypatch.delenv("OPENBLAS_CORETYPE")
    assert goal.here() == 2.0


def test_the_ratio_is_the_median_of_the_rounds_and_a_missed_goal_is_named(monkeypatch):
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    goals = (Goal("torch", (9.0, 3.0)), Goal("autograd", (9.0, 3.5)))
    case = Case("race", {}, 10, "step", goals)
    seconds = {"nnlib": [1.0, 2.0, 1.0], "torch": [3.0, 6.0, 9.0], "autograd": [2.0, 8.0, 3.0]}
    result = Result(case, seconds)
    assert result.ratio("torch")[1] == 3.0
    assert [goal["met"] for goal in result.goals()] == [True, False]
    table = command.must([result]).splitlines()
    assert table[1].endswith("met")
    assert table[2].endswith("MISSED")
    assert "nnlib is 3.00 times as fast" in "\n".join(result.lines())


def test_the_command_prints_where_it_ran_and_writes_json(monkeypatch, tmp_path, capsys):
    file = tmp_path / "figures.json"
    arguments = ["benchmarks", "points", "--rounds", "2", "--json", str(file)]
    monkeypatch.setattr(sys, "argv", arguments)
    command.main()
    printed = capsys.readouterr().out
    assert "OpenBLAS:" in printed
    assert "W1: 2-16-16-1" in printed
    report = json.loads(file.read_text(encoding="utf-8"))
    assert report["environment"]["versions"]["numpy"] == np.__version__
    assert len(report["results"][0]["seconds"]["nnlib"]) == 2


def test_an_unknown_workload_is_one_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "pints"])
    with pytest.raises(SystemExit):
        command.main()
    assert "unknown workload pints: there are points, digits" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("name", results.RECIPES)
def test_a_recipe_runs_on_real_data(name, monkeypatch):
    """A few steps only: what it reaches is for `python -m benchmarks.results` to say."""
    data = REAL_DATA or digits.BESIDE
    if not Path(data).is_dir():
        pytest.skip("no real data: set NNLIB_DATA to a folder with MNIST, names and Shakespeare")
    monkeypatch.setenv("NNLIB_DATA", str(data))
    recipe = dataclasses.replace(results.RECIPES[name], seeds=(0,))
    result = recipe.measure(limit=2)
    assert np.isfinite(result["mean"])
    assert result["name"] in results.lines(result)
    json.dumps(result)


def test_a_recipe_is_judged_by_the_mean_of_its_seeds():
    figures = {0: 0.90, 1: 0.98}
    recipe = Recipe("r", "w", lambda seed, _: figures[seed], "share", 0.93, "none", seeds=(0, 1))
    result = recipe.measure()
    assert result["met"]
    assert result["mean"] == pytest.approx(0.94)
    assert result["spread"] == pytest.approx(0.08)
    assert not dataclasses.replace(recipe, lower=True, must=0.92).measure()["met"]
    assert "at least 0.9300: met" in results.lines(result)


def test_results_of_several_runs_stand_in_one_file(tmp_path):
    path = tmp_path / "results.json"
    for name, mean in (("a", 1.0), ("b", 2.0), ("a", 3.0)):
        results.keep(path, {"name": name, "mean": mean})
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert {name: result["mean"] for name, result in kept.items()} == {"a": 3.0, "b": 2.0}


def test_the_networks_of_the_recipes_are_what_they_are_called():
    rng = np.random.default_rng(0)
    model = recipes.cnn(rng)
    assert sum(p.size for p in model.parameters()) < 120_000
    images = rng.random((5, 1, 28, 28), dtype=np.float32)
    for build in (recipes.mlp, recipes.lenet, recipes.cnn):
        assert build(rng)(images).shape == (5, 10)
    moved = recipes.shifted(images, rng, reach=2)
    assert moved.shape == images.shape
    assert not np.array_equal(moved, images)
    assert np.isin(moved, [0, *images.ravel()]).all()
    np.testing.assert_array_equal(recipes.shifted(images, rng, reach=0), images)
