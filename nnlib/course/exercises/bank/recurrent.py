"""Chapter 10, recurrent networks: its exercises, with the walk over a sequence.

10.1 stands in `recurrent_predictions.py`, 10.3 in `recurrent_gradient.py`, 10.4 in
`recurrent_pieces.py`, 10.5 in `recurrent_gates.py`. `backpropagation.py` says how to add one.
"""

import numpy as np

from nnlib.course.exercises.bank.recurrent_gates import KEEP_A_BIT
from nnlib.course.exercises.bank.recurrent_gradient import THROUGH_TIME
from nnlib.course.exercises.bank.recurrent_pieces import PIECES
from nnlib.course.exercises.bank.recurrent_predictions import LEFT_OVER
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 10.2 ------------------------------------------------------------------------------------------


def walk(X, h, Wx, Wh, b):
    """The states of a recurrent layer with tanh, after every step.

    X (T, N, D) is a batch of sequences, time first; h (N, H) the state
    before the first step; Wx (H, D), Wh (H, H), b (H,). Returns (T, N, H).
    """
    # <solution>
    states = []
    for x in X:
        h = np.tanh(x @ Wx.T + h @ Wh.T + b)  # (10.1)
        states.append(h)
    return np.stack(states)
    # </solution>


def _sequences(rng: np.random.Generator) -> list[Case]:
    def draw(T: int, N: int, D: int, H: int) -> Case:
        weights = rng.normal(size=(H, D)), rng.normal(size=(H, H)), rng.normal(size=H)
        return rng.normal(size=(T, N, D)), rng.normal(size=(N, H)), *weights

    one = np.ones((1, 1))
    by_hand = np.array([1.0, 0.0, 0.0]).reshape(3, 1, 1), 0 * one, one, 0.5 * one, np.zeros(1)
    tidy = tuple(array.round(1) for array in draw(2, 2, 1, 2))
    return [by_hand, tidy, draw(4, 3, 2, 5), draw(5, 2, 4, 3), draw(3, 3, 3, 3), draw(1, 2, 3, 4)]


def _steps(step, first=None):
    """The walk with another step; `first` may change the state that it starts from."""

    def states(X, h, Wx, Wh, b):
        h = h if first is None else first(h)
        after = []
        for t in range(len(X)):
            h = step(X, t, h, Wx, Wh, b)
            after.append(h)
        return np.stack(after)

    return states


def _right(X, t, h, Wx, Wh, b):
    return np.tanh(X[t] @ Wx.T + h @ Wh.T + b)


RIGHT = _steps(_right)


def _always_the_first(X, h, Wx, Wh, b):
    return np.stack([_right(X, t, h, Wx, Wh, b) for t in range(len(X))])


def _last_alone(X, h, Wx, Wh, b):
    return RIGHT(X, h, Wx, Wh, b)[-1]


def _with_the_first(X, h, Wx, Wh, b):
    return np.concatenate([h[None], RIGHT(X, h, Wx, Wh, b)])


def _examples_for_steps(X, h, Wx, Wh, b):
    """Walk along the second axis, each example a step; its state is a row."""
    return RIGHT(np.swapaxes(X, 0, 1), h, Wx, Wh, b)


def _batch_first_out(X, h, Wx, Wh, b):
    return np.swapaxes(RIGHT(X, h, Wx, Wh, b), 0, 1)


def _same_array(X, h, Wx, Wh, b):
    h, after = h.copy(), []
    for x in X:
        h[...] = np.tanh(x @ Wx.T + h @ Wh.T + b)
        after.append(h)
    return np.stack(after)


def _spoils_the_first(X, h, Wx, Wh, b):
    after = []
    for x in X:
        h[...] = np.tanh(x @ Wx.T + h @ Wh.T + b)
        after.append(h.copy())
    return np.stack(after)


def _backwards(X, h, Wx, Wh, b):
    return RIGHT(X[::-1], h, Wx, Wh, b)[::-1]


def _all_states_heard(X, h, Wx, Wh, b):
    after = [h]
    for x in X:
        after.append(np.tanh(x @ Wx.T + np.sum(after, axis=0) @ Wh.T + b))
    return np.stack(after[1:])


