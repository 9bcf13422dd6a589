"""A run that reads nothing of what the store has."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

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
    with tempfile.TemporaryDirectory(dir=store.path("fresh", "store").parent) as folder:
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
