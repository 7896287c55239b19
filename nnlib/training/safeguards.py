"""What `fit` refuses before it starts, and what it says when training goes wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from nnlib.backend import Array
from nnlib.backend import numpy as to_numpy
from nnlib.module import Module
from nnlib.optim import Optimizer


def check_arguments(
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


def not_finite(losses: Any, earlier: Sequence[float], advice: str) -> RuntimeError:
    """Return the error for a loss that stopped being a number.

    Parameters
    ----------
    losses : numpy.ndarray
        The losses of the batches of this epoch so far; the first that is not finite is reported.
    earlier : sequence of float
        The losses of the epochs before.
    advice : str
        What to do about it.
    """
    i = int(np.argmin(np.isfinite(losses)))
    before = [*earlier, *losses[:i]]
    last = f"the last finite loss was {before[-1]:.4g}" if before else "there was none before"
    return RuntimeError(
        f"the loss became {losses[i]} in epoch {len(earlier) + 1}, batch {i + 1}; {last}. {advice}"
    )


def advice(model: Module, arrays: Sequence[Array], optimizer: Optimizer) -> str:
    """Say why a loss is not finite, as far as it can be seen, and what to try."""
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


def no_gradient(names: Iterable[str]) -> RuntimeError:
    """Return the error for parameters that no gradient reached in a whole epoch."""
    return RuntimeError(
        f"no gradient reached {', '.join(names)} in the first epoch, so training cannot change "
        "it. Is it used in forward()? Was it replaced after the model was made, or its output "
        "passed through detach(), .data or no_grad()? To freeze it on purpose, set its "
        "requires_grad to False"
    )
