"""Two-parameter item response models: heldout beside mirt 1.2.0 and girth 0.8.0, on the same responses in one run.

    python benchmarks/abilities_speed.py --peer-python PYTHON [--girth] [--write docs/statistics/abilities.md]

500 systems x 2,000 items for all; 1,000 x 10,000 and 100 x 100,000 for heldout alone (mirt is killed there at 24 GB). PYTHON
is an interpreter with mirt, and girth where it is asked for, which takes about seven minutes. Times are CPU seconds of
the process, all threads. Targets: 50 times faster than mirt with smaller errors of slopes and difficulties; 5 s and 2 GB for
the large tables. Exit code 1 if one is missed.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from heldout.stats.abilities.errors import errors
from heldout.stats.abilities.logistic import fit
from heldout.stats.abilities.responses import responses

PEER = """
import json, sys, time
import numpy as np
y = np.load(sys.argv[1])
start = time.process_time()
if sys.argv[2] == "mirt":
    import mirt
    start = time.process_time()
    model = mirt.fit_mirt(y, "2PL", compute_standard_errors=False).model
    seconds = time.process_time() - start
    slope, difficulty = np.ravel(model.parameters["discrimination"]), np.ravel(model.parameters["difficulty"])
else:
    import girth
    start = time.process_time()
    made = girth.twopl_mml(y.T)
    seconds = time.process_time() - start
    slope, difficulty = made["Discrimination"], made["Difficulty"]
print(json.dumps([seconds, list(map(float, slope)), list(map(float, difficulty))]))
"""

SINGLE = """
import resource, sys, time
import numpy as np
sys.path.insert(0, sys.argv[3])
from abilities_speed import simulated
from heldout.stats.abilities.logistic import fit
from heldout.stats.abilities.responses import responses
y = simulated(int(sys.argv[1]), int(sys.argv[2]))[0]
start = time.process_time()
fit(responses(y))
print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
"""


def simulated(systems: int, items: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    ability = rng.normal(size=(systems, 1)).astype(np.float32)
    slope, difficulty = np.exp(0.5 * rng.normal(size=items)), rng.normal(size=items)
    p = 1 / (1 + np.exp(-slope.astype(np.float32) * (ability - difficulty.astype(np.float32))))
    return (rng.random(p.shape, dtype=np.float32) < p).astype(np.int8), slope, difficulty


def off(slope: np.ndarray, difficulty: np.ndarray, truth: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
    """Root mean squared errors of log slopes and of difficulties."""
    logs = np.log(np.maximum(slope, 1e-3) / truth[0])
    return float(np.sqrt((logs**2).mean())), float(np.sqrt(((difficulty - truth[1]) ** 2).mean()))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peer-python", required=True, help="an interpreter with mirt 1.2.0 (and girth 0.8.0)")
    parser.add_argument("--girth", action="store_true", help="ask girth as well, which takes minutes")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    how = parser.parse_args()
    y, *truth = simulated(500, 2_000)
    times, found = [], fit(responses(y))
    for _ in range(how.repeats):
        start = time.process_time()
        found = fit(responses(y))
        times.append(time.process_time() - start)
    ours, mine = statistics.median(times), off(found.items.slope, found.items.difficulty, (truth[0], truth[1]))
    start = time.process_time()
    errors(responses(y), found)
    rows = [f"| heldout | {ours:.3f} s | | {mine[0]:.3f} | {mine[1]:.3f} |"]
    rows.append(f"| heldout, standard errors besides | {time.process_time() - start:.2f} s | | | |")
    failed = False
    for peer in ("mirt", *(("girth",) if how.girth else ())):
        seconds, theirs = ask(how.peer_python, peer, y, (truth[0], truth[1]))
        ratio = seconds / ours
        failed |= ratio < 50 or theirs[0] < mine[0] or theirs[1] < mine[1]
        rows.append(f"| {peer} | {seconds:.1f} s | {ratio:,.0f} | {theirs[0]:.3f} | {theirs[1]:.3f} |")
    head = "| 500 x 2,000 | CPU | heldout is faster by | error of log slopes | of difficulties |\n|---|---|---|---|---|"
    large = []
    for systems, items in ((1_000, 10_000), (100, 100_000)):
        command = [sys.executable, "-c", SINGLE, str(systems), str(items), str(Path(__file__).parent)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        seconds, peak = map(float, answer.split())
        failed |= seconds > 5 or peak > 2
        large.append(f"| {systems:,} x {items:,} | {seconds:.2f} s | {peak:.2f} GB |")
    text = "\n".join([head, *rows, "", "| heldout alone | CPU | peak memory |\n|---|---|---|", *large])
    print(text)
    if how.write:
        write(how.write, "speed", text)
    return int(failed)


def ask(
    python: str, peer: str, y: np.ndarray, truth: tuple[np.ndarray, np.ndarray]
) -> tuple[float, tuple[float, float]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "responses.npy"
        np.save(path, y.astype(np.int64))
        command = [python, "-W", "ignore", "-c", PEER, str(path), peer]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seconds, slope, difficulty = json.loads(answer.splitlines()[-1])
    return seconds, off(np.array(slope), np.array(difficulty), truth)


def write(path: Path, name: str, text: str) -> None:
    """Puts the text between the page's markers of that name."""
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    path.write_text(marked.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", path.read_text()))


if __name__ == "__main__":
    sys.exit(main())
