"""One style for every plot: Okabe-Ito colours in a fixed order, with line styles as well.

Vermillion is the positive class, or 1; blue the negative, or 0. Black stands for the page's ink:
`figure` turns it into `currentColor`, so that a plot reads in light and dark.
"""

from __future__ import annotations

from typing import Any

BLUE, VERMILLION, GREEN, PURPLE, INK = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000"
PALETTE = (BLUE, VERMILLION, GREEN, PURPLE, INK)
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))

SETTINGS: dict[Any, Any] = {
    "figure.figsize": (6.0, 3.6),
    "figure.constrained_layout.use": True,
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": "#888888",
    "grid.alpha": 0.25,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "image.cmap": "cividis",
}


def use() -> None:
    """Make this the style of all plots from here on.

    Examples
    --------
    >>> import matplotlib
    >>> use()
    >>> matplotlib.rcParams["lines.linewidth"]
    2.0
    """
    import matplotlib as mpl
    from cycler import cycler

    cycle = cycler(color=PALETTE) + cycler(linestyle=LINES)
    mpl.rcParams.update(SETTINGS | {"axes.prop_cycle": cycle})


def subplots(*shape: int, **options: Any) -> tuple[Any, Any]:
    """Make a figure in the book's style, to be shown with `figure`.

    Parameters
    ----------
    *shape : int
        Rows and columns of axes.
    **options
        `figsize` in inches, and what matplotlib's `Figure.subplots` takes.

    Returns
    -------
    tuple
        The figure, and its axes.

    Notes
    -----
    The figure is unknown to pyplot, so a notebook shows it once, where `figure` does.

    Examples
    --------
    >>> fig, axes = subplots(1, 2, sharey=True)
    >>> len(axes)
    2
    """
    use()
    from matplotlib.figure import Figure

    fig = Figure(figsize=options.pop("figsize", None))
    return fig, fig.subplots(*shape, **options)
