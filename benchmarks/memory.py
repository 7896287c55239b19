"""How much memory training takes at its peak: nnlib's whole process beside PyTorch's.

Each library trains in a process of its own. PyTorch's one also holds nnlib's weights, from which
it starts; that is under a hundredth of it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.harness import environment, installed

ROOT = Path(__file__).parents[1]
NETWORKS = {"W3": "images", "W5": "characters"}
PROGRAM = """
import importlib, re, sys
from pathlib import Path
from benchmarks import __main__, harness
name, library, module = sys.argv[1:]
workload = importlib.import_module(f"benchmarks.{module}")
workload.equal_work = lambda *_: ()  # it would let the other library train in this process
if library == "nnlib":
    workload.installed = harness.installed = __main__.installed = lambda _: False
with __main__.one_thread():
    case = next(case for case in workload.cases() if case.name.startswith(f"{name}:"))
    case.contenders[library]()
print(re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


def peak(name: str, library: str) -> float:
    """Train in a fresh process; return how many MB it held at most."""
    command = [sys.executable, "-c", PROGRAM, name, library, NETWORKS[name]]
    printed = subprocess.check_output(command, cwd=ROOT, env=os.environ, text=True, timeout=900)
    return int(printed) / 1000


def measure() -> list[dict[str, Any]]:
    """Return the peaks of each network."""
    libraries = ["nnlib", *(["torch"] if installed("torch") else [])]
    return [{"network": n, "MB": {who: peak(n, who) for who in libraries}} for n in NETWORKS]


def main() -> None:
    """Read the arguments, measure, report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    if not Path("/proc/self/status").exists():
        parser.error("the peak of a process is read from /proc, which only Linux has")
    found = measure()
    for each in found:
        said = ", ".join(f"{who} {megabytes:.0f} MB" for who, megabytes in each["MB"].items())
        print(f"{each['network']}: at most {said}")
    if arguments.json:
        report = {"environment": environment(), "peaks": found}
        arguments.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
