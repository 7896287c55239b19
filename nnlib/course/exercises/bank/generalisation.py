"""Chapter 8, hyperparameters and generalisation: its exercises."""

from nnlib.course.exercises.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()
