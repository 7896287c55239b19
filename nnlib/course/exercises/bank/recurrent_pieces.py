"""Chapter 10, recurrent networks: a long series in pieces, with four faults to find and mend.

Each fault, and each set of them that can be left, is a misconception: whoever has mended some of
the four hears about the next. `backpropagation.py` says how to add an exercise.
"""

from typing import Any

import numpy as np

from nnlib.course.exercises.exercise import Case
from nnlib.course.exercises.kinds import debug, planted
from nnlib.layers import Linear
from nnlib.losses import mse_loss
from nnlib.optim import SGD, clip_grad_norm_
from nnlib.recurrent import RNN

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401, RUF059
# mypy: allow-untyped-defs, allow-untyped-calls


# 10.4 ------------------------------------------------------------------------------------------


def small_network():
    """A recurrent layer, a last layer and their optimiser, with the same numbers each time."""
    rng = np.random.default_rng(0)
    layer = RNN(1, 4, rng=rng, dtype=np.float64)
    last = Linear(4, 1, rng=rng, dtype=np.float64)
    optimizer = SGD([*layer.parameters(), *last.parameters()], lr=0.5)
    return layer, last, optimizer, rng


# A marker stands between the head of a loop and its body, and has to stay where it is.
# fmt: off


def losses_of_pieces(series, length, limit):
    """The loss of each piece, in one pass over series (T, N, 1)."""
    layer, last, optimizer, rng = small_network()
    # <solution>
    inputs, targets = series[:-1], series[1:]
    # <starter>
    # inputs, targets = series[:-1], series[:-1]
    # </solution>
    state, losses = None, []
    # <solution>
    for start in range(0, len(inputs), length):
    # <starter>
    # for start in rng.permutation(range(0, len(inputs), length)):
    # </solution>
        # <solution>
        output, state = layer(inputs[start : start + length], state)
        state = state.detach()
        # <starter>
        # output, state = layer(inputs[start : start + length])
        # </solution>
        loss = mse_loss(last(output), targets[start : start + length])
        optimizer.zero_grad()
        loss.backward()
        # <solution>
        clip_grad_norm_(optimizer.parameters, limit)
        # <starter>
        # for p in optimizer.parameters:
        #     clip_grad_norm_([p], limit)
        # </solution>
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses)


# fmt: on


def _series(rng: np.random.Generator) -> list[Case]:
    def draw(steps: int, n: int) -> Any:
        noise = 0.2 * rng.normal(size=(steps, n, 1))
        waves = np.sin(0.9 * np.arange(steps)[:, None, None] + np.arange(n)[:, None])
        return np.asarray(waves + noise)

    by_hand = np.array([1.0, 0.0, -1.0, 0.0, 1.0]).reshape(5, 1, 1)
    return [
        (by_hand, 2, 0.1),
        (draw(14, 2), 4, 0.2),
        (draw(13, 3), 3, 0.05),
        (draw(11, 2), 5, 100.0),
        (draw(6, 6), 6, 0.1),
    ]


FAULTS = {
    "target": (
        (
            "The network is to say the number that it is shown. That can be learned without any "
            "memory. What should stand opposite a number of the series?"
        ),
        "Input and target come from one series, and equal slices keep their lengths equal.",
    ),
    "order": (
        (
            "The pieces come in a shuffled order. A state tells of what came just before: which "
            "piece did this one follow?"
        ),
        "Shuffling the examples before each epoch is one of the good habits of training.",
    ),
    "state": (
        (
            "Every piece begins with an empty memory, although the one before it ended with a full "
            "one."
        ),
        "The layer can be called with its input alone, and mostly it is.",
    ),
    "clipping": (
        (
            "Each array of slopes is made short on its own. That turns the step: short arrays keep "
            "their length, long ones do not. What is to be no longer than the limit?"
        ),
        "A loop over the parameters looks thorough, and in the end every one is within the limit.",
    ),
}


