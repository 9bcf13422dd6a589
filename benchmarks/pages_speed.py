"""Time to the first paint of pages in Chromium, of a live site or of one in a folder.

    heldout report --site site && python benchmarks/pages_speed.py site              every kind of page from files
    python benchmarks/pages_speed.py view STORE                                      a store's lists and largest study, live
    python benchmarks/pages_speed.py fill STORE RUNS STEPS                           a store with that many runs of `corruptions`

`fill` invents scores: RUNS trainings, each asked on every split at STEPS steps. Prints one line of JSON: by page the seconds until the browser's `first-contentful-paint`, the largest of the kind's first three
pages; of a live site on the first visit, when the server makes the page, and on the second.
"""

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

PAINT = "performance.getEntriesByType('paint').filter((e) => e.name === 'first-contentful-paint').map((e) => e.startTime / 1000)[0] ?? null"


def pages(root: str, addresses: list[str]) -> dict[str, list[float]]:
    """Seconds to the first paint of each address, on its first and second visit, by kind of page."""
    from playwright.sync_api import sync_playwright

    chromium = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
    found: dict[str, list[float]] = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto("about:blank")
        for address in addresses:
            times = []
            for _ in range(2):
                page.goto(f"{root}/{address}", wait_until="domcontentloaded")
                for _ in range(100):
                    if (seen := page.evaluate(PAINT)) is not None:
                        break
                    time.sleep(0.02)
                times.append(round(seen or float("nan"), 3))
            kind = address.partition("/")[0]
            found[kind] = [max(a, b) for a, b in zip(found.get(kind, [0.0, 0.0]), times, strict=True)]
        browser.close()
    return found


def chosen(folder: Path) -> list[str]:
    """The lists, and the three longest pages of each kind."""
    found = [p.name for p in sorted(folder.glob("*.html"))]
    for kind in ("studies", "tasks", "learners"):
        longest = sorted(folder.glob(f"{kind}/*.html"), key=lambda p: p.stat().st_size)[-3:]
        found += [f"{kind}/{p.name}" for p in longest]
    return found


def served(store: Path) -> dict[str, object]:
    """The pages of `heldout view STORE`, and how long it takes to answer at all."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "heldout", "view", str(store), "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            lines = iter(process.stderr.readline, "")  # type: ignore[union-attr]
            address = next(found[0] for line in lines if (found := re.search(r"http://[^/]+", line)))
            started = round(time.perf_counter() - began, 2)
            lists = ["index.html", "papers.html", "tasks.html", "learners.html"]
            return {"started": started, **pages(f"{address}/store", [*lists, "studies/corruptions.html"])}
        finally:
            process.terminate()


def fill(folder: Path, runs: int, steps: int) -> dict[str, int]:
    """A store in which the cells of `corruptions` have as many runs, one batch for four seeds, with invented scores."""
    import numpy as np

    from heldout.core.cell import grid
    from heldout.core.digest import digest
    from heldout.core.discover import find, load
    from heldout.store import Finished, open_store

    study, store, rng = load(find("corruptions").reference), open_store(folder), np.random.default_rng(0)
    cells, probe, written = grid(study), next(p for p in study.probes if p.name == "score"), 0
    for start in range(0, -(-runs // len(cells)), 4):
        for cell in cells:
            low, high = cell.task.bounds
            specs = [{"digest": digest(cell.task), "name": cell.task.name, "kind": "task", "version": 1, "json": "", "low": low, "high": high},
                     {"digest": digest(cell.learner), "name": cell.learner.name, "kind": "learner", "version": 1, "json": "", "step_unit": "update"}]  # fmt: skip
            units, splits = range(start, start + 4), cell.task.splits
            at = np.linspace(0, cell.learner.steps, steps + 1).astype(int)[1:]
            rows = [(u, s, t) for u in units for s in splits for t in at]
            both = {"cell": cell.digest, "task": cell.task.name, "learner": cell.learner.name, "config": cell.config}
            records = {name: [value] * len(rows) for name, value in both.items()} | {
                "seed": [u for u, _, _ in rows], "on": [""] * len(rows), "split": [s.name for _, s, _ in rows],
                "axis": [s.axis for _, s, _ in rows], "group": [s.group for _, s, _ in rows], "level": [s.level for _, s, _ in rows],
                "step": [int(t) for _, _, t in rows], "probe": ["score"] * len(rows), "probe_digest": [digest(probe)] * len(rows),
                "value": rng.uniform(low, high, len(rows)), "censored": [False] * len(rows), "n": [250] * len(rows),
            }  # fmt: skip
            name = f"{cell.digest}-{start}-{start + 3}-made"
            made = [both | {"batch": name, "seed": u, "status": "ok", "error": "", "step": int(at[-1]), "seconds": 1.0, "cpu_seconds": 1.0, "mode": "vmap",
                            "chunk": 4, "started": time.time(), "probes": [digest(probe)], "bases": []} for u in units]  # fmt: skip
            store.write(Finished(name, made, records, {}, specs))
            written += len(rows)
    return {"runs": len(cells) * 4 * len(range(0, -(-runs // len(cells)), 4)), "records": written}


def main() -> None:
    verb, *rest = sys.argv[1:]
    if verb == "fill":
        report: object = fill(Path(rest[0]), int(rest[1]), int(rest[2]))
    else:
        report = served(Path(rest[0])) if verb == "view" else pages(Path(verb).resolve().as_uri(), chosen(Path(verb)))
    print(json.dumps(report))


if __name__ == "__main__":
    main()
