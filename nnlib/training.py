"""Training a model, and measuring it: the loop that chapters 6 and 7 build, with its safeguards."""

from __future__ import annotations

import contextlib
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np

from nnlib.backend import Array, device_of, is_floating, is_numpy, namespace, to
from nnlib.backend import numpy as to_numpy
from nnlib.module import Module
from nnlib.optim import Optimizer, clip_grad_norm
from nnlib.tensor import Tensor, no_grad

Loss: TypeAlias = Callable[[Any, Any], Tensor]
Metric: TypeAlias = Callable[[Any, Any], Any]
Batch: TypeAlias = Sequence[Array]

EVALUATION_BATCH = 1024
"""How many examples `evaluate` takes at once; more would need more memory, not less time."""


class Steppable(Protocol):
    """What `fit` asks of a schedule."""

    def step(self) -> None:
        """Go on by one epoch."""


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


def fit(
    model: Module,
    loss: Loss,
    batches: Iterable[Batch],
    optimizer: Optimizer,
    *,
    epochs: int,
    validation: Any = None,
    metrics: Mapping[str, Metric] | None = None,
    patience: int | None = None,
    schedule: Steppable | None = None,
    clip_norm: float | None = None,
    on_epoch: Callable[[History], object] | None = None,
    progress: bool = True,
) -> History:
    """Train a model: for each batch a forward pass, a loss, a backward pass and a step.

    Parameters
    ----------
    model : Module
        What to train. It is switched to training, for validation to evaluation, and in the end
        back to what it was.
    loss : callable
        ``loss(outputs, targets)`` returns the mean over the batch as a `Tensor` of one number.
    batches : iterable of tuples
        Looped over once an epoch, as `nnlib.data.batches` makes it. Each batch is
        ``(inputs, targets)``, or ``(inputs, more inputs, targets)``, and is moved to where the
        model is.
    optimizer : Optimizer
        Holds the parameters to step.
    epochs : int
        How often to go through all batches, at most.
    validation : tuple of arrays or iterable of tuples, optional
        Examples to measure after each epoch, never to train on; as `evaluate` takes them.
    metrics : mapping of str to callable, optional
        What else to measure, such as ``{"accuracy": accuracy}``; each ``metric(outputs, targets)``
        is a mean over the batch.
    patience : int, optional
        Stop once so many epochs in a row brought no lower validation loss. In the end the model
        has the weights of its best epoch.
    schedule : Schedule, optional
        Changes the learning rate; its ``step()`` is called after each epoch.
    clip_norm : float, optional
        Clip the gradients to this length before each step, see `nnlib.clip_grad_norm`.
    on_epoch : callable, optional
        ``on_epoch(history)`` is called after each epoch, with the model still in training mode.
    progress : bool, default True
        Whether to show a bar, if tqdm is installed.

    Returns
    -------
    History
        One number for each measure and epoch. Interrupted by hand (Ctrl-C, or the stop button of
        a notebook), `fit` says so and returns the history of the epochs that were finished; the
        model keeps what it has learned.

    Raises
    ------
    RuntimeError
        If the loss becomes nan or infinite, or a parameter gets no gradient in the first epoch.
    ValueError, TypeError
        If the arguments do not fit together; the message says what does.

    References
    ----------
    Prechelt: Early stopping - but when? In Neural Networks: Tricks of the Trade, 1998.

    Examples
    --------
    >>> from nnlib import Adam, Linear, Sequential, Tanh, binary_cross_entropy_with_logits
    >>> from nnlib.data import batches, xor
    >>> X, y = xor(200, rng=0)
    >>> model = Sequential(Linear(2, 8, rng=1), Tanh(), Linear(8, 1, rng=2))
    >>> history = fit(
    ...     model,
    ...     binary_cross_entropy_with_logits,
    ...     batches(X, y.reshape(-1, 1).astype("float32"), batch_size=20, rng=3),
    ...     Adam(model.parameters(), lr=0.03),
    ...     epochs=30,
    ...     metrics={"accuracy": accuracy},
    ...     progress=False,
    ... )
    >>> history.epochs, history["accuracy"][-1] > 0.95
    (30, True)
    """
    _check_arguments(model, optimizer, epochs, validation, metrics, patience)
    history, best = History(), None
    quiet = np.errstate(over="ignore", invalid="ignore", divide="ignore")  # _not_finite reports
    try:
        with _mode(model, training=True), _bar(epochs, progress) as show, quiet:
            for epoch in range(1, epochs + 1):
                measured = _train(model, loss, batches, optimizer, metrics, clip_norm, history)
                if validation is not None:
                    measured |= _validate(model, loss, validation, metrics, optimizer, epoch)
                for name, value in measured.items():
                    history.setdefault(name, []).append(value)
                if patience is not None and history.best_epoch == epoch:
                    best = model.state_dict()
                show(measured)
                if schedule is not None:
                    schedule.step()
                if on_epoch is not None:
                    on_epoch(history)
                if patience is not None and epoch - history.best_epoch >= patience:
                    break
    except KeyboardInterrupt:
        print(
            f"fit: interrupted. The history holds the {history.epochs} of {epochs} epochs that "
            "were finished",
            file=sys.stderr,
        )
    if best is not None:
        model.load_state_dict(best)
    return history


