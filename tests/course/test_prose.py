"""Every number in the prose is computed: the rule, and every chapter by the rule."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nnlib.course import claim
from nnlib.course.prose import absent, faults, masked, unclaimed

CHAPTERS = sorted((Path(__file__).parents[2] / "chapters").glob("*.ipynb"))


@pytest.mark.skipif(not CHAPTERS, reason="there are no chapters yet")
@pytest.mark.parametrize("chapter", CHAPTERS or [None], ids=lambda path: path.stem if path else "-")
def test_every_number_in_a_chapter_is_claimed(chapter):
    assert faults(chapter) == []


@pytest.mark.parametrize(
    "prose",
    [
        "See exercise 5.1, Exercises 5.1 and 5.2, chapters 5 to 7, and figure 3.",
        "By equation (5.4), and by (5.5) and (5.6)–(5.8).",
        "Set `lr=0.1`, or ``a `1` b``.",
        "```python\nx = 3\n```\nas above",
        "~~~\n12\n~~~",
        "A [link](https://example.org/2024/1), https://example.org/3, <img width=40 alt='x'>.",
        "As in {cite}`rumelhart1986`.",
        "## 5.2 The chain rule\n\n1. first\n2. second",
        "The matrix W1, the units x2 and float64.",
        "a note[^1] and an entity &#8212;",
        "<!-- 42 -->",
        "There are two of them, and the third is the second.",
        r"$$ z = \sum_{d=1}^{D} w_d x_d + b \tag{1.1} $$",
        r"$$ \sigma'(z) = \sigma(z) (1 - \sigma(z)) \tag{2.2} $$",
        r"$$ f'(x) \approx \frac{f(x + h) - f(x - h)}{2h} \tag{5.1} $$",
        r"$x_{12}^{34}$, $W^2$, $\max(0, z)$, $y \in \{0, 1\}$",
        r"where $1 - \sigma$ and $2 \eta$ stand",
        "The $y_1$, $z_2$ and\n$a +\nb_3$.",
    ],
)
def test_what_makes_no_statement_needs_no_claim(prose):
    assert unclaimed(prose, []) == []
    assert len(masked(prose)) == len(prose)


@pytest.mark.parametrize(
    ("prose", "numerals"),
    [
        ("It reached 97.5 % on 50 of 50 seeds.", 3),
        ("It took 1,797 digits.", 1),
        ("The 2-16-16-1 network", 4),
        ("Half is ½.", 1),
        ("See exercise 5.1; it has 3 parts.", 1),
        ("## Why 7 units", 1),
        ("| a | 3 |", 1),
        ("<p>It holds 3 numbers</p>", 1),
        ("[3 ways](https://example.org)", 1),
        (r"$$ 0.5 \times 2 + (-1) \times 1 + 0.25 = 0.25 $$", 6),
        (r"The slope is $3.01$.", 1),
        (r"Let $x = 2$.", 1),
        (r"with $h = 10^{-5}$", 1),
        (r"$$ f(x) = 3x $$", 1),
        (r"$$ f(x) = 1 + 3x $$", 2),
        ("**12** points cost $5", 2),
        ("It costs $5 or $6 a day.", 2),
        ("N=200", 1),
    ],
)
def test_an_unclaimed_number_is_caught(prose, numerals):
    assert len(unclaimed(prose, [])) == numerals


def test_a_claim_covers_its_own_words_and_no_more():
    prose = "It took 3 steps.\nLater it took\n12 steps, then 3."
    assert unclaimed(prose, ["took 3 steps", "took 12 steps"]) == ["steps, then >3<."]
    assert unclaimed(prose, ["took 3 steps", "took 1"]) != []
    assert unclaimed("1.97 is not", ["97 is not"]) == [">1.97< is not"]


def test_a_claim_must_stand_in_the_prose_word_for_word():
    assert absent("It took\n  3 steps.", ["took 3 steps"]) == []
    assert absent("It took 4 steps.", ["took 3 steps"]) == ["took 3 steps"]


def notebook(tmp_path, prose, code, tags=("remove-cell",)):
    path = tmp_path / "chapter.ipynb"
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": prose},
        {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": code.splitlines(True)},
    ]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


def test_a_notebook_with_its_claims_in_place_has_no_faults(tmp_path):
    code = "%matplotlib inline\nclaim('It took 3 steps', steps == 3)"
    assert faults(notebook(tmp_path, "It took 3 steps.", code)) == []


@pytest.mark.parametrize(
    ("code", "tags", "fault"),
    [
        ("pass", ["remove-cell"], "not claimed"),
        ("claim('It took 4 steps', steps == 4)", ["remove-cell"], "not in the prose"),
        ("claim(f'It took {3} steps', steps == 3)", ["remove-cell"], "plain string"),
        ("claim('It took 3 steps', True)", ["remove-cell"], "computed"),
        ("claim('It took 3 steps')", ["remove-cell"], "computed"),
        ("claim('3', steps == 3)", ["remove-cell"], "piece of a sentence"),
        ("claim('3 steps', steps == 3)", ["remove-cell"], "piece of a sentence"),
        ("claim('It took 3 steps', steps == 3)", [], "remove-cell"),
    ],
)
def test_a_notebook_that_breaks_the_rule_is_caught(tmp_path, code, tags, fault):
    found = faults(notebook(tmp_path, "It took 3 steps.", code, tags))
    assert any(fault in each for each in found), found


def test_two_words_are_enough_for_a_claim(tmp_path):
    code = "claim('took 3 steps', steps == 3)"
    assert faults(notebook(tmp_path, "It took 3 steps.", code)) == []


def test_the_command_lists_what_is_not_claimed(tmp_path):
    code = "claim('took 3 steps', steps == 3)"
    for prose, said in (("It took 3 steps.", "every number is claimed"), ("In 4.", "not claimed")):
        command = [sys.executable, "-m", "nnlib.course.prose", notebook(tmp_path, prose, code)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        assert said in done.stdout


def test_a_false_claim_says_what_the_chapter_says():
    claim("two and two make 4", 2 + 2 == 4)
    with pytest.raises(AssertionError, match="two and two make 5"):
        claim("two and two make 5", 2 + 2 == 5)
