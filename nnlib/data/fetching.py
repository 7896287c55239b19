"""Getting a file that others publish, and knowing that it is the right one.

A folder of one's own comes first (the environment variable ``NNLIB_DATA``), then the cache, then
the file's addresses in turn. A file counts only if its checksum is right. `pooch` keeps the cache
and checks what is in it; what this module adds is a download that goes on where it broke off.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import os
import textwrap
import warnings
import zlib
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit


@dataclass(frozen=True)
class RemoteFile:
    """A published file: what it is called, where it is, how to know it.

    Attributes
    ----------
    names : tuple of str
        What it may be called in a folder of one's own. The first is its name in the cache.
    urls : tuple of str
        Its addresses, in the order in which they are tried.
    digest : str
        The checksum of what the addresses send, ``"md5:..."`` or ``"sha256:..."``.
    content : str
        The checksum of the file uncompressed, where it is known. With it a file is recognised
        that was unpacked, or packed again.
    """

    names: tuple[str, ...]
    urls: tuple[str, ...]
    digest: str
    content: str = ""


def fetch(*files: RemoteFile) -> list[bytes]:
    """Return the content of each file, checked and uncompressed.

    Parameters
    ----------
    *files : RemoteFile
        The files of one data set.

    Returns
    -------
    list of bytes
        Their contents.

    Raises
    ------
    FileNotFoundError
        If a file is in none of the places. The message names every file, its addresses, and the
        folder to put it in.
    ImportError
        If a file must be downloaded and pooch is not installed.
    """
    contents = []
    for file in files:
        content = _from_own_folder(file)
        if content is None:
            content, failures = _from_cache_or_network(file)
        if content is None:
            raise FileNotFoundError(_way_out(file, files, failures))
        contents.append(content)
    return contents


def _own_folder() -> Path | None:
    """Return the folder that ``NNLIB_DATA`` names, or None where it is not set."""
    name = os.environ.get("NNLIB_DATA")
    if not name:
        return None
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise FileNotFoundError(f"the environment variable NNLIB_DATA names no folder: {name!r}")
    return folder


def _from_own_folder(file: RemoteFile) -> bytes | None:
    folder = _own_folder()
    if folder is None:
        return None
    paths = [folder / name for name in file.names if (folder / name).is_file()]
    for path in paths:
        content = _checked(file, path.read_bytes())
        if content is not None:
            return content
    if paths:
        warnings.warn(
            f"NNLIB_DATA: the content of {', '.join(map(str, paths))} is not that of "
            f"{file.names[0]}. It is damaged, or of another data set, and was left aside",
            stacklevel=5,
        )
    return None


def _checked(file: RemoteFile, found: bytes) -> bytes | None:
    """Return the content of a file that was found, or None if it is not the right one."""
    try:
        content = _uncompressed(found)
    except (OSError, EOFError, zlib.error):  # what gzip raises for a damaged file
        return None
    right = _has_digest(found, file.digest) or _has_digest(content, file.content)
    return content if right else None


def _has_digest(content: bytes, digest: str) -> bool:
    algorithm, _, expected = digest.partition(":")
    if not expected:
        return False
    return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest() == expected


def _uncompressed(content: bytes) -> bytes:
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def _from_cache_or_network(file: RemoteFile) -> tuple[bytes | None, list[str]]:
    """Return the content, or None and for each address what went wrong there."""
    try:
        import pooch
    except ImportError as error:
        raise ImportError(
            f"{file.names[0]} must be downloaded, and downloads need pooch: pip install pooch. "
            "Or set the environment variable NNLIB_DATA to a folder that holds the file"
        ) from error
    cache = Path(pooch.os_cache("nnlib"))
    failures: list[str] = []
    for url in file.urls:
        try:
            path = pooch.retrieve(
                url,
                known_hash=file.digest,
                fname=file.names[0],
                path=cache,
                downloader=functools.partial(_download, cache / f"{file.names[0]}.part"),
            )
            return _uncompressed(Path(path).read_bytes()), failures
        except (OSError, ValueError) as error:  # no connection or a full disk; a wrong checksum
            failures.append(f"{urlsplit(url).netloc}: {_reason(error)}")
    return None, failures


def _download(part: Path, url: str, output_file: str, pooch: Any) -> None:  # noqa: ARG001
    """Download to `part`, then move it to where pooch wants it; pooch passes the last three.

    What arrived before a connection broke stays in `part`, and the next try asks for the rest.
    There is a next try as long as the last one brought something.
    """
    import requests
    import urllib3

    while True:
        before = _size(part)
        try:
            _download_rest(url, part)
            break
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            if _size(part) <= before:
                raise OSError(str(error)) from error
    part.replace(output_file)


def _download_rest(url: str, part: Path) -> None:
    """Ask for the bytes that `part` lacks; a server that cannot send a rest sends everything."""
    import requests

    have = _size(part)
    # identity: a server that compresses on the way would count other bytes than the file's
    headers = {"Accept-Encoding": "identity", "Range": f"bytes={have}-"}
    with requests.get(url, headers=headers, stream=True, timeout=30) as answer:
        if answer.status_code == requests.codes.range_not_satisfiable:
            return  # nothing is missing, or too much is there: the checksum will tell
        answer.raise_for_status()
        rest = answer.status_code == requests.codes.partial_content
        missing = int(answer.headers.get("Content-Length", 0))
        with (
            part.open("ab" if rest else "wb") as file,
            _with_bar(file, name=part.stem, have=have if rest else 0, missing=missing) as sink,
        ):
            for chunk in answer.raw.stream(1 << 16, decode_content=False):
                sink.write(chunk)


def _with_bar(
    file: BinaryIO, *, name: str, have: int, missing: int
) -> AbstractContextManager[BinaryIO]:
    """Show a progress bar for what is written to a file, if tqdm is installed."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return nullcontext(file)
    if os.environ.get("TQDM_DISABLE"):  # tqdm's bar for notebooks does not look at it itself
        return nullcontext(file)
    bar: AbstractContextManager[BinaryIO] = tqdm.wrapattr(
        file, "write", total=have + missing or None, initial=have, desc=name
    )
    return bar


def _reason(error: BaseException) -> str:
    """Return what started it all: errors of the network come wrapped several times."""
    while error.__context__ is not None:
        error = error.__context__
    return textwrap.shorten(str(error), 160) or type(error).__name__


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _way_out(missing: RemoteFile, files: tuple[RemoteFile, ...], failures: list[str]) -> str:
    folder = _own_folder()
    where = f"the folder {folder}" if folder else "a folder of yours"
    how = "which NNLIB_DATA names" if folder else "and set the variable NNLIB_DATA to it"
    lines = [f"{missing.names[0]} is not here and could not be downloaded:"]
    lines += [f"  {failure}" for failure in failures]
    lines += [f"Try again when there is a network. Or put these files into {where}, {how}:"]
    for file in files:
        lines += [f"  {file.names[0]}, from", *(f"    {url}" for url in file.urls)]
    return "\n".join([*lines, "They may keep the names that they have at these addresses."])
