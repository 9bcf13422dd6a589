"""The files of a store, each checked once."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from heldout.core.errors import HeldoutError, first_line
from heldout.store import files, marker, seal
from heldout.store.columns import SCHEMA, quoted, wide
from heldout.store.contents import Entry, parse
from heldout.store.files import Listed
from heldout.store.snapshot import Snapshot, snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LARGE = 1 << 20
"""Files of at least this many bytes are compared with their checksum once, and then known by size and time.

So a bit that rots in them afterwards goes unseen, unless DuckDB stumbles over it; smaller files are compared in every
process.
"""

REMEMBERED = "checked.json"


@dataclass
class Inspector:
    """Lists and checks the files of one store; what is damaged it sets aside and names in `warnings`."""

    folder: Path
    warnings: list[str] = field(default_factory=list)
    _known: dict[Listed, tuple[Entry, ...]] = field(default_factory=dict)
    _last: tuple[list[Listed], Snapshot] | None = None
    _older: set[Listed] = field(default_factory=set)
    _bad: set[Listed] = field(default_factory=set)
    _gone: bool = False

    @property
    def last(self) -> Snapshot:
        """The store as it was when it was last looked at."""
        return self._last[1] if self._last is not None else self.look()

    def look(self) -> Snapshot:
        """The store as it is now; the same snapshot again while no file has come, gone or changed."""
        for attempt in count():
            with files.staying(self.folder):  # no file goes while the names are read
                now = [*files.listed(self.folder / "batches"), *files.listed(self.folder / "parts")]
            if self._last is not None and self._last[0] == now:
                return self._last[1]
            contents = {file: self._known[file] for file in self.checked(now)}
            self._known = {f: e for f, e in self._known.items() if f in contents or f.path.parent.name == "verdicts"}
            self._last = (now, snapshot(contents, older=not self._older.isdisjoint(contents)))
            if not self._gone or attempt == 8:
                return self._last[1]
        raise AssertionError

    def checked(self, found: list[Listed]) -> list[Listed]:
        """Those files that are whole; the others are set aside."""
        new = [f for f in found if f not in self._known and f not in self._bad]
        remembered = self._remembered() if any(f.size >= LARGE for f in new) else {}
        learnt, self._gone = False, False
        for file in new:
            key, stamp = str(file.path.relative_to(self.folder)), [file.size, file.modified]
            try:
                self._known[file] = self._contents(file, check=remembered.get(key) != stamp)
            except seal.Damaged as error:
                self.set_aside(file, str(error))
            except FileNotFoundError:  # compacted since it was listed: its part is in the next listing
                self._gone = True
            except OSError as error:
                self._warn(f"{file.path} cannot be read ({error.strerror}): its cells count as missing")
            else:
                if file.size >= LARGE and remembered.get(key) != stamp:
                    remembered[key], learnt = stamp, True
        if learnt:
            self._remember(remembered)
        return [f for f in found if f in self._known]

    def _contents(self, file: Listed, *, check: bool) -> tuple[Entry, ...]:
        found = seal.read(file.path, check=check)
        marker.refuse_newer(found.schema, file.path)
        if found.schema < SCHEMA:
            self._older.add(file)
        try:
            return parse(found.batches)
        except (ValueError, TypeError) as error:
            raise seal.Damaged("has a table of contents that cannot be read") from error

    def rotten(self, group: Iterable[Listed]) -> bool:
        """Compare files with their checksums once more; returns whether one was damaged since, which is then set aside."""
        before = len(self.warnings)
        for file in group:
            try:
                self._contents(file, check=True)
            except seal.Damaged as error:
                self.set_aside(file, str(error))
            except OSError:  # gone, or another file by now: whoever reads it next will see
                continue
        return len(self.warnings) > before

    def examine(self, connection: "DuckDBPyConnection") -> bool:
        """Read every file from end to end, after DuckDB complained; returns whether one had to be set aside."""
        import duckdb

        before = len(self.warnings)
        for file in self.look().contents:
            try:
                self._contents(file, check=True)
                connection.execute(
                    "SELECT count(COLUMNS(*)) FROM read_parquet($1, hive_partitioning = false)",
                    [files.literal(file.path)],
                ).fetchall()
                if file not in self._older:
                    names, place = quoted(list(wide())), files.literal(file.path)
                    query = f"SELECT {names} FROM read_parquet($1, hive_partitioning = false) LIMIT 0"  # noqa: S608
                    connection.execute(query, [place])
            except FileNotFoundError:
                continue
            except seal.Damaged as error:
                self.set_aside(file, str(error))
            except (duckdb.OutOfMemoryException, duckdb.InterruptException):
                raise
            except duckdb.Error as error:
                self.set_aside(file, f"cannot be read ({first_line(error)})")
        return len(self.warnings) > before

    def set_aside(self, file: Listed, why: str) -> None:
        """Move a damaged file out of the way, and say so."""
        self._known.pop(file, None)
        self._bad.add(file)
        self._last = None
        with files.taking(self.folder):
            target = files.set_aside(file, self.folder / "damaged")
        where = f"set aside as {target.relative_to(self.folder)}" if target else "passed over"
        self._warn(f"{file.path.relative_to(self.folder)} {why}: {where}, its cells will run again")

    def _warn(self, line: str) -> None:
        if line not in self.warnings:
            self.warnings.append(line)

    def _remembered(self) -> dict[str, list[int]]:
        with suppress(OSError, ValueError, TypeError, RecursionError):
            return dict(json.loads((self.folder / REMEMBERED).read_text(encoding="utf-8")))
        return {}

    def _remember(self, remembered: dict[str, list[int]]) -> None:
        kept = {key: stamp for key, stamp in remembered.items() if (self.folder / key).exists()}
        with suppress(OSError, HeldoutError):  # a read-only store is checked anew each time
            files.write_text(self.folder / REMEMBERED, json.dumps(kept))
