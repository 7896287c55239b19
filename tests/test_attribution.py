"""Attribution: numbers by hand, completeness, and the ways to ask for what is not there."""

import numpy as np
import pytest

from nnlib import Linear, ReLU, Sequential, Tanh, Tensor, relu
from nnlib.attribution import input_gradient, integrated_gradients, occlusion


def enough(X):
    """Two places, and one unit that is content as soon as there is ink enough in both together."""
    return 1 - relu(1 - X.sum(axis=1))


def network(seed=0, activation=Tanh, dtype=np.float64):
    rng = np.random.default_rng(seed)
    first, last = Linear(5, 7, rng=rng, dtype=dtype), Linear(7, 1, rng=rng, dtype=dtype)
    return Sequential(first, activation(), last)


LITTLE, FULL = np.array([[0.2, 0.3]]), np.array([[1.0, 1.0]])
ONE_BY_ONE = np.eye(2, dtype=bool)


def test_covering_by_hand():
    np.testing.assert_allclose(occlusion(enough, LITTLE, ONE_BY_ONE), [[0.2, 0.3]])
    np.testing.assert_allclose(occlusion(enough, FULL, ONE_BY_ONE), [[0.0, 0.0]])
    both = np.array([[True, True]])
    np.testing.assert_allclose(occlusion(enough, np.vstack([LITTLE, FULL]), both), [[0.5], [1.0]])
    np.testing.assert_allclose(occlusion(enough, LITTLE, ONE_BY_ONE, fill=0.1), [[0.1, 0.2]])


def test_slopes_by_hand():
    np.testing.assert_allclose(input_gradient(enough, np.vstack([LITTLE, FULL])), [[1, 1], [0, 0]])


def test_contributions_by_hand():
    np.testing.assert_allclose(integrated_gradients(enough, FULL), [[0.5, 0.5]])
    np.testing.assert_allclose(integrated_gradients(enough, FULL, baseline=FULL / 2), [[0, 0]])


@pytest.mark.parametrize("activation", [Tanh, ReLU])
def test_contributions_add_up_to_the_difference(activation):
    model, rng = network(activation=activation), np.random.default_rng(1)
    X, baseline = rng.normal(size=(6, 5)), rng.normal(size=5)
    gaps = []
    for steps in (4, 1000):
        total = integrated_gradients(model, X, baseline, steps).sum(axis=1)
        difference = model(X).data[:, 0] - model(baseline[None]).data[0, 0]
        gaps.append(np.abs(total - difference).max())
    assert gaps[1] < 1e-3
    assert gaps[1] < 0.1 * gaps[0]


def test_of_a_linear_score_all_three_say_the_same():
    w, X = np.array([1.0, -2.0, 3.0]), np.random.default_rng(0).normal(size=(4, 3))

    def linear(X):
        return (X * w).sum(axis=1)

    falls = occlusion(linear, X, np.eye(3, dtype=bool))
    np.testing.assert_allclose(falls, X * input_gradient(linear, X))
    np.testing.assert_allclose(falls, integrated_gradients(linear, X, steps=3))


def test_a_batch_is_its_examples_one_by_one():
    model, X = network(), np.random.default_rng(2).normal(size=(3, 5))
    windows = np.array([[True, True, False, False, False], [False, False, True, False, True]])
    for method in (
        input_gradient,
        integrated_gradients,
        lambda score, X: occlusion(score, X, windows),
    ):
        alone = np.concatenate([method(model, X[n : n + 1]) for n in range(3)])
        np.testing.assert_allclose(method(model, X), alone)


def test_windows_have_the_axes_of_an_example():
    X = np.random.default_rng(3).normal(size=(2, 4, 3))
    windows = np.zeros((5, 4, 3), dtype=bool)
    windows[2, 1:3] = True
    falls = occlusion(lambda X: X.sum(axis=(1, 2)), X, windows)
    assert falls.shape == (2, 5)
    np.testing.assert_allclose(falls[:, 2], X[:, 1:3].sum(axis=(1, 2)))


def test_nothing_is_changed_and_float32_stays():
    model = network(dtype=np.float32)
    X = np.random.default_rng(4).normal(size=(3, 5)).astype(np.float32)
    before, windows = X.copy(), np.eye(5, dtype=bool)
    results = [input_gradient(model, X), integrated_gradients(model, X)]
    results.append(occlusion(model, X, windows))
    assert [result.dtype.name for result in results] == ["float32"] * 3
    np.testing.assert_array_equal(X, before)


def test_errors_say_what_a_score_is():
    X = np.ones((3, 2))
    with pytest.raises(ValueError, match=r"one number for each of the 3 examples.*\(3, 2\)"):
        input_gradient(lambda X: X * 2, X)
    with pytest.raises(ValueError, match=r"choose one, as in lambda X: model\(X\)\[:, 3\]"):
        occlusion(lambda X: Tensor(np.ones((3, 10))), X, np.ones((1, 2), dtype=bool))
    with pytest.raises(TypeError, match="floating-point inputs, got"):
        input_gradient(lambda X: X.sum(axis=1), np.ones((3, 2), dtype=np.int64))
    with pytest.raises(ValueError, match="at least one step"):
        integrated_gradients(enough, FULL, steps=0)
