"""Chapter 12, adversarial networks: the best discriminator between two known densities.

`backpropagation.py` says how to add an exercise.
"""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception, Property
from nnlib.course.exercises.kinds import property_of

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 12.2 ------------------------------------------------------------------------------------------


def best_logits(x, real, fake):
    """The logits of the best possible discriminator at the places x (N,).

    real and fake are pairs (mean, deviation): two normal distributions, from
    which equally many examples come.
    """
    # <solution>
    (m, s), (n, t) = real, fake
    log_p = -(((x - m) / s) ** 2) / 2 - np.log(s)  # up to a constant,
    log_q = -(((x - n) / t) ** 2) / 2 - np.log(t)  # the same in both
    return log_p - log_q  # (12.3)
    # </solution>


def _pairs(rng: np.random.Generator) -> list[Case]:
    return [
        (np.array([0.0, 1.0, 3.0]), (0.0, 1.0), (2.0, 1.0)),
        (np.array([0.0, 1.0, -2.0, 0.5]), (1.0, 0.5), (0.0, 2.0)),
        (2 * rng.normal(size=6), (-1.0, 1.5), (1.0, 0.75)),
        (3 * rng.normal(size=5), (0.5, 2.0), (0.5, 1.0)),
        (rng.normal(size=4), (0.3, 0.7), (0.3, 0.7)),
    ]


def _far(rng: np.random.Generator) -> list[Case]:
    return [
        (np.array([60.0, -80.0]), (0.0, 1.0), (2.0, 1.0)),
        (np.array([300.0, -500.0, 1.0]), (0.0, 2.0), (1.0, 0.5)),
    ]


def _log_density(x, mean, deviation):
    return -(((x - mean) / deviation) ** 2) / 2 - np.log(deviation) - np.log(2 * np.pi) / 2


def _density(x, mean, deviation):
    return np.exp(_log_density(x, mean, deviation))


def _ratio(x, real, fake):
    return _density(x, *real) / (_density(x, *real) + _density(x, *fake))


def _one_for_each(logits, x, real, fake):
    return np.shape(logits) == np.shape(x)


def _finite(logits, x, real, fake):
    return bool(np.isfinite(np.asarray(logits, dtype=float)).all())


def _right_side(logits, x, real, fake):
    truth = best_logits(x, real, fake)
    clear = np.abs(truth) > 1e-9
    return bool(np.all((np.asarray(logits) * truth >= 0)[clear]))


def _cannot_be_nudged(logits, x, real, fake):
    truth = best_logits(x, real, fake)
    return bool(np.allclose(logits, truth, rtol=1e-6, atol=1e-6))


def _clipped(x, real, fake):
    p = np.clip(1 / (1 + np.exp(-best_logits(x, real, fake))), 1e-12, 1 - 1e-12)
    return np.log(p) - np.log(1 - p)


def _loop(x, real, fake):
    out = []
    for place in x:
        far_p, far_q = (place - real[0]) / real[1], (place - fake[0]) / fake[1]
        out.append((far_q**2 - far_p**2) / 2 + np.log(fake[1] / real[1]))
    return np.array(out)


def _by_coefficients(x, real, fake):
    (m, s), (n, t) = real, fake
    square = (1 / t**2 - 1 / s**2) / 2
    line = m / s**2 - n / t**2
    rest = (n / t) ** 2 / 2 - (m / s) ** 2 / 2 + np.log(t / s)
    return square * x * x + line * x + rest


