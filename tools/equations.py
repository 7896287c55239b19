"""Break the line that is an equation, and see the test that is named for it turn red.

`python tools/equations.py` does so for every equation that the notation page lists and a comment in
`nnlib` marks, such as `# (5.4)`: what the line computes is multiplied by 1.5, in a copy that only
one forked process sees, and the tests that `tests/equations.toml` names are run on it. Each of
them has to fail for some line of its equation, and each line has to make one of them fail. Numbers
as arguments limit it to those: `python tools/equations.py 5.4 5.5`. Forking needs Linux or macOS.
"""

from __future__ import annotations

import ast
import copy
import io
import os
import re
import signal
import sys
import time
import tokenize
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
NUMBER = re.compile(r"(?<!\w)\(([1-9]\d?\.[1-9]\d?)\)")
WRONG_BY = 1.5
LIMIT = 120  # seconds for the tests of one change


@dataclass(frozen=True)
class Line:
    """A line of code that carries the number of an equation, and what in it the equation is."""

    number: str
    path: Path
    lineno: int
    code: str
    function: str
    place: int  # which of the expressions on the line

    @property
    def module(self) -> str:
        """The module's name, as in nnlib.tensor."""
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts)


def listed() -> list[str]:
    """Give every number on the notation page, in its order."""
    text = (ROOT / "chapters" / "notation.md").read_text(encoding="utf-8")
    return re.findall(r"\| \((\d+\.\d+)\) (?=\|)", text)


def named_tests() -> dict[str, list[str]]:
    """Read the tests of every equation, by its number."""
    text = (ROOT / "tests" / "equations.toml").read_text(encoding="utf-8")
    table: dict[str, list[str]] = tomllib.loads(text)["tests"]
    return table


def library() -> list[Line]:
    """Give every line of the library that is an equation."""
    paths = sorted((ROOT / "nnlib").rglob("*.py"))
    return [
        line
        for path in paths
        if "course" not in path.parts
        for line in marked(path.read_text(encoding="utf-8"), path)
    ]


def marked(source: str, path: Path) -> Iterator[Line]:
    """Find the lines whose comments carry numbers.

    As many numbers as expressions belong to them one by one: the value first, then what goes back.
    Otherwise every number belongs to all that the line computes.
    """
    tree = ast.parse(source)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        numbers = NUMBER.findall(token.string) if token.type == tokenize.COMMENT else []
        lineno = token.start[0]
        places = range(len(_expressions(tree, lineno))) if numbers else ()
        for place in places:
            for i, number in enumerate(numbers):
                if len(numbers) != len(places) or i == place:
                    yield Line(
                        number, path, lineno, token.line.strip(), _function(tree, lineno), place
                    )


def broken(source: str, line: Line) -> str:
    """Write the source anew, with what the line computes off by a factor."""
    tree = ast.parse(source)
    holder, field = _expressions(tree, line.lineno)[line.place]
    value = getattr(holder, field)
    if isinstance(value, ast.Tuple):  # a primitive returns its value first
        value.elts[0] = _off(value.elts[0])
    else:
        setattr(holder, field, _off(value))
    return ast.unparse(ast.fix_missing_locations(tree))


def _off(value: ast.expr) -> ast.expr:
    return ast.BinOp(ast.Constant(WRONG_BY), ast.Mult(), copy.deepcopy(value))


def _expressions(tree: ast.Module, lineno: int) -> list[tuple[ast.AST, str]]:
    """Find what a line computes: nodes, each with the name of the field that holds the value."""
    found: list[tuple[ast.AST, str]] = []
    for node in _in_order(tree):
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        assigned = isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and last == lineno
        returned = isinstance(node, ast.Return) and first == lineno
        if isinstance(node, ast.Lambda) and lineno in (first, last):
            found.append((node, "body"))
        elif assigned or (returned and not _is_passed_on(getattr(node, "value", None))):
            found.append((node, "value"))
        elif isinstance(node, ast.FunctionDef) and first == lineno:
            found += [(each, "value") for each in _in_order(node) if isinstance(each, ast.Return)]
    return found


def _is_passed_on(value: ast.expr | None) -> bool:
    """Whether what is returned was computed on another line, or is a function found by itself."""
    first = value.elts[0] if isinstance(value, ast.Tuple) else value
    return isinstance(first, ast.Name | ast.Lambda | None)


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """Walk as one reads."""
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)


def _function(tree: ast.Module, lineno: int) -> str:
    """Name the function or method that a line stands in, without what is nested in it."""
    name: list[str] = []
    body: Iterable[ast.stmt] = tree.body
    while True:
        around = [
            node
            for node in body
            if isinstance(node, ast.ClassDef | ast.FunctionDef)
            and node.lineno <= lineno <= (node.end_lineno or 0)
        ]
        if not around:
            return ".".join(name)
        name.append(around[0].name)
        if isinstance(around[0], ast.FunctionDef):
            return ".".join(name)
        body = around[0].body


def red(line: Line, tests_of_it: Iterable[str]) -> set[str]:
    """Give those of the tests that fail on the broken line, each run in a process of its own."""
    source = broken(line.path.read_text(encoding="utf-8"), line)
    failing = set()
    for test in tests_of_it:
        sys.stdout.flush()
        pid = os.fork()
        if not pid:
            _run(line, source, test)
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1:
            failing.add(test)
    return failing


def _run(line: Line, source: str, test: str) -> None:
    """Run one test on a changed module and leave this process: 1 if the test failed."""
    import pytest

    from tools.mutation import Changed

    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    signal.alarm(LIMIT)
    sys.meta_path.insert(0, Changed(line.module, line.path, source))  # type: ignore[arg-type]
    try:
        # Plain assertions, because pytest would load a file that it is to rewrite from the disk.
        code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "--assert=plain", test]))
    except BaseException:
        code = 99
    os._exit(code)


def main(arguments: list[str]) -> int:
    """Break the equations with these numbers, or all; say which breaks go unnoticed."""
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # half the time of each run
    sys.path.insert(0, str(ROOT))
    # Imported here, so that every fork has them already; nnlib itself is imported in the forks.
    import array_api_strict  # noqa: F401
    import hypothesis.extra.numpy  # noqa: F401
    import pytest  # noqa: F401

    start, bad, count = time.monotonic(), [], 0
    named = named_tests()
    for number in arguments or sorted(named, key=lambda n: tuple(map(int, n.split(".")))):
        useful: set[str] = set()
        for line in (each for each in library() if each.number == number):
            count += 1
            failing = red(line, named.get(number, []))
            useful |= failing
            if not failing:
                bad.append(
                    f"({number}) {line.module} line {line.lineno}: no test notices {line.code}"
                )
        bad += [
            f"({number}) is not noticed by {test}" for test in named[number] if test not in useful
        ]
    print("\n".join(bad) or "every broken equation was noticed by the tests that are named for it")
    print(f"{count} expressions of {len(arguments or named)} equations broken, ", end="")
    print(f"{time.monotonic() - start:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
