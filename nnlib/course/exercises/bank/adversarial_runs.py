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
        "one of two modes, perfectly: the discriminator's loss": log(3) / 2 + log(3 / 2),
        "the generator's loss rises": UNKNOWN,
        "modes covered at 100 % good": 1,
        "what is left of the slope": exp(-5),
        "penalty of a neuron with the weights 1, 2 and 2": 4.5,
    },
    hints=(
        (
            "Look at the samples before the curves: how many places do they fill, and have they "
            "left where they began? For the numbers: at each place, which share of what comes by "
            "is real?"
        ),
        (
            "Near zero, the discriminator's loss means that it is never wrong. Then ask what slope "
            "is left for the generator, under the loss that is named. A loss that is measured "
            "by an opponent moves when the opponent does. And a mode without fakes costs nothing."
        ),
        (
            "At the shared mode one in three is real, at the other all are. Half of the real ones "
            "pay minus the logarithm of a third, half pay nothing, all fakes pay that of two "
            "thirds. At logit z the slopes of the two generator losses are sigmoid(z) and "
            "sigmoid(-z), and their ratio is exp(z). The gradient of a neuron is its weights."
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
        "one of two modes, perfectly: the discriminator's loss": (
            (
                2 * log(2),
                (
                    "That is the loss when nobody can tell anywhere. What can be told at the mode "
                    "that the generator leaves out?"
                ),
                "Every single fake is perfect, so there seems to be nothing to tell.",
            ),
            (
                0,
                "At the shared mode, real ones and fakes look alike. Can that cost nothing?",
                "Half of the data is missing, and that seems easy to notice.",
            ),
            (
                log(2),
                "At the shared mode there are twice as many fakes as real ones. Is one half best?",
                "It can tell at one of two modes, so half of the usual loss is left.",
            ),
            (
                -log(2 / 3),
                "That is what it pays for the fakes. What does it pay for the real ones?",
                "The fakes are what has gone wrong, so the other term of (12.1) is forgotten.",
            ),
            (
                log(3) / 2,
                "That is what it pays for the real ones. What does it pay for the fakes?",
                "The real ones alone are at two places, and what they cost takes some work.",
            ),
            (
                log(3) + log(3 / 2),
                (
                    "A third and two thirds are right at the shared mode. Which share of the real "
                    "ones lies there?"
                ),
                "Real ones at the shared mode cost ln 3, and those elsewhere are easily left out.",
            ),
            (
                1.5 * log(2),
                (
                    "So it is if it says one half at the shared mode. How many fakes lie there for "
                    "one real example?"
                ),
                "At the shared mode all look alike, and then one says one half.",
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
        "penalty of a neuron with the weights 1, 2 and 2": (
            (
                9,
                "The squared length. What stands before the square in (12.4)?",
                "The length of the gradient is 3, and its square is the penalty in many books.",
            ),
            (
                3,
                "That is the length of its gradient.",
                "The penalty is on the slope, and the slope is 3.",
            ),
            (
                1.5,
                "Half the length; the penalty is half its square.",
                "Half comes first in the formula, and the square is easily lost.",
            ),
            (
                12.5,
                "So it was for the weights 3 and 4. Half the squared length of what is it here?",
                "The number stands on the page, beside a single neuron.",
            ),
            (
                2.5,
                "The weights are squared, each of them, before they are added.",
                "One, two and two are five, and half of it is 2.5.",
            ),
            (
                "it depends",
                "On the examples? What is the gradient of a weighted sum, wherever one stands?",
                "The penalty is a mean over the real examples, and none are given.",
            ),
        ),
    },
    tolerance=3e-3,  # so that three digits will do
)
