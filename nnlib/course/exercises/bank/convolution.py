"""Chapter 9, convolution: its exercises. How to write one stands in `backpropagation.py`.

A convolution as one product stands here; the others are beside it: 9.1 in `convolution_sizes.py`,
9.3 in `convolution_gradients.py`, 9.4 in `convolution_faults.py`, 9.5 in `convolution_budget.py`.
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nnlib import conv2d as library
from nnlib.course.exercises.bank.convolution_budget import SHIFTED
from nnlib.course.exercises.bank.convolution_faults import FORWARD
from nnlib.course.exercises.bank.convolution_gradients import BACKWARD
from nnlib.course.exercises.bank.convolution_sizes import PAPER
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# Why some changes of a solution change nothing.
LEFT, SAME = "any negative length asks for what is left", "counted from the end, the same axis"


# 9.2 -------------------------------------------------------------------------------------------


def convolve(x, w, b, stride, padding):
    """The answers of F kernels at every place of N images, (N, F, OH, OW).

    x (N, C, H, W), w (F, C, KH, KW) and b (F,); stride and padding are
    whole numbers, the same for rows and columns.
    """
    # <solution>
    around = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    windows = sliding_window_view(np.pad(x, around), w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, OH, OW, KH, KW)
    n, _, high, wide, _, _ = windows.shape
    rows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * high * wide, -1)
    answers = rows @ w.reshape(len(w), -1).T + b
    return answers.reshape(n, high, wide, -1).transpose(0, 3, 1, 2)
    # </solution>


def _images(rng: np.random.Generator) -> list[Case]:
    step = np.array([[[[0.0, 0.0, 1.0, 1.0]]]])
    edge, none = np.array([[[[-1.0, 1.0]]]]), np.zeros(1)

    def draw(x, w, stride, padding):
        return rng.normal(size=x), rng.normal(size=w), rng.normal(size=w[0]), stride, padding

    return [
        (step, edge, none, 1, 0),
        (rng.integers(-2, 3, size=(1, 1, 3, 4)) * 1.0, np.array([[[[1.0, 2.0], [0.0, -1.0]]]]),
         np.array([0.5]), 1, 0),
        draw((2, 3, 5, 7), (4, 3, 2, 3), 1, 0),
        draw((3, 2, 7, 9), (5, 2, 3, 3), 2, 1),
        draw((2, 4, 6, 5), (3, 4, 3, 2), 1, 2),
        draw((3, 3, 3, 3), (3, 3, 3, 3), 1, 1),
        draw((2, 2, 8, 8), (2, 2, 2, 2), 2, 0),
        draw((4, 1, 8, 7), (2, 1, 3, 3), 3, 0),
    ]  # fmt: skip


def _single_place(rng: np.random.Generator) -> list[Case]:
    """A kernel as large as the image, and one of a single pixel."""
    return [
        (rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3, 4, 5)), rng.normal(size=6), 1, 0),
        (rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3, 1, 1)), rng.normal(size=6), 3, 1),
    ]


def _loops(x, w, b, stride, padding, *slips):
    """Every sum of products in a loop, with slips that stand where they happen."""
    kh, kw = w.shape[2:]
    sides = (0, padding) if "one side" in slips else (padding, padding)
    rows = (0, 0) if "columns framed" in slips else sides
    columns = (0, 0) if "rows framed" in slips else sides
    mode: Any = "edge" if "copies" in slips else "constant"
    framed = np.pad(x, ((0, 0), (0, 0), rows, columns), mode=mode)
    if "one" in slips:
        framed = np.pad(x, ((0, 0), (0, 0), rows, columns), constant_values=1)
    if "unpadded" in slips:
        framed = x
    if "flipped" in slips:
        w = w[:, :, ::-1, ::-1]
    if "turned" in slips:
        w = w.transpose(0, 1, 3, 2)
    down = 1 if "stride of columns" in slips else stride
    right = 1 if "stride of rows" in slips else stride
    if "no stride" in slips:
        down = right = 1
    more = 0 if "last place" in slips else 1
    high = (framed.shape[2] - kh) // down + more
    wide = (framed.shape[3] - kw) // right + more
    z = np.zeros((len(x), len(w), high, wide))
    for i, j in np.ndindex(high, wide):
        step = 1 if "counted, not stepped" in slips else None
        top, left = i * (step or down), j * (step or right)
        patch = framed[:, :, top : top + kh, left : left + kw]
        if "first channel" in slips:
            z[:, :, i, j] = np.einsum("nkl,fkl->nf", patch[:, 0], w[:, 0])
        else:
            z[:, :, i, j] = np.einsum("nckl,fckl->nf", patch, w)
    if "mean" in slips:
        z /= w[0].size
    if "no bias" in slips:
        return z
    if "bias for each term" in slips:
        return z + b[:, None, None] * w[0].size
    if "minus" in slips:
        return z - b[:, None, None]
    return z + b[:, None, None]


def _with(*slips):
    return lambda x, w, b, stride, padding: _loops(x, w, b, stride, padding, *slips)


def _bias_as_it_comes(x, w, b, stride, padding):
    return _with("no bias")(x, w, b, stride, padding) + b


def _channels_last(x, w, b, stride, padding):
    return convolve(x, w, b, stride, padding).transpose(0, 2, 3, 1)


def _only_reshaped(x, w, b, stride, padding):
    """The product has its places in the rows; a reshape gives the right shape, and no more."""
    z = convolve(x, w, b, stride, padding)
    return z.transpose(0, 2, 3, 1).reshape(z.shape)


def _rows_read_by_place(x, w, b, stride, padding):
    """Windows laid out with their channels last, and kernels with their channels first."""
    mixed = w.transpose(0, 2, 3, 1).reshape(w.shape)
    return convolve(x, mixed, b, stride, padding)


def _not_arranged(x, w, b, stride, padding):
    """Windows as they come, channels before places, laid out in rows at once."""
    framed = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(framed, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    n, _, high, wide, _, _ = windows.shape
    z = windows.reshape(n * high * wide, -1) @ w.reshape(len(w), -1).T + b
    return z.reshape(n, high, wide, -1).transpose(0, 3, 1, 2)


def _transposed_kernels(x, w, b, stride, padding):
    """The weight as a matrix by a reshape where a transpose was meant."""
    shuffled = w.reshape(-1, len(w)).T.reshape(w.shape)
    return convolve(x, shuffled, b, stride, padding)


def _divided_size(x, w, b, stride, padding):
    """As many places as the size divided by the stride."""
    z = convolve(x, w, b, 1, padding)
    high, wide = (-(-n // stride) for n in x.shape[2:])
    return z[:, :, ::stride, ::stride][:, :, :high, :wide]


def _one_offset_at_a_time(x, w, b, stride, padding):
    """Shifted images, each times one weight, added up: no windows at all."""
    framed = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kh, kw = w.shape[2:]
    high, wide = ((n - k) // stride + 1 for n, k in zip(framed.shape[2:], (kh, kw), strict=True))
    z: Any = 0.0
    for k, m in np.ndindex(kh, kw):
        rows = slice(k, k + stride * (high - 1) + 1, stride)
        columns = slice(m, m + stride * (wide - 1) + 1, stride)
        z = z + np.tensordot(w[:, :, k, m], framed[:, :, rows, columns], (1, 1))
    return z.swapaxes(0, 1) + b.reshape(-1, 1, 1)


CONVOLVE = function(
    "9.2",
    "A convolution as one product",
    convolve,
    _images,
    hints=(
        (
            "Which numbers does one answer see, and how many of them are there? Where would they "
            "stand if each answer had a row?"
        ),
        (
            "Pad first. A window for every place, each laid out as a row of C × KH × KW numbers, "
            "against the kernels laid out the same way: that is one product of matrices. Then give "
            "the rows back their places."
        ),
        (
            "`sliding_window_view(padded, (KH, KW), axis=(2, 3))` has shape (N, C, OH, OW, KH, "
            "KW). Thin out both places by the stride, bring the channels behind the places, and "
            "only then reshape. At the end the kernels have to come before the places."
        ),
    ),
    misconceptions=(
        Misconception(
            "flipped",
            _with("flipped"),
            "Your kernels are turned round: their last weight meets the first pixel. Which weight "
            "meets which pixel in the sums above?",
            tempting="In signal processing a convolution turns its kernel round, and the word is "
            "the same.",
        ),
        Misconception(
            "turned on its side",
            _with("turned"),
            "The kernel lies on its side: its rows meet the columns of the image.",
            tempting="For a square kernel nothing complains, and many kernels look the same on "
            "their side.",
        ),
        Misconception(
            "stride on rows only",
            _with("stride of rows"),
            "You step along the rows and not along the columns. How many axes does a place have?",
            tempting="One number for the stride is easily used up on one axis.",
        ),
        Misconception(
            "stride on columns only",
            _with("stride of columns"),
            "You step from column to column and not from row to row. How many axes does a place "
            "have?",
            tempting="A kernel moves to the right, as reading does, and the lines below seem to "
            "take care of themselves.",
        ),
        Misconception(
            "no stride",
            _with("no stride"),
            "Every place has an answer, whatever the stride is. Which of them were asked for?",
            tempting="With a stride of 1, which is the usual one, nothing is missing.",
        ),
        Misconception(
            "stride in the count only",
            _with("counted, not stepped"),
            "There are as many answers as there should be, but they come from neighbouring "
            "places. Where does window i begin?",
            tempting="The stride stands in the formula for the size, and once the size is right "
            "it seems to be dealt with.",
        ),
        Misconception(
            "size over stride",
            _divided_size,
            "You keep as many places as the size divided by the stride, but the kernel has to fit "
            "inside. Where is the last place at which it does?",
            tempting="A stride of 2 halves an image: that is how one speaks about it.",
        ),
        Misconception(
            "last place missing",
            _with("last place"),
            "The last row and the last column of answers are missing. Count the places for a "
            "kernel as long as the row.",
            tempting="The difference of the two lengths looks like the number of places.",
        ),
        Misconception(
            "no padding",
            _with("unpadded"),
            "The kernel never leaves the image, whatever the padding is.",
            tempting="The first examples have no padding, and they come out right.",
        ),
        Misconception(
            "padding on one side",
            _with("one side"),
            "There are zeros on one side only. At which places does the first pixel lie under the "
            "middle of a kernel of three?",
            tempting="The kernel runs out of pixels at the end of a row, so that is where some "
            "seem to be needed.",
        ),
        Misconception(
            "padded rows only",
            _with("columns framed"),
            "The columns are framed and the rows are not: zeros stand left and right, but not "
            "above and below.",
            tempting="A row that is made longer is what one sees first.",
        ),
        Misconception(
            "padded columns only",
            _with("rows framed"),
            "Zeros stand above and below, but not left and right.",
            tempting="One pair of numbers pads one axis, and the other is easily forgotten.",
        ),
        Misconception(
            "edges copied",
            _with("copies"),
            "Around the image you repeat its edge. Zeros were asked for.",
            tempting="A repeated pixel makes no edge where none is, which looks kinder to the "
            "image.",
        ),
        Misconception(
            "frame of ones",
            _with("one"),
            "The frame is not zero: the weights that lie on it count as if they saw something.",
            tempting="A frame of one pixel is easily made a frame of ones.",
        ),
        Misconception(
            "first channel only",
            _with("first channel"),
            "Only the first channel is looked at. A kernel has weights for all of them.",
            tempting="The example by hand has one channel, and its code runs on any number.",
        ),
        Misconception(
            "no bias",
            _with("no bias"),
            "Each kernel also adds a number of its own, the same at every place.",
            tempting="The picture of a window that slides has no place for a bias.",
        ),
        Misconception(
            "minus the bias",
            _with("minus"),
            "The bias is subtracted. In this book a unit adds it.",
            tempting="A threshold is what a sum has to exceed, so one takes it away.",
        ),
        Misconception(
            "bias in every product",
            _with("bias for each term"),
            "The bias comes in once for every product. It is added once, to the sum.",
            tempting="Inside the loop over the products is where the numbers are added up.",
        ),
        Misconception(
            "bias along the columns",
            _bias_as_it_comes,
            "Broadcasting starts from the right, so each column of the answers got a bias of its "
            "own. Which axis runs over the kernels?",
            tempting="`+ b` is how it went with every layer so far.",
        ),
        Misconception(
            "mean for sum",
            _with("mean"),
            "That is the mean of the products. A unit adds them up.",
            tempting="A window of pixels calls for an average, as in a blur.",
        ),
        Misconception(
            "channels last",
            _channels_last,
            "The kernels stand last. They come right after the images: (N, F, OH, OW).",
            tempting="After the product the kernels are the columns, and that is the last axis.",
        ),
        Misconception(
            "reshaped, not moved",
            _only_reshaped,
            "The shape is right and the numbers have lost their places: a reshape reads on in the "
            "old order. After the product, which axis comes last, and where does it belong?",
            tempting="A reshape to the shape that is asked for always works, and says nothing.",
        ),
        Misconception(
            "window and kernel in different orders",
            _rows_read_by_place,
            "Your windows are laid out channel after channel and your kernels place after place, "
            "or the other way round: number by number they do not meet.",
            tempting="Both rows have the same length, so the product runs.",
        ),
        Misconception(
            "laid out too early",
            _not_arranged,
            "A row of your matrix mixes several places: the axes have to stand in order before "
            "they are folded together. Which axes belong to the place, and which to the window?",
            tempting="A reshape to as many rows as there are places seems to give each place its "
            "row.",
        ),
        Misconception(
            "kernels as columns by reshape",
            _transposed_kernels,
            "The columns of your matrix are not the kernels: a reshape to (…, F) reads across "
            "them. What turns rows into columns?",
            tempting="A matrix of the right shape with the right numbers looks like the right "
            "matrix.",
        ),
    ),
    stress=_single_place,
    also_right=(
        _with(),
        _one_offset_at_a_time,
        lambda x, w, b, stride, padding: library(x, w, b, stride=stride, padding=padding).data,
    ),
    equivalent={
        "return answers.reshape(n, high, wide, -1).transpose(0, 3, 1, -2)": SAME,
        "rows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * high * wide, -2)": LEFT,
        "windows = sliding_window_view(np.pad(x, around), w.shape[-2:], axis=(2, 3))": SAME,
        "windows = sliding_window_view(np.pad(x, around), w.shape[2:], axis=(-2, 3))": SAME,
        "rows = windows.transpose(0, 2, -3, 1, 4, 5).reshape(n * high * wide, -1)": SAME,
        "return answers.reshape(n, high, wide, -2).transpose(0, 3, 1, 2)": LEFT,
        "answers = rows @ w.reshape(len(w), -2).T + b": LEFT,
    },
)

EXERCISES = (PAPER, CONVOLVE, BACKWARD, FORWARD, SHIFTED)
