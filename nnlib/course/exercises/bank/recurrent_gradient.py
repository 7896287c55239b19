"""Chapter 10, recurrent networks: back through time. `backpropagation.py` says how to add one."""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import gradient

# Learners' code: slips ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 10.3 ------------------------------------------------------------------------------------------


def back_through_time(X, h, Wx, Wh, b, G):
    """The slopes of a recurrent layer with tanh, from the last step back.

    X (T, N, D), first state h (N, H), Wx (H, D), Wh (H, H), b (H,); G
    (T, N, H) is what arrives from the outputs at the state of each step.
    Returns dWx, dWh, db and dh, each in the shape of what it belongs to.
    """
    states = [h]  # states[t] is the one before step t, states[t + 1] after
    for x in X:
        states.append(np.tanh(x @ Wx.T + states[-1] @ Wh.T + b))
    # <solution>
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)
    dh = np.zeros_like(h)
    for t in reversed(range(len(X))):
        dh = dh + G[t]
        delta = dh * (1 - states[t + 1] ** 2)  # (10.2)
        dWx += delta.T @ X[t]
        dWh += delta.T @ states[t]
        db += delta.sum(axis=0)
        dh = delta @ Wh
    # <starter>
    # dWx = ...
    # dWh = ...
    # db = ...
    # dh = ...
    # </solution>
    return dWx, dWh, db, dh


def _walked(X, h, Wx, Wh, b):
    states = [h]
    for x in X:
        states.append(np.tanh(x @ Wx.T + states[-1] @ Wh.T + b))
    return np.stack(states)


def weighed_states(X, h, Wx, Wh, b, G):
    """A loss whose slope at the state of each step is G, if no other state counts."""
    return (_walked(X, h, Wx, Wh, b)[1:] * G).sum()


def _sequences(rng: np.random.Generator) -> list[Case]:
    def draw(T: int, N: int, D: int, H: int) -> Case:
        weights = 0.7 * rng.normal(size=(H, D)), 0.7 * rng.normal(size=(H, H)), rng.normal(size=H)
        G = rng.normal(size=(T, N, H))
        return rng.normal(size=(T, N, D)), 0.5 * rng.normal(size=(N, H)), *weights, G

    one = np.ones((1, 1))
    X, G = np.array([1.0, 0.0]).reshape(2, 1, 1), np.array([0.0, 1.0]).reshape(2, 1, 1)
    by_hand = X, 0 * one, one, 0.5 * one, np.zeros(1), G
    tidy = tuple(array.round(1) for array in draw(2, 2, 1, 2))
    return [by_hand, tidy, draw(4, 3, 2, 5), draw(3, 2, 4, 3), draw(3, 3, 3, 3), draw(1, 4, 2, 3)]


def _with(**slip):
    """The solution with a slip in one place.

    `slope` is taken of (old, new) state; `arrive` joins (what came back, G, t, T); `back` sends
    delta on; `put` adds a step's share to the sum so far; `seen` is the state that Wh meets.
    """
    slope = slip.get("slope", lambda old, new: 1 - new**2)
    arrive = slip.get("arrive", lambda dh, G, t: dh + G[t])
    back = slip.get("back", lambda delta, Wh: delta @ Wh)
    put = slip.get("put", lambda total, share, T: total + share)
    seen = slip.get("seen", lambda states, t: states[t])
    bias = slip.get("bias", lambda delta: delta.sum(axis=0))

    def slopes(X, h, Wx, Wh, b, G):
        states = _walked(X, h, Wx, Wh, b)
        dWx, dWh, db, dh = (np.zeros_like(each) for each in (Wx, Wh, b, h))
        for t in slip.get("order", reversed)(range(len(X))):
            dh = arrive(dh, G, t)
            delta = dh * slope(states[t], states[t + 1])
            dWx = put(dWx, delta.T @ X[t], len(X))
            share = delta.T @ seen(states, t)
            dWh = put(dWh, slip.get("turned", np.asarray)(share), len(X))
            db = put(db, bias(delta), len(X))
            dh = slip.get("replace", lambda old, new, g: new)(dh, back(delta, Wh), G[t])
        return dWx, dWh, db, dh

    return slopes


