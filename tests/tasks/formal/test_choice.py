"""Choosing among drawn instances, by hand."""

import jax.numpy as jnp
import numpy as np

from heldout.tasks.formal.choice import mixed, preferred, repeats

IDS = jnp.asarray([[1, 5], [2, 5], [1, 5], [1, 6], [2, 5], [1, 5]], jnp.uint32)


def test_an_id_is_a_repeat_where_both_words_have_been_drawn_before():
    assert repeats(IDS).tolist() == [False, False, True, False, True, True]


def test_what_belongs_comes_first_as_drawn_and_repeats_before_strangers():
    belongs = jnp.asarray([False, True, False, True, True, True])
    assert preferred(IDS, belongs, skip=False).tolist() == [1, 3, 4, 5, 0, 2]
    assert preferred(IDS, belongs, skip=True).tolist()[:2] == [1, 3]
    assert preferred(IDS, belongs, skip=True).tolist()[-1] == 2  # a stranger and a repeat


def test_mixing_loses_nothing_and_every_bit_turns_about_half():
    words = np.arange(4096, dtype=np.uint32)
    assert len(set(np.asarray(mixed(jnp.asarray(words))).tolist())) == 4096
    changed = np.asarray(mixed(jnp.asarray(words)) ^ mixed(jnp.asarray(words ^ np.uint32(1))))
    shares = ((changed[:, None] >> np.arange(32)) & 1).mean(0)
    assert (abs(shares - 0.5) < 0.1).all()
