"""Each kind of exercise through the one pipeline; also an example of each for authors."""

from itertools import count

import numpy as np
import pytest

from nnlib.course.exercises.exercise import Misconception, Need, Property
from nnlib.course.exercises.judge import judge
from nnlib.course.exercises.kinds import (
    budget,
    debug,
    fault_finder,
    gradient,
    parsons,
    property_of,
    value,
)
from nnlib.course.exercises.listing import listing_of, starter_of

HINTS = ("a question?", "a direction", "nearly the line")


# --- gradient -------------------------------------------------------------------------------------


def linear_backward(X, W, G):
    """Gradients of a linear layer."""
    # <solution>
    dX = G @ W
    dW = G.T @ X
    # <starter>
    # dX = ...
    # dW = ...
    # </solution>
    return dX, dW


def _layers(rng):
    shapes = [(2, 3, 4), (3, 3, 3)]
    return [
        (rng.normal(size=(n, d)), rng.normal(size=(h, d)), rng.normal(size=(n, h)))
        for n, d, h in shapes
    ]


GRADIENT = gradient(
    "5.2",
    "Backwards through a layer",
    linear_backward,
    cases=_layers,
    loss=lambda X, W, G: np.sum(G * (X @ W.T)),
    outputs=("dX", "dW"),
    hints=HINTS,
    misconceptions=(
        Misconception("mean", lambda X, W, G: (G @ W, G.T @ X / len(X)), "You took a mean."),
    ),
)


def test_gradient_reports_variable_by_variable_and_nudges_an_entry():
    result = judge(GRADIENT, lambda X, W, G: (G @ W, -G.T @ X))
    assert result.stage == "value"
    assert result.evidence["dX"] == "exact"
    assert result.evidence["dW"].startswith("off by at most ")
    assert result.message == "Not the expected value of dW yet; here is a small case."
    assert list(result.evidence) == ["input", "dX", "dW", "your dW", "expected dW", "try"]
    words = result.evidence["try"].split()
    assert words[0] == "nudging"
    assert words[1].startswith("W[")
    slope, said = float(words[words.index("by", 4) + 1].rstrip(";")), float(words[-1])
    assert np.isclose(slope, -said, rtol=1e-2)


def test_gradient_nudges_the_entry_that_is_furthest_off():
    def one_entry_off(X, W, G):
        dX, dW = linear_backward(X, W, G)
        dX[1, 2] += 7.0
        return dX, dW

    result = judge(GRADIENT, one_entry_off)
    assert result.evidence["try"].startswith("nudging X[1, 2] by 1e-05 changes the loss by ")
    assert result.evidence["dX"] == "off by at most 7"


def test_gradient_says_close_when_it_is_numerical():
    result = judge(GRADIENT, lambda X, W, G: (G @ W + 1e-9, 0 * W))
    assert result.evidence["dX"] == "close"


def test_gradient_can_be_written_one_variable_at_a_time():
    nothing = judge(GRADIENT, lambda X, W, G: (..., ...))
    assert (nothing.stage, nothing.message) == ("attempted", "Still to write: dX, dW.")
    half = judge(GRADIENT, lambda X, W, G: (G @ W, ...))
    assert (half.stage, half.message) == ("attempted", "Still to write: dW.")
    assert half.evidence == {"right so far": "dX"}
    off = judge(GRADIENT, lambda X, W, G: (G @ W + 1, ...))
    assert off.stage == "value"


def test_a_misconception_is_named_before_the_other_variables_are_written():
    assert judge(GRADIENT, lambda X, W, G: (..., G.T @ X / len(X))).misconception == "mean"
    assert judge(GRADIENT, lambda X, W, G: (..., 2 * G.T @ X)).misconception is None
    by_name = gradient(
        "5.3",
        "The same by name",
        lambda X, W, G: {"dX": G @ W, "dW": G.T @ X},
        cases=_layers,
        hints=HINTS,
        misconceptions=(
            Misconception("sign", lambda X, W, G: {"dX": -G @ W, "dW": G.T @ X}, "Its sign?"),
        ),
    )
    assert judge(by_name, lambda X, W, G: {"dX": -G @ W, "dW": ...}).misconception == "sign"


@pytest.mark.parametrize("answer", [lambda X, W, G: G @ W, lambda X, W, G: (G @ W,)], ids=count(1))
def test_gradient_asks_for_all_results(answer):
    result = judge(GRADIENT, answer)
    assert result.stage == "shape"
    assert "in this order: dX, dW" in result.message


def test_gradient_takes_a_list_for_a_tuple():
    assert judge(GRADIENT, lambda X, W, G: list(linear_backward(X, W, G)))


