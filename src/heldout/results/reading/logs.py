"""Logs of other tools among the paths: each is given to the importer that knows it."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from heldout.core.errors import HeldoutError
from heldout.store import importers
from heldout.store.importers.tidy import Tidy

MOST = 20_000
"""Files looked at in a folder."""


@cache
def known() -> tuple[ModuleType, ...]:
    """The importers: every module of `heldout.store.importers` with `recognises` and `read`."""
    found = [
        importlib.import_module(f"{importers.__name__}.{m.name}") for m in pkgutil.iter_modules(importers.__path__)
    ]
    return tuple(m for m in found if hasattr(m, "recognises"))


def imported(path: Path, head: bytes) -> Tidy | None:
    """A log as tidy columns, or None where no importer knows the file or folder. `head`: its first bytes, b"" of a folder."""
    for importer in known():
        if importer.recognises(path, head):
            return importer.read(path)
    return None


def inside(folder: Path) -> Iterator[Path]:
    """The logs in a folder that no importer takes as a whole, in the order of their names."""
    from heldout.results.reading.kinds import first_bytes

    for looked, path in enumerate(sorted(folder.rglob("*"))):
        if looked == MOST:
            raise HeldoutError(f"{folder}: more than {MOST:,} files; name the ones to compare")
        if path.is_file() and not path.is_symlink() and path.stat().st_size:
            head = first_bytes(path)
            if any(importer.recognises(path, head) for importer in known()):
                yield path
