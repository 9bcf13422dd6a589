"""A store of heldout's own: records of the last step, or nothing but what it says of each seed."""

from pathlib import Path

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.store import open_store
from heldout.store.importers.tidy import Tidy
from heldout.store.marker import NAME


def recognises(path: Path, head: bytes) -> bool:
    """A folder with a store's marker."""
    return not head and path.is_dir() and (path / NAME).is_file()


def read(path: Path) -> Tidy:
    """A row per seed, split and step of the score: the learner is the system; the task and its split are the task."""
    store = open_store(path, create=False)
    _, cells = store.query("SELECT DISTINCT cell FROM records")
    found = store.records([row[0] for row in cells])
    kept = (found["probe"] == "score") & (found["split"] != "train") if len(cells) else np.zeros(0, bool)
    if not kept.any():
        raise HeldoutError(f"{path}: a store without a finished score")
    found = {name: column[kept] for name, column in found.items()}
    tasks = np.where(found["on"] == "", found["task"], found["on"])
    config = [f" [{c}]" if c else "" for c in found["config"]]
    named = [f"{a}{c}" for a, c in zip(found["learner"], config, strict=True)]
    cells_of: dict[tuple[str, str], set[str]] = {}
    for system, task, cell in zip(named, tasks, found["cell"], strict=True):
        cells_of.setdefault((system, task), set()).add(cell)
    several = {system for (system, _), mine in cells_of.items() if len(mine) > 1}  # the study was changed meanwhile
    named = [f"{s} ({cell[:6]})" if s in several else s for s, cell in zip(named, found["cell"], strict=True)]
    columns = {
        "system": named,
        "task": [f"{t}: {s}" for t, s in zip(tasks, found["split"], strict=True)],
        "run": found["seed"].astype(str).tolist(),
        "step": found["step"].astype(float),
        "score": found["value"],
    }
    return Tidy("a store of heldout", columns, tuple(store.warnings), runs="seed", joint=True)
