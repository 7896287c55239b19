"""Pooling: the plain form, forward and back, over windows of every kind; ties; mistakes."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib import Tensor, avg_pool2d, max_pool2d

pairs = st.tuples(st.integers(1, 4), st.integers(1, 4))


def windows(x, kernel, stride, padding, dilation):
    """Give for each number of the output the places of x that its window sees, in their order."""
    high, wide = (
        (size + 2 * p - d * (k - 1) - 1) // s + 1
        for size, k, s, p, d in zip(x.shape[2:], kernel, stride, padding, dilation, strict=True)
    )
    n, channels, height, width = x.shape
    for image, c, i, j in itertools.product(*map(range, (n, channels, high, wide))):
        rows = (i * stride[0] + a * dilation[0] - padding[0] for a in range(kernel[0]))
        columns = [j * stride[1] + b * dilation[1] - padding[1] for b in range(kernel[1])]
        yield (
            (image, c, i, j),
            [
                (image, c, row, column)
                for row, column in itertools.product(rows, columns)
                if 0 <= row < height and 0 <= column < width
            ],
        )


@st.composite
def poolings(draw, dilated):
    """Images of few numbers, so that ties are many, and windows that fit into them."""
    kernel = draw(pairs)
    stride = draw(st.one_of(st.just(kernel), pairs))
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    dilation = draw(st.tuples(st.integers(1, 3), st.integers(1, 3))) if dilated else (1, 1)
    sizes = [
        max(d * (k - 1) + 1 - 2 * p, 1) + draw(st.integers(0, 6))
        for k, d, p in zip(kernel, dilation, padding, strict=True)
    ]
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    x = rng.integers(-3, 4, (draw(st.integers(1, 2)), draw(st.integers(1, 3)), *sizes))
    return x.astype(float), kernel, stride, padding, dilation


@given(poolings(dilated=True))
@settings(max_examples=200, deadline=None)
def test_the_largest_and_its_way_back_are_the_plain_form(drawn):
    x, kernel, stride, padding, dilation = drawn
    best, (vjp,) = max_pool2d.rule(
        x, kernel_size=kernel, stride=stride, padding=padding, dilation=dilation
    )
    g = np.random.default_rng(0).integers(1, 9, best.shape).astype(float)
    expected, gradient, seen = np.full(best.shape, -np.inf), np.zeros_like(x), 0
    for place, inside in windows(x, kernel, stride, padding, dilation):
        seen += 1
        if inside:
            first = max(inside, key=lambda where: x[where])  # the first of the largest, as in (9.9)
            expected[place] = x[first]
            gradient[first] += g[place]
    assert seen == best.size
    np.testing.assert_array_equal(best, expected)
    np.testing.assert_array_equal(vjp(g), gradient)


@given(poolings(dilated=False))
@settings(max_examples=150, deadline=None)
def test_the_mean_and_its_way_back_are_the_plain_form(drawn):
    x, kernel, stride, padding, dilation = drawn
    mean, (vjp,) = avg_pool2d.rule(x, kernel_size=kernel, stride=stride, padding=padding)
    g = np.random.default_rng(0).standard_normal(mean.shape)
    expected, gradient, seen = np.zeros(mean.shape), np.zeros_like(x), 0
    for place, inside in windows(x, kernel, stride, padding, dilation):
        seen += 1
        for where in inside:
            expected[place] += x[where] / (kernel[0] * kernel[1])
            gradient[where] += g[place] / (kernel[0] * kernel[1])
    assert seen == mean.size
    np.testing.assert_allclose(mean, expected, atol=1e-12)
    np.testing.assert_allclose(vjp(g), gradient, atol=1e-12)


def test_of_equal_numbers_the_first_takes_all():
    x = Tensor(np.zeros((1, 1, 2, 4)), requires_grad=True)
    max_pool2d(x, kernel_size=2).backward(np.array([[[[3.0, 5.0]]]]))
    np.testing.assert_array_equal(x.grad[0, 0], [[3, 0, 5, 0], [0, 0, 0, 0]])


def test_a_number_that_wins_twice_gets_both():
    x = Tensor(np.array([[[[1.0, 9.0, 2.0]]]]), requires_grad=True)
    max_pool2d(x, kernel_size=(1, 2), stride=1).backward(np.array([[[[3.0, 5.0]]]]))
    np.testing.assert_array_equal(x.grad[0, 0], [[0, 8, 0]])


IMAGES = np.zeros((2, 3, 5, 6))


@pytest.mark.parametrize(
    ("op", "arrays", "options", "message"),
    [
        (max_pool2d, (IMAGES[0],), {"kernel_size": 2}, "takes images"),
        (max_pool2d, (IMAGES,), {"kernel_size": 0}, "kernel_size is a whole number of at least 1"),
        (max_pool2d, (IMAGES[None],), {"kernel_size": 2}, "takes images"),
        (max_pool2d, (IMAGES,), {"kernel_size": 2, "padding": (2, 0)}, "at most half its kernel"),
        (max_pool2d, (IMAGES,), {"kernel_size": 2, "padding": (0, 2)}, "at most half its kernel"),
        (max_pool2d, (IMAGES,), {"kernel_size": (5, 4), "padding": 3}, "at most half its kernel"),
        (max_pool2d, (IMAGES,), {"kernel_size": 7}, "does not fit into 5"),
        (avg_pool2d, (IMAGES,), {"kernel_size": (2, 7)}, "does not fit into 6"),
    ],
)
def test_mistakes_are_explained(op, arrays, options, message):
    with pytest.raises(ValueError, match=message):
        op(*arrays, **options)


def test_whole_numbers_are_refused_where_they_would_overflow():
    bright = np.full((1, 1, 2, 2), 255, np.uint8)
    with pytest.raises(
        TypeError, match=r"floating-point numbers, got uint8.*astype\(np\.float32\)"
    ):
        avg_pool2d(bright, kernel_size=2)
    with pytest.raises(TypeError, match="floating-point numbers, got uint8"):
        max_pool2d(bright, kernel_size=2, padding=1)
    assert max_pool2d(bright, kernel_size=2).dtype == np.uint8


@pytest.mark.parametrize("op", [max_pool2d, avg_pool2d])
def test_a_padding_of_half_the_window_is_the_most(op):
    assert op(IMAGES, kernel_size=(7, 6), stride=1, padding=3).shape == (2, 3, 5, 7)
