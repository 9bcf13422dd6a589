"""Exact Kemeny consensus: heldout beside corankco, on the same tables in one run.

    python benchmarks/kemeny_speed.py --peer-python PYTHON [--write docs/statistics/aggregates.md]

30 systems on 50 tasks, complete and with a fifth of the cells missing (pairs are then compared where both are present).
PYTHON is an interpreter with corankco, which is run in a subprocess with its solver that needs no CPLEX; its first
call, which compiles, is not counted. Costs must agree to 1e-6. Target: 25 times faster. Exit code 1 if it is missed or the costs differ.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

PEER = """
import json, sys, time
import corankco as crc
from corankco.algorithms.exact.exactalgorithmpulp import ExactAlgorithmPulp
scheme = crc.ScoringScheme([[0.0, 1.0, 0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0, 0.0, 0.0]])
def solve(ballots):
    data = crc.Dataset([crc.Ranking([{one} for one in ballot]) for ballot in ballots])
    start = time.perf_counter()
    consensus = ExactAlgorithmPulp().compute_consensus_rankings(data, scheme, True)
    return consensus.kemeny_score, time.perf_counter() - start
solve([[1, 2, 3], [2, 3, 1], [3, 1, 2]])
print(json.dumps([solve(ballots) for ballots in json.load(sys.stdin)]))
"""


def tables() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    found = {}
    for strength in (0.0, 0.3):
        for missing in (0.0, 0.2):
            table = strength * rng.normal(size=(30, 1)) + rng.normal(size=(30, 50))
            table[rng.random(table.shape) < missing] = np.nan
            kind = "systems alike" if strength == 0 else "systems unlike"
            found[f"{kind}, {'a fifth missing' if missing else 'complete'}"] = table
    return found


def ballots(table: np.ndarray) -> list[list[int]]:
    """Each task's systems, best first."""
    orders = (np.argsort(-column, kind="stable") for column in table.T)
    return [[int(s) for s in order if not np.isnan(table[s, t])] for t, order in enumerate(orders)]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peer-python", required=True, help="an interpreter with corankco")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    how = parser.parse_args()
    from heldout.stats.voting.kemeny import kemeny

    data = tables()
    asked = json.dumps([ballots(table) for table in data.values()])
    command = [how.peer_python, "-W", "ignore", "-c", PEER]
    peer = json.loads(subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout)
    rows, failed = [], False
    for (name, table), (cost, seconds) in zip(data.items(), peer, strict=True):
        found, times = kemeny(table), []
        for _ in range(how.repeats):
            start = time.perf_counter()
            kemeny(table)
            times.append(time.perf_counter() - start)
        ratio = seconds / statistics.median(times)
        agree = abs(found.cost - cost) < 1e-6 and found.proven
        failed |= ratio < 25 or not agree
        rows.append(
            f"| {name} | {found.cost:g}{'' if found.proven else ' (unproven)'} | {cost:g} | {seconds:.2f} s |"
            f" {statistics.median(times) * 1e3:.0f} ms | {ratio:.0f} |"
        )
    head = (
        "| exact Kemeny, 30 x 50 | cost | corankco's | corankco | heldout | times faster |\n|---|---|---|---|---|---|"
    )
    text = "\n".join([head, *rows])
    print(text)
    if how.write:
        write(how.write, "kemeny", text)
    return int(failed)


def write(path: Path, name: str, text: str) -> None:
    """Puts the text between the page's markers of that name."""
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    path.write_text(marked.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", path.read_text()))


if __name__ == "__main__":
    sys.exit(main())
