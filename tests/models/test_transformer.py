"""What encodings let a transformer see, and what padding must not change."""

from typing import get_args

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.models.positions import Positions
from heldout.models.transformer import Norm, Transformer

ALL = get_args(Positions)
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("positions", ALL)
def test_only_encodings_tell_the_order(positions):
    model = eqx.filter_jit(Transformer(16, 1, 2, positions).build(jax.random.key(0), (6, 3), 2))
    x, order = np.eye(3, dtype=np.float32)[RNG.integers(3, size=(2, 6))], np.array([3, 0, 5, 1, 4, 2])
    same = np.allclose(model(x)[:, order], model(x[:, order]), atol=1e-5)
    assert same == (positions == "none")


@pytest.mark.parametrize("positions", ALL)
def test_padding_changes_nothing(positions):
    model = eqx.filter_jit(Transformer(16, 2, 2, positions).build(jax.random.key(0), (6, 3), 2))
    x = np.eye(3, dtype=np.float32)[RNG.integers(3, size=(2, 6))]
    assert np.allclose(model(np.pad(x, ((0, 0), (0, 4), (0, 0))))[:, :6], model(x), atol=1e-5)


def test_normalised_rows_have_mean_0_and_variance_1():
    found = Norm(jnp.ones(6), jnp.zeros(6))(RNG.normal(3, 5, size=(4, 6)))
    assert np.allclose(found.mean(-1), 0, atol=1e-5)
    assert np.allclose(found.var(-1), 1, atol=1e-4)


def test_heads_must_divide_the_width():
    with pytest.raises(HeldoutError, match="width 32 cannot have 5 heads"):
        Transformer(32, heads=5)
