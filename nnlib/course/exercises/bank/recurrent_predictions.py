"""Chapter 10, recurrent networks: what is left over. `backpropagation.py` says how to add one."""

from nnlib.course.exercises.kinds import value

# 10.1 ------------------------------------------------------------------------------------------

# The chapter computes every answer.
LEFT_OVER = value(
    "10.1",
    "What is left over?",
    {
        "left after twice the steps": 0.01,
        "steps to a hundredth": 7,
        "weight that keeps a half for 100 steps": 0.993,
        "weight of minus one": -1,
        "through a tanh": 0.125,
        "turned by a quarter": 1.0,
        "a nudge of the weight": 12,
        "memory for twice the steps": 2,
    },
    hints=(
        (
            "Say for each what one step does, and then what a second one does to that. Does a step "
            "add something, or multiply?"
        ),
        (
            "Twice the steps square what is left. Which number, a hundred times as a factor, makes "
            "a half? Through tanh a step multiplies by the weight and by the slope, one minus the "
            "square of the state. A quarter turn changes no length. And a weight that is used at "
            "every step gets a share from every step."
        ),
        (
            "0.1 times 0.1. Halves: a half, a quarter, an eighth. `0.5 ** (1 / 100)`. An odd "
            "number of steps. A slope of a half, three times. Steps with the weight 1.001: the "
            "state is 1.001, then 1.002001, and so on. States: one for each step."
        ),
    ),
    feedback={
        "left after twice the steps": (
            (
                0.05,
                (
                    "Half of a tenth would be left if a step took away a fixed amount. It takes a "
                    "fixed share."
                ),
                "Twice as long, so half as much: many things in life go like that.",
            ),
            (
                0.2,
                "More is left after more steps? Each step multiplies by a number below 1.",
                "Twice the steps sounds like twice of everything.",
            ),
            (
                0.1,
                "The second half of the steps does what the first half did, to what that has left.",
                "A number that has become small seems to stay about there.",
            ),
            (
                0.0,
                "Little, and not nothing. Which share of the tenth is left?",
                "What shrinks at every step seems to be gone in the end.",
            ),
        ),
        "steps to a hundredth": (
            (
                50,
                (
                    "Fifty steps would do it if each took away two hundredths. Each takes away a "
                    "half of what is left."
                ),
                "A hundredth is a fiftieth of a half.",
            ),
            (
                6,
                "After six halvings a sixty-fourth is left. Is that less than a hundredth?",
                "Six halvings come near, and the last one is counted by eye.",
            ),
            (
                2,
                "After two steps a quarter is left.",
                "A step of a half looks as if two of them were the whole.",
            ),
            (
                100,
                (
                    "A hundredth is not reached by a hundred equal bites. How much is left after "
                    "two steps, after three?"
                ),
                "The number in the question is taken for the number of steps.",
            ),
            (
                6.64,
                "Steps come whole. At which of the two is less than a hundredth left?",
                "A logarithm gives the place where the curve crosses, with digits after the point.",
            ),
            (
                8,
                "It is less than a hundredth already one step before.",
                "One counts the first value as a step.",
            ),
        ),
        "weight that keeps a half for 100 steps": (
            (
                0.995,
                (
                    "A half of a hundredth less at each step would do if the losses added up. "
                    "What do a hundred steps with your weight leave?"
                ),
                "A half is to go in a hundred steps, so a two-hundredth goes in each.",
            ),
            (
                0.5,
                "That leaves a half after one step. Here a hundred have to multiply to it.",
                "The half that should be left is taken for the weight.",
            ),
            (
                0.99,
                "Ninety-nine hundredths, a hundred times over, is 0.37. Nearer to one.",
                "A weight so near to one seems to lose next to nothing.",
            ),
            (
                0.9,
                "With 0.9 an eighth is left after 20 steps already.",
                "It is the weight that the page began with, and it kept the most of them.",
            ),
            (
                0.005,
                "That is what may be lost at a step, roughly. What is kept?",
                "A hundred equal parts of a half are 0.005 each.",
            ),
            (
                1.007,
                "Above one it grows. Which side of one does a loss ask for?",
                "The root of two instead of the root of a half is a sign away.",
            ),
            (
                1.0,
                "To three digits it is not 1: with 1 all would be left.",
                "Rounded to two digits, the answer is nearly 1.",
            ),
        ),
        "weight of minus one": (
            (
                1,
                "The size is right. After an odd number of turns, which sign has it?",
                "Its size is what matters for vanishing, and the sign is dropped.",
            ),
            (
                0,
                "A weight of minus one takes nothing away, it turns the sign.",
                "Minus sounds like taking away.",
            ),
            (
                -7,
                "Each step multiplies by minus one; nothing is added up.",
                "Seven times minus one is minus seven.",
            ),
        ),
        "through a tanh": (
            (
                1.0,
                "The weight passes everything on, and the tanh that follows does not.",
                "A weight of 1 is the one that keeps.",
            ),
            (
                0.5,
                "That is one step. Here are three.",
                "The slope has been found, and the question seems answered.",
            ),
            (
                1.5,
                "Three slopes of a half do not add.",
                "Three steps, a half each.",
            ),
            (
                0.353,
                (
                    "That is the state itself, three times as a factor. What is the slope of tanh "
                    "where its value is 0.7071?"
                ),
                "The state stands in the question, and the slope has to be made from it.",
            ),
        ),
        "turned by a quarter": (
            (
                0.0,
                "The first number has gone to the place of the second. Is the vector shorter?",
                "The diagonal holds zeros, and the diagonal is what one looks at.",
            ),
            (
                2.0,
                "Two numbers, and still one vector of one length.",
                "There are two weights of size 1, and they seem to add.",
            ),
            (
                -1.0,
                "A length has no sign. And the vector, after a hundred quarter turns?",
                "One of the weights is negative.",
            ),
        ),
        "a nudge of the weight": (
            (
                1,
                (
                    "That is what one use of the weight passes on. At how many steps is it used, "
                    "and what did it multiply there?"
                ),
                "The weight is one number, and the state that it multiplies is 1.",
            ),
            (
                0,
                (
                    "The state is 1 after every step, as long as the weight is 1. Compute some "
                    "steps with a weight of 1.001."
                ),
                "With a weight of 1 nothing changes, so there seems to be nothing to pass on.",
            ),
            (
                11,
                "Each of the steps multiplies by the weight, the first one as well.",
                "Between a dozen states there are eleven gaps.",
            ),
            (
                12.066,
                "That is it; the nearest whole number was asked for.",
                "A calculator gives more digits, and they seem to do no harm.",
            ),
            (
                0.012,
                "That is the state's move in full. Asked for are thousandths.",
                "A dozen thousandths are 0.012.",
            ),
            (
                1.012,
                "That is the state after the nudge. By how many thousandths has it moved?",
                "A thousandth more at each step leaves the state at 1.012.",
            ),
            (
                1000,
                "Growing by a thousandth is multiplying by 1.001. Do it twice.",
                "Each step multiplies, and three zeros are in the question.",
            ),
        ),
        "memory for twice the steps": (
            (
                1,
                "Only the last state is needed to go on. What does the way back need?",
                "Going forward one keeps a single state, whatever the length.",
            ),
            (
                4,
                "Each state is kept once. There are twice as many of them.",
                "Some costs grow with the square, and one is prepared for the worst.",
            ),
        ),
    },
    tolerance=2e-4,  # so that three digits will do, and no fewer
)
