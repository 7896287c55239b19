"""Chapter 4, loss: losses on paper. `backpropagation.py` says how to add an exercise.

The chapter computes every answer.
"""

from nnlib.course.exercises.kinds import value

# 4.3 -------------------------------------------------------------------------------------------

ON_PAPER = value(
    "4.3",
    "What will the loss be?",
    {
        "ten classes, nothing known": 2.303,
        "one in ten, and it says so": 0.325,
        "one in ten, and it says one half": 0.693,
        "every probability halved": 0.693,
        "five added to every logit": 0.8,
        "one sure mistake": 2.0,
        "slope at the right class": -0.1,
    },
    hints=(
        (
            "Each loss is a mean of -log p. Which p do the right classes get? In two questions "
            "you need to know only what changes."
        ),
        (
            "One p for all: then the loss is -ln p. Two kinds of letters: a mean with the shares "
            "as weights. And remember what a logarithm makes of a product, and a softmax of a "
            "shift."
        ),
        (
            "-ln(1/10); 0.1 times -ln 0.1 plus 0.9 times -ln 0.9; -ln(p/2) is -ln p + ln 2; a sure "
            "mistake at logit -200 costs about 200, shared by 100 letters; p - 1 for the right "
            "class."
        ),
    ),
    feedback={
        "ten classes, nothing known": (
            (
                10.0,
                (
                    "That is how many classes there are. Which probability does each get, and what "
                    "is minus its logarithm?"
                ),
                "Ten times less likely sounds like a loss of ten.",
            ),
            (
                0.1,
                "That is the probability that each class gets. What does the loss make of it?",
                "One tenth is the number in play, and it is the accuracy of guessing.",
            ),
            (
                0.9,
                (
                    "That is the share of wrong answers. The loss looks at the probability of the "
                    "right one."
                ),
                (
                    "A network that knows nothing is wrong nine times in ten, and a loss says how "
                    "wrong one is."
                ),
            ),
            (
                1.0,
                "log 10 with base 10. Here the logarithm is the natural one.",
                "The key called log on a calculator gives 1 for 10.",
            ),
            (
                3.322,
                "That is in bits, with the logarithm to base 2.",
                "log2 10 is how many yes-or-no questions single out one class of ten.",
            ),
            (
                0.0,
                "A loss of 0 means that every right class got all the probability.",
                "At the start nothing has been learned, so nothing seems to be there to measure.",
            ),
            (
                -2.303,
                "That is the logarithm itself. Which sign has a loss?",
                "The logarithm of a tenth is negative, and the minus of the loss is small.",
            ),
            (
                0.105,
                (
                    "That is -ln 0.9, the loss of a network that is almost right. Which p does the "
                    "right class get when all ten are alike?"
                ),
                "0.9 is what is left for the wrong classes together.",
            ),
            (
                23.03,
                (
                    "Ten times too much: one example has one right class, and the others are not "
                    "charged."
                ),
                "There are ten probabilities, each with a logarithm of the same size.",
            ),
        ),
        "one in ten, and it says so": (
            (
                -0.325,
                "A loss made of -log p is never negative, for p is at most 1.",
                "Both logarithms are negative, and two minus signs have to be kept apart.",
            ),
            (
                0.33,
                "That is near; three digits after the point are asked for.",
                "Two digits are enough for most purposes.",
            ),
            (
                2.303,
                (
                    "That is what the spam costs. Nine letters in ten are not spam, and there it "
                    "said 0.9."
                ),
                "0.1 is the one number that the filter ever says.",
            ),
            (
                0.105,
                (
                    "That is what the other letters cost. One in ten is spam, and there the filter "
                    "said only 0.1."
                ),
                "Most letters are of that kind, so it looks like the loss of all.",
            ),
            (
                0.23,
                "That is the spam's part of the mean. The other letters cost something as well.",
                "Terms with y = 0 vanish from one half of the formula, but not from the other.",
            ),
            (
                0.095,
                "That is the other letters' part of the mean. The spam costs something as well.",
                "The large part is easily taken for the whole.",
            ),
            (
                1.204,
                "A plain mean of the two losses. The two kinds of letters are not equally many.",
                "With two kinds of letters, a mean is half of one and half of the other.",
            ),
            (
                0.693,
                "So it would be if the filter said one half. Knowing the share is worth something.",
                "It does not look at the letter, so it seems to know nothing.",
            ),
            (
                0.1,
                (
                    "That is the share of mistakes when it decides for no. A loss counts how sure "
                    "it was."
                ),
                "A filter that always says no is wrong for one letter in ten.",
            ),
            (
                0.09,
                "That is its squared error. What is asked for is the cross-entropy.",
                "0.1 times 0.81 plus 0.9 times 0.01 is a mean loss too, of another kind.",
            ),
            (
                0.469,
                "That is in bits, with the logarithm to base 2.",
                "The entropy of one in ten is often quoted in bits.",
            ),
            (
                2.083,
                (
                    "The shares have changed places: the letters that are spam are one in ten, and "
                    "for those the filter said 0.1."
                ),
                (
                    "There are four numbers, 0.1 and 0.9 each twice, and they are easily paired "
                    "the wrong way."
                ),
            ),
        ),
        "one in ten, and it says one half": (
            (
                -0.693,
                "That is the logarithm itself. Which sign has a loss?",
                "The logarithm of one half is negative.",
            ),
            (
                0.325,
                "That is the filter that knows the share. This one says 0.5 to every letter.",
                "The letters are the same, and the shares seem to be what counts.",
            ),
            (
                0.5,
                "That is the probability. What does the loss make of it?",
                "One half is the only number in the question.",
            ),
            (
                2.303,
                "That is for one of ten classes. Here there are two answers.",
                "One in ten and one of ten sound alike.",
            ),
            (
                1.0,
                "In bits, yes. Here the logarithm is the natural one.",
                "One question of yes or no is one bit.",
            ),
            (
                0.25,
                "That is its squared error. What is asked for is the cross-entropy.",
                "Half of a half is how far off it is, squared, every time.",
            ),
            (
                1.386,
                "Each letter is charged once: for yes or for no, not for both.",
                "The formula has two terms, and both logarithms are of one half.",
            ),
        ),
        "every probability halved": (
            (
                1.386,
                "That is two halvings, or ln 4. Each right class was halved once.",
                "Half of p for yes and half of what is left look like two changes.",
            ),
            (
                2.0,
                "Half the probability is not twice the loss: take p = 1, where the loss is 0.",
                "Half as good sounds like twice as bad.",
            ),
            (
                0.5,
                "The probability is halved. What does a logarithm make of a factor?",
                "One half is the change in p, and the loss is made of p.",
            ),
            (
                -0.693,
                "Less probability for the right class: does the loss rise or fall?",
                "The factor is one half, and its logarithm lies below 0.",
            ),
            (
                0.301,
                "With base 10, yes. Here the logarithm is the natural one.",
                "The decimal logarithm of 2 is one of the few that one knows by heart.",
            ),
            (
                1.0,
                "In bits, yes. Here the logarithm is the natural one.",
                "In bits halving costs exactly one, which is why people like bits.",
            ),
            (
                0.0,
                (
                    "A shift of all logits would change nothing. Here the right classes lose half "
                    "of their probability to the wrong ones."
                ),
                "A factor that all examples share seems to cancel, as it does in a softmax.",
            ),
        ),
        "five added to every logit": (
            (
                5.8,
                "Do the probabilities change when every logit of a row grows by the same?",
                (
                    "The loss is computed from the logits, so a shift looks as if it should come "
                    "through."
                ),
            ),
            (
                -4.2,
                "The right class's logit grew by 5, and so did all it is compared with.",
                "A larger score for the right class lowers the loss; but only if the others stay.",
            ),
            (
                4.0,
                "That would be a factor of five. Do the probabilities change at all?",
                "Adding to the logits sounds as if it multiplied something.",
            ),
            (
                0.0,
                "The answers are no better than before: has any probability changed?",
                "Larger logits mean more certainty; but only larger differences do.",
            ),
            (
                0.005,
                "Only one class can gain at the expense of the others, and here all are raised.",
                "e to the 5 is about 148, so one expects the loss to shrink by such a factor.",
            ),
        ),
        "one sure mistake": (
            (
                -200.0,
                (
                    "That is the logit. What is minus the logarithm of its probability, and over "
                    "how many letters is the mean?"
                ),
                "Far from 0 the loss is nearly the logit, but for its sign.",
            ),
            (
                0.01,
                "That is the share of mistakes. The loss also asks how sure it was.",
                "One of a hundred is wrong, and a mean of a hundred looks like that share.",
            ),
            (
                200.0,
                "So much that one letter costs. The loss is the mean over all of them.",
                "The other letters cost nothing, so nothing else is left.",
            ),
            (
                0.0,
                "A logit of -200 is a tiny probability, and its logarithm is not tiny.",
                "99 letters of 100 are right and sure of it.",
            ),
            (
                0.007,
                "One letter at one half would cost so much. This one is surer, and wrong.",
                "ln 2 shared by a hundred is what an undecided answer would add.",
            ),
            (
                2.02,
                "The sure letters cost nothing, and the mean runs over all hundred of them.",
                "There are 99 other letters, and 200 / 99 is what each would carry.",
            ),
            (
                -2.0,
                "A loss is never negative: -log p, and p is at most 1.",
                "The logit is negative, and the loss is nearly the logit there.",
            ),
        ),
        "slope at the right class": (
            (
                -1.0,
                "So steep it is where p is 0: everything is still to gain. Here p is 0.9.",
                "The one-hot row has a 1 there, with a minus in front.",
            ),
            (
                -0.105,
                "That is the logarithm of 0.9. How does the loss move when the logit does?",
                "ln 0.9 and -0.1 are nearly the same, and that is no accident.",
            ),
            (
                0.9,
                "That is p. For the right class something is subtracted from it.",
                "The slope is p for every class but one.",
            ),
            (
                0.1,
                "The right size. Does the loss rise or fall when the right logit grows?",
                "0.1 is what is missing to certainty, and to push by what is missing sounds right.",
            ),
            (
                -0.9,
                "So steep it would be if p were 0.1. Here the answer is nearly right.",
                "p = 0.9 and a minus, because the right class is to be pushed up.",
            ),
            (
                -1.111,
                "That is the slope at p, which is -1/p. Asked for is the one at the logit.",
                "The derivative of -log p is known from school, and the softmax in between is not.",
            ),
            (
                -0.09,
                "The slope of the softmax is in p - 1 already; here it came once more.",
                "p (1 - p) is the slope of a sigmoid, and -0.1 times 0.9 has it in.",
            ),
            (
                0.105,
                "That is the loss. How does it move when the logit does?",
                "-ln 0.9 is the one number that the formula gives directly.",
            ),
            (
                0.0,
                "Flat it is only where p is 1. There is a tenth to gain.",
                "The answer is right already, so nothing seems to be left to do.",
            ),
        ),
    },
    tolerance=3e-3,
)
