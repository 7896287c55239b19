"""The engine: order, accumulation, memory, and what it answers to mistakes."""

import gc
import math
import threading
import weakref

import array_api_strict
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import nnlib
from nnlib import Tensor, newest_first, no_grad, unbroadcast


def leaf(*numbers):
    return Tensor(np.array(numbers, dtype=float), requires_grad=True)


def test_gradients_of_a_value_used_twice_add():
    x = leaf(3.0)
    y = x * x + x * 4.0
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [10.0])


def test_many_diamonds_are_walked_once_each():
    x = y = leaf(1.0)
    for _ in range(60):
        y = y + y
    y.backward()
    np.testing.assert_array_equal(x.grad, [2.0**60])


def test_a_long_chain_needs_no_recursion():
    x = y = leaf(1.0)
    for _ in range(20_000):
        y = y + 0.0
    y.backward()
    np.testing.assert_array_equal(x.grad, [1.0])


def test_an_old_tensor_that_meets_a_new_one():
    """The walk must not visit `old` before everything that was made from it."""
    x = leaf(2.0)
    old = x * 3.0
    new = ((x + 0.0) * 1.0 + 0.0) * old
    (new + old).backward()
    np.testing.assert_array_equal(x.grad, [3.0 * 2 * 2.0 + 3.0])


def test_backward_adds_to_what_is_there():
    x = leaf(1.0, 2.0)
    (x * 2.0).sum().backward()
    (x * 5.0).sum().backward()
    np.testing.assert_array_equal(x.grad, [7.0, 7.0])


def test_a_shared_gradient_is_never_changed_in_place():
    a, b = leaf(1.0), leaf(1.0)
    (a + b).backward()  # both rules of addition hand on the same array
    first = b.grad
    (a * 1.0).backward()
    np.testing.assert_array_equal(a.grad, [2.0])
    np.testing.assert_array_equal(first, [1.0])


def test_the_gradient_passed_in_is_left_alone():
    x, g = leaf(1.0, 2.0), np.array([1.0, 1.0])
    (x * 1.0).backward(g)
    (x * 1.0).backward(g)
    np.testing.assert_array_equal(g, [1.0, 1.0])


def test_newest_first_names_what_was_made():
    a = leaf(1.0)
    b = a * a
    c = b + a
    assert newest_first(c) == [c, b]
    assert newest_first(a) == []


def test_a_leaf_is_its_own_gradient():
    x = leaf(5.0)
    x.backward()
    np.testing.assert_array_equal(x.grad, [1.0])
    x.backward(np.array([2.0]))
    np.testing.assert_array_equal(x.grad, [3.0])


def test_only_leaves_keep_gradients_unless_asked():
    x = leaf(1.0, 2.0)
    hidden, kept = x * 2.0, (x * 3.0).retain_grad()
    (hidden + kept * 5.0).sum().backward()
    assert hidden.grad is None
    np.testing.assert_array_equal(kept.grad, [5.0, 5.0])


def test_a_dropped_graph_is_freed_without_the_collector():
    gc.disable()
    try:
        x = leaf(1.0)
        y = nnlib.exp(x * 2.0)
        watch = weakref.ref(y.made_from[0][0].made_from[0][1])
        del y
        assert watch() is None
    finally:
        gc.enable()


def test_backward_lets_go_of_what_it_walked():
    x = leaf(1.0)
    loss = nnlib.exp(x * 2.0)
    watch = weakref.ref(loss.made_from[0][1])
    loss.backward()
    assert watch() is None


def test_no_grad_keeps_no_history_and_ends():
    x = leaf(1.0)
    with no_grad():
        assert not (x * 2.0).requires_grad
    assert (x * 2.0).requires_grad
    with pytest.raises(ZeroDivisionError), no_grad():
        raise ZeroDivisionError
    assert (x * 2.0).requires_grad

    @no_grad()
    def predict():
        return x * 2.0

    assert not predict().requires_grad


def test_no_grad_in_one_thread_does_not_reach_another():
    x, seen = leaf(1.0), []
    with no_grad():
        worker = threading.Thread(target=lambda: seen.append((x * 2.0).requires_grad))
        worker.start()
        worker.join(10)
    assert seen == [True]


def test_detach_shares_numbers_and_cuts_history():
    x = leaf(1.0)
    y = (x * 2.0).detach()
    assert not y.requires_grad
    assert y.made_from == ()
    z = x.detach()
    assert z.data is x.data


