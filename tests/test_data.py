"""Batches, splits, scaling, codes, drawn points, and the digits and names inside the package."""

import hashlib
import inspect
import re
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlib import Tensor
from nnlib.data import (
    StandardScaler,
    batches,
    linear_data,
    load_common_names,
    load_digits,
    moons,
    one_hot,
    rings,
    sine,
    spirals,
    split,
    xor,
)

# --- batches -------------------------------------------------------------------------------------


@given(n=st.integers(1, 40), batch_size=st.integers(1, 50), shuffle=st.booleans())
def test_a_pass_shows_every_example_once(n, batch_size, shuffle):
    X, y = np.arange(n) * 10, np.arange(n)
    parts = batches(X, y, batch_size=batch_size, shuffle=shuffle, rng=0)
    seen = list(parts)
    assert len(seen) == len(parts)
    assert all(len(y_part) == batch_size for _, y_part in seen[:-1])
    assert 1 <= len(seen[-1][1]) <= batch_size
    for X_part, y_part in seen:
        np.testing.assert_array_equal(X_part, y_part * 10)  # rows stay together
    together = np.concatenate([y_part for _, y_part in seen])
    np.testing.assert_array_equal(np.sort(together), y)
    if not shuffle:
        np.testing.assert_array_equal(together, y)


def test_each_pass_has_its_own_order_and_a_seed_repeats_them_all():
    def orders(rng):
        parts = batches(np.arange(50), batch_size=7, rng=rng)
        return [np.concatenate([a for (a,) in parts]).tolist() for _ in range(3)]

    first, second, third = orders(0)
    assert first != second != third != first
    assert orders(0) == orders(np.random.default_rng(0)) == [first, second, third]
    assert orders(1) != orders(0)


def test_batches_keep_shape_dtype_and_lists():
    X, y = np.zeros((5, 2, 3), dtype=np.float32), [1, 2, 3, 4, 5]
    X_part, y_part = next(iter(batches(X, y, batch_size=2)))
    assert X_part.shape == (2, 2, 3)
    assert X_part.dtype == np.float32
    assert y_part.shape == (2,)


@pytest.mark.parametrize(
    ("name", "call"), [("batches", lambda *a: batches(*a, batch_size=2)), ("split", split)]
)
def test_arrays_that_do_not_belong_together_are_refused(name, call):
    with pytest.raises(ValueError, match=rf"^{name}: .* differ in length.*\(5, 2\), \(4,\)"):
        call(np.zeros((5, 2)), np.zeros(4))
    with pytest.raises(ValueError, match="no examples"):
        call(np.zeros((0, 2)))
    with pytest.raises(TypeError, match="pass arrays of numbers, got list, ndarray"):
        call([object(), None, "x"], np.zeros(3))
    with pytest.raises(TypeError, match=r"NumPy would lose .* or tensor\.data"):
        call(Tensor(np.zeros((3, 1)), requires_grad=True), np.zeros(3))
    with pytest.raises(ValueError, match="first axis"):
        call()
    with pytest.raises(ValueError, match="first axis"):
        call(np.zeros(5), np.float32(3))


def test_a_last_batch_that_is_not_full_may_be_left_out():
    some = batches(np.arange(11), batch_size=4, drop_last=True, rng=0)
    for _ in range(2):
        seen = [part for (part,) in some]
        assert [len(part) for part in seen] == [4, 4]
        assert len({*np.concatenate(seen).tolist()}) == 8
    assert len(some) == 2
    assert len(batches(np.arange(8), batch_size=4, drop_last=True)) == 2
    assert [len(x) for (x,) in batches(np.arange(11), batch_size=4, shuffle=False)] == [4, 4, 3]
    left = {*range(50)}
    for _ in range(50):  # not always the same are left out
        left -= {
            *np.concatenate([x for (x,) in batches(np.arange(50), batch_size=49, drop_last=True)])
        }
    assert not left
    with pytest.raises(ValueError, match="3 examples do not fill one batch of 4"):
        batches(np.arange(3), batch_size=4, drop_last=True)


