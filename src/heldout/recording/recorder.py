"""One run's records, written to a store when the run ends."""

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from heldout.core.cell import Cell
from heldout.core.digest import digest
from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.core.split import Split
from heldout.recording.recorded import RecordedSystem, RecordedTask
from heldout.store import Finished, open_store

PROBE = "recorded"
"""What stands in the place of a probe's digest."""

SHOWN = 20
"""The last records that a notebook shows."""


@dataclass(repr=False)
class Recorder:
    """Takes down what one run of a system measures on a task."""

    cell: Cell
    seed: int
    bounds: tuple[float, float]
    records: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    places: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def score(self, split: str | Split, value: float, *, step: int = 0, n: int = 0, probe: str = "score") -> None:
        """One number: the score on a split, higher is better. The same split, step and probe again replaces it.

        `split`: a name, or `Split("length-80", "length", 80)` where it is a level of a shift. `n`: instances behind it. A value
        that is no number is the run's divergence: it counts as the worst score.
        """
        value = float(value)
        low, high = self.bounds
        if probe == "score" and not math.isfinite(value):
            value = low
        if probe == "score" and not (math.isfinite(value) and low - 1e-9 <= value <= high + 1e-9):
            raise HeldoutError(
                f"score {value:g} on {_named(split).name!r} lies outside the bounds {low:g} to {high:g}: give record(..., bounds=...)"
            )
        key = self._key(split, step) | {"probe": probe}
        record = key | {"value": value, "censored": False, "n": int(n), "probe_digest": PROBE}
        place = self.places.setdefault(tuple(key.values()), len(self.records))
        self.records[place : place + 1] = [record]

    def items(self, split: str | Split, ids: Sequence[Any], values: Sequence[float], *, step: int = 0) -> None:
        """Outcomes of single instances, such as 1 where an answer was right; the score is their mean.

        `ids`: what tells the instances apart, equal for equal instances in every run; `values`: one number for each.
        """
        numbers = np.asarray(values, float)
        numbers = np.where(np.isfinite(numbers), numbers, self.bounds[0])
        if numbers.ndim != 1 or len(ids) != len(numbers) or not len(numbers):
            raise HeldoutError(f"{len(ids)} items and values of shape {numbers.shape}: give one number for each item")
        if len({str(i) for i in ids}) != len(numbers):
            raise HeldoutError(f"items of {_named(split).name!r} repeat: every id may stand once a run")
        self.score(split, float(numbers.mean()), step=step, n=len(numbers))
        key = self._key(split, step) | {"probe": "score", "probe_digest": PROBE, "sample": 0, "status": "ok"}
        self.rows = [r for r in self.rows if (r["split"], r["step"]) != (key["split"], step)]
        for position, (name, value) in enumerate(zip(ids, numbers.tolist(), strict=True)):
            high, low = words(str(name))
            self.rows.append(key | {"item": (high << 32) | low, "position": position, "value": value, "answer": ""})

    def __repr__(self) -> str:
        return f"{self.cell.learner.name} on {self.cell.task.name}, seed {self.seed}: {len(self.records):,} records"

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><td>{escape(r['split'])}</td><td>{escape(r['probe'])}</td><td>{r['step']}</td><td>{r['value']:.4g}</td></tr>"
            for r in self.records[-SHOWN:]
        )
        head = "<tr><th>split</th><th>probe</th><th>step</th><th>value</th></tr>"
        return f"<b>{escape(repr(self))}</b><table><thead>{head}</thead><tbody>{rows}</tbody></table>"

    def _key(self, split: str | Split, step: int) -> dict[str, Any]:
        named = _named(split)
        return {
            "cell": self.cell.digest,
            "task": self.cell.task.name,
            "learner": self.cell.learner.name,
            "config": "",
            "seed": self.seed,
            "on": "",
            "split": named.name,
            "axis": named.axis,
            "group": named.group,
            "level": named.level,
            "step": int(step),
        }


def _named(split: str | Split) -> Split:
    return split if isinstance(split, Split) else Split(split)


@contextmanager
def record(
    task: str,
    system: str,
    *,
    seed: int,
    store: str | Path = ".heldout",
    bounds: tuple[float, float] = (0.0, 1.0),
) -> Iterator[Recorder]:
    """Record one run of a system on a task: everything is written when the block ends, nothing if it raises.

    Any number of processes may record into one store. The same task, system and seed again replaces the earlier run.
    `bounds`: the lowest and highest score. HeldoutError names what cannot be recorded.
    """
    for what, name in (("task", task), ("system", system)):
        if not name or len(name) > 200 or any(ord(c) < 32 for c in name):
            raise HeldoutError(f"a {what} needs a name of 1 to 200 printable characters, and got {name[:60]!r}")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise HeldoutError(f"a seed is a whole number from 0 on, and got {seed!r}")
    seed = int(seed)
    if not bounds[0] < bounds[1]:
        raise HeldoutError(f"bounds are the lowest and the highest score, and got {bounds}")
    opened, begun, cpu = open_store(store), time.time(), time.process_time()
    cell = Cell(RecordedTask(task, bounds=bounds), RecordedSystem(system))
    recorder = Recorder(cell, seed, bounds)
    yield recorder
    if not recorder.records:
        raise HeldoutError(
            f"nothing was recorded of {system!r} on {task!r}, seed {seed}: call score or items inside the block"
        )
    opened.write(_finished(recorder, begun, time.time() - begun, time.process_time() - cpu))


def _finished(recorder: Recorder, begun: float, seconds: float, cpu: float) -> Finished:
    cell = recorder.cell
    run = {
        "batch": f"{cell.digest}-{recorder.seed}-{recorder.seed}-{PROBE}",
        "cell": cell.digest,
        "task": cell.task.name,
        "learner": cell.learner.name,
        "config": "",
        "seed": recorder.seed,
        "status": "ok",
        "step": max(r["step"] for r in recorder.records),
        "seconds": seconds,
        "cpu_seconds": cpu,
        "mode": PROBE,
        "chunk": 1,
        "started": begun,
        "probes": [PROBE],
        "bases": [],
    }
    low, high = recorder.bounds
    task = {
        "digest": digest(cell.task),
        "name": cell.task.name,
        "kind": "task",
        "version": 1,
        "json": "",
        "low": low,
        "high": high,
    }
    system = {
        "digest": digest(cell.learner),
        "name": cell.learner.name,
        "kind": "learner",
        "version": 1,
        "json": "",
        "step_unit": "step",
    }
    return Finished(run["batch"], [run], _columns(recorder.records), _columns(recorder.rows), [task, system])


def _columns(rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [r[name] for r in rows] for name in (rows[0] if rows else ())}
