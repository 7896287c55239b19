"""Put together what makes a page live: Python for the browser, its packages, the page's scripts.

`python -m tools.live` writes all of it to `_build/live`, to be served beside the pages. Everything
that is downloaded is pinned with a checksum (live/package-lock.json, live/runtime.toml, the lock
that Pyodide itself brings) and kept in the user's cache folder, so that it is downloaded once. The
pure Python packages are those of .venv. Where Node or the network is missing, `assemble` raises
Unavailable, and the book is built without the button.

A runtime stands in a folder that is called after a digest of its content: a browser never mixes
two of them, and may keep the files for ever.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from tools import copies, packing
from tools.console import ROOT, Failure, leave, run, say, tail, verdict

SOURCE = ROOT / "live"
TARGET = ROOT / "_build" / "live"
VERSION = "version"  # the file that says what was assembled
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
LICENCES = ("LICENSE*", "LICENCE*", "COPYING*", "NOTICE*")
CANNOT = 3  # the exit code that says: the book is to be built without
PATIENCE = 60  # seconds without a byte


class Unavailable(Failure):
    """Something that live pages are made of cannot be had here; its text says what."""


def cache() -> Path:
    """Return the folder where downloads are kept, away from the project."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "nnlib-live"


def assemble() -> str:
    """Write the runtime and the scripts; return their version. Do nothing where that is done."""
    settings = tomllib.loads((SOURCE / "runtime.toml").read_text(encoding="utf-8"))
    wanted = _fingerprint()
    if (TARGET / VERSION).exists() and (TARGET / VERSION).read_text().split()[1:] == [wanted]:
        return current()
    modules = node_modules()
    packages = _packages(settings, modules / "pyodide")
    fresh = TARGET.with_name(f"{TARGET.name}.part")
    shutil.rmtree(fresh, ignore_errors=True)
    runtime = fresh / "runtime"
    runtime.mkdir(parents=True)
    for name in CORE:
        shutil.copy2(modules / "pyodide" / name, runtime / name)
    _write_lock(packages, json.loads((modules / "pyodide" / LOCK).read_bytes())["info"], runtime)
    digest = hashlib.sha256()
    for path in sorted(runtime.iterdir()):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    runtime = runtime.rename(fresh / f"py-{digest.hexdigest()[:12]}")
    _bundle(modules, runtime, settings["start"]["packages"], packages)
    _write_licences(modules, fresh)
    version = hashlib.sha256((runtime.name + wanted).encode()).hexdigest()[:12]
    (fresh / VERSION).write_text(f"{version} {wanted}\n")
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)
    return version


def current() -> str:
    """Return the version of what was assembled, or nothing."""
    file = TARGET / VERSION
    return file.read_text().split()[0] if file.exists() else ""


def _fingerprint() -> str:
    """Digest all that goes in: our sources, the locks, which wheels are used."""
    digest = hashlib.sha256(os.environ.get("NNLIB_WASM", "").encode())
    named = [ROOT / "requirements.txt", ROOT / "tools" / "live.py", ROOT / "tools" / "packing.py"]
    for path in sorted([*named, *_files(SOURCE), *_files(ROOT / "nnlib")]):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


# --- What comes from npm -------------------------------------------------------------------------


