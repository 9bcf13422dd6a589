"""The file that makes a folder a store, and says which version of heldout's columns it holds."""

import json
from contextlib import suppress
from pathlib import Path

from heldout.core.errors import HeldoutError
from heldout.store import files
from heldout.store.columns import SCHEMA

NAME = "store.json"
OWN = (
    *("batches", "parts", "verdicts", "locks", "damaged", "checked.json", files.AFTER),
    *("weights", "checkpoints", "modes", "samples", "reports", "fresh"),
)
"""What a store's folder holds besides, apart from locks and unfinished files."""


def text(**more: str) -> str:
    """What the file says."""
    return json.dumps({"what": "a store of heldout", "schema": SCHEMA, **more}) + "\n"


def establish(folder: Path, *, create: bool) -> None:
    """Make sure that the folder is a store that this heldout can read; `HeldoutError` says why it is not."""
    if folder.exists() and not folder.is_dir():
        raise HeldoutError(f"not a store: {folder} is a file; name a folder with --store")
    if not (folder / NAME).exists():
        _begin(folder, create)
        return
    try:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))["schema"]
    except OSError as error:
        raise HeldoutError(f"cannot read the store {folder}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise HeldoutError(
            f"the store's marker {folder / NAME} is damaged: delete that file and run again, finished work is kept"
        ) from error
    refuse_newer(found, folder)


def refuse_newer(schema: object, what: Path) -> None:
    """Raise for what a newer heldout has written."""
    if not isinstance(schema, int) or schema > SCHEMA:
        raise HeldoutError(
            f"{what} was written by a newer heldout (schema {schema}, this one reads up to {SCHEMA}): "
            "pip install --upgrade heldout"
        )


def _begin(folder: Path, create: bool) -> None:
    try:
        names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    except OSError as error:
        raise HeldoutError(f"cannot read the folder {folder}: {error.strerror or error}") from error
    names = {name for name in names if not name.startswith((files.TEMPORARY, files.REMOVING, files.COMPACTING))}
    if names - set(OWN) or (names and not names & {"batches", "parts"}):
        if (folder / NAME).exists():  # another process has made it a store meanwhile
            return
        raise HeldoutError(f"not a store: {folder} holds other things; give an empty folder or a new name with --store")
    if not create and not names:
        raise HeldoutError(f"no store at {folder}: run a study first, or name its folder with --store")
    with files.explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        files.write_text(folder / NAME, text())
        with suppress(FileExistsError):
            (folder / "batches").mkdir()
