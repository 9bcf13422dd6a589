"""Bradley-Terry on 100,000 battles of 100 models: heldout beside evalica 0.4.2, on the same battles in one run.

    python benchmarks/ratings_speed.py --peer-python PYTHON [--write docs/statistics/ratings.md]

PYTHON is an interpreter with evalica, run in a subprocess; 1,000 refits take it about a minute, so that 20 are timed and
multiplied. Both get codes of models, not names; each is timed from battles to strengths. Fits must agree to 1e-6, standard
deviations over refits within Monte Carlo error. Times are CPU seconds of the process, the median of several runs.
Targets: 3 times faster for a fit, 20 times for 1,000 refits. Exit code 1 if one is missed or answers differ.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from heldout.stats.ratings.bradley_terry import fit
from heldout.stats.ratings.counts import tally
from heldout.stats.ratings.resampling import bootstrap

BATTLES, MODELS, REFITS, TIMED = 100_000, 100, 1_000, 20

PEER = """
import json, sys, time
import numpy as np
import evalica
asked = json.load(sys.stdin)
first, second, outcome = (np.array(asked[k]) for k in ("first", "second", "outcome"))
models = asked["models"]
import pandas as pd
index = pd.Index(range(models))
words = {1.0: evalica.Winner.X, 0.0: evalica.Winner.Y, 0.5: evalica.Winner.Draw}
def fit(a, b, won, **more):
    return evalica.bradley_terry(a, b, won, index=index, **more)
won = [words[x] for x in outcome.tolist()]
xs, ys = first.tolist(), second.tolist()
times = []
for _ in range(5):
    start = time.process_time()
    found = fit(xs, ys, won)
    times.append(time.process_time() - start)
exact = fit(xs, ys, won, tolerance=1e-14, limit=100_000)
scores = np.log(exact.scores.loc[list(range(models))].to_numpy())
rng, refits = np.random.default_rng(0), []
start = time.process_time()
for _ in range(asked["timed"]):
    at = rng.integers(0, len(xs), len(xs))
    one = fit(first[at].tolist(), second[at].tolist(), [won[i] for i in at])
    made = np.log(one.scores.loc[list(range(models))].to_numpy())
    refits.append((made - made.mean()).tolist())
seconds = time.process_time() - start
print(json.dumps({"version": evalica.__version__, "fit": sorted(times)[2], "refits": seconds / asked["timed"],
                  "scores": (scores - scores.mean()).tolist(), "drawn": refits}))
"""


def timed(run: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Median CPU seconds, and the last answer; the first run warms up and is not counted."""
    times, found = [], run()
    for _ in range(repeats):
        start = time.process_time()
        found = run()
        times.append(time.process_time() - start)
    return statistics.median(times), found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peer-python", required=True, help="an interpreter with evalica 0.4.2")
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    how = parser.parse_args()
    rng = np.random.default_rng(1)
    strength = rng.normal(0, 0.7, MODELS)
    first = rng.integers(0, MODELS, BATTLES)
    second = (first + rng.integers(1, MODELS, BATTLES)) % MODELS
    outcome = (rng.random(BATTLES) < 1 / (1 + np.exp(strength[second] - strength[first]))).astype(float)
    asked = {"first": first.tolist(), "second": second.tolist(), "outcome": outcome.tolist()}
    command = [how.peer_python, "-W", "ignore", "-c", PEER]
    given = json.dumps(asked | {"models": MODELS, "timed": TIMED})
    peer = json.loads(subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout)

    seconds, found = timed(lambda: fit(tally(first, second, outcome, systems=MODELS)), 9)
    again, drawn = timed(lambda: bootstrap(found, REFITS, np.random.default_rng(2)), 3)
    off = float(np.abs(found.strength - np.array(peer["scores"])).max())
    spread = drawn.parameters.std(axis=0) / np.std(peer["drawn"], axis=0, ddof=1)
    # a standard deviation of 20 refits is off by a sixth; over 100 models the mean ratio is much surer
    ratio, error = float(spread.mean()), float(spread.std() / np.sqrt(MODELS))
    rows = [
        row("fit", peer["fit"], seconds, 3),
        row("1,000 bootstrap refits", peer["refits"] * REFITS, again, 20),
    ]
    head = (
        f"| {BATTLES:,} battles, {MODELS} models | evalica {peer['version']} | heldout | times faster | target |\n"
        "|---|---|---|---|---|"
    )
    foot = (
        f"\nStrengths differ by at most {off:.0e}. Standard deviations over refits, ours over evalica's ({TIMED} refits): "
        f"{ratio:.2f} on average."
    )
    text = "\n".join([head, *(text for text, _ in rows), foot])
    print(text)
    if how.write:
        write(how.write, "speed", text)
    return int(any(missed for _, missed in rows) or off > 1e-6 or abs(ratio - 1.03) > 0.08 + 4 * error)


def row(name: str, theirs: float, ours: float, target: float) -> tuple[str, bool]:
    """A line of the table, and whether its target is missed."""
    ratio = theirs / ours
    return f"| {name} | {theirs:.3g} s | {ours:.3g} s | {ratio:.1f} | {target:g} |", ratio < target


def write(path: Path, name: str, text: str) -> None:
    """Puts the text between the page's markers of that name."""
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    path.write_text(marked.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", path.read_text()))


if __name__ == "__main__":
    sys.exit(main())
