"""Chapter 5, backpropagation: two gradients by hand. `backpropagation.py` says how to add one."""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import gradient

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005, D103, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 5.2 -------------------------------------------------------------------------------------------


def slopes(w, x, b, y):
    """The slope of L = (p - y)**2 at every value, as a dict of numbers."""
    z = w * x + b
    a = np.tanh(z)
    p = w * a  # the same w again
    # <solution>
    dp = 2 * (p - y)
    da = dp * w
    dz = da * (1 - a**2)
    dx = dz * w
    db = dz
    dw = dp * a + dz * x  # (5.7)
    # <starter>
    # dp = ...  # dL/dp
    # da = ...
    # dz = ...
    # dx = ...
    # db = ...
    # dw = ...
    # </solution>
    return {"dp": dp, "da": da, "dz": dz, "dx": dx, "db": db, "dw": dw}


def squared_error(w, x, b, y):
    return (w * np.tanh(w * x + b) - y) ** 2


def _numbers(rng: np.random.Generator) -> list[Case]:
    drawn = [tuple(float(v) for v in rng.normal(size=4)) for _ in range(4)]
    return [(0.5, 1.0, 0.25, 1.0), (-1.5, 0.5, 0.25, 2.0), *drawn]


def _walk(
    dp=lambda p, y: 2 * (p - y),
    da=lambda dp, w, a: dp * w,
    dz=lambda da, z, a: da * (1 - a**2),
    dx=lambda dz, w, x: dz * w,
    dw=lambda dp, dz, a, x, w: dp * a + dz * x,
    db=lambda dz, b: dz,
):
    """The solution with one of its lines replaced; what comes after follows from that line."""

    def wrong(w, x, b, y):
        z = w * x + b
        a = np.tanh(z)
        p = w * a
        p_slope = dp(p, y)
        a_slope = da(p_slope, w, a)
        z_slope = dz(a_slope, z, a)
        return {
            "dp": p_slope,
            "da": a_slope,
            "dz": z_slope,
            "dx": dx(z_slope, w, x),
            "db": db(z_slope, b),
            "dw": dw(p_slope, z_slope, a, x, w),
        }

    return wrong


def _local(w, x, b, y):
    z = w * x + b
    a = np.tanh(z)
    return {"dp": 2 * (w * a - y), "da": w, "dz": 1 - a**2, "dx": w, "db": 1.0, "dw": a + x}


def _path_by_path(w, x, b, y):
    """Each slope as the product along its own paths from L."""
    a = np.tanh(w * x + b)
    first, curve = 2 * (w * a - y), 1 / np.cosh(w * x + b) ** 2
    return {
        "dw": first * (a + w * curve * x),
        "db": first * w * curve,
        "dx": first * w * curve * w,
        "dz": first * w * curve,
        "da": first * w,
        "dp": first,
    }


