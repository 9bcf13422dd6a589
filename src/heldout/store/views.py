"""The store's tables as DuckDB views over the files of a snapshot."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from heldout.store import files
from heldout.store.columns import KINDS, MOMENTS, VIEWS, quoted, stored, wide
from heldout.store.snapshot import Snapshot

PLACE = {"filename": "VARCHAR", "file_index": "UBIGINT", "file_row_number": "BIGINT"}
"""Columns that say where a row stands; DuckDB supplies them."""

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def define(connection: "DuckDBPyConnection", now: Snapshot, verdicts: Sequence[str] = ()) -> None:
    """Create the view `counted` (every row that counts), `all_specs` ... with every stored column, and the five views.

    File names go in as values, never as SQL.
    """
    _scan(connection, "everything", now.paths, wide(), older=now.older)
    connection.execute(f"CREATE OR REPLACE VIEW counted AS SELECT * FROM everything AS e{_without(connection, now)}")  # noqa: S608
    for table in KINDS:
        source = f"SELECT {quoted([*stored(table), *PLACE])} FROM counted WHERE kind_of_row = '{table}'"  # noqa: S608
        connection.execute(f"CREATE OR REPLACE VIEW all_{table} AS {source}")
    _scan(connection, "all_verdicts", list(verdicts), stored("verdicts"))
    for view, columns in VIEWS.items():
        names = ", ".join(
            f'make_timestamp(CAST(1e6 * "{name}" AS BIGINT)) AS "{name}"' if name in MOMENTS else f'"{name}"'
            for name in columns
        )
        once = "SELECT DISTINCT ON (digest)" if view == "specs" else "SELECT"
        connection.execute(f"CREATE OR REPLACE VIEW {view} AS {once} {names} FROM all_{view}")


def _scan(
    connection: "DuckDBPyConnection", name: str, paths: list[str], columns: dict[str, str], *, older: bool = False
) -> None:
    """A view over files, with the place of each row. Columns that no file has are null: those of newer schemas, or all."""
    nulls = ", ".join(f'NULL::{kind} AS "{c}"' for c, kind in (columns | PLACE).items())
    sources = [f"SELECT {nulls} WHERE false"] if older or not paths else []
    if paths:
        connection.execute(f"SET VARIABLE {name}_files = $1", [[files.literal(path) for path in paths]])
        united = ", union_by_name = true" if older else ""
        # a folder called seed=7 is no column
        source = f"read_parquet(getvariable('{name}_files'), hive_partitioning = false{united})"
        sources.append(f"SELECT *, {', '.join(PLACE)} FROM {source}")  # noqa: S608
    connection.execute(f"CREATE OR REPLACE VIEW {name} AS {' UNION ALL BY NAME '.join(sources)}")


def _without(connection: "DuckDBPyConnection", now: Snapshot) -> str:
    """The condition that leaves out what does not count; nothing where everything does, which is the rule."""
    tests = []
    if now.lost_batches:
        _table(connection, "lost_batches", ("file", "lot"), now.lost_batches)
        tests.append("NOT EXISTS (SELECT 1 FROM lost_batches AS b WHERE b.file = e.filename AND b.lot = e.batch)")
    if now.lost_units:
        _table(connection, "lost_units", ("file", "lot", "unit", "asked"), now.lost_units)
        same = "u.file = e.filename AND u.lot = e.batch AND u.unit = e.seed AND u.asked = coalesce(e.probe_digest, '')"
        tests.append(f"NOT EXISTS (SELECT 1 FROM lost_units AS u WHERE {same})")  # noqa: S608
    return f" WHERE {' AND '.join(tests)}" if tests else ""


def _table(
    connection: "DuckDBPyConnection", name: str, columns: Sequence[str], rows: Sequence[tuple[str | int, ...]]
) -> None:
    arrays = {
        column: np.array(values, np.int64 if isinstance(values[0], int) else object)
        for column, values in zip(columns, zip(*rows, strict=True), strict=True)
    }
    connection.register("new_table", arrays)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM new_table")  # noqa: S608
    connection.unregister("new_table")
