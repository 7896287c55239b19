"""The equations in the comments of nnlib are those of the notation page, number by number."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
NUMBER = re.compile(r"(?<!\w)\(([1-9]\d?\.[1-9]\d?)\)")


def _numbers(text):
    return set(NUMBER.findall(text))


def _listed():
    return _numbers((ROOT / "chapters" / "notation.md").read_text(encoding="utf-8"))


def test_every_equation_in_the_library_is_listed():
    missing = {
        f"{path.name}: ({number})"
        for path in (ROOT / "nnlib").rglob("*.py")
        if "course" not in path.parts
        for number in _numbers(path.read_text(encoding="utf-8")) - _listed()
    }
    assert not missing


def test_every_listed_equation_of_the_library_is_in_its_code():
    """What the notation page says is a line of the library is one."""
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "nnlib").rglob("*.py"))
    by_the_reader = {"1.1", "5.2", "7.2", "7.3"}  # derived in a chapter, or spread over a function
    assert _listed() - _numbers(code) - by_the_reader == set()