def evaluate(
    model: Module, loss: Loss, data: Any, metrics: Mapping[str, Metric] | None = None
) -> dict[str, float]:
    """Measure a model in evaluation mode, without training it.

    Parameters
    ----------
    model : Module
        What to measure.
    loss : callable
        ``loss(outputs, targets)`` returns the mean over the batch as a `Tensor` of one number.
    data : tuple of arrays or iterable of tuples
        All examples as ``(inputs, targets)``, which are then cut into batches, or the batches.
    metrics : mapping of str to callable, optional
        What else to measure; each ``metric(outputs, targets)`` is a mean over the batch.

    Returns
    -------
    dict of str to float
        The means over all examples, under ``loss`` and the names of the metrics.

    Examples
    --------
    >>> from nnlib import Linear, cross_entropy
    >>> from nnlib.data import load_digits
    >>> measured = evaluate(Linear(64, 10, rng=0), cross_entropy, load_digits())
    >>> measured["loss"] > 2
    True
    """
    averages, device = _Averages(metrics), _device(model)
    with _mode(model, training=False), no_grad():
        for batch in _cut(data):
            *inputs, targets = _to_device(batch, device)
            outputs = model(*inputs)
            averages.add(loss(outputs, targets), outputs, targets)
    return averages.means()


def accuracy(outputs: Any, targets: Any) -> Any:
    """Return the share of examples whose class is predicted right (7.2).

    Parameters
    ----------
    outputs : Tensor or array of float
        Logits: one for each class, of which the largest wins, or one in all, of which the sign
        decides between the classes 0 and 1.
    targets : array
        The true classes, as indices.

    Returns
    -------
    float
        From 0 to 1. On a GPU it is an array without axes, so that nothing has to wait for it.

    Raises
    ------
    ValueError, TypeError
        If the shapes do not belong together, or the targets are no classes.

    Notes
    -----
    Shape: outputs (..., K) with targets (...); outputs (N, 1) or (N,) with targets (N, 1) or (N,).

    Examples
    --------
    >>> accuracy(np.array([[2.0, 1.0], [0.0, 3.0], [1.0, 0.0]]), np.array([0, 1, 1]))
    0.6666666666666666
    >>> accuracy(np.array([[-1.0], [2.0]]), np.array([0, 1]))
    1.0
    """
    z, t = _raw(outputs), _raw(targets)
    xp = namespace(z)
    if not is_floating(z):
        raise TypeError(
            f"accuracy takes logits, got outputs of {z.dtype}. For classes that are predicted "
            "already, write (predictions == targets).mean()"
        )
    if z.ndim == 1 or z.shape[-1] == 1:
        if t.shape not in (z.shape, z.shape[:-1], (*z.shape, 1)):
            raise ValueError(
                f"accuracy: one logit for each example, {z.shape}, needs one target for each, got "
                f"{t.shape}"
            )
        t = xp.reshape(t, z.shape)
        if is_numpy(t) and not ((t == 0) | (t == 1)).all():
            raise ValueError(
                f"accuracy: one logit decides between the classes 0 and 1, got targets from "
                f"{t.min()} to {t.max()}. For more classes the model needs an output for each"
            )
        right = (z > 0) == (t == 1)
    else:
        if t.shape != z.shape[:-1]:
            one_hot = ": take targets.argmax(axis=-1) if they are one-hot" * (t.shape == z.shape)
            raise ValueError(
                f"accuracy: outputs {z.shape}, one for each class, need targets "
                f"{z.shape[:-1]}, the index of the class, got {t.shape}{one_hot}"
            )
        if is_floating(t):
            raise TypeError(f"accuracy: the targets are indices of classes, got {t.dtype}")
        right = xp.argmax(z, axis=-1) == t
    share = xp.mean(xp.astype(right, xp.float64))  # (7.2)
    return float(share) if is_numpy(share) else share


