"""Forecast a series: an LSTM learns the next value of two tides that overlap, with noise."""

import argparse

import numpy as np

import nnlib

WAVES = 0.1  # their standard deviation: what nobody can forecast


class Forecaster(nnlib.Module):
    """An LSTM that says after each value how much the next one will differ from it."""

    def __init__(self, size: int, rng: np.random.Generator) -> None:
        self.lstm = nnlib.LSTM(1, size, batch_first=True, rng=rng)
        self.last = nnlib.Linear(size, 1, rng=rng)

    def forward(self, x: np.ndarray) -> nnlib.Tensor:
        """Take values (N, T, 1); give the value after each, in the same shape."""
        return x + self.last(self.lstm(x)[0])


def tides(hours: int, rng: np.random.Generator) -> np.ndarray:
    """Make up a water level by the hour: the moon's tide, the sun's, and waves."""
    t = 2 * np.pi * np.arange(hours)
    level = np.sin(t / 12.42) + 0.5 * np.sin(t / 12.0) + rng.normal(0, WAVES, hours)
    return level.astype(np.float32)[:, None]


def main() -> None:
    """Train on the first hours, forecast the last ones, and compare with the level a day ago."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=17)
    parser.add_argument("--ahead", type=int, default=24, help="how many hours to forecast")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    series, window = tides(3000, rng), 48
    training, test = series[:2400], series[2400:]
    pieces = training[np.arange(len(training) - window)[:, None] + np.arange(window + 1)]
    model = Forecaster(32, rng)
    deal = nnlib.batches(pieces[:, :-1], pieces[:, 1:], batch_size=64, rng=rng)
    optimizer = nnlib.Adam(model.parameters(), lr=5e-3)
    nnlib.fit(model, nnlib.mse_loss, deal, optimizer, epochs=options.epochs, clip_norm=1.0)

    begins = np.arange(0, len(test) - window - options.ahead, 20)[:, None]
    seen, truth = test[begins + np.arange(window)], test[begins + window + np.arange(options.ahead)]
    for _ in range(options.ahead):  # each forecast is read as if it had happened
        with nnlib.no_grad():
            seen = np.concatenate([seen, model(seen[:, -window:]).data[:, -1:]], axis=1)
    yesterday = seen[:, window - 24 + np.arange(options.ahead) % 24]
    print(f"mean squared error over {options.ahead} hours; the waves alone give {WAVES**2:.3f}:")
    print(f"  as a day ago  {np.mean((yesterday - truth) ** 2):.3f}")
    print(f"  the network   {np.mean((seen[:, window:] - truth) ** 2):.3f}")


if __name__ == "__main__":
    main()
