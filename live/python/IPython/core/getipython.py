"""Where some packages import `get_ipython` from."""

from .interactiveshell import get_ipython

__all__ = ["get_ipython"]
