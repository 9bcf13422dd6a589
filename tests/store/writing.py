"""Batches for the store's tests; run as a script it is a process that writes them: FOLDER WRITER CELLS [SECONDS]."""

import sys

import numpy as np

from heldout.store import Finished, open_store

SPLITS = (("train", None, None), ("iid", None, None), ("length-40", "length", 40.0), ("length-80", "length", 80.0))


def value(cell: str, seed: int, split: int) -> float:
    """What a deterministic experiment would measure."""
    return (int.from_bytes(cell.encode()[-4:], "big") * 31 + seed * 7 + split) % 997 / 997


def batch(cell, seeds=(0, 1, 2, 3), probes=("p1",), *, started=1.0, items=0, status="ok", name=None) -> Finished:
    """A finished batch as the runner makes them."""
    name = name or f"{cell}-{seeds[0]}-{seeds[-1]}-{''.join(probes)[:6]}"
    run = {
        "batch": name, "cell": cell, "task": "parity", "learner": "lstm", "config": "", "error": None, "step": 10,
        "seconds": 1.5, "cpu_seconds": 1.25, "mode": "vmap", "chunk": len(seeds), "started": started, "host": "h",
        "device": "cpu", "commit": "abc", "dirty": False, "packages": "numpy 2", "command": "heldout run x",
        "probes": list(probes), "bases": ["0123456789abcdef"],
    }  # fmt: skip
    records, found = {}, {}
    for seed in seeds if status != "failed" else ():
        for probe in probes:
            for index, (split, axis, level) in enumerate(SPLITS):
                key = {
                    "cell": cell, "task": "parity", "learner": "lstm", "config": "", "seed": seed, "on": "",
                    "split": split, "axis": axis, "group": None, "level": level, "probe": "score",
                    "probe_digest": probe, "step": 10,
                }  # fmt: skip
                row = key | {"value": value(cell, seed, index), "censored": False, "n": max(items, 1000)}
                for column, one in row.items():
                    records.setdefault(column, []).append(one)
                for column, one in key.items() if items else ():
                    found.setdefault(column, []).extend([one] * items)
                if items:
                    more = {
                        "item": np.arange(items, dtype=np.uint64) + np.uint64(2**63), "position": np.arange(items),
                        "sample": [0] * items, "value": np.linspace(0, 1, items), "status": np.array(["ok"] * items),
                        "answer": np.array([f"é'{i}" for i in range(items)]),
                    }  # fmt: skip
                    for column, many in more.items():
                        found.setdefault(column, []).extend(list(many))
    specs = [
        {"digest": "d1", "name": "parity", "kind": "task", "version": 1, "json": "{}", "low": 0, "high": 1, "chance": 0.5, "step_unit": None},
        {"digest": "d2", "name": "lstm", "kind": "learner", "version": 2, "json": "{}", "low": None, "high": None, "chance": None, "step_unit": "update"},
    ]  # fmt: skip
    return Finished(name, [run | {"seed": seed, "status": status} for seed in seeds], records, found, specs)


if __name__ == "__main__":
    folder, writer, cells = sys.argv[1], sys.argv[2], int(sys.argv[3])
    store = open_store(folder)
    sys.stdout.write("open\n")
    sys.stdout.flush()
    for number in range(cells):
        store.write(batch(f"{writer}{number:04d}", items=3 if number % 5 == 0 else 0))
        sys.stdout.write(f"{writer}{number:04d}\n")
        sys.stdout.flush()
