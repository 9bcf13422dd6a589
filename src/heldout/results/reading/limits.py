"""What a file may ask for before it is read: a few kilobytes can say that they are a billion rows, or a million columns."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from heldout.core.errors import HeldoutError
from heldout.results.reading.database import explained
from heldout.results.reading.kinds import Kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COLUMNS, ROWS, CELLS, BYTES = 20_000, 10_000_000, 100_000_000, 256 << 20
"""Of a table. Larger files may have more rows, cells and bytes unpacked: in proportion, as sound ones do."""

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
    name = path.name
    if width < 100 and kind != "parquet":
        return
    with explained(name):
        if kind == "parquet":
            rows = _parquet(connection, path)[0]
        elif kind == "csv":
            with path.open("rb") as file:
                rows = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
        else:
            rows = (connection.execute(f"SELECT count(*) FROM {view}").fetchone() or (0,))[0]  # noqa: S608 - own name
    if rows * width > max(CELLS, 8 * path.stat().st_size):
        raise HeldoutError(
            f"{name}: {rows:,} rows of {width:,} columns: too large a table: keep only the columns that are needed"
        )


def _parquet(connection: "DuckDBPyConnection", path: Path) -> tuple[int, int]:
    """Rows, and bytes unpacked, as the file says."""
    rows = connection.execute("SELECT sum(num_rows) FROM parquet_file_metadata($1)", [str(path)]).fetchone()
    size = connection.execute("SELECT sum(total_uncompressed_size) FROM parquet_metadata($1)", [str(path)]).fetchone()
    return tuple(int((found or (0,))[0] or 0) for found in (rows, size))  # pyright: ignore[reportReturnType]