def test_arrays_on_either_side():
    x, row = leaf(1.0, 2.0), np.array([10.0, 20.0])
    for y in (row + x, row - x, row * x, row / x, 3.0 - x, 2.0 / x, row @ x):
        assert isinstance(y, Tensor)
        assert y.requires_grad
    np.testing.assert_array_equal((row - x).data, [9.0, 18.0])
    np.testing.assert_array_equal((2.0 / x).data, [2.0, 1.0])
    np.testing.assert_array_equal((3.0 - x).data, [2.0, 1.0])
    np.testing.assert_array_equal((-x).data, [-1.0, -2.0])
    np.testing.assert_array_equal((x - row).data, [-9.0, -18.0])


def test_comparisons_are_raw_arrays():
    x, y = leaf(1.0, 2.0, 3.0), Tensor(np.array([2.0, 2.0, 2.0]))
    for other in (2.0, y, y.data):
        np.testing.assert_array_equal(x > other, [False, False, True])
        np.testing.assert_array_equal(x >= other, [False, True, True])
        np.testing.assert_array_equal(x < other, [True, False, False])
        np.testing.assert_array_equal(x <= other, [True, True, False])
        np.testing.assert_array_equal(other > x, [True, False, False])
    np.testing.assert_array_equal(nnlib.where(x > 2.0, x, 0.0).data, [0.0, 0.0, 3.0])


def test_methods_are_the_functions():
    x = Tensor(np.array([[1.0, 4.0, 2.0], [9.0, 3.0, 5.0]]))
    np.testing.assert_array_equal(x.sum(0).data, [10.0, 7.0, 7.0])
    np.testing.assert_array_equal(x.sum(1, keepdims=True).data, [[7.0], [17.0]])
    np.testing.assert_array_equal(x.mean(axis=0).data, [5.0, 3.5, 3.5])
    assert x.mean(1, keepdims=True).shape == (2, 1)
    np.testing.assert_array_equal(x.max(axis=1).data, [4.0, 9.0])
    np.testing.assert_array_equal(x.min(axis=1, keepdims=True).data, [[1.0], [3.0]])
    assert x.max(1, keepdims=True).shape == (2, 1)
    assert x.max().item() == 9.0
    assert x.min().item() == 1.0
    np.testing.assert_array_equal(x.argmax(1), [1, 0])
    assert x.argmax() == 3
    np.testing.assert_array_equal(x.sqrt().data, np.sqrt(x.data))
    np.testing.assert_array_equal(x.log().data, np.log(x.data))
    np.testing.assert_array_equal(x.exp().data, np.exp(x.data))
    np.testing.assert_array_equal((-x).abs().data, x.data)
    np.testing.assert_array_equal((x**2).data, x.data**2)
    assert x.reshape(3, 2).shape == (3, 2)
    np.testing.assert_array_equal(x.permute(1, 0).data, x.data.T)
    np.testing.assert_array_equal(x.mT.data, x.data.T)
    assert x[:, None].shape == (2, 1, 3)
    assert Tensor(np.zeros((2, 3, 4))).mT.shape == (2, 4, 3)


def test_a_tensor_says_what_it_is():
    x = Tensor(np.zeros((2, 3), dtype=np.float32), requires_grad=True)
    assert (x.shape, x.ndim, x.size, x.dtype, len(x)) == ((2, 3), 2, 6, np.float32, 2)
    assert repr(leaf(1.0)) == "Tensor(array([1.]), requires_grad=True)"
    assert repr(Tensor([1, 2])) == "Tensor(array([1, 2]))"
    assert [row.shape for row in x] == [(3,), (3,)]
    assert Tensor(np.array([2.5])).item() == 2.5
    assert float(Tensor(np.array(2.5))) == 2.5
    assert bool(Tensor(np.array(1))) is True
    assert isinstance(x.numpy(), np.ndarray)
    assert Tensor(x).data is x.data


def test_ties_go_to_one_winner():
    x = Tensor(np.array([[2.0, 5.0, 5.0], [1.0, 1.0, 1.0]]), requires_grad=True)
    x.max(axis=1).sum().backward()
    np.testing.assert_array_equal(x.grad, [[0, 1, 0], [1, 0, 0]])
    y = leaf(4.0, 4.0)
    y.max().backward()
    np.testing.assert_array_equal(y.grad, [1.0, 0.0])
    a, b = leaf(1.0, 2.0), leaf(1.0, 3.0)
    nnlib.maximum(a, b).sum().backward()
    np.testing.assert_array_equal(a.grad, [1.0, 0.0])
    np.testing.assert_array_equal(b.grad, [0.0, 1.0])


