"""Widgets: model, numbers, words, SVG, moved by ordinary sliders, tested without a browser."""

from .model import Action, Control, Goal, Model, Story
from .widget import Exploration, Guess, explore, guess

__all__ = [
    "Action",
    "Control",
    "Exploration",
    "Goal",
    "Guess",
    "Model",
    "Story",
    "explore",
    "guess",
]
