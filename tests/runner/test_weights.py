from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

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


def test_absent_and_damaged_files_are_not_loaded(tmp_path: Path) -> None:
    assert weights.load(TREE, tmp_path / "none") is None
    weights.save(TREE, tmp_path / "one")
    whole = (tmp_path / "one").read_bytes()
    for damaged in (b"", whole[:50], whole[:-1]):
        (tmp_path / "one").write_bytes(damaged)
        assert weights.load(TREE, tmp_path / "one") is None
