"""Normalisation and dropout, held to their equations one row or one feature at a time."""

import numpy as np
import pytest

import nnlib

RNG = np.random.default_rng(0)
X, WEIGHT, BIAS = (RNG.standard_normal(shape) for shape in ((4, 3, 5), 5, 5))
IMAGES = RNG.standard_normal((4, 3, 2, 5))
each_eps = pytest.mark.parametrize("eps", [{}, {"eps": 0.5}], ids=["", "eps"])


def standardised(x, eps=1e-5):
    return (x - x.mean()) / np.sqrt(((x - x.mean()) ** 2).mean() + eps)


@each_eps
def test_a_layer_norm_goes_over_the_numbers_of_one_example(eps):
    found = nnlib.layer_norm(X, WEIGHT, BIAS, **eps).data
    for place in np.ndindex(4, 3):
        np.testing.assert_allclose(found[place], standardised(X[place], **eps) * WEIGHT + BIAS)


@each_eps
def test_an_rms_norm_shifts_nothing(eps):
    found = nnlib.rms_norm(X, WEIGHT, **eps).data
    for place in np.ndindex(4, 3):
        size = np.sqrt((X[place] ** 2).mean() + eps.get("eps", 1e-6))
        np.testing.assert_allclose(found[place], X[place] / size * WEIGHT)


@each_eps
@pytest.mark.parametrize("x", [X[0], IMAGES], ids=["rows", "images"])
def test_a_batch_norm_goes_over_one_feature_of_all_examples(x, eps):
    count = x.shape[1]
    found = nnlib.batch_norm(x, WEIGHT[:count], BIAS[:count], **eps).data
    for k in range(count):
        expected = standardised(x[:, k], **eps) * WEIGHT[k] + BIAS[k]
        np.testing.assert_allclose(found[:, k], expected)


@pytest.mark.parametrize("p", [0.0, 0.25, 0.5])
def test_dropout_keeps_the_mean(p):
    x = np.full((400, 500), 3.0)
    kept = nnlib.dropout(x, p=p, rng=0).data
    np.testing.assert_allclose(np.unique(kept), [0.0, 3 / (1 - p)] if p else [3.0])
    assert np.mean(kept == 0) == pytest.approx(p, abs=0.005)
    assert not p or not np.array_equal(kept, nnlib.dropout(x, p=p, rng=1).data)


@pytest.mark.parametrize("shape", [(1, 3), (0, 3), (1, 3, 1, 1)])
def test_a_batch_norm_needs_more_than_one_number_a_feature(shape):
    with pytest.raises(ValueError, match="at least two examples in a batch"):
        nnlib.batch_norm(np.ones(shape), np.ones(3), np.zeros(3))


@pytest.mark.parametrize(
    ("cls", "shape"), [(nnlib.BatchNorm1d, (6, 3)), (nnlib.BatchNorm2d, (6, 3, 2, 5))]
)
def test_in_evaluation_a_batch_norm_uses_what_it_has_seen(cls, shape):
    layer, x = cls(3, momentum=0.25, dtype=np.float64), np.random.default_rng(1).normal(2, 3, shape)
    layer.weight.data[...], layer.bias.data[...] = WEIGHT[:3], BIAS[:3]
    layer(x)
    layer.eval()
    found = layer(x).data
    for k in range(3):
        mean, variance = 0.25 * x[:, k].mean(), 0.75 + 0.25 * x[:, k].var(ddof=1)
        expected = (x[:, k] - mean) / np.sqrt(variance + 1e-5) * WEIGHT[k] + BIAS[k]
        np.testing.assert_allclose(found[:, k], expected)


@pytest.mark.parametrize("layer", [nnlib.LayerNorm(5), nnlib.RMSNorm(5)])
def test_one_example_alone_is_normalised_and_one_number_is_not(layer):
    x = X.astype(np.float32)
    np.testing.assert_allclose(layer(x[0, 0]).data, layer(x).data[0, 0], rtol=1e-6)
    with pytest.raises(ValueError, match=r"5 features along axis -1, got the shape \(\)"):
        layer(np.array(1.0, np.float32))