def test_batch_size_is_a_number_of_examples():
    with pytest.raises(ValueError, match="at least 1, got 0"):
        batches(np.zeros(5), batch_size=0)
    with pytest.raises(TypeError, match=r"whole number, got 2\.5"):
        batches(np.zeros(5), batch_size=2.5)


# --- split ---------------------------------------------------------------------------------------


@given(
    n=st.integers(10, 200),
    parts=st.sampled_from([(0.6, 0.2, 0.2), (0.8, 0.2), (0.5, 0.25), (1.0,), (0.1,) * 10]),
)
def test_split_deals_every_example_to_one_part(n, parts):
    X, y = np.arange(n) * 10, np.arange(n)
    dealt = split(X, y, parts=parts, rng=0)
    assert len(dealt) == len(parts)
    for (X_part, y_part), fraction in zip(dealt, parts, strict=True):
        np.testing.assert_array_equal(X_part, y_part * 10)
        assert abs(len(y_part) - n * fraction) <= 1
    together = np.concatenate([y_part for _, y_part in dealt])
    assert len(set(together.tolist())) == len(together) == round(n * sum(parts))


def test_split_shuffles_with_its_rng():
    y = np.arange(100)
    train, *_ = (part for (part,) in split(y, rng=0))
    again, *_ = (part for (part,) in split(y, rng=0))
    other, *_ = (part for (part,) in split(y, rng=1))
    np.testing.assert_array_equal(train, again)
    assert train.tolist() != other.tolist()
    assert train.tolist() != y[:60].tolist()


@pytest.mark.parametrize("parts", [(0.8, 0.3), (0.5, 0.0), (1.2, -0.2), (60, 20, 20), ()])
def test_split_refuses_what_are_no_fractions(parts):
    with pytest.raises(ValueError, match="fractions above 0 that sum to at most 1"):
        split(np.arange(100), parts=parts)


def test_split_needs_a_fraction_for_each_part():
    with pytest.raises(TypeError, match=r"\(0\.8, 0\.2\), got 0\.8"):
        split(np.arange(100), parts=0.8)


def test_split_refuses_an_empty_part():
    with pytest.raises(ValueError, match=r"2 examples in parts .* would give \[1, 1, 0\]"):
        split(np.arange(2), parts=(0.6, 0.2, 0.2))


