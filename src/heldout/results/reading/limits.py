"""What a file may ask for before it is read: a few kilobytes can say that they are a billion rows, or a million columns."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from heldout.core.errors import HeldoutError
from heldout.results.reading.database import explained
from heldout.results.reading.kinds import Kind
from heldout.store.files import literal
from heldout.store.importers.tidy import HELD, TIMES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COLUMNS, ROWS, CELLS, BYTES = 20_000, 10_000_000, 100_000_000, 256 << 20
"""Of a table. Larger files may have more rows, cells and bytes unpacked: in proportion, as sound ones do."""

OUTCOME, CELL, NAME = 30, 14, 250
"""What reading takes of these: bytes an outcome, a column of it, and a distinct name, as measured on ten million rows."""

CHUNK, CHUNKS = 1 << 16, 32
KEY = re.compile(rb'"([^"\\]{1,200})"\s*:')


def before(connection: "DuckDBPyConnection", path: Path, kind: Kind, name: str) -> None:
    """Refuse, by its own account of itself, a Parquet file that unpacks to far more than it is; and JSON rows that share no names."""
    size = path.stat().st_size
    if kind == "parquet":
        with explained(name):
            rows, unpacked = _parquet(connection, path)
        if rows > max(ROWS, 2 * size):
            raise HeldoutError(
                f"{name}: {rows:,} rows in a file of {size:,} bytes: refused; split it, or save it as CSV"
            )
        if unpacked > max(BYTES, 100 * size):
            raise HeldoutError(
                f"{name}: {unpacked >> 20:,} MB unpacked from {size:,} bytes: refused; keep fewer columns"
            )
    elif kind in ("json", "jsonl"):
        keys: set[bytes] = set()
        with path.open("rb") as file:
            for part in range(CHUNKS):
                file.seek(part * max(CHUNK, size // CHUNKS))
                keys.update(KEY.findall(file.read(CHUNK)))
                columns(len(keys), name)


def columns(count: int, name: str) -> None:
    """Refuse a table of too many columns."""
    if count > COLUMNS:
        raise HeldoutError(f"{name}: more than {COLUMNS:,} columns: save it as rows of system, task, item and score")


def padded(connection: "DuckDBPyConnection", path: Path, kind: Kind, view: str, width: int) -> None:
    """Refuse a table most of whose cells are not in the file: rows that end early, or that lack most of the names."""
    if width < 100 and kind != "parquet":
        return
    count = rows(connection, path, kind, view)
    if count * width > max(CELLS, 8 * path.stat().st_size):
        raise HeldoutError(
            f"{path.name}: {count:,} rows of {width:,} columns: too large a table: keep only the columns that are needed"
        )


def rows(connection: "DuckDBPyConnection", path: Path, kind: Kind, view: str) -> int:
    """How many rows a file has, or lines where it is one of separated values."""
    with explained(path.name):
        if kind == "parquet":
            return _parquet(connection, path)[0]
        if kind == "csv":
            with path.open("rb") as file:
                return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
        return (connection.execute(f"SELECT count(*) FROM {view}").fetchone() or (0,))[0]  # noqa: S608 - own name


def held(outcomes: int, columns: int, names: int, size: float, name: str) -> None:
    """Refuse a table that takes far more memory than its files, of `size` bytes, are large: a packed row can be a bit."""
    if outcomes * (OUTCOME + CELL * columns) + NAME * names > max(HELD, TIMES * size):
        told = f" of {names:,} names" if names else ""
        raise HeldoutError(
            f"{name}: {outcomes:,} outcomes{told} in {size:,.0f} bytes: refused, as their table would take more than "
            f"{HELD >> 20} MB; split it, or save it as CSV"
        )


def _parquet(connection: "DuckDBPyConnection", path: Path) -> tuple[int, int]:
    """Rows, and bytes unpacked, as the file says."""
    rows = connection.execute("SELECT sum(num_rows) FROM parquet_file_metadata($1)", [literal(path)]).fetchone()
    size = connection.execute(
        "SELECT sum(total_uncompressed_size) FROM parquet_metadata($1)", [literal(path)]
    ).fetchone()
    return tuple(int((found or (0,))[0] or 0) for found in (rows, size))  # pyright: ignore[reportReturnType]
