"""Chapter 5, backpropagation: predictions. `backpropagation.py` says how to add an exercise."""

from nnlib.course.exercises.kinds import value

# 5.5 -------------------------------------------------------------------------------------------

# The network of the questions has N = 6, D = 3, H = 5, K = 2; the chapter computes every answer.
PREDICTIONS = value(
    "5.5",
    "What will come back?",
    {
        "shape of dZ1": (6, 5),
        "shape of dW2": (2, 5),
        "a bias used by all examples": 3.0,
        "x * x at 3": 6.0,
        "backward twice": 8.0,
        "a flat tanh": 0.0,
        "runs for differences": 64,
    },
    hints=(
        (
            "A gradient has one number for each number of its variable. And how often is each "
            "value used?"
        ),
        (
            "Draw the arrows from the value to the loss. Slopes multiply along a way; ways add; "
            "and grad keeps what it has until it is cleared."
        ),
        (
            "Parameters: 5 times 3 and 5 for the first layer, 2 times 5 and 2 for the second. Each "
            "is moved up once and down once."
        ),
    ),
    feedback={
        "shape of dZ1": (
            (
                (5, 6),
                "That is dZ1 on its side. Z1 has a row for each example; so has its gradient.",
                "Many books keep each example in a column, and there this is right.",
            ),
            (
                (5,),
                "One number for each unit is the shape of a bias. Z1 differs between examples.",
                "A hidden unit seems to have one slope, as it has one bias.",
            ),
            (
                (5, 3),
                "That is the shape of W1. Z1 is what the layer makes of the batch.",
                (
                    "A layer is thought of as its weights, so the gradient of the layer sounds "
                    "like theirs."
                ),
            ),
            (
                (6, 3),
                "That is the shape of X. Z1 has as many columns as there are hidden units.",
                "A gradient that goes back to the input seems to have the input's shape.",
            ),
        ),
        "shape of dW2": (
            (
                (5, 2),
                "That is dW2 on its side. W has a row for each unit of its layer.",
                "From five units to two is the order in which the numbers flow.",
            ),
            (
                (6, 2),
                "That is the shape of dZ2. The weights are the same for all examples.",
                "This is what arrives at the layer, and what arrives looks like what stays.",
            ),
            (
                (6, 5),
                "That is the shape of A1. The weights are the same for all examples.",
                (
                    "W2 multiplies A1, and in a product of two numbers the slope of each is the "
                    "other."
                ),
            ),
            (
                (6, 2, 5),
                "One matrix for each example: they serve one W2, so they add.",
                "Every example has a say in every weight, and that makes three indices.",
            ),
        ),
        "a bias used by all examples": (
            (
                0.5,
                "That is what one example sends. The bias is used once for each of them.",
                (
                    "Every example sends the same number back, so that number seems to be the "
                    "answer."
                ),
            ),
            (
                0.5 / 6,
                "Nothing is averaged here: the bias moves every example, so ways add.",
                (
                    "The loss of a batch is usually a mean, so dividing by the number of examples "
                    "has become a habit."
                ),
            ),
            (
                6.0,
                "That counts the examples. How much does each of them send back?",
                ("From a bias to a weighted sum the slope is 1, and six examples make six ones."),
            ),
        ),
        "x * x at 3": (
            (
                3.0,
                "That is one way. x is used twice, and the other way counts as well.",
                (
                    "In a product the slope of one factor is the other factor, and both are three "
                    "here."
                ),
            ),
            (
                9.0,
                "That is the value. Asked for is what x.grad holds after backward.",
                "The value is what one sees on the screen; the gradient is kept out of sight.",
            ),
            (
                2.0,
                "That is how often x is used. What does each use send back?",
                "A value that is used twice sounds like a slope of two, and for x + x it is.",
            ),
        ),
        "backward twice": (
            (
                4.0,
                "That would be so if grad were cleared in between. Who clears it?",
                "A line that is run a second time usually gives what it gave the first time.",
            ),
            (
                16.0,
                "The second loss is computed from the same x: does it send back more than 4?",
                (
                    "What is left in grad looks like something that goes back through the square "
                    "once more."
                ),
            ),
            (
                0.0,
                "Nothing clears grad by itself.",
                ("After the first walk the graph is spent, so a second one seems to find nothing."),
            ),
        ),
        "a flat tanh": (
            (
                1.0,
                "That is the value of tanh. How steep is it there?",
                "At 20 the curve has reached 1, and 1 is also its slope where it is steepest.",
            ),
            (
                20.0,
                "That is z. How far does tanh move when z is nudged there?",
                "It is the only number in the question.",
            ),
        ),
        "runs for differences": (
            (
                32,
                "That is how many parameters there are. Each is moved up and moved down.",
                "One slope for each parameter sounds like one run for each parameter.",
            ),
            (
                65,
                "Does a central difference need the loss in the middle?",
                "The slope at a point seems to need the value at the point.",
            ),
            (
                384,
                "A run takes the whole batch at once.",
                ("The batch holds six examples, and each of them has to go through the network."),
            ),
            (
                33,
                "So it would be with a step to one side only, and one run in the middle.",
                (
                    "The one-sided recipe is the better-known one, and it shares the run in the "
                    "middle."
                ),
            ),
            (
                25,
                "Those are the weights. Each unit has a number more, and a slope takes two runs.",
                "Weights are what is on the arrows of a drawing, and one run for each is a guess.",
            ),
            (
                50,
                "The weights are counted well. Which other parameters are there?",
                (
                    "Parameters are thought of as weights, and those can be read off the two "
                    "matrices."
                ),
            ),
            (
                2,
                "That is what the backward pass costs, about. Differences move one at a time.",
                "One run there and one back do give all slopes, by another method.",
            ),
        ),
    },
)
