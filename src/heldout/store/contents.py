"""The table of contents that every file carries in its footer: enough to plan without reading a row."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

FINISHED = ("ok", "diverged")


class Entry(NamedTuple):
    """One batch in a file: its cell, when it began, how it ran, the probes it took and the units it finished."""

    batch: str
    cell: str
    started: float
    mode: str
    chunk: int
    probes: tuple[str, ...]
    units: tuple[int, ...]


def entry(batch: str, runs: Mapping[str, Any]) -> Entry:
    """The entry of a batch, from its runs as columns."""

    def first(name: str, default: Any) -> Any:
        value = runs[name][0] if runs.get(name) else None
        return default if value is None else value

    ended = zip(runs["seed"], runs["status"], strict=True)
    return Entry(
        batch=batch,
        cell=str(first("cell", "")),
        started=float(first("started", 0.0)),
        mode=str(first("mode", "")),
        chunk=int(first("chunk", 0)),
        probes=tuple(sorted(str(p) for p in first("probes", ()))),
        units=tuple(sorted(int(seed) for seed, status in ended if status in FINISHED and seed is not None)),
    )


def dump(entries: Iterable[Entry]) -> str:
    """The entries as one line of ASCII."""
    return json.dumps(list(entries), separators=(",", ":"), ensure_ascii=True)


def parse(rows: Any) -> tuple[Entry, ...]:
    """The entries again; `ValueError` or `TypeError` where they are none."""
    found = tuple(Entry(b, c, at, mode, chunk, tuple(p), tuple(units)) for b, c, at, mode, chunk, p, units in rows)
    for one in found:
        if not (isinstance(one.batch, str) and isinstance(one.cell, str) and isinstance(one.started, float)):
            raise TypeError(one)
    return found
