"""The engine: tensors that remember what they were made from, and the arithmetic on them.

A *primitive* is a plain function on raw arrays. It returns its output and, for each argument, a
vector-Jacobian product beside it: a function that takes the gradient of the loss with respect to
the output, called ``g``, and returns the gradient with respect to that argument. Each of these
lines is an equation of the book, with its number. `primitive` lifts the function onto `Tensor`.
"""

from __future__ import annotations

import builtins
import contextlib
import contextvars
import functools
import inspect
import itertools
import math
import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeAlias, cast

import numpy as np

from nnlib.backend import (
    Array,
    check_dtypes,
    describe,
    is_floating,
    namespace,
    reduce,
    scatter_add,
)
from nnlib.backend import numpy as to_numpy
from nnlib.products import dot, ones

VJP: TypeAlias = Callable[[Array], Array]
Rule: TypeAlias = Callable[..., tuple[Array, tuple[VJP | None, ...]]]
Axis: TypeAlias = int | tuple[int, ...] | None
Bare = (list, tuple, int, float)  # what Python has itself, and what is no array

_newest = itertools.count()
_number = operator.attrgetter("number")
_recording = contextvars.ContextVar("_recording", default=True)


class Operation(Protocol):
    """A primitive lifted onto tensors; `rule` is the plain function on raw arrays."""

    __name__: str
    rule: Rule

    def __call__(self, *args: Any, **options: Any) -> Tensor:
        """Compute on tensors or raw arrays, and remember."""


def primitive(rule: Rule) -> Operation:
    """Lift a rule on raw arrays onto tensors.

    Parameters
    ----------
    rule : callable
        ``rule(*arrays, **options)`` returns the output and a tuple with one vector-Jacobian
        product for each array, in the order of the arguments; None for one without a derivative.

    Returns
    -------
    Operation
        A function that takes tensors or raw arrays and returns a `Tensor`. Its attribute ``rule``
        is the function that was passed, to be called by hand.

    Notes
    -----
    Equation (5.3). The vector-Jacobian products need not undo broadcasting: `Tensor.backward`
    does it for all of them with `unbroadcast`.

    Examples
    --------
    >>> import numpy as np
    >>> @primitive
    ... def square(x):
    ...     return x * x, (lambda g: g * 2 * x,)
    >>> x = Tensor(np.array([1.0, 2.0, 3.0]), requires_grad=True)
    >>> square(x).sum().backward()
    >>> x.grad
    array([2., 4., 6.])
    >>> output, (vjp,) = square.rule(np.array([3.0]))
    >>> vjp(np.array([1.0]))
    array([6.])
    """
    names = [
        p.name
        for p in inspect.signature(rule).parameters.values()
        if p.kind is p.POSITIONAL_OR_KEYWORD
    ]

    @functools.wraps(rule)
    def operation(*args: Any, **options: Any) -> Tensor:
        while options and len(args) < len(names) and names[len(args)] in options:
            args = (*args, options.pop(names[len(args)]))  # an argument that was given by its name
        arrays = []  # plain loops: until Python 3.12 each comprehension costs a call
        for a in args:
            arrays.append(a.data if type(a) is Tensor else a)  # noqa: PERF401
        try:
            output, vjps = rule(*arrays, **options)
        except Exception as error:
            _explain(error, operation.__name__, arrays, options)
            raise
        made_from: Any = []
        if _recording.get():
            for a, vjp in zip(args, vjps, strict=False):
                if type(a) is Tensor and a.requires_grad:
                    made_from.append((a, vjp))
        result = Tensor.__new__(Tensor)
        result.data, result.grad, result.made_from = output, None, made_from or ()
        result.requires_grad, result.retains_grad = bool(made_from), False
        result.number = next(_newest)
        return result

    lifted = cast(Any, operation)
    lifted.rule = rule
    return cast(Operation, lifted)


def once(back: Callable[[Array], Any]) -> Callable[[Array], Any]:
    """Let several vector-Jacobian products share one computation: do it once for each `g`.

    Examples
    --------
    >>> import numpy as np
    >>> def back(g):
    ...     print("computed")
    ...     return g * 2, g * 3
    >>> both, g = once(back), np.ones(1)
    >>> both(g)[0], both(g)[1]
    computed
    (array([2.]), array([3.]))
    """
    last: list[Any] = [None, None]

    def shared(g: Array) -> Any:
        if last[0] is not g:
            last[:] = g, back(g)
        return last[1]

    return shared


