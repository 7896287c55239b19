"""Chapter 5, backpropagation: its exercises. This file is also the guide.

One exercise stands here; the others are beside it: 5.2 in `backpropagation_chain.py`, 5.3 in
`backpropagation_gradients.py`, 5.4 in `backpropagation_faults.py`, 5.5 in
`backpropagation_predictions.py`.

How to add an exercise
----------------------
1. Write the solution as a plain function, with the learner's name for it and a docstring that says
   what goes in and out, with shapes (lines of at most 76 characters fit the page). Put the lines
   that the learner writes between `# <solution>` and `# </solution>`; the starter shows `...`
   there. Leave nothing after the block that would run with a name unbound: the starter must come
   out as "not attempted". To show other code than `...` (a broken line to repair, a scaffold), put
   it after `# <starter>`, each line behind "# ".
2. Write `cases(rng)`: a list of argument tuples. The first is small, with numbers one can follow by
   hand. Then rectangular ones with all sizes different, then a square one; batches larger than 1,
   float64, values of size about 1. What is extreme (overflow, ties, empty) goes into `stress`.
3. Write at least three misconceptions: a function a learner could have written, a message that
   names the idea (never the line to write: the counterexample is added by itself), and `tempting`,
   a plain sentence that says why a careful person may think so. Message and `tempting` stand on the
   page Misconceptions, where they must read well without the chapter. In a `value` exercise each
   wrong answer is a triple: (answer, message, tempting).
4. Write three hints: a question, a direction, nearly the line.
5. In the chapter, put its text into `<div class="nn-exercise" id="exercise-5-1">`, with the number
   of the exercise in the id: other pages link to it.
6. Add the exercise to `EXERCISES` and run `pytest tests/course/test_bank.py -k 5.1`. The tests
   prove that the starter is "not attempted", that the solution and all of `also_right` pass, that
   every misconception is refused and named as itself, and that mutants of the solution are refused.
   A mutant that changes nothing goes into `equivalent`, by the line the test prints, with a reason.

The constructors in `kinds.py` show the other kinds: `gradient` (give `loss` and `outputs`, and the
feedback nudges one entry), `value`, `parsons`, `budget`, `debug` (repair), `fault_finder` (write
the test), `property_of`.
"""

import numpy as np

from nnlib.course.exercises.bank.backpropagation_chain import SLOPES
from nnlib.course.exercises.bank.backpropagation_faults import FIND_BUG
from nnlib.course.exercises.bank.backpropagation_gradients import LAYERS
from nnlib.course.exercises.bank.backpropagation_predictions import PREDICTIONS
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D103, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 5.1 -------------------------------------------------------------------------------------------


def numerical_gradient(f, x, h=1e-5):
    """The slope of f at x in every direction: an array of the shape of x.

    f takes an array and returns one number. x may have any shape, and is
    left as it was.
    """
    # <solution>
    gradient = np.zeros_like(x)
    for entry in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[entry] += h
        down[entry] -= h
        gradient[entry] = (f(up) - f(down)) / (2 * h)  # (5.1)
    return gradient
    # </solution>


def sum_of_cubes(x):
    return (x**3).sum()


def sum_of_sines_times_total(x):
    return np.sin(x).sum() * (x.sum() + 2)


def _points(rng: np.random.Generator) -> list[Case]:
    f, g = sum_of_cubes, sum_of_sines_times_total
    return [
        (f, np.array([1.0, 2.0]), 0.1),
        (f, rng.normal(size=(2, 3)), 0.1),
        (g, rng.normal(size=(3, 4, 2)), 0.2),
        (g, rng.normal(size=(3, 3)), 0.2),
        (g, rng.normal(size=4)),
    ]


def _no_axis(rng: np.random.Generator) -> list[Case]:
    return [(sum_of_cubes, np.array(1.5), 0.1)]


def _entry_by_entry(slope):
    """The solution's loop around another slope."""

    def gradient(f, x, h=1e-5):
        out = np.zeros_like(x)
        for entry in np.ndindex(x.shape):
            up, down = x.copy(), x.copy()
            up[entry] += h
            down[entry] -= h
            out[entry] = slope(f, x, up, down, h)
        return out

    return gradient


def _left_nudged(f, x, h=1e-5):
    out = np.zeros_like(x)
    for entry in np.ndindex(x.shape):
        below = f(x)
        x[entry] += h
        out[entry] = (f(x) - below) / h
    return out


