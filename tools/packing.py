"""Wheels: the same bytes from the same files."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

LONG_AGO = (1980, 1, 1, 0, 0, 0)
SHRINKS = (".js", ".mjs", ".json", ".wasm", ".css", ".html", ".svg", ".ipynb", ".txt")


@dataclass
class Wheel:
    """A package as one file, and what it needs."""

    name: str
    version: str
    file: str
    content: bytes
    needs: list[str] = field(default_factory=list)

    @cached_property
    def imports(self) -> list[str]:
        """The names that it can be imported by."""
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            files = [name for name in archive.namelist() if name.endswith((".py", ".so"))]
        return sorted({name.split("/")[0].split(".")[0] for name in files})


def pack(name: str, version: str, files: Mapping[str, bytes]) -> Wheel:
    """Make a wheel."""
    stem = f"{name.replace('-', '_')}-{version}"
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    kind = "Wheel-Version: 1.0\nGenerator: live\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    everything = {
        **files,
        f"{stem}.dist-info/METADATA": about.encode(),
        f"{stem}.dist-info/WHEEL": kind.encode(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, content in sorted(everything.items()):
            entry = zipfile.ZipInfo(path, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return Wheel(name, version, f"{stem}-py3-none-any.whl", buffer.getvalue())


def on_the_wire(name: str, content: bytes) -> int:
    """Count the bytes that a server sends which compresses what can be."""
    return len(gzip.compress(content, 6)) if name.endswith(SHRINKS) else len(content)
