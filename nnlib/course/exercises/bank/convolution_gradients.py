"""Chapter 9, convolution: what goes back through it. `backpropagation.py` is the guide."""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import gradient

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 9.3 -------------------------------------------------------------------------------------------


def convolution_backward(x, w, G):
    """The gradients dx, dw, db of kernels that slide over rows of numbers.

    x (N, C, W) holds N rows with C channels, w (F, C, KW) the kernels. Each
    kernel reads KW numbers at a time and moves on by one; with its bias it
    gave W - KW + 1 answers a row. G (N, F, W - KW + 1) arrives at them.
    """
    # <solution>
    KW = w.shape[2]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i in range(G.shape[2]):
        g, window = G[:, :, i], x[:, :, i : i + KW]
        dx[:, :, i : i + KW] += np.tensordot(g, w, axes=(1, 0))  # (9.4)
        dw += np.tensordot(g, window, axes=(0, 0))  # (9.5)
    return dx, dw, G.sum(axis=(0, 2))  # (9.6)
    # </solution>


def _sum_of_answers(x, w, G):
    """A loss whose gradient at the answers is G; the bias adds nothing to the gradients."""
    total = 0.0
    for i in range(G.shape[2]):
        window = x[:, :, i : i + w.shape[2]]
        total += (np.tensordot(window, w, axes=((1, 2), (1, 2))) * G[:, :, i]).sum()
    return total


def _rows(rng: np.random.Generator) -> list[Case]:
    def draw(n, c, size, f, k):
        x, w = rng.normal(size=(n, c, size)), rng.normal(size=(f, c, k))
        return x, w, rng.normal(size=(n, f, size - k + 1))

    small = (
        np.array([[[1.0, 2.0, 4.0]]]),
        np.array([[[3.0, 5.0]]]),
        np.array([[[1.0, 10.0]]]),
    )
    return [small, draw(2, 1, 5, 1, 3), draw(2, 3, 6, 4, 3), draw(4, 2, 7, 3, 2),
            draw(3, 3, 5, 3, 3), draw(2, 2, 3, 2, 2)]  # fmt: skip


def _edge(rng: np.random.Generator) -> list[Case]:
    """One place only, and a kernel of a single number."""
    return [
        (rng.normal(size=(2, 3, 4)), rng.normal(size=(5, 3, 4)), rng.normal(size=(2, 5, 1))),
        (rng.normal(size=(2, 3, 4)), rng.normal(size=(5, 3, 1)), rng.normal(size=(2, 5, 4))),
    ]


