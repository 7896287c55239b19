"""Chapter 0, start here: what shape comes out.

`backpropagation.py` says how to add an exercise.
"""

from nnlib.course.exercises.kinds import value

# 0.1 -------------------------------------------------------------------------------------------

# The chapter computes every answer.
PREDICTIONS = value(
    "0.1",
    "Five shapes",
    {
        "X (5, 3) - row (3,)": (5, 3),
        "X (5, 3) - p (5,)": "error",
        "column (5, 1) - row (3,)": (5, 3),
        "p (5,) - column (5, 1)": (5, 5),
        "mean of X (5, 3), axis=1": (5,),
    },
    hints=(
        (
            "Which lengths meet when you write the two shapes one below the other, aligned at the "
            "right?"
        ),
        (
            "Where two lengths meet, they are equal, or one of them is 1 or missing and its "
            "numbers are used again. Everything else is an error. A mean loses the axis it names."
        ),
        (
            "For the fourth: p has the one length 5, column has 5 and 1. At the right 5 meets 1; "
            "before that, nothing meets 5."
        ),
    ),
    feedback={
        "X (5, 3) - row (3,)": (
            (
                (3,),
                "That is the shape of row. It is subtracted from each row of X: how many has X?",
                (
                    "Two arrays go in and one comes out, so it may seem that it is as small as the "
                    "smaller of them."
                ),
            ),
            (
                "error",
                (
                    "The shapes differ, but aligned at the right 3 meets 3, and nothing meets 5. "
                    "Is there anything that does not fit?"
                ),
                "In mathematics a table and a single row cannot be subtracted.",
            ),
            (
                (1, 3),
                "row is used again for every row of X, and each use gives a row of the result.",
                "Broadcasting gives row a first axis of length 1, and there one may stop.",
            ),
            (
                (5,),
                "One number for each row would be a sum. Nothing is added up here.",
                "A row minus a row sounds like one number.",
            ),
            (
                (3, 5),
                "The rows and columns have changed places. X keeps its own.",
                "Which of the two lengths is the rows is a matter of habit.",
            ),
        ),
        "X (5, 3) - p (5,)": (
            (
                (5, 3),
                (
                    "X has 5 rows and p has 5 numbers, but lengths meet from the right. Which two "
                    "numbers stand last?"
                ),
                "One number for each row is what was meant, and both shapes begin with a 5.",
            ),
            (
                (5,),
                "Write (5, 3) above (5,), aligned at the right. What meets the 3?",
                "Two arrays share their first length, and what they share looks like the result.",
            ),
            (
                (5, 5),
                "A length of 3 cannot become 5: only 1, or no axis at all, is stretched.",
                "After one surprise with two fives, the next is expected everywhere.",
            ),
            (
                (3,),
                "Write (5, 3) above (5,), aligned at the right. What meets the 3?",
                "Fives seem to cancel, as inner lengths do in a product.",
            ),
        ),
        "column (5, 1) - row (3,)": (
            (
                "error",
                "At the right 1 meets 3, before it 5 meets nothing. Which of these does not fit?",
                "The two have no length in common.",
            ),
            (
                (5, 1),
                "The 1 is stretched: the column is used again for each number of row.",
                "What is used again is mostly the smaller array, and here it is row.",
            ),
            (
                (3,),
                "row is used again for each of the 5 rows of column.",
                "There are three numbers to subtract.",
            ),
            (
                (1, 3),
                "row is used again for each of the 5 rows of column.",
                "row becomes (1, 3), and it is easy to stop there.",
            ),
            (
                (5,),
                "Each of the 5 numbers of column meets each of the 3 of row.",
                "There are five numbers to subtract from.",
            ),
            (
                (3, 5),
                "As many numbers, on their side. Which array gives the first length?",
                "Three stands in row, and rows come first.",
            ),
            (
                (),
                "A single number would be a sum of products. Here nothing is added up.",
                "A row and a column remind of the product of matrices.",
            ),
        ),
        "p (5,) - column (5, 1)": (
            (
                (5,),
                "That is what was meant, perhaps. At the right 5 meets 1: what happens to a 1?",
                "Five numbers and five numbers, so five differences.",
            ),
            (
                (5, 1),
                (
                    "column has one number a row, but 5 meets 1 at the right. Which of them is "
                    "stretched?"
                ),
                "Five numbers and five numbers, in the shape of the one that has more axes.",
            ),
            (
                "error",
                "That would be a kindness. Where do two lengths differ, and neither of them is 1?",
                "The shapes are not alike, and one hopes to be told.",
            ),
            (
                (1, 5),
                "p becomes (1, 5), and then its first length is 1. What meets it?",
                "The missing axis is filled in, and it is easy to stop there.",
            ),
            (
                (25,),
                "As many numbers, but how many axes has column?",
                "Every number of the one meets every number of the other: 25 of them.",
            ),
        ),
        "mean of X (5, 3), axis=1": (
            (
                (3,),
                "That is one mean for each column. The axis that is named is the one that goes.",
                "Axis 1 is the columns, so this reads like a mean for each of them.",
            ),
            (
                (5, 1),
                "The axis goes altogether, unless keepdims=True asks for it to stay.",
                "There is a mean beside each row, and so one pictures a column.",
            ),
            (
                (1, 5),
                (
                    "The axis goes altogether. With keepdims=True it would stay, as a 1, in the "
                    "last place."
                ),
                "An array with five numbers looks like a row when it is printed.",
            ),
            (
                (5, 3),
                "A mean puts numbers together. Over which of them does axis 1 run?",
                "When a row was subtracted from X, nothing was lost either.",
            ),
            (
                (),
                "One number is the mean of the whole table. Here an axis is named.",
                "A mean is one number, everywhere but here.",
            ),
            (
                (1,),
                "One number is the mean of the whole table. Here an axis is named.",
                "A mean is one number, and its name is axis 1.",
            ),
            (
                (1, 3),
                "Axis 1 goes and axis 0 stays. Which of the lengths 5 and 3 belongs to axis 0?",
                "The mean of a table is pictured as a row below it.",
            ),
            (
                5,
                (
                    "It is 5 numbers, but a shape is a tuple: Python writes one entry with a comma "
                    "after it."
                ),
                "Brackets around a number change nothing in Python, so (5) is the number 5.",
            ),
            (
                "error",
                "Axes are counted from zero, so a table has an axis 1.",
                "The table has two axes, and it is not said that the second is called 1.",
            ),
        ),
    },
)
