"""Chapter 11, attention and the Transformer: questions on paper. `backpropagation.py` is the guide.

The chapter computes every answer.
"""

from nnlib.course.exercises.kinds import value

# 11.5 ------------------------------------------------------------------------------------------

PREDICTIONS = value(
    "11.5",
    "Who sees what, and what it costs",
    {
        "a query of zeros": 0.2,
        "the last letter changes, no mask": 6,
        "the last letter changes, causal": 1,
        "the third letter changes, causal": 4,
        "shuffled, new rows": 0,
        "spread of the scores": 8,
        "T doubles, scores": 4,
        "T doubles, parameters": 1,
        "four heads, parameters": 1,
        "letter 100 with a cache": 100,
    },
    hints=(
        (
            "Draw a table with a row for each place that asks and a column for each place that is "
            "asked. Which entries are computed, and which of them know the letter that changes?"
        ),
        (
            "A place changes if it may look at one that changed. Parameters are the four matrices; "
            "do they know how many places or heads there are? Of D products, each of size 1, it is "
            "the squares that add."
        ),
        (
            "Equal scores, equal shares. Under the mask a letter is seen from its own place on. "
            "Shuffling shuffles rows and columns alike. A new letter asks all that are there, "
            "itself included."
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
        "the last letter changes, no mask": (
            (
                1,
                "Its own output changes. Who else looks at it?",
                (
                    "A letter and its output stand in one column, as in a layer that treats each "
                    "place alone."
                ),
            ),
            (
                5,
                "The other five look at it. What of the place itself?",
                "A place that looks at others does not come to mind as one that looks at itself.",
            ),
            (
                0,
                "Without a mask later places are seen too.",
                "What stands at the end comes too late for all others, if one reads in order.",
            ),
        ),
        "the last letter changes, causal": (
            (
                6,
                "That was without the mask. Who may look at the last place now?",
                "The table is computed for all places at once, so one letter seems to touch all.",
            ),
            (
                0,
                "No other place sees it. Does it see itself?",
                "Nothing comes after the last letter, so nobody seems to be there to see it.",
            ),
            (
                5,
                "Those five come before it, and the mask hides it from them.",
                "Up to and from are easily exchanged when one thinks of triangles.",
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
        "T doubles, parameters": (
            (
                2,
                "What has a weight for each place? All places go through the same matrices.",
                "A longer text seems to need a larger network, as more pixels did in an MLP.",
            ),
            (
                4,
                "The table of shares grows fourfold. Is it a parameter, or computed?",
                "The T by T table looks like a matrix of weights, and is even called that.",
            ),
        ),
        "four heads, parameters": (
            (
                2,
                (
                    "Each head works with half as many numbers. What becomes of the sizes of the "
                    "matrices?"
                ),
                "Twice as many heads seem to need twice as many matrices.",
            ),
            (
                4,
                "How long are queries and keys of one head when there are more heads?",
                "Heads are pictured as whole copies of attention, with outputs as well.",
            ),
            (
                0.5,
                "Each head has half as much, and there are twice as many.",
                "A head of half the length has half the weights.",
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
)
