"""Error rates, coverage, width and cost of every test that the judge can choose, by simulation.

    python benchmarks/operating_characteristics.py [--quick | --beside]

Writes docs/statistics/operating_characteristics.md and the figures beside it. `--quick`: 400 simulations a cell instead
of 5,000, written nowhere. `--beside`: only the cells of beside.py, put in the place of those written before. One thread, seeded: the same table every time.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

import numpy as np
from beside import beside
from characteristics_report import refresh, write
from laws import LAWS, Draw, bernoulli, beta, shifted, two_humps
from scipy import stats as scipy_stats

from heldout.stats import betting, binomial, relabelling, signflip
from heldout.stats.groupsequential import Orbit, first_rejection, limits
from heldout.stats.holm import holm
from heldout.stats.looks import schedule

LEVEL, CHUNK = 0.05, 250


@dataclass(frozen=True)
class Cell:
    """What was simulated, and what came of it.

    `wrong`: share of simulations with a wrong verdict. `n_fixed`: what the fixed-sample test needs for 80 % power.
    `width`: relative to the naive fixed-sample interval at the same n. `guaranteed`: whether the method promises its
    level here.
    """

    method: str
    law: str
    effect: str
    null: bool
    sims: int
    wrong: float
    decided: float
    mean_n: float
    n_fixed: float = np.nan
    coverage: float = np.nan
    width: float = np.nan
    width_early: float = np.nan  # at fewer than 12 units
    width_late: float = np.nan  # from 32 units on
    guaranteed: bool = True


def _n_fixed(power: Callable[[int], float], top: int = 512) -> float:
    """The least n at which a fixed-sample test has 80 % power."""
    low, high = 3, 6
    while power(high) < 0.8:
        low, high = high, 2 * high
        if high > top:
            return np.nan
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= 0.8 else (middle, high)
    return float(high)


def _orbits(
    make: Callable[[np.random.Generator, int], Orbit], sims: int, seed: int
) -> Iterator[tuple[np.random.Generator, Orbit]]:
    for start in range(0, sims, CHUNK):
        g = np.random.default_rng((seed, start))
        yield g, make(g, min(CHUNK, sims - start))


def _cut(orbit: Orbit, rows: np.ndarray, look: int) -> Orbit:
    sums = tuple(t[rows] for t in orbit.sums[: look + 1])
    return replace(orbit, sums=sums, slopes=orbit.slopes[: look + 1], centre=orbit.centre[rows],
                   tolerance=orbit.tolerance[rows])  # fmt: skip


def _summary(cell: Cell, stops: np.ndarray, sides: np.ndarray, truth_side: int, looks: np.ndarray) -> Cell:
    """Fill in who was decided and when. `truth_side`: 0 if nothing is to be found."""
    decided = sides != 0
    wrong = decided & (sides != truth_side) if truth_side else decided
    return replace(cell, sims=len(stops), wrong=wrong.mean(), decided=decided.mean(), mean_n=looks[stops].mean())


def _widths(cell: Cell, ends: np.ndarray, naive: np.ndarray, n: np.ndarray, truth: float) -> Cell:
    """Coverage, and width against the naive interval: over all, before 12 units, from 32 on."""
    low, high = ends.T
    width, ok = high - low, naive > 0

    def ratio(where: np.ndarray) -> float:
        where = where & ok & np.isfinite(width)
        return float(width[where].mean() / naive[where].mean()) if where.sum() >= 30 else np.nan

    covered = ((low <= truth + 1e-9) & (truth - 1e-9 <= high)).mean()
    return replace(cell, coverage=covered, width=ratio(n > 0), width_early=ratio(n < 12), width_late=ratio(n >= 32))


def _t_width(sd: np.ndarray, n: np.ndarray, df: np.ndarray) -> np.ndarray:
    return 2 * scipy_stats.t.ppf(0.975, df) * sd / np.sqrt(n)


def comparison(
    kind: str, law: str, draw: tuple[Draw, Draw], effect: tuple[str, float], sims: int, **how: object
) -> Cell:
    """A comparison at bound 0 of unbounded (interval by inversion) or bounded scores (by betting).

    `draw`: the laws of either system; `effect`: its name and the true difference of means. `how`: cap, bounded, null.
    """
    cap, bounded = int(how.get("cap", 64)), bool(how.get("bounded", False))  # pyright: ignore[reportArgumentType]
    looks, seed = schedule(cap), 7
    (one, two), (name, truth) = draw, effect
    paired = kind == "paired"
    stops, sides, ends, naive = [], [], [], []
    for start in range(0, sims, CHUNK):
        g = np.random.default_rng((seed, start))
        size = (min(CHUNK, sims - start), cap)
        x, y = one(g, size), two(g, size)
        both = [(n, n) for n in looks]
        orbit = signflip.orbit(x - y, looks) if paired else relabelling.orbit(x, y, both)
        found = first_rejection(orbit, LEVEL)
        estimate = orbit.estimates()
        at = np.minimum(found, len(looks) - 1)
        seen = estimate[at, np.arange(len(at))]
        stops.append(at)
        sides.append(np.where(found < len(looks), np.sign(seen), 0))
        own, plain = np.empty((len(at), 2)), np.empty(len(at))
        for k in np.unique(at):
            rows, n = np.flatnonzero(at == k), looks[k]
            if bounded:
                low, high = betting.limits((x[rows] - y[rows] + 1) / 2, LEVEL, looks[: k + 1])
                own[rows] = np.column_stack((2 * low[-1] - 1, 2 * high[-1] - 1))
            else:
                own[rows] = limits(_cut(orbit, rows, int(k)), LEVEL)[:, -1]
            a, b = x[rows, :n], y[rows, :n]
            sd = (a - b).std(axis=1, ddof=1) if paired else np.sqrt(a.var(axis=1, ddof=1) + b.var(axis=1, ddof=1))
            plain[rows] = _t_width(sd, n, np.array(n - 1 if paired else 2 * n - 2))
        side = sides[-1]
        own[side > 0] = np.maximum(own[side > 0], 0.0)
        own[side < 0] = np.minimum(own[side < 0], 0.0)
        own[side == 0] = np.column_stack((np.minimum(own[side == 0, 0], 0), np.maximum(own[side == 0, 1], 0)))
        ends.append(own)
        naive.append(plain)
    method = f"sign flips, {'bounded' if bounded else 'unbounded'}" if paired else "relabelling"
    cell = Cell(method, law, name, truth == 0, sims, 0, 0, 0, guaranteed=bool(how.get("guaranteed", True)))
    at = np.concatenate(stops)
    cell = _summary(cell, at, np.concatenate(sides), int(np.sign(truth)), np.array(looks))
    cell = _widths(cell, np.concatenate(ends), np.concatenate(naive), np.array(looks)[at], truth)
    if truth:

        def power(n: int) -> float:
            g = np.random.default_rng((11, n))
            x, y = one(g, (800, n)), two(g, (800, n))
            orbit = signflip.orbit(x - y, (n,)) if paired else relabelling.orbit(x, y, [(n, n)])
            return float((first_rejection(orbit, LEVEL) == 0).mean())

        cell = replace(cell, n_fixed=_n_fixed(power))
    return cell


def _fixed_binomial(p: float, c: float) -> float:
    """The least n at which the exact two-sided binomial test has 80 % power, and keeps it for the next three n."""

    def power(n: int) -> float:
        above, below = scipy_stats.binom.isf(LEVEL / 2, n, c), scipy_stats.binom.ppf(LEVEL / 2, n, c)
        return float(scipy_stats.binom.sf(above, n, p) + scipy_stats.binom.cdf(below - 1, n, p))

    return float(next((n for n in range(3, 2000) if power(n) >= 0.8), np.nan))


def threshold(method: str, law: str, draw: Draw, problem: tuple[float, float, int], sims: int) -> Cell:
    """A mean, share or median against a constant. `problem`: truth, bound, cap. Medians: `draw` must have that median."""
    truth, bound, cap = problem
    looks = schedule(cap)
    data = draw(np.random.default_rng(13), (sims, cap))
    none, ks = len(looks), np.array(looks) - 1
    if method == "betting":
        above = betting.first_rejection(data, bound, LEVEL / 2, looks)
        below = betting.first_rejection(1 - data, 1 - bound, LEVEL / 2, looks)
    else:
        p = 0.5 if method == "sign test" else bound
        higher = np.cumsum(data > bound if method == "sign test" else data > 0.5, axis=1)[:, ks]
        lower = np.cumsum(data < bound if method == "sign test" else data < 0.5, axis=1)[:, ks]
        above = _first(higher >= binomial.boundaries(looks, p, LEVEL / 2))
        below = _first(lower >= binomial.boundaries(looks, 1 - p, LEVEL / 2))
    at = np.minimum(np.minimum(above, below), none - 1)
    side = np.where(np.minimum(above, below) == none, 0, np.where(above <= below, 1, -1))
    cell = Cell(method, law, f"{truth:g} against {bound:g}", truth == bound, sims, 0, 0, 0)
    cell = _summary(cell, at, side, int(np.sign(truth - bound)), np.array(looks))
    ends, naive = np.empty((sims, 2)), np.empty(sims)
    for k in np.unique(at):
        rows, n = np.flatnonzero(at == k), looks[k]
        ends[rows], naive[rows] = _threshold_ends(method, data[rows, :n], looks[: k + 1], none)
    cell = _widths(cell, ends, naive, np.array(looks)[at], truth)
    fixed = np.nan
    if truth != bound and method != "sign test":
        fixed = _fixed_binomial(truth, bound)
    if truth != bound and method == "sign test":
        fixed = _fixed_binomial(float((data > bound).mean()), 0.5)
    return replace(cell, n_fixed=fixed)


def _first(reached: np.ndarray) -> np.ndarray:
    return np.where(reached.any(axis=1), reached.argmax(axis=1), reached.shape[1])


def _threshold_ends(
    method: str, data: np.ndarray, looks: tuple[int, ...], planned: int
) -> tuple[np.ndarray, np.ndarray]:
    """The interval at the last look, and the width of the naive one: t, or Clopper-Pearson for shares."""
    n = looks[-1]
    if method == "betting":
        low, high = betting.limits(data, LEVEL, looks)
        return np.column_stack((low[-1], high[-1])), _t_width(data.std(axis=1, ddof=1), np.array(n), np.array(n - 1))
    if method == "sign test":
        ends = np.array([binomial.median_limits(row, looks, LEVEL, planned)[-1] for row in data])
        return ends, np.zeros(len(data))
    counts = np.cumsum(data > 0.5, axis=1)[:, np.array(looks) - 1]
    cache = {tuple(c): binomial.limits(c, looks, LEVEL, planned) for c in {tuple(c) for c in counts.tolist()}}
    x = counts[:, -1]
    low = np.where(x > 0, scipy_stats.beta.ppf(0.025, x, n - x + 1), 0.0)
    high = np.where(x < n, scipy_stats.beta.ppf(0.975, x + 1, n - x), 1.0)
    return np.array([cache[tuple(c)] for c in counts.tolist()]), high - low


def margin(method: str, law: str, draws: tuple[Draw, Draw], truth: float, bound: float, sims: int) -> Cell:
    """A claim `a > b + bound` on scores in [0, 1] whose true difference is `truth`."""
    looks, g = schedule(64), np.random.default_rng(17)
    data = draws[0](g, (sims, 64)) - draws[1](g, (sims, 64))
    if method == "betting":
        above = betting.first_rejection((data + 1) / 2, (bound + 1) / 2, LEVEL / 2, looks)
        below = betting.first_rejection((1 - data) / 2, (1 - bound) / 2, LEVEL / 2, looks)
    else:
        found = np.concatenate([first_rejection(signflip.orbit(d, looks), LEVEL, bound)
                                for d in np.array_split(data, max(1, sims // CHUNK))])  # fmt: skip
        at = np.minimum(found, len(looks) - 1)
        seen = np.cumsum(data, axis=1)[np.arange(sims), np.array(looks)[at] - 1] / np.array(looks)[at]
        above, below = (np.where((seen - bound) * s > 0, found, len(looks)) for s in (1, -1))
    at = np.minimum(np.minimum(above, below), len(looks) - 1)
    side = np.where(np.minimum(above, below) == len(looks), 0, np.where(above <= below, 1, -1))
    name = "margin, betting" if method == "betting" else "margin, shifted flips"
    cell = Cell(
        name, law, f"{truth:g} against {bound:g}", truth == bound, sims, 0, 0, 0, guaranteed=method == "betting"
    )
    return _summary(cell, at, side, int(np.sign(round(truth - bound, 9))), np.array(looks))


def nearness(law: str, draws: tuple[Draw, Draw], truth: float, within: float, sims: int) -> Cell:
    """A claim that two scores in [0, 1] lie within a margin of each other, when they differ by `truth`."""
    looks, g = schedule(256), np.random.default_rng(29)
    data = draws[0](g, (sims, 256)) - draws[1](g, (sims, 256))
    low, high = (2 * e - 1 for e in betting.limits((data + 1) / 2, LEVEL, looks))
    inside, outside = (low >= -within) & (high <= within), (low > within) | (high < -within)
    decided = (inside | outside).any(axis=0)
    at = np.where(decided, (inside | outside).argmax(axis=0), len(looks) - 1)
    side = np.where(decided, np.where(inside[at, np.arange(sims)], 1, -1), 0)
    cell = Cell("nearness, betting", law, f"{truth:g}, within {within:g}", truth == within, sims, 0, 0, 0)
    return _summary(cell, at, side, 0 if truth == within else int(np.sign(within - truth)), np.array(looks))


def _decided_at(table: dict[float, np.ndarray], looks: int, *, alone: bool) -> np.ndarray:
    """The look at which each claim is decided, as a run would live through it: (claims,), `looks` where none is.

    `table`: per level the first look that rejects each claim.
    """
    claims = len(table[LEVEL])
    when = np.full(claims, looks)
    for k in range(looks):

        def rejects(still: Sequence[int], share: float, k: int = k) -> list[int]:
            return [j for j in still if table[share][j] <= k]

        done = table[LEVEL] <= k if alone else np.array([x is not None for x in holm(rejects, claims, LEVEL)])
        when = np.where((when == looks) & done, k, when)
    return when


def several(effects: tuple[float, ...], sims: int, *, alone: bool = False) -> Cell:
    """Normal paired comparisons judged together by Holm's rule at every look (or each alone at the full level)."""
    looks, m, null = schedule(64), len(effects), np.array(effects) == 0
    g = np.random.default_rng(19)
    when = []
    for start in range(0, sims, CHUNK):
        size = min(CHUNK, sims - start)
        data = g.standard_normal((size * m, 64)) + np.tile(effects, size)[:, None]
        orbit = signflip.orbit(data, looks)
        table = {LEVEL / k: first_rejection(orbit, LEVEL / k).reshape(size, m) for k in range(1, m + 1)}
        when += [_decided_at({share: t[i] for share, t in table.items()}, len(looks), alone=alone) for i in range(size)]
    found = np.array(when)
    wrong, decided = (found[:, null] < len(looks)).any(axis=1).mean(), (found[:, ~null] < len(looks)).mean(axis=0)
    mean_n = np.array(looks)[np.minimum(found[:, ~null], len(looks) - 1)]
    name, label = "each alone" if alone else "Holm at each look", "d = " + ", ".join(f"{e:g}" for e in effects)
    some = not null.all()
    return Cell(
        name, "normal, paired, five claims", label, null.all(), sims, wrong,
        decided.mean() if some else wrong, mean_n.mean() if some else np.nan, guaranteed=not alone,
    )  # fmt: skip