# --- StandardScaler ------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scaler_standardises_training_data_and_keeps_its_scale_for_others(dtype):
    rng = np.random.default_rng(0)
    X = (rng.normal(size=(500, 4)) * [1, 10, 100, 0.1] + [0, 5, -300, 2]).astype(dtype)
    scale = StandardScaler(X)
    scaled = scale(X)
    assert scaled.dtype == dtype
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(scaled.std(axis=0), 1, rtol=1e-4)
    np.testing.assert_allclose(scale(X[:7] + X.std(axis=0)), scaled[:7] + 1, rtol=2e-3, atol=1e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scaler_leaves_constant_columns_finite(dtype):
    X = np.full((1000, 2), 0.1, dtype=dtype)  # its mean is rounded: never compare a std with 0
    X[:, 1] = np.arange(1000)
    scaled = StandardScaler(X)(X)
    np.testing.assert_allclose(scaled[:, 0], 0, atol=1e-6)
    np.testing.assert_allclose(StandardScaler(X)(X + 1)[:, 0], 1, rtol=1e-6)


def test_scaler_takes_one_example_or_many_axes():
    X = np.random.default_rng(0).random((6, 3))
    scale = StandardScaler(X)
    np.testing.assert_array_equal(scale(X[4]), scale(X)[4])
    np.testing.assert_array_equal(scale(X.reshape(2, 3, 3)), scale(X).reshape(2, 3, 3))


def test_scaler_errors():
    scale = StandardScaler(np.random.default_rng(0).random((5, 3)))
    with pytest.raises(ValueError, match=r"fitted on 3 columns.*\(\)"):
        scale(1.5)
    with pytest.raises(ValueError, match=r"fitted on 3 columns.*\(5, 2\)"):
        scale(np.zeros((5, 2)))
    with pytest.raises(TypeError, match=r"got uint8.*astype"):
        StandardScaler(np.zeros((5, 3), dtype=np.uint8))
    with pytest.raises(TypeError, match="got int64"):
        scale(np.zeros((5, 3), dtype=np.int64))
    with pytest.raises(ValueError, match=r"nan or infinity in the columns \[1, 2\]"):
        StandardScaler(np.array([[1.0, np.nan, 2.0], [1.0, 2.0, np.inf]]))
    with pytest.raises(ValueError, match=r"table \(N, D\).*\(5,\)"):
        StandardScaler(np.zeros(5))
    with pytest.raises(ValueError, match=r"table \(N, D\).*\(0, 3\)"):
        StandardScaler(np.zeros((0, 3)))


# --- one_hot -------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 6)))
def test_one_hot_has_a_one_at_the_label(labels):
    codes = one_hot(np.array(labels, dtype=np.int64), classes=7)
    assert codes.shape == (len(labels), 7)
    assert codes.dtype == np.float32
    np.testing.assert_array_equal(codes.sum(axis=1), 1)
    np.testing.assert_array_equal(codes.argmax(axis=1), labels)


def test_one_hot_errors():
    assert one_hot([0, 1], 2, dtype=np.float64).dtype == np.float64
    for labels in ([0, 3], [-1, 0]):
        with pytest.raises(ValueError, match="labels run from 0 to 2"):
            one_hot(labels, classes=3)
    with pytest.raises(TypeError, match="got float64"):
        one_hot([0.0, 1.0], classes=2)
    with pytest.raises(TypeError, match=r"shape \(1, 2\)"):
        one_hot([[0, 1]], classes=2)


# --- generators ----------------------------------------------------------------------------------

CLASSIFICATION = [linear_data, xor, moons, spirals, rings]


@pytest.mark.parametrize("generator", CLASSIFICATION)
def test_points_have_their_shape_dtype_and_seed(generator):
    X, y = generator(51, rng=3)
    assert (X.shape, X.dtype) == ((51, 2), np.float32)
    assert (y.shape, y.dtype) == ((51,), np.int64)
    for same in (generator(51, rng=3), generator(51, rng=np.random.default_rng(3))):
        np.testing.assert_array_equal(X, same[0])
        np.testing.assert_array_equal(y, same[1])
    assert not np.array_equal(X, generator(51, rng=4)[0])


@pytest.mark.parametrize("generator", [*CLASSIFICATION, sine])
def test_noise_shifts_the_same_points(generator):
    exact, y = generator(4000, noise=0, rng=0)
    shifted, y_shifted = generator(4000, noise=0.3, rng=0)
    if generator is sine:
        np.testing.assert_array_equal(exact, shifted)
        shift = y_shifted - y
    else:
        np.testing.assert_array_equal(y, y_shifted)
        shift = shifted - exact
    assert abs(shift.mean()) < 0.02
    assert abs(shift.std() - 0.3) < 0.02
    assert np.all(shift.std(axis=0) > 0.25)


@pytest.mark.parametrize("generator", [*CLASSIFICATION, sine])
def test_generators_refuse_nonsense(generator):
    with pytest.raises(ValueError, match="n is at least 1"):
        generator(0)
    with pytest.raises(ValueError, match="noise at least 0"):
        generator(10, noise=-1)


def spread(X):
    """The smallest and the largest of each coordinate, rounded."""
    return X.min(axis=0).round(1).tolist(), X.max(axis=0).round(1).tolist()


def test_points_lie_where_the_docstrings_say():
    X, y = linear_data(4000, rng=0)
    assert spread(X) == ([-1, -1], [1, 1])
    np.testing.assert_array_equal(y, X[:, 0] + 2 * X[:, 1] > 0.5)
    assert abs(y.mean() - 3 / 8) < 0.03

    X, y = xor(4000, rng=0)
    assert spread(X) == ([-1, -1], [1, 1])
    assert abs(X).min() >= 0.1
    np.testing.assert_array_equal(y, X[:, 0] * X[:, 1] < 0)
    quadrants = np.bincount(2 * (X[:, 0] > 0) + (X[:, 1] > 0))
    assert quadrants.min() > 900

    X, y = moons(4000, noise=0, rng=0)
    assert spread(X) == ([-1, -0.5], [2, 1])
    np.testing.assert_allclose(np.hypot(*(X - [0, 0]).T)[y == 0], 1, rtol=1e-5)
    np.testing.assert_allclose(np.hypot(*(X - [1, 0.5]).T)[y == 1], 1, rtol=1e-5)
    assert X[y == 0, 1].min() >= 0
    assert X[y == 1, 1].max() <= 0.5

    X, y = rings(4000, noise=0, rng=0)
    np.testing.assert_allclose(np.hypot(*X.T), np.where(y == 1, 0.5, 1), rtol=1e-5)
    assert spread(X[y == 1]) == ([-0.5, -0.5], [0.5, 0.5])

    x, y = sine(4000, noise=0, rng=0)
    assert x.shape == y.shape == (4000, 1)
    assert x.dtype == y.dtype == np.float32
    assert spread(x) == spread(np.array([[-np.pi], [np.pi]], dtype=np.float32))
    np.testing.assert_allclose(y, np.sin(x), atol=1e-6)


@pytest.mark.parametrize("classes", [1, 2, 5])
def test_spiral_arms_are_turned_copies_of_each_other(classes):
    X, y = spirals(3000, noise=0, classes=classes, rng=0)
    radius = np.hypot(*X.T)
    assert 0.1 <= radius.min() < 0.11
    assert 0.99 < radius.max() <= 1
    turns = np.arctan2(X[:, 1], X[:, 0]) / (2 * np.pi) - radius - y / classes
    np.testing.assert_allclose(turns, turns.round(), atol=1e-5)  # one turn outwards, y/K ahead
    assert np.bincount(y).tolist() == [3000 // classes] * classes


def test_spirals_need_an_arm():
    with pytest.raises(ValueError, match="at least 1 class, got 0"):
        spirals(classes=0)


# --- the digits ----------------------------------------------------------------------------------


def test_digits_are_the_published_ones():
    images, labels = load_digits()
    assert (images.shape, images.dtype) == ((1797, 64), np.float32)
    assert (labels.shape, labels.dtype) == ((1797,), np.int64)
    assert (images.min(), images.max()) == (0, 1)
    counts = np.bincount(labels).tolist()
    assert counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    grey = images * 16
    np.testing.assert_array_equal(grey, grey.round())
    content = grey.astype(np.uint8).tobytes() + labels.astype(np.uint8).tobytes()
    assert hashlib.sha256(content).hexdigest() == (
        "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"
    )


def test_digits_are_given_fresh_each_time():
    images, labels = load_digits()
    images[:], labels[:] = 7, 7
    assert load_digits()[0].max() == 1
    assert load_digits()[1].min() == 0


def test_digits_come_with_their_licence():
    text = (resources.files("nnlib.data") / "digits.txt").read_text(encoding="utf-8")
    for fact in ("CC BY 4.0", "Alpaydin", "Kaynak", "10.24432/C50P49", "What was changed"):
        assert fact in text


# --- the names -----------------------------------------------------------------------------------


def test_common_names_are_a_thousand_different_ones_of_small_letters():
    names = load_common_names()
    assert len(names) == len(set(names)) == 1000
    assert all(re.fullmatch("[a-z]+", name) for name in names)
    assert set("".join(names)) == set("abcdefghijklmnopqrstuvwxyz")
    assert (min(map(len, names)), max(map(len, names))) == (3, 11)
    assert names[:6] == ["emma", "liam", "olivia", "noah", "ava", "william"]


# --- What the docstrings promise -----------------------------------------------------------------


@pytest.mark.parametrize(
    "function", [*CLASSIFICATION, sine, batches, split], ids=lambda f: f.__name__
)
def test_docstrings_name_the_defaults(function):
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.default not in (inspect.Parameter.empty, None):
            value = re.escape(str(parameter.default).removesuffix(".0"))
            assert re.search(rf"^\s*{name} : .*, default {value}$", function.__doc__, re.MULTILINE)
