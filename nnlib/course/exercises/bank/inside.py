"""Chapter 13, looking inside: its exercises.

13.2 stands in `inside_path.py`, 13.3 in `inside_deletion.py`, 13.4 in `inside_probe.py`, 13.5 in
`inside_predictions.py`. `backpropagation.py` says how to add one.
"""

import numpy as np

import nnlib
from nnlib.course.exercises.bank.inside_deletion import DELETION
from nnlib.course.exercises.bank.inside_path import PATH
from nnlib.course.exercises.bank.inside_predictions import PREDICTIONS
from nnlib.course.exercises.bank.inside_probe import PROBE
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import gradient

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 13.1 ------------------------------------------------------------------------------------------


def score_gradient(X, classes, W1, b1, W2, b2):
    """The slope of each example's score at its own input: (N, D).

    The score of example n is its logit of class classes[n].
    """
    # <solution>
    Z1 = X @ W1.T + b1
    dA1 = W2[classes]
    dZ1 = dA1 * (Z1 > 0)  # (2.6)
    return dZ1 @ W1  # (5.4)
    # </solution>


def sum_of_scores(X, classes, W1, b1, W2, b2):
    """One number whose slope at X holds every example's own: no other enters its score."""
    logits = np.maximum(X @ W1.T + b1, 0) @ W2.T + b2
    return logits[np.arange(len(X)), classes].sum()


def _networks(rng: np.random.Generator) -> list[Case]:
    def draw(n: int, d: int, h: int, k: int) -> Case:
        return (
            rng.normal(size=(n, d)),
            rng.permutation(np.arange(n) % k),
            rng.normal(size=(h, d)),
            rng.normal(size=h),
            rng.normal(size=(k, h)),
            rng.normal(size=k),
        )

    by_hand = (
        np.array([[1.0, 2.0], [2.0, 0.25]]),
        np.array([0, 1]),
        np.array([[1.0, -1.0], [1.0, 1.0], [0.0, 2.0]]),
        np.array([0.5, 0.0, -1.0]),
        np.array([[1.0, 2.0, 3.0], [-2.0, 1.0, 0.5], [0.0, 1.0, -2.0]]),
        np.array([0.0, 0.5, 0.0]),
    )
    return [by_hand, draw(6, 4, 5, 3), draw(7, 3, 8, 5), draw(4, 4, 4, 4)]


def _with(
    upper=lambda W2, classes, logits: W2[classes],
    slope=lambda Z1: Z1 > 0,
    then=lambda dX, X: dX,
):
    """The solution with one of its lines replaced."""

    def wrong(X, classes, W1, b1, W2, b2):
        Z1 = X @ W1.T + b1
        logits = np.maximum(Z1, 0) @ W2.T + b2
        return then((upper(W2, classes, logits) * slope(Z1)) @ W1, X)

    return wrong