def test_starter_shows_the_scaffold():
    assert starter_of(GRADIENT).endswith("    dX = ...\n    dW = ...\n    return dX, dW\n")
    assert "<" not in listing_of(GRADIENT)
    assert "# dX" not in listing_of(GRADIENT)


def test_results_in_a_dict_are_reported_by_key():
    exercise = gradient(
        "5.3",
        "The same by name",
        lambda X, W, G: {"dX": G @ W, "dW": G.T @ X},
        cases=_layers,
        hints=HINTS,
        misconceptions=(),
    )
    assert judge(exercise, lambda X, W, G: {"dW": G.T @ X, "dX": G @ W})
    missing = judge(exercise, lambda X, W, G: {"dX": G @ W, "dY": 0})
    assert missing.message == "The keys do not match; missing: dW; unexpected: dY."
    assert judge(exercise, lambda X, W, G: {"dX": G @ W, "dW": 0 * W}).evidence["dX"] == "exact"


# --- property -------------------------------------------------------------------------------------


def shuffled(W1, W2):
    """Reorder the hidden units without changing what the network computes."""
    return W1[::-1], W2[:, ::-1]


PROPERTY = property_of(
    "7.2",
    "Permuting hidden units",
    shuffled,
    (
        Property(
            "same function",
            lambda out, W1, W2: np.allclose(out[1] @ out[0], W2 @ W1),
            "The network computes something else now.",
        ),
        Property(
            "other order",
            lambda out, W1, W2: not np.allclose(out[0], W1),
            "The units are still in the old order.",
        ),
    ),
    cases=lambda rng: [(rng.normal(size=(4, 2)), rng.normal(size=(3, 4)))],
    outputs=("W1", "W2"),
    hints=HINTS,
    misconceptions=(
        Misconception("rows-twice", lambda W1, W2: (W1[::-1], W2[::-1]), "Columns, or rows?"),
    ),
)


def test_property_takes_any_answer_that_has_it():
    assert judge(PROPERTY, shuffled)
    assert judge(PROPERTY, lambda W1, W2: (np.roll(W1, 1, axis=0), np.roll(W2, 1, axis=1)))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda W1, W2: (W1, W2), "old order"),
        (lambda W1, W2: (W1[::-1], W2), "something else"),
        (lambda W1, W2: (W1[::-1], np.zeros(7)), "something else"),
        (lambda W1, W2: (W1[::-1], W2[::-1]), "Columns, or rows?"),
    ],
    ids=count(1),
)
def test_property_refuses_the_others(answer, message):
    result = judge(PROPERTY, answer)
    assert result.stage == "property"
    assert result.evidence["input"].startswith("W1 = [[")
    assert result.evidence["yours"].startswith("([[")
    assert message in result.message


# --- value ----------------------------------------------------------------------------------------

VALUE = value(
    "5.4",
    "Shapes on the way back",
    {"dW": (3, 2), "slope": 0.25, "cost": "about twice"},
    hints=HINTS,
    feedback={
        "dW": [((2, 3), "That is the shape of its transpose.")],
        "slope": [(1.0, "That is the slope before the squashing.")],
        "cost": [("the same", "Count the products.")],
    },
)


def test_value_takes_any_form_of_the_right_answer():
    assert judge(VALUE, {"dW": [3, 2], "slope": 1 / 4, "cost": "About  Twice"})
    assert judge(VALUE, {"dW": np.array([3, 2]), "slope": np.float32(0.25), "cost": "about twice"})


def test_value_speaks_to_the_first_question_that_is_off():
    right = {"dW": (3, 2), "slope": 0.25, "cost": "about twice"}
    known = judge(VALUE, {**right, "slope": 1.0, "cost": "unknown"})
    assert known.message == "That is the slope before the squashing."
    unknown = judge(VALUE, {**right, "slope": 7.0})
    assert (unknown.stage, unknown.misconception) == ("value", None)
    assert "0.25" not in repr(unknown)
    assert "0.25" not in repr(judge(VALUE, {**right, "slope": "a string"}))
    assert "3, 2" not in repr(judge(VALUE, {**right, "dW": (1, 2, 3)}))


def test_value_that_is_not_filled_in_is_not_attempted():
    result = judge(VALUE, {"dW": (3, 2), "slope": ...})
    assert (result.stage, result.message) == ("attempted", "Still to answer: 'slope'.")
    assert result.evidence == {"right so far": "1 of 3"}
    assert judge(VALUE, {}).evidence == {}


def test_value_judges_what_is_answered_before_what_is_open():
    result = judge(VALUE, {"dW": (2, 3), "slope": ...})
    assert result.message == "That is the shape of its transpose."


