"""Every operation on files that the store makes."""

import errno
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from heldout.core.errors import HeldoutError

TEMPORARY = ".tmp-"
"""Names that begin so are unfinished files; readers pass them over."""

REMOVING = ".removing"
"""The file in a store that is locked by whoever takes files away (alone), lists them or names them (with others)."""

COMPACTING = ".compacting"
"""The file in a store that is locked by the one process that brings small files together."""

STALE = 24 * 3600.0
"""Seconds after which an unfinished file is taken for abandoned even where its writer cannot be asked."""


AFTER = "after.txt"
"""The file in a store that says, in seconds since 1970, when everything in another store had begun."""


class Listed(NamedTuple):
    """A file as a listing shows it: a file that changes is another one."""

    path: Path
    size: int
    modified: int


def temporary(path: Path) -> Path:
    """A name in the same folder that no other writer uses: host, process and a random part are in it."""
    return path.with_name(f"{TEMPORARY}{_host()}-{os.getpid()}-{os.urandom(6).hex()}{path.suffix}")


def _host() -> str:
    return "".join(c for c in os.uname().nodename if c.isalnum())[:20] if hasattr(os, "uname") else "host"


def publish(made: Path, path: Path) -> None:
    """Bring a file that is complete to the disk and give it its name: after a crash it is there whole, or not at all."""
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    made.replace(path)
    sync(path.parent)


@contextmanager
def staying(store: Path) -> Iterator[None]:
    """No file of the store is taken away by others inside: for whoever lists files, or gives one its name."""
    with locked(store / REMOVING, shared=True):
        yield


@contextmanager
def taking(store: Path) -> Iterator[bool]:
    """Nobody lists or names files inside; yields false where the store cannot be locked, and nothing may be removed."""
    with locked(store / REMOVING) as alone:
        yield alone


def sync(folder: Path) -> None:
    """Bring a folder's names to the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_text(path: Path, text: str) -> None:
    """Write a small file under a temporary name and publish it."""
    made = temporary(path)
    try:
        made.write_text(text, encoding="utf-8")
        publish(made, path)
    finally:
        made.unlink(missing_ok=True)


def listed(folder: Path, suffix: str = ".parquet") -> list[Listed]:
    """The finished files of a folder in the order of their names; empty where there is no such folder."""
    found = []
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.endswith(suffix) and not entry.name.startswith("."):
                with suppress(FileNotFoundError):  # gone since the listing began
                    status = entry.stat()
                    found.append(Listed(Path(entry.path), status.st_size, status.st_mtime_ns))
    return found


def literal(path: Path | str) -> str:
    """A path as DuckDB takes it for itself alone: `*`, `?` and `[` would make it a pattern."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))


def count(folder: Path) -> int:
    """How many files a folder has; none where there is no such folder."""
    with suppress(OSError), os.scandir(folder) as entries:
        return sum(1 for _ in entries)
    return 0


def unchanged(found: Iterable[Listed]) -> bool:
    """Whether files are still those that were listed."""
    for file in found:
        try:
            status = file.path.stat()
        except OSError:
            return False
        if (status.st_size, status.st_mtime_ns) != (file.size, file.modified):
            return False
    return True


def set_aside(file: Listed, folder: Path) -> Path | None:
    """Move a file into a folder under a free name; None where that is not possible or it has changed meanwhile."""
    path = file.path
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
        target, count = folder / path.name, 1
        while target.exists():
            target, count = folder / f"{path.stem}-{count}{path.suffix}", count + 1
        if unchanged([file]):
            path.replace(target)
            return target
    return None


def remove(file: Listed) -> None:
    """Remove a file unless it has changed since it was listed."""
    if unchanged([file]):
        with suppress(OSError):
            file.path.unlink()


def sweep(folder: Path) -> None:
    """Remove unfinished files whose writers are dead."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(TEMPORARY) and _abandoned(entry):
                with suppress(OSError):
                    Path(entry.path).unlink()


def _abandoned(entry: "os.DirEntry[str]") -> bool:
    try:
        age = time.time() - entry.stat().st_mtime
    except OSError:
        return False
    parts = entry.name.removeprefix(TEMPORARY).split("-")
    if parts[0] == _host() and len(parts) > 1 and parts[1].isdigit():
        return not _alive(int(parts[1]))
    return age > STALE


def _alive(process: int) -> bool:
    if process == os.getpid():
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def locked(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[bool]:
    """Hold the advisory lock on a file; yields whether it was got. The system frees it when its holder dies.

    Where files cannot be locked it yields False: whoever removes files then leaves them.
    """
    try:
        import fcntl
    except ImportError:
        yield False
        return
    how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        yield False
        return
    try:
        try:
            fcntl.flock(handle, how)
            got = True
        except OSError:
            got = False
        yield got
    finally:
        os.close(handle)


def writable(store: Path) -> None:
    """`HeldoutError` where nothing can be written into a store, or where its files cannot be locked."""
    made = temporary(store / "try")
    with explained(store):
        try:
            made.touch()
        finally:
            with suppress(OSError):
                made.unlink()
    with locked(store / REMOVING, shared=True) as got:
        if not got:
            raise HeldoutError(
                f"files in {store} cannot be locked: compact the store on the machine that holds its disk"
            )


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the system says about a write into one line that names the folder and the mend."""
    try:
        yield
    except OSError as error:
        raise HeldoutError(reason(error, folder)) from error


def reason(error: OSError, folder: Path) -> str:
    """One line for a failed write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk of {folder} is full: free some space and run again; what was finished is kept"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"cannot write to {folder} ({error.strerror}): make it writable, or name another folder with --store"
    return f"cannot write to {folder}: {error.strerror or error}"
