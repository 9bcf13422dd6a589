"""The numbers that a study names: each measure with its interval, the paper's own figure beside it."""

import re
from collections.abc import Iterator, Mapping, Sequence

from heldout.core.result import MeasureRow, Result
from heldout.report.number import counted, places
from heldout.report.table import Cell, Row, Table, units

_JOIN = re.compile(r"(\(|, | of |: | )$")


def measure_tables(result: Result) -> Iterator[Table]:
    """Measures named after learners side by side (`mCE(digits, CNN)` in the row `mCE(digits)`), the others in a list."""
    learners = [x.name for x in result.study.learners]
    found: dict[str, dict[str, MeasureRow]] = {}
    for measure in result.measures:
        head, learner = _parted(measure.name, learners)
        found.setdefault(head, {})[learner] = measure
    shared = {head: row for head, row in found.items() if len(row) > 1}
    alone = [m for head, row in found.items() if head not in shared for m in row.values()]
    published = result.study.paper.published
    if shared:
        used = [x for x in learners if any(x in row for row in shared.values())]
        yield _side_by_side(shared, used, published)
    if alone:
        yield _listed("Other measures" if shared else "Measures", alone, published)


def _parted(name: str, learners: Sequence[str]) -> tuple[str, str]:
    """What is measured and of which learner; the whole name and nothing where it names none at its end."""
    bare = name.removesuffix(")")
    for learner in sorted(learners, key=len, reverse=True):
        rest = bare.removesuffix(learner)
        if rest != bare and _JOIN.search(rest):
            head = _JOIN.sub("", rest)
            return head + ")" * (head.count("(") - head.count(")")), learner
    return name, ""


def _cell(measure: MeasureRow | None) -> Cell | None:
    return None if measure is None else Cell(measure.estimate, measure.low, measure.high, measure.n, measure.unit)


def _side_by_side(
    found: dict[str, dict[str, MeasureRow]], learners: Sequence[str], published: Mapping[str, str]
) -> Table:
    rows = []
    for head, mine in found.items():
        beside = "; ".join(
            f"{x}: {published[m.name]}" for x, m in mine.items() if m.name in published
        ) or published.get(head, "")
        cells = tuple(_cell(mine.get(x)) for x in learners)
        rows.append((head, cells, beside, places(*(m.estimate for m in mine.values()))))
    notes = ("in the paper",) if any(beside for _, _, beside, _ in rows) else ()
    made = tuple(Row(h, c, notes=(b,) if notes else (), decimals=d) for h, c, b, d in rows)
    under = tuple(units(r.cells[i] for r in made) for i in range(len(learners)))
    return Table("Measures", "measure", tuple(learners), made, notes=notes, under=under)


def _listed(title: str, measures: Sequence[MeasureRow], published: Mapping[str, str]) -> Table:
    notes = ("from", *(("in the paper",) if any(m.name in published for m in measures) else ()))
    rows = tuple(
        Row(
            m.name,
            (_cell(m),),
            notes=(counted(m.n, m.unit), published.get(m.name, ""))[: len(notes)],
            decimals=places(m.estimate),
        )
        for m in measures
    )
    return Table(title, "measure", ("value",), rows, notes=notes)
