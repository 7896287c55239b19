"""The smallest game of two networks: each has one number, and neither goes straight downhill.

All real examples lie at 0. The generator says one place, `place`, whatever the noise; the
discriminator's logit at x is `slope` times x. Both would rest at (0, 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, hypot, inf, isfinite, log1p
from typing import ClassVar

from nnlib.course.pictures.style import BLUE, GREEN, PURPLE, VERMILLION
from nnlib.course.pictures.svg import document, line, number, text

from .model import Control, Goal, Story

START = (1.0, 0.0)  # where the forger begins, and how steep the expert is
LONGEST = 2000
CLOSE = 0.05
WIDTH, HEIGHT, PLANE, REACH = (
    540,
    300,
    250,
    1.25,
)  # of the picture; of the plane, in pixels and ends
Path = tuple[tuple[float, float], ...]


def sigmoid(z: float) -> float:
    """Squash a logit; it may be large."""
    return 1 / (1 + exp(-z)) if z > -700 else 0.0


def softplus(z: float) -> float:
    """Give log(1 + exp(z)) of a logit that may be large."""
    return max(z, 0.0) + log1p(exp(-abs(z)))


def losses(place: float, slope: float) -> tuple[float, float]:
    """Give the loss of the discriminator (12.1) and of the generator (12.2); no penalty in it."""
    return softplus(0.0) + softplus(slope * place), softplus(-slope * place)


def turn(place: float, slope: float, rate: float, penalty: float) -> tuple[float, float]:
    """Let the discriminator step, and then the generator, each down its own loss."""
    slope -= rate * (place * sigmoid(slope * place) + penalty * slope)
    place -= rate * -slope * sigmoid(-slope * place)
    return place, slope


@cache
def walked(rate: float, penalty: float) -> Path:
    """Play for long; a game that flies apart ends where it has."""
    path = [START]
    for _ in range(LONGEST):
        after = turn(*path[-1], rate, penalty)
        path.append(after if hypot(*after) < 1e6 else (inf, inf))
        if not isfinite(path[-1][0]):
            break
    return tuple(path)


@dataclass(frozen=True)
class Duel:
    """Two players of one number each, who step in turn.

    Parameters
    ----------
    rate : float
        The learning rate of both.
    penalty : float
        The strength of the brake on the discriminator's slope.
    step : int
        How many steps each has taken.

    Examples
    --------
    >>> round(Duel(penalty=0.3, step=300).metrics()["distance"], 3)
    0.009
    """

    rate: float = 0.1
    penalty: float = 0.0
    step: int = 0

    controls: ClassVar[tuple[Control, ...]] = (
        Control("rate", "learning rate", (0.01, 0.03, 0.1, 0.3, 1.0)),
        Control("penalty", "penalty", (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)),
        Control(
            "step",
            "steps of each",
            (0, 1, 2, 5, 10, 15, 20, 30, 45, 60, 80, 100, 150, 200, 300, 500, 1000, LONGEST),
            step="Go on",
        ),
    )

    @property
    def path(self) -> Path:
        """Where both have been."""
        return walked(self.rate, self.penalty)[: self.step + 1]

    def metrics(self) -> dict[str, float]:
        """Give both numbers, how far they are from rest together, and both losses."""
        place, slope = self.path[-1]
        flown = not isfinite(place)
        to_d, to_g = (inf, inf) if flown else losses(place, slope)
        return {
            "place": place,
            "slope": slope,
            "distance": hypot(place, slope),
            "loss of the expert": to_d,
            "loss of the forger": to_g,
        }

    def describe(self) -> str:
        """Say where the two are and what their losses are."""
        now = self.metrics()
        settings = f"learning rate {number(self.rate)} and penalty {number(self.penalty)}"
        if not isfinite(now["distance"]):
            return f"Before {self.step} steps with {settings} the two have flown apart."
        return (
            f"After {self.step} {'step' if self.step == 1 else 'steps'} of each, with {settings}, "
            f"the fake is at {number(now['place'])} and the expert's line has slope "
            f"{number(now['slope'])}. From rest they are {now['distance']:.2f} away. The loss of "
            f"the expert is {now['loss of the expert']:.2f}, that of the forger "
            f"{now['loss of the forger']:.2f}."
        )

    def svg(self) -> str:
        """Draw the way of the two numbers, the expert's line, and both losses."""
        return document(
            WIDTH, HEIGHT, self._plane() + self._line() + self._losses(), self.describe()
        )

    def _plane(self) -> str:
        """Draw slope against place, with the last part of the way."""
        left, top, middle = 18, 30, PLANE / 2
        unit = middle / REACH

        def at(point: tuple[float, float]) -> tuple[float, float]:
            x, y = (max(-3 * REACH, min(3 * REACH, value)) for value in point)
            return middle + unit * x, middle - unit * y

        thin = max(1, round(0.1 / self.rate))
        kept = self.path[: -1 if self.step % thin else None][::thin][-300:]
        way = [at(point) for point in (*kept, self.path[-1]) if isfinite(point[0])]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in way)
        x, y = way[-1]
        return (
            text(left + middle, 18, "the way of the two numbers")
            + f'<svg x="{left}" y="{top}" width="{PLANE}" height="{PLANE}">'
            '<g stroke="currentColor" stroke-opacity="0.4">'
            f'<path d="M0 {middle:.0f}h{PLANE}M{middle:.0f} 0v{PLANE}"/></g>'
            f'<circle cx="{middle:.0f}" cy="{middle:.0f}" r="5" fill="{GREEN}"/>'
            f'<polyline points="{points}" fill="none" stroke="{VERMILLION}" stroke-width="1.5"/>'
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="6" fill="{VERMILLION}"/></svg>'
            + text(left + PLANE, top + middle - 6, "place of the fake", anchor="end", size=11)
            + text(left + middle + 6, top + 10, "slope of the line", anchor="start", size=11)
            + text(left + middle, HEIGHT - 5, "green: where both would rest", size=11)
        )

    def _line(self) -> str:
        """Draw the discriminator's line over the real place and the fake's."""
        left, top, width, height = 290, 30, 236, 100
        middle, level, unit = left + width / 2, top + height / 2, width / 2 / REACH
        place, slope = self.path[-1]
        if not isfinite(place):
            return text(middle, level, "flown apart")
        fall = max(-1.0, min(1.0, slope)) * 36
        fake = middle + unit * max(-REACH, min(REACH, place))
        return (
            text(middle, 18, "the expert's line: above, it says real")
            + line((left, level), (left + width, level))
            + line(
                (left, level + fall * REACH), (left + width, level - fall * REACH), colour=BLUE,
                width=2.2,
            )
            + f'<rect x="{middle - 5:.0f}" y="{level - 5:.0f}" width="10" height="10" '
            f'fill="{GREEN}"/><circle cx="{fake:.0f}" cy="{level:.0f}" r="6" fill="{VERMILLION}"/>'
            + text(middle, level + 20, "real", size=11)
            + text(fake, level - 11, "fake", size=11)
        )  # fmt: skip

    def _losses(self) -> str:
        """Draw both losses over all steps so far, and dashed what they are at rest."""
        left, top, width, height, highest = 320, 172, 206, 96, 2.4
        finite = [point for point in self.path if isfinite(point[0])]
        thin = max(1, len(finite) // 120)
        drawn = [losses(*point) for point in (*finite[:-1:thin], finite[-1])]
        steps = max(1, len(drawn) - 1)
        body = text(left + width / 2, top - 12, "losses: expert and forger")
        body += line((left, top + height), (left + width, top + height))
        for which, (name, colour, dash) in enumerate(
            (("expert", BLUE, "none"), ("forger", PURPLE, "6 2"))
        ):
            rest = top + height * (1 - losses(0, 0)[which] / highest)
            points = " ".join(
                f"{left + width * i / steps:.0f},"
                f"{top + height * (1 - min(loss[which], highest) / highest):.1f}"
                for i, loss in enumerate(drawn)
            )
            body += (
                line((left, rest), (left + width, rest), dashed=True, width=0.6)
                + f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" '
                f'stroke-dasharray="{dash}"/>'
                + text(left - 4, rest + 4, name, anchor="end", size=11)
            )
        return (
            body
            + text(left, top + height + 17, "0")
            + text(left + width, top + height + 17, f"{self.step} steps", anchor="end")
        )


STORY = Story(
    "the game",
    {
        **{f"no penalty, step {n}": Duel(step=n) for n in (0, 1, 5, 10, 20, 30, 45, 60, 100, 300)},
        "a tenth of the rate, step 1000": Duel(rate=0.01, step=1000),
        "ten times the rate, step 60": Duel(rate=1.0, step=60),
        **{
            f"penalty 0.3, step {n}": Duel(penalty=0.3, step=n)
            for n in (0, 10, 20, 30, 45, 60, 100, 300)
        },
        "penalty 10, step 300": Duel(penalty=10.0, step=300),
    },
)
AT_REST = Goal(
    "Bring the forger to the real place and let the expert rest: together at most 0.05 away.",
    "distance",
    at_most=CLOSE,
    why=(
        (lambda m: m.step < 100, "Let both take some more steps: 100 at least."),
        (
            lambda m: not isfinite(m.metrics()["distance"]),
            (
                "The brake throws them out: with this learning rate each step corrects the slope "
                "by more than there is of it."
            ),
        ),
        (
            lambda m: m.penalty == 0,
            (
                "They go round and hardly come closer: whenever the fake is at the real place, the "
                "line is steep and drives it past. Smaller steps make the same round, more slowly. "
                "What would take away the steepness?"
            ),
        ),
        (
            lambda m: m.penalty >= 3,
            (
                "The line is pressed so flat that it hardly tells the forger where to go. It is "
                "on its way, slowly."
            ),
        ),
        (
            lambda m: m.penalty > 0,
            "They spiral inwards. Go on, or choose a little more of the penalty.",
        ),
    ),
)
