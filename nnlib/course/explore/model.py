"""What a widget is about: a model with numbers and words, controls to move, a goal to reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol


@dataclass(frozen=True)
class Control:
    """Something to move: a field of the model, and the values that it may take.

    Parameters
    ----------
    name : str
        The model's field.
    label : str
        What it is called beside the slider.
    values : tuple
        Its values in order; strings make a list to choose from, numbers a slider.
    step : str, optional
        The caption of a button that moves one value on; none if empty.

    Examples
    --------
    >>> Control.span("w", "weight", -1.0, 1.0, 0.5).values
    (-1.0, -0.5, 0.0, 0.5, 1.0)
    """

    name: str
    label: str
    values: tuple[Any, ...]
    step: str = ""

    @classmethod
    def span(cls, name: str, label: str, low: float, high: float, step: float) -> Control:
        """Make a control over evenly spaced numbers, both ends included."""
        count = round((high - low) / step)
        return cls(name, label, tuple(round(low + i * step, 10) for i in range(count + 1)))

    def text(self, value: Any) -> str:
        """Write a value as it stands beside the slider."""
        return value if isinstance(value, str) else f"{value:g}".replace("-", "−")


@dataclass(frozen=True)
class Action:
    """Something to do: a button that leads from one state of the model to the next.

    A model with actions lists them as `actions`, beside its `controls`. What was done is part of
    its state; an action leaves alone what the controls move.

    Parameters
    ----------
    name : str
        What it is called in code.
    caption : str
        What stands on the button.
    do : callable
        From a model to the model after it.
    """

    name: str
    caption: str
    do: Callable[[Any], Any]


@dataclass(frozen=True)
class Story:
    """States that a page without a kernel shows one after the other.

    Parameters
    ----------
    label : str
        What counts them, beside the slider.
    states : mapping
        From what the slider says to the model in that state.
    """

    label: str
    states: Mapping[str, Any]


class Model(Protocol):
    """A frozen dataclass: state in, numbers, words and a picture out."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def controls(self) -> tuple[Control, ...]:
        """Give at most three controls."""

    def metrics(self) -> Mapping[str, float]:
        """Give the numbers that goals look at."""

    def describe(self) -> str:
        """Say in words what the picture shows."""

    def svg(self) -> str:
        """Draw it, with the words as its label."""


Why = tuple[Callable[[Any], bool], str]


@dataclass(frozen=True)
class Goal:
    """A target on one of the model's metrics, and what to say while it is not met.

    Parameters
    ----------
    says : str
        The task in words.
    metric : str
        Which of `model.metrics()`.
    at_most, at_least : float, optional
        The bounds.
    tolerance : float
        How far past a bound still counts.
    why : tuple of (condition, message)
        In this order; the first condition that is true of the model gives the message.
    """

    says: str
    metric: str
    at_most: float | None = None
    at_least: float | None = None
    tolerance: float = 0.0
    why: tuple[Why, ...] = ()

    def met(self, model: Model) -> bool:
        """Whether the model is within the bounds."""
        value = model.metrics()[self.metric]
        below = self.at_most is None or value <= self.at_most + self.tolerance
        return below and (self.at_least is None or value >= self.at_least - self.tolerance)

    def feedback(self, model: Model) -> str:
        """Say that the goal is reached, or why not yet."""
        if self.met(model):
            return "Goal reached."
        for holds, message in self.why:
            if holds(model):
                return message
        return f"Not yet: {self.metric} is {model.metrics()[self.metric]:.3g}."
