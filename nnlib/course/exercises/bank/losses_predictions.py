"""Chapter 4, loss: losses on paper. `backpropagation.py` says how to add an exercise.

The chapter computes every answer.
"""

from nnlib.course.exercises.kinds import value

# 4.3 -------------------------------------------------------------------------------------------

ON_PAPER = value(
    "4.3",
    "What will the loss be?",
    {
        "how many classes, at 6.908": 1000,
        "one in four, and it says so": 0.562,
        "one in four, and it says one in ten": 0.655,
        "a third of every probability": 1.099,
        "five added to every logit": 0.8,
        "one sure mistake": 2.0,
        "slope at the right class": -0.1,
    },
    hints=(
        (
            "Each loss is a mean of -log p. Which p do the right classes get? In two questions "
            "you need to know only what changes, and one is asked backwards."
        ),
        (
            "What undoes a logarithm? Two kinds of letters: a mean with the shares as weights, and "
            "the shares are those of the letters, whatever the filter says. And remember what a "
            "logarithm makes of a factor, and a softmax of a shift."
        ),
        (
            "ln K = 6.908; 1/4 times -ln p plus 3/4 times -ln(1 - p), with the p that is said; "
            "-ln(p/3) is -ln p + ln 3; a sure mistake at logit -200 costs about 200, shared by "
            "100 letters; p - 1 for the right class."
        ),
    ),
    feedback={
        "how many classes, at 6.908": (
            (
                7,
                (
                    "With seven classes the loss would start below 2. Which probability does each "
                    "class get, and what is minus its logarithm?"
                ),
                "A loss near 7 and seven classes look like the same number.",
            ),
            (
                10,
                (
                    "Ten classes start at 2.303, as in the chapter. This loss is three times as "
                    "large: what does that make of the number of classes?"
                ),
                "Ten classes are what the chapter counts, and theirs is the loss to remember.",
            ),
            (
                30,
                (
                    "Three times the loss of ten classes is not three times the classes: where a "
                    "logarithm is added, the number itself is multiplied."
                ),
                "Ten classes start at 2.303, and 6.908 is three times that.",
            ),
            (
                0.001,
                "That is the probability that each class gets. How many classes share the 1 then?",
                "Undoing the logarithm and its minus gives the probability first.",
            ),
            (
                6.908,
                "That is the loss itself. Of which number is it the logarithm?",
                "The loss of K classes is a number that goes with K, and the two are soon mixed.",
            ),
            (
                1.933,
                (
                    "That is the logarithm of the loss. The loss is a logarithm already: what "
                    "undoes it?"
                ),
                "Where losses are about, the key to press is the one for the logarithm.",
            ),
            (
                8090959,
                (
                    "That is 10 to the power 6.908. Here the logarithm is the natural one, and "
                    "another number takes the place of the 10."
                ),
                "On many calculators the key for 10 to a power is the one beside the logarithm.",
            ),
            (
                120,
                (
                    "That is 2 to the power 6.908, as if it were bits. Here the logarithm is the "
                    "natural one."
                ),
                (
                    "In information theory a question of yes or no halves what is possible, so one "
                    "counts in twos."
                ),
            ),
        ),
        "one in four, and it says so": (
            (
                -0.562,
                "A loss made of -log p is never negative, for p is at most 1.",
                "Both logarithms are negative, and two minus signs have to be kept apart.",
            ),
            (
                1.386,
                (
                    "That is what the spam costs. Three letters in four are not spam, and there it "
                    "gave the truth 0.75."
                ),
                "0.25 is the one number that the filter ever says.",
            ),
            (
                0.288,
                (
                    "That is what one of the other letters costs. One in four is spam, and there "
                    "the filter said only 0.25."
                ),
                "Most letters are of that kind, so it looks like the loss of all.",
            ),
            (
                0.347,
                "That is the spam's part of the mean. The other letters cost something as well.",
                "Terms with y = 0 vanish from one half of the formula, but not from the other.",
            ),
            (
                0.216,
                "That is the other letters' part of the mean. The spam costs something as well.",
                "The more frequent kind is easily taken for the whole.",
            ),
            (
                0.837,
                "A plain mean of the two losses. The two kinds of letters are not equally many.",
                "With two kinds of letters, a mean is half of one and half of the other.",
            ),
            (
                0.693,
                "So it would be if the filter said one half. Knowing the share is worth something.",
                "It does not look at the letter, so it seems to know nothing.",
            ),
            (
                0.325,
                (
                    "That is the loss for one in ten, from the chapter. Is a share of one in four "
                    "easier to guess, or harder?"
                ),
                "The sentence is the chapter's own, and its number comes to mind with it.",
            ),
            (
                0.25,
                (
                    "That is the share of mistakes when it decides for no. A loss counts how sure "
                    "it was."
                ),
                "A filter that always says no is wrong for one letter in four.",
            ),
            (
                0.1875,
                "That is its squared error. What is asked for is the cross-entropy.",
                "The mean of squares needs the same shares and is just as much a mean loss.",
            ),
            (
                0.811,
                "That is in bits, with the logarithm to base 2.",
                "The entropy of a share is often quoted in bits.",
            ),
            (
                1.112,
                (
                    "The shares have changed places: one letter in four is spam, and for it the "
                    "filter said 0.25."
                ),
                (
                    "There are four numbers, two shares and two probabilities, and they are easily "
                    "paired the wrong way."
                ),
            ),
        ),
        "one in four, and it says one in ten": (
            (
                0.562,
                (
                    "That is the filter that knows the share. This one says 0.1, and its loss is "
                    "computed with that."
                ),
                "The letters are the same, and their shares seem to be what counts.",
            ),
            (
                0.325,
                (
                    "Spam is one letter in four here, whatever the filter says. Which numbers are "
                    "shares, and which are probabilities?"
                ),
                "One takes the shares from the filter, as if the letters followed it.",
            ),
            (
                0.398,
                (
                    "Two shares and two probabilities have been exchanged: what happened weighs, "
                    "and of what was said the logarithm is taken."
                ),
                (
                    "Shares and probabilities are both numbers between 0 and 1, and each would do "
                    "in either place."
                ),
            ),
            (
                1.753,
                (
                    "For spam the filter gave the truth 0.1, and for the others 0.9. Which of the "
                    "two happens three times in four?"
                ),
                (
                    "The larger share and the smaller probability stand next to each other in the "
                    "question."
                ),
            ),
            (
                0.092,
                (
                    "That is by how much it is worse than a filter that knows the share. Asked for "
                    "is its whole loss."
                ),
                "What the wrong share costs on top is the interesting part.",
            ),
            (
                2.303,
                (
                    "That is what the spam costs. Three letters in four are no spam, and they cost "
                    "less."
                ),
                "It is the spam that this filter does not expect.",
            ),
            (
                1.204,
                "A plain mean of the two losses. Are both kinds of letters equally many?",
                "There is one loss for yes and one for no, and one adds them and halves.",
            ),
            (
                0.21,
                "That is a squared error. What is asked for is the cross-entropy.",
                (
                    "How far off the filter is, squared and averaged, is the first loss that one "
                    "learns."
                ),
            ),
        ),
        "a third of every probability": (
            (
                3.0,
                (
                    "A third of the probability is not three times the loss: take p = 1, where the "
                    "loss is 0."
                ),
                "A third as good sounds like three times as bad.",
            ),
            (
                0.333,
                "The probability is divided. What does a logarithm make of a factor?",
                "One third is the change in p, and the loss is made of p.",
            ),
            (
                0.667,
                (
                    "So much of each probability is lost, of what it was. What does a logarithm "
                    "make of a factor?"
                ),
                "Two thirds are gone, and a loss is what one has lost.",
            ),
            (
                -1.099,
                "Less probability for the right class: does the loss rise or fall?",
                "The factor is one third, and its logarithm lies below 0.",
            ),
            (
                0.477,
                "With base 10, yes. Here the logarithm is the natural one.",
                "The key that says log on a calculator is the one to base 10.",
            ),
            (
                1.585,
                "In bits, yes. Here the logarithm is the natural one.",
                "In bits one counts how often something is halved.",
            ),
            (
                0.405,
                "That is the logarithm of one and a half. By which factor has p become smaller?",
                "Two thirds are what is lost, and -ln of two thirds is a loss.",
            ),
            (
                0.0,
                (
                    "A shift of all logits would change nothing. Here the right classes lose to "
                    "the wrong ones."
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
