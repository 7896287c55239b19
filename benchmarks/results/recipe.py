"""What a result is: a recipe that is run from several seeds, a figure to reach, one published."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import nnlib


@dataclass(frozen=True)
class Recipe:
    """How to train, and what should come of it.

    Parameters
    ----------
    name : str
        What the command calls it.
    what : str
        The network and its training in one line.
    run : callable
        ``run(seed, limit, **settings)`` trains and returns the figure; a `limit` ends every
        training after so many steps, to see that it runs.
    unit : str
        What the figure is.
    must : float
        What the mean over the seeds has to reach.
    published : str
        A figure from elsewhere to put beside it, with its source.
    settings : mapping
        Sizes, rates and numbers of steps. The record of a measurement repeats them, so that a
        test sees when they are no longer those that were measured.
    seeds : tuple of int
        From which seeds to run it.
    lower : bool
        Whether less is better.
    """

    name: str
    what: str
    run: Callable[..., float]
    unit: str
    must: float
    published: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    seeds: tuple[int, ...] = (0, 1, 2)
    lower: bool = False

    def measure(self, limit: int | None = None) -> dict[str, Any]:
        """Run from every seed; return all figures and the verdict."""
        figures, seconds = [], []
        for seed in self.seeds:
            start = time.perf_counter()
            figures.append(self.run(seed, limit, **self.settings))
            seconds.append(time.perf_counter() - start)
        mean = statistics.fmean(figures)
        return {
            "name": self.name,
            "what": self.what,
            "settings": dict(self.settings),
            "unit": self.unit,
            "seeds": list(self.seeds),
            "figures": figures,
            "mean": mean,
            "spread": max(figures) - min(figures),
            "must": self.must,
            "met": mean <= self.must if self.lower else mean >= self.must,
            "lower_is_better": self.lower,
            "published": self.published,
            "seconds": seconds,
        }


def train(
    model: nnlib.Module,
    optimizer: nnlib.optim.Optimizer,
    batches: Iterable[tuple[Any, Any]],
    schedule: nnlib.Schedule,
    *,
    steps: int,
    title: str,
    clip_norm: float | None = None,
) -> None:
    """Take so many steps, one for each batch, with a bar that shows the loss."""
    from tqdm import tqdm

    model.train()
    with tqdm(total=steps, desc=title, mininterval=1.0) as bar:
        for step, (x, y) in enumerate(batches):
            if step == steps:
                break
            logits = model(x)
            loss = nnlib.cross_entropy(logits.reshape(-1, logits.shape[-1]), y.reshape(-1))
            optimizer.zero_grad()
            loss.backward()
            if clip_norm is not None:
                nnlib.clip_grad_norm_(optimizer.parameters, clip_norm)
            optimizer.step()
            schedule.step()
            bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
            bar.update()
    model.eval()
