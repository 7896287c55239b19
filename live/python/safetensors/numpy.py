"""Arrays to bytes and back: the length of a JSON header, the header, the numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from . import SafetensorError

# From the narrow to the wide, in the order in which the files have them backwards.
KINDS = {
    "BOOL": "|b1", "U8": "<u1", "I8": "<i1", "I16": "<i2", "U16": "<u2", "F16": "<f2", "I32": "<i4",
    "U32": "<u4", "F32": "<f4", "F64": "<f8", "I64": "<i8", "U64": "<u8",
}  # fmt: skip
NAMES = {np.dtype(code): name for name, code in KINDS.items()}
RANKS = {np.dtype(code): rank for rank, code in enumerate(KINDS.values())}
EIGHT = 8


def save(tensors: dict[str, Any], metadata: dict[str, str] | None = None) -> bytes:
    """Write arrays: the widest kinds first, so that each begins where its numbers may begin."""
    for name, array in tensors.items():
        if array.dtype.newbyteorder("<") not in NAMES:
            raise SafetensorError(f"{name} has the type {array.dtype}")
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    parts, start = [], 0
    for name in sorted(tensors, key=lambda name: (-RANKS[tensors[name].dtype], name)):
        array = tensors[name].astype(tensors[name].dtype.newbyteorder("<"))
        part = array.tobytes()
        header[name] = {
            "dtype": NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [start, start + len(part)],
        }
        start += len(part)
        parts.append(part)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % EIGHT)
    return len(text).to_bytes(EIGHT, "little") + text + b"".join(parts)


def load(data: bytes) -> dict[str, Any]:
    """Read arrays."""
    size = int.from_bytes(data[:EIGHT], "little")
    if len(data) < EIGHT or EIGHT + size > len(data):
        raise SafetensorError("the header is not whole")
    try:
        header = json.loads(data[EIGHT : EIGHT + size])
    except ValueError as error:
        raise SafetensorError("the header is not JSON") from error
    numbers = data[EIGHT + size :]
    arrays = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = entry["data_offsets"]
        kind = np.dtype(KINDS[entry["dtype"]])
        if end > len(numbers) or end - start != kind.itemsize * int(np.prod(entry["shape"])):
            raise SafetensorError(f"the numbers of {name} are not whole")
        flat = np.frombuffer(numbers[start:end], kind)
        arrays[name] = flat.reshape(entry["shape"]).copy()
    return arrays


def save_file(tensors: dict[str, Any], filename: str, metadata: Any = None) -> None:
    """Write arrays to a file."""
    Path(filename).write_bytes(save(tensors, metadata))


def load_file(filename: str) -> dict[str, Any]:
    """Read the arrays of a file."""
    return load(Path(filename).read_bytes())
