"""Chapter 7, multilayer perceptrons: sizes on paper. `backpropagation.py` says how to add one."""

from nnlib.course.exercises.kinds import value

# 7.2 -------------------------------------------------------------------------------------------

# A network that names the letter (26) in a picture of 12 x 9 pixels: one hidden layer of 40 units,
# 500 training pictures in batches of 32.
SIZES_ON_PAPER = value(
    "7.2",
    "Sizes on paper",
    {
        "units in the output layer": 26,
        "shape of the first weight": (40, 108),
        "parameters in all": (108 + 1) * 40 + (40 + 1) * 26,
        "shape of the logits of one full batch": (32, 26),
        "steps in one epoch": 16,
        "pictures in the last batch": 500 - 15 * 32,
        "fewest output units for vowel or not": 1,
    },
    hints=(
        "Which of these numbers come from the data, which from the task, and which did we choose?",
        "Draw the three columns of units, and beside each of the two steps a matrix and a bias.",
        (
            "A layer from D to H units has H rows of D weights, and H biases. An epoch has as many "
            "steps as it takes to hand out every picture once, the last few included."
        ),
    ),
    feedback={
        "units in the output layer": (
            (
                1,
                "One unit gives one number. The network has to compare all the letters.",
                "A question has one answer, so one number seems to be what comes out.",
            ),
            (
                108,
                "That is what goes in. What comes out is set by the question, not by the data.",
                (
                    "The picture is what the network is about, and many drawings have columns of "
                    "one height."
                ),
            ),
            (
                40,
                "That is the hidden layer, whose width we chose. The task sets the output.",
                ("The hidden layer hands its numbers on, so as many seem to come out at the end."),
            ),
            (
                25,
                "One letter has no unit of its own. Where would its evidence go?",
                (
                    "What is none of the other letters must be the last one, so a unit could be "
                    "spared."
                ),
            ),
        ),
        "shape of the first weight": (
            (
                (108, 40),
                "The other way round: here each unit is a row of its layer's weight.",
                (
                    "Inputs first, units second is the order in which the numbers flow, and some "
                    "libraries store it so."
                ),
            ),
            (
                (40, 109),
                "The bias is kept apart from the weight, as an array of its own.",
                (
                    "A bias can be seen as the weight of an input that is always 1, and many "
                    "derivations do so."
                ),
            ),
            (
                (40, 12, 9),
                "A picture goes in as one long row of numbers, as X (N, D).",
                "A picture has rows and columns, and a unit that looks at it could keep them.",
            ),
            (
                (32, 108),
                "That is a batch. A weight knows nothing of how many pictures come.",
                "The batch is what meets the weight, so its size seems to belong to it.",
            ),
            (
                (40,),
                "That is the bias. A unit weighs every input.",
                "A unit is drawn as one circle, so it looks as if it held one number.",
            ),
            (
                (26, 40),
                "That is the second layer: it starts from the hidden units.",
                "On the way back, the last layer is the first that one meets.",
            ),
        ),
        "parameters in all": (
            (
                108 * 40 + 40 * 26,
                "Those are the weights. Every unit also adds a number.",
                "Weights are the lines of the drawing; biases are not drawn.",
            ),
            (
                (108 + 1) * 40,
                "That is the first layer. A second one leads to the letters.",
                (
                    "The first layer is by far the larger, and the second is easily taken for the "
                    "output itself."
                ),
            ),
            (
                (108 + 1) * 40 + 40 * 26,
                "The units of the last layer have biases too.",
                "A unit that only reports seems to need no threshold of its own.",
            ),
            (
                108 * 40 + (40 + 1) * 26,
                "The hidden units have biases too.",
                (
                    "Hidden units pass things on, and what they add seems to be taken care of by "
                    "the layer after them."
                ),
            ),
            (
                108 * 40,
                "Those are the weights of the first layer. There is another one.",
                "The first layer has nearly all of them, and the second is easily forgotten.",
            ),
            (
                40 + 26,
                "Those are the biases. The weights are many more.",
                "One number for each unit is what the drawing shows.",
            ),
            (
                108 + 40 + 26,
                "Those are the units. Each has many weights, and a bias.",
                ("Units are what one can see, and the size of a network is often given in units."),
            ),
            (
                (108 + 1) * 40 + (40 + 1) * 26 + 109,
                "Inputs have no biases: nothing is computed there.",
                (
                    "If every circle in the drawing has a bias, those of the first column should "
                    "have one too."
                ),
            ),
        ),
        "shape of the logits of one full batch": (
            (
                (26, 32),
                "The other way round: examples are rows, in what goes out as in what goes in.",
                "Where an example is a column, the classes come out as rows.",
            ),
            (
                (32,),
                "That is one number a picture. Each letter needs a number of its own.",
                (
                    "One picture is one letter, so a batch of answers looks like one number for "
                    "each."
                ),
            ),
            (
                (26,),
                "That is one picture. A batch comes out as it went in: one row for each.",
                (
                    "The network is drawn for one picture, and this is what comes out of the "
                    "drawing."
                ),
            ),
            (
                (500, 26),
                "That is the whole training set. A step sees one batch of it.",
                "Training is about all the pictures, and an epoch sees every one of them.",
            ),
            (
                (20, 26),
                "That is the last batch, which is not full.",
                (
                    "The batch that is not full is the unusual one, and questions tend to be "
                    "about that."
                ),
            ),
            (
                (32, 40),
                "That is what the hidden layer hands on. One step is left.",
                (
                    "The hidden layer is the one whose size was chosen, so its width seems to be "
                    "the network's."
                ),
            ),
        ),
        "steps in one epoch": (
            (
                15,
                "Some pictures are left over then, and would never be learned from.",
                (
                    "Division of whole numbers rounds down in code, and a few pictures seem not "
                    "to matter."
                ),
            ),
            (
                15.625,
                "A step is taken or not. What happens with the pictures that are left over?",
                "It is what the division gives, and on average it is even true.",
            ),
            (
                500,
                "One step a picture would be batches of one.",
                (
                    "Every picture is shown once in an epoch, and showing one sounds like taking "
                    "a step."
                ),
            ),
            (
                32,
                "That is the size of a batch. How many of them are there?",
                "It is the number that was given together with the word batch.",
            ),
            (
                1,
                "One step an epoch would be one batch of all the pictures.",
                "An epoch is one pass, and one pass sounds like one step.",
            ),
        ),
        "pictures in the last batch": (
            (
                16,
                "So many batches there are. How many pictures are in the last one?",
                "A number that came out a moment ago is easily written down again.",
            ),
            (
                32,
                "Are the pictures a whole number of batches? The last one holds what is left.",
                "The size of a batch is set once and seems to hold for all of them.",
            ),
            (
                12,
                "So many are missing from a full batch. How many are there?",
                ("A remainder can be counted from either side: what is there, or what is missing."),
            ),
            (
                0,
                "An empty batch has no mean. The last one holds what is left.",
                "Sizes in examples tend to divide each other, and then nothing is left over.",
            ),
        ),
        "fewest output units for vowel or not": (
            (
                2,
                "Two would do. But only their difference counts: can you spare one?",
                "A unit for each class is how it went with the letters.",
            ),
            (
                3,
                "There is no third answer.",
                (
                    "Y is a vowel in some words and not in others, so a third answer suggests "
                    "itself."
                ),
            ),
            (
                5,
                "There are so many vowels, but the question is not which one.",
                "There are five vowels, and a unit could watch for each.",
            ),
            (
                26,
                "The question has changed: it asks no longer for the letter.",
                "A network that knows the letter knows whether it is a vowel.",
            ),
            (
                0,
                "Some number has to come out, for the loss to look at.",
                "The hidden units hold the evidence already, so nothing seems to be missing.",
            ),
        ),
    },
)
