"""What an exercise is: a model answer, cases to try it on, and the ways in which people go astray.

Every kind of exercise is this one dataclass. `adapt` turns whatever the learner hands in into a
function of one case, so that one pipeline (`judge.py`) serves them all; `kinds.py` builds them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Case = tuple[Any, ...]
Cases = Callable[[np.random.Generator], Sequence[Case]]
Answer = Callable[..., Any]


@dataclass(frozen=True)
class Misconception:
    """An executable wrong answer, and what to tell someone whose answer agrees with it.

    Parameters
    ----------
    id : str
        A short name, unique within the exercise.
    wrong : object
        An answer as a learner would hand it in. It is matched when the learner's outputs, errors
        and changed inputs agree with it on every case.
    message : str
        The idea, as a question or an observation; never the line to write.
    tempting : str
        Why a careful person may think so: one sentence, for the page of misconceptions.
    sign : callable, optional
        For budgets, where two runs never agree to the last digit: a test on the list of outputs.
    """

    id: str
    wrong: Any
    message: str
    tempting: str = ""
    sign: Callable[[Sequence[Any]], bool] | None = None


@dataclass(frozen=True)
class Property:
    """Something that must hold of every output: `holds(output, *case)`."""

    name: str
    holds: Callable[..., bool]
    message: str


@dataclass(frozen=True)
class Need:
    """A budget's requirement on one metric: a bound, and the share of seeds that must meet it."""

    metric: str
    at_least: float | None = None
    at_most: float | None = None
    share: float = 1.0

    def met(self, value: float) -> bool:
        """Whether one run stays within the bound."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)

    def __str__(self) -> str:
        bounds = []
        if self.at_least is not None:
            bounds.append(f"at least {self.at_least:g}")
        if self.at_most is not None:
            bounds.append(f"at most {self.at_most:g}")
        return f"{self.metric} {' and '.join(bounds)}"


def callable_answer(answer: Any) -> Answer:
    """Take a function as it is; anything else is not the answer but perhaps its result."""
    if not callable(answer):
        raise TypeError(
            f"The answer to this exercise is a function; this is {article(type(answer).__name__)}. "
            "Hand over the function itself, by its name and without parentheses."
        )
    return answer  # type: ignore[no-any-return]


def article(noun: str) -> str:
    """Put "a" or "an" before a word."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


@dataclass(frozen=True)
class Exercise:
    """One exercise. Build it with the constructors in `kinds`, which fill in what a kind implies.

    Parameters
    ----------
    id : str
        Chapter and place, such as "5.1".
    title : str
        A few words, for lists.
    kind : str
        function, gradient, property, value, budget, debug or parsons.
    solution : object
        The model answer, as a learner would hand it in.
    cases : callable
        `cases(rng)` gives the list of argument tuples; the first is small and readable.
    hints : sequence of str
        Three: a question, a direction, nearly the line.
    misconceptions : sequence of Misconception
        Three at least.
    stress : callable, optional
        Extreme cases, judged after all the ordinary ones are right.
    properties : sequence of Property
        Judged after the values.
    needs : sequence of Need
        A budget's requirements.
    also_right : sequence
        Other answers that must pass.
    outputs : sequence of str
        Names of the results, when there are several.
    loss : callable, optional
        For gradients: the scalar whose gradient is asked for, as a function of the case.
    compare : bool
        False where any answer with the right properties will do.
    prefix : bool
        True where cases are steps: a misconception need agree only up to the first that is off.
    explain : callable, optional
        `explain(trial)` says in words what is off, in place of the small case with numbers.
    tolerance : float
        Relative, on values.
    equivalent : mapping
        Mutants of the solution that change nothing, each with the reason (see tests/course).
    written : tuple of str, optional
        Starter and solution as text, for kinds whose answer is not code.
    adapt : callable
        Turns an answer into a function of one case.
    """

    id: str
    title: str
    kind: str
    solution: Any
    cases: Cases
    hints: Sequence[str]
    misconceptions: Sequence[Misconception]
    stress: Cases = lambda _: ()
    properties: Sequence[Property] = ()
    needs: Sequence[Need] = ()
    also_right: Sequence[Any] = ()
    outputs: Sequence[str] = ()
    loss: Callable[..., Any] | None = None
    compare: bool = True
    prefix: bool = False
    explain: Callable[[Any], str] | None = None
    tolerance: float = 1e-6
    equivalent: Mapping[str, str] | None = None
    written: tuple[str, str] | None = None
    adapt: Callable[[Any], Answer] = callable_answer

    @property
    def names(self) -> tuple[str, ...]:
        """Names of a case's arguments."""
        function = self.solution if self.adapt is callable_answer else self.adapt(self.solution)
        return tuple(inspect.signature(function).parameters)
