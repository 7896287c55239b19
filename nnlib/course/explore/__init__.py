"""Widgets: model, numbers, words, SVG, moved by ordinary sliders, tested without a browser."""

from .model import Control, Goal, Model
from .widget import Exploration, Guess, explore, guess

__all__ = ["Control", "Exploration", "Goal", "Guess", "Model", "explore", "guess"]
