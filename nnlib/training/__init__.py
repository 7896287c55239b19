"""Training a model and measuring it: the loop that the course builds, with its safeguards."""

from nnlib.training.history import History
from nnlib.training.loop import evaluate, fit
from nnlib.training.measures import accuracy, confusion_matrix

__all__ = ["History", "accuracy", "confusion_matrix", "evaluate", "fit"]
