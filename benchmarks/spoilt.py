"""Odd values, and sound files made odd: what `fuzz.py` feeds to heldout. Strategies of Hypothesis, and nothing of heldout's."""

import csv
import gzip
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

LOGS = Path(__file__).parents[1] / "tests" / "store" / "importers" / "logs"
HUGE = 10**400
NAMES = ("system", "model", "task", "seed", "step", "item", "score", "accuracy", "n", "c", "metric", "winner", "model_a", "model_b", "")  # fmt: skip
HTML = "</script><script>alert(1)</script>\"><img src=x onerror=alert(2)>'\x1b[31m\u202e\0\ud800"

TEXTS = st.one_of(
    st.sampled_from(
        [HTML, "", "nan", "inf", "1e999", "-", "x" * 5000, "1" * 5000, "=1+1", "'; DROP TABLE x --", "a\nb"]
    ),
    st.text(max_size=12),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([HUGE, -HUGE, 2**63, 2**64, 1e308, -0.0]),
    st.floats(),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)


@st.composite
def spoilt_json(draw: Any, value: Any, most: int = 4) -> Any:
    """A JSON value of which some places were replaced, doubled or taken away."""
    for _ in range(draw(st.integers(0, most))):
        value = _spoilt(draw, value, 0)
    return value


def _spoilt(draw: Any, value: Any, depth: int) -> Any:
    if not isinstance(value, (dict, list)) or not value or draw(st.integers(0, 7 + depth)) == 0:
        return draw(VALUES)
    places = list(value) if isinstance(value, dict) else list(range(len(value)))
    at = draw(st.sampled_from(places))
    changed = value.copy()
    match draw(st.integers(0, 9)):
        case 0:
            del changed[at]
        case 1 if isinstance(changed, list):
            changed.insert(at, draw(VALUES))
        case 2 if isinstance(changed, dict):
            changed[draw(TEXTS)] = changed[at]
        case _:
            changed[at] = _spoilt(draw, value[at], depth + 1)
    return changed