def _inputs_at_once(X, h, Wx, Wh, b):
    Z = X @ Wx.T + b
    states = np.empty((len(X) + 1, *h.shape))
    states[0] = h
    for t in range(len(X)):
        states[t + 1] = np.tanh(Z[t] + states[t] @ Wh.T)
    return states[1:]


def _one_matrix(X, h, Wx, Wh, b):
    both, after = np.hstack([Wx, Wh]), []
    for x in X:
        h = np.tanh(np.hstack([x, h]) @ both.T + b)
        after.append(h)
    return np.array(after)


def _by_examples(X, h, Wx, Wh, b):
    out = np.zeros((X.shape[0], *h.shape))
    for n in range(len(h)):
        state = h[n]
        for t in range(len(X)):
            state = np.tanh(Wx @ X[t, n] + Wh @ state + b)
            out[t, n] = state
    return out


WALK = function(
    "10.2",
    "A walk over a sequence",
    walk,
    _sequences,
    hints=(
        "What does one step need, and which part of it has the step before left behind?",
        (
            "Loop over the first axis of X. Each x is a batch (N, D), as for a layer; the state "
            "goes through a layer of its own, and both sums are added before tanh."
        ),
        (
            "In the loop: the new h is tanh of x times Wx transposed, plus h times Wh transposed, "
            "plus b. Keep every h in a list, and stack the list in the end."
        ),
    ),
    misconceptions=(
        Misconception(
            "no-memory",
            _steps(lambda X, t, h, Wx, Wh, b: np.tanh(X[t] @ Wx.T + b)),
            "Each of your states knows its own input and nothing of what came before. What does a "
            "step take along?",
            "Every step is a layer with tanh, and a layer looks at its input.",
        ),
        Misconception(
            "first-state-for-all",
            _always_the_first,
            "Every step starts from the state before the first one. Your tape is rewound after "
            "each step: where should the new state go?",
            "The state is an argument called h, and the formula that uses h looks complete.",
        ),
        Misconception(
            "starts-from-zero",
            _steps(_right, first=np.zeros_like),
            "Your walk begins with a state of zeros. Whose state did the caller hand in?",
            "A sequence mostly starts with an empty memory, and zeros are what libraries take.",
        ),
        Misconception(
            "last-state-alone",
            _last_alone,
            "That is the state after the last step. Asked for are the states after all steps.",
            "The last state has seen the whole sequence, so it seems to be the result.",
        ),
        Misconception(
            "first-state-too",
            _with_the_first,
            "One state too many: the one from before the first step is among them.",
            "The list of states has to begin somewhere, and the walk begins with h.",
        ),
        Misconception(
            "tanh-of-the-sum-left-out",
            _steps(lambda X, t, h, Wx, Wh, b: X[t] @ Wx.T + h @ Wh.T + b),
            "Your states are weighted sums and may grow without end. What bends a sum before it "
            "becomes a state?",
            "The sum of the two products is most of the formula.",
        ),
        Misconception(
            "tanh-of-the-input-alone",
            _steps(lambda X, t, h, Wx, Wh, b: np.tanh(X[t] @ Wx.T + b) + h @ Wh.T),
            "The input is bent and the old state is added afterwards. Both belong inside the tanh, "
            "else the state may grow without end.",
            "A layer bends its input, and the memory is then added to what the layer says.",
        ),
        Misconception(
            "bias-outside",
            _steps(lambda X, t, h, Wx, Wh, b: np.tanh(X[t] @ Wx.T + h @ Wh.T) + b),
            "The bias is added after the bending. It shifts the sum, before tanh sees it.",
            "What is added last to the sum gets written last in the line.",
        ),
        Misconception(
            "sigmoid",
            _steps(lambda X, t, h, Wx, Wh, b: 1 / (1 + np.exp(-(X[t] @ Wx.T + h @ Wh.T + b)))),
            "None of your states is negative: they come from a sigmoid. This layer bends by tanh.",
            "A state between 0 and 1 looks like a memory that is more or less full.",
        ),
        Misconception(
            "relu",
            _steps(lambda X, t, h, Wx, Wh, b: np.maximum(X[t] @ Wx.T + h @ Wh.T + b, 0)),
            "Your states have no upper end: they come out of a ReLU. This layer bends by tanh.",
            "For hidden layers ReLU is the one to begin with.",
        ),
        Misconception(
            "all-states-heard",
            _all_states_heard,
            "Your step hears the sum of all earlier states. It hears the last one alone, and that "
            "has heard the others.",
            "The network is to know all that came before, so all of it seems to have to go in.",
        ),
        Misconception(
            "two-tanhs",
            _steps(lambda X, t, h, Wx, Wh, b: np.tanh(X[t] @ Wx.T + b) + np.tanh(h @ Wh.T)),
            "Two values, each bent alone, add up to as much as 2. There is one sum, and it is bent "
            "once.",
            "Two sets of weights look like two layers, and a layer has its own activation.",
        ),
        Misconception(
            "state-matrix-not-transposed",
            _steps(lambda X, t, h, Wx, Wh, b: np.tanh(X[t] @ Wx.T + h @ Wh + b)),
            "Wh is square, so it fits either way round. Its rows are units: which axis of it meets "
            "the old state?",
            "No error speaks up, and h @ Wh reads like the product in the formula.",
        ),
        Misconception(
            "element-by-element",
            _steps(lambda X, t, h, Wx, Wh, b: np.tanh(X[t] @ Wx.T + h * np.diag(Wh) + b)),
            "Each unit of yours remembers itself alone. The numbers of Wh off the diagonal say "
            "what a unit hears from the others.",
            "With one unit, the recurrent weight is a number that multiplies the state.",
        ),
        Misconception(
            "no-bias",
            _steps(lambda X, t, h, Wx, Wh, b: np.tanh(X[t] @ Wx.T + h @ Wh.T)),
            "The sum has a third part, which depends neither on the input nor on the state.",
            "In the example by hand the bias is zero.",
        ),
        Misconception(
            "bias-twice",
            _steps(lambda X, t, h, Wx, Wh, b: np.tanh(X[t] @ Wx.T + b + h @ Wh.T + b)),
            "The bias is there twice, once for each product. Here there is one b.",
            "PyTorch keeps a bias for the input and one for the state.",
        ),
        Misconception(
            "old-state-added",
            _steps(lambda X, t, h, Wx, Wh, b: h + np.tanh(X[t] @ Wx.T + h @ Wh.T + b)),
            "You add the new value to the old state. In this layer the new state replaces it.",
            "To keep a memory, adding to it seems safer than overwriting it.",
        ),
        Misconception(
            "one-array-for-all",
            _same_array,
            "All your states are equal to the last one: the list holds one array, many times over, "
            "and each step writes into it.",
            "Writing into an array that is there already saves making a new one.",
        ),
        Misconception(
            "callers-state-overwritten",
            _spoils_the_first,
            "The states are right, and the caller's h has become the last of them. Whose array is "
            "it that you write into?",
            "The state is to be replaced at each step, and writing into h does that.",
        ),
        Misconception(
            "from-the-end",
            _backwards,
            "Your walk begins at the last step. What has not come in yet cannot be remembered.",
            "The way back through time starts at the end, and the two walks get confused.",
        ),
        Misconception(
            "steps-and-examples-mixed-up",
            _examples_for_steps,
            "You walk from example to example, and carry the state of one into the next. Time is "
            "the first axis of X here.",
            "In every earlier chapter the first axis was the batch.",
        ),
        Misconception(
            "examples-first-in-the-result",
            _batch_first_out,
            "The numbers are right, and stand as (N, T, H). Time is the first axis, as in X.",
            "Everywhere else in the book the first axis runs over examples.",
        ),
        Misconception(
            "input-of-the-step-before",
            _steps(lambda X, t, h, Wx, Wh, b: _right(X, max(t - 1, 0), h, Wx, Wh, b)),
            "Your state is late: after step t it has not seen the input of step t.",
            "The state comes from the step before, and the input gets drawn along.",
        ),
    ),
    also_right=(_inputs_at_once, _one_matrix, _by_examples),
)

EXERCISES = (LEFT_OVER, WALK, THROUGH_TIME, PIECES, KEEP_A_BIT)
