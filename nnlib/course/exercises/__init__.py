"""Exercises that accept every right answer, refuse the others, and name the idea that is missing.

Read `exercise.py` (what an exercise is), `kinds.py` (how to build one), `judge.py` (the pipeline),
and `bank/` for the exercises themselves.
"""

from .learner import check, hint, progress, report, solution, starter
from .result import Result

__all__ = ["Result", "check", "hint", "progress", "report", "solution", "starter"]
