"""Convolution, and the transposed one that turns it round."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib.backend import Array, check_dtypes, namespace
from nnlib.convolution.lowering import correlate, lowered, outer, outside, spread, total
from nnlib.convolution.steps import Pair, fitting, pair, steps_of
from nnlib.tensor import primitive


def _checked(
    x: Array, weight: Array, bias: Array | None, channels: tuple[int, int], groups: Any, name: str
) -> None:
    """Refuse what does not fit together."""
    if x.ndim != 4 or weight.ndim != 4:
        raise ValueError(
            f"{name} takes images (N, C, H, W) and a weight of four axes, got shapes "
            f"{tuple(x.shape)} and {tuple(weight.shape)}: one image alone is x[None]"
        )
    if not isinstance(groups, int | np.integer) or groups < 1 or weight.shape[0] % groups:
        raise ValueError(
            f"groups is a whole number that divides the {weight.shape[0]} entries of the weight's "
            f"first axis, got {groups!r}"
        )
    if x.shape[1] != channels[0]:
        raise ValueError(
            f"the weight {tuple(weight.shape)} with groups={groups} takes images with "
            f"{channels[0]} channels, and these have {x.shape[1]}: their shape is {tuple(x.shape)}"
        )
    if bias is not None and tuple(bias.shape) != channels[1:]:
        raise ValueError(
            f"the bias holds one number for each of the {channels[1]} channels that come out, got "
            f"the shape {tuple(bias.shape)}"
        )
    check_dtypes("the images are", x, weight)


@primitive
def conv2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> Any:
    """Slide kernels over images and take the sum of products at every place (9.3).

    Parameters
    ----------
    x : Tensor or array
        The images.
    weight : Tensor or array
        One kernel for each output channel. It is not turned round: in the words of signal
        processing this is a correlation.
    bias : Tensor or array, optional
        One number for each output channel.
    stride : int or (int, int), default 1
        How many rows and columns the kernel moves on.
    padding : int or (int, int), default 0
        How many rows and columns of zeros stand on each side.
    dilation : int or (int, int), default 1
        How many rows and columns lie between the places of the kernel, itself included.
    groups : int, default 1
        The channels are dealt out to this many convolutions, side by side.

    Returns
    -------
    Tensor
        The sums of products.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or the kernel does not fit into the images.

    Notes
    -----
    Shape: x (N, C, H, W), weight (F, C / groups, KH, KW), bias (F,) give (N, F, OH, OW), where
    OH = floor((H + 2 padding - dilation (KH - 1) - 1) / stride) + 1, and OW likewise.

    References
    ----------
    LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition. 1998.
    The layout: Cho, Brand: MEC, memory-efficient convolution for deep neural network. ICML 2017.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.array([[0.0, 0.0, 1.0, 1.0]] * 3)[None, None]
    >>> edge = np.array([[-1.0, 1.0]])[None, None]
    >>> conv2d(image, edge).data[0, 0, 0]
    array([0., 1., 0.])
    """
    _checked(x, weight, bias, (groups * weight.shape[1], weight.shape[0]), groups, "conv2d")
    rows, columns = steps_of(weight.shape[2:], stride, padding, dilation)
    height, width = x.shape[2:]
    fitting(height, rows, "rows")
    outputs = fitting(width, columns, "columns")
    windows = lowered(x, rows, columns, groups)
    z = correlate(windows, weight, groups, outputs)  # (9.3)
    if bias is not None:
        z += namespace(z).reshape(bias, (groups, 1, -1, 1, 1))
    return outside(z), (
        lambda g: outside(spread(g, weight, rows, columns, groups, (height, width))),  # (9.4)
        lambda g: outer(windows, g, weight.shape, groups),  # (9.5)
        total,
    )


@primitive
def conv_transpose2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    output_padding: Pair = 0,
    groups: int = 1,
    dilation: Pair = 1,
) -> Any:
    """Send every number through the kernel to a patch of the output, and add what overlaps (9.7).

    It is what `conv2d` with the same weight sends back to its images. A stride makes images larger.

    Parameters
    ----------
    x : Tensor or array
        The images.
    weight : Tensor or array
        One kernel for each input channel.
    bias : Tensor or array, optional
        One number for each output channel.
    stride, padding, dilation, groups
        Of the convolution that it turns round: see `conv2d`.
    output_padding : int or (int, int), default 0
        How many rows and columns more the output has: with a stride, several sizes of image lead
        to the same output of a convolution, and this says which of them is meant.

    Returns
    -------
    Tensor
        The overlapping patches, added up.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or `output_padding` is not smaller than the stride.

    Notes
    -----
    Shape: x (N, F, H, W), weight (F, C / groups, KH, KW), bias (C,) give (N, C, OH, OW), where
    OH = (H - 1) stride - 2 padding + dilation (KH - 1) + output_padding + 1, and OW likewise.

    References
    ----------
    Dumoulin, Visin: A guide to convolution arithmetic for deep learning. arXiv:1603.07285.

    Examples
    --------
    >>> import numpy as np
    >>> points = np.array([[[[1.0, 2.0]]]])
    >>> conv_transpose2d(points, np.ones((1, 1, 1, 3)), stride=2).data[0, 0]
    array([[1., 1., 3., 2., 2.]])
    """
    channels = (weight.shape[0], groups * weight.shape[1])
    _checked(x, weight, bias, channels, groups, "conv_transpose2d")
    rows, columns = steps_of(weight.shape[2:], stride, padding, dilation)
    more = pair("output_padding", output_padding, 0)
    if more[0] >= rows.stride or more[1] >= columns.stride:
        raise ValueError(
            f"output_padding is smaller than the stride {(rows.stride, columns.stride)}, got {more}"
        )
    height, width = (
        (size - 1) * s.stride - 2 * s.padding + s.dilation * (s.kernel - 1) + extra + 1
        for size, s, extra in zip(x.shape[2:], (rows, columns), more, strict=True)
    )
    if height < 1 or width < 1:
        raise ValueError(
            f"with a padding of {(rows.padding, columns.padding)} nothing is left of the output: "
            "make the padding smaller"
        )
    z = spread(x, weight, rows, columns, groups, (height, width))  # (9.7)
    if bias is not None:
        z += namespace(z).reshape(bias, (groups, 1, -1, 1, 1))

    def back(g: Array) -> Array:
        return correlate(lowered(g, rows, columns, groups), weight, groups, x.shape[3])

    return outside(z), (
        lambda g: outside(back(g)),
        lambda g: outer(lowered(g, rows, columns, groups), x, weight.shape, groups),
        total,
    )
