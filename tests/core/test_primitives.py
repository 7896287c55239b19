"""Every primitive, from one table: derivatives, kinds of number, rules by hand."""

import array_api_strict
import numpy as np
import pytest

import nnlib
from nnlib import Tensor, gradcheck, namespace, primitive
from tests.core.cases import CASES


def _cuda():
    try:
        import cupy

        cupy.cuda.runtime.getDeviceCount()
    except Exception:
        return None
    return cupy


cupy = _cuda()
LIBRARIES = [pytest.param(np, id="numpy"), pytest.param(array_api_strict, id="strict")]
if cupy is not None:
    LIBRARIES.append(pytest.param(cupy, id="cupy", marks=pytest.mark.gpu))


@pytest.mark.gpu
@pytest.mark.skipif(cupy is None, reason="no GPU answers: the table was not run on CuPy")
def test_the_table_runs_on_a_gpu():
    assert len(LIBRARIES) == 3


@pytest.fixture(params=CASES, ids=str)
def case(request):
    return CASES[request.param]


def _moved(case, xp):
    """Return the arguments and options of a case as arrays of a library."""
    if xp is array_api_strict and not case.strict:
        pytest.skip("uses more than the bare array standard has")

    def move(x):
        if isinstance(x, np.ndarray):
            return xp.asarray(x)
        return tuple(map(move, x)) if isinstance(x, tuple) else x

    return [move(a) for a in case.arrays], {k: move(v) for k, v in case.options.items()}


@pytest.mark.parametrize("xp", LIBRARIES)
def test_gradient_agrees_with_differences(case, xp):
    arrays, options = _moved(case, xp)
    gradcheck(case.op, *arrays, wrt=case.floating, **options)


@pytest.mark.parametrize("xp", LIBRARIES)
def test_results_stay_in_their_library(case, xp):
    arrays, options = _moved(case, xp)
    tensors = [Tensor(a, requires_grad=i in case.floating) for i, a in enumerate(arrays)]
    output = case.op(*tensors, **options)
    output.backward(xp.ones(output.shape, dtype=output.dtype))
    assert namespace(output.data) is xp
    assert all(namespace(tensors[i].grad) is xp for i in case.floating)


def test_float32_stays_float32(case):
    arrays = [a.astype(np.float32) if a.dtype.kind == "f" else a for a in case.arrays]
    tensors = [Tensor(a, requires_grad=i in case.floating) for i, a in enumerate(arrays)]
    output = case.op(*tensors, **case.options)
    assert output.dtype == np.float32
    output.backward(np.ones(output.shape, dtype=np.float32))
    for i in case.floating:
        assert tensors[i].grad.dtype == np.float32
        assert tensors[i].grad.shape == tensors[i].shape


def test_the_gradient_check_can_fail(case):
    """Every single derivative, made wrong by one part in a hundred, is refused."""
    if not hasattr(case.op, "rule"):
        pytest.skip("made of primitives that have rows of their own")
    for wrong_one in case.floating:

        @primitive
        def wrong(*arrays, _i=wrong_one, **options):
            output, vjps = case.op.rule(*arrays, **options)
            spoilt = [
                (lambda g, vjp=vjp: vjp(g) * 1.01) if i == _i else vjp for i, vjp in enumerate(vjps)
            ]
            return output, tuple(spoilt)

        with pytest.raises(AssertionError, match=f"argument {wrong_one}"):
            gradcheck(wrong, *case.arrays, wrt=case.floating, **case.options)


def test_the_rule_by_hand_is_the_engine(case):
    if not hasattr(case.op, "rule"):
        pytest.skip("made of primitives that have rows of their own")
    output, vjps = case.op.rule(*case.arrays, **case.options)
    g = np.random.default_rng(3).standard_normal(np.shape(output))
    tensors = [Tensor(a, requires_grad=i in case.floating) for i, a in enumerate(case.arrays)]
    lifted = case.op(*tensors, **case.options)
    lifted.backward(g)
    np.testing.assert_array_equal(lifted.data, output)
    for i in case.floating:
        by_hand = nnlib.unbroadcast(vjps[i](g), case.arrays[i].shape)
        np.testing.assert_array_equal(tensors[i].grad, by_hand)


def test_arguments_are_left_alone(case):
    before = [a.copy() for a in case.arrays]
    tensors = [Tensor(a, requires_grad=i in case.floating) for i, a in enumerate(case.arrays)]
    output = case.op(*tensors, **case.options)
    g = np.ones(output.shape)
    output.backward(g)
    for a, b in zip(case.arrays, before, strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(g, np.ones(output.shape))


def test_every_public_primitive_has_a_row():
    lifted = {name for name in nnlib.__all__ if hasattr(getattr(nnlib, name), "rule")}
    drawn_at_random = {"dropout"}
    covered = {case.op.__name__ for case in CASES.values() if hasattr(case.op, "rule")}
    assert lifted - drawn_at_random == covered


def test_relu_leaves_every_kind_of_number_as_it_is():
    for kind in ("int64", "uint8", "float16", "float32"):
        x = np.array([0, 3, 7], kind)
        y = nnlib.relu(x if kind == "uint8" else x - np.array(4, kind)).data
        assert y.dtype == kind
        np.testing.assert_array_equal(y, [0, 3, 7] if kind == "uint8" else [0, 0, 3])
    np.testing.assert_array_equal(nnlib.relu(np.array([np.nan, -np.inf])).data, [np.nan, 0])
    assert nnlib.relu(np.array([np.inf])).data == np.inf
