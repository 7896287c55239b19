"""Chapter 1, neurons: ways to get the perceptron rule wrong. `backpropagation.py` is the guide."""

import numpy as np

from nnlib.course.exercises.exercise import Misconception

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG005
# mypy: allow-untyped-defs, allow-untyped-calls


def _rule(step, says=lambda z: float(z > 0)):
    """One pass with another step: step(x, y, answer, lr) gives the changes of w and b."""

    def perceptron(X, y, w, b, lr=1.0):
        for x_n, y_n in zip(X, y, strict=True):
            dw, db = step(x_n, y_n, says(x_n @ w + b), lr)
            w, b = w + dw, b + db
        return w, b

    return perceptron


_right = _rule(lambda x, y, answer, lr: (lr * (y - answer) * x, lr * (y - answer)))


def _all_at_once(X, y, w, b, lr=1.0):
    off = y - (X @ w + b > 0)
    return w + lr * off @ X, b + lr * off.sum()


def _first_mistake_only(X, y, w, b, lr=1.0):
    for x_n, y_n in zip(X, y, strict=True):
        off = y_n - float(x_n @ w + b > 0)
        if off:
            return w + lr * off * x_n, b + lr * off
    return w, b


def _last_example_only(X, y, w, b, lr=1.0):
    for x_n, y_n in zip(X, y, strict=True):
        off = y_n - float(x_n @ w + b > 0)
        new = w + lr * off * x_n, b + lr * off
    return new


def _answered_twice(X, y, w, b, lr=1.0):
    for x_n, y_n in zip(X, y, strict=True):
        w = w + lr * (y_n - float(x_n @ w + b > 0)) * x_n
        b = b + lr * (y_n - float(x_n @ w + b > 0))
    return w, b


def _bias_once(X, y, w, b, lr=1.0):
    for x_n, y_n in zip(X, y, strict=True):
        off = y_n - float(x_n @ w + b > 0)
        w = w + lr * off * x_n
    return w, b + lr * off


def _stops_after_one(X, y, w, b, lr=1.0):
    for x_n, y_n in zip(X, y, strict=True):
        off = y_n - float(x_n @ w + b > 0)
        return w + lr * off * x_n, b + lr * off
    return w, b


def _in_place(X, y, w, b, lr=1.0):
    for x_n, y_n in zip(X, y, strict=True):
        off = y_n - float(x_n @ w + b > 0)
        w += lr * off * x_n
        b += lr * off
    return w, b


def _until_no_mistake(X, y, w, b, lr=1.0):
    for _ in range(1000):
        before = w, b
        w, b = _right(X, y, w, b, lr)
        if np.array_equal(before[0], w) and before[1] == b:
            break
    return w, b


def _answered_without_the_bias(X, y, w, b, lr=1.0):
    for x_n, y_n in zip(X, y, strict=True):
        off = y_n - float(x_n @ w > 0)
        w, b = w + lr * off * x_n, b + lr * off
    return w, b


def _changes(X, y, w, b, lr=1.0):
    new_w, new_b = _right(X, y, w, b, lr)
    return new_w - w, new_b - b


