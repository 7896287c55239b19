"""Pictures as SVG that read in light and dark, each with words that say what it shows."""

from .figure import Picture, figure
from .graph import Edge, Node, graph
from .network import network
from .sound import Sound, sound
from .style import PALETTE, subplots, use

__all__ = [
    "PALETTE",
    "Edge",
    "Node",
    "Picture",
    "Sound",
    "figure",
    "graph",
    "network",
    "sound",
    "subplots",
    "use",
]
