"""How a kernel moves over an image: sizes, strides, padding, dilation, and what reads what."""

from __future__ import annotations

import functools
import math
from typing import Any, NamedTuple

import numpy as np

Pair = int | tuple[int, int]


def pair(name: str, value: Any, least: int) -> tuple[int, int]:
    """Read one number, or one for rows and one for columns."""
    if type(value) is int and value >= least:  # what nearly every call gives
        return value, value
    both = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(both) != 2 or not all(isinstance(v, int | np.integer) and v >= least for v in both):
        raise ValueError(
            f"{name} is a whole number of at least {least}, or two of them for rows and columns, "
            f"got {value!r}"
        )
    return int(both[0]), int(both[1])


class Steps(NamedTuple):
    """How a kernel moves along one axis of an image."""

    kernel: int
    stride: int
    padding: int
    dilation: int

    def outputs(self, size: int) -> int:
        """Count the places at which the kernel fits into `size` numbers."""
        reach = self.dilation * (self.kernel - 1) + 1
        return (size + 2 * self.padding - reach) // self.stride + 1

    def tiles(self, size: int) -> bool:
        """Say whether the windows stand side by side and leave none of `size` numbers out."""
        return self.stride == self.kernel and self.dilation == 1 and size % self.kernel == 0

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - four numbers, and every step asks again
    def overlap(self, k: int, size: int, outputs: int) -> tuple[slice, slice]:
        """Match inputs with the outputs that read them through place `k` of the kernel.

        Output i reads input ``i * stride + k * dilation - padding``; what falls outside is padding.
        """
        offset = k * self.dilation - self.padding
        first = max(-(offset // self.stride), 0)
        last = min((size - 1 - offset) // self.stride, outputs - 1)
        start = first * self.stride + offset
        stop = max(last, first - 1) * self.stride + offset + 1
        return slice(start, max(stop, start), self.stride), slice(first, max(last + 1, first))

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - as above
    def readers(self, place: int, outputs: int) -> tuple[slice, slice]:
        """Match the outputs that read an input with the places of the turned kernel that they use.

        They ascend together: a later output reads the same input through an earlier place.
        """
        pairs = []
        for turned in range(self.kernel):
            offset = place + self.padding - (self.kernel - 1 - turned) * self.dilation
            if offset % self.stride == 0 and 0 <= offset // self.stride < outputs:
                pairs.append((offset // self.stride, turned))
        if not pairs:
            return slice(0), slice(0)
        (output, turned), (last, end) = pairs[0], pairs[-1]
        common = math.gcd(self.stride, self.dilation)
        return (
            slice(output, last + 1, self.dilation // common),
            slice(turned, end + 1, self.stride // common),
        )


def steps_of(
    kernel: tuple[int, int], stride: Pair, padding: Pair, dilation: Pair
) -> tuple[Steps, Steps]:
    """Put what belongs to the rows together, and what belongs to the columns."""
    strides, dilations = pair("stride", stride, 1), pair("dilation", dilation, 1)
    rows, columns = zip(
        pair("kernel_size", kernel, 1), strides, pair("padding", padding, 0), dilations,
        strict=True,
    )  # fmt: skip
    return Steps(*rows), Steps(*columns)


def fitting(size: int, steps: Steps, what: str) -> int:
    """Count the outputs along one axis; refuse a kernel that does not fit."""
    outputs = steps.outputs(size)
    if outputs < 1:
        reach = steps.dilation * (steps.kernel - 1) + 1
        raise ValueError(
            f"a kernel that reaches over {reach} {what} does not fit into {size} with a padding of "
            f"{steps.padding}: make the kernel smaller, or the images or the padding larger"
        )
    return outputs
