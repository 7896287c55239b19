"""Chapter 12, adversarial networks: what three runs show, and what losses say about them.

The runs are those of the chapter, which plays them and holds the answers to them.
"""

from math import exp, log

from nnlib.course.exercises.kinds import value

HEALTHY, COLLAPSED, STUCK = "healthy", "collapsed", "stuck"
BETTER, WORSE, UNKNOWN = "better", "worse", "cannot tell"

RUNS = value(
    "12.5",
    "Three runs and their losses",
    {
        "run 1": COLLAPSED,
        "run 2": STUCK,
        "run 3": HEALTHY,
        "the discriminator's loss when nobody can tell": 2 * log(2),
        "the generator's loss rises": UNKNOWN,
        "modes covered at 100 % good": 1,
        "what is left of the slope": exp(-5),
        "generator's parameters that the other's step moves": 0,
    },
    hints=(
        (
            "Look at the samples before the curves: how many places do they fill, and have they "
            "left where they began? For the numbers: what does a discriminator say that cannot "
            "tell, and what do its two terms cost then?"
        ),
        (
            "Near zero, the discriminator's loss means that it is never wrong. Then ask what slope "
            "is left for the generator, under the loss that is named. And a loss that is measured "
            "by an opponent moves when the opponent does."
        ),
        (
            "Both terms are ln 2 at the balance. At logit z the slopes of the two generator losses "
            "are sigmoid(z) and sigmoid(-z), and their ratio is exp(z). All good samples can lie "
            "on one mode."
        ),
    ),
    feedback={
        "run 1": (
            (
                HEALTHY,
                "The losses stay near those of a balance. How many places do the samples fill?",
                "Both losses hover where they should be at the end of a good run.",
            ),
            (
                STUCK,
                (
                    "The samples have moved, and the losses move all the time. How many places are "
                    "filled?"
                ),
                "The samples are not where they should be, so the generator seems not to learn.",
            ),
        ),
        "run 2": (
            (
                HEALTHY,
                (
                    "A discriminator that is never wrong is no good sign: look at where the "
                    "samples lie."
                ),
                "A loss that falls smoothly to zero is what training has looked like so far.",
            ),
            (
                COLLAPSED,
                (
                    "The samples lie together, and they did so before the first step. Did "
                    "they ever move?"
                ),
                "All samples in one heap are the mark of collapse.",
            ),
        ),
        "run 3": (
            (
                COLLAPSED,
                "Count the places that the samples fill.",
                "The losses stand still, as if nothing were learned any more.",
            ),
            (
                STUCK,
                (
                    "The losses are level because both players are equally good. Where are the "
                    "samples?"
                ),
                "Neither loss falls, and a loss that does not fall means no progress elsewhere.",
            ),
        ),
        "the discriminator's loss when nobody can tell": (
            (
                log(2),
                "That is one of its two terms. What does the other cost?",
                "A coin's cross-entropy is ln 2, and the judge tosses one.",
            ),
            (
                0,
                "Zero is the loss of a discriminator that is always right and sure.",
                "At the end of a good training a loss is small.",
            ),
            (
                1,
                (
                    "A half for real and a half for fake is its probability. What is minus the "
                    "logarithm of a half, twice?"
                ),
                "A half and a half make one.",
            ),
            (
                0.5,
                "That is the probability it announces. What loss is it?",
                "One half is what it says everywhere.",
            ),
            (
                2,
                "Logarithms to base 2 would make it two bits. Here they are natural.",
                "One bit for each of the two questions.",
            ),
        ),
        "the generator's loss rises": (
            (
                WORSE,
                (
                    "The loss is measured by the discriminator, and that has moved as well. "
                    "Could the fakes be better and the judge sharper?"
                ),
                "A rising loss has meant worse in every chapter so far.",
            ),
            (
                BETTER,
                "A sharper judge can raise it, and so can worse fakes. Which was it?",
                "Against a stronger opponent one loses more often while one learns.",
            ),
        ),
        "modes covered at 100 % good": (
            (
                8,
                "Every sample is good, and a thousand good samples can lie on one place.",
                "If all samples are right, all seems to be covered.",
            ),
            (
                0,
                "The samples are good, so they lie somewhere. On how many modes, at the least?",
                "The worst case sounds like nothing at all.",
            ),
        ),
        "what is left of the slope": (
            (
                exp(5),
                "That is how many times larger the other slope is.",
                "The ratio is the right one, the other way up.",
            ),
            (
                1 / (1 + exp(5)),
                "That is the slope that is left. What share is it of the other?",
                "One of the two slopes is the sigmoid of the logit, and it looks like the answer.",
            ),
            (
                1,
                "The slopes are the same at logit 0. Here the discriminator is sure.",
                "Both losses want the same thing of the same number.",
            ),
            (
                0,
                "It is small and not zero: a sigmoid never is.",
                "A discriminator that is sure leaves the generator nothing to go by.",
            ),
        ),
        "generator's parameters that the other's step moves": (
            (
                4482,
                (
                    "That is how many the generator has. Which parameters does the optimiser "
                    "of the discriminator hold?"
                ),
                (
                    "The discriminator's loss depends on the fakes, and they on all that the "
                    "generator holds."
                ),
            ),
        ),
    },
    tolerance=3e-3,  # so that three digits will do
)
