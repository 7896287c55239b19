"""Chapter 6, gradient descent: predictions on paper, and the lines of the training loop in order.

`backpropagation.py` says how to add an exercise.
"""

from nnlib.course.exercises.exercise import Misconception
from nnlib.course.exercises.kinds import parsons, value

# 6.3 -------------------------------------------------------------------------------------------

# The chapter computes every answer.
PREDICTIONS = value(
    "6.3",
    "Before anything runs",
    {
        "largest rate on a parabola": 0.25,
        "largest rate in a valley": 0.04,
        "largest rate for seconds": 0.00025,
        "noise of the larger batch": 0.1,
        "velocity in the end": 40.0,
        "first step of Adam": 0.001,
        "rate after 250 steps": 0.1,
        "clipped gradient": (3.0, 4.0),
    },
    hints=(
        (
            "For each of them there is a small example with numbers in the chapter. Which one is "
            "it, and what has changed?"
        ),
        (
            "How steep a slope gets for each unit of theta is the curvature, and the steepest "
            "direction sets the limit. Noise shrinks more slowly than batches grow. A velocity "
            "that no longer changes gains in a step what it loses."
        ),
        (
            "The slope of the parabola is 8 theta. The curvature of a squared error holds the "
            "square of the input. Four times the examples, half the noise. In the end "
            "v = 0.95 v + 2. Two whole hundreds fit into 250. The gradient is 10 long."
        ),
    ),
    feedback={
        "largest rate on a parabola": (
            (
                0.5,
                (
                    "The number in front of the square is not the curvature. What is the slope of "
                    "four theta squared?"
                ),
                "The four stands there in plain sight, and two by four is quickly said.",
            ),
            (
                0.125,
                (
                    "With that rate one step lands at the bottom. How much further can a step go "
                    "before it lands as high as it began?"
                ),
                (
                    "One by the curvature is the best rate on a parabola, and best sounds "
                    "like largest."
                ),
            ),
            (
                2.0,
                "Two stands above the line. What stands below it, for this loss?",
                "The limit was two over something, and the something was one in the first valley.",
            ),
            (
                1.0,
                "With that rate theta is multiplied by minus seven at every step.",
                "A step as long as the slope feels like the natural length.",
            ),
            (
                8.0,
                "That is the curvature. The larger it is, the shorter a step has to be.",
                "It is the number that decides, and one forgets to divide by it.",
            ),
        ),
        "largest rate in a valley": (
            (
                0.4,
                (
                    "That is what the flat direction would allow. Multiply the steep one by "
                    "its number at this rate."
                ),
                (
                    "The way to the bottom leads along the flat direction, so its limit "
                    "looks like the one that counts."
                ),
            ),
            (
                0.02,
                (
                    "With that rate the steep direction is done in one step. The limit is where it "
                    "lands as high as it began."
                ),
                "One by the curvature is where the steep direction is best off.",
            ),
            (
                2 / 55,
                "The curvatures do not add: each direction goes its own way, with its own limit.",
                "Both directions take part in every step, so both seem to share one limit.",
            ),
            (
                2 / 27.5,
                "A mean of the two curvatures is of no use to the steep direction.",
                "One rate for two directions suggests something in the middle.",
            ),
            (
                0.1,
                "That is the limit of the valley in the chapter. This one is steeper.",
                "It is the sharp line that one has seen, and the two valleys look alike.",
            ),
            (
                0.08,
                (
                    "The half in front is there so that the slopes are 5 a and 50 b. Is it "
                    "the 25 that you divided by?"
                ),
                "Half of 50 stands in the loss, and the half gets taken along.",
            ),
        ),
        "largest rate for seconds": (
            (
                0.015,
                (
                    "The slope grows sixtyfold because the input does. And it changes sixty times "
                    "as fast when the weight moves: how often does the input enter the curvature?"
                ),
                "Sixty seconds to the minute, so one divides by sixty.",
            ),
            (
                0.9,
                (
                    "The weight that is looked for becomes smaller, but the rate does not know "
                    "that. What happens to the slope of the loss?"
                ),
                "It is the same time, only told in another unit.",
            ),
            (
                54.0,
                "Larger inputs make the valley steeper. Does that allow longer steps, or shorter?",
                "The inputs grow by sixty, and so everything seems to.",
            ),
            (
                3240.0,
                "The square is there, and it works the other way: steeper, so shorter steps.",
                "The curvature grows by 3,600, and the rate is easily taken along.",
            ),
            (
                0.9 / 60**0.5,
                "A root is what noise brings. The curvature holds the square of the input.",
                "Deviations shrink with a root, and a scale looks like a deviation.",
            ),
        ),
        "noise of the larger batch": (
            (
                0.05,
                (
                    "Four times the examples do not give a quarter of the noise. Look at the "
                    "table: by how much does it fall where the batch grows fourfold?"
                ),
                "An average over four times as many numbers should be four times as good.",
            ),
            (
                0.2,
                "The mean of more examples strays less.",
                "The gradient is a mean either way, and a mean is right on average.",
            ),
            (
                0.4,
                "That is more noise from more examples.",
                "More examples, more that can differ.",
            ),
            (
                0.8,
                "That is a sum's noise, and then some. The gradient is a mean.",
                "Each example brings noise of its own, and noise seems to pile up.",
            ),
            (
                0.025,
                "That is an eighth. The batch has grown fourfold.",
                "One divides by the ratio and then once more for the root.",
            ),
        ),
        "velocity in the end": (
            (
                20.0,
                "That is how many times the gradient it comes to. How large is the gradient?",
                "One by one minus momentum is the formula, and it ends there.",
            ),
            (
                2.0,
                (
                    "That is the first step. The velocity keeps most of what it had and gets "
                    "as much again."
                ),
                "If the gradient stays the same, the step should stay the same.",
            ),
            (
                3.9,
                "That is the second step. It goes on growing from there.",
                "Adding once what is left over feels like all that there is to add.",
            ),
            (
                1.9,
                "That keeps a part of the velocity and forgets to add the gradient.",
                "Momentum is known for making things fade.",
            ),
            (
                38.0,
                (
                    "That is what is left of it after the next step has begun. Then the "
                    "gradient is added."
                ),
                "One stops between the two halves of the formula.",
            ),
            (
                0.1,
                (
                    "That weighs the gradient by what momentum leaves over. In (6.2) it "
                    "comes in whole."
                ),
                "A running mean would weigh it so, and Adam's is one.",
            ),
        ),
        "first step of Adam": (
            (
                0.25,
                "That is the step of plain descent. What does Adam divide the gradient by?",
                "Learning rate times gradient is what a step has been since the first page.",
            ),
            (
                250.0,
                "That is the gradient.",
                "Without a division it is all there is to go by.",
            ),
            (
                0.0001,
                (
                    "The running mean starts at a tenth of the gradient, and what it is divided by "
                    "starts too small as well. Both are corrected."
                ),
                "At the first step m is a tenth of g, and one remembers that.",
            ),
            (
                0.00316,
                "That is the first step without the correction.",
                "It is what the two running means give as they stand.",
            ),
            (
                1.0,
                "So large is the quotient. The step is the learning rate times that.",
                "A number divided by its own size is one, and there the thought stops.",
            ),
        ),
        "rate after 250 steps": (
            (
                0.2,
                "It has been halved more than once by then.",
                "The rate is halved, and half of 0.4 is 0.2.",
            ),
            (
                0.05,
                "That is three times halved. Has the third hundred been completed?",
                "After 250 steps one is in the third hundred.",
            ),
            (
                0.4 * 0.5**2.5,
                "That halves a little at every step. This schedule waits, and then halves at once.",
                "A curve that goes through the same points is the formula one knows from interest.",
            ),
            (
                0.4,
                "That is the rate of the first hundred steps.",
                "The question gives 0.4 as the learning rate.",
            ),
        ),
        "clipped gradient": (
            (
                (5.0, 5.0),
                (
                    "Each number is cut on its own, and the direction has changed. What has "
                    "to be 5 is the length of the whole."
                ),
                "Clipping a list of numbers is what NumPy's clip does.",
            ),
            (
                (6.0, 8.0),
                (
                    "Neither of the two numbers alone is what is compared with 5. How long is the "
                    "gradient?"
                ),
                "If clipping were meant for runaway gradients only, 6 and 8 would look harmless.",
            ),
            (
                (0.6, 0.8),
                "That is 1 long. The gradient may keep a length of 5.",
                "To put a direction at its length, one first makes it 1 long.",
            ),
            (
                (30 / 14, 40 / 14),
                (
                    "The two numbers now sum to 5. The length of a gradient is the root of "
                    "the sum of the squares."
                ),
                "A sum is the quickest idea of how large a list of numbers is.",
            ),
            (
                (5.0, 8.0),
                "One number has been cut to 5, the other has not; and the length is what counts.",
                "The first number is over the bound, and it is the first that one looks at.",
            ),
        ),
    },
)

