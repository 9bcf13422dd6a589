"""A checksum inside a Parquet file, so that it survives `cp` and needs no second file.

The footer's metadata holds `{"heldout":SCHEMA,"sha256":"<64 digits>","batches":[...]}`. The digits are the sha256 of the
whole file with zeros in their place: every byte is protected, pages and footer alike, against truncation, bit flips and
mixed-up blocks. Not against someone who computes a new checksum, and not against files swapped for older valid ones.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from heldout.store.columns import SCHEMA

MAGIC = b"PAR1"
DIGITS = 64
_START = b'{"heldout":'
_BEFORE = b'"sha256":"'
_BLOCK = 1 << 20


class Damaged(Exception):  # noqa: N818 - raised and caught as the word it is
    """A file that is not what was written; the text says in which way."""


class Seal(NamedTuple):
    """What a footer says: schema version, and its batches as JSON values."""

    schema: int
    batches: Any


class _Footer(NamedTuple):
    """The metadata's text and where in the file its digits stand."""

    text: bytes
    digits: int


def unsealed(batches: str) -> str:
    """The metadata to write, with zeros where `close` puts the digits; `batches` is JSON in ASCII."""
    return f'{{"heldout":{SCHEMA},"sha256":"{"0" * DIGITS}","batches":{batches}}}'


def close(path: Path) -> None:
    """Put the digits into a file that was written with `unsealed` metadata."""
    with path.open("r+b") as file:
        at = _footer(file).digits
        digits = _sha256(file, at)
        file.seek(at)
        file.write(digits)


def read(path: Path, *, check: bool = True) -> Seal:
    """The seal of a file, after comparing its checksum; raises `Damaged`, or `OSError` where it cannot be read."""
    with path.open("rb") as file:
        footer = _footer(file)
        if check:
            digits = _sha256(file, footer.digits)
            file.seek(footer.digits)
            if file.read(DIGITS) != digits:
                raise Damaged("does not match its checksum")
    try:
        found, _ = json.JSONDecoder().raw_decode(footer.text.decode("latin-1"))
        return Seal(int(found["heldout"]), found["batches"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Damaged("has a footer that cannot be read") from error


def _footer(file: BinaryIO) -> _Footer:
    size = file.seek(0, 2)
    file.seek(max(size - 8, 0))
    tail = file.read(8)
    if size < 12 or tail[4:] != MAGIC:
        raise Damaged("is cut short or no Parquet file" if size else "is empty")
    begin = size - 8 - int.from_bytes(tail[:4], "little")
    if begin < 4:
        raise Damaged("has a footer that cannot be read")
    file.seek(begin)
    footer = file.read(size - 8 - begin)
    start = footer.rfind(_START)  # quotes inside the metadata are escaped: its first words stand nowhere later
    digits = footer.find(_BEFORE, start, start + 64)
    if start < 0 or digits < 0:
        raise Damaged("was not written by heldout")
    return _Footer(footer[start:], begin + digits + len(_BEFORE))


def _sha256(file: BinaryIO, digits: int) -> bytes:
    """The sha256 of the file with zeros for the digits at that place, as hexadecimal digits."""
    found = hashlib.sha256()
    file.seek(0)
    left = digits
    while left:
        block = file.read(min(left, _BLOCK))
        if not block:
            raise Damaged("is cut short")
        found.update(block)
        left -= len(block)
    found.update(b"0" * DIGITS)
    file.seek(digits + DIGITS)
    while block := file.read(_BLOCK):
        found.update(block)
    return found.hexdigest().encode()
