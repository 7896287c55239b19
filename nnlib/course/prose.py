"""The rule behind `claim`: every numeral in a chapter's prose lies inside a claimed fragment.

Outside may stand what is not a statement: numbers of equations, chapters and exercises, code,
links, citations, names such as W1, list numbers; and in formulas tags, indices, exponents, and the
0, 1, 2 of a formula in letters. `python -m nnlib.course.prose CHAPTER.ipynb` lists the others.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NUMERAL = re.compile(r"\d+(?:[.,]\d+)*|[¼½¾⅓⅔]")
_NUMBER = r"\d+(?:\.\d+)*"
_SEVERAL = rf"\(?{_NUMBER}\)?(?:(?:\s*(?:,|–|-|and|to|or)\s*)+\(?{_NUMBER}\)?)*"
_NAMED = "exercise|chapter|figure|equation|section|table|part|hint"

CODE = re.compile(r"^(?P<fence>```+|~~~+).*?^(?P=fence)|(?P<tick>`+)(?!`).+?(?P=tick)", re.M | re.S)
MATH = re.compile(
    r"\$\$(?P<display>.+?)\$\$|(?<![\\$\w])\$(?P<inline>(?:[^$\n]|\n(?!\s*\n))+)\$(?!\d)", re.S
)
NOT_STATEMENTS = [
    re.compile(pattern, re.M | re.S | re.I)
    for pattern in (
        r"<!--.*?-->",
        r"</?[a-z][^<>]*>",
        r"&#?\w+;",
        r"\]\([^)]*\)|\[\^\w+\]",
        r"https?://\S+",
        rf"\b(?:{_NAMED})s?\s+{_SEVERAL}",
        r"\(\d+\.\d+\)",
        rf"^#+\s+{_NUMBER}\b",
        r"^\s*\d+[.)](?=\s)",
        r"\b[a-z_]\w*\d\w*",
    )
]
NOT_VALUES = [
    re.compile(pattern)
    for pattern in (
        r"\\(?:tag|label|hspace|begin|end)\*?\{[^{}]*\}(?:\{[^{}]*\})?",
        r"\\\\\[[^\]]*\]",
        r"[_^]\s*\{(?:[^{}]|\{[^{}]*\})*\}",
        r"[_^]\s*\d",
    )
]


def masked(markdown: str) -> str:
    """Put a dot for every character that makes no statement; the length stays."""
    text = CODE.sub(_dots, markdown)
    text = MATH.sub(lambda found: _mask_formula(found[0]), text)
    for pattern in NOT_STATEMENTS:
        text = pattern.sub(_dots, text)
    return text


def _dots(found: re.Match[str]) -> str:
    return re.sub(r"\S", "·", found[0])


def _mask_formula(formula: str) -> str:
    for pattern in NOT_VALUES:
        formula = pattern.sub(_dots, formula)
    if _in_letters(formula):
        formula = NUMERAL.sub(_dots, formula)
    return formula


def _in_letters(formula: str) -> bool:
    """Whether a formula holds for letters: only 0, 1, 2 in it, and on no side a number alone."""
    bare = re.sub(r"\\[,;:! ]|\\q?quad|[{}$&·\s]", "", formula)
    sides = re.split(r"=|\\approx|≈|\\\\", bare)
    numbers_alone = any(NUMERAL.search(side) and not re.search(r"[^\W\d]", side) for side in sides)
    letters = re.search(r"[^\W\d]", re.sub(r"\\[a-zA-Z]+", "", bare))
    small = all(numeral in ("0", "1", "2") for numeral in re.findall(r"\d+(?:\.\d+)?", bare))
    greek = re.search(r"\\(?!times|cdot|frac|left|right|to|le|ge)[a-z]+", bare)
    return bool(small and (letters or greek) and not numbers_alone)


def folded(text: str) -> str:
    """Fold white space."""
    return re.sub(r"\s+", " ", text)


def unclaimed(markdown: str, fragments: Sequence[str]) -> list[str]:
    """List the numerals outside every fragment, each with the words around it.

    Examples
    --------
    >>> unclaimed("It took 3 steps, see (5.4), of 10.", ["took 3 steps"])
    ['e (5.4), of >10<.']
    """
    prose, statements = folded(markdown), folded(masked(markdown))
    covered = bytearray(len(prose))
    for fragment in map(folded, fragments):
        for found in re.finditer(re.escape(fragment.strip()), prose):
            covered[found.start() : found.end()] = b"\1" * len(found[0])
    return [
        f"{prose[max(found.start() - 12, 0) : found.start()]}>{found[0]}<"
        f"{prose[found.end() : found.end() + 12]}"
        for found in NUMERAL.finditer(statements)
        if not all(covered[found.start() : found.end()])
    ]


def absent(markdown: str, fragments: Sequence[str]) -> list[str]:
    """List the fragments that do not stand in the prose word for word.

    Examples
    --------
    >>> absent("It took 3 steps.", ["took 3 steps", "took 4 steps"])
    ['took 4 steps']
    """
    prose = folded(markdown)
    return [fragment for fragment in fragments if folded(fragment).strip() not in prose]


@dataclass(frozen=True)
class Chapter:
    """A notebook as the rule sees it: its prose, its claims, and what is amiss with them."""

    markdown: str
    claims: tuple[str, ...]
    amiss: tuple[str, ...]


def read(path: str | Path) -> Chapter:
    """Read the prose and the claims of a notebook."""
    cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    markdown = [_source(cell) for cell in cells if cell["cell_type"] == "markdown"]
    claims, amiss = [], []
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        for call in _claims(_source(cell)):
            text = call.args[0] if call.args else None
            if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
                amiss.append(f"a claim's text is a plain string: {ast.unparse(call)}")
                continue
            claims.append(text.value)
            if len(re.findall(r"[^\W\d]{2,}|\\[a-z]+|[=+×]", text.value)) < 2:
                amiss.append(f"claim a piece of a sentence, not only a number: {text.value!r}")
            if len(call.args) < 2 or isinstance(call.args[1], ast.Constant):
                amiss.append(f"a claim's truth is computed: {ast.unparse(call)}")
            if "remove-cell" not in cell["metadata"].get("tags", []):
                amiss.append(f"the cell of a claim carries the tag remove-cell: {text.value!r}")
    return Chapter("\n\n".join(markdown), tuple(claims), tuple(amiss))


def _source(cell: Any) -> str:
    return "".join(cell["source"])


def _claims(code: str) -> Iterator[ast.Call]:
    plain = "\n".join("" if line.lstrip()[:1] in ("%", "!") else line for line in code.split("\n"))
    try:
        tree = ast.parse(plain)
    except SyntaxError:  # a learner's own cell, left half-written
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "claim":
            yield node


def faults(path: str | Path) -> list[str]:
    """List everything in a chapter that breaks the rule."""
    chapter = read(path)
    return [
        *chapter.amiss,
        *(
            f"claimed, but not in the prose: {text!r}"
            for text in absent(chapter.markdown, chapter.claims)
        ),
        *(f"not claimed: {text}" for text in unclaimed(chapter.markdown, chapter.claims)),
    ]


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print(*faults(argument) or ["every number is claimed"], sep="\n")
