"""Convolution and pooling: the same small computation at every place of an image."""

from nnlib.convolution.convolve import conv2d, conv_transpose2d
from nnlib.convolution.pooling import avg_pool2d, max_pool2d
from nnlib.convolution.steps import Pair

__all__ = ["Pair", "avg_pool2d", "conv2d", "conv_transpose2d", "max_pool2d"]
