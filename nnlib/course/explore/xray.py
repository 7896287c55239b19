"""The initialisation X-ray: how large the numbers are, layer after layer, before any training."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Any, ClassVar

import numpy as np

from nnlib import activations
from nnlib.course.pictures.style import BLUE, GREEN, VERMILLION
from nnlib.course.pictures.svg import document, line, number, text

from .model import Control, Goal

WIDTH, EXAMPLES, LAYERS = 128, 100, 20
STDS = (0.01, 0.02, 0.04, 0.06, 0.088, 0.1, 0.11, 0.12, 0.125, 0.13, 0.14, 0.16, 0.2, 0.3, 0.5, 1.0)
DECADES = 4  # what is drawn to either side of 1
LEFT, TOP, ACROSS, HALF = 62, 26, 310, 100


@cache
def _weights() -> Any:
    """Draw the weights of all layers once, with standard deviation 1."""
    return np.random.default_rng(0).normal(size=(LAYERS, WIDTH, WIDTH))


@dataclass(frozen=True)
class Layer:
    """What comes out of a layer: its root mean square, and the share of numbers that are flat.

    Flat is where the activation has no slope to speak of: at 0 for ReLU, beyond 0.99 for tanh.
    """

    rms: float
    flat: float


@cache
def layers(std: float, activation: str) -> tuple[Layer, ...]:
    """Send a batch of normal numbers through all the layers and measure behind each."""
    A = np.random.default_rng(1).normal(size=(EXAMPLES, WIDTH))
    measured = []
    for W in _weights():
        A = A @ (std * W).T
        if activation != "none":
            A = getattr(activations, activation.lower())(A).data
        flat = {"none": A != A, "ReLU": A == 0, "tanh": np.abs(A) > 0.99}[activation]
        measured.append(Layer(float(np.sqrt(np.mean(A**2))), float(flat.mean())))
    return tuple(measured)


@dataclass(frozen=True)
class Xray:
    """An untrained network of layers of 128 units, X-rayed with numbers of size 1.

    Parameters
    ----------
    std : float
        The standard deviation of the weights; the biases are 0.
    activation : str
        "none", "ReLU" or "tanh".
    depth : int
        How many layers.

    Examples
    --------
    >>> Xray(std=0.125).metrics()["rms"] > 0.5
    True
    """

    std: float = 1.0
    activation: str = "ReLU"
    depth: int = 10

    controls: ClassVar[tuple[Control, ...]] = (
        Control("std", "std of the weights", STDS),
        Control("activation", "activation", ("none", "ReLU", "tanh")),
        Control("depth", "layers", tuple(range(1, LAYERS + 1))),
    )

    def layers(self) -> tuple[Layer, ...]:
        """Give what was measured, as deep as the network is."""
        return layers(self.std, self.activation)[: self.depth]

    def metrics(self) -> dict[str, float]:
        """Give the last rms, and how often it would have to be doubled or halved to be 1.

        The second is what the goal asks for, so it counts for ten layers with ReLU alone.
        """
        rms = self.layers()[-1].rms
        asked = self.depth >= 10 and self.activation == "ReLU"
        return {"rms": rms, "doublings": abs(float(np.log2(rms))) if asked else inf}

    def describe(self) -> str:
        """Say what became of the size of the numbers, and how much of the last layer is flat."""
        first, last = self.layers()[0], self.layers()[-1]
        flat = {
            "none": "",
            "ReLU": f" {last.flat:.0%} of its numbers are 0.",
            "tanh": f" {last.flat:.0%} of its numbers lie beyond ±0.99, where tanh is flat.",
        }[self.activation]
        between = "no activation" if self.activation == "none" else self.activation
        return (
            f"Weights of std {self.std:g}, {between}: numbers with an rms of 1 go in; layer 1 "
            f"gives an rms of {size(first.rms)}, layer {self.depth} one of {size(last.rms)}.{flat}"
        )

    def svg(self) -> str:
        """Draw a bar for each layer, up from 1 or down from it, each decade equally high."""
        wide = ACROSS / self.depth
        bars = "".join(_bar(each, LEFT + i * wide, wide) for i, each in enumerate(self.layers()))
        band = HALF / DECADES * np.log10(2)
        ground = (
            f'<rect x="{LEFT}" y="{_y(0) - band:.1f}" width="{ACROSS}" height="{2 * band:.1f}" '
            f'fill="{GREEN}" fill-opacity="0.25"/>'
        )
        axis = "".join(
            text(LEFT - 8, _y(power) + 4, label, anchor="end")
            for power, label in (
                (4, "10,000"),
                (2, "100"),
                (0, "rms 1"),
                (-2, "0.01"),
                (-4, "0.0001"),
            )
        )
        numbers = "".join(
            text(LEFT + (i + 0.5) * wide, TOP + 2 * HALF + 18, str(i + 1), size=10)
            for i in range(self.depth)
        )
        body = ground + bars + line((LEFT, _y(0)), (LEFT + ACROSS, _y(0))) + axis + numbers
        body += text(LEFT - 8, TOP + 2 * HALF + 18, "layer", anchor="end")
        if self.activation != "none":
            body += text(LEFT - 8, TOP + 2 * HALF + 36, "% flat", anchor="end")
            body += "".join(
                text(
                    LEFT + (i + 0.5) * wide, TOP + 2 * HALF + 36, f"{100 * each.flat:.0f}", size=10
                )
                for i, each in enumerate(self.layers())
            )
        return document(LEFT + ACROSS + 14, TOP + 2 * HALF + 46, body, self.describe())


def _y(power: float) -> float:
    """Height of a power of ten; what lies beyond is drawn at the edge."""
    return float(TOP + HALF - HALF / DECADES * np.clip(power, -DECADES, DECADES))


def _bar(layer: Layer, left: float, wide: float) -> str:
    power = float(np.log10(layer.rms))
    colour = GREEN if abs(power) <= np.log10(2) else VERMILLION if power > 0 else BLUE
    top, bottom = min(_y(0), _y(power)), max(_y(0), _y(power))
    bar = (
        f'<rect x="{left + 0.12 * wide:.1f}" y="{top:.1f}" width="{0.76 * wide:.1f}" '
        f'height="{max(bottom - top, 1.5):.1f}" fill="{colour}"/>'
    )
    if abs(power) <= DECADES:
        return bar
    return bar + text(left + wide / 2, TOP - 6 if power > 0 else bottom + 6, "⋯", size=12)


def size(value: float) -> str:
    """Print a size in two digits, powers of ten as they are written."""
    if 100 <= value < 10_000:
        return f"{float(f'{value:.2g}'):,.0f}"
    if 0.001 <= value < 100:
        return number(float(f"{value:.2g}"))
    digits, power = f"{value:.0e}".split("e")
    return f"{digits} · 10{str(int(power)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


KEEP_THE_SIZE = Goal(
    "Find a std with which numbers keep their size, an rms between 0.5 and 2, "
    "through ten layers with ReLU.",
    "doublings",
    at_most=1,
    why=(
        (lambda m: m.depth < 10, "A few layers hide it. Ten are asked for, or more."),
        (
            lambda m: m.activation == "tanh",
            (
                "tanh never lets a number grow past 1, whatever the weights: see how many of them "
                "are flat. The question is about ReLU."
            ),
        ),
        (
            lambda m: m.activation == "none",
            "Without an activation the layers are one. The question is about ReLU.",
        ),
        (
            lambda m: m.metrics()["rms"] > 2,
            "Every layer makes the numbers larger. By what factor, if you compare two neighbours?",
        ),
        (
            lambda m: m.metrics()["rms"] < 0.5,
            "Every layer makes the numbers smaller. By what factor, if you compare two neighbours?",
        ),
    ),
)
