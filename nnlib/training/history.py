"""What training measured, epoch by epoch, and the curves that show it."""

from __future__ import annotations

from typing import Any


class History(dict[str, list[float]]):
    """What `fit` measured: under each name a list with one number for each epoch.

    The names are ``loss`` and those of the metrics; with validation also the same with ``val_``
    in front. Training numbers are averages over the epoch, while the weights still moved.

    Examples
    --------
    >>> history = History(loss=[0.9, 0.4, 0.2], val_loss=[0.8, 0.5, 0.6])
    >>> history
    History of 3 epochs, the last: loss 0.2, val_loss 0.6
    >>> history["loss"][0], history.best_epoch
    (0.9, 2)
    """

    def __repr__(self) -> str:
        last = ", ".join(f"{name} {values[-1]:.4g}" for name, values in self.items() if values)
        return f"History of {self.epochs} epochs" + (f", the last: {last}" if last else "")

    @property
    def epochs(self) -> int:
        """How many epochs were finished."""
        return len(self.get("loss", []))

    @property
    def best_epoch(self) -> int:
        """The epoch, counted from 1, with the lowest validation loss, else training loss."""
        self._need_an_epoch()
        losses = self.get("val_loss", self["loss"])
        return losses.index(min(losses)) + 1

    def plot(self) -> Any:
        """Draw the learning curves, training and validation in one picture for each measure.

        Returns
        -------
        matplotlib.figure.Figure
            One set of axes for the loss, and one for each metric.
        """
        self._need_an_epoch()
        try:
            from matplotlib import pyplot as plt
            from matplotlib.ticker import MaxNLocator
        except ImportError as error:
            raise ImportError("plots need matplotlib: pip install matplotlib") from error
        measures = [name for name in self if not name.startswith("val_")]
        figure, axes = plt.subplots(
            1, len(measures), figsize=(5 * len(measures), 3.5), squeeze=False, layout="constrained"
        )
        plt.close(figure)  # pyplot forgets it: a notebook shows it once, where it is returned
        curves = {
            "": ("training", "#0072B2", "-", "o"),
            "val_": ("validation", "#D55E00", "--", "s"),
        }
        for ax, measure in zip(axes[0], measures, strict=True):
            for prefix, (label, colour, line, marker) in curves.items():
                values = self.get(prefix + measure, [])
                if values:
                    ax.plot(
                        range(1, len(values) + 1),
                        values,
                        color=colour,
                        linestyle=line,
                        marker=marker,
                        markevery=max(1, len(values) // 10),
                        label=label,
                    )
            ax.set(xlabel="epoch", ylabel=measure)
            ax.xaxis.set_major_locator(MaxNLocator(integer=True))
            ax.legend()
        return figure

    def _need_an_epoch(self) -> None:
        if not self.epochs:
            raise ValueError("this history is empty: no epoch was finished")