def cells(sims: int) -> Iterator[Cell]:
    """Every cell of the table."""
    for kind, unit in (("paired", np.sqrt(2.0)), ("unpaired", 1.0)):
        for law, draw in LAWS.items():
            for d in (0.0, 0.5, 1.0, 2.0):
                cap = 256 if d == 0.5 else 64
                yield comparison(kind, law, (shifted(draw, d * unit), draw), (f"d = {d:g}", d * unit), sims, cap=cap)
        for d in (0.0, 0.5, 1.0, 2.0):
            delta = d / np.sqrt(2 + d * d) if kind == "paired" else d / np.sqrt(4 + d * d)
            pair = bernoulli(0.5 + delta / 2), bernoulli(0.5 - delta / 2)
            cap = 256 if d == 0.5 else 64
            yield comparison(kind, "Bernoulli", pair, (f"d = {d:g}", delta), sims, cap=cap, bounded=True)
    yield from _bounded(sims)
    yield from _thresholds(sims)
    yield from _limits_of_the_guarantee(sims)
    for effects in ((0.0,) * 5, (0.0, 0.0, 0.0, 1.0, 2.0), (1.0,) * 5, (0.5,) * 5, (2.0,) * 5):
        yield several(effects, sims)
        yield several(effects, sims, alone=True)


