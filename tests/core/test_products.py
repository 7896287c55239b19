"""A product in parts is the product; into which parts it goes does not depend on this machine."""

import numpy as np
import pytest

import nnlib
from nnlib import products

FEW_ROWS = [  # rows, inner, columns, and the parts where they gain something
    (16, 200, 512, 8),
    (32, 128, 512, 8),
    (32, 512, 128, 4),
    (64, 128, 512, 8),
    (2, 1024, 2048, 32),
    (48, 96, 896, 14),
    (25, 250, 160, 1),  # just small enough as it is
    (25, 255, 160, 5),
    (25, 625, 128, 2),  # whose parts are just small enough
    (65, 128, 512, 1),  # many rows
    (1, 1024, 2048, 1),  # a row alone
    (32, 200, 500, 1),  # columns that neither width divides
    (64, 1024, 128, 1),  # too long inside for any width
]
FEW_COLUMNS = [
    (200, 512, 16, 4),
    (144, 896, 32, 6),
    (25, 1536, 8, 1),  # small enough as it is
    (100, 512, 12, 1),  # just small enough a result
    (102, 512, 12, 2),
    (100, 1000, 10, 1),  # just small enough a product
    (100, 1010, 10, 2),
    (200, 50, 64, 20),
    (2000, 512, 2, 4),
    (2000, 512, 1, 1),
    (200, 512, 65, 1),  # many columns
    (200, 512, 1, 1),  # a column alone
    (199, 512, 16, 1),  # a prime number of rows
    (200, 0, 16, 4),  # no examples: nothing to add up
]


@pytest.fixture(params=[True, False], ids=["in parts", "whole"])
def gains(request, monkeypatch):
    """Compute as with a BLAS that reads small matrices as they lie, and as with another."""
    monkeypatch.setattr(products, "_reads_as_they_lie", lambda: request.param)
    return request.param


