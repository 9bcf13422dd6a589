"""Sources of any layout as one long table: a row per outcome, columns by role."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from heldout.core.errors import HeldoutError
from heldout.results.reading.database import explained, name_of
from heldout.results.reading.layout import Layout
from heldout.results.reading.names import shown
from heldout.results.reading.source import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TEXTS = ("system", "task", "group", "run", "item", "prompt", "cluster", "measure")
NUMBERS = ("step", "n")
ROLE_OF = {"task": "task", "system": "system", "run": "run", "item": "item"}


def gather(
    connection: "DuckDBPyConnection", sources: Sequence[Source], layouts: Sequence[Layout], called: Sequence[str]
) -> tuple[str, ...]:
    """Create the table `gathered` from all sources and return which columns it has.

    Columns: those of `TEXTS` and `NUMBERS` that some source has, `source` (its index), `score`, and `cell`, the text of a
    score that is no plain number. `called`: what the system is called in sources that do not say.
    """
    selects = [
        _select(i, source, layout, name)
        for i, (source, layout, name) in enumerate(zip(sources, layouts, called, strict=True))
    ]
    with explained(sources[0].name if len(sources) == 1 else f"{len(sources)} files"):
        connection.execute(f"CREATE TEMP TABLE gathered AS {' UNION ALL BY NAME '.join(selects)}")
        found = connection.execute("DESCRIBE gathered").fetchall()
    return tuple(row[0] for row in found)


def _select(index: int, source: Source, layout: Layout, called: str) -> str:
    """One source as SQL; column names are quoted, and values of the data never become SQL."""
    terms = {"source": f"{index}::SMALLINT"}
    for role in TEXTS:
        if role in layout.roles:
            terms[role] = f"CAST({name_of(layout.roles[role])} AS VARCHAR)"
    for role in NUMBERS:
        if role in layout.roles:
            terms[role] = f"try_cast({name_of(layout.roles[role])} AS DOUBLE)"
    if "system" not in terms and layout.across != "system":
        terms["system"] = _literal(called)
    if layout.values:
        return _melted(source, layout, terms)
    if "c" in layout.roles:
        c, n = name_of(layout.roles["c"]), name_of(layout.roles["n"])
        terms["score"] = f"try_cast({c} AS DOUBLE) / nullif(try_cast({n} AS DOUBLE), 0)"
        terms["cell"] = "NULL::VARCHAR"
    else:
        score = name_of(layout.roles["score"])
        terms["score"] = f"try_cast({score} AS DOUBLE)"
        terms["cell"] = f"CASE WHEN try_cast({score} AS DOUBLE) IS NULL THEN CAST({score} AS VARCHAR) END"
    chosen = ", ".join(f"{term} AS {name_of(role)}" for role, term in terms.items())
    return f"SELECT {chosen} FROM {source.view}"  # noqa: S608 - quoted names


def _melted(source: Source, layout: Layout, terms: dict[str, str]) -> str:
    """The columns of a wide table below each other."""
    names = ", ".join(_literal(name) for name in layout.values)
    cells = ", ".join(f"CAST({name_of(name)} AS VARCHAR)" for name in layout.values)
    terms[ROLE_OF[layout.across]] = f"unnest([{names}])"
    terms["cell"] = f"unnest([{cells}])"
    inner = ", ".join(f"{term} AS {name_of(role)}" for role, term in terms.items())
    number = "try_cast(cell AS DOUBLE) AS score"
    rest = "* REPLACE (CASE WHEN try_cast(cell AS DOUBLE) IS NULL THEN cell END AS cell)"
    return f"SELECT {rest}, {number} FROM (SELECT {inner} FROM {source.view})"  # noqa: S608 - quoted names


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''").replace("\0", "") + "'"


def choose_measure(
    connection: "DuckDBPyConnection", wanted: str, preferred: Sequence[str]
) -> tuple[list[str], tuple[str, ...]]:
    """Where rows are of several measures, keep one a task: the one asked for, or that most systems have.

    Returns the measures kept and what to say.
    """
    found = connection.execute("SELECT DISTINCT measure FROM gathered WHERE measure IS NOT NULL ORDER BY 1").fetchall()
    measures = [row[0] for row in found]
    if wanted and wanted not in measures:
        raise HeldoutError(f"no rows of the measure {wanted!r} (there are: {shown(measures)})")
    if len(measures) < 2:
        return measures, ()
    has_task = bool(connection.execute("SELECT 1 FROM (DESCRIBE gathered) WHERE column_name = 'task'").fetchall())
    task = "task" if has_task else "''"
    rank = {name.lower(): i for i, name in enumerate(preferred)}
    rows = connection.execute(
        f"SELECT {task}, measure, count(DISTINCT system), count(*) FROM gathered GROUP BY ALL ORDER BY ALL"  # noqa: S608
    ).fetchall()
    best: dict[str, tuple[tuple[float, ...], str]] = {}
    for one, measure, systems, count in rows:
        if measure is None or (wanted and measure != wanted):
            continue
        merit = (-systems, rank.get(measure.lower(), 1e9), -count)
        best[one] = min(best.get(one, (merit, measure)), (merit, measure))
    kept = sorted({measure for _, measure in best.values()})
    pairs = [f"({_literal('' if t is None else t)}, {_literal(m)})" for t, (_, m) in best.items()]
    connection.execute(
        "CREATE TEMP TABLE chosen AS SELECT * FROM gathered "  # anew, so that rows are numbered without gaps  # noqa: S608 - texts are quoted
        f"WHERE (coalesce({task}, ''), coalesce(measure, '')) IN ({', '.join(pairs)})"
    )
    connection.execute("DROP TABLE gathered")
    connection.execute("ALTER TABLE chosen RENAME TO gathered")
    left = [m for m in measures if m not in kept]
    how = "as you said" if wanted else "a measure a task; --columns measure=COLUMN:NAME takes another"
    return kept, (f"measure {shown(kept)} used ({how})" + (f"; left out: {shown(left, 8)}" if left else ""),)
