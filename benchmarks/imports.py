"""What `import` costs, each time in a fresh process."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.harness import Case, Goal, installed

ROOT = Path(__file__).parents[1]
PROGRAM = """
import time
start = time.process_time()
import {module}
print(time.process_time() - start)
"""


def seconds_to_import(module: str) -> float:
    """Import a module in a process of its own; return how long it took there."""
    command = [sys.executable, "-c", PROGRAM.format(module=module)]
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return float(subprocess.check_output(command, cwd=ROOT, env=env, text=True, timeout=300))


def cases() -> Iterator[Case]:
    """Yield the race."""
    modules = ["nnlib", "numpy", *(["torch"] if installed("torch") else [])]
    yield Case(
        "Import",
        {module: functools.partial(seconds_to_import, module) for module in modules},
        count=1,
        unit="import",
        goals=(Goal("torch", (1 / 0.15, 1 / 0.15)),),
        clock=lambda work: work(),
    )
