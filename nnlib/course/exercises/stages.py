"""The stages of the pipeline: each looks at the trials and finds something to say, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .compare import Unfit, agreement, close, numbers, numeric, parts, pending, show, size
from .exercise import Answer, Exercise
from .trial import NO_RETURN, Trial, line_of, returns_by_mistake


@dataclass(frozen=True)
class Finding:
    """What a stage has to say: a message, the trial that shows it, and evidence."""

    stage: str
    message: str
    trial: Trial
    evidence: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hearing:
    """An answer before the pipeline: its trials beside the trials of the solution."""

    exercise: Exercise
    answer: Answer
    mine: Sequence[Trial]
    right: Sequence[Trial]

    def smallest(self, failing: Callable[[Trial, Trial], bool]) -> tuple[Trial, Trial] | None:
        """Find the failing case with the least to read, the first of several."""
        found = [pair for pair in zip(self.mine, self.right, strict=True) if failing(*pair)]
        return min(found, key=lambda pair: size(pair[0].case), default=None)

    def laid_out(self, mine: Trial, right: Trial) -> dict[str, tuple[Any, Any]]:
        """Yours beside expected, by name; parts still to be written are left out.

        Where the solution itself gives something other than numbers or words, as a model, only the
        properties can tell.
        """
        names = self.exercise.outputs
        wanted = parts(right.output, right.output, names)
        got = parts(mine.output, right.output, names)
        laid = {}
        for name, want in wanted.items():
            if isinstance(want, str):
                laid[name] = got[name], want
            elif not pending(got[name]) and numeric(want):
                laid[name] = numbers(got[name]), want
        return laid


def _attempted(hearing: Hearing) -> Finding | None:
    pair = hearing.smallest(lambda mine, _: mine.pending())
    if pair is None:
        return None
    trial = pair[0]
    if trial.error is not None:
        told = str(trial.error) if isinstance(trial.error, NotImplementedError) else ""
        message = told or "Nothing to check yet: put your own lines in place of the `...`."
    elif hearing.exercise.prefix:
        message = f"Still to answer: {show(trial.case[0])}."
        done = hearing.mine.index(trial)
        evidence = {"right so far": f"{done} of {len(hearing.mine)}"} if done else {}
        return Finding("attempted", message, trial, evidence)
    elif trial.printed:
        message = "Your function prints, and returns nothing. `return` hands a value back."
    elif returns_by_mistake(hearing.answer):
        message = NO_RETURN
    else:
        message = "Nothing to check yet: put your own lines in place of the `...`."
    return Finding("attempted", message, trial)


def _runs(hearing: Hearing) -> Finding | None:
    pair = hearing.smallest(lambda mine, _: mine.error is not None)
    if pair is None:
        return None
    trial, error = pair[0], pair[0].error
    assert error is not None
    evidence = {"line": line_of(error, hearing.answer), "shapes in": _shapes(hearing, trial)}
    message = f"It stops with {type(error).__name__}: {str(error) or 'no message'}"
    return Finding("runs", message, trial, {name: text for name, text in evidence.items() if text})


def _pure(hearing: Hearing) -> Finding | None:
    pair = hearing.smallest(lambda mine, _: bool(mine.changed))
    if pair is None:
        return None
    names = " and ".join(f"`{name}`" for name in pair[0].changed)
    message = f"Your function changes its input {names}. The caller still needs the old values."
    return Finding("pure", message, pair[0], {"input": _inputs(hearing, pair[0])})


def _shape(hearing: Hearing) -> Finding | None:
    """Ask for the right number of results, made of numbers, of the right shapes."""
    for mine, right in zip(hearing.mine, hearing.right, strict=True):
        try:
            laid = hearing.laid_out(mine, right)
        except Unfit as unfit:
            return Finding("shape", str(unfit), mine, {"input": _inputs(hearing, mine)})
        off = {name: pair for name, pair in laid.items() if np.shape(pair[0]) != np.shape(pair[1])}
        if hearing.exercise.compare and off:
            evidence = {"shapes in": _shapes(hearing, mine)}
            for name, (got, want) in off.items():
                label = f"shape of {name}" if name else "shape"
                evidence[label] = f"yours {np.shape(got)}, expected {np.shape(want)}"
            return Finding("shape", "The shape is not the expected one.", mine, evidence)
    return None


def _finite(hearing: Hearing) -> Finding | None:
    def strays(mine: Trial, right: Trial) -> bool:
        return any(
            not isinstance(want, str) and not np.all(np.isfinite(got)) and np.all(np.isfinite(want))
            for got, want in hearing.laid_out(mine, right).values()
        )

    pair = hearing.smallest(strays)
    if pair is None:
        return None
    evidence = {"input": _inputs(hearing, pair[0]), "yours": show(pair[0].output)}
    return Finding("finite", "For this input your answer contains nan or inf.", pair[0], evidence)


def _value(hearing: Hearing) -> Finding | None:
    exercise = hearing.exercise
    if not exercise.compare:
        return _unfinished(hearing)

    def differs(mine: Trial, right: Trial) -> bool:
        pairs = hearing.laid_out(mine, right).values()
        return not all(close(got, want, exercise.tolerance) for got, want in pairs)

    pair = hearing.smallest(differs)
    if pair is None:
        return _unfinished(hearing)
    mine, right = pair
    if exercise.explain:
        return Finding("value", exercise.explain(mine), mine)
    laid = hearing.laid_out(mine, right)
    name = next(n for n, (got, want) in laid.items() if not close(got, want, exercise.tolerance))
    got, want = laid[name]
    evidence = {"input": _inputs(hearing, mine)}
    if len(laid) > 1:
        evidence |= {n: agreement(*pair, exercise.tolerance) for n, pair in laid.items()}
    label = f" {name}" if len(laid) > 1 else ""
    evidence |= {f"your{label or 's'}": show(got), f"expected{label}": show(want)}
    nudge = _nudge(hearing, mine, name, got, want)
    if nudge:
        evidence["try"] = nudge
    message = f"Not the expected value{f' of{label}' if label else ''} yet; here is a small case."
    return Finding("value", message, mine, evidence)


def _unfinished(hearing: Hearing) -> Finding | None:
    """Name the results that are still `...`, when the others are right."""
    mine, right = hearing.mine[0], hearing.right[0]
    names = hearing.exercise.outputs
    wanted = parts(right.output, right.output, names)
    got = parts(mine.output, right.output, names)
    left = [name for name in wanted if pending(got[name])]
    if not left:
        return None
    done = [name for name in wanted if name not in left]
    message = f"Still to write: {', '.join(left)}."
    return Finding("attempted", message, mine, {"right so far": ", ".join(done)} if done else {})


def _properties(hearing: Hearing) -> Finding | None:
    for prop in hearing.exercise.properties:

        def breaks(mine: Trial, _: Trial, holds: Callable[..., bool] = prop.holds) -> bool:
            try:
                return not holds(mine.output, *mine.case)
            except Exception:  # an output that the property cannot even read does not have it
                return True

        pair = hearing.smallest(breaks)
        if pair:
            evidence = {"input": _inputs(hearing, pair[0]), "yours": show(pair[0].output)}
            return Finding("property", prop.message, pair[0], evidence)
    for need in hearing.exercise.needs:
        values = [float(trial.output[need.metric]) for trial in hearing.mine]
        met = sum(map(need.met, values))
        if met < need.share * len(values):
            message = f"{need} is asked; met on {met} of {len(values)} hidden seeds."
            evidence = {need.metric: ", ".join(f"{value:.4g}" for value in values)}
            return Finding("property", message, hearing.mine[0], evidence)
    return None


STAGES = (_attempted, _runs, _pure, _shape, _finite, _value, _properties)


def _nudge(hearing: Hearing, trial: Trial, name: str, got: Any, want: Any) -> str | None:
    """Put the numerical slope at the entry that is furthest off beside the answer's."""
    exercise, argument = hearing.exercise, name.removeprefix("d")
    if exercise.loss is None or argument not in exercise.names or np.size(want) == 0:
        return None
    place = exercise.names.index(argument)
    entry = np.unravel_index(int(np.argmax(np.abs(got - want))), np.shape(want))

    def nudged(h: float) -> float:
        moved = np.array(trial.case[place], dtype=float)
        moved[entry] += h
        case = (*trial.case[:place], moved, *trial.case[place + 1 :])
        assert exercise.loss is not None
        return float(exercise.loss(*case))

    h = 1e-5
    slope = (nudged(h) - nudged(-h)) / (2 * h)
    where = f"{argument}[{', '.join(str(int(i)) for i in entry)}]" if entry else argument
    return (
        f"nudging {where} by {h:g} changes the loss by {slope * h:.3g}; "
        f"your gradient says {float(got[entry]) * h:.3g}"
    )


def _inputs(hearing: Hearing, trial: Trial) -> str:
    pairs = zip(hearing.exercise.names, trial.case, strict=False)
    return ", ".join(f"{name} = {show(value)}" for name, value in pairs)


def _shapes(hearing: Hearing, trial: Trial) -> str:
    arrays = [
        f"{name} {np.shape(value)}"
        for name, value in zip(hearing.exercise.names, trial.case, strict=False)
        if hasattr(value, "shape")
    ]
    return ", ".join(arrays)
