"""Chapter 10, recurrent networks: what is left over. `backpropagation.py` says how to add one."""

from nnlib.course.exercises.kinds import value

# 10.1 ------------------------------------------------------------------------------------------

# The chapter computes every answer.
LEFT_OVER = value(
    "10.1",
    "What is left over?",
    {
        "left after twice the steps": 0.01,
        "radius 1.1": 6.7,
        "steps to a hundredth": 7,
        "weight of minus one": -1,
        "through a tanh": 0.125,
        "turned by a quarter": 1.0,
        "weights for twice the steps": 40,
        "memory for twice the steps": 2,
    },
    hints=(
        (
            "Say for each what one step does, and then what a second one does to that. Does a step "
            "add something, or multiply?"
        ),
        (
            "Twice the steps square what is left. Through tanh a step multiplies by the weight and "
            "by the slope, one minus the square of the state. A quarter turn changes no length."
        ),
        (
            "0.1 times 0.1. Then 2.59 times 2.59. Halves: a half, a quarter, an eighth. An odd "
            "number of steps. A slope of a half, three times. Weights: the same at each step; "
            "states: one for each."
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
        "radius 1.1": (
            (
                3.0,
                (
                    "Ten per cent of the first, twenty times over, would be added to it. But each "
                    "step takes its ten per cent of what has grown."
                ),
                "Twenty times ten per cent is 200 per cent, and one is there already.",
            ),
            (
                5.2,
                "Twice 2.59: the growth of the second half does not add, it multiplies.",
                "If ten steps make 2.59 of it, twenty should make twice that.",
            ),
            (
                22.0,
                "Twenty times 1.1. A step does not add 1.1, it multiplies by it.",
                "Twenty steps of 1.1 each is said faster than it is thought about.",
            ),
            (
                6.73,
                "That is it; one digit after the point was asked for.",
                "Another digit seems to do no harm.",
            ),
            (
                2.6,
                "That is ten steps. The other ten do to this what those did to the nudge.",
                "Growth by a tenth is slow, so ten steps more seem to change little.",
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
        "weights for twice the steps": (
            (
                80,
                "Every step has its share of the work, but do the steps have weights of their own?",
                "Unrolled, the network has twice as many layers.",
            ),
            (
                20,
                "Neither more nor fewer: at each step the same weights are used.",
                "The same work is spread over more steps.",
            ),
            (
                1600,
                "The weights do not multiply with the steps.",
                "What happens at every step multiplies, so all does.",
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
)
