"""Generate digits: two networks play against each other until one draws digits of 8 x 8 pixels."""

import argparse

import numpy as np
from tqdm import trange

import nnlib
from nnlib import BatchNorm1d, Dropout, LeakyReLU, Linear, ReLU, Sequential, Sigmoid


def step(optimizer: nnlib.optim.Optimizer, loss: nnlib.Tensor) -> None:
    """Let one player learn; what the other one gathered in passing is thrown away."""
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def play(epochs: int, rng: np.random.Generator) -> nnlib.Module:
    """Train a generator against a critic that tells its drawings from real digits."""
    images, _ = nnlib.load_digits()
    draw = Sequential(
        Linear(16, 128, rng=rng), BatchNorm1d(128), ReLU(),
        Linear(128, 128, rng=rng), BatchNorm1d(128), ReLU(),
        Linear(128, 64, rng=rng), Sigmoid(),
    )  # fmt: skip
    judge = Sequential(
        Linear(64, 128, rng=rng), LeakyReLU(0.2), Dropout(0.3, rng=rng),
        Linear(128, 64, rng=rng), LeakyReLU(0.2), Linear(64, 1, rng=rng),
    )  # fmt: skip
    drawing = nnlib.Adam(draw.parameters(), lr=1e-3, betas=(0.5, 0.99))
    judging = nnlib.Adam(judge.parameters(), lr=1e-3, betas=(0.5, 0.99))
    loss = nnlib.binary_cross_entropy_with_logits
    for _ in trange(epochs, unit="epoch"):
        for (real,) in nnlib.batches(images, batch_size=64, rng=rng):
            yes, no = np.full((len(real), 1), 0.9, "f4"), np.zeros((len(real), 1), "f4")
            z = rng.normal(size=(len(real), 16)).astype("f4")
            fake = draw(z)
            step(judging, loss(judge(real), yes) + loss(judge(fake.detach()), no))
            step(drawing, loss(judge(fake), np.ones_like(no)))
    return draw.eval()


def main() -> None:
    """Play, then print a row of drawings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--show", type=int, default=8, help="how many digits to print")
    options = parser.parse_args()

    rng = np.random.default_rng(0)
    draw = play(options.epochs, rng)
    images = draw(rng.normal(size=(options.show, 16)).astype("f4")).numpy().reshape(-1, 8, 8)
    shades = np.array(list(" .:-=+*#%@"))[(images * 9.99).astype(int)]
    for y in range(8):
        print("   ".join("".join(2 * shade for shade in image[y]) for image in shades))


if __name__ == "__main__":
    main()
