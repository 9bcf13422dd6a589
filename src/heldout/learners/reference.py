"""Models of the user's own, named by `package.module:name` or `path/to/file.py:name`."""

import hashlib
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from heldout.core.discover import fetch
from heldout.core.errors import HeldoutError


def found(reference: str) -> Any:
    """What stands under a reference; HeldoutError where it does not import or does not exist."""
    _parts(reference)
    return fetch(reference)


def stamp(reference: str) -> str:
    """The sha256 of the file behind a reference, and the version of the package that it came with.

    So an edited model is asked anew, and so is one of an upgraded package.
    """
    where, _ = _parts(reference)
    if where.endswith(".py"):
        path = Path(where).expanduser()
        if not path.is_file():
            raise HeldoutError(f"no such file: {where} (in {reference})")
        return hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        spec = find_spec(where)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        raise HeldoutError(f"cannot find {where!r}: name something installed, or a file: path/to/file.py:name")
    sha = hashlib.sha256(Path(spec.origin).read_bytes()).hexdigest() if Path(spec.origin).is_file() else ""
    return " ".join(p for p in (sha, _version(where.partition(".")[0])) if p)


def _parts(reference: str) -> tuple[str, str]:
    where, colon, name = reference.rpartition(":")
    if not colon or not where or not name:
        raise HeldoutError(
            f"{reference!r} names no model: write package.module:name, such as sklearn.svm:SVC, or file.py:name"
        )
    return where, name


def _version(package: str) -> str:
    for distribution in packages_distributions().get(package, ()):
        try:
            return f"{distribution} {version(distribution)}"
        except PackageNotFoundError:
            continue
    return ""
