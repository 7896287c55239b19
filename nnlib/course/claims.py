"""Claims: no number in the prose without a cell that computes it."""

from __future__ import annotations


def claim(text: str, truth: object) -> None:
    """Hold a piece of prose to what was computed.

    Parameters
    ----------
    text : str
        A fragment of the chapter, word for word; a test compares the two.
    truth : object
        Whether the fragment is true, from the chapter's own variables.

    Raises
    ------
    AssertionError
        If it is not, with the fragment.

    Examples
    --------
    >>> claim("two and two make 4", 2 + 2 == 4)
    """
    if not truth:
        raise AssertionError(f"The chapter says {text!r}, and that is not what was computed.")
