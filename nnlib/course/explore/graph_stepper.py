"""The graph stepper: values fill in node by node, then gradients edge by edge, backwards.

The values and the local derivatives are those of the library's own rules, called by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np

from nnlib.activations import tanh
from nnlib.course.pictures.graph import Edge, Node, graph
from nnlib.course.pictures.svg import number
from nnlib.tensor import add, mul, sub
from nnlib.tensor import pow as power

from .model import Control, Goal


@dataclass(frozen=True)
class Op:
    """One computation: its name and formula, what it reads, its rule, its local derivatives."""

    name: str
    formula: str
    inputs: tuple[str, ...]
    rule: Callable[..., Any]
    locals: tuple[str, ...]


def square(a: Any) -> Any:
    """Square by the library's rule for powers."""
    return power.rule(a, exponent=2)


CHAIN = (
    Op("z", "w · x", ("w", "x"), mul.rule, ("x", "w")),
    Op("s", "z + b", ("z", "b"), add.rule, ("1", "1")),
    Op("a", "tanh(s)", ("s",), tanh.rule, ("1 − a²",)),
    Op("e", "a − y", ("a", "y"), sub.rule, ("1", "−1")),
    Op("L", "e²", ("e",), square, ("2e",)),
)
SHARED = (
    Op("s", "w · x", ("w", "x"), mul.rule, ("x", "w")),
    Op("t", "s + w", ("s", "w"), add.rule, ("1", "1")),
    Op("L", "t²", ("t",), square, ("2t",)),
)
GRAPHS: Mapping[str, tuple[Op, ...]] = {"chain": CHAIN, "shared": SHARED}


@dataclass
class Walk:
    """How far a walk has come: what is known, what was last looked at, and that in words."""

    values: dict[str, float]
    grads: dict[str, float] = field(default_factory=dict)
    slopes: dict[tuple[str, str], float] = field(default_factory=dict)
    active: set[str | tuple[str, str]] = field(default_factory=set)
    says: str = ""


