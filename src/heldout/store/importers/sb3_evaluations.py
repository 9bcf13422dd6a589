"""Stable-Baselines3 and RL-Zoo `evaluations.npz`: the mean return at every evaluation; nothing is unpickled."""

import zipfile
from pathlib import Path

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.store.importers.archive import names
from heldout.store.importers.tidy import Tidy, place, tidy

LARGEST = 256 << 20


def recognises(path: Path, head: bytes) -> bool:
    """A NumPy archive with timesteps and results."""
    return head.startswith(b"PK\x03\x04") and {"timesteps.npy", "results.npy"} <= set(names(path))


def read(path: Path) -> Tidy:
    """A row per evaluation (its episodes averaged), with its step; RL-Zoo's folders say system, task and run."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST:
                raise HeldoutError(f"{path}: more than {LARGEST >> 20} MB unpacked: refused")
        with np.load(path, allow_pickle=False) as log:
            steps, results = log["timesteps"], log["results"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
        raise HeldoutError(f"{path}: a damaged evaluations file ({error})") from error
    if results.ndim != 2 or len(steps) != len(results) or results.dtype.kind not in "fiu":
        raise HeldoutError(f"{path}: results of shape {results.shape} for {len(steps)} steps: no evaluations file")
    system, task, run = place(path)
    rows = [
        {"system": system, "task": task, "run": run, "step": float(step), "score": float(np.mean(episodes))}
        for step, episodes in zip(steps, results, strict=True)
    ]
    return tidy("Stable-Baselines3 evaluations (mean return of each evaluation's episodes)", rows)
