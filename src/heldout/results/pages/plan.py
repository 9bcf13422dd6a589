"""What would settle the undecided pairs."""

from heldout.report.number import counted
from heldout.report.table import Cell, Row, Table
from heldout.report.text import line
from heldout.results.comparison import Comparison, PairRow
from heldout.results.pages.relation import ordered
from heldout.results.pages.section import Section, called

MOST = 20


def section(comparison: Comparison) -> Section:
    """Undecided pairs with how many more units each needs, worth most first."""
    open_ = [p for p in ordered(comparison) if p.verdict == "undecided"]
    if not open_:
        return Section("plan", "What would settle the rest")
    able = sorted((p for p in open_ if p.more_units is not None), key=_worth)
    said = []
    if able:
        best = able[0]
        said.append(
            f"Worth most, and so first: {counted(best.more_units or 0, f'more {best.unit}')} each of {called(best.a)} and {called(best.b)}. "
            "Further units of each system that would probably do, if the effect is as large as it looks now."
        )
    if len(able) < len(open_):
        said.append(
            f"For {counted(len(open_) - len(able), 'undecided pair')} no number of units within reach would do."
        )
    if len(able) > MOST:
        said.append(f"Shown: the first {MOST} of {len(able)}.")
    return Section("plan", "What would settle the rest", tuple(said), (_table(able[:MOST]),))


def _worth(pair: PairRow) -> tuple[float, int]:
    return (float("inf") if pair.worth is None else pair.worth, pair.more_units or 0)


def _table(rows: list[PairRow]) -> Table:
    made = tuple(
        Row(
            f"{line(p.a)}\nvs {line(p.b)}",
            (Cell(p.more_units or 0, decimals=0),),
            notes=(f"{p.unit}s",),
        )
        for p in rows
    )
    return Table(
        "What would settle the rest",
        "pair",
        ("more a side",),
        made,
        0,
        ("of what",),
        caption="Worth most first; runs and seeds are spread over all tasks",
    )