def _bounded(sims: int) -> Iterator[Cell]:
    pairs = {
        "Bernoulli .95/.85": (bernoulli(0.95), bernoulli(0.85), 0.1),
        "Bernoulli .99/.89": (bernoulli(0.99), bernoulli(0.89), 0.1),
        "two humps .9/.8": (two_humps(0.9), two_humps(0.8), 0.1),
        "Beta(2) .95/.85": (beta(0.95, 2), beta(0.85, 2), 0.1),
        "Beta(10) .8/.7": (beta(0.8, 10), beta(0.7, 10), 0.1),
        "Beta(100) .8/.78": (beta(0.8, 100), beta(0.78, 100), 0.02),
        "Beta(10) .7/.7": (beta(0.7, 10), beta(0.7, 10), 0.0),
    }
    for law, (one, two, truth) in pairs.items():
        yield comparison("paired", law, (one, two), (f"difference {truth:g}", truth), sims, bounded=True)
        if truth:
            yield margin("betting", law, (one, two), truth, truth, sims)
            yield margin("flips", law, (one, two), truth, truth, sims)
    for truth in (0.0, 0.1, 0.3):
        pair = beta(0.5 + truth, 10), beta(0.5, 10)
        yield nearness("Beta(10)", pair, truth, 0.1, sims)
    yield margin("betting", "Bernoulli .95/.5", (bernoulli(0.95), bernoulli(0.5)), 0.45, 0.1, sims)
    yield margin("betting", "Beta(10) .9/.5", (beta(0.9, 10), beta(0.5, 10)), 0.4, 0.1, sims)