@dataclass(frozen=True)
class GraphStepper:
    """A small computation, walked forwards and then backwards.

    Parameters
    ----------
    graph : str
        "chain", one neuron with its loss, or "shared", in which w is used twice.
    step : int
        How many steps have been taken.
    w, x, b, y : float
        The values to begin with; "shared" has w and x alone.

    Examples
    --------
    >>> print(GraphStepper("shared", step=7, w=2.0, x=3.0).describe())
    Step 7 of 9. Backwards from t to w: upstream 16 × dt/dw = 1 gives 16. So far dL/dw = 16.
    >>> print(GraphStepper("shared", step=8, w=2.0, x=3.0).describe())
    Step 8 of 9. Backwards from s to w: upstream 16 × ds/dw = x = 3 gives 48. \
The uses of w add: 16 + 48. Now dL/dw = 64.
    """

    graph: str = "chain"
    step: int = 0
    w: float = -0.5
    x: float = 2.0
    b: float = -1.0
    y: float = 0.5

    @property
    def ops(self) -> tuple[Op, ...]:
        """The computations, in order."""
        return GRAPHS[self.graph]

    @property
    def leaves(self) -> tuple[str, ...]:
        """The values that are given, not computed."""
        made = {op.name for op in self.ops}
        return tuple(dict.fromkeys(i for op in self.ops for i in op.inputs if i not in made))

    @property
    def last(self) -> int:
        """How many steps there are: each node, the seed, each edge."""
        return len(self.ops) + 1 + sum(len(op.inputs) for op in self.ops)

    @property
    def controls(self) -> tuple[Control, ...]:
        """Step, and the weight."""
        return (
            Control("step", "step", tuple(range(self.last + 1)), step="Step"),
            Control.span("w", "w", -3.0, 3.0, 0.1),
        )

    def walk(self) -> Walk:
        """Take the steps."""
        given = {name: float(getattr(self, name)) for name in self.leaves}
        known = ", ".join(f"{name} = {number(value)}" for name, value in given.items())
        state = Walk(given, says=f"Known: {known}. Nothing is computed yet.")
        for step in range(min(self.step, self.last)):
            self._take(step, state)
        return state

    def _take(self, step: int, state: Walk) -> None:
        """Take one step: compute a node, seed the last one, or go back along an edge."""
        if step < len(self.ops):
            self._forward(self.ops[step], state)
        elif step == len(self.ops):
            state.grads["L"] = 1.0
            state.active = {"L"}
            state.says = "Backwards now. At the end stands dL/dL = 1."
        else:
            self._backward(list(self._edges())[step - len(self.ops) - 1], state)

    def _forward(self, op: Op, state: Walk) -> None:
        output, _ = op.rule(*(np.float64(state.values[name]) for name in op.inputs))
        state.values[op.name] = float(output)
        state.active = {op.name, *((name, op.name) for name in op.inputs)}
        numbers = " and ".join(f"{name} = {number(state.values[name])}" for name in op.inputs)
        state.says = f"{op.name} = {op.formula} = {number(float(output))}, from {numbers}."

    def _backward(self, edge: tuple[Op, int], state: Walk) -> None:
        op, place = edge
        name, upstream = op.inputs[place], state.grads[op.name]
        _, vjps = op.rule(*(np.float64(state.values[each]) for each in op.inputs))
        local = float(vjps[place](np.float64(1.0)))
        sent, held = upstream * local, state.grads.get(name)
        state.grads[name] = sent + (held or 0.0)
        state.slopes[name, op.name] = local
        state.active = {name, (name, op.name)}
        symbol = op.locals[place]
        slope = symbol if symbol == number(local) else f"{symbol} = {number(local)}"
        state.says = (
            f"Backwards from {op.name} to {name}: upstream {number(upstream)} × "
            f"d{op.name}/d{name} = {slope} gives {number(sent)}. "
        )
        if held is not None:
            state.says += f"The uses of {name} add: {number(held)} + {number(sent)}. "
        uses = sum(each.inputs.count(name) for each in self.ops)
        walked = sum(source == name for source, _ in state.slopes)
        reached = "Now" if walked == uses else "So far"
        state.says += f"{reached} dL/d{name} = {number(state.grads[name])}."

    def _edges(self) -> Iterator[tuple[Op, int]]:
        """Every use of a value, newest computation first."""
        for op in reversed(self.ops):
            for place in range(len(op.inputs)):
                yield op, place

    def metrics(self) -> dict[str, float]:
        """Give the loss and the slope dL/dw; infinite until they are known."""
        state = self.walk()
        slope = state.grads.get("w", inf) if self.step >= self.last else inf
        return {"loss": state.values.get("L", inf), "slope": slope}

    def describe(self) -> str:
        """Say what the last step did."""
        return f"Step {self.step} of {self.last}. {self.walk().says}"

    def svg(self) -> str:
        """Draw the graph with what is known so far."""
        state = self.walk()
        formulas = {op.name: f"{op.name} = {op.formula}" for op in self.ops}
        nodes = {
            name: Node(
                formulas.get(name, name),
                number(state.values[name]) if name in state.values else "",
                f"dL/d{name} {number(state.grads[name])}" if name in state.grads else "",
            )
            for name in (*self.leaves, *formulas)
        }
        edges = [
            Edge(name, op.name, _times(state.slopes.get((name, op.name))))
            for op in self.ops
            for name in op.inputs
        ]
        return graph(nodes, edges, alt=self.describe(), active=state.active)


def _times(slope: float | None) -> str:
    return "" if slope is None else f"× {number(slope)}"


def _slope(model: GraphStepper) -> float:
    return model.metrics()["slope"]


FIND_W = Goal(
    "Find a w with a loss of at most 0.01. Let dL/dw tell you which way to go.",
    "loss",
    at_most=0.01,
    why=(
        (lambda m: m.step < len(m.ops), "L is not computed yet: take a step."),
        (lambda m: m.step < m.last, "The gradient has not come all the way back yet: step on."),
        (
            lambda m: abs(_slope(m)) < 0.01,
            (
                "dL/dw is almost 0, and yet the loss is large: tanh is flat here, so w hardly "
                "matters. Come back towards the middle."
            ),
        ),
        (lambda m: _slope(m) > 0, "dL/dw is positive: a larger w makes the loss larger."),
        (lambda m: _slope(m) < 0, "dL/dw is negative: a larger w makes the loss smaller."),
    ),
)
