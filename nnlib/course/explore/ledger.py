"""The shape ledger: two layers as products of rectangles, whose inner sizes meet or do not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from nnlib.course.pictures.style import GREEN, VERMILLION
from nnlib.course.pictures.svg import document, line, text

from .model import Control, Goal, Story

INPUTS, UNITS, OUTPUTS = 3, 4, 2
BATCHES = (1, 2, 3, 4, 5, 6)
PRODUCTS = ("X W", "X Wᵀ", "W X", "W Xᵀ")
CELL, GAP, LEFT, ROW, WIDTH = 17, 46, 20, 160, 384


@dataclass(frozen=True)
class Matrix:
    """A name, a shape, and the axis along which the examples lie, if any does."""

    name: str
    rows: int
    columns: int
    examples: int | None = None

    def turned(self) -> Matrix:
        """Lay it on its side."""
        axis = None if self.examples is None else 1 - self.examples
        return Matrix(f"{self.name}ᵀ", self.columns, self.rows, axis)

    def __str__(self) -> str:
        return f"{self.name} ({self.rows}, {self.columns})"


@dataclass(frozen=True)
class Step:
    """One product: left times right, and what comes of it if the inner sizes meet."""

    left: Matrix
    right: Matrix
    name: str

    @property
    def meets(self) -> bool:
        """Whether the left one has as many columns as the right one has rows."""
        return self.left.columns == self.right.rows

    @property
    def result(self) -> Matrix:
        """The product; examples that lie along the inner axis are summed over, and lost."""
        axis = 0 if self.left.examples == 0 else 1 if self.right.examples == 1 else None
        return Matrix(self.name, self.left.rows, self.right.columns, axis)

    def __str__(self) -> str:
        met = f"{self.left} times {self.right}: {self.left.columns} "
        if self.meets:
            return f"{met}meets {self.right.rows}, and {self.result} comes out."
        return f"{met}does not meet {self.right.rows}, and NumPy refuses."


def step(product: str, X: Matrix, W: Matrix, name: str) -> Step:
    """Write a layer's product in one of the four ways."""
    if product == "X W":
        return Step(X, W, name)
    if product == "X Wᵀ":
        return Step(X, W.turned(), name)
    if product == "W X":
        return Step(W, X, name)
    return Step(W, X.turned(), name)


@dataclass(frozen=True)
class Ledger:
    """Two layers, both written with the same product: 3 inputs, 4 units, 2 outputs.

    Parameters
    ----------
    product : str
        One of the four ways to multiply the input by the weights.
    batch : int
        How many examples the batch holds.
    reads : int
        How many numbers the second layer expects: the columns of its weights.

    Examples
    --------
    >>> Ledger("X Wᵀ").metrics()
    {'runs': 1.0, 'batches': 6.0}
    >>> Ledger("W X", batch=3).metrics()
    {'runs': 1.0, 'batches': 0.0}
    """

    product: str = "X W"
    batch: int = 5
    reads: int = UNITS

    controls: ClassVar[tuple[Control, ...]] = (
        Control("product", "a layer computes", PRODUCTS),
        Control("batch", "examples in the batch", BATCHES),
        Control("reads", "numbers that layer 2 reads", BATCHES),
    )

    def steps(self) -> list[Step]:
        """Give the products that can be asked for: the second needs the first one's result."""
        X = Matrix("X", self.batch, INPUTS, 0)
        first = step(self.product, X, Matrix("W₁", UNITS, INPUTS), "Z₁")
        if not first.meets:
            return [first]
        A = replace(first.result, name="A₁")
        return [first, step(self.product, A, Matrix("W₂", OUTPUTS, self.reads), "Z₂")]

    def runs(self) -> bool:
        """Whether nothing raises an error."""
        steps = self.steps()
        return len(steps) == 2 and steps[1].meets

    def right(self) -> bool:
        """Whether it runs, and gives each example a row of its own."""
        return self.runs() and self.steps()[1].result.examples == 0

    def metrics(self) -> dict[str, float]:
        """Give whether this batch runs, and for how many sizes of batch all is right."""
        fit = sum(replace(self, batch=batch).right() for batch in BATCHES)
        return {"runs": float(self.runs()), "batches": float(fit)}

    def describe(self) -> str:
        """Say layer by layer what meets what, and where the examples are at the end."""
        told = [f"A batch of {self.batch}; layer 2 reads {self.reads} numbers."]
        told += [f"Layer {i}: {each}" for i, each in enumerate(self.steps(), 1)]
        if self.runs():
            axis = self.steps()[1].result.examples
            told.append(
                "Each example has a row of its own."
                if axis == 0
                else "No row and no column belongs to one example: the examples are mixed."
            )
        return " ".join(told)

    def svg(self) -> str:
        """Draw each product as three rectangles; one example is shaded as far as it can be told."""
        body = "".join(_draw(each, i) for i, each in enumerate(self.steps()))
        body += text(WIDTH - 8, 16, "shaded: one example", anchor="end")
        if len(self.steps()) == 1:
            body += text(
                LEFT - 16, ROW + 40, "Layer 2 has nothing to work on.", size=14, anchor="start"
            )
        return document(WIDTH, 2 * ROW, body, self.describe())