def test_corners_have_the_derivative_of_the_left():
    x = leaf(0.0)
    nnlib.relu(x).backward()
    nnlib.abs(x).backward()
    np.testing.assert_array_equal(x.grad, [0.0])
    for op, options in ((nnlib.leaky_relu, {"negative_slope": 0.2}), (nnlib.elu, {"alpha": 0.2})):
        x = leaf(0.0)
        op(x, **options).backward()
        np.testing.assert_array_equal(x.grad, [0.2])


# What it answers to mistakes: the operation, the shapes and a way out.


def note(error):
    return "\n".join(error.value.__notes__)


def test_an_error_names_the_operation_and_its_operands():
    with pytest.raises(ValueError, match=r"takes 785 .* be \(\.\.\., 785\)") as error:
        nnlib.linear(np.ones((64, 784), np.float32), np.ones((100, 785), np.float32))
    assert "nnlib: in linear(float32[64, 784] in numpy, float32[100, 785] in numpy)" in note(error)
    with pytest.raises(ValueError, match="broadcast") as error:
        nnlib.add(leaf(1.0, 2.0), np.ones(3))
    assert "nnlib: in add(float64[2] in numpy, float64[3] in numpy)" in note(error)
    with pytest.raises(ValueError, match="reshape") as error:
        leaf(1.0, 2.0).reshape(3, 3)
    assert "nnlib: in reshape(float64[2] in numpy, shape=(3, 3))" in note(error)


def test_an_error_says_what_to_do_with_lists():
    for x in ([1.0, 2.0], 1.5):
        with pytest.raises(AttributeError) as error:
            nnlib.relu(x)
        assert "relu takes arrays or tensors: make one with np.asarray" in note(error)
    with pytest.raises(ValueError, match="reshape") as error:
        leaf(1.0, 2.0).reshape(3, 3)
    assert "takes arrays" not in note(error)
    with pytest.raises(ValueError, match="attn_mask broadcasts") as error:
        nnlib.self_attention(np.ones((1, 2, 6)), num_heads=1, attn_mask=np.ones((3, 3), bool))
    assert "attn_mask=bool[3, 3] in numpy" in note(error)


def test_arguments_by_name_are_arguments():
    x, w, b = np.ones((2, 3)), leaf(1, 2, 3), leaf(4, 5, 6)
    by_name = nnlib.layer_norm(x, bias=b, weight=w, eps=0.1)
    np.testing.assert_array_equal(by_name.data, nnlib.layer_norm(x, w, b, eps=0.1).data)
    by_name.sum().backward()
    np.testing.assert_array_equal(b.grad, [2, 2, 2])
    loss = nnlib.cross_entropy(targets=np.array([0]), logits=np.zeros((1, 2)), reduction="sum")
    assert loss.item() == pytest.approx(np.log(2))
    with pytest.raises(TypeError, match="unexpected keyword argument 'axes'"):
        nnlib.sum(x, axes=0)


def test_tensors_have_no_subclasses():
    with pytest.raises(TypeError, match="write functions of tensors"):
        type("Special", (Tensor,), {})


def test_a_second_walk_over_a_spent_graph():
    x = leaf(1.0)
    loss = x * 2.0
    loss.backward()
    with pytest.raises(RuntimeError, match=r"already walked.*Compute the loss again"):
        loss.backward()


def test_a_second_loss_over_a_spent_trunk():
    trunk = leaf(1.0) * 2.0
    first, second = trunk * 3.0, trunk * 4.0
    first.backward()
    with pytest.raises(RuntimeError, match="add the losses"):
        second.backward()


def test_backward_from_many_numbers():
    with pytest.raises(RuntimeError, match=r"shape \(2,\).*\.sum\(\) or \.mean\(\)"):
        (leaf(1.0, 2.0) * 2.0).backward()
    with pytest.raises(RuntimeError, match=r"shape \(0,\)"):
        (leaf() * 2.0).backward()


def test_backward_with_a_gradient_of_another_shape():
    for n in (1, 3):
        with pytest.raises(ValueError, match=rf"gradient has shape \({n},\), the tensor \(2,\)"):
            (leaf(1.0, 2.0) * 2.0).backward(np.ones(n))


def test_backward_where_nothing_requires_a_gradient():
    with pytest.raises(RuntimeError, match="nothing to differentiate"):
        (Tensor([1.0]) * 2.0).backward()


@pytest.mark.parametrize("data", [np.array([1, 2]), [1, 2], np.array([True])])
def test_integers_have_no_gradient(data):
    with pytest.raises(TypeError, match=r"only floating-point numbers.*astype"):
        Tensor(data, requires_grad=True)


