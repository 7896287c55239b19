"""The pipeline, fed with everything that a learner may hand in."""

import inspect
import linecache
import xml.etree.ElementTree as ET
from itertools import count

import numpy as np
import pytest

import nnlib
from nnlib.course import check, hint, progress, solution, starter
from nnlib.course.exercises import learner
from nnlib.course.exercises.exercise import Misconception
from nnlib.course.exercises.judge import judge
from nnlib.course.exercises.kinds import function
from nnlib.course.exercises.result import Result


def softmax(z):
    """Turn scores into probabilities."""
    # <solution>
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    # </solution>


def columns(z):
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def unshifted(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def scores(rng):
    first = np.array([[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]])
    return [(first,), (rng.normal(size=(4, 3)),), (rng.normal(size=(3, 3)),)]


EXERCISE = function(
    "2.1",
    "Softmax",
    softmax,
    scores,
    hints=("Which numbers sum to 1?", "Keep the axis.", "Subtract the largest first."),
    misconceptions=(
        Misconception("columns", columns, "Your columns sum to 1, not your rows."),
        Misconception("unshifted", unshifted, "exp overflows for large scores."),
        Misconception("raises", lambda z: z @ z.T[:1], "The shapes do not meet."),
    ),
    stress=lambda rng: [(1000 * rng.normal(size=(2, 5)),)],
)


def stage(answer):
    return judge(EXERCISE, answer).stage


# --- Right answers, in whatever they are handed over ----------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        softmax,
        lambda z: softmax(z).tolist(),
        lambda z: softmax(z.astype(np.float32)),
        lambda z: nnlib.Tensor(softmax(z)),
        lambda z: nnlib.softmax(nnlib.Tensor(z, requires_grad=True), axis=1),
        lambda z, unused=None: softmax(z),
        lambda *case: softmax(*case),
    ],
    ids=count(1),
)
def test_the_right_numbers_pass_whatever_they_come_in(answer):
    result = judge(EXERCISE, answer)
    assert result
    assert result.stage == "passed"
    assert repr(result) == "2.1 passed: every case agrees."


def test_a_callable_object_and_a_class_method_pass():
    class Net:
        def __call__(self, z):
            return softmax(z)

        def forward(self, z):
            return softmax(z)

    assert judge(EXERCISE, Net())
    assert judge(EXERCISE, Net().forward)


def test_a_buffer_that_is_used_again_does_not_change_earlier_outputs():
    buffer = {}

    def answer(z):
        out = buffer.setdefault(z.shape, np.empty_like(z))
        out[...] = softmax(z)
        return out

    assert judge(EXERCISE, answer)


# --- The stages, in order -------------------------------------------------------------------------


def raises_not_implemented(z):
    raise NotImplementedError


def computes_with_dots(z):
    e = ...
    return e / z.sum()


def multiplies_dots(z):
    e = ...
    return z @ e


@pytest.mark.parametrize(
    "answer",
    [
        None,
        ...,
        lambda z: None,
        lambda z: ...,
        raises_not_implemented,
        computes_with_dots,
        multiplies_dots,
        lambda z: print(z),
    ],
    ids=count(1),
)
def test_nothing_written_is_not_attempted(answer):
    result = judge(EXERCISE, answer)
    assert result.stage == "attempted"
    assert repr(result).startswith("2.1 not attempted: ")
    assert not result


def test_a_forgotten_return_is_told():
    def forgets(z):
        softmax(z)

    assert judge(EXERCISE, forgets).message == "Your function returns None. Is a `return` missing?"


def test_an_object_that_gives_nothing_back_is_not_attempted():
    class Empty:
        def __call__(self, z):
            pass

    assert judge(EXERCISE, Empty()).stage == "attempted"


def test_printing_in_place_of_returning_is_told():
    result = judge(EXERCISE, lambda z: print("here"))
    assert "prints" in result.message
    assert result.evidence["it printed"].startswith("here")


