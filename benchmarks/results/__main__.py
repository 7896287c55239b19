"""Train the recipes named, or all; print each figure beside the published one; write JSON."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from benchmarks.__main__ import one_thread
from benchmarks.digits import BESIDE
from benchmarks.harness import environment
from benchmarks.results import digits, text
from benchmarks.results.recipe import Recipe

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in (*digits.RECIPES, *text.RECIPES)}


def lines(result: dict[str, Any]) -> str:
    """Put a result into words."""
    sign = "at most" if result["lower_is_better"] else "at least"
    each = ", ".join(f"{figure:.4f}" for figure in result["figures"])
    verdict = "met" if result["met"] else "MISSED"
    return "\n".join(
        [
            f"{result['name']}: {result['what']}",
            f"  {result['unit']}: {result['mean']:.4f}, {sign} {result['must']:.4f}: {verdict}",
            f"  seeds {result['seeds']}: {each}",
            f"  published: {result['published']}",
            f"  seconds: {', '.join(f'{s:.0f}' for s in result['seconds'])}",
        ]
    )


def main() -> None:
    """Read the arguments, train, report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.results", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(RECIPES))
    parser.add_argument("--json", type=Path, help="add the results to this file")
    parser.add_argument("--limit", type=int, help="take so many steps only, to see that it runs")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(RECIPES):
        parser.error(f"unknown name {', '.join(unknown)}: there are {', '.join(RECIPES)}")
    if "NNLIB_DATA" not in os.environ and BESIDE.is_dir():
        os.environ["NNLIB_DATA"] = str(BESIDE)
    with one_thread():
        for name in arguments.names or RECIPES:
            result = RECIPES[name].measure(arguments.limit)
            print(lines(result), end="\n\n", flush=True)
            if arguments.json:
                keep(arguments.json, result)


def keep(path: Path, result: dict[str, Any]) -> None:
    """Put a result into the file, beside those of other names; it replaces its own."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept[result["name"]] = result | {"environment": environment()}
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
