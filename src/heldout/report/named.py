"""The numbers that a study names: each measure with its interval, the paper's own figure beside it."""

from heldout.core.result import Result
from heldout.report.number import counted, places
from heldout.report.table import Cell, Row, Table


def measure_table(result: Result) -> Table | None:
    """One row per named measure, or None where the study names none."""
    if not result.measures:
        return None
    published = result.study.paper.published
    told = any(m.name in published for m in result.measures)
    rows = [
        Row(
            m.name,
            (Cell(m.estimate, m.low, m.high, m.n, m.unit),),
            notes=(counted(m.n, m.unit), *((published.get(m.name, ""),) if told else ())),
        )
        for m in result.measures
    ]
    notes = ("from", *(("in the paper",) if told else ()))
    decimals = places(*(m.estimate for m in result.measures))
    return Table("Measures", "measure", ("value",), tuple(rows), decimals, notes)
