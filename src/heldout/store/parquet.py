"""Rows into sealed Parquet files, by DuckDB."""

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.store import files, seal
from heldout.store.columns import INTEGER, REAL, TEXT, TEXTS, TRUTH, UNSIGNED, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_EXACT = {INTEGER: np.int64, UNSIGNED: np.uint64, TRUTH: np.bool_}


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
    return duckdb.connect(":memory:", config=config)


def array(values: Sequence[Any] | np.ndarray, kind: str) -> np.ndarray:
    """A column as DuckDB scans it; None and NaN become null."""
    if kind == REAL:
        return np.array([np.nan if v is None else v for v in values], np.float64)
    if kind in _EXACT and not any(v is None for v in values):
        return np.array(values, _EXACT[kind])
    found = np.empty(len(values), object)
    for index, value in enumerate(values):
        found[index] = _plain(value, kind)
    return found


def _plain(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == TEXTS:
        return [str(v) for v in value]
    return str(value) if kind == TEXT else int(value)


def write(
    connection: "DuckDBPyConnection",
    tables: Mapping[str, Mapping[str, Sequence[Any]]],
    columns: Mapping[str, str],
    path: Path,
    batches: str,
) -> None:
    """Write tables into one file of the given columns, sealed and published; `batches` is its table of contents.

    Where there are several tables their rows stand below each other, told apart by the column `kind_of_row`.
    """
    parts = ["SELECT " + ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in columns.items()) + " WHERE false"]
    try:
        for table, found in tables.items():
            if not any(len(c) for c in found.values()):
                continue
            try:
                arrays = {name: array(column, columns[name]) for name, column in found.items()}
            except (TypeError, ValueError, OverflowError) as error:
                raise HeldoutError(f"{path.stem}: {table} has a value that does not fit its column: {error}") from error
            connection.register(f"new_{table}", arrays)
            marked = f"'{table}' AS kind_of_row, " if "kind_of_row" in columns else ""
            casts = ", ".join(f'CAST("{name}" AS {columns[name]}) AS "{name}"' for name in found)
            parts.append(f"SELECT {marked}{casts} FROM new_{table}")
        copy(connection, f"SELECT {quoted(list(columns))} FROM ({' UNION ALL BY NAME '.join(parts)})", path, batches)
    finally:
        for table in tables:
            connection.unregister(f"new_{table}")


def copy(connection: "DuckDBPyConnection", select: str, path: Path, batches: str) -> None:
    """Write what a query of the store's own finds into a sealed file and publish it; `HeldoutError` on a full disk."""
    made = files.temporary(path)
    options = "FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, KV_METADATA {heldout: $2}"
    with files.explained(path.parent):
        try:
            with translated():
                connection.execute(f"COPY ({select}) TO $1 ({options})", [str(made), seal.unsealed(batches)])
            seal.close(made)
            files.publish(made, path)
        finally:
            made.unlink(missing_ok=True)


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
