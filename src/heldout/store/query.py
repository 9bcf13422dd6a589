"""Questions to the store: its own, and those that a user writes in SQL."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.store import parquet, views
from heldout.store.columns import INTEGER, REAL, TRUTH, UNSIGNED, quoted, stored
from heldout.store.snapshot import Snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TYPES = {REAL: np.float64, INTEGER: np.int64, UNSIGNED: np.uint64, TRUTH: np.bool_}


def columns(
    connection: "DuckDBPyConnection",
    table: str,
    names: Sequence[str],
    chosen: Mapping[str, Sequence[str] | None],
) -> dict[str, np.ndarray]:
    """Columns of a table as arrays, of the rows whose `chosen` columns have one of the given values (None: any)."""
    wanted = {name: list(dict.fromkeys(values)) for name, values in chosen.items() if values is not None}
    tests = [f'"{name}" IN (SELECT unnest(${i + 1}::VARCHAR[]))' for i, name in enumerate(wanted)]
    where = f" WHERE {' AND '.join(tests)}" if tests else ""
    sql = f"SELECT {quoted([*names, 'file_index', 'file_row_number'])} FROM all_{table}{where}"  # noqa: S608 - names are those of columns.py
    found = connection.execute(sql, list(wanted.values())).fetchnumpy()
    place = found.pop("file_index").astype(np.int64) << 40 | found.pop("file_row_number").astype(np.int64)
    if not np.all(place[1:] > place[:-1]):  # a join may shuffle rows; sums must not depend on that
        order = np.argsort(place)
        found = {name: column[order] for name, column in found.items()}
    kinds = stored(table)
    return {name: _filled(found[name], kinds[name]) for name in names}


def _filled(column: Any, kind: str) -> np.ndarray:
    """Nulls as nan, "", 0 or false."""
    if isinstance(column, np.ma.MaskedArray):
        fill = np.nan if kind == REAL else 0 if kind in TYPES else ""
        column = column.filled(fill)
    return column.astype(TYPES[kind], copy=False) if kind in TYPES else column


def run(folder: Path, snapshot: Snapshot, verdicts: Sequence[str], sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Answer a user's SELECT in a database that can read the store's files and nothing else, and change nothing.

    DuckDB's `query` takes the text as a value and refuses whatever is not one SELECT without side effects.
    """
    import duckdb

    with parquet.connect() as connection:
        views.define(connection, snapshot, verdicts)
        connection.execute(
            "SET allowed_directories = $1", [[str(folder / n) for n in ("batches", "parts", "verdicts")]]
        )
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            cursor = connection.execute("SELECT * FROM query($1)", [sql])
            return [d[0] for d in cursor.description], cursor.fetchall()
        except (duckdb.IOException, duckdb.InvalidInputException):
            raise  # a file of the store, perhaps
        except duckdb.Error as error:
            raise HeldoutError(f"the query failed: {str(error).splitlines()[0]}") from error