@pytest.mark.parametrize("answer", [3, "softmax", [1, 2], np.ones(3), {"z": 1}])
def test_what_is_no_function_is_told(answer):
    result = judge(EXERCISE, answer)
    assert result.stage == "runs"
    assert "function" in result.message
    assert "without parentheses" in result.message


def test_what_was_handed_in_is_named_with_its_article():
    assert "this is an int." in judge(EXERCISE, 3).message
    assert "this is a dict." in judge(EXERCISE, {"z": 1}).message


def test_a_wrong_signature_says_what_it_should_take():
    result = judge(EXERCISE, lambda: 0)
    assert (result.stage, result.message) == (
        "runs",
        "Your function should take (z); it takes (nothing).",
    )
    assert "it takes (a, b)" in judge(EXERCISE, lambda a, b: a).message


def recurses(z):
    return recurses(z)


@pytest.mark.parametrize(
    "answer",
    [
        lambda z: 1 / 0,
        lambda z: exec("raise SystemExit"),
        recurses,
        lambda z: undefined,  # noqa: F821
    ],
    ids=count(1),
)
def test_an_error_is_caught_and_told(answer):
    result = judge(EXERCISE, answer)
    assert result.stage == "runs"
    assert result.message.startswith("It stops with ")
    assert result.evidence["shapes in"] == "z (2, 3)"
    assert len(result.message) > len("It stops with Error: ")


def test_an_error_is_told_with_its_line_and_what_was_printed():
    def prints_and_stops(z):
        print("so far so good")
        return 1 / 0

    result = judge(EXERCISE, prints_and_stops)
    assert result.message == "It stops with ZeroDivisionError: division by zero"
    assert result.evidence["line"] == "return 1 / 0"
    assert result.evidence["it printed"] == "so far so good"

    def silent(z):
        raise ValueError

    assert judge(EXERCISE, silent).message == "It stops with ValueError: no message"


@pytest.mark.parametrize(
    ("answer", "stage", "shown"),
    [
        (lambda z: (print("a"), z.sort())[0] or softmax(z), "pure", "a"),
        (lambda z: print("b") or softmax(z) / 0, "finite", "b"),
        (lambda z: print("c") or softmax(z) + 1, "value", "c"),
    ],
    ids=count(1),
)
def test_what_was_printed_is_shown_with_every_finding(answer, stage, shown):
    result = judge(EXERCISE, answer)
    assert (result.stage, result.evidence["it printed"]) == (stage, shown)


def test_the_line_is_the_learners_own():
    def deep(z):
        return np.linalg.inv(z)

    assert judge(EXERCISE, deep).evidence["line"] == "return np.linalg.inv(z)"


def test_much_printing_is_cut():
    def chatters(z):
        print("x" * 500)
        return softmax(z) + 1

    printed = judge(EXERCISE, chatters).evidence["it printed"]
    assert printed == "x" * 200 + " (and more)"


def test_an_interrupt_ends_a_long_loop():
    def endless(z):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge(EXERCISE, endless)


def in_place(z):
    z -= z.max(axis=1, keepdims=True)
    return softmax(z)


def sorts(z):
    z.sort()
    return softmax(z)


@pytest.mark.parametrize("answer", [in_place, sorts], ids=count(1))
def test_a_changed_input_is_told(answer):
    result = judge(EXERCISE, answer)
    assert result.stage == "pure"
    assert "`z`" in result.message


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda z: "text", "string"),
        (lambda z: softmax(z) * 1j, "Complex"),
        (lambda z: [[1.0], [2.0, 3.0]], "different lengths"),
        (lambda z: np.array([[None, 1], [2, 3]], dtype=object), "Numbers are expected"),
        (lambda z: {"p": softmax(z)}, "Numbers are expected"),
        (lambda z: softmax, "Numbers are expected"),
        (lambda z: softmax(z)[None], "shape"),
        (lambda z: softmax(z).T, "shape"),
        (lambda z: 1.0, "shape"),
        (lambda z: (softmax(z), 1.0), ""),
    ],
    ids=count(1),
)
def test_a_result_of_another_kind_is_a_matter_of_shape(answer, word):
    result = judge(EXERCISE, answer)
    assert result.stage == "shape"
    assert word in result.message


