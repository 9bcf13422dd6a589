"""Which of two runs of one unit is the later one, though clocks may jump.

A run counts over those that began before it. A clock that was set back would make a new run look like the older one, and
compaction would take its file away. So a batch that replaces others is written as begun a moment after all of them.
"""

import math
from collections.abc import Iterable
from pathlib import Path

from heldout.store import files
from heldout.store.contents import Entry
from heldout.store.snapshot import Snapshot


def latest(known: Iterable[Entry], one: Entry) -> float:
    """When the last of its cell's batches began that this one replaces, wholly or in part; minus infinity for none."""
    units, probes = set(one.units), set(one.probes)
    replaced = (
        other.started
        for other in known
        if other.batch == one.batch or not (units.isdisjoint(other.units) or probes.isdisjoint(other.probes))
    )
    return max(replaced, default=-math.inf)


def keep(folder: Path, now: Snapshot) -> None:
    """Have runs that are written into a store count as later than all that another has, whose places they will take."""
    began = max((e.started for entries in now.contents.values() for e in entries), default=-math.inf)
    with files.explained(folder):
        files.write_text(folder / files.AFTER, repr(began))


def kept(folder: Path) -> float:
    """What was kept; minus infinity where nothing was."""
    try:
        return float((folder / files.AFTER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return -math.inf