def confusion_matrix(
    targets: Any, predictions: Any, classes: int | None = None
) -> np.ndarray[Any, Any]:
    """Count which class was taken for which.

    Parameters
    ----------
    targets : array_like of int
        The true classes, as indices.
    predictions : array_like of int
        The predicted classes, such as ``model(X).argmax(axis=1)``.
    classes : int, optional
        How many classes there are; by default up to the largest index found.

    Returns
    -------
    numpy.ndarray of int64
        In row i and column j the number of examples of class i that were taken for class j. The
        diagonal counts those that are right.

    Raises
    ------
    ValueError, TypeError
        If these are not two lists of class indices of one length.

    Notes
    -----
    Shape: targets (N,), predictions (N,) give (classes, classes).

    Examples
    --------
    >>> confusion_matrix([0, 0, 1, 2], [0, 1, 1, 2])
    array([[1, 1, 0],
           [0, 1, 0],
           [0, 0, 1]])
    """
    true, taken = (to_numpy(_raw(a)) for a in (targets, predictions))
    if true.shape != taken.shape or true.ndim != 1 or not true.size:
        raise ValueError(
            f"confusion_matrix: targets and predictions have one shape (N,) with N > 0, got "
            f"{true.shape} and {taken.shape}. From logits, take logits.argmax(axis=1)"
        )
    if true.dtype.kind not in "iu" or taken.dtype.kind not in "iu":
        raise TypeError(
            f"confusion_matrix: classes are whole numbers, got {true.dtype} and {taken.dtype}"
        )
    low, high = min(true.min(), taken.min()), max(true.max(), taken.max())
    if classes is None:
        classes = int(high) + 1
    if low < 0 or high >= classes:
        raise ValueError(
            f"confusion_matrix: with {classes} classes the indices run from 0 to {classes - 1}, "
            f"got indices from {low} to {high}"
        )
    pairs = true.astype(np.int64) * classes + taken.astype(np.int64)
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


# --- One epoch -----------------------------------------------------------------------------------


