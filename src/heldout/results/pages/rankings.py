"""What voting rules say of the systems."""

from collections.abc import Iterator

from heldout.report.table import Cell, Row, Table
from heldout.report.text import line
from heldout.results.comparison import Comparison
from heldout.results.pages.section import Section, called, listed
from heldout.results.pages.standing import standing

MOST = 8


def section(comparison: Comparison) -> Section:
    """Each system's place under each rule."""
    winners = _winners(comparison)
    if len(comparison.rankings) < 2:
        return Section("rankings", "Rankings by rule")
    said = disagreement(comparison) or (f"Every rule names {called(next(iter(winners)))} the winner.",)
    order = [s.system for s in standing(comparison)]
    shown = [s for i, s in enumerate(order) if i < MOST or s in winners]
    if len(shown) < len(order):
        said += (f"Shown: the first {MOST} systems by the mean and every rule's winner.",)
    return Section("rankings", "Rankings by rule", said, (_table(comparison, shown),))


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


def _places(order: tuple[str, ...], shown: list[str]) -> Iterator[Cell | None]:
    at = {system: i for i, system in enumerate(order, 1)}
    yield from (Cell(at[s]) if s in at else None for s in shown)
