"""Layers for images: convolutions, and poolings."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib import convolution
from nnlib.backend import RNG
from nnlib.convolution import Pair
from nnlib.convolution.steps import pair
from nnlib.module import Initialiser, Module, Parameter, check_sizes, glorot_uniform
from nnlib.tensor import Tensor


def _check(**sizes: Any) -> None:
    check_sizes(**sizes)
    inputs, outputs, groups = sizes.values()
    if inputs % groups or outputs % groups:
        raise ValueError(
            f"groups divides both the {inputs} channels that come in and the {outputs} that go "
            f"out, got {groups}"
        )


class Conv2d(Module):
    """Kernels that slide over images: the same weights at every place (9.3).

    Parameters
    ----------
    in_channels : int
        How many channels the images have.
    out_channels : int
        How many kernels there are, one for each channel that comes out.
    kernel_size : int or (int, int)
        The rows and columns of a kernel.
    stride, padding, dilation, groups
        As for `nnlib.conv2d`.
    bias : bool, default True
        Whether each kernel adds a number of its own, 0 at the start.
    rng : numpy.random.Generator or int, optional
        Where the first weights come from.
    init : callable, default glorot_uniform
        ``init(shape, rng)`` draws the first weights.
    dtype : dtype, default float32
        The kind of number.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least 1, or `groups` does not divide the channels.

    Notes
    -----
    Shape: (N, in_channels, H, W) gives (N, out_channels, OH, OW); weight
    (out_channels, in_channels / groups, KH, KW), bias (out_channels,). PyTorch's
    ``torch.nn.Conv2d``, but for the first weights.

    Examples
    --------
    >>> import numpy as np
    >>> layer = Conv2d(1, 8, kernel_size=3, padding=1, rng=0)
    >>> layer(np.ones((5, 1, 12, 10), dtype=np.float32)).shape
    (5, 8, 12, 10)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Pair = 0,
        dilation: Pair = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        rng: RNG = None,
        init: Initialiser = glorot_uniform,
        dtype: Any = np.float32,
    ) -> None:
        _check(in_channels=in_channels, out_channels=out_channels, groups=groups)
        shape = (out_channels, in_channels // groups, *pair("kernel_size", kernel_size, 1))
        self.weight = Parameter(init(shape, np.random.default_rng(rng)).astype(dtype))
        self.bias = Parameter(np.zeros(out_channels, dtype=dtype)) if bias else None
        self.stride, self.padding, self.dilation = stride, padding, dilation
        self.groups = groups

    def forward(self, x: Any) -> Tensor:
        """Slide the kernels over the images."""
        return convolution.conv2d(
            x,
            self.weight,
            self.bias,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            groups=self.groups,
        )

    def extra_repr(self) -> str:
        """Show the sizes."""
        out, inputs, *kernel = self.weight.shape
        return (
            f"{inputs * self.groups}, {out}, kernel_size={tuple(kernel)}, stride={self.stride}, "
            f"padding={self.padding}"
        )


class ConvTranspose2d(Module):
    """Kernels that are laid down at every place and added up: images become larger (9.7).

    Parameters
    ----------
    in_channels : int
        How many channels the images have.
    out_channels : int
        How many channels come out.
    kernel_size : int or (int, int)
        The rows and columns of a kernel.
    stride, padding, output_padding, groups, dilation
        As for `nnlib.conv_transpose2d`.
    bias : bool, default True
        Whether each channel that comes out adds a number of its own, 0 at the start.
    rng : numpy.random.Generator or int, optional
        Where the first weights come from.
    init : callable, default glorot_uniform
        ``init(shape, rng)`` draws the first weights.
    dtype : dtype, default float32
        The kind of number.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least 1, or `groups` does not divide the channels.

    Notes
    -----
    Shape: (N, in_channels, H, W) gives (N, out_channels, OH, OW); weight
    (in_channels, out_channels / groups, KH, KW), bias (out_channels,). PyTorch's
    ``torch.nn.ConvTranspose2d``, but for the first weights.

    Examples
    --------
    >>> import numpy as np
    >>> layer = ConvTranspose2d(8, 1, kernel_size=4, stride=2, padding=1, rng=0)
    >>> layer(np.ones((5, 8, 4, 4), dtype=np.float32)).shape
    (5, 1, 8, 8)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Pair = 0,
        output_padding: Pair = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Pair = 1,
        *,
        rng: RNG = None,
        init: Initialiser = glorot_uniform,
        dtype: Any = np.float32,
    ) -> None:
        _check(in_channels=in_channels, out_channels=out_channels, groups=groups)
        shape = (in_channels, out_channels // groups, *pair("kernel_size", kernel_size, 1))
        self.weight = Parameter(init(shape, np.random.default_rng(rng)).astype(dtype))
        self.bias = Parameter(np.zeros(out_channels, dtype=dtype)) if bias else None
        self.stride, self.padding, self.dilation = stride, padding, dilation
        self.output_padding, self.groups = output_padding, groups

    def forward(self, x: Any) -> Tensor:
        """Lay the kernels down and add them up."""
        return convolution.conv_transpose2d(
            x,
            self.weight,
            self.bias,
            stride=self.stride,
            padding=self.padding,
            output_padding=self.output_padding,
            groups=self.groups,
            dilation=self.dilation,
        )

    def extra_repr(self) -> str:
        """Show the sizes."""
        inputs, out, *kernel = self.weight.shape
        return (
            f"{inputs}, {out * self.groups}, kernel_size={tuple(kernel)}, stride={self.stride}, "
            f"padding={self.padding}"
        )


class MaxPool2d(Module):
    """`nnlib.max_pool2d` as a layer."""

    def __init__(
        self,
        kernel_size: Pair,
        stride: Pair | None = None,
        padding: Pair = 0,
        dilation: Pair = 1,
    ) -> None:
        self.kernel_size, self.stride = kernel_size, stride
        self.padding, self.dilation = padding, dilation

    def forward(self, x: Any) -> Tensor:
        """Keep the largest number of every window."""
        return convolution.max_pool2d(
            x,
            kernel_size=self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
        )

    def extra_repr(self) -> str:
        """Show the window."""
        return f"kernel_size={self.kernel_size}"


class AvgPool2d(Module):
    """`nnlib.avg_pool2d` as a layer."""

    def __init__(self, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> None:
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding

    def forward(self, x: Any) -> Tensor:
        """Take the mean of every window."""
        return convolution.avg_pool2d(
            x, kernel_size=self.kernel_size, stride=self.stride, padding=self.padding
        )

    def extra_repr(self) -> str:
        """Show the window."""
        return f"kernel_size={self.kernel_size}"


class AdaptiveAvgPool2d(Module):
    """Take means over windows that lead to a given size; 1 is global pooling (9.10).

    Parameters
    ----------
    output_size : int or (int, int)
        Rows and columns that come out. They must divide those of the images.

    Raises
    ------
    ValueError
        When called with images whose size it does not divide.

    Notes
    -----
    Shape: (N, C, H, W) gives (N, C, rows, columns) of `output_size`.

    Examples
    --------
    >>> import numpy as np
    >>> AdaptiveAvgPool2d(1)(np.arange(8.0).reshape(1, 2, 2, 2)).data.ravel()
    array([1.5, 5.5])
    """

    def __init__(self, output_size: Pair) -> None:
        self.output_size = pair("output_size", output_size, 1)

    def forward(self, x: Any) -> Tensor:
        """Take the mean of every window."""
        if len(x.shape) != 4:
            raise ValueError(f"pooling takes images (N, C, H, W), got the shape {tuple(x.shape)}")
        size = tuple(x.shape[2:])
        if any(n % out for n, out in zip(size, self.output_size, strict=True)):
            raise ValueError(
                f"images of {size} rows and columns do not divide into {self.output_size} windows"
            )
        windows = tuple(n // out for n, out in zip(size, self.output_size, strict=True))
        return convolution.avg_pool2d(x, kernel_size=windows)

    def extra_repr(self) -> str:
        """Show the size."""
        return f"{self.output_size}"
