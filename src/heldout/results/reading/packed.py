"""Files packed with gzip, unpacked to a temporary file within a limit."""

import gzip
import tempfile
import zlib
from contextlib import ExitStack
from pathlib import Path

from heldout.core.errors import HeldoutError, first_line
from heldout.results.reading.kinds import kind_of
from heldout.store.importers.tidy import HELD, weight
from heldout.store.importers.tidy import TIMES as BY_SIZE

MAGIC, MOST = b"\x1f\x8b", 4 << 30
"""How gzip begins, and bytes that a file may have unpacked: a few kilobytes can hold terabytes of zeros."""

TIMES, FREE, LINES = 50, 64 << 20, 5_000_000
"""How many times as large a file may become, unless it stays below so many bytes; and its lines, or as many as it has bytes."""


def unpacked(path: Path, name: str, stack: ExitStack, most: int = MOST) -> Path:
    """The file itself, or what is packed in it under its name without `.gz`, until the stack is closed.

    HeldoutError where it is damaged, larger than `most` bytes or the disk is full; nothing is left behind.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(2) == MAGIC
    except OSError:  # what reads it says why
        return path
    if not packed:
        return path
    place = Path(stack.enter_context(tempfile.TemporaryDirectory())) / (path.name.removesuffix(".gz") or "packed")
    size = lines = held = 0
    kind = ""
    large = path.stat().st_size
    most = min(most, max(FREE, TIMES * large))
    try:
        with gzip.open(path) as source, place.open("wb") as target:
            while chunk := source.read(1 << 20):
                size += len(chunk)
                if size > most:
                    raise HeldoutError(
                        f"{name}: more than {most >> 20:,} MB unpacked: unpack it yourself if it is meant to be so large"
                    )
                lines += chunk.count(b"\n")
                if lines > max(LINES, large):
                    raise HeldoutError(
                        f"{name}: more than {lines - 1:,} lines from {large:,} bytes: refused; unpack it yourself"
                    )
                kind = kind or _kind(chunk, name)
                held = _held(held, chunk, kind)
                if held > max(HELD, BY_SIZE * large):
                    raise HeldoutError(
                        f"{name}: JSON that takes more than {held >> 20:,} MB of memory, from {large:,} bytes: refused; unpack it yourself"
                    )
                target.write(chunk)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise HeldoutError(f"{name}: a damaged gzip file ({first_line(error)}): fetch or pack it again") from error
    except OSError as error:
        raise HeldoutError(f"{name}: cannot be unpacked ({error.strerror or error})") from error
    return place


def _kind(head: bytes, name: str) -> str:
    """What a file is, by its first bytes; what reads it says why it is none."""
    try:
        kind = kind_of(head[:65536], name)
    except HeldoutError:
        return "other"
    return "rows" if kind == "json" and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") else kind


def _held(before: int, chunk: bytes, kind: str) -> int:
    """Memory that the JSON read so far takes while it is parsed: a whole document, or the line that has begun."""
    if kind == "jsonl" and b"\n" in chunk:
        return weight(chunk[chunk.rindex(b"\n") :])
    return before + weight(chunk) if kind in ("json", "jsonl") else 0
