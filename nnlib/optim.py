"""Optimisers: how a gradient becomes a step; schedules: how long the step is, and when.

The papers write all parameters as one long vector theta, and so it is here: an optimiser lays its
parameters side by side in one array, of which each ``parameter.data`` becomes a view. Its equations
are then lines on whole vectors, whatever the network.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

import numpy as np

from nnlib.backend import Array, device_of, namespace, numpy, to
from nnlib.tensor import Tensor

BLOCK = 2**16  # so many numbers of theta, g and what is remembered stay in a processor's cache


class Optimizer:
    """Holds parameters and steps them; a subclass says how theta moves.

    A parameter without a gradient counts as one whose gradient is 0.

    Parameters
    ----------
    params : iterable of Tensor
        What to train, as ``model.parameters()`` returns it.
    lr : float
        The learning rate.
    remembers : int, default 0
        How many running quantities there are for each parameter; they start at 0.

    Attributes
    ----------
    parameters : list of Tensor
        What is trained.
    lr : float
        The learning rate; a schedule changes it.
    t : int
        How many steps were made.

    Raises
    ------
    ValueError
        If there is nothing to train, or the learning rate is not positive.
    TypeError
        If something to train has no gradient, or the kinds of number differ.
    """

    def __init__(self, params: Iterable[Tensor], lr: float, remembers: int = 0) -> None:
        self.parameters: list[Tensor] = list(dict.fromkeys(params))
        if not self.parameters:
            raise ValueError("the optimiser got no parameters: pass model.parameters()")
        for i, p in enumerate(self.parameters):
            if not getattr(p, "requires_grad", False):
                raise TypeError(
                    f"parameter {i} is {type(p).__name__} without requires_grad=True: an optimiser "
                    "steps tensors that get a gradient, as model.parameters() returns them"
                )
        kinds = sorted({str(p.dtype) for p in self.parameters})
        if len(kinds) > 1:
            raise TypeError(f"the parameters are {' and '.join(kinds)}: use model.to(np.float32)")
        if not lr > 0:
            raise ValueError(f"the learning rate must be above 0, got {lr}")
        self.lr, self.t = lr, 0
        self._lay_out()
        self.running = [namespace(self.theta).zeros_like(self.theta) for _ in range(remembers)]

    def _lay_out(self) -> None:
        """Copy all parameters into one vector, and make each a view of its part."""
        self.theta = _vector([p.data for p in self.parameters])
        start = 0
        for p in self.parameters:
            part = self.theta[start : start + p.size]
            p.data = _turned(namespace(part).reshape(part, _turned(p.data).shape))
            start += p.size
        self._views = [p.data for p in self.parameters]

    def zero_grad(self) -> None:
        """Forget the gradients, so that the next backward pass does not add to them."""
        for p in self.parameters:
            p.grad = None

    def step(self) -> None:
        """Move the parameters along their gradients.

        Raises
        ------
        RuntimeError
            If no parameter has a gradient.
        """
        if any(map(operator.is_not, [p.data for p in self.parameters], self._views)):
            self._lay_out()  # the model was moved, or another optimiser holds it as well
            self.running = [to(r, device_of(self.theta)) for r in self.running]
        xp = namespace(self.theta)
        grads = [p.grad for p in self.parameters]
        without = [i for i, g in enumerate(grads) if g is None]
        if len(without) == len(grads):
            raise RuntimeError("no parameter has a gradient: call loss.backward() before step()")
        for i in without:
            grads[i] = xp.zeros_like(self._views[i])
        self.t += 1
        g = _vector(grads)
        for start in range(0, self.theta.shape[0], BLOCK):
            block = slice(start, min(start + BLOCK, self.theta.shape[0]))
            self.update(self.theta[block], g[block], *[r[block] for r in self.running])

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return a copy of what later steps depend on, as arrays on the CPU.

        With the model's own `state_dict` it is what training needs to go on as if it had never
        stopped: how many steps were made, the learning rate, and the running quantities, each laid
        out as theta.

        Examples
        --------
        >>> from nnlib import Linear
        >>> Adam(Linear(3, 2).parameters()).state_dict().keys()
        dict_keys(['t', 'lr', 'running.0', 'running.1'])
        """
        state = {"t": np.array(self.t), "lr": np.array(self.lr)}
        return state | {f"running.{i}": numpy(r).copy() for i, r in enumerate(self.running)}

    def load_state_dict(self, state: Mapping[str, Any]) -> Self:
        """Go on from where another optimiser of the same kind and the same parameters was.

        Parameters
        ----------
        state : mapping of str to array
            What `state_dict` returned.

        Raises
        ------
        ValueError
            If it is of another kind of optimiser, or of other parameters; nothing is changed.
        """
        here = {name: value.shape for name, value in self.state_dict().items()}
        there = {name: np.shape(value) for name, value in state.items()}
        if here != there:
            raise ValueError(
                f"this {type(self).__name__} has the state {here}, got {there}: it belongs to "
                "another kind of optimiser or to other parameters"
            )
        self.t, self.lr = int(state["t"]), float(state["lr"])
        for i, r in enumerate(self.running):
            r[...] = to(np.asarray(state[f"running.{i}"]), device_of(r))
        return self

    def update(self, theta: Array, g: Array, *running: Array) -> None:
        """Move a part of theta in place, given its gradient and what earlier steps left."""
        raise NotImplementedError


