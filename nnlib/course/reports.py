"""Collect the reports of a class: `python -m nnlib.course.reports FOLDER`.

Prints for each learner how many exercises of each chapter were passed of those tried, and which
ideas `check` had to name to how many of them. `--csv FILE` writes a line for each learner and
exercise, for a spreadsheet. Several files of one learner are added up.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from nnlib.course.exercises.progress_file import Record, Report, Unreadable, read

MOST_IDEAS = 12


def collect(folder: Path) -> tuple[dict[str, Report], list[str]]:
    """Read every report in a folder and below it.

    Parameters
    ----------
    folder : Path
        Where the files are.

    Returns
    -------
    reports : dict
        From a learner to what all of their files say together. Without a name in it, a file stands
        for a learner of its own name.
    complaints : list of str
        What is wrong with the files that could not be read.
    """
    reports: dict[str, Report] = {}
    complaints = []
    for path in sorted(folder.rglob("*.json")):
        try:
            found = read(path)
        except (Unreadable, OSError) as error:
            complaints.append(str(error))
            continue
        name = found.learner or path.stem
        reports.setdefault(name, Report(name)).add(found.exercises)
    return dict(sorted(reports.items())), complaints


def chapter_of(number: str) -> str:
    """Give the chapter of an exercise."""
    return number.partition(".")[0]


def table(reports: Mapping[str, Report]) -> str:
    """Lay out learners by chapters: exercises passed, of those tried.

    Examples
    --------
    >>> ada = Report("Ada", {"5.1": Record(2, True), "5.2": Record(1), "7.1": Record(1, True)})
    >>> print(table({"Ada": ada}))
    learner    5    7  all
    Ada      1/2  1/1  2/3
    """
    numbers = {number for report in reports.values() for number in report.exercises}
    chapters = sorted({chapter_of(number) for number in numbers}, key=_by_number)
    rows = [["learner", *chapters, "all"]]
    for learner, report in reports.items():
        by_chapter = [
            [each for number, each in report.exercises.items() if chapter_of(number) == chapter]
            for chapter in chapters
        ]
        rows.append([learner, *map(_share, [*by_chapter, report.exercises.values()])])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    )


def _by_number(number: str) -> list[tuple[int, str]]:
    """Sort 5.2 before 10.1, and what is no number last."""
    parts = number.split(".")
    return [(int(part), "") if part.isdecimal() else (sys.maxsize, part) for part in parts]


def _share(records: Iterable[Record]) -> str:
    tried = [record for record in records if record.attempts]
    return f"{sum(record.passed for record in tried)}/{len(tried)}" if tried else "-"


def ideas(reports: Mapping[str, Report]) -> str:
    """List the misconceptions that were named to most learners, as on the page of that name."""
    met = Counter(
        (number, name)
        for report in reports.values()
        for number, record in report.exercises.items()
        for name in record.misconceptions
    )
    ranked = sorted(met.items(), key=lambda item: (-item[1], _by_number(item[0][0]), item[0]))
    lines = [f"{count:4}  {number}  {name}" for (number, name), count in ranked[:MOST_IDEAS]]
    left = len(ranked) - len(lines)
    return "\n".join(lines + ([f"      and {left} more: --csv has all"] if left else []))


def write_csv(reports: Mapping[str, Report], path: Path) -> None:
    """Write a line for each learner and exercise."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["learner", "chapter", "exercise", "attempts", "passed", "hints", "misconceptions"]
        )
        for learner, report in reports.items():
            for number in sorted(report.exercises, key=_by_number):
                record = report.exercises[number]
                named = "; ".join(f"{name} ({n})" for name, n in record.misconceptions.items())
                row = [learner, chapter_of(number), number, record.attempts]
                row += [int(record.passed), record.hints, named]
                writer.writerow(map(_inert, row))


def _inert(cell: object) -> object:
    """Keep a spreadsheet from reading what a learner wrote as a formula."""
    dangerous = isinstance(cell, str) and cell.startswith(("=", "+", "-", "@"))
    return f"'{cell}" if dangerous else cell


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table of a folder; return 1 where nothing in it could be read."""
    parser = argparse.ArgumentParser(prog="python -m nnlib.course.reports", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the learners' files are")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write all of it to this file")
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is no folder")
    reports, complaints = collect(options.folder)
    for complaint in complaints:
        print(f"left out: {complaint}", file=sys.stderr)
    if not reports:
        print(f"there is no report in {options.folder}", file=sys.stderr)
        return 1
    print(table(reports))
    named = ideas(reports)
    if named:
        print(f"\nIdeas by the number of learners who met them:\n{named}")
    if options.csv:
        write_csv(reports, options.csv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