def _with(slip):
    """The solution with one slip in it."""

    def backward(x, w, G):
        n, k = len(x), w.shape[2]
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        places = G.shape[2]
        for i in range(places):
            g, window = G[:, :, i], x[:, :, i : i + k]
            kernel = w[:, :, ::-1] if slip == "flipped for dx" else w
            part = np.tensordot(g, kernel, axes=(1, 0))
            grain = np.tensordot(g, window, axes=(0, 0))
            if slip == "flipped for dw":
                grain = grain[:, :, ::-1]
            if slip == "dw per example":
                grain = grain / n
            if slip in ("overwritten", "dw of the last place"):
                dx[:, :, i : i + k] = part if slip == "overwritten" else part + dx[:, :, i : i + k]
                dw = dw + grain if slip == "overwritten" else grain
            elif slip == "first tap":
                dx[:, :, i] += part[:, :, 0]
                dw += grain
            elif slip == "middle tap":
                dx[:, :, i + k // 2] += part[:, :, k // 2]
                dw += grain
            else:
                dx[:, :, i : i + k] += part
                dw += grain
        if slip == "overlaps averaged":
            dx /= _readers(x.shape[2], k)
        if slip == "dw mean over places":
            dw /= places
        sums = {
            "db mean": lambda: G.mean(axis=(0, 2)),
            "db per example": lambda: G.mean(axis=0).sum(axis=1),
            "db over places": lambda: G.mean(axis=2).sum(axis=0),
            "db one number": lambda: G.sum(),
            "db not over the batch": lambda: G.sum(axis=2),
            "db not over places": lambda: G.sum(axis=0),
            "db of the kernels": lambda: G.sum(axis=(1, 2)),
        }
        return dx, dw, sums.get(slip, lambda: G.sum(axis=(0, 2)))()

    return backward


def _readers(size, k):
    """How many windows read each place."""
    count = np.zeros(size)
    for i in range(size - k + 1):
        count[i : i + k] += 1
    return count


def _first_pair(x, w, G):
    """Every example and every channel treated alone, the sums between them forgotten."""
    dx, dw, db = convolution_backward(x[:1], w, G[:1])
    return np.concatenate([dx, np.zeros_like(x[1:])]), dw, db


def _cut_to_size(x, w, G):
    """A convolution of G with the kernel, padded on one side only."""
    dx, dw, db = convolution_backward(x, w, G)
    short = np.zeros_like(x)
    short[:, :, : G.shape[2]] = dx[:, :, : G.shape[2]]
    return short, dw, db


def _last_place_missing(x, w, G):
    dx, dw, _ = convolution_backward(x[:, :, :-1], w, G[:, :, :-1])
    return np.pad(dx, ((0, 0), (0, 0), (0, 1))), dw, G.sum(axis=(0, 2))


def _dx_shared(x, w, G):
    dx, dw, db = convolution_backward(x, w, G)
    return dx * 0 + dx.mean(axis=0), dw, db


def _dw_for_each_example(x, w, G):
    dx, _, db = convolution_backward(x, w, G)
    parts = [convolution_backward(x[i : i + 1], w, G[i : i + 1])[1] for i in range(len(x))]
    return dx, np.stack(parts), db


def _ones_for_inputs(x, w, G):
    dx, dw, db = convolution_backward(x, w, G)
    return dx, np.broadcast_to(db[:, None, None], dw.shape).copy(), db


def _weights_alone(x, w, G):
    dx, dw, db = convolution_backward(x, w, np.ones_like(G))
    return dx, dw, db


def _full_convolution(x, w, G):
    """By formulas without a place: pad G, slide the turned kernel over it."""
    k = w.shape[2]
    framed = np.pad(G, ((0, 0), (0, 0), (k - 1, k - 1)))
    reads = np.lib.stride_tricks.sliding_window_view(framed, k, axis=2)  # (N, F, L, K)
    dx = np.einsum("nflk,fck->ncl", reads, w[:, :, ::-1])
    windows = np.lib.stride_tricks.sliding_window_view(x, k, axis=2)  # (N, C, O, K)
    return dx, np.einsum("nfo,ncok->fck", G, windows), np.einsum("nfo->f", G)


def _one_weight_at_a_time(x, w, G):
    dx, dw, places = np.zeros(x.shape), np.empty(w.shape), G.shape[2]
    for k in range(w.shape[2]):
        dx[:, :, k : k + places] += np.einsum("nfo,fc->nco", G, w[:, :, k])
        dw[:, :, k] = np.einsum("nfo,nco->fc", G, x[:, :, k : k + places])
    return dx, dw, G.sum(2).sum(0)


BACKWARD = gradient(
    "9.3",
    "Back through a convolution",
    convolution_backward,
    cases=_rows,
    loss=_sum_of_answers,
    outputs=("dx", "dw", "db"),
    hints=(
        (
            "Take the small example. The number in the middle of the row was read twice: with "
            "which weight each time, and what arrives at the two answers?"
        ),
        (
            "Go through the places. At each, the window is the input of a plain layer: what goes "
            "back to its inputs, its weights and its bias you know from chapter 5. Then ask what "
            "happens where a place, or a weight, was used before."
        ),
        (
            "For place i, with g of shape (N, F): to the window goes g against the kernels over "
            "the F, to the kernels goes g against the window over the N. Both are added to what is "
            "there, in arrays that begin with zeros."
        ),
    ),
    misconceptions=(
        Misconception(
            "overwritten",
            _with("overwritten"),
            "Windows overlap: a number that was read by two of them gets something from both. "
            "What happens to what the first one left there?",
            tempting="Each window writes into its own place, and on paper one writes an equals "
            "sign.",
        ),
        Misconception(
            "overlaps averaged",
            _with("overlaps averaged"),
            "You divide by how many windows read a number. What is used several times gets the "
            "sum of what comes back, not the mean.",
            tempting="The middle is counted more often than the ends, and that looks unfair.",
        ),
        Misconception(
            "kernel turned round for dx",
            _with("flipped for dx"),
            "The weight that read a number is the weight that brings its share back. Yours comes "
            "from the other end of the kernel.",
            tempting="Books say that the way back is a convolution with the kernel turned round; "
            "slid over a padded G it is, laid down place by place it is not.",
        ),
        Misconception(
            "dw turned round",
            _with("flipped for dw"),
            "Your dw stands in the opposite order. Which number does the first weight of a kernel "
            "read?",
            tempting="Something is turned round on the way back, and it is easy to turn the wrong "
            "thing.",
        ),
        Misconception(
            "dw of the last place",
            _with("dw of the last place"),
            "Your dw knows only the last place. The same weights were used at every one.",
            tempting="Inside a loop an equals sign is what one writes first, and with one place it "
            "is right.",
        ),
        Misconception(
            "first weight only",
            _with("first tap"),
            "Each answer sends something back to the first number of its window alone. How many "
            "did it read?",
            tempting="Answer i stands where its window begins, so the two seem to belong together.",
        ),
        Misconception(
            "middle weight only",
            _with("middle tap"),
            "Each answer sends something back to the middle of its window alone. How many numbers "
            "did it read?",
            tempting="An answer is drawn under the middle of its window.",
        ),
        Misconception(
            "ends forgotten",
            _cut_to_size,
            "The last numbers of each row get nothing, though windows read them. There are fewer "
            "answers than numbers.",
            tempting="A loop over the answers, with one index for both rows, runs without a "
            "complaint.",
        ),
        Misconception(
            "first example only",
            _first_pair,
            "Only the first row of the batch gets a gradient. The others were read too.",
            tempting="Writing the formula for one example is how one begins.",
        ),
        Misconception(
            "inputs left out of dw",
            _ones_for_inputs,
            "Your dw is what arrives, added up. How much does the loss change when a weight "
            "changes, if the number that it multiplies is large?",
            tempting="All places share the weight, so one adds up what comes back from all places.",
        ),
        Misconception(
            "nothing arrives",
            _weights_alone,
            "You answer as if a 1 arrived at every place. What arrives is G.",
            tempting="The derivative of a sum of products is found first for the answer itself.",
        ),
        Misconception(
            "dw mean over places",
            _with("dw mean over places"),
            "You divide dw by the number of places. Each of them adds its part in full.",
            tempting="A mean keeps the gradient of a long row as small as that of a short one.",
        ),
        Misconception(
            "dw mean over examples",
            _with("dw per example"),
            "You divide dw by the number of examples. If the loss is a mean, that is in G already.",
            tempting="A batch calls for a mean, and the division has to happen somewhere.",
        ),
        Misconception(
            "mean everywhere",
            lambda x, w, G: tuple(part / len(x) for part in convolution_backward(x, w, G)),
            "Everything is divided by the number of examples. If the loss is a mean, that is in G "
            "already.",
            tempting="The loss of a batch is a mean, and so its gradients look too large.",
        ),
        Misconception(
            "dw for each example",
            _dw_for_each_example,
            "Your dw has one table for each example. They were all read with the same weights.",
            tempting="Each example has a gradient of its own, and stacking them loses nothing.",
        ),
        Misconception(
            "dx shared",
            _dx_shared,
            "All examples get the same dx. What one example is told depends on what arrived at "
            "its own answers.",
            tempting="The kernels are shared by all, so what comes back seems to be shared too.",
        ),
        Misconception(
            "last place missing",
            _last_place_missing,
            "The last answer sends nothing back. How many places are there?",
            tempting="Counting from 0 to one less than the last is a habit, and easily done twice.",
        ),
        Misconception(
            "db mean",
            _with("db mean"),
            "Your db is a mean over examples and places. The bias was added at each of them.",
            tempting="A bias is one number for many places, and a mean makes one number of many.",
        ),
        Misconception(
            "db mean over examples",
            _with("db per example"),
            "Your db is divided by the number of examples. If the loss is a mean, that is in G "
            "already.",
            tempting="Gradients of a batch are averaged at some point, and the bias looks like a "
            "good place.",
        ),
        Misconception(
            "db mean over places",
            _with("db over places"),
            "Your db is divided by the number of places. The bias was added at each of them in "
            "full.",
            tempting="The same bias at every place looks like one bias that is used once.",
        ),
        Misconception(
            "one bias for all",
            _with("db one number"),
            "Your db is a single number. Each kernel has a bias of its own.",
            tempting="For a single kernel it is right, and the first example has one.",
        ),
        Misconception(
            "db for each example",
            _with("db not over the batch"),
            "Your db has a row for each example. They all used the same bias.",
            tempting="Adding up over the places leaves a tidy table.",
        ),
        Misconception(
            "db for each place",
            _with("db not over places"),
            "Your db has a number for each place. The bias is the same at all of them.",
            tempting="In a dense layer one adds up over the batch, and that was all.",
        ),
        Misconception(
            "db over the kernels",
            _with("db of the kernels"),
            "You have added up over the kernels and kept the examples. Which axis of G belongs to "
            "the bias?",
            tempting="The first axis is the one that one is used to keeping.",
        ),
    ),
    stress=_edge,
    also_right=(_full_convolution, _one_weight_at_a_time),
    equivalent={
        "dx[:, :, i:i + KW] += np.tensordot(g, w, axes=(-1, 0))": "g has two axes",
    },
)
