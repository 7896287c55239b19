"""Modules and layers: what they own and its names, training, first weights, mistakes."""

import itertools
import math

import numpy as np
import pytest

import nnlib
from nnlib import Linear, Module, Parameter, Sequential, Tensor


class Everything(Module):
    """Owns tensors and modules in every way that is allowed, and things that are neither."""

    def __init__(self):
        self.scale = Parameter(np.ones(2))
        self.buffer = Tensor(np.zeros(2))
        self.first = Linear(2, 3, rng=0)
        self.several = [Linear(3, 3, rng=1), {"deep": Linear(3, 1, bias=False, rng=2)}]
        self.pair = (Parameter(np.ones(1)), nnlib.Dropout(0.5, rng=0))
        self.name = "not a tensor"

    def forward(self, x):
        return self.several[1]["deep"](self.pair[1](self.several[0](self.first(x))))


NAMES = [
    "scale",
    "buffer",
    "first.weight",
    "first.bias",
    "several.0.weight",
    "several.0.bias",
    "several.1.deep.weight",
    "pair.0",
]


def test_everything_owned_is_found_and_named():
    model = Everything()
    assert [name for name, _ in model.named_tensors()] == NAMES
    assert [name for name, _ in model.named_parameters()] == [n for n in NAMES if n != "buffer"]
    assert len(model.parameters()) == 7
    assert list(model.state_dict()) == NAMES
    assert sum(isinstance(m, Linear) for m in model.modules()) == 3


def test_a_shared_parameter_is_trained_once_and_saved_under_both_names():
    layer = Linear(2, 2, rng=0)
    model = Sequential(layer, nnlib.Tanh(), layer)
    assert len(model.parameters()) == 2
    assert list(model.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias"]


def test_train_and_eval_reach_every_part():
    model = Everything()
    assert model.eval() is model
    assert not any(m.training for m in model.modules())
    assert model.train() is model
    assert all(m.training for m in model.modules())
    model.train(False)
    assert not model.pair[1].training


def test_state_dict_is_a_copy_and_loads_back():
    a, b = Everything(), Everything()
    state = a.state_dict()
    state["scale"][...] = 7.0
    np.testing.assert_array_equal(a.scale.data, [1.0, 1.0])
    assert b.load_state_dict(state) is b
    np.testing.assert_array_equal(b.scale.data, [7.0, 7.0])
    assert b.first.weight.dtype == np.float32


def test_what_has_no_axes_loads_back_as_well():
    class Scaled(nnlib.Module):
        def __init__(self):
            self.factor = nnlib.Parameter(np.float32(2.0))
            self.norm = nnlib.BatchNorm1d(3)

        def forward(self, x):
            return self.norm(x) * self.factor

    model = Scaled()
    before = model.state_dict()
    model(np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32))
    assert model.norm.num_batches_tracked.item() == 1
    assert before["norm.num_batches_tracked"] == 0
    after = model.state_dict()
    assert model.load_state_dict(before).norm.num_batches_tracked.item() == 0
    assert model.load_state_dict(after).norm.num_batches_tracked.item() == 1
    assert model.factor.item() == 2.0


def test_a_state_that_does_not_fit_lists_all_and_changes_nothing():
    model = Linear(3, 2, rng=0)
    before = model.state_dict()
    with pytest.raises(ValueError, match=r"misshapen: weight is \(1, 3\)"):
        model.load_state_dict({"weight": np.zeros((1, 3)), "bias": np.zeros(2)})
    with pytest.raises(ValueError, match="do not fit this Linear") as error:
        model.load_state_dict({"weight": np.zeros((2, 4)), "extra": np.zeros(1)})
    message = str(error.value)
    assert "missing: bias (2,)" in message
    assert "unexpected: extra (1,)" in message
    assert "misshapen: weight is (2, 4), should be (2, 3)" in message
    np.testing.assert_array_equal(model.weight.data, before["weight"])


