"""Chapter 12, adversarial networks: whose turn it is. Four faults to find and repair.

Each fault, and each set of them that can be left, is a misconception: whoever has found some of the
four hears about the next. `backpropagation.py` says how to add an exercise.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from nnlib import SGD, Linear, Sequential, Tanh
from nnlib import binary_cross_entropy_with_logits as bce
from nnlib.adversarial import adversarial_step
from nnlib.course.exercises.exercise import Case, callable_answer
from nnlib.course.exercises.kinds import debug, planted
from nnlib.course.exercises.trial import Trial

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 12.3 ------------------------------------------------------------------------------------------


def play(gen, dis, to_gen, to_dis, real, noise):
    """One step of each player: the discriminator's first, then the generator's.

    gen makes fakes out of noise (N, Z), dis gives logits (N, 1); real (N, D)
    are as many real examples. to_gen and to_dis are their optimisers.
    """
    ones, zeros = np.ones((len(real), 1)), np.zeros((len(real), 1))
    # <solution>
    fake = gen(noise)
    loss_dis = bce(dis(real), ones) + bce(dis(fake.detach()), zeros)
    to_dis.zero_grad()
    loss_dis.backward()
    to_dis.step()

    loss_gen = bce(dis(fake), ones)
    to_gen.zero_grad()
    loss_gen.backward()
    to_gen.step()
    # <starter>
    # to_gen.zero_grad()
    # loss_dis = bce(dis(real), ones) + bce(dis(gen(noise)), zeros)
    # loss_dis.backward()
    # to_dis.step()
    # loss_gen = bce(dis(gen(noise)), zeros)
    # loss_gen.backward()
    # to_gen.step()
    # to_dis.step()
    # </solution>


ROUNDS = 3


def _weights(model):
    return np.concatenate([p.data.ravel() for p in model.parameters()])


def adapt(answer):
    """Let the learner's function play some rounds with new networks; look at what they became."""
    callable_answer(answer)

    def played(real, noise, seed):
        rng = np.random.default_rng(seed)

        def player(*sizes):
            first, last = (Linear(a, b, rng=rng, dtype=np.float64) for a, b in pairwise(sizes))
            return Sequential(first, Tanh(), last)

        gen, dis = player(noise.shape[1], 3, real.shape[1]), player(real.shape[1], 4, 1)
        optimizers = SGD(gen.parameters(), lr=0.3), SGD(dis.parameters(), lr=0.3)
        for _ in range(ROUNDS):
            if answer(gen, dis, *optimizers, real, noise) is Ellipsis:
                return ...
        return _weights(gen), _weights(dis)

    return played


def _batches(rng: np.random.Generator) -> list[Case]:
    def draw(n, d, z, seed):
        return rng.normal(size=(n, d)) + 2, rng.normal(size=(n, z)), seed

    return [draw(2, 1, 1, 0), draw(5, 2, 3, 1), draw(4, 4, 4, 2)]


FAULTS = {
    "leaks": (
        (
            "The discriminator's loss runs back through the fakes into the generator, and its "
            "gradients are still there when the generator steps: it moves to be caught as well as "
            "to pass."
        ),
        (
            "The discriminator's optimiser moves nothing else, so nothing seems to happen to the "
            "generator; that gradients collect there cannot be seen."
        ),
    ),
    "never cleared": (
        (
            "Nobody clears the discriminator's gradients: those of its last turn, and those that "
            "the generator's loss left in it on the way through, are added to the new ones."
        ),
        (
            "One zero_grad stands there, and in a training with one network one is enough."
        ),
    ),
    "wants to be caught": (
        (
            "With this label the generator's loss is small when its fakes are recognised. What "
            "does it want the discriminator to say?"
        ),
        "Fakes are fakes, and three lines above they have this label.",
    ),
    "both move": (
        (
            "In the generator's turn the discriminator moves too, along the generator's gradient: "
            "towards taking fakes for real. Whose parameters move in whose turn?"
        ),
        (
            "The backward pass left gradients in both networks, and an optimiser is there for each."
        ),
    ),
}  # fmt: skip
SLIPS = {
    "one graph, two losses": (
        (
            "The first backward pass ran through the fakes into the generator and used that way "
            "up, so the second one finds none. In the discriminator's turn the fakes are given "
            "numbers: cut them off."
        ),
        "Making the fakes once is enough, and both losses need them.",
    ),
    "generator first": (
        (
            "Your generator answers what the discriminator was before its step. Here the "
            "discriminator moves first, and the generator hears what it says then."
        ),
        "The fakes are made first, and so their maker seems to be the first to move.",
    ),
    "old judgement": (
        (
            "The generator is scored by what the discriminator said before its step. It should "
            "hear what it says now."
        ),
        "The fakes are the same, so to judge them a second time looks like waste.",
    ),
    "discriminator rests": (
        "Your discriminator never moves.",
        "It is the generator that one is after.",
    ),
    "generator rests": (
        "Your generator never moves.",
        "After the discriminator has moved, one round looks finished.",
    ),
    "turned sign": (
        (
            "Your generator walks up the discriminator's loss. That is the game of theory; on "
            "fakes that are recognised its slope is nearly zero. Which label does it ask for?"
        ),
        "What one player wins the other loses.",
    ),
    "real ones alone": (
        "Your discriminator sees real examples alone, and never learns what a fake looks like.",
        "Keeping the fakes out of its loss does keep its gradient out of the generator.",
    ),
    "fakes for real": (
        (
            "Your discriminator is told that fakes are real. Then it has nothing to tell apart."
        ),
        "When two labels look mixed up, one turns both.",
    ),
    "nothing leaks at all": (
        (
            "An optimiser steps where no gradient has arrived. Was the way cut off in the wrong "
            "turn, or were gradients cleared after the backward pass and not before it?"
        ),
        "What was right for the discriminator's turn looks right for the next one.",
    ),
    "generator never cleared": (
        (
            "Nobody clears the generator's gradients: those of its last turns are added to the new "
            "ones, as if it had a momentum of 1."
        ),
        "The fakes are cut off, so no foreign gradient gets in, and clearing looks superfluous.",
    ),
    "two steps": (
        (
            "Your discriminator takes one step on the real examples and a second one on the fakes. "
            "A turn is one step, on the sum of both."
        ),
        "Two kinds of examples, two losses, two steps: each is right by itself.",
    ),
    "halved": (
        (
            "The discriminator's loss is halved, as one joint mean over real and fake would be. "
            "(12.1) adds the two means."
        ),
        "One batch of labelled examples is how every classifier was trained.",
    ),
}  # fmt: skip


