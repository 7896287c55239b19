"""Attention: who looks where, positions, heads, writing from a cache, drawing symbols, mistakes."""

import re

import numpy as np
import pytest

import nnlib
from nnlib import Cache, Module, MultiheadAttention, Tensor, TransformerEncoderLayer, no_grad


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def looked_up(q, k, v, may=None):
    """One query after the other: how it fits the keys that it may look at, then a mean."""
    found = np.zeros((len(q), v.shape[1]))
    for t, query in enumerate(q):
        seen = [s for s in range(len(k)) if may is None or may[t, s]]
        fits = np.exp([query @ k[s] / np.sqrt(q.shape[1]) for s in seen])
        found[t] = sum(share * v[s] for share, s in zip(fits / fits.sum(), seen, strict=True))
    return found


def in_parts(layer, query, key, value, may=None):
    """Multi-head attention on one example, head by head."""
    W, b, size = layer.in_proj_weight.data, layer.in_proj_bias.data, layer.embed_dim
    q, k, v = (
        x @ W[i * size : (i + 1) * size].T + b[i * size : (i + 1) * size]
        for i, x in enumerate((query, key, value))
    )
    parts = np.split(np.arange(size), layer.num_heads)
    heads = [looked_up(q[:, part], k[:, part], v[:, part], may) for part in parts]
    return np.concatenate(heads, axis=1) @ layer.out_proj.weight.data.T + layer.out_proj.bias.data


def with_biases(layer):
    """Give every bias and every scale numbers of its own: at the start they are 0 and 1."""
    for i, (name, p) in enumerate(layer.named_parameters()):
        if "bias" in name or "norm" in name:
            p.data[...] = numbers(*p.shape, seed=i)
    return layer


@pytest.mark.parametrize("masked", [False, True])
def test_attention_is_what_its_equation_says(masked):
    q, k, v = numbers(2, 3, 5, 4), numbers(2, 3, 7, 4, seed=1), numbers(2, 3, 7, 6, seed=2)
    may = numbers(5, 7, seed=3) > -0.5 if masked else None
    found = nnlib.scaled_dot_product_attention(q, k, v, attn_mask=may).data
    for n, h in np.ndindex(2, 3):
        np.testing.assert_allclose(found[n, h], looked_up(q[n, h], k[n, h], v[n, h], may))
    if masked:
        added = np.where(may, 0.0, -np.inf)
        again = nnlib.scaled_dot_product_attention(q, k, v, attn_mask=added).data
        np.testing.assert_allclose(again, found)


@pytest.mark.parametrize("batch_first", [False, True])
def test_heads_are_parts_of_one_product(batch_first):
    layer = with_biases(MultiheadAttention(8, 2, batch_first=batch_first, rng=0, dtype=np.float64))
    query, key, value = numbers(3, 5, 8), numbers(3, 7, 8, seed=1), numbers(3, 7, 8, seed=2)
    past = np.tri(5, dtype=bool)
    order = (0, 1, 2) if batch_first else (1, 0, 2)
    given = [x.transpose(order) for x in (query, key, value)]
    both = layer(*given)[0].data.transpose(order)
    keys = layer(*given[:2])[0].data.transpose(order)
    values = layer(given[1], value=given[2])[0].data.transpose(order)
    own = layer(given[0], is_causal=True)[0].data.transpose(order)
    for n in range(3):
        np.testing.assert_allclose(both[n], in_parts(layer, query[n], key[n], value[n]))
        np.testing.assert_allclose(keys[n], in_parts(layer, query[n], key[n], key[n]))
        np.testing.assert_allclose(values[n], in_parts(layer, key[n], key[n], value[n]))
        np.testing.assert_allclose(own[n], in_parts(layer, *[query[n]] * 3, past))


def test_one_head_is_attention_itself():
    layer = with_biases(MultiheadAttention(6, 1, batch_first=True, rng=0, dtype=np.float64))
    x = numbers(1, 5, 6)
    np.testing.assert_allclose(layer(x)[0].data[0], in_parts(layer, x[0], x[0], x[0]))


def test_a_block_begins_as_pytorchs_does():
    block = TransformerEncoderLayer(4, 2, rng=0)
    assert block.linear1.weight.shape == (2048, 4)
    assert [d.p for d in (block.dropout, block.dropout1, block.dropout2)] == [0.1] * 3
    assert (block.norm1.eps, block.norm2.eps) == (1e-5, 1e-5)
    assert not block.norm_first
    assert not block.self_attn.batch_first
    assert block.activation is nnlib.relu


