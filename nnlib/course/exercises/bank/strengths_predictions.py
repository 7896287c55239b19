"""Chapter 14: predictions of costs. `backpropagation.py` says how to add an exercise."""

from nnlib.course.exercises.kinds import value

# 14.5 ------------------------------------------------------------------------------------------

PREDICTIONS = value(
    "14.5",
    "What will it cost?",
    {
        "twice the width: weights between the two hidden layers": 4,
        "twice the width: numbers kept": 2,
        "twice the height and width of the images: multiply-adds of a conv": 4,
        "one training step against one forward pass": 3,
        "numbers for each parameter, with Adam": 4,
        "a hundred times closer to the wave: units": 10,
        "a thousand pieces, by folding: units": 20,
        "ten times the parameters and the examples: training": 100,
        "from 8 mistakes to 1: examples": 64,
    },
    hints=(
        "Write the quantity as a product. Which of its factors change?",
        (
            "Try each with small numbers: a width of 2 and of 4, an image of 3 by 3 and of 6 by 6, "
            "one fold and then two, 8 mistakes and then 4."
        ),
        (
            "Between two layers both sides grow; of what they say only one. A kernel is used once "
            "for each place. A step goes forward once and back for two things. The error of a "
            "piece falls with the square of its length. Two to the tenth is 1,024. Halving three "
            "times makes an eighth."
        ),
    ),
    feedback={
        "twice the width: weights between the two hidden layers": (
            (
                2,
                "Each unit gets twice as many inputs. And how many units are there?",
                "Twice the units, twice the weights: so it is where only one side grows.",
            ),
            (
                8,
                "Both sides double. Is there a third?",
                "Two layers grow and both of their sides do, which makes doubling feel threefold.",
            ),
            (
                3,
                "With a width of 2 there are 4 weights. Draw the drawing for a width of 4.",
                "One more set for the rows and one for the columns makes three.",
            ),
            (
                1,
                "Weights connect units, and there are more of those now.",
                "The two layers are still there, with one matrix between them.",
            ),
        ),
        "twice the width: numbers kept": (
            (
                4,
                (
                    "The weights between the two grow fourfold. What is kept are the layers' "
                    "numbers, for each example."
                ),
                "A layer twice as wide has four times the weights, and weights fill the memory.",
            ),
            (
                1,
                "The backward pass needs what each unit has said, and there are more units.",
                "The batch is the same, and so are the layers.",
            ),
            (
                8,
                "Two layers double. Do they multiply each other, or add?",
                "Two hidden layers and twice two make eight.",
            ),
            (
                0.5,
                "They grow. A number is kept for each example and unit.",
                "Wide layers are known to be efficient.",
            ),
        ),
        "twice the height and width of the images: multiply-adds of a conv": (
            (
                1,
                "Its weights stay the same. At how many places is each of them used?",
                "A kernel does not know how large the image is.",
            ),
            (
                2,
                "Twice as many rows of places, and each row twice as long.",
                "Twice the image seems to be twice the work.",
            ),
            (
                16,
                "So it would be for a dense layer, a unit for every pixel. A kernel stays small.",
                "Four times the pixels go in and four times come out.",
            ),
            (
                8,
                "Rows and columns double. What would the third be?",
                "Height, width and depth are what an image has in such a network.",
            ),
        ),
        "one training step against one forward pass": (
            (
                6,
                (
                    "Six is the number of single operations for each weight and example. The "
                    "forward pass alone takes two of them."
                ),
                "The rule of thumb for the cost of training has a six in it.",
            ),
            (
                2,
                "Forward once and back once. But on the way back two products are computed: which?",
                "There are two directions, and each is one walk through the layers.",
            ),
            (
                1,
                "The backward pass multiplies too.",
                (
                    "The answer is there after the forward pass, and what follows looks like "
                    "bookkeeping."
                ),
            ),
            (
                4,
                "Forward, back to the inputs, back to the weights. What would the fourth be?",
                "The step of the optimiser comes on top, and it touches every weight.",
            ),
            (
                1.5,
                "The way back is not cheaper than the way there: each weight is used twice on it.",
                "Gradients are corrections, and corrections sound smaller than the thing itself.",
            ),
        ),
        "numbers for each parameter, with Adam": (
            (
                16,
                "Those are bytes, at four for each number. How many numbers are they?",
                "Memory is counted in bytes, and sixteen is the figure that one reads.",
            ),
            (
                1,
                "Beside the parameter there is its gradient, and Adam remembers something too.",
                "A parameter is a number.",
            ),
            (
                2,
                "Parameter and gradient are two. What does Adam keep from step to step?",
                "What the basic step needs is a number and its slope.",
            ),
            (
                3,
                "Adam keeps two running averages, of the gradient and of its square.",
                "Adam is momentum with a scale, and momentum is one memory.",
            ),
            (
                5,
                "The learning rate is one number for all of them.",
                "Every parameter gets a step of its own size, as if each had a rate to store.",
            ),
        ),
        "a hundred times closer to the wave: units": (
            (
                3.16,
                (
                    "That is what ten times closer takes. A hundred times is ten times, and ten "
                    "times again."
                ),
                (
                    "The root of ten has been met on the page, and a hundred sounds like the same "
                    "kind of question."
                ),
            ),
            (
                100,
                "With twice the units the error falls to a quarter, not to a half.",
                "A hundred times better sounds like a hundred times the effort.",
            ),
            (
                10_000,
                "The square is on the other side: it is the error that falls with the square.",
                "There is a square in the rule, so the hundred is squared.",
            ),
            (
                50,
                "By which factor does the error fall if the units double?",
                "The rule speaks of a quarter and a half, and half of a hundred is near.",
            ),
            (
                2,
                "Twice the units leave a quarter of the error. Go on doubling.",
                "Each doubling helps a great deal, and curves of this kind look steep.",
            ),
        ),
        "a thousand pieces, by folding: units": (
            (
                10,
                "Ten folds are enough. How many units is a fold?",
                "Ten doublings make 1,024, and the count is then easily given as ten.",
            ),
            (
                18,
                "Nine folds make 512 pieces.",
                "Nine times doubled seems near enough to a thousand.",
            ),
            (
                1000,
                "So many it takes side by side, in a single layer. Each fold doubles.",
                "Every unit gives the line one kink.",
            ),
            (
                500,
                "A fold of two units does not add two pieces, it doubles all there are.",
                "Two units a fold, and a thousand pieces: half as many of something.",
            ),
            (
                1024,
                "That is the number of pieces. By how many units was it made?",
                "It is the power of two that comes first, and powers of two were in the table.",
            ),
            (
                63,
                "Eight folds made 256 pieces with 16 units. How many more units double them?",
                "Sixteen units make 256 pieces, so in proportion a thousand take 62.5.",
            ),
        ),
        "ten times the parameters and the examples: training": (
            (
                300,
                (
                    "A step is three forward passes before and after. By which factor do the two "
                    "bills differ?"
                ),
                "Training costs three times a forward pass, and that seems to come on top.",
            ),
            (
                600,
                (
                    "The six belongs to both bills, the old one and the new. By which factor do "
                    "they differ?"
                ),
                "The rule says six times the parameters times the examples.",
            ),
            (
                10,
                (
                    "One of the two already does that. Each of the additional examples meets each "
                    "of the additional weights."
                ),
                "Everything is ten times as large, so the bill seems to be too.",
            ),
            (
                20,
                "The two factors multiply.",
                "Ten for the one and ten for the other make twenty.",
            ),
            (
                1000,
                "Where would the third factor ten come from?",
                "A step costs three times a forward pass, and three tens seem to meet.",
            ),
        ),
        "from 8 mistakes to 1: examples": (
            (
                24,
                "Three halvings, and each of them multiplies the examples by four. Do factors add?",
                (
                    "Three times eight, or twice four times three: several products of the "
                    "numbers at hand make it."
                ),
            ),
            (
                8,
                (
                    "That would hold if twice the examples left half the mistakes. Here it takes "
                    "four times as many."
                ),
                "An eighth of the mistakes sounds like eight times the examples.",
            ),
            (
                12,
                "Three halvings, four each: do they add or multiply?",
                "Three steps of four make twelve.",
            ),
            (
                16,
                "How often must 8 be halved to arrive at 1?",
                "Two halvings feel like enough, because the second is already a quarter.",
            ),
            (
                32,
                "Half of 64. Count the halvings from 8 to 1, and take a factor of four for each.",
                "Four times eight is the product of the two numbers at hand.",
            ),
            (
                256,
                "That is one halving too many.",
                "From 8 to 1 one counts 8, 4, 2, 1: four numbers.",
            ),
        ),
    },
)
