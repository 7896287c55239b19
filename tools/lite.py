"""Put together what "Open as a notebook" opens: JupyterLite with the chapters, served as files.

`python -m tools.lite` writes it to `_build/lite`. It is the app as its wheel has it, unpacked, and
five files of settings and lists that its server would answer with. The wheel is pinned with its
checksum in live/runtime.toml; the controls of ipywidgets are those of .venv. A kernel is not
downloaded: live/notebook.js gives the notebooks the Python of the live pages, from the same folder,
so that a reader who has made a page live has loaded it already.

It needs what tools/live.py has put together. Where it cannot be had, the book is built without it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import json
import os
import shutil
import tarfile
import time
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from tools import copies, live
from tools.console import ROOT, Failure, leave

TARGET = ROOT / "_build" / "lite"
NAME = "jupyterlite-core"
KERNEL = "line-kernel"
CONTROLS = "@jupyter-widgets/jupyterlab-manager"
EXTENSIONS = "share/jupyter/labextensions/"
OFF = [
    # what a cell writes to a file stays with its Python: nothing needs a worker to bring it here
    "@jupyterlite/application-extension:service-worker-manager",
    # would draw icons that only a server of Jupyter has
    "@jupyter-notebook/notebook-extension:tab-icon",
]
LOOK = {
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},  # as the reader's system is
    # all cells are on the page, so that a browser's search finds what is in them
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}


def assemble() -> str:
    """Write the app, its settings and the notebooks; return their version."""
    pin = tomllib.loads((live.SOURCE / "runtime.toml").read_text("utf-8"))["notebook"][NAME]
    runtime = live.current()
    if not runtime:
        raise live.Unavailable("its Python is that of the live pages, and they are not there")
    wanted = _fingerprint(runtime)
    if current() == wanted:
        return wanted
    fresh = TARGET.with_name(f"{TARGET.name}.part")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _unpack(live.from_index(NAME, pin).content, pin["leave"], fresh)
    _configure(fresh, [_kernel(fresh, runtime), _controls(fresh)])
    _answer(fresh)
    (fresh / live.VERSION).write_text(wanted)
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)
    return wanted


def current() -> str:
    """Return the version of what was put together, or nothing."""
    file = TARGET / live.VERSION
    return file.read_text() if file.exists() else ""


def _fingerprint(runtime: str) -> str:
    digest = hashlib.sha256(runtime.encode())  # which knows live/ and the packages of .venv
    for path in [Path(__file__), Path(copies.__file__), *copies.chapters()]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _unpack(wheel: bytes, leave: Sequence[str], target: Path) -> None:
    """Unpack the app from the archive inside the wheel, without what a reader never loads."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as outer:
        inner = next(name for name in outer.namelist() if name.endswith(".tgz"))
        licence = next(name for name in outer.namelist() if "LICENSE" in name)
        (target / "LICENSE").write_bytes(outer.read(licence))
        with tarfile.open(fileobj=io.BytesIO(outer.read(inner))) as archive:
            for member in archive:
                name = member.name.removeprefix("package/")
                if not member.isfile() or any(fnmatch(name, each) for each in leave):
                    continue
                content = archive.extractfile(member)
                place = target / name
                if content is None or target.resolve() not in place.resolve().parents:
                    raise Failure(f"{NAME} holds a file that is not to be unpacked: {name}")
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content.read())


def _kernel(target: Path, runtime: str) -> dict[str, str]:
    """Write the script that JupyterLite gets our kernel from."""
    folder = target / "extensions" / KERNEL
    folder.mkdir(parents=True)
    script = (live.SOURCE / "remote.js").read_text(encoding="utf-8")
    name = f"remote.{runtime}.js"
    (folder / name).write_text(script.replace("LITE_VERSION", runtime), encoding="utf-8")
    return {"name": KERNEL, "load": name, "extension": "./extension"}


def _controls(target: Path) -> dict[str, str]:
    """Copy the controls of ipywidgets from .venv, where ipywidgets brought them."""
    folder = target / "extensions" / CONTROLS
    for path in importlib.metadata.distribution("jupyterlab-widgets").files or ():
        _, found, name = path.as_posix().partition(f"{EXTENSIONS}{CONTROLS}/")
        if path.name == "LICENSE":
            found, name = "it", path.name
        if found and not name.endswith((".map", ".orig", "install.json")):
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(str(path.locate())), place)
    if not (folder / "package.json").exists():
        raise Failure("the package jupyterlab-widgets in .venv has no controls for notebooks")
    package = json.loads((folder / "package.json").read_text("utf-8"))
    schemas = [
        {
            "id": f"{CONTROLS}:{path.stem}",
            "raw": "{}",
            "schema": json.loads(path.read_text(encoding="utf-8")),
            "settings": {},
            "version": package["version"],
        }
        for path in sorted(folder.glob("schemas/**/*.json"))
    ]
    _write(schemas, target / "build" / "schemas" / "all_federated.json")
    return {"name": CONTROLS, **package["jupyterlab"]["_build"]}


def _configure(target: Path, extensions: Sequence[Mapping[str, str]]) -> None:
    """Tell the app what it consists of."""
    for page in target.glob("*/index.html"):  # before they know their icon they would ask the host
        text = page.read_text(encoding="utf-8")
        icon = '<head>\n    <link rel="icon" href="favicon.ico">'
        page.write_text(text.replace("<head>", icon, 1), encoding="utf-8")
    file = target / "jupyter-lite.json"
    settings = json.loads(file.read_text(encoding="utf-8"))
    settings["jupyter-config-data"] |= {
        "appName": "Neural Networks, Line by Line",
        "appUrl": "./tree",
        "contentsAllJsonFile": "all.json",
        "defaultKernelName": "python3",
        "faviconUrl": "./tree/favicon.ico",
        "federated_extensions": extensions,
        "disabledExtensions": OFF,
        "settingsOverrides": LOOK,
    }
    _write(settings, file)


def _answer(target: Path) -> None:
    """Write the chapters, and what a server would answer: which there are, in which languages."""
    languages = {"en": {"displayName": "English", "nativeName": "English"}}
    _write({"data": languages, "message": ""}, target / "api" / "translations" / "all.json")
    _write({"data": {}, "message": ""}, target / "api" / "translations" / "en.json")
    (target / "files").mkdir()
    day = f"{datetime.fromtimestamp(_epoch(), UTC):%Y-%m-%dT%H:%M:%SZ}"
    listed: list[dict[str, Any]] = []
    for path in copies.chapters():
        place = target / "files" / path.name
        copies.write(copies.folded(path), place)
        listed.append(_entry(path.name, "notebook", day, size=place.stat().st_size))
    root = {**_entry("", "directory", day), "content": listed, "format": "json"}
    _write(root, target / "api" / "contents" / "all.json")


def _write(content: Any, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _epoch() -> float:
    return float(os.environ.get("SOURCE_DATE_EPOCH") or time.time())


def _entry(name: str, kind: str, day: str, size: int | None = None) -> dict[str, Any]:
    """Describe a file or a folder in the way of Jupyter's server."""
    empty = dict.fromkeys(("content", "format", "mimetype"))
    times = {"created": day, "last_modified": day}
    return (
        {"name": name, "path": name, "type": kind, "size": size, "writable": True} | times | empty
    )


def main() -> int:
    """Put it together."""
    without = "chapters will not open as notebooks in the browser"
    return live.put_together(assemble, TARGET, "notebooks", without)


if __name__ == "__main__":
    leave(main)
