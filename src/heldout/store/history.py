"""How often a study's claims changed since its first run: one empty file per change, whose name is all there is.

Names are numbered and created exclusively, so that two processes need no lock and copied stores merge.
"""

import re
from pathlib import Path
from urllib.parse import quote, unquote

from heldout.core.errors import HeldoutError
from heldout.store import files

_NAME = re.compile(r"(\d{6})-([A-Za-z0-9]{1,128})")


def locks(folder: Path, study: str) -> list[str]:
    """The locks of a study in the order in which they came, neighbours never equal."""
    place = folder / "locks" / quote(study, safe="")
    try:
        names = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
    except OSError as error:
        raise HeldoutError(f"cannot read {place}: {error.strerror or error}") from error
    found: list[str] = []
    for name in names:
        match = _NAME.fullmatch(name)
        if match and (not found or found[-1] != match[2]):
            found.append(match[2])
    return found


def studies(folder: Path) -> list[str]:
    """The studies that were begun, by name."""
    place = folder / "locks"
    return sorted(unquote(path.name) for path in place.iterdir() if path.is_dir()) if place.is_dir() else []


def lock(folder: Path, study: str, digest: str) -> int:
    """Remember the digest of claims and cap; returns how often it has changed since the first run."""
    if not _NAME.fullmatch(f"000000-{digest}"):
        raise HeldoutError(f"lock {digest!r} of study {study!r} must be made of letters and digits")
    known = locks(folder, study)
    if known and known[-1] == digest:
        return len(known) - 1
    place = folder / "locks" / quote(study, safe="")
    with files.explained(folder):
        place.mkdir(parents=True, exist_ok=True)
        numbers = [int(match[1]) for path in place.iterdir() if (match := _NAME.fullmatch(path.name))]
        (place / f"{max(numbers, default=-1) + 1:06d}-{digest}").touch()
        files.sync(place)
    return len(locks(folder, study)) - 1
