"""Convolution: the plain form, the adjoint, layouts, mistakes; the layers for images."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlib
from nnlib import conv2d, conv_transpose2d, max_pool2d


def plain(x, weight, bias, stride, padding, dilation, groups):
    """A convolution as it is defined: a sum of products for every number of the output."""
    n, _, height, width = x.shape
    f, c, kh, kw = weight.shape
    framed = np.zeros((n, x.shape[1], height + 2 * padding[0], width + 2 * padding[1]))
    framed[:, :, padding[0] : padding[0] + height, padding[1] : padding[1] + width] = x
    high = (framed.shape[2] - dilation[0] * (kh - 1) - 1) // stride[0] + 1
    wide = (framed.shape[3] - dilation[1] * (kw - 1) - 1) // stride[1] + 1
    z = np.zeros((n, f, high, wide))
    for image, unit, i, j in itertools.product(range(n), range(f), range(high), range(wide)):
        channels = slice(unit // (f // groups) * c, unit // (f // groups) * c + c)
        rows = slice(i * stride[0], i * stride[0] + dilation[0] * (kh - 1) + 1, dilation[0])
        columns = slice(j * stride[1], j * stride[1] + dilation[1] * (kw - 1) + 1, dilation[1])
        z[image, unit, i, j] = (framed[image, channels, rows, columns] * weight[unit]).sum()
    return z + bias[:, None, None]


pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
moves = st.fixed_dictionaries(
    {
        "stride": pairs,
        "padding": st.tuples(st.integers(0, 3), st.integers(0, 3)),
        "dilation": pairs,
        "groups": st.sampled_from([1, 2, 3]),
    }
)


@st.composite
def convolutions(draw):
    """Images, a weight and a bias, and a move of the kernel that fits into the images."""
    move = draw(moves)
    kernel = draw(pairs)
    sizes = [
        max(d * (k - 1) + 1 - 2 * p, 1) + draw(st.integers(0, 5))
        for k, d, p in zip(kernel, move["dilation"], move["padding"], strict=True)
    ]
    c, f = (draw(st.integers(1, 3)) for _ in range(2))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    x = rng.standard_normal((draw(st.integers(1, 3)), move["groups"] * c, *sizes))
    weight = rng.standard_normal((move["groups"] * f, c, *kernel))
    return x, weight, rng.standard_normal(len(weight)), move


@given(convolutions())
@settings(max_examples=150, deadline=None)
def test_it_is_the_plain_form(drawn):
    x, weight, bias, move = drawn
    np.testing.assert_allclose(
        conv2d.rule(x, weight, bias, **move)[0], plain(x, weight, bias, **move), atol=1e-12
    )


@given(convolutions())
@settings(max_examples=100, deadline=None)
def test_what_goes_back_is_the_adjoint(drawn):
    """The product of g with the output is that of x, and of the weight, with what goes back."""
    x, weight, _, move = drawn
    z, (to_x, to_weight) = conv2d.rule(x, weight, **move)[0], conv2d.rule(x, weight, **move)[1][:2]
    g = np.random.default_rng(0).standard_normal(z.shape)
    product = (g * z).sum()
    assert (to_x(g) * x).sum() == pytest.approx(product, abs=1e-9)
    assert (to_weight(g) * weight).sum() == pytest.approx(product, abs=1e-9)


def test_the_transposed_one_goes_forward_as_the_other_goes_back():
    rng = np.random.default_rng(0)
    x, weight = rng.standard_normal((2, 4, 7, 9)), rng.standard_normal((6, 2, 3, 2))
    move = {"stride": (2, 3), "padding": 1, "dilation": (1, 2), "groups": 2}
    z, (to_x, *_) = conv2d.rule(x, weight, **move)
    g = rng.standard_normal(z.shape)
    forward = conv_transpose2d.rule(g, weight, **move, output_padding=(0, 0))[0]
    np.testing.assert_allclose(forward, to_x(g)[:, :, : forward.shape[2], : forward.shape[3]])


@pytest.mark.parametrize("size", [(7, 9), (3, 5), (6, 2)])  # the last two leave one row or column
def test_the_transposed_one_moves_by_one_unless_told(size):
    rng = np.random.default_rng(0)
    x, weight = rng.standard_normal((2, 2, *size)), rng.standard_normal((3, 2, 3, 2))
    z, (to_x, *_) = conv2d.rule(x, weight)
    g = rng.standard_normal(z.shape)
    np.testing.assert_allclose(conv_transpose2d.rule(g, weight)[0], to_x(g))
    one = np.ones((1, 1, 1, 1))
    assert conv_transpose2d.rule(one, one)[0].shape == (1, 1, 1, 1)
    assert conv_transpose2d.rule(one, np.ones((1, 1, 1, 3)))[0].shape == (1, 1, 1, 3)
    assert conv_transpose2d.rule(one, np.ones((1, 1, 3, 1)))[0].shape == (1, 1, 3, 1)


@pytest.mark.parametrize("axes", list(itertools.permutations(range(4)))[::5])
def test_the_layout_in_memory_changes_nothing(axes):
    rng = np.random.default_rng(0)
    weight, bias = rng.standard_normal((4, 3, 2, 3)), rng.standard_normal(4)
    x = rng.standard_normal((2, 3, 6, 7))
    other = np.ascontiguousarray(x.transpose(axes)).transpose(np.argsort(axes))
    assert np.array_equal(x, other)
    for op, arrays, options in (
        (conv2d, (weight, bias), {"padding": 1}),
        (max_pool2d, (), {"kernel_size": 2, "padding": 1}),
        (nnlib.avg_pool2d, (), {"kernel_size": 3, "stride": 2}),
    ):
        z, (to_x, *_) = op.rule(x, *arrays, **options)
        w, (to_y, *_) = op.rule(other, *arrays, **options)
        g = rng.standard_normal(z.shape)
        np.testing.assert_allclose(z, w, atol=1e-12)
        np.testing.assert_allclose(to_x(g), to_y(np.asfortranarray(g)), atol=1e-12)


IMAGES, KERNEL = np.zeros((2, 3, 5, 6)), np.zeros((4, 3, 3, 3))
SPREAD = IMAGES[:, :1], KERNEL[:1]
ROW, COLUMN = IMAGES[:, :1, :1], IMAGES[:, :1, :, :1]
SMALLER, NOTHING = "output_padding is smaller than the stride", "nothing is left of the output"


@pytest.mark.parametrize(
    ("op", "arrays", "options", "message"),
    [
        (conv2d, (IMAGES[0], KERNEL), {}, r"one image alone is x\[None\]"),
        (conv2d, (IMAGES[None], KERNEL), {}, r"one image alone is x\[None\]"),
        (conv2d, (IMAGES, KERNEL[None]), {}, "a weight of four axes"),
        (conv2d, (IMAGES, KERNEL[0]), {}, "a weight of four axes"),
        (conv2d, (IMAGES[:, :2], KERNEL), {}, "takes images with 3 channels, and these have 2"),
        (conv2d, (IMAGES, KERNEL), {"groups": 3}, "groups is a whole number that divides the 4"),
        (conv2d, (IMAGES, KERNEL), {"groups": 0}, "groups is a whole number"),
        (conv2d, (IMAGES, KERNEL), {"stride": 0}, "stride is a whole number of at least 1"),
        (conv2d, (IMAGES, KERNEL), {"padding": -1}, "padding is a whole number of at least 0"),
        (conv2d, (IMAGES, KERNEL), {"dilation": 0}, "dilation is a whole number of at least 1"),
        (conv2d, (IMAGES, KERNEL), {"dilation": (1, 2, 3)}, "or two of them for rows and columns"),
        (conv2d, (IMAGES, KERNEL), {"dilation": (1,)}, "or two of them for rows and columns"),
        (conv2d, (IMAGES, KERNEL[:, :, :0]), {}, "kernel_size is a whole number of at least 1"),
        (conv2d, (IMAGES, KERNEL), {"dilation": 3}, "reaches over 7 rows does not fit into 5"),
        (conv2d, (IMAGES.mT, KERNEL), {"dilation": (1, 3)}, "reaches over 7 columns"),
        (conv_transpose2d, (IMAGES, KERNEL), {}, "takes images with 4 channels"),
        (conv_transpose2d, SPREAD, {"stride": 2, "output_padding": 2}, SMALLER),
        (conv_transpose2d, SPREAD, {"stride": (1, 3), "output_padding": (1, 0)}, SMALLER),
        (conv_transpose2d, SPREAD, {"stride": (1, 3), "output_padding": (2, 0)}, SMALLER),
        (conv_transpose2d, SPREAD, {"stride": (3, 1), "output_padding": (0, 1)}, SMALLER),
        (conv_transpose2d, SPREAD, {"stride": (3, 1), "output_padding": (0, 2)}, SMALLER),
        (conv_transpose2d, SPREAD, {"output_padding": -1}, "output_padding is a whole number"),
        (conv_transpose2d, (ROW, KERNEL[:1]), {"padding": (2, 0)}, NOTHING),
        (conv_transpose2d, (COLUMN, KERNEL[:1]), {"padding": (0, 2)}, NOTHING),
        (conv_transpose2d, (ROW, KERNEL[:1, :, :2]), {"padding": (1, 0)}, NOTHING),
        (conv_transpose2d, (COLUMN, KERNEL[:1, :, :, :2]), {"padding": (0, 1)}, NOTHING),
        (conv2d, (IMAGES, KERNEL), {"stride": 1.5}, r"stride is a whole number.* got 1\.5"),
        (conv2d, (IMAGES, KERNEL), {"groups": 1.0}, r"groups is a whole number.* got 1\.0"),
        (
            conv2d,
            (IMAGES, KERNEL, np.zeros(1)),
            {},
            r"of the 4 channels that come out, got.*\(1,\)",
        ),
        (conv2d, (IMAGES, KERNEL, np.zeros((4, 1))), {}, "the bias holds one number for each"),
        (
            conv_transpose2d,
            (IMAGES, np.zeros((3, 2, 3, 3)), np.zeros(3)),
            {"groups": 3},
            r"of the 6 channels that come out, got the shape \(3,\)",
        ),
        (conv2d, (IMAGES, KERNEL[:, :2]), {}, "takes images with 2 channels, and these have 3"),
    ],
)
def test_mistakes_are_explained(op, arrays, options, message):
    with pytest.raises(ValueError, match=message):
        op(*arrays, **options)


def test_two_kinds_of_number_are_refused():
    with pytest.raises(TypeError, match="the images are float64 and the weight float32"):
        conv2d(IMAGES, KERNEL.astype(np.float32))


def test_layers_say_what_they_are():
    layer = nnlib.Conv2d(4, 6, (3, 2), stride=2, padding=1, groups=2, rng=0)
    assert repr(layer) == "Conv2d(4, 6, kernel_size=(3, 2), stride=2, padding=1)"
    assert layer.weight.shape == (6, 2, 3, 2)
    other = nnlib.ConvTranspose2d(4, 6, 3, groups=2, bias=False, rng=0)
    assert repr(other) == "ConvTranspose2d(4, 6, kernel_size=(3, 3), stride=1, padding=0)"
    assert other.weight.shape == (4, 3, 3, 3)
    assert other.bias is None
    assert repr(nnlib.MaxPool2d(2)) == "MaxPool2d(kernel_size=2)"
    assert repr(nnlib.AvgPool2d((2, 3))) == "AvgPool2d(kernel_size=(2, 3))"
    assert repr(nnlib.AdaptiveAvgPool2d(1)) == "AdaptiveAvgPool2d((1, 1))"
    assert repr(nnlib.BatchNorm2d(3)) == "BatchNorm2d(3)"
    assert repr(nnlib.RMSNorm(3)) == "RMSNorm(3)"
    assert repr(nnlib.Embedding(5, 3)) == "Embedding(5, 3)"


@pytest.mark.parametrize("layer", [nnlib.Conv2d, nnlib.ConvTranspose2d])
def test_layers_refuse_sizes_that_make_no_sense(layer):
    with pytest.raises(ValueError, match="in_channels must be a whole number of at least 1, got 0"):
        layer(0, 2, 3)
    with pytest.raises(ValueError, match=r"out_channels must be .* got 2\.5"):
        layer(1, 2.5, 3)
    with pytest.raises(ValueError, match="the 4 channels that come in and the 6 that go out"):
        layer(4, 6, 3, groups=4)
    with pytest.raises(ValueError, match="the 4 channels that come in and the 6 that go out"):
        layer(4, 6, 3, groups=3)


@pytest.mark.parametrize("layer", [nnlib.Conv2d, nnlib.ConvTranspose2d])
@pytest.mark.parametrize("size", [0, -1, 3.0, (3, 3, 3), (3, 0)])
def test_kernels_that_make_no_sense(layer, size):
    with pytest.raises(ValueError, match="kernel_size is a whole number of at least 1"):
        layer(1, 2, size)


def test_sizes_may_be_whole_numbers_of_numpy():
    one, two, three = np.array([1, 2, 3])
    x = np.ones((1, 2, 7, 7), np.float32)
    layer = nnlib.Conv2d(two, two, three, stride=two, padding=one, groups=two, rng=0)
    plain = nnlib.Conv2d(2, 2, 3, stride=2, padding=1, groups=2, rng=0)
    np.testing.assert_array_equal(layer(x).data, plain(x).data)
    assert nnlib.MaxPool2d(three)(x).shape == (1, 2, 2, 2)
    assert nnlib.AdaptiveAvgPool2d(one)(x).shape == (1, 2, 1, 1)


def test_no_images_at_all():
    model = nnlib.Sequential(
        nnlib.ConvTranspose2d(3, 4, 4, stride=2, padding=1, rng=0),
        nnlib.ReLU(),
        nnlib.MaxPool2d(2),
        nnlib.Conv2d(4, 2, 3, rng=0),
        nnlib.AvgPool2d(2),
        nnlib.Flatten(),
    )
    x = nnlib.Tensor(np.zeros((0, 3, 6, 6), np.float32), requires_grad=True)
    y = model(x)
    assert y.shape == (0, 8)
    y.sum().backward()
    assert x.grad.shape == x.shape
    assert all((p.grad == 0).all() for p in model.parameters())


def test_global_pooling_needs_windows_that_divide():
    pool = nnlib.AdaptiveAvgPool2d((2, 3))
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 6))
    for i, k in np.ndindex(2, 3):
        window = x[:, :, 2 * i : 2 * i + 2, 2 * k : 2 * k + 2]
        np.testing.assert_allclose(pool(x).data[:, :, i, k], window.mean(axis=(2, 3)))
    with pytest.raises(ValueError, match=r"images of \(5, 6\) rows and columns do not divide"):
        pool(np.ones((1, 1, 5, 6)))
    for shape in ((1, 4, 6), (1, 1, 1, 4, 6)):
        message = r"takes images \(N, C, H, W\), got the shape " + re.escape(str(shape))
        with pytest.raises(ValueError, match=message):
            pool(np.ones(shape))
    with pytest.raises(ValueError, match="output_size is a whole number of at least 1"):
        nnlib.AdaptiveAvgPool2d(0)


def test_batch_norm_wants_the_axes_of_its_name():
    with pytest.raises(ValueError, match="BatchNorm2d takes an array of 4 axes"):
        nnlib.BatchNorm2d(3)(np.zeros((2, 3), np.float32))
    with pytest.raises(ValueError, match="BatchNorm1d takes an array of 2 axes"):
        nnlib.BatchNorm1d(3)(np.zeros((2, 3, 4, 4), np.float32))


def test_norms_refuse_what_would_be_stretched_in_silence():
    images = np.ones((2, 3, 4, 4), np.float32)
    with pytest.raises(ValueError, match=r"BatchNorm2d\(1\) takes arrays with 1 features.* axis 1"):
        nnlib.BatchNorm2d(1)(images)
    with pytest.raises(ValueError, match="with 5 features along axis 1"):
        nnlib.BatchNorm2d(5).eval()(images)
    for layer in (nnlib.LayerNorm(1), nnlib.RMSNorm(1)):
        with pytest.raises(ValueError, match=r"with 1 features along axis -1, .* \(2, 3, 4, 4\)"):
            layer(images)
    for layer in (nnlib.LayerNorm(4), nnlib.RMSNorm(4), nnlib.BatchNorm2d(3)):
        for kind in (np.float64, np.int64):
            with pytest.raises(TypeError, match=r"and the weight float32: .*astype\(np\.float32\)"):
                layer(images.astype(kind))
    for layer in (nnlib.LayerNorm, nnlib.RMSNorm, nnlib.BatchNorm1d, nnlib.BatchNorm2d):
        for size in (0, 2.0, (4, 4)):
            with pytest.raises(ValueError, match="must be a whole number of at least 1"):
                layer(size)


@pytest.mark.parametrize("layer", [nnlib.Conv2d, nnlib.ConvTranspose2d])
def test_layers_have_a_bias_unless_they_are_told(layer):
    assert layer(4, 6, 3, rng=0).bias.shape == (6,)
    assert layer(4, 6, 3, bias=False, rng=0).bias is None
    assert repr(layer(6, 9, 3, groups=3, rng=0)).startswith(
        f"{layer.__name__}(6, 9, kernel_size=(3, 3)"
    )


def test_an_embedding_looks_rows_up_and_adds_what_comes_back():
    layer = nnlib.Embedding(5, 3, rng=0, dtype=np.float64)
    symbols = np.array([[0, 4], [4, 4]])
    output = layer(symbols)
    np.testing.assert_array_equal(output.data, layer.weight.data[symbols])
    output.sum().backward()
    np.testing.assert_array_equal(layer.weight.grad[:, 0], [1, 0, 0, 0, 3])


def test_an_embedding_explains_what_it_cannot_look_up():
    layer = nnlib.Embedding(5, 3, rng=0)
    with pytest.raises(TypeError, match="looks up whole numbers, got float64"):
        layer(np.array([0.0]))
    with pytest.raises(IndexError, match="from 0 to 4; these from -1 to 3"):
        layer(np.array([-1, 3]))
    for far in (5, 8):
        with pytest.raises(IndexError, match=f"from 0 to 4; these from 2 to {far}"):
            layer(np.array([2, far]))
    assert layer(np.array([1, 4])).shape == (2, 3)
    with pytest.raises(ValueError, match="embedding_dim must be a whole number"):
        nnlib.Embedding(5, 0)
    with pytest.raises(ValueError, match=r"num_embeddings must be a whole number .* got 2\.5"):
        nnlib.Embedding(2.5, 1)
    assert nnlib.Embedding(1, 1).weight.shape == (1, 1)
    assert layer(np.zeros((0, 2), dtype=int)).shape == (0, 2, 3)
