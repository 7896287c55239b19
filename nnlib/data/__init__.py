"""Data: batches, splits, scaling, drawn points, digits and names that come along, downloads."""

from nnlib.data.batching import Batches, StandardScaler, batches, one_hot, split
from nnlib.data.digits import load_digits
from nnlib.data.downloads import load_fashion_mnist, load_mnist, load_names, load_shakespeare
from nnlib.data.generators import linear_data, moons, rings, sine, spirals, xor
from nnlib.data.names import load_common_names

__all__ = [
    "Batches",
    "StandardScaler",
    "batches",
    "linear_data",
    "load_common_names",
    "load_digits",
    "load_fashion_mnist",
    "load_mnist",
    "load_names",
    "load_shakespeare",
    "moons",
    "one_hot",
    "rings",
    "sine",
    "spirals",
    "split",
    "xor",
]