def _explain(error: Exception, name: str, arrays: list[Any], options: dict[str, Any]) -> None:
    """Add the operation and its operands to an error; nothing is spent until one happens."""
    operands = [describe(a) for a in arrays] + [f"{k}={describe(v)}" for k, v in options.items()]
    error.add_note(f"nnlib: in {name}({', '.join(operands)})")
    if isinstance(error, AttributeError) and any(isinstance(a, Bare) for a in arrays):
        error.add_note(f"{name} takes arrays or tensors: make one with np.asarray(..., np.float32)")


@contextlib.contextmanager
def no_grad() -> Iterator[None]:
    """Compute without recording: no history is kept and nothing can be differentiated.

    Works as a context manager and, written ``@no_grad()``, as a decorator.

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor(np.ones(2), requires_grad=True)
    >>> with no_grad():
    ...     y = x * 2
    >>> y.requires_grad
    False
    """
    token = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(token)


class Tensor:
    """An array that remembers what it was made from.

    Parameters
    ----------
    data : array_like
        Numbers, of any shape. An array is kept as it is, neither copied nor converted.
    requires_grad : bool, default False
        Whether `backward` leaves a gradient in `grad`. Needs floating-point numbers.

    Attributes
    ----------
    data : array
        The numbers.
    grad : array or None
        The gradient of what `backward` was called on, of the shape of `data`. Calls add up:
        set it to None (an optimiser's ``zero_grad`` does) before the next.
    requires_grad : bool
        Whether a gradient flows to or through this tensor.
    made_from : sequence of (Tensor, callable) or None
        The tensors this one was computed from, each with its vector-Jacobian product; empty for
        a leaf, None once `backward` has walked through.

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor(np.array([2.0, 3.0]), requires_grad=True)
    >>> loss = (x * x).sum()
    >>> loss.backward()
    >>> x.grad
    array([4., 6.])
    """

    __slots__ = ("data", "grad", "made_from", "number", "requires_grad", "retains_grad")
    __array_ufunc__ = None  # array + tensor asks the tensor

    data: Array
    grad: Array | None
    made_from: Sequence[tuple[Tensor, VJP]] | None

    def __init_subclass__(cls) -> None:
        raise TypeError("Tensor has no subclasses: write functions of tensors, or a Module")

    def __init__(self, data: Any, *, requires_grad: bool = False) -> None:
        if isinstance(data, Tensor):
            data = data.data
        if not hasattr(data, "shape") or isinstance(data, np.generic):
            data = np.asarray(data)  # a number of NumPy's could not be written to
        if namespace(data) is np and data.dtype.kind not in "fiub":
            raise TypeError(f"a tensor holds real numbers, got an array of dtype {data.dtype}")
        if requires_grad and not is_floating(data):
            raise TypeError(
                f"only floating-point numbers have gradients, got {describe(data)}: "
                "make it float, for example with x.astype(np.float32)"
            )
        self.data, self.grad, self.made_from = data, None, ()
        self.requires_grad, self.retains_grad = requires_grad, False
        self.number = next(_newest)

    def backward(self, grad: Array | None = None) -> None:
        """Add the gradient of this tensor to `grad` of every leaf that it was made from.

        Parameters
        ----------
        grad : array, optional
            The gradient of the loss with respect to this tensor, of its shape. A tensor of one
            number needs none: it is the loss, and its gradient is 1.

        Raises
        ------
        RuntimeError
            If nothing here requires a gradient, if this tensor holds more than one number and no
            `grad` is given, or if an earlier call has already walked this graph.

        Notes
        -----
        Every tensor is newer than what it was made from. So the walk visits the newest first: when
        it comes to a tensor, all that was made from it has been visited, and the sum of its
        gradients (5.7) is complete.
        """
        if not self.requires_grad:
            raise RuntimeError(
                "nothing to differentiate: no tensor that this one was made from has "
                "requires_grad=True, or it was computed inside no_grad()"
            )
        if grad is None:
            if self.data.size != 1:
                raise RuntimeError(
                    f"backward from a tensor of shape {self.shape}: a gradient starts from one "
                    "number. Reduce it first, with .sum() or .mean(), or pass the gradient of "
                    "the loss with respect to this tensor"
                )
            grad = namespace(self.data).ones(self.data.shape, dtype=self.data.dtype)
        elif tuple(grad.shape) != self.shape:
            raise ValueError(f"the gradient has shape {grad.shape}, the tensor {self.shape}")
        if not self.made_from:  # a leaf is its own and only ancestor
            self._receive(grad)
        grads: dict[Tensor, Array] = {self: grad}
        for tensor in newest_first(self):
            g = grads.pop(tensor)
            if tensor.retains_grad:
                tensor._receive(g)
            for parent, vjp in tensor.made_from or ():
                part = vjp(g)  # the chain rule, one step (5.2), (5.3)
                if part.shape != parent.data.shape:
                    part = unbroadcast(part, parent.data.shape)
                if not parent.made_from:
                    parent._receive(part)
                else:
                    grads[parent] = grads[parent] + part if parent in grads else part  # (5.7)
            tensor.made_from = None  # spent: its arrays can go

    def _receive(self, g: Array) -> None:
        self.grad = g if self.grad is None else self.grad + g  # (5.7); not in place: g is shared

    def retain_grad(self) -> Tensor:
        """Ask `backward` to leave a gradient in this tensor although it is not a leaf."""
        self.retains_grad = True
        return self

    def detach(self) -> Tensor:
        """Return a tensor of the same data, shared, without history."""
        return Tensor(self.data)

    def item(self) -> float:
        """Return the only number of a tensor as a Python number."""
        if self.data.size != 1:
            raise ValueError(f"item() needs a tensor of one number, this one has {self.shape}")
        return cast(float, to_numpy(self.data).item())

    def numpy(self) -> np.ndarray[Any, Any]:
        """Return the data as a NumPy array on the CPU."""
        return to_numpy(self.data)

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return tuple(self.data.shape)

    @property
    def ndim(self) -> int:
        """How many axes there are."""
        return cast(int, self.data.ndim)

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return cast(int, self.data.size)

    @property
    def dtype(self) -> Any:
        """The kind of number."""
        return self.data.dtype

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a tensor without axes")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError(
            "tensors are not changed in place, because what was computed from them would no longer "
            "be true: build a new one with where or concat, or change tensor.data outside a graph"
        )

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        if self.requires_grad:
            raise TypeError(
                "NumPy would lose what this tensor was made from, and with it the gradient: use "
                "the function of nnlib, or tensor.data where no gradient is wanted"
            )
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __repr__(self) -> str:
        numbers = repr(self.data).replace("\n", "\n ")
        return f"Tensor({numbers}{', requires_grad=True' if self.requires_grad else ''})"

    def __bool__(self) -> bool:
        return bool(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __neg__(self) -> Tensor:
        return neg(self)

    def __add__(self, other: Any) -> Tensor:
        return add(self, other)

    def __radd__(self, other: Any) -> Tensor:
        return add(other, self)

    def __sub__(self, other: Any) -> Tensor:
        return sub(self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return sub(other, self)

    def __mul__(self, other: Any) -> Tensor:
        return mul(self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return mul(other, self)

    def __truediv__(self, other: Any) -> Tensor:
        return div(self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return div(other, self)

    def __pow__(self, exponent: float) -> Tensor:
        return pow(self, exponent=exponent)

    def __matmul__(self, other: Any) -> Tensor:
        return matmul(self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return matmul(other, self)

    def __lt__(self, other: Any) -> Array:  # comparisons have no gradient: they give raw arrays
        return self.data < _raw(other)

    def __le__(self, other: Any) -> Array:
        return self.data <= _raw(other)

    def __gt__(self, other: Any) -> Array:
        return self.data > _raw(other)

    def __ge__(self, other: Any) -> Array:
        return self.data >= _raw(other)

    def __getitem__(self, index: Any) -> Tensor:
        return getitem(self, index=index)

    def sum(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Add up along `axis`; see `nnlib.sum`."""
        return sum(self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Axis = None, keepdims: bool = False) -> Tensor:
        """Average along `axis`; see `nnlib.mean`."""
        return mean(self, axis=axis, keepdims=keepdims)

    def max(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """Take the largest along `axis`; see `nnlib.max`."""
        return max(self, axis=axis, keepdims=keepdims)

    def min(self, axis: int | None = None, keepdims: bool = False) -> Tensor:
        """Take the smallest along `axis`; see `nnlib.min`."""
        return min(self, axis=axis, keepdims=keepdims)

    def argmax(self, axis: int | None = None) -> Array:
        """Return where the largest is, as a raw array: positions have no gradient."""
        return reduce("argmax", self.data, axis=axis)

    def exp(self) -> Tensor:
        """Exponential of each number."""
        return exp(self)

    def log(self) -> Tensor:
        """Natural logarithm of each number."""
        return log(self)

    def sqrt(self) -> Tensor:
        """Square root of each number."""
        return sqrt(self)

    def abs(self) -> Tensor:
        """Absolute value of each number."""
        return abs(self)

    def reshape(self, *shape: int) -> Tensor:
        """Arrange the same numbers in another shape; one length may be -1."""
        return reshape(self, shape=shape)

    def permute(self, *axes: int) -> Tensor:
        """Put the axes into another order."""
        return permute(self, axes=axes)

    @property
    def mT(self) -> Tensor:  # noqa: N802 - the array API's name
        """The tensor with its last two axes exchanged."""
        return permute(self, axes=(*range(self.ndim - 2), self.ndim - 1, self.ndim - 2))


def _raw(x: Any) -> Any:
    return x.data if isinstance(x, Tensor) else x


def newest_first(root: Tensor) -> list[Tensor]:
    """Return a tensor and all those it was made from that were themselves made, newest first.

    A tensor is newer than what it was made from, so this order visits everything that was made
    from a tensor before the tensor itself: all that the backward pass needs.

    Examples
    --------
    >>> import numpy as np
    >>> a = Tensor(np.ones(2), requires_grad=True)
    >>> b = a * a
    >>> c = b + a
    >>> newest_first(c) == [c, b]
    True
    """
    if root.made_from == ():
        return []
    seen, todo = {root}, [root]
    while todo:
        history = todo.pop().made_from
        if history is None:
            raise RuntimeError(
                "this graph was already walked by an earlier backward(), and what it needs is "
                "gone. Compute the loss again, or add the losses and call backward() once"
            )
        for parent, _ in history:
            if parent.made_from != () and parent not in seen:
                seen.add(parent)
                todo.append(parent)
    return sorted(seen, key=_number, reverse=True)


def unbroadcast(g: Array, shape: tuple[int, ...]) -> Array:
    """Sum a gradient back to the shape that broadcasting copied from (5.8).

    Copying a number to many places means that all of them pull on it: its gradient is the sum
    of theirs.

    Parameters
    ----------
    g : array
        A gradient, of the broadcast shape.
    shape : tuple of int
        The shape before broadcasting.

    Returns
    -------
    array
        The gradient, of the given shape.

    Examples
    --------
    >>> import numpy as np
    >>> unbroadcast(np.ones((4, 3)), (3,))
    array([4., 4., 4.])
    >>> unbroadcast(np.ones((4, 3)), (4, 1)).shape
    (4, 1)
    """
    xp, new = namespace(g), g.ndim - len(shape)
    if new < 0 or any(n not in (1, m) for n, m in zip(shape, g.shape[new:], strict=True)):
        raise ValueError(
            f"a gradient of shape {tuple(g.shape)} does not belong to an array of shape {shape}: "
            "no broadcasting leads from the one to the other, so its vjp is wrong"
        )
    copied = (i + new for i, n in enumerate(shape) if n == 1)
    return xp.reshape(xp.sum(g, axis=(*range(new), *copied), keepdims=True), shape)  # (5.8)


# The arithmetic. `g` is the gradient that arrives; a vjp may leave broadcasting to `backward`.


@primitive
def add(a: Array, b: Array) -> Any:
    """Add, with broadcasting (5.9).

    Examples
    --------
    >>> import numpy as np
    >>> add(np.array([1.0, 2.0]), 10.0).data
    array([11., 12.])
    """
    return a + b, (
        lambda g: g,  # (5.9)
        lambda g: g,  # (5.9)
    )


@primitive
def sub(a: Array, b: Array) -> Any:
    """Subtract, with broadcasting (5.10)."""
    return a - b, (
        lambda g: g,  # (5.10)
        lambda g: -g,  # (5.10)
    )


@primitive
def neg(a: Array) -> Any:
    """Change the sign: (5.10) with nothing to subtract from."""
    return -a, (lambda g: -g,)


@primitive
def mul(a: Array, b: Array) -> Any:
    """Multiply number by number, with broadcasting (5.11)."""
    return a * b, (
        lambda g: g * b,  # (5.11)
        lambda g: g * a,  # (5.11)
    )


@primitive
def div(a: Array, b: Array) -> Any:
    """Divide number by number, with broadcasting (5.12)."""
    return a / b, (
        lambda g: g / b,  # (5.12)
        lambda g: -g * a / (b * b),  # (5.12)
    )


@primitive
def pow(a: Array, *, exponent: float) -> Any:
    """Raise to a constant power (5.13).

    Parameters
    ----------
    a : Tensor or array
        The base.
    exponent : float
        The power, a Python number.

    Examples
    --------
    >>> import numpy as np
    >>> pow(np.array([1.0, 3.0]), exponent=2).data
    array([1., 9.])
    """
    if not isinstance(exponent, int | float):
        raise TypeError(
            f"the exponent must be a Python number, got {describe(exponent)}: "
            "write a ** b with a tensor b as exp(b * log(a))"
        )
    return a**exponent, (lambda g: g * (exponent * a ** (exponent - 1)),)  # (5.13)


@primitive
def matmul(a: Array, b: Array) -> Any:
    """Multiply matrices, or stacks of them, or a matrix and a vector (5.14).

    Parameters
    ----------
    a, b : Tensor or array
        The factors; a vector on the left is one row, on the right one column.

    Returns
    -------
    Tensor
        The product.

    Notes
    -----
    Shape: (..., N, D) @ (..., D, K) gives (..., N, K).

    Examples
    --------
    >>> import numpy as np
    >>> matmul(np.ones((2, 3)), np.ones((3, 4))).shape
    (2, 4)
    """
    A = a[None, :] if a.ndim == 1 else a
    B = b[:, None] if b.ndim == 1 else b
    C = A @ B
    xp = namespace(C)

    def db(g: Array) -> Array:
        grad = A.mT @ xp.reshape(g, C.shape)  # (5.14)
        return grad[..., 0] if b.ndim == 1 else grad

    return (a @ b if A is not a or B is not b else C), (
        lambda g: xp.reshape(g, C.shape) @ B.mT,  # (5.14)
        db,
    )


@primitive
def linear(x: Array, weight: Array, bias: Array | None = None) -> Any:
    """Apply a layer of neurons to a batch: ``x @ weight.mT + bias`` (3.1).

    Parameters
    ----------
    x : Tensor or array
        The inputs, one example a row.
    weight : Tensor or array
        One row a neuron, PyTorch's layout.
    bias : Tensor or array, optional
        One number a neuron.

    Returns
    -------
    Tensor
        One row an example, one column a neuron.

    Raises
    ------
    TypeError
        If `x` and `weight` hold different kinds of number.
    ValueError
        If the last axes of `x` and `weight` differ.

    Notes
    -----
    Shape: x (..., D), weight (H, D), bias (H,) give (..., H). PyTorch's
    ``torch.nn.functional.linear``.

    Examples
    --------
    >>> import numpy as np
    >>> x, W = np.array([[2.0, 1.0]]), np.array([[0.5, -1.0]])
    >>> linear(x, W, np.array([0.25])).data
    array([[0.25]])
    """
    check_dtypes("the input is", x, weight)
    try:
        z = dot(x, weight.mT)  # (3.1)
    except ValueError as error:
        raise ValueError(
            f"the layer takes {weight.shape[-1]} numbers an example, and the input has shape "
            f"{tuple(x.shape)}: it should be (..., {weight.shape[-1]})"
        ) from error
    if bias is not None:
        z += bias
    return (
        z,
        (
            lambda g: dot(g, weight),  # dL/dX = G W (5.4)
            lambda g: dot(_rows(x).mT, _rows(g)).mT,  # dL/dW = (X^T G)^T = G^T X (5.5)
            lambda g: dot(ones(g, math.prod(g.shape[:-1])), _rows(g)),  # dL/db = 1^T G (5.6)
        ),
    )


def _rows(a: Array) -> Array:
    """Lay all leading axes under one another: (..., D) becomes (N, D)."""
    return a if a.ndim == 2 else namespace(a).reshape(a, (-1, a.shape[-1]))


@primitive
def exp(a: Array) -> Any:
    """Exponential of each number (5.15)."""
    e = namespace(a).exp(a)
    return e, (lambda g: g * e,)  # (5.15)


@primitive
def log(a: Array) -> Any:
    """Natural logarithm of each number (5.16)."""
    return namespace(a).log(a), (lambda g: g / a,)  # (5.16)


@primitive
def sqrt(a: Array) -> Any:
    """Square root of each number (5.17)."""
    root = namespace(a).sqrt(a)
    return root, (lambda g: g / (2 * root),)  # (5.17)


@primitive
def abs(a: Array) -> Any:
    """Absolute value of each number; its derivative at 0 is taken as 0 (5.18)."""
    xp = namespace(a)
    return xp.abs(a), (lambda g: g * xp.sign(a),)  # (5.18)


def _kept(shape: tuple[int, ...], axis: Axis) -> tuple[int, ...]:
    """Return the shape that a reduction with keepdims=True leaves."""
    if axis is None:
        return (1,) * len(shape)
    axes = {i % len(shape) for i in ((axis,) if isinstance(axis, int) else axis)}
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


@primitive
def sum(a: Array, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """Add up along one axis, several, or all (5.19).

    Examples
    --------
    >>> import numpy as np
    >>> sum(np.ones((2, 3)), axis=1).data
    array([3., 3.])
    """
    xp = namespace(a)
    return xp.sum(a, axis=axis, keepdims=keepdims), (
        lambda g: xp.broadcast_to(xp.reshape(g, _kept(a.shape, axis)), a.shape),  # (5.19)
    )


@primitive
def mean(a: Array, *, axis: Axis = None, keepdims: bool = False) -> Any:
    """Average along one axis, several, or all (5.20).

    Examples
    --------
    >>> import numpy as np
    >>> mean(np.array([[1.0, 3.0], [5.0, 7.0]]), axis=0).data
    array([3., 5.])
    """
    xp, kept = namespace(a), _kept(a.shape, axis)
    n = math.prod(a.shape) // builtins.max(math.prod(kept), 1)
    return xp.mean(a, axis=axis, keepdims=keepdims), (
        lambda g: xp.broadcast_to(xp.reshape(g / n, kept), a.shape),  # (5.20)
    )


def _extreme(a: Array, position: Array, axis: int | None, keepdims: bool) -> Any:
    """Take the number at `position`; where several tie, the gradient goes to one winner (5.21)."""
    xp = namespace(a)
    flat = xp.reshape(a, (-1,)) if axis is None else a
    along = 0 if axis is None else axis % a.ndim
    where_ = xp.reshape(position, _kept(flat.shape, along))
    places = xp.reshape(
        xp.arange(flat.shape[along]), tuple(-1 if i == along else 1 for i in range(flat.ndim))
    )
    winner = places == where_
    taken = xp.take_along_axis(flat, where_, axis=along)
    shape = (
        _kept(a.shape, axis)
        if keepdims
        else tuple(n for i, n in enumerate(flat.shape) if i != along)
    )

    def vjp(g: Array) -> Array:
        spread = xp.reshape(g, where_.shape) * xp.astype(winner, g.dtype)  # (5.21)
        return xp.reshape(spread, a.shape)

    return xp.reshape(taken, shape), (vjp,)


@primitive
def max(a: Array, *, axis: int | None = None, keepdims: bool = False) -> Any:
    """Take the largest number along one axis, or of all (5.21).

    Where several tie, the first is the winner and has the whole gradient.

    Examples
    --------
    >>> import numpy as np
    >>> max(np.array([[1.0, 5.0], [7.0, 3.0]]), axis=1).data
    array([5., 7.])
    """
    return _extreme(a, namespace(a).argmax(a, axis=axis), axis, keepdims)


@primitive
def min(a: Array, *, axis: int | None = None, keepdims: bool = False) -> Any:
    """Take the smallest number along one axis, or of all (5.21); ties as in `max`."""
    return _extreme(a, namespace(a).argmin(a, axis=axis), axis, keepdims)


@primitive
def reshape(a: Array, *, shape: tuple[int, ...]) -> Any:
    """Arrange the same numbers in another shape (5.22).

    Examples
    --------
    >>> import numpy as np
    >>> reshape(np.arange(6.0), shape=(2, -1)).shape
    (2, 3)
    """
    xp = namespace(a)
    return xp.reshape(a, shape), (lambda g: xp.reshape(g, a.shape),)  # (5.22)


@primitive
def permute(a: Array, *, axes: tuple[int, ...]) -> Any:
    """Put the axes into another order (5.22).

    Examples
    --------
    >>> import numpy as np
    >>> permute(np.ones((2, 3, 4)), axes=(2, 0, 1)).shape
    (4, 2, 3)
    """
    xp = namespace(a)
    back = tuple(sorted(range(len(axes)), key=lambda i: axes[i] % len(axes)))
    return xp.permute_dims(a, axes), (lambda g: xp.permute_dims(g, back),)  # (5.22)


@primitive
def getitem(a: Array, *, index: Any) -> Any:
    """Take part of an array, by slices, integers, masks or integer arrays (5.23).

    A number that is taken twice gets the sum of both gradients.

    Examples
    --------
    >>> import numpy as np
    >>> getitem(np.arange(4.0), index=np.array([3, 0, 3])).data
    array([3., 0., 3.])
    """
    xp = namespace(a)
    parts = index if isinstance(index, tuple) else (index,)
    plain = all(p is None or p is Ellipsis or isinstance(p, int | slice) for p in parts)

    def vjp(g: Array) -> Array:  # (5.23)
        grad = xp.zeros(a.shape, dtype=g.dtype)
        if plain:  # no place is taken twice
            grad[index] = g
        else:
            scatter_add(grad, index, g)
        return grad

    return a[index], (vjp,)


def concat(tensors: Sequence[Any], axis: int = 0) -> Tensor:
    """Join tensors along an axis that they have (5.24).

    Parameters
    ----------
    tensors : sequence of Tensor or array
        Tensors of one shape, but for `axis`.
    axis : int, default 0
        The axis to join along.

    Examples
    --------
    >>> import numpy as np
    >>> concat([np.ones((2, 3)), np.ones((1, 3))]).shape
    (3, 3)
    """
    return _concat(*tensors, axis=axis)


@primitive
def _concat(*arrays: Array, axis: int) -> Any:
    xp = namespace(arrays[0])
    ends = list(itertools.accumulate(a.shape[axis] for a in arrays))

    def part(start: int, end: int) -> VJP:
        before = (slice(None),) * (axis % arrays[0].ndim)
        return lambda g: g[(*before, slice(start, end), ...)]  # (5.24)

    return xp.concat(arrays, axis=axis), tuple(
        part(start, end) for start, end in zip([0, *ends], ends, strict=False)
    )


def stack(tensors: Sequence[Any], axis: int = 0) -> Tensor:
    """Join tensors of one shape along a new axis (5.24).

    Parameters
    ----------
    tensors : sequence of Tensor or array
        Tensors of one shape.
    axis : int, default 0
        Where the new axis stands.

    Examples
    --------
    >>> import numpy as np
    >>> stack([np.ones(3), np.zeros(3)], axis=1).shape
    (3, 2)
    """
    return _stack(*tensors, axis=axis)


@primitive
def _stack(*arrays: Array, axis: int) -> Any:
    before = (slice(None),) * (axis % (arrays[0].ndim + 1))

    def part(i: int) -> VJP:
        return lambda g: g[(*before, i, ...)]  # (5.24)

    return namespace(arrays[0]).stack(arrays, axis=axis), tuple(part(i) for i in range(len(arrays)))


@primitive
def where(condition: Array, a: Array, b: Array) -> Any:
    """Take from `a` where the condition holds, from `b` elsewhere (5.25).

    Parameters
    ----------
    condition : array of bool
        What to choose by; it has no gradient.
    a, b : Tensor or array
        What to choose from; the three broadcast.

    Examples
    --------
    >>> import numpy as np
    >>> where(np.array([True, False]), np.array([1.0, 2.0]), 0.0).data
    array([1., 0.])
    """
    xp = namespace(condition)
    return xp.where(condition, a, b), (
        None,
        lambda g: g * xp.astype(condition, g.dtype),  # (5.25)
        lambda g: g * xp.astype(~condition, g.dtype),  # (5.25)
    )


@primitive
def maximum(a: Array, b: Array) -> Any:
    """Take the larger of two numbers, place by place; `a` wins a tie (5.25).

    Examples
    --------
    >>> import numpy as np
    >>> maximum(np.array([-1.0, 2.0]), 0.0).data
    array([0., 2.])
    """
    largest = namespace(a).maximum(a, b)
    xp, first = namespace(largest), a >= b
    return largest, (
        lambda g: g * xp.astype(first, g.dtype),  # (5.25)
        lambda g: g * xp.astype(~first, g.dtype),  # (5.25)
    )
