"""The picture that a preview of a link shows: a neuron's line between two kinds of points."""

import numpy as np

from nnlib.data import moons

NAME = "card.png"
PAPER, INK, BLUE, ORANGE = "#fffdf8", "#20262f", "#0072b2", "#d55e00"


def draw(path, title):
    """Draw it, 1200 by 630 pixels."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor=PAPER)
    name, _, rest = title.partition(", ")
    figure.text(0.06, 0.66, f"{name},", size=40, weight="bold", color=INK)
    figure.text(0.06, 0.53, rest, size=40, weight="bold", color=INK)
    said = "Every equation is a line of code.\nEvery line is tested.\nEvery picture answers back."
    figure.text(0.06, 0.2, said, size=22, color=INK, linespacing=1.5)
    axes = figure.add_axes((0.62, 0.12, 0.33, 0.76))
    X, y = moons(160, noise=0.12, rng=0)
    for label, colour, marker in ((0, BLUE, "s"), (1, ORANGE, "o")):
        axes.scatter(*X[y == label].T, c=colour, marker=marker, s=42, edgecolors=PAPER)
    across = np.linspace(X[:, 0].min(), X[:, 0].max(), 200)
    axes.plot(across, 0.25 + 0.62 * np.cos(np.pi * (across - 0.25) / 1.5), c=INK, lw=3)
    axes.axis("off")
    figure.savefig(path)