def normed(x, norm):
    x = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + norm.eps)
    return x * norm.weight.data + norm.bias.data


@pytest.mark.parametrize("norm_first", [False, True])
def test_a_block_is_attention_and_two_layers(norm_first):
    sizes = (8, 2, 16, 0.0, nnlib.tanh)
    block = with_biases(
        TransformerEncoderLayer(
            *sizes, batch_first=True, norm_first=norm_first, rng=0, dtype=np.float64
        )
    )
    x = numbers(2, 5, 8)

    def attend(x):
        return in_parts(block.self_attn, x, x, x)

    def compute(x):
        one, two = block.linear1, block.linear2
        hidden = np.tanh(x @ one.weight.data.T + one.bias.data)
        return hidden @ two.weight.data.T + two.bias.data

    for n, found in enumerate(block(x).data):
        if norm_first:
            h = x[n] + attend(normed(x[n], block.norm1))
            expected = h + compute(normed(h, block.norm2))
        else:
            h = normed(x[n] + attend(x[n]), block.norm1)
            expected = normed(h + compute(h), block.norm2)
        np.testing.assert_allclose(found, expected)


def test_a_query_that_is_a_key_finds_its_value():
    keys = np.eye(3)
    found = nnlib.scaled_dot_product_attention(100 * keys[[2, 0]], keys, np.array([[5.0, 6, 7]]).T)
    np.testing.assert_allclose(found.data.ravel(), [7, 5])


def test_equal_keys_give_the_mean():
    found = nnlib.scaled_dot_product_attention(numbers(2, 3), np.ones((4, 3)), numbers(4, 5))
    np.testing.assert_allclose(found.data, np.tile(numbers(4, 5).mean(axis=0), (2, 1)))


def test_a_query_that_may_look_at_nothing_gets_zeros_and_sends_nothing_back():
    q, k, v = (Tensor(numbers(3, 4, seed=s), requires_grad=True) for s in range(3))
    mask = np.array([[True, False, True], [False, False, False], [True, True, True]])
    found = nnlib.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    np.testing.assert_array_equal(found.data[1], 0.0)
    found.sum().backward()
    np.testing.assert_array_equal(q.grad[1], 0.0)
    assert all(np.isfinite(t.grad).all() for t in (q, k, v))


def test_large_scores_do_not_overflow():
    found = nnlib.scaled_dot_product_attention(1e4 * np.eye(2), 1e4 * np.eye(2), np.eye(2))
    np.testing.assert_allclose(found.data, np.eye(2))


@pytest.mark.parametrize("rotary", [False, True])
def test_what_comes_later_does_not_reach_back(rotary):
    block = TransformerEncoderLayer(
        8, 2, 16, 0.0, batch_first=True, rotary=rotary, rng=0, dtype=np.float64
    )
    x = numbers(2, 6, 8)
    before = block(x, is_causal=True).data
    x[:, 4:] += 3
    after = block(x, is_causal=True).data
    np.testing.assert_array_equal(before[:, :4], after[:, :4])
    assert np.abs(before[:, 4:] - after[:, 4:]).min() > 0


def test_a_block_that_starts_with_zeros_changes_nothing():
    block = TransformerEncoderLayer(
        8, 2, 16, 0.0, batch_first=True, norm_first=True, rng=0, dtype=np.float64
    )
    block.self_attn.out_proj.weight.data[...] = 0
    block.linear2.weight.data[...] = 0
    x = numbers(2, 5, 8)
    np.testing.assert_array_equal(block(x).data, x)


def test_without_positions_a_new_order_of_places_is_a_new_order_of_answers():
    layer = MultiheadAttention(8, 2, batch_first=True, rng=0, dtype=np.float64)
    x, order = numbers(2, 5, 8), [3, 1, 4, 0, 2]
    np.testing.assert_allclose(layer(x[:, order])[0].data, layer(x)[0].data[:, order], atol=1e-12)
    turned = MultiheadAttention(8, 2, batch_first=True, rotary=True, rng=0, dtype=np.float64)
    assert np.abs(turned(x[:, order])[0].data - turned(x)[0].data[:, order]).max() > 1e-3


def test_turned_queries_and_keys_know_only_how_far_apart_they_are():
    q, k = numbers(1, 6), numbers(1, 6, seed=1)

    def product(i, j):
        a, b = nnlib.rotary(q, offset=i).data, nnlib.rotary(k, offset=j).data
        return (a @ b.T).item()

    assert product(7, 4) == pytest.approx(product(103, 100))
    assert product(7, 4) != pytest.approx(product(7, 5))
    assert np.linalg.norm(nnlib.rotary(q, offset=9).data) == pytest.approx(np.linalg.norm(q))


