"""A run that reads nothing of what the store has."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from heldout.store import Store


@contextmanager
def fresh(store: "Store") -> "Iterator[Store]":
    """An empty store, whose files take their places in the given one when the run ends, however it ends.

    It knows the history of the claims: a fresh run does not make them look as if they had never changed.
    """
    from heldout.core.errors import HeldoutError
    from heldout.store import open_store
    from heldout.store.files import staying

    if store.remote:
        raise HeldoutError(f"--fresh takes a folder: run into a new address in place of {store.where}")
    place, name = store.path("fresh", "store").parent, uuid4().hex
    clear(place)
    with own(place / f".{name}"), tempfile.TemporaryDirectory(prefix=f"{name}-", dir=place) as folder:
        made = open_store(folder)
        made.follow(store)
        if (store.folder / "locks").exists():
            shutil.copytree(store.folder / "locks", made.folder / "locks")
        try:
            yield made
        finally:
            with staying(store.folder):
                for path in sorted(made.folder.glob("*/**/*")):
                    if path.is_file() and not path.name.startswith("."):
                        path.replace(store.path(*path.relative_to(made.folder).parts))


@contextmanager
def own(lock: Path) -> Iterator[None]:
    """Hold a lock of one's own, which is there before what it is for, and gone after it."""
    from heldout.store.files import locked

    with locked(lock):
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def clear(place: Path) -> None:
    """Remove what fresh runs left that were killed: their locks are free."""
    from heldout.store.files import locked

    for folder in [p for p in place.iterdir() if p.is_dir()]:
        lock = place / f".{folder.name.split('-')[0]}"
        with locked(lock, wait=False) as got:
            if got:
                shutil.rmtree(folder, ignore_errors=True)
                lock.unlink(missing_ok=True)
