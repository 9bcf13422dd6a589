"""AdaStop's speed and error: heldout beside the package adastop 0.1.3, in one run.

    python benchmarks/adastop_speed.py [--sims 2000] [--repeats 5]

Speed: 5 agents, 5 groups of 5 scores, 10,000 permutations, equal agents, so that all groups are needed; the median of
some repeats, taken in turns. The package is measured where it is installed (`pip install heldout[bench]`, or adastop
itself); it caps the permutations of groups of five at 252, heldout does draw 10,000 (9,828: 39 copies of the 252
relabellings of the first group; for exact pairs 4,032).
Error: the share of simulated experiments on equal agents in which any pair is told apart. The package is simulated on two
agents only, as it is slow; `published` decides exactly as it does, and stands for it with more. `--sims 0` leaves it out.
"""

import argparse
import math
import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np

from heldout.stats.adastop import Plan, corrected
from heldout.stats.adastop_published import published
from heldout.stats.pairwise import relabellings

PLAN = Plan(scores=5, interims=5, permutations=10_000, alpha=0.05)
ToldApart = Callable[[np.ndarray, int], int]  # (agents, runs) and a seed to the number of pairs told apart


def package(scores: np.ndarray, seed: int) -> int:
    """The package's own loop, as its documentation writes it."""
    from adastop import MultipleAgentsComparator  # pyright: ignore[reportMissingImports]

    names = [str(i) for i in range(len(scores))]
    comparator = MultipleAgentsComparator(
        n=PLAN.scores, K=PLAN.interims, B=PLAN.permutations, alpha=PLAN.alpha, seed=seed
    )
    seen = {name: np.empty(0) for name in names}
    for k in range(PLAN.interims):
        wanted = range(len(scores)) if k == 0 else np.unique(comparator.current_comparisons)
        for i in wanted:
            seen[names[i]] = scores[i, : (k + 1) * PLAN.scores]
        comparator.partial_compare(dict(seen), verbose=False)
        if comparator.is_finished:
            break
    return sum(decision != "equal" for decision in comparator.decisions.values())


def exact(scores: np.ndarray, seed: int) -> int:  # noqa: ARG001
    return sum(decision != "equal" for decision in relabellings(scores, PLAN).decisions.values())


def ours(scores: np.ndarray, seed: int) -> int:
    return sum(decision != "equal" for decision in corrected(scores, PLAN, seed).decisions.values())


def as_published(scores: np.ndarray, seed: int) -> int:
    return sum(decision != "equal" for decision in published(scores, PLAN, seed).decisions.values())


def equal_agents(agents: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(agents, PLAN.scores * PLAN.interims))


def undecided_agents(agents: int) -> np.ndarray:
    """Equal agents of which no form tells any apart, so that every one does all the work."""
    forms = (as_published, ours)
    return next(s for s in (equal_agents(agents, seed) for seed in range(1000)) if not any(f(s, 0) for f in forms))


def seconds(tests: dict[str, ToldApart], scores: np.ndarray, repeats: int) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in tests}
    for seed in range(repeats):
        for name, test in tests.items():
            start = time.perf_counter()
            test(scores, seed)
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


def error(test: ToldApart, agents: int, sims: int) -> tuple[float, float]:
    share = sum(test(equal_agents(agents, seed), seed) > 0 for seed in range(sims)) / sims
    return share, math.sqrt(share * (1 - share) / sims)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sims", type=int, default=2_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    tests: dict[str, ToldApart] = {"corrected": ours, "exact pairs, Holm": exact, "as published": as_published}
    if find_spec("adastop"):
        tests["adastop package"] = package
    else:
        print("the package adastop is not installed: heldout is measured alone")
    times = seconds(tests, undecided_agents(5), options.repeats)
    print("5 agents, 5 groups of 5 scores, 10,000 permutations")
    for name, value in times.items():
        ratio = f", {times['adastop package'] / value:.1f} x the package's speed" if "adastop package" in times else ""
        print(f"  {name:18} {value:8.4f} s{ratio}")
    if options.sims < 1:
        return
    print(f"family-wise error on equal normal agents at level {PLAN.alpha}")
    for agents in (2, 3, 5):
        for name, test in tests.items():
            if test is not package or agents == 2:
                share, spread = error(test, agents, options.sims)
                print(f"  {agents} agents  {name:18} {share:.3f} +- {spread:.3f}", flush=True)


if __name__ == "__main__":
    main()