@pytest.mark.parametrize("data", [["a"], [None], [1j], object()])
def test_what_is_not_a_real_number(data):
    with pytest.raises(TypeError, match="a tensor holds real numbers"):
        Tensor(data)


def test_a_tensor_as_an_exponent():
    with pytest.raises(TypeError, match="must be a Python number"):
        leaf(2.0) ** leaf(3.0)


def test_item_and_len_of_the_wrong_shape():
    with pytest.raises(ValueError, match="needs a tensor of one number"):
        leaf(1.0, 2.0).item()
    with pytest.raises(ValueError, match="needs a tensor of one number"):
        leaf().item()
    with pytest.raises(TypeError, match="without axes"):
        len(Tensor(1.0))


def test_numpy_takes_what_has_no_history():
    x = Tensor(np.array([1.0, 2.0]))
    assert np.asarray(x) is x.data
    assert np.array(x) is not x.data
    assert np.asarray(x, dtype=np.float32).dtype == np.float32
    assert np.std(x) == 0.5
    with pytest.raises(TypeError, match=r"use the function of nnlib, or tensor\.data"):
        np.std(leaf(1.0, 2.0))
    with pytest.raises(TypeError, match="does not support ufuncs"):
        np.exp(x)


def test_assignment_into_a_tensor():
    with pytest.raises(TypeError, match="not changed in place"):
        leaf(1.0, 2.0)[0] = 3.0


def test_mixed_kinds_of_number_in_a_layer():
    with pytest.raises(TypeError, match=r"input is float64 and the weight float32.*np\.float32"):
        nnlib.Linear(3, 2)(np.ones((4, 3)))
    with pytest.raises(TypeError, match="input is int64 and the weight float32"):
        nnlib.Linear(3, 2)(np.ones((4, 3), dtype=np.int64))


def test_mixed_libraries_are_not_moved_silently():
    with pytest.raises(TypeError) as error:
        nnlib.add(array_api_strict.ones(3), np.ones(3))
    assert "in array_api_strict" in note(error)
    assert "in numpy" in note(error)


# Properties


@given(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=4), st.integers(0, 99))
def test_unbroadcast_is_the_adjoint_of_broadcast(shapes, seed):
    """For all x and g: <broadcast(x), g> = <x, unbroadcast(g)>."""
    rng = np.random.default_rng(seed)
    for shape in shapes.input_shapes:
        x, g = rng.standard_normal(shape), rng.standard_normal(shapes.result_shape)
        back = unbroadcast(g, shape)
        assert back.shape == shape
        np.testing.assert_allclose(
            np.sum(np.broadcast_to(x, g.shape) * g), np.sum(x * back), rtol=1e-10, atol=1e-10
        )


@given(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=4, min_side=1),
       st.sampled_from([nnlib.add, nnlib.sub, nnlib.mul, nnlib.div, nnlib.maximum]),
       st.integers(0, 99))  # fmt: skip
def test_gradients_of_broadcasting_operations(shapes, op, seed):
    rng = np.random.default_rng(seed)
    a, b = (rng.uniform(0.5, 2.0, s) for s in shapes.input_shapes)
    b = b + 2.0 * rng.choice([-1, 1], b.shape)  # away from 0, and from a
    nnlib.gradcheck(op, np.asarray(a), np.asarray(b), rng=seed)


@given(hnp.arrays(float, hnp.array_shapes(min_dims=2, max_dims=3, max_side=5),
                  elements=st.floats(-1e3, 1e3)), st.floats(-1e3, 1e3))  # fmt: skip