@pytest.mark.parametrize("given", [(2,), (3, 2, 1), 3, "(2, 3)", "an error", [3], (3.5, 2)])
def test_another_shape_is_no_shape_error(given):
    result = judge(VALUE, {"dW": given})
    assert (result.stage, result.evidence) == ("value", {})


def test_a_shape_where_a_word_is_right_is_refused():
    result = judge(VALUE, {"dW": (3, 2), "slope": 0.25, "cost": (3, 2)})
    assert (result.stage, result.misconception) == ("value", None)


def test_value_says_what_it_takes():
    assert "is a dict" in judge(VALUE, 3).message
    assert "There is no question 'dw'" in judge(VALUE, {"dw": 1}).message


def test_value_keeps_apostrophes_and_quotes():
    odd = {"layer's shape": 3, 'the "best"': "it's"}
    exercise = value("5.7", "Quotes", odd, hints=HINTS, feedback={})
    namespace = {}
    exec(listing_of(exercise), namespace)
    assert namespace["answer"] == odd


def test_value_has_a_starter_with_blanks():
    assert (
        starter_of(VALUE) == 'answer = {\n    "dW": ...,\n    "slope": ...,\n    "cost": ...,\n}\n'
    )
    assert '    "dW": (3, 2),\n' in listing_of(VALUE)


# --- Parsons --------------------------------------------------------------------------------------

PARSONS = parsons(
    "7.3",
    "The training loop",
    {
        "A": "optimizer.step()",
        "B": "loss.backward()",
        "C": "loss = mse_loss(model(X), y)",
        "D": "optimizer.zero_grad()",
        "E": "loss.step()",
    },
    "D C B A",
    also_right=("C D B A",),
    hints=HINTS,
    misconceptions=(
        Misconception("step-first", "D C A B", "Which gradient would that step use?"),
        Misconception("never-zero", "C B A", "What is in the gradients from the round before?"),
        Misconception("loss-steps", "D C B E", "Who holds the parameters?"),
    ),
)


@pytest.mark.parametrize("order", ["D C B A", "d c b a", "D, C, B, A", "DCBA", "C D B A"])
def test_parsons_takes_every_right_order(order):
    assert judge(PARSONS, order)


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ("D B C A", "The first one is in place. Step 2 is not B: loss.backward()"),
        ("C D E B", "The first 2 are in place. Step 3 is not E: loss.step()"),
        ("C D A B", "Which gradient would that step use?"),
        ("D C B", "The first 3 are in place. Something has to follow."),
        ("D C B A A", "The first 4 are in place. After them A is one too many."),
        ("B C D A", "Step 1 is not B: loss.backward()"),
        ("D C B E", "Who holds the parameters?"),
        ("D C A B", "Which gradient would that step use?"),
        ("D C A", "Which gradient would that step use?"),
        ("C B A", "What is in the gradients from the round before?"),
        ("D C Q", "There is no line 'Q'; the lines are A, B, C, D, E."),
    ],
)
def test_parsons_names_the_first_misplaced_step(order, message):
    assert judge(PARSONS, order).message == message


def test_parsons_starts_from_lettered_lines():
    assert starter_of(PARSONS).startswith("# A  optimizer.step()\n")
    assert starter_of(PARSONS).endswith('order = "..."\n')
    assert listing_of(PARSONS).startswith("# D  optimizer.zero_grad()\n# C  loss")
    assert judge(PARSONS, "...").stage == "attempted"
    assert "string of letters" in judge(PARSONS, ["D"]).message


# --- budget ---------------------------------------------------------------------------------------


def recipe(rng):
    """Return a sample whose mean is near 0, of at most 50 numbers."""
    return rng.normal(size=50)


def _measure(answer, seed):
    sample = answer(np.random.default_rng(seed))
    if sample is None:
        raise NotImplementedError
    return {"numbers": len(sample), "mean": abs(float(np.mean(sample)))}


BUDGET = budget(
    "7.4",
    "A sample on a budget",
    recipe,
    _measure,
    (Need("numbers", at_most=50), Need("mean", at_most=0.3, share=0.8)),
    hints=HINTS,
    misconceptions=(
        Misconception(
            "too-many",
            lambda rng: rng.normal(size=5000),
            "That is over the budget.",
            sign=lambda runs: all(run["numbers"] > 50 for run in runs),
        ),
    ),
)


def test_budget_is_judged_over_hidden_seeds():
    assert judge(BUDGET, recipe)
    result = judge(BUDGET, lambda rng: rng.normal(size=50) + 1)
    assert result.stage == "property"
    assert result.message == "mean at most 0.3 is asked; met on 0 of 5 hidden seeds."
    assert len(result.evidence["mean"].split(", ")) == 5


