"""Attention, positions, the block of a Transformer, and writing with one."""

from nnlib.attention.dot_product import scaled_dot_product_attention, self_attention
from nnlib.attention.modules import Cache, MultiheadAttention, TransformerEncoderLayer
from nnlib.attention.positions import rotary, sinusoidal_positions
from nnlib.attention.writing import generate, sample

__all__ = [
    "Cache",
    "MultiheadAttention",
    "TransformerEncoderLayer",
    "generate",
    "rotary",
    "sample",
    "scaled_dot_product_attention",
    "self_attention",
    "sinusoidal_positions",
]
