"""Logs of other tools among the paths: each is given to the importer that knows it."""

import csv
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from types import ModuleType

from heldout.core.errors import HeldoutError, first_line
from heldout.store import importers
from heldout.store.importers.tidy import Tidy

MOST = 20_000
"""Files looked at in a folder."""


DAMAGED = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RuntimeError, csv.Error, OSError)
"""What an importer runs into where a file is recognised and then is not as its tool writes it."""


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
        if _knows(importer, path, head):
            try:
                return importer.read(path)
            except DAMAGED as error:  # another tool's file may hold anything anywhere
                what = importer.__name__.rpartition(".")[2]
                raise HeldoutError(
                    f"{path}: looks like a log of {what}, but is not laid out like one ({first_line(error)})"
                ) from error
    return None


def _knows(importer: ModuleType, path: Path, head: bytes) -> bool:
    """Whether a file looks like the importer's; one that cannot even be looked at does not."""
    try:
        return bool(importer.recognises(path, head))
    except DAMAGED:
        return False


def inside(folder: Path) -> Iterator[Path]:
    """The logs in a folder that no importer takes as a whole, in the order of their names."""
    from heldout.results.reading.kinds import first_bytes

    found = list(islice(folder.rglob("*"), MOST + 1))
    if len(found) > MOST:
        raise HeldoutError(f"{folder}: more than {MOST:,} files; name the ones to compare")
    for path in sorted(found):
        if path.is_file() and not path.is_symlink() and path.stat().st_size:
            head = first_bytes(path)
            if any(_knows(importer, path, head) for importer in known()):
                yield path
