"""Chapter 9, convolution: a network's way forward with four faults to find and repair.

Each fault, and each set of them that can be left, is a misconception: whoever has found some of the
four hears about the next. `backpropagation.py` says how to add an exercise.
"""

import numpy as np

from nnlib import conv2d, max_pool2d
from nnlib.course.exercises.exercise import Case
from nnlib.course.exercises.kinds import debug, planted

# Learners' code: nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# Why some changes of a solution change nothing.
LEFT, SAME = "any negative length asks for what is left", "counted from the end, the same axis"


# 9.4 -------------------------------------------------------------------------------------------


def scores(images, w1, b1, w2, b2, W, b):
    """Scores (N, K) of N colour images (N, H, W, C), with H and W even.

    Convolution, ReLU, the largest of every 2 by 2, convolution, ReLU, the
    mean of each channel, a dense layer. Both convolutions have kernels of 3
    and keep the size.
    """
    # <solution>
    n, high, wide, _ = images.shape
    x = images.transpose(0, 3, 1, 2)
    # <starter>
    # n, high, wide, c = images.shape
    # x = images.reshape(n, c, high, wide)
    # </solution>
    a = np.maximum(conv2d(x, w1, b1, padding=1).data, 0)
    # <solution>
    tiles = a.reshape(n, len(w1), high // 2, 2, wide // 2, 2)
    pooled = tiles.max(axis=(3, 5))
    a = np.maximum(conv2d(pooled, w2, b2, padding=1).data, 0)
    # <starter>
    # tiles = a.reshape(n, len(w1), high // 2, wide // 2, 2, 2)
    # pooled = tiles.max(axis=(4, 5))
    # a = conv2d(pooled, w2, b2).data
    # </solution>
    return a.mean(axis=(2, 3)) @ W.T + b


def _networks(rng: np.random.Generator) -> list[Case]:
    def draw(n, high, wide, c, f1, f2, k):
        return (
            rng.normal(size=(n, high, wide, c)),
            rng.normal(size=(f1, c, 3, 3)),
            rng.normal(size=f1),
            rng.normal(size=(f2, f1, 3, 3)),
            rng.normal(size=f2),
            rng.normal(size=(k, f2)),
            rng.normal(size=k),
        )

    return [draw(1, 6, 8, 2, 1, 2, 3), draw(2, 8, 6, 3, 4, 5, 3), draw(3, 6, 10, 3, 2, 6, 4),
            draw(4, 8, 8, 4, 4, 4, 4)]  # fmt: skip


FAULTS = {
    "channels": (
        (
            "The colours of a pixel do not come out together: follow one pixel of an image with "
            "two channels. Which operation moves an axis, and which only reads on in the old "
            "order?"
        ),
        "A reshape gives exactly the shape that is wanted, and never complains.",
    ),
    "windows": (
        (
            "The four numbers of a tile are not neighbours in two directions. Lay a channel of 4 "
            "by 4 out on paper: which four numbers stand in the last two axes?"
        ),
        "The last two axes are 2 by 2, which is what a tile looks like.",
    ),
    "padding": (
        "The second convolution makes the images smaller; both are to keep the size.",
        "The mean at the end takes images of any size, so nothing fails.",
    ),
    "relu": (
        (
            "Nothing stands between the second convolution and the mean: negative answers cancel "
            "positive ones."
        ),
        "The mean looks like a step of its own, and there is a ReLU a few lines above.",
    ),
}


def _with(*slips):
    """The solution with some slips in it, each a word that stands where it happens."""

    def run(images, w1, b1, w2, b2, W, b):
        n, high, wide, c = images.shape
        x = images.transpose(0, 3, 1, 2)
        if "channels" in slips:
            x = images.reshape(n, c, high, wide)
        if "on its side" in slips:
            x = images.transpose(0, 3, 2, 1)
            high, wide = wide, high
        a = conv2d(x, w1, b1, padding=1).data
        if "first relu" not in slips:
            a = np.maximum(a, 0)
        tiles = a.reshape(n, len(w1), high // 2, 2, wide // 2, 2)
        axes: tuple[int, ...] = (3, 5)
        if "windows" in slips:
            tiles, axes = a.reshape(n, len(w1), high // 2, wide // 2, 2, 2), (4, 5)
        if "far apart" in slips:
            axes = (2, 4)
        pooled = tiles.mean(axis=axes) if "mean pooling" in slips else tiles.max(axis=axes)
        if "corner" in slips:
            pooled = a[:, :, ::2, ::2]
        if "no pooling" in slips:
            pooled = a
        frame = 0 if "padding" in slips else 2 if "padding twice" in slips else 1
        if "overlapping" in slips:
            pooled = max_pool2d(a, kernel_size=2, stride=1).data
        late = "bias after the relu" in slips
        a = conv2d(pooled, w2, None if late else b2, padding=frame).data
        if not {"relu", "relu after the mean"}.intersection(slips):
            a = np.maximum(a, 0)
        a = a + b2[:, None, None] if late else a
        a = a * a[0, 0].size if "sum" in slips else a
        means = a.max(axis=(2, 3)) if "largest" in slips else a.mean(axis=(2, 3))
        if "relu after the mean" in slips:
            means = np.maximum(means, 0)
        z = means @ W.T + b
        return np.maximum(z, 0) if "last relu" in slips else z

    return run


SLIPS = {
    "on its side": (
        (
            "The channels are in place now, and every image lies on its side: rows and columns "
            "have changed places."
        ),
        "The channels have to come forward, and a transpose turns the whole order round.",
    ),
    "far apart": (
        "Now the four numbers of a tile are half an image apart. Which axis runs within a tile?",
        "With six axes it is easily lost which of them count tiles and which run inside one.",
    ),
    "mean pooling": (
        "Now each tile gives its mean. The largest was asked for.",
        "The mean of a tile is kinder to the numbers that are not the largest.",
    ),
    "corner": (
        "One of four numbers is kept, the first, and not the largest of them.",
        "Every second row and column halves the image, and so does a pooling.",
    ),
    "no pooling": (
        "Nothing is pooled any more. A fault is not repaired by taking the line out.",
        "The rest of the network takes images of any size, so it runs without the pooling.",
    ),
    "padding twice": (
        "Now the images grow. How far does a kernel of 3 reach beyond its middle?",
        "Two rows are missing after the convolution, so two are put around it.",
    ),
    "relu after the mean": (
        "The ReLU comes too late: in the mean, negative answers have cancelled positive ones.",
        "It stands after the convolution, and the mean seems to make no difference.",
    ),
    "first relu": (
        "The first ReLU is gone. It was no fault.",
        (
            "The largest of four is hardly ever negative, so the first ReLU seems to have nothing "
            "to do."
        ),
    ),
    "largest": (
        "Now each channel gives its largest answer at the end, and not its mean.",
        "The pooling takes the largest, so the last step seems to be meant so too.",
    ),
    "overlapping": (
        "Now the tiles overlap: your window moves on by one, and a tile begins where one ends.",
        "A window slides by one place, as a kernel does unless told otherwise.",
    ),
    "sum": (
        "At the end each channel gives the sum of its answers, and its mean was asked for.",
        "Adding up is what a dense layer does, so the division seems to make no difference.",
    ),
    "bias after the relu": (
        "The second bias comes after the ReLU. It belongs to the sum that the ReLU looks at.",
        "A bias is added at the end of a layer, and the ReLU looks like a part of it.",
    ),
    "last relu": (
        "A ReLU stands after the dense layer: scores may be negative.",
        "Every layer so far was followed by a ReLU.",
    ),
}


def _by_the_library(images, w1, b1, w2, b2, W, b):
    x = np.moveaxis(images, -1, 1)
    pooled = max_pool2d(conv2d(x, w1, b1, padding=1), kernel_size=2).data
    a = conv2d(pooled.clip(min=0), w2, b2, padding=1).data.clip(min=0)  # pooled first: the same
    return np.einsum("nfhw,kf->nk", a, W) / a[0, 0].size + b


FORWARD = debug(
    "9.4",
    "Four faults on the way forward",
    scores,
    cases=_networks,
    hints=(
        "Follow one pixel, one tile, one size. After which line is something not where it belongs?",
        (
            "Print the shape after each line and compare it with what the docstring promises. Two "
            "of the faults change no shape: for these, put small whole numbers in."
        ),
        (
            "One fault is in how the channels come forward, one in which axes make a tile, and two "
            "are in the line of the second convolution: what stands around the images, and what "
            "follows."
        ),
    ),
    misconceptions=planted(
        _with,
        FAULTS,
        SLIPS,
        whole="It runs, and scores of the right shape come out.",
        partly="The shape at the end was right from the start, so nothing says that more is amiss",
    ),
    also_right=(_by_the_library,),
    equivalent={
        "x = images.transpose(0, 3, 1, -2)": SAME,
        "tiles = a.reshape(n, len(w1), high // 2, -2, wide // 2, 2)": LEFT,
        "tiles = a.reshape(n, len(w1), high // 2, 2, wide // 2, -2)": LEFT,
        "tiles = a.reshape(n, len(w1), high // -2, 2, wide // 2, 2)": LEFT,
        "tiles = a.reshape(n, len(w1), high // 2, 2, wide // -2, 2)": LEFT,
        "pooled = tiles.max(axis=(-3, 5))": SAME,
        "return a.mean(axis=(-2, 3)) @ W.T + b": SAME,
    },
    explain=lambda _: (
        "These are not the scores of the repaired network. All but four places should stay as they "
        "were: follow the shapes from line to line."
    ),
)
