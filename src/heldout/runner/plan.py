"""What is to be run: the grid minus what the store has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from heldout.core.cell import Cell
from heldout.core.digest import digest
from heldout.core.probe import Probe
from heldout.core.study import Study
from heldout.probes.score import score

CHUNK = 4
"""Seeds trained together. All looks but one are multiples of it, and a compiled program serves every batch."""

BLOCK = 50
"""Items of the first block of an endpoint; blocks double: 50, 50, 100, 200 ..."""


@dataclass(frozen=True)
class Batch:
    """The unit of work and of loss: some seeds of one cell (or one block of items), and the probes to take."""

    cell: Cell
    units: tuple[int, ...]
    probes: tuple[Probe, ...]
    keep: bool = False
    size: int = 0
    until: int | None = None

    @property
    def name(self) -> str:
        """A file name that says what is inside."""
        first, last = self.units[0], self.units[-1]
        gaps = "" if len(self.units) == last - first + 1 else f"-{digest(self.units)[:6]}"
        return f"{self.cell.digest}-{first}-{last}{gaps}-{digest(tuple(digest(p) for p in self.probes))[:6]}"


class Done(Protocol):
    """What the planner asks of a store."""

    def done(self, cells: Sequence[str]) -> Mapping[str, Mapping[str, set[int]]]:
        """The units finished, by cell and digest of the probe."""
        ...

    def path(self, *parts: str) -> Path:
        """A place beside the batches."""
        ...


def probes(study: Study) -> tuple[Probe, ...]:
    """The study's probes, and the score where it names none."""
    return study.probes if any(p.name == "score" for p in study.probes) else (Probe(score), *study.probes)


def blocks(n: int) -> list[tuple[int, int]]:
    """(start, size) of the blocks that together hold at least `n` items."""
    found, start, size = [], 0, BLOCK
    while start < n:
        found.append((start, size))
        start, size = start + size, start + size
    return found


def chunks(seeds: Sequence[int], size: int = CHUNK) -> list[tuple[int, ...]]:
    """The seeds in groups that never straddle a multiple of `size`, so that groups are the same in every run."""
    groups: dict[int, list[int]] = {}
    for seed in sorted(seeds):
        groups.setdefault(seed // size, []).append(seed)
    return [tuple(g) for g in groups.values()]


def missing(cells: Iterable[Cell], study: Study, store: Done, units: Mapping[str, int], kept: set[str]) -> list[Batch]:
    """The batches that bring every cell to its number of units, less those that the store has.

    `units`: target by cell digest. `kept`: cells whose weights another cell needs.
    """
    wanted = list(cells)
    done = store.done([c.digest for c in wanted])
    found: list[Batch] = []
    for cell in wanted:
        have, n = done.get(cell.digest, {}), units.get(cell.digest, 0)
        by_probe = {p: have.get(digest(p), set()) for p in probes(study) if p.splits(cell.task)}
        if cell.digest in kept:  # finished, but its weights are gone: it is trained again
            lost = {s for s in range(n) if not store.path("weights", cell.digest, f"{s}.safetensors").exists()}
            by_probe = {p: seen - lost for p, seen in by_probe.items()}
        if cell.unit == "item":
            whole = getattr(
                cell.task, "finite", False
            )  # there are only so many instances: ask about all of them at once
            groups = [((start,), size) for start, size in ([(0, n)] if whole else blocks(n))]
        else:
            open_seeds = [s for s in range(n) if any(s not in seen for seen in by_probe.values())]
            groups = [(group, 0) for group in chunks(open_seeds)]
        for group, size in groups:
            lacking = tuple(p for p, seen in by_probe.items() if not set(group) <= seen)
            if lacking:
                found.append(Batch(cell, group, lacking, cell.digest in kept, size))
    return found
