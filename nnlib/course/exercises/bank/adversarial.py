"""Chapter 12, adversarial networks: both losses, and the list of the chapter's exercises.

12.2 stands in `adversarial_densities.py`, 12.3 in `adversarial_turns.py`, 12.4 in
`adversarial_modes.py`, 12.5 in `adversarial_runs.py`. `backpropagation.py` says how to add one.
"""

import numpy as np

from nnlib import binary_cross_entropy_with_logits as bce
from nnlib import sigmoid, softplus
from nnlib.course.exercises.bank.adversarial_densities import BEST
from nnlib.course.exercises.bank.adversarial_modes import COVERAGE
from nnlib.course.exercises.bank.adversarial_runs import RUNS
from nnlib.course.exercises.bank.adversarial_turns import TURNS
from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 12.1 ------------------------------------------------------------------------------------------


def both_losses(real, fake):
    """The loss of the discriminator and that of the generator, from logits.

    real (N, 1) are the discriminator's logits of real examples, fake (M, 1)
    those of fakes; N and M may differ. Logits may be as large as 1000.
    """
    # <solution>
    says_fake = np.logaddexp(0, -real).mean()  # -log of P(real), each
    loss_d = says_fake + np.logaddexp(0, fake).mean()  # (12.1)
    loss_g = np.logaddexp(0, -fake).mean()  # (12.2)
    return loss_d, loss_g
    # </solution>


def _logits(rng: np.random.Generator) -> list[Case]:
    def draw(n: int, m: int) -> Case:
        return 1.5 * rng.normal(size=(n, 1)) + 0.5, 1.5 * rng.normal(size=(m, 1)) - 0.5

    by_hand = np.log([[3.0], [1.0]]), np.log([[1 / 4]])
    return [by_hand, draw(2, 5), draw(6, 3), draw(4, 4)]


def _sure(rng: np.random.Generator) -> list[Case]:
    return [
        (np.array([[1000.0], [-3.0]]), np.array([[-1000.0]])),
        (np.array([[-1000.0]]), np.array([[1000.0], [2.0], [0.0]])),
    ]


def _up(z):
    """Minus the log of the probability of real."""
    return np.logaddexp(0, -z)


def _down(z):
    """Minus the log of the probability of fake."""
    return np.logaddexp(0, z)


def _right_d(real, fake):
    return _up(real).mean() + _down(fake).mean()


def _by_probabilities(real, fake):
    p, q = 1 / (1 + np.exp(-real)), 1 / (1 + np.exp(-fake))
    return -np.log(p).mean() - np.log(1 - q).mean(), -np.log(q).mean()


def _with_a_small_number(real, fake):
    p, q = 1 / (1 + np.exp(-real)), 1 / (1 + np.exp(-fake))
    tiny = 1e-12
    return -np.log(p + tiny).mean() - np.log(1 - q + tiny).mean(), -np.log(q + tiny).mean()


def _by_labels(real, fake):
    loss_d = bce(real, np.ones_like(real)) + bce(fake, np.zeros_like(fake))
    return loss_d, bce(fake, np.ones_like(fake))


def _by_softplus(real, fake):
    return softplus(-real).mean() + softplus(fake).mean(), softplus(-fake).mean()


def _twice_squashed(real, fake):
    return _by_labels(sigmoid(real).data, sigmoid(fake).data)


def _joined(real, fake):
    return np.concatenate([_up(real), _down(fake)]).mean(), _up(fake).mean()


def _slip(loss_d, loss_g=lambda real, fake: _up(fake).mean()):
    return lambda real, fake: (loss_d(real, fake), loss_g(real, fake))


