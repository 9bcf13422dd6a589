"""What `heldout score` says first: tables of shifts, and which one hurts most."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from heldout.report.number import number
from heldout.report.table import Cell, Row, Table
from heldout.scoring.axes import Axis, Breaking
from heldout.stats.finding import Interval

ALPHA = 0.05

PARTS = 12
"""Splits of a shift without order that are listed one by one."""


def axis_table(found: Sequence[Breaking]) -> Table:
    """Learners by shifts: the iid score, then score, loss, worst split and halving level of each shift."""
    rows = [Row("iid", tuple(_cell(b.iid, b) for b in found))]
    for i, axis in enumerate(found[0].axes):
        mine = [b.axes[i] for b in found]
        rows.append(Row(axis.name, tuple(_cell(a.score, b) for a, b in zip(mine, found, strict=True)), "axis"))
        rows.append(Row("lost", tuple(_cell(a.gap, b) for a, b in zip(mine, found, strict=True)), "part"))
        several = zip(*(a.parts[:PARTS] for a in mine), strict=True)
        for part in several:
            rows.append(Row(part[0][0], tuple(_cell(e, b) for (_, e), b in zip(part, found, strict=True)), "part"))
        if len(mine[0].parts) != len(mine[0].parts[:PARTS]) or not mine[0].parts:
            rows.append(Row("worst split", tuple(Cell(a.worst[1]) for a in mine), "part"))
        if any(a.halves for a in mine):
            cells = tuple(_halving(a) for a in mine)
            rows.append(Row("halves at level", cells, "part", decimals=2))
    under = tuple(f"{b.n:,} {b.unit}{'' if b.n == 1 else 's'}" for b in found)
    return Table(
        "Where it breaks", "shift", tuple(b.learner for b in found), tuple(rows), under=under, caption=_caption(found)
    )


def _caption(found: Sequence[Breaking]) -> str:
    said = []
    if any(b.unit == "seed" for b in found):
        said.append("intervals over fits, all asked about the same instances; fits that never differ count once")
    if any(a.halves for b in found for a in b.axes):
        said.append("half: of the height above chance on iid instances; ∞: not within the levels asked")
    return "; ".join(said)


def sentences(found: Breaking) -> Iterator[str]:
    """The shift that hurts the first learner most, and how sure that is; its worst split."""
    hurt = sorted(found.axes, key=lambda a: -a.gap.estimate)
    if not hurt:
        return
    worst = min(found.axes, key=lambda a: a.worst[1])
    first = hurt[0]
    if not first.gap.estimate > 0:
        yield f"{found.learner} loses nothing along {' or '.join(a.name for a in hurt)} on average"
    text = f"{found.learner} loses most along {first.name}: {number(first.gap.estimate, 3)} of {number(found.iid.estimate, 3)}"
    if found.order is not None and len(hurt) > 1:
        settled = found.order.settled(ALPHA)
        share = found.order.first[found.order.order[0]]
        sure = (
            "shown to be more than along every other shift"
            if settled
            else f"not shown; first in {share:.0%} of resamples"
        )
        text += f" ({sure}; paired sign flips, Holm)"
    if first.gap.estimate > 0:
        yield text
    yield f"its worst split is {worst.worst[0]} ({worst.name}): {number(worst.worst[1], 3)}"
    for axis in hurt:
        if axis.halves and math.isfinite(axis.halves.estimate):
            yield f"along {axis.name} half of it is gone at level {_level(axis, axis.halves.estimate)}"


def tree(found: Sequence[Breaking]) -> list[dict[str, Any]]:
    """The same as plain values; what is not finite is None."""
    return [
        {
            "learner": b.learner,
            "unit": b.unit,
            "n": b.n,
            "iid": _plain(b.iid),
            "axes": [
                {
                    "axis": a.name,
                    "score": _plain(a.score),
                    "gap": _plain(a.gap),
                    "worst": {"split": a.worst[0], "score": a.worst[1]},
                    "halves": None if a.halves is None else _plain(a.halves),
                }
                for a in b.axes
            ],
            "order": None
            if b.order is None
            else {
                "axes": [b.axes[i].name for i in b.order.order],
                "first": {b.axes[i].name: float(b.order.first[i]) for i in b.order.order},
                "settled": b.order.settled(ALPHA),
            },
        }
        for b in found
    ]


def _level(axis: Axis, value: float) -> str:
    at = number(value, 2).rstrip("0").rstrip(".")
    return f"{at} or before" if value <= axis.levels[0] else at


def _cell(value: Interval, found: Breaking) -> Cell:
    return Cell(value.estimate, value.low, value.high, found.n, found.unit)


def _halving(axis: Axis) -> Cell | None:
    if axis.halves is None:
        return None
    never = math.isinf(axis.halves.low)  # then both ends say what the estimate says
    return Cell(axis.halves.estimate, *((math.nan, math.nan) if never else (axis.halves.low, axis.halves.high)))


def _plain(value: Interval) -> dict[str, float | None]:
    ends = {"estimate": value.estimate, "low": value.low, "high": value.high}
    return {k: v if math.isfinite(v) else None for k, v in ends.items()}
