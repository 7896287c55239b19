"""Chapter 9, convolution: how exercise 9.2 goes wrong. `backpropagation.py` is the guide."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nnlib import conv2d
from nnlib.course.exercises.exercise import Misconception

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


def _right(x, w, b, stride, padding):
    return conv2d(x, w, b, stride=stride, padding=padding).data


def _loops(x, w, b, stride, padding, *slips):
    """Every sum of products in a loop, with slips that stand where they happen."""
    kh, kw = w.shape[2:]
    sides = (0, padding) if "one side" in slips else (padding, padding)
    sides = (0, 2 * padding) if "at the end" in slips else sides
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


def with_slips(*slips):
    """The loops with some slips in them; without any they are right."""
    return lambda x, w, b, stride, padding: _loops(x, w, b, stride, padding, *slips)


def _bias_as_it_comes(x, w, b, stride, padding):
    return with_slips("no bias")(x, w, b, stride, padding) + b


def _channels_last(x, w, b, stride, padding):
    return _right(x, w, b, stride, padding).transpose(0, 2, 3, 1)


def _only_reshaped(x, w, b, stride, padding):
    """The product has its places in the rows; a reshape gives the right shape, and no more."""
    z = _right(x, w, b, stride, padding)
    return z.transpose(0, 2, 3, 1).reshape(z.shape)


def _rows_read_by_place(x, w, b, stride, padding):
    """Windows laid out with their channels last, and kernels with their channels first."""
    mixed = w.transpose(0, 2, 3, 1).reshape(w.shape)
    return _right(x, mixed, b, stride, padding)


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
    return _right(x, shuffled, b, stride, padding)


def _divided_size(x, w, b, stride, padding):
    """As many places as the size divided by the stride."""
    z = _right(x, w, b, 1, padding)
    high, wide = (-(-n // stride) for n in x.shape[2:])
    return z[:, :, ::stride, ::stride][:, :, :high, :wide]


def _channels_added_first(x, w, b, stride, padding):
    return _right(x.sum(1, keepdims=True), w.sum(1, keepdims=True), b, stride, padding)


def _left_as_rows(x, w, b, stride, padding):
    return _right(x, w, b, stride, padding).transpose(0, 2, 3, 1).reshape(-1, len(w))


def _every_axis_padded(x, w, b, stride, padding):
    return conv2d(np.pad(x, padding), w, b, stride=stride).data


def _square_kernel(x, w, b, stride, padding):
    """The kernel's rows are taken for its columns too."""
    framed = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    k = w.shape[2]
    windows = sliding_window_view(framed, (k, k), axis=(2, 3))[:, :, ::stride, ::stride]
    n, _, high, wide, _, _ = windows.shape
    rows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * high * wide, -1)
    z = rows @ w.reshape(len(w), -1).T + b
    return z.reshape(n, high, wide, -1).transpose(0, 3, 1, 2)