def node_modules(*, tests: bool = False) -> Path:
    """Install what live/package-lock.json names, once for each lock; return the folder.

    What only the tests of the pages need is left out, if it is not asked for: readers wait for it.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise Unavailable("Node.js with npm is not on the PATH")
    lock = (SOURCE / "package-lock.json").read_bytes()
    kind = "-tests" if tests else ""
    place = cache() / f"npm-{hashlib.sha256(lock).hexdigest()[:12]}-{sys.platform}{kind}"
    if (place / "complete").exists():
        return place / "node_modules"
    place.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy2(SOURCE / name, place / name)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    options += [] if tests else ["--omit=dev"]
    result = run("the page's tools (npm ci)", [npm, "ci", *options], timeout=300, cwd=place)
    if result.code:
        raise Unavailable(f"npm could not install what the pages need:\n{tail(result.output, 6)}")
    (place / "complete").touch()
    return place / "node_modules"


def _bundle(
    modules: Path, runtime: Path, start: Sequence[str], packages: Mapping[str, packing.Wheel]
) -> None:
    """Turn our scripts and the editor into what a browser loads: page, session, worker."""
    loaded = _closure(start, packages)
    files = [runtime / name for name in (*CORE, LOCK)]
    unpacked = sum(path.stat().st_size for path in files)
    unpacked += sum(len(packages[name].content) for name in loaded)
    sent = sum(packing.on_the_wire(path.name, path.read_bytes()) for path in files)
    sent += sum(len(packages[name].content) for name in loaded)
    fresh = runtime.parent
    work = fresh / "source"
    shutil.copytree(SOURCE, work, ignore=shutil.ignore_patterns("python", "*.json", "*.toml"))
    worker = (
        (work / "worker.js").read_text(encoding="utf-8").replace("RUNTIME", f"./{runtime.name}")
    )
    (work / "worker.js").write_text(worker, encoding="utf-8")
    result = run(
        "the page's scripts (esbuild)",
        [
            *("node", modules / "esbuild" / "bin" / "esbuild"),
            *("page.js", "progress-page.js", "notebook.js", "worker.js", "page.css"),
            *("--bundle", "--splitting", "--format=esm", "--minify", "--target=es2022"),
            *("--legal-comments=none", "--chunk-names=part-[hash]", "--log-level=warning"),
            *(f"--external:./{runtime.name}/*", f"--outdir={fresh}"),
            *(f"--define:LIVE_SIZE={round(sent / 1e6)}", f"--define:LIVE_BYTES={unpacked}"),
            f"--define:LIVE_PACKAGES={json.dumps(start)}",
            f"--define:LIVE_VERSION={json.dumps(runtime.name)}",
            f"--define:LIVE_CHECKS={json.dumps(copies.CHECKS)}",
        ],
        env={"NODE_PATH": str(modules)},
        timeout=120,
        cwd=work,
    )
    if result.code:
        raise Failure(f"the page's scripts could not be bundled:\n{tail(result.output, 20)}")
    shutil.rmtree(work)


def _write_licences(modules: Path, target: Path) -> None:
    """Keep the licence of everything from npm beside it; wheels carry their own."""
    texts = []
    for package in sorted({path.parent for path in modules.rglob("package.json")}):
        for pattern in LICENCES:
            for file in sorted(package.glob(pattern)):
                name = package.relative_to(modules).as_posix()
                texts.append(f"{name}\n\n{file.read_text(encoding='utf-8', errors='replace')}")
    (target / "licences.txt").write_text("\n\n---\n\n".join(texts), encoding="utf-8")


# --- What Python is made of ----------------------------------------------------------------------


def _packages(settings: Mapping[str, Any], core: Path) -> dict[str, packing.Wheel]:
    """Gather every package as a wheel, by name."""
    needs = settings["needs"]
    official = json.loads((core / LOCK).read_bytes())["packages"]
    wheels = {
        name: _wasm(name, official[name], settings["index"].get(name), core)
        for name in settings["wasm"]
    }
    for name, chosen in settings["pure"].items():
        wheels[name] = _pure(name, chosen)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    wheels["nnlib"] = packing.pack("nnlib", version, _tree(ROOT, "nnlib"))
    wheels["line-kernel"] = packing.pack("line-kernel", version, _tree(SOURCE / "python", "."))
    for name, wheel in wheels.items():
        wheel.needs = needs.get(name, settings["pure"].get(name, {}).get("needs", []))
    return wheels


def _tree(root: Path, part: str) -> dict[str, bytes]:
    files = (path for path in _files(root / part) if path.suffix != ".pyc")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def _pure(name: str, chosen: Mapping[str, Any]) -> packing.Wheel:
    """Pack a package of .venv, without what a page does not import."""
    distribution = importlib.metadata.distribution(name)
    files = {}
    for path in distribution.files or ():
        arc = path.as_posix()
        licence = ".dist-info/" in arc and any(fnmatch(path.name, each) for each in LICENCES)
        code = ".dist-info/" not in arc and not arc.startswith("..") and "__pycache__" not in arc
        kept = not chosen.get("keep") or arc in chosen["keep"]
        left = any(fnmatch(arc, each) for each in chosen.get("leave", ()))
        if licence or (code and kept and not left):
            files[arc] = Path(str(path.locate())).read_bytes()
    return packing.pack(name, distribution.version, files)


def _wasm(
    name: str, official: Mapping[str, str], index: Mapping[str, str] | None, core: Path
) -> packing.Wheel:
    """Take a wheel for WebAssembly from the folder at hand, or as Pyodide's lock names it."""
    folder = os.environ.get("NNLIB_WASM")
    if not folder:
        content = _official(official["file_name"], official["sha256"], core)
        return packing.Wheel(name, official["version"], official["file_name"], content)
    place = Path(folder)
    found = sorted(place.glob(f"{name}-*.whl"))
    if found:
        lines = [line.split() for line in (place / "SHA256SUMS").read_text("utf-8").splitlines()]
        sums = {name: sha256 for sha256, name in lines}
        content = found[0].read_bytes()
        if hashlib.sha256(content).hexdigest() != sums.get(found[0].name):
            raise Failure(f"{found[0].name} is not what its checksum says")
        return packing.Wheel(name, found[0].name.split("-")[1], found[0].name, content)
    if index is None:
        raise Unavailable(f"NNLIB_WASM holds no wheel of {name}")
    return from_index(name, index)