def test_budget_tells_a_missing_return_from_an_answer_not_begun():
    def forgets(rng):
        rng.normal(size=50)

    def not_begun(rng): ...

    assert judge(BUDGET, forgets).message == "Your function returns None. Is a `return` missing?"
    assert judge(BUDGET, not_begun).message.startswith("Nothing to check yet")
    assert judge(BUDGET, forgets).stage == judge(BUDGET, not_begun).stage == "attempted"


def test_budget_names_the_line_of_the_answer_itself():
    def stops(rng):
        return rng.normal(size=50).reshape(7, 7)

    assert judge(BUDGET, stops).evidence["line"] == "return rng.normal(size=50).reshape(7, 7)"


def test_a_need_includes_its_bounds_and_says_them():
    need = Need("accuracy", at_least=0.9, at_most=1.0)
    assert [need.met(value) for value in (0.89, 0.9, 1.0, 1.01, np.nan)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert str(need) == "accuracy at least 0.9 and at most 1"


def test_budget_knows_a_misconception_by_its_sign():
    assert judge(BUDGET, lambda rng: rng.normal(size=90)).misconception == "too-many"


def test_budget_allows_a_share_to_fail():
    calls = []

    def unlucky_once(rng):
        calls.append(1)
        return rng.normal(size=50) + (len(calls) == 2)

    assert judge(BUDGET, unlucky_once)
    calls.clear()
    assert not judge(BUDGET, lambda rng: unlucky_once(rng) + (len(calls) == 3))


def test_budget_says_when_the_recipe_stops():
    assert "ZeroDivisionError" in judge(BUDGET, lambda rng: 1 / 0).message
    assert judge(BUDGET, lambda rng: 7).stage == "runs"


# --- debug ----------------------------------------------------------------------------------------


def mean_of_rows(X):
    """Return the mean of each row of X (N, D), shape (N,)."""
    # <solution>
    return X.mean(axis=1)
    # <starter>
    # return X.mean(axis=0)
    # </solution>


REPAIR = debug(
    "5.5",
    "The wrong mean",
    mean_of_rows,
    cases=lambda rng: [(rng.normal(size=(2, 3)),), (rng.normal(size=(3, 3)),)],
    hints=HINTS,
    misconceptions=(
        Misconception("as-given", lambda X: X.mean(axis=0), "These are means of columns."),
    ),
)


def test_debug_starts_from_broken_code_that_runs():
    namespace = {}
    exec(starter_of(REPAIR), namespace)
    assert judge(REPAIR, namespace["mean_of_rows"]).misconception == "as-given"
    assert judge(REPAIR, mean_of_rows)


def catches_bad_means(mean):
    """Raise AssertionError unless mean(X) is the mean of each row."""
    X = np.array([[1.0, 2.0], [3.0, 6.0]])
    assert np.allclose(mean(X), [1.5, 4.5])


FAULTS = fault_finder(
    "5.6",
    "A test that catches it",
    catches_bad_means,
    lambda X: X.mean(axis=1),
    {
        "columns": (lambda X: X.mean(axis=0), "A mean over columns slips through."),
        "sum": (lambda X: X.sum(axis=1), "A sum slips through."),
        "raises": (lambda X: X.mean(axis=7), "Code that stops slips through."),
    },
    hints=HINTS,
    misconceptions=(
        Misconception(
            "shape-only",
            lambda mean: _assert(mean(np.ones((2, 2))).shape == (2,)),
            "Your test looks at the shape alone.",
        ),
    ),
)


def _assert(truth):
    assert truth


def test_a_test_that_catches_every_fault_passes():
    assert judge(FAULTS, catches_bad_means)
    assert judge(FAULTS, lambda mean: np.allclose(mean(np.array([[1.0, 2.0], [3, 5]])), [1.5, 4]))


@pytest.mark.parametrize(
    ("test", "stage", "message"),
    [
        (lambda mean: None, "attempted", "Nothing to check yet"),
        (lambda mean: ..., "attempted", "Nothing to check yet"),
        (lambda mean: _assert(mean(np.ones((2, 2)))[0] == 1), "value", "A mean over columns"),
        (lambda mean: _assert(mean(np.eye(2))[0] == 9), "value", "refuses the correct"),
        (lambda mean: mean(np.ones((2, 2))).shape == (2,), "value", "shape alone"),
        (lambda mean: mean(np.ones(2)), "runs", "AxisError"),
    ],
    ids=count(1),
)
def test_a_test_that_lets_a_fault_through_is_told_which(test, stage, message):
    result = judge(FAULTS, test)
    assert result.stage == stage
    assert message in result.message