def _train(
    model: Module,
    loss: Loss,
    batches: Iterable[Batch],
    optimizer: Optimizer,
    metrics: Mapping[str, Metric] | None,
    clip_norm: float | None,
    history: History,
) -> dict[str, float]:
    """Train on each batch once, and return the means of what was measured."""
    averages, device = _Averages(metrics), _device(model)
    untouched = {} if history.epochs else dict(model.named_parameters())
    for batch in batches:
        *inputs, targets = arrays = _to_device(batch, device)
        optimizer.zero_grad()
        outputs = model(*inputs)
        value = loss(outputs, targets)
        averages.add(value, outputs, targets)
        if is_numpy(value.data) and not math.isfinite(value.data):
            raise RuntimeError(_not_finite(averages, history) + _advice(model, arrays, optimizer))
        value.backward()
        if untouched:
            untouched = {name: p for name, p in untouched.items() if p.grad is None}
        if clip_norm is not None:
            clip_grad_norm(optimizer.parameters, clip_norm)
        optimizer.step()
    means = averages.means()
    if not math.isfinite(means["loss"]):  # on a GPU the losses are not looked at before
        raise RuntimeError(_not_finite(averages, history) + _advice(model, (), optimizer))
    if untouched:
        raise RuntimeError(
            f"no gradient reached {', '.join(untouched)} in the first epoch, so training cannot "
            "change it. Is it used in forward()? Was it replaced after the model was made, or its "
            "output passed through detach(), .data or no_grad()? To freeze it on purpose, set its "
            "requires_grad to False"
        )
    return means


def _validate(
    model: Module,
    loss: Loss,
    validation: Any,
    metrics: Mapping[str, Metric] | None,
    optimizer: Optimizer,
    epoch: int,
) -> dict[str, float]:
    """Measure the model on the validation examples."""
    means = evaluate(model, loss, validation, metrics)
    if not math.isfinite(means["loss"]):
        arrays = validation if isinstance(validation, tuple) else ()
        raise RuntimeError(
            f"the validation loss became {means['loss']} in epoch {epoch}. "
            + _advice(model, arrays, optimizer)
        )
    return {f"val_{name}": mean for name, mean in means.items()}


class _Averages:
    """Numbers from each batch, averaged in the end: until then a GPU need not be waited for."""

    def __init__(self, metrics: Mapping[str, Metric] | None) -> None:
        self.metrics = dict(metrics or {})
        self.sizes: list[int] = []
        self.columns: dict[str, list[Any]] = {name: [] for name in ("loss", *self.metrics)}

    def add(self, value: Any, outputs: Tensor, targets: Array) -> None:
        if not isinstance(value, Tensor) or value.shape != ():
            got = f"the shape {value.shape}" if isinstance(value, Tensor) else repr(value)
            raise TypeError(
                f"a loss is a Tensor of one number without axes, got {got}. Return the mean over "
                'the batch, for example with reduction="mean"'
            )
        self.sizes.append(targets.shape[0])
        self.columns["loss"].append(value.data)
        for name, metric in self.metrics.items():
            self.columns[name].append(metric(_raw(outputs), targets))

    def numbers(self, name: str) -> np.ndarray[Any, Any]:
        values = self.columns[name]
        if values and device_of(values[0]) == "cuda":
            return to_numpy(namespace(values[0]).stack(values))
        return np.array([float(value) for value in values])

    def means(self) -> dict[str, float]:
        if not self.sizes:
            raise ValueError(
                "there are no batches to go through. They are needed anew in each epoch: pass "
                "batches(X, y, batch_size=...) or a list, not a generator, which is used up after "
                "one pass"
            )
        return {
            name: float(np.average(self.numbers(name), weights=self.sizes)) for name in self.columns
        }


def _not_finite(averages: _Averages, history: History) -> str:
    """Say when the loss stopped being a number."""
    losses = averages.numbers("loss")
    i = int(np.argmin(np.isfinite(losses)))
    before = [*history.get("loss", []), *losses[:i]]
    last = f"the last finite loss was {before[-1]:.4g}" if before else "there was none before"
    return f"the loss became {losses[i]} in epoch {history.epochs + 1}, batch {i + 1}; {last}. "


def _advice(model: Module, arrays: Sequence[Array], optimizer: Optimizer) -> str:
    """Say why, as far as it can be seen, and what to try."""
    floats = (x for x in map(to_numpy, arrays) if x.dtype.kind == "f")
    if not all(np.isfinite(x).all() for x in floats):
        return "The data contain nan or infinity there: drop or fill these examples first"
    broken = [
        name for name, p in model.named_parameters() if not np.isfinite(to_numpy(p.data)).all()
    ]
    found = f"By then {', '.join(broken)} had become nan or infinite. " if broken else ""
    return (
        f"{found}Try a smaller learning rate than {optimizer.lr:g}, or clip_norm=1.0. Check that "
        "the inputs are scaled, and that the loss takes no logarithm or root of 0"
    )