def _mean_over_batch(X, h, Wx, Wh, b, G):
    *weights, dh = _with()(X, h, Wx, Wh, b, G)
    return *(each / len(h) for each in weights), dh


def _first_state_forgotten(X, h, Wx, Wh, b, G):
    *rest, dh = _with()(X, h, Wx, Wh, b, G)
    return *rest, np.zeros_like(dh)


def _first_state_at_its_sum(X, h, Wx, Wh, b, G):
    """The slope at the first sum in place of the one at the state before it."""
    states, d = _walked(X, h, Wx, Wh, b), np.zeros_like(h)
    for t in reversed(range(len(X))):
        delta = (d + G[t]) * (1 - states[t + 1] ** 2)
        d = delta @ Wh
    return *_with()(X, h, Wx, Wh, b, G)[:3], delta


def _all_deltas_first(X, h, Wx, Wh, b, G):
    states = _walked(X, h, Wx, Wh, b)
    deltas, arriving = np.empty_like(G), 0 * h
    for t in range(len(X) - 1, -1, -1):
        deltas[t] = (arriving + G[t]) * (1 - states[t + 1]) * (1 + states[t + 1])
        arriving = deltas[t] @ Wh
    rows = deltas.reshape(-1, len(b))
    return (
        rows.T @ X.reshape(-1, X.shape[2]),
        np.tensordot(deltas, states[:-1], ((0, 1), (0, 1))),
        rows.sum(axis=0),
        arriving,
    )


