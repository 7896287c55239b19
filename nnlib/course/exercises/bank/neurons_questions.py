"""Chapter 1, neurons: questions to answer before running anything. `backpropagation.py` guides."""

from nnlib.course.exercises.kinds import value

# 1.5 -------------------------------------------------------------------------------------------

# The chapter computes every answer.
PREDICTIONS = value(
    "1.5",
    "What one neuron can do",
    {
        "most corners of XOR": 3,
        "truth tables of the sixteen": 14,
        "a sum after doubling": -5.0,
        "wrong after changing signs": 37,
        "how far the line moves": 4.0,
        "the weight for seconds": 0.0125,
        "the sum after one correction": 6.0,
    },
    hints=(
        "For each question: does the line move, or only the sums, or neither?",
        (
            "The line is where the sum is zero; how far a point is from it, the sum divided by the "
            "length of the weights says. For the gates, ask which of them part the corners by no "
            "single straight stroke."
        ),
        (
            "Only two of the sixteen tables put both yes at opposite corners. The weights (0.75, "
            "1) have the length 1.25. A minute has sixty seconds, and the product should stay what "
            "it was. A correction adds x to the weights and 1 to the bias: multiply out."
        ),
    ),
    feedback={
        "most corners of XOR": (
            (
                4,
                (
                    "That takes two lines. Which two of the four inequalities cannot hold together "
                    "with the other two?"
                ),
                (
                    "Two inputs, two weights and a bias: with so much to choose from, one "
                    "combination should fit."
                ),
            ),
            (
                2,
                (
                    "A neuron that always says no gets two. OR does better: how many does it share "
                    "with XOR?"
                ),
                "What cannot be done seems to be no better than chance.",
            ),
            (1, "Even a neuron that always says the same gets two.", "XOR is called impossible."),
        ),
        "truth tables of the sixteen": (
            (
                16,
                "XOR is among them. Which other table has its two yes at opposite corners?",
                "Weights can be any number, so it seems that they can meet any table.",
            ),
            (
                15,
                "XOR is one. Turn all its answers round: can a single line do that?",
                "XOR is the one example that everybody tells.",
            ),
            (
                2,
                "Those are the ones that it cannot do.",
                "The question is easily read the other way round.",
            ),
            (
                4,
                (
                    "So many corners there are. Each can get a yes or a no: count the ways, then "
                    "take away what no line does."
                ),
                "There are four corners, and four gates are known by name.",
            ),
            (
                12,
                "Those that always say yes, or always no, count too: the weights may be 0.",
                "A gate that never changes its mind does not look like a neuron.",
            ),
        ),
        "a sum after doubling": (
            (
                -2.5,
                (
                    "The line stays where it is, and the answer too. The sum is made of what was "
                    "doubled."
                ),
                "Nothing moves in the picture, so nothing seems to have changed.",
            ),
            (
                1.0,
                "That doubles the weights alone. The bias is doubled as well.",
                "The bias is a different kind of number from the weights.",
            ),
            (
                -8.5,
                "That doubles the bias alone. The weights are doubled as well.",
                "The bias is the number that is added last, and the last one is remembered.",
            ),
            (
                -10.0,
                "Every product has one weight in it, so it doubles once.",
                "Three numbers are doubled, and doubling seems to pile up.",
            ),
            (5.0, "Doubling leaves the sign as it is.", "A minus is easily lost."),
        ),
        "wrong after changing signs": (
            (
                3,
                (
                    "The line is the same, and its sides have changed places: whoever was right is "
                    "now wrong."
                ),
                "The line stays where it is, and so, it seems, do the mistakes.",
            ),
            (
                40,
                "Those three who were on the wrong side are on the right one now.",
                "Everything is turned round, so everything must be wrong.",
            ),
            (
                20,
                "Nobody decides by chance here. What becomes of each single answer?",
                "A neuron that is of no use is right half of the time.",
            ),
            (
                0,
                "That would be so if all had been wrong before.",
                "Changing signs is what repairs a neuron that is wrong about everything.",
            ),
        ),
        "how far the line moves": (
            (
                5.0,
                (
                    "So much the sums grow. A step of length 1 along the weights changes the sum "
                    "by more than 1: by how much?"
                ),
                "The bias is a shift, and it is shifted by five.",
            ),
            (
                6.25,
                "The longer the weights, the less the line moves: each step changes the sum more.",
                "Multiplying and dividing by a length look alike on paper.",
            ),
            (
                5.0 / 1.75,
                (
                    "That divides by the sum of the weights. How long is the arrow with the sides "
                    "0.75 and 1?"
                ),
                "Adding the sides is the length of the way round the corner.",
            ),
            (
                0.0,
                "The weights turn the line, and the bias pushes it.",
                "Doubling all three numbers does not move it, so it seems to be hard to move.",
            ),
            (
                3.2,
                (
                    "Five divided by 1.25 squared. The sum changes by the length of the weights "
                    "with each step, not by its square."
                ),
                "The length is a root, and the square comes before the root is taken.",
            ),
            (
                -4.0,
                "So far, and against the arrow. A distance has no sign.",
                "The bias grows, and the line moves the other way.",
            ),
            (
                20 / 3,
                (
                    "So far it moves along the axis of the minutes, which it crosses at a slant. "
                    "The shortest way from line to line is along the arrow."
                ),
                (
                    "The line cuts the axis at two places that are easily computed, and the way "
                    "between them is easily measured."
                ),
            ),
        ),
        "the weight for seconds": (
            (
                0.75,
                "Then a visitor who stays 2 minutes counts as one who stays 120.",
                "The visitors are the same people, and a weight says how much something matters.",
            ),
            (
                45.0,
                "The numbers have become larger, so the weight has to become smaller.",
                "Sixty times as many units, sixty times the weight: that is how prices work.",
            ),
            (
                1 / 60,
                "So much of a minute is a second. The weight was 0.75 for a whole minute.",
                "The factor between the units is the first number that comes to mind.",
            ),
            (
                0.0075,
                "A minute has sixty seconds, not a hundred.",
                "Everything else is counted in tens.",
            ),
        ),
        "the sum after one correction": (
            (
                1.0,
                "That is the target. The rule adds x and 1, once, whatever the sum is then.",
                "The correction seems to be made so that the answer becomes the target.",
            ),
            (
                5.0,
                "The weights have their share. What does the bias add?",
                "The bias is easily forgotten.",
            ),
            (
                4.0,
                "That adds up x and 1. The new weights are multiplied with x once more.",
                "x and 1 are what the rule adds.",
            ),
            (
                3.0,
                "That is x added up. The new weights are multiplied with x once more.",
                "x is what the rule adds to the weights.",
            ),
            (
                0.0,
                "Then the answer would be the same as before: zero is a no.",
                "The mistake seems to be small, as small as a sum of zero.",
            ),
        ),
    },
)
