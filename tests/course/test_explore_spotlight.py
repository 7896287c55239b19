"""The spotlight: its shares are the library's, and neither turning nor stretching is enough."""

import xml.etree.ElementTree as ET
from itertools import product

import numpy as np
import pytest

from nnlib import scaled_dot_product_attention
from nnlib.course.explore import explore
from nnlib.course.explore.spotlight import KEYS, LIGHT_THE_EAST, VALUES, Spotlight, story

SVG = "{http://www.w3.org/2000/svg}"
DIRECTIONS, LENGTHS, PLACES = (control.values for control in Spotlight.controls)
STATES = [Spotlight(*state) for state in product(DIRECTIONS[::2], LENGTHS[::5], PLACES)]


def test_what_is_taken_home_is_what_the_library_gives():
    for state in STATES:
        seen = slice(None, state.sees)
        found = scaled_dot_product_attention(state.query, KEYS[seen], VALUES[seen])
        assert state.found == pytest.approx(found.item())


def test_shares_are_a_softmax_of_the_scores_of_what_may_be_seen():
    for state in STATES:
        fit = np.exp(state.scores) * (np.arange(4) < state.sees)
        assert np.allclose(state.shares, fit / fit.sum())
        assert np.all(state.shares[state.sees :] == 0)


def test_the_east_gets_its_nine_tenths_from_the_length_of_the_chapter_on():
    reached = [length for length in LENGTHS if LIGHT_THE_EAST.met(Spotlight(0.0, length))]
    assert reached[0] == 4.25
    assert reached == [length for length in LENGTHS if length >= 4.25]


def test_turning_alone_does_not_reach_the_goal():
    start = Spotlight()
    for angle in DIRECTIONS:
        assert not LIGHT_THE_EAST.met(Spotlight(angle, start.length))


def test_stretching_alone_does_not_reach_the_goal():
    for angle in (45.0, 90.0, Spotlight().direction, 180.0):
        assert not any(LIGHT_THE_EAST.met(Spotlight(angle, length)) for length in LENGTHS)


def test_half_way_between_two_keys_they_get_equal_shares():
    shares = Spotlight(45.0, 6.0).shares
    assert shares[0] == pytest.approx(shares[1])


def test_whoever_sees_one_place_gives_it_everything():
    for angle in DIRECTIONS:
        assert Spotlight(angle, 6.0, sees=1).shares.tolist() == [1, 0, 0, 0]


def test_every_reason_is_given_somewhere_and_is_true_there():
    said = {}
    for state in product(DIRECTIONS, LENGTHS, PLACES):
        said.setdefault(LIGHT_THE_EAST.feedback(Spotlight(*state)), []).append(Spotlight(*state))
    assert set(said) == {message for _, message in LIGHT_THE_EAST.why} | {"Goal reached."}
    for message, states in said.items():
        for state in states:
            seen = state.shares[: state.sees]
            if "equal" in message:
                assert np.isclose(np.sort(seen)[-1], np.sort(seen)[-2])
            if "gets most" in message or "Nearly" in message:
                assert state.shares[1] == seen.max() > seen.min()


def test_the_story_of_the_page_turns_stretches_and_hides(monkeypatch):
    states = list(story().states.values())
    assert states[0] == Spotlight()
    east = [state.metrics()["east"] for state in states]
    met = [LIGHT_THE_EAST.met(state) for state in states]
    assert east[:-1] == sorted(east[:-1])
    assert any(met)
    assert not met[-1]
    monkeypatch.setenv("NNLIB_STATIC", "1")
    shown = explore(Spotlight(), LIGHT_THE_EAST, story=story())
    html = shown._repr_mimebundle_()["text/html"]
    assert "Goal reached." in html
    assert len(html.encode()) < 120_000


def drawn(state):
    root = ET.fromstring(state.svg())
    bars = [float(bar.get("width")) for bar in root.iter(f"{SVG}rect")]
    return bars, [each.text for each in root.iter(f"{SVG}text")], list(root.iter(f"{SVG}line"))


def test_bars_are_as_long_as_the_shares():
    for state in STATES[::7]:
        assert np.allclose(drawn(state)[0], 70 * state.shares, atol=0.06)


def test_hidden_places_are_dashed_and_said_to_be_hidden():
    for sees in PLACES:
        _, words, lines = drawn(Spotlight(sees=sees))
        assert words.count("hidden") == 4 - sees
        assert sum("stroke-dasharray" in each.attrib for each in lines) == 4 - sees
        assert Spotlight(sees=sees).describe().count("hidden") == 4 - sees


def test_a_query_of_length_nothing_is_a_dot():
    assert "<path" not in Spotlight(length=0.0).svg()
    assert "<path" in Spotlight(length=0.25).svg()
