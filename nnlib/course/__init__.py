"""The teaching layer: exercises that answer, widgets, pictures, and claims that hold."""

from .claims import claim
from .exercises import check, hint, progress, report, solution, starter

__all__ = ["check", "claim", "hint", "progress", "report", "solution", "starter"]
