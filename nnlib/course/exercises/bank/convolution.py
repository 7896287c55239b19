"""Chapter 9, convolution: its exercises. How to write one stands in `backpropagation.py`.

A convolution as one product stands here, and in `convolution_slips.py` how it goes wrong; the
others are beside it: 9.1 in `convolution_sizes.py`, 9.3 in `convolution_gradients.py`, 9.4 in
`convolution_faults.py`, 9.5 in `convolution_budget.py`.
"""

import sys
from functools import wraps
from types import FrameType
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nnlib import conv2d as library
from nnlib.course.exercises.bank.convolution_budget import SHIFTED
from nnlib.course.exercises.bank.convolution_faults import FORWARD
from nnlib.course.exercises.bank.convolution_gradients import BACKWARD
from nnlib.course.exercises.bank.convolution_sizes import PAPER
from nnlib.course.exercises.bank.convolution_slips import SLIPS, with_slips
from nnlib.course.exercises.exercise import (
    Answer,
    Case,
    Misconception,
    Property,
    callable_answer,
)
from nnlib.course.exercises.kinds import function

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# Why some changes of a solution change nothing.
LEFT, SAME = "any negative length asks for what is left", "counted from the end, the same axis"


# A right answer that is refused all the same.
ONE_BY_ONE = (
    "Every number is right. But Python goes round once for each place, and in an image of a usual "
    "size there are thousands. Lay all windows out as rows, and they are one table."
)


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
    """A kernel as large as the image, one of a single pixel, and a kernel with many places."""
    return [
        (rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3, 4, 5)), rng.normal(size=6), 1, 0),
        (rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 3, 1, 1)), rng.normal(size=6), 3, 1),
        (rng.normal(size=(1, 1, 32, 32)), rng.normal(size=(2, 1, 3, 3)), rng.normal(size=2), 1, 0),
    ]


class _Counted(np.ndarray):
    """An answer that knows how many lines of Python it took."""

    lines = 0

    def __array_finalize__(self, other: Any) -> None:
        self.lines = getattr(other, "lines", 0)


def _counting(answer: Any) -> Answer:
    """Count the lines that run, where there are many places: a loop over them shows."""
    callable_answer(answer)

    @wraps(answer)
    def counted(*case: Any) -> Any:
        if case[0].shape[2] < 32:
            return answer(*case)
        lines, before = 0, sys.gettrace()

        def trace(frame: FrameType, *_: Any) -> Any:
            nonlocal lines
            if frame.f_globals.get("__name__", "").startswith("numpy"):
                return None
            lines += 1
            return trace

        sys.settrace(trace)
        try:
            output = answer(*case)
        finally:
            sys.settrace(before)
        if isinstance(output, np.ndarray | list):
            known: _Counted = np.asarray(output).view(_Counted)
            known.lines = lines
            return known
        return output

    return counted


def _in_one_go(z: Any, *_: Any) -> bool:
    """Whether fewer lines ran than there are places."""
    return not isinstance(z, _Counted) or z.lines < z[0, 0].size


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
        *SLIPS,
        Misconception(
            "one place at a time",
            with_slips(),
            ONE_BY_ONE,
            tempting="A kernel that slides goes from place to place, and so does a loop.",
        ),
    ),
    stress=_single_place,
    properties=(Property("in one go", _in_one_go, ONE_BY_ONE),),
    adapt=_counting,
    also_right=(
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