def test_to_converts_floats_and_forgets_gradients():
    model = Sequential(Linear(2, 3, rng=0), nnlib.BatchNorm1d(3))
    model(np.ones((4, 2), np.float32)).sum().backward()
    assert model.to(np.float64) is model
    assert all(p.dtype == np.float64 and p.grad is None for p in model.parameters())
    assert model[1].running_mean.dtype == np.float64
    assert model[1].num_batches_tracked.dtype.kind == "i"
    assert model.to("float32")[0].weight.dtype == np.float32
    weight = model[0].weight.data
    assert model.to("cpu")[0].weight.data is weight
    with pytest.raises(ValueError, match="unknown device 'gpu': nnlib knows 'cpu' and 'cuda'"):
        model.to("gpu")


def test_zero_grad():
    model = Linear(2, 1, rng=0)
    model(np.ones((4, 2), np.float32)).sum().backward()
    assert model.weight.grad is not None
    model.zero_grad()
    assert model.weight.grad is None
    assert model.bias.grad is None


def test_a_model_prints_its_parts():
    text = repr(Sequential(Linear(2, 3), nnlib.Dropout(0.1), Linear(3, 1, bias=False)))
    assert text.splitlines() == [
        "Sequential(",
        "  (0): Linear(2, 3)",
        "  (1): Dropout(p=0.1)",
        "  (2): Linear(3, 1, bias=False)",
        ")",
    ]
    assert repr(nnlib.LayerNorm(4)) == "LayerNorm(4)"
    assert repr(nnlib.BatchNorm1d(4)) == "BatchNorm1d(4)"
    assert repr(nnlib.ReLU()) == "ReLU()"


def test_a_model_prints_parts_in_lists_and_dictionaries():
    class Heads(nnlib.Module):
        def __init__(self):
            self.blocks = [Linear(2, 3), nnlib.ReLU()]
            self.heads = {"left": Linear(3, 1), "right": [Linear(3, 2)]}
            self.scale = nnlib.Parameter(np.ones(1))

    assert repr(Heads()) == (
        "Heads(\n  (blocks.0): Linear(2, 3)\n  (blocks.1): ReLU()\n"
        "  (heads.left): Linear(3, 1)\n  (heads.right.0): Linear(3, 2)\n)"
    )


def test_sequential_is_a_list_of_layers():
    model = Sequential(Linear(2, 3, rng=0), nnlib.Tanh())
    assert len(model) == 2
    assert isinstance(model[1], nnlib.Tanh)
    x = np.ones((4, 2), np.float32)
    np.testing.assert_array_equal(model(x).data, np.tanh(model[0](x).data))
    assert isinstance(Sequential()(np.ones(2)), Tensor)
    with pytest.raises(TypeError, match=r"layer 1 of Sequential.*ReLU\(\) with its brackets"):
        Sequential(Linear(2, 3), nnlib.ReLU)


def test_a_module_without_forward():
    with pytest.raises(NotImplementedError, match="Module does not define forward"):
        Module()(np.ones(2))


@pytest.mark.parametrize(
    ("layer", "function"),
    [
        (nnlib.Sigmoid(), nnlib.sigmoid),
        (nnlib.Tanh(), nnlib.tanh),
        (nnlib.ReLU(), nnlib.relu),
        (nnlib.LeakyReLU(), nnlib.leaky_relu),
        (nnlib.LeakyReLU(0.3), lambda z: nnlib.leaky_relu(z, negative_slope=0.3)),
        (nnlib.ELU(), nnlib.elu),
        (nnlib.ELU(0.5), lambda z: nnlib.elu(z, alpha=0.5)),
        (nnlib.GELU(), nnlib.gelu),
        (nnlib.SiLU(), nnlib.silu),
        (nnlib.Softplus(), nnlib.softplus),
        (nnlib.Softmax(), nnlib.softmax),
        (nnlib.Softmax(0), lambda z: nnlib.softmax(z, axis=0)),
        (nnlib.LogSoftmax(), nnlib.log_softmax),
        (nnlib.LogSoftmax(0), lambda z: nnlib.log_softmax(z, axis=0)),
    ],
    ids=itertools.count(),
)
def test_activation_layers_are_the_functions(layer, function):
    z = np.random.default_rng(0).standard_normal((3, 4, 5))
    np.testing.assert_array_equal(layer(z).data, function(z).data)


