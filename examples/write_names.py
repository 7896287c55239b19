"""Write names: a small Transformer learns from a thousand first names and makes up new ones."""

import argparse

import numpy as np

import nnlib

LETTERS = ".abcdefghijklmnopqrstuvwxyz"  # the dot begins and ends a name
LONGEST = 14


class Writer(nnlib.Module):
    """Letters and places as vectors, two blocks that look back, scores for the next letter."""

    def __init__(self, size: int, rng: np.random.Generator) -> None:
        self.letters = nnlib.Embedding(len(LETTERS), size, rng=rng)
        self.places = nnlib.Embedding(LONGEST, size, rng=rng)
        how = {"dropout": 0.1, "batch_first": True, "norm_first": True, "rng": rng}
        layer = nnlib.TransformerEncoderLayer
        self.blocks = [layer(size, 4, 4 * size, **how) for _ in range(2)]
        self.last = nnlib.Linear(size, len(LETTERS), rng=rng)

    def forward(self, x: np.ndarray) -> nnlib.Tensor:
        """Take letters by their number (N, T); give logits for the letter after each."""
        h = self.letters(x) + self.places(np.arange(x.shape[1]))
        for block in self.blocks:
            h = block(h, is_causal=True)
        return self.last(h)


def main() -> None:
    """Train, then write names until enough of them are new."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--temperature", type=float, default=0.9, help="higher is bolder")
    options = parser.parse_args()

    rng = np.random.default_rng(0)
    names = [name for name in nnlib.load_common_names() if len(name) < LONGEST]
    rows = np.array([[LETTERS.index(c) for c in f".{name:.<{LONGEST}}"] for name in names])
    model = Writer(64, rng)
    deal = nnlib.batches(rows[:, :-1], rows[:, 1:], batch_size=50, rng=rng)
    optimizer = nnlib.AdamW(model.parameters(), lr=2e-3, weight_decay=0.1)

    def loss(logits: nnlib.Tensor, after: np.ndarray) -> nnlib.Tensor:
        return nnlib.cross_entropy(logits.reshape(-1, len(LETTERS)), after.reshape(-1))

    nnlib.fit(model, loss, deal, optimizer, epochs=options.epochs, clip_norm=1.0)

    begin, bold = np.zeros((40, 1), dtype=int), options.temperature
    written = nnlib.generate(model, begin, LONGEST - 1, temperature=bold, rng=rng)
    made_up = {"".join(LETTERS[i] for i in row[1:]).partition(".")[0] for row in written}
    print("new:", *sorted(made_up - set(names)))
    print("known:", *sorted(made_up & set(names)))


if __name__ == "__main__":
    main()