@pytest.mark.parametrize("base", [{}, {"base": 50.0}], ids=["", "base"])
def test_pairs_are_turned_as_complex_numbers(base):
    x = numbers(2, 5, 6)
    found = nnlib.rotary(x, offset=40, **base).data
    pairs = x[..., :3] + 1j * x[..., 3:]
    slower = base.get("base", 10_000) ** (-np.arange(3) / 3)
    turned = pairs * np.exp(1j * (40 + np.arange(5))[:, None] * slower)
    np.testing.assert_allclose(found, np.concatenate([turned.real, turned.imag], -1), atol=1e-12)


def test_every_place_has_waves_of_its_own():
    places = nnlib.sinusoidal_positions(500, 16)
    assert places.shape == (500, 16)
    assert places.dtype == np.float32
    assert len(np.unique(places.round(4), axis=0)) == 500
    np.testing.assert_allclose((places**2).sum(axis=1), 8, rtol=1e-5)
    slower = 3 / np.sqrt(10)  # of eight pairs the second turns 10,000^(1/8) times slower
    waves = [np.sin(3), np.cos(3), np.sin(slower), np.cos(slower)]
    np.testing.assert_allclose(places[3, :4], waves, rtol=1e-5)


@pytest.mark.parametrize("options", [{}, {"attn_mask": np.tri(5, dtype=bool)}], ids=["", "mask"])
def test_several_heads_are_attention_on_each_part(options):
    qkv = numbers(2, 5, 24)
    q, k, v = (
        qkv[..., i * 8 : (i + 1) * 8].reshape(2, 5, 4, 2).transpose(0, 2, 1, 3) for i in range(3)
    )
    plain = nnlib.scaled_dot_product_attention(q, k, v, **options).data
    fused = nnlib.self_attention(qkv, num_heads=4, **options).data
    np.testing.assert_allclose(fused, plain.transpose(0, 2, 1, 3).reshape(2, 5, 8), atol=1e-12)


def test_weights_are_shares_and_may_be_seen_head_by_head():
    layer = MultiheadAttention(8, 2, batch_first=True, rng=0, dtype=np.float64)
    x = numbers(3, 5, 8)
    output, shares = layer(x, is_causal=True, need_weights=True)
    np.testing.assert_allclose(shares.sum(axis=-1), 1)
    assert np.all(shares[:, *np.triu_indices(5, 1)] == 0)
    _, each = layer(x, is_causal=True, need_weights=True, average_attn_weights=False)
    assert each.shape == (3, 2, 5, 5)
    np.testing.assert_allclose(each.mean(axis=1), shares)
    np.testing.assert_allclose(output.data, layer(x, is_causal=True)[0].data, atol=1e-12)
    assert layer(x)[1] is None


def test_looking_at_another_sequence():
    layer = MultiheadAttention(8, 2, batch_first=True, rng=0, dtype=np.float64)
    output, shares = layer(numbers(3, 5, 8), numbers(3, 7, 8, seed=1), need_weights=True)
    assert output.shape == (3, 5, 8)
    assert shares.shape == (3, 5, 7)


class Writer(Module):
    """A tiny language model that can read from a cache."""

    def __init__(self, rotary):
        self.names = nnlib.Embedding(5, 8, rng=0, dtype=np.float64)
        self.blocks = [
            TransformerEncoderLayer(
                8, 2, 16, 0.2, batch_first=True, norm_first=True, rotary=rotary, rng=i,
                dtype=np.float64,
            )
            for i in (1, 2)
        ]  # fmt: skip
        self.places = None if rotary else nnlib.Embedding(12, 8, rng=3, dtype=np.float64)
        self.last = nnlib.Linear(8, 5, rng=4, dtype=np.float64)

    def forward(self, symbols, cache=None):
        x = self.names(symbols)
        if self.places is not None:
            start = cache.length if cache else 0
            x = x + self.places(start + np.arange(symbols.shape[1]))
        for block in self.blocks:
            x = block(x, is_causal=True, cache=cache)
        return self.last(x)


