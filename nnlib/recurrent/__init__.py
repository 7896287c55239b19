"""Networks with a memory: one step of a sequence after the other, the same weights at each."""

from nnlib.recurrent.modules import GRU, LSTM, RNN
from nnlib.recurrent.sequences import gru, lstm, rnn

__all__ = ["GRU", "LSTM", "RNN", "gru", "lstm", "rnn"]