def _cut(data: Any) -> Iterable[Batch]:
    """Return batches: those that were passed, or arrays cut into some."""
    if not isinstance(data, tuple):
        return data  # type: ignore[no-any-return]
    arrays = [a if hasattr(a, "shape") else np.asarray(a) for a in data]
    lengths = [a.shape[0] for a in arrays]
    if len(set(lengths)) != 1:
        raise ValueError(f"inputs and targets differ in length: {lengths} examples")
    starts = range(0, lengths[0], EVALUATION_BATCH)
    return [tuple(a[i : i + EVALUATION_BATCH] for a in arrays) for i in starts]


def _to_device(batch: Any, device: str) -> list[Array]:
    if not isinstance(batch, tuple | list) or len(batch) < 2:
        raise TypeError(
            f"a batch is a tuple (inputs, targets), got {type(batch).__name__}: cut arrays into "
            "batches with batches(X, y, batch_size=...); to evaluate, (X, y) will do"
        )
    return [to(a if hasattr(a, "shape") else np.asarray(a), device) for a in batch]


def _device(model: Module) -> str:
    """Return where the model is; one that holds no numbers is on the CPU."""
    return next((device_of(tensor.data) for _, tensor in model.named_tensors()), "cpu")


@contextlib.contextmanager
def _mode(model: Module, *, training: bool) -> Iterator[None]:
    """Switch a model to training or evaluation, and each part back to what it was."""
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, mode in before:
            module.training = mode


@contextlib.contextmanager
def _bar(epochs: int, progress: bool) -> Iterator[Callable[[dict[str, float]], None]]:
    """Yield a function that moves a progress bar on by an epoch and shows what was measured."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        progress = False
    if not progress:
        yield lambda measured: None  # noqa: ARG005
        return
    with tqdm(total=epochs, unit="epoch") as bar:

        def show(measured: dict[str, float]) -> None:
            bar.set_postfix({k: f"{v:.4g}" for k, v in measured.items()}, refresh=False)
            bar.update()

        yield show
        bar.total = bar.n  # to stop early is no failure: notebooks paint an unfinished bar red


def _raw(x: Any) -> Array:
    """Return the array of a tensor, and anything else as an array."""
    if isinstance(x, Tensor):
        return x.data
    return x if hasattr(x, "shape") else np.asarray(x)


def _check_arguments(
    model: Module,
    optimizer: Any,
    epochs: Any,
    validation: Any,
    metrics: Any,
    patience: int | None,
) -> None:
    """Refuse what would fail later, or train nothing, with a message that says what fits."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"fit takes an optimiser, such as SGD(model.parameters(), lr=0.1), got {optimizer!r}"
        )
    parameters = model.parameters()
    if not parameters:
        raise ValueError(f"this {type(model).__name__} has no parameters: nothing can be trained")
    if not set(parameters) & set(optimizer.parameters):
        raise ValueError(
            "the optimiser holds none of this model's parameters: it was made for another model. "
            f"Make one with {type(optimizer).__name__}(model.parameters(), lr={optimizer.lr:g})"
        )
    if not isinstance(epochs, int) or epochs < 1:
        raise ValueError(f"epochs is a whole number of at least 1, got {epochs!r}")
    if patience is not None:
        if patience < 1:
            raise ValueError(f"patience is a whole number of epochs, at least 1, got {patience!r}")
        if validation is None:
            raise ValueError("patience waits for a lower validation loss: pass validation=(X, y)")
    if metrics is not None and not isinstance(metrics, Mapping):
        raise TypeError(f'metrics are functions by name, {{"accuracy": accuracy}}, got {metrics!r}')
