"""Classify images: a small convolutional network learns handwritten digits of 8 x 8 pixels."""

import argparse
from pathlib import Path

import numpy as np

import nnlib


def network(seed: int) -> nnlib.Module:
    """Two convolutions with pooling between them, then one layer that weighs what they found."""
    rng = np.random.default_rng(seed)
    return nnlib.Sequential(
        nnlib.Conv2d(1, 16, 3, padding=1, rng=rng),
        nnlib.ReLU(),
        nnlib.MaxPool2d(2),
        nnlib.Conv2d(16, 32, 3, padding=1, rng=rng),
        nnlib.ReLU(),
        nnlib.Flatten(),
        nnlib.Dropout(0.3, rng=rng),
        nnlib.Linear(32 * 4 * 4, 10, rng=rng),
    )


def main() -> None:
    """Train on three fifths of the digits, choose the epoch on a fifth, test on a fifth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save", type=Path, help="write the weights to this file")
    options = parser.parse_args()

    pixels, labels = nnlib.load_digits()
    images = pixels.reshape(-1, 1, 8, 8)
    training, validation, test = nnlib.split(images, labels, rng=options.seed)
    model = network(options.seed)
    measures = {"accuracy": nnlib.accuracy}
    nnlib.fit(
        model,
        nnlib.cross_entropy,
        nnlib.batches(*training, batch_size=32, rng=options.seed),
        nnlib.Adam(model.parameters(), lr=2e-3),
        epochs=options.epochs,
        validation=validation,
        metrics=measures,
        patience=5,
    )
    reached = nnlib.evaluate(model, nnlib.cross_entropy, test, measures)["accuracy"]
    print(f"{reached:.1%} of {len(test[1])} digits that it has never seen are read correctly")
    if options.save:
        nnlib.save(model.state_dict(), options.save)


if __name__ == "__main__":
    main()
