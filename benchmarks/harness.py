"""Measure contenders in turn, in one process, and compare round by round.

The time is that of the processor, all threads of the process together. At one thread that is the
time that passes, less what other programs take on a busy machine.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

now = time.perf_counter if os.name == "nt" else time.process_time  # Windows counts 16 ms at once

PEERS = {"torch": "torch", "scikit-learn": "sklearn", "autograd": "autograd"}


def installed(peer: str) -> bool:
    """Say whether a peer can be imported here."""
    return importlib.util.find_spec(PEERS[peer]) is not None


@dataclass(frozen=True)
class Goal:
    """nnlib should be `least` times as fast as `peer`; the pair is (BLAS pinned, BLAS free)."""

    peer: str
    least: tuple[float, float]

    def here(self) -> float:
        """Return the goal for the environment that this process runs in."""
        return self.least[0 if "OPENBLAS_CORETYPE" in os.environ else 1]


@dataclass
class Case:
    """One race: each contender is a function that does the same work when it is called."""

    name: str
    contenders: Mapping[str, Callable[[], object]]
    count: int  # how many units of work one call does
    unit: str
    goals: tuple[Goal, ...] = ()
    checked: tuple[str, ...] = ()  # what was found equal before the race
    clock: Callable[[Callable[[], Any]], float] | None = None  # other than `seconds`


@dataclass
class Result:
    """What a case measured: seconds of each contender, one number a round."""

    case: Case
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def ratio(self, peer: str) -> tuple[float, float, float]:
        """Return how many times as fast as `peer` nnlib was: first quartile, median, third."""
        pairs = zip(self.seconds[peer], self.seconds["nnlib"], strict=True)
        low, middle, high = statistics.quantiles((theirs / ours for theirs, ours in pairs), n=4)
        return low, middle, high

    def lines(self) -> list[str]:
        """Put the result into words, one line a contender."""
        lines = [f"{self.case.name}"]
        lines += [f"  equal work: {line}" for line in self.case.checked]
        for name, seconds in self.seconds.items():
            each = statistics.median(seconds) / self.case.count * 1e6
            line = f"  {name:14}{each:12.1f} us per {self.case.unit}"
            if name != "nnlib" and "nnlib" in self.seconds:
                low, middle, high = self.ratio(name)
                line += f"   nnlib is {middle:.2f} times as fast ({low:.2f} to {high:.2f})"
            lines.append(line)
        return lines

    def goals(self) -> list[dict[str, Any]]:
        """Return each goal that could be measured here, and whether it was met."""
        return [
            {
                "goal": f"{self.case.name}, against {goal.peer}",
                "least": goal.here(),
                "measured": self.ratio(goal.peer),
                "met": self.ratio(goal.peer)[1] >= goal.here(),
            }
            for goal in self.case.goals
            if goal.peer in self.seconds
        ]

    def record(self) -> dict[str, Any]:
        """Return everything, for the JSON file."""
        return {
            "case": self.case.name,
            "unit": self.case.unit,
            "count": self.case.count,
            "equal_work": list(self.case.checked),
            "seconds": self.seconds,
            "nnlib_times_as_fast": {
                name: self.ratio(name) for name in self.seconds if name != "nnlib"
            },
        }


def seconds(work: Callable[[], Any]) -> float:
    """Call a function; return how long it took."""
    start = now()
    work()
    return now() - start


def race(case: Case, rounds: int) -> Result:
    """Let the contenders work in turn, round after round; the first round is not counted."""
    clock = case.clock or seconds
    result = Result(case, {name: [] for name in case.contenders})
    for turn in range(rounds + 1):
        for name, work in case.contenders.items():
            taken = clock(work)
            if turn:
                result.seconds[name].append(taken)
    return result


def agree(what: str, ours: Sequence[Any], theirs: Sequence[Any], limit: float) -> float:
    """Check that arrays are equal; return how far apart they are, relative to their length.

    Raises AssertionError where that is more than `limit`: what does other work is not compared.
    """
    distances = []
    for a, b in zip(ours, theirs, strict=True):
        if a.shape != b.shape:
            raise AssertionError(f"unequal work: {what} have shapes {a.shape} and {b.shape}")
        distances.append(np.linalg.norm(a - b) / np.linalg.norm(b))
    apart = float(np.max(distances))  # nan where one is
    if not apart <= limit:
        raise AssertionError(f"unequal work: {what} differ by {apart:.0e}, more than {limit:.0e}")
    return apart


def environment() -> dict[str, Any]:
    """Return what the figures depend on: processor, libraries, BLAS and its settings."""
    libraries = ["numpy", *PEERS, "threadpoolctl"]
    found = {name: _version(name) for name in libraries}
    pools: list[dict[str, Any]] = []
    if found["threadpoolctl"]:
        from threadpoolctl import threadpool_info

        keys = ("internal_api", "version", "architecture", "num_threads", "filepath")
        pools = [{k: pool[k] for k in keys if k in pool} for pool in threadpool_info()]
        for pool in pools:
            pool["filepath"] = Path(pool["filepath"]).name
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: version for name, version in found.items() if version},
        "missing": [name for name, version in found.items() if not version],
        "blas_variables": {k: v for k, v in os.environ.items() if k.startswith("OPENBLAS_")},
        "thread_pools": pools,
    }


def _version(library: str) -> str | None:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
