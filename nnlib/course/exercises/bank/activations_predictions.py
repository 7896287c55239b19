"""Chapter 2, activations: slopes and shares to predict. The chapter computes every answer."""

from nnlib.course.exercises.kinds import value

# 2.5 -------------------------------------------------------------------------------------------

PREDICTIONS = value(
    "2.5",
    "Slopes and shares, on paper",
    {
        "largest slope of three times the sigmoid of 2z": 1.5,
        "left after five sigmoids, at best": 0.25**5,
        "left after five leaky ReLUs": 0.01,
        "a dead unit, nudged": 0.0,
        "sigmoid of -z": 0.2,
        "weights of the merged layer": 30,
        "share after adding 100": 0.5,
        "largest share after doubling": "grows",
        "output for degrees": "none",
    },
    hints=(
        "A slope says how many times larger a nudge comes out than it went in. Where is that most?",
        (
            "One after the other, slopes multiply. A merged layer knows only its inputs and its "
            "outputs. A share depends on the differences between the scores, and on how large they "
            "are."
        ),
        (
            "The sigmoid is steepest where it is one half, and its slope is a times 1 − a. Factors "
            "inside and in front multiply a slope; so does each leaky unit on its left side. What "
            "the sigmoid says of z and of −z adds up to 1. Temperatures lie on both sides of zero "
            "and beyond 1."
        ),
    ),
    feedback={
        "largest slope of three times the sigmoid of 2z": (
            (
                0.25,
                "That is the sigmoid itself. What do the three and the two each do to its curve?",
                "The largest slope of a sigmoid is a number that one remembers.",
            ),
            (
                0.75,
                "The three stretches the curve upwards. The two inside does something as well.",
                "What stands in front multiplies, and what stands inside looks like a matter of z.",
            ),
            (
                0.5,
                "The two makes it climb twice as fast. What does the three do?",
                "The two belongs to the input and is worked out first, and then one seems done.",
            ),
            (
                6.0,
                "Two and three are both factors. The third is the sigmoid's own slope.",
                "Both numbers multiply, and there are two of them.",
            ),
            (
                3.0,
                "That is the height of the curve. How steep is its middle?",
                "Three is what the curve climbs to, all in all.",
            ),
            (
                0.375,
                "A two inside makes the curve steeper, not flatter.",
                "To squeeze the input by two sounds like dividing by it.",
            ),
        ),
        "left after five sigmoids, at best": (
            (
                1.25,
                (
                    "That is five slopes added. Of the nudge that comes in, each layer lets a "
                    "share through: of the share that is left."
                ),
                "Five layers do something five times, and five times is a sum.",
            ),
            (
                0.05,
                (
                    "That is a quarter divided by five. Each layer takes its share of what the "
                    "last one left."
                ),
                "A loss that is spread over five layers sounds like a division by five.",
            ),
            (
                0.25,
                "That is one layer. The next one takes its share of what is left.",
                (
                    "All layers have the same largest slope, so the largest slope of all seems to "
                    "be the same."
                ),
            ),
            (
                0.001,
                "That is near, and rounded. Multiply to the end, or give a fraction.",
                "Four to the fifth is about a thousand, and a rounded answer is often enough.",
            ),
            (
                0.25**10,
                "That is what ten of them leave. Here there are five.",
                "Ten layers were the example that the chapter began with.",
            ),
            (
                0.25**4,
                "That is four layers. Count the slopes: each layer has one.",
                "Between five layers there are four steps.",
            ),
            (
                0.0,
                "It is small, and it is not nothing: multiply.",
                "Rounded to two digits nothing is left.",
            ),
            (
                0.5**5,
                "You multiplied the values in the middle. What multiplies a nudge is the slope.",
                "The value is what a layer hands on, and it is a half.",
            ),
        ),
        "left after five leaky ReLUs": (
            (
                3.2,
                "Slopes multiply one after the other; added up they come to this.",
                "Three ones and two tenths are easily added.",
            ),
            (
                0.0,
                "So it would be with a plain ReLU. What does a leaky one let through on the left?",
                "A negative sum is remembered as the end of the way.",
            ),
            (
                1.0,
                "So it would be if all five sums were positive.",
                "Three of the five pass everything on, and they are the majority.",
            ),
            (
                0.1,
                "That is one negative sum. There are two, one after the other.",
                "The leak is a tenth, and one leak looks like another.",
            ),
            (
                0.2,
                "Two tenths, one after the other: do they add?",
                "Two leaks of a tenth make two tenths.",
            ),
            (
                0.00001,
                "That is five negative sums. Three of these are positive.",
                "All five are leaky, and a leaky unit is remembered by its leak.",
            ),
            (
                -0.01,
                "A slope of the leaky ReLU is never negative, on neither side.",
                "The sums are negative, so the nudge seems to be turned round.",
            ),
        ),
        "a dead unit, nudged": (
            (
                0.001,
                (
                    "So it would be right of the corner. Where is the sum, and where does the "
                    "nudge leave it?"
                ),
                "A ReLU is remembered as having slope one.",
            ),
            (
                -2.999,
                "That is the sum after the nudge. What does a ReLU make of it, before and after?",
                "The unit's sum does move, and the sum is easily taken for its answer.",
            ),
            (
                0.00001,
                "A leaky unit would let that through. This one has no leak.",
                "Something always gets through, one thinks.",
            ),
            (
                -0.001,
                "The answer does not fall either. What does a ReLU say of −3, and of −2.999?",
                "On the negative side things seem to go the other way round.",
            ),
        ),
        "sigmoid of -z": (
            (
                -0.8,
                "So it is for tanh, which is odd. The sigmoid is never negative.",
                "For many curves in the shape of an S a mirrored input gives a mirrored output.",
            ),
            (
                0.8,
                "Then z and −z would be the same to it. The sigmoid rises all the way.",
                "A power of e with z squared, or the size of z, would not see the sign.",
            ),
            (
                -0.2,
                "The size is right. Can a sigmoid be negative?",
                "What is missing to 1 is 0.2, and −z brings a minus along.",
            ),
            (
                1.25,
                (
                    "The powers of e turn over, but the 1 beside them does not. Can a sigmoid be "
                    "above 1?"
                ),
                "e to the −z is one over e to the z, and the sigmoid seems to follow.",
            ),
            (
                0.5,
                "That is in the middle, at 0. How far from the middle is z, and how far is −z?",
                "z and −z cancel, and at 0 stands one half.",
            ),
        ),
        "weights of the merged layer": (
            (
                10 * 20 + 20 * 20 + 20 * 3,
                (
                    "So many they are as they are stored. How many does the one layer need that "
                    "says the same?"
                ),
                "Merging sounds like keeping all there is, in one place.",
            ),
            (
                33,
                "You counted the biases too; weights alone were asked for.",
                "Parameters are usually counted with the biases.",
            ),
            (
                10 * 20,
                "That is the first layer. The merged one leads straight to the outputs.",
                "The first layer does all the work, and the others only pass it on.",
            ),
            (
                20 * 3,
                "That is the last layer. The merged one starts at the inputs.",
                "The last layer makes the output.",
            ),
            (
                13,
                "So many numbers go in and come out. Every output weighs every input.",
                "One number for each thing that is connected seems to be enough.",
            ),
        ),
        "share after adding 100": (
            (
                1.0,
                (
                    "A score of a hundred and a bit is huge, but so are the others. What counts is "
                    "the difference between them."
                ),
                "A large score means a sure answer.",
            ),
            (
                1 / 3,
                "Against a hundred the differences look small. Do they change?",
                "Adding the same to all makes them nearly equal in proportion.",
            ),
            (
                100.5,
                "You added to the share. The hundred is added to the scores.",
                "What is done to the input seems to show at the output.",
            ),
        ),
        "largest share after doubling": (
            (
                "stays",
                "Adding the same to all changes nothing. What does doubling do to the differences?",
                "Shares stay as they are when all parts are doubled; but scores are not the parts.",
            ),
            (
                "shrinks",
                "The other way round: scores further apart make a surer answer.",
                "Large numbers are often divided by a larger sum.",
            ),
        ),
        "output for degrees": (
            (
                "sigmoid",
                "It never leaves 0 to 1. What would the network say on a day with 20 degrees?",
                "A network's last layer is often drawn with a sigmoid.",
            ),
            (
                "tanh",
                "It has negative numbers, but none beyond −1 and 1. What of a day with 20 degrees?",
                "Temperatures are negative and positive, and so is tanh.",
            ),
            (
                "ReLU",
                "It has large numbers, and no negative ones. What of a day with frost?",
                "ReLU is the first choice in hidden layers.",
            ),
            (
                "softplus",
                "It has large numbers, and no negative ones. What of a day with frost?",
                "It is the smooth choice for numbers that are no probabilities.",
            ),
            (
                "softmax",
                "With a single output it always says 1. What are the shares of one?",
                "Softmax is what classifiers end in.",
            ),
        ),
    },
)
