"""Training: it equals the loop by hand, it learns, it stops in time, and it says what is wrong."""

import builtins
import contextlib
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import array_api_strict
import numpy as np
import pytest
import tqdm.auto
from hypothesis import given
from hypothesis import strategies as st

from nnlib import (
    SGD,
    Adam,
    BatchNorm1d,
    Dropout,
    Linear,
    Module,
    Parameter,
    ReLU,
    Sequential,
    StepLR,
    Tanh,
    Tensor,
    binary_cross_entropy_with_logits,
    clip_grad_norm_,
    cross_entropy,
    log,
    mse_loss,
    no_grad,
)
from nnlib.data import batches, load_digits, spirals, split
from nnlib.training import History, accuracy, confusion_matrix, evaluate, fit
from nnlib.training.loop import _Averages


def points(n=60, rng=0):
    return spirals(n, rng=rng)


def small_model(rng=0, units=8):
    rng = np.random.default_rng(rng)
    return Sequential(Linear(2, units, rng=rng), Tanh(), Linear(units, 2, rng=rng))


def train(model=None, *, lr=0.1, data=None, batch_size=16, optimizer=SGD, **options):
    """Call fit on something small, with as few words as possible."""
    model = small_model() if model is None else model
    data = batches(*points(), batch_size=batch_size, rng=0) if data is None else data
    options = {"epochs": 3, "progress": False, "loss": cross_entropy} | options
    optimizer = optimizer(model.parameters(), lr=lr)
    return fit(model, batches=data, optimizer=optimizer, **options)


# --- It learns -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_xor_is_solved_by_eight_tanh_units(seed):
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    y = np.array([[0], [1], [1], [0]], dtype=np.float32)
    rng = np.random.default_rng(seed)
    model = Sequential(Linear(2, 8, rng=rng), Tanh(), Linear(8, 1, rng=rng))
    history = fit(
        model,
        binary_cross_entropy_with_logits,
        batches(X, y, batch_size=4, rng=rng),
        Adam(model.parameters(), lr=0.05),
        epochs=200,
        metrics={"accuracy": accuracy},
        progress=False,
    )
    assert history["accuracy"][-1] == 1
    assert history["loss"][-1] < 0.01


@pytest.mark.parametrize("seed", range(3))
def test_digits_are_read(seed):
    rng = np.random.default_rng(seed)
    digits, validation, test = split(*load_digits(), rng=rng)
    model = Sequential(Linear(64, 64, rng=rng), ReLU(), Linear(64, 10, rng=rng))
    fit(
        model,
        cross_entropy,
        batches(*digits, batch_size=32, rng=rng),
        Adam(model.parameters(), lr=0.003),
        epochs=50,
        validation=validation,
        patience=5,
        progress=False,
    )
    assert evaluate(model, cross_entropy, test, {"accuracy": accuracy})["accuracy"] > 0.95


# --- It is the loop by hand ----------------------------------------------------------------------


def test_fit_is_the_loop_by_hand():
    X, y = points(50)
    model, by_hand = small_model(), small_model()
    optimizer = SGD(by_hand.parameters(), lr=0.3, momentum=0.9)
    schedule = StepLR(optimizer, 2, gamma=0.5)
    losses, shares = [], []
    parts = batches(X, y, batch_size=16, rng=1)  # the last holds 2
    for _ in range(5):
        total = right = 0.0
        for X_part, y_part in parts:
            optimizer.zero_grad()
            logits = by_hand(X_part)
            loss = cross_entropy(logits, y_part)
            loss.backward()
            clip_grad_norm_(by_hand.parameters(), 0.05)
            optimizer.step()
            total += loss.item() * len(y_part)
            right += (logits.argmax(axis=1) == y_part).sum()
        schedule.step()
        losses.append(total / 50)
        shares.append(right / 50)

    optimizer = SGD(model.parameters(), lr=0.3, momentum=0.9)
    history = fit(
        model,
        cross_entropy,
        batches(X, y, batch_size=16, rng=1),
        optimizer,
        epochs=5,
        metrics={"accuracy": accuracy},
        schedule=StepLR(optimizer, 2, gamma=0.5),
        clip_norm=0.05,
        progress=False,
    )
    for p, q in zip(model.parameters(), by_hand.parameters(), strict=True):
        np.testing.assert_array_equal(p.data, q.data)
    np.testing.assert_allclose(history["loss"], losses, rtol=1e-6)
    np.testing.assert_allclose(history["accuracy"], shares, rtol=1e-12)
    assert set(history) == {"loss", "accuracy"}
    assert optimizer.lr == 0.3 * 0.5**2