def _thresholds(sims: int) -> Iterator[Cell]:
    for p, c, cap in ((0.5, 0.5, 64), (0.9, 0.9, 64), (0.6, 0.5, 1024), (0.8, 0.5, 64), (0.95, 0.5, 64),
                      (0.95, 0.9, 1024), (0.99, 0.9, 1024)):  # fmt: skip
        yield threshold("binomial", "Bernoulli", bernoulli(p), (p, c, cap), sims)
        yield threshold("betting", "Bernoulli", bernoulli(p), (p, c, cap), sims if cap < 100 else min(sims, 1000))
    for p in (0.5, 0.8):
        for law, draw in (
            ("Beta(2)", beta(p, 2)),
            ("Beta(10)", beta(p, 10)),
            ("two humps", two_humps(max(p, 0.55))),
        ):
            truth = max(p, 0.55) if law == "two humps" else p
            yield threshold("betting", law, draw, (truth, truth if p == 0.5 else 0.5, 64), sims)
    for law, draw in LAWS.items():
        middle = float(np.median(draw(np.random.default_rng(23), (1, 4_000_001)))) if law == "log-normal" else 0.0
        for shift in (0.0, 0.5, 1.0, 2.0):
            centred = shifted(draw, shift - middle)
            yield threshold("sign test", law, centred, (shift, 0.0, 256 if shift == 0.5 else 64), sims)