def _draw(each: Step, place: int) -> str:
    top, colour = ROW * place + 46.0, GREEN if each.meets else VERMILLION
    second = LEFT + CELL * each.left.columns + GAP
    third = second + CELL * each.right.columns + GAP
    middle = top + CELL * 3
    low, inner = top + CELL * each.left.rows, CELL * each.right.rows
    sign = "=" if each.meets else "≠"
    drawn = [
        text(LEFT - 16, top - 30, f"layer {place + 1}", size=13, anchor="start"),
        _rectangle(each.left, LEFT, top),
        text(second - GAP / 2, middle, "×", size=18),
        _rectangle(each.right, second, top),
        # The two edges that must be equally long.
        line((LEFT, low), (second - GAP, low), colour=colour, width=4, dashed=not each.meets),
        line((second, top), (second, top + inner), colour=colour, width=4, dashed=not each.meets),
        text(second - GAP / 2, middle + 22, f"{each.left.columns} {sign} {each.right.rows}"),
    ]
    if each.meets:
        drawn += [text(third - GAP / 2, middle, "=", size=18), _rectangle(each.result, third, top)]
    else:
        drawn.append(text(third - GAP + 10, middle + 4, "no product", size=14, anchor="start"))
    return "".join(drawn)


def _rectangle(matrix: Matrix, left: float, top: float) -> str:
    """Draw a matrix cell by cell, its first example shaded."""
    wide, high = CELL * matrix.columns, CELL * matrix.rows
    shade = ""
    if matrix.examples is not None:
        across = (wide, CELL) if matrix.examples == 0 else (CELL, high)
        shade = (
            f'<rect x="{left}" y="{top}" width="{across[0]}" height="{across[1]}" '
            f'fill="{VERMILLION}" fill-opacity="0.45"/>'
        )
    cells = "".join(f"M{left + CELL * i} {top}v{high}" for i in range(matrix.columns + 1))
    cells += "".join(f"M{left} {top + CELL * i}h{wide}" for i in range(matrix.rows + 1))
    return (
        f'{shade}<path d="{cells}" stroke="currentColor" stroke-width="0.8" fill="none"/>'
        + text(left + wide / 2, top - 8, str(matrix))
    )


ANY_BATCH = Goal(
    "Let a batch of any size through both layers, so that each example ends in a row of its own.",
    "batches",
    at_least=len(BATCHES),
    why=(
        (
            lambda m: m.product == "X W",
            (
                "A column of W belongs to an input, a row to a unit. Which of the two has to meet "
                "the columns of X?"
            ),
        ),
        (
            lambda m: m.product == "W X" and m.runs(),
            (
                "It runs, by luck: there are as many examples as inputs, so examples were summed "
                "where inputs should be. Try another batch."
            ),
        ),
        (
            lambda m: m.product == "W X",
            "The columns of W are inputs, the rows of X are examples: why should they meet?",
        ),
        (
            lambda m: m.product == "W Xᵀ",
            (
                "Layer 1 gives each example a column, and layer 2 looks for it in a row. Which "
                "product gives back what it takes?"
            ),
        ),
        (
            lambda m: m.reads != UNITS,
            "How many numbers does layer 1 make of an example, and how many does layer 2 read?",
        ),
    ),
)

STORY = Story(
    "a layer computes",
    {
        "X W": Ledger("X W"),
        "W X": Ledger("W X"),
        "W X, with 3 examples": Ledger("W X", batch=3),
        "W Xᵀ": Ledger("W Xᵀ"),
        "X Wᵀ": Ledger("X Wᵀ"),
        "X Wᵀ, with 3 examples": Ledger("X Wᵀ", batch=3),
    },
)
