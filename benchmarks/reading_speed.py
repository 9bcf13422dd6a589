"""Reading a table: CPU seconds and peak memory of `heldout.results.reading.read` by format, beside DuckDB scanning the same file.

    python benchmarks/reading_speed.py [--rows 1000000] [--write FILE]

Ten systems answer so many items, zeros and ones; CSV, CSV packed with gzip, JSON lines and Parquet. Every format must give the
same table. DuckDB's line is `SELECT count(*), sum(score)` over the file as it finds it by itself: the least that reading can cost.
"""

import argparse
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

SYSTEMS = 10
READ = """
import hashlib, json, resource, sys, time
from heldout.results.reading import read
start = time.process_time()
table = read([sys.argv[1]])
seconds = time.process_time() - start
digest = hashlib.sha256(table.items.values.tobytes()).hexdigest()
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, digest]))
"""
SCAN = """
import json, resource, sys, time
import duckdb
start = time.process_time()
duckdb.sql(f"SELECT count(*), sum(score) FROM '{sys.argv[1]}'").fetchall()
print(json.dumps([time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, ""]))
"""


def files(folder: Path, rows: int) -> dict[str, Path]:
    query = f"""
        SELECT 'm' || s AS model, 'q' || i AS question_id, (hash(s * 7919 + i) % 1000 < 500)::INT AS score
        FROM range({SYSTEMS}) a(s), range({rows // SYSTEMS}) b(i)"""  # noqa: S608 - numbers of our own
    made = {name: folder / f"t.{name}" for name in ("csv", "jsonl", "parquet")}
    for name, path in made.items():
        duckdb.sql(f"COPY ({query}) TO '{path}' (FORMAT {'json' if name == 'jsonl' else name})")
    made["csv.gz"] = folder / "t.csv.gz"
    with made["csv"].open("rb") as source, gzip.open(made["csv.gz"], "wb", 1) as target:
        shutil.copyfileobj(source, target)
    return made


def run(code: str, path: Path) -> tuple[float, float, str]:
    one = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    told = subprocess.run([sys.executable, "-c", code, str(path)], env=one, capture_output=True, text=True, check=True)
    seconds, memory, digest = json.loads(told.stdout)
    return seconds, memory, digest


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--write", type=Path, help="a file for the table")
    how = parser.parse_args()
    lines = [f"| {how.rows:,} rows | read | memory | DuckDB's scan |", "|---|---|---|---|"]
    digests = set()
    with tempfile.TemporaryDirectory() as folder:
        for name, path in files(Path(folder), how.rows).items():
            ours, scan = run(READ, path), run(SCAN, path)
            digests.add(ours[2])
            lines.append(f"| {name} | {ours[0]:.2f} s | {ours[1]:.2f} GB | {scan[0]:.2f} s |")
    print("\n".join(lines))
    if how.write:
        how.write.write_text("\n".join(lines) + "\n")
    return int(len(digests) > 1 or hashlib.sha256(b"").hexdigest() in digests)


if __name__ == "__main__":
    sys.exit(main())
