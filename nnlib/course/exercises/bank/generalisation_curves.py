"""Chapter 8, generalisation: learning curves to read, and when A is better than B.

The curves and the counts are those of the chapter, which trains them and holds the answers to them.
"""

from nnlib.course.exercises.kinds import value

LONG, SHORT, SMALL, HEART = "steps too long", "steps too short", "too small", "learns by heart"
A, B, UNKNOWN = "A", "B", "cannot tell"

# Of each curve: widths, training points, the rate of AdamW. They would tell, so they stand here.
RECIPES = (((32,), 60, 0.03), ((16,), 100, 0.0015), ((16,), 100, 10.0), ((1,), 100, 0.03))

READ_CURVES = value(
    "8.5",
    "Four curves, three comparisons",
    {
        "curve 1": HEART,
        "curve 2": SHORT,
        "curve 3": LONG,
        "curve 4": SMALL,
        "comparison 1": UNKNOWN,
        "comparison 2": B,
        "comparison 3": UNKNOWN,
        "five of five by luck": 1 / 16,
    },
    hints=(
        (
            "Look first at the training loss alone: does it get low, does it still fall, does it "
            "jump? Then at the distance between the two curves. And in a comparison: go through "
            "the seeds one at a time."
        ),
        (
            "Low in training and rising in validation is one illness; high in both is another, and "
            "then the question is whether they have come to rest. In a comparison count on how "
            "many seeds B is ahead, and ask how often coins would do that."
        ),
        (
            "Comparison 2 is decided by the pairs and not by the two ranges. For the last "
            "question: five coins show all heads in 1 of 32 throws, and all tails as often."
        ),
    ),
    feedback={
        "curve 1": (
            (
                SMALL,
                (
                    "A network that is too small cannot bring its training loss down. Where does "
                    "this one's go?"
                ),
                "The validation loss is high in the end, and high is what a small network gives.",
            ),
            (
                LONG,
                "Steps that are too long shake the training loss too. Is it shaken?",
                "A rising loss is the mark of long steps, if it is the training loss that rises.",
            ),
            (
                SHORT,
                "With short steps both losses would still be on their way down.",
                "The curve has not settled, and more time seems to be what it needs.",
            ),
        ),
        "curve 2": (
            (
                SMALL,
                "Both are high, as with a small network. But have they come to rest?",
                "Both losses stay high and close together, and that is half of the sign.",
            ),
            (
                HEART,
                "Whoever learns by heart has a low training loss. How low is this one?",
                "The result is poor, and overfitting is the usual suspect.",
            ),
            (
                LONG,
                "Too long a step would throw the loss about. How smooth is this one?",
                "The learning rate is to blame, and which way is a coin toss.",
            ),
        ),
        "curve 3": (
            (
                HEART,
                "The two curves stay together. By heart would mean that they part.",
                "The validation loss goes up again and again, which looks like overfitting.",
            ),
            (
                SHORT,
                "Short steps make smooth curves. What does each of these steps do?",
                "The loss ends far above what is possible, as if it had not arrived.",
            ),
            (
                SMALL,
                "A small network comes to rest at a high loss. Does this one rest?",
                "Neither loss gets low, whatever happens in between.",
            ),
        ),
        "curve 4": (
            (
                SHORT,
                "With short steps the losses would still fall. How long have these been level?",
                "A high training loss reads like a training that is not finished.",
            ),
            (
                HEART,
                (
                    "The two curves lie close together: what it knows of its own points holds for "
                    "the others."
                ),
                "The validation loss is not good, and that is what overfitting spoils.",
            ),
            (
                LONG,
                "Too long a step does not lie still. These curves are smooth.",
                "A loss that stops halfway can come from steps that jump across the valley.",
            ),
        ),
        "comparison 1": (
            (
                A,
                "A is ahead on some seeds and behind on others. Would five other seeds agree?",
                "The mean of A is the better one, and a mean is a number to go by.",
            ),
            (
                B,
                "B is ahead on some seeds and behind on others. Would five other seeds agree?",
                "The best run of all is one of B's.",
            ),
        ),
        "comparison 2": (
            (
                A,
                "Fewer mistakes are better. Who has fewer, seed by seed?",
                "A's numbers are larger, and larger is often better.",
            ),
            (
                UNKNOWN,
                (
                    "The two ranges overlap, because some seeds are harder for both. What is left "
                    "if you compare on the same seed?"
                ),
                "Overlapping ranges are the usual sign that nothing can be said.",
            ),
        ),
        "comparison 3": (
            (
                A,
                "One run each. What would another seed have said?",
                "Nothing else is known, and the number of A is the better one.",
            ),
            (
                B,
                "B made more mistakes, and one run is one run.",
                "One mistake more can be bad luck, so one may suspect that B is the better one.",
            ),
        ),
        "five of five by luck": (
            (
                1 / 32,
                "That is five times B. Five times A would have impressed you as much.",
                "A half, five times over, is how often one of the two wins every time.",
            ),
            (
                6.25,
                "In per cent, yes. A number from 0 to 1 is asked for.",
                "Chances are spoken of in per cent.",
            ),
            (
                1 / 2,
                "That is one seed. How often does it go the same way five times?",
                "Two equal settings win equally often.",
            ),
            (
                1 / 5,
                "Count the ways in which five coins can fall: two for each, and all five together?",
                "Five of five makes one think of a fifth.",
            ),
            (
                5 / 32,
                "That is how often exactly one of five goes the other way, if you know which side.",
                "Five seeds and thirty-two ways to fall are the right ingredients.",
            ),
            (
                0,
                "Equal settings do win five times in a row, now and then. How often?",
                "Five of five looks like certainty.",
            ),
        ),
    },
)
