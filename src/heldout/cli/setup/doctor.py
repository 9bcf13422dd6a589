"""Say what this machine has, and what is missing."""

import os
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from heldout.cli.options import json_option, store_option
from heldout.cli.output import print_table


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, what was found, and the command that mends it."""

    ok: bool
    thing: str
    found: str
    mend: str = ""


@click.command
@store_option
@json_option
def command(where: str, as_json: bool) -> None:
    """Say what this machine has, and what is missing, with the pip command that mends it.

    Exits with 2 where `heldout run` could not work.
    """
    findings = [*_python(), *_extras(), *_folders(where)]
    rows = [("ok" if f.ok else "--", f.thing, f.found, f.mend) for f in findings]
    print_table(("", "thing", "found", "mend"), rows) if not as_json else print_table(
        ("ok", "thing", "found", "mend"), [(f.ok, f.thing, f.found, f.mend) for f in findings], as_json=True
    )
    needed = {"heldout[lab]", "store"}
    click.get_current_context().exit(2 if any(not f.ok and f.thing in needed for f in findings) else 0)


def _python() -> list[Finding]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return [
        Finding(True, "python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        Finding(True, "cores", f"{cores}: one worker each"),
    ]


def _extras() -> list[Finding]:
    from heldout.core.extras import extras

    found = []
    for extra, names in extras().items():
        have = {name: _version(name) for name in names}
        absent = [name for name, installed in have.items() if installed is None]
        label = f"heldout[{extra}]" if extra else f"heldout {_version('heldout')}"
        text = "lacks " + ", ".join(absent) if absent else ", ".join(f"{n} {v}" for n, v in have.items())
        found.append(Finding(not absent, label, text, f"pip install '{label.split(maxsplit=1)[0]}'" if absent else ""))
    return found


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _folders(where: str) -> list[Finding]:
    from heldout.core.cache import cache_folder
    from heldout.store.remote import address

    mend = "compiled programs are made anew each time; set XDG_CACHE_HOME to a writable folder"
    found = [_folder("cache", cache_folder(), mend)]
    return found if address(where) else [*found, _folder("store", Path(where), "give a writable folder: --store DIR")]


def _folder(thing: str, path: Path, mend: str) -> Finding:
    there = next(p for p in (path.absolute(), *path.absolute().parents) if p.exists())
    if not there.is_dir() or (path.exists() and not path.is_dir()):
        return Finding(False, thing, f"{path} is not a folder", mend)
    if not os.access(there, os.W_OK | os.X_OK):
        return Finding(False, thing, f"{path} cannot be written", mend)
    size = sum(f.stat().st_size for f in path.rglob("*") if f.is_file()) / 1e6 if path.exists() else 0.0
    return Finding(True, thing, f"{path}, {size:.1f} MB" if path.exists() else f"{path}, not there yet")
