"""The exercises are tested before a learner sees them: every one of them, new ones included."""

import ast
import contextlib
import inspect
import re
import textwrap
from collections import Counter

import numpy as np
import pytest

from nnlib.course.exercises.bank import EXERCISES
from nnlib.course.exercises.compare import snapshot, unchanged
from nnlib.course.exercises.judge import judge
from nnlib.course.exercises.listing import Solution, listing_of, starter_of
from nnlib.course.exercises.trial import attempt

IDS = [exercise.id for exercise in EXERCISES]
COSTLY = {"3.3", "14.3"}  # thirty layers of 512 units; a training for each point of a curve


def case(exercise, *more):
    """A parameter set; what trains networks, or is as much work, is slow."""
    marks = [pytest.mark.slow] if exercise.kind == "budget" or exercise.id in COSTLY else []
    name = ":".join([exercise.id, *(each.id for each in more)])
    return pytest.param(exercise, *more, id=name, marks=marks)


each_exercise = pytest.mark.parametrize("exercise", list(map(case, EXERCISES)))
each_code = pytest.mark.parametrize(
    "exercise", [case(exercise) for exercise in EXERCISES if not exercise.written]
)
each_misconception = pytest.mark.parametrize(
    ("exercise", "misconception"),
    [case(exercise, known) for exercise in EXERCISES for known in exercise.misconceptions],
)


@pytest.fixture
def seeds(pytestconfig):
    """Cases drawn several times: once where networks are trained for each, and in `make check`."""
    hurried = "not slow" in pytestconfig.option.markexpr

    def drawn(exercise, count):
        return range(1 if hurried or exercise.kind == "budget" else count)

    return drawn


def answer_in(source, exercise):
    """Run a piece of source in the bank's own namespace and return the answer that it defines."""
    if exercise.written:
        namespace = {}
        exec(source, namespace)
        return namespace.get("answer", namespace.get("order"))
    namespace = dict(vars(inspect.getmodule(exercise.solution)))
    exec(source, namespace)
    return namespace[exercise.solution.__name__]


def test_numbers_are_unique_and_in_order():
    numbers = [tuple(map(int, number.split("."))) for number in IDS]
    assert numbers == sorted(set(numbers))


@each_exercise
def test_has_three_hints_and_at_least_three_misconceptions(exercise):
    assert len(exercise.hints) == 3
    names = [known.id for known in exercise.misconceptions]
    assert len(names) >= 3
    assert len(set(names)) == len(names)


@each_exercise
def test_every_misconception_says_why_it_is_tempting(exercise):
    """In a sentence or two of its own, and not in the words of its message."""
    for known in exercise.misconceptions:
        sentences = re.split(r"(?<=[.?])\s+", known.tempting)
        assert len(sentences) <= 2, f"{known.id}: {known.tempting!r}"
        assert all(re.search(r"[.?]$", each) for each in sentences), f"{known.id} has no full stop"
        assert len(known.tempting.split()) >= 4, f"{known.id}: {known.tempting!r}"
        assert known.tempting not in known.message


def test_no_two_misconceptions_are_tempting_in_the_same_words():
    told = Counter(known.tempting for each in EXERCISES for known in each.misconceptions)
    assert [text for text, count in told.items() if count > 1] == []


@each_exercise
def test_starter_is_not_attempted_or_for_a_repair_not_right(exercise):
    result = judge(exercise, answer_in(starter_of(exercise), exercise))
    if exercise.kind == "debug" and result.stage != "attempted":
        assert result.misconception, f"the broken code must be a misconception of its own: {result}"
    else:
        assert result.stage == "attempted", result


@each_exercise
def test_solution_as_shown_passes(exercise):
    assert "solution>" not in listing_of(exercise) + starter_of(exercise)
    assert "passed" in repr(Solution(exercise))
    assert judge(exercise, answer_in(listing_of(exercise), exercise))


@each_exercise
def test_right_answers_pass(exercise, seeds):
    for seed in seeds(exercise, 10):
        for answer in (exercise.solution, *exercise.also_right):
            result = judge(exercise, answer, seed)
            assert result, f"seed {seed}: {result}"


@each_misconception
def test_misconception_is_refused_and_named_as_itself(exercise, misconception, seeds):
    for seed in seeds(exercise, 5):
        result = judge(exercise, misconception.wrong, seed)
        assert not result
        assert result.misconception == misconception.id, f"seed {seed}: {result}"
        assert result.message == misconception.message


@each_code
def test_learner_who_changes_the_inputs_is_told(exercise):
    if not _arrays(_cases(exercise, 0)[0]):
        pytest.skip("no array goes in")

    def changes(*case):
        output = snapshot(exercise.solution(*case))
        array = _arrays(case)[0]
        array[...] = array == 0
        return output

    # The same arguments as the solution, so that only the side effect is to be found.
    changes.__signature__ = inspect.signature(exercise.solution)
    assert judge(exercise, changes).stage == "pure"


@each_code
def test_solution_leaves_its_inputs_alone(exercise):
    model = exercise.adapt(exercise.solution)
    for case in _cases(exercise, 3):
        assert attempt(model, case, exercise.names).changed == ()


