"""Losses: values against their definitions, extremes, and what they answer to mistakes."""

import array_api_strict as strict
import numpy as np
import pytest

import nnlib

rng = np.random.default_rng(0)


def test_values_against_the_definitions():
    a, b = rng.standard_normal((5, 3)), rng.standard_normal((5, 3))
    r = a - b
    assert nnlib.mse_loss(a, b).item() == pytest.approx(np.mean(r**2))
    assert nnlib.l1_loss(a, b).item() == pytest.approx(np.mean(np.abs(r)))
    huber = np.where(np.abs(r) <= 0.7, r**2 / 2, 0.7 * (np.abs(r) - 0.35))
    assert nnlib.huber_loss(a, b, delta=0.7).item() == pytest.approx(np.mean(huber))
    y = np.array([0, 2, 1, 1, 0])
    p = np.exp(a) / np.exp(a).sum(1, keepdims=True)
    nll = -np.log(p[np.arange(5), y])
    np.testing.assert_allclose(nnlib.cross_entropy(a, y, reduction="none").data, nll)
    assert nnlib.cross_entropy(a, y).item() == pytest.approx(nll.mean())
    assert nnlib.cross_entropy(a, y, reduction="sum").item() == pytest.approx(nll.sum())
    t, s = rng.random((5, 3)), 1 / (1 + np.exp(-a))
    bce = -(t * np.log(s) + (1 - t) * np.log(1 - s))
    assert nnlib.binary_cross_entropy_with_logits(a, t).item() == pytest.approx(bce.mean())


def test_extreme_logits():
    with np.errstate(all="raise", under="ignore"):
        loss = nnlib.cross_entropy(np.array([[1e4, 0.0], [0.0, -1e4]]), np.array([1, 0]))
        assert loss.item() == 5e3
        z = nnlib.Tensor(np.array([1e4, -1e4]), requires_grad=True)
        loss = nnlib.binary_cross_entropy_with_logits(z, np.array([0.0, 1.0]))
        loss.backward()
    assert loss.item() == 1e4
    np.testing.assert_allclose(z.grad, [0.5, -0.5])


def test_no_error_has_no_gradient():
    for loss in (nnlib.mse_loss, nnlib.l1_loss, nnlib.huber_loss):
        outputs = nnlib.Tensor(np.array([1.0, 2.0]), requires_grad=True)
        targets = nnlib.Tensor(np.array([1.0, 3.0]), requires_grad=True)
        loss(outputs, targets).backward()
        assert outputs.grad[0] == targets.grad[0] == 0.0


def test_the_gradient_of_cross_entropy_sums_to_zero_in_each_row():
    z = nnlib.Tensor(rng.standard_normal((6, 4)), requires_grad=True)
    nnlib.cross_entropy(z, rng.integers(0, 4, 6)).backward()
    np.testing.assert_allclose(z.grad.sum(1), 0, atol=1e-15)


PAIRWISE = [
    nnlib.mse_loss,
    nnlib.l1_loss,
    nnlib.huber_loss,
    nnlib.binary_cross_entropy_with_logits,
]


@pytest.mark.parametrize("loss", PAIRWISE, ids=lambda f: f.__name__)
def test_a_column_against_a_row(loss):
    with pytest.raises(ValueError, match=r"\(5, 1\) and targets \(5,\).*Write targets\[:, None\]"):
        loss(np.ones((5, 1)), np.ones(5))
    with pytest.raises(ValueError, match=r"Write targets\[:, None\]"):
        loss(np.ones(5), np.ones((5, 1)))


@pytest.mark.parametrize("loss", PAIRWISE, ids=lambda f: f.__name__)
def test_other_shapes_that_differ(loss):
    with pytest.raises(ValueError, match=r"\(5, 2\) and targets \(5, 3\).*Reshape one of them"):
        loss(np.ones((5, 2)), np.ones((5, 3)))
    with pytest.raises(ValueError, match="Reshape one of them"):
        loss(np.ones((5, 2)), np.ones(5))