def test_the_same_seeds_give_the_same_history():
    def run():
        rng = np.random.default_rng(5)
        model = Sequential(
            Linear(2, 8, rng=rng), Tanh(), Dropout(0.3, rng=rng), Linear(8, 2, rng=rng)
        )
        return train(
            model, data=batches(*points(), batch_size=7, rng=rng), validation=points(rng=1)
        )

    assert run() == run()


def test_several_inputs_go_to_the_model_in_order():
    class Difference(Module):
        def __init__(self):
            self.w = Parameter(np.ones(1))

        def forward(self, a, b):
            return (Tensor(a) - b) * self.w

    a, b = np.arange(6.0), np.arange(6.0)[::-1].copy()
    data = batches(a, b, 3 * (a - b), batch_size=2, rng=0)
    model = Difference()
    train(model, data=data, loss=mse_loss, lr=0.02, epochs=50)
    np.testing.assert_allclose(model.w.data, 3, rtol=1e-3)


def test_lists_of_plain_lists_are_batches_too():
    data = [([[0.0, 1.0], [1.0, 0.0]], [0, 1]), ([[1.0, 1.0]], [1])]
    model = small_model().to(np.float64)
    assert train(model, data=data).epochs == 3
    assert evaluate(model, cross_entropy, ([[0.0, 1.0]], [1]))["loss"] > 0


# --- Validation and modes ------------------------------------------------------------------------


class Spy(Module):
    """Notes in which mode it computes, and whether a gradient could be taken."""

    def __init__(self):
        self.w, self.seen = Parameter(np.ones((2, 2))), []

    def forward(self, x):
        output = Tensor(x) @ self.w
        self.seen.append((self.training, output.requires_grad, len(x)))
        return output


def test_validation_is_measured_in_evaluation_mode_without_gradients():
    model = Spy()
    train(model, batch_size=60, epochs=2, validation=points(30))
    assert model.seen == [(True, True, 60), (False, False, 30)] * 2
    assert model.training


@pytest.mark.parametrize("mode", [True, False])
def test_modes_are_left_as_they_were_found(mode):
    model = Sequential(Linear(2, 2), BatchNorm1d(2), Dropout(0.5))
    model.train(mode)
    model[1].eval()
    expected = [mode, mode, False, mode]
    for call in (
        lambda: train(model, validation=points()),
        lambda: evaluate(model, cross_entropy, points()),
        lambda: train(model, on_epoch=lambda history: 1 / 0),
    ):
        with contextlib.suppress(ZeroDivisionError):
            call()
        assert [m.training for m in model.modules()] == expected


def test_validation_changes_nothing_in_the_model():
    plain, watched = (
        Sequential(Linear(2, 4, rng=0), BatchNorm1d(4), Linear(4, 2, rng=1)) for _ in "ab"
    )
    train(plain)
    train(watched, validation=points(rng=3), metrics={"accuracy": accuracy})
    for name, value in plain.state_dict().items():
        np.testing.assert_array_equal(value, watched.state_dict()[name])


