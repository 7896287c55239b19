"""RNN, GRU and LSTM as modules: several layers, batches of sequences of different lengths."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from nnlib.backend import RNG, Array, namespace
from nnlib.layers.embedding import embedding
from nnlib.module import Module, Parameter, check_sizes
from nnlib.recurrent import sequences
from nnlib.tensor import Tensor, linear, permute, stack


class _Recurrent(Module):
    """What the three share: parameters, layers, lengths, the order of the axes."""

    gates: ClassVar[int]
    adds_both_biases: ClassVar[bool] = True  # as they arrive, and so once for the whole sequence

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        *,
        batch_first: bool = False,
        rng: RNG = None,
        dtype: Any = np.float32,
    ) -> None:
        check_sizes(input_size=input_size, hidden_size=hidden_size, num_layers=num_layers)
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.batch_first = batch_first
        rng, bound = np.random.default_rng(rng), 1 / math.sqrt(hidden_size)
        rows = self.gates * hidden_size
        for k in range(num_layers):
            shapes = {
                f"weight_ih_l{k}": (rows, hidden_size if k else input_size),
                f"weight_hh_l{k}": (rows, hidden_size),
                f"bias_ih_l{k}": (rows,),
                f"bias_hh_l{k}": (rows,),
            }
            for name, shape in shapes.items():
                setattr(self, name, Parameter(rng.uniform(-bound, bound, shape).astype(dtype)))

    def _layer(self, k: int, z: Tensor, before: list[Any], keep: Array | None) -> list[Tensor]:
        """Run one layer; return every state after every step."""
        raise NotImplementedError

    def _run(self, x: Any, states: list[Any] | None, lengths: Any, count: int) -> Any:
        """Run all layers: the outputs, and every last state (num_layers, N, H)."""
        self._check(x)
        x = permute(x, axes=(1, 0, *range(2, len(x.shape)))) if self.batch_first else x
        steps, n = x.shape[:2]
        like = next(iter(self.parameters())).data
        if states is None:
            shape = (self.num_layers, n, self.hidden_size)
            states = [namespace(like).zeros(shape, dtype=like.dtype)] * count
        if len(states) != count:
            parts = "a state and a cell" if count == 2 else "one state"
            raise ValueError(f"{type(self).__name__} begins with {parts}, got {len(states)} arrays")
        for state in states:
            if tuple(getattr(state, "shape", ())) != (self.num_layers, n, self.hidden_size):
                raise ValueError(
                    f"the first state has the shape (num_layers, N, hidden_size) = "
                    f"{(self.num_layers, n, self.hidden_size)}, got "
                    f"{tuple(getattr(state, 'shape', ())) or type(state).__name__}"
                )
        keep = None if lengths is None else self._lasting(lengths, like, steps, n)
        last: list[list[Tensor]] = [[] for _ in range(count)]
        for k in range(self.num_layers):
            after = self._layer(k, self._arriving(k, x), [state[k] for state in states], keep)
            for ends, run in zip(last, after, strict=True):
                ends.append(run[-1])
            x = after[0]
        output = x if keep is None else x * keep
        output = permute(output, axes=(1, 0, 2)) if self.batch_first else output
        return output, [stack(ends) for ends in last]

    def _check(self, x: Any) -> None:
        if not hasattr(x, "shape"):
            raise TypeError(
                f"{type(self).__name__} takes an array or a tensor, got {type(x).__name__}: "
                "write np.asarray(...) around it"
            )
        if not _symbols(x) and (len(x.shape) != 3 or x.shape[2] != self.input_size):
            order = "N, T" if self.batch_first else "T, N"
            raise ValueError(
                f"{type(self).__name__} takes sequences ({order}, {self.input_size}), or symbols "
                f"({order}) as whole numbers, got {x.dtype} of shape {tuple(x.shape)}"
            )
        if x.shape[1 if self.batch_first else 0] == 0:
            raise ValueError(
                f"{type(self).__name__} needs at least one step, got the shape {tuple(x.shape)}"
            )

    def _arriving(self, k: int, x: Any) -> Tensor:
        """Give what the inputs of a layer contribute at every step."""
        weight, bias = getattr(self, f"weight_ih_l{k}"), getattr(self, f"bias_ih_l{k}")
        if self.adds_both_biases:
            bias = bias + getattr(self, f"bias_hh_l{k}")
        if _symbols(x):  # the product with a one-hot row is a column of the weight
            return embedding(x, permute(weight, axes=(1, 0)) + bias)
        return linear(x, weight, bias)

    def _lasting(self, lengths: Any, like: Array, steps: int, n: int) -> Array:
        """Mark for every step which sequences still last: (T, N, 1)."""
        ends = np.asarray(lengths)
        if ends.shape != (n,) or ends.dtype.kind not in "iu":
            raise ValueError(
                f"lengths holds one whole number for each of the {n} sequences, got "
                f"{ends.dtype} of shape {ends.shape}"
            )
        if n and (ends.min() < 1 or ends.max() > steps):
            raise ValueError(
                f"the lengths go from 1 to {steps}, the number of steps; these from {ends.min()} "
                f"to {ends.max()}"
            )
        lasting = np.arange(steps)[:, None, None] < ends[:, None]
        return namespace(like).asarray(lasting.astype(str(like.dtype).rpartition(".")[-1]))

    def extra_repr(self) -> str:
        """Show the sizes."""
        layers = f", num_layers={self.num_layers}" if self.num_layers > 1 else ""
        first = ", batch_first=True" if self.batch_first else ""
        return f"{self.input_size}, {self.hidden_size}{layers}{first}"


def _symbols(x: Any) -> bool:
    """Say whether whole numbers stand for one-hot rows."""
    return len(x.shape) == 2 and "int" in str(x.dtype)


class RNN(_Recurrent):
    """Plain recurrent layers (10.1).

    Parameters
    ----------
    input_size : int
        How many numbers a step of a sequence has.
    hidden_size : int
        How many numbers the state has.
    num_layers : int, default 1
        How many layers stand on each other.
    nonlinearity : {"tanh", "relu"}
        The activation function.
    batch_first : bool, default False
        Whether sequences come as (N, T, D) and not as (T, N, D), as in PyTorch.
    rng : numpy.random.Generator or int, optional
        Where the first weights come from: uniform up to 1 / sqrt(hidden_size).
    dtype : dtype, default float32
        The kind of number.

    Raises
    ------
    ValueError
        When called with sequences, states or lengths that do not fit.
    IndexError
        When called with a symbol that is out of range; not on a GPU, which would have to stop.

    Notes
    -----
    Shape: x (T, N, input_size), a first state (num_layers, N, hidden_size) or none, lengths (N,)
    or none, give the outputs (T, N, hidden_size) of the last layer and the last states
    (num_layers, N, hidden_size). After the end of a sequence its outputs are 0, and its last state
    is the one at its end. The parameters have the names of ``torch.nn.RNN``.

    Symbols may come as whole numbers (T, N) in place of one-hot rows (T, N, input_size): the same
    result without the products with 0.

    Examples
    --------
    >>> import numpy as np
    >>> layer = RNN(3, 4, batch_first=True, rng=0)
    >>> output, last = layer(np.ones((2, 5, 3), dtype=np.float32), lengths=[5, 2])
    >>> output.shape, last.shape
    ((2, 5, 4), (1, 2, 4))
    """

    gates = 1

    def __init__(self, *sizes: int, nonlinearity: str = "tanh", **options: Any) -> None:
        super().__init__(*sizes, **options)
        self.nonlinearity = nonlinearity

    def _layer(self, k: int, z: Tensor, before: list[Any], keep: Array | None) -> list[Tensor]:
        weight = getattr(self, f"weight_hh_l{k}")
        return [sequences.rnn(z, *before, weight, nonlinearity=self.nonlinearity, keep=keep)]

    def forward(self, x: Any, h: Any = None, *, lengths: Any = None) -> tuple[Tensor, Tensor]:
        """Run over sequences: the outputs, and the last states."""
        output, (last,) = self._run(x, None if h is None else [h], lengths, 1)
        return output, last


class GRU(_Recurrent):
    """Gated recurrent units (10.8), (10.9), (10.10).

    Parameters
    ----------
    input_size, hidden_size, num_layers, batch_first, rng, dtype
        As for `RNN`.

    Notes
    -----
    Shape: as for `RNN`. The parameters have the names of ``torch.nn.GRU``.

    Examples
    --------
    >>> import numpy as np
    >>> output, last = GRU(3, 4, rng=0)(np.ones((5, 2, 3), dtype=np.float32))
    >>> bool(np.array_equal(output.data[-1], last.data[0]))
    True
    """

    gates = 3
    adds_both_biases = False  # its reset gate multiplies the second

    def _layer(self, k: int, z: Tensor, before: list[Any], keep: Array | None) -> list[Tensor]:
        weight, bias = getattr(self, f"weight_hh_l{k}"), getattr(self, f"bias_hh_l{k}")
        return [sequences.gru(z, *before, weight, bias, keep=keep)]

    def forward(self, x: Any, h: Any = None, *, lengths: Any = None) -> tuple[Tensor, Tensor]:
        """Run over sequences: the outputs, and the last states."""
        output, (last,) = self._run(x, None if h is None else [h], lengths, 1)
        return output, last


class LSTM(_Recurrent):
    """Long short-term memory (10.3), (10.4), (10.5).

    Parameters
    ----------
    input_size, hidden_size, num_layers, batch_first, rng, dtype
        As for `RNN`.

    Notes
    -----
    Shape: as for `RNN`, but a state is a pair: the state itself and the cell. The parameters have
    the names of ``torch.nn.LSTM``.

    Examples
    --------
    >>> import numpy as np
    >>> output, (h, c) = LSTM(3, 4, num_layers=2, rng=0)(np.ones((5, 2, 3), dtype=np.float32))
    >>> output.shape, h.shape, c.shape
    ((5, 2, 4), (2, 2, 4), (2, 2, 4))
    """

    gates = 4

    def _layer(self, k: int, z: Tensor, before: list[Any], keep: Array | None) -> list[Tensor]:
        after = sequences.lstm(z, *before, getattr(self, f"weight_hh_l{k}"), keep=keep)
        return [after[0], after[1]]

    def forward(
        self, x: Any, state: Any = None, *, lengths: Any = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Run over sequences: the outputs, and the last states and cells."""
        output, last = self._run(x, None if state is None else list(state), lengths, 2)
        return output, (last[0], last[1])
