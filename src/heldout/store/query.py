"""Questions to the store: its own, and those that a user writes in SQL."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from heldout.core.errors import HeldoutError, first_line
from heldout.store import files, parquet, views
from heldout.store.columns import INTEGER, REAL, TRUTH, UNSIGNED, quoted, stored
from heldout.store.snapshot import Snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TYPES = {REAL: np.float64, INTEGER: np.int64, UNSIGNED: np.uint64, TRUTH: np.bool_}


SHARED = (
    *("cell", "task", "learner", "config", "on", "split", "axis", "group", "probe", "probe_digest"),
    *("status", "mode", "host", "device", "commit", "packages", "command"),
)
"""Text that many rows have in common: it is fetched once, and the arrays refer to it."""


def columns(
    connection: "DuckDBPyConnection",
    table: str,
    names: Sequence[str],
    chosen: Mapping[str, Sequence[str] | None],
) -> dict[str, np.ndarray]:
    """Columns of a table as arrays, of the rows whose `chosen` columns have one of the given values (None: any).

    Rows of one batch keep their order. A million rows with ten text columns would be ten million Python strings; with
    the text shared by hash they take half the time and a tenth of the memory.
    """
    wanted = {name: list(dict.fromkeys(values)) for name, values in chosen.items() if values is not None}
    tests = [f'"{name}" IN (SELECT unnest(${i + 1}::VARCHAR[]))' for i, name in enumerate(wanted)]
    source = f"FROM all_{table}" + (f" WHERE {' AND '.join(tests)}" if tests else "")
    shared = [name for name in names if name in SHARED]
    own = [name for name in names if name not in shared]
    key = f"hash({quoted(shared)}) AS code"
    texts = connection.execute(f"SELECT DISTINCT {key}, {quoted(shared)} {source} ORDER BY code", [*wanted.values()])
    by_code = texts.fetchnumpy()
    if not np.all(by_code["code"][1:] > by_code["code"][:-1]):  # two texts of one hash: once in ten billion stores
        own, shared = list(names), []
    rows = connection.execute(
        f"SELECT {quoted([*own, 'file_index', 'file_row_number'])}, {key} {source}", [*wanted.values()]
    )
    found = _in_place(rows.fetchnumpy())
    at = np.searchsorted(by_code["code"], found["code"])
    kinds = stored(table)
    return {n: _filled(by_code[n], kinds[n])[at] if n in shared else _filled(found[n], kinds[n]) for n in names}


def _in_place(found: dict[str, Any]) -> dict[str, Any]:
    """The rows in the order in which they stand in the files: a join may shuffle them, and sums must not depend on that."""
    place = found["file_index"].astype(np.int64) << 40 | found["file_row_number"].astype(np.int64)
    if np.all(place[1:] > place[:-1]):
        return found
    order = np.argsort(place)
    return {name: column[order] for name, column in found.items()}


def _filled(column: Any, kind: str) -> np.ndarray:
    """Nulls as nan, "", 0 or false."""
    if isinstance(column, np.ma.MaskedArray):
        fill = np.nan if kind == REAL else 0 if kind in TYPES else ""
        missing, column = np.ma.getmaskarray(column), column.data
        column[missing] = fill
    return column.astype(TYPES[kind], copy=False) if kind in TYPES else column


def run(folder: Path, snapshot: Snapshot, verdicts: Sequence[str], sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Answer a user's SELECT in a database that can read the store's files and nothing else, and change nothing.

    DuckDB's `query` takes the text as a value and refuses whatever is not one SELECT without side effects.
    """
    import duckdb

    with parquet.connect() as connection:
        views.define(connection, snapshot, verdicts)
        places = [str(folder / n) for n in ("batches", "parts", "verdicts")]
        connection.execute(
            "SET allowed_directories = $1", [[*places, *map(files.literal, places)]]
        )  # as views name them
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            cursor = connection.execute("SELECT * FROM query($1)", [sql])
            return [d[0] for d in cursor.description], cursor.fetchall()
        except (duckdb.IOException, duckdb.InvalidInputException):
            raise  # a file of the store, perhaps
        except duckdb.Error as error:
            raise HeldoutError(f"the query failed: {first_line(error)}") from error
