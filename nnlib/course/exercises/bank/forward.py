"""Chapter 3, forward propagation: its exercises."""

from nnlib.course.exercises.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()