def test_evaluate_is_the_mean_over_all_examples_however_they_are_cut():
    X, y = points(2500)
    model = small_model()
    with no_grad():
        logits = model(X)
    expected = {
        "loss": cross_entropy(logits, y).item(),
        "accuracy": float((logits.argmax(axis=1) == y).mean()),
    }
    for data in ((X, y), batches(X, y, batch_size=1000), [(X[:7], y[:7]), (X[7:], y[7:])]):
        measured = evaluate(model, cross_entropy, data, {"accuracy": accuracy})
        assert list(measured) == ["loss", "accuracy"]
        for name, value in measured.items():
            assert type(value) is float
            np.testing.assert_allclose(value, expected[name], rtol=1e-5)
    spy = Spy()
    evaluate(spy, cross_entropy, (X, y))
    assert [n for *_, n in spy.seen] == [1024, 1024, 452]


def test_the_history_names_training_and_validation():
    history = train(validation=points(), metrics={"accuracy": accuracy})
    assert list(history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert {len(values) for values in history.values()} == {3} == {history.epochs}
    assert all(type(value) is float for values in history.values() for value in values)


# --- Stopping ------------------------------------------------------------------------------------


class Scripted(Module):
    """A weight that training moves by one an epoch, and a validation loss by script."""

    def __init__(self, losses):
        self.w, self.losses = Parameter(np.zeros(1)), losses

    def forward(self, x):
        if self.training:
            return self.w * -1.0
        return Tensor(np.array([self.losses[round(float(self.w.data[0])) - 1]]))


def total(outputs, targets):
    return outputs.sum()


ONE = np.zeros(1)


@pytest.mark.parametrize(
    ("losses", "patience", "epochs", "best"),
    [
        ([5, 4, 3, 4, 4, 4, 4], 2, 5, 3),
        ([5, 4, 3, 4, 2, 4, 4], 2, 7, 5),
        ([5, 4, 3, 4, 2, 4, 4], 1, 4, 3),
        ([5, 5, 5, 5, 5, 5, 5], 3, 4, 1),  # equal is no better
        ([5, 4, 3, 2, 1, 0, 9], 3, 7, 6),  # the epochs run out first
    ],
)
def test_patience_ends_training_and_gives_the_best_weights_back(losses, patience, epochs, best):
    model = Scripted(losses)
    history = train(
        model,
        data=[(ONE, ONE)],
        loss=total,
        lr=1,
        epochs=7,
        validation=(ONE, ONE),
        patience=patience,
    )
    assert history["val_loss"] == losses[:epochs]
    assert history.best_epoch == best
    assert model.w.data.tolist() == [best]


def test_without_patience_the_last_weights_stay():
    model = Scripted([1, 2, 3])
    history = train(model, data=[(ONE, ONE)], loss=total, lr=1, validation=(ONE, ONE))
    assert history.best_epoch == 1
    assert model.w.data.tolist() == [3]


def test_on_epoch_sees_the_history_grow():
    seen = []
    history = train(on_epoch=lambda history: seen.append((history.epochs, history["loss"][-1])))
    assert seen == list(enumerate(history["loss"], start=1))


def interrupt_at(call):
    """A loss that behaves as if Ctrl-C was pressed during one of its calls."""
    calls = iter(range(1, 1000))

    def loss(outputs, targets):
        if next(calls) == call:
            raise KeyboardInterrupt
        return cross_entropy(outputs, targets)

    return loss


def test_an_interrupt_keeps_what_was_learned(capsys):
    model, untouched = small_model(), small_model()
    history = train(model, loss=interrupt_at(10), epochs=9)  # 4 batches an epoch
    assert history.epochs == 2
    assert "interrupted" in (message := capsys.readouterr().err)
    assert "2 of 9 epochs" in message
    assert model.training
    assert not np.array_equal(model[0].weight.data, untouched[0].weight.data)
    assert train(model).epochs == 3


def test_an_interrupt_during_validation_leaves_training_mode(capsys):
    model = small_model()
    history = train(model, loss=interrupt_at(5), validation=points())
    assert (history.epochs, history) == (0, {})
    assert model.training
    capsys.readouterr()


@pytest.mark.parametrize(("losses", "best"), [([3, 1, 2, 2, 2], 2), ([4, 3, 2, 1, 9], 4)])
def test_an_interrupt_with_patience_gives_the_best_weights_back(capsys, losses, best):
    def stop(history):
        if history.epochs == 4:
            raise KeyboardInterrupt

    model = Scripted(losses)
    train(
        model,
        data=[(ONE, ONE)],
        loss=total,
        lr=1,
        epochs=5,
        validation=(ONE, ONE),
        patience=9,
        on_epoch=stop,
    )
    assert model.w.data.tolist() == [best]
    assert "4 of 5 epochs" in capsys.readouterr().err


# --- What goes wrong -----------------------------------------------------------------------------


def test_a_loss_that_grows_without_limit_is_reported_with_a_way_out():
    X, y = points()
    model = Sequential(Linear(2, 8, rng=0), ReLU(), Linear(8, 1, rng=1))
    data = batches(X, y.reshape(-1, 1).astype(np.float32), batch_size=20, rng=0)
    with pytest.raises(RuntimeError) as caught:
        train(model, data=data, loss=mse_loss, lr=1e6, epochs=50)
    message = str(caught.value)
    assert re.match(
        r"the loss became (nan|inf) in epoch \d, batch [123]; the last finite loss was \S+\. ",
        message,
    )
    assert "smaller learning rate than 1e+06" in message
    assert "clip_norm=1.0" in message


def poisoned(value=np.nan):
    X, y = points()
    X[37, 1] = value
    return X, y


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nan_in_the_inputs_is_named_as_the_cause(value):
    data = batches(*poisoned(value), batch_size=10, shuffle=False)
    model = Sequential(Linear(2, 2, rng=0))
    with pytest.raises(RuntimeError, match=r"epoch 1, batch 4; .*The data contain nan or infinity"):
        train(model, data=data)
    assert np.isfinite(model[0].weight.data).all()  # found before the step


def test_the_first_batch_has_no_loss_before_it_but_the_next_epoch_has():
    X, y = poisoned()
    with pytest.raises(RuntimeError, match=r"epoch 1, batch 1; there was none before"):
        train(Sequential(Linear(2, 2)), data=[(X, y)])
    good, later = points(), []

    def spoil(history):
        later.extend(history["loss"])
        good[0][0] = np.nan

    with pytest.raises(RuntimeError) as caught:
        train(Sequential(Linear(2, 2)), data=[good], on_epoch=spoil)
    assert f"epoch 2, batch 1; the last finite loss was {later[0]:.4g}" in str(caught.value)


def test_weights_that_became_nan_are_named():
    model = small_model()
    model[2].bias.data[0] = np.nan
    with pytest.raises(RuntimeError, match=r"By then 2\.bias had become nan .*learning rate"):
        train(model)


def test_a_loss_that_takes_a_logarithm_of_zero_is_not_blamed_on_the_data():
    def careless(outputs, targets):
        return log(outputs * 0.0).mean()

    with pytest.raises(
        RuntimeError, match=r"became -inf in epoch 1, batch 1.*logarithm or root of 0"
    ):
        train(loss=careless)


def test_nan_in_the_validation_data_is_told_apart():
    with pytest.raises(
        RuntimeError, match=r"validation loss became nan in epoch 1\. The data cont"
    ):
        train(Sequential(Linear(2, 2)), validation=poisoned())
    with pytest.raises(RuntimeError, match=r"validation loss became nan in epoch 1\."):
        train(Sequential(Linear(2, 2)), validation=batches(*poisoned(), batch_size=10))


class Forgetful(Module):
    def __init__(self):
        self.used, self.lost, self.cut = Linear(2, 2), Linear(2, 2), Linear(2, 2)

    def forward(self, x):
        return self.used(x) + self.cut(x).detach()


def test_a_parameter_without_gradient_is_named():
    with pytest.raises(RuntimeError) as caught:
        train(Forgetful())
    message = str(caught.value)
    assert (
        "no gradient reached lost.weight, lost.bias, cut.weight, cut.bias in the first" in message
    )
    assert "requires_grad" in message
    assert "forward()" in message


def test_a_parameter_may_be_frozen_or_take_part_now_and_then():
    model = Forgetful()
    for part in (model.lost, model.cut):
        part.weight.requires_grad = part.bias.requires_grad = False
    train(model)

    class Alternating(Module):
        def __init__(self):
            self.parts, self.turn, self.rests = [Linear(2, 2), Linear(2, 2)], 0, False

        def forward(self, x):
            self.turn += not self.rests
            return self.parts[self.turn % 2](x)

    train(Alternating())

    model = Alternating()  # after the first epoch, a part may rest for good
    train(model, epochs=3, on_epoch=lambda history: setattr(model, "rests", True))


def test_only_a_part_of_the_model_may_be_trained():
    model = small_model()
    before = model.state_dict()
    fit(
        model,
        cross_entropy,
        batches(*points(), batch_size=16),
        SGD(model[2].parameters(), lr=0.1),
        epochs=1,
        progress=False,
    )
    np.testing.assert_array_equal(model[0].weight.data, before["0.weight"])
    assert not np.array_equal(model[2].weight.data, before["2.weight"])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "epochs is a whole number of at least 1, got 0"),
        ({"epochs": 2.5}, ValueError, r"epochs .* got 2\.5"),
        ({"patience": 0, "validation": points()}, ValueError, "patience .* at least 1, got 0"),
        ({"patience": 3}, ValueError, r"pass validation="),
        ({"metrics": accuracy}, TypeError, '"accuracy": accuracy'),
        ({"data": []}, ValueError, "no batches"),
        ({"data": points()}, TypeError, r"got ndarray: cut arrays into batches with batches\("),
        ({"data": [(np.zeros((3, 2)),)]}, TypeError, r"a batch is a tuple \(inputs, targets\)"),
        ({"validation": []}, ValueError, "no batches"),
        (
            {"validation": (np.zeros((3, 2)), np.zeros(2))},
            ValueError,
            r"differ in length: \[3, 2\]",
        ),
        ({"clip_norm": -1}, ValueError, "max_norm"),
        ({"loss": lambda z, y: 0.5}, TypeError, r"a loss is a Tensor of one number.*got 0\.5"),
        (
            {"loss": lambda z, y: cross_entropy(z, y, reduction="none")},
            TypeError,
            r'got the shape \(16,\)\. Return the mean .*reduction="mean"',
        ),
    ],
)
def test_arguments_that_do_not_fit_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        train(**options)


