"""Sample instances of a task, written beside the batches for pages to show."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from heldout.core.digest import digest
from heldout.core.result import SampleFile
from heldout.store import files

MANY = 12
"""Tasks with more splits than this show one instance of each, others three."""


def write(task: Any, folder: Path) -> None:
    """Draw a few instances of every split from one key (so that shifts of one instance stand side by side) and keep them."""
    from heldout.runner.together import key  # reading what is kept needs no JAX

    folder.mkdir(parents=True, exist_ok=True)
    n = 1 if len(task.splits) > MANY else 3
    rows = []
    for split in task.splits:
        for index, sample in enumerate(task.samples(split, key(task.traced, digest(task), "samples"), n)):
            name = None
            if sample.image is not None:
                name = f"{len(rows):04d}.png"
                _png(np.asarray(sample.image), folder / name)
            rows.append({"split": split.name, "text": sample.text, "answer": sample.answer, "image": name, "at": index})
    files.write_text(folder / "index.json", json.dumps(rows))


def read(task: str, folder: Path) -> tuple[SampleFile, ...] | None:
    """The instances kept for the task of that name; None where there are none yet."""
    try:
        rows = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    try:
        return tuple(_sample(task, row, folder) for row in rows)
    except (TypeError, KeyError):  # no list of what `write` writes: drawn again by whoever runs
        return None


def _sample(task: str, row: Any, folder: Path) -> SampleFile:
    split, text, answer, image = (row[name] for name in ("split", "text", "answer", "image"))
    if not all(isinstance(t, str) for t in (split, text, answer, image or "")):
        raise TypeError("a sample is texts")
    own = (
        bool(image) and re.fullmatch(r"\d{4,}\.png", image) is not None
    )  # a name that `write` gives, no way out of the folder
    return SampleFile(task, split, text, answer, folder / image if own else None)


def _png(image: np.ndarray, path: Path) -> None:
    from PIL import Image

    Image.fromarray(np.round(255 * np.clip(image, 0, 1)).astype(np.uint8)).save(path)
