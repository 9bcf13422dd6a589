"""What voting rules say of the systems, and how sure their ranks are."""

import math
from collections.abc import Iterator

from heldout.report.number import ABSENT
from heldout.report.table import Cell, Row, Table
from heldout.report.text import line, short
from heldout.results.comparison import Comparison, Condition
from heldout.results.pages.section import Section, called, listed
from heldout.results.pages.standing import standing

MOST = 8


def section(comparison: Comparison) -> Section:
    """Each system's place under each rule, how often it wins and comes first, and what it would take to lead."""
    winners, sure = _winners(comparison), _sure(comparison)
    if len(comparison.rankings) < 2:
        return Section("rankings", "Ranks", (), tuple(t for t in (sure,) if t.rows))
    said = disagreement(comparison) or (f"Every rule names {called(next(iter(winners)))} the winner.",)
    order = [s.system for s in standing(comparison)]
    shown = [s for i, s in enumerate(order) if i < MOST or s in winners]
    if len(shown) < len(order):
        said += (f"Shown: the first {MOST} systems by the mean and every rule's winner.",)
    return Section("rankings", "Rankings by rule", said, (_table(comparison, shown), sure))


def disagreement(comparison: Comparison) -> tuple[str, ...]:
    """Whether the winner of the mean is the others' too; nothing where it is."""
    winners = _winners(comparison)
    mean = comparison.rankings.get("mean") or [s.system for s in standing(comparison)]
    if not mean or set(winners) <= {mean[0]}:
        return ()
    best = mean[0]
    rest = [
        f"{called(w)} wins by {listed((r.replace(', ', ' by ') for r in rules), 5)}"
        for w, rules in winners.items()
        if w != best
    ]
    return (f"The mean's winner, {called(best)}, is not every rule's: {'; '.join(rest)}.",)


def _winners(comparison: Comparison) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for rule, order in comparison.rankings.items():
        if order:
            found.setdefault(order[0], []).append(rule)
    return found


def _table(comparison: Comparison, shown: list[str]) -> Table:
    rows = tuple(Row(line(rule), tuple(_places(order, shown))) for rule, order in comparison.rankings.items())
    names = tuple(line(s) for s in shown)
    return Table("Rankings by rule", "rule", names, rows, 0, caption="The place of each system under each rule")


def _sure(comparison: Comparison) -> Table:
    """Win rates, the probability of the first rank, and the weight that would have to move."""
    rows = [s for s in standing(comparison)[:MOST] if s.ranks and math.isfinite(s.win_rate.low)]
    told = any(s.leads for s in rows)
    made = tuple(
        Row(
            line(s.system),
            (Cell(s.win_rate.estimate, s.win_rate.low, s.win_rate.high), Cell(s.ranks[0])),
            notes=(_leads(s.leads),) if told else (),
        )
        for s in rows
    )
    caption = "Win rate: how often it beats another system on a task, with a 95% interval; first: how often it has the highest mean, both in tables like this one"
    caption += (
        ". Leads if: the share of the tasks' weight that would have to move, and to which tasks first" if told else ""
    )
    return Table("Ranks", "ranks of", ("win rate", "first"), made, 2, ("leads if",) if told else (), caption=caption)


def _leads(found: Condition | None) -> str:
    if found is None:
        return ABSENT
    if not found.moved > 0:
        return "as it is" if found.moved == 0 else "never"
    gained = [task for task, weight in found.weights[:2] if weight > 0]
    return f"{found.moved:.0%} to {' and '.join(short(t, 14) for t in gained)}"


def _places(order: tuple[str, ...], shown: list[str]) -> Iterator[Cell | None]:
    at = {system: i for i, system in enumerate(order, 1)}
    yield from (Cell(at[s]) if s in at else None for s in shown)