def _limits_of_the_guarantee(sims: int) -> Iterator[Cell]:
    free = partial(comparison, sims=sims, guaranteed=False)
    normal, skewed = LAWS["normal"], LAWS["log-normal"]
    yield free("unpaired", "log-normal against normal, equal means", (skewed, normal), ("d = 0", 0.0))
    yield free("unpaired", "log-normal against 3 x log-normal", (skewed, lambda g, s: 3 * skewed(g, s)), ("d = 0", 0.0))
    yield free("unpaired", "normal, sd 1 against 3", (normal, lambda g, s: 3 * normal(g, s)), ("d = 0", 0.0))
    yield free("paired", "skewed differences, mean 0", (skewed, lambda _, s: np.zeros(s)), ("d = 0", 0.0))
    yield free("paired", "skewed differences, mean 1", (shifted(skewed, 1.0), lambda _, s: np.zeros(s)), ("d = 1", 1.0))


def main() -> None:
    quick = "--quick" in sys.argv
    if "--beside" in sys.argv:
        return refresh(list(beside(5000)))
    sims = 400 if quick else 5000
    begun, found = time.process_time(), []
    for cell in cells(sims):
        found.append(cell)
        print(f"{time.process_time() - begun:6.0f} s  {cell.method:24s} {cell.law:38s} {cell.effect:20s} "
              f"wrong {cell.wrong:.4f} decided {cell.decided:.3f} n {cell.mean_n:6.1f} fixed {cell.n_fixed:5.0f} "
              f"cover {cell.coverage:.3f} width {cell.width:.2f}", flush=True)  # fmt: skip
    if not quick:
        write([*map(asdict, found), *beside(sims)], sims, time.process_time() - begun)
    return None


if __name__ == "__main__":
    main()
