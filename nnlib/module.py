"""Modules: parts of a network that own parameters; and the numbers that they start from."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self, TypeAlias

import numpy as np

from nnlib.backend import RNG, device_of, namespace, to
from nnlib.backend import numpy as to_numpy
from nnlib.tensor import Tensor

Initialiser: TypeAlias = Callable[[tuple[int, ...], np.random.Generator], np.ndarray[Any, Any]]


def Parameter(data: Any) -> Tensor:  # noqa: N802 - PyTorch's name
    """Return a tensor to be trained: short for ``Tensor(data, requires_grad=True)``.

    Examples
    --------
    >>> import numpy as np
    >>> Parameter(np.zeros(3)).requires_grad
    True
    """
    return Tensor(data, requires_grad=True)


def check_sizes(**sizes: Any) -> None:
    """Refuse sizes of a layer that are not whole numbers of at least 1.

    Examples
    --------
    >>> check_sizes(in_features=0)
    Traceback (most recent call last):
    ValueError: in_features must be a whole number of at least 1, got 0
    """
    for name, n in sizes.items():
        if not isinstance(n, int | np.integer) or n < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, got {n!r}")


class Module:
    """A part of a network: it owns parameters and other parts, and says how to compute.

    A subclass assigns tensors and modules to attributes, also in lists and dictionaries, and
    defines ``forward``. There is nothing to register and no ``__init__`` to call.

    Attributes
    ----------
    training : bool
        Whether parts that differ between training and evaluation, such as dropout, train now.

    Examples
    --------
    >>> import numpy as np
    >>> class Scale(Module):
    ...     def __init__(self):
    ...         self.factor = Parameter(np.array([2.0]))
    ...
    ...     def forward(self, x):
    ...         return x * self.factor
    >>> Scale()(np.array([1.0, 3.0])).data
    array([2., 6.])
    """

    training: bool = True

    def forward(self, *inputs: Any, **options: Any) -> Any:
        """Compute the output; every module defines its own."""
        raise NotImplementedError(f"{type(self).__name__} does not define forward()")

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Compute the output: ``module(x)`` is ``module.forward(x)``."""
        return self.forward(*inputs, **options)

    def children(self) -> Iterator[tuple[str, Any]]:
        """Yield what this module owns, with the name of each: tensors, modules, containers."""
        yield from vars(self).items()

    def named_tensors(self, prefix: str = "") -> Iterator[tuple[str, Tensor]]:
        """Yield all tensors of this module and of its parts, with their full names.

        A tensor that is used under two names comes twice.
        """
        for name, owned in self.children():
            yield from _named_tensors(prefix + name, owned)

    def named_parameters(self) -> Iterator[tuple[str, Tensor]]:
        """Yield the tensors to be trained, each once, with their full names.

        Examples
        --------
        >>> from nnlib import Linear
        >>> [name for name, _ in Linear(3, 2).named_parameters()]
        ['weight', 'bias']
        """
        seen: set[Tensor] = set()
        for name, tensor in self.named_tensors():
            if tensor.requires_grad and tensor not in seen:
                seen.add(tensor)
                yield name, tensor

    def parameters(self) -> list[Tensor]:
        """Return the tensors to be trained, each once."""
        return [tensor for _, tensor in self.named_parameters()]

    def modules(self) -> Iterator[Module]:
        """Yield this module and all its parts."""
        yield self
        for _, owned in self.children():
            yield from _modules(owned)

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return a copy of all tensors by name, on the CPU.

        The names and layouts are PyTorch's, so that weights can be exchanged.
        """
        return {name: to_numpy(t.data).copy() for name, t in self.named_tensors()}

    def load_state_dict(self, state: Mapping[str, Any]) -> Self:
        """Copy tensors by name into this module, keeping its devices and kinds of number.

        Parameters
        ----------
        state : mapping of str to array_like
            What `state_dict` returned, here or in PyTorch.

        Raises
        ------
        ValueError
            If names are missing or unexpected, or shapes differ: all of them are listed, and
            nothing is changed.
        """
        own = dict(self.named_tensors())
        found = {name: np.asarray(value) for name, value in state.items()}
        problems = [f"missing: {name} {own[name].shape}" for name in own if name not in found]
        problems += [f"unexpected: {name} {found[name].shape}" for name in found if name not in own]
        problems += [
            f"misshapen: {name} is {found[name].shape}, should be {own[name].shape}"
            for name in own
            if name in found and found[name].shape != own[name].shape
        ]
        if problems:
            raise ValueError(
                f"these tensors do not fit this {type(self).__name__}:\n  " + "\n  ".join(problems)
            )
        for name, tensor in own.items():
            tensor.data[...] = to(np.asarray(found[name]), device_of(tensor.data))
        return self

    def to(self, target: Any) -> Self:
        """Move to a device, ``"cpu"`` or ``"cuda"``, or convert to a kind of float.

        Parameters
        ----------
        target : {"cpu", "cuda"} or dtype
            A device, or a floating-point dtype such as ``np.float64``.

        Examples
        --------
        >>> import numpy as np
        >>> from nnlib import Linear
        >>> Linear(2, 1).to(np.float64).weight.dtype
        dtype('float64')
        """
        for _, tensor in self.named_tensors():
            if isinstance(target, str) and not target.startswith("float"):
                tensor.data = to(tensor.data, target)
            elif str(tensor.dtype).startswith("float"):
                tensor.data = namespace(tensor.data).astype(tensor.data, np.dtype(target))
            tensor.grad = None
        return self

    def train(self, mode: bool = True) -> Self:
        """Switch this module and its parts to training, or with False to evaluation."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Switch this module and its parts to evaluation."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for tensor in self.parameters():
            tensor.grad = None

    def extra_repr(self) -> str:
        """Return what stands between the brackets when this module is printed."""
        return ""

    def __repr__(self) -> str:
        parts = [
            f"  ({name}): " + repr(part).replace("\n", "\n  ")
            for child, owned in self.children()
            for name, part in _parts(child, owned)
        ]
        inside = "\n" + "\n".join(parts) + "\n" if parts else self.extra_repr()
        return f"{type(self).__name__}({inside})"


