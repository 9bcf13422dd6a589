"""What heldout itself costs: a finished study of many cells, and the shares of planning, storing and judging in a study.

    python benchmarks/overhead.py finished [CELLS]   a study of CELLS (10,000) cells that is all in the store: planned, judged, tabulated
    python benchmarks/overhead.py shares STUDY       a study run in this process: seconds by part, and their share
    python benchmarks/overhead.py start              a new process: from its start to the first step of a compiled program

Prints one line of JSON, in seconds of wall clock.
"""

import cProfile
import json
import pstats
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any, ClassVar

from heldout.core import Budget, Paper, Split, Study, score
from heldout.core.cell import grid
from heldout.core.digest import digest
from heldout.core.discover import find, load
from heldout.lab import Options, conduct
from heldout.runner.plan import probes
from heldout.store import Finished, Store, open_store

SEEDS = 4


@dataclass(frozen=True)
class Nothing:
    """A task of which only the name matters: it is never asked."""

    number: int
    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    splits: ClassVar[tuple[Split, ...]] = (Split("iid"), Split("far", "length", 2.0))
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    chance: ClassVar[float] = 0.0

    @property
    def name(self) -> str:
        return f"task {self.number}"

    def samples(self, *_: Any) -> list[Any]:
        return []

    def trials(self, *_: Any) -> Any:
        raise AssertionError("nothing is run in this benchmark")

    def oracle(self) -> None:
        return None


@dataclass(frozen=True)
class Idle:
    """A learner of which only the name matters."""

    number: int
    steps: int = 1
    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "update"

    @property
    def name(self) -> str:
        return f"learner {self.number}"

    def start(self, *_: Any) -> None:
        return None

    def advance(self, *_: Any) -> None:
        return None

    def model(self, *_: Any) -> None:
        return None


def wide(cells: int) -> Study:
    side = round(cells**0.5)
    tasks, learners = tuple(Nothing(i) for i in range(side)), tuple(Idle(i) for i in range(side))
    claims = {f"claim {i}": score(tasks[i], learners[0]) > score(tasks[i], learners[1]) for i in range(min(side, 50))}
    return Study(Paper("wide"), tasks, learners, claims, budget=Budget(seeds=SEEDS, minutes=60))


def fill(study: Study, store: Store) -> None:
    taken = [digest(p) for p in probes(study)]
    for number, cell in enumerate(grid(study)):
        same = {"cell": cell.digest, "task": cell.task.name, "learner": cell.learner.name, "config": ""}
        rows = [(seed, split) for seed in range(SEEDS) for split in cell.task.splits]
        records: dict[str, list[Any]] = {k: [v] * len(rows) for k, v in same.items()}
        records |= {"seed": [s for s, _ in rows], "split": [x.name for _, x in rows], "axis": [x.axis for _, x in rows]}
        records |= {"level": [x.level for _, x in rows], "probe": ["score"] * len(rows), "step": [1] * len(rows)}
        records |= {"probe_digest": [taken[0]] * len(rows), "n": [100] * len(rows)}
        records["value"] = [(hash((number, s, x.name)) % 997) / 997 for s, x in rows]
        run = same | {"batch": f"{cell.digest}-0-3-aaaaaa", "status": "ok", "mode": "loop", "chunk": 4, "step": 1}
        run |= {"seconds": 1.0, "cpu_seconds": 1.0, "started": time.time(), "probes": taken, "bases": []}
        store.write(Finished(run["batch"], [run | {"seed": s} for s in range(SEEDS)], records, {}, []))


def finished(cells: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        study, store = wide(cells), open_store(folder)
        fill(study, store)
        begun = time.perf_counter()
        fresh = open_store(folder)
        result = conduct(study, fresh, Options(workers=1))
        seconds = time.perf_counter() - begun
        assert result.cells_run == 0
        return {"cells": len(grid(study)), "seconds": round(seconds, 3), "rows": len(result.scores)}


def shares(name: str) -> dict[str, float]:
    study, profile = load(find(name).reference), cProfile.Profile()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        profile.runcall(conduct, study, open_store(folder), Options(workers=1))
        total = time.perf_counter() - begun
    spent = {"planning": 0.0, "storing": 0.0, "judging": 0.0}
    parts = {("plan.py", "missing"): "planning", ("store.py", "write"): "storing", ("lab.py", "_judged"): "judging"}
    stats = pstats.Stats(profile).stats  # pyright: ignore[reportAttributeAccessIssue]
    for (file, _, function), (_, _, _, cumulative, _) in stats.items():
        part = parts.get((file.rsplit("/", 1)[-1], function))
        if part:
            spent[part] += cumulative
    return (
        {"total": round(total, 2)}
        | {k: round(v, 3) for k, v in spent.items()}
        | {"share": round(sum(spent.values()) / total, 4)}
    )


START = """
import time; begun = time.perf_counter()
from heldout.runner.compiling import use_cache; use_cache()
from heldout.core.discover import load
from heldout.core.cell import grid
from heldout.runner.together import keys, programs
study = load("heldout.studies.vision.corruptions")
cell = grid(study)[1]
program = programs(cell, "vmap")
states = program.start(keys(cell, (0, 1, 2, 3), "start", traced=True), ())
import jax; jax.block_until_ready(program.advance(states, (), 1))
print(time.perf_counter() - begun)
"""


def start() -> dict[str, float]:
    times = [
        float(subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True).stdout)
        for _ in range(4)
    ]
    return {"first": round(times[0], 2), "later": round(min(times[1:]), 2)}


if __name__ == "__main__":
    what, *rest = sys.argv[1:] or ["start"]
    if what == "finished":
        found = finished(int(rest[0]) if rest else 10_000)
    else:
        found = shares(rest[0]) if what == "shares" else start()
    sys.stdout.write(json.dumps({what: found}) + "\n")