def test_a_generator_is_used_up_after_one_epoch():
    data = (batch for batch in batches(*points(), batch_size=16))
    with pytest.raises(ValueError, match="not a generator, which is used up"):
        train(data=data)


def test_a_model_and_an_optimiser_that_do_not_belong_together():
    data, options = batches(*points(), batch_size=16), {"epochs": 1, "progress": False}
    optimizer = SGD(small_model().parameters(), lr=0.25)
    with pytest.raises(
        ValueError, match=r"none of this model's .*SGD\(model\.parameters\(\), lr=0\.25"
    ):
        fit(small_model(), cross_entropy, data, optimizer, **options)
    with pytest.raises(TypeError, match=r"such as SGD\(model\.parameters\(\), lr=0\.1\), got 0\.5"):
        fit(small_model(), cross_entropy, data, 0.5, **options)
    with pytest.raises(ValueError, match="Tanh has no parameters"):
        fit(Tanh(), cross_entropy, data, optimizer, **options)


# --- Arrays of another library: none is read before the epoch ends -------------------------------


class PlainSGD(SGD):
    """Steps each parameter; SGD slices beyond the end of theta, which strict arrays refuse."""

    def step(self):
        for p in self.parameters:
            p.data -= p.grad * self.lr


def strict_problem():
    xp = array_api_strict
    model = Sequential(Linear(2, 1, rng=0))
    for p in model.parameters():
        p.data = xp.asarray(p.data)
    X = xp.asarray(np.random.default_rng(0).normal(size=(12, 2)).astype(np.float32))
    y = xp.reshape(X[:, 0] * 2.0, (12, 1))
    return model, [(X[i:j, ...], y[i:j, ...]) for i, j in ((0, 5), (5, 7), (7, 12))]


