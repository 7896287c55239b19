"""Every exercise of the book, one module for each chapter."""

from nnlib.course.exercises.bank import backpropagation, perceptrons

EXERCISES = (*backpropagation.EXERCISES, *perceptrons.EXERCISES)
