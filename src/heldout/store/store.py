"""The store: finished batches in, columns out."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.verdict import Verdict
from heldout.store import compaction, files, history, marker, parquet, query, verdicts, views
from heldout.store.columns import KEYS, stored, wide
from heldout.store.contents import dump, entry
from heldout.store.finished import Finished
from heldout.store.inspector import Inspector
from heldout.store.interrupt import interruptible
from heldout.store.snapshot import Snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")


def open_store(path: str | Path, create: bool = True) -> "Store":
    """The store in that folder, made where there is none; `HeldoutError` for what is not a store."""
    folder = Path(path).expanduser().absolute()
    marker.establish(folder, create=create)
    return Store(folder)


class Store:
    """A folder of immutable files; any number of processes may read and write it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._inspector = Inspector(folder)
        self._defined: Snapshot | None = None
        self._written = 0
        self._compacting = True
        self._one = threading.RLock()  # a connection answers one thread at a time

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was damaged and set aside since this store was opened."""
        return tuple(self._inspector.warnings)

    @cached_property
    def _connection(self) -> "DuckDBPyConnection":
        return parquet.connect()

    @interruptible()
    def write(self, finished: Finished) -> None:
        """Keep a batch: one file, whole or not at all; the same batch again replaces it."""
        tables = finished.tables()
        path = self.path("batches", f"{finished.batch}.parquet")
        contents = dump([entry(finished.batch, tables["runs"])])
        if not self._written:
            for kind in ("batches", "parts", "verdicts"):
                files.sweep(self.folder / kind)
        with self._one:
            parquet.write(self._connection, tables, wide(), path, contents)
        self._written += 1
        if self._written % compaction.LOOSE == 0:
            self._look()

    def path(self, *parts: str) -> Path:
        """A place for a file beside the batches, such as `path("weights", cell, "3.safetensors")`; its folder is made."""
        if not parts or any(p in ("", ".", "..") or "/" in p or "\\" in p or "\0" in p for p in parts):
            raise HeldoutError(f"{'/'.join(parts)!r} is no path inside a store")
        found = self.folder.joinpath(*parts)
        with files.explained(self.folder):
            found.parent.mkdir(parents=True, exist_ok=True)
        return found

    @interruptible()
    def done(self, cells: Sequence[str]) -> dict[str, dict[str, set[int]]]:
        """The finished units by cell and digest of the probe; of cells that are judged by items, the starts of blocks."""
        done = self._look().done
        return {cell: {probe: set(units) for probe, units in done[cell].items()} for cell in cells if cell in done}

    @interruptible()
    def modes(self, cells: Sequence[str]) -> dict[str, tuple[str, int]]:
        """Mode and chunk by cell, as its first batch was run: later ones may have probed kept models only."""
        wanted, first = set(cells), dict[str, tuple[float, str, int]]()
        for entries in self._look().contents.values():
            for one in entries:
                if one.cell in wanted:
                    mine = (one.started, one.mode, one.chunk)
                    first[one.cell] = min(first.get(one.cell, mine), mine)
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
        return history.lock(self.folder, study, digest)

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

    @interruptible()
    def query(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The column names and rows of a SELECT over the views specs, runs, records, items and verdicts."""
        return self._reading(lambda _: query.run(self.folder, self._look(), self._verdicts(), sql))

    @interruptible()
    def compact(self) -> None:
        """Bring small files together now; this happens by itself whenever there are many."""
        self._reading(lambda _: compaction.compact(self.folder, self._inspector, self._connection), compacting=True)
        self._defined = None

    def _look(self) -> Snapshot:
        """The files as they are now, brought together first where there are many small ones."""
        now = self._inspector.look()
        if not self._compacting or not compaction.due(now):
            return now
        try:
            self.compact()
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
                try:
                    if now is not self._defined and not compacting:
                        views.define(self._connection, now)
                        self._defined = now
                    answer = read(self._connection)
                except duckdb.Error as error:
                    self._defined = None
                    if files.unchanged(now.contents) and not self._inspector.examine(self._connection):
                        raise HeldoutError(f"the query failed: {str(error).splitlines()[0]}") from error
                    continue
            if compacting or attempt > 9 or files.unchanged(now.contents):
                return answer
        raise HeldoutError(f"{self.folder} changes faster than it can be read: try again")
