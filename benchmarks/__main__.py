"""Run the workloads named, or all; print what was measured and which goals were met."""

from __future__ import annotations

import argparse
import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from benchmarks import characters, digits, images, imports, inference, points
from benchmarks.harness import Result, environment, installed, race

WORKLOADS = {
    "points": points,
    "digits": digits,
    "images": images,
    "characters": characters,
    "inference": inference,
    "imports": imports,
}


def one_thread() -> Any:
    """Limit BLAS to one thread, here and not in nnlib; PyTorch has a setting of its own."""
    if installed("torch"):
        import torch

        torch.set_num_threads(1)
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return nullcontext()
    return threadpool_limits(1)


def describe(where: dict[str, Any]) -> str:
    """Put the environment into words."""
    lines = [
        f"{where['processor']}, {where['cores']} cores, load {where['load']}",
        f"{where['system']}, Python {where['python']}",
        ", ".join(f"{name} {version}" for name, version in where["versions"].items()),
    ]
    lines += [
        "threads: " + ", ".join(f"{key} {value}" for key, value in pool.items())
        for pool in where["thread_pools"]
    ]
    variables = [f"{k}={v}" for k, v in where["blas_variables"].items()]
    lines.append("OpenBLAS: " + (", ".join(variables) or "free to choose, no variable is set"))
    lines += [
        f"missing and left out: {name} (pip install -r benchmarks/requirements.txt)"
        for name in where["missing"]
    ]
    return "\n".join(lines)


def must(results: list[Result]) -> str:
    """Return the table of goals."""
    goals = [goal for result in results for goal in result.goals()]
    if not goals:
        return "No goal was measured: a goal compares nnlib with a peer, and none ran."
    lines = [f"{'must be so many times as fast':62}{'goal':>6}{'measured':>10}{'quartiles':>16}"]
    for goal in goals:
        low, middle, high = goal["measured"]
        verdict = "met" if goal["met"] else "MISSED"
        spread = f"{low:.2f} to {high:.2f}"
        lines.append(f"{goal['goal']:62}{goal['least']:6.2f}{middle:10.2f}{spread:>16}  {verdict}")
    return "\n".join(lines)


def main() -> None:
    """Read the arguments, race, report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="workload", help=", ".join(WORKLOADS))
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--rounds", type=int, default=15, help="how many rounds (%(default)s)")
    arguments = parser.parse_args()
    if unknown := set(arguments.workloads) - set(WORKLOADS):
        parser.error(f"unknown workload {', '.join(unknown)}: there are {', '.join(WORKLOADS)}")
    if arguments.rounds < 2:
        parser.error("a spread needs at least 2 rounds")
    results = []
    with one_thread():
        where = environment()
        print(describe(where), end="\n\n", flush=True)
        for name in arguments.workloads or WORKLOADS:
            for case in WORKLOADS[name].cases():
                results.append(race(case, arguments.rounds))
                print("\n".join(results[-1].lines()), end="\n\n", flush=True)
    print(must(results))
    if arguments.json:
        report = {
            "environment": where,
            "rounds": arguments.rounds,
            "results": [result.record() for result in results],
            "goals": [goal for result in results for goal in result.goals()],
        }
        arguments.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