@pytest.mark.parametrize("rotary", [False, True])
def test_writing_from_a_cache_is_writing_without(rotary):
    model, start = Writer(rotary), np.array([[1, 2, 3], [4, 0, 0]])
    plain = nnlib.generate(model, start, 9, context=12, temperature=0.8, rng=0)
    cache = Cache()
    cached = nnlib.generate(model, start, 9, context=12, cache=cache, temperature=0.8, rng=0)
    np.testing.assert_array_equal(plain, cached)
    assert plain.shape == (2, 12)
    assert cache.length == 11
    assert model.training
    longer = nnlib.generate(model, start, 14, context=12, cache=Cache(), rng=0)
    np.testing.assert_array_equal(longer, nnlib.generate(model, start, 14, context=12, rng=0))


def test_writing_leaves_parts_in_evaluation_there():
    model = Writer(rotary=True)
    model.blocks[0].eval()
    nnlib.generate(model, np.array([[1, 2]]), 2, rng=0)
    assert model.training
    assert model.blocks[1].training
    assert not model.blocks[0].training


def test_what_cannot_be_written_on():
    model, start, cache = Writer(rotary=True), np.array([[1, 2]]), Cache()
    nnlib.generate(model, start, 3, cache=cache, rng=0)
    with pytest.raises(ValueError, match=r"already read 4 symbols.*new Cache\(\) for every text"):
        nnlib.generate(model, start, 3, cache=cache, rng=0)
    with pytest.raises(ValueError, match="context is a number of symbols, at least 1, got 0"):
        nnlib.generate(model, start, 3, context=0)
    with pytest.raises(ValueError, match="logits that are nan"):
        nnlib.sample(np.array([[0.0, np.nan]]))
    with pytest.raises(ValueError, match="top_k is a whole number"):
        nnlib.sample(np.zeros((1, 3)), top_k=1.5)


def test_masks_that_do_not_fit():
    layer = MultiheadAttention(8, 2, batch_first=True, rng=0)
    x = numbers(3, 5, 8).astype(np.float32)
    for shape in ((4, 4), (3, 5), (4, 1, 1, 5), (1, 3, 1, 1, 5)):
        with pytest.raises(ValueError, match=r"shape \(3, 2, 5, 5\).* mask\[:, None, None, :\]"):
            layer(x, attn_mask=np.ones(shape, bool))
    for mask in (Tensor(np.zeros((5, 5))), [[True] * 5] * 5):
        with pytest.raises(TypeError, match=f"attn_mask is an array, got {type(mask).__name__}"):
            layer(x, attn_mask=mask)
    there = np.arange(5) < np.array([5, 3, 1])[:, None]
    output, _ = layer(x, attn_mask=there[:, None, None, :])
    alone, _ = layer(x[1:2, :3])
    np.testing.assert_allclose(output.data[1, :3], alone.data[0], atol=1e-6)


def test_a_cache_that_has_read_as_much_as_there_is_belongs_to_another_text():
    model, cache = Writer(rotary=True), Cache()
    nnlib.generate(model, np.array([[1, 2, 3]]), 1, cache=cache, rng=0)
    for start in ([[1, 2]], [[1, 2, 3]]):
        with pytest.raises(ValueError, match="has already read 3 symbols"):
            nnlib.generate(model, np.array(start), 1, cache=cache, rng=0)
    more = np.array([[1, 2, 3, 0]])
    gone_on = nnlib.generate(model, more, 3, cache=cache, rng=0)
    np.testing.assert_array_equal(gone_on, nnlib.generate(model, more, 3, rng=0))
    one = nnlib.generate(model, np.array([[1, 2, 3]]), 4, context=1, rng=0)
    np.testing.assert_array_equal(
        one[:, 2:], nnlib.generate(model, one[:, 2:3], 4, context=1, rng=0)
    )


def test_a_cache_read_in_pieces_is_the_whole():
    layer = MultiheadAttention(8, 2, batch_first=True, rotary=True, rng=0, dtype=np.float64)
    x, cache = numbers(2, 7, 8), Cache()
    with no_grad():
        whole, _ = layer(x, is_causal=True)
        pieces = [layer(x[:, a:b], is_causal=True, cache=cache)[0] for a, b in ((0, 3), (3, 7))]
    np.testing.assert_allclose(
        np.concatenate([p.data for p in pieces], axis=1), whole.data, atol=1e-12
    )


def test_a_cache_is_not_for_training():
    layer = MultiheadAttention(8, 2, batch_first=True, rng=0)
    x = numbers(2, 3, 8).astype(np.float32)
    with pytest.raises(RuntimeError, match=r"inside no_grad\(\)"):
        layer(x, is_causal=True, cache=Cache())


