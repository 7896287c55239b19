"""Chapter 3, forward propagation: which numbers change. `backpropagation.py` is the guide."""

from nnlib.course.exercises.kinds import value

# 3.5 -------------------------------------------------------------------------------------------

# The network has N = 4, D = 3, H = 5, K = 2 and ReLU between; the chapter computes every answer.
# Rows and columns are asked for, because a count alone does not say which of them.
CHANGES = value(
    "3.5",
    "Which numbers change?",
    {
        "a weight of W1, in Z1": (4, 1),
        "a weight of W1, in Z2": (4, 2),
        "a bias of layer 2, in softmax(Z2)": (4, 2),
        "a number of X, in Z1": (1, 5),
        "a number of X, in Z2": (1, 2),
        "two rows of X swapped, in Z2": (2, 2),
        "a weight of a silent unit, in Z2": (0, 0),
        "W1 doubled, W2 halved, in Z2": (4, 2),
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
            "A unit is a column with 4 rows; an example is a row, with 5 columns in Z1 and 2 in "
            "Z2. A softmax divides by the sum of its row. In the last two questions write one sum "
            "out, with its bias, and ask what ReLU passes on."
        ),
    ),
    feedback={
        "a weight of W1, in Z1": (
            (
                4,
                (
                    "So many numbers they are. Do they stand in a row or in a column? Asked for "
                    "are rows and columns, as in the example."
                ),
                "Four numbers change, and a number of numbers sounds like an answer.",
            ),
            (
                (1, 1),
                "One weight is one number. For how many examples is it used?",
                "A weight is one entry of W1, so one entry of Z1 seems to be its own.",
            ),
            (
                (1, 4),
                (
                    "The numbers are right, and exchanged: rows are examples. How many examples "
                    "use the weight, and in how many units?"
                ),
                "Four numbers in one line are written side by side, and that looks like a row.",
            ),
            (
                (1, 5),
                (
                    "That is all of one example. A row of W1 is a unit; which units are the rows "
                    "of Z1?"
                ),
                "The weight stands in a row of W1, and rows seem to stay rows.",
            ),
            (
                (4, 5),
                "That is all of Z1. Do the other units ever read this weight?",
                (
                    "A layer is one product of matrices, and one changed factor seems to spoil all "
                    "of it."
                ),
            ),
            (
                (1, 3),
                (
                    "Three numbers has the row of W1 in which the weight stands. They make one "
                    "unit: where are its sums in Z1?"
                ),
                (
                    "The weight and its two neighbours belong together, so they seem to change "
                    "together."
                ),
            ),
            (
                (5, 1),
                "Z1 has no five rows: it has one for each example. What runs along its columns?",
                "A weight belongs to one input, and in W1 an input is a column of five.",
            ),
        ),
        "a weight of W1, in Z2": (
            (
                (4, 1),
                "So it is in Z1. How many output units read that hidden unit?",
                "What was one column in the first layer seems to stay one column in the second.",
            ),
            (
                (1, 2),
                "That would be one example. Which examples use the weight?",
                "Two outputs read the hidden unit, and the examples are forgotten.",
            ),
            (
                (4, 5),
                "That is the shape of Z1. How wide is Z2?",
                "A change in the first layer seems to go through all of it, and on from there.",
            ),
            (
                (2, 5),
                (
                    "That is the shape of W2. No weight there has changed; what has, is a number "
                    "that they are multiplied by."
                ),
                "On the way from the unit to the outputs stand the weights of the second layer.",
            ),
            (
                (1, 1),
                "Follow the arrows: from the weight to its unit, and on from there.",
                "One change in, one change out, as in a chain of single neurons.",
            ),
            (
                (2, 4),
                "Exchanged: rows are examples, and columns are units.",
                "An output is thought of first, and then the examples that it answers.",
            ),
        ),
        "a bias of layer 2, in softmax(Z2)": (
            (
                (4, 1),
                "So it is in Z2. What does a softmax divide by, and is the bias in there?",
                (
                    "The bias belongs to one class, so only the probabilities of that class seem "
                    "to move."
                ),
            ),
            (
                (1, 1),
                (
                    "A bias is added once for each example, and a row of probabilities adds up to "
                    "1. Can one number in it change alone?"
                ),
                "The bias is one number and is added once, if one example is in mind.",
            ),
            (
                (1, 2),
                "Within a row you are right. For which rows is the bias added?",
                "A softmax looks at one row, and so one row is what seems to be touched.",
            ),
            (
                (0, 0),
                (
                    "A softmax forgets what is added to *all* numbers of a row. Here it is added "
                    "to one of two."
                ),
                "That a softmax does not see a shift is what one remembers of it.",
            ),
        ),
        "a number of X, in Z1": (
            (
                (1, 1),
                "One number goes in. How many units read it?",
                "One entry of X seems to belong to one entry of Z1.",
            ),
            (
                (4, 5),
                "That is all of Z1. Do other examples read this one's numbers?",
                "A batch is computed in one product, so a change seems to reach all of it.",
            ),
            (
                (4, 1),
                (
                    "That is one unit, for all examples. Which examples hold the number, and which "
                    "units read it?"
                ),
                "An input is a column of X, and columns seem to stay columns.",
            ),
            (
                (1, 3),
                "That is the row of X in which it stands. How wide is a row of Z1?",
                "The row of X that was touched has three numbers.",
            ),
            (
                (5, 1),
                "Exchanged: rows are examples, and columns are units.",
                "Five units stand one below the other in most drawings of a layer.",
            ),
        ),
        "a number of X, in Z2": (
            (
                (4, 2),
                "That is all of Z2. Three of the examples did not change.",
                "After two layers everything is connected with everything, so all seems touched.",
            ),
            (
                (1, 5),
                "So many hidden units change, for this one example. What does Z2 hold of it?",
                "The five entries of Z1 that changed are carried on, and Z2 is narrower.",
            ),
            (
                (1, 1),
                "One example, and how many outputs has it?",
                "One example has one answer, where there is a single output.",
            ),
            (
                (4, 1),
                "That is one output, for all examples. Which examples hold the number?",
                "In the questions about weights it was a column, and a change seems to be one.",
            ),
            (
                (5, 2),
                (
                    "Five hidden units and two outputs: those are the weights between. Which row "
                    "of Z2 is this example's?"
                ),
                "Each of five units sends on to two outputs, which makes ten arrows.",
            ),
        ),
        "two rows of X swapped, in Z2": (
            (
                (0, 0),
                "The same rows are there, in another order. Does Z2 know the order?",
                "The batch is the same set of examples, so the answers seem to be the same.",
            ),
            (
                (4, 2),
                "That is all of Z2. What becomes of the two rows that were left where they were?",
                "A batch is one matrix, and with two rows swapped it is another matrix.",
            ),
            (
                (2, 1),
                "Two rows change. How many numbers has a row of Z2?",
                "Two examples changed places, and examples are counted instead of numbers.",
            ),
            (
                (2, 3),
                "Those are the numbers of X that moved. How wide is Z2?",
                "Two rows of X hold six numbers, and what goes in is counted for what comes out.",
            ),
            (
                (2, 5),
                "So it is in Z1. How wide is Z2?",
                (
                    "Five hidden numbers of each example have moved, and they are what the next "
                    "layer gets."
                ),
            ),
        ),
        "a weight of a silent unit, in Z2": (
            (
                (4, 2),
                (
                    "The sums of this unit change a little. What does ReLU make of them, before "
                    "and after?"
                ),
                "The way from the weight to the outputs is open on paper, as for any other weight.",
            ),
            (
                (4, 1),
                "So it is in Z1. Does ReLU pass any of that on?",
                "The unit's own column changes, and ReLU is passed over on the way to Z2.",
            ),
        ),
        "W1 doubled, W2 halved, in Z2": (
            (
                (0, 0),
                (
                    "Double a sum and ReLU doubles what it passes on, and half a weight makes up "
                    "for it. But is the sum doubled, if only its weights are?"
                ),
                "Two times a half is one, and ReLU lets a factor through.",
            ),
            (
                (4, 5),
                "That is the shape of Z1. Asked for is what is left of the change in Z2.",
                "All sums of the first layer change, and it seems to go on from there.",
            ),
        ),
    },
)