def test_training_on_another_library_is_the_same_training():
    model, data = strict_problem()
    options = {"loss": mse_loss, "optimizer": PlainSGD}
    history = train(model, data=data, validation=data, **options)
    assert type(history["loss"][0]) is float
    plain, _ = strict_problem()
    for p in plain.parameters():
        p.data = np.asarray(p.data)
    copied = [tuple(np.asarray(a) for a in batch) for batch in data]
    expected = train(plain, data=copied, validation=copied, **options)
    for name, values in expected.items():
        np.testing.assert_allclose(history[name], values, rtol=1e-5)


def test_a_loss_turned_nan_elsewhere_is_found_at_the_end_of_the_epoch():
    model, data = strict_problem()
    data[1][0][0, 0] = float("nan")
    with pytest.raises(RuntimeError, match=r"became nan in epoch 1, batch 2; the last finite loss"):
        train(model, data=data, loss=mse_loss, optimizer=PlainSGD)


def test_the_losses_of_an_epoch_leave_a_gpu_in_one_piece(monkeypatch):
    class Elsewhere:  # what of CuPy is needed here
        def __init__(self, value):
            self.data = np.asarray(value)

        shape = ()

        def get(self):
            moved.append(self.data)
            return self.data

    moved, cupy = [], types.ModuleType("cupy")
    cupy.stack = lambda arrays: Elsewhere([a.data for a in arrays])
    Elsewhere.__module__ = "cupy"
    monkeypatch.setitem(sys.modules, "cupy", cupy)
    averages = _Averages({})
    averages.sizes, averages.columns["loss"] = [1, 3], [Elsewhere(4.0), Elsewhere(8.0)]
    assert averages.means() == {"loss": 7.0}
    assert len(moved) == 1


