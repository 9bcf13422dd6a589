"""How long the store takes to write and to answer, from 10 batches to a finished study of 10,000 cells.

    python benchmarks/store_speed.py fill FOLDER [CELLS]     two batches of four seeds a cell, two probes, five splits
    python benchmarks/store_speed.py ask FOLDER              a fresh process: done, modes, records and runs of all cells
    python benchmarks/store_speed.py small                   stores of 10 and 100 batches; loose files against parts
    python benchmarks/store_speed.py items                   a million items

Prints one line of JSON. Wall-clock seconds unless they are CPU seconds; run with `taskset -c 0` for one core.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from heldout.store import Finished, Store, compaction, open_store

SPLITS = ("train", "iid", "length-40", "length-80", "length-160")
PROBES = ("5cb1f50d0f2d3a11", "9b1f50d0f2d3a1105")


def name(number: int) -> str:
    return f"{number * 2654435761 % 2**64:016x}"


def batch(cell: str, seeds: tuple[int, ...], items: int = 0) -> Finished:
    same = {"cell": cell, "task": f"task {cell[:2]}", "learner": f"learner {cell[2]}", "config": ""}
    run = same | {
        "batch": f"{cell}-{seeds[0]}-{seeds[-1]}-abcdef", "status": "ok", "step": 3000, "seconds": 1.0, "mode": "vmap",
        "cpu_seconds": 1.0, "chunk": 4, "started": time.time(), "host": "host", "device": "Linux x86_64 cpu",
        "commit": "0" * 40, "dirty": False, "packages": "heldout 0.1.0, python 3.11, jax 0.6, numpy 2.4", "command": "x",
        "probes": list(PROBES), "bases": [],
    }  # fmt: skip
    draw = np.random.default_rng(int(cell, 16) % 2**32)
    keys = [
        same | {"seed": s, "split": split, "axis": split.partition("-")[0], "probe": "score", "probe_digest": probe}
        for s in seeds
        for probe in PROBES
        for split in SPLITS
    ]
    records = {column: [key[column] for key in keys] for column in keys[0]}
    records |= {"step": [3000] * len(keys), "value": list(draw.random(len(keys))), "n": [1000] * len(keys)}
    rows = {column: [value] * items for column, value in keys[0].items()} if items else {}
    if items:
        answers = [f"answer {i % 1000}" for i in range(items)]
        rows |= {"item": np.arange(items, dtype=np.uint64), "position": np.arange(items), "answer": answers}
        rows |= {"value": draw.random(items), "status": ["ok"] * items, "sample": [0] * items}
    spec = {"digest": "d", "name": "task", "kind": "task", "version": 1, "json": "{}", "low": 0.0, "high": 1.0}
    return Finished(run["batch"], [run | {"seed": s} for s in seeds], records, rows, [spec])


def fill(folder: Path, cells: int) -> dict[str, float]:
    store, began = open_store(folder), time.perf_counter()
    for number in range(cells):
        for first in (0, 4):
            store.write(batch(name(number), tuple(range(first, first + 4))))
    return {"batches": 2 * cells, "ms_per_write": 1e3 * (time.perf_counter() - began) / (2 * cells)} | sizes(folder)


def sizes(folder: Path) -> dict[str, float]:
    found = [p.stat().st_size for kind in ("batches", "parts") for p in (folder / kind).glob("*.parquet")]
    return {"files": len(found), "megabytes": sum(found) / 1e6}


def ask(folder: Path, cells: int | None = None) -> dict[str, float]:
    took, began, cpu = {}, time.perf_counter(), time.process_time()
    import duckdb  # noqa: F401

    took["import"] = time.perf_counter() - began
    store = open_store(folder, create=False)
    every = [name(number) for number in range(cells or 10_000)]
    rows = {}
    for what in ("done", "modes", "records", "runs"):
        start = time.perf_counter()
        answer = getattr(store, what)(every)
        took[what] = time.perf_counter() - start
        rows[what] = len(answer["seed"]) if what in ("records", "runs") else len(answer)
    took["all"] = time.perf_counter() - began
    took["all, CPU"] = time.process_time() - cpu
    return took | {f"rows of {what}": n for what, n in rows.items()} | memory() | sizes(folder)


def memory() -> dict[str, float]:
    return {"peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3}


def small() -> dict[str, object]:
    found: dict[str, object] = {}
    for batches, loose in ((10, False), (100, False), (500, True), (500, False)):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "store"
            _write(open_store(folder), batches, loose)
            command = [sys.executable, __file__, "loose" if loose else "ask", str(folder), str(batches)]
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found[f"{batches} batches, {'loose' if loose else 'in parts'}"] = json.loads(output)
    return found


def _write(store: Store, batches: int, loose: bool) -> None:
    kept = compaction.LOOSE
    compaction.LOOSE = 10**9 if loose else kept
    for number in range(batches):
        store.write(batch(name(number), (0, 1, 2, 3)))
    compaction.LOOSE = kept


def items(count: int = 1_000_000) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as place:
        made, store = batch(name(1), (0,), count), open_store(Path(place) / "store")
        start = time.perf_counter()
        store.write(made)
        wrote = time.perf_counter()
        store.items([name(1)])
        read = time.perf_counter()
        store.items([name(1)], "iid")
        missed = time.perf_counter() - read
        return {"items": count, "write": wrote - start, "read": read - wrote, "none_match": missed} | memory()


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    if verb == "loose":
        compaction.LOOSE = 10**9
    if verb == "fill":
        report: object = fill(Path(rest[0]), int(rest[1]) if len(rest) > 1 else 10_000)
    elif verb in ("ask", "loose"):
        report = ask(Path(rest[0]), int(rest[1]) if len(rest) > 1 else None)
    else:
        report = small() if verb == "small" else items()
    print(json.dumps(report))
