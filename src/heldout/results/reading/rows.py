"""Outcomes as arrays: what a long table is once its texts have become codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results.reading import limits
from heldout.results.reading.cells import decimal_comma, parsed
from heldout.results.reading.names import clean, counted, shown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, eq=False)
class Rows:
    """A row per outcome, (rows,) each.

    `codes`: role to codes into `names[role]`; -1 where the cell is empty. `score` is NaN where there is no number.
    `percent`: rows whose cell has a percent sign. `said`: what was understood or repaired in cells.
    """

    names: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, np.ndarray]
    score: np.ndarray
    source: np.ndarray
    step: np.ndarray | None = None
    n: np.ndarray | None = None
    percent: np.ndarray | None = None
    said: tuple[str, ...] = ()

    def keep(self, mask: np.ndarray) -> "Rows":
        """The rows where the mask is true."""
        if mask.all():
            return self
        arrays = {
            k: None if (v := getattr(self, k)) is None else v[mask] for k in ("score", "source", "step", "n", "percent")
        }
        return replace(self, codes={k: v[mask] for k, v in self.codes.items()}, **arrays)


def coded(connection: "DuckDBPyConnection", columns: Sequence[str], size: float, name: str) -> Rows:
    """Fetch the table `gathered` as arrays and drop it; texts are coded by DuckDB in the order of first appearance.

    `size`, `name`: the bytes of the files that it is from, and what they are called: see `limits.held`.
    """
    names, found = {}, {}
    count = _count(connection)
    merged = _task_by_group(connection, columns)
    for role in ("system", "task", "run", "item", "prompt", "cluster"):
        if role in columns:
            names[role], found[role] = codes(connection, merged if role == "task" else role, size, name)
            limits.held(count, len(names), sum(map(len, names.values())), size, name)
    score = _array(connection, "score")
    if not len(score):
        raise HeldoutError("no rows are left to compare")
    said, percent = _patch(connection, score)
    arrays = {k: _array(connection, k) if k in columns else None for k in ("step", "n")}
    source = _array(connection, "source")
    connection.execute("DROP TABLE gathered")
    return Rows(names, found, score, source, arrays["step"], arrays["n"], percent, said)


def _array(connection: "DuckDBPyConnection", column: str) -> np.ndarray:
    found = connection.execute(f"SELECT {column} FROM gathered").fetchnumpy()[column]  # noqa: S608 - own names
    if isinstance(found, np.ma.MaskedArray):
        missing, found = np.ma.getmaskarray(found), found.data
        found[missing] = np.nan
    return np.asarray(found)


def _task_by_group(connection: "DuckDBPyConnection", columns: Sequence[str]) -> str:
    """The tasks as SQL: with their suite before the name where several suites have tasks of one name."""
    if "group" not in columns or "task" not in columns:
        return "task"
    row = connection.execute(
        "SELECT count(DISTINCT task), count(DISTINCT (task, coalesce(\"group\", ''))) FROM gathered"
    ).fetchone()
    return "concat_ws('/', nullif(\"group\", ''), task)" if row and row[1] > row[0] else "task"


def codes(connection: "DuckDBPyConnection", term: str, size: float, name: str) -> tuple[tuple[str, ...], np.ndarray]:
    """The distinct texts of a column as clean names, and each row's code; `size`, `name` as for `coded`."""
    distinct = f"SELECT {term} AS name, min(rowid) AS r FROM gathered WHERE {term} IS NOT NULL GROUP BY 1"  # noqa: S608
    connection.execute(f"CREATE OR REPLACE TEMP TABLE known AS {distinct} ORDER BY r")
    limits.held(_count(connection), 1, _count(connection, "known"), size, name)
    raw = connection.execute("SELECT name FROM known ORDER BY r").fetchnumpy()["name"].tolist()
    if not raw:
        return (), np.full(_count(connection), -1, np.int32)
    coded = "SELECT name, (row_number() OVER (ORDER BY r) - 1)::INTEGER AS code FROM known"
    query = (  # a join takes a quarter of the time that a cast to an enumeration does; it may shuffle the rows
        f"SELECT g.rowid::UINTEGER AS r, coalesce(code, -1) AS code FROM gathered AS g LEFT JOIN ({coded}) AS k ON {term} = k.name"  # noqa: S608
    )
    rows = connection.execute(query).fetchnumpy()
    found = np.empty(len(rows["r"]), np.int32)
    found[rows["r"]] = rows["code"]
    cleaned = [clean(name) for name in raw]
    unique = {name: i for i, name in enumerate(dict.fromkeys(n for n in cleaned if n))}
    if len(unique) < len(cleaned):
        found = np.array([unique.get(n, -1) for n in cleaned] + [-1], np.int32)[found]
    return tuple(unique), found


def _count(connection: "DuckDBPyConnection", table: str = "gathered") -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - own names
    return int(row[0]) if row else 0


def _patch(connection: "DuckDBPyConnection", score: np.ndarray) -> tuple[tuple[str, ...], np.ndarray | None]:
    """Fill in the numbers of cells that hold more than a number; returns what to say and which had a percent sign."""
    odd = connection.execute("SELECT rowid AS r, cell FROM gathered WHERE cell IS NOT NULL").fetchnumpy()
    if not len(odd["r"]):
        return (), None
    texts, at = np.unique(np.asarray(odd["cell"], object).astype(str), return_inverse=True)
    values, how = parsed(texts.tolist(), words=bool(np.isnan(score).all()))
    score[odd["r"]] = values[at]
    hows = np.array(how)[at]
    percent = np.zeros(len(score), bool)
    percent[odd["r"][hows == "percent"]] = True
    said = ["scores are written with a decimal comma"] if decimal_comma(texts.tolist()) else []
    words = {
        "first": "with several numbers ({}): the first is taken",
        "spread": "with a spread ({}): the number before it is taken",
        "percent": "with a percent sign ({})",
        "word": "with a word ({}): taken as 1 (right) or 0 (wrong)",
        "text": "with text instead of a score ({}): counted as missing",
    }
    for kind, line in words.items():
        which = hows == kind
        if which.any():
            said.append(
                f"{counted(int(which.sum()), 'cell')} "
                + line.format(shown([clean(t) for t in texts[np.unique(at[which])]], 3))
            )
    return tuple(said), percent if percent.any() else None
