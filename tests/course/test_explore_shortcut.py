"""The shortcut hunter: what covering does to two networks, and that only one window is the goal."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from nnlib.attribution import occlusion
from nnlib.course.explore import explore
from nnlib.course.explore.shortcut import FIND_THE_SHORTCUT, SHOWN, ShortcutHunter, hunt
from nnlib.course.explore.shortcut_runs import digits, eights, stamped, train
from nnlib.training import accuracy

PLACES = list(product(range(7), range(7)))
FOUND = ShortcutHunter("A", 6, 6)


def test_the_goal_is_one_window_of_network_a():
    met = [(n, *at) for n in "AB" for at in PLACES if FIND_THE_SHORTCUT.met(ShortcutHunter(n, *at))]
    assert met == [("A", 6, 6)]


def test_covering_the_digit_hurts_b_and_not_a():
    """The tempting idea: what makes an eight must be what the network goes by."""
    for at in ((3, 3), (2, 2), (4, 2)):
        assert ShortcutHunter("A", *at).lost() == 0
        assert ShortcutHunter("B", *at).lost() > 30
    assert ShortcutHunter("B", 6, 6).lost() == 0
    assert ShortcutHunter("B", 4, 2).metrics() == {"lost": 72 / 83, "lost by A": 0.0}


@pytest.mark.parametrize("name", ["A", "B"])
def test_the_numbers_are_those_of_the_library(name):
    """Lost are those whose logit falls below zero, by occlusion over all windows."""
    windows = np.zeros((len(PLACES), 8, 8), dtype=bool)
    for window, (row, column) in zip(windows, PLACES, strict=True):
        window[row : row + 2, column : column + 2] = True
    model = train(name)
    falls = occlusion(model, eights(), windows.reshape(len(PLACES), 64))
    lost = (model(eights()).data - falls < 0).sum(axis=0)
    assert [ShortcutHunter(name, *at).lost() for at in PLACES] == lost.tolist()


def test_a_test_set_with_stamps_does_not_tell_the_networks_apart():
    _, (X, y) = digits()
    usual, clean, turned = stamped(X, y == 1), X, stamped(X, y == 0)
    shares = {name: [accuracy(train(name)(Z), y) for Z in (usual, clean, turned)] for name in "AB"}
    assert min(shares["B"]) > 0.97
    assert shares["A"][0] == 1
    assert max(shares["A"][1:]) < 0.55


def test_a_stamp_changes_those_pictures_and_no_others():
    X = np.zeros((3, 64))
    out = stamped(X, np.array([True, False, True]))
    assert out.sum(axis=1).tolist() == [4, 0, 4]
    assert out[0].reshape(8, 8)[6:, 6:].all()
    assert not X.any()


def test_feedback_speaks_to_where_the_window_lies():
    said = {FIND_THE_SHORTCUT.feedback(ShortcutHunter(name, *at)) for name in "AB" for at in PLACES}
    assert said == {message for _, message in FIND_THE_SHORTCUT.why} | {"Goal reached."}
    assert "Network B might" in FIND_THE_SHORTCUT.feedback(ShortcutHunter())
    assert "hardly any ink" in FIND_THE_SHORTCUT.feedback(ShortcutHunter(row=0, column=6))
    assert "the rest of it is enough" in FIND_THE_SHORTCUT.feedback(replace(FOUND, row=5))
    assert "misses this part" in FIND_THE_SHORTCUT.feedback(ShortcutHunter("B", 4, 2))
    assert "does not miss" in FIND_THE_SHORTCUT.feedback(replace(FOUND, network="B"))


def test_a_page_tells_the_story(monkeypatch):
    """A minds nothing until the last corner is covered; then B, which minds the left side."""
    monkeypatch.setenv("NNLIB_STATIC", "1")
    html = explore(ShortcutHunter(), FIND_THE_SHORTCUT, story=hunt())._repr_mimebundle_()[
        "text/html"
    ]
    assert html.count("Goal reached.") == 1
    lost = {name: state.lost() for name, state in hunt().states.items()}
    of_a = [count for name, count in lost.items() if name.startswith("A")]
    assert not any(of_a[:-1])
    assert of_a[-1] > 0.9 * len(eights())
    assert sum(count > 30 for name, count in lost.items() if name.startswith("B")) >= 3


def test_the_picture_is_an_eight_and_the_window_hides_its_ink():
    whole, hidden = ShortcutHunter(row=0, column=0), ShortcutHunter(row=4, column=3)
    assert eights()[SHOWN].reshape(8, 8)[6:, 6:].all()
    assert whole.svg().count("h25v25h-25z") - hidden.svg().count("h25v25h-25z") == sum(
        eights()[SHOWN].reshape(8, 8)[4:6, 3:5].ravel() > 1 / 32
    ) - sum(eights()[SHOWN].reshape(8, 8)[:2, :2].ravel() > 1 / 32)