@pytest.mark.parametrize("loss", PAIRWISE, ids=lambda f: f.__name__)
def test_targets_that_are_integers(loss):
    with pytest.raises(TypeError, match=r"got int64\[5\] in numpy: write targets\.astype"):
        loss(np.ones(5), np.ones(5, dtype=np.int64))


def test_an_average_for_an_unknown_reduction_is_not_guessed():
    for name in ("z", "total", "", "nones"):
        with pytest.raises(ValueError, match="unknown reduction"):
            nnlib.mse_loss(np.ones(2), np.ones(2), reduction=name)


def test_targets_of_another_precision_are_accepted():
    assert nnlib.mse_loss(np.ones(2), np.zeros(2, np.float32)).item() == 1.0


@pytest.mark.parametrize("loss", [*PAIRWISE, nnlib.cross_entropy], ids=lambda f: f.__name__)
def test_an_unknown_reduction(loss):
    targets = np.array([0, 1]) if loss is nnlib.cross_entropy else np.ones((2, 2))
    with pytest.raises(ValueError, match="unknown reduction 'average': 'mean', 'sum' or 'none'"):
        loss(np.ones((2, 2)), targets, reduction="average")


def test_one_hot_where_class_numbers_belong():
    with pytest.raises(ValueError, match=r"From one-hot rows, write targets\.argmax\(axis=1\)"):
        nnlib.cross_entropy(np.ones((5, 3)), np.eye(3)[[0, 1, 2, 0, 1]])


def test_targets_of_another_length_or_shape():
    with pytest.raises(ValueError, match=r"must have shape \(5,\).*got \(4,\)"):
        nnlib.cross_entropy(np.ones((5, 3)), np.zeros(4, dtype=int))
    with pytest.raises(ValueError, match=r"must have shape \(5,\).*got \(5, 4\)"):
        nnlib.cross_entropy(np.ones((5, 3)), np.zeros((5, 4), dtype=int))
    with pytest.raises(ValueError, match=r"must have shape \(5,\).*got \(5, 1\)"):
        nnlib.cross_entropy(np.ones((5, 3)), np.zeros((5, 1), dtype=int))


def test_class_numbers_as_floats():
    with pytest.raises(TypeError, match=r"must be class numbers.*targets\.astype\(int\)"):
        nnlib.cross_entropy(np.ones((5, 3)), np.zeros(5))


@pytest.mark.parametrize("wrong", [3, 5, -1])
def test_class_numbers_out_of_range(wrong):
    with pytest.raises(ValueError, match=r"from 0 to 2, for 3 columns.*run from"):
        nnlib.cross_entropy(np.ones((5, 3)), np.array([0, 1, 2, 1, wrong]))
    nnlib.cross_entropy(np.ones((5, 3)), np.array([0, 1, 2, 2, 0]))
    nnlib.cross_entropy(np.ones((2, 3)), np.array([1, 1]))
    assert (
        nnlib.cross_entropy(np.ones((0, 3)), np.array([], dtype=int), reduction="sum").item() == 0
    )


def test_class_numbers_out_of_range_where_they_cannot_be_read():
    """On a GPU the loss is inf instead of an error: to ask it at every step would stop it."""
    logits = strict.zeros((2, 3), dtype=strict.float64)
    fine = nnlib.cross_entropy(logits, strict.asarray([0, 2]))
    assert fine.item() == pytest.approx(np.log(3))
    with np.errstate(divide="ignore"):
        assert nnlib.cross_entropy(logits, strict.asarray([0, 3])).item() == np.inf


def test_logits_without_a_row_for_each_example():
    with pytest.raises(ValueError, match=r"logits must have shape \(N, K\).*got \(3,\)"):
        nnlib.cross_entropy(np.ones(3), np.array([0]))
    with pytest.raises(ValueError, match=r"got \(4, 2, 3\)"):
        nnlib.cross_entropy(np.ones((4, 2, 3)), np.zeros((4, 2), dtype=int))


def test_an_error_of_a_loss_names_its_operands():
    with pytest.raises(ValueError, match="shapes") as error:
        nnlib.mse_loss(np.ones((5, 1)), np.ones(5))
    assert error.value.__notes__ == [
        "nnlib: in mse_loss(float64[5, 1] in numpy, float64[5] in numpy)"
    ]
