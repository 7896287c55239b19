"""Chapter 6, gradient descent and training: its exercises."""

from nnlib.course.exercises.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()
