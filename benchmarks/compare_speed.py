"""`heldout compare` as a whole process, beside errorbars and evalstats on the same file, and on 10 million item rows.

    python benchmarks/compare_speed.py [--peer-python PYTHON] [--large csv|parquet] [--write FILE]

Small: 10 systems x 1,000 items of zeros and ones, and 10 systems x 50 tasks x 20 runs, 10,000 rows each. Large: 100
systems x 100,000 items and 10 systems x 1,000,000 items. PYTHON is an interpreter with errorbars and evalstats; means must
agree to 1e-6 with errorbars', which compares no more than pairs of items by a normal test and gives no verdict over all
pairs. Times are CPU seconds of all threads of the process and its wall-clock seconds, the median of several; memory is
its peak. Targets: 10,000 rows under 1 s, 10 million under 20 s and 4 GB. Exit code 1 if one is missed or means differ.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np


@dataclass(frozen=True)
class Cost:
    """CPU seconds, wall-clock seconds, peak memory in GB, and what was printed."""

    cpu: float
    wall: float
    peak: float
    printed: str


def cost(command: list[str]) -> Cost:
    """Runs a command once; its output goes through a file, so that no pipe is waited for."""
    with tempfile.TemporaryFile("w+") as out:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command[:4])} ... ended with {process.returncode}")
        out.seek(0)
        return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1e6, out.read())


def median(command: list[str], repeats: int) -> Cost:
    found = sorted((cost(command) for _ in range(repeats)), key=lambda one: one.cpu)
    middle = found[len(found) // 2]
    return Cost(middle.cpu, statistics.median(one.wall for one in found), middle.peak, middle.printed)


def items(path: Path, systems: int, number: int, form: str) -> Path:
    """A tidy file of zeros and ones: better systems are right more often, hard items are hard for all."""
    query = f"""
        SELECT 'm' || s AS model, 'q' || i AS question_id, (hash(s * 7919 + i) % 1000 < 350 + hash(i) % 300 + 2 * s)::INT AS score
        FROM range({systems}) a(s), range({number}) b(i)"""  # noqa: S608 - numbers of our own
    duckdb.sql(f"COPY ({query}) TO '{path}' (FORMAT {form})")
    return path


def runs(path: Path) -> Path:
    rng = np.random.default_rng(0)
    rows = [
        f"s{s},t{t},{r},{rng.normal(0.5 + 0.01 * s, 0.1):.4f}" for s in range(10) for t in range(50) for r in range(20)
    ]
    path.write_text("\n".join(["system,task,seed,score", *rows]))
    return path


def means_differ(ours: str, theirs: str) -> float:
    found = {row["system"]: row["mean"]["estimate"] for row in json.loads(ours)["systems"]}
    return max(abs(found[row["model"]] - row["mean"]) for row in json.loads(theirs)["entries"])


def small(folder: Path, peer: str | None, repeats: int) -> tuple[list[str], bool]:
    tidy, seeds = items(folder / "items.csv", 10, 1_000, "csv"), runs(folder / "runs.csv")
    heldout = [sys.executable, "-m", "heldout", "compare"]
    ours = median([*heldout, str(tidy), "--json"], repeats)
    rows = [row("10,000 rows of items", "heldout compare --json", ours)]
    rows.append(row("10,000 rows of items", "heldout compare", median([*heldout, str(tidy)], repeats)))
    other = median([*heldout, str(seeds), "--json"], repeats)
    rows.append(row("10,000 rows of runs", "heldout compare --json", other))
    failed = max(ours.cpu, other.cpu) > 1
    if peer is not None:
        tools = Path(peer).parent
        theirs = median([str(tools / "errorbars"), "leaderboard", str(tidy), "--json"], repeats)
        apart = means_differ(ours.printed, theirs.printed)
        rows.append(row("10,000 rows of items", f"errorbars leaderboard --json (means differ by {apart:.0e})", theirs))
        renamed = folder / "input.csv"  # evalstats asks for this name
        renamed.write_text(tidy.read_text().replace("question_id", "input", 1))
        slow = median([str(tools / "evalstats"), "analyze", str(renamed), "--brief"], 1)
        rows.append(row("10,000 rows of items", "evalstats analyze --brief", slow))
        failed |= apart > 1e-6
    return rows, failed


def large(folder: Path, form: str) -> tuple[list[str], bool]:
    rows, failed = [], False
    for systems, number in ((100, 100_000), (10, 1_000_000)):
        path = items(folder / f"large.{form}", systems, number, form)
        found = cost([sys.executable, "-m", "heldout", "compare", str(path), "--json"])
        rows.append(row(f"{systems} systems x {number:,} items, {form}", "heldout compare --json", found))
        failed |= found.cpu > 20 or found.peak > 4  # one thread computes: on a free core as many seconds by the clock
    return rows, failed


def row(work: str, tool: str, one: Cost) -> str:
    return f"| {work} | {tool} | {one.cpu:.2f} s | {one.wall:.2f} s | {one.peak:.2f} GB |"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peer-python", help="an interpreter with errorbars and evalstats beside it")
    parser.add_argument("--large", choices=("csv", "parquet"), help="also 10 million rows, in a file of this format")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--write", type=Path, help="a file for the table")
    how = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows, failed = small(Path(folder), how.peer_python, how.repeats)
        if how.large:
            more, missed = large(Path(folder), how.large)
            rows, failed = [*rows, *more], failed or missed
    text = "\n".join(["| work | tool | CPU | wall clock | memory |", "|---|---|---|---|---|", *rows])
    print(text)
    if how.write:
        how.write.write_text(text + "\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
