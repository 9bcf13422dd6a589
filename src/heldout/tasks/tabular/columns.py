"""A file of columns as NumPy arrays."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from heldout.core.errors import HeldoutError, first_line
from heldout.store.files import literal

Kind = Literal["number", "time", "text"]
READERS = {
    ".parquet": "read_parquet",
    ".json": "read_json_auto",
    ".jsonl": "read_json_auto",
    ".ndjson": "read_json_auto",
}


@dataclass(frozen=True, eq=False)
class Column:
    """One column. `values`: float64 for numbers (times as seconds), texts for text; nan or "" where a cell is empty."""

    name: str
    kind: Kind
    values: np.ndarray


@lru_cache(maxsize=8)
def columns(path: Path, _modified: int, most: int) -> dict[str, Column]:
    """Every column of a CSV, Parquet or JSON file by name, of `most` rows at most (a sample spread over the file)."""
    import duckdb

    reader = READERS.get(path.suffix.lower(), "read_csv_auto")
    try:
        with duckdb.connect() as connection:
            source = f"{reader}('{literal(path).replace(chr(39), chr(39) * 2)}', hive_partitioning = false)"
            counted = connection.execute(f"SELECT count(*) FROM {source}").fetchone()  # noqa: S608
            rows = counted[0] if counted else 0
            every = -(-rows // most) if rows > most else 1
            chosen = f"SELECT * FROM (SELECT *, row_number() OVER () AS _n FROM {source}) WHERE _n % {every} = 0"  # noqa: S608
            kinds = {r[0]: str(r[1]) for r in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}  # noqa: S608
            found = connection.execute(chosen if every > 1 else f"SELECT * FROM {source}").fetchnumpy()  # noqa: S608
    except duckdb.Error as error:
        raise HeldoutError(f"{path}: cannot be read as a table: {first_line(error)[:160]}") from error
    if rows == 0:
        raise HeldoutError(f"{path}: no rows")
    return {name: _column(name, kinds[name], np.ma.asarray(found[name])) for name in kinds}


def _column(name: str, kind: str, values: np.ma.MaskedArray) -> Column:
    masked = np.ma.getmaskarray(values)
    data = np.asarray(np.ma.getdata(values))
    if kind.startswith(("DATE", "TIMESTAMP")):
        seconds = data.astype("datetime64[ms]").astype(np.float64) / 1000.0
        return Column(name, "time", np.where(masked | np.isnat(data.astype("datetime64[ms]")), np.nan, seconds))
    if data.dtype.kind in "biuf":
        return Column(name, "number", np.where(masked, np.nan, data.astype(np.float64)))
    if kind.startswith("DECIMAL"):
        return Column(name, "number", np.where(masked, np.nan, data.astype(np.float64)))
    texts = np.array(["" if m or v is None else str(v) for v, m in zip(data, masked, strict=True)], dtype=object)
    return Column(name, "text", texts)


def read(path: Path, most: int) -> dict[str, Column]:
    """The columns of a file, read once per process as long as it does not change."""
    if not path.is_file():
        raise HeldoutError(f"no such file: {path}")
    return columns(path.resolve(), path.stat().st_mtime_ns, most)
