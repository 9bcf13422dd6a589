"""Which files a store consists of at one moment, each checked once, and which rows of them count."""

import json
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from heldout.core.errors import HeldoutError
from heldout.store import files, marker, seal
from heldout.store.contents import Entry, parse
from heldout.store.files import Listed

LARGE = 1 << 20
"""Files of at least this many bytes are compared with their checksum once, and then remembered by size and time."""

REMEMBERED = "checked.json"


@dataclass(frozen=True)
class Snapshot:
    """Files and what is in them.

    `lost`: (file, batch, unit, probe) of rows that another file holds as well, and that do not count: of units that were
    run twice the later run counts, so that `--fresh` has the last word.
    """

    contents: dict[Listed, tuple[Entry, ...]]
    done: dict[str, dict[str, set[int]]]
    lost: tuple[tuple[str, str, int, str], ...] = ()

    @property
    def paths(self) -> list[str]:
        """The files' paths."""
        return [str(f.path) for f in self.contents]


@dataclass
class Inspector:
    """Lists and checks the files of one store; what is damaged it sets aside and names in `warnings`."""

    folder: Path
    warnings: list[str] = field(default_factory=list)
    _known: dict[Listed, tuple[Entry, ...]] = field(default_factory=dict)
    _last: Snapshot | None = None

    def look(self) -> Snapshot:
        """The store as it is now; the same snapshot again while no file has come, gone or changed."""
        now = [*files.listed(self.folder / "parts"), *files.listed(self.folder / "batches")]
        if self._last is not None and now == list(self._last.contents):
            return self._last
        whole = self.checked(now)
        self._last = _snapshot({file: self._known[file] for file in whole})
        return self._last

    def checked(self, found: list[Listed]) -> list[Listed]:
        """Those files that are whole; the others are set aside."""
        remembered = self._remembered() if any(f.size >= LARGE for f in found) else {}
        whole, learnt = [], False
        for file in found:
            if file not in self._known:
                key, large = str(file.path.relative_to(self.folder)), file.size >= LARGE
                stamp = [file.size, file.modified]
                try:
                    self._known[file] = self._contents(file, check=remembered.get(key) != stamp)
                except seal.Damaged as error:
                    self.set_aside(file.path, str(error))
                    continue
                except FileNotFoundError:  # compacted since it was listed: the part is in the next listing
                    self._last = None
                    continue
                except OSError as error:
                    self._warn(f"{file.path} cannot be read ({error.strerror}): its cells count as missing")
                    continue
                if large and remembered.get(key) != stamp:
                    remembered[key], learnt = stamp, True
            whole.append(file)
        if learnt:
            self._remember(remembered)
        return whole

    def _contents(self, file: Listed, *, check: bool) -> tuple[Entry, ...]:
        found = seal.read(file.path, check=check)
        marker.refuse_newer(found.schema, file.path)
        try:
            return parse(found.batches)
        except (ValueError, TypeError) as error:
            raise seal.Damaged("has a table of contents that cannot be read") from error

    def set_aside(self, path: Path, why: str) -> None:
        """Move a damaged file out of the way, and say so."""
        target = files.set_aside(path, self.folder / "damaged")
        where = f"set aside as {target.relative_to(self.folder)}" if target else "passed over"
        self._warn(f"{path.relative_to(self.folder)} {why}: {where}, its cells will run again")
        self._last = None

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


def _snapshot(contents: dict[Listed, tuple[Entry, ...]]) -> Snapshot:
    done: dict[str, dict[str, set[int]]] = defaultdict(dict)
    twice = set()
    for entries in contents.values():
        for entry in entries:
            units = set(entry.units)
            for probe in entry.probes:
                have = done[entry.cell].setdefault(probe, set())
                if not have.isdisjoint(units):
                    twice.add(entry.cell)
                have |= units
    return Snapshot(contents, dict(done), _lost(contents, twice) if twice else ())


def _lost(contents: dict[Listed, tuple[Entry, ...]], cells: set[str]) -> tuple[tuple[str, str, int, str], ...]:
    """The rows that do not count, among cells with units that were run twice."""
    best: dict[tuple[str, str, int], tuple[float, str, str]] = {}
    rows = [
        ((entry.cell, probe, unit), (entry.started, str(file.path), entry.batch))
        for file, entries in contents.items()
        for entry in entries
        if entry.cell in cells
        for probe in entry.probes
        for unit in entry.units
    ]
    for key, rank in rows:
        if key not in best or rank > best[key]:
            best[key] = rank
    return tuple(
        (rank[1], rank[2], unit, probe) for (cell, probe, unit), rank in rows if rank != best[cell, probe, unit]
    )
