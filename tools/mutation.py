"""Break nnlib in every small way, and list the breaks that no test notices.

`python tools/mutation.py losses convolution.pooling` changes one operator, number or comparison at
a time in `nnlib/losses.py`, then in `nnlib/convolution/pooling.py`, and runs on each change the
tests of that part, then those of the whole core.
A change that no test notices is a survivor: a gap in the tests, or a change that changes nothing.

The changes are those of cosmic-ray. Its own runner starts Python anew for each of them; this one
forks a process that has already imported the libraries, which is several times faster and needs a
system that can fork (Linux, macOS). Install first: `pip install cosmic-ray` beside the locked
requirements. `--jobs` says how many run at once, `--lines 40-80` limits the lines.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import itertools
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "nnlib"
CORE = tuple(
    f"core/test_{name}"
    for name in (
        "primitives",
        "losses",
        "optim",
        "modules",
        "gradcheck",
        "engine",
        "images",
        "pooling",
    )
)
OWN = {  # the tests of a part, where what is wrong with it is noticed first
    "tensor": "core/test_engine",
    "losses": "core/test_losses",
    "gradcheck": "core/test_gradcheck",
    "module": "core/test_modules",
    "optim": "core/test_optim",
    "layers": "core/test_modules",
    "layers.images": "core/test_images",
    "layers.norms": "core/test_norms",
    "convolution": "core/test_images",
    "convolution.pooling": "core/test_pooling",
    "recurrent": "core/test_recurrent",
    "attention": "core/test_attention",
    "attribution": "test_attribution",
    "adversarial": "test_adversarial",
    "activations": CORE[0],
    "normalisation": "core/test_norms",
    "products": "core/test_products",
}
LIMIT = 120  # seconds for the tests of one change

# Shifts and bit operations fail at once on floating-point numbers, `is` on arrays: they say nothing
# about the tests. `|` stands in annotations only.
TELLING = re.compile(
    r"core/(ReplaceBinaryOperator_(Add|Sub|Mul|Div|FloorDiv|Mod|Pow)_(Add|Sub|Mul|Div|Pow)"
    r"|ReplaceComparisonOperator_(Eq|NotEq|Lt|LtE|Gt|GtE)_(Eq|NotEq|Lt|LtE|Gt|GtE)"
    r"|ReplaceComparisonOperator_Is(Not)?_Is(Not)?"
    r"|ReplaceUnaryOperator_.*|NumberReplacer|AddNot|ReplaceTrueWithFalse|ReplaceFalseWithTrue"
    r"|ReplaceAndWithOr|ReplaceOrWithAnd|ReplaceBreakWithContinue|ReplaceContinueWithBreak"
    r"|ZeroIterationForLoop)"
)


def mutants(source: str, lines: range) -> Iterator[tuple[int, str, str]]:
    """Yield every changed source, with the line and the name of the change."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    tree = get_ast(source)
    for name in filter(TELLING.fullmatch, operator_names()):
        operator = get_operator(name)()
        places = [
            (start[0], node.parent is not None and node.parent.type in ("parameters", "param"))
            for node in ast_nodes(tree)
            for start, _ in operator.mutation_positions(node)
        ]
        for occurrence, (line, signature) in enumerate(places):
            if line in lines and not (signature and "Binary" in name):  # a bare * is no product
                changed = mutate_code(source, operator, occurrence)
                if changed and _compiles(changed):
                    yield line, name.removeprefix("core/"), changed


def _compiles(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def path_of(module: str) -> Path:
    """Find the file of a module, as in convolution.pooling."""
    return LIBRARY.joinpath(*module.split(".")).with_suffix(".py")


def everything() -> list[str]:
    """Name every module that has tests of its own here."""
    paths = (p.relative_to(LIBRARY).with_suffix("") for p in sorted(LIBRARY.rglob("*.py")))
    return [".".join(p.parts) for p in paths if p.parts[0] in OWN and p.name != "__init__"]


class Changed:
    """Finds one module, in another version than the one on disk."""

    def __init__(self, module: str, path: Path, source: str) -> None:
        self.module, self.path, self.source = module, path, source

    def find_spec(self, name: str, *_: object) -> object:
        """Return a spec for the changed module, and leave all others to Python."""
        if name != self.module:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)  # type: ignore[arg-type]

    def create_module(self, spec: object) -> None:
        """Leave the making of the module to Python."""

    def exec_module(self, module: object) -> None:
        """Run the changed source in it."""
        exec(compile(self.source, str(self.path), "exec"), vars(module))


def survives(module: str, source: str) -> None:
    """Run the tests on a changed module and leave this process: 0 if nothing was noticed."""
    import pytest

    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    signal.alarm(LIMIT)
    path = path_of(module)
    sys.meta_path.insert(0, Changed(f"nnlib.{module}", path, source))  # type: ignore[arg-type]
    try:
        # Plain assertions, because pytest would load a file that it is to rewrite from the disk.
        options = ["-x", "-q", "-p", "no:cacheprovider", "--assert=plain"]
        own = OWN.get(module) or OWN[module.partition(".")[0]]
        files = [f"tests/{name}.py" for name in dict.fromkeys((own, *CORE))]
        code = pytest.main([*options, *files, str(path)])
    except BaseException:
        code = 1
    os._exit(int(code))


def run(module: str, lines: range, jobs: int) -> list[str]:
    """Try every change of a module; print and return those that no test noticed."""
    source = path_of(module).read_text(encoding="utf-8")
    original, alive, tried = source.splitlines(), [], 0
    running: dict[int, tuple[int, str, str]] = {}
    pending = itertools.chain([(0, "no change at all", source)], mutants(source, lines))
    start = time.monotonic()
    while True:
        change = next(pending, None) if len(running) < jobs else None
        if change:
            sys.stdout.flush()
            pid = os.fork()
            if not pid:
                survives(module, change[2])
            running[pid] = change
            continue
        if not running:
            break
        pid, status = os.wait()
        line, name, changed = running.pop(pid)
        if not line:
            if status:
                sys.exit("the tests fail without any change: make them pass first")
            continue
        tried += 1
        if status == 0:
            now = next(
                (b for a, b in zip(original, changed.splitlines(), strict=False) if a != b), ""
            )
            alive.append(f"{path_of(module).relative_to(ROOT)}:{line} {name}\n    {now.strip()}")
            print(alive[-1], flush=True)
    seconds = time.monotonic() - start
    noticed = tried - len(alive)
    print(f"{module}: {tried} changes, {noticed} noticed, {len(alive)} not, in {seconds:.0f} s")
    return alive


def main() -> int:
    """Read the command line; return 1 if a change survived."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("modules", nargs="*", default=everything(), metavar="module")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--lines", default="1-100000", help="only these, as in 40-80")
    options = parser.parse_args()
    if unknown := set(options.modules) - set(everything()):
        parser.error(f"no module {', '.join(unknown)}: there are {', '.join(everything())}")
    first, _, last = options.lines.partition("-")
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    # Imported here, so that every fork has them already.
    import array_api_strict  # noqa: F401
    import hypothesis.extra.numpy  # noqa: F401
    import pytest  # noqa: F401

    lines = range(int(first), int(last or first) + 1)
    alive = [each for module in options.modules for each in run(module, lines, options.jobs)]
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