# 6.4 -------------------------------------------------------------------------------------------

LINES = {
    "A": "        optimizer.step()",
    "B": "    for start in range(0, len(X), 32):",
    "C": "        optimizer.zero_grad()",
    "D": "optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)",
    "E": "        rows = order[start : start + 32]",
    "F": "        loss = cross_entropy(model(X[rows]), y[start : start + 32])",
    "G": "for epoch in range(20):",
    "H": '    print(evaluate(model, cross_entropy, (X_val, y_val))["loss"])',
    "I": "        loss.backward()",
    "J": "    order = rng.permutation(len(X))",
    "K": "order = rng.permutation(len(X))",
    "L": "        loss = cross_entropy(model(X[rows]), y[rows])",
    "M": "        optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)",
    "N": '    print(evaluate(model, cross_entropy, (X_test, y_test))["loss"])',
}

LOOP = parsons(
    "6.4",
    "The training loop, line by line",
    LINES,
    "D G J B E L C I A H",
    also_right=("D G J B C E L I A H", "D G J B E C L I A H", "D G J B E L I A C H"),
    hints=(
        (
            "Which lines run once in the whole training, which once an epoch, and which once a "
            "batch? The indents say so; two pairs of lines differ in little else."
        ),
        (
            "Before the loops, what remembers. Then for each epoch: deal, go through the batches, "
            "measure. Four lines are of no use."
        ),
        (
            "Within a batch: which rows, how wrong on them, forget the old gradients, the new "
            "ones, a step."
        ),
    ),
    misconceptions=(
        Misconception(
            "shuffled-once",
            "D K G B E L C I A H",
            "The examples are dealt before the first epoch and never again: every epoch holds the "
            "same batches.",
            "A shuffled deck is shuffled, and it costs a line less inside the loop.",
        ),
        Misconception(
            "a-new-optimiser",
            "G J B M E L C I A H",
            "What does this optimiser remember from step to step? Then how often may it be made, "
            "and where?",
            "Whatever a loop uses, one makes inside it, so that it starts clean.",
        ),
        Misconception(
            "one-more-optimiser",
            "D G J B M E L C I A H",
            "There are two of them now, and the second is made for every batch. What it has "
            "gathered in its velocity is gone each time.",
            "A fresh optimiser has no stale state, and fresh sounds safer.",
        ),
        Misconception(
            "dealt-at-the-margin",
            "D G K B E L C I A H",
            "K stands at the margin, and there it would end the loop over the epochs before "
            "anything was learned. Its twin has an indent.",
            "The two lines say the same, and only their indents differ.",
        ),
        Misconception(
            "no-order-yet",
            "D G B E L C I A H",
            "The rows of a batch are taken from an order, and this epoch has not drawn one.",
            "The loop over the batches comes after the loop over the epochs, as it is read aloud.",
        ),
        Misconception(
            "other-targets",
            "D G J B E F C I A H",
            "The inputs are taken from the new order and the targets from the old one.",
            "Both lines take 32 of each, and a slice looks tidier than a list of rows.",
        ),
        Misconception(
            "loss-before-rows",
            "D G J B L E C I A H",
            "Of which rows is the loss, if none has been chosen?",
            "The loss is the heart of the matter, so one starts from it.",
        ),
        Misconception(
            "step-before-the-slopes",
            "D G J B E L C A I H",
            "The step is taken before there are slopes to take it along.",
            "One forgets that calling the loss computes a number, and no gradient.",
        ),
        Misconception(
            "cleared-before-use",
            "D G J B E L I C A H",
            "The gradients are computed, thrown away, and then the step is taken.",
            "Clearing belongs beside the step, and before it looks as good as after it.",
        ),
        Misconception(
            "never-cleared",
            "D G J B E L I A H",
            "Each backward pass adds to the gradients of all batches before, and nobody clears "
            "them.",
            "Nothing complains when the line is missing, and the loss may fall all the same.",
        ),
        Misconception(
            "no-step",
            "D G J B E L C I H",
            "Slopes are computed and nothing moves.",
            "The backward pass is the hard part, and it feels as if it did the learning.",
        ),
        Misconception(
            "measured-before",
            "D G H J B E L C I A",
            "Each epoch is measured before it is trained, and the last one never is.",
            "One wants to see where the training starts.",
        ),
        Misconception(
            "measured-on-the-test-set",
            "D G J B E L C I A N",
            "If you look at these examples after every epoch, you will choose by them. What are "
            "they being kept for?",
            "The test set is there for testing, and this is a test.",
        ),
        Misconception(
            "not-measured",
            "D G J B E L C I A",
            "It trains, and nobody looks at examples that are not trained on.",
            "The loss of the batches goes down, so what else is there to know?",
        ),
    ),
)
