"""Chapter 5, backpropagation: two layers by hand. `backpropagation.py` says how to add one."""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import gradient

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D103, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 5.3 -------------------------------------------------------------------------------------------


def backward(X, Y, W1, b1, W2, b2):
    """The slope of the loss at every variable; Y holds one-hot rows."""
    N = len(X)
    A1 = np.tanh(X @ W1.T + b1)
    E = np.exp(A1 @ W2.T + b2)
    P = E / E.sum(axis=1, keepdims=True)
    # <solution>
    dZ2 = (P - Y) / N  # (4.8)
    dW2 = dZ2.T @ A1  # (5.5)
    db2 = dZ2.sum(axis=0)  # (5.6)
    dA1 = dZ2 @ W2 + A1 / N  # (5.4), and the second use (5.7)
    dZ1 = dA1 * (1 - A1**2)  # (2.4)
    dW1 = dZ1.T @ X
    db1 = dZ1.sum(axis=0)
    # <starter>
    # dZ2 = ...
    # dW2 = ...
    # db2 = ...
    # dA1 = ...
    # dZ1 = ...
    # dW1 = ...
    # db1 = ...
    # </solution>
    second = {"dZ2": dZ2, "dW2": dW2, "db2": db2, "dA1": dA1}
    return second | {"dZ1": dZ1, "dW1": dW1, "db1": db1}


def penalised_loss(X, Y, W1, b1, W2, b2):
    A1 = np.tanh(X @ W1.T + b1)
    Z2 = A1 @ W2.T + b2
    log_p = Z2 - np.log(np.exp(Z2).sum(axis=1, keepdims=True))
    return (-(log_p * Y).sum() + (A1**2).sum() / 2) / len(X)


def _networks(rng: np.random.Generator) -> list[Case]:
    def draw(n: int, d: int, h: int, k: int) -> Case:
        classes = np.eye(k)[rng.integers(k, size=n)]
        return (
            rng.normal(size=(n, d)),
            classes,
            rng.normal(size=(h, d)),
            rng.normal(size=h),
            rng.normal(size=(k, h)),
            rng.normal(size=k),
        )

    return [draw(2, 1, 4, 3), draw(5, 4, 3, 2), draw(3, 3, 3, 3)]


def _layers(
    dZ2=lambda P, Y, N, E: (P - Y) / N,
    dW2=lambda dZ2, A1, Z1: dZ2.T @ A1,
    db=lambda dZ: dZ.sum(axis=0),
    dA1=lambda dZ2, W2, A1, N: dZ2 @ W2 + A1 / N,
    dZ1=lambda dA1, A1, Z1: dA1 * (1 - A1**2),
    dW1=lambda dZ1, X, dA1: dZ1.T @ X,
):
    """The solution with one of its lines replaced; what comes after follows from that line."""

    def wrong(X, Y, W1, b1, W2, b2):
        N = len(X)
        Z1 = X @ W1.T + b1
        A1 = np.tanh(Z1)
        E = np.exp(A1 @ W2.T + b2)
        P = E / E.sum(axis=1, keepdims=True)
        out = {"dZ2": dZ2(P, Y, N, E)}
        out["dW2"], out["db2"] = dW2(out["dZ2"], A1, Z1), db(out["dZ2"])
        out["dA1"] = dA1(out["dZ2"], W2, A1, N)
        out["dZ1"] = dZ1(out["dA1"], A1, Z1)
        out["dW1"], out["db1"] = dW1(out["dZ1"], X, out["dA1"]), db(out["dZ1"])
        return out

    return wrong


def _mean_at_the_parameters(X, Y, W1, b1, W2, b2):
    """Slopes of the sum over examples, divided by N where they reach a parameter."""
    right = backward(X, Y, W1, b1, W2, b2)
    return right | {name: right[name] * len(X) for name in ("dZ2", "dA1", "dZ1")}


def _mean_twice(X, Y, W1, b1, W2, b2):
    right = backward(X, Y, W1, b1, W2, b2)
    return right | {name: right[name] / len(X) for name in ("dW2", "db2", "dW1", "db1")}


def _steps_on_the_way(X, Y, W1, b1, W2, b2):
    before = W2.copy()
    W2 -= 0.1 * backward(X, Y, W1, b1, W2, b2)["dW2"]
    out = backward(X, Y, W1, b1, before, b2)
    out["dA1"] = out["dZ2"] @ W2 + np.tanh(X @ W1.T + b1) / len(X)
    out["dZ1"] = out["dA1"] * (1 - np.tanh(X @ W1.T + b1) ** 2)
    return out | {"dW1": out["dZ1"].T @ X, "db1": out["dZ1"].sum(axis=0)}


