"""The environment in `.venv`: made once, from the lock, and stamped with what it was made from."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tools.console import ROOT, Failure, run, say, tail, verdict

VENV = ROOT / ".venv"
STAMP = VENV / "ready"
OFFLINE_SIGNS = (
    "name resolution",
    "failed to establish a new connection",
    "dns error",
    "could not resolve",
    "error sending request",
    "network is unreachable",
    "connection refused",
    "getaddrinfo failed",
    "client error (connect)",
    "(from versions: none)",
)


def python() -> Path:
    """Return the environment's interpreter, wherever this system puts it."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def script(name: str) -> Path:
    """Return a command that a package installed into the environment."""
    return python().with_name(name + (".exe" if os.name == "nt" else ""))


def stamp() -> str:
    """Say what the environment is made from; when this changes, it is made again."""
    digest = hashlib.sha256()
    for name in ("requirements.txt", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes().replace(b"\r\n", b"\n"))
    return f"python {_version(sys.version_info)}\n{ROOT}\n{digest.hexdigest()}\n"


def ensure() -> None:
    """Make `.venv` fit the lock; do nothing when it does already."""
    if python().exists() and _read(STAMP) == stamp():
        return
    start = time.monotonic()
    say("Setting up .venv (once; some 130 packages)")
    if VENV.exists() and not _usable():
        say("  ..  removing a .venv that is half made, moved, or of another Python")
        shutil.rmtree(VENV)
    STAMP.unlink(missing_ok=True)
    uv = shutil.which("uv")
    if not VENV.exists():
        _create(uv)
    pip = _installer(uv)
    _install("packages", [*pip, "--require-hashes", "-r", "requirements.txt"])
    _install("nnlib", [*pip, "--no-deps", "--no-build-isolation", "-e", "."])
    # matplotlib lists the fonts of this machine once, and says so: not in a chapter's output
    run("listing the fonts", [python(), "-c", "import matplotlib.font_manager"], timeout=300)
    STAMP.write_text(stamp(), encoding="utf-8")
    verdict("environment ready", True, time.monotonic() - start)


def _version(info: tuple[object, ...]) -> str:
    return ".".join(str(part) for part in info[:2])


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _usable() -> bool:
    """Whether `.venv` was made here and its interpreter starts and is of the version running this.

    One that was moved is not: the commands in it still name the old place.
    """
    made = _read(STAMP)
    if made is not None and made.splitlines()[1:2] != [str(ROOT)]:
        return False
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [python(), "-c", question], capture_output=True, text=True, timeout=60, check=False
        )
    except OSError:
        return False
    return answer.stdout.strip() == _version(sys.version_info)


def _create(uv: str | None) -> None:
    """Make an empty environment, with uv where it is at hand."""
    if uv:
        command = [uv, "venv", "--quiet", "--python", sys.executable, str(VENV)]
    elif importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        command = [sys.executable, "-m", "venv", str(VENV)]
    else:
        raise Failure(_no_venv())
    result = run("new environment", command, timeout=300)
    if result.code and "ensurepip" in result.output:
        raise Failure(_no_venv())
    if result.code:
        raise Failure(f"could not make .venv:\n{tail(result.output, 8)}")


def _no_venv() -> str:
    name = f"python{_version(sys.version_info)}"
    return (
        f"this Python has no venv or ensurepip module. On Debian or Ubuntu: sudo apt install "
        f"{name}-venv (or install uv); elsewhere install Python from python.org."
    )


def _installer(uv: str | None) -> list[str]:
    """Return the command that installs into `.venv`; a pip that is missing is put there first."""
    if uv:
        return [uv, "pip", "install", "--python", str(python())]
    pip = [str(python()), "-m", "pip"]
    if run("pip", [*pip, "--version"], timeout=60).code:
        if not importlib.util.find_spec("ensurepip"):
            raise Failure(_no_venv())
        run("pip", [str(python()), "-m", "ensurepip", "--upgrade"], timeout=300)
    return [*pip, "install", "--disable-pip-version-check"]


def _install(title: str, command: list[str]) -> None:
    """Install, or say in one line what stood in the way."""
    result = run(f"installing {title}", command, timeout=1800)
    if result.code == 0:
        verdict(f"installed {title}", True, result.seconds)
        return
    if any(sign in result.output.lower() for sign in OFFLINE_SIGNS):
        raise Failure("could not download packages: is this machine online? Then run it again.")
    raise Failure(f"could not install {title}:\n{tail(result.output, 15)}")


def quiet() -> dict[str, str]:
    """Return the environment variables under which chapters and tests run, the same everywhere.

    One BLAS thread keeps sums in one order; a person's own IPython profile and kernels stay out.
    """
    own = ROOT / "_build" / ".ipython"
    own.mkdir(parents=True, exist_ok=True)
    threads = {
        name: os.environ.get(name, "1")
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    }
    return {
        **threads,
        "IPYTHONDIR": str(own),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONUTF8": "1",
    }


def for_notebooks(**more: str) -> dict[str, str]:
    """Return the environment variables for chapters: as `quiet`, and no progress bars."""
    return {**quiet(), "TQDM_DISABLE": "1", **more}
