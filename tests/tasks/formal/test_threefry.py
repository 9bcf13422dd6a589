"""The numbers are JAX's own, whatever the key, the shape and what they are drawn in."""

import jax
import numpy as np
import pytest

from heldout.tasks.formal.threefry import PIECE, block, uniform


def same(found, wanted):
    assert found.dtype == wanted.dtype
    assert np.array_equal(np.asarray(found), np.asarray(wanted))


@pytest.mark.parametrize("shape", [(), (0, 3), (1,), (3, 5), (2, PIECE), (PIECE + 1,), (257, 41)])
def test_they_are_those_of_jax(shape):
    for seed in (0, 7, 2**31 + 5):
        key = jax.random.key(seed)
        same(uniform(key, shape), jax.random.uniform(key, shape))


def test_compiled_and_mapped_they_are_the_same():
    keys = jax.random.split(jax.random.key(3), 5)
    found = jax.jit(jax.vmap(lambda key: uniform(key, (9, 4))))(keys)
    same(found, jax.vmap(lambda key: jax.random.uniform(key, (9, 4)))(keys))


def test_the_rounds_are_those_of_the_published_vectors():
    """Random123 1.09, `kat_vectors`, threefry2x32 of 20 rounds: plaintext, key, ciphertext."""
    pi = 0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344
    for first, second, key, wanted in (
        (0, 0, (0, 0), (0x6B200159, 0x99BA4EFE)),
        (2**32 - 1, 2**32 - 1, (2**32 - 1, 2**32 - 1), (0x1CB996FC, 0xBB002BE7)),
        (pi[0], pi[1], pi[2:], (0xC4923A9C, 0x483DF7A0)),
    ):
        found = block(np.array(key, np.uint32), *(np.array([x], np.uint32) for x in (first, second)))
        assert tuple(int(x[0]) for x in found) == wanted


def test_other_generators_and_other_ways_of_counting_are_left_to_jax():
    for key in (jax.random.key(1, impl="rbg"), jax.random.PRNGKey(1)):
        same(uniform(key, (3, 5)), jax.random.uniform(key, (3, 5)))
    with jax.threefry_partitionable(False):
        same(uniform(jax.random.key(1), (3, 5)), jax.random.uniform(jax.random.key(1), (3, 5)))