def _with(*slips):
    """The solution with some slips in it, each a word that stands where it happens."""

    def played(gen, dis, to_gen, to_dis, real, noise):
        ones, zeros = np.ones((len(real), 1)), np.zeros((len(real), 1))
        fake = gen(noise)
        cut = gen(noise) if "leaks" in slips else fake.detach()
        cut = fake if "one graph, two losses" in slips else cut
        judged = dis(fake).detach()

        def turn_of_dis():
            if "never cleared" not in slips:
                to_dis.zero_grad()
            loss: Any = bce(dis(real), ones)
            if "two steps" in slips:
                loss.backward()
                to_dis.step()
                to_dis.zero_grad()
                loss = 0.0
            if "real ones alone" not in slips:
                loss = loss + bce(dis(cut), ones if "fakes for real" in slips else zeros)
            (loss * 0.5 if "halved" in slips else loss).backward()
            if "discriminator rests" not in slips:
                to_dis.step()

        def turn_of_gen():
            seen = fake.detach() if "nothing leaks at all" in slips else fake
            loss = bce(dis(seen), zeros if "wants to be caught" in slips else ones)
            if "turned sign" in slips:
                loss = -bce(dis(seen), zeros)
            loss.backward()
            if "generator rests" not in slips:
                to_gen.step()
            if "both move" in slips:
                to_dis.step()

        def turn_of_g_by(judgement):
            """The slope of the loss at an old judgement, sent through the discriminator."""
            dis(fake).backward((1 / (1 + np.exp(-judgement.data)) - ones) / len(real))
            to_gen.step()

        if "generator never cleared" not in slips:
            to_gen.zero_grad()
        if "generator first" in slips:
            turn_of_gen()
            turn_of_dis()
            return
        turn_of_dis()
        if "old judgement" in slips:
            turn_of_g_by(judged)
        else:
            turn_of_gen()

    return played


def _not_cut_but_cleared(gen, dis, to_gen, to_dis, real, noise):
    ones, zeros = np.ones((len(real), 1)), np.zeros((len(real), 1))
    loss = bce(dis(real), ones) + bce(dis(gen(noise)), zeros)
    dis.zero_grad()
    loss.backward()
    to_dis.step()
    gen.zero_grad()
    bce(dis(gen(noise)), ones).backward()
    to_gen.step()


def _made_twice(gen, dis, to_gen, to_dis, real, noise):
    to_dis.zero_grad()
    plain = gen(noise).data
    labels = np.concatenate([np.ones((len(real), 1)), np.zeros((len(real), 1))])
    (2 * bce(dis(np.concatenate([real, plain])), labels)).backward()
    to_dis.step()
    to_dis.zero_grad()
    to_gen.zero_grad()
    bce(dis(gen(noise)), np.ones((len(real), 1))).backward()
    to_gen.step()


def _by_the_library(gen, dis, to_gen, to_dis, real, noise):
    adversarial_step(gen, dis, to_gen, to_dis, real, noise)


def _who(found: Trial) -> str:
    """Say whose parameters are not where they should be."""
    pairs = zip(("generator", "discriminator"), found.output, adapt(play)(*found.case), strict=True)
    off = [name for name, mine, right in pairs if not np.allclose(mine, right)]
    return (
        f"After {ROUNDS} rounds the parameters of the {' and the '.join(off)} are not where they "
        "should be. Go through your lines and say for each which gradients exist after it, in "
        "which of the two networks, and which optimiser will use them."
    )


TURNS = debug(
    "12.3",
    "Whose turn is it?",
    play,
    cases=_batches,
    adapt=adapt,
    outputs=("parameters of the generator", "parameters of the discriminator"),
    hints=(
        (
            "Write down after each line which gradients there are, and in which network. At which "
            "line does the first gradient reach the generator?"
        ),
        (
            "Each turn has the same four parts: a loss, clear the gradients of whoever will move, "
            "go backward, one step of one optimiser. Compare that with what stands there."
        ),
        (
            "One fault is a fake that is not cut off (or a generator that is cleared too early), "
            "one a zero_grad that is missing, one a label in the last loss, one a step too many."
        ),
    ),
    misconceptions=planted(
        _with,
        FAULTS,
        SLIPS,
        whole="It runs, both losses are numbers, and both networks move.",
        partly="Each repair changes the game, so one stops early",
    ),
    also_right=(_not_cut_but_cleared, _made_twice, _by_the_library),
    explain=_who,
)
