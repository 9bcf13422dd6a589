"""Abilities of systems and curves of items, and what to look at."""

import math
from typing import TYPE_CHECKING, Any

from heldout.report.number import counted, number
from heldout.report.table import Cell, Row, Table
from heldout.report.text import line, short
from heldout.results.comparison import Comparison
from heldout.results.pages.section import Section

if TYPE_CHECKING:
    from heldout.results.abilities import Abilities, ItemCurve

MOST, CURVES = 60, 6


def section(comparison: Comparison, most: int = MOST) -> Section:
    """What is said of abilities; nothing where the comparison has none."""
    found = comparison.abilities
    if found is None:
        return Section("abilities", "Abilities")
    said = [
        "Ability: on the logit scale of a typical item, zero being the mean of the systems; unlike a mean it allows for "
        f"which items a system was given and how hard they are ({found.method}).",
        _held_out(found),
        _odd(found),
        *(f"{w[:1].upper()}{w[1:]}." for w in found.warnings),
    ]
    if len(found.systems) > most:
        said.append(f"Shown: the first {most} of {len(found.systems):,} systems; --json has them all.")
    return Section("abilities", "Abilities", tuple(s for s in said if s), _tables(found, most))


def _held_out(found: "Abilities") -> str:
    """Whether the curves can be believed."""
    check = found.held_out
    if check is None:
        return "There are too few outcomes to hold some out and see whether the curves predict them."
    losses = (
        f"log-loss {number(check.loss, 3)} against {number(check.plain, 3)} for the success rates of system and item"
    )
    verdict = (
        "they tell more than means do" if found.predicts else "they tell no more than means do, so go by the means"
    )
    off = f"predictions are off by {number(100 * check.calibration, 1)} points on average"
    return f"Of {check.cells:,} outcomes held out the curves predict: {losses}: {verdict}; {off}."


def _odd(found: "Abilities") -> str:
    if found.suspects is None:
        return f"With {counted(len(found.systems), 'system')} no item can be shown to be wrongly keyed."
    if not found.suspects:
        return "No item stands out as wrongly keyed."
    n = counted(found.suspects, "item")
    return f"Look at {n}: solved by the weaker systems (maybe wrongly keyed), or erratic (maybe ambiguous, or leaked)."


def _tables(found: "Abilities", most: int) -> tuple[Table, ...]:
    rows = [
        Row(line(s.system), (Cell(s.ability.estimate, s.ability.low, s.ability.high),)) for s in found.systems[:most]
    ]
    made = [Table("Abilities", "system", ("ability",), tuple(rows), 2, caption="Ability and 95% interval")]
    parts = (
        ("Items to look at", found.suspect),
        ("Items that tell most", found.most[:CURVES]),
        ("Items that tell least", found.least[:CURVES]),
    )
    made += [_curves(title, part) for title, part in parts if part]
    return tuple(made)


def _curves(title: str, items: "tuple[ItemCurve, ...]") -> Table:
    noted = any(i.note for i in items)
    rows = [
        Row(
            line(short(i.item, 40)),
            tuple(Cell(v, decimals=2) for v in (i.rate, i.difficulty, i.slope, i.information)),
            notes=(line(short(i.task, 30)), *((i.note,) if noted else ())),
        )
        for i in items
    ]
    heads, notes = ("solved", "difficulty", "slope", "information"), ("task", *(("why",) if noted else ()))
    caption = "Share solved; ability that solves it half of the time; steepness there; information on these systems"
    return Table(title, "item", heads, tuple(rows), 2, notes, caption=f"{title}. {caption}")


def tree(found: "Abilities") -> dict[str, Any]:
    """The same as plain values for JSON."""
    check = found.held_out
    made: dict[str, Any] = {
        "method": found.method,
        "systems": [
            {
                "system": s.system,
                "ability": {"estimate": s.ability.estimate, "low": s.ability.low, "high": s.ability.high},
                "error": s.error,
            }
            for s in found.systems
        ],
        "items": found.items,
        "constant": found.constant,
        "held_out": None if check is None else check._asdict(),
        "suspects": found.suspects,
        "warnings": list(found.warnings),
    }
    return made | {name: [_item(i) for i in getattr(found, name)] for name in ("most", "least", "suspect")}


def _item(curve: "ItemCurve") -> dict[str, Any]:
    numbers = {name: getattr(curve, name) for name in ("slope", "difficulty", "rate", "information")}
    finite = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
    return {"item": curve.item, "task": curve.task, **finite, "note": curve.note}