def _official(file: str, sha256: str, core: Path) -> bytes:
    """Download one of Pyodide's own wheels from where the package itself looks for them."""
    kept = cache() / "wheels" / sha256 / file
    if kept.exists():
        return kept.read_bytes()
    script = (core / "pyodide.mjs").read_text(encoding="utf-8")
    found = re.search(r"https://[^\"'`]+/v\$\{\w+\}/full/", script)
    version = json.loads((core / "package.json").read_bytes())["version"]
    if found is None:
        raise Failure("Pyodide no longer says where its packages are")
    address = re.sub(r"\$\{\w+\}", version, found[0]) + file
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            content: bytes = answer.read()
    except (urllib.error.URLError, OSError) as error:
        raise Unavailable(f"{file} could not be downloaded ({error})") from None
    return _keep(content, sha256, kept)


def from_index(name: str, pin: Mapping[str, str]) -> packing.Wheel:
    """Download a wheel with pip, which knows the package index that this machine uses."""
    folder = cache() / "wheels" / pin["sha256"]
    if not list(folder.glob("*.whl")):
        asked = ["--no-deps", "--only-binary=:all:", "--implementation", "cp"]
        asked += ["--platform", pin["platform"], "--python-version", pin["python"]]
        part = folder.with_name(f"{folder.name}.part")
        command = [*_pip(), "download", "--quiet", "--disable-pip-version-check", *asked]
        wanted = f"{name}=={pin['version']}"
        result = run(f"downloading {name}", [*command, "-d", str(part), wanted], timeout=300)
        found = sorted(part.glob("*.whl"))
        if result.code or not found:
            raise Unavailable(f"{wanted} could not be downloaded:\n{tail(result.output, 4)}")
        _keep(found[0].read_bytes(), pin["sha256"], folder / found[0].name)
        shutil.rmtree(part)
    file = next(folder.glob("*.whl"))
    return packing.Wheel(name, pin["version"], file.name, file.read_bytes())


def _keep(content: bytes, sha256: str, place: Path) -> bytes:
    """Check what was downloaded, and put it into the cache."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Failure(f"{place.name} was downloaded and is not what its checksum says")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return content


def _pip() -> list[str]:
    """Find a pip: in this environment, beside the Python it was made from, or put one there."""
    for python in (sys.executable, str(getattr(sys, "_base_executable", sys.executable))):
        if run("pip", [python, "-m", "pip", "--version"], timeout=60).code == 0:
            return [python, "-m", "pip"]
    run("pip", [sys.executable, "-m", "ensurepip"], timeout=300)
    return [sys.executable, "-m", "pip"]


def _closure(names: Sequence[str], packages: Mapping[str, packing.Wheel]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += packages[name].needs
    return found


def _write_lock(
    packages: Mapping[str, packing.Wheel], info: Mapping[str, str], runtime: Path
) -> None:
    """Write the wheels and the closed list of them that Pyodide goes by."""
    entries = {}
    for name, wheel in sorted(packages.items()):
        (runtime / wheel.file).write_bytes(wheel.content)
        entries[name] = {
            "name": name,
            "version": wheel.version,
            "file_name": wheel.file,
            "install_dir": "site",
            "sha256": hashlib.sha256(wheel.content).hexdigest(),
            "package_type": "package",
            "imports": wheel.imports,
            "depends": list(wheel.needs),
            "unvendored_tests": False,
        }
    text = json.dumps({"info": info, "packages": entries}, indent=1)
    (runtime / LOCK).write_text(text, encoding="utf-8")


def put_together(assemble: Callable[[], str], target: Path, what: str, without: str) -> int:
    """Assemble a part of the site and say how large it became, or that the site does without."""
    start = time.monotonic()
    try:
        version = assemble()
    except Unavailable as reason:
        say(f"  --  {without}: {reason}")
        return CANNOT
    size = sum(path.stat().st_size for path in _files(target)) / 1e6
    verdict(f"{what}, version {version}", True, time.monotonic() - start, f"{size:.1f} MB")
    return 0


def main() -> int:
    """Assemble what makes a page live."""
    return put_together(
        assemble, TARGET, "live pages", "pages will have no button to make them live"
    )


if __name__ == "__main__":
    leave(main)