SLIPS = (
    Misconception(
        "learns-from-success",
        _rule(lambda x, y, answer, lr: (lr * (2 * y - 1) * x, lr * (2 * y - 1))),
        "Every example moves the weights, also those that the neuron had right. What should "
        "happen when there is nothing to correct?",
        "More examples seem to mean more learning, so it seems a waste to skip those that were "
        "answered well.",
    ),
    Misconception(
        "targets-alone",
        _rule(lambda x, y, answer, lr: (lr * y * x, lr * y)),
        "The step follows the target and never looks at the answer: buyers pull the weights, "
        "right or wrong, and the others do nothing.",
        "It is an older idea of learning, and a famous one: what occurs together grows together.",
    ),
    Misconception(
        "sign",
        _rule(lambda x, y, answer, lr: (lr * (answer - y) * x, lr * (answer - y))),
        "Each step makes the mistake worse. The answer was 0 and should have been 1: should the "
        "sum for this example grow or shrink?",
        "An error is often written as answer minus target, and then the step has a minus in front "
        "of it.",
    ),
    Misconception(
        "bias-stays",
        _rule(lambda x, y, answer, lr: (lr * (y - answer) * x, 0.0)),
        "The weights learn and the bias stays what it was, so the line can turn but nobody pushes "
        "it.",
        "The rule is remembered for what it does to the weights; the bias has no input that it "
        "could be multiplied with.",
    ),
    Misconception(
        "weights-stay",
        _rule(lambda x, y, answer, lr: (0.0, lr * (y - answer))),
        "The bias learns and the weights stay what they were: the line is pushed and never turns.",
        "Moving the bias alone does bring the sum to the right side, for this one example.",
    ),
    Misconception(
        "bias-against",
        _rule(lambda x, y, answer, lr: (lr * (y - answer) * x, -lr * (y - answer))),
        "The weights go one way and the bias the other. A yes was missed: should the bias make "
        "the next yes harder or easier?",
        "Told as a bar to be cleared, the bias has to be lowered for a missed yes.",
    ),
    Misconception(
        "size-of-the-mistake",
        _rule(lambda x, y, answer, lr: (lr * abs(y - answer) * x, lr * abs(y - answer))),
        "A missed yes and a wrong yes get the same correction. One of them makes its mistake "
        "worse.",
        "A mistake is a mistake, and its size is one either way.",
    ),
    Misconception(
        "no-input",
        _rule(lambda x, y, answer, lr: (lr * (y - answer), lr * (y - answer))),
        "All weights move by the same amount, whatever the input was. A weight whose input was 0 "
        "had no part in the mistake.",
        "One number says how wrong the answer was, and it seems fair to hand it to all of them "
        "alike.",
    ),
    Misconception(
        "bias-times-input",
        _rule(lambda x, y, answer, lr: (lr * (y - answer) * x, lr * (y - answer) * x.sum())),
        "The bias moves with the inputs. It is added as it is: which input would it be multiplied "
        "with?",
        "All the other parameters move in proportion to an input.",
    ),
    Misconception(
        "bias-once",
        _bias_once,
        "The weights learn from every example, and the bias only from the last one. It belongs to "
        "every correction, and the next answer needs it.",
        "The two changes are two lines, and the second slips out of the loop with one indent less.",
    ),
    Misconception(
        "stops-after-one",
        _stops_after_one,
        "One example has been looked at, and then your function was done. What does a `return` do "
        "inside a loop?",
        "The result is ready where the correction is made, so one hands it back there.",
    ),
    Misconception(
        "first-skipped",
        lambda X, y, w, b, lr=1.0: _right(X[1:], y[1:], w, b, lr),
        "The first example is passed over. From which number does Python count?",
        "Examples are numbered from one on paper, and so are the passes.",
    ),
    Misconception(
        "bar-at-a-half",
        _rule(
            lambda x, y, answer, lr: (lr * (y - answer) * x, lr * (y - answer)),
            lambda z: float(z > 0.5),
        ),
        "You compare the sum with a half. A half divides graded answers between 0 and 1; where is "
        "the edge for a sum?",
        "Half-way between a no, which is 0, and a yes, which is 1, lies a half.",
    ),
    Misconception(
        "no-lr",
        _rule(lambda x, y, answer, lr: ((y - answer) * x, y - answer)),
        "The steps do not depend on lr, although the caller chose one.",
        "With the rate 1, which is the one of the first case, it makes no difference.",
    ),
    Misconception(
        "no-lr-for-the-bias",
        _rule(lambda x, y, answer, lr: (lr * (y - answer) * x, y - answer)),
        "The weights take steps of the size lr and the bias takes whole ones. It is one step for "
        "all.",
        "The bias has a line of its own, and what is written in two places is easily forgotten in "
        "one.",
    ),
    Misconception(
        "sum-for-answer",
        _rule(lambda x, y, answer, lr: (lr * (y - answer) * x, lr * (y - answer)), lambda z: z),
        "You compare the target with the sum. Then an example that is right, and clearly so, is "
        "corrected all the same. Which of the two is 0 or 1, like the target?",
        "It is a rule as well, and nearly as old: it makes the sum itself come near to the target.",
    ),
    Misconception(
        "graded-answer",
        _rule(
            lambda x, y, answer, lr: (lr * (y - answer) * x, lr * (y - answer)),
            lambda z: 1 / (1 + np.exp(-z)),
        ),
        "Your neuron answers in grades, so every example is a small mistake and moves the "
        "weights. That rule has its place in chapter 4; here the answer is hard, 1 or 0.",
        "A graded answer was praised for what it keeps, and it fits into the same formula.",
    ),
    Misconception(
        "answer-without-bias",
        _answered_without_the_bias,
        "The answer comes from the sum of products alone. Whether there is a mistake depends on "
        "the bias too.",
        "The formula for the step has no b on its right side, so it seems not to be needed there.",
    ),
    Misconception(
        "starts-again",
        lambda X, y, w, b, lr=1.0: _right(X, y, np.zeros_like(w), 0.0, lr),
        "You begin with all weights at zero. The caller has handed over weights to go on from.",
        "On the page everything began with zeros.",
    ),
    Misconception(
        "changes-alone",
        _changes,
        "Those are the changes. Asked for are the weights and the bias that they lead to.",
        "The rule is about what is added, and it adds up nicely over the pass.",
    ),
    Misconception(
        "zero-is-yes",
        _rule(
            lambda x, y, answer, lr: (lr * (y - answer) * x, lr * (y - answer)),
            lambda z: float(z >= 0),
        ),
        "A sum of exactly zero counts as yes here. In this book it is a no, and that shows at the "
        "very start, when all weights are 0.",
        "On the line either answer would do, and many books choose the other one.",
    ),
    Misconception(
        "zero-is-a-mistake",
        _rule(
            lambda x, y, answer, lr: (lr * (y - answer) * x, lr * (y - answer)),
            lambda z: 0.5 if z == 0 else float(z > 0),
        ),
        "A sum of exactly zero is neither yes nor no here, so every example on the line counts as "
        "a mistake by half. In this book zero is a no.",
        "Zero lies in the middle, and a half seems to be the honest answer there.",
    ),
    Misconception(
        "plus-and-minus",
        _rule(
            lambda x, y, answer, lr: (lr * (y - answer) * x / 2, lr * (y - answer) / 2),
            lambda z: 1.0 if z > 0 else -1.0,
        ),
        "Your neuron answers with plus and minus one, and the targets are ones and zeros: a right "
        "no is corrected by half a step, for ever.",
        "Many books write the two answers as plus and minus one, and there the rule is right.",
    ),
    Misconception(
        "twice-for-plus-minus",
        _rule(lambda x, y, answer, lr: (2 * lr * (y - answer) * x, 2 * lr * (y - answer))),
        "Your steps are twice too long. Between 0 and 1 the difference is a whole one, not two.",
        "With answers of plus and minus one a mistake has the size two.",
    ),
    Misconception(
        "all-at-once",
        _all_at_once,
        "All examples are answered with the weights of the beginning. Here each one sees what the "
        "one before it has changed.",
        "One product answers the whole batch, and chapter 0 praised such lines.",
    ),
    Misconception(
        "first-mistake-only",
        _first_mistake_only,
        "Your pass ends with the first mistake. Does the function return before the loop is over?",
        "The rule is told as: find a mistake, correct it, and so once.",
    ),
    Misconception(
        "last-example-only",
        _last_example_only,
        "Only the last example leaves a trace. Each correction should start from the weights that "
        "the one before has left.",
        "Keeping the old weights safe under their own names is a good habit, elsewhere.",
    ),
    Misconception(
        "answered-twice",
        _answered_twice,
        "The bias is corrected by an answer that the new weights have given. There is one answer "
        "for each example, and both changes follow from it.",
        "It is the formula, written out twice, line by line.",
    ),
    Misconception(
        "in-place",
        _in_place,
        "The caller's w has changed as well: your name w is a second name for the same array, and "
        "adding in place reaches both.",
        "`w += step` looks like a shorter way to write `w = w + step`; for numbers it is.",
    ),
    Misconception(
        "until-no-mistake",
        _until_no_mistake,
        "You go round until nothing changes. One pass is asked for: each example once.",
        "That is what the rule is used for, and one pass seems to be half the work.",
    ),
    Misconception(
        "only-misses",
        _rule(lambda x, y, answer, lr: (lr * max(y - answer, 0) * x, lr * max(y - answer, 0))),
        "The neuron learns from the yes that it missed, and never from the yes that it said too "
        "often: its weights only ever grow towards what it saw.",
        "It is natural to reward, and a mistake in the other direction needs a minus that the "
        "code may not have.",
    ),
    Misconception(
        "only-alarms",
        _rule(lambda x, y, answer, lr: (lr * min(y - answer, 0) * x, lr * min(y - answer, 0))),
        "The neuron learns from the yes that it should not have said, and never from one that it "
        "missed.",
        "A wrong yes is the mistake that one notices.",
    ),
    Misconception(
        "backwards",
        lambda X, y, w, b, lr=1.0: _right(X[::-1], y[::-1], w, b, lr),
        "The examples are taken from the last to the first. Each changes what the next one meets, "
        "so the order counts: the first row comes first.",
        "A sum is the same in any order, and this looks like a sum over examples.",
    ),
)