SLIPS = (
    Misconception(
        "flipped",
        with_slips("flipped"),
        "Your kernels are turned round: their last weight meets the first pixel. Which weight "
        "meets which pixel in the sums above?",
        tempting="In signal processing a convolution turns its kernel round, and the word is "
        "the same.",
    ),
    Misconception(
        "turned on its side",
        with_slips("turned"),
        "The kernel lies on its side: its rows meet the columns of the image.",
        tempting="For a square kernel nothing complains, and many kernels look the same on "
        "their side.",
    ),
    Misconception(
        "stride on rows only",
        with_slips("stride of rows"),
        "You step along the rows and not along the columns. How many axes does a place have?",
        tempting="One number for the stride is easily used up on one axis.",
    ),
    Misconception(
        "stride on columns only",
        with_slips("stride of columns"),
        "You step from column to column and not from row to row. How many axes does a place have?",
        tempting="A kernel moves to the right, as reading does, and the lines below seem to "
        "take care of themselves.",
    ),
    Misconception(
        "no stride",
        with_slips("no stride"),
        "Every place has an answer, whatever the stride is. Which of them were asked for?",
        tempting="With a stride of 1, which is the usual one, nothing is missing.",
    ),
    Misconception(
        "stride in the count only",
        with_slips("counted, not stepped"),
        "There are as many answers as there should be, but they come from neighbouring places. "
        "Where does window i begin?",
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
        with_slips("last place"),
        "The last row and the last column of answers are missing. Count the places for a kernel "
        "as long as the row.",
        tempting="The difference of the two lengths looks like the number of places.",
    ),
    Misconception(
        "no padding",
        with_slips("unpadded"),
        "The kernel never leaves the image, whatever the padding is.",
        tempting="The first examples have no padding, and they come out right.",
    ),
    Misconception(
        "padding on one side",
        with_slips("one side"),
        "There are zeros on one side only. At which places does the first pixel lie under the "
        "middle of a kernel of three?",
        tempting="The kernel runs out of pixels at the end of a row, so that is where some "
        "seem to be needed.",
    ),
    Misconception(
        "padded rows only",
        with_slips("columns framed"),
        "The columns are framed and the rows are not: zeros stand left and right, but not above "
        "and below.",
        tempting="A row that is made longer is what one sees first.",
    ),
    Misconception(
        "padded columns only",
        with_slips("rows framed"),
        "Zeros stand above and below, but not left and right.",
        tempting="One pair of numbers pads one axis, and the other is easily forgotten.",
    ),
    Misconception(
        "edges copied",
        with_slips("copies"),
        "Around the image you repeat its edge. Zeros were asked for.",
        tempting="A repeated pixel makes no edge where none is, which looks kinder to the image.",
    ),
    Misconception(
        "frame of ones",
        with_slips("one"),
        "The frame is not zero: the weights that lie on it count as if they saw something.",
        tempting="A frame of one pixel is easily made a frame of ones.",
    ),
    Misconception(
        "first channel only",
        with_slips("first channel"),
        "Only the first channel is looked at. A kernel has weights for all of them.",
        tempting="The example by hand has one channel, and its code runs on any number.",
    ),
    Misconception(
        "channels added up first",
        _channels_added_first,
        "You add up the channels before they are weighed. Each channel of a kernel has weights of "
        "its own: red may count for it and green against it.",
        tempting="The answer is a sum over the channels, and a sum may be taken in any order.",
    ),
    Misconception(
        "square kernel",
        _square_kernel,
        "Your windows are as wide as they are high. A kernel has rows and columns of its own.",
        tempting="Nearly every kernel that one meets is square.",
    ),
    Misconception(
        "every axis padded",
        _every_axis_padded,
        "You have put zeros around everything: there are more images now, and more channels. "
        "Which axes are places?",
        tempting="One number of padding, handed on as it is, looks like what was asked for.",
    ),
    Misconception(
        "left as rows",
        _left_as_rows,
        "All numbers are there, as a matrix with a row for each place. They still have to go back "
        "to their images, rows and columns.",
        tempting="The product is the convolution, so the work seems to be done with it.",
    ),
    Misconception(
        "padding at the end",
        with_slips("at the end"),
        "All the zeros stand at the end. Half of them belong before the first pixel.",
        tempting="The size that comes out is the same wherever the zeros stand.",
    ),
    Misconception(
        "no bias",
        with_slips("no bias"),
        "Each kernel also adds a number of its own, the same at every place.",
        tempting="The picture of a window that slides has no place for a bias.",
    ),
    Misconception(
        "minus the bias",
        with_slips("minus"),
        "The bias is subtracted. In this book a unit adds it.",
        tempting="A threshold is what a sum has to exceed, so one takes it away.",
    ),
    Misconception(
        "bias in every product",
        with_slips("bias for each term"),
        "The bias comes in once for every product. It is added once, to the sum.",
        tempting="Inside the loop over the products is where the numbers are added up.",
    ),
    Misconception(
        "bias along the columns",
        _bias_as_it_comes,
        "Broadcasting starts from the right, so each column of the answers got a bias of its own. "
        "Which axis runs over the kernels?",
        tempting="`+ b` is how it went with every layer so far.",
    ),
    Misconception(
        "mean for sum",
        with_slips("mean"),
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
        "The shape is right and the numbers have lost their places: a reshape reads on in the old "
        "order. After the product, which axis comes last, and where does it belong?",
        tempting="A reshape to the shape that is asked for always works, and says nothing.",
    ),
    Misconception(
        "window and kernel in different orders",
        _rows_read_by_place,
        "Your windows are laid out channel after channel and your kernels place after place, or "
        "the other way round: number by number they do not meet.",
        tempting="Both rows have the same length, so the product runs.",
    ),
    Misconception(
        "laid out too early",
        _not_arranged,
        "A row of your matrix mixes several places: the axes have to stand in order before they "
        "are folded together. Which axes belong to the place, and which to the window?",
        tempting="A reshape to as many rows as there are places seems to give each place its row.",
    ),
    Misconception(
        "kernels as columns by reshape",
        _transposed_kernels,
        "The columns of your matrix are not the kernels: a reshape to (…, F) reads across them. "
        "What turns rows into columns?",
        tempting="A matrix of the right shape with the right numbers looks like the right matrix.",
    ),
)
