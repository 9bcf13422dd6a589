"""Many small files into few: what keeps a store of 100,000 batches as quick to read as one of ten.

Opening a Parquet file costs DuckDB about a millisecond, so a study of 10,000 cells in 40,000 files would take forty
seconds to read; in parts it takes none. (A derived index would have answered `done` as fast, and not `records`.)

A part holds the rows of its batches as they are, under one more seal. It is published before the files that it replaces
are removed; in between, and after a crash in between, their batches are there twice, which `snapshot` resolves. One
process compacts at a time (an advisory lock, freed by the system when its holder dies); writers are held up only while
files are removed, so that a batch written anew in that moment is never taken for the old one. Parts double in size up to
`FULL` batches: a batch is rewritten about seven times in its life, and one damaged part costs no more than `FULL` batches.
What goes into a part is compared with its checksum once more: a bit that rotted since would get a valid seal.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from heldout.store import files, parquet, views
from heldout.store.columns import quoted, wide
from heldout.store.contents import dump
from heldout.store.files import Listed
from heldout.store.inspector import LARGE, Inspector
from heldout.store.snapshot import Snapshot, restricted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LOOSE = 32
"""So many small files are worth a part: reading that many costs some 20 ms."""

FULL = 4096
"""Batches in a part that is left alone from then on ..."""

MANY = 2000
"""Small files that take so long to read (seconds) that a reader waits for another process which is folding them."""

HEAVY = 8 << 20
"""... or bytes in it: about a million items."""


class Size(NamedTuple):
    """What a store amounts to: batches, the files that hold them, and their bytes."""

    batches: int
    files: int
    bytes: int


def size(now: Snapshot) -> Size:
    """The size of a store."""
    held = [*now.contents, *now.surplus]
    return Size(sum(map(len, now.contents.values())), len(held), sum(f.size for f in held))


def due(now: Snapshot, least: int = 0) -> bool:
    """Whether compaction would pay, or there are at least so many small files."""
    return len(_loose(now)) >= (least or LOOSE)


def compact(folder: Path, inspector: Inspector, connection: "DuckDBPyConnection", *, wait: bool = False) -> bool:
    """Bring small files together; returns whether this process was the one. `wait`: for another that is at it.

    In a folder that cannot be written, or where files cannot be locked, nothing is done.
    """
    with files.locked(folder / files.COMPACTING, wait=wait) as alone:
        if not alone:
            return False
        now = inspector.look()
        if now.surplus and not inspector.rotten(now.contents):  # a copy goes only while the other one is whole
            _remove(folder, now.surplus)
        parts = _parts(now)
        for some in _portions(_loose(now)):
            some = [f for f in some if f in now.contents]  # noqa: PLW2901 - one may have been written anew meanwhile
            group = _with_parts(now, some, parts)
            if inspector.rotten(group):
                now = inspector.look()
                parts = _parts(now)
                group = _with_parts(now, [f for f in some if f in now.contents], parts)
            if len(group) > 1:
                _fold(folder, now, group, connection)
                if len(group) > len(some):  # parts are gone that the next group would ask for
                    now = inspector.look()
                    parts = _parts(now)
        return True


def _loose(now: Snapshot) -> list[Listed]:
    return [f for f in now.contents if f.path.parent.name == "batches" and f.size < LARGE]


def _portions(loose: Sequence[Listed]) -> Iterator[list[Listed]]:
    """The files in groups that make a part each."""
    group: list[Listed] = []
    weight = 0
    for file in loose:
        if group and (len(group) == FULL or weight + file.size > HEAVY):
            yield group
            group, weight = [], 0
        group.append(file)
        weight += file.size
    if group:
        yield group


def _parts(now: Snapshot) -> list[Listed]:
    """The parts, those of fewest batches first."""
    parts = [f for f in now.contents if f.path.parent.name == "parts"]
    return sorted(parts, key=lambda f: (len(now.contents[f]), f))


def _with_parts(now: Snapshot, loose: Sequence[Listed], parts: Sequence[Listed]) -> list[Listed]:
    """The loose files and the parts that are not much larger than what is folded already."""
    group, total, weight = list(loose), len(loose), sum(f.size for f in loose)
    for part in parts:
        size = len(now.contents[part])
        if size > max(2 * total, LOOSE) or total + size > FULL or weight + part.size > HEAVY:
            break
        group.append(part)
        total, weight = total + size, weight + part.size
    return group


def _fold(folder: Path, now: Snapshot, group: Sequence[Listed], connection: "DuckDBPyConnection") -> None:
    """Write one part in the place of some files."""
    chosen = restricted(now, group)
    views.define(connection, chosen)
    # Rows stay as they stand, batch after batch: sorted by kind they would be read no faster, and sorting holds them all.
    select = f"SELECT {quoted(list(wide()))} FROM counted"  # noqa: S608 - names of columns.py
    with files.explained(folder):
        (folder / "parts").mkdir(exist_ok=True)
    path = folder / "parts" / f"part-{os.urandom(8).hex()}.parquet"
    contents = dump(e for entries in chosen.contents.values() for e in entries)
    if parquet.copy(connection, select, path, contents, sources=group):
        _remove(folder, group)


def _remove(folder: Path, group: Sequence[Listed]) -> None:
    """Remove files that have not changed since they were listed."""
    if not group:
        return
    with files.taking(folder) as alone:
        for file in group if alone else ():
            files.remove(file)
    for place in {file.path.parent for file in group}:
        files.sync(place)
