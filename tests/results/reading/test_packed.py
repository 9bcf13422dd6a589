import gzip
import io
from pathlib import Path
from typing import Any

import pytest

from heldout.core.errors import HeldoutError
from heldout.results.reading import packed, read, reading
from heldout.results.table import Table

ROWS = "system,task,seed,score\n" + "\n".join(f"{s},t,{r},{0.1 * r + (s == 'b'):.2f}" for s in "ab" for r in range(4))


def pack(path: Path, text: str | bytes) -> Path:
    path.write_bytes(gzip.compress(text if isinstance(text, bytes) else text.encode()))
    return path


def test_packed_tables_read_as_they_are(tmp_path: Path) -> None:
    plain = tmp_path / "r.csv"
    plain.write_text(ROWS)
    first, second = (read([str(p)]) for p in (plain, pack(tmp_path / "r.csv.gz", ROWS)))
    assert isinstance(first, Table)
    assert isinstance(second, Table)
    assert (first.systems, first.tasks) == (second.systems, second.tasks)
    assert (first.scores == second.scores).all()
    assert second.sources == (str(tmp_path / "r.csv.gz"),)


def test_packed_json_lines_and_standard_input(tmp_path: Path, monkeypatch: Any) -> None:
    lines = "\n".join(
        f'{{"model": "{s}", "question": {i}, "correct": {(i + (s == "b")) % 2}}}' for s in "ab" for i in range(5)
    )
    found = read([str(pack(tmp_path / "r.jsonl.gz", lines))])
    assert isinstance(found, Table)
    assert found.kind == "items"
    monkeypatch.setattr(reading.sys, "stdin", type("In", (), {"buffer": io.BytesIO(gzip.compress(ROWS.encode()))}))
    assert isinstance(read(["-"]), Table)


def test_files_that_name_their_system(tmp_path: Path) -> None:
    paths = [pack(tmp_path / f"{s}.csv.gz", f"task,score\nx,{i}\ny,{i + 1}\n") for i, s in enumerate(("ours", "base"))]
    found = read([str(p) for p in paths])
    assert isinstance(found, Table)
    assert found.systems == ("ours", "base")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(ROWS.encode(), mtime=0)[:-20], "damaged gzip file"),
        (b"\x1f\x8bnonsense", "damaged gzip file"),
        (gzip.compress(gzip.compress(ROWS.encode(), mtime=0), mtime=0), "compressed with gzip: unpack it first"),
        (gzip.compress(b"", mtime=0), "the file is empty"),
    ],
)
def test_what_is_not_sound_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "r.csv.gz").write_bytes(content)
    with pytest.raises(HeldoutError, match=said) as caught:
        read([str(tmp_path / "r.csv.gz")])
    assert "\n" not in str(caught.value)


def test_a_bomb_is_refused_and_leaves_nothing(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(packed.tempfile, "tempdir", str(tmp_path))
    bomb = pack(tmp_path / "r.csv.gz", b"0" * (64 << 20))
    monkeypatch.setattr(reading, "unpacked", lambda p, n, s: packed.unpacked(p, n, s, 8 << 20))
    with pytest.raises(HeldoutError, match="more than 8 MB unpacked"):
        read([str(bomb)])
    assert list(tmp_path.iterdir()) == [bomb]
