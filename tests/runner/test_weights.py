from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from safetensors import SafetensorError

from heldout.core import HeldoutError
from heldout.runner import weights

TREE = {
    "scalar": jnp.float32(1.5),
    "step": jnp.int32(7),
    "matrix": jnp.arange(6.0).reshape(2, 3).T,  # not contiguous in memory
    "empty": jnp.zeros((0, 4)),
    "flag": jnp.bool(True),
    "key": jax.random.split(jax.random.key(3), 2),
    "many": [jnp.full(2, i) for i in range(12)],  # more than ten leaves: their order must be that of numbers
}


def shapes(tree: object) -> object:
    return jax.eval_shape(lambda: tree)


def data(leaf: jax.Array) -> np.ndarray:
    return np.asarray(jax.random.key_data(leaf) if jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key) else leaf)


def test_a_tree_comes_back_as_it_went(tmp_path: Path) -> None:
    weights.save(TREE, tmp_path / "deep" / "one.safetensors", {"step": 7})
    found = weights.load(shapes(TREE), tmp_path / "deep" / "one.safetensors")
    assert jax.tree.structure(found) == jax.tree.structure(TREE)
    for mine, theirs in zip(jax.tree.leaves(found), jax.tree.leaves(TREE), strict=True):
        assert (mine.shape, mine.dtype) == (theirs.shape, theirs.dtype)
        np.testing.assert_array_equal(data(mine), data(theirs))
    assert weights.notes(tmp_path / "deep" / "one.safetensors") == {"step": 7}
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["one.safetensors"]


@pytest.mark.parametrize(
    "other",
    [{"a": jnp.zeros(3)}, {"a": jnp.zeros(2, int), "b": jnp.zeros(1)}, {"a": jnp.zeros(2), "b": jnp.zeros(2)}],
    ids=["fewer", "another type", "another shape"],
)
def test_what_does_not_fit_is_not_loaded(tmp_path: Path, other: object) -> None:
    weights.save({"a": jnp.zeros(2), "b": jnp.zeros(1)}, tmp_path / "one")
    assert weights.load(shapes(other), tmp_path / "one") is None


def test_no_flipped_bit_changes_a_model(tmp_path: Path) -> None:
    """It is noticed, but where it fell on the padding of the header or on the name of the checksum."""
    weights.save(TREE, tmp_path / "one", {"step": 7})
    whole, unnoticed = bytearray((tmp_path / "one").read_bytes()), 0
    length = 8 + int.from_bytes(whole[:8], "little")
    for place in range(0, len(whole), 5):
        whole[place] ^= 1 << place % 8
        (tmp_path / "one").write_bytes(whole)
        found = weights.load(shapes(TREE), tmp_path / "one")
        whole[place] ^= 1 << place % 8
        if found is not None:
            assert place < length
            unnoticed += 1
            assert all(map(np.array_equal, map(data, jax.tree.leaves(found)), map(data, jax.tree.leaves(TREE))))
    assert unnoticed < 10


def test_two_processes_that_save_one_file_do_not_write_over_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, twice = weights._write, []

    def slowly(arrays: Any, made: Path, notes: Any) -> None:
        twice.append(made)
        if len(twice) == 1:
            weights.save({"a": jnp.ones(2)}, tmp_path / "one")
        write(arrays, made, notes)

    monkeypatch.setattr(weights, "_write", slowly)
    weights.save({"a": jnp.zeros(2)}, tmp_path / "one")
    assert len(set(twice)) == 2
    found = weights.load({"a": jnp.ones(2)}, tmp_path / "one")
    assert found is not None
    assert found["a"].tolist() == [0.0, 0.0]
    assert [p.name for p in tmp_path.iterdir()] == ["one"]


def test_a_full_disk_is_said_as_such_and_nothing_half_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(arrays: Any, made: Path, notes: Any) -> None:
        made.write_bytes(b"half")
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr(weights, "save_file", full)
    with pytest.raises(HeldoutError, match="is full: free some space"):
        weights.save(TREE, tmp_path / "one")
    assert list(tmp_path.iterdir()) == []


def test_absent_and_damaged_files_are_not_loaded(tmp_path: Path) -> None:
    assert weights.load(TREE, tmp_path / "none") is None
    weights.save(TREE, tmp_path / "one")
    whole = (tmp_path / "one").read_bytes()
    for damaged in (b"", whole[:50], whole[:-1]):
        (tmp_path / "one").write_bytes(damaged)
        assert weights.load(TREE, tmp_path / "one") is None
