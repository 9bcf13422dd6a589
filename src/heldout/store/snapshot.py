"""What a store's files amount to at one moment: which rows count, where some are there twice."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from heldout.store.contents import Entry
from heldout.store.files import Listed

Contents = Mapping[Listed, tuple[Entry, ...]]
"""What is in which file."""

Done = Mapping[str, Mapping[str, set[int]]]
"""Units by cell and digest of the probe."""


@dataclass(frozen=True)
class Snapshot:
    """Files, what is in them, the units that are finished (by cell and digest of the probe), and what does not count.

    Work that was done twice (by two processes, in stores that were merged, by `--fresh`, or that is in a part and still
    loose) counts once: the run that began last. `surplus`: files of which nothing counts. `lost_batches`: (file, batch).
    `lost_units`: (file, batch, unit, probe), with "" for the row of the run. `older`: some files may lack columns.
    """

    contents: Contents
    done: Done
    surplus: tuple[Listed, ...] = ()
    lost_batches: tuple[tuple[str, str], ...] = ()
    lost_units: tuple[tuple[str, str, int, str], ...] = ()
    older: bool = False

    @cached_property
    def by_cell(self) -> Mapping[str, list[Entry]]:
        """What is there of every cell."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entries in self.contents.values():
            for one in entries:
                found[one.cell].append(one)
        return found

    @property
    def paths(self) -> list[str]:
        """The paths of the files, in the order of their names."""
        return [str(f.path) for f in self.contents]


def snapshot(found: Contents, *, older: bool = False) -> Snapshot:
    """The snapshot of some files, given in the order of their paths: of equal copies the last counts, so parts do."""
    owners: dict[str, Listed] = {}
    began: dict[str, float] = {}
    for file, entries in found.items():
        for one in entries:
            if one.started >= began.get(one.batch, one.started):
                owners[one.batch], began[one.batch] = file, one.started
    kept = {f: tuple(e for e in entries if owners[e.batch] is f) for f, entries in found.items()}
    surplus = tuple(f for f, entries in kept.items() if not entries)
    contents = {f: entries for f, entries in kept.items() if entries}
    lost = {(str(f.path), e.batch) for f in contents for e in found[f] if owners[e.batch] is not f}
    done, overlapping = _finished(contents)
    units = _lost_units(contents, overlapping)
    counted = _reduced(contents, units) if units else contents
    return Snapshot(counted, done, surplus, tuple(sorted(lost)), tuple(units), older)


def restricted(now: Snapshot, group: Collection[Listed]) -> Snapshot:
    """Some files of a snapshot; what is lost to the others stays lost."""
    paths = {str(f.path) for f in group}
    return Snapshot(
        {f: now.contents[f] for f in sorted(group, key=lambda f: str(f.path))},
        now.done,
        lost_batches=tuple(row for row in now.lost_batches if row[0] in paths),
        lost_units=tuple(row for row in now.lost_units if row[0] in paths),
        older=now.older,
    )


def _lost_units(contents: Contents, overlapping: set[str]) -> list[tuple[str, str, int, str]]:
    """The rows that a later run of another batch has replaced."""
    rows: dict[tuple[str, str, int], list[tuple[float, str, str]]] = defaultdict(list)
    for file, entries in contents.items() if overlapping else ():
        for one in entries:
            for probe in one.probes if one.cell in overlapping else ():
                for unit in one.units:
                    rows[one.cell, probe, unit].append((one.started, one.batch, str(file.path)))
    lost = [(p, b, unit, probe) for (_, probe, unit), runs in rows.items() for _, b, p in sorted(runs)[:-1]]
    counted = {(p, b, unit) for (_, _, unit), runs in rows.items() for _, b, p in sorted(runs)[-1:]}
    return sorted([*lost, *{(p, b, unit, "") for p, b, unit, _ in lost if (p, b, unit) not in counted}])


def _finished(contents: Contents) -> tuple[Done, set[str]]:
    """The units that are finished, and the cells of which some unit was asked the same probe in two batches."""
    done: dict[str, dict[str, set[int]]] = defaultdict(dict)
    overlapping = set()
    for entries in contents.values():
        for one in entries:
            cell = done[one.cell]
            for probe in one.probes:
                have = cell.setdefault(probe, set())
                if not have.isdisjoint(one.units):
                    overlapping.add(one.cell)
                have.update(one.units)
    return dict(done), overlapping


def _reduced(contents: Contents, lost: list[tuple[str, str, int, str]]) -> Contents:
    """The entries without what was lost: split by probe where the probes of a batch differ in that."""
    gone: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for path, batch, unit, probe in lost:
        gone[path, batch, probe].add(unit)
    found = {}
    for file, entries in contents.items():
        left: list[Entry] = []
        for one in entries:
            by_units: dict[tuple[int, ...], list[str]] = defaultdict(list)
            for probe in one.probes:
                missing = gone.get((str(file.path), one.batch, probe), ())
                by_units[tuple(u for u in one.units if u not in missing)].append(probe)
            whole = by_units or {one.units: []}
            left += [one._replace(probes=tuple(p), units=units) for units, p in whole.items() if units or not one.units]
        found[file] = tuple(left)
    return found
