"""Models and states on disk: arrays in safetensors, the structure from the spec that made them."""

import errno
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from heldout.store import files


def _is_key(leaf: Any) -> bool:
    return hasattr(leaf, "dtype") and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)


def save(tree: Any, path: Path, notes: dict[str, Any] | None = None) -> None:
    """Write the array leaves of a tree, in order, under a name that no other process has, and rename it."""
    leaves = [jax.random.key_data(x) if _is_key(x) else x for x in jax.tree.leaves(tree)]
    arrays = {f"{i:05d}": np.asarray(x, order="C") for i, x in enumerate(leaves)}
    made = files.temporary(path)
    with files.explained(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        files.sweep(path.parent)
        try:
            _write(arrays, made, _sealed(arrays, json.dumps(notes or {})))
            files.publish(made, path)
        finally:
            made.unlink(missing_ok=True)


def _sealed(arrays: dict[str, np.ndarray], notes: str) -> dict[str, str]:
    """The notes and the sha256 of everything, as safetensors has no checksum of its own."""
    found = hashlib.sha256(notes.encode())
    for name, array in sorted(arrays.items()):
        found.update(f"{name} {array.dtype} {array.shape}".encode())
        found.update(array.tobytes())
    return {"notes": notes, "sha256": found.hexdigest()}


def _write(arrays: dict[str, np.ndarray], made: Path, notes: dict[str, str]) -> None:
    """Write them; a full disk is an `OSError`, which safetensors tells in a word of its own."""
    try:
        save_file(arrays, made, notes)
    except SafetensorError as error:
        code = next((c for c in (errno.ENOSPC, errno.EDQUOT, errno.EROFS) if os.strerror(c) in str(error)), errno.EIO)
        raise OSError(code, os.strerror(code)) from error


def load(like: Any, path: Path) -> Any | None:
    """The tree of the structure of `like` (arrays or their shapes), or None where the file is absent, damaged or does not fit."""
    found = noted(like, path)
    return None if found is None else found[0]


def noted(like: Any, path: Path) -> tuple[Any, dict[str, Any]] | None:
    """The tree and what was noted beside it, of one file: by the next look another may have taken its name."""
    shapes, structure = jax.tree.flatten(like)
    try:
        with safe_open(path, "numpy") as file:
            arrays, seal = {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except (OSError, SafetensorError, ValueError, TypeError):
        return None
    if "sha256" in seal and seal != _sealed(arrays, seal.get("notes", "")):
        return None
    if len(arrays) != len(shapes):
        return None
    leaves = []
    for shape, (_, array) in zip(shapes, sorted(arrays.items()), strict=True):
        leaf = jax.random.wrap_key_data(jnp.asarray(array)) if _is_key(shape) else jnp.asarray(array)
        if leaf.shape != shape.shape or leaf.dtype != shape.dtype:
            return None
        leaves.append(leaf)
    return jax.tree.unflatten(structure, leaves), json.loads(seal.get("notes", "{}"))


def notes(path: Path) -> dict[str, Any]:
    """What was noted beside the arrays."""
    with safe_open(path, "numpy") as file:
        return json.loads((file.metadata() or {}).get("notes", "{}"))