def _nudged_back_by_arithmetic(f, x, h=1e-5):
    out = np.zeros_like(x)
    for entry in np.ndindex(x.shape):
        x[entry] += h
        above = f(x)
        x[entry] -= 2 * h
        out[entry] = (above - f(x)) / (2 * h)
        x[entry] += h
    return out


def _all_at_once(f, x, h=1e-5):
    return np.full_like(x, (f(x + h) - f(x - h)) / (2 * h))


def _rows_only(f, x, h=1e-5):
    out = np.zeros_like(x)
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        out[i] = (f(up) - f(down)) / (2 * h)
    return out


def _nudges_pile_up(f, x, h=1e-5):
    out, up, down = np.zeros_like(x), x.copy(), x.copy()
    for entry in np.ndindex(x.shape):
        up[entry] += h
        down[entry] -= h
        out[entry] = (f(up) - f(down)) / (2 * h)
    return out


def _flat(f, x, h=1e-5):
    return numerical_gradient(f, x, h).ravel()


def _first_entry_only(f, x, h=1e-5):
    out = np.zeros_like(x)
    entry = (0,) * x.ndim
    out[entry] = numerical_gradient(f, x, h)[entry]
    return out


def _same_array(f, x, h=1e-5):
    out = np.zeros_like(x)
    for entry in np.ndindex(x.shape):
        up = down = x
        up[entry] += h
        down[entry] -= h
        out[entry] = (f(up) - f(down)) / (2 * h)
    return out


def _saved_and_restored(f, x, h=1e-5):
    out = np.empty(x.shape)
    for entry in np.ndindex(x.shape):
        old = x[entry]
        x[entry] = old + h
        above = f(x)
        x[entry] = old - h
        out[entry] = (above - f(x)) / (2 * h)
        x[entry] = old
    return out


def _one_row_of_the_identity_at_a_time(f, x, h=1e-5):
    nudges = h * np.eye(x.size).reshape(x.size, *x.shape)
    slopes = [(f(x + nudge) - f(x - nudge)) / 2 / h for nudge in nudges]
    return np.reshape(slopes, x.shape)