def test_softmax_sums_to_one_and_ignores_a_shift(z, shift):
    p = nnlib.softmax(z).data
    np.testing.assert_allclose(p.sum(-1), 1.0)
    np.testing.assert_allclose(nnlib.softmax(z + shift).data, p, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(np.exp(nnlib.log_softmax(z).data), p, rtol=1e-9, atol=1e-12)


@given(st.integers(0, 10_000))
def test_permuting_hidden_units_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    model = nnlib.Sequential(nnlib.Linear(3, 6, rng=rng), nnlib.Tanh(), nnlib.Linear(6, 2, rng=rng))
    model.to(np.float64)
    x, order = rng.standard_normal((5, 3)), rng.permutation(6)
    before = model(x).data
    first, last = model[0], model[2]
    first.weight.data, first.bias.data = first.weight.data[order], first.bias.data[order]
    last.weight.data = last.weight.data[:, order]
    np.testing.assert_allclose(model(x).data, before, rtol=1e-12, atol=1e-12)


@given(st.integers(0, 10_000))
def test_a_batch_is_its_examples_one_by_one(seed):
    rng = np.random.default_rng(seed)
    model = nnlib.Sequential(nnlib.Linear(3, 4, rng=rng), nnlib.GELU(), nnlib.Linear(4, 2, rng=rng))
    model.to(np.float64)
    x = rng.standard_normal((6, 3))
    rows = np.stack([model(row).data for row in x])
    np.testing.assert_allclose(model(x).data, rows, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("z", [-1e4, -800.0, 800.0, 1e4])
@pytest.mark.parametrize("name", ["sigmoid", "silu", "softplus", "elu", "gelu", "tanh"])
def test_extreme_numbers_do_not_overflow(name, z):
    with np.errstate(all="raise", under="ignore"):
        x = leaf(z)
        y = getattr(nnlib, name)(x)
        y.backward()
    assert np.isfinite(y.data).all()
    assert np.isfinite(x.grad).all()


def test_products_with_vectors_have_numpys_shapes():
    rng = np.random.default_rng(0)
    vector, matrix, stack = (rng.standard_normal(s) for s in [(3,), (3, 3), (2, 3, 3)])
    for a, b in [(vector, matrix), (matrix, vector), (vector, vector), (stack, vector),
                 (vector, stack), (matrix, stack)]:  # fmt: skip
        np.testing.assert_allclose(nnlib.matmul(a, b).data, a @ b)
        assert nnlib.matmul(a, b).data.shape == (a @ b).shape


def test_defaults_of_reductions_and_joins():
    x = np.array([[1.0, 4.0], [9.0, 3.0]])
    assert nnlib.min(x, axis=1).shape == Tensor(x).min(axis=1).shape == (2,)
    assert nnlib.max(x, axis=1).shape == Tensor(x).max(axis=1).shape == (2,)
    assert nnlib.sum(x, axis=1).shape == nnlib.mean(x, axis=1).shape == (2,)
    np.testing.assert_array_equal(nnlib.stack([x, -x]).data, np.stack([x, -x]))
    np.testing.assert_array_equal(nnlib.concat([x, -x]).data, np.concat([x, -x]))
    np.testing.assert_array_equal(nnlib.concat([x]).data, x)
    np.testing.assert_array_equal(nnlib.stack([x]).data, x[None])


def test_what_is_empty_stays_empty():
    assert unbroadcast(np.ones((4, 0)), (0,)).shape == (0,)
    x = leaf()
    (x * 2.0).sum().backward()
    assert x.grad.shape == (0,)


def test_known_values():
    """Against the definitions, computed another way."""
    z = np.linspace(-4, 4, 17)
    np.testing.assert_allclose(nnlib.sigmoid(z).data, 1 / (1 + np.exp(-z)), rtol=1e-12)
    np.testing.assert_allclose(nnlib.tanh(z).data, 1 - 2 / (np.exp(2 * z) + 1), atol=1e-15)
    np.testing.assert_array_equal(nnlib.relu(z).data, np.where(z > 0, z, 0))
    np.testing.assert_allclose(nnlib.silu(z).data, z / (1 + np.exp(-z)), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(nnlib.softplus(z).data, np.log(1 + np.exp(z)), rtol=1e-12)
    np.testing.assert_allclose(
        nnlib.elu(z, alpha=0.5).data, np.where(z > 0, z, 0.5 * (np.exp(z) - 1)), atol=1e-15
    )
    np.testing.assert_allclose(
        nnlib.leaky_relu(z, negative_slope=0.3).data, np.where(z > 0, z, 0.3 * z)
    )
    np.testing.assert_allclose(nnlib.elu(z).data, np.where(z > 0, z, np.exp(z) - 1), atol=1e-15)
    np.testing.assert_allclose(nnlib.leaky_relu(z).data, np.where(z > 0, z, 0.01 * z))
    below = np.array([0.5 * (1 + math.erf(v / math.sqrt(2))) for v in z])  # normal numbers below z
    np.testing.assert_allclose(nnlib.gelu(z).data, z * below, atol=1e-3)
    inner = math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)
    np.testing.assert_allclose(nnlib.gelu(z).data, 0.5 * z * (1 + np.tanh(inner)), rtol=1e-12)
    p = np.exp(z) / np.exp(z).sum()
    np.testing.assert_allclose(nnlib.softmax(z).data, p, rtol=1e-12)
    np.testing.assert_allclose(nnlib.log_softmax(z).data, np.log(p), rtol=1e-12)
