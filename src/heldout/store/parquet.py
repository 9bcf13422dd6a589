"""Rows into sealed Parquet files, by DuckDB."""

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from heldout.core.errors import HeldoutError, first_line
from heldout.store import files, seal
from heldout.store.columns import INTEGER, REAL, TEXTS, TRUTH, UNSIGNED
from heldout.store.files import Listed
from heldout.store.finished import Column

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_EXACT = {INTEGER: np.int64, UNSIGNED: np.uint64, TRUTH: np.bool_}

Rows = Mapping[str, Mapping[str, Column]]
"""Columns by table."""


def connect() -> "DuckDBPyConnection":
    """A database in memory that installs nothing, spills nothing and has as many threads as this process has cores."""
    import duckdb

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    config: dict[str, Any] = {
        "threads": cores,
        "temp_directory": "",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
    }
    connection = duckdb.connect(":memory:", config=config)
    ((shown,),) = connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()
    if shown:  # it would go to standard output; in a notebook without widgets it is off and cannot be set
        connection.execute("SET enable_progress_bar = false")
    return connection


def write(connection: "DuckDBPyConnection", tables: Rows, columns: Mapping[str, str], path: Path, batches: str) -> None:
    """Write tables below each other into one file of the given columns, sealed and published.

    Where `columns` has a `kind_of_row` it tells the tables apart. `batches`: the table of contents. The columns are laid
    out here because a query that unites the tables costs DuckDB three times as long as writing the file.
    """
    lengths = {table: max((len(c) for c in found.values()), default=0) for table, found in tables.items()}
    arrays, terms = {}, []
    for name, kind in columns.items():
        if name == "kind_of_row":
            arrays[name] = np.repeat(np.array(list(lengths), object), list(lengths.values()))
        elif any(name in found for found in tables.values()):
            arrays[name] = _column(name, kind, tables, lengths)
        value = f'"{name}"' if name in arrays else "NULL"
        terms.append(f'CAST({value} AS {kind}) AS "{name}"')
    connection.register("new_rows", arrays)
    try:
        copy(connection, f"SELECT {', '.join(terms)} FROM new_rows", path, batches)  # noqa: S608 - names of columns.py
    finally:
        connection.unregister("new_rows")


def _column(name: str, kind: str, tables: Rows, lengths: Mapping[str, int]) -> np.ndarray:
    """A column over all tables as DuckDB scans it: None, NaN and what is masked become null."""
    size = sum(lengths.values())
    if kind == REAL:
        column: np.ndarray = np.full(size, np.nan)
    else:
        column = np.ma.masked_all(size, _EXACT[kind]) if kind in _EXACT else np.full(size, None, object)
    start = 0
    for table, found in tables.items():
        if name in found:
            try:
                _fill(column[start : start + lengths[table]], found[name], kind)
            except (TypeError, ValueError, OverflowError) as error:
                raise HeldoutError(
                    f"a value of {table}.{name} does not fit its column ({kind}): {first_line(error)}"
                ) from error
        start += lengths[table]
    return column


def _fill(part: np.ndarray, values: Column, kind: str) -> None:
    values = values.tolist() if isinstance(values, np.ndarray) else values
    kinds = set(map(type, values))
    missing = type(None) in kinds
    if kind == REAL:
        part[:] = np.asarray(values, np.float64)  # None is nan
    elif kind in _EXACT and missing:
        gaps = [v is None for v in values]
        part[:] = np.ma.array([0 if v is None else v for v in values], mask=gaps, dtype=_EXACT[kind])
    elif kind in _EXACT:
        exact = np.asarray(values)
        if exact.dtype.kind not in "iub" or (kind == UNSIGNED and exact.dtype.kind == "i" and (exact < 0).any()):
            exact = np.array([_EXACT[kind](v) for v in values])
        part[:] = exact
    elif kind == TEXTS:
        for index, value in enumerate(values):
            part[index] = None if value is None else [str(v) for v in value]
    else:
        part[:] = values if kinds <= {str, type(None)} else [None if v is None else str(v) for v in values]


def copy(
    connection: "DuckDBPyConnection", select: str, path: Path, batches: str, *, sources: Sequence[Listed] = ()
) -> bool:
    """Write what a query of the store's own finds into a sealed file and publish it; `HeldoutError` on a full disk.

    Where one of its `sources` has changed meanwhile DuckDB may have read half of each: then nothing is published. Where
    the unfinished file is gone (swept away by another machine, whose clock says that it is old), it is written again.
    """
    options = "FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, KV_METADATA {heldout: $2}"
    with files.explained(path.parent):
        for attempt in range(3):
            made = files.temporary(path)
            try:
                with translated():
                    connection.execute(f"COPY ({select}) TO $1 ({options})", [str(made), seal.unsealed(batches)])
                if not files.unchanged(sources):
                    return False
                seal.close(made)
                with files.staying(path.parent.parent):
                    files.publish(made, path)
                return True
            except FileNotFoundError:
                if attempt == 2 or not path.parent.is_dir():
                    raise
            finally:
                with suppress(OSError):
                    made.unlink()
    raise AssertionError


@contextmanager
def translated() -> Iterator[None]:
    """Turn DuckDB's complaints about files into the system's, so that one place explains both."""
    import duckdb

    try:
        yield
    except duckdb.IOException as error:
        text = str(error)
        code = next((c for c in (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT) if os.strerror(c) in text), 0)
        raise OSError(code or errno.EIO, os.strerror(code) if code else text.splitlines()[0]) from error
