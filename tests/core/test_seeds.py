"""The one place that randomness comes from."""

from itertools import combinations

import numpy as np
import pytest

from heldout.core.seeds import Words, item_ids, words


def test_words_are_a_function_of_their_parts():
    assert words("task", 3, "start") == words("task", 3, "start")
    assert words("task", 3, "start") == Words(2889352908, 2702951253)  # whoever changes it reruns all stored work


def test_every_part_its_order_and_its_kind_matter():
    different = [
        ("a", 1),
        (1, "a"),
        ("a", "1"),
        ("a", 2),
        ("a",),
        ("a", 1, ""),
        ("b", 1),
        ("a1",),
        ("a\x1fint:1",),
        ("a\\", 1),
    ]
    found = [words(*parts) for parts in different]
    assert all(a != b for a, b in combinations(found, 2))


def test_numpys_whole_numbers_are_whole_numbers():
    assert words("task", np.int64(3)) == words("task", np.uint8(3)) == words("task", 3)
    with pytest.raises(TypeError):
        words("task", 3.5)  # pyright: ignore[reportArgumentType]


def test_neighbouring_seeds_share_nothing():
    """About half of the 64 bits differ between any two of 200 seeds: a bound that one in 1e9 good generators breaks."""
    bits = np.array([[w.high, w.low] for w in (words("task", seed, "start") for seed in range(200))], np.uint32)
    unpacked = np.unpackbits(bits.view(np.uint8), axis=1)
    apart = (unpacked[:, None] != unpacked[None]).sum(-1)[np.triu_indices(200, 1)]
    assert apart.min() > 5
    assert apart.max() < 59
    assert abs(apart.mean() - 32) < 0.5


def test_words_fit_two_unsigned_numbers():
    for seed in range(100):
        high, low = words(seed)
        assert 0 <= high < 2**32
        assert 0 <= low < 2**32


def test_generators_repeat_and_differ():
    one, same, other = words("a").generator(), words("a").generator(), words("b").generator()
    first = one.random(5)
    assert np.array_equal(first, same.random(5))
    assert not np.array_equal(first, other.random(5))


def test_splitting_names_a_purpose():
    assert words("a").split("x") != words("a").split("y")
    assert words("a").split("x") != words("b").split("x")
    assert words("a").split("x", 1) == words("a").split("x", 1)


def test_item_ids_are_one_stream_however_it_is_cut():
    key = words("items")
    whole = item_ids(key, 10)
    assert whole.shape == (10, 2)
    assert whole.dtype == np.uint32
    assert np.array_equal(np.concatenate([item_ids(key, 4), item_ids(key, 6, start=4)]), whole)
    assert len(np.unique(whole, axis=0)) == 10
    assert not set(map(tuple, whole)) & set(map(tuple, item_ids(words("others"), 10)))