def test_linear_is_its_formula():
    layer = Linear(3, 2, rng=0, dtype=np.float64)
    layer.bias.data[...] = [0.5, -0.5]
    x = np.random.default_rng(1).standard_normal((4, 3))
    np.testing.assert_allclose(layer(x).data, x @ layer.weight.data.T + layer.bias.data)
    assert Linear(3, 2, bias=False).bias is None
    assert Linear(3, 2).weight.dtype == np.float32
    assert not Linear(3, 2).bias.data.any()


@pytest.mark.parametrize("sizes", [(0, 2), (2, 0), (2.5, 2)])
def test_linear_sizes(sizes):
    with pytest.raises(ValueError, match="must be a whole number of at least 1"):
        Linear(*sizes)


def test_first_weights_come_from_the_rng():
    a, b = Linear(3, 2, rng=5), Linear(3, 2, rng=5)
    np.testing.assert_array_equal(a.weight.data, b.weight.data)
    rng = np.random.default_rng(5)
    c, d = Linear(3, 2, rng=rng), Linear(3, 2, rng=rng)
    np.testing.assert_array_equal(a.weight.data, c.weight.data)
    assert not np.array_equal(c.weight.data, d.weight.data)
    e = Linear(3, 2, rng=5, dtype=np.float64)
    np.testing.assert_array_equal(e.weight.data.astype(np.float32), a.weight.data)
    assert not np.array_equal(Linear(3, 2).weight.data, Linear(3, 2).weight.data)
    he = Linear(3, 2, rng=5, init=nnlib.he_normal, dtype=np.float64)
    np.testing.assert_array_equal(he.weight.data, nnlib.he_normal((2, 3), np.random.default_rng(5)))


@pytest.mark.parametrize(
    ("init", "variance"),
    [
        (nnlib.glorot_uniform, 2 / (400 + 300)),
        (nnlib.glorot_normal, 2 / (400 + 300)),
        (nnlib.he_uniform, 2 / 400),
        (nnlib.he_normal, 2 / 400),
    ],
    ids=["glorot_uniform", "glorot_normal", "he_uniform", "he_normal"],
)
def test_initialisers(init, variance):
    w = init((300, 400), rng=0)
    assert w.shape == (300, 400)
    assert w.var() == pytest.approx(variance, rel=0.02)
    assert abs(w.mean()) < 3 * math.sqrt(variance / w.size)
    kernel = init((30, 40, 5, 2), rng=0)
    assert kernel.var() == pytest.approx(variance, rel=0.1)  # 40 * 10 inputs, 30 * 10 outputs
    with pytest.raises(ValueError, match=r"at least two axes.*got \(3,\)"):
        init((3,))


@pytest.mark.parametrize("init", [nnlib.glorot_uniform, nnlib.he_uniform], ids=["glorot", "he"])
def test_uniform_initialisers_have_sharp_bounds(init):
    w = init((300, 400), rng=0)
    assert w.max() == pytest.approx(math.sqrt(3 * w.var()), rel=0.02)
    assert w.min() == pytest.approx(-math.sqrt(3 * w.var()), rel=0.02)


def test_flatten():
    x = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(nnlib.Flatten()(x).data, x.reshape(2, 12))


