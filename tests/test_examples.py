"""The examples run as a user runs them, do what they say, and stay short enough to be read."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def run(name, *arguments, **variables):
    """Run an example in a Python of its own, on one thread; return what it printed."""
    result = subprocess.run(
        [sys.executable, str(ROOT / "examples" / f"{name}.py"), *map(str, arguments)],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8", **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_has_at_most_60_lines_and_needs_the_library_alone(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    imported = set(re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE))
    assert imported <= {"argparse", "numpy", "pathlib", "nnlib", "tqdm"}


def test_digits_are_read_and_the_weights_kept(tmp_path):
    kept = tmp_path / "digits.safetensors"
    (share,) = re.findall(r"([\d.]+)%", run("classify_images", "--epochs", 8, "--save", kept))
    assert float(share) >= 95
    assert kept.stat().st_size > 4 * 32 * 16 * 9


def test_the_forecast_beats_the_day_before():
    printed = run("forecast_series", "--epochs", 4)
    naive, network = map(float, re.findall(r"(?:ago|network) +([\d.]+)", printed))
    assert 0.01 <= network < naive / 2


def test_names_are_written_and_the_known_ones_told_apart():
    new, known = run("write_names", "--epochs", 3).splitlines()
    assert len(new.split()) > 20
    assert not set(new.split()[1:]) & set(known.split()[1:])
    assert re.fullmatch(r"new:( [a-z]*)+", new)


def test_as_many_digits_are_drawn_as_were_asked_for():
    drawn = run("generate_digits", "--epochs", 2, "--show", 3).splitlines()
    assert [len(line) for line in drawn] == [3 * 16 + 2 * 3] * 8
    assert set("".join(drawn)) <= set(" .:-=+*#%@")
    assert len(set("".join(drawn))) > 5


def test_a_word_that_is_no_option_is_refused_with_the_usage():
    result = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "write_names.py"), "--epoch-count", "3"],
        capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == 2
    assert "--epochs" in result.stderr