def _named_tensors(name: str, owned: Any) -> Iterator[tuple[str, Tensor]]:
    if isinstance(owned, Tensor):
        yield name, owned
    elif isinstance(owned, Module):
        yield from owned.named_tensors(f"{name}.")
    else:
        for key, item in _items(owned):
            yield from _named_tensors(f"{name}.{key}", item)


def _modules(owned: Any) -> Iterator[Module]:
    if isinstance(owned, Module):
        yield from owned.modules()
    else:
        for _, item in _items(owned):
            yield from _modules(item)


def _parts(name: str, owned: Any) -> Iterator[tuple[str, Module]]:
    if isinstance(owned, Module):
        yield name, owned
    else:
        for key, item in _items(owned):
            yield from _parts(f"{name}.{key}", item)


def _items(owned: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(owned, list | tuple):
        yield from enumerate(owned)
    elif isinstance(owned, dict):
        yield from owned.items()


class Sequential(Module):
    """Modules one after another: the output of each is the input of the next (7.1).

    Parameters
    ----------
    *layers : Module
        In the order in which they compute.

    Examples
    --------
    >>> import numpy as np
    >>> from nnlib import Linear, ReLU
    >>> model = Sequential(Linear(3, 4, rng=0), ReLU(), Linear(4, 2, rng=1))
    >>> model(np.ones((5, 3), dtype=np.float32)).shape
    (5, 2)
    >>> [name for name, _ in model.named_parameters()]
    ['0.weight', '0.bias', '2.weight', '2.bias']
    """

    def __init__(self, *layers: Module) -> None:
        for i, layer in enumerate(layers):
            if not isinstance(layer, Module):
                raise TypeError(
                    f"layer {i} of Sequential is {layer!r}, not a Module: activations are modules "
                    "here, such as ReLU() with its brackets"
                )
        self.layers = list(layers)

    def forward(self, x: Any) -> Tensor:
        """Compute the layers in order."""
        for layer in self.layers:
            x = layer(x)  # (7.1)
        return x if isinstance(x, Tensor) else Tensor(x)

    def children(self) -> Iterator[tuple[str, Any]]:
        """Yield the layers, each named by its position."""
        for i, layer in enumerate(self.layers):
            yield str(i), layer

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, i: int) -> Module:
        return self.layers[i]