@pytest.mark.parametrize(("rows", "inner", "columns", "parts"), FEW_ROWS)
@pytest.mark.parametrize("stack", [(), (3,), (2, 3)])
def test_parts_of_columns_make_the_whole_product(rows, inner, columns, parts, stack, gains):
    a = _numbers(rows, inner)
    b = _numbers(*stack, inner, columns)
    split = products.in_parts(b, rows)
    count = parts if gains else 1
    assert split.shape == (*stack, count, inner, columns // count)
    assert np.shares_memory(split, b)
    expected = a @ b
    _close(products.dot_parts(a, split), expected)
    if stack:
        _close(products.dot_parts(a.reshape(*(1 for _ in stack), rows, inner), split), expected)
    out = np.full_like(expected, np.nan)
    assert products.dot_parts(a, split, out=out) is out
    _close(out, expected)


@pytest.mark.parametrize(("rows", "inner", "columns", "parts"), FEW_COLUMNS)
@pytest.mark.parametrize("stack", [(), (3,)])
def test_parts_of_rows_make_the_whole_product(
    rows, inner, columns, parts, stack, gains, monkeypatch
):
    a, b = _numbers(*stack, rows, inner), _numbers(*stack, columns, inner)
    assert products._parts_of_rows(rows, inner, columns) == parts
    asked = []
    monkeypatch.setattr(products, "_parts_of_rows", lambda *sizes: asked.append(sizes) or parts)
    _close(products.dot_rows(a, b.mT), a @ b.mT)
    assert asked == ([(rows, inner, columns)] if gains else [])


def test_a_matrix_for_many_products_is_copied_part_by_part(gains):
    b = _numbers(512, 128).T
    parts = products.laid_out(b, rows=32)
    assert parts.flags.c_contiguous is gains
    assert np.shares_memory(parts, b) is not gains
    np.testing.assert_array_equal(parts, products.in_parts(b, rows=32))
    assert len(parts) == (8 if gains else 1)


@pytest.mark.parametrize(("inner", "columns", "copied"), [(128, 512, False), (128, 128, True)])
def test_what_blas_copies_anyway_stays_as_it_is(inner, columns, copied, monkeypatch):
    monkeypatch.setattr(products, "_reads_as_they_lie", lambda: False)
    b = _numbers(columns, inner).T
    parts = products.laid_out(b, rows=32)
    assert np.shares_memory(parts, b) is not copied
    np.testing.assert_array_equal(parts, b[None])


@pytest.mark.parametrize("dtype", [np.float64, np.int64])
def test_other_kinds_of_number_stay_whole(dtype, monkeypatch):
    monkeypatch.setattr(products, "_reads_as_they_lie", lambda: True)
    a, b = np.ones((16, 200), dtype), np.ones((200, 512), dtype)
    assert products.in_parts(b, rows=16).shape == (1, 200, 512)
    np.testing.assert_array_equal(products.dot_parts(a, products.in_parts(b, rows=16)), a @ b)
    np.testing.assert_array_equal(products.dot_rows(b.T, a.T), b.T @ a.T)


def test_what_no_library_multiplies_into_is_filled_afterwards():
    xp = pytest.importorskip("array_api_strict")
    a, b = xp.ones((2, 3)), xp.ones((3, 4))
    out = xp.zeros((2, 4))
    assert products.dot_parts(a, products.in_parts(b, rows=2), out=out) is out
    assert bool(xp.all(out == 3))


@pytest.mark.parametrize(
    ("blas", "found", "kernels", "answer"),
    [
        ("scipy-openblas", ["X86_V3", "X86_V4"], None, True),
        ("openblas", ["AVX2", "AVX512_SKX"], "SkylakeX", True),
        ("scipy-openblas", ["X86_V3", "X86_V4"], "Haswell", False),
        ("scipy-openblas", ["X86_V3"], None, False),
        ("accelerate", ["NEON"], None, False),
        ("mkl", ["X86_V4"], None, False),
    ],
)
def test_only_openblas_with_avx512_reads_as_they_lie(blas, found, kernels, answer, monkeypatch):
    built = {"Build Dependencies": {"blas": {"name": blas}}, "SIMD Extensions": {"found": found}}
    monkeypatch.setattr(np, "show_config", lambda mode: built)
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    if kernels:
        monkeypatch.setenv("OPENBLAS_CORETYPE", kernels)
    assert products._reads_as_they_lie.__wrapped__() is answer


def test_a_numpy_that_says_nothing_of_its_blas_computes_whole(monkeypatch):
    monkeypatch.setattr(np, "show_config", lambda mode: {})
    assert products._reads_as_they_lie.__wrapped__() is False


def test_layers_that_compute_in_parts_give_what_they_give_whole(monkeypatch):
    asked = {"_parts_of_columns": {}, "_parts_of_rows": {}}
    for name, seen in asked.items():
        monkeypatch.setattr(products, name, _noting(getattr(products, name), seen))
    x, steps = _numbers(32, 8, 16, 16), _numbers(3, 32, 128)
    lstm, conv = nnlib.LSTM(128, 128, rng=0), nnlib.Conv2d(8, 16, 5, rng=1)
    parameters, results = (*lstm.parameters(), *conv.parameters()), []
    for parts in (False, True):
        monkeypatch.setattr(products, "_reads_as_they_lie", lambda parts=parts: parts)
        assert not any(asked.values())
        states, image = lstm(steps)[0], conv(nnlib.Tensor(x, requires_grad=True))
        ((states * states).sum() + (image * image).sum()).backward()
        results.append([states.data, image.data, *(p.grad for p in parameters)])
        for p in parameters:
            p.grad = None
    for whole, in_parts in zip(*results, strict=True):
        _close(in_parts, whole)
    forward = {(32, 128, 512): 8, (16, 200, 12 * 32): 6}
    back = {(32, 512, 128): 4, (40, 5 * 16, 12 * 32): 6}
    assert asked["_parts_of_columns"].items() >= (forward | back).items()
    assert asked["_parts_of_rows"] == {(200, 12 * 32, 16): 4}


def _noting(rule, seen):
    def noted(*sizes):
        seen[sizes] = rule(*sizes)
        return seen[sizes]

    return noted


def _numbers(*shape):
    return np.random.default_rng(sum(shape)).standard_normal(shape).astype(np.float32)


def _close(actual, expected):
    largest = np.abs(expected).max(initial=0)
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-5 * largest)
