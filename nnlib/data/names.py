"""The first names that come with the library, so that a chapter needs no network."""

from __future__ import annotations

from pathlib import Path


def load_common_names() -> list[str]:
    """Return 1,000 common first names in lower case, from inside the package.

    Returns
    -------
    list of str
        The names, commonest first, a girl's and a boy's in turn. None is there twice.

    See Also
    --------
    load_names : 32,033 names, in a file that is downloaded.

    References
    ----------
    United States Social Security Administration, names of the year 2018: a work of the government
    of the United States, in the public domain there. They are about the 515 most frequent names
    of either sex; a name that both have stands here once.

    Examples
    --------
    >>> load_common_names()[:4]
    ['emma', 'liam', 'olivia', 'noah']
    """
    return Path(__file__).with_name("common_names.txt").read_text(encoding="ascii").split()