def _turned(a: Array) -> Array:
    """Turn a matrix on its side: theta holds it column by column, as ``x @ weight.mT`` reads it."""
    return a.mT if a.ndim == 2 else a


def _vector(arrays: list[Array]) -> Array:
    """Lay arrays side by side in one new vector."""
    return namespace(arrays[0]).concat([_turned(a) for a in arrays], axis=None)


def _check_fraction(**values: float) -> None:
    for name, value in values.items():
        if not 0 <= value < 1:
            raise ValueError(f"{name} must lie from 0 to below 1, got {value}")


class SGD(Optimizer):
    """Gradient descent, with momentum if asked for (6.1), (6.2), (6.3).

    Parameters
    ----------
    params : iterable of Tensor
        What to train.
    lr : float
        The learning rate.
    momentum : float, default 0
        How much of the last step's velocity stays.
    nesterov : bool, default False
        Whether to look ahead along the velocity.
    weight_decay : float, default 0
        The strength of the L2 penalty (6.14).

    References
    ----------
    Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum in deep
    learning. ICML 2013.

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor(np.array([4.0]), requires_grad=True)
    >>> optimizer = SGD([x], lr=0.25)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data
    array([2.])
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr, remembers=1 if momentum else 0)
        _check_fraction(momentum=momentum)
        if nesterov and not momentum:
            raise ValueError("nesterov looks ahead along the velocity: it needs momentum above 0")
        self.momentum, self.nesterov, self.weight_decay = momentum, nesterov, weight_decay

    def update(self, theta: Array, g: Array, *running: Array) -> None:
        """Apply (6.1), (6.2) or (6.3)."""
        if self.weight_decay:
            g = g + self.weight_decay * theta  # (6.14)
        for v in running:
            v *= self.momentum  # (6.2)
            v += g  # (6.2)
            g = g + self.momentum * v if self.nesterov else v  # (6.3)
        theta -= self.lr * g  # (6.1)


class RMSprop(Optimizer):
    """Divide each step by the recent size of the gradient (6.4).

    Parameters
    ----------
    params : iterable of Tensor
        What to train.
    lr : float, default 0.01
        The learning rate.
    alpha : float, default 0.99
        How slowly the running size changes.
    eps : float, default 1e-8
        Keeps the division finite.

    References
    ----------
    Tieleman, Hinton: Lecture 6.5, Neural networks for machine learning, 2012.

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor(np.array([4.0]), requires_grad=True)
    >>> optimizer = RMSprop([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data.round(3)
    array([3.])
    """

    def __init__(
        self, params: Iterable[Tensor], lr: float = 0.01, alpha: float = 0.99, eps: float = 1e-8
    ) -> None:
        super().__init__(params, lr, remembers=1)
        _check_fraction(alpha=alpha)
        self.alpha, self.eps = alpha, eps

    def update(self, theta: Array, g: Array, *running: Array) -> None:
        """Apply (6.4)."""
        (s,) = running
        s *= self.alpha  # (6.4)
        s += (1 - self.alpha) * (g * g)  # (6.4)
        theta -= self.lr * (g / (namespace(theta).sqrt(s) + self.eps))  # (6.4)


class Adam(Optimizer):
    """Momentum for the step, a running size to divide it by, both corrected (6.5) to (6.8).

    Parameters
    ----------
    params : iterable of Tensor
        What to train.
    lr : float, default 0.001
        The learning rate: about how far a parameter moves in one step.
    betas : tuple of float, default (0.9, 0.999)
        How slowly the running mean and the running size change.
    eps : float, default 1e-8
        Keeps the division finite.
    weight_decay : float, default 0
        The strength of the L2 penalty (6.14).

    References
    ----------
    Kingma, Ba: Adam: a method for stochastic optimization. ICLR 2015, algorithm 1.

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor(np.array([4.0]), requires_grad=True)
    >>> optimizer = Adam([x], lr=0.5)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data.round(6)
    array([3.5])
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr, remembers=2)
        _check_fraction(beta1=betas[0], beta2=betas[1])
        self.betas, self.eps, self.weight_decay = betas, eps, weight_decay

    def update(self, theta: Array, g: Array, *running: Array) -> None:
        """Apply (6.5) to (6.8)."""
        if self.weight_decay:
            g = g + self.weight_decay * theta  # (6.14)
        self._adam(theta, g, *running)

    def _adam(self, theta: Array, g: Array, m: Array, v: Array) -> None:
        beta1, beta2 = self.betas
        m *= beta1  # (6.5)
        m += g  # (6.5), to be multiplied by 1 - beta1
        v *= beta2  # (6.6)
        g *= g  # g is a copy of this step's own: no room needs to be found for the square
        v += g  # (6.6), to be multiplied by 1 - beta2
        c1 = (1 - beta1) / (1 - beta1**self.t)  # (6.7)
        c2 = math.sqrt((1 - beta2) / (1 - beta2**self.t))  # (6.7)
        size = namespace(theta).sqrt(v)
        size += self.eps / c2
        step = m / size
        step *= self.lr * c1 / c2
        theta -= step  # (6.8)


class AdamW(Adam):
    """Adam whose weight decay is a step of its own, not a part of the gradient (6.9).

    Parameters
    ----------
    params : iterable of Tensor
        What to train.
    lr : float, default 0.001
        The learning rate.
    betas : tuple of float, default (0.9, 0.999)
        How slowly the running mean and the running size change.
    eps : float, default 1e-8
        Keeps the division finite.
    weight_decay : float, default 0.01
        What share of each parameter a step takes away, times the learning rate.

    References
    ----------
    Loshchilov, Hutter: Decoupled weight decay regularization. ICLR 2019, algorithm 2.

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor(np.array([4.0]), requires_grad=True)
    >>> optimizer = AdamW([x], lr=0.5, weight_decay=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data.round(6)
    array([3.3])
    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)

    def update(self, theta: Array, g: Array, *running: Array) -> None:
        """Apply (6.9), then (6.5) to (6.8)."""
        theta *= 1 - self.lr * self.weight_decay  # (6.9)
        self._adam(theta, g, *running)


class Schedule:
    """Changes the learning rate of an optimiser from step to step.

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rate to change; its present one is the base.
    factor : callable
        ``factor(t)`` is what the base is multiplied by after `t` steps.
    warmup : int, default 0
        For so many steps the rate first climbs in a straight line to the base (6.12); `t` counts
        from there.

    Examples
    --------
    >>> import numpy as np
    >>> optimizer = SGD([Tensor(np.zeros(1), requires_grad=True)], lr=1.0)
    >>> schedule = Schedule(optimizer, lambda t: 0.5**t, warmup=2)
    >>> rates = []
    >>> for _ in range(5):
    ...     rates.append(optimizer.lr)
    ...     schedule.step()
    >>> rates
    [0.5, 1.0, 1.0, 0.5, 0.25]
    """

    def __init__(
        self, optimizer: Optimizer, factor: Callable[[int], float], *, warmup: int = 0
    ) -> None:
        if warmup < 0:
            raise ValueError(f"warmup counts steps, at least 0, got {warmup}")
        self.optimizer, self.base, self.factor = optimizer, optimizer.lr, factor
        self.warmup, self.t = warmup, 0
        self._set()

    def step(self) -> None:
        """Go on by one step; call it after the optimiser's own."""
        self.t += 1
        self._set()

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return how many steps were made and the base, for `load_state_dict`."""
        return {"t": np.array(self.t), "base": np.array(self.base)}

    def load_state_dict(self, state: Mapping[str, Any]) -> Self:
        """Go on from where another schedule of the same kind was."""
        self.t, self.base = int(state["t"]), float(state["base"])
        self._set()
        return self

    def _set(self) -> None:
        if self.t < self.warmup:
            self.optimizer.lr = self.base * (self.t + 1) / self.warmup  # (6.12)
        else:
            self.optimizer.lr = self.base * self.factor(self.t - self.warmup)


class StepLR(Schedule):
    """Multiply the learning rate by `gamma` every `step_size` steps (6.10).

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rate to change.
    step_size : int
        How many steps apart.
    gamma : float, default 0.1
        What to multiply by.
    warmup : int, default 0
        See `Schedule`.
    """

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, *, warmup: int = 0
    ) -> None:
        if step_size < 1:
            raise ValueError(f"step_size must be at least 1, got {step_size}")
        super().__init__(optimizer, lambda t: gamma ** (t // step_size), warmup=warmup)  # (6.10)


class CosineAnnealingLR(Schedule):
    """Let the learning rate fall along half a cosine to `eta_min`, and stay there (6.11).

    Parameters
    ----------
    optimizer : Optimizer
        Whose learning rate to change.
    T_max : int
        How many steps the fall takes.
    eta_min : float, default 0
        Where it ends.
    warmup : int, default 0
        See `Schedule`.

    References
    ----------
    Loshchilov, Hutter: SGDR: stochastic gradient descent with warm restarts. ICLR 2017, equation 5.
    """

    def __init__(
        self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0, *, warmup: int = 0
    ) -> None:
        if T_max < 1:
            raise ValueError(f"T_max must be at least 1, got {T_max}")
        low = eta_min / optimizer.lr

        def factor(t: int) -> float:
            return low + (1 - low) * (1 + math.cos(math.pi * min(t, T_max) / T_max)) / 2  # (6.11)

        super().__init__(optimizer, factor, warmup=warmup)


def clip_grad_norm_(params: Iterable[Tensor], max_norm: float) -> Array:
    """Scale all gradients down together where their common length is above `max_norm` (6.13).

    The direction stays the same. The gradients are replaced, not changed in place.

    Parameters
    ----------
    params : iterable of Tensor
        Whose gradients.
    max_norm : float
        The greatest length allowed.

    Returns
    -------
    array
        The length before, without axes; left where the gradients are, so that a GPU need not wait.

    References
    ----------
    Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks. ICML 2013,
    algorithm 1.

    Examples
    --------
    >>> import numpy as np
    >>> x = Tensor(np.zeros(2), requires_grad=True)
    >>> x.grad = np.array([3.0, 4.0])
    >>> float(clip_grad_norm_([x], max_norm=1.0))
    5.0
    >>> x.grad.round(4)
    array([0.6, 0.8])
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm must be above 0, got {max_norm}")
    grads = {p: p.grad for p in params if p.grad is not None}
    if not grads:
        raise ValueError("no parameter has a gradient: call backward() before clip_grad_norm_")
    squares = [namespace(g).sum(g * g) for g in grads.values()]
    xp = namespace(squares[0])
    length = xp.sqrt(sum(squares))
    scale = xp.minimum(max_norm / (length + 1e-6), 1.0)  # (6.13)
    for p, g in grads.items():
        p.grad = g * scale
    return length
