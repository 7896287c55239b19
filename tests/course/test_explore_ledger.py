"""The shape ledger: what fits, what only seems to, and that NumPy says the same."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from nnlib.course.explore.ledger import (
    ANY_BATCH,
    BATCHES,
    INPUTS,
    OUTPUTS,
    PRODUCTS,
    STORY,
    UNITS,
    Ledger,
)

STATES = [Ledger(*state) for state in product(PRODUCTS, BATCHES, BATCHES)]
WRITTEN = {
    "X W": lambda X, W: X @ W,
    "X Wᵀ": lambda X, W: X @ W.T,
    "W X": lambda X, W: W @ X,
    "W Xᵀ": lambda X, W: W @ X.T,
}


def layers(state, X):
    """Both layers in NumPy, without activations: they change no shape."""
    rng = np.random.default_rng(0)
    W1, W2 = rng.normal(size=(UNITS, INPUTS)), rng.normal(size=(OUTPUTS, state.reads))
    write = WRITTEN[state.product]
    Z1 = write(X, W1)
    return Z1, write(Z1, W2)


def batch(state):
    return np.random.default_rng(1).normal(size=(state.batch, INPUTS))


@pytest.mark.parametrize("state", STATES, ids=str)
def test_numpy_agrees_on_what_runs_and_on_every_shape(state):
    try:
        shapes = [Z.shape for Z in layers(state, batch(state))]
    except ValueError:
        shapes = None
    assert state.runs() is (shapes is not None)
    if shapes:
        assert [(s.result.rows, s.result.columns) for s in state.steps()] == shapes


@pytest.mark.parametrize("state", [state for state in STATES if state.runs()], ids=str)
def test_the_shaded_part_is_what_one_example_reaches(state):
    """Change the first example: what changes in each result is its row or column, or more."""
    X, moved = batch(state), batch(state)
    moved[0] += 1.0
    for step, before, after in zip(
        state.steps(), layers(state, X), layers(state, moved), strict=True
    ):
        changed = ~np.isclose(before, after)
        alone = np.zeros(changed.shape, dtype=bool)
        if step.result.examples is not None:
            alone[(slice(None),) * step.result.examples + (0,)] = True
            assert (changed == alone).all()
        else:
            assert changed.any(axis=0).all() or changed.any(axis=1).all()


def test_the_goal_is_reached_by_one_product_alone():
    reached = [state for state in STATES if ANY_BATCH.met(state)]
    assert {(state.product, state.reads) for state in reached} == {("X Wᵀ", UNITS)}
    assert len(reached) == len(BATCHES)


def test_a_product_that_runs_by_luck_is_not_the_goal():
    lucky = [state for state in STATES if state.runs() and not ANY_BATCH.met(state)]
    assert {(state.product, state.batch) for state in lucky} >= {("W X", INPUTS), ("W Xᵀ", UNITS)}
    assert not any(state.right() for state in lucky)
    assert "by luck" in ANY_BATCH.feedback(Ledger("W X", batch=INPUTS))
    assert "examples are mixed" in Ledger("W X", batch=INPUTS).describe()


def test_every_reason_is_given_to_its_own_mistake():
    said = {name: ANY_BATCH.feedback(Ledger(name)) for name in PRODUCTS}
    assert "meet the columns of X" in said["X W"]
    assert "rows of X are examples" in said["W X"]
    assert "gives back what it takes" in said["W Xᵀ"]
    assert said["X Wᵀ"] == "Goal reached."
    assert "layer 2 read" in ANY_BATCH.feedback(Ledger("X Wᵀ", reads=3))
    assert {ANY_BATCH.feedback(s) for s in STATES} >= {message for _, message in ANY_BATCH.why}


def test_the_story_goes_from_refusal_by_luck_to_the_goal():
    states = list(STORY.states.values())
    assert states[0] == Ledger()
    assert not ANY_BATCH.met(states[0])
    assert ANY_BATCH.met(states[-1])
    assert any(state.runs() and not state.right() for state in states)
    assert {state.product for state in states} == set(PRODUCTS)


def test_edges_that_do_not_meet_are_dashed_and_say_so():
    refused, fits = Ledger("X W").svg(), Ledger("X Wᵀ").svg()
    assert "3 ≠ 4" in refused
    assert "stroke-dasharray" in refused
    assert "Layer 2 has nothing to work on." in refused
    assert "≠" not in fits
    assert "stroke-dasharray" not in fits


def test_the_batch_is_drawn_as_large_as_it_is():
    heights = [replace(Ledger("X Wᵀ"), batch=n).svg().count("M20") for n in (1, 6)]
    assert heights[1] - heights[0] == 2 * 5  # five more lines in X and five more in A
