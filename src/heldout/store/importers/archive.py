"""Reads members of a ZIP archive within limits; members packed with Zstandard, as Inspect AI packs them, through DuckDB."""

import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from heldout.core.errors import HeldoutError, first_line
from heldout.store.parquet import connect

MEMBER, WHOLE, MEMBERS = 256 << 20, 4 << 30, 200_000
"""Bytes of a member and of all members unpacked, and how many members there may be."""

SMALL, TIMES = 64 << 20, 10
"""A member beyond so many bytes may have so many times those of the whole archive: parsed it takes several times as many."""

AT_ONCE = 500
"""Members that DuckDB unpacks in one query."""

STORED, DEFLATED, ZSTANDARD = 0, 8, 93
"""The compression methods read; Python's own zipfile lacks the last before 3.14, and others may ask for gigabytes to unpack."""

DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, OSError, ValueError, LookupError)
"""What Python's zipfile runs into in a damaged archive; one that is encrypted or of a later version is a RuntimeError."""


def members(path: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the wanted members, in their order.

    `HeldoutError` for what is no sound archive, is larger unpacked than it says or than the limits, or names a member
    outside the archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            _refuse(path, infos)
            chosen = [info for info in infos if wanted(info.filename)]
            plain = [info for info in chosen if info.compress_type != ZSTANDARD]
            for info in plain:
                with archive.open(info) as file:
                    data = file.read(min(info.file_size, MEMBER) + 1)
                if len(data) > info.file_size:
                    raise HeldoutError(f"{path}: {info.filename[:60]!r} is larger than it says: refused")
                yield info.filename, data
        if len(plain) < len(chosen):
            yield from _zstandard(path, [info for info in chosen if info.compress_type == ZSTANDARD])
    except DAMAGED as error:
        raise HeldoutError(f"{path}: a damaged or unreadable archive ({first_line(error)})") from error


def names(path: Path) -> tuple[str, ...]:
    """The members' names, or nothing where the file is no archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(archive.namelist())
    except DAMAGED:
        return ()


def _refuse(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MEMBERS:
        raise HeldoutError(f"{path}: {len(infos):,} members, more than {MEMBERS:,}: no log")
    largest = max((info.file_size for info in infos), default=0)
    most = min(MEMBER, max(SMALL, TIMES * path.stat().st_size))
    if largest > most or sum(info.file_size for info in infos) > WHOLE:
        raise HeldoutError(f"{path}: more than {most >> 20} MB in a member or {WHOLE >> 30} GB unpacked: refused")
    for info in infos:
        if info.compress_type not in (STORED, DEFLATED, ZSTANDARD):
            raise HeldoutError(f"{path}: {info.filename[:60]!r} is packed in a way that heldout does not read: refused")
        place = PurePosixPath(info.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts:
            raise HeldoutError(f"{path}: a member named {info.filename[:60]!r} points outside the archive: refused")


def _zstandard(path: Path, infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """JSON members as they are in the archive, copied under numbers into a temporary folder for DuckDB to unpack."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder, path.open("rb") as file, connect() as connection:
        for some in _together(infos):
            places = [os.path.join(folder, f"{i}.json.zst") for i in range(len(some))]  # noqa: PTH118 - compared as text
            for info, place in zip(some, places, strict=True):
                Path(place).write_bytes(_packed(file, info))
            size = max(info.file_size for info in some) + 1024
            query = (
                "SELECT filename, json FROM read_json_objects($1, format = 'unstructured', compression = 'zstd', "  # noqa: S608 - own text
                f"filename = true, hive_partitioning = false, maximum_object_size = {size})"
            )
            try:
                found = dict(connection.execute(query, [places]).fetchall())
            except duckdb.Error as error:
                raise HeldoutError(
                    f"{path}: a damaged archive, or larger than it says: {first_line(error)[:120]}"
                ) from error
            for info, place in zip(some, places, strict=True):
                yield info.filename, found.get(place, "null").encode()


def _together(infos: list[zipfile.ZipInfo]) -> Iterator[list[zipfile.ZipInfo]]:
    """Members to unpack at once: few enough, and small enough together, one at least."""
    some: list[zipfile.ZipInfo] = []
    for info in infos:
        if some and (len(some) == AT_ONCE or sum(i.file_size for i in some) + info.file_size > SMALL):
            yield some
            some = []
        some.append(info)
    if some:
        yield some


def _packed(file: BinaryIO, info: zipfile.ZipInfo) -> bytes:
    """The bytes of a member as they stand in the archive: its local header has a name and an extra field of its own."""
    file.seek(info.header_offset)
    head = struct.unpack("<4s22xHH", file.read(30))
    if head[0] != b"PK\x03\x04":
        raise zipfile.BadZipFile("no member where one should be")
    file.seek(head[1] + head[2], os.SEEK_CUR)
    return file.read(info.compress_size)
