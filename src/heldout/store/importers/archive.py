"""Reads single members of a ZIP archive in memory, within limits: nothing is ever unpacked to the disk."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import TypeVar

from heldout.core.errors import HeldoutError

MEMBER, WHOLE, MEMBERS = 256 << 20, 4 << 30, 200_000
"""Bytes of a member and of all members unpacked, and how many members there may be."""

T = TypeVar("T")


def members(path: Path, wanted: Callable[[str], bool], read: Callable[[bytes, str], T]) -> Iterator[T]:
    """The wanted members, each read and turned into a value before the next one is.

    `HeldoutError` for what is no sound archive, is larger unpacked than it says or than the limits, or names a member
    outside the archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            _refuse(path, infos)
            for info in infos:
                if wanted(info.filename):
                    with archive.open(info) as file:
                        data = file.read(MEMBER + 1)
                    if len(data) > MEMBER:
                        raise HeldoutError(f"{path}: {info.filename!r} is larger than {MEMBER >> 20} MB unpacked")
                    yield read(data, f"{path}:{info.filename}")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise HeldoutError(f"{path}: a damaged or unreadable archive ({error})") from error


def names(path: Path) -> tuple[str, ...]:
    """The members' names, or nothing where the file is no archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return ()


def _refuse(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MEMBERS:
        raise HeldoutError(f"{path}: {len(infos):,} members, more than {MEMBERS:,}: no log")
    if sum(info.file_size for info in infos) > WHOLE:
        raise HeldoutError(f"{path}: more than {WHOLE >> 30} GB unpacked: refused")
    for info in infos:
        place = PurePosixPath(info.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts:
            raise HeldoutError(f"{path}: a member named {info.filename[:60]!r} points outside the archive: refused")