# --- The bar -------------------------------------------------------------------------------------


def test_a_bar_shows_epochs_and_what_was_measured(capsys, monkeypatch):
    class Shown(tqdm.auto.tqdm):  # whatever TQDM_DISABLE says here
        def __init__(self, **options):
            super().__init__(**options, disable=False)

    monkeypatch.setattr(tqdm.auto, "tqdm", Shown)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    model, data = small_model(), batches(*points(), batch_size=16)
    optimizer = SGD(model.parameters(), lr=0.1)
    history = fit(model, cross_entropy, data, optimizer, epochs=3, validation=points())
    shown = capsys.readouterr()
    assert "3/3" in shown.err
    assert f"loss={history['loss'][-1]:.4g}" in shown.err
    assert f"val_loss={history['val_loss'][-1]:.4g}" in shown.err
    assert shown.out == ""
    assert train(progress=False).epochs == 3
    assert capsys.readouterr().err == ""


def test_the_bar_of_an_early_stop_is_full(capsys, monkeypatch):
    class Shown(tqdm.auto.tqdm):
        def __init__(self, **options):
            super().__init__(**options, disable=False)
            bars.append(self)

    bars = []
    monkeypatch.setattr(tqdm.auto, "tqdm", Shown)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    options = {"data": [(ONE, ONE)], "loss": total, "lr": 1, "epochs": 7, "progress": True}
    train(Scripted([1, 2, 3, 4]), validation=(ONE, ONE), patience=3, **options)
    with pytest.raises(IndexError):  # but that of a failure is not
        train(Scripted([1, 2]), validation=(ONE, ONE), patience=3, **options)
    assert [(bar.n, bar.total) for bar in bars] == [(4, 4), (2, 7)]
    capsys.readouterr()


