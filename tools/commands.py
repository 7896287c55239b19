"""The commands: what each is called, what it does, and how its failures are told."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from tools import book, checks, environment, serving
from tools.console import ROOT, Failure, run, say, tail, verdict

CACHES = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache")


def setup(_: Sequence[str]) -> bool:
    """Make the environment .venv, if it is not there yet."""
    environment.ensure()
    return True


def serve(_: Sequence[str]) -> bool:
    """Build the book and open it in a browser (PORT=8001, OPEN=0)."""
    environment.ensure()
    with serving.open_server(book.SITE, os.environ.get("PORT") or None) as server:
        book.build()
        serving.serve(server)
    return True


def test(_: Sequence[str]) -> bool:
    """Run everything that proves the course: style, types, floors, tests, notebooks."""
    environment.ensure()
    return checks.run_steps(*checks.EVERYTHING)


def check(_: Sequence[str]) -> bool:
    """Run the fast part of the tests, in about a minute."""
    environment.ensure()
    return checks.run_steps(*checks.FAST)


def build_book(_: Sequence[str]) -> bool:
    """Build the book, every notebook executed, every warning an error."""
    environment.ensure()
    book.build()
    return True


def pdf(arguments: Sequence[str]) -> bool:
    """Build the book and print it with Chromium: a PDF for each chapter, one for the whole."""
    environment.ensure()
    book.build()
    return _inside("tools.pdf", arguments, {})


def test_site(_: Sequence[str]) -> bool:
    """Build the book and test its pages: links, pictures, no other host; live in a browser."""
    environment.ensure()
    book.build()
    return checks.run_steps(checks.SITE, checks.LIVE)


def test_torch(_: Sequence[str]) -> bool:
    """Compare nnlib with PyTorch, which must be installed in .venv."""
    environment.ensure()
    return checks.run_steps(checks.PARITY)


def notebooks(arguments: Sequence[str]) -> bool:
    """Execute the chapters again and write them in their normal form (--check: compare only)."""
    environment.ensure()
    return _inside("tools.notebooks", arguments, environment.for_notebooks(NNLIB_STATIC="1"))


def student(arguments: Sequence[str]) -> bool:
    """Write copies of the chapters without solutions, to hand out (--to FOLDER)."""
    environment.ensure()
    return _inside("tools.student", arguments, {})


def bench(arguments: Sequence[str]) -> bool:
    """Measure nnlib's speed beside other libraries."""
    environment.ensure()
    return _inside("benchmarks", arguments, {})


def clean(_: Sequence[str]) -> bool:
    """Remove the built book and all caches; .venv stays."""
    for path in [book.BUILD, *(ROOT / name for name in CACHES), *ROOT.glob("*/**/__pycache__")]:
        if ".venv" not in path.parts and path.exists():
            shutil.rmtree(path)
    return True


def lock(arguments: Sequence[str]) -> bool:
    """Write requirements.txt from requirements.in, with uv (--upgrade: the newest versions)."""
    uv = shutil.which("uv")
    if uv is None:
        raise Failure("the lock is made with uv, which is not on the PATH: pip install uv")
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--custom-compile-command", "make lock", *arguments]
    result = run("lock", [*command, "-o", "requirements.txt", "requirements.in"], timeout=600)
    if result.code:
        raise Failure(f"could not resolve requirements.in:\n{tail(result.output, 15)}")
    verdict("wrote requirements.txt", True, result.seconds)
    return True


def _inside(module: str, arguments: Sequence[str], env: Mapping[str, str]) -> bool:
    """Run a module in the environment, with its output on the screen."""
    command = [str(environment.python()), "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=False).returncode == 0


COMMANDS: dict[str, Callable[[Sequence[str]], bool]] = {
    "serve": serve,
    "test": test,
    "check": check,
    "book": build_book,
    "notebooks": notebooks,
    "student": student,
    "pdf": pdf,
    "test-site": test_site,
    "test-torch": test_torch,
    "bench": bench,
    "setup": setup,
    "lock": lock,
    "clean": clean,
}


def main(arguments: Sequence[str]) -> int:
    """Run the command named first; return the exit code."""
    name, *rest = arguments or ["help"]
    command = COMMANDS.get(name)
    if command is None:
        for known, function in COMMANDS.items():
            say(f"  {known:11} {(function.__doc__ or '').splitlines()[0]}")
        return 0 if name in ("help", "-h", "--help") else 2
    start = time.monotonic()
    try:
        good = command(rest)
    except Failure as failure:
        say(f"  NO  {failure}")
        return 1
    except KeyboardInterrupt:
        say("\n  stopped")
        return 130
    if name in ("test", "check"):
        say(f"\n  {'all good' if good else 'not good'}, {time.monotonic() - start:.0f} s")
    return 0 if good else 1
