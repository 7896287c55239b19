"""What `make test` and `make check` run: every step, whatever became of the one before it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tools import environment
from tools.console import Failure, run, say, tail, verdict

WORKERS = str(min(4, os.cpu_count() or 1))
CELL_LIMIT = "120"


@dataclass(frozen=True)
class Step:
    """A title, a command of the environment, and the seconds after which it counts as stuck."""

    title: str
    command: Sequence[str]
    timeout: float = 900
    env: Mapping[str, str] = field(default_factory=dict)


PYTEST = ("python", "-m", "pytest", "-q", "-n", WORKERS, "--dist", "worksteal")
CODE = (
    Step("style (ruff check)", ["ruff", "check", "--quiet", "."]),
    Step("layout (ruff format)", ["ruff", "format", "--check", "."]),
    Step("types (mypy, strict)", ["python", "-m", "mypy"]),
    Step("floors (import-linter)", ["lint-imports", "--no-logo"]),
)
NO_BROWSER = (*PYTEST, "--ignore=tests/live")
UNITS = Step("tests and doctests (pytest)", NO_BROWSER)
FAST_UNITS = Step(
    "fast tests and doctests (pytest)", [*NO_BROWSER, "-m", "not slow and not parity"]
)
NOTEBOOKS = Step(
    "notebooks, every text output (nbval)",
    [
        *("python", "-m", "pytest", "-q", "-n", WORKERS, "--dist", "loadfile"),
        *("-o", "addopts=-ra", "-p", "tools.strict_notebooks", "-W", "default"),
        *("--nbval", "--nbval-current-env", "--nbval-cell-timeout", CELL_LIMIT, "chapters"),
    ],
    env={"TQDM_DISABLE": "1"},
)
PARITY = Step(
    "parity with PyTorch",
    ["python", "-m", "pytest", "-q", "-m", "parity"],
    env={"NNLIB_REQUIRE_TORCH": "1"},
)
SITE = Step(
    "the built site",
    ["python", "-m", "pytest", "-q", "tests/test_site.py"],
    env={"NNLIB_REQUIRE_SITE": "1"},
)
LIVE = Step(
    "live pages in a browser",
    [*PYTEST, "-o", "addopts=-ra --import-mode=importlib", "-W", "default", "tests/live"],
    timeout=2100,
)

EVERYTHING = (*CODE, UNITS, NOTEBOOKS)
FAST = (*CODE, FAST_UNITS)


def run_steps(*steps: Step) -> bool:
    """Run every step and print a verdict for each; say whether all were good."""
    good = [run_step(step) for step in steps]
    if not all(good):
        say(f"\n  {good.count(False)} of {len(good)} steps failed")
    return all(good)


def run_step(step: Step) -> bool:
    """Run one step; print what it said where it failed, and what it skipped where it did not."""
    name, *arguments = step.command
    try:
        result = run(
            step.title,
            [environment.script(name), *arguments],
            env={**environment.quiet(), **step.env},
            timeout=step.timeout,
        )
    except Failure as failure:
        verdict(step.title, False, step.timeout)
        say(f"      {failure}")
        return False
    good = result.code == 0
    verdict(step.title, good, result.seconds, counts(result.output))
    if not good:
        say(tail(result.output, 400))
    for line in skips(result.output) if good else []:
        say(f"      skipped {line}")
    return good


def counts(output: str) -> str:
    """Return what pytest counted (`46 passed, 2 skipped`), or nothing for another tool."""
    found = re.findall(r"^=*\s*((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s", output, re.MULTILINE)
    return found[-1] if found else ""


def skips(output: str) -> list[str]:
    """Return the reasons for which tests were skipped, each with how many."""
    reasons: Counter[str] = Counter()
    for number, reason in re.findall(r"^SKIPPED \[(\d+)\] \S+: (.*)$", output, re.MULTILINE):
        reasons[reason] += int(number)
    return [f"{number}: {reason}" for reason, number in reasons.items()]