def test_without_tqdm_there_is_no_bar(capsys, monkeypatch):
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.startswith("tqdm"):
            raise ImportError(f"No module named {name!r}")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert train(progress=True).epochs == 3
    assert capsys.readouterr().err == ""


def test_the_variable_of_tqdm_switches_the_bar_off():
    code = (
        "import numpy as np, nnlib\n"
        "from nnlib.training import fit\n"
        "model = nnlib.Linear(2, 2)\n"
        "data = [(np.zeros((3, 2), dtype=np.float32), np.zeros(3, dtype=int))]\n"
        "print(fit(model, nnlib.cross_entropy, data, nnlib.SGD(model.parameters(), 1), epochs=2))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"TQDM_DISABLE": "1"},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout.startswith("History of 2 epochs")
    assert run.stderr == ""


def test_it_switches_off_the_bar_of_notebooks_too(monkeypatch):
    def shown(**options):  # as tqdm.notebook does, whatever the variable says
        raise AssertionError(f"a bar is shown: {options}")

    monkeypatch.setattr(tqdm.auto, "tqdm", shown)
    monkeypatch.setenv("TQDM_DISABLE", "1")
    assert train(progress=True).epochs == 3


# --- History -------------------------------------------------------------------------------------


def test_the_best_epoch_is_that_of_the_validation():
    assert History(loss=[3.0, 2.0, 1.0], val_loss=[3.0, 1.0, 1.0]).best_epoch == 2
    assert History(loss=[3.0, 2.0, 1.0]).best_epoch == 3
    for use in (lambda h: h.best_epoch, lambda h: h.plot()):
        with pytest.raises(ValueError, match="no epoch was finished"):
            use(History())
    assert repr(History()) == "History of 0 epochs"


def test_the_plot_shows_each_measure_with_labelled_axes_and_two_kinds_of_line():
    from matplotlib import pyplot as plt

    history = History(
        loss=[3.0, 2.0, 1.0], accuracy=[0.1, 0.2, 0.3], val_loss=[3.0, 2.5, 2.0], lr=[1.0, 1.0, 1.0]
    )
    figure = history.plot()
    assert not plt.get_fignums()  # else a notebook would show it twice
    assert [ax.get_ylabel() for ax in figure.axes] == ["loss", "accuracy", "lr"]
    assert {ax.get_xlabel() for ax in figure.axes} == {"epoch"}
    training, validation = figure.axes[0].lines
    np.testing.assert_array_equal(training.get_xydata(), [[1, 3], [2, 2], [3, 1]])
    np.testing.assert_array_equal(validation.get_xydata(), [[1, 3], [2, 2.5], [3, 2]])
    for aspect in ("get_color", "get_linestyle", "get_marker"):
        assert getattr(training, aspect)() != getattr(validation, aspect)()
    assert [t.get_text() for t in figure.axes[0].get_legend().get_texts()] == [
        "training",
        "validation",
    ]
    assert len(figure.axes[1].lines) == 1
    figure.canvas.draw()


# --- Measures ------------------------------------------------------------------------------------


@given(st.integers(1, 30), st.integers(2, 6), st.integers(0, 99))
def test_accuracy_is_the_share_on_the_diagonal_of_the_confusion_matrix(n, classes, seed):
    rng = np.random.default_rng(seed)
    logits, targets = rng.normal(size=(n, classes)), rng.integers(0, classes, n)
    predictions = logits.argmax(axis=1)
    table = confusion_matrix(targets, predictions, classes)
    assert table.shape == (classes, classes)
    assert table.sum() == n
    for i in range(classes):
        for j in range(classes):
            assert table[i, j] == sum((targets == i) & (predictions == j))
    assert accuracy(Tensor(logits), targets) == pytest.approx(np.trace(table) / n)


@pytest.mark.parametrize("outputs", [(4,), (4, 1)])
@pytest.mark.parametrize("targets", [(4,), (4, 1)])
@pytest.mark.parametrize("dtype", [np.int64, np.float32, bool])
def test_accuracy_of_one_logit_goes_by_its_sign(outputs, targets, dtype):
    z = np.array([-2.0, 0.5, 3.0, -0.5], dtype=np.float32).reshape(outputs)
    t = np.array([0, 1, 0, 1]).reshape(targets).astype(dtype)
    result = accuracy(z, t)
    assert result == 0.5
    assert type(result) is float


def test_accuracy_over_further_axes():
    z = np.zeros((2, 3, 4))
    z[..., 1] = 1
    targets = np.array([[1, 1, 0], [2, 1, 3]])
    assert accuracy(z, targets) == 0.5


def test_accuracy_on_another_library_stays_there():
    xp = array_api_strict
    share = accuracy(xp.asarray([[2.0, 1.0], [0.0, 3.0]]), xp.asarray([0, 0]))
    assert (share.shape, float(share)) == ((), 0.5)


@pytest.mark.parametrize(
    ("outputs", "targets", "error", "message"),
    [
        (
            np.zeros((4, 3)),
            np.zeros(5, int),
            ValueError,
            r"outputs \(4, 3\).*targets \(4,\).*got \(5,\)",
        ),
        (np.zeros((4, 3)), np.zeros((4, 1), int), ValueError, r"got \(4, 1\)$"),
        (np.zeros((4, 3)), np.zeros((4, 3)), ValueError, "argmax.*one-hot"),
        (np.zeros((4, 3)), np.zeros(4), TypeError, "indices of classes, got float64"),
        (np.zeros((4, 1)), np.zeros(5), ValueError, r"one logit .*\(4, 1\).*got \(5,\)"),
        (np.zeros(4), np.zeros((4, 3)), ValueError, r"one logit .*\(4,\).*got \(4, 3\)"),
        (np.zeros((4, 1)), np.array([0, 1, 2, 0]), ValueError, "classes 0 and 1, got .* 0 to 2"),
        (np.zeros((4, 1)), np.array([-1, 1, 1, 1]), ValueError, "from -1 to 1"),
        (
            np.zeros(4, int),
            np.zeros(4, int),
            TypeError,
            r"predicted already, write \(predictions ==",
        ),
    ],
)
def test_accuracy_explains_what_does_not_fit(outputs, targets, error, message):
    with pytest.raises(error, match=message):
        accuracy(outputs, targets)


def test_confusion_matrix_takes_tensors_bytes_and_more_classes():
    table = confusion_matrix(np.array([0, 200], dtype=np.uint8), Tensor(np.array([1, 200])))
    assert table.shape == (201, 201)
    assert (table[0, 1], table[200, 200], table.sum()) == (1, 1, 2)
    assert confusion_matrix([0], [1], classes=4).tolist() == [[0, 1, 0, 0]] + [[0] * 4] * 3


@pytest.mark.parametrize(
    ("targets", "predictions", "classes", "error", "message"),
    [
        ([0, 1], [0], None, ValueError, r"one shape \(N,\).*\(2,\) and \(1,\)"),
        ([0, 1], np.zeros((2, 3)), None, ValueError, r"take logits\.argmax\(axis=1\)"),
        ([], [], None, ValueError, "N > 0"),
        ([0, 1], [0.0, 1.0], None, TypeError, "whole numbers, got int64 and float64"),
        ([0, 3], [0, 1], 3, ValueError, "from 0 to 2, got indices from 0 to 3"),
        ([0, 1], [0, -1], 2, ValueError, "got indices from -1 to 1"),
    ],
)
def test_confusion_matrix_explains_what_does_not_fit(targets, predictions, classes, error, message):
    with pytest.raises(error, match=message):
        confusion_matrix(targets, predictions, classes)


def test_data_training_and_checkpoints_import_numpy_alone():
    code = (
        "import sys, nnlib.data, nnlib.training, nnlib.checkpoint\n"
        "extra = {'pooch', 'requests', 'tqdm', 'matplotlib', 'safetensors', 'cupy', 'IPython'}\n"
        "print(sorted(extra & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout.strip() == "[]"