NUMERICAL_GRADIENT = function(
    "5.1",
    "A numerical gradient",
    numerical_gradient,
    _points,
    hints=(
        "A gradient has one number for each entry of x. Which entries move while you compute one?",
        "Move one entry up by h, then down by h, on a copy of x. How far apart are the two points?",
        (
            "For each index from np.ndindex: the difference of the two values of f, divided by the "
            "distance between the two points."
        ),
    ),
    misconceptions=(
        Misconception(
            "forward-difference",
            _entry_by_entry(lambda f, x, up, down, h: (f(up) - f(x)) / h),
            "You look up only. On a curve that bends, the slope to the right of the point is not "
            "the slope at the point: for a cube at 1 with h = 0.1 it is 3.31. What does a step to "
            "the other side add?",
            tempting="A slope is rise over run, and one point to the right is the first run that "
            "comes to mind.",
        ),
        Misconception(
            "backward-difference",
            _entry_by_entry(lambda f, x, up, down, h: (f(x) - f(down)) / h),
            "You look down only. On a curve that bends, that is the slope to the left of the "
            "point. What does a step to the other side add?",
            tempting="How much has changed since the last point is how speed is measured, so "
            "looking back feels as good as looking ahead.",
        ),
        Misconception(
            "missing-two",
            _entry_by_entry(lambda f, x, up, down, h: (f(up) - f(down)) / h),
            "Every slope comes out twice too large. How far apart are the two points at which you "
            "called f?",
            tempting="The nudge is called h, so h is what one divides by; that there is a nudge on "
            "either side is easily lost.",
        ),
        Misconception(
            "times-h",
            _entry_by_entry(lambda f, x, up, down, h: (f(up) - f(down)) / 2 * h),
            "Your slopes shrink with h. In which order does Python divide by 2 and multiply by h?",
            tempting="On paper everything below the line is the denominator, and the code looks "
            "the same.",
        ),
        Misconception(
            "sign",
            _entry_by_entry(lambda f, x, up, down, h: (f(down) - f(up)) / (2 * h)),
            "Your slopes point downhill: f rises where you say that it falls.",
            tempting="Training walks downhill, so the difference that is positive on the way down "
            "looks like the useful one.",
        ),
        Misconception(
            "no-division",
            _entry_by_entry(lambda f, x, up, down, h: f(up) - f(down)),
            "That is how much f changes. A slope is the change for each unit that x moved.",
            tempting="The change itself is small, tells up from down, and seems to be the answer "
            "already.",
        ),
        Misconception(
            "leaves-the-nudge",
            _left_nudged,
            "Each nudge stays in x: the second entry is nudged while the first still is, and your "
            "caller's array comes back changed.",
            tempting="The nudge is tiny, and an entry whose slope has been taken is not needed any "
            "more.",
        ),
        Misconception(
            "almost-restored",
            _nudged_back_by_arithmetic,
            "x comes back almost as it was: (0.1 + h) - h need not be 0.1 in floating point. What "
            "could you keep, so that nothing has to be undone by arithmetic?",
            tempting="Adding h, taking 2h away and adding h again comes back to the start on "
            "paper.",
        ),
        Misconception(
            "all-at-once",
            _all_at_once,
            "All entries move together, so every slope is the same number. A gradient asks what "
            "each entry does on its own.",
            tempting="NumPy adds h to a whole array in one go, and loops are what one has learned "
            "to avoid.",
        ),
        Misconception(
            "rows-only",
            _rows_only,
            "A whole row of x moves at a time. That is right for one axis; with two, each row "
            "holds several entries, and each has its own slope.",
            tempting="One index reaches every entry of a vector, and the first example is a "
            "vector.",
        ),
        Misconception(
            "first-entry-only",
            _first_entry_only,
            "One slope is there, the others are still zero. Does your function return before the "
            "loop is over?",
            tempting="A `return` that stands a few spaces too far to the right is easy to miss, "
            "and for a single entry it is right.",
        ),
        Misconception(
            "same-array",
            _same_array,
            "Two names for one array: what you do to the one is done to the other, and to the "
            "caller's x. Where does a second array come from?",
            tempting="`up = down = x` reads as if two arrays were made.",
        ),
        Misconception(
            "nudges-pile-up",
            _nudges_pile_up,
            "The first slope is right. When the second entry is nudged, the first still is: how "
            "many entries have moved by the end?",
            tempting="Two copies are enough to nudge up and down in, and they are made once, "
            "before the loop.",
        ),
        Misconception(
            "divides-the-second-alone",
            _entry_by_entry(lambda f, x, up, down, h: f(up) - f(down) / (2 * h)),
            "Python divides before it subtracts: one of the two values was divided, and the other "
            "was not.",
            tempting="Read from left to right the line says difference, then division.",
        ),
        Misconception(
            "half-steps",
            _entry_by_entry(
                lambda f, x, up, down, h: (f((x + up) / 2) - f((x + down) / 2)) / (2 * h)
            ),
            "The two points are h apart, and you divide by twice that. How far apart are x + h and "
            "x − h?",
            tempting="A step of h around x seems to be half of it to each side.",
        ),
        Misconception(
            "own-h",
            lambda f, x, h=1e-5: numerical_gradient(f, x),
            "Your slopes do not depend on h, although the caller chose one.",
            tempting="A step that works well everywhere seems to need no advice from the caller.",
        ),
        Misconception(
            "size-alone",
            _entry_by_entry(lambda f, x, up, down, h: abs(f(up) - f(down)) / (2 * h)),
            "None of your slopes is negative. Where the function falls, its slope is.",
            tempting="How steep a hill is sounds like a quantity without a sign.",
        ),
        Misconception(
            "sum-of-slopes",
            lambda f, x, h=1e-5: numerical_gradient(f, x, h).sum(),
            "One number came out: the sum of all slopes. Each entry of x has its own.",
            tempting="f gives one number, so its slope seems to be one number too.",
        ),
        Misconception(
            "flattened",
            _flat,
            "The numbers are right, in one long row. Each should stand where its entry of x is.",
            tempting="A gradient is often written as one long vector, and every number is there.",
        ),
    ),
    stress=_no_axis,
    also_right=(_saved_and_restored, _one_row_of_the_identity_at_a_time),
    equivalent={
        "def numerical_gradient(f, x, h=-1e-05):": "a central difference is the same for -h",
        "gradient = np.ones_like(x)": "every entry is written",
    },
)

EXERCISES = (NUMERICAL_GRADIENT, SLOPES, LAYERS, FIND_BUG, PREDICTIONS)
