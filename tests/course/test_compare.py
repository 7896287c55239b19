"""Comparing, copying and printing results: the small functions under the pipeline."""

from itertools import count

import numpy as np
import pytest

from nnlib import Tensor
from nnlib.course.exercises.compare import (
    Unfit,
    agreement,
    alike,
    close,
    numbers,
    numeric,
    parts,
    pending,
    show,
    size,
    snapshot,
    unchanged,
)

A = np.array([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (A, A.copy(), True),
        (A, A + 1e-16, True),
        (A, A + 1e-12, False),
        (A, A.astype(np.float32), False),
        (A, A.tolist(), False),
        (np.array([1, np.nan]), np.array([1, np.nan]), True),
        (np.array([1, 2]), np.array([1, 2]), True),
        ([A, A], [A, A], True),
        ([A, A], [A], False),
        ([A, A], [A, A + 1], False),
        ((A, 3), (A + 1, 3), False),
        ({"W": A}, {"W": A}, True),
        ({"W": A}, {"W": A + 1}, False),
        ({"W": A}, {"W": A, "b": A}, False),
        (Tensor(A), Tensor(A.copy()), True),
        (Tensor(A), Tensor(A + 1), False),
        (3, 3, True),
    ],
    ids=count(1),
)
def test_whether_an_input_is_unchanged(before, after, same):
    assert unchanged(before, after) is same


def test_a_snapshot_shares_nothing():
    value = {"a": [A.copy(), (A.copy(), Tensor(A.copy()))], "b": "words", "c": 3}
    taken = snapshot(value)
    value["a"][0][...] = 0
    value["a"][1][0][...] = 0
    value["a"][1][1].data[...] = 0
    assert alike(taken, {"a": [A, (A, A)], "b": "words", "c": 3}, 1e-12)


def test_a_snapshot_leaves_what_it_does_not_know():
    pair = type("Pair", (tuple,), {})((1, 2))
    assert snapshot(pair) is pair
    assert snapshot(print) is print


@pytest.mark.parametrize("value", [None, ..., "", "..."], ids=repr)
def test_what_is_still_to_be_written(value):
    assert pending(value)
    assert not pending(0)
    assert not pending("words")


def test_results_are_laid_out_by_name():
    assert parts(3, 1) == {"": 3}
    assert parts(3, 1, ("dX",)) == {"dX": 3}
    assert parts([3, 4], (1, 2), ("dX", "dW")) == {"dX": 3, "dW": 4}
    assert parts((3, 4), (1, 2)) == {"result 1": 3, "result 2": 4}
    assert parts({"b": 1, "a": 2}, {"a": 0, "b": 0}) == {"a": 2, "b": 1}


@pytest.mark.parametrize(
    ("value", "like", "words"),
    [
        (3, (1, 2), "2 results are expected, in this order: result 1, result 2."),
        ((3,), (1, 2), "there are 1."),
        ((3, 4, 5), (1, 2), "there are 3."),
        (3, {"a": 1, "b": 2}, "A dict with the keys a, b is expected."),
        ({"a": 1}, {"a": 1, "b": 2}, "The keys do not match; missing: b."),
        ({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 2}, "The keys do not match; unexpected: c."),
    ],
    ids=count(1),
)
def test_what_cannot_be_laid_out_is_told(value, like, words):
    with pytest.raises(Unfit) as told:
        parts(value, like)
    assert str(told.value).endswith(words)


def test_numbers_are_real_numbers():
    for value in (3, 2.5, True, [1, 2], A, np.float32(1), np.array([True])):
        assert numeric(value)
    for value in (1j, "3", None, [1, None], [[1], [2, 3]], {"a": 1}, print):
        assert not numeric(value)
    with pytest.raises(Unfit, match="this is ndarray of dtype object"):
        numbers(np.array([None]))
    with pytest.raises(Unfit, match=r"this is dict\."):
        numbers({})


@pytest.mark.parametrize(
    ("mine", "right", "same"),
    [
        (1.0 + 1e-7, 1.0, True),
        (1.0 + 3e-6, 1.0, False),
        (1000.0 + 1e-3, 1000.0, True),
        (1e-3 + 1e-8, 1e-3, False),
        (1e-17, 0.0, True),
        (1e-9, 0.0, False),
        (np.float32(1.00005), 1.0, True),
        (np.float32(1.001), 1.0, False),
        (np.float16(1.005), 1.0, True),
        (np.float16(1.05), 1.0, False),
        (np.nan, np.nan, True),
        (np.nan, 1.0, False),
        (np.inf, np.inf, True),
        ([1.0], 1.0, False),
        (True, 1, True),
        ("About  Twice", "about twice", True),
        ("twice", "about twice", False),
        (2, "about twice", False),
        ("2", 2, False),
    ],
    ids=count(1),
)
def test_closeness_is_relative_to_the_size_and_the_number_format(mine, right, same):
    assert close(mine, right, 1e-6) is same


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (A, A.tolist(), True),
        (A, A + 1, False),
        ((A, 1), [A, 1], True),
        ((A, 1), (A,), False),
        ((A, 1), A, False),
        ({"a": A}, {"a": A}, True),
        ({"a": A}, {"b": A}, False),
        ({"a": A}, A, False),
        ("catches", "catches", True),
        ("catches", "accepts", False),
        ("1", 1, False),
        (None, None, False),
    ],
    ids=count(1),
)
def test_two_answers_are_alike_in_structure_and_values(a, b, same):
    assert alike(a, b, 1e-6) is same


def test_agreement_says_exact_close_or_how_far():
    assert agreement(A, A, 1e-6) == "exact"
    assert agreement(A + 1e-15, A, 1e-6) == "exact"
    assert agreement(A + 1e-8, A, 1e-6) == "close"
    assert agreement(A.astype(np.float32), A, 1e-6) == "close"
    assert agreement(A + 0.25, A, 1e-6) == "off by at most 0.25"
    assert agreement(A[0], A, 1e-6) == "shape (2,), expected (2, 2)"
    assert [agreement(word, "yes", 1e-6) for word in ("Yes", "no")] == ["right", "not yet"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (A, "[[1., 2.], [3., 4.]]"),
        (np.array([1, 2]), "[1, 2]"),
        (0.1 + 0.2, "0.3"),
        (np.float32(0.5), "0.5"),
        (Tensor(A), "[[1., 2.], [3., 4.]]"),
        ([A[0], 3], "[[1., 2.], 3]"),
        ((1, "a"), "(1, 'a')"),
        ({"W": A[0], "n": None}, "{W: [1., 2.], n: None}"),
        (np.sin, "sin"),
        (lambda: 0, "a function"),
        (object(), "object"),
        (True, "True"),
    ],
    ids=count(1),
)
def test_values_are_shown_on_one_line(value, text):
    assert show(value) == text


def test_a_large_array_is_shown_in_part():
    assert len(show(np.arange(1000.0))) < 80


def test_the_size_of_a_case_is_how_much_there_is_to_read():
    assert [size(v) for v in (A, 3, [A, A], {"a": A, "b": 1}, np.sin, (np.sin, A))] == [
        4,
        1,
        8,
        5,
        0,
        4,
    ]
