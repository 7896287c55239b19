"""Stands in for IPython on a live page: the few names that ipywidgets, tqdm and readers import.

The real one would be a megabyte more to download, for what `line_kernel` does already.
"""

from .core.interactiveshell import get_ipython
from .display import display

__all__ = ["display", "get_ipython"]
version_info = (9, 0, 0)
__version__ = "9.0.0"
