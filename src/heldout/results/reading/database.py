"""A DuckDB of one's own to read tables with: in memory, on as many cores as there are, installing nothing."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from heldout.core.errors import HeldoutError
from heldout.store.parquet import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@contextmanager
def database() -> "Iterator[DuckDBPyConnection]":
    """A connection that is closed at the end."""
    connection = connect()
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def within_memory(names: Sequence[str]) -> Iterator[None]:
    """Say in one line that files are too large."""
    try:
        yield
    except MemoryError as error:
        raise HeldoutError(
            f"{', '.join(names)[:200]}: too large for this machine's memory: keep only the columns that are needed"
        ) from error


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn DuckDB's complaints about a file into one line that names it."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise HeldoutError(
            f"{name}: too large for this machine's memory: keep only the columns that are needed"
        ) from error
    except duckdb.Error as error:
        if wrong := re.search(r"Line: (\d+).*?Expected Number of Columns: (\d+) Found: (\d+)", str(error), re.DOTALL):
            line, expected, found = wrong.groups()
            raise HeldoutError(
                f"{name}: line {line} has {found} cells or more, the header {expected}: mend that line"
            ) from error
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        what = next((line for line in lines if "Error" in line or "expected" in line.lower()), lines[0])
        raise HeldoutError(f"{name}: cannot be read as a table: {what[:200]}") from error


def name_of(column: str) -> str:
    """A column's name, whatever is in it, as SQL."""
    return '"' + column.replace('"', '""') + '"'
