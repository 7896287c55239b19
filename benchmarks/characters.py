"""W4 and W5: the next character of a text, by an LSTM and by a small GPT."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import nnlib
from benchmarks.digits import BESIDE
from benchmarks.harness import Case, Goal, installed
from benchmarks.networks import Contender, NNlib, Torch, equal_work, steps
from nnlib.data import load_shakespeare

BATCH, CONTEXT, SYMBOLS, SIZE, HEADS, BLOCKS = 32, 64, 65, 128, 4, 4
LR = 3e-3


def text() -> tuple[np.ndarray, str]:
    """Return the characters of Shakespeare as numbers where they are at hand, else random ones."""
    folder = Path(os.environ.get("NNLIB_DATA") or BESIDE)
    if any(folder.glob("*shakespeare*")):
        with mock.patch.dict(os.environ, NNLIB_DATA=str(folder)):
            written = load_shakespeare()
        names = {name: i for i, name in enumerate(sorted(set(written)))}
        return np.array([names[name] for name in written]), "Shakespeare"
    return np.random.default_rng(0).integers(0, SYMBOLS, 100_000), "random characters"


class CharLSTM(nnlib.Module):
    """Characters, one LSTM, logits; time is the first axis."""

    def __init__(self) -> None:
        self.lstm = nnlib.LSTM(SYMBOLS, SIZE, rng=0)
        self.last = nnlib.Linear(SIZE, SYMBOLS, rng=1)

    def forward(self, x: np.ndarray) -> Any:
        """Give logits for the character after each."""
        return self.last(self.lstm(x.T)[0]).permute(1, 0, 2)


class GPT(nnlib.Module):
    """Characters and places, four blocks that look back, logits."""

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        self.names = nnlib.Embedding(SYMBOLS, SIZE, rng=rng)
        self.places = nnlib.Embedding(CONTEXT, SIZE, rng=rng)
        self.blocks = [
            nnlib.TransformerEncoderLayer(
                SIZE, HEADS, 4 * SIZE, 0.0, nnlib.gelu, batch_first=True, norm_first=True, rng=rng
            )
            for _ in range(BLOCKS)
        ]
        self.norm = nnlib.LayerNorm(SIZE)
        self.last = nnlib.Linear(SIZE, SYMBOLS, rng=rng)

    def forward(self, x: np.ndarray) -> Any:
        """Give logits for the character after each."""
        h = self.names(x) + self.places(np.arange(x.shape[1]))
        for block in self.blocks:
            h = block(h, is_causal=True)
        return self.last(self.norm(h))


def _torch_lstm() -> Any:
    import torch

    class TorchLSTM(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = torch.nn.LSTM(SYMBOLS, SIZE)
            self.last = torch.nn.Linear(SIZE, SYMBOLS)

        def forward(self, x: Any) -> Any:
            one_hot = torch.nn.functional.one_hot(x.T, SYMBOLS).float()
            return self.last(self.lstm(one_hot)[0]).transpose(0, 1)

    return TorchLSTM()


def _torch_gpt() -> Any:
    import torch
    from torch import nn

    class Attention(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.in_proj_weight = nn.Parameter(torch.empty(3 * SIZE, SIZE))
            self.in_proj_bias = nn.Parameter(torch.empty(3 * SIZE))
            self.out_proj = nn.Linear(SIZE, SIZE)

        def forward(self, x: Any) -> Any:
            n, steps, _ = x.shape
            qkv = nn.functional.linear(x, self.in_proj_weight, self.in_proj_bias)
            parts = qkv.view(n, steps, 3, HEADS, SIZE // HEADS).permute(2, 0, 3, 1, 4)
            found = nn.functional.scaled_dot_product_attention(*parts, is_causal=True)
            return self.out_proj(found.transpose(1, 2).reshape(n, steps, SIZE))

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.self_attn = Attention()
            self.linear1, self.linear2 = nn.Linear(SIZE, 4 * SIZE), nn.Linear(4 * SIZE, SIZE)
            self.norm1, self.norm2 = nn.LayerNorm(SIZE), nn.LayerNorm(SIZE)

        def forward(self, x: Any) -> Any:
            x = x + self.self_attn(self.norm1(x))
            hidden = nn.functional.gelu(self.linear1(self.norm2(x)), approximate="tanh")
            return x + self.linear2(hidden)

    class TorchGPT(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.names, self.places = nn.Embedding(SYMBOLS, SIZE), nn.Embedding(CONTEXT, SIZE)
            self.blocks = nn.ModuleList(Block() for _ in range(BLOCKS))
            self.norm, self.last = nn.LayerNorm(SIZE), nn.Linear(SIZE, SYMBOLS)

        def forward(self, x: Any) -> Any:
            h = self.names(x) + self.places(torch.arange(x.shape[1]))
            for block in self.blocks:
                h = block(h)
            return self.last(self.norm(h))

    return TorchGPT()


NETWORKS = {
    "W4: char-LSTM 128": (CharLSTM, _torch_lstm, (0.7, 1.0)),
    "W5: GPT, 4 blocks, 4 heads, 128": (GPT, _torch_gpt, (1.0, 1.5)),
}


def cases(count: int = 5) -> Iterator[Case]:
    """Yield a race for each network."""
    written, source = text()

    def drawn() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        rng = np.random.default_rng(0)
        for _ in range(count):
            starts = rng.integers(0, len(written) - CONTEXT - 1, BATCH)
            seen = written[starts[:, None] + np.arange(CONTEXT + 1)]
            yield seen[:, :-1], seen[:, 1:]

    for name, (ours, theirs, goal) in NETWORKS.items():
        model = ours()
        weights = model.state_dict()
        contenders: dict[str, Contender] = {"nnlib": NNlib(model, lambda p: nnlib.Adam(p, lr=LR))}
        if installed("torch"):
            import torch

            contenders["torch"] = Torch(theirs(), lambda p: torch.optim.Adam(p, lr=LR), weights)
        yield Case(
            f"{name}, {source}, context {CONTEXT}, batch {BATCH}, Adam",
            {who: steps(contender, drawn) for who, contender in contenders.items()},
            count=count,
            unit="step",
            goals=(Goal("torch", goal),),
            checked=equal_work(contenders, next(drawn())),
        )