def _with(*slips):
    """The solution with some slips in it."""

    def losses(series, length, limit):
        layer, last, optimizer, rng = small_network()
        state, losses = None, []
        inputs, targets = series[:-1], series[1:]
        if "target" in slips:
            targets = inputs
        if "the past" in slips:
            inputs, targets = targets, inputs
        starts = range(0, len(inputs), length)
        if "order" in slips:
            starts = rng.permutation(starts)
        if "full pieces alone" in slips:
            starts = starts[: len(inputs) // length]
        for start in starts:
            piece = slice(start, start + length)
            output, after = layer(inputs[piece], state)
            if "state" not in slips:
                state = after if "not cut off" in slips else after.detach()
            if "output cut off" in slips:
                state, output = after, output.detach()
            loss = mse_loss(last(output), targets[piece])
            if "last step alone" in slips:
                loss = mse_loss(last(output[-1]), targets[piece][-1])
            optimizer.zero_grad()
            loss.backward()
            _shorten(optimizer.parameters, limit, slips)
            optimizer.step()
            losses.append(loss.item())
        return np.array(losses).mean() if "one number" in slips else np.array(losses)

    return losses


def _shorten(params, limit, slips):
    """Clip the gradient, or do what the slip does in its place."""
    if "clipping" in slips:
        for p in params:
            clip_grad_norm_([p], limit)
    elif "number by number" in slips:
        for p in params:
            p.grad = np.clip(p.grad, -limit, limit)
    elif "always the limit" in slips:
        length = np.sqrt(sum((p.grad**2).sum() for p in params))
        for p in params:
            p.grad = p.grad * limit / length
    elif "one layer clipped" in slips:
        clip_grad_norm_(params[:-2], limit)
    elif "not clipped" not in slips:
        clip_grad_norm_(params, limit)


SLIPS = {
    "not cut off": (
        (
            "The state carries its past along: the second way back walks into the first piece, "
            "which has been walked already. What hands on the numbers and not where they came from?"
        ),
        "The state has to come along, and it comes with all that it was made from.",
    ),
    "output cut off": (
        (
            "You cut off the output, and with it all slopes: the recurrent layer stays as it was, "
            "and the last layer learns alone. What is to be cut off is what goes on to the next "
            "piece."
        ),
        "Output and state hold the same numbers, and both come from the layer.",
    ),
    "the past": (
        (
            "Input and target have changed places: from each number the network is to say the one "
            "before it. The past is no forecast."
        ),
        "Something has to be shifted by one step, and either way looks the same.",
    ),
    "full pieces alone": (
        "The last piece is left out where it is shorter than the others.",
        "Pieces of one length are easier to handle, and the rest is small.",
    ),
    "last step alone": (
        "Each piece is judged by its last step. At every step the network has something to say.",
        "The last step knows most, so it seems to be the answer.",
    ),
    "number by number": (
        (
            "Every single slope is cut at the limit. That turns the direction; asked for is the "
            "length of all slopes together."
        ),
        "No slope larger than the limit: that is how a limit is usually meant.",
    ),
    "not clipped": (
        "The gradient keeps whatever length it has. The limit is there for the steep places.",
        "A line that clips wrongly is most easily mended by taking it out.",
    ),
    "always the limit": (
        (
            "Every gradient gets the length of the limit, also one that was shorter. A limit "
            "shortens and never stretches."
        ),
        "A direction and a length of one's own choice make a tidy step.",
    ),
    "one layer clipped": (
        "The slopes of the last layer are left out when the length is taken. Which belong to it?",
        "It is the recurrent weights that explode, so it seems enough to hold these.",
    ),
    "one number": (
        "One number came out. Asked for is the loss of each piece.",
        "The loss of a pass is usually told as one number.",
    ),
}


def _written_out(series, length, limit):
    """Another right answer: a new start for every graph, and the clipping by hand."""
    layer, last, optimizer, _ = small_network()
    params = optimizer.parameters
    h, losses = np.zeros((1, series.shape[1], 4)), []
    for start in range(0, len(series) - 1, length):
        x = series[start : start + length + 1]
        output, after = layer(x[:-1], h)
        h = after.numpy()
        loss = mse_loss(last(output), x[1:])
        loss.backward()
        norm = np.sqrt(sum((p.grad**2).sum() for p in params))
        for p in params:
            p.data = p.data - 0.5 * p.grad * min(1, limit / (norm + 1e-6))
            p.grad = None
        losses.append(loss.item())
    return np.array(losses)


PIECES = debug(
    "10.4",
    "A long series in pieces",
    losses_of_pieces,
    cases=_series,
    hints=(
        (
            "Go through the lines and say of each number what it stands opposite to, which piece "
            "comes before which, and what a piece knows when it begins."
        ),
        (
            "One fault is above the loop, one at its head, two in it. A state that is handed on "
            "brings its past along, unless it is cut off. The limit is for one length, not for six."
        ),
        (
            "The target is the series one step later; the pieces come as they stand; the layer "
            "gets the state, which is then detached; clip_grad_norm_ takes the whole list."
        ),
    ),
    misconceptions=planted(
        _with,
        FAULTS,
        SLIPS,
        whole="It runs, no error is raised, and the losses come down.",
        partly="With one fault fewer the losses look fine",
    ),
    also_right=(_written_out,),
    explain=lambda _: (
        "These are not the losses of the repaired function. All but four places stay as they "
        "were: the network and its first weights, the optimiser and its rate, the length of the "
        "pieces."
    ),
)
