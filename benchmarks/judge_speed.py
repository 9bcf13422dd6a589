"""How long a judge's look takes, on one core: 50 claims, 64 seeds; the words alone, as between two looks of a run, and with
every interval of every look, as at its end.

    python benchmarks/judge_speed.py

Prints milliseconds, the median of twenty calls, for bounded scores (sign flips and betting intervals), for unbounded
ones (sign flips inverted), for thresholds on the typical run and for a mixture. One thread.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from heldout.claims import judge
from heldout.core import IID, Budget, Claim, Split, score
from heldout.core.expression import Linear, Mean
from heldout.core.measure import Measure, Score
from heldout.core.values import Values

CLAIMS, SEEDS = 50, 64


@dataclass(frozen=True)
class Named:
    """A task or a learner of which only its records are known."""

    name: str
    bounds: tuple[float, float] = (0.0, 1.0)
    steps: int = 1
    splits: tuple[Split, ...] = (IID,)


def values(measure: Measure) -> np.ndarray:
    """Simulated scores, the same for the same learner; differences from them."""
    if isinstance(measure, Score):
        number = int(measure.learner.name)
        return 0.5 + 0.004 * number + 0.05 * np.random.default_rng(number).uniform(-1, 1, SEEDS)
    if isinstance(measure, Linear):
        return sum((w * values(m) for w, m in measure.terms), start=np.zeros(SEEDS)) + measure.constant
    if isinstance(measure, Mean):
        return values(measure.part)
    raise TypeError(measure)


def evaluate(measure: Measure) -> Values:
    return Values(np.arange(SEEDS), values(measure))


def studies() -> dict[str, dict[str, Claim]]:
    """Claims by kind: comparisons of neighbours, and thresholds about the typical run and the mean."""
    learners = [Named(str(i)) for i in range(CLAIMS + 1)]
    bounded, free = Named("task"), Named("free", bounds=(-np.inf, np.inf))
    pairs = list(zip(learners, learners[1:], strict=False))
    compared = {f"c{i}": score(bounded, b) > score(bounded, a) for i, (a, b) in enumerate(pairs)}
    typical = {f"t{i}": score(bounded, one) > 0.6 for i, one in enumerate(learners[:CLAIMS])}
    mixed = dict(list(compared.items())[:30]) | dict(list(typical.items())[:20])
    return {
        "comparisons of bounded scores": compared,
        "comparisons of unbounded scores": {f"u{i}": score(free, b) > score(free, a) for i, (a, b) in enumerate(pairs)},
        "thresholds on the typical run": typical,
        "30 comparisons, 20 thresholds": mixed,
    }


def milliseconds(claims: Mapping[str, Claim], intervals: bool, repeats: int = 20) -> float:
    known = {m: evaluate(m) for c in claims.values() for m in c.measures()}  # simulating the scores is not judging
    judge(claims, known.__getitem__, Budget(seeds=SEEDS), intervals=intervals)
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        judge(claims, known.__getitem__, Budget(seeds=SEEDS), intervals=intervals)
        taken.append(1e3 * (time.perf_counter() - begun))
    return statistics.median(taken)


def main() -> None:
    for name, claims in studies().items():
        words, whole = milliseconds(claims, False), milliseconds(claims, True)
        print(f"{name:35s} {words:7.1f} ms, with intervals {whole:7.1f} ms, for {len(claims)} claims x {SEEDS} seeds")


if __name__ == "__main__":
    main()
