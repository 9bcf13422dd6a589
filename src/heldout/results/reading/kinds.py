"""What a file is, by its first bytes: its name is only believed where they agree."""

from pathlib import Path
from typing import Literal

from heldout.core.errors import HeldoutError

Kind = Literal["csv", "json", "jsonl", "parquet"]

FOREIGN = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (or a spreadsheet: save it as CSV)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file: save it as CSV"),
    (b"\x7fELF", "a program"),
    (b"\x80\x04", "a pickle, which heldout never opens: save it as CSV or Parquet"),
    (b"\x80\x05", "a pickle, which heldout never opens: save it as CSV or Parquet"),
    (b"\x89HDF", "an HDF5 file: save it as CSV or Parquet"),
    (b"\x1f\x8b", "compressed with gzip: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"BZh", "compressed with bzip2: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it first"),
    (b"SQLite format 3", "an SQLite database: save the table as CSV"),
    (b"ARROW1", "an Arrow file: save it as Parquet"),
    (b"\xff\xfe", "text in UTF-16: save it as UTF-8"),
    (b"\xfe\xff", "text in UTF-16: save it as UTF-8"),
    (b"<!doctype html", "a web page, not the table itself: download the raw file"),
    (b"<html", "a web page, not the table itself: download the raw file"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself: git lfs pull"),
)


def first_bytes(path: Path, size: int = 65536) -> bytes:
    """The beginning of a file; `HeldoutError` where it cannot be read or is empty."""
    try:
        if not path.exists():
            raise HeldoutError(f"{path}: no such file")
        with path.open("rb") as file:
            head = file.read(size)
    except OSError as error:
        raise HeldoutError(f"{path}: cannot be read ({error.strerror or error})") from error
    if not head.strip():
        raise HeldoutError(f"{path}: the file is empty")
    return head


def kind_of(head: bytes, name: str) -> Kind:
    """Whether a file is CSV, JSON, JSON lines or Parquet; `HeldoutError` says what it is where it is none of these."""
    if head.startswith(b"PAR1"):
        return "parquet"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, what in FOREIGN:
        if head.startswith(mark) or start[:64].lower().startswith(mark):
            raise HeldoutError(f"{name}: not a table but {what}")
    if name.lower().endswith((".parquet", ".pq")):
        raise HeldoutError(f"{name}: not a Parquet file, whatever its name says")
    if b"\0" in head:
        raise HeldoutError(f"{name}: binary data, not a table; heldout reads CSV, TSV, Parquet, JSON and JSON lines")
    lines = [line for line in start.splitlines() if line.strip()]
    if start.startswith(b"["):
        return "json"
    if start.startswith(b"{"):
        return "jsonl" if len(lines) > 1 and lines[0].rstrip().endswith(b"}") and lines[1].startswith(b"{") else "json"
    if name.lower().endswith((".json", ".jsonl")):
        raise HeldoutError(
            f"{name}: not JSON, whatever its name says: it begins {start[:20].decode('utf-8', 'replace')!r}"
        )
    return "csv"
