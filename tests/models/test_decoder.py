"""What a decoder may not see, and its attention against Equinox's."""

from typing import get_args

import equinox as eqx
import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.models.attention import attention
from heldout.models.decoder import Decoder, readable
from heldout.models.positions import Positions

ALL = get_args(Positions)
RNG = np.random.default_rng(0)


def reached(model, x):
    """For each position, those whose outputs change with the input there; x (length, channels)."""
    length = len(x)
    every = np.repeat(x[None], length + 1, axis=0)
    every[range(length), range(length)] = np.roll(x, 1, axis=-1)
    outputs = np.asarray(eqx.filter_jit(model)(every))
    return [np.flatnonzero(np.abs(o - outputs[-1]).max(-1) > 1e-6).tolist() for o in outputs[:-1]]


@pytest.mark.parametrize(("positions", "prefix"), [*((p, 0) for p in ALL), ("none", 3), ("relative", 3)])
def test_outputs_depend_on_what_stands_no_later_or_within_the_prefix(positions, prefix):
    model = Decoder(16, 1, 2, positions, prefix).build(jax.random.key(0), (6, 3), 2)
    x = np.eye(3, dtype=np.float32)[RNG.integers(3, size=6)]
    assert reached(model, x) == [list(range(0 if i < prefix else i, 6)) for i in range(6)]


def test_layers_on_layers_see_no_future_even_at_empty_positions():
    model = Decoder(16, 2, 2).build(jax.random.key(0), (6, 3), 2)
    x = np.eye(3, dtype=np.float32)[RNG.integers(3, size=6)]
    x[0] = x[2] = 0.0
    assert reached(model, x) == [[], [1, 2, 3, 4, 5], [], [3, 4, 5], [4, 5], [5]]


@pytest.mark.parametrize("prefix", [0, 2])
def test_what_may_be_read_is_what_is_said(prefix):
    present = RNG.random((5, 4)) < 0.6
    for one, found in zip(present, np.asarray(readable(present, prefix)), strict=True):
        for reader, read in np.ndindex(4, 4):
            earlier = read <= reader or max(read, reader) < prefix
            assert found[reader, read] == (reader == read or (earlier and one[read]))


def test_causal_attention_is_what_equinox_says():
    layer = attention(jax.random.key(0), 8, 2, "none")
    theirs = eqx.nn.MultiheadAttention(2, 8, key=jax.random.key(1))
    weights = [*np.split(np.asarray(layer.project), 3, axis=1), np.asarray(layer.out)]
    places = lambda m: [p.weight for p in (m.query_proj, m.key_proj, m.value_proj, m.output_proj)]  # noqa: E731
    theirs = eqx.tree_at(places, theirs, [w.T for w in weights])
    x, present = RNG.normal(size=(3, 5, 8)).astype(np.float32), np.ones((3, 5), bool)
    present[0, 3:] = present[1, 2] = False
    mask = readable(present)
    wanted = jax.vmap(lambda one, allowed: theirs(one, one, one, mask=allowed))(x, mask)
    assert np.allclose(layer(x, mask), wanted, atol=1e-5)


def test_what_cannot_be_built_is_one_line():
    with pytest.raises(HeldoutError, match="width 32 cannot have 5 heads"):
        Decoder(32, heads=5)
    with pytest.raises(HeldoutError, match="prefix=-1"):
        Decoder(prefix=-1)