def shares_of(count, **choice):
    logits = np.tile(np.log([0.5, 0.25, 0.15, 0.1]), (count, 1))
    drawn = nnlib.sample(logits, rng=0, **choice)
    return np.bincount(drawn, minlength=4) / count


def test_symbols_are_drawn_as_often_as_is_probable():
    np.testing.assert_allclose(shares_of(20_000), [0.5, 0.25, 0.15, 0.1], atol=0.015)
    hot, cold = shares_of(20_000, temperature=5.0), shares_of(20_000, temperature=0.5)
    assert hot[0] < 0.4 < 0.6 < cold[0]


def test_top_k_and_top_p_never_draw_what_they_leave_out():
    np.testing.assert_allclose(shares_of(20_000, top_k=2), [2 / 3, 1 / 3, 0, 0], atol=0.015)
    assert (shares_of(2_000, top_p=0.6) > 0).tolist() == [True, True, False, False]
    assert (shares_of(2_000, top_p=0.4) > 0).tolist() == [True, False, False, False]
    assert (shares_of(2_000, top_p=1.0) > 0).all()
    assert (shares_of(2_000, top_k=9) > 0).all()
    assert (shares_of(2_000, top_k=3, top_p=0.7) > 0).tolist() == [True, True, False, False]


def test_a_share_that_is_reached_exactly_leaves_the_rest_out():
    assert set(nnlib.sample(np.zeros((200, 2)), top_p=0.5, rng=0).tolist()) == {0}
    assert set(nnlib.sample(np.zeros((200, 2)), top_p=0.51, rng=0).tolist()) == {0, 1}


def test_temperature_0_takes_the_likeliest_and_shapes_are_kept():
    logits = numbers(2, 3, 5)
    np.testing.assert_array_equal(nnlib.sample(logits, temperature=0), logits.argmax(axis=-1))
    np.testing.assert_array_equal(nnlib.sample(logits, top_k=1, rng=0), logits.argmax(axis=-1))
    drawn = nnlib.sample(Tensor(logits), rng=0)
    assert drawn.shape == (2, 3)
    np.testing.assert_array_equal(drawn, nnlib.sample(logits, rng=0))
    np.testing.assert_array_equal(drawn, nnlib.sample(logits + 1e5, rng=0))  # exp would overflow
    for choice in ({"top_p": 0.7}, {"top_k": 3, "top_p": 0.9}):
        flat = nnlib.sample(logits.reshape(6, 5), **choice, rng=0)
        np.testing.assert_array_equal(nnlib.sample(logits, **choice, rng=0), flat.reshape(2, 3))


class _Last(np.random.Generator):
    """Draws the largest number below 1 every time."""

    def random(self, *sizes):
        return np.full(sizes[0], np.nextafter(1.0, 0.0))


def test_the_last_bit_of_a_draw_falls_on_a_symbol_that_may_come():
    probabilities = np.full((1, 10), 0.1)  # their running sum ends at the same number below 1
    assert probabilities.cumsum()[-1] < 1
    logits = np.concatenate([np.zeros((1, 10)), np.full((1, 3), -np.inf)], axis=1)
    assert nnlib.sample(logits, rng=_Last(np.random.PCG64(0))) == [9]
    assert nnlib.sample(logits, top_k=4, rng=_Last(np.random.PCG64(0))) == [3]


def test_one_row_without_numbers_is_enough_to_refuse():
    with pytest.raises(ValueError, match="nan or without an upper end"):
        nnlib.sample(np.array([[0.0, 1.0], [-np.inf, -np.inf]]))


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_nothing_is_drawn_from_what_is_no_number(wrong):
    logits = numbers(2, 3, 5)
    logits[1, 2, 4] = wrong
    with pytest.raises(ValueError, match="nan or without an upper end"):
        nnlib.sample(logits, rng=0)
    logits[1, 2] = -np.inf
    logits[1, 2, 0] = 0.0
    assert nnlib.sample(logits, rng=0)[1, 2] == 0


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"temperature": -1}, "temperature is 0 or above"),
        ({"top_k": 0}, "top_k is a whole number of at least 1"),
        ({"top_k": 1.5}, "top_k is a whole number of at least 1"),
        ({"top_p": 0.0}, "top_p is a probability above 0"),
        ({"top_p": -0.1}, "top_p is a probability above 0"),
        ({"top_p": 1.5}, "top_p is a probability above 0"),
    ],
)
def test_choices_that_make_no_sense(choice, message):
    with pytest.raises(ValueError, match=message):
        nnlib.sample(np.zeros((1, 3)), **choice)


