"""Chapter 11, attention and the Transformer: questions on paper. `backpropagation.py` is the guide.

The chapter computes every answer.
"""

from math import log

from nnlib.course.exercises.kinds import value

# 11.5 ------------------------------------------------------------------------------------------

PREDICTIONS = value(
    "11.5",
    "Who sees what, and what it costs",
    {
        "a query of zeros": 0.2,
        "every value is 7": 7,
        "the third letter changes, causal": 4,
        "the third letter changes, two layers": 4,
        "a window of three, four layers": 9,
        "shuffled, new rows": 0,
        "lowest loss of one that looks ahead": log(10) / 8,
        "spread of the scores": 8,
        "T doubles, scores": 4,
        "letter 100 with a cache": 100,
    },
    hints=(
        (
            "Draw a table with a row for each place that asks and a column for each place that is "
            "asked. Which entries are computed, and which of them know the letter that changes?"
        ),
        (
            "A place changes if it may look at one that changed; with a second layer, follow it "
            "once more. What comes home is a mean. A loss is a mean as well, over the eight "
            "places. Of D products, each of size 1, it is the squares that add."
        ),
        (
            "Equal scores, equal shares, and shares sum to one. Under the mask a letter is seen "
            "from its own place on, in every layer. A window of three reaches two places back, and "
            "each layer two further. Seven of eight places can pay nothing; the eighth has to "
            "guess among ten. A new letter asks all that are there, itself included."
        ),
    ),
    feedback={
        "a query of zeros": (
            (
                0,
                "All scores are 0, and the shares still sum to 1.",
                "A query of zeros asks for nothing, so it seems to get nothing.",
            ),
            (
                1,
                "That is what the five shares come to together.",
                "Nothing is divided by nothing, and so nothing seems to be divided.",
            ),
            (
                5,
                "That is how many keys share. What does each of them get?",
                "There are five equal scores, and five comes to mind.",
            ),
        ),
        "every value is 7": (
            (
                35,
                "Five places hold 7 each. Are they added up?",
                "What is looked at is collected, and five sevens are 35.",
            ),
            (
                1.4,
                "A fifth of one seven. What do the four other places give?",
                "Each key gets a fifth of the attention, and a fifth of 7 is 1.4.",
            ),
            (
                0,
                "The shares are taken of the values, whatever the scores were.",
                "A query that fits nothing seems to bring nothing home.",
            ),
            (
                "it depends",
                "On the scores? They set the shares; and of what is each share taken?",
                "Every score is different, and the result is made with the scores.",
            ),
        ),
        "the third letter changes, causal": (
            (
                3,
                "From the third place to the sixth: count both ends.",
                "Six minus three is three.",
            ),
            (
                6,
                "The first two places do not see it.",
                "Attention joins every place with every other, and the mask is forgotten.",
            ),
            (
                1,
                "Later places look back at it.",
                "A letter seems to belong to its own place.",
            ),
            (
                2,
                "Those two come before it. Who comes after?",
                "One counts the places that the letter may look at, beside itself.",
            ),
        ),
        "the third letter changes, two layers": (
            (
                6,
                (
                    "A second layer passes on what the first has found. Which way does it pass "
                    "anything under the mask?"
                ),
                "With every layer things get mixed further, until all hang together.",
            ),
            (
                3,
                "From the third place to the sixth: count both ends.",
                "The three places after it are those that look back at it.",
            ),
            (
                5,
                "One more place for one more layer? In which direction would it lie?",
                "With convolutions each layer let a pixel be seen one place further.",
            ),
            (
                8,
                "There are only six places.",
                "Four places change in each of the two layers, and they are added up.",
            ),
        ),
        "a window of three, four layers": (
            (
                3,
                "That is one layer. What have the places that it looks at looked at?",
                "The window has three places, in every layer.",
            ),
            (
                12,
                "Neighbouring windows overlap. How much further back does one more layer reach?",
                "Three places in each of four layers make twelve.",
            ),
            (
                81,
                "Three places that each see three: but are these nine different places?",
                "Each place sees three, and each of them three again, four times over.",
            ),
            (
                8,
                "That is how many lie behind it. It sees itself as well.",
                "Two places back for each of four layers make eight.",
            ),
            (
                7,
                "Two places back for each layer, and there are four layers. And itself?",
                "The first layer is easily counted as the window itself.",
            ),
            (
                10,
                "Four layers reach back four times two places. What is to be added?",
                "Four times two is eight, and both ends seem to be added.",
            ),
        ),
        "shuffled, new rows": (
            (
                6,
                (
                    "Every row stands elsewhere now. But is any made of other numbers? Shuffle "
                    "the queries, and the keys together with their values."
                ),
                "The word has become another one, so everything about it seems to change.",
            ),
            (
                5,
                "The rows move with their letters, all of them.",
                "Each place now has other neighbours, save perhaps one that stayed where it was.",
            ),
        ),
        "lowest loss of one that looks ahead": (
            (
                0,
                (
                    "At seven of the eight places the answer stands one further on. What stands "
                    "behind the last place?"
                ),
                "Whoever sees the answers makes no mistakes.",
            ),
            (
                log(10),
                "That is the loss of one that cannot look. At how many places can it not?",
                "Random letters cannot be predicted, and ln 10 is what that costs.",
            ),
            (
                log(10) / 7,
                "The loss is a mean over all the places. How many are there?",
                "Seven places can be looked up, so seven seems to be the number to divide by.",
            ),
            (
                7 * log(10) / 8,
                "Seven of eight: are those the places that have to guess, or the others?",
                "Seven eighths is the share that stands on the page.",
            ),
            (
                1 / 8,
                "One place in eight has to guess. What does one guess among ten cost, in a loss?",
                "One of eight is wrong, so an eighth seems to be the loss.",
            ),
            (
                9 / 80,
                "That is the share of mistakes. The loss counts a guess among ten otherwise.",
                "One of eight places is guessed, and nine of ten guesses are wrong.",
            ),
        ),
        "spread of the scores": (
            (
                64,
                (
                    "That is the variance: 64 products, each with variance 1. The deviation is its "
                    "root."
                ),
                "Each of 64 products contributes 1, so the sum seems to be of size 64.",
            ),
            (
                1,
                "It will be, after the division by the root of D.",
                "Sums of numbers of size 1 seem to stay of size 1, as means do.",
            ),
            (
                0.125,
                "You divide by the root of 64 already. How wide do the scores spread before that?",
                "The formula is remembered as a whole, with its division in it.",
            ),
            (
                0,
                "That is their mean: plus and minus are equally likely. How far from it are they?",
                "Positive and negative products cancel in the long run.",
            ),
        ),
        "T doubles, scores": (
            (
                2,
                "Twice as many ask, and each asks twice as many.",
                "Twice the text seems to be twice the work, as in a recurrent network.",
            ),
            (
                8,
                "The table has two axes that grow with T.",
                "A product of matrices takes three loops, and all three seem to grow.",
            ),
            (
                1,
                "There is a score for every pair of places. How many pairs are there?",
                "The sizes of queries and keys stay what they are.",
            ),
        ),
        "letter 100 with a cache": (
            (
                10000,
                "That is the whole table. Which of its rows is new?",
                "The model runs once for each new letter, and a run computes the table.",
            ),
            (
                1,
                "One query is new. How many keys does it meet?",
                "One new letter seems to be one new number.",
            ),
            (
                101,
                "The new letter is number 100, so it is among the hundred.",
                "A hundred letters and one that asks make a hundred and one.",
            ),
            (
                99,
                "It meets the 99 before it, and one more.",
                "The new letter looks at the letters that are in the cache.",
            ),
            (
                5050,
                (
                    "So much was computed up to here, letter by letter. Asked for is the last "
                    "step alone."
                ),
                "A triangle of 100 rows has so many entries, and a mask leaves a triangle.",
            ),
        ),
    },
    tolerance=3e-3,  # so that three digits will do
)
