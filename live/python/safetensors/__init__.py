"""Stands in for safetensors on a live page: the format, in Python, for the arrays of a lesson.

The real one is compiled, and there is none for WebAssembly. The files are the same.
"""


class SafetensorError(Exception):
    """What is read is not a whole file of this format, or what is written does not fit into one."""
