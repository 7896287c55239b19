"""The shape calculator against NumPy itself, and its two goals over every setting there is."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from nnlib.course.explore import explore
from nnlib.course.explore.shapes import (
    ARRAYS,
    MINUS,
    OPERATIONS,
    PRODUCT,
    SIXTEEN,
    TURNED,
    TWO_A_DAY,
    Shapes,
)
from nnlib.course.explore.shapes_picture import HIGH, LEDGER, WIDE

EVERY = [Shapes(a, b, operation) for a, b, operation in product(ARRAYS, ARRAYS, OPERATIONS)]
PRODUCTS = Shapes("(4, 3)", "(2, 3)", MINUS)


def by_numpy(model):
    A, B = ARRAYS[model.a], ARRAYS[model.b]
    code = {MINUS: lambda: A - B, PRODUCT: lambda: A @ B, TURNED: lambda: A @ B.T}
    try:
        return code[model.operation]()
    except ValueError:
        return None


def words(picture):
    """Everything that is written in a picture."""
    return [element.text for element in ET.fromstring(picture).iter() if element.text]


def test_every_array_has_the_shape_that_it_is_called_by():
    assert all(str(array.shape) == name for name, array in ARRAYS.items())


@pytest.mark.parametrize("model", EVERY, ids=str)
def test_words_and_numbers_are_numpys(model):
    right = by_numpy(model)
    if right is None:
        assert model.result is None
        assert model.describe().endswith("NumPy stops with an error.")
        assert "an error" in words(model.svg())
    else:
        assert np.array_equal(model.result, right)
        assert model.describe().endswith(f"The result has shape {right.shape}.")
        assert f"shape {right.shape}" in words(model.svg())
    assert ("differ" in model.describe() or "are 3 and" in model.describe()) <= (right is None)


def test_each_axis_is_told_in_words_and_in_the_picture():
    model = Shapes(b="(4, 1)")
    assert (
        "From the right: 4 meets 1, so B is used 4 times; nothing meets 4, so A is used 4 times."
        in model.describe()
    )
    assert {"A used 4 times", "B used 4 times"} <= set(words(model.svg()))
    assert "4 meets 3: they differ, and neither is 1." in Shapes().describe()
    assert {"4 is not 3", "×"} <= set(words(Shapes().svg()))
    assert "nothing meets 1. The result has shape (1, 4)." in Shapes(b="(1, 4)").describe()


@pytest.mark.parametrize("b", ["(4,)", "(4, 1)", "(1, 4)", "(3, 4)", "(1,)"])
def test_the_last_line_below_is_the_shape_of_the_result(b):
    model = Shapes(b=b)
    written = [(e.get("y"), e.text) for e in ET.fromstring(model.svg()).iter() if e.text]
    lengths = [word for y, word in written if y == f"{LEDGER + 52:.1f}" and word != "A − B"]
    assert lengths[::-1] == [str(length) for length in model.result.shape]


def test_what_is_used_again_is_dashed_and_nothing_else():
    dashed = {b: Shapes(b=b).svg().count("dasharray") for b in ARRAYS}
    assert dashed["(4,)"] == dashed["(3,)"] == dashed["(4, 3)"] == 0
    assert dashed["(1,)"] == 3
    assert dashed["(4, 1)"] == 12 + 12
    assert dashed["(3, 4)"] == 8


def test_a_product_shows_how_its_first_number_comes_about():
    turned = replace(PRODUCTS, operation=TURNED)
    assert "1 × 1 + 3 × 2 + 0 × (−1) = 7" in words(turned.svg())
    assert turned.result[0, 0] == 7
    assert Shapes("(4,)", "(4,)", PRODUCT).result == 9 + 36 + 1 + 16
    assert "3 × 3 + 6 × 6 + 1 × 1 + 4 × 4 = 62" in words(Shapes("(4,)", "(4,)", PRODUCT).svg())


def test_a_product_frames_a_row_a_column_and_one_number():
    rects = ET.fromstring(replace(PRODUCTS, operation=TURNED).svg()).iter()
    frames = [e for e in rects if e.get("stroke-width") == "2.5"]
    sizes = [(round(float(e.get("width")) / WIDE), int(e.get("height")) // HIGH) for e in frames]
    assert sizes == [(3, 1), (1, 3), (1, 1)]


# --- The goals ------------------------------------------------------------------------------------


def test_sixteen_differences_come_from_a_row_against_a_column_alone():
    reached = {(m.a, m.b) for m in EVERY if m.operation == MINUS and SIXTEEN.met(m)}
    column, rows = "(4, 1)", ("(4,)", "(1, 4)")
    assert reached == {pair for row in rows for pair in ((row, column), (column, row))}


def test_an_outer_product_is_not_sixteen_differences():
    outer = Shapes("(4, 1)", "(1, 4)", PRODUCT)
    assert outer.result.shape == (4, 4)
    assert not SIXTEEN.met(outer)
    assert SIXTEEN.feedback(outer) == "The program subtracts."


@pytest.mark.parametrize(
    ("b", "says"),
    [
        ("(3,)", "stops with an error"),
        ("(1,)", "does not hold four numbers"),
        ("(3, 4)", "does not hold four numbers"),
        ("(4,)", "as it was meant"),
        ("(1, 4)", "as it was meant"),
        ("(4, 1)", "Goal reached."),
    ],
)
def test_every_shape_of_b_gets_its_answer(b, says):
    assert says in SIXTEEN.feedback(Shapes(b=b))


def test_equal_sizes_other_than_four_are_not_the_days():
    three = Shapes("(3,)", "(3,)")
    assert "does not hold four numbers" in SIXTEEN.feedback(three)
    assert Shapes("(4, 3)", "(4, 3)").metrics()["sums a day"] == 0


def test_two_sums_a_day_come_from_the_turned_weights_alone():
    said = [TWO_A_DAY.feedback(replace(PRODUCTS, operation=o)) for o in OPERATIONS]
    assert "adds nothing up" in said[0]
    assert "a column of B has 2" in said[1]
    assert said[2] == "Goal reached."
    assert "come as (4, 3)" in TWO_A_DAY.feedback(Shapes("(4, 3)", "(3, 4)", PRODUCT))


def test_every_state_that_reaches_two_a_day_gives_two_sums_for_each_day():
    reached = [m for m in EVERY if TWO_A_DAY.met(m)]
    assert reached == [replace(PRODUCTS, operation=TURNED)]


@pytest.mark.parametrize(
    ("model", "goal", "sweep", "frames"),
    [(Shapes(), SIXTEEN, "b", 8), (PRODUCTS, TWO_A_DAY, "operation", 3)],
)
def test_the_frames_of_a_page_begin_before_the_goal_and_reach_it(
    model, goal, sweep, frames, monkeypatch
):
    monkeypatch.setenv("NNLIB_STATIC", "1")
    html = explore(model, goal, sweep=sweep)._repr_mimebundle_()["text/html"]
    assert html.count("<figure") == frames
    assert html.count("Goal reached.") == 1
    assert not goal.met(model)
