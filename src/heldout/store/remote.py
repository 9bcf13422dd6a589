"""A store behind an address, such as `s3://bucket/name`: a folder of this machine that gives and takes files through fsspec.

Files of a store are written once, under names that say what is in them, so that either side takes what it lacks. Where a name
must be taken by one process alone (how the seeds of a cell are run) the first to send it counts.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from heldout.core.cache import cache_folder
from heldout.core.errors import HeldoutError, first_line
from heldout.core.extras import missing
from heldout.store import files, marker

_ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):/+(?P<rest>.*)")

SHARED = ("batches", "parts", "verdicts", "locks", "modes", "weights")
"""What other machines need; checkpoints, samples and pages stay where they were made."""

READ = ("batches", "parts", "locks")
"""What is looked for whenever the store is read; verdicts are read where they were written last, the rest by name."""


def address(place: str | Path) -> str | None:
    """The address that a user names, None for a folder; `HeldoutError` for one that is a folder, or has a password in it."""
    match = _ADDRESS.fullmatch(str(place))
    if match is None:
        return None
    scheme, rest = match["scheme"].lower(), match["rest"].lstrip("/").rstrip("/")
    if scheme == "file":
        raise HeldoutError(f"a store of this machine is a folder: give /{rest} in place of {place}")
    if "@" in rest.partition("/")[0]:
        raise HeldoutError(
            f"leave names and passwords out of the address {scheme}://...: the environment is their place"
        )
    return f"{scheme}://{'/' if scheme == 'local' else ''}{rest}"


class Remote:
    """The files behind an address, and the folder that mirrors them."""

    def __init__(self, place: str) -> None:
        self.address = place
        self._system, self._root = _connected(place)
        self.folder = cache_folder() / "stores" / hashlib.sha256(place.encode()).hexdigest()[:16]
        self._taken = set[str]()

    def exists(self) -> bool:
        """Whether a store was made there."""
        with self._explained():
            return self._read(marker.NAME) is not None

    def begin(self, *, create: bool) -> None:
        """Make the mirror that of the store which is there now, or make a store there; `HeldoutError` for what is none."""
        with files.explained(self.folder):
            self.folder.parent.mkdir(parents=True, exist_ok=True)
        with files.locked(self.folder.with_suffix(".lock")), self._explained():
            here, found = self.folder / marker.NAME, self._read(marker.NAME)
            if found is None and not create:
                raise HeldoutError(f"no store at {self.address}: run a study first, or name another with --store")
            if found is None or not here.exists() or here.read_bytes() != found:  # what is here is of another store
                shutil.rmtree(self.folder, ignore_errors=True)
                self.folder.mkdir()
            if found is None:
                found = marker.text(id=os.urandom(8).hex()).encode()
                if not self._sent(marker.NAME, found, first=True):
                    found = self._read(marker.NAME) or found
            if not here.exists():  # others may be reading it
                files.write_text(here, found.decode())
        marker.establish(self.folder, create=create)
        self.give("batches", "weights", "locks")  # what could not be sent when it was written
        self.fetch()
        self.fetch("verdicts", anew=True)

    def fetch(self, *kinds: str, anew: bool = False) -> None:
        """Take what is there and not here; `anew`: also what is here."""
        with self._explained():
            for kind in kinds or READ:
                for name in self._there(kind):
                    self._take(name, anew=anew)

    def give(self, *kinds: str) -> None:
        """Send what is here and not there."""
        with self._explained():
            for kind in kinds:
                there = set(self._there(kind))
                for path in sorted((self.folder / kind).rglob("*")):
                    if path.is_file() and not path.name.startswith(".") and self._name(path) not in there:
                        self._sent(self._name(path), path.read_bytes())

    def bring(self, path: Path) -> None:
        """Take one file of the store, if it is there and not here."""
        if path.exists():
            return
        with self._explained(), suppress(FileNotFoundError):
            self._take(self._name(path), anew=True)

    def send(self, path: Path) -> None:
        """Give a file of the store."""
        name = self._name(path)
        if name.partition("/")[0] in SHARED:
            self._taken.add(name)
            with self._explained():
                self._sent(name, path.read_bytes())

    def first(self, path: Path, text: str) -> str:
        """The text of a small file of which the first one counts, whichever machine sends it; ours, where there is none yet."""
        name = self._name(path)
        with self._explained():
            if not self._sent(name, text.encode(), first=True):
                self._take(name, anew=True)
                return path.read_text(encoding="utf-8")
        files.write_text(path, text)
        return text

    def drop(self, path: Path) -> None:
        """Remove a file that turned out to be damaged."""
        with self._explained(), suppress(FileNotFoundError):
            self._system.rm_file(self._at(self._name(path)))

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _read(self, name: str) -> bytes | None:
        """A file's content, None for none; `exists` of many file systems says no to a broken connection, too."""
        try:
            return bytes(self._system.cat_file(self._at(name)))
        except FileNotFoundError:
            return None

    def _there(self, kind: str) -> list[str]:
        from fsspec.spec import AbstractFileSystem

        # the common one would take a broken connection for an empty folder
        own = type(self._system).find is not AbstractFileSystem.find
        try:
            found = self._system.find(self._at(kind), **({} if own else {"on_error": "raise"}))
        except FileNotFoundError:
            return []
        return [str(PurePosixPath(one).relative_to(self._root)) for one in found]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _sent(self, name: str, data: bytes, *, first: bool = False) -> bool:
        """Whether it was given: with `first` not where there is a file of that name."""
        there = self._at(name)
        self._system.makedirs(there.rpartition("/")[0], exist_ok=True)
        try:
            self._system.pipe_file(there, data, **({"mode": "create"} if first else {}))
        except FileExistsError:
            return False
        return True

    def _take(self, name: str, *, anew: bool) -> None:
        """Once in the life of a process, so that what is damaged there is set aside here once."""
        path = self.folder.joinpath(*PurePosixPath(name).parts)
        if not path.resolve().is_relative_to(self.folder.resolve()) or path.name.startswith("."):
            return
        if not anew and (name in self._taken or path.exists()):
            return
        self._taken.add(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        made = files.temporary(path)
        try:
            self._system.get_file(self._at(name), str(made))
            made.replace(path)
        finally:
            made.unlink(missing_ok=True)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """What is there now, not when it was last listed; whatever a file system of other people raises, in one line."""
        try:
            self._system.invalidate_cache()
            yield
        except HeldoutError:
            raise
        except Exception as error:
            raise HeldoutError(f"the store {self.address} does not answer: {first_line(error)}") from error


def _connected(place: str) -> tuple[Any, str]:
    try:
        import fsspec
        from fsspec.core import url_to_fs
    except ModuleNotFoundError as error:
        raise HeldoutError(missing("a store behind an address", error)) from error
    scheme = place.partition(":")[0]
    if scheme not in fsspec.available_protocols():
        raise HeldoutError(
            f"no store behind {scheme}://...: fsspec has no such scheme; s3, gs, abfs, sftp and others it has"
        )
    try:
        system, root = url_to_fs(place)
    except ImportError as error:
        said = f"needs a package that is not installed: {first_line(error)}"
        raise HeldoutError(f"a store at {scheme}://... {said}") from error
    except Exception as error:
        raise HeldoutError(f"no store at {place}: {first_line(error)}") from error
    return system, str(root).rstrip("/")
