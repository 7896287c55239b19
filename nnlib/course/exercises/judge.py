"""One pipeline for every exercise: stages in order, one message, stop at the first that fails.

attempted -> runs -> pure -> shape -> finite -> value -> property -> passed
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .compare import pending
from .exercise import Answer, Exercise, Misconception
from .result import Result
from .stages import STAGES, Finding, Hearing
from .trial import Trial, attempt, misfit


def judge(exercise: Exercise, answer: Any, seed: int = 0) -> Result:
    """Judge an answer.

    Parameters
    ----------
    exercise : Exercise
        What was asked.
    answer : object
        What was handed in: for most kinds a function.
    seed : int, optional
        Draws the cases.

    Returns
    -------
    Result
        The first stage that fails with its message, or "passed".
    """
    if pending(answer):
        return Result(exercise.id, "attempted", "Nothing to check yet: the answer is still `...`.")
    try:
        function = exercise.adapt(answer)
    except NotImplementedError as error:
        return Result(exercise.id, "attempted", str(error))
    except TypeError as error:
        return Result(exercise.id, "runs", str(error))
    model = exercise.adapt(exercise.solution)
    rng = np.random.default_rng(seed)
    cases = list(exercise.cases(rng))
    refusal = misfit(function, cases[0], exercise.names)
    if refusal:
        return Result(exercise.id, "runs", refusal)
    mine: list[Trial] = []
    right: list[Trial] = []
    for group in (cases, list(exercise.stress(rng))):
        mine += [attempt(function, case, exercise.names) for case in group]
        right += [attempt(model, case, exercise.names) for case in group]
        for hearing in _hearings(exercise, function, mine, right):
            for stage in STAGES:
                finding = stage(hearing)
                if finding:
                    return _verdict(hearing, finding)
    return Result(exercise.id, "passed", "every case agrees.")


def _hearings(
    exercise: Exercise, function: Answer, mine: Sequence[Trial], right: Sequence[Trial]
) -> Iterator[Hearing]:
    """Hear all trials; questions one at a time: what is answered before what is still open."""
    if exercise.prefix:
        answered = next((i for i, trial in enumerate(mine) if trial.pending()), 0)
        if answered:
            yield Hearing(exercise, function, mine[:answered], right[:answered])
    yield Hearing(exercise, function, mine, right)


def _verdict(hearing: Hearing, finding: Finding) -> Result:
    """Put the misconception's message in place of the stage's own, where one matches."""
    known = None if finding.stage == "attempted" else _misconception(hearing, finding)
    evidence = dict(finding.evidence)
    printed = finding.trial.printed.strip()
    if printed:
        evidence["it printed"] = printed if len(printed) < 200 else printed[:200] + " (and more)"
    message = known.message if known else finding.message
    return Result(
        hearing.exercise.id, finding.stage, message, known.id if known else None, evidence
    )


def _misconception(hearing: Hearing, finding: Finding) -> Misconception | None:
    """Find the misconception whose wrong answer does what this answer does, on every case."""
    exercise, trials = hearing.exercise, list(hearing.mine)
    if exercise.prefix:
        trials = trials[: trials.index(finding.trial) + 1]
    for known in exercise.misconceptions:
        if known.sign is not None:
            outputs = [trial.output for trial in trials if trial.error is None]
            if len(outputs) == len(trials) and known.sign(outputs):
                return known
            continue
        wrong = exercise.adapt(known.wrong)
        if all(
            trial.agrees(attempt(wrong, trial.case, exercise.names), exercise.tolerance)
            for trial in trials
        ):
            return known
    return None
