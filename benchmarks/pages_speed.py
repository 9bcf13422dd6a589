"""Time to the first paint of pages in Chromium, of a live site or of one in a folder.

    heldout report --site site && python benchmarks/pages_speed.py site              every kind of page from files
    python benchmarks/pages_speed.py view STORE                                      the lists of a store, served live

Prints one line of JSON: by page the seconds until the browser's `first-contentful-paint`, the largest of the kind's first three
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
            root = f"{address}/{store.name}"
            return {"started": started, **pages(root, ["index.html", "papers.html", "tasks.html", "learners.html"])}
        finally:
            process.terminate()


def main() -> None:
    verb, *rest = sys.argv[1:]
    report = served(Path(rest[0])) if verb == "view" else pages(Path(verb).resolve().as_uri(), chosen(Path(verb)))
    print(json.dumps(report))


if __name__ == "__main__":
    main()
