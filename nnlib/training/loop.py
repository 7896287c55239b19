"""The training loop, and the same loop without training, to measure."""

from __future__ import annotations

import contextlib
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np

from nnlib.backend import Array, device_of, is_numpy, namespace, to
from nnlib.backend import numpy as to_numpy
from nnlib.module import Module
from nnlib.optim import Optimizer, clip_grad_norm_
from nnlib.tensor import Tensor, no_grad
from nnlib.training.history import History
from nnlib.training.measures import array_of
from nnlib.training.safeguards import advice, check_arguments, no_gradient, not_finite

Loss: TypeAlias = Callable[[Any, Any], Tensor]
Metric: TypeAlias = Callable[[Any, Any], Any]
Batch: TypeAlias = Sequence[Array]

EVALUATION_BATCH = 1024  # `evaluate` takes so many examples at once; more would need more memory


class Steppable(Protocol):
    """What `fit` asks of a schedule."""

    def step(self) -> None:
        """Go on by one epoch."""


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
        Clip the gradients to this length before each step, see `nnlib.clip_grad_norm_`.
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
    >>> from nnlib.training import accuracy
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
    check_arguments(model, optimizer, epochs, validation, metrics, patience)
    history, best = History(), None
    quiet = np.errstate(over="ignore", invalid="ignore", divide="ignore")  # fit reports it itself
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
            why = advice(model, arrays, optimizer)
            raise not_finite(averages.numbers("loss"), history.get("loss", []), why)
        value.backward()
        if untouched:
            untouched = {name: p for name, p in untouched.items() if p.grad is None}
        if clip_norm is not None:
            clip_grad_norm_(optimizer.parameters, clip_norm)
        optimizer.step()
    means = averages.means()
    if not math.isfinite(means["loss"]):  # on a GPU the losses are not looked at before
        why = advice(model, (), optimizer)
        raise not_finite(averages.numbers("loss"), history.get("loss", []), why)
    if untouched:
        raise no_gradient(untouched)
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
            + advice(model, arrays, optimizer)
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
            self.columns[name].append(metric(array_of(outputs), targets))

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


def _cut(data: Any) -> Iterable[Batch]:
    """Return batches: those that were passed, or arrays cut into some."""
    if not isinstance(data, tuple):
        return data  # type: ignore[no-any-return]
    arrays = [array_of(a) for a in data]
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
    return [to(array_of(a), device) for a in batch]


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
    # tqdm's bar for notebooks does not look at tqdm's own variable.
    if not progress or os.environ.get("TQDM_DISABLE"):
        yield lambda measured: None  # noqa: ARG005
        return
    with tqdm(total=epochs, unit="epoch") as bar:

        def show(measured: dict[str, float]) -> None:
            bar.set_postfix({k: f"{v:.4g}" for k, v in measured.items()}, refresh=False)
            bar.update()

        yield show
        bar.total = bar.n  # to stop early is no failure: notebooks paint an unfinished bar red
