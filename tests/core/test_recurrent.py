"""Recurrent modules: lengths, states, several layers, mistakes. Parity with PyTorch is below it."""

import re

import numpy as np
import pytest

import nnlib
from nnlib import Tensor

LAYERS = [nnlib.RNN, nnlib.GRU, nnlib.LSTM]
each_layer = pytest.mark.parametrize("cls", LAYERS)


def sequences(*shape):
    return np.random.default_rng(0).standard_normal(shape)


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def step(cls, z, u, h, c):
    """One step as the chapter writes it: what arrives, what comes from the state, then both."""
    if cls is nnlib.RNN:
        return np.tanh(z + u), c
    if cls is nnlib.GRU:
        reset, update = (sigmoid(a) for a in np.split((z + u)[:, : 2 * h.shape[1]], 2, axis=1))
        fresh = np.tanh(z[:, -h.shape[1] :] + reset * u[:, -h.shape[1] :])
        return (1 - update) * fresh + update * h, c
    i, f, cell, o = np.split(z + u, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(cell)
    return sigmoid(o) * np.tanh(c), c


def one_by_one(cls, layer, x, h, c):
    """All layers, step by step, with sigmoids written out."""
    for k in range(layer.num_layers):
        names = ("weight_ih", "bias_ih", "weight_hh", "bias_hh")
        W, b, V, d = (getattr(layer, f"{name}_l{k}").data for name in names)
        after, state, cell = [], h[k], c[k]
        for x_t in x:
            state, cell = step(cls, x_t @ W.T + b, state @ V.T + d, state, cell)
            after.append(state)
        x = np.stack(after)
    return x, state, cell


def first(state):
    """The state itself, without the cell of an LSTM."""
    return state[0] if isinstance(state, tuple) else state


@each_layer
def test_they_do_what_their_equations_say(cls):
    layer, rng = cls(3, 4, 2, rng=0, dtype=np.float64), np.random.default_rng(1)
    x, h, c = rng.standard_normal((5, 6, 3)), *rng.standard_normal((2, 2, 6, 4))
    output, last = layer(x, (h, c) if cls is nnlib.LSTM else h)
    expected, state, cell = one_by_one(cls, layer, x, h, c)
    np.testing.assert_allclose(output.data, expected, atol=1e-14)
    np.testing.assert_allclose(first(last).data[-1], state, atol=1e-14)
    if cls is nnlib.LSTM:
        np.testing.assert_allclose(last[1].data[-1], cell, atol=1e-14)


@each_layer
def test_a_sequence_in_a_batch_is_as_alone(cls):
    """Neither its neighbours nor what stands after its end matter."""
    layer = cls(3, 4, 2, rng=0, dtype=np.float64)
    x, lengths = sequences(6, 5, 3), [6, 2, 4, 1, 3]
    x[4:, 2] = 1e6
    output, state = layer(x, lengths=lengths)
    for n, length in enumerate(lengths):
        alone, last = layer(x[:length, n : n + 1])
        np.testing.assert_allclose(output.data[:length, n], alone.data[:, 0], atol=1e-12)
        np.testing.assert_array_equal(output.data[length:, n], 0.0)
        np.testing.assert_allclose(first(state).data[:, n], first(last).data[:, 0], atol=1e-12)


@each_layer
def test_nothing_goes_back_to_what_stands_after_the_end(cls):
    x = Tensor(sequences(4, 2, 3), requires_grad=True)
    output, state = cls(3, 4, rng=0, dtype=np.float64)(x, lengths=[4, 2])
    (output.sum() + first(state).sum()).backward()
    np.testing.assert_array_equal(x.grad[2:, 1], 0.0)
    assert np.abs(x.grad[:2, 1]).min() > 0


@each_layer
def test_two_halves_with_the_state_handed_on_are_the_whole(cls):
    layer = cls(3, 4, 2, batch_first=True, rng=0, dtype=np.float64)
    x = sequences(2, 6, 3)
    whole, end = layer(x)
    start, state = layer(x[:, :2])
    rest, last = layer(x[:, 2:], state)
    np.testing.assert_allclose(np.concatenate([start.data, rest.data], 1), whole.data, atol=1e-12)
    np.testing.assert_allclose(first(last).data, first(end).data, atol=1e-12)


@pytest.mark.parametrize("batch_first", [False, True])
@each_layer
def test_symbols_are_one_hot_rows(cls, batch_first):
    layer = cls(5, 4, 2, batch_first=batch_first, rng=0, dtype=np.float64)
    symbols = np.random.default_rng(0).integers(0, 5, (6, 3))
    found = []
    for x in (symbols, np.eye(5)[symbols]):
        layer.zero_grad()
        output, state = layer(x, lengths=[3, 2, 3, 1, 3, 2] if batch_first else [6, 4, 1])
        (output * output).sum().backward()
        found.append([output.data, first(state).data, *(p.grad for p in layer.parameters())])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-12)


