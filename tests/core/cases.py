"""The table that drives the tests of every primitive: one row, many tests.

A row is an operation, float64 arguments, the options it is called with, and the same computation in
PyTorch, as a function of PyTorch and the arguments. Shapes are rectangular with all lengths
different, then square; arguments broadcast; and one argument is used twice. The numbers are of
size about 1 and away from corners, where a derivative jumps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import nnlib


@dataclass(frozen=True)
class Case:
    """One computation, in nnlib and in PyTorch."""

    op: Callable[..., Any]
    arrays: tuple[np.ndarray, ...]
    torch: Callable[..., Any]
    options: dict[str, Any] = field(default_factory=dict)
    strict: bool = True  # whether the bare array standard has what this needs

    @property
    def floating(self) -> list[int]:
        return [i for i, a in enumerate(self.arrays) if a.dtype.kind == "f"]


_rng = np.random.default_rng(7)


def r(*shape: int) -> np.ndarray:
    """Normal numbers at least 0.05 from 0, so that no corner lies within a step."""
    x = _rng.standard_normal(shape)
    return np.where(np.abs(x) < 0.05, 0.5, x)


def p(*shape: int) -> np.ndarray:
    return 0.5 + _rng.random(shape)


def apart(*shape: int) -> np.ndarray:
    """Numbers of which no two are equal, so that the largest of several is one of them."""
    count = int(np.prod(shape))
    return _rng.permutation(count).reshape(shape) / (count / 4) - 2.0


def k(high: int, n: int) -> np.ndarray:
    return _rng.integers(0, high, n)


CASES: dict[str, Case] = {
    "add": Case(nnlib.add, (r(3, 4), r(3, 4)), lambda t, a, b: a + b),
    "add-row": Case(nnlib.add, (r(3, 4), r(4)), lambda t, a, b: a + b),
    "add-both-ways": Case(nnlib.add, (r(2, 1, 4), r(3, 1)), lambda t, a, b: a + b),
    "sub-column": Case(nnlib.sub, (r(3, 1), r(3, 4)), lambda t, a, b: a - b),
    "neg": Case(nnlib.neg, (r(3, 4),), lambda t, a: -a),
    "mul": Case(nnlib.mul, (r(3, 3), r(3, 3)), lambda t, a, b: a * b),
    "mul-both-ways": Case(nnlib.mul, (r(2, 1, 4), r(3, 1)), lambda t, a, b: a * b),
    "div": Case(nnlib.div, (r(3, 4), p(4)), lambda t, a, b: a / b),
    "div-one": Case(nnlib.div, (r(1), p(3, 4)), lambda t, a, b: a / b),
    "pow-2": Case(nnlib.pow, (r(3, 4),), lambda t, a: a**2, {"exponent": 2}),
    "pow-3": Case(nnlib.pow, (r(3, 4),), lambda t, a: a**3, {"exponent": 3}),
    "pow-half": Case(nnlib.pow, (p(3, 4),), lambda t, a: a**0.5, {"exponent": 0.5}),
    "pow-minus": Case(nnlib.pow, (p(3, 4),), lambda t, a: a**-1.5, {"exponent": -1.5}),
    "matmul": Case(nnlib.matmul, (r(3, 4), r(4, 5)), lambda t, a, b: a @ b),
    "matmul-square": Case(nnlib.matmul, (r(3, 3), r(3, 3)), lambda t, a, b: a @ b),
    "matmul-stack": Case(nnlib.matmul, (r(2, 3, 4), r(2, 4, 5)), lambda t, a, b: a @ b),
    "matmul-stack-shared": Case(nnlib.matmul, (r(2, 3, 4), r(4, 5)), lambda t, a, b: a @ b),
    "matmul-stack-broadcast": Case(
        nnlib.matmul, (r(2, 1, 3, 4), r(5, 4, 6)), lambda t, a, b: a @ b
    ),
    "matmul-vector-left": Case(nnlib.matmul, (r(4), r(4, 5)), lambda t, a, b: a @ b),
    "matmul-vector-right": Case(nnlib.matmul, (r(3, 4), r(4)), lambda t, a, b: a @ b),
    "matmul-vector-both": Case(nnlib.matmul, (r(4), r(4)), lambda t, a, b: a @ b),
    "matmul-vector-stack": Case(nnlib.matmul, (r(2, 3, 4), r(4)), lambda t, a, b: a @ b),
    "linear": Case(
        nnlib.linear, (r(6, 4), r(5, 4), r(5)), lambda t, x, w, b: t.nn.functional.linear(x, w, b)
    ),
    "linear-square": Case(
        nnlib.linear, (r(3, 3), r(3, 3), r(3)), lambda t, x, w, b: t.nn.functional.linear(x, w, b)
    ),
    "linear-sequence": Case(
        nnlib.linear,
        (r(2, 3, 4), r(5, 4), r(5)),
        lambda t, x, w, b: t.nn.functional.linear(x, w, b),
    ),
    "linear-one-unit": Case(
        nnlib.linear, (r(6, 4), r(1, 4), r(1)), lambda t, x, w, b: t.nn.functional.linear(x, w, b)
    ),
    "linear-one-input": Case(
        nnlib.linear, (r(6, 1), r(5, 1), r(5)), lambda t, x, w, b: t.nn.functional.linear(x, w, b)
    ),
    "linear-one-example": Case(
        nnlib.linear, (r(4), r(5, 4), r(5)), lambda t, x, w, b: t.nn.functional.linear(x, w, b)
    ),
    "linear-no-bias": Case(
        nnlib.linear, (r(6, 4), r(5, 4)), lambda t, x, w: t.nn.functional.linear(x, w)
    ),
    "exp": Case(nnlib.exp, (r(3, 4),), lambda t, a: a.exp()),
    "log": Case(nnlib.log, (p(3, 4),), lambda t, a: a.log()),
    "sqrt": Case(nnlib.sqrt, (p(3, 4),), lambda t, a: a.sqrt()),
    "abs": Case(nnlib.abs, (r(3, 4),), lambda t, a: a.abs()),
    "sum": Case(nnlib.sum, (r(3, 4),), lambda t, a: a.sum()),
    "sum-0": Case(nnlib.sum, (r(3, 4),), lambda t, a: a.sum(0), {"axis": 0}),
    "sum-last-kept": Case(
        nnlib.sum, (r(2, 3, 4),), lambda t, a: a.sum(-1, True), {"axis": -1, "keepdims": True}
    ),
    "sum-two": Case(nnlib.sum, (r(2, 3, 4),), lambda t, a: a.sum((0, 2)), {"axis": (0, 2)}),
    "mean": Case(nnlib.mean, (r(3, 4),), lambda t, a: a.mean()),
    "mean-1": Case(nnlib.mean, (r(2, 3, 4),), lambda t, a: a.mean(1), {"axis": 1}),
    "mean-two-kept": Case(
        nnlib.mean,
        (r(2, 3, 4),),
        lambda t, a: a.mean((1, -1), True),
        {"axis": (1, -1), "keepdims": True},
    ),
    "max": Case(nnlib.max, (r(3, 4),), lambda t, a: a.max()),
    "max-0": Case(nnlib.max, (r(3, 4),), lambda t, a: a.max(0).values, {"axis": 0}),
    "max-last-kept": Case(
        nnlib.max,
        (r(2, 3, 4),),
        lambda t, a: a.max(-1, True).values,
        {"axis": -1, "keepdims": True},
    ),
    "min-1": Case(nnlib.min, (r(2, 3, 4),), lambda t, a: a.min(1).values, {"axis": 1}),
    "min": Case(nnlib.min, (r(3, 3),), lambda t, a: a.min()),
    "reshape": Case(nnlib.reshape, (r(3, 4),), lambda t, a: a.reshape(2, 6), {"shape": (2, -1)}),
    "permute": Case(
        nnlib.permute, (r(2, 3, 4),), lambda t, a: a.permute(2, 0, 1), {"axes": (2, 0, 1)}
    ),
    "permute-last-two": Case(
        nnlib.permute, (r(2, 3, 4),), lambda t, a: a.mT, {"axes": (0, 2, -2)}, strict=False
    ),
    "embedding": Case(
        nnlib.embedding,
        (k(5, 6).reshape(2, 3), r(5, 4)),
        lambda t, x, w: t.nn.functional.embedding(x, w),
    ),
    "embedding-much-for-few": Case(
        nnlib.embedding, (k(3, 400), r(3, 5)), lambda t, x, w: t.nn.functional.embedding(x, w)
    ),
    "getitem-slice": Case(
        nnlib.getitem,
        (r(5, 4),),
        lambda t, a: a[1:4:2, :3],
        {"index": (slice(1, 4, 2), slice(None, 3))},
    ),
    "getitem-row": Case(
        nnlib.getitem, (r(5, 4),), lambda t, a: a[2, :], {"index": (2, slice(None))}
    ),
    "getitem-new-axis": Case(
        nnlib.getitem,
        (r(5, 4),),
        lambda t, a: a[:, None],
        {"index": (slice(None), None)},
        strict=False,
    ),
    "getitem-ellipsis": Case(
        nnlib.getitem, (r(2, 3, 4),), lambda t, a: a[..., 1], {"index": (..., 1)}
    ),
    "getitem-repeated": Case(
        nnlib.getitem,
        (r(5, 4),),
        lambda t, a: a[t.tensor([3, 0, 3, 3])],
        {"index": np.array([3, 0, 3, 3])},
        strict=False,
    ),
    "getitem-pairs": Case(
        nnlib.getitem,
        (r(5, 4),),
        lambda t, a: a[t.tensor([3, 0, 3]), t.tensor([1, 2, 1])],
        {"index": (np.array([3, 0, 3]), np.array([1, 2, 1]))},
        strict=False,
    ),
    "getitem-mask": Case(
        nnlib.getitem,
        (r(4),),
        lambda t, a: a[t.tensor([True, False, True, True])],
        {"index": np.array([True, False, True, True])},
        strict=False,
    ),
    "concat": Case(
        lambda a, b, **o: nnlib.concat([a, b], **o),
        (r(2, 3), r(4, 3)),
        lambda t, a, b: t.cat([a, b]),
    ),
    "concat-last": Case(
        lambda a, b, c, **o: nnlib.concat([a, b, c], **o),
        (r(2, 3), r(2, 1), r(2, 4)),
        lambda t, a, b, c: t.cat([a, b, c], -1),
        {"axis": -1},
    ),
    "concat-of-stacks": Case(
        lambda a, b, **o: nnlib.concat([a, b], **o),
        (r(2, 3, 4), r(2, 3, 5)),
        lambda t, a, b: t.cat([a, b], -1),
        {"axis": -1},
    ),
    "stack-of-stacks": Case(
        lambda a, b, **o: nnlib.stack([a, b], **o),
        (r(2, 3), r(2, 3)),
        lambda t, a, b: t.stack([a, b], -2),
        {"axis": -2},
    ),
    "stack": Case(
        lambda a, b, **o: nnlib.stack([a, b], **o),
        (r(2, 3), r(2, 3)),
        lambda t, a, b: t.stack([a, b], 1),
        {"axis": 1},
    ),
    "stack-last": Case(
        lambda a, b, **o: nnlib.stack([a, b], **o),
        (r(2, 3), r(2, 3)),
        lambda t, a, b: t.stack([a, b], -1),
        {"axis": -1},
    ),
    "where": Case(
        nnlib.where,
        (_rng.random((3, 4)) < 0.5, r(3, 4), r(4)),
        lambda t, c, a, b: t.where(c, a, b),
    ),
    "maximum": Case(nnlib.maximum, (r(3, 4), r(4)), lambda t, a, b: t.maximum(a, b)),
    "used-twice": Case(lambda a: a * a + a, (r(3, 4),), lambda t, a: a * a + a),
    "used-twice-matmul": Case(
        lambda a: a @ a.mT if hasattr(a, "grad") else nnlib.Tensor(a) @ a.mT,
        (r(3, 4),),
        lambda t, a: a @ a.mT,
    ),
    "sigmoid": Case(nnlib.sigmoid, (r(3, 4),), lambda t, z: t.sigmoid(z)),
    "tanh": Case(nnlib.tanh, (r(3, 4),), lambda t, z: t.tanh(z)),
    "relu": Case(nnlib.relu, (r(3, 4),), lambda t, z: t.relu(z)),
    "leaky_relu": Case(
        nnlib.leaky_relu,
        (r(3, 4),),
        lambda t, z: t.nn.functional.leaky_relu(z, 0.2),
        {"negative_slope": 0.2},
    ),
    "leaky_relu-default": Case(
        nnlib.leaky_relu, (r(3, 4),), lambda t, z: t.nn.functional.leaky_relu(z)
    ),
    "elu": Case(nnlib.elu, (r(3, 4),), lambda t, z: t.nn.functional.elu(z, 0.7), {"alpha": 0.7}),
    "elu-default": Case(nnlib.elu, (r(3, 4),), lambda t, z: t.nn.functional.elu(z)),
    "gelu": Case(nnlib.gelu, (r(3, 4),), lambda t, z: t.nn.functional.gelu(z, approximate="tanh")),
    "silu": Case(nnlib.silu, (r(3, 4),), lambda t, z: t.nn.functional.silu(z)),
    "softplus": Case(nnlib.softplus, (r(3, 4),), lambda t, z: t.nn.functional.softplus(z)),
    "softmax": Case(nnlib.softmax, (r(2, 3, 4),), lambda t, z: t.softmax(z, -1)),
    "softmax-1": Case(nnlib.softmax, (r(2, 3, 4),), lambda t, z: t.softmax(z, 1), {"axis": 1}),
    "log_softmax": Case(nnlib.log_softmax, (r(3, 4),), lambda t, z: t.log_softmax(z, -1)),
    "log_softmax-0": Case(
        nnlib.log_softmax, (r(3, 4),), lambda t, z: t.log_softmax(z, 0), {"axis": 0}
    ),
    "layer_norm": Case(
        nnlib.layer_norm,
        (r(2, 3, 5), r(5), r(5)),
        lambda t, x, w, b: t.nn.functional.layer_norm(x, (5,), w, b),
    ),
    "layer_norm-eps": Case(
        nnlib.layer_norm,
        (r(4, 5), r(5), r(5)),
        lambda t, x, w, b: t.nn.functional.layer_norm(x, (5,), w, b, 0.1),
        {"eps": 0.1},
    ),
    "batch_norm": Case(
        nnlib.batch_norm,
        (r(6, 4), r(4), r(4)),
        lambda t, x, w, b: t.nn.functional.batch_norm(x, None, None, w, b, True),
    ),
    "batch_norm-eps": Case(
        nnlib.batch_norm,
        (r(3, 3), r(3), r(3)),
        lambda t, x, w, b: t.nn.functional.batch_norm(x, None, None, w, b, True, eps=0.1),
        {"eps": 0.1},
    ),
    "batch_norm-images": Case(
        nnlib.batch_norm,
        (r(3, 4, 2, 5), r(4), r(4)),
        lambda t, x, w, b: t.nn.functional.batch_norm(x, None, None, w, b, True),
    ),
    "rms_norm": Case(
        nnlib.rms_norm,
        (r(2, 3, 5), r(5)),
        lambda t, x, w: t.nn.functional.rms_norm(x, (5,), w, 1e-6),
    ),
    "rms_norm-eps": Case(
        nnlib.rms_norm,
        (r(4, 4), r(4)),
        lambda t, x, w: t.nn.functional.rms_norm(x, (4,), w, 0.1),
        {"eps": 0.1},
    ),
}

LOSSES = {
    "mse_loss": (nnlib.mse_loss, (r(3, 4), r(3, 4)), {}),
    "l1_loss": (nnlib.l1_loss, (r(3, 4), r(3, 4) + 3), {}),
    "huber_loss": (nnlib.huber_loss, (r(3, 4), r(3, 4)), {"delta": 0.8}),
    "huber_loss-default": (nnlib.huber_loss, (r(3, 4) * 3, r(3, 4)), {}),
    "cross_entropy": (nnlib.cross_entropy, (r(6, 4), k(4, 6)), {}),
    "cross_entropy-square": (nnlib.cross_entropy, (r(3, 3), k(3, 3)), {}),
    "binary_cross_entropy_with_logits": (
        nnlib.binary_cross_entropy_with_logits,
        (r(6, 1), _rng.random((6, 1))),
        {},
    ),
}
for _name, (_op, _arrays, _options) in LOSSES.items():
    for _reduction in ("mean", "sum", "none"):
        CASES[f"{_name}-{_reduction}"] = Case(
            _op,
            _arrays,
            lambda t, a, b, _op=_op, _o={**_options, "reduction": _reduction}: getattr(
                t.nn.functional, _op.__name__
            )(a, b, **_o),
            {**_options, "reduction": _reduction},
        )

# Every way in which a kernel can move: alone, by rows and columns, and all at once.
MOVES = {
    "": {},
    "-stride": {"stride": (2, 3)},
    "-padding": {"padding": (2, 1)},
    "-dilation": {"dilation": (2, 1)},
    "-groups": {"groups": 2},
    "-all": {"stride": 2, "padding": 1, "dilation": (1, 2), "groups": 2},
}
for _name, _move in MOVES.items():
    _groups = _move.get("groups", 1)
    CASES[f"conv2d{_name}"] = Case(
        nnlib.conv2d,
        (r(3, 4, 8, 7), r(6, 4 // _groups, 3, 2), r(6)),
        lambda t, x, w, b, _o=_move: t.nn.functional.conv2d(x, w, b, **_o),
        _move,
    )
    CASES[f"conv_transpose2d{_name}"] = Case(
        nnlib.conv_transpose2d,
        (r(3, 6, 4, 5), r(6, 4 // _groups, 3, 2), r(4)),
        lambda t, x, w, b, _o=_move: t.nn.functional.conv_transpose2d(x, w, b, **_o),
        _move,
    )
CASES |= {
    "conv2d-square": Case(
        nnlib.conv2d,
        (r(3, 3, 3, 3), r(3, 3, 3, 3)),
        lambda t, x, w: t.nn.functional.conv2d(x, w, padding=1),
        {"padding": 1},
    ),
    "conv2d-one-place": Case(
        nnlib.conv2d,
        (r(1, 2, 4, 3), r(5, 2, 4, 3), r(5)),
        lambda t, x, w, b: t.nn.functional.conv2d(x, w, b),
    ),
    "conv2d-rows-left-over": Case(  # the last row and column are never read
        nnlib.conv2d,
        (r(2, 1, 6, 8), r(3, 1, 3, 3), r(3)),
        lambda t, x, w, b: t.nn.functional.conv2d(x, w, b, stride=2),
        {"stride": 2},
    ),
    "conv2d-wider-than-its-kernel": Case(  # the outermost windows see nothing but padding
        nnlib.conv2d,
        (r(2, 2, 3, 4), r(3, 2, 2, 1), r(3)),
        lambda t, x, w, b: t.nn.functional.conv2d(x, w, b, padding=(3, 2)),
        {"padding": (3, 2)},
    ),
    "conv_transpose2d-output-padding": Case(
        nnlib.conv_transpose2d,
        (r(2, 3, 4, 5), r(3, 2, 3, 2), r(2)),
        lambda t, x, w, b: t.nn.functional.conv_transpose2d(
            x, w, b, stride=(2, 3), output_padding=(1, 2)
        ),
        {"stride": (2, 3), "output_padding": (1, 2)},
    ),
    "max_pool2d": Case(
        nnlib.max_pool2d,
        (apart(3, 2, 6, 8),),
        lambda t, x: t.nn.functional.max_pool2d(x, 2),
        {"kernel_size": 2},
    ),
    "max_pool2d-overlap": Case(
        nnlib.max_pool2d,
        (apart(3, 2, 7, 8),),
        lambda t, x: t.nn.functional.max_pool2d(x, (3, 2), (2, 1), (1, 0)),
        {"kernel_size": (3, 2), "stride": (2, 1), "padding": (1, 0)},
    ),
    "max_pool2d-dilation": Case(
        nnlib.max_pool2d,
        (apart(3, 2, 9, 8),),
        lambda t, x: t.nn.functional.max_pool2d(x, 3, 2, 1, (1, 2)),
        {"kernel_size": 3, "stride": 2, "padding": 1, "dilation": (1, 2)},
    ),
    "avg_pool2d": Case(
        nnlib.avg_pool2d,
        (r(3, 2, 6, 8),),
        lambda t, x: t.nn.functional.avg_pool2d(x, 2),
        {"kernel_size": 2},
    ),
    "avg_pool2d-overlap": Case(
        nnlib.avg_pool2d,
        (r(3, 2, 7, 8),),
        lambda t, x: t.nn.functional.avg_pool2d(x, (3, 2), (2, 1), (1, 0)),
        {"kernel_size": (3, 2), "stride": (2, 1), "padding": (1, 0)},
    ),
}

# Three steps of two sequences, the second of which ends after one. PyTorch has the cells alone.
KEEP = np.array([[1.0, 1.0], [1.0, 0.0], [1.0, 0.0]])[:, :, None]


def _steps(cell: Callable[..., Any], keep: Any = None) -> Callable[..., Any]:
    """Run a cell of PyTorch step by step, from what the inputs contribute."""

    def run(t: Any, z: Any, *states_and_weights: Any) -> Any:
        *states, weight, bias = states_and_weights
        every = []
        for k in range(len(z)):
            new = cell(t, z[k], *states, weight, bias)
            if keep is not None:
                m = t.tensor(keep[k])
                new = [m * a + (1 - m) * b for a, b in zip(new, states, strict=True)]
            states = new
            every.append(t.stack(list(states)) if len(states) > 1 else states[0])
        return t.stack(every, 1 if len(states) > 1 else 0)

    return run


def _rnn_cell(t: Any, z: Any, h: Any, w: Any, b: Any) -> Any:
    return [t.tanh(z + h @ w.mT + b)]


def _relu_cell(t: Any, z: Any, h: Any, w: Any, b: Any) -> Any:
    return [t.relu(z + h @ w.mT + b)]


def _lstm_cell(t: Any, z: Any, h: Any, c: Any, w: Any, b: Any) -> Any:
    i, f, g, o = (z + h @ w.mT + b).chunk(4, -1)
    c = t.sigmoid(f) * c + t.sigmoid(i) * t.tanh(g)
    return [t.sigmoid(o) * t.tanh(c), c]


def _gru_cell(t: Any, z: Any, h: Any, w: Any, b: Any) -> Any:
    (a, d, e), (u, v, q) = z.chunk(3, -1), (h @ w.mT + b).chunk(3, -1)
    update = t.sigmoid(d + v)
    return [(1 - update) * t.tanh(e + t.sigmoid(a + u) * q) + update * h]


for _name, _op, _cell, _gates, _states, _more in (
    ("rnn", nnlib.rnn, _rnn_cell, 1, 1, {}),
    ("rnn-relu", nnlib.rnn, _relu_cell, 1, 1, {"nonlinearity": "relu"}),
    ("lstm", nnlib.lstm, _lstm_cell, 4, 2, {}),
    ("gru", nnlib.gru, _gru_cell, 3, 1, {}),
):
    for _ends in ({}, {"keep": KEEP}):
        _before = (r(2, 4) for _ in range(_states))
        CASES[_name + ("-ends" if _ends else "")] = Case(
            _op,
            (r(3, 2, 4 * _gates), *_before, 0.5 * r(4 * _gates, 4), r(4 * _gates)),
            _steps(_cell, **_ends),
            {**_more, **_ends},
        )

# What may be looked at: everything, what a mask says, what numbers say, what came before.
LOOKS = {
    "": {},
    "-mask": {"attn_mask": np.array([[True, False, True], [False, True, True]] * 2)},
    "-numbers": {"attn_mask": r(4, 3)},
}


def _looking(attn_mask: Any = None) -> Callable[..., Any]:
    def look(t: Any, *qkv: Any) -> Any:
        mask = None if attn_mask is None else t.tensor(attn_mask)
        return t.nn.functional.scaled_dot_product_attention(*qkv, attn_mask=mask)

    return look


for _name, _look in LOOKS.items():
    CASES[f"attention{_name}"] = Case(
        nnlib.scaled_dot_product_attention,
        (r(2, 4, 5), r(2, 3, 5), r(2, 3, 6)),
        _looking(**_look),
        _look,
    )


def _heads(t: Any, qkv: Any) -> Any:
    n, steps, width = qkv.shape
    parts = qkv.reshape(n, steps, 3, 2, width // 6).permute(2, 0, 3, 1, 4)
    found = t.nn.functional.scaled_dot_product_attention(*parts, is_causal=True)
    return found.transpose(1, 2).reshape(n, steps, width // 3)


def _turned(t: Any, x: Any) -> Any:
    places = 3 + t.arange(x.shape[-2], dtype=x.dtype)[:, None]
    angles = places * 10000.0 ** (-t.arange(0, x.shape[-1], 2, dtype=x.dtype) / x.shape[-1])
    first, second = x.chunk(2, -1)
    cos, sin = angles.cos(), angles.sin()
    return t.cat([first * cos - second * sin, first * sin + second * cos], -1)


CASES |= {
    "attention-causal": Case(
        nnlib.scaled_dot_product_attention,
        (r(2, 4, 5), r(2, 4, 5), r(2, 4, 4)),
        lambda t, q, k, v: t.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True),
        {"is_causal": True},
    ),
    "self_attention": Case(
        nnlib.self_attention, (r(2, 5, 24),), _heads, {"num_heads": 2, "is_causal": True}
    ),
    "rotary": Case(nnlib.rotary, (r(2, 5, 4),), _turned, {"offset": 3}),
}
