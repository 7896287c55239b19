"""The budget lab: twelve runs to find a good setting, and one look at the test set.

What was done is part of the state: the runs that were made, and whether the test set is open. An
action leads from one state to the next, so the lab is as frozen as any other model.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from nnlib.course.pictures.field import png

from .budget_picture import picture
from .budget_runs import DECAYS, RATES, UNITS, Setting, points, train, words
from .model import Action, Control, Goal, Story

BUDGET = 12
WANTED = 0.85


@dataclass(frozen=True)
class BudgetLab:
    """A search for a good setting: what is chosen now, the runs made, the test set shut or open.

    Parameters
    ----------
    units, rate, decay
        The setting that the next run takes.
    runs : tuple of Setting
        The runs made so far.
    opened : bool
        Whether the test set is open. It opens once, for the best run on the validation points.
    note : tuple of Setting and str, optional
        What the last action had to say of this setting; gone when another one is set.

    Examples
    --------
    >>> lab = BudgetLab().run()
    >>> len(lab.runs), lab.metrics()["validation"] < lab.metrics()["train"]
    (1, True)
    """

    units: int = 64
    rate: float = 0.1
    decay: float = 0.0
    runs: tuple[Setting, ...] = ()
    opened: bool = False
    note: tuple[Setting, str] | None = None

    controls: ClassVar[tuple[Control, ...]] = (
        Control("units", "hidden units", UNITS),
        Control("rate", "learning rate", RATES),
        Control("decay", "weight decay", DECAYS),
    )
    actions: ClassVar[tuple[Action, ...]] = (
        Action("run", "Run", lambda lab: lab.run()),
        Action("open", "Open the test set", lambda lab: lab.open()),
        Action("again", "Start again", lambda lab: lab.again()),
    )

    @property
    def setting(self) -> Setting:
        """The setting that the next run takes."""
        return Setting(self.units, self.rate, self.decay)

    @property
    def best(self) -> Setting | None:
        """The run that is best on the validation points, the earliest of equals."""
        return max(self.runs, key=lambda setting: train(setting).validation, default=None)

    def run(self) -> BudgetLab:
        """Spend a run on the setting, unless nothing can be learned or it would be unfair."""
        if self.opened:
            note = (
                "Refused: the test set is open. A run made now would be chosen by what it said, "
                "and its number would be one more validation number."
            )
        elif self.setting in self.runs:
            note = "This setting was run already; from the same seed it says the same. Not counted."
        elif len(self.runs) == BUDGET:
            note = f"The {BUDGET} runs are made. Choose among them."
        else:
            return replace(self, runs=(*self.runs, self.setting), note=None)
        return self._noting(note)

    def open(self) -> BudgetLab:
        """Open the test set for the best run, once."""
        if not self.runs:
            return self._noting("There is no run to open the test set for.")
        if self.opened:
            return self._noting("It is open. Looking again gives the same number.")
        return replace(self, opened=True, note=None)

    def again(self) -> BudgetLab:
        """Forget everything, which only a toy allows."""
        note = "All is forgotten, for this is a toy. A real test set cannot be shut again."
        return replace(self, runs=(), opened=False)._noting(note)

    def _noting(self, words: str) -> BudgetLab:
        return replace(self, note=(self.setting, words))

    def metrics(self) -> dict[str, float]:
        """Give the shares of the last run, and how good the run is that was chosen."""
        last = train(self.runs[-1]) if self.runs else None
        best = train(self.best) if self.best else None
        return {
            "runs": float(len(self.runs)),
            "train": last.train if last else 0.0,
            "validation": last.validation if last else 0.0,
            "best": best.validation if best else 0.0,
            "chosen": best.validation if best and self.opened else 0.0,
        }

    def describe(self) -> str:
        """Say what the last run showed, or what the test set says."""
        said = [self.note[1]] if self.note and self.note[0] == self.setting else []
        return " ".join([*said, self._sentence()])

    def _sentence(self) -> str:
        now = self.metrics()
        chosen = f"Set to {words(self.setting)}."
        if self.opened and self.best:
            best = train(self.best)
            runs = "run" if len(self.runs) == 1 else "runs"
            return (
                f"{chosen} The test set is open, for the best of {len(self.runs)} {runs} on the "
                f"validation points: {words(self.best)}. {best.validation:.0%} of the validation "
                f"points are right and {best.test:.1%} of the test points."
            )
        if not self.runs:
            return f"{chosen} None of the {BUDGET} runs is made. The test set is shut."
        return (
            f"{chosen} Run {len(self.runs)} of {BUDGET}: {words(self.runs[-1])}. "
            f"{now['train']:.0%} of the training points are right and {now['validation']:.0%} of "
            f"the validation points. {train(self.runs[-1]).verdict}"
        )

    def svg(self) -> str:
        """Draw the last run's answer, where the runs lie among the settings, and their table."""
        shown = self.best if self.opened else (self.runs[-1] if self.runs else None)
        rows = [
            (*setting, train(setting).train, train(setting).validation) for setting in self.runs
        ]
        return picture(
            field=png(train(shown).field) if shown else "",
            points=points()[0],
            axes=(RATES, UNITS),
            rows=rows,
            now=self.setting,
            best=self.runs.index(self.best) if self.best else None,
            budget=BUDGET,
            test=train(self.best).test if self.opened and self.best else None,
            alt=self.describe(),
        )


# Far apart first, one thing at a time; then closer round what was good.
PLAN = tuple(
    Setting(*numbers)
    for numbers in (
        (64, 0.1, 0.0),
        (1, 0.1, 0.0),
        (8, 0.1, 0.0),
        (8, 0.0001, 0.0),
        (8, 1.0, 0.0),
        (8, 0.01, 0.0),
        (8, 0.01, 3.0),
        (8, 0.01, 0.3),
        (64, 0.01, 0.3),
        (4, 0.01, 0.3),
        (8, 0.03, 0.3),
        (8, 0.1, 0.3),
    )
)


def story() -> Story:
    """Tell one search to its end: twelve runs of a plan, then the test set."""
    lab = BudgetLab()
    told = {"0": lab}
    for count, setting in enumerate(PLAN, start=1):
        lab = replace(lab, **setting._asdict()).run()
        told[str(count)] = lab
    return Story("runs made", told | {"12, test set open": lab.open()})


OPEN_ONCE = Goal(
    f"Find a setting with {WANTED:.0%} of the validation points right, in at most {BUDGET} runs. "
    "Then open the test set, once.",
    "chosen",
    at_least=WANTED,
    why=(
        (lambda m: not m.runs, "Nothing is known of any setting yet: make a run."),
        (
            lambda m: m.opened,
            (
                "The test set is open, and the run it was opened for was not good enough. What it "
                "said may not choose another one: start again."
            ),
        ),
        (
            lambda m: m.metrics()["best"] >= WANTED,
            "One of the runs is good enough. Open the test set: what will it say?",
        ),
        (
            lambda m: len(m.runs) == BUDGET,
            (
                "The runs are spent, and none is good enough. Start again: vary one thing at a "
                "time, in large steps first."
            ),
        ),
        (
            lambda m: m.metrics()["train"] < 0.75,
            (
                "The last run fails on the points that it was trained on. Has it enough units, "
                "steps of a useful length, and freedom to use its weights?"
            ),
        ),
        (
            lambda m: m.metrics()["train"] - m.metrics()["validation"] > 0.1,
            "The last run has learned its own points by heart. What could hold it back?",
        ),
        (lambda m: bool(m.runs), "Not bad. Go on from the best run so far, in smaller steps."),
    ),
)
