"""A calculator of shapes: two arrays, an operation, and what comes out, or why nothing does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from .model import Control, Goal
from .shapes_picture import difference, pairs, product, verdict

# Four days: one number each in several shapes; three numbers each, and two rows of weights.
DAY = np.array([3, 6, 1, 4])
X = np.array([[1, 3, 0], [2, 6, 8], [-1, 1, 2], [2, 4, 6]])
W = np.array([[1, 2, -1], [-1, 1, 0]])
ARRAYS = {
    "(1,)": DAY[:1],
    "(3,)": W[0],
    "(4,)": DAY,
    "(1, 4)": DAY[None, :],
    "(4, 1)": DAY[:, None],
    "(2, 3)": W,
    "(3, 4)": X.T,
    "(4, 3)": X,
}
MINUS, PRODUCT, TURNED = OPERATIONS = ("A - B", "A @ B", "A @ B.T")


@dataclass(frozen=True)
class Shapes:
    """Two arrays of chosen shapes, and an operation on them.

    Parameters
    ----------
    a, b : str
        Their shapes, as Python writes them.
    operation : str
        One of `OPERATIONS`.

    Examples
    --------
    >>> Shapes("(4,)", "(4, 1)").result.shape
    (4, 4)
    """

    a: str = "(4,)"
    b: str = "(3,)"
    operation: str = MINUS

    controls: ClassVar[tuple[Control, ...]] = (
        Control("a", "shape of A", tuple(ARRAYS)),
        Control("b", "shape of B", tuple(ARRAYS)),
        Control("operation", "operation", OPERATIONS),
    )

    @property
    def operands(self) -> tuple[Any, Any]:
        """The two arrays as the operation meets them: for `A @ B.T` the second is turned."""
        B = ARRAYS[self.b]
        return ARRAYS[self.a], B.T if self.operation == TURNED else B

    @property
    def result(self) -> Any:
        """What NumPy answers; None where it stops with an error."""
        A, B = self.operands
        try:
            return A - B if self.operation == MINUS else A @ B
        except ValueError:
            return None

    def metrics(self) -> dict[str, float]:
        """Count the differences of four numbers and four numbers, and the sums for each day."""
        A, B = self.operands
        got = self.result
        fours = self.operation == MINUS and A.size == B.size == len(DAY)
        of_days = self.a == "(4, 3)" and self.operation != MINUS and np.ndim(got) == 2
        return {
            "differences": float(got.size) if fours and got is not None else 0.0,
            "sums a day": float(got.shape[1]) if of_days else 0.0,
        }

    def describe(self) -> str:
        """Say which lengths meet, what is used again, and what comes out."""
        A, B = self.operands
        facts = _met(A.shape, B.shape) if self.operation == MINUS else _inner(A.shape, B.shape)
        turned = f" B.T has shape {B.shape}." if self.operation == TURNED else ""
        got = self.result
        end = "NumPy stops with an error." if got is None else f"The result has shape {got.shape}."
        shapes = f"{self.operation}, where A has shape {self.a} and B has shape {self.b}."
        return f"{shapes}{turned} {facts} {end}"

    def svg(self) -> str:
        """Draw both arrays and the result, and the lengths that meet."""
        name = "B.T" if self.operation == TURNED else "B"
        draw = difference if self.operation == MINUS else product
        return draw(*self.operands, self.result, name, self.describe())


def _met(a: tuple[int, ...], b: tuple[int, ...]) -> str:
    said = []
    for m, n in pairs(a, b):
        says = verdict(m, n).replace("used", "is used")
        end = "" if says == "fits" else f", so {says}"
        if "is not" in says:
            end = ": they differ, and neither is 1"
        said.append(f"{m or 'nothing'} meets {n or 'nothing'}{end}")
    return f"From the right: {'; '.join(said)}."


def _inner(a: tuple[int, ...], b: tuple[int, ...]) -> str:
    m, n = a[-1], b[0]
    if m != n:
        return f"The inner lengths, the last of A and the first of what follows, are {m} and {n}."
    return f"The inner lengths are both {m}: each number is a sum of {m} product{'s' * (m > 1)}."


SIXTEEN = Goal(
    "A is the forecast: leave it as it is. Find the shape in which B, the measured numbers, gives "
    "16 differences where 4 were meant, and no error.",
    "differences",
    at_least=16,
    why=(
        (lambda m: m.operation != MINUS, "The program subtracts."),
        (
            lambda m: m.result is None,
            "This pair stops with an error. The program ran to its end and answered.",
        ),
        (
            lambda m: m.metrics()["differences"] == 0,
            "It runs. But one of the arrays does not hold four numbers, one for each day.",
        ),
        (
            lambda m: m.metrics()["differences"] == len(DAY),
            "Four differences, as it was meant. In which other shape can B hold four numbers?",
        ),
    ),
)

TWO_A_DAY = Goal(
    "A holds four days with three numbers each, B two rows of three weights. Find the operation "
    "that gives two sums for each day.",
    "sums a day",
    at_least=2,
    at_most=2,
    why=(
        (
            lambda m: (m.a, m.b) != ("(4, 3)", "(2, 3)"),
            "The days come as (4, 3) and the weights as (2, 3).",
        ),
        (
            lambda m: m.operation == MINUS,
            "Minus goes number by number, and adds nothing up.",
        ),
        (
            lambda m: m.operation == PRODUCT,
            "A row of A has 3 numbers, a column of B has 2. Which part of B does have 3?",
        ),
    ),
)
