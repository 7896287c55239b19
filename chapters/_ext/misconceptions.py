"""A Sphinx extension: the page of misconceptions, made from the exercises each time it is built.

The page must not do an exercise for anybody. The right answers to short questions are not on it,
nor is a wrong answer that would tell one; the solutions' lines are kept out of every message by
tests/course/test_bank.py.
"""

import re
from html import escape
from pathlib import Path

from docutils import nodes
from outline import chapters
from sphinx.util.docutils import SphinxDirective

from nnlib.course.exercises import bank
from nnlib.course.exercises.counterexample import counterexample
from nnlib.course.exercises.result import with_code

FILTER = (
    "var q=this.value.trim().toLowerCase(),n=0;"
    "document.querySelectorAll('details.nn-ideas').forEach(function(d){var k=0;"
    "d.querySelectorAll('.nn-idea').forEach(function(e){"
    "var yes=e.textContent.toLowerCase().includes(q);e.hidden=!yes;k+=yes});"
    "d.hidden=!k;d.open=!!q&&k>0;n+=k});"
    "this.closest('.nn-find').querySelector('output').textContent=q?n+' found':''"
)
FOR_LATER = "for after your own attempt"


def ideas(exercise):
    """Choose what to print: no combinations of other ideas, and nothing that would tell."""
    names = {known.id for known in exercise.misconceptions}
    return [
        known
        for known in exercise.misconceptions
        if not (" + " in known.id and names.issuperset(known.id.split(" + ")))
        and not tells(exercise, known)
    ]


def tells(exercise, known):
    """Whether a wrong answer to a short question gives away the answer to one of them."""
    if exercise.kind != "value":
        return False
    question, given = next(
        (question, known.wrong[question])
        for question, right in exercise.solution.items()
        if known.wrong[question] != right
    )
    if isinstance(exercise.solution[question], str | bool):
        others = [each for each in exercise.misconceptions if each.id.startswith(f"{question}: ")]
        if len(others) < 2:  # of two possible answers the other one is right
            return True
    words = f"{given!r} {known.message} {known.tempting}"
    return any(
        re.search(rf"(?<![\w.,]){re.escape(repr(answer))}(?![\w]|[.,]\d)", words)
        for answer in exercise.solution.values()
        if isinstance(answer, tuple) or (type(answer) in (int, float) and abs(answer) >= 10)
    )


def heading(exercise, known):
    """Make an identifier such as "dW-transposed" readable."""
    if exercise.kind == "value":
        found = counterexample(exercise, known)
        return f"{escape(found.case)}: <code>{escape(found.wrong)}</code>"
    words = known.id.replace("-", " ")
    symbol = re.match(r"d?[b-z]\b|\w*[A-Z\d_]", words)  # db, W2, X_new stay as they are in code
    return escape(words if symbol else words[0].upper() + words[1:])


def slug(exercise, known):
    signed = re.sub(r"(?<=[ (])-(?=[\d.])", "minus-", f"idea-{exercise.id}-{known.id}")
    return re.sub(r"[^a-z0-9]+", "-", signed.lower()).strip("-")


def entry(exercise, known):
    """One idea as HTML: its name, why it is tempting, what to say to it, a case with numbers."""
    found = None if exercise.kind == "value" else counterexample(exercise, known)
    rows = []
    if found:
        rows += [("for", found.case)] if found.case else []
        rows += [("it gives" if found.case else "such a test", found.wrong)]
        rows += [("right is", found.right)] if found.right else []
    listed = "".join(f"<dt>{term}</dt><dd><code>{escape(text)}</code></dd>" for term, text in rows)
    return (
        f'<div class="nn-idea" id="{slug(exercise, known)}"><h3>{heading(exercise, known)}</h3>'
        f"<p>{with_code(known.tempting)}</p>"
        f'<p class="nn-answer">{with_code(known.message)}</p>'
        + (f"<dl>{listed}</dl>" if listed else "")
        + "</div>"
    )


def block(exercise, chapter):
    """One exercise as HTML: a line that opens, the way to it, its ideas."""
    kept = ideas(exercise)
    count = f"{len(kept)} idea{'s' if len(kept) != 1 else ''}"
    later = f", {FOR_LATER}" if exercise.kind in ("value", "debug", "parsons") else ""
    left = len(exercise.misconceptions) - len(kept)
    rest = f" {left} more are known to <code>check</code>." if left else ""
    return (
        f'<details class="nn-ideas"><summary>{exercise.id} · {escape(exercise.title)} '
        f"<span>({count}{later})</span></summary>"
        f'<p class="nn-where">Treated in <a href="{chapter.anchor(exercise.id)}">exercise '
        f"{exercise.id}</a> of chapter {chapter.number}, {escape(chapter.title)}.{rest}</p>"
        f"{''.join(entry(exercise, known) for known in kept)}</details>"
    )


class Misconceptions(SphinxDirective):
    """All ideas of the bank: a section for each chapter, a line that opens for each exercise."""

    def run(self):
        for path in Path(bank.__file__).parent.glob("*.py"):
            self.env.note_dependency(str(path))
        by_chapter = {
            chapter: [
                each for each in bank.EXERCISES if each.id.split(".")[0] == str(chapter.number)
            ]
            for chapter in chapters()
        }
        known = sum(len(exercise.misconceptions) for exercise in bank.EXERCISES)
        found = [
            nodes.raw(
                "",
                '<p class="nn-find"><label>Find an idea <input type="search" '
                f'oninput="{FILTER}"></label> <output></output></p>',
                format="html",
            )
        ]
        intro = nodes.paragraph()
        intro += nodes.Text(
            f"The exercises know {known:,} wrong answers: {len(bank.EXERCISES)} exercises in "
            f"{sum(map(bool, by_chapter.values()))} chapters. Open one to see its ideas."
        )
        found.insert(0, intro)
        for chapter, exercises in by_chapter.items():
            if exercises:
                section = nodes.section(ids=[f"chapter-{chapter.number}"], names=[])
                section += nodes.title(text=f"{chapter.number}. {chapter.title}")
                blocks = "".join(block(exercise, chapter) for exercise in exercises)
                section += nodes.raw("", blocks, format="html")
                found.append(section)
        return found


def setup(app):
    app.add_directive("misconceptions", Misconceptions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
