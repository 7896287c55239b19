"""The kinds of exercise, each a small constructor over `Exercise`.

A function, a gradient and a property are judged on the outputs of what the learner wrote; a value
and a Parsons puzzle are cases too: one for each question, one for each step. A budget's cases are
seeds; the cases of a test that must catch faults are implementations.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from .exercise import Answer, Case, Exercise, Misconception, Need, Property, callable_answer
from .puzzles import parsons, value
from .trial import NO_RETURN, Trial, returns_by_mistake

__all__ = [
    "budget",
    "debug",
    "fault_finder",
    "function",
    "gradient",
    "parsons",
    "planted",
    "property_of",
    "value",
]


def function(
    number: str,
    title: str,
    solution: Answer,
    cases: Callable[[np.random.Generator], Sequence[Case]],
    *,
    hints: Sequence[str],
    misconceptions: Sequence[Misconception],
    **options: Any,
) -> Exercise:
    """Build the plain kind: write a function; its values are compared with the solution's."""
    return Exercise(number, title, "function", solution, cases, hints, misconceptions, **options)


def gradient(number: str, title: str, solution: Answer, **options: Any) -> Exercise:
    """Build a gradient: `loss(*case)` is the scalar, `outputs` names the results, as in "dW"."""
    return Exercise(number, title, "gradient", solution, **options)


def property_of(
    number: str, title: str, solution: Any, properties: Sequence[Property], **options: Any
) -> Exercise:
    """Build a property: any answer whose outputs have the properties is right."""
    return Exercise(
        number, title, "property", solution, properties=properties, compare=False, **options
    )


def debug(number: str, title: str, solution: Answer, **options: Any) -> Exercise:
    """Build a repair: the starter is broken code that runs; one misconception is that very code."""
    return Exercise(number, title, "debug", solution, **options)


def planted(
    broken: Callable[..., Answer],
    faults: Mapping[str, tuple[str, str]],
    slips: Mapping[str, tuple[str, str]],
    *,
    whole: str,
    partly: str,
    count: Callable[[tuple[str, ...]], int] = len,
) -> tuple[Misconception, ...]:
    """Make the misconceptions of a repair: every set of faults still left, and every slip.

    Parameters
    ----------
    broken : callable
        `broken(*names)` is the solution with these faults or slips in it.
    faults : mapping
        From a fault of the starter to its message and why a careful person may keep it. Of several
        that are left the first speaks.
    slips : mapping
        The same for repairs that go wrong, one at a time.
    whole, partly : str
        Why one may leave all the faults, and why some of them.
    count : callable
        How many faults a set is to the reader, where one fault has two names.
    """

    def told(left: tuple[str, ...]) -> Misconception:
        message, tempting = faults[left[0]]
        if len(left) == len(faults):
            tempting = whole
        elif len(left) > 1:
            tempting = f"{partly} ({', '.join(left)} left)."
        counted = f"{message} (Faults left: {count(left)}.)"
        return Misconception(" + ".join(left), broken(*left), counted, tempting)

    most_first = range(len(faults), 0, -1)
    return (
        *(told(left) for size in most_first for left in combinations(faults, size)),
        *(Misconception(slip, broken(slip), *said) for slip, said in slips.items()),
    )


def budget(
    number: str,
    title: str,
    solution: Answer,
    trial: Callable[[Any, int], Mapping[str, float]],
    needs: Sequence[Need],
    *,
    seeds: int = 5,
    **options: Any,
) -> Exercise:
    """Build a budget: `trial(answer, seed)` measures; `needs` bound its metrics over the seeds."""

    def adapt(answer: Any) -> Answer:
        callable_answer(answer)

        def measured(seed: int) -> Mapping[str, float]:
            try:
                return trial(answer, seed)
            except NotImplementedError as error:
                if not error.args and returns_by_mistake(answer):
                    raise NotImplementedError(NO_RETURN) from None
                raise

        # An error is told with the learner's own line, and the cases stay seeds.
        measured.__dict__.update(__signature__=inspect.signature(measured), __wrapped__=answer)
        return measured

    def cases(rng: np.random.Generator) -> list[Case]:
        return [(int(seed),) for seed in rng.integers(2**31, size=seeds)]

    return Exercise(
        number, title, "budget", solution, cases, adapt=adapt, needs=needs, compare=False, **options
    )


def fault_finder(
    number: str,
    title: str,
    solution: Answer,
    correct: Answer,
    faults: Mapping[str, tuple[Answer, str]],
    **options: Any,
) -> Exercise:
    """Build a debug exercise whose answer is a test: `test(f)` raises AssertionError for bad `f`.

    Parameters
    ----------
    number, title, solution
        As in `Exercise`; the solution is such a test.
    correct : callable
        The implementation that the test must accept.
    faults : mapping
        From a name to (implementation, message when the test lets it through).
    **options
        Further fields of `Exercise`.
    """
    suspects = {"the correct one": correct} | {name: fault for name, (fault, _) in faults.items()}

    def adapt(test: Any) -> Answer:
        callable_answer(test)

        def verdict(implementation: str) -> str:
            suspect, calls = suspects[implementation], []

            def watched(*args: Any, **kwargs: Any) -> Any:
                calls.append(args)
                return suspect(*args, **kwargs)

            try:
                accepted = test(watched) is not False
            except Exception as error:
                if suspect is correct and not isinstance(error, AssertionError):
                    raise
                accepted = False
            if not calls:
                raise NotImplementedError
            return "accepts" if accepted else "catches"

        return verdict

    def explain(found: Trial) -> str:
        name = found.case[0]
        if name == "the correct one":
            return "Your test refuses the correct implementation. Is it too strict somewhere?"
        return faults[name][1]

    return Exercise(
        number,
        title,
        "debug",
        solution,
        lambda _: [(name,) for name in suspects],
        adapt=adapt,
        explain=explain,
        **options,
    )