def test_a_state_that_is_cut_off_ends_the_way_back():
    """Truncated backpropagation through time: what went before gets no gradient."""
    layer, x = nnlib.RNN(3, 4, rng=0, dtype=np.float64), Tensor(sequences(4, 2, 3))
    early = Tensor(x.data[:2], requires_grad=True)
    _, state = layer(early)
    layer(x.data[2:], state.detach())[0].sum().backward()
    assert early.grad is None


@each_layer
def test_first_weights_are_drawn_from_the_seed(cls):
    a, b, c = cls(3, 4, rng=1), cls(3, 4, rng=1), cls(3, 4, rng=2)
    assert np.array_equal(a.weight_hh_l0.data, b.weight_hh_l0.data)
    assert not np.array_equal(a.weight_hh_l0.data, c.weight_hh_l0.data)
    assert -0.5 <= a.weight_hh_l0.data.min() < -0.2 < 0.2 < a.weight_hh_l0.data.max() <= 0.5
    assert all(p.dtype == np.float32 for p in a.parameters())


def test_they_say_what_they_are():
    assert repr(nnlib.GRU(3, 4)) == "GRU(3, 4)"
    assert repr(nnlib.LSTM(3, 4, 2, batch_first=True)) == (
        "LSTM(3, 4, num_layers=2, batch_first=True)"
    )


@pytest.mark.parametrize("shape", [(6, 5, 2), (6, 5, 4), (6, 5), (6, 5, 3, 1)])
@each_layer
def test_inputs_that_do_not_fit_are_refused(cls, shape):
    expected = r"sequences \(T, N, 3\), or symbols \(T, N\) as whole numbers, got float32 of shape "
    with pytest.raises(ValueError, match=expected + re.escape(str(shape))):
        cls(3, 4, rng=0)(np.ones(shape, np.float32))
    with pytest.raises(ValueError, match=expected.replace("T, N", "N, T")):
        cls(3, 4, batch_first=True, rng=0)(np.ones(shape, np.float32))


@each_layer
def test_symbols_that_do_not_fit_are_refused(cls):
    layer = cls(3, 4, rng=0)
    with pytest.raises(IndexError, match="the symbols go from 0 to 2; these from 0 to 3"):
        layer(np.array([[0, 3]]))
    with pytest.raises(ValueError, match=r"as whole numbers, got int64 of shape \(2,\)"):
        layer(np.array([0, 2]))
    with pytest.raises(TypeError, match="the input is int64 and the weight float32"):
        layer(np.zeros((2, 5, 3), int))


@pytest.mark.parametrize("shape", [(1, 4, 4), (1, 6, 4), (2, 5, 4), (1, 5, 3), (5, 4)])
@each_layer
def test_states_that_do_not_fit_are_refused(cls, shape):
    state = np.zeros(shape, np.float32)
    with pytest.raises(ValueError, match=r"= \(1, 5, 4\), got " + re.escape(str(shape))):
        cls(3, 4, rng=0)(
            np.ones((6, 5, 3), np.float32), (state, state) if cls is nnlib.LSTM else state
        )


@pytest.mark.parametrize(
    ("lengths", "message"),
    [
        ([6, 6], "one whole number for each of the 5 sequences"),
        ([6] * 6, "one whole number for each of the 5 sequences"),
        ([1.5] * 5, "one whole number for each of the 5 sequences"),
        ([0, 6, 1, 1, 1], "go from 1 to 6, the number of steps; these from 0 to 6"),
        ([1, 7, 1, 1, 1], "go from 1 to 6, the number of steps; these from 1 to 7"),
    ],
)
@each_layer
def test_lengths_that_do_not_fit_are_refused(cls, lengths, message):
    with pytest.raises(ValueError, match=message):
        cls(3, 4, rng=0)(np.ones((6, 5, 3), np.float32), lengths=lengths)


