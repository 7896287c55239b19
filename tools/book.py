"""Build the book by executing every notebook; never show a page older than what it came from.

The execution cache of Jupyter Book knows the cells of a notebook and nothing else: after a change
in nnlib it would go on showing the old numbers. So two fingerprints are kept beside the build.
When the one over everything that notebooks run on changes, the build is removed and made anew;
when the one over the rest changes, every page is written anew and unchanged notebooks come from
the cache; when neither does, there is nothing to build.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools import copies, environment, lite, live
from tools.console import ROOT, Failure, run, say, tail, verdict

BUILD = ROOT / "_build"
SITE = BUILD / "html"
RAN_ON = BUILD / "ran-on"  # what the cached executions ran on
BUILT = BUILD / "built-from"  # what the finished site was built from: absent while one is built
TIME_LIMIT = 1800
PARTS = {
    live: "what makes a page live (downloaded once)",
    lite: "what opens a chapter as a notebook (downloaded once)",
}
MACHINERY = ("nnlib", "tools", "_config.yml", "requirements.txt", "pyproject.toml")
PAGES = ("chapters", "live", "_toc.yml", "tests/equations.toml", "benchmarks/measured")
EVERYTHING = (*MACHINERY, *PAGES)
IGNORED = {"__pycache__", ".ipynb_checkpoints"}
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def build() -> None:
    """Build the book, warnings as errors; do nothing when it is already what it would be."""
    machinery = fingerprint(MACHINERY)
    if _read(RAN_ON) != machinery:
        if RAN_ON.exists():
            say("  ..  the library or the tools changed: building the book anew")
        if BUILD.exists():
            shutil.rmtree(BUILD)
        BUILD.mkdir()
        RAN_ON.write_text(machinery, encoding="utf-8")
    repository = copies.repository()  # one that is none is told before anything is built
    assemble_live()
    if is_current():
        verdict("the book is up to date", True, 0.0)
        return
    everything = _all()
    BUILT.unlink(missing_ok=True)
    shutil.rmtree(SITE, ignore_errors=True)  # a page that is no longer in the book
    result = run(
        "building the book (every new or changed notebook is executed)",
        [environment.script("jupyter-book"), "build", ".", "--all", "-W", "-n", "--keep-going"],
        env=environment.for_notebooks(
            NNLIB_STATIC="1",
            NNLIB_LIVE=live.current(),
            NNLIB_LITE=lite.current(),
            NNLIB_REPOSITORY=repository,
        ),
        timeout=TIME_LIMIT,
    )
    if result.code or not (SITE / "index.html").exists():
        raise Failure(explain(result.output))
    for part in PARTS:
        shutil.rmtree(SITE / part.TARGET.name, ignore_errors=True)
        if part.current():
            shutil.copytree(part.TARGET, SITE / part.TARGET.name)
    BUILT.write_text(everything, encoding="utf-8")
    verdict("built the book", True, result.seconds, "no warnings")


def assemble_live() -> None:
    """Put together what makes a page live, and what opens it as a notebook.

    Where one of them cannot be had, say so and do without: the notebooks need the live pages.
    """
    for part, title in PARTS.items():
        if os.environ.get("NNLIB_LIVE") == "0":
            shutil.rmtree(part.TARGET, ignore_errors=True)
            continue
        command = [str(environment.python()), "-m", part.__name__]
        result = run(title, command, timeout=900)
        if result.code == live.CANNOT:
            shutil.rmtree(part.TARGET, ignore_errors=True)
            say(result.output.rstrip())
        elif result.code:
            raise Failure(f"{title}: not put together\n{tail(result.output, 25)}")


def is_current() -> bool:
    """Whether a finished site is there that was built from what the project is now."""
    return (SITE / "index.html").exists() and _read(BUILT) == _all()


def _all() -> str:
    """Return a digest of everything that a site is built from, the live runtime included."""
    said = [os.environ.get(name, "") for name in ("NNLIB_ADDRESS", "NNLIB_REPOSITORY")]
    parts = (fingerprint(EVERYTHING), live.current(), lite.current(), *said)
    return " ".join(filter(None, parts))


def fingerprint(parts: Iterable[str]) -> str:
    """Return a digest of the names and contents of all files under these parts of the project."""
    said = environment.stamp() + os.environ.get("NNLIB_SOLUTIONS", "")
    digest = hashlib.sha256(said.encode())
    for path in sorted(_files(parts)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(ROOT).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _files(parts: Iterable[str]) -> Iterator[Path]:
    for part in parts:
        place = ROOT / part
        for path in [place] if place.is_file() else place.rglob("*"):
            if path.is_file() and not IGNORED.intersection(path.parts):
                yield path


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def explain(log: str) -> str:
    """Say which notebook and cell failed and how it ended, or which warnings stopped the build."""
    log = ANSI.sub("", log).replace(f"{ROOT}{os.sep}", "")
    notebook = re.search(r"\bExecutionError: (.+)", log)
    cause = re.search(r"nbclient\.exceptions\.\w+: (.*?)\n\nThe above exception", log, re.DOTALL)
    if notebook and cause:
        return f"the book was not built: {notebook[1]} failed\n{tail(cause[1], 40)}"
    warnings = [line for line in log.splitlines() if re.search(r"\b(WARNING|ERROR): ", line)]
    if warnings:
        listed = "\n".join("      " + line for line in dict.fromkeys(warnings))
        return f"the book was not built: Sphinx warned, and a warning is an error here\n{listed}"
    return f"the book was not built; its log ends with\n{tail(log, 25)}"
