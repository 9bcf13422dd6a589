"""Comparisons made up for the pages' tests: their numbers mean nothing."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from heldout.core.verdict import Verdict
from heldout.results.comparison import Comparison, Interval, PairRow, PairVerdict, Profile, SystemRow, TaskRow
from heldout.results.table import Table

HOSTILE = "<script>alert('x')</script> & \"q\" | `c` *b* [l](http://evil.example) \x1b[31m\n é 数 \u202e =1+1"
NAMES = ("dreamerv3", "dreamerv2", "ppo", "impala", "rainbow", "muzero", "dqn", "d4pg", "sac", "drqv2")
NAN = float("nan")
Maker = Callable[..., Comparison]


def interval(values: np.ndarray) -> Interval:
    """A mean with a half width from the spread of the values."""
    middle, half = (
        float(values.mean()),
        float(2 * values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else NAN,
    )
    return Interval(middle, middle - half, middle + half)


def systems(names: tuple[str, ...], scores: np.ndarray) -> tuple[SystemRow, ...]:
    """`scores`: (systems, runs, tasks)."""
    runs = scores.shape[1]
    made = []
    for i, name in enumerate(names):
        per_run = scores[i].mean(1)
        better = float(np.mean([per_run.mean() > scores[j].mean() for j in range(len(names)) if j != i] or [0.5]))
        median = Interval(
            *(v - 0.02 for v in (interval(per_run).estimate, interval(per_run).low, interval(per_run).high))
        )
        iqm = Interval(
            *(v + 0.011 for v in (interval(per_run).estimate, interval(per_run).low, interval(per_run).high))
        )
        made.append(
            SystemRow(
                name,
                runs,
                scores.shape[2],
                1.0,
                iqm,
                interval(per_run),
                median,
                interval(1 - per_run),
                Interval(better, better - 0.1, better + 0.1),
                (1, 1),
            )
        )
    order = sorted(range(len(made)), key=lambda i: -made[i].mean.estimate)
    for place, i in enumerate(order, 1):
        made[i] = replace(made[i], rank=(max(1, place - place % 3), min(len(names), place + (place + 1) % 2)))
    return tuple(made)


def pairs(names: tuple[str, ...], scores: np.ndarray) -> tuple[PairRow, ...]:
    """Every pair, its verdict from the interval of its difference."""
    made, worth = [], 0
    for a, b in combinations(range(len(names)), 2):
        delta = (scores[a] - scores[b]).mean(1)
        d = interval(delta)
        half = d.high - d.estimate
        verdict: PairVerdict = (
            "a better" if d.low > 0 else "b better" if d.high < 0 else "equivalent" if half < 0.01 else "undecided"
        )
        open_ = verdict == "undecided"
        worth += open_
        share = float((scores[a][:, None] > scores[b][None]).mean())
        chance = (
            Interval(share, max(share - 0.1, 0), min(share + 0.1, 1)) if len(delta) > 1 else Interval(share, NAN, NAN)
        )
        made.append(
            PairRow(
                names[a], names[b], d, chance,
                effect_size=float(delta.mean() / delta.std(ddof=1)) if len(delta) > 1 else NAN,
                p_adjusted=float(np.exp(-abs(d.estimate) / (half or 1) * 4)) if len(delta) > 1 else NAN,
                verdict=verdict, paired_by="seed", n=scores.shape[1], unit="run", method="permutation of signs, Holm over all pairs",
                assumption="runs are exchangeable",
                more_units=int(np.ceil((half / max(abs(d.estimate), 1e-3)) ** 2 * 4)) if open_ and np.isfinite(half) else None,
                worth=worth if open_ else None,
            )
        )  # fmt: skip
    return tuple(made)


def profiles(names: tuple[str, ...], scores: np.ndarray) -> tuple[Profile, ...]:
    at = np.linspace(float(scores.min()), float(scores.max()), 41)
    made = []
    for i, name in enumerate(names):
        share = (scores[i].ravel()[None] > at[:, None]).mean(1)
        made.append(Profile(name, at, share, np.clip(share - 0.06, 0, 1), np.clip(share + 0.06, 0, 1)))
    return tuple(made)


def comparison(
    count: int = 5,
    tasks: int = 6,
    runs: int = 5,
    names: tuple[str, ...] | None = None,
    *,
    gap: float = 0.05,
    scale: float = 1.0,
) -> Comparison:
    """So many systems, each `gap` above the next."""
    rng = np.random.default_rng(count * 100 + tasks)
    names = names or tuple(NAMES[i] if i < len(NAMES) else f"system {i}" for i in range(count))
    labels = tuple(f"task {i}" for i in range(tasks))
    level = 0.8 - gap * np.arange(count)[:, None, None] + rng.normal(0, 0.08, (1, 1, tasks))
    scores = scale * (level + rng.normal(0, 0.06, (count, runs, tasks)))
    order = tuple(names[i] for i in np.argsort(-scores.mean((1, 2)), kind="stable"))
    other = (order[1], order[0], *order[2:]) if count > 1 else order
    spread = scores.mean(1).std(0)
    notes = ["decides the winner", "saturated", "redundant with task 0"]
    rows = tuple(
        TaskRow(t, float(spread[i]), float(rng.uniform(0.2, 1)), notes[i] if i < 3 and tasks > 3 else "")
        for i, t in enumerate(labels)
    )
    rules = ("mean", "median", "borda", "plurality", "copeland", "minimax", "kemeny")
    return Comparison(
        table=Table(
            "runs", names, labels, scores, paired=True, sources=("results.csv",),
            understood=("system: column 'algo'", "task: column 'env'", "run: column 'seed'", "score: column 'return', higher is better"),
            warnings=("3 duplicated rows: the first of each was kept",),
        ),
        systems=systems(names, scores), pairs=pairs(names, scores),
        rankings={rule: other if rule in ("borda", "kemeny") else order for rule in rules},
        profiles=profiles(names, scores), tasks=rows,
        warnings=(f"only {runs} runs per system: intervals are wide", "outliers drive the mean of ppo"),
    )  # fmt: skip


@pytest.fixture
def made() -> Maker:
    return comparison


def attacked() -> Comparison:
    """Names, tasks, files, rules and texts that try to get out of their places."""
    few = comparison(4, 5, 3, tuple(f"{i} {HOSTILE}" for i in range(4)), gap=0.01)
    table = replace(few.table, sources=(HOSTILE,), understood=(HOSTILE,), warnings=(HOSTILE,))
    tasks = tuple(replace(t, task=f"{t.task} {HOSTILE}", note=HOSTILE) for t in few.tasks)
    said = tuple(replace(p, method=HOSTILE, assumption=HOSTILE, paired_by=HOSTILE) for p in few.pairs)
    claims = (
        Verdict(
            HOSTILE, HOSTILE, "supported", 0.1, 0.05, 0.15, bound=0.0, n=3, unit="run", method=HOSTILE, reason=HOSTILE
        ),
    )
    return replace(
        few, table=table, tasks=tasks, pairs=said, claims=claims, warnings=(HOSTILE,), normalised=HOSTILE,
        rankings={HOSTILE: few.rankings["mean"], "mean": few.rankings["mean"]},
    )  # fmt: skip


def bare() -> Comparison:
    """One run each on one task: no interval anywhere."""
    return comparison(3, 1, 1)


def unknown() -> Comparison:
    """Nothing is known of how scores vary: intervals have no ends."""
    three = comparison(3, 2, 1)
    wide = tuple(
        replace(
            p,
            difference=replace(p.difference, low=-np.inf, high=np.inf),
            p_adjusted=1.0,
            verdict="undecided",
            more_units=None,
        )
        for p in three.pairs
    )
    rows = tuple(replace(s, median=replace(s.median, low=-np.inf, high=np.inf)) for s in three.systems)
    return replace(three, pairs=wide, systems=rows)


def absent() -> Comparison:
    """A system without any score beside two that are the same."""
    three = comparison(3, 2, 3)
    none = Interval(NAN, NAN, NAN)
    zero = Interval(0.0, 0.0, 0.0)
    rows = tuple(
        replace(s, iqm=v, mean=v, median=v, optimality_gap=v, win_rate=none if v is none else Interval(0.5, 0.4, 0.6))
        for s, v in zip(three.systems, (none, zero, zero), strict=True)
    )
    pairs = tuple(
        replace(p, difference=none if i < 2 else zero, effect_size=NAN, p_adjusted=NAN)
        for i, p in enumerate(three.pairs)
    )
    return replace(three, systems=rows, pairs=pairs, rankings={}, profiles=(), tasks=(), warnings=())


LONG = tuple(f"provider--Model{size}B-Instruct-{v}_vllm" for size in (7, 14, 72) for v in ("v1", "v2", "v3"))

SHAPES = {
    "long": lambda: comparison(9, 6, 4, LONG),
    "unknown": unknown,
    "absent": absent,
    "alone": lambda: comparison(1, 3, 2),
    "two": lambda: comparison(2),
    "close": lambda: comparison(2, gap=0.0),
    "five": comparison,
    "many": lambda: comparison(30, 26, 5, gap=0.012),
    "tasks": lambda: comparison(3, 200, 3),
    "large": lambda: comparison(4, 8, 5, scale=4000.0),
    "bare": bare,
    "hostile": attacked,
}


@pytest.fixture(params=list(SHAPES))
def shaped(request: pytest.FixtureRequest) -> Comparison:
    """A comparison of every shape."""
    return SHAPES[request.param]()


@pytest.fixture
def hostile() -> Comparison:
    """A comparison whose every text is hostile."""
    return attacked()
