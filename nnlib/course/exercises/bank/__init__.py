"""Every exercise of the book, one module for each chapter."""

from nnlib.course.exercises.bank import (
    activations,
    adversarial,
    backpropagation,
    convolution,
    descent,
    forward,
    generalisation,
    inside,
    losses,
    neurons,
    perceptrons,
    recurrent,
    start,
    strengths,
    transformer,
)

CHAPTERS = (
    start,
    neurons,
    activations,
    forward,
    losses,
    backpropagation,
    descent,
    perceptrons,
    generalisation,
    convolution,
    recurrent,
    transformer,
    adversarial,
    inside,
    strengths,
)
EXERCISES = tuple(exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES)