def test_mistakes_are_explained():
    with pytest.raises(ValueError, match="num_heads divides embed_dim = 8"):
        MultiheadAttention(8, 3)
    for size, heads, name in ((8, 0, "num_heads"), (8, 2.0, "num_heads"), (0, 1, "embed_dim")):
        with pytest.raises(ValueError, match=f"{name} must be a whole number of at least 1"):
            MultiheadAttention(size, heads)
    layer = MultiheadAttention(8, 2, batch_first=True, rng=0)
    for shape in ((2, 3, 7), (2, 3, 9), (2, 3, 8, 1)):
        with pytest.raises(
            ValueError, match=r"\(N, T, 8\), got the shape " + re.escape(str(shape))
        ):
            layer(np.zeros(shape, np.float32))
    with pytest.raises(ValueError, match=r"\(T, N, 8\), got the shape \(3, 8\)"):
        MultiheadAttention(8, 2, rng=0)(np.zeros((3, 8), np.float32))
    q = numbers(3, 4)
    for unlike in ((q, q, q[:2]), (q, q[:2], q), (q[:, :3], q, q), (q, q[:, :3], q)):
        with pytest.raises(ValueError, match="there is a value for every key"):
            nnlib.scaled_dot_product_attention(*unlike)
    with pytest.raises(ValueError, match="as many queries as keys, got 2 and 3"):
        nnlib.scaled_dot_product_attention(q[:2], q, q, is_causal=True)
    with pytest.raises(ValueError, match="as many queries as keys, got 3 and 2"):
        nnlib.scaled_dot_product_attention(q, q[:2], q[:2], is_causal=True)
    with pytest.raises(TypeError, match="booleans or numbers to add"):
        nnlib.scaled_dot_product_attention(q, q, q, attn_mask=np.ones((3, 3), dtype=int))
    with pytest.raises(ValueError, match="the size is an even number, got 5"):
        nnlib.sinusoidal_positions(3, 5)
    with pytest.raises(ValueError, match="the size is an even number, got 3"):
        nnlib.rotary(np.zeros((2, 3)))
    for shape in ((1, 0), (2,), (1, 2, 3)):
        with pytest.raises(ValueError, match="at least one to begin with"):
            nnlib.generate(layer, np.zeros(shape, dtype=int), 3)
    with no_grad(), pytest.raises(ValueError, match="with a cache give is_causal=True"):
        layer(
            np.zeros((2, 3, 8), np.float32),
            is_causal=True,
            attn_mask=np.ones((3, 3), bool),
            cache=Cache(),
        )


@pytest.mark.parity
@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("causal", [False, True])
def test_a_block_as_in_pytorch(causal, batch_first, norm_first):
    torch = pytest.importorskip("torch")
    sizes, options = (8, 2, 16, 0.0), {"batch_first": batch_first, "norm_first": norm_first}
    ours = TransformerEncoderLayer(*sizes, **options, rng=0, dtype=np.float64)
    theirs = torch.nn.TransformerEncoderLayer(*sizes, **options).double()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(theirs.state_dict())
    x = numbers(3, 5, 8)
    a, b = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    steps = 5 if batch_first else 3
    never = torch.triu(torch.ones(steps, steps, dtype=torch.bool), 1) if causal else None
    p, q = ours(a, is_causal=causal), theirs(b, src_mask=never)
    np.testing.assert_allclose(p.data, q.detach().numpy(), atol=1e-11)
    g = numbers(*p.shape, seed=1)
    p.backward(g)
    q.backward(torch.tensor(g))
    for u, v in zip([a, *ours.parameters()], [b, *theirs.parameters()], strict=True):
        np.testing.assert_allclose(u.grad, v.grad.numpy(), atol=1e-11)


@pytest.mark.parity
def test_looking_at_another_sequence_as_in_pytorch():
    torch = pytest.importorskip("torch")
    ours = MultiheadAttention(8, 2, batch_first=True, rng=0, dtype=np.float64)
    theirs = torch.nn.MultiheadAttention(8, 2, batch_first=True).double()
    ours.load_state_dict(theirs.state_dict())
    query, key, value = numbers(3, 5, 8), numbers(3, 7, 8, seed=1), numbers(3, 7, 8, seed=2)
    p, shares = ours(query, key, value, need_weights=True)
    q, theirs_shares = theirs(*map(torch.tensor, (query, key, value)))
    np.testing.assert_allclose(p.data, q.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(shares, theirs_shares.detach().numpy(), atol=1e-12)