def _shares(logits):
    E = np.exp(logits - logits.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def _at_own(W2, classes, P, logits):
    """What arrives at the hidden layer when the score is the probability of the class."""
    own = P[np.arange(len(P)), classes][:, None]
    return own * (W2[classes] - P @ W2)


def _stops_at_the_hidden_layer(X, classes, W1, b1, W2, b2):
    return W2[classes] * (X @ W1.T + b1 > 0)


def _turned_weights(X, classes, W1, b1, W2, b2):
    return (W2[classes] * (X @ W1.T + b1 > 0)) @ W1.T


def _no_bias(X, classes, W1, b1, W2, b2):
    return (W2[classes] * (X @ W1.T > 0)) @ W1


def _units_of_the_first(X, classes, W1, b1, W2, b2):
    return (W2[classes] * (W1 @ X[0] + b1 > 0)) @ W1


def _silent_logits(X, classes, W1, b1, W2, b2):
    Z1 = X @ W1.T + b1
    own = (np.maximum(Z1, 0) @ W2.T + b2)[np.arange(len(X)), classes]
    return (W2[classes] * (Z1 > 0) * (own > 0)[:, None]) @ W1


def _guided(X, classes, W1, b1, W2, b2):
    return (np.maximum(W2[classes], 0) * (X @ W1.T + b1 > 0)) @ W1


def _shares_of_the_units(X, classes, W1, b1, W2, b2):
    return W2[classes] * np.maximum(X @ W1.T + b1, 0)


def _by_the_engine(X, classes, W1, b1, W2, b2):
    x = nnlib.Tensor(X, requires_grad=True)
    logits = nnlib.linear(nnlib.relu(nnlib.linear(x, W1, b1)), W2, b2)
    logits[np.arange(len(X)), classes].sum().backward()
    return x.grad


def _one_by_one(X, classes, W1, b1, W2, b2):
    out = np.zeros(X.shape)
    for n, (x, k) in enumerate(zip(X, classes, strict=True)):
        for h in range(len(W1)):
            if W1[h] @ x + b1[h] > 0:
                out[n] += W2[k, h] * W1[h]
    return out


def _by_differences(X, classes, W1, b1, W2, b2):
    return nnlib.numerical_gradient(lambda Z: sum_of_scores(Z, classes, W1, b1, W2, b2), X)


INPUT_GRADIENT = gradient(
    "13.1",
    "Back to the picture",
    score_gradient,
    cases=_networks,
    loss=sum_of_scores,
    outputs=("dX",),
    hints=(
        (
            "Write the shapes beside the variables. The score of an example is one entry of its "
            "logits: what is the slope of that entry at its own hidden values?"
        ),
        (
            "Three stations: hidden values, hidden sums, input. The second layer has a row of "
            "weights for each class, and each example asks for one of them."
        ),
        (
            "Take for every example the row of W2 that belongs to its class, keep what belongs to "
            "units with a positive sum, and send the result through (5.4)."
        ),
    ),
    misconceptions=(
        Misconception(
            "no-activation",
            _with(slope=lambda Z1: 1.0),
            "Units with a negative sum say zero here, and go on saying zero when the input moves "
            "a little. Your slopes still pass through them.",
            tempting="The weights are what was learned, so multiplying the two layers seems to "
            "give what the network does.",
        ),
        Misconception(
            "the-silent-units",
            _with(slope=lambda Z1: Z1 < 0),
            "You keep the units that are silent. Through which of them does a small move of the "
            "input reach the score?",
            tempting="A comparison is easily written the other way round, and the shapes agree.",
        ),
        Misconception(
            "no-bias",
            _no_bias,
            "Which units are on, you decide without their bias. A bias has no part in a slope, but "
            "it decides who takes part.",
            tempting="A bias falls away in every derivative, so it seems to fall away here.",
        ),
        Misconception(
            "units-of-the-first",
            _units_of_the_first,
            "The units that are on for the first example are taken to be on for all. Each example "
            "switches on units of its own.",
            tempting="Which units are on looks like a property of the network.",
        ),
        Misconception(
            "silent-logits",
            _silent_logits,
            "Where the logit is negative your slopes are zero. After the last layer there is no "
            "ReLU: a negative logit has slopes like any other.",
            tempting="Every layer so far had a ReLU after it, so the last one gets one too.",
        ),
        Misconception(
            "guided",
            _guided,
            "On the way back you drop what is negative. What speaks against the class is a part of "
            "the slope as well.",
            tempting="Maps in which only what is positive goes back look cleaner.",
        ),
        Misconception(
            "shares-of-the-units",
            _shares_of_the_units,
            "That is what each hidden unit adds to the score. Asked for is how the score moves "
            "with the input.",
            tempting="The score is a sum over the hidden units, and its terms are easily read off.",
        ),
        Misconception(
            "positive-alone",
            _with(then=lambda dX, X: np.maximum(dX, 0)),
            "Negative slopes have become zero. Ink that speaks against the class has a slope too.",
            tempting="What one looks for is what speaks for the class.",
        ),
        Misconception(
            "turned",
            _with(then=lambda dX, X: dX.T),
            "One row for each input came out, and there should be one for each example.",
            tempting="Working with W1 and its transpose, one loses track of which way is up.",
        ),
        Misconception(
            "value-for-slope",
            _with(slope=lambda Z1: np.maximum(Z1, 0)),
            "You multiply by what the units say. What counts on the way back is how much that "
            "changes when their sum does.",
            tempting="A unit that speaks louder seems to pass on more of the blame.",
        ),
        Misconception(
            "sigmoid-slope",
            _with(slope=lambda Z1: np.exp(-Z1) / (1 + np.exp(-Z1)) ** 2),
            "That is the slope of a sigmoid. These units are ReLU.",
            tempting="The slope of the sigmoid is the first that one learned by heart.",
        ),
        Misconception(
            "tanh-slope",
            _with(slope=lambda Z1: 1 - np.tanh(Z1) ** 2),
            "That is the slope of tanh. These units are ReLU.",
            tempting="The last two-layer network one has gone back through had tanh in it.",
        ),
        Misconception(
            "all-classes",
            _with(upper=lambda W2, classes, logits: np.ones((len(classes), len(W2))) @ W2),
            "Your score is the sum of all logits. Each example asks about one class.",
            tempting="A gradient starts from one number, and the sum of the outputs is one.",
        ),
        Misconception(
            "class-zero",
            _with(upper=lambda W2, classes, logits: W2[np.zeros_like(classes)]),
            "Every example is asked about class 0. `classes` says which class each is asked about.",
            tempting="The first row of the weights is the one that an example by hand uses.",
        ),
        Misconception(
            "one-class-for-all",
            _with(upper=lambda W2, classes, logits: W2[np.full_like(classes, classes[0])]),
            "All examples are asked about the class of the first. Each has a class of its own.",
            tempting="For a single picture it is right, and a batch seems to be more of the same.",
        ),
        Misconception(
            "the-winner",
            _with(upper=lambda W2, classes, logits: W2[logits.argmax(axis=1)]),
            "You ask about the class that wins. One may ask about any class, also about one that "
            "lost: `classes` says which.",
            tempting="What one wants explained is mostly the network's answer.",
        ),
        Misconception(
            "loss",
            _with(
                upper=lambda W2, classes, logits: (
                    (_shares(logits) - np.eye(len(W2))[classes]) @ W2 / len(classes)
                )
            ),
            "That is the gradient of the cross-entropy, with which one trains. Here no loss is "
            "taken: the score is the logit itself.",
            tempting="Every backward pass so far has started from the loss.",
        ),
        Misconception(
            "loss-of-each",
            _with(
                upper=lambda W2, classes, logits: (_shares(logits) - np.eye(len(W2))[classes]) @ W2
            ),
            "You start from probability minus one-hot, which belongs to a loss. The slope of a "
            "logit at the logits is simpler.",
            tempting="Probability minus one-hot is the formula that stands at the top of every "
            "classifier's backward pass.",
        ),
        Misconception(
            "log-probability",
            _with(
                upper=lambda W2, classes, logits: (np.eye(len(W2))[classes] - _shares(logits)) @ W2
            ),
            "Your score is the logarithm of the probability: there the other classes have a say. "
            "Asked for is the logit alone.",
            tempting="A log-probability is what the network says in the end, and it ranks the "
            "classes as the logit does.",
        ),
        Misconception(
            "probability",
            _with(upper=lambda W2, classes, logits: _at_own(W2, classes, _shares(logits), logits)),
            "Your score is the probability after the softmax. Where it is nearly 1, it hardly "
            "moves whatever the input does. Asked for is the logit.",
            tempting="The probability is the number that people look at.",
        ),
        Misconception(
            "mean",
            _with(then=lambda dX, X: dX / len(X)),
            "You divide by the number of examples. No mean is taken here: each example has a "
            "score of its own.",
            tempting="Wherever a batch went backwards before, there was a mean in the loss.",
        ),
        Misconception(
            "sum-over-examples",
            _with(then=lambda dX, X: dX.sum(axis=0)),
            "The slopes of all examples are added up. Each example has an input of its own.",
            tempting="Gradients of weights are added up over the examples, and it is the same walk "
            "back.",
        ),
        Misconception(
            "sizes-alone",
            _with(then=lambda dX, X: np.abs(dX)),
            "None of your slopes is negative. Ink that speaks against the class has a slope too.",
            tempting="A map of what matters seems to need no sign.",
        ),
        Misconception(
            "times-input",
            _with(then=lambda dX, X: dX * X),
            "You multiply by the input as well. That is another map; a slope says what one unit "
            "of ink more would do, also where there is none yet.",
            tempting="An input of zero contributes nothing, so its slope is taken for nothing.",
        ),
        Misconception(
            "scaled",
            _with(then=lambda dX, X: dX / np.abs(dX).max(axis=1, keepdims=True)),
            "The largest slope of every example is 1 now. How steep the score is can no longer be "
            "read.",
            tempting="For a picture the slopes are scaled to the range of the colours.",
        ),
        Misconception(
            "sign",
            _with(then=lambda dX, X: -dX),
            "Your slopes point to where the score falls.",
            tempting="A gradient is mostly something to walk against.",
        ),
        Misconception(
            "stops-at-the-hidden-layer",
            _stops_at_the_hidden_layer,
            "These are the slopes at the sums of the hidden units. The input is one layer further "
            "down.",
            tempting="The walk back through the weights of this course mostly ends at the sums of "
            "the first layer.",
        ),
        Misconception(
            "turned-weights",
            _turned_weights,
            "W1 has a row for each hidden unit. What comes back has a number for each hidden unit "
            "and must leave with a number for each input.",
            tempting="Forward W1 is transposed, and one forgets that the way back turns it again.",
        ),
    ),
    also_right=(_by_the_engine, _one_by_one, _by_differences),
    equivalent={"dZ1 = dA1 * (Z1 >= 0)": "no sum is exactly zero"},
)

EXERCISES = (INPUT_GRADIENT, PATH, DELETION, PROBE, PREDICTIONS)