SLOPES = gradient(
    "5.2",
    "A chain, and a value used twice",
    slopes,
    cases=_numbers,
    loss=squared_error,
    hints=(
        (
            "L reads p and nothing else. Where does each value stand between the input and p, and "
            "how many ways lead from it to L?"
        ),
        (
            "Go from the right to the left. Each slope is the slope that arrives times the slope "
            "of one step. Where two ways meet, what becomes of the two products?"
        ),
        (
            "p = w times a: it hands its slope times w to a, and its slope times a to w. z = w "
            "times x plus b does the same with x. The two that reach w are added."
        ),
    ),
    misconceptions=(
        Misconception(
            "sign",
            _walk(dp=lambda p, y: 2 * (y - p)),
            "Every slope points the other way. If p lies above y, does the loss grow or shrink "
            "when p grows?",
        ),
        Misconception(
            "missing-two",
            _walk(dp=lambda p, y: p - y),
            "Every slope is half of what it should be. What is the derivative of a square?",
        ),
        Misconception(
            "loss-for-slope",
            _walk(dp=lambda p, y: (p - y) ** 2),
            "dp is the loss itself, and so all that follows is off. How much does a square grow "
            "when p moves a little?",
        ),
        Misconception(
            "only-the-late-use",
            _walk(dw=lambda dp, dz, a, x, w: dp * a),
            "w is used in two places, and you have the way through p alone. A nudge of w moves z "
            "too: all ways from w to L count.",
        ),
        Misconception(
            "only-the-early-use",
            _walk(dw=lambda dp, dz, a, x, w: dz * x),
            "w is used in two places, and you have the way through z alone. If you computed both, "
            "the second replaced the first; what should become of the two?",
        ),
        Misconception(
            "paths-multiplied",
            _walk(dw=lambda dp, dz, a, x, w: dp * a * dz * x),
            "Along a path slopes multiply. Between two paths they do not: a nudge of w moves L "
            "once through each.",
        ),
        Misconception(
            "paths-averaged",
            _walk(dw=lambda dp, dz, a, x, w: (dp * a + dz * x) / 2),
            "You take the mean of the two ways. The nudge goes through both, each at its full "
            "strength.",
        ),
        Misconception(
            "paths-subtracted",
            _walk(dw=lambda dp, dz, a, x, w: dp * a - dz * x),
            "You take the one way from the other. Each way carries its own sign already.",
        ),
        Misconception(
            "early-use-past-tanh",
            _walk(dw=lambda dp, dz, a, x, w: dp * a + dp * w * x),
            "The late use is right. The early one reaches p through tanh, and you went round it.",
        ),
        Misconception(
            "weight-passed-over",
            _walk(da=lambda dp, w, a: dp),
            "da is the same as dp. Nudge a by a little: does p = w times a move by as much?",
        ),
        Misconception(
            "bias-by-itself",
            _walk(db=lambda dz, b: dz * b),
            "You multiplied by b. z is a sum, and b is added: how much does z move when b does?",
        ),
        Misconception(
            "no-upstream",
            _local,
            "These are the slopes of single steps. What L does when a moves is the slope of the "
            "step after a, times what arrives there from L.",
        ),
        Misconception(
            "activation-passed-over",
            _walk(dz=lambda da, z, a: da),
            "The slope comes through tanh unchanged. Where tanh is flat, a nudge of z hardly "
            "moves a.",
        ),
        Misconception(
            "slope-from-z",
            _walk(dz=lambda da, z, a: da * (1 - z**2)),
            "The slope of tanh is one minus the square of its output. Which of z and a is that?",
        ),
        Misconception(
            "tanh-twice",
            _walk(dz=lambda da, z, a: da * (1 - np.tanh(a) ** 2)),
            "a has been through tanh already; here it goes through a second time.",
        ),
        Misconception(
            "tanh-not-squared",
            _walk(dz=lambda da, z, a: da * (1 - a)),
            "Your slope of tanh at 0.5 is as good as at a first glance, but not at −0.5: by it "
            "tanh would be steeper than at 0. What is the derivative of tanh?",
        ),
        Misconception(
            "sigmoid-slope",
            _walk(dz=lambda da, z, a: da * a * (1 - a)),
            "That is how a sigmoid's slope is written. This unit is a tanh, whose slope at 0 is 1.",
        ),
        Misconception(
            "own-factor",
            _walk(da=lambda dp, w, a: dp * a),
            "In a product each factor's slope is the other factor: nudge a in w times a, and it is "
            "w that says how far the product moves.",
        ),
        Misconception(
            "dx-by-x",
            _walk(dx=lambda dz, w, x: dz * x),
            "In w times x each factor's slope is the other factor. You multiplied by x itself.",
        ),
        Misconception(
            "db-is-one",
            _walk(db=lambda dz, b: 1.0),
            "A step from b to z has the slope 1, and L does not read z itself. What arrives at z?",
        ),
        Misconception(
            "db-from-the-end",
            lambda w, x, b, y: _walk()(w, x, b, y) | {"db": 2 * (w * np.tanh(w * x + b) - y)},
            "You carried dp straight to b. Between them lie w and tanh, and each has a slope.",
        ),
    ),
    also_right=(_path_by_path,),
)


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
        ),
        Misconception(
            "no-mean",
            _layers(dZ2=lambda P, Y, N, E: P - Y),
            "dZ2 is N times too large. The loss is a mean: how far does it move when one example's "
            "own loss moves by 1?",
        ),
        Misconception(
            "mean-at-the-parameters",
            _mean_at_the_parameters,
            "Your gradients of the parameters are right. dZ2, dA1 and dZ1 are N times too large: "
            "they belong to the sum of the losses, and L is their mean.",
        ),
        Misconception(
            "mean-twice",
            _mean_twice,
            "Your gradients of the parameters are N times too small. Is the division by N in dZ2 "
            "already?",
        ),
        Misconception(
            "mean-of-everything",
            _layers(dZ2=lambda P, Y, N, E: (P - Y) / P.size),
            "The loss is a mean over the N examples. You also divide by the number of classes.",
        ),
        Misconception(
            "not-yet-probabilities",
            _layers(dZ2=lambda P, Y, N, E: (E - Y) / N),
            "Your dZ2 starts from E, before it is divided by the sum of its row. By which numbers "
            "does the loss judge the scores?",
        ),
        Misconception(
            "no-one-hot",
            _layers(dZ2=lambda P, Y, N, E: P / N),
            "By your dZ2 every score should fall, the right one too. Where do the labels come in?",
        ),
        Misconception(
            "softmax-slope-again",
            _layers(dZ2=lambda P, Y, N, E: (P - Y) * P * (1 - P) / N),
            "P minus Y is the slope at the scores already: softmax and logarithm are both in it. "
            "You went through the softmax a second time.",
        ),
        Misconception(
            "slope-at-the-probabilities",
            _layers(dZ2=lambda P, Y, N, E: -Y / P / N),
            "That is the slope at the probabilities P. The scores Z2 lie one step before them, and "
            "each score moves all the probabilities of its row.",
        ),
        Misconception(
            "only-the-second-layer",
            _layers(dA1=lambda dZ2, W2, A1, N: dZ2 @ W2),
            "A1 is read in two places, and only what comes back from the second layer is in your "
            "dA1. What does the penalty say when an entry of A1 grows?",
        ),
        Misconception(
            "overwritten",
            _layers(dA1=lambda dZ2, W2, A1, N: A1 / N),
            "A1 is read in two places, and only what comes back from the penalty is in your dA1. "
            "What came back from the second layer was overwritten, or never asked for.",
        ),
        Misconception(
            "penalty-not-averaged",
            _layers(dA1=lambda dZ2, W2, A1, N: dZ2 @ W2 + A1),
            "The penalty's share of dA1 is N times too large: it is divided by N in the loss.",
        ),
        Misconception(
            "penalty-doubled",
            _layers(dA1=lambda dZ2, W2, A1, N: dZ2 @ W2 + 2 * A1 / N),
            "The penalty's share of dA1 is twice too large. It is half the sum of squares.",
        ),
        Misconception(
            "penalty-sign",
            _layers(dA1=lambda dZ2, W2, A1, N: dZ2 @ W2 - A1 / N),
            "The penalty pulls the wrong way in your dA1. Does the loss grow or shrink when an "
            "entry of A1 moves away from zero?",
        ),
        Misconception(
            "penalty-past-tanh",
            _layers(
                dA1=lambda dZ2, W2, A1, N: dZ2 @ W2,
                dZ1=lambda dA1, A1, Z1: dA1 * (1 - A1**2) + A1 / len(A1),
            ),
            "The penalty's share joins at Z1, after tanh has been gone through. Which of the two "
            "does the penalty read, Z1 or A1?",
        ),
        Misconception(
            "penalty-summed",
            _layers(dA1=lambda dZ2, W2, A1, N: dZ2 @ W2 + (A1**2).sum() / 2 / N),
            "You added the penalty itself. What goes back is its slope, one for each entry of A1.",
        ),
        Misconception(
            "not-transposed",
            _layers(dA1=lambda dZ2, W2, A1, N: dZ2 @ W2.T + A1 / N),
            "Look at the shapes on the way back through the second layer: (N, K) comes in and "
            "(N, H) goes out, with W2 of shape (K, H). Which sum runs over the K classes?",
        ),
        Misconception(
            "activation-passed-over",
            _layers(dZ1=lambda dA1, A1, Z1: dA1),
            "Between Z1 and A1 stands tanh, and your gradient comes through it unchanged.",
        ),
        Misconception(
            "no-upstream",
            _layers(dZ1=lambda dA1, A1, Z1: 1 - A1**2),
            "Your dZ1 is the slope of tanh alone. What has arrived at A1 is missing.",
        ),
        Misconception(
            "tanh-not-squared",
            _layers(dZ1=lambda dA1, A1, Z1: dA1 * (1 - A1)),
            "By your slope tanh would be steeper at −1 than at 0. What is the derivative of tanh?",
        ),
        Misconception(
            "relu-slope",
            _layers(dZ1=lambda dA1, A1, Z1: dA1 * (Z1 > 0)),
            "That is how a ReLU passes a gradient on: all or nothing. These units are tanh.",
        ),
        Misconception(
            "first-layer-from-a1",
            _layers(dW1=lambda dZ1, X, dA1: dA1.T @ X),
            "dW1 starts from dA1. The weights make Z1; tanh comes after.",
        ),
        Misconception(
            "slope-from-z",
            _layers(dZ1=lambda dA1, A1, Z1: dA1 * (1 - Z1**2)),
            "The slope of tanh is one minus the square of its output. Is that Z1 or A1?",
        ),
        Misconception(
            "tanh-twice",
            _layers(dZ1=lambda dA1, A1, Z1: dA1 * (1 - np.tanh(A1) ** 2)),
            "A1 has been through tanh already; here it goes through a second time.",
        ),
        Misconception(
            "sigmoid-slope",
            _layers(dZ1=lambda dA1, A1, Z1: dA1 * A1 * (1 - A1)),
            "That is how a sigmoid's slope is written. These units are tanh.",
        ),
        Misconception(
            "scores-for-activations",
            _layers(dW2=lambda dZ2, A1, Z1: dZ2.T @ Z1),
            "The second layer multiplies W2 by A1. You used what stands before the tanh.",
        ),
        Misconception(
            "dW-transposed",
            _layers(
                dW2=lambda dZ2, A1, Z1: A1.T @ dZ2,
                dW1=lambda dZ1, X, dA1: X.T @ dZ1,
            ),
            "Your gradients of the weights lie on their sides. W has a row for each unit; so does "
            "its gradient.",
        ),
        Misconception(
            "bias-not-summed",
            _layers(db=lambda dZ: dZ),
            "One bias serves all N examples: it is a value used N times. What becomes of what the "
            "examples send back?",
        ),
        Misconception(
            "bias-averaged",
            _layers(db=lambda dZ: dZ.mean(axis=0)),
            "The division by N is in dZ already. A bias that is used N times gets all that comes "
            "back.",
        ),
        Misconception(
            "bias-over-units",
            _layers(db=lambda dZ: dZ.sum(axis=1)),
            "You added over the units, so there is one number for each example. A bias belongs to "
            "a unit.",
        ),
        Misconception(
            "one-bias-for-all",
            _layers(db=lambda dZ: dZ.sum()),
            "You added over examples and units. Each unit has a bias of its own.",
        ),
        Misconception(
            "bias-as-a-row",
            _layers(db=lambda dZ: dZ.sum(axis=0, keepdims=True)),
            "The numbers are right, in a matrix of one row. A gradient has the shape of its "
            "variable.",
        ),
        Misconception(
            "updated-on-the-way",
            _steps_on_the_way,
            "W2 takes its step before dA1 is computed. All slopes belong to one and the same "
            "network: first all gradients, then the steps. The caller's W2 is changed, too.",
        ),
        Misconception(
            "updated-copy-on-the-way",
            _steps_on_a_copy,
            "You go back through a W2 that has taken its step already. All slopes belong to one "
            "and the same network: first all gradients, then the steps.",
        ),
    ),
    also_right=(_example_by_example,),
    equivalent={
        "P = E / E.sum(axis=-1, keepdims=True)": "axis 1 is the last of two",
    },
)
