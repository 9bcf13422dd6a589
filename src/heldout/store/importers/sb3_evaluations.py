"""Stable-Baselines3 and RL-Zoo `evaluations.npz`: the mean return at every evaluation; nothing is unpickled."""

import io
import tokenize
import warnings
from pathlib import Path

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.store.importers.archive import members, names
from heldout.store.importers.tidy import Tidy, place

ARRAYS = ("timesteps.npy", "results.npy")
LARGEST = 10_000_000
"""Numbers of an array: a run that is evaluated every second for a year has three times as many."""


def recognises(path: Path, head: bytes) -> bool:
    """A NumPy archive with timesteps and results."""
    return head.startswith(b"PK\x03\x04") and set(ARRAYS) <= set(names(path))


def read(path: Path) -> Tidy:
    """A row per evaluation (its episodes averaged), with its step; RL-Zoo's folders say system, task and run."""
    found = {name: _array(data, f"{path}:{name}") for name, data in members(path, lambda name: name in ARRAYS)}
    steps, results = (found[name] for name in ARRAYS)
    if results.ndim != 2 or steps.shape != results.shape[:1] or {steps.dtype.kind, results.dtype.kind} - set("fiu"):
        raise HeldoutError(f"{path}: results of shape {results.shape} for {steps.size} steps: no evaluations file")
    if not results.size:
        raise HeldoutError(f"{path}: an evaluations file without an episode")
    system, task, run = place(path)
    columns = {
        name: np.repeat(np.array([value], object), len(steps))
        for name, value in (("system", system), ("task", task), ("run", run))
        if value is not None
    }
    columns |= {"step": steps.astype(float), "score": results.mean(axis=1, dtype=float)}
    return Tidy("Stable-Baselines3 evaluations (mean return of each evaluation's episodes)", columns)


def _array(data: bytes, name: str) -> np.ndarray:
    """An array from its file, whose header is believed only as far as the file is long: else it could ask for terabytes."""
    file = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
        with warnings.catch_warnings(action="ignore"):  # of headers that Python 2 wrote
            shape, turned, kind = header(file)
    except (ValueError, LookupError, TypeError, SyntaxError, EOFError, OverflowError, tokenize.TokenError) as error:
        raise HeldoutError(f"{name}: a damaged array ({' '.join(str(error).split())[:200]})") from error
    count = 1
    for length in shape:
        count *= length
    if kind.hasobject or count > LARGEST or count * kind.itemsize != len(data) - file.tell():
        raise HeldoutError(f"{name}: an array of {count:,} {kind.name[:20]} in {len(data):,} bytes: damaged or refused")
    values = np.frombuffer(data, kind, count, file.tell())
    return values.reshape(shape, order="F" if turned else "C")
