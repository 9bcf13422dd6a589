"""A source of rows: a view of the database over one file, or over columns in memory."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results.reading import limits, separated
from heldout.results.reading.cells import decimal_comma, number
from heldout.results.reading.database import explained, name_of
from heldout.results.reading.kinds import first_bytes, kind_of
from heldout.results.reading.layout import Profile
from heldout.results.reading.names import MISSING
from heldout.results.reading.objects import columns_of_object
from heldout.store.files import literal
from heldout.store.importers.tidy import document

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

READERS = {
    "parquet": "read_parquet(getvariable('{v}'), hive_partitioning = false)",
    "json": "read_json(getvariable('{v}'), format = 'array', hive_partitioning = false, union_by_name = true, maximum_depth = 2, sample_size = {n})",
    "jsonl": "read_json(getvariable('{v}'), format = 'newline_delimited', hive_partitioning = false, maximum_depth = 2, sample_size = {n})",
}


@dataclass(frozen=True)
class Source:
    """A view with the columns of one file. `name`: as the user knows it; `stem`: what it is called among other files.

    `size`: the file's bytes, packed as it is. `rows`: how many it unpacks to, where its size does not limit them.
    """

    name: str
    view: str
    columns: tuple[str, ...]
    stem: str = ""
    notes: tuple[str, ...] = ()
    size: float = math.inf
    rows: int = 0


def from_file(
    connection: "DuckDBPyConnection", path: Path, name: str, index: int, packed: Path | None = None
) -> Source:
    """A view over a file of rows; `packed`: what it was unpacked from."""
    head = first_bytes(path)
    kind = kind_of(head, name)
    view = f"source_{index}"
    limits.before(connection, path, kind, name)
    connection.execute(f"SET VARIABLE {view}_file = $1", [literal(path)])
    notes: tuple[str, ...] = ()
    if kind == "json" and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return from_columns(connection, columns_of_object(document(path), name), name, index)
    if kind == "csv":
        relation, notes = separated.relation(head, f"{view}_file", name)
    else:
        relation = READERS[kind].format(v=f"{view}_file", n=-1 if path.stat().st_size < 20 << 20 else 50_000)
    with explained(name):
        connection.execute(f"CREATE VIEW {view} AS SELECT * FROM {relation}")  # noqa: S608 - own names
        found = connection.execute(f"DESCRIBE {view}").fetchall()
        if any(row[1] == "JSON" for row in found):  # numbers and texts in one column: else texts keep their quotes
            cells = ", ".join(
                f"{name_of(n)} ->> '$' AS {name_of(n)}" if what == "JSON" else name_of(n) for n, what, *_ in found
            )
            connection.execute(f"CREATE OR REPLACE VIEW {view} AS SELECT {cells} FROM {relation}")  # noqa: S608 - quoted names
    limits.columns(len(found), name)
    limits.padded(connection, path, kind, view, len(found))
    rows = limits.rows(connection, path, kind, view) if packed is not None or kind == "parquet" else 0
    names = tuple(row[0] for row in found)
    size = (packed or path).stat().st_size
    return Source(name, view, names, Path(name.removesuffix(".gz")).stem, notes, size, rows)


def from_columns(
    connection: "DuckDBPyConnection", columns: Mapping[str, Any], name: str, index: int, notes: tuple[str, ...] = ()
) -> Source:
    """A view over columns in memory: sequences or arrays of equal length."""
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise HeldoutError(
            f"{name}: columns of unequal length: {', '.join(f'{c} {len(v)}' for c, v in columns.items())}"
        )
    if not columns or lengths == {0}:
        raise HeldoutError(f"{name}: no rows")
    view = f"source_{index}"
    named = dict(zip(separated.once([_text(c) for c in columns]), columns.values(), strict=True))
    limits.columns(len(named), name)
    connection.register(view, {c: _array(values) for c, values in named.items()})
    return Source(name, view, tuple(named), Path(name).stem, notes)


def _array(values: Any) -> np.ndarray:
    """A column as DuckDB scans it: numbers as they are, everything else as text."""
    array = values if isinstance(values, np.ndarray) else np.asarray(values, dtype=None if _numbers(values) else object)
    if array.dtype.kind in "iufb":
        return array
    cells = (
        array.tolist() if array.ndim == 1 else list(values)
    )  # lists of one length would be an array of two dimensions
    found = np.empty(len(cells), object)
    for i, v in enumerate(cells):
        found[i] = None if v is None or (isinstance(v, float) and math.isnan(v)) else _text(v)
    return found


def _text(value: Any) -> str:
    """A value as text that can be stored: half a surrogate pair, which JSON allows, cannot."""
    text = str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _numbers(values: Any) -> bool:
    """Whether numbers alone; whole ones beyond 64 bits stay texts, as they stand in the file."""
    return isinstance(values, Sequence) and all(
        type(v) in (float, bool) or (type(v) is int and abs(v) < 2**63) for v in values
    )


def profiles(connection: "DuckDBPyConnection", source: Source) -> list[Profile]:
    """What the columns hold, by a sample from the beginning."""
    rows = max(200, min(5000, 400_000 // max(len(source.columns), 1)))
    cells = ", ".join(f"CAST({name_of(c)} AS VARCHAR) AS c{i}" for i, c in enumerate(source.columns))
    with explained(source.name):
        found = connection.execute(f"SELECT {cells} FROM {source.view} LIMIT {rows}").fetchall()  # noqa: S608 - quoted names
    if not found:
        raise HeldoutError(f"{source.name}: no rows")
    return [_profile(name, [row[i] for row in found]) for i, name in enumerate(source.columns)]


def _profile(name: str, texts: Sequence[str | None]) -> Profile:
    filled = [t for t in texts if t is not None and t.strip().lower() not in MISSING]
    counts: dict[str, int] = {}
    for text in filled:
        counts[text] = counts.get(text, 0) + 1
    comma = decimal_comma(list(counts))
    parsed = {text: number(text, comma=comma) for text in counts}
    numeric = sum(n for text, n in counts.items() if parsed[text].how != "text")
    values = [parsed[text].value for text in counts if parsed[text].how != "text"]
    whole = bool(values) and all(abs(v) < 1e15 and v.is_integer() for v in values)
    binary = bool(values) and set(values) <= {0.0, 1.0} and numeric == len(filled)
    return Profile(name, len(filled), len(counts), numeric / max(len(filled), 1), whole, binary)
