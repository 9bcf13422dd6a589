"""How reliable repeated answers are, and what to repeat next."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from heldout.report.table import Cell, Row, Table
from heldout.report.text import line
from heldout.results.comparison import Comparison
from heldout.results.pages.section import Section, listed

if TYPE_CHECKING:
    from heldout.results.reliability import MetricRow, Reliability, ReliabilityRow
    from heldout.results.varying import Varying

MOST = 12


def section(comparison: Comparison, most: int = MOST) -> Section:
    """Two tables: metrics of k answers, and what varies; nothing where no answer is repeated."""
    found = comparison.reliability
    if found is None:
        return Section("reliability", "Reliability")
    rows = sorted(found.rows, key=lambda r: -r.metrics[0].value.estimate if r.metrics else 0.0)
    said = [
        "pass@k: any of k answers to an item is right. pass^k: all of them are. mG-Pass@k: how far beyond half of them are, "
        "on average. Intervals are for other items like these: repeats of an item are never pooled with another's.",
    ]
    said.append(f"{_range([r.items for r in rows])} items with {_range([r.samples for r in rows])} answers each.")
    if moved := _moved(rows):
        said.append(moved)
    if found.left_out:
        said.append(f"Left out, having one answer per item: {listed(found.left_out)}.")
    if few := [r.system for r in rows if any(m.items < r.items for m in r.metrics)]:
        said.append(f"Items with fewer than k answers are left out of what takes k: so for {listed(few)}.")
    if len(rows) > most:
        said.append(f"Shown: the first {most} of {len(rows):,} systems by pass@1; --json has them all.")
    said.append(_advice(rows))
    tables = (_metrics(rows[:most]), _varies(rows[:most]))
    if found.varying is not None:
        said.append(_together(found.varying, rows))
        tables = (*tables, _crossed(found.varying, rows[:most]))
    return Section("reliability", "Reliability of repeated answers", tuple(s for s in said if s), tables)


def tree(found: "Reliability") -> dict[str, Any]:
    """The same as plain values for JSON."""
    return {
        "k": list(found.k),
        "systems": [_plain(row) for row in found.rows],
        "left_out": list(found.left_out),
        **({} if found.varying is None else {"varying": _varying_tree(found.varying)}),
    }


def _range(numbers: Sequence[float]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low:,g}" if low == high else f"{low:,g} to {high:,g}"


def _metrics(rows: "list[ReliabilityRow]") -> Table:
    names = list(dict.fromkeys(m.name for r in rows for m in r.metrics))
    made = []
    for row in rows:
        have = {m.name: m for m in row.metrics}
        cells = tuple(_cell(have[n]) if n in have else None for n in names)
        made.append(Row(line(row.system), cells))
    caption = "Estimate and 95% interval"
    return Table("Metrics of k answers", "system", tuple(names), tuple(made), 3, caption=caption)


def _varies(rows: "list[ReliabilityRow]") -> Table:
    columns = ("var. items", "var. answers", "error", "2 x items", "2 x answers")
    made = []
    for row in rows:
        if not math.isnan(row.error):
            shown = (row.item, row.sampling, row.error, row.item_more, row.sample_more)
            made.append(Row(line(row.system), tuple(Cell(x, decimals=4) for x in shown)))
    caption = "Variance between items and of answers to an item; the standard error of pass@1: as it is, with twice as many items, with twice as many answers to each"
    return Table("What varies", "system", columns, tuple(made), 4, caption=caption)


def _crossed(found: "Varying", rows: "list[ReliabilityRow]") -> Table:
    by_system = {r.system: r for r in found.rows}
    effects = list(dict.fromkeys(e for r in found.rows for e in r.variance))
    effects.sort(key=lambda e: (len(e), [(*found.factors, "sample").index(f) for f in e]))
    made = []
    for one in (by_system[r.system] for r in rows if r.system in by_system):
        shown = (*(one.variance.get(e, math.nan) for e in effects), one.error, one.same_items)
        made.append(Row(line(one.system), tuple(None if math.isnan(x) else Cell(x, decimals=4) for x in shown)))
    factors = listed(found.factors[1:])
    caption = f"Variance of each effect and of how one differs from level to level of another; the standard error of pass@1 about other items and {factors}s, and about these items"
    columns = (*(" x ".join(e) for e in effects), "error", "these items")
    return Table(f"What varies, by {factors}", "system", columns, tuple(made), 4, caption=caption)


def _together(found: "Varying", rows: "list[ReliabilityRow]") -> str:
    """How much wider errors become where answers of one seed or prompt move together."""
    plain = {r.system: r.error for r in rows}
    ratios = [r.error / plain[r.system] for r in found.rows if plain.get(r.system, 0.0) > 0]
    factors = listed(found.factors[1:])
    levels = [f"{_range([r.levels[f] for r in found.rows])} {f}s" for f in found.factors[1:]]
    left = f" Left out, without two items under all of them: {listed(found.left_out)}." if found.left_out else ""
    wider = (
        f" The standard error of pass@1 is then {_range([round(x, 2) for x in ratios])} times what independent answers give."
        * bool(ratios)
    )
    return f"Answers of one {factors} may move together; they are told apart below ({', '.join(levels)}).{wider}{left}"


def _varying_tree(found: "Varying") -> dict[str, Any]:
    systems = [
        {
            "system": r.system,
            "items": r.items,
            "levels": dict(r.levels),
            "variance": {" x ".join(e): v for e, v in r.variance.items()},
            "error": r.error,
            "error_same_items": r.same_items,
        }
        for r in found.rows
    ]
    return {"factors": list(found.factors), "systems": systems, "left_out": list(found.left_out)}


def _advice(rows: "list[ReliabilityRow]") -> str:
    known = [r for r in rows if r.error > 0]
    if not known:
        return ""
    share = [r.sampling / r.samples / (r.item + r.sampling / r.samples) for r in known]
    spread = (
        f"{min(share):.0%} to {max(share):.0%}" if f"{min(share):.0%}" != f"{max(share):.0%}" else f"{share[0]:.0%}"
    )
    price = float(np.median([r.price for r in known]))
    what = f"Sampling the answers makes up {spread} of the squared error of pass@1, the choice of items the rest."
    if price < 1:
        return f"{what} To know it better, answers to these items are worth as much as new items."
    most = f"up to about {price:,.0f} answers" if math.isfinite(price) else "whatever it costs"
    return f"{what} To know it better a new item is the better buy at a price of {most}, more answers to these items beyond."


def _moved(rows: "list[ReliabilityRow]") -> str:
    """Whether the first by pass@1 is another one by the metrics of many answers."""
    first = rows[0].system
    last = [m.name for m in rows[0].metrics]
    others: dict[str, list[str]] = {}
    for name in last[1:]:
        values = {r.system: m.value.estimate for r in rows for m in r.metrics if m.name == name}
        best = max(values, key=lambda s: values[s])
        if values[best] > values.get(first, -1.0) and best != first:
            others.setdefault(best, []).append(name)
    said = [f"{listed([system])} by {listed(names)}" for system, names in others.items()]
    return f"By the estimates the first by pass@1 is {listed([first])}, but {'; '.join(said)}." if said else ""


def _cell(metric: "MetricRow") -> Cell:
    value = metric.value
    return Cell(value.estimate, value.low, value.high)


def _plain(row: "ReliabilityRow") -> dict[str, Any]:
    metrics = {
        m.name: {
            "k": m.k,
            "estimate": m.value.estimate,
            "low": m.value.low,
            "high": m.value.high,
            "items": m.items,
        }
        for m in row.metrics
    }
    numbers = {
        "variance_between_items": row.item,
        "variance_within_item": row.sampling,
        "error": row.error,
        "error_twice_the_items": row.item_more,
        "error_twice_the_answers": row.sample_more,
        "answers_worth_an_item": row.price,
    }
    return {
        "system": row.system,
        "items": row.items,
        "answers_per_item": row.samples,
        "metrics": metrics,
        **{name: value if math.isfinite(value) else None for name, value in numbers.items()},
    }
