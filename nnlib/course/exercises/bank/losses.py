"""Chapter 4, loss: its exercises."""

from nnlib.course.exercises.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()
