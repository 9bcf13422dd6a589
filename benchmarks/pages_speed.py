"""Time to the first paint of pages in Chromium, of a live site or of one in a folder.

    heldout report --site site && python benchmarks/pages_speed.py site              every kind of page from files
    python benchmarks/pages_speed.py view STORE                                      a store's lists and largest study, live
    python benchmarks/pages_speed.py fill STORE RUNS STEPS                           a store with that many runs of `corruptions`

`fill` invents scores: RUNS trainings, each asked on every split at STEPS steps. Prints one line of JSON: by page the seconds until the browser's `first-contentful-paint`, the largest of the kind's pages,
on the first visit (when a live site makes the page) and on the second. A live study that is not read yet is painted as its title with a word of that; `verdicts` are the seconds until its verdicts are there,
`at once` both of a fresh server of which this page is the first that is asked for.
"""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

STUDY = "studies/corruptions.html"
PAINT = "performance.getEntriesByType('paint').filter((e) => e.name === 'first-contentful-paint').map((e) => e.startTime / 1000)[0] ?? null"


@contextmanager
def tab() -> Iterator["Page"]:
    """A page of a browser that has started."""
    from playwright.sync_api import sync_playwright

    chromium = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto("about:blank")
        yield page
        browser.close()


def painted(page: "Page", address: str) -> float:
    """Seconds from asking for an address to the first paint."""
    page.goto(address, wait_until="domcontentloaded")
    for _ in range(500):
        if (seen := page.evaluate(PAINT)) is not None:
            return round(seen, 3)
        time.sleep(0.02)
    return float("nan")


def decided(page: "Page", address: str) -> tuple[float, float]:
    """Seconds to the first paint of a study's page, and until its verdicts are there."""
    began = time.perf_counter()
    first = painted(page, address)
    page.wait_for_selector("#verdicts", timeout=60_000)
    return first, round(max(first, time.perf_counter() - began), 2)


def pages(page: "Page", root: str, addresses: list[str]) -> dict[str, list[float]]:
    """Seconds to the first paint of each address, on its first and second visit, by kind of page."""
    found: dict[str, list[float]] = {}
    for address in addresses:
        times = [painted(page, f"{root}/{address}") for _ in range(2)]
        kind = address.partition("/")[0]
        found[kind] = [max(a, b) for a, b in zip(found.get(kind, [0.0, 0.0]), times, strict=True)]
    return found


def chosen(folder: Path) -> list[str]:
    """The lists, and the three longest pages of each kind."""
    found = [p.name for p in sorted(folder.glob("*.html"))]
    for kind in ("studies", "tasks", "learners"):
        longest = sorted(folder.glob(f"{kind}/*.html"), key=lambda p: p.stat().st_size)[-3:]
        found += [f"{kind}/{p.name}" for p in longest]
    return found


def files(folder: Path) -> dict[str, list[float]]:
    """The pages of a site in a folder."""
    with tab() as page:
        return pages(page, folder.resolve().as_uri(), chosen(folder))


@contextmanager
def server(store: Path) -> Iterator[tuple[str, float]]:
    """The root of `heldout view STORE`, and the seconds until it answers."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "heldout", "view", str(store), "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            lines = iter(process.stderr.readline, "")  # type: ignore[union-attr]
            address = next(found[0] for line in lines if (found := re.search(r"http://[^/]+", line)))
            yield f"{address}/store", round(time.perf_counter() - began, 2)
        finally:
            process.terminate()


def served(store: Path) -> dict[str, object]:
    """The pages of `heldout view STORE`, and how long it takes to answer at all."""
    with tab() as page:
        with server(store) as (root, started):
            found: dict[str, object] = {"started": started}
            found |= pages(page, root, ["index.html", "papers.html", "tasks.html", "learners.html"])
            first, verdicts = decided(page, f"{root}/{STUDY}")
            found |= {"study": [first, painted(page, f"{root}/{STUDY}")], "verdicts": verdicts}
            links = page.eval_on_selector_all("#asked a[href]", "all => all.map((a) => a.href)")
            addresses = [link.removeprefix(f"{root}/") for link in links]
            found |= pages(
                page, root, [next(a for a in addresses if a.startswith(kind)) for kind in ("tasks/", "learners/")]
            )
        page.goto("about:blank")
        with server(store) as (root, _):
            found["at once"] = decided(page, f"{root}/{STUDY}")
    return found


def fill(folder: Path, runs: int, steps: int) -> dict[str, int]:
    """A store in which the cells of `corruptions` have as many runs, one batch for four seeds, with invented scores."""
    import numpy as np

    from heldout.claims import lock
    from heldout.core.cell import grid
    from heldout.core.digest import digest
    from heldout.core.discover import find, load
    from heldout.store import Finished, open_store

    study, store, rng = load(find("corruptions").reference), open_store(folder), np.random.default_rng(0)
    store.lock(
        study.slug, lock(study.claims, study.budget)
    )  # as a run does that begins: else the store has nothing of the study
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
        report = served(Path(rest[0])) if verb == "view" else files(Path(verb))
    print(json.dumps(report))


if __name__ == "__main__":
    main()
