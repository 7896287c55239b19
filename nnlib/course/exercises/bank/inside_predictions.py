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
        "contributions of a blank pixel, from a blank page": 0,
        "sum of the contributions": 5,
        "slopes of one neuron, another picture: another map": False,
        "edges, new random weights: another map": False,
        "slopes, new random weights: another map": True,
        "what training has added, in points": 1,
    },
    hints=(
        (
            "Work the first two out with numbers: what does the score say at (2, 1), next to it, "
            "and at (0, 1)? For each map ask what it is computed from."
        ),
        (
            "A contribution has the distance from the baseline as a factor. All contributions "
            "together are what the score gains on the way. A map can only depend on the weights "
            "if it is computed from them."
        ),
        (
            "1 minus ReLU of something negative stays 1. From −1 to 4 is one more than 4. The "
            "slope of a weighted sum is its weights, wherever one stands. And a probe's gain is "
            "counted from what it reads without training."
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
        "contributions of a blank pixel, from a blank page": (
            (
                "its slope",
                (
                    "The slope is one factor of the contribution. What is the other, for a pixel "
                    "that never changes on the way?"
                ),
                "The map of slopes shows that blank pixels matter, and this map is made of slopes.",
            ),
            (
                1,
                "How far does a blank pixel move, on the way from a blank page?",
                "A gap can be what decides, and deciding should count for something.",
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
        "slopes of one neuron, another picture: another map": (
            (
                True,
                (
                    "Write the score down: a weighted sum and a bias. What is its slope in the "
                    "first pixel, and does the picture stand in it?"
                ),
                "A map for a picture is expected to be about that picture.",
            ),
        ),
        "edges, new random weights: another map": (
            (
                True,
                "From what are the edges computed? Follow the lines: does a weight occur in them?",
                "The map looks like what a network might have found, so it seems to come from one.",
            ),
        ),
        "slopes, new random weights: another map": (
            (
                False,
                "Slopes are products of weights. Whose weights are these now?",
                "The picture is the same, and the map is a map of the picture.",
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
)
