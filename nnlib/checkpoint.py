"""Keeping weights in a file: safetensors, which PyTorch and others read too.

A file is either the old one or the new one, never half of each: the new one is written beside it
and takes its place in one step. Loading a file runs no code from it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nnlib.backend import Array
from nnlib.backend import numpy as to_numpy


def save(state: Mapping[str, Array], path: str | os.PathLike[str]) -> None:
    """Write arrays by name into a file.

    Parameters
    ----------
    state : mapping of str to array
        What the ``state_dict()`` of a model, an optimiser or a schedule returned. Arrays of any
        shape; those on a GPU are copied to the CPU first.
    path : str or path-like
        The file, by custom ``*.safetensors``. A file of this name is replaced.

    Raises
    ------
    TypeError
        If `state` is not a mapping of names to arrays.
    FileNotFoundError, IsADirectoryError
        If the folder does not exist (none is made), or `path` is a folder itself.

    References
    ----------
    The safetensors format, https://github.com/huggingface/safetensors.

    Examples
    --------
    >>> import tempfile
    >>> from nnlib import Linear
    >>> model = Linear(3, 2, rng=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(model.state_dict(), Path(folder) / "model.safetensors")
    ...     state = load(Path(folder) / "model.safetensors")
    >>> {name: array.shape for name, array in state.items()}
    {'bias': (2,), 'weight': (2, 3)}
    """
    arrays, (dumps, unfit) = _arrays(state), _safetensors("save")
    try:
        content: bytes = dumps(arrays)
    except unfit as error:
        kinds = {name: str(array.dtype) for name, array in arrays.items()}
        raise TypeError(f"safetensors cannot hold all of {kinds}: {error}") from error
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder: save to a file in it, with a name of its own")
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"cannot save {path.name}: the folder {path.parent} does not exist. Make it first, "
            f"with Path({str(path.parent)!r}).mkdir(parents=True)"
        )
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # on the disk before it takes the old file's place
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: str | os.PathLike[str]) -> dict[str, np.ndarray[Any, Any]]:
    """Read the arrays that a safetensors file holds.

    Parameters
    ----------
    path : str or path-like
        A file that `save` wrote, or another library.

    Returns
    -------
    dict of str to numpy.ndarray
        The arrays, in the order of their names, for ``model.load_state_dict``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is not a safetensors file, or not a whole one.

    Examples
    --------
    >>> load("no-such-file.safetensors")
    Traceback (most recent call last):
    FileNotFoundError: there is no file ...no-such-file.safetensors
    """
    path, (loads, broken) = Path(path), _safetensors("load")
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path.absolute()}")
    try:
        return dict(sorted(loads(path.read_bytes()).items()))
    except broken as error:
        raise ValueError(
            f"{path} is not a whole safetensors file ({error}). If its download or copy broke "
            "off, get it again; a file of another format must be converted by what wrote it"
        ) from error
    except KeyError as error:  # what safetensors raises for a kind of number that NumPy lacks
        raise ValueError(
            f"{path} holds numbers of the kind {error}, which NumPy does not have. Convert them "
            "to float32 with what wrote the file"
        ) from error


def _arrays(state: Any) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays on the CPU, each in one piece of memory: safetensors takes no other."""
    if not isinstance(state, Mapping):
        raise TypeError(
            f"save takes a mapping of names to arrays, got {type(state).__name__}: "
            "write save(model.state_dict(), path)"
        )
    for name, value in state.items():
        if not (isinstance(name, str) and hasattr(value, "dtype") and hasattr(value, "shape")):
            raise TypeError(
                f"save takes a mapping of names to arrays, got {type(value).__name__} under "
                f"{name!r}"
            )
    return {name: np.asarray(to_numpy(value), order="C") for name, value in state.items()}


def _safetensors(function: str) -> tuple[Any, type[Exception]]:
    """Return a function of safetensors and the error that it raises."""
    try:
        import safetensors.numpy
    except ImportError as error:
        raise ImportError(
            "weights are kept in safetensors files, which need the package safetensors: "
            "pip install safetensors"
        ) from error
    return getattr(safetensors.numpy, function), safetensors.SafetensorError
