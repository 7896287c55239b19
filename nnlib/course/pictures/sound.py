"""A sound on the page: the browser's own player, with words for those who do not hear it."""

from __future__ import annotations

import io
import wave
from base64 import b64encode
from html import escape
from typing import Any

import numpy as np


class Sound:
    """A sound and its description.

    Parameters
    ----------
    wav : bytes
        A WAV file.
    alt : str
        What is to be heard.
    """

    def __init__(self, wav: bytes, alt: str) -> None:
        self.wav, self.alt = wav, alt

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        source = f"data:audio/wav;base64,{b64encode(self.wav).decode()}"
        player = (
            f'<audio controls preload="none" src="{source}" aria-label="{escape(self.alt)}" '
            'style="max-width:100%"></audio>'
        )
        return {"text/plain": self.alt, "text/html": player}


def sound(samples: Any, rate: int, *, alt: str) -> Sound:
    """Let the reader hear an array.

    Parameters
    ----------
    samples : array
        The pressure at each moment; the largest becomes as loud as a file can say.
    rate : int
        How many samples make a second.
    alt : str
        What is to be heard, in a sentence.

    Returns
    -------
    Sound
        A player in a notebook or on a page, the description as text. It never starts by itself.

    Examples
    --------
    >>> t = np.arange(4000) / 8000
    >>> sound(np.sin(2 * np.pi * 440 * t), 8000, alt="The note A, for half a second.")
    The note A, for half a second.
    """
    samples = np.asarray(samples, dtype=np.float64)
    if samples.ndim != 1 or not samples.size:
        raise ValueError(f"A sound is one row of samples; this has the shape {samples.shape}.")
    loudest = np.abs(samples).max() or 1.0
    eight_bits = np.round(127 + 120 * samples / loudest).astype(np.uint8)
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(1)
        wav.setframerate(rate)
        wav.writeframes(eight_bits.tobytes())
    return Sound(file.getvalue(), alt)
