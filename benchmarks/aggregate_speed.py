"""Aggregates, profiles and probabilities of improvement: heldout beside rliable 1.2.0, on the same scores in one run.

    python benchmarks/aggregate_speed.py --peer-python PYTHON [--write docs/statistics/aggregates.md]

5 systems, 26 tasks, 10 runs. PYTHON is an interpreter with rliable (which needs pandas below 3), run in a subprocess;
it takes about six minutes, most of them for the probability of improvement. Estimates must agree to 1e-6, interval ends
within Monte Carlo error. Times are CPU seconds of the process, all threads, so that other work on the machine counts
for neither. Targets: 30 times faster for the four aggregates, 150 for profiles, 2,000 for improvement.
Exit code 1 if one is missed or answers differ.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from heldout.stats import aggregate, bootstrap, improvement, profile

SYSTEMS, RUNS, TASKS = 5, 10, 26
THRESHOLDS = np.linspace(0, 8, 81)
PAIRS = list(combinations(range(SYSTEMS), 2))

PEER = """
import json, sys, time
import numpy as np
from rliable import library, metrics
asked = json.load(sys.stdin)
scores = {str(i): np.array(one) for i, one in enumerate(asked["scores"])}
thresholds, pairs = np.array(asked["thresholds"]), [tuple(p) for p in asked["pairs"]]
four = lambda x: np.array([metrics.aggregate_iqm(x), metrics.aggregate_mean(x), metrics.aggregate_median(x),
                           metrics.aggregate_optimality_gap(x)])
def aggregates(reps):
    return library.get_interval_estimates(scores, four, reps=reps)
def improvements(reps):
    data = {str(k): (scores[str(a)], scores[str(b)]) for k, (a, b) in enumerate(pairs)}
    return library.get_interval_estimates(data, metrics.probability_of_improvement, reps=reps)
def answer(function, *given):
    start = time.process_time()
    points, ends = function(*given)
    seconds = time.process_time() - start
    keys = sorted(points, key=int)
    return {"seconds": seconds, "estimate": [np.ravel(points[k]).tolist() for k in keys],
            "low": [np.ravel(ends[k][0]).tolist() for k in keys], "high": [np.ravel(ends[k][1]).tolist() for k in keys]}
found = [answer(aggregates, 2_000), answer(aggregates, 50_000)]
found.append(answer(lambda: library.create_performance_profile(scores, thresholds, reps=2_000)))
if asked["improvement"]:
    found.append(answer(improvements, 2_000))
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Work:
    """One line of the table: what is done, by which function, how much faster it must be, and the step of its answers."""

    name: str
    run: Callable[[np.ndarray, np.random.Generator], np.ndarray]
    ratio: float
    resamples: int
    step: float = 0.0


def aggregates(resamples: int) -> Callable[[np.ndarray, np.random.Generator], np.ndarray]:
    def run(scores: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        found = []
        for one in scores:
            points = aggregate.iqm(one), aggregate.mean(one), aggregate.median(one), aggregate.optimality_gap(one)
            drawn = bootstrap.draws(one, resamples, rng)
            found.append([bootstrap.percentile(p, d) for p, d in zip(points, drawn, strict=True)])
        return np.array(found)

    return run


def profiles(scores: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.array([np.transpose(profile.score_bands(one, THRESHOLDS, 2_000, rng)) for one in scores])


def improvements(scores: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    drawn = improvement.draws(list(scores), PAIRS, 2_000, rng)
    points = [improvement.probability(scores[a], scores[b]) for a, b in PAIRS]
    return np.array([[bootstrap.percentile(p, d)] for p, d in zip(points, drawn, strict=True)])


WORK = (
    Work("four aggregates, 2,000 resamples", aggregates(2_000), 30, 2_000),
    Work("four aggregates, 50,000 resamples", aggregates(50_000), 30, 50_000),
    Work("profiles with bands, 81 thresholds, 2,000 resamples", profiles, 150, 2_000, 1 / (RUNS * TASKS)),
    Work("probability of improvement, 10 pairs, 2,000 resamples", improvements, 2_000, 2_000, 1 / (RUNS**2 * TASKS)),
)


def agrees(ours: np.ndarray, peer: dict, work: Work) -> tuple[float, float]:
    """Largest difference of the estimates, and of the ends in Monte Carlo standard errors: (systems, numbers, 3)."""
    points = np.abs(ours[..., 0] - np.array(peer["estimate"])).max()
    low, high = np.array(peer["low"]), np.array(peer["high"])
    # the 2.5% point of B normal draws has standard error 2.67 sd / sqrt(B); two of them are compared
    error = 2.67 * np.sqrt(2 / work.resamples) * (high - low) / (2 * 1.96)
    off = np.maximum(np.abs(ours[..., 1] - low), np.abs(ours[..., 2] - high))
    excess = np.maximum(off - 1.001 * work.step, 0)
    return float(points), float((excess / np.maximum(error, 1e-12)).max())


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peer-python", required=True, help="an interpreter with rliable 1.2.0")
    parser.add_argument("--without-improvement", action="store_true", help="leave out what takes rliable minutes")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    how = parser.parse_args()
    scores = np.exp(np.random.default_rng(7).normal(size=(SYSTEMS, RUNS, TASKS)))
    asked = {"scores": scores.tolist(), "thresholds": THRESHOLDS.tolist(), "pairs": PAIRS}
    asked["improvement"] = not how.without_improvement
    command = [how.peer_python, "-W", "ignore", "-c", PEER]
    answer = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True).stdout
    rows, failed = [], False
    for work, peer in zip(WORK, json.loads(answer), strict=False):
        times, ours = [], np.empty(0)
        for repeat in range(how.repeats + 1):
            start = time.process_time()
            ours = work.run(scores, np.random.default_rng(repeat))
            times.append(time.process_time() - start)
        seconds = statistics.median(times[1:])
        points, ends = agrees(ours, peer, work)
        ratio = peer["seconds"] / seconds
        failed |= ratio < work.ratio or points > 1e-6 or ends > 5
        rows.append(
            f"| {work.name} | {peer['seconds']:.2f} s | {seconds * 1e3:.0f} ms | {ratio:,.0f} | {work.ratio:,.0f} |"
            f" {points:.0e} | {ends:.1f} |"
        )
    head = (
        "| 5 systems x 26 tasks x 10 runs | rliable | heldout | times faster | target | estimates differ by at most |"
        " ends differ by at most (Monte Carlo errors) |\n|---|---|---|---|---|---|---|"
    )
    text = "\n".join([head, *rows])
    print(text)
    if how.write:
        write(how.write, "speed", text)
    return int(failed)


def write(path: Path, name: str, text: str) -> None:
    """Puts the text between the page's markers of that name."""
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    path.write_text(marked.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", path.read_text()))


if __name__ == "__main__":
    sys.exit(main())
