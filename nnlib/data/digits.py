"""The handwritten digits that come with the library, so that a chapter needs no network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np


def load_digits() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return 1,797 handwritten digits of 8 x 8 pixels, from inside the package.

    Returns
    -------
    images : numpy.ndarray of float32
        The grey levels from 0, no ink, to 1. ``images[i].reshape(8, 8)`` is a picture.
    labels : numpy.ndarray of int64
        The digit that each image shows, 0 to 9.

    Notes
    -----
    Shape: images (1797, 64), labels (1797,). There are between 174 and 183 of each digit.

    References
    ----------
    E. Alpaydin and C. Kaynak (1998), "Optical Recognition of Handwritten Digits", UCI Machine
    Learning Repository, https://doi.org/10.24432/C50P49, licensed CC BY 4.0. The file
    ``digits.txt`` beside this one says what was changed.

    Examples
    --------
    >>> images, labels = load_digits()
    >>> images.shape, labels[:5]
    ((1797, 64), array([0, 1, 2, 3, 4]))
    """
    with np.load(Path(__file__).with_name("digits.npz")) as stored:
        images = np.divide(stored["images"], 16, dtype=np.float32)
        return images, stored["labels"].astype(np.int64)
