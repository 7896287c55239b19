"""Chapter 3, forward propagation: which numbers change. `backpropagation.py` is the guide."""

from nnlib.course.exercises.kinds import value

# 3.5 -------------------------------------------------------------------------------------------

# The network has N = 4, D = 3, H = 5, K = 2 and ReLU between; the chapter computes every answer.
CHANGES = value(
    "3.5",
    "Which numbers change?",
    {
        "a weight of layer 1, entries of Z1": 4,
        "a weight of layer 1, entries of Z2": 8,
        "a bias of layer 2, entries of Z2": 4,
        "a number of X, entries of Z1": 5,
        "a number of X, entries of Z2": 2,
        "two rows of X swapped, entries of Z2": 4,
        "a weight of a silent unit, entries of Z2": 0,
        "layer 1 doubled, W2 halved, entries of Z2": 0,
    },
    hints=(
        (
            "Which unit owns the number that is changed, or which example? Rows are examples and "
            "columns are units, in Z1 and in Z2."
        ),
        (
            "Draw the two layers with their arrows and follow those that leave the number. A unit "
            "serves all examples; an example meets all units, and no other example."
        ),
        (
            "A unit is a column of 4 numbers, an example a row of 5 in Z1 and of 2 in Z2. In the "
            "last two questions ask what ReLU passes on, and what the second layer makes of it."
        ),
    ),
    feedback={
        "a weight of layer 1, entries of Z1": (
            (
                1,
                "One weight is one number. For how many examples is it used?",
                "A weight is one entry of W1, so one entry of Z1 seems to be its own.",
            ),
            (
                5,
                "That is how many units there are. Whose weight is it?",
                "A layer is fully connected, so a change in it seems to reach every unit.",
            ),
            (
                20,
                "That is all of Z1. Do the other units ever read this weight?",
                (
                    "A layer is one product of matrices, and one changed factor seems to spoil all "
                    "of it."
                ),
            ),
            (
                3,
                "That is how many inputs there are. Along which axis is a weight used again?",
                "The weight stands in a row of W1, which has three entries.",
            ),
        ),
        "a weight of layer 1, entries of Z2": (
            (
                4,
                "So many entries of Z1 change. How many output units read that hidden unit?",
                "What was one column in the first layer seems to stay one column in the second.",
            ),
            (
                2,
                "That would be one example. Which examples use the weight?",
                "Two outputs read the hidden unit, and the examples are forgotten.",
            ),
            (
                10,
                "So many weights the second layer has. How many of them read the changed unit?",
                "Behind one changed unit everything seems to be connected with everything.",
            ),
            (
                20,
                "So many entries Z1 has, and one of its columns changes. Z2 has fewer in all.",
                "A change in the first layer seems to go through all of it.",
            ),
            (
                1,
                "Follow the arrows: from the weight to its unit, and on from there.",
                "One change in, one change out, as in a chain of single neurons.",
            ),
        ),
        "a bias of layer 2, entries of Z2": (
            (
                1,
                "A bias is added once for each example.",
                "The bias is one number and is added once, if one example is in mind.",
            ),
            (
                8,
                "Two output units, two biases. Does the other unit add this one?",
                "The bias of a layer is thought of as one number that all its units share.",
            ),
            (
                2,
                "That is how many biases the layer has. How often is one of them used?",
                "The outputs of a layer are counted instead of the examples that pass it.",
            ),
            (
                5,
                "That is how many hidden units there are; the bias comes after them.",
                "The hidden units feed the output, so they seem to be what it shifts.",
            ),
        ),
        "a number of X, entries of Z1": (
            (
                1,
                "One number goes in. How many units read it?",
                "One entry of X seems to belong to one entry of Z1.",
            ),
            (
                20,
                "That is all of Z1. Do other examples read this one's numbers?",
                "A batch is computed in one product, so a change seems to reach all of it.",
            ),
            (
                4,
                "That is a column: one number for each example. Which examples hold the number?",
                "An input is a column of X, and columns seem to stay columns.",
            ),
            (
                3,
                "That is how many numbers an example has. How many units read each of them?",
                "The row of X that was touched has three numbers.",
            ),
        ),
        "a number of X, entries of Z2": (
            (
                8,
                "That is all of Z2. Three of the examples did not change.",
                "After two layers everything is connected with everything, so all seems touched.",
            ),
            (
                5,
                "So many hidden units change, for this one example. What does Z2 hold of it?",
                "The five entries of Z1 that changed are carried on, and Z2 is narrower.",
            ),
            (
                1,
                "One example, and how many outputs has it?",
                "One example has one answer, where there is a single output.",
            ),
            (
                10,
                (
                    "Five hidden units and two outputs: those are weights. Which entries of Z2 are "
                    "of this example?"
                ),
                "Each of five units sends on to two outputs, which makes ten arrows.",
            ),
        ),
        "two rows of X swapped, entries of Z2": (
            (
                0,
                "The same rows are there, in another order. Does Z2 know the order?",
                "The batch is the same set of examples, so the answers seem to be the same.",
            ),
            (
                8,
                "That is all of Z2. What becomes of the two rows that were left where they were?",
                "A batch is one matrix, and with two rows swapped it is another matrix.",
            ),
            (
                2,
                "Two rows change. How many numbers has a row of Z2?",
                "Two examples changed places, and examples are counted instead of numbers.",
            ),
            (
                6,
                "Those are the numbers of X that moved. How wide is Z2?",
                "Two rows of X hold six numbers, and what goes in is counted for what comes out.",
            ),
        ),
        "a weight of a silent unit, entries of Z2": (
            (
                8,
                (
                    "The sums of this unit change a little. What does ReLU make of them, before "
                    "and after?"
                ),
                "The way from the weight to the outputs is open on paper, as for any other weight.",
            ),
            (
                4,
                "So many sums in Z1 change. Does ReLU pass any of that on?",
                "The unit's own column changes, and ReLU is passed over on the way to Z2.",
            ),
        ),
        "layer 1 doubled, W2 halved, entries of Z2": (
            (
                8,
                (
                    "Double a sum and ReLU doubles what it passes on. What does half a weight make "
                    "of that?"
                ),
                "Every parameter that was touched should leave a trace in every output.",
            ),
            (
                20,
                "Those are the entries of Z1. Asked for is what is left of the change in Z2.",
                "All sums of the first layer double, and it seems to go on from there.",
            ),
        ),
    },
)