THROUGH_TIME = gradient(
    "10.3",
    "Back through time",
    back_through_time,
    cases=_sequences,
    outputs=("dWx", "dWh", "db", "dh"),
    loss=weighed_states,
    hints=(
        "In how many ways does the state after step 2 reach the loss? And in how many does Wh?",
        (
            "Go from the last step to the first. At each: what arrives at the state from its own "
            "output and from the step after it, times the slope of tanh, is delta. It goes on "
            "through Wh to the state before, and each weight collects its share."
        ),
        (
            "In the loop: dh plus G[t]; delta is that times 1 minus the square of the state after "
            "the step; a weight's share is delta transposed times what that weight met; the new dh "
            "is delta times Wh."
        ),
    ),
    misconceptions=(
        Misconception(
            "last-share-alone",
            _with(put=lambda total, share, T: share),
            "Your weights have the share of the first step alone: each share replaces the one "
            "before. The same weights served at every step.",
            "In a layer each weight gets its gradient by one assignment.",
        ),
        Misconception(
            "mean-over-time",
            _with(put=lambda total, share, T: total + share / T),
            "You take the mean of the shares over the steps. A nudge of a weight acts at every "
            "step at once: do such effects average?",
            "A loss is a mean over the batch, and the steps seem to be one more batch.",
        ),
        Misconception(
            "no-way-through-the-state",
            _with(back=lambda delta, Wh: 0 * (delta @ Wh)),
            "Nothing goes from a step to the one before it. A state reaches the loss by its own "
            "output and by all that comes after it.",
            "Each output has its own slope G, so each step looks like a layer of its own.",
        ),
        Misconception(
            "outputs-on-the-way-forgotten",
            _with(arrive=lambda dh, G, t: dh + G[t] * (t == len(G) - 1)),
            "Only the last output sends something back. What arrives at the states on the way?",
            "Often one asks for an answer at the end alone, and then this is right.",
        ),
        Misconception(
            "way-back-forgotten-where-an-output-is",
            _with(arrive=lambda dh, G, t: G[t] if np.any(G[t]) else dh),
            "Where an output sends its slope, you drop what has come from the later steps. A value "
            "that is used twice gets both.",
            "G is called what arrives at the state, and that sounds like all of it.",
        ),
        Misconception(
            "no-slope-of-tanh",
            _with(slope=lambda old, new: 1.0),
            "What arrives at a state is taken for what arrives at its sum. The tanh lies between.",
            "The weights stand in the sum, and how the sum was bent is easily forgotten.",
        ),
        Misconception(
            "slope-at-the-old-state",
            _with(slope=lambda old, new: 1 - old**2),
            "You take the slope of tanh at the state before the step. Which value did this tanh "
            "hand on?",
            "With one list of T + 1 states the index is off by one in a moment.",
        ),
        Misconception(
            "slope-without-square",
            _with(slope=lambda old, new: 1 - new),
            "For a negative state your slope is larger than 1, and tanh is never that steep.",
            "The slope of tanh is remembered as one minus something of the value.",
        ),
        Misconception(
            "sigmoid-slope",
            _with(slope=lambda old, new: new * (1 - new)),
            "That is the slope of a sigmoid with this value. The layer bends by tanh.",
            "a (1 - a) is the slope that one has met first.",
        ),
        Misconception(
            "wh-not-transposed",
            _with(back=lambda delta, Wh: delta @ Wh.T),
            "On the way there the state is multiplied by Wh transposed, so on the way back by Wh. "
            "Square as it is, it fits either way.",
            "One remembers that something is transposed on the way back.",
        ),
        Misconception(
            "wh-meets-the-new-state",
            _with(seen=lambda states, t: states[t + 1]),
            "Your share of Wh has the state after the step in it. Which state was multiplied by Wh "
            "in this step?",
            "The newest state is at hand, and its shape fits.",
        ),
        Misconception(
            "dwh-turned",
            _with(turned=np.transpose),
            "Your dWh lies on its side. Its rows are units, those that were changed; its columns "
            "are what they heard.",
            "dWh is square, so either order of the product fits.",
        ),
        Misconception(
            "what-arrived-stays",
            _with(replace=lambda old, new, g: old + new),
            "What arrived at a state is still there when you are at the state before it. It has "
            "been sent on: what takes its place?",
            "Gradients that meet are added, so one adds wherever one can.",
        ),
        Misconception(
            "output-a-step-late",
            _with(arrive=lambda dh, G, t: dh, replace=lambda old, new, g: new + g),
            "What an output sends is added after its own step has been walked back. It reaches the "
            "step before instead.",
            "The sum of two slopes is right, and where in the loop it stands seems not to matter.",
        ),
        Misconception(
            "mean-over-batch",
            _mean_over_batch,
            "You divide by the number of examples. If the loss is a mean, that is in G already.",
            "The loss of a batch is mostly a mean, and somewhere one has to divide.",
        ),
        Misconception(
            "forwards",
            _with(order=list),
            "You begin with the first step. When the slope at a state is needed, has the step "
            "after it been there?",
            "The states came in that order, so the loop is taken over.",
        ),
        Misconception(
            "bias-mean-over-batch",
            _with(bias=lambda delta: delta.mean(axis=0)),
            "The bias gets the mean over the examples, the weights get the sum. What was copied "
            "sums back.",
            "The bias has no batch axis, and mean removes one as well as sum.",
        ),
        Misconception(
            "first-state-has-no-slope",
            _first_state_forgotten,
            "The slope at the first state comes out as zeros, although a nudge of it moves all "
            "that follows.",
            "The first state is not a parameter, so it seems to need no slope.",
        ),
        Misconception(
            "first-state-at-the-sum",
            _first_state_at_its_sum,
            "What you return for h is the slope at the first sum. One product leads from there to "
            "the state before it.",
            "After the last turn of the loop delta is what is left over.",
        ),
        Misconception(
            "slopes-turned-round",
            lambda *case: tuple(-each for each in _with()(*case)),
            "Every slope has the wrong sign.",
            "A step of training goes against the slope, and the sign gets built in early.",
        ),
    ),
    also_right=(_all_deltas_first, _with()),
)
