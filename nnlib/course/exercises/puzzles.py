"""Exercises that are answered without code: short questions, and lines to put in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .exercise import Answer, Exercise, Misconception
from .trial import Trial


def value(
    number: str,
    title: str,
    answers: Mapping[str, Any],
    *,
    hints: Sequence[str],
    feedback: Mapping[str, Sequence[tuple[Any, ...]]],
    **options: Any,
) -> Exercise:
    """Build a set of short questions, answered in a dict; `feedback` speaks to known distractors.

    Parameters
    ----------
    number, title, hints
        As in `Exercise`.
    answers : mapping
        From each question to its answer: a number, a shape, a string.
    feedback : mapping
        From a question to triples (distractor, message, why it is tempting).
    **options
        Further fields of `Exercise`.
    """

    def adapt(answer: Any) -> Answer:
        if not isinstance(answer, Mapping):
            raise TypeError(f"The answer is a dict with the keys {', '.join(map(repr, answers))}.")
        unknown = [key for key in answer if key not in answers]
        if unknown:
            raise TypeError(
                f"There is no question {unknown[0]!r}; there are {', '.join(map(repr, answers))}."
            )

        def ask(question: str) -> Any:
            given, right = answer.get(question, ...), answers[question]
            if not isinstance(given, tuple | list | np.ndarray):
                return given
            # A shape is right or it is another: neither its length nor its kind may be a hint.
            whole = _is_shape(right) or isinstance(right, str)
            return str(tuple(np.atleast_1d(given).tolist())) if whole else np.array(given)

        return ask

    def blanks(fill: Callable[[str], str]) -> str:
        rows = "".join(f"    {_literal(key)}: {fill(key)},\n" for key in answers)
        return f"answer = {{\n{rows}}}\n"

    distractors = [
        Misconception(f"{question}: {wrong}", {**answers, question: wrong}, *said)
        for question, known in feedback.items()
        for wrong, *said in known
    ]
    return Exercise(
        number,
        title,
        "value",
        dict(answers),
        lambda _: [(question,) for question in answers],
        hints,
        distractors,
        adapt=adapt,
        prefix=True,
        explain=lambda trial: f"Not yet for {trial.case[0]!r}: work a small case out on paper.",
        written=(blanks(lambda _: "..."), blanks(lambda key: _literal(answers[key]))),
        **options,
    )


def _is_shape(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(length, int) for length in value)


def _literal(value: Any) -> str:
    """Write a value as code, strings in double quotes."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def parsons(
    number: str,
    title: str,
    lines: Mapping[str, str],
    order: str,
    *,
    hints: Sequence[str],
    misconceptions: Sequence[Misconception],
    also_right: Sequence[str] = (),
    **options: Any,
) -> Exercise:
    """Build a Parsons puzzle: lettered lines of code, answered by their order, as in "C A D B".

    Parameters
    ----------
    number, title, hints, misconceptions
        As in `Exercise`; a misconception's `wrong` is an order too.
    lines : mapping
        From a letter to a line of code; a letter that `order` leaves out is a distractor.
    order : str
        The right order.
    also_right : sequence of str
        Other right orders.
    **options
        Further fields of `Exercise`.
    """
    best, length = order.split(), len(order.split())

    def adapt(answer: Any) -> Answer:
        if not isinstance(answer, str):
            raise TypeError(
                f'The answer is a string of letters, as in "{" ".join(sorted(lines))}".'
            )
        letters = answer.replace(",", " ").upper().split()
        if len(letters) == 1 and set(letters[0]) <= lines.keys():  # written without spaces
            letters = list(letters[0])
        unknown = [letter for letter in letters if letter not in lines]
        if unknown:
            raise TypeError(f"There is no line {unknown[0]!r}; the lines are {', '.join(lines)}.")
        nearest = max((each.split() for each in (order, *also_right)), key=_prefix_with(letters))

        def step(place: int) -> str:
            mine = letters[place] if place < len(letters) else "end"
            right = nearest[place] if place < length else "end"
            expected = best[place] if place < length else "end"
            # What is off is told together with what came before it, in whatever order that was.
            return expected if mine == right else " ".join([*sorted(letters[:place]), mine])

        return step

    def explain(trial: Trial) -> str:
        place, letter = trial.case[0], trial.output.split()[-1]
        done = f"The first {place} are in place. " if place else ""
        done = "The first one is in place. " if place == 1 else done
        if letter == "end":
            return done + "Something has to follow."
        if place == length:
            return done + f"After them {letter} is one too many."
        return done + f"Step {place + 1} is not {letter}: {lines[letter].strip()}"

    starter = "".join(f"# {letter}  {line}\n" for letter, line in sorted(lines.items()))
    listing = "".join(f"# {letter}  {lines[letter]}\n" for letter in best)
    return Exercise(
        number,
        title,
        "parsons",
        order,
        lambda _: [(place,) for place in range(length + 1)],
        hints,
        misconceptions,
        also_right=also_right,
        adapt=adapt,
        prefix=True,
        explain=explain,
        written=(f'{starter}order = "..."\n', f'{listing}order = "{order}"\n'),
        **options,
    )


def _prefix_with(letters: Sequence[str]) -> Callable[[Sequence[str]], int]:
    """Length of the prefix that an order shares with the given letters."""

    def shared(order: Sequence[str]) -> int:
        pairs = list(zip(order, letters, strict=False))
        return next((i for i, (a, b) in enumerate(pairs) if a != b), len(pairs))

    return shared
