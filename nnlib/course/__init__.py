"""The teaching layer: exercises that answer, widgets, pictures, and claims that hold."""

from .claims import claim
from .exercises import check, hint, progress, report, solution, starter
from .explore import Control, Goal, explore, guess
from .pictures import figure, graph, network, sound, subplots
from .sources import show_source

__all__ = [
    "Control",
    "Goal",
    "check",
    "claim",
    "explore",
    "figure",
    "graph",
    "guess",
    "hint",
    "network",
    "progress",
    "report",
    "show_source",
    "solution",
    "sound",
    "starter",
    "subplots",
]
