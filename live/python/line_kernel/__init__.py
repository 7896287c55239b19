"""The Python side of a live page: runs cells, and tells the page what came of them.

It does for a page what ipykernel and IPython do for a notebook, and no more than the course needs.
The page sends a message and gets messages back, each a JSON object with a `type`; `Kernel` lists
them. Nothing here knows of the browser, so it is tested in any Python.
"""

from .kernel import Kernel

__all__ = ["Kernel"]