@st.composite
def spoilt_bytes(draw: Any, data: bytes) -> bytes:
    """Bytes cut, flipped, doubled or with others in between."""
    found = bytearray(data)
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(found)))
        match draw(st.integers(0, 4)):
            case 0:
                del found[at : at + draw(st.integers(1, 64))]
            case 1:
                found[at:at] = draw(st.binary(max_size=8))
            case 2:
                found[at : at + 4] = draw(
                    st.sampled_from([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\r\n\n\r"])
                )
            case 3 if at < len(found):
                found[at] ^= 1 << draw(st.integers(0, 7))
            case _:
                found[at:at] = found[at // 2 : at // 2 + draw(st.integers(0, 40))]
    return bytes(found)


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


@st.composite
def spoilt_lines(draw: Any, data: bytes) -> bytes:
    """JSON lines, each spoilt as a value."""
    values = draw(spoilt_json([json.loads(line) for line in data.splitlines()[:6]]))
    return b"\n".join(map(dumped, values if isinstance(values, list) else [values]))


@st.composite
def spoilt_cells(draw: Any, data: bytes) -> bytes:
    """A table of separated values with other cells."""
    rows = [row[:] for row in csv.reader(io.StringIO(data.decode("utf-8", "replace")))][:30]
    for _ in range(draw(st.integers(0, 5))):
        row = draw(st.sampled_from(rows))
        row[draw(st.integers(0, max(len(row) - 1, 0))) :][:1] = [draw(TEXTS)]
        if row:
            row[draw(st.integers(0, len(row) - 1))] = draw(TEXTS)
        if draw(st.booleans()):
            row.append(draw(TEXTS))
    file = io.StringIO()
    csv.writer(file, delimiter=draw(st.sampled_from(",;\t|"))).writerows(rows)
    return file.getvalue().encode("utf-8", "surrogatepass")


@st.composite
def archives(draw: Any, data: bytes) -> bytes:
    """A ZIP archive with spoilt, renamed or added members, in one of the two packings that Python writes everywhere."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", draw(st.sampled_from([0, 8]))) as new:
        for info in old.infolist():
            if info.compress_type in (0, 8):
                content = old.read(info)
                name = draw(
                    st.sampled_from([info.filename] * 8 + ["../" + info.filename, "/etc/x", "samples/\\..\\x.json"])
                )
                if name.endswith(".json"):
                    content = dumped(draw(spoilt_json(json.loads(content), 2)))
                new.writestr(name, content)
    return draw(spoilt_bytes(made.getvalue())) if draw(st.integers(0, 3)) == 0 else made.getvalue()


@st.composite
def evaluations(draw: Any) -> bytes:
    """Stable-Baselines3's archive with arrays of any type and shape."""
    made, arrays = io.BytesIO(), {}
    for name in ("timesteps", "results", "ep_lengths"):
        kind = draw(st.sampled_from(["f8", "i4", "u1", "U3", "S2", "c16", "M8[s]", "?", "f2", "i4,f8", "O"]))
        shape = draw(st.sampled_from([(), (0,), (3,), (3, 2), (3, 0), (0, 5), (2, 2, 2)]))
        arrays[name] = np.zeros(shape, kind)
    np.savez(made, **arrays)
    return draw(spoilt_bytes(made.getvalue())) if draw(st.booleans()) else made.getvalue()


@st.composite
def spoilt_logs(draw: Any) -> tuple[str, bytes]:
    """Name and content of a log of another tool, spoilt as its format is."""
    path = draw(st.sampled_from(sorted(p for p in LOGS.rglob("*") if p.is_file())))
    data = path.read_bytes()
    kind = path.suffix if draw(st.integers(0, 4)) else ""
    if kind == ".json":
        made = spoilt_json(json.loads(data)).map(dumped)
    elif kind == ".npz":
        made = evaluations()
    else:
        made = {".jsonl": spoilt_lines, ".csv": spoilt_cells, ".eval": archives}.get(kind, spoilt_bytes)(data)
    return path.name, draw(made)


@st.composite
def spoilt_tables(draw: Any) -> tuple[str, bytes]:
    """Name and content of a table of any format, of odd columns and odd cells."""
    names = draw(st.lists(st.sampled_from(NAMES) | TEXTS, min_size=1, max_size=5))
    cells = st.sampled_from(["a", "b", "c", 0, 1, 0.5, 0.25, 3, "91.4%", "0,5", "1.0 (2)", None]) | VALUES
    rows = [[draw(cells) for _ in names] for _ in range(draw(st.integers(0, 8)))]
    kind = draw(st.sampled_from(["csv", "json", "jsonl", "object", "parquet", "bytes"]))
    name, data = _table(draw, kind, names, rows)
    if draw(st.integers(0, 5)) == 0:
        data = draw(spoilt_bytes(data))
    if draw(st.integers(0, 7)) == 0:
        name, data = name + ".gz", draw(spoilt_bytes(gzip.compress(data, mtime=0)))
    return name, data


def _table(draw: Any, kind: str, names: list[str], rows: list[list[Any]]) -> tuple[str, bytes]:
    if kind == "bytes":
        return draw(st.sampled_from(["t.csv", "t.json", "t.parquet", "t.xlsx", "t"])), draw(st.binary(max_size=300))
    if kind == "csv":
        file = io.StringIO()
        writer = csv.writer(file, delimiter=draw(st.sampled_from(",;\t|")))
        writer.writerow(names)
        writer.writerows(row[: draw(st.integers(0, len(row)))] if draw(st.booleans()) else row for row in rows)
        return "t.csv", file.getvalue().encode("utf-8", "surrogatepass")
    records = [dict(zip(names, row, strict=True)) for row in rows]
    if kind == "json":
        return "t.json", dumped(draw(spoilt_json(records, 2)))
    if kind == "jsonl":
        return "t.jsonl", b"\n".join(map(dumped, records))
    if kind == "object":
        columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
        nested = {str(row[0])[:20]: dict.fromkeys(names, row[-1]) for row in rows if row}
        return "t.json", dumped(draw(spoilt_json(draw(st.sampled_from([columns, nested, {"rows": records}])), 2)))
    return "t.parquet", _parquet(draw, names)


def _parquet(draw: Any, names: list[str]) -> bytes:
    import duckdb

    terms = st.sampled_from(
        ["i", "i % 2", "i / 3.0", "'s' || i % 3", "NULL", "'NaN'::FLOAT", "DATE '2020-01-01'", "TIMESTAMPTZ '2020-01-01 00:00:00+00'", "[i, 2]", "{'a': i}",
         "MAP {'k': i}", "'\\xFF'::BLOB", "1.5::DECIMAL(38, 10)", "170141183460469231731687303715884105727", "INTERVAL 1 DAY",
         "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::UUID", "i = 1", "'a'::ENUM ('a')", "TIME '10:00'", "'1'::BIT", "repeat('x', 3000)"]
    )  # fmt: skip
    shown = [name.replace('"', '""').replace("\0", "")[:30].encode("utf-8", "ignore").decode() for name in names]
    chosen = ", ".join(f'{draw(terms)} AS "{name}"' for name in {n.lower(): n for n in shown if n}.values()) or "1 AS a"
    query = f"SELECT {chosen} FROM range({draw(st.integers(0, 9))}) t(i)"  # noqa: S608 - own text
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "made.parquet"
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
        return path.read_bytes()