def _steps_on_a_copy(X, Y, W1, b1, W2, b2):
    return _steps_on_the_way(X, Y, W1, b1, W2.copy(), b2)


def _example_by_example(X, Y, W1, b1, W2, b2):
    """The same, with outer products for one example at a time."""
    N, H = len(X), len(b1)
    out = {"dZ2": np.zeros(Y.shape), "dW2": np.zeros(W2.shape), "db2": np.zeros(b2.shape)}
    out |= {"dA1": np.zeros((N, H)), "dZ1": np.zeros((N, H))}
    out |= {"dW1": np.zeros(W1.shape), "db1": np.zeros(H)}
    for n in range(N):
        a = np.tanh(W1 @ X[n] + b1)
        z = W2 @ a + b2
        p = np.exp(z - z.max())
        g = (p / p.sum() - Y[n]) / N
        h = W2.T @ g + a / N
        d = h * (1 - a * a)
        out["dZ2"][n], out["dA1"][n], out["dZ1"][n] = g, h, d
        out["dW2"] += np.outer(g, a)
        out["db2"] += g
        out["dW1"] += np.outer(d, X[n])
        out["db1"] += d
    return out


LAYERS = gradient(
    "5.3",
    "Two layers, variable by variable",
    backward,
    cases=_networks,
    loss=penalised_loss,
    hints=(
        (
            "Write the shape of every variable beside it. A gradient has the shape of its "
            "variable: which product of what you have comes out like that?"
        ),
        (
            "Go from the loss to the left: scores, second layer, hidden values, tanh, first layer. "
            "A1 is read in two places. What do the two send back, and what becomes of them?"
        ),
        (
            "The second layer sends (5.4) to A1, and half the sum of squares over N sends A1 over "
            "N; they add. Then the slope of tanh, one minus its output squared, entry by entry."
        ),
    ),
    misconceptions=(
        Misconception(
            "sign",
            _layers(dZ2=lambda P, Y, N, E: (Y - P) / N),
            "dZ2 has the wrong sign. When the score of the right class grows, does the loss grow?",
            tempting="Target minus prediction is the error as one speaks of it, and which way to "
            "step seems to be settled later.",
        ),
        Misconception(
            "no-mean",
            _layers(dZ2=lambda P, Y, N, E: P - Y),
            "dZ2 is N times too large. The loss is a mean: how far does it move when one example's "
            "own loss moves by 1?",
            tempting="The famous short form is that of one example, and it is remembered without "
            "what a batch does to it.",
        ),
        Misconception(
            "mean-at-the-parameters",
            _mean_at_the_parameters,
            "Your gradients of the parameters are right. dZ2, dA1 and dZ1 are N times too large: "
            "they belong to the sum of the losses, and L is their mean.",
            tempting="Adding up what the examples say and dividing once at the end comes to the "
            "same for the parameters.",
        ),
        Misconception(
            "mean-twice",
            _mean_twice,
            "Your gradients of the parameters are N times too small. Is the division by N in dZ2 "
            "already?",
            tempting="Where the examples are added up a mean is meant, so one more division looks "
            "like care.",
        ),
        Misconception(
            "mean-of-everything",
            _layers(dZ2=lambda P, Y, N, E: (P - Y) / P.size),
            "The loss is a mean over the N examples. You also divide by the number of classes.",
            tempting="`mean()` with nothing in it divides by every entry, and nobody mentions the "
            "classes.",
        ),
        Misconception(
            "not-yet-probabilities",
            _layers(dZ2=lambda P, Y, N, E: (E - Y) / N),
            "Your dZ2 starts from E, before it is divided by the sum of its row. By which numbers "
            "does the loss judge the scores?",
            tempting="E is positive and ranks the classes already, so it looks like probabilities.",
        ),
        Misconception(
            "no-one-hot",
            _layers(dZ2=lambda P, Y, N, E: P / N),
            "By your dZ2 every score should fall, the right one too. Where do the labels come in?",
            tempting="The network's answer is P, and the labels seem to have done their work in "
            "the loss.",
        ),
        Misconception(
            "softmax-slope-again",
            _layers(dZ2=lambda P, Y, N, E: (P - Y) * P * (1 - P) / N),
            "P minus Y is the slope at the scores already: softmax and logarithm are both in it. "
            "You went through the softmax a second time.",
            tempting="Softmax stands in the forward pass, so the backward pass seems to owe it a "
            "slope, as it does for tanh.",
        ),
        Misconception(
            "slope-at-the-probabilities",
            _layers(dZ2=lambda P, Y, N, E: -Y / P / N),
            "That is the slope at the probabilities P. The scores Z2 lie one step before them, and "
            "each score moves all the probabilities of its row.",
            tempting="The loss is minus a logarithm, and this is the derivative of that.",
        ),
        Misconception(
            "only-the-second-layer",
            _layers(dA1=lambda dZ2, W2, A1, N: dZ2 @ W2),
            "A1 is read in two places, and only what comes back from the second layer is in your "
            "dA1. What does the penalty say when an entry of A1 grows?",
            tempting="In most drawings a hidden value goes on to the next layer and nowhere else.",
        ),
        Misconception(
            "overwritten",
            _layers(dA1=lambda dZ2, W2, A1, N: A1 / N),
            "A1 is read in two places, and only what comes back from the penalty is in your dA1. "
            "What came back from the second layer was overwritten, or never asked for.",
            tempting="Each use gets a line of its own, and two lines with the same name read as if "
            "the second were added to the first.",
        ),
        Misconception(
            "penalty-not-averaged",
            _layers(dA1=lambda dZ2, W2, A1, N: dZ2 @ W2 + A1),
            "The penalty's share of dA1 is N times too large: it is divided by N in the loss.",
            tempting="The penalty is a sum over entries, and the N stands further out in the "
            "formula.",
        ),
        Misconception(
            "penalty-doubled",
            _layers(dA1=lambda dZ2, W2, A1, N: dZ2 @ W2 + 2 * A1 / N),
            "The penalty's share of dA1 is twice too large. It is half the sum of squares.",
            tempting="The derivative of a square brings a two down, and the half in front is easy "
            "to overlook.",
        ),
        Misconception(
            "penalty-sign",
            _layers(dA1=lambda dZ2, W2, A1, N: dZ2 @ W2 - A1 / N),
            "The penalty pulls the wrong way in your dA1. Does the loss grow or shrink when an "
            "entry of A1 moves away from zero?",
            tempting="A penalty pulls values towards zero, so a minus seems to belong to it.",
        ),
        Misconception(
            "penalty-past-tanh",
            _layers(
                dA1=lambda dZ2, W2, A1, N: dZ2 @ W2,
                dZ1=lambda dA1, A1, Z1: dA1 * (1 - A1**2) + A1 / len(A1),
            ),
            "The penalty's share joins at Z1, after tanh has been gone through. Which of the two "
            "does the penalty read, Z1 or A1?",
            tempting="The penalty is about the hidden layer, and Z1 belongs to that layer as well.",
        ),
        Misconception(
            "penalty-summed",
            _layers(dA1=lambda dZ2, W2, A1, N: dZ2 @ W2 + (A1**2).sum() / 2 / N),
            "You added the penalty itself. What goes back is its slope, one for each entry of A1.",
            tempting="What was added to the loss seems to be what has to be added on the way back.",
        ),
        Misconception(
            "not-transposed",
            _layers(dA1=lambda dZ2, W2, A1, N: dZ2 @ W2.T + A1 / N),
            "Look at the shapes on the way back through the second layer: (N, K) comes in and "
            "(N, H) goes out, with W2 of shape (K, H). Which sum runs over the K classes?",
            tempting="The layer turns W2 round on the way there, so the way back seems to need the "
            "same matrix.",
        ),
        Misconception(
            "activation-passed-over",
            _layers(dZ1=lambda dA1, A1, Z1: dA1),
            "Between Z1 and A1 stands tanh, and your gradient comes through it unchanged.",
            tempting="tanh has no parameters, so there seems to be nothing to do there on the way "
            "back.",
        ),
        Misconception(
            "no-upstream",
            _layers(dZ1=lambda dA1, A1, Z1: 1 - A1**2),
            "Your dZ1 is the slope of tanh alone. What has arrived at A1 is missing.",
            tempting="The derivative of tanh is what one looks up, and it has the right shape.",
        ),
        Misconception(
            "tanh-not-squared",
            _layers(dZ1=lambda dA1, A1, Z1: dA1 * (1 - A1)),
            "By your slope tanh would be steeper at −1 than at 0. What is the derivative of tanh?",
            tempting="For outputs near 0 and near 1 the square changes little, so the two forms "
            "look alike.",
        ),
        Misconception(
            "relu-slope",
            _layers(dZ1=lambda dA1, A1, Z1: dA1 * (Z1 > 0)),
            "That is how a ReLU passes a gradient on: all or nothing. These units are tanh.",
            tempting="Most networks in use have ReLUs, so this is the slope that one has written "
            "most often.",
        ),
        Misconception(
            "first-layer-from-a1",
            _layers(dW1=lambda dZ1, X, dA1: dA1.T @ X),
            "dW1 starts from dA1. The weights make Z1; tanh comes after.",
            tempting="dA1 has the right shape, was computed a line before, and carries the hidden "
            "layer's name.",
        ),
        Misconception(
            "slope-from-z",
            _layers(dZ1=lambda dA1, A1, Z1: dA1 * (1 - Z1**2)),
            "The slope of tanh is one minus the square of its output. Is that Z1 or A1?",
            tempting="Z1 is what goes into tanh, and at school a derivative is taken at what goes "
            "in.",
        ),
        Misconception(
            "tanh-twice",
            _layers(dZ1=lambda dA1, A1, Z1: dA1 * (1 - np.tanh(A1) ** 2)),
            "A1 has been through tanh already; here it goes through a second time.",
            tempting="One minus tanh squared asks for a tanh, and A1 stands ready to be put into "
            "it.",
        ),
        Misconception(
            "sigmoid-slope",
            _layers(dZ1=lambda dA1, A1, Z1: dA1 * A1 * (1 - A1)),
            "That is how a sigmoid's slope is written. These units are tanh.",
            tempting="Both curves are S-shaped, and both slopes can be had from the output alone.",
        ),
        Misconception(
            "scores-for-activations",
            _layers(dW2=lambda dZ2, A1, Z1: dZ2.T @ Z1),
            "The second layer multiplies W2 by A1. You used what stands before the tanh.",
            tempting="Z1 and A1 have the same shape, and the weighted sums are what the layer "
            "itself computed.",
        ),
        Misconception(
            "dW-transposed",
            _layers(
                dW2=lambda dZ2, A1, Z1: A1.T @ dZ2,
                dW1=lambda dZ1, X, dA1: X.T @ dZ1,
            ),
            "Your gradients of the weights lie on their sides. W has a row for each unit; so does "
            "its gradient.",
            tempting="Inputs first and slopes second is the order in which they were computed, and "
            "for square matrices the shapes agree.",
        ),
        Misconception(
            "bias-not-summed",
            _layers(db=lambda dZ: dZ),
            "One bias serves all N examples: it is a value used N times. What becomes of what the "
            "examples send back?",
            tempting="A bias is only added, so what arrives seems to be passed on as it is.",
        ),
        Misconception(
            "bias-averaged",
            _layers(db=lambda dZ: dZ.mean(axis=0)),
            "The division by N is in dZ already. A bias that is used N times gets all that comes "
            "back.",
            tempting="A bias speaks for the whole batch, and a mean is the usual way to speak for "
            "many.",
        ),
        Misconception(
            "bias-over-units",
            _layers(db=lambda dZ: dZ.sum(axis=1)),
            "You added over the units, so there is one number for each example. A bias belongs to "
            "a unit.",
            tempting="In W a unit is a row, so a sum along each row seems to belong to a unit.",
        ),
        Misconception(
            "one-bias-for-all",
            _layers(db=lambda dZ: dZ.sum()),
            "You added over examples and units. Each unit has a bias of its own.",
            tempting="A sum with nothing in its parentheses is the shortest, and b is a single "
            "letter.",
        ),
        Misconception(
            "bias-as-a-row",
            _layers(db=lambda dZ: dZ.sum(axis=0, keepdims=True)),
            "The numbers are right, in a matrix of one row. A gradient has the shape of its "
            "variable.",
            tempting="`keepdims=True` has saved many a broadcast, so it has become a habit.",
        ),
        Misconception(
            "updated-on-the-way",
            _steps_on_the_way,
            "W2 takes its step before dA1 is computed. All slopes belong to one and the same "
            "network: first all gradients, then the steps. The caller's W2 is changed, too.",
            tempting="The gradient of W2 is ready, so its step can be taken at once, and nothing "
            "has to be kept.",
        ),
        Misconception(
            "updated-copy-on-the-way",
            _steps_on_a_copy,
            "You go back through a W2 that has taken its step already. All slopes belong to one "
            "and the same network: first all gradients, then the steps.",
            tempting="The newer weights are the better ones, so going back through them looks like "
            "progress.",
        ),
    ),
    also_right=(_example_by_example,),
    equivalent={
        "P = E / E.sum(axis=-1, keepdims=True)": "axis 1 is the last of two",
    },
)