BEST = property_of(
    "12.2",
    "The best discriminator",
    best_logits,
    (
        Property(
            "one logit for each place",
            _one_for_each,
            "Each place in x gets a logit of its own: as many come out as went in.",
        ),
        Property(
            "finite",
            _finite,
            "Far from both means a density is zero to the last digit, and its logarithm is no "
            "number any more. What is the logarithm of a normal density on paper?",
        ),
        Property(
            "on the right side",
            _right_side,
            "At some place real examples are denser than fakes and your logit is not positive, or "
            "the other way round. Where the two densities are equal, the logit is zero.",
        ),
        Property(
            "no nudge lowers the loss",
            _cannot_be_nudged,
            "The side is right, and the size is not: a nudge of your logits would lower the loss. "
            "At a place where 3 of 4 examples are real, the best probability is 3/4. Which logit "
            "is that?",
        ),
    ),
    cases=_pairs,
    stress=_far,
    hints=(
        (
            "At one place, 30 real examples have come by and 10 fakes. Which probability of *real* "
            "would you announce there? Which logit has that probability?"
        ),
        (
            "The logit is the logarithm of the ratio of the two densities. A logarithm of a ratio "
            "is a difference of two logarithms, and that of a normal density is short."
        ),
        (
            "log density = -((x - mean) / deviation)² / 2 - log(deviation) - a constant that both "
            "have. Take the one of the fakes from the one of the real examples."
        ),
    ),
    misconceptions=(
        Misconception(
            "probability",
            lambda x, real, fake: _ratio(x, real, fake),
            "That is the best probability, p / (p + q). Asked for is the logit that has it.",
            "The discriminator tells real from fake, and a probability is how it tells.",
        ),
        Misconception(
            "difference-of-densities",
            lambda x, real, fake: _density(x, *real) - _density(x, *fake),
            "The difference of the two densities is tiny far away from both, where one may still "
            "be a thousand times the other. What counts is how many of the examples at a place are "
            "real.",
            "Positive where real examples are denser, and zero where both are equal.",
        ),
        Misconception(
            "ratio-without-logarithm",
            lambda x, real, fake: np.exp(
                np.minimum(_log_density(x, *real) - _log_density(x, *fake), 700)
            ),
            "The ratio of the densities is what the logit is the logarithm of.",
            "The ratio says how many times more real examples there are, which is the question.",
        ),
        Misconception(
            "sides-swapped",
            lambda x, real, fake: -best_logits(x, real, fake),
            "Your logits are high where the fakes are. High speaks for *real*.",
            "A discriminator looks for fakes, so its alarm may as well go up there.",
        ),
        Misconception(
            "height-forgotten",
            lambda x, real, fake: (
                ((x - fake[0]) / fake[1]) ** 2 / 2 - ((x - real[0]) / real[1]) ** 2 / 2
            ),
            "You compare how many deviations each mean is away. A narrow distribution is also "
            "higher: the factor before the exponential depends on the deviation.",
            "The exponent is the part of the formula that holds x.",
        ),
        Misconception(
            "deviations-forgotten",
            lambda x, real, fake: ((x - fake[0]) ** 2 - (x - real[0]) ** 2) / 2,
            "You treat both deviations as 1. In the first case they are; in the second not.",
            "The nearer mean is the likelier origin, as long as both spread alike.",
        ),
        Misconception(
            "half-forgotten",
            lambda x, real, fake: (
                ((x - fake[0]) / fake[1]) ** 2
                - ((x - real[0]) / real[1]) ** 2
                + np.log(fake[1] / real[1])
            ),
            "Your squares are counted twice. What stands in the exponent of a normal density?",
            "The half in the exponent is small, and is lost when one writes it from memory.",
        ),
        Misconception(
            "variance-for-deviation",
            lambda x, real, fake: (
                (x - fake[0]) ** 2 / (2 * fake[1])
                - (x - real[0]) ** 2 / (2 * real[1])
                + np.log(fake[1] / real[1]) / 2
            ),
            "You take the second numbers for variances. They are deviations: their squares belong "
            "under the squared distance.",
            "Many books write a normal distribution with its variance in second place.",
        ),
        Misconception(
            "sign-of-the-height",
            lambda x, real, fake: best_logits(x, real, fake) - 2 * np.log(fake[1] / real[1]),
            "The heights enter the wrong way round: the wider a distribution, the lower it is.",
            "A wide distribution reaches more places, so it seems to weigh more at each.",
        ),
        Misconception(
            "log-of-the-probability",
            lambda x, real, fake: -np.logaddexp(0, -best_logits(x, real, fake)),
            "That is the logarithm of the best probability. A logit is the logarithm of the odds: "
            "real against fake, not real against all.",
            "Logit and log-probability sound alike, and for rare real examples they are.",
        ),
        Misconception(
            "densities-first",
            lambda x, real, fake: np.log(_density(x, *real)) - np.log(_density(x, *fake)),
            "Far from both means your densities are zero to the last digit, and then you take a "
            "logarithm. What is left of exp when log comes first, on paper?",
            "It is the formula as it stands, and right wherever the densities are not zero.",
        ),
        Misconception(
            "tiny-number-added",
            lambda x, real, fake: (
                np.log(_density(x, *real) + 1e-12) - np.log(_density(x, *fake) + 1e-12)
            ),
            "The small number keeps the logarithm finite and makes every far place a tie.",
            "A tiny number added before a logarithm is a habit that has done no harm so far.",
        ),
        Misconception(
            "clipped-probability",
            _clipped,
            "Where one density is ten thousand million times the other, your probability is cut "
            "off. Is there a way to the logit that does not pass through a probability?",
            "A probability that is exactly 0 or 1 has no logit, so one keeps it from both ends.",
        ),
        Misconception(
            "always-a-line",
            lambda x, real, fake: (
                (x - (real[0] + fake[0]) / 2)
                * (real[0] - fake[0])
                / ((real[1] ** 2 + fake[1] ** 2) / 2)
            ),
            "Yours is a straight line whatever the two deviations are. With different ones the "
            "squares do not cancel: the wider distribution wins on both far sides.",
            "With equal deviations it is a line, and two deviations have an average.",
        ),
        Misconception(
            "real-alone",
            lambda x, real, fake: _log_density(x, *real),
            "You say how dense the real examples are. Whether an example is real depends on how "
            "dense the fakes are there too.",
            "Where real examples are common, an example should be believed.",
        ),
        Misconception(
            "nearest-mean",
            lambda x, real, fake: np.sign(np.abs(x - fake[0]) - np.abs(x - real[0])),
            "Plus one or minus one says which side, and not how sure. And with different "
            "deviations the nearer mean need not be the likelier.",
            "To tell two groups apart, one asks which is nearer.",
        ),
        Misconception(
            "never-certain",
            lambda x, real, fake: np.zeros_like(x),
            "Zero everywhere is the best that can be said when the fakes are as good as real. "
            "These are not: the two densities differ.",
            "The game ends with a discriminator that cannot tell, so one half looks like the best.",
        ),
        Misconception(
            "perfect-judge",
            lambda x, real, fake: np.where(
                _density(x, *real) > _density(x, *fake), 1000.0, -1000.0
            ),
            "Your discriminator is certain everywhere. Where both kinds of examples come by, each "
            "certain mistake costs a thousand.",
            "The best judge seems to be the one who is always sure.",
        ),
    ),
    also_right=(_loop, _by_coefficients),
    equivalent={
        "log_p = -((m - x) / s) ** 2 / 2 - np.log(s)": "a square has no sign",
        "log_q = -((n - x) / t) ** 2 / 2 - np.log(t)": "a square has no sign",
    },
)