@each_code
def test_cases_tell_sizes_apart(exercise):
    """Several cases; arrays with different sizes, and batches larger than 1."""
    cases = _cases(exercise, 0)
    arrays = _arrays(cases)
    if not arrays:
        pytest.skip("no array goes in")
    assert len(cases) >= 2
    assert all(array.dtype.name in ("float64", "int64", "bool") for array in arrays)
    matrices = [array.shape for array in arrays if array.ndim == 2]
    if matrices:
        assert any(rows != columns for rows, columns in matrices)


@each_code
def test_cases_are_drawn_from_the_seed_alone(exercise):
    assert unchanged(_cases(exercise, 7), _cases(exercise, 7))


def _cases(exercise, seed):
    return list(exercise.cases(np.random.default_rng(seed)))


def _arrays(value):
    """Every array in a case, however deep."""
    if isinstance(value, np.ndarray):
        return [value]
    items = value.values() if isinstance(value, dict) else value
    return (
        [a for item in items for a in _arrays(item)]
        if isinstance(value, dict | list | tuple)
        else []
    )


# --- Nothing gives the answer away ----------------------------------------------------------------


@each_exercise
def test_messages_and_early_hints_do_not_contain_the_solution(exercise):
    told = [text for known in exercise.misconceptions for text in (known.message, known.tempting)]
    told += exercise.hints[:2]
    for expression in _expressions(exercise):
        for text in told:
            assert expression not in "".join(text.split()), f"{expression!r} is given away: {text}"


def _expressions(exercise):
    """What there is to write, without spaces: statements' right sides, calls, arithmetic."""
    if exercise.kind == "parsons":
        return ["".join(exercise.solution.split())]
    if exercise.written:
        return []
    tree = ast.parse(textwrap.dedent(listing_of(exercise)))
    shown = "".join(starter_of(exercise).split())
    kinds = (ast.BinOp, ast.Call, ast.Compare, ast.Subscript)
    texts = {
        "".join(ast.unparse(node).split()) for node in ast.walk(tree) if isinstance(node, kinds)
    }
    return [text for text in texts if len(text) >= 8 and text not in shown]


# --- Mutants: a solution with one thing changed must be refused, or be the same function ----------

SWAPS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.USub: ast.UAdd,
}
NAMES = {
    "sum": "mean",
    "mean": "sum",
    "max": "min",
    "min": "max",
    "maximum": "minimum",
    "minimum": "maximum",
    "argmax": "argmin",
    "zeros_like": "ones_like",
    "zeros": "ones",
    "exp": "expm1",
    "sin": "cos",
    "cos": "sin",
    "tanh": "sin",
}


def _variants(node):
    """Every change to make to one node, as a function that makes it in place."""
    operator = getattr(node, "op", None)
    if type(operator) in SWAPS:
        yield lambda: setattr(node, "op", SWAPS[type(operator)]())
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        yield lambda: node.ops.__setitem__(0, SWAPS[type(node.ops[0])]())
    if isinstance(node, ast.keyword) and node.arg == "axis":
        yield lambda: setattr(node, "value", ast.Constant(None))
        for axis in (0, 1):
            if ast.unparse(node.value) != str(axis):
                yield lambda axis=axis: setattr(node, "value", ast.Constant(axis))
    if isinstance(node, ast.keyword) and node.arg == "keepdims":
        yield lambda: setattr(node, "value", ast.Constant(False))
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield lambda: setattr(node, "attr", NAMES[node.attr])
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        yield lambda: setattr(node, "attr", "real")  # the same array, not transposed
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield lambda: setattr(node, "value", node.value + 1)
        if node.value:
            yield lambda: setattr(node, "value", -node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult | ast.Sub | ast.Div):
        yield lambda: node.__dict__.update(left=node.right, right=node.left)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        yield lambda: node.slice.elts.reverse()
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        yield lambda: node.value.elts.reverse()


def mutants(exercise):
    """Sources of the solution with one change each, and the line that shows the change."""
    source = textwrap.dedent(listing_of(exercise))
    original = ast.unparse(ast.parse(source))
    count = len(list(ast.walk(ast.parse(source))))
    for position in range(count):
        choice = 0
        while True:
            tree = ast.parse(source)
            node = list(ast.walk(tree))[position]
            variants = list(_variants(node))
            if choice == len(variants):
                break
            variants[choice]()
            choice += 1
            mutant = ast.unparse(ast.fix_missing_locations(tree))
            lines = zip(original.splitlines(), mutant.splitlines(), strict=False)
            changed = [after.strip() for before, after in lines if before != after]
            if changed:
                yield changed[0], mutant


@each_code
def test_mutants_of_the_solution_are_refused(exercise):
    if exercise.kind == "budget":
        pytest.skip("a changed recipe may well meet a budget")
    known = set(exercise.equivalent or {})
    met = set()
    total = 0
    survivors = []
    for line, source in mutants(exercise):
        with contextlib.suppress(SyntaxError):
            total += 1
            mutant = answer_in(source, exercise)
            refused = not all(judge(exercise, mutant, seed) for seed in range(3))
            if line in known:
                assert not refused, f"listed as equivalent, yet refused: {line}"
                assert all(judge(exercise, mutant, seed) for seed in range(3, 40))
                met.add(line)
            elif not refused:
                survivors.append(line)
    assert total, "the solution offers nothing to change"
    assert not survivors, "these changes pass: " + "; ".join(survivors)
    assert met == known, f"equivalent mutants that no longer exist: {known - met}"
