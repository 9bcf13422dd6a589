"""Models and states on disk: arrays in safetensors, the structure from the spec that made them."""

import json
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file


def _is_key(leaf: Any) -> bool:
    return hasattr(leaf, "dtype") and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)


def save(tree: Any, path: Path, notes: dict[str, Any] | None = None) -> None:
    """Write the array leaves of a tree, in order, under a temporary name and rename it."""
    leaves = [jax.random.key_data(x) if _is_key(x) else x for x in jax.tree.leaves(tree)]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    arrays = {f"{i:05d}": np.asarray(x, order="C") for i, x in enumerate(leaves)}
    save_file(arrays, temporary, {"notes": json.dumps(notes or {})})
    temporary.replace(path)


def load(like: Any, path: Path) -> Any | None:
    """The tree of the structure of `like` (arrays or their shapes), or None where the file is absent or does not fit."""
    shapes, structure = jax.tree.flatten(like)
    try:
        arrays = load_file(path)
    except (OSError, SafetensorError):
        return None
    if len(arrays) != len(shapes):
        return None
    leaves = []
    for shape, (_, array) in zip(shapes, sorted(arrays.items()), strict=True):
        leaf = jax.random.wrap_key_data(jnp.asarray(array)) if _is_key(shape) else jnp.asarray(array)
        if leaf.shape != shape.shape or leaf.dtype != shape.dtype:
            return None
        leaves.append(leaf)
    return jax.tree.unflatten(structure, leaves)


def notes(path: Path) -> dict[str, Any]:
    """What was noted beside the arrays."""
    from safetensors import safe_open

    with safe_open(path, "numpy") as file:
        return json.loads((file.metadata() or {}).get("notes", "{}"))