LOSSES = function(
    "12.1",
    "Two losses from logits",
    both_losses,
    _logits,
    outputs=("loss of the discriminator", "loss of the generator"),
    hints=(
        (
            "Of one real example with logit 0: what probability of *real* does the discriminator "
            "give it, and what loss is that? Which probability does it ask for on a fake? And "
            "which does the generator ask for on the same fake?"
        ),
        (
            "All three terms are of one form, minus the log of a sigmoid, of the logit or of the "
            "logit with its sign turned. Chapter 4 has that form without a logarithm of zero."
        ),
        (
            "-log sigmoid(z) is log(1 + exp(-z)), which np.logaddexp(0, -z) computes safely. "
            "Average each kind by itself, then add the discriminator's two."
        ),
    ),
    misconceptions=(
        Misconception(
            "generator-minimises-the-experts-gain",
            _slip(_right_d, lambda real, fake: -_down(fake).mean()),
            "Your generator is given the discriminator's own term with its sign turned. That is "
            "the game of theory, and its slope vanishes exactly where the generator needs it: on "
            "fakes that are recognised. What does it ask for, and of which label?",
            "What one player wins the other loses, so the second loss seems to be minus the first.",
        ),
        Misconception(
            "zero-sum",
            _slip(_right_d, lambda real, fake: -_right_d(real, fake)),
            "Your generator's loss is minus the discriminator's, real examples and all. The real "
            "ones do not depend on the generator, and on the fakes the sign alone leaves it with "
            "the flat side of the curve.",
            "In a game between two, one player's win is the other's loss.",
        ),
        Misconception(
            "labels-swapped",
            _slip(lambda real, fake: _down(real).mean() + _up(fake).mean()),
            "Your discriminator is rewarded for taking fakes for real and real for fake. Which of "
            "the two should have a high logit?",
            "Which class is called 1 is a convention, and half of the texts would serve as well "
            "with the other.",
        ),
        Misconception(
            "both-swapped",
            _slip(
                lambda real, fake: _down(real).mean() + _up(fake).mean(),
                lambda real, fake: _down(fake).mean(),
            ),
            "High logits stand for *fake* in your two losses. That is a game too; here they stand "
            "for *real*.",
            "A detector is often thought of as one that rings for the forgery.",
        ),
        Misconception(
            "generator-wants-to-be-caught",
            _slip(_right_d, lambda real, fake: _down(fake).mean()),
            "Your generator is content when its fakes are recognised. Under which label does it "
            "want to pass?",
            "Fakes have the label 0 in one loss, so they seem to have it in the other.",
        ),
        Misconception(
            "real-alone",
            _slip(lambda real, fake: _up(real).mean()),
            "Your discriminator is judged on real examples alone. It would do best by calling "
            "everything real.",
            "Recognising what is real sounds like its whole task.",
        ),
        Misconception(
            "fakes-alone",
            _slip(lambda real, fake: _down(fake).mean()),
            "Your discriminator is judged on fakes alone. It would do best by trusting nothing.",
            "Catching fakes sounds like its whole task.",
        ),
        Misconception(
            "generator-of-both",
            _slip(_right_d, lambda real, fake: _up(fake).mean() + _up(real).mean()),
            "The real examples stand in your generator's loss. No step of the generator changes "
            "what the discriminator says about them.",
            "The discriminator's loss has two terms, and so a second one looks missing here.",
        ),
        Misconception(
            "generator-of-real",
            _slip(_right_d, lambda real, fake: _up(real).mean()),
            "Your generator is judged by what was said about the real examples. It made the "
            "others.",
            "The generator wants to hear *real*, and that is the name of the first argument.",
        ),
        Misconception(
            "halved",
            _slip(lambda real, fake: _right_d(real, fake) / 2),
            "Your discriminator's loss is a mean of two means. That only halves its steps, but the "
            "loss asked for is their sum, as in (12.1).",
            "Two terms for one judge suggest their average.",
        ),
        Misconception(
            "one-mean-over-all",
            _joined,
            "You average real and fake together, so the more numerous kind counts for more, and "
            "the result is half of what is asked for. Each kind has a mean of its own.",
            "One batch of labelled examples is how every classifier before this one was trained.",
        ),
        Misconception(
            "sums",
            _slip(
                lambda real, fake: _up(real).sum() + _down(fake).sum(),
                lambda real, fake: _up(fake).sum(),
            ),
            "Your losses grow with the number of examples. What would twice as many logits change?",
            "A likelihood is a product over examples, and its logarithm a sum.",
        ),
        Misconception(
            "each-example",
            _slip(
                lambda real, fake: (_up(real)[:, None] + _down(fake)[None]).mean((1, 2)),
                lambda real, fake: _up(fake)[:, 0],
            ),
            "One loss an example came out. Each player has one number to walk down.",
            "Every logit has a loss of its own, and averaging can wait.",
        ),
        Misconception(
            "no-logarithm",
            _slip(
                lambda real, fake: (
                    (1 - 1 / (1 + np.exp(-real))).mean() + (1 / (1 + np.exp(-fake))).mean()
                ),
                lambda real, fake: (1 - 1 / (1 + np.exp(-fake))).mean(),
            ),
            "You add up the probability of being wrong. What is missed is the logarithm, which "
            "keeps the slope alive where the discriminator is sure.",
            "The chance of a mistake is a fair measure of how bad a judge is.",
        ),
        Misconception(
            "logits-for-probabilities",
            _slip(
                lambda real, fake: fake.mean() - real.mean(),
                lambda real, fake: -fake.mean(),
            ),
            "You use the logits as they are, without sigmoid and logarithm. Some games are played "
            "so, with a discriminator that is held back; this one asks for probabilities.",
            "High for real and low for fake is what is wanted, and a difference says just that.",
        ),
        Misconception(
            "squashed-twice",
            _twice_squashed,
            "Your logits go through a sigmoid before a loss that takes logits. Squashed twice, "
            "nothing can be surer than 73 %.",
            "A probability is what a judge gives, and the loss of two classes takes what it gives.",
        ),
        Misconception(
            "sigmoid-then-log",
            _by_probabilities,
            "Where a logit is very large, your sigmoid is 0 or 1 to the last digit, and you take "
            "the logarithm of zero.",
            "It is the formula, term by term, and right for all small logits.",
        ),
        Misconception(
            "tiny-number-inside",
            _with_a_small_number,
            "The small number keeps the logarithm finite and the loss wrong: a logit of 1000 on "
            "the wrong side costs 1000 and not 28, and beyond the edge there is no slope left.",
            "It is the usual way to keep a logarithm away from zero.",
        ),
        Misconception(
            "logits-clipped",
            _slip(
                lambda real, fake: _right_d(np.clip(real, -30, 30), np.clip(fake, -30, 30)),
                lambda real, fake: _up(np.clip(fake, -30, 30)).mean(),
            ),
            "You cut large logits off. The loss of a sure mistake then stops growing, and it has "
            "no slope any more where it is most wrong.",
            "A probability of one in ten million million is certain enough for anybody.",
        ),
        Misconception(
            "smoothed-label",
            _slip(
                lambda real, fake: (
                    0.9 * _up(real).mean() + 0.1 * _down(real).mean() + _down(fake).mean()
                )
            ),
            "You ask for *real* with a label of 0.9. That is a known help, which keeps the "
            "discriminator from being too sure; here the label is 1.",
            "It is what several recipes recommend.",
        ),
        Misconception(
            "loss-of-the-mean",
            _slip(
                lambda real, fake: _up(real.mean()) + _down(fake.mean()),
                lambda real, fake: _up(fake.mean()),
            ),
            "You take the mean of the logits, and then its loss. Two examples judged with -4 and 4 "
            "are not two judged with 0: where does the mean belong?",
            "A batch is to give one number, and the logits are what is there to be averaged.",
        ),
        Misconception(
            "generator-first",
            lambda real, fake: (_up(fake).mean(), _right_d(real, fake)),
            "The two losses have changed places: the discriminator's comes first.",
            "In the picture of the two networks the generator stands first.",
        ),
        Misconception(
            "logs-with-the-wrong-sign",
            _slip(lambda real, fake: -_right_d(real, fake), lambda real, fake: -_up(fake).mean()),
            "Your losses are what the papers maximise. A step of an optimiser walks down.",
            "The paper that began it writes the discriminator's aim as a sum of logarithms, to be "
            "made large.",
        ),
    ),
    stress=_sure,
    also_right=(
        _by_labels,
        _by_softplus,
        lambda real, fake: (
            np.mean(np.maximum(-real, 0) + np.log1p(np.exp(-np.abs(real))))
            + np.mean(np.maximum(fake, 0) + np.log1p(np.exp(-np.abs(fake)))),
            np.mean(np.maximum(-fake, 0) + np.log1p(np.exp(-np.abs(fake)))),
        ),
    ),
)

EXERCISES = (LOSSES, BEST, TURNS, COVERAGE, RUNS)
