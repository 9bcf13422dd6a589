"""Corrupted test sets as fixed data: made once per process (about a second) and kept in memory."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from heldout.core.seeds import words
from heldout.core.split import Split
from heldout.tasks.vision.corruptions import corrupt
from heldout.tasks.vision.handwriting import handwriting, partition

if TYPE_CHECKING:
    from heldout.tasks.vision.corrupted import Corrupted


@dataclass(frozen=True)
class Fixed:
    """Images (n, h, w) or sequences (n, frames, h, w), uint8, and labels (n,) int32."""

    images: np.ndarray
    labels: np.ndarray


def fixed(task: "Corrupted", split: Split) -> Fixed:
    """The data of a split: the same in every process."""
    images, labels = handwriting(task.source)
    train, test = partition(task.source, task.held_out)
    if split.train:
        return Fixed(images[train], labels[train])
    if split.axis is None:
        return Fixed(images[test], labels[test])
    made = _sets(task)[split.name]
    return Fixed(made, labels[test][: len(made)])


@lru_cache(maxsize=4)
def _sets(task: "Corrupted") -> dict[str, np.ndarray]:
    """Every shifted set of a task by the name of its split."""
    return {s.name: _make(task, s) for s in task.splits if s.axis is not None}


def _make(task: "Corrupted", split: Split) -> np.ndarray:
    from heldout.tasks.vision import perturbations  # SciPy's filters, not needed to judge what has been run

    clean = handwriting(task.source)[0][partition(task.source, task.held_out)[1]] / 255.0
    rng, kind = words("corrupted", task.source, split.name).generator(), split.group or ""
    if split.level is None:
        function = getattr(perturbations, kind.replace(" ", "_"))
        return _bytes(function(clean[: task.sequences], task.frames, rng))
    return _bytes(corrupt(clean[: task.images], split.axis or "", kind, int(split.level), rng))


def _bytes(images: np.ndarray) -> np.ndarray:
    return np.round(images * 255.0).astype(np.uint8)
