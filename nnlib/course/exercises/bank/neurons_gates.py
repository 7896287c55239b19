"""Chapter 1, neurons: weights for four gates. `backpropagation.py` is the guide.

An answer is judged by the truth tables that its neurons have, so any weights that do the
work are right, and all that make one wrong table get the same message.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnlib.course.exercises.compare import pending
from nnlib.course.exercises.exercise import Answer, Misconception, Property
from nnlib.course.exercises.kinds import property_of

# 1.2 -------------------------------------------------------------------------------------------

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
STEADY, OFF_BY, WAVERS = "steady AND", 0.2, -1
TABLES = {
    "AND": (0, 0, 0, 1),
    "OR": (0, 1, 1, 1),
    "NAND": (1, 1, 1, 0),
    STEADY: (0, 0, 0, 1),
}
FOUND = {"AND": (1, 1, -1.5), "OR": (1, 1, -0.5), "NAND": (-1, -1, 1.5), STEADY: (1, 1, -1.5)}


def _truth_tables(answer: Any) -> Answer:
    """Turn weights and biases into what they answer at the corners, gate by gate."""
    if not isinstance(answer, Mapping):
        raise TypeError(f"The answer is a dict with the keys {', '.join(map(repr, TABLES))}.")
    unknown = [gate for gate in answer if gate not in TABLES]
    if unknown:
        raise TypeError(f"There is no gate {unknown[0]!r} here: {', '.join(TABLES)}.")

    for gate, numbers in answer.items():
        if not pending(numbers) and not _three(numbers):
            raise TypeError(f"{gate} takes three numbers: weight 1, weight 2, bias.")

    def table(gate: str) -> Any:
        numbers = answer.get(gate, ...)
        if pending(numbers) or any(map(pending, numbers)):
            return ...
        w1, w2, b = map(float, numbers)
        sums = CORNERS @ np.array([w1, w2]) + b
        says = (sums > 0).astype(int)
        if gate == STEADY:  # the inputs may be off by so much, both of them
            play = OFF_BY * (abs(w1) + abs(w2))
            says[(sums - play <= 0) & (sums + play > 0)] = WAVERS
        return says

    return table


def _three(numbers: Any) -> bool:
    """Whether these are three numbers, or numbers still to be written."""
    if not isinstance(numbers, tuple | list | np.ndarray) or len(numbers) != 3:
        return False
    return all(pending(each) or isinstance(each, int | float | np.number) for each in numbers)


def _mistaken(
    gate: str, name: str, w: tuple[float, float, float], message: str, tempting: str
) -> Misconception:
    return Misconception(f"{gate}: {name}", {**FOUND, gate: w}, message, tempting)


NEVER = (
    "It never says yes. Compute the sum at the corner that should get one: it has to be above "
    "zero, and zero itself is not."
)
ALWAYS = "It says yes to everything. Which corner should get a no, and what is the sum there?"
FIRST = (
    "Your neuron listens to the first input alone. Which corners tell you that the second matters?"
)
SECOND = (
    "Your neuron listens to the second input alone. Which corners tell you that the first matters?"
)

GATES = property_of(
    "1.2",
    "Gates by hand",
    FOUND,
    (
        Property(
            "steady",
            lambda table, _: WAVERS not in list(table),
            "At a corner that is marked −1 below it says yes or no as the inputs come off. Compute "
            "the largest and the smallest sum that can arrive there: both belong on one side.",
        ),
        Property(
            "truth table",
            lambda table, gate: bool(np.array_equal(table, TABLES[gate])),
            "The four answers, at (0, 0), (0, 1), (1, 0) and (1, 1), are not those of this gate. "
            "Compute the sum at the first one that is off: which number would move it over zero?",
        ),
    ),
    cases=lambda _: [(gate,) for gate in TABLES],
    adapt=_truth_tables,
    prefix=True,
    written=(
        (
            "# weight 1, weight 2, bias\n"
            'answer = {\n    "AND": (..., ..., ...),\n    "OR": (..., ..., ...),\n'
            '    "NAND": (..., ..., ...),\n    "steady AND": (..., ..., ...),\n}\n'
        ),
        (
            "# weight 1, weight 2, bias\n"
            'answer = {\n    "AND": (1, 1, -1.5),\n    "OR": (1, 1, -0.5),\n'
            '    "NAND": (-1, -1, 1.5),\n    "steady AND": (1, 1, -1.5),\n}\n'
        ),
    ),
    hints=(
        "Write the four sums of AND in letters. Which of them have to be positive?",
        (
            "Let both weights be 1: then the sum without the bias is how many inputs are 1. The "
            "bias says how many of them it takes."
        ),
        (
            "For AND, one input must not be enough and two must be: the bias lies between −2 and "
            "−1. For OR one is enough. NAND is AND with every answer turned round, and so are its "
            "three numbers. For the steady one compare the sum at (0.8, 0.8) with that at "
            "(1.2, 0.2): the one has to be above zero, the other below."
        ),
    ),
    misconceptions=(
        _mistaken(
            "AND",
            "or",
            (1, 1, -0.5),
            "One input is enough for your neuron. AND asks for both: what is the sum with a "
            "single 1, and where should it lie?",
            "In everyday speech `and` adds things up, and more of them seem to make a yes more "
            "likely.",
        ),
        _mistaken(
            "AND",
            "never",
            (1, 1, -2),
            NEVER,
            "Two inputs, so the bias should ask for two: and then the sum is exactly zero.",
        ),
        _mistaken(
            "AND",
            "always",
            (1, 1, 0.5),
            ALWAYS,
            "AND asks for a lot, and a large bias is taken for a high bar.",
        ),
        _mistaken(
            "AND",
            "first input",
            (1, 0.25, -0.5),
            FIRST,
            "Both inputs have a weight, and any weight seems to be a say in the matter.",
        ),
        _mistaken(
            "AND",
            "second input",
            (0.25, 1, -0.5),
            SECOND,
            "Three of the four corners come out right, and the fourth is easily not looked at.",
        ),
        _mistaken(
            "AND",
            "nand",
            (-1, -1, 1.5),
            "All four answers are the opposite of AND's. Which change turns every sum into its "
            "opposite?",
            "The line is in the right place, and a line does not show which of its sides says yes.",
        ),
        _mistaken(
            "AND",
            "nor",
            (-1, -1, 0.5),
            "It says yes where neither input is 1. Negative weights speak against their inputs.",
            "The bias was found with the right size and the weights with the wrong sign.",
        ),
        _mistaken(
            "AND",
            "the example",
            (1, -1, -0.5),
            "That is the gate of the example: the first input, but not the second. AND asks for "
            "both, so neither of them should speak against.",
            "It is the one neuron that the page works out, and it does say yes just once.",
        ),
        _mistaken(
            "AND",
            "bias first",
            (-1.5, 1, 1),
            "If these are the numbers of AND, they stand in another order: the two weights come "
            "first, and the bias is the last of the three.",
            "In some books the bias is written first, as a weight number zero.",
        ),
        _mistaken(
            "OR",
            "and",
            (1, 1, -1.5),
            "Your neuron waits for both inputs. One should be enough.",
            "The gate before it was just solved, and only its bias has to change.",
        ),
        _mistaken(
            "OR",
            "never",
            (1, 1, -2.5),
            NEVER,
            "The bias has to be negative, and how far below zero it may go is not looked at.",
        ),
        _mistaken(
            "OR",
            "always",
            (1, 1, 0.5),
            ALWAYS,
            "OR is generous, and three yes of four are nearly four.",
        ),
        _mistaken(
            "OR",
            "first input",
            (1, 0.25, -0.5),
            FIRST,
            "Either input will do, so it seems to do to wait for one of them.",
        ),
        _mistaken(
            "OR",
            "second input",
            (0.25, 1, -0.5),
            SECOND,
            "The bias fits one of the two weights, and it is easy to forget that it serves both.",
        ),
        _mistaken(
            "OR",
            "nor",
            (-1, -1, 0.5),
            "All four answers are the opposite of OR's.",
            "The weights of the opposite gate have been found, and the signs look like a detail.",
        ),
        _mistaken(
            "OR",
            "the example",
            (1, -1, -0.5),
            "That is the gate of the example: the first input, but not the second. In OR both "
            "inputs speak for a yes.",
            "It is the one neuron that the page works out, and half of OR is in it.",
        ),
        _mistaken(
            "OR",
            "nand",
            (-1, -1, 1.5),
            "It says yes where neither input is 1, and no where both are. Which way do negative "
            "weights make an input speak?",
            "OR and NAND agree on two of the four corners, and the other two are seldom looked at.",
        ),
        _mistaken(
            "NAND",
            "and",
            (1, 1, -1.5),
            "That is AND. NAND says no exactly where AND says yes.",
            "The N is easily overlooked.",
        ),
        _mistaken(
            "NAND",
            "nor",
            (-1, -1, 0.5),
            "One input at 1 already makes it say no. NAND says no only when both are.",
            "`not both` and `not any` sound alike, and both turn a gate round.",
        ),
        _mistaken(
            "NAND",
            "weights turned, bias not",
            (-1, -1, -1.5),
            "It never says yes. You have turned the weights round; what has to become of the "
            "bias, if every sum is to change its sign?",
            "The weights carry the inputs, so turning them round seems to turn the whole gate "
            "round.",
        ),
        _mistaken(
            "NAND",
            "bias turned, weights not",
            (1, 1, 1.5),
            "It says yes to everything. You have turned the bias round; what has to become of the "
            "weights, if every sum is to change its sign?",
            "The bias alone decides between AND and OR, so it is expected to decide here too.",
        ),
        _mistaken(
            "NAND",
            "not the first",
            (-1, -0.25, 0.5),
            "Your neuron says no to the first input and does not hear the second.",
            "`Not x1 and x2` can be read as `not x1`, and the rest goes unheard.",
        ),
        _mistaken(
            "NAND",
            "not the second",
            (-0.25, -1, 0.5),
            "Your neuron says no to the second input and does not hear the first.",
            "Turning one of the two inputs round feels like turning the gate round.",
        ),
        _mistaken(
            "NAND",
            "second turned",
            (1, -1, 0.5),
            "It says no at one corner only, and it is the wrong one: (0, 1). Where both inputs "
            "are 1 their two weights have to bring the sum down together.",
            "One sign was turned round, and a gate that says no just once looks like the one.",
        ),
        _mistaken(
            "NAND",
            "first turned",
            (-1, 1, 0.5),
            "It says no at one corner only, and it is the wrong one: (1, 0). Where both inputs "
            "are 1 their two weights have to bring the sum down together.",
            "Turning the first weight round feels like turning the gate round.",
        ),
        _mistaken(
            "NAND",
            "bias first",
            (1.5, -1, -1),
            "It says yes only where the first input is 1 and the second 0. Which of your three "
            "numbers is the bias? It stands last.",
            "A formula that begins with the bias puts it first in the code as well.",
        ),
        _mistaken(
            STEADY,
            "too easily",
            (1, 1, -1.1),
            "It is an AND as long as the inputs are exact. A single 1 that comes as 1.2, beside a "
            "0 that comes as 0.2, already makes it say yes. How far below zero should such a sum "
            "lie?",
            "Any bias between the two sums makes an AND, and one is as good as another.",
        ),
        _mistaken(
            STEADY,
            "too hard",
            (1, 1, -1.9),
            "It is an AND as long as the inputs are exact. Two ones that come as 0.8 are refused. "
            "What do they add up to?",
            "A gate that is not to be fooled seems to need a bias that asks for a lot.",
        ),
        _mistaken(
            STEADY,
            "one input counts more",
            (2, 1, -2.5),
            "At exact corners it is an AND. But the input with the larger weight carries its error "
            "further. Look at (1.2, 0.2), and at (0.8, 0.8).",
            "Unequal weights made an AND before, so they should make a steady one.",
        ),
        _mistaken(
            STEADY,
            "never",
            (1, 1, -2.5),
            NEVER,
            "Steady sounds like strict, and strict like a large negative bias.",
        ),
        _mistaken(
            STEADY,
            "or",
            (1, 1, -0.5),
            "One input is enough for it: that is OR. It has to be AND first, and then steady.",
            "The OR of before keeps far from its corners, and that is what steady asks for.",
        ),
        _mistaken(
            "NAND",
            "or",
            (1, 1, -0.5),
            "It says no where both inputs are 0. That is the wrong corner: NAND says no where "
            "both are 1.",
            "Both gates say yes three times, so a count of the answers looks right.",
        ),
    ),
    also_right=(
        {"AND": (2, 2, -3), "OR": (1, 1, -0.75), "NAND": (-4, -4, 5), STEADY: (2, 2, -3)},
        {"AND": [0.5, 0.75, -1], "OR": [5, 3, -1], "NAND": [-0.5, -0.75, 1], STEADY: [9, 10, -14]},
        {gate: np.array(numbers) * 10 for gate, numbers in FOUND.items()},
    ),
)