@pytest.mark.parametrize("batch_first", [False, True])
@each_layer
def test_a_sequence_has_a_step_and_a_layer_its_number_of_states(cls, batch_first):
    layer, state = cls(3, 4, batch_first=batch_first, rng=0), np.zeros((1, 5, 4), np.float32)
    with pytest.raises(ValueError, match="step"):
        layer(np.zeros((5, 0, 3) if batch_first else (0, 5, 3), np.float32))
    if cls is nnlib.LSTM:
        for states in ((state,), (state,) * 3):
            with pytest.raises(ValueError, match=f"a state and a cell, got {len(states)} arrays"):
                layer(np.zeros((5, 2, 3) if batch_first else (2, 5, 3), np.float32), states)


@each_layer
def test_all_sequences_may_end_before_the_last_step(cls):
    output, _ = cls(3, 4, rng=0)(np.ones((6, 2, 3), np.float32), lengths=[2, 4])
    assert [np.flatnonzero(np.any(output.data[:, n], axis=1)).size for n in (0, 1)] == [2, 4]


@pytest.mark.parametrize("sizes", [(0, 4), (3, 0), (3, 4, 0), (2.5, 4), (3, 4.5)])
@each_layer
def test_sizes_that_make_no_sense_are_refused(cls, sizes):
    with pytest.raises(
        ValueError, match=r"must be a whole number of at least 1, got (0|2\.5|4\.5)"
    ):
        cls(*sizes)


@each_layer
def test_states_and_sequences_that_are_none(cls):
    layer, x = cls(3, 4, rng=0), np.ones((5, 2, 3), np.float32)
    state = np.zeros((1, 2, 4), np.float32)
    with pytest.raises(ValueError, match=r"needs at least one step, got the shape \(0, 2, 3\)"):
        layer(x[:0])
    with pytest.raises(TypeError, match=f"{cls.__name__} takes an array or a tensor, got list"):
        layer(x.tolist())
    if cls is nnlib.LSTM:
        with pytest.raises(ValueError, match="begins with a state and a cell, got 1 arrays"):
            layer(x, state)
    else:
        with pytest.raises(ValueError, match=r"\(1, 2, 4\), got tuple"):
            layer(x, (state,))
    output, _ = layer(x[:, :0], lengths=np.zeros(0, int))
    assert output.shape == (5, 0, 4)
    with pytest.raises(ValueError, match="the lengths go from 1 to 5"):
        layer(x, lengths=[0, 5])


def test_an_unknown_nonlinearity():
    with pytest.raises(ValueError, match='"tanh" or "relu", got \'sigmoid\''):
        nnlib.RNN(3, 4, nonlinearity="sigmoid", rng=0)(sequences(2, 2, 3).astype(np.float32))


@pytest.mark.parity
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("lengths", [None, [6, 2, 4, 1, 6]], ids=["whole", "ends"])
@pytest.mark.parametrize("layers", [1, 2])
@each_layer
def test_as_in_pytorch(cls, layers, lengths, batch_first):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    ours = cls(3, 4, layers, batch_first=batch_first, rng=0, dtype=np.float64)
    theirs = getattr(torch.nn, cls.__name__)(3, 4, layers, batch_first=batch_first).double()
    ours.load_state_dict(theirs.state_dict())
    x = rng.standard_normal((5, 6, 3) if batch_first else (6, 5, 3))
    before = [rng.standard_normal((layers, 5, 4)) for _ in range(1 + (cls is nnlib.LSTM))]
    a = [Tensor(v, requires_grad=True) for v in (x, *before)]
    b = [torch.tensor(v, requires_grad=True) for v in (x, *before)]
    output, state = ours(a[0], tuple(a[1:]) if len(before) > 1 else a[1], lengths=lengths)
    packed, utils = b[0], torch.nn.utils.rnn
    if lengths:
        packed = utils.pack_padded_sequence(
            packed, lengths, batch_first=batch_first, enforce_sorted=False
        )
    other, others = theirs(packed, tuple(b[1:]) if len(before) > 1 else b[1])
    if lengths:
        other, _ = utils.pad_packed_sequence(other, batch_first=batch_first)
    pairs = [(output, other)]
    many = isinstance(state, tuple)
    pairs += list(zip(state, others, strict=True)) if many else [(state, others)]
    mine, yours = 0.0, 0.0
    for p, q in pairs:
        np.testing.assert_allclose(p.data, q.detach().numpy(), atol=1e-12)
        g = rng.standard_normal(p.shape)
        mine, yours = mine + (p * g).sum(), yours + (q * torch.tensor(g)).sum()
    mine.backward()
    yours.backward()
    for p, q in zip([*a, *ours.parameters()], [*b, *theirs.parameters()], strict=True):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), atol=1e-11)
