"""Chapter 13, looking inside: predictions. `backpropagation.py` says how to add one.

The chapter computes the answers that are numbers and holds the others to what it has measured.
"""

from nnlib.course.exercises.kinds import value

PREDICTIONS = value(
    "13.5",
    "What will the map show?",
    {
        "slope at (2, 1)": 0,
        "fall at (2, 1) when the first is covered": 0,
        "contribution of the first at (2, 1)": 2 / 3,
        "sum of the contributions": 5,
        "one neuron: contribution from a white page": -1.5,
        "one neuron: contribution from a black page": 1.5,
        "one neuron: steps": 1,
        "slope of the probability": 0.0198,
        "shared by chance": 4,
        "what training has added, in points": 1,
    },
    hints=(
        (
            "Work the first three out with numbers: what does the score say at (2, 1), next to it, "
            "at (0, 1), and at which point of the way from (0, 0) does the unit fall silent?"
        ),
        (
            "A contribution is a mean slope, times the distance from the baseline, and both have "
            "a sign. All contributions together are what the score gains on the way. A slope of a "
            "function of a function is a product. By chance, each of the one map's pixels is among "
            "the other's with the probability that any pixel is."
        ),
        (
            "1 minus ReLU of something negative stays 1. On the way to (2, 1) the sum reaches 1 "
            "after a third. From −1 to 4 is one more than 4. The slope of a neuron in a pixel is "
            "the weight, wherever one stands; from 1 to 0.5 is a step back. The slope of a sigmoid "
            "is p times 1 − p. A fifth of twenty. And a probe's gain is counted from what it reads "
            "without training."
        ),
    ),
    feedback={
        "slope at (2, 1)": (
            (
                1,
                "Up to a sum of 1 the score climbs with slope 1. Where does (2, 1) lie?",
                "The first input has weight 1 in the sum, and a slope is a weight.",
            ),
            (
                -1,
                "There are two minus signs on the way. And is the ReLU on at (2, 1)?",
                "The input stands behind a minus sign in the formula.",
            ),
            (
                2,
                "The input is 2. A slope is what changes when it becomes a little more.",
                "An input that is twice as large seems to matter twice as much.",
            ),
        ),
        "fall at (2, 1) when the first is covered": (
            (
                1,
                "That would be the fall if both were covered. What does (0, 1) score?",
                (
                    "The first input alone is enough for a full score, so without it the score "
                    "seems lost."
                ),
            ),
            (
                2,
                "An input of 2 is gone. By how much does the score, which is never above 1, fall?",
                "What is taken away is 2, and so the fall is taken for 2.",
            ),
            (
                0.5,
                "Half each is what integrated gradients said at (1, 1). Compute the two scores.",
                "Two inputs share the work, so each is thought to be worth half of it.",
            ),
        ),
        "contribution of the first at (2, 1)": (
            (
                0,
                "At (2, 1) its slope is zero. And on the way there?",
                "The slope is one factor of the contribution, and where one stands it is zero.",
            ),
            (
                1 / 3,
                (
                    "That is the mean of its slopes, or what the second contributes. How far has "
                    "the first come?"
                ),
                "A third of the way is steep, and that third is a number worth writing down.",
            ),
            (
                0.5,
                "Half each was so at (1, 1). Here the two have come unequally far.",
                "Two pixels and a score of 1 make a half each.",
            ),
            (
                1,
                "That is what both contribute together.",
                "The first is enough for the full score, so all of it seems to be its doing.",
            ),
            (
                2,
                "The slope was 1 for a part of the way only. Where does the unit fall silent?",
                "On the blank page the slope is 1, and the ink is 2.",
            ),
        ),
        "sum of the contributions": (
            (
                4,
                "That is the score of the picture. Where did the way begin?",
                "The contributions explain the score, so they seem to add up to the score.",
            ),
            (
                3,
                "4 and −1 are added here. How far is it from −1 up to 4?",
                "Both scores are part of the sum, and the minus sign is taken at its word.",
            ),
            (
                1,
                "They are no shares of a whole. In which unit do they come?",
                "What everybody has contributed makes the whole, and the whole is 1.",
            ),
            (
                -5,
                "The score rose from −1 to 4. Which sign does a rise have?",
                "Baseline minus picture is as easily written as picture minus baseline.",
            ),
        ),
        "one neuron: contribution from a white page": (
            (
                -3,
                "That is the slope. How far has the pixel come from white?",
                "For a neuron the weight says all, so it seems to be the contribution.",
            ),
            (
                1.5,
                "The size is right. Does more ink here raise the score or lower it?",
                "A contribution sounds like something that is added.",
            ),
            (
                0.5,
                "That is its ink, and so the distance. By what is it multiplied?",
                "What the pixel puts in is its ink.",
            ),
            (
                -6,
                "The distance is a factor; you have divided by it.",
                "A slope is a change of the score for a change of ink, which is a quotient.",
            ),
        ),
        "one neuron: contribution from a black page": (
            (
                -1.5,
                "That is counted from white. From black, has the pixel gained ink or lost it?",
                "The picture and the network are the same, and so the contribution seems to be.",
            ),
            (
                -3,
                "That is the slope. How far has the pixel come from black?",
                "A neuron has one slope everywhere, and a baseline seems to change nothing.",
            ),
            (
                0,
                "On black paper the pixel would hold 1. It holds half of that.",
                "On a black page there seems to be nothing to see.",
            ),
            (
                3,
                "That would be the whole way from black to white. This pixel stops halfway.",
                "Ink of 1 is taken away, and with it a weight of minus three.",
            ),
        ),
        "one neuron: steps": (
            (
                64,
                "So many were plenty for a network that bends. Does a neuron without activation?",
                "It is what the library takes if it is not told.",
            ),
            (
                2,
                "What would the slope in the second half of the way be, if not that of the first?",
                "Two points seem to be needed to see whether a slope changes.",
            ),
            (
                0,
                "Without a step no slope is asked for at all.",
                "The weights are known, so nothing seems to be left to be computed.",
            ),
        ),
        "slope of the probability": (
            (
                2,
                "That is the slope of the logit. The sigmoid after it has a slope of its own.",
                "The probability grows when the logit grows, and the pixel moves both.",
            ),
            (
                0.0099,
                "That is the slope of the sigmoid alone. What else is on the way from the pixel?",
                "Working out the slope of a sigmoid takes a while, and then one seems done.",
            ),
            (
                1.98,
                "The slope of the sigmoid is not its value. It has one more factor.",
                "The probability is 0.99, and twice that is near.",
            ),
            (
                0,
                "Nearly, but a sigmoid never is quite flat. Which small number is it?",
                "Where the network is sure the map is blank, as the page says.",
            ),
            (
                0.02,
                "Two times 0.01. Which third factor, near to one, has been left out?",
                "The slope of a sigmoid near its end is about one minus its value.",
            ),
        ),
        "shared by chance": (
            (
                20,
                "That is how many each map has. How many of them does the other hit by accident?",
                "Both maps choose twenty, so they seem to choose the same ones.",
            ),
            (
                0,
                "A fifth of all pixels is among the twenty of the other map.",
                "The two maps know nothing of each other, so they seem to have nothing in common.",
            ),
            (
                5,
                "A hundred over twenty is how many times the twenty fit. Turn it round.",
                "A hundred pixels by twenty makes five.",
            ),
            (
                10,
                "Half of them would be so if every second pixel were among the other's twenty.",
                "Chance makes one think of a coin.",
            ),
            (
                0.2,
                "That is the share of them. How many of the twenty is it?",
                "One in five is the chance that any pixel is among the largest.",
            ),
        ),
        "what training has added, in points": (
            (
                95,
                (
                    "A network with random weights lets 94 be read from its layer. Who has put "
                    "that there?"
                ),
                "The probe gets 95 of 100 right, and the layer was trained.",
            ),
            (
                45,
                "A coin is right on 50. What is the same probe right on before training?",
                "Guessing is where one counts from in a question of yes or no.",
            ),
            (
                94,
                "That is what can be read before training. What has come on top?",
                "The number of the untrained layer is taken for the share that training explains.",
            ),
            (
                0,
                (
                    "Not quite nothing: 95 and 94 differ. (Whether five other seeds would say so "
                    "is another question.)"
                ),
                "One point is so little that it may as well be luck.",
            ),
        ),
    },
    tolerance=3e-3,  # so that three digits will do
)