def _fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return how many numbers a unit takes in, and how many units take each number."""
    if len(shape) < 2:
        raise ValueError(f"a weight has at least two axes, (units, inputs, ...), got {shape}")
    field = math.prod(shape[2:])
    return shape[1] * field, shape[0] * field


def glorot_uniform(shape: tuple[int, ...], rng: RNG = None) -> np.ndarray[Any, Any]:
    """Draw weights that keep the variance both ways, for tanh and sigmoid (3.2).

    Parameters
    ----------
    shape : tuple of int
        (units, inputs), or (channels out, channels in, height, width).
    rng : numpy.random.Generator or int, optional
        Where the numbers come from.

    Returns
    -------
    numpy.ndarray
        float64, uniform, with variance ``2 / (fan_in + fan_out)``.

    References
    ----------
    Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks.
    AISTATS 2010, equation 16.

    Examples
    --------
    >>> W = glorot_uniform((300, 500), rng=0)
    >>> W.shape, round(float(W.var() * (300 + 500)), 2)
    ((300, 500), 2.0)
    """
    fan_in, fan_out = _fans(shape)
    bound = math.sqrt(6 / (fan_in + fan_out))  # (3.2)
    return np.random.default_rng(rng).uniform(-bound, bound, shape)


def glorot_normal(shape: tuple[int, ...], rng: RNG = None) -> np.ndarray[Any, Any]:
    """Draw weights as `glorot_uniform` does, from a normal distribution (3.2).

    Examples
    --------
    >>> W = glorot_normal((300, 500), rng=0)
    >>> round(float(W.var() * (300 + 500)), 1)
    2.0
    """
    fan_in, fan_out = _fans(shape)
    return np.random.default_rng(rng).normal(0.0, math.sqrt(2 / (fan_in + fan_out)), shape)  # (3.2)


def he_uniform(shape: tuple[int, ...], rng: RNG = None) -> np.ndarray[Any, Any]:
    """Draw weights that keep the size of what goes forward, for relu (3.3).

    Parameters
    ----------
    shape : tuple of int
        (units, inputs), or (channels out, channels in, height, width).
    rng : numpy.random.Generator or int, optional
        Where the numbers come from.

    Returns
    -------
    numpy.ndarray
        float64, uniform, with variance ``2 / fan_in``.

    References
    ----------
    He, Zhang, Ren, Sun: Delving deep into rectifiers. ICCV 2015, equation 10.

    Examples
    --------
    >>> W = he_uniform((300, 500), rng=0)
    >>> round(float(W.var() * 500), 2)
    2.0
    """
    bound = math.sqrt(6 / _fans(shape)[0])  # (3.3)
    return np.random.default_rng(rng).uniform(-bound, bound, shape)


def he_normal(shape: tuple[int, ...], rng: RNG = None) -> np.ndarray[Any, Any]:
    """Draw weights as `he_uniform` does, from a normal distribution (3.3).

    Examples
    --------
    >>> W = he_normal((300, 500), rng=0)
    >>> round(float(W.var() * 500), 1)
    2.0
    """
    return np.random.default_rng(rng).normal(0.0, math.sqrt(2 / _fans(shape)[0]), shape)  # (3.3)
