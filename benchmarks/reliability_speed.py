"""pass@k, pass^k, G-Pass@k and mG-Pass@k with intervals: heldout beside scorio, on the same samples in one run.

    python benchmarks/reliability_speed.py --peer-python PYTHON [--write docs/statistics/reliability.md]

1,000 items x 64 samples, k = 16. PYTHON is an interpreter with scorio 0.2.3, run in a subprocess; both are given the
samples and both do every metric once before the clock starts. Estimates and posterior moments must agree to 1e-9.
Target: the four estimates with Bayesian intervals, the one kind both have, in no more time than scorio. Exit code 1 if it is missed
or the answers differ. heldout's other intervals are timed beside.
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

ITEMS, SAMPLES, K, TAU = 1_000, 64, 16, 0.5

PEER = """
import json, statistics, sys, time
import numpy as np
from scorio import eval as e
samples = np.load(sys.argv[1])
def work():
    return [[float(e.pass_at_k(samples, 16)), *map(float, e.pass_at_k_ci(samples, 16))],
            [float(e.pass_hat_k(samples, 16)), *map(float, e.pass_hat_k_ci(samples, 16))],
            [float(e.g_pass_at_k_tau(samples, 16, 0.5)), *map(float, e.g_pass_at_k_tau_ci(samples, 16, 0.5))],
            [float(e.mg_pass_at_k(samples, 16)), *map(float, e.mg_pass_at_k_ci(samples, 16))]]
found, times = work(), []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter(); work(); times.append(time.perf_counter() - start)
print(json.dumps([found, statistics.median(times)]))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peer-python", required=True, help="an interpreter with scorio")
    parser.add_argument("--repeats", type=int, default=101)
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    how = parser.parse_args()
    from heldout.stats.reliability import (
        g_pass_at_k,
        interval,
        mg_pass_at_k,
        pass_all_k,
        pass_at_k,
        posterior,
        unbiased,
    )
    from heldout.stats.reliability.band import band
    from heldout.stats.reliability.counts import from_samples

    rng = np.random.default_rng(0)
    samples = (rng.random((ITEMS, SAMPLES)) < rng.beta(0.6, 0.6, (ITEMS, 1))).astype(int)
    theirs, peer = asked(how, samples)
    metrics = (pass_at_k(K), pass_all_k(K), g_pass_at_k(K, TAU), mg_pass_at_k(K))

    def bayesian() -> list[Any]:
        given = from_samples(samples)
        return [(unbiased.of_items(m, *given).mean(), posterior.interval(m, *given)) for m in metrics]

    def fresh() -> list[Any]:
        given = from_samples(samples)
        return [(interval.new_items(m, *given), interval.same_items(m, *given)) for m in metrics]

    def drawn() -> list[Any]:
        given = from_samples(samples)
        return [interval.bootstrap(m, *given, rng) for m in metrics]

    def curve() -> Any:
        return band(pass_at_k, [1, 2, 4, 8, 16, 32, 64], *from_samples(samples), rng)

    given = from_samples(samples)
    differ = 0.0
    for metric, (estimate, mean, error, *_) in zip(metrics, theirs, strict=True):
        found = posterior.moments(metric, *given)
        differ = max(differ, abs(unbiased.of_items(metric, *given).mean() - estimate), abs(found.mean.mean() - mean))
        differ = max(differ, abs(np.sqrt(found.variance.sum()) / ITEMS - error))
    ours = timed(bayesian, how.repeats)
    rows = [
        f"| four metrics with Bayesian intervals | {peer * 1e3:.2f} ms | {ours * 1e3:.2f} ms | {peer / ours:.1f} |",
        f"| four metrics, intervals for new and for the same items | – | {timed(fresh, how.repeats) * 1e3:.2f} ms | |",
        f"| four metrics, bootstrap of items, 2,000 resamples | – | {timed(drawn, 15) * 1e3:.1f} ms | |",
        f"| pass@k at seven k with a simultaneous band | – | {timed(curve, 15) * 1e3:.1f} ms | |",
    ]
    head = "| 1,000 items x 64 samples, k = 16 | scorio 0.2.3 | heldout | times faster |\n|---|---|---|---|"
    text = "\n".join([head, *rows, "", f"Largest difference of estimates, posterior means and errors: {differ:.1g}."])
    print(text)
    if how.write:
        marked = re.compile(r"(<!-- speed -->\n).*?(<!-- /speed -->)", re.DOTALL)
        how.write.write_text(marked.sub(lambda m: f"{m[1]}\n{text}\n\n{m[2]}", how.write.read_text()))
    return int(ours > peer or differ > 1e-9)


def asked(how: argparse.Namespace, samples: np.ndarray) -> tuple[list[list[float]], float]:
    """The peer's estimates with their posterior moments and intervals, and its seconds."""
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".npy") as file:
        np.save(file.name, samples)
        command = [how.peer_python, "-W", "ignore", "-c", PEER, file.name, str(how.repeats)]
        found, seconds = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found, seconds


def timed(work: Callable[[], Any], repeats: int) -> float:
    """Median seconds."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
