"""Chapter 2, activations: its exercises."""

from nnlib.course.exercises.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()