def test_dropout_trains_and_evaluates():
    x, layer = np.ones((200, 50)), nnlib.Dropout(0.3, rng=0)
    y = layer(x).data
    np.testing.assert_allclose(np.unique(y), [0.0, 1 / 0.7])
    assert (y == 0).mean() == pytest.approx(0.3, abs=0.02)
    assert y.mean() == pytest.approx(1.0, abs=0.02)
    assert not np.array_equal(y, layer(x).data)
    assert layer.eval()(x).data is x
    t = Tensor(x)
    assert layer(t) is t
    np.testing.assert_array_equal(nnlib.dropout(x, p=0.0, rng=0).data, x)


def test_dropout_drops_the_same_in_both_directions():
    x = Tensor(np.ones((20, 10)), requires_grad=True)
    y = nnlib.dropout(x, p=0.5, rng=3)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, y.data)
    np.testing.assert_array_equal(nnlib.dropout(x, p=0.5, rng=3).data, y.data)
    assert nnlib.dropout(np.ones(3, np.float32), rng=0).dtype == np.float32


def test_dropout_by_default_and_at_the_edge():
    assert nnlib.Dropout().p == 0.5
    np.testing.assert_array_equal(nnlib.Dropout(0.0)(np.ones(9)).data, 1.0)
    half = nnlib.dropout(np.ones(999), rng=0).data
    assert set(half.tolist()) == {0.0, 2.0}


@pytest.mark.parametrize("p", [-0.1, 1.0, 1.5])
def test_dropout_probability(p):
    with pytest.raises(ValueError, match="p is the probability"):
        nnlib.Dropout(p)
    with pytest.raises(ValueError, match="p is the probability"):
        nnlib.dropout(np.ones(3), p=p)


def test_normalised_numbers():
    x = np.random.default_rng(0).standard_normal((50, 4)) * 3 + 5
    for y, axis in (
        (nnlib.layer_norm(x, np.ones(4), np.zeros(4), eps=1e-12), 1),
        (nnlib.batch_norm(x, np.ones(4), np.zeros(4), eps=1e-12), 0),
    ):
        np.testing.assert_allclose(y.data.mean(axis), 0, atol=1e-10)
        np.testing.assert_allclose(y.data.var(axis), 1, rtol=1e-6)
    assert nnlib.LayerNorm(4, eps=0.5).eps == 0.5
    sequences = np.random.default_rng(1).standard_normal((2, 3, 4))
    y = nnlib.layer_norm(sequences, np.ones(4), np.zeros(4), eps=1e-12).data
    np.testing.assert_allclose(y.mean(-1), 0, atol=1e-12)  # over the features, not the examples


def test_batch_norm_keeps_running_statistics():
    layer, rng = nnlib.BatchNorm1d(2, momentum=0.5, dtype=np.float64), np.random.default_rng(0)
    x = rng.standard_normal((10, 2))
    layer(Tensor(x))
    np.testing.assert_allclose(layer.running_mean.data, 0.5 * x.mean(0))
    np.testing.assert_allclose(layer.running_var.data, 0.5 + 0.5 * x.var(0, ddof=1))
    assert layer.num_batches_tracked.item() == 1
    layer.momentum = 0.3
    mean, var = layer.running_mean.data, layer.running_var.data
    layer(x * 2 + 1)
    np.testing.assert_allclose(layer.running_mean.data, 0.7 * mean + 0.3 * (2 * x.mean(0) + 1))
    np.testing.assert_allclose(layer.running_var.data, 0.7 * var + 0.3 * 4 * x.var(0, ddof=1))
    assert nnlib.BatchNorm1d(2).momentum == 0.1
    mean, var = layer.running_mean.data, layer.running_var.data
    y = layer.eval()(x).data
    np.testing.assert_allclose(y, (x - mean) / np.sqrt(var + layer.eps))
    np.testing.assert_array_equal(layer.running_mean.data, mean)
    layer.eval()(x[:1])  # one example is enough in evaluation
    layer.bias.data[...] = 3.0
    np.testing.assert_allclose(layer(x).data, y + 3.0)
    with pytest.raises(ValueError, match=r"at least two examples.*model\.eval\(\)"):
        layer.train()(x[:1])
