"""The store's tables as DuckDB views over the files of a snapshot."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from heldout.store.columns import KINDS, MOMENTS, VIEWS, quoted, stored, wide
from heldout.store.snapshot import Snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def define(connection: "DuckDBPyConnection", snapshot: Snapshot, verdicts: Sequence[str] = ()) -> None:
    """Create `all_specs`, `all_runs`, `all_records`, `all_items` with every stored column, and the five views of the design.

    File names go in as values, never as SQL.
    """
    _scan(connection, "everything", snapshot.paths, wide())
    _lose(connection, snapshot)
    for table in KINDS:
        source = f"SELECT {quoted(list(stored(table)))} FROM everything AS e WHERE kind_of_row = '{table}'"
        connection.execute(f"CREATE OR REPLACE VIEW all_{table} AS {source}{_counted(table, snapshot)}")
    _scan(connection, "all_verdicts", list(verdicts), stored("verdicts"))
    for view, columns in VIEWS.items():
        names = ", ".join(
            f'make_timestamp(CAST(1e6 * "{name}" AS BIGINT)) AS "{name}"' if name in MOMENTS else f'"{name}"'
            for name in columns
        )
        once = "SELECT DISTINCT ON (digest)" if view == "specs" else "SELECT"
        connection.execute(f"CREATE OR REPLACE VIEW {view} AS {once} {names} FROM all_{view}")


def _scan(connection: "DuckDBPyConnection", name: str, paths: list[str], columns: dict[str, str]) -> None:
    if paths:
        connection.execute(f"SET VARIABLE {name}_files = $1", [paths])
        source = f"SELECT *, filename FROM read_parquet(getvariable('{name}_files'))"
    else:
        source = "SELECT " + ", ".join(f'NULL::{kind} AS "{c}"' for c, kind in columns.items()) + " WHERE false"
    connection.execute(f"CREATE OR REPLACE VIEW {name} AS {source}")


def _lose(connection: "DuckDBPyConnection", snapshot: Snapshot) -> None:
    if not snapshot.lost:
        return
    columns = zip(*snapshot.lost, strict=True)
    arrays = {name: _column(values) for name, values in zip(("file", "lot", "unit", "asked"), columns, strict=True)}
    connection.register("new_lost", arrays)
    connection.execute("CREATE OR REPLACE TEMP TABLE lost AS SELECT * FROM new_lost")
    connection.unregister("new_lost")


def _column(values: Sequence[str | int]) -> np.ndarray:
    return np.array(values, np.int64 if isinstance(values[0], int) else object)


def _counted(table: str, snapshot: Snapshot) -> str:
    """The condition that leaves out rows that another file holds as well."""
    if not snapshot.lost or table == "specs":
        return ""
    same = "l.file = e.filename AND l.lot = e.batch AND l.unit = e.seed"
    if table == "runs":  # a run counts while one of its probes does
        return f" AND NOT (len(e.probes) > 0 AND len(e.probes) <= (SELECT count(*) FROM lost AS l WHERE {same}))"
    return f" AND NOT EXISTS (SELECT 1 FROM lost AS l WHERE {same} AND l.asked = e.probe_digest)"
