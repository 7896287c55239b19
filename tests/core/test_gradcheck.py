"""The checker of derivatives, and the devices."""

import numpy as np
import pytest

import nnlib
from nnlib import backend, gradcheck, numerical_gradient, primitive


def test_numerical_gradient_of_any_shape():
    x = np.random.default_rng(0).standard_normal((2, 3))
    before = x.copy()
    gradient = numerical_gradient(lambda a: (a**3).sum() + a[0, 0] * a[1, 2], x)
    expected = 3 * x**2
    expected[0, 0] += x[1, 2]
    expected[1, 2] += x[0, 0]
    np.testing.assert_allclose(gradient, expected, rtol=1e-7, atol=1e-8)
    np.testing.assert_array_equal(x, before)
    assert numerical_gradient(lambda a: a**2, np.array(3.0)) == pytest.approx(6.0)


def test_central_differences_are_second_order():
    x = np.array([1.0])
    error = [abs(numerical_gradient(lambda a: (a**3).sum(), x, h=h)[0] - 3) for h in (1e-2, 1e-3)]
    assert error[0] / error[1] == pytest.approx(100, rel=0.01)


@pytest.mark.parametrize("x", [np.ones(2, np.float32), np.ones(2, int)])
def test_fewer_digits_are_refused(x):
    with pytest.raises(TypeError, match="differences need float64"):
        numerical_gradient(lambda a: a.sum(), x)
    with pytest.raises(TypeError, match="differences need float64"):
        gradcheck(nnlib.exp, x, wrt=[0])


def test_nothing_to_check():
    with pytest.raises(TypeError, match="exp: no argument is floating-point"):
        gradcheck(nnlib.exp, np.array([1, 2]))


def test_a_small_error_in_one_entry_is_found():
    @primitive
    def wrong(x):
        def vjp(g):
            grad = 2 * x * g
            grad[1, 2] *= 1.0001
            return grad

        return x * x, (vjp,)

    with pytest.raises(AssertionError, match="wrong: along a random direction of argument 0"):
        gradcheck(wrong, np.random.default_rng(0).standard_normal((3, 4)) + 3)


@pytest.mark.parametrize(
    "spoil", [lambda g: g[:2], lambda g: g[0], lambda g: g.T], ids=["part", "row", "turned"]
)
def test_a_gradient_of_the_wrong_shape_is_found(spoil):
    @primitive
    def wrong(x):
        return x * x, (lambda g: spoil(2 * x * g),)

    for shape in [(4, 3), (1, 3)]:
        if spoil(np.ones(shape)).shape != shape:
            with pytest.raises(ValueError, match="does not belong to an array of shape"):
                gradcheck(wrong, np.ones(shape))


def test_where_the_tolerance_ends():
    def off_by(error):
        @primitive
        def slightly_wrong(x):
            return x * 0.0, (lambda g: g * error,)

        return slightly_wrong

    rng = np.random.default_rng(0)
    slope = abs(rng.standard_normal() * rng.standard_normal())
    gradcheck(off_by(0.9e-6 / slope), np.ones(1), rng=0)
    with pytest.raises(AssertionError, match="differences say 0"):
        gradcheck(off_by(1.1e-6 / slope), np.ones(1), rng=0)


def test_nan_is_not_close():
    @primitive
    def wrong(x):
        return x * x, (lambda g: g * np.nan,)

    with pytest.raises(AssertionError, match="nan"):
        gradcheck(wrong, np.ones(3))


def test_functions_of_tensors_are_checked_too():
    layer = nnlib.Linear(3, 2, rng=0, dtype=np.float64)
    gradcheck(lambda x: nnlib.tanh(layer(x)), np.ones((4, 3)))


def test_devices(monkeypatch):
    x = np.ones(3)
    assert backend.to(x, "cpu") is x
    assert backend.device_of(x) == "cpu"
    with pytest.raises(ValueError, match="unknown device 'tpu'"):
        backend.to(x, "tpu")
    monkeypatch.setenv("NNLIB_DEVICE", "cpu")
    assert nnlib.default_device() == "cpu"
    monkeypatch.setenv("NNLIB_DEVICE", "tpu")
    with pytest.raises(ValueError, match="unknown device 'tpu'"):
        nnlib.default_device()
    monkeypatch.delenv("NNLIB_DEVICE")
    assert nnlib.default_device() in ("cpu", "cuda")


def test_without_cupy(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cupy", None)
    monkeypatch.delenv("NNLIB_DEVICE", raising=False)
    assert nnlib.default_device() == "cpu"
    with pytest.raises(
        RuntimeError, match=r"CuPy is not installed.*cupy-cuda13x\[ctk\].*device 'cpu'"
    ):
        backend.to(np.ones(3), "cuda")


def test_scatter_add_counts_repetitions():
    import array_api_strict as strict

    for xp in (np, strict):
        x = xp.zeros((3, 2), dtype=xp.float32)
        index = xp.asarray([1, 1, 2])
        backend.scatter_add(x, index, xp.ones((3, 2), dtype=xp.float32))
        np.testing.assert_array_equal(np.asarray(x), [[0, 0], [2, 2], [1, 1]])
        assert x.dtype == xp.float32


@pytest.mark.parametrize("shape", [(4, 300), (4, 30, 9), (4,)])
@pytest.mark.parametrize("count", [1, 50])  # a few numbers a place, and many
def test_scatter_add_is_addition_one_by_one(shape, count):
    rng = np.random.default_rng(0)
    start, index = rng.standard_normal(shape), rng.integers(-4, 4, (count, 3))
    index[index == 2] = 1  # one place gets nothing, some get theirs from both ends
    values = rng.standard_normal((*index.shape, *shape[1:]))
    x, expected = start.copy(), start.copy()
    backend.scatter_add(x, index, values)
    np.add.at(expected, index, values)
    np.testing.assert_allclose(x, expected, rtol=1e-12, atol=1e-12)


def test_importing_nnlib_needs_numpy_alone():
    import subprocess
    import sys

    code = (
        "import sys, nnlib; "
        "extra = {m.partition('.')[0] for m in sys.modules} & {'cupy', 'matplotlib', 'pooch', "
        "'safetensors', 'tqdm', 'ipywidgets', 'IPython', 'scipy'}; "
        "sys.exit(f'imported {extra}' if extra else 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