def test_both_shapes_are_shown():
    result = judge(EXERCISE, lambda z: softmax(z).T)
    assert result.evidence["shape"] == "yours (3, 2), expected (2, 3)"


@pytest.mark.parametrize("stray", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_told(stray):
    result = judge(EXERCISE, lambda z: softmax(z) + stray)
    assert result.stage == "finite"
    assert str(stray) in result.evidence["yours"]
    assert result.evidence["input"] == "z = [[0., 1., 2.], [1., 1., 1.]]"


def test_a_value_that_is_off_is_shown_on_the_smallest_case():
    result = judge(EXERCISE, lambda z: softmax(z) + 0.01)
    assert result.stage == "value"
    assert result.misconception is None
    assert result.evidence["input"] == "z = [[0., 1., 2.], [1., 1., 1.]]"
    assert result.evidence["expected"].startswith("[[0.090031, 0.244728, 0.665241]")
    assert list(result.evidence) == ["input", "yours", "expected"]


def test_the_case_shown_is_the_smallest_that_fails():
    def fails_on_large_ones(z):
        return softmax(z) + 0.01 * (len(z) > 2)

    assert judge(EXERCISE, fails_on_large_ones).evidence["input"].count("[") == 4  # (3, 3)


def test_tolerance_follows_the_number_format():
    assert judge(EXERCISE, lambda z: softmax(z) + 1e-9)
    assert stage(lambda z: softmax(z) + 1e-5) == "value"
    assert stage(lambda z: (softmax(z) + 1e-3).astype(np.float32)) == "value"


# --- Misconceptions -------------------------------------------------------------------------------


def test_a_misconception_is_named_when_every_case_agrees():
    result = judge(EXERCISE, lambda z: columns(z) * 1.0)
    assert (result.misconception, result.message) == (
        "columns",
        "Your columns sum to 1, not your rows.",
    )


def test_a_misconception_is_not_named_when_one_case_differs():
    def half(z):
        return columns(z) if len(z) == 2 else softmax(z)

    assert judge(EXERCISE, half).misconception is None


def test_extremes_are_judged_after_the_ordinary():
    result = judge(EXERCISE, unshifted)
    assert (result.stage, result.misconception) == ("finite", "unshifted")
    both = judge(EXERCISE, lambda z: np.exp(z) / np.exp(z).sum(axis=0, keepdims=True))
    assert both.misconception == "columns"


def test_an_error_can_be_a_misconception():
    def shapes_that_do_not_meet(z):
        return z @ z.T[:1]

    assert judge(EXERCISE, shapes_that_do_not_meet).misconception == "raises"
    assert judge(EXERCISE, lambda z: z.reshape(7)).misconception is None  # a ValueError as well


# --- What is shown --------------------------------------------------------------------------------


def test_html_is_escaped_and_announced():
    result = Result("1.1", "value", "a < b & <b>", None, {"yours <": "<script>alert(1)</script>"})
    root = ET.fromstring(result._repr_html_().replace("&#8594;", ">"))
    assert root.get("role") == "status"
    assert root.get("class") == "nn-check no"
    assert "<script>" not in result._repr_html_()
    assert "<dt>yours &lt;</dt>" in result._repr_html_()
    passed = Result("1.1", "passed", "yes")._repr_html_()
    assert 'class="nn-check ok"' in passed
    assert "&#10003;" in passed
    assert "&#10003;" not in result._repr_html_()


def test_backticks_become_code():
    html = judge(EXERCISE, in_place)._repr_html_()
    assert "<code>z</code>" in html
    assert "`" not in html
    assert "`" not in hint("5.1")._repr_html_()


def test_no_answer_is_called_wrong_and_none_shows_an_address():
    answers = [3, None, columns, unshifted, in_place, lambda z: softmax, lambda z: 1 / 0]
    for answer in answers:
        text = repr(judge(EXERCISE, answer))
        assert "wrong" not in text.lower()
        assert "0x" not in text
        assert text == repr(judge(EXERCISE, answer))


# --- What a learner calls -------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _fresh_records(monkeypatch):
    monkeypatch.setattr(learner, "_records", {})


def test_check_counts_attempts_and_remembers_a_pass():
    model = learner.find("5.1").solution
    check("5.1", None)
    assert not check("5.1", lambda f, x, h=1: x)
    assert check("5.1", model)
    assert not check("5.1", lambda f, x, h=1: x)
    record = progress()["5.1"]
    assert (record.attempts, record.passed, record.hints) == (3, True, 0)
    assert "5.1 passed, 3 attempts" in repr(progress())


def test_hints_come_one_by_one_and_the_last_stays():
    texts = [repr(hint("5.1")) for _ in range(4)]
    assert [text[:11] for text in texts] == [
        "Hint 1 of 3",
        "Hint 2 of 3",
        "Hint 3 of 3",
        "Hint 3 of 3",
    ]
    assert [text[13:] for text in texts[:3]] == list(learner.find("5.1").hints)
    assert progress()["5.1"].hints == 3


def test_an_open_exercise_is_shown_as_open():
    check("5.1", lambda f, x, h=1: x)
    hint("5.1")
    assert not progress()["5.1"].passed
    assert repr(progress()).splitlines()[1] == "  5.1 open, 1 attempt, hints taken: 1"
    assert repr(progress()).startswith("0 of ")


def test_the_starter_of_a_repair_is_no_attempt():
    exercise = learner.find("7.4")
    namespace = dict(vars(inspect.getmodule(exercise.solution)))
    source = starter("7.4")
    file = "<cell>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    exec(compile(source, file, "exec"), namespace)
    broken = namespace["train_and_predict"]
    assert check("7.4", broken).misconception == "scale + targets + gradients + mode"
    assert progress()["7.4"].attempts == 0
    check("7.4", exercise.misconceptions[0].wrong)  # the same faults, in words of one's own
    assert progress()["7.4"].attempts == 1


def test_what_was_named_is_remembered():
    known = learner.find("5.1").misconceptions
    for answer in (known[2].wrong, known[2].wrong, known[0].wrong, lambda f, x, h=1: x):
        check("5.1", answer)
    assert progress()["5.1"].misconceptions == {known[2].id: 2, known[0].id: 1}


def test_an_unknown_number_lists_the_known_and_the_nearest():
    with pytest.raises(
        ValueError, match=r'no exercise "5.11". Did you mean "5.1"\? The exercises are .*5\.1'
    ):
        check("5.11", None)
    for call in (hint, solution, starter):
        with pytest.raises(ValueError, match="There is no exercise"):
            call("99.9")


def test_arguments_the_other_way_round_are_told():
    with pytest.raises(TypeError, match="number of the exercise first"):
        check(softmax, "5.1")


def test_a_number_without_quotes_is_understood():
    assert check(5.1, None).exercise == "5.1"


def test_the_solution_shows_its_source_and_that_it_passes():
    shown = solution("5.1")
    assert repr(shown).startswith("def numerical_gradient(f, x, h=1e-5):")
    assert repr(shown).endswith("# 5.1 passed: every case agrees.")
    assert shown._repr_mimebundle_()["text/plain"] == repr(shown)


def test_the_starter_is_the_solution_with_dots():
    lines = starter("5.1").splitlines()
    assert lines[0] == "def numerical_gradient(f, x, h=1e-5):"
    assert lines[-1] == "    ..."
