"""Coverage of the intervals for metrics of repeated answers, on simulated items whose truth is known.

Nominal 95%; 30 or 200 items with 8 or 32 answers each, k = 4. The chance of success of an item is drawn from a law: mostly
near 0 or 1 (Beta(.3, .3)), mostly hard (Beta(.3, 2.7)), or all middling (Beta(4, 4)). Two questions: does the interval
hold the mean over the law (other items like these: ours, and the percentile bootstrap), and does it hold the mean over the very items drawn
(the same items: ours, and the Bayesian one with a uniform prior)? Run:

    python benchmarks/reliability_coverage.py --write docs/statistics/reliability.md     # about a minute on one core

Target, set before the run: ours at least .93 in every row. A coverage counts as missed when it is below .93 by more
than two of its standard errors. Exit code 1 if any is missed.
"""

import argparse
import re
import sys
import time
from pathlib import Path

import numpy as np
from scipy import stats

from heldout.stats.reliability import Metric, interval, mg_pass_at_k, pass_all_k, pass_at_k, posterior

LAWS = {"near 0 or 1": (0.3, 0.3), "hard": (0.3, 2.7), "middling": (4.0, 4.0)}
METRICS = (pass_at_k(1), pass_at_k(4), pass_all_k(4), mg_pass_at_k(4))
WAYS = ("new items", "bootstrap", "same items", "Bayesian")


def worth(metric: Metric, chance: np.ndarray) -> np.ndarray:
    """The metric of items with these chances."""
    return stats.binom.pmf(np.arange(metric.k + 1), metric.k, chance[..., None]) @ metric.weights


def covered(law: tuple[float, float], items: int, n: int, trials: int, rng: np.random.Generator) -> np.ndarray:
    """(metrics, ways) coverage and mean width: (2, metrics, ways)."""
    p, weight = np.polynomial.legendre.leggauss(400)
    grid = stats.beta(*law).ppf((p + 1) / 2)
    held = np.zeros((2, len(METRICS), len(WAYS)))
    truths = [float(worth(m, grid) @ weight / 2) for m in METRICS]
    for _ in range(trials):
        chance = rng.beta(*law, items)
        c = rng.binomial(n, chance)
        for i, metric in enumerate(METRICS):
            here = float(worth(metric, chance).mean())
            found = (
                (interval.new_items(metric, n, c), truths[i]),
                (interval.bootstrap(metric, n, c, rng, resamples=300), truths[i]),
                (interval.same_items(metric, n, c), here),
                (posterior.interval(metric, n, c), here),
            )
            for j, (one, truth) in enumerate(found):
                held[:, i, j] += one.low <= truth <= one.high, one.high - one.low
    return held / trials


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--trials", type=int, default=400)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--write", type=Path, help="page whose coverage table is replaced")
    how = parser.parse_args()
    start, rng = time.process_time(), np.random.default_rng(how.seed)
    rows, missed = [], []
    for name, law in LAWS.items():
        for items in (30, 200):
            for n in (8, 32):
                found, width = covered(law, items, n, how.trials, rng)
                for i, metric in enumerate(METRICS):
                    cells = " | ".join(f"{c:.3f} ({w:.2f})" for c, w in zip(found[i], width[i], strict=True))
                    rows.append(f"| {name} | {items} x {n} | {metric.name} | {cells} |")
                    print(rows[-1], flush=True)
                    for j in (0, 2):
                        error = np.sqrt(max(found[i, j] * (1 - found[i, j]), 1e-4) / how.trials)
                        if found[i, j] + 2 * error < 0.93:
                            missed.append(f"{name}, {items} x {n}, {metric.name}, {WAYS[j]}: {found[i, j]:.3f}")
    head = f"| chances | items x answers | metric | {' | '.join(WAYS)} |\n|---|---|---|{'---|' * len(WAYS)}"
    said = f"{how.trials:,} tables a row, seed {how.seed}; in brackets the mean width. Targets missed: {'; '.join(missed) or 'none'}."
    print(said)
    print(f"{time.process_time() - start:.0f} CPU seconds")
    if how.write:
        text = "\n".join([head, *rows, "", said])
        marked = re.compile(r"(<!-- coverage -->\n).*?(<!-- /coverage -->)", re.DOTALL)
        how.write.write_text(marked.sub(lambda m: f"{m[1]}\n{text}\n\n{m[2]}", how.write.read_text()))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
