"""How reliable repeated answers are: metrics of k answers for every system, and what to repeat next."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from heldout.results.comparison import Interval
from heldout.results.table import Items, Table
from heldout.results.varying import Varying, varying
from heldout.stats.reliability import (
    Components,
    Metric,
    mg_pass_at_k,
    one_way,
    pass_all_k,
    pass_at_k,
)
from heldout.stats.reliability.counts import Counts
from heldout.stats.reliability.interval import new_items

WHOLE = 1e-6
"""A mean of so many outcomes that are 0 or 1, times their number, is whole but for rounding."""

MOST_K = 64


@dataclass(frozen=True)
class MetricRow:
    """One metric of one system with its 95% interval over items like these; `items`: how many have the samples it takes."""

    name: str
    k: int
    value: Interval
    items: int


@dataclass(frozen=True)
class ReliabilityRow:
    """One system. `samples`: the median number of an item.

    `item`, `sampling`: variance of the chance of success between items, and of one answer within an item, NaN where
    unknown. `error`: the standard error of pass@1 that they give; `item_more`, `sample_more`: what it would be with twice
    the answers, spent on more items or on more samples of these; `price`: the answers that a new item may cost before
    further samples of these items are the better buy, samples**2 * item / sampling (Cochran, 1977, section 10.6).
    """

    system: str
    items: int
    samples: float
    metrics: tuple[MetricRow, ...]
    item: float = float("nan")
    sampling: float = float("nan")
    error: float = float("nan")
    item_more: float = float("nan")
    sample_more: float = float("nan")
    price: float = float("nan")


@dataclass(frozen=True)
class Reliability:
    """What repeated answers to items say of systems.

    `k`: what the metrics draw, a power of two that every system but a few outliers has. `left_out`: systems without repeated
    answers. `varying`: what varies where seeds or prompts are told apart.
    """

    k: tuple[int, ...]
    rows: tuple[ReliabilityRow, ...]
    left_out: tuple[str, ...] = ()
    varying: Varying | None = None


def reliability(table: Table) -> Reliability | None:
    """What the table's repeated answers say; None where it has none, or where outcomes are not 0 or 1."""
    if table.items is None:
        return None
    items = table.items
    drawn = np.where(np.isnan(items.values), 0, items.repeats)
    if not (drawn > 1).any():
        return None
    counted = list(_counts(items, drawn))
    if any(c is None for c in counted):
        return None
    given = [(s, c) for s, c in zip(table.systems, counted, strict=True) if c is not None]
    repeated = [(s, c) for s, c in given if (c.n > 1).any()]
    ks = levels([c for _, c in repeated])
    rows = tuple(_row(system, c, ks) for system, c in repeated)
    alone = tuple(s for s, c in given if not (c.n > 1).any())
    return Reliability(ks, rows, alone, varying(table.systems, items.crossed))


def levels(given: list[Counts]) -> tuple[int, ...]:
    """1 and two powers of two up to what nine in ten items of every system allow, half of it being the larger.

    Half, since at k = n the estimate of an item is 0 or 1 and rests on a single draw.
    """
    enough = min(int(np.quantile(c.n[c.n > 0], 0.1)) for c in given)
    top = 2 ** int(np.log2(max(1, min(enough // 2, MOST_K))))
    return tuple(sorted({1, max(top // 4, min(2, top)), top} if top > 1 else {1}))


def _counts(items: Items, drawn: np.ndarray) -> Iterator[Counts | None]:
    """Counts of each system; None where means are not those of zeros and ones."""
    for values, repeats in zip(items.values, drawn, strict=True):
        right = np.where(repeats > 0, values, 0.0) * repeats
        whole = np.round(right)
        fits = (np.abs(right - whole) <= WHOLE * np.maximum(repeats, 1)).all() and (whole >= 0).all()
        yield Counts(repeats.astype(np.int64), whole.astype(np.int64)) if fits and (whole <= repeats).all() else None


def _row(system: str, given: Counts, ks: tuple[int, ...]) -> ReliabilityRow:
    has = given.n > 0
    metrics: list[Metric] = [pass_at_k(k) for k in ks] + [pass_all_k(k) for k in ks if k > 1]
    metrics += [mg_pass_at_k(max(ks))] if max(ks) > 1 else []
    made = []
    for metric in metrics:
        if (given.n >= metric.k).any():
            found = new_items(metric, *given)
            made.append(MetricRow(metric.name, metric.k, Interval(*found[:3]), found.items))
    row = ReliabilityRow(system, int(has.sum()), float(np.median(given.n[has])), tuple(made))
    return _planned(row, given) if has.sum() > 1 else row


def _planned(row: ReliabilityRow, given: Counts) -> ReliabilityRow:
    parts: Components = one_way(*given)
    many = parts.levels
    twice_items = parts.error({"item": 2 * many["item"]})
    twice_samples = parts.error({"sample": 2 * many["sample"]})
    item, sampling = parts.variance[("item",)], parts.variance["item", "sample"]
    return ReliabilityRow(
        row.system,
        row.items,
        row.samples,
        row.metrics,
        item,
        sampling,
        parts.error(),
        twice_items,
        twice_samples,
        many["sample"] ** 2 * item / sampling if sampling > 0 else float("inf"),
    )
