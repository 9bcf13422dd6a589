"""Which side reads what, and cross-attention against Equinox's."""

from dataclasses import replace
from typing import get_args

import equinox as eqx
import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.models.encoder_decoder import EncoderDecoder
from heldout.models.positions import Positions

ALL = get_args(Positions)
RNG = np.random.default_rng(0)


def tokens(*shape):
    return np.eye(3, dtype=np.float32)[RNG.integers(3, size=shape)]


@pytest.mark.parametrize("positions", ALL)
def test_the_source_is_read_by_all_and_what_is_written_by_what_follows(positions):
    model = EncoderDecoder(16, 1, 2, 3, positions).build(jax.random.key(0), (6, 3), 2)
    x = tokens(6)
    every = np.repeat(x[None], 7, axis=0)
    every[range(6), range(6)] = np.roll(x, 1, axis=-1)
    outputs = np.asarray(eqx.filter_jit(model)(every))
    assert outputs.shape == (7, 6, 2)
    assert not outputs[:, :3].any()
    found = [np.flatnonzero(np.abs(o - outputs[-1]).max(-1) > 1e-6).tolist() for o in outputs[:-1]]
    assert found == [list(range(max(i, 3), 6)) for i in range(6)]


@pytest.mark.parametrize("positions", ["sin/cos", "relative"])
def test_padding_on_either_side_changes_nothing(positions):
    model = EncoderDecoder(16, 2, 2, 3, positions).build(jax.random.key(0), (6, 3), 2)
    x = tokens(2, 6)
    padded = np.pad(np.concatenate([np.pad(x[:, :3], ((0, 0), (0, 2), (0, 0))), x[:, 3:]], 1), ((0, 0), (0, 2), (0, 0)))
    found = eqx.filter_jit(replace(model, source=5))(padded)
    assert np.allclose(found[:, 5:8], eqx.filter_jit(model)(x)[:, 3:], atol=1e-5)


def test_cross_attention_is_what_equinox_says():
    layer = EncoderDecoder(8, 1, 2).build(jax.random.key(0), (20, 3), 2).decoder[0].cross
    theirs = eqx.nn.MultiheadAttention(2, 8, key=jax.random.key(1))
    weights = [np.asarray(layer.ask), *np.split(np.asarray(layer.project), 2, axis=1), np.asarray(layer.out)]
    places = lambda m: [p.weight for p in (m.query_proj, m.key_proj, m.value_proj, m.output_proj)]  # noqa: E731
    theirs = eqx.tree_at(places, theirs, [w.T for w in weights])
    x, source = RNG.normal(size=(3, 4, 8)).astype(np.float32), RNG.normal(size=(3, 6, 8)).astype(np.float32)
    present = np.ones((3, 6), bool)
    present[0, 3:] = False
    allowed = np.broadcast_to(present[:, None], (3, 4, 6))
    wanted = jax.vmap(lambda q, kv, m: theirs(q, kv, kv, mask=m))(x, source, allowed)
    assert np.allclose(layer(x, source, present), wanted, atol=1e-5)


def test_what_cannot_be_built_is_one_line():
    with pytest.raises(HeldoutError, match="width 32 cannot have 5 heads"):
        EncoderDecoder(32, heads=5)
    with pytest.raises(HeldoutError, match="source=0"):
        EncoderDecoder(source=0)
