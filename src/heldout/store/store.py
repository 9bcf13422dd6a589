"""The store: finished batches in, columns out."""

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from heldout.core.errors import HeldoutError, first_line
from heldout.core.verdict import Verdict
from heldout.store import compaction, files, history, marker, order, parquet, query, remote, verdicts, views
from heldout.store.columns import KEYS, stored, wide
from heldout.store.compaction import Size
from heldout.store.contents import Entry, dump, entry
from heldout.store.finished import Column, Finished
from heldout.store.inspector import Inspector
from heldout.store.interrupt import interruptible
from heldout.store.snapshot import Snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")


def open_store(path: str | Path, create: bool = True) -> "Store":
    """The store in that folder, made where there is none; `HeldoutError` for what is not a store."""
    place = remote.address(path)
    if place is not None:
        mirrored = remote.Remote(place)
        mirrored.begin(create=create)
        return Store(mirrored.folder, mirrored)
    folder = Path(path).expanduser().absolute()
    marker.establish(folder, create=create)
    return Store(folder)


def exists(path: str | Path) -> bool:
    """Whether there is anything in that place."""
    place = remote.address(path)
    return Path(path).expanduser().exists() if place is None else remote.Remote(place).exists()


class Store:
    """A folder of immutable files; any number of processes may read and write it at once.

    Of a store behind an address the folder is this machine's mirror.
    """

    def __init__(self, folder: Path, mirrored: remote.Remote | None = None) -> None:
        self.folder = folder
        self.remote = mirrored
        self._inspector = Inspector(folder)
        self._defined: Snapshot | None = None
        self._written = 0
        self._compacting = mirrored is None
        self._own: dict[str, list[Entry]] = {}
        self._one = threading.RLock()  # a connection answers one thread at a time

    @property
    def where(self) -> str:
        """What opens this store again: its folder, or its address."""
        return self.remote.address if self.remote else str(self.folder)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was damaged and set aside since this store was opened."""
        return tuple(self._inspector.warnings)

    @cached_property
    def _connection(self) -> "DuckDBPyConnection":
        return parquet.connect()

    @cached_property
    def _after(self) -> float:
        return order.kept(self.folder)

    @interruptible()
    def write(self, finished: Finished) -> None:
        """Keep a batch: one file, whole or not at all; the same batch again replaces it."""
        tables = finished.tables()
        path = self.path("batches", f"{finished.batch}.parquet")
        contents = dump([self._placed(entry(finished.batch, tables["runs"]), tables["runs"])])
        if not self._written:
            self._sweep()
        with self._one:
            parquet.write(self._connection, tables, wide(), path, contents)
        self.share(path)
        self._written += 1
        if self._written % compaction.LOOSE == 0:
            self._look()

    def _placed(self, one: Entry, runs: dict[str, Column]) -> Entry:
        """The entry (and its rows) as begun after all that it replaces, whatever the clock said."""
        own = self._own.setdefault(one.cell, [])
        began = max(self._after, order.latest([*self._inspector.last.by_cell.get(one.cell, ()), *own], one))
        if one.started <= began:
            one = one._replace(started=math.nextafter(began, math.inf))
            runs["started"] = [one.started] * len(runs["seed"])
        own.append(one)
        return one

    def follow(self, other: "Store") -> None:
        """Count what is written here as later than all that the other store has: it will be moved there."""
        order.keep(self.folder, other._inspector.look())

    def path(self, *parts: str) -> Path:
        """A place for a file beside the batches, such as `path("weights", cell, "3.safetensors")`; its folder is made."""
        if not parts or any(p in ("", ".", "..") or "/" in p or "\\" in p or "\0" in p for p in parts):
            raise HeldoutError(f"{'/'.join(parts)!r} is no path inside a store")
        found = self.folder.joinpath(*parts)
        with files.explained(self.folder):
            found.parent.mkdir(parents=True, exist_ok=True)
        if self.remote and parts[0] in ("weights", "modes"):
            self.remote.bring(found)
        return found

    def share(self, path: Path) -> None:
        """Give a file that was written below `path` to other machines, where the store is behind an address."""
        if self.remote:
            self.remote.send(path)

    def set_aside(self, path: Path) -> None:
        """Move a damaged file from `path` to `damaged`, here and where others would get it."""
        with suppress(FileNotFoundError):
            path.replace(self.path("damaged", "-".join(path.relative_to(self.folder).parts[1:])))
        if self.remote:
            self.remote.drop(path)

    @interruptible()
    def done(self, cells: Sequence[str]) -> dict[str, dict[str, set[int]]]:
        """The finished units by cell and digest of the probe; of cells that are judged by items, the starts of blocks."""
        done = self._look().done
        return {cell: {probe: set(units) for probe, units in done[cell].items()} for cell in cells if cell in done}

    @interruptible()
    def modes(self, cells: Sequence[str]) -> dict[str, tuple[str, int]]:
        """Mode and chunk by cell, as its first batch was run: later ones may have probed kept models only."""
        known = self._look().by_cell
        first = {cell: min((e.started, e.mode, e.chunk) for e in known[cell]) for cell in cells if cell in known}
        return {cell: (mode, chunk) for cell, (_, mode, chunk) in first.items()}

    @interruptible()
    def records(self, cells: Sequence[str], probes: Sequence[str] | None = None) -> dict[str, np.ndarray]:
        """The records of some cells (of some probes, by digest) as columns: text as objects, missing text "", numbers nan."""
        names = [*KEYS, "value", "censored", "n", "probe_digest"]
        return self._columns("records", names, {"cell": cells, "probe_digest": probes})

    @interruptible()
    def items(
        self, cells: Sequence[str], split: str | None = None, probes: Sequence[str] | None = None
    ) -> dict[str, np.ndarray]:
        """The items of some cells, on one split or all, as columns; `position` counts them in the order they were asked."""
        names = [name for name in stored("items") if name != "batch"]
        chosen = {"cell": cells, "split": None if split is None else [split], "probe_digest": probes}
        return self._columns("items", names, chosen)

    @interruptible()
    def runs(self, cells: Sequence[str]) -> dict[str, np.ndarray]:
        """The runs of some cells as columns, a row per unit and batch; `started` in seconds since 1970."""
        names = [name for name in stored("runs") if name not in ("bases", "probes")]
        return self._columns("runs", names, {"cell": cells})

    @interruptible()
    def lock(self, study: str, digest: str) -> int:
        """Remember the digest of a study's claims and cap; returns how often it has changed since the first run."""
        if self.remote:
            self.remote.fetch("locks")
        found = history.lock(self.folder, study, digest)
        if self.remote:
            self.remote.give("locks")
        return found

    def revisions(self, study: str) -> int:
        """How often a study's claims and cap have changed since the first run; nothing is written."""
        return max(len(history.locks(self.folder, study)) - 1, 0)

    def studies(self) -> list[str]:
        """The names of the studies that were begun here."""
        return history.studies(self.folder)

    @interruptible()
    def keep_verdicts(self, study: str, lock: str, found: Sequence[Verdict], commit: str) -> None:
        """Keep a study's verdicts under these claims, in place of earlier ones."""
        rows = verdicts.rows(study, lock, found, commit, (len(history.locks(self.folder, study)) - 1, time.time()))
        path = self.path("verdicts", verdicts.file_name(study, lock))
        with self._one:
            parquet.write(self._connection, {"verdicts": rows}, stored("verdicts"), path, "[]")
        self.share(path)

    @interruptible()
    def query(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The column names and rows of a SELECT over the views specs, runs, records, items and verdicts."""
        return self._reading(lambda _: query.run(self.folder, self._look(), self._verdicts(), sql))

    @interruptible()
    def compact(self, *, wait: bool = False) -> tuple[Size, Size]:
        """Bring small files together now, which happens by itself whenever there are many; the sizes before and after.

        Where another process is at it, or the folder cannot be written, nothing is done; with `wait` the former is waited
        for, and the latter is a `HeldoutError`.
        """
        if self.remote:
            raise HeldoutError(f"the store {self.where} cannot be compacted: others count on its files as they are")
        before = compaction.size(self._inspector.look())
        if wait:
            files.writable(self.folder)
        self._sweep()
        self._compact(wait=wait)
        return before, compaction.size(self._inspector.look())

    def _compact(self, *, wait: bool) -> None:
        self._reading(
            lambda connection: compaction.compact(self.folder, self._inspector, connection, wait=wait), compacting=True
        )

    def loose(self) -> int:
        """How many batches have a file of their own, and were not brought together with others yet."""
        return files.count(self.folder / "batches")

    def _sweep(self) -> None:
        for kind in ("batches", "parts", "verdicts"):
            files.sweep(self.folder / kind)

    def _look(self) -> Snapshot:
        """The files as they are now, brought together first where there are many small ones."""
        if self.remote:
            self.remote.fetch()
        now = self._inspector.look()
        if not self._compacting or not compaction.due(now):
            return now
        try:
            self._compact(wait=compaction.due(now, compaction.MANY))
        except HeldoutError:  # a full disk: the next write will say so
            self._compacting = False
        return self._inspector.look()

    def _verdicts(self) -> list[str]:
        return [str(f.path) for f in self._inspector.checked(files.listed(self.folder / "verdicts"))]

    def _columns(
        self, table: str, names: Sequence[str], chosen: Mapping[str, Sequence[str] | None]
    ) -> dict[str, np.ndarray]:
        return self._reading(lambda connection: query.columns(connection, table, names, chosen))

    def _reading(self, read: "Callable[[DuckDBPyConnection], T]", *, compacting: bool = False) -> T:
        """Read with the views defined over the files as they are now.

        Where one of them is replaced or removed meanwhile (by compaction, or the same batch from another process), or is
        found to be damaged: once more.
        """
        import duckdb

        for attempt in range(20):
            with self._one:
                now = self._inspector.look() if compacting else self._look()
                if compacting:
                    self._defined = None  # however it ends, the views are those of a part
                try:
                    if now is not self._defined and not compacting:
                        views.define(self._connection, now)
                        self._defined = now
                    answer = read(self._connection)
                except duckdb.Error as error:
                    self._defined = None
                    if files.unchanged(now.contents) and not self._inspector.examine(self._connection):
                        raise HeldoutError(f"the query failed: {first_line(error)}") from error
                    continue
            if compacting or attempt > 9 or files.unchanged(now.contents):
                return answer
        raise HeldoutError(f"{self.folder} changes faster than it can be read: try again")
