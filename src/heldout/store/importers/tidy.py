"""What every importer yields: a row per outcome, as columns."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError, first_line

LARGEST = 512 << 20
"""Bytes of a JSON log that is read whole."""

HELD, TIMES = 900 << 20, 100
"""Bytes of memory that what a packed file holds may take; larger files may take so many times their size, as sound ones do."""

COLUMNS = ("system", "task", "run", "item", "step", "cluster", "measure", "score", "n")


@dataclass(frozen=True)
class Tidy:
    """Columns of equal length under the names of `COLUMNS`.

    `what`: the format in words. `notes`: what was left out. `rank`: of logs of one run in one folder that with the lowest
    says most, and the others say it again. `runs`: what a run is, in the word that a table's column would have: of a seed or
    fold equal numbers mean equal conditions.
    """

    what: str
    columns: Mapping[str, Sequence[Any] | np.ndarray]
    notes: tuple[str, ...] = ()
    rank: int = 0
    runs: str = "run"
    joint: bool = False  # whether one run is asked about several tasks, `trained: split`


def tidy(what: str, rows: Iterable[Mapping[str, Any]], notes: Sequence[str] = (), *, rank: int = 0) -> Tidy:
    """Rows as columns; columns that are empty in all rows are left out. Rows may come one by one: equal texts are kept once.

    `notes` are taken when the rows have been: making rows may add to them.
    """
    found: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    seen: dict[str, str] = {}
    for row in rows:
        for name, column in found.items():
            value = row.get(name)
            column.append(seen.setdefault(value, value) if type(value) is str else value)
    kept = {name: column for name, column in found.items() if any(value is not None for value in column)}
    return Tidy(what, kept, tuple(notes), rank)


def weight(text: bytes) -> int:
    """Bytes of memory that JSON takes, at most, while it is parsed: text, its characters, and a Python value for every piece.

    Measured on lists, mappings, numbers and texts of few characters, and on text beyond ASCII.
    """
    brackets, quotes, marks = (sum(map(text.count, some)) for some in ((b"[", b"{"), (b'"',), (b",", b":")))
    return len(text) * (3 if text.isascii() else 10) + 72 * brackets + 36 * quotes + 40 * marks


def document(path: Path) -> Any:
    """A JSON file as Python values; `HeldoutError` for what is too large, too deep or no JSON."""
    if path.stat().st_size > LARGEST:
        raise HeldoutError(
            f"{path}: {path.stat().st_size >> 20} MB of JSON, more than {LARGEST >> 20} MB: split it, or save the rows as CSV"
        )
    try:
        return parse(path.read_bytes(), str(path))
    except OSError as error:
        raise HeldoutError(f"{path}: cannot be read ({error.strerror or error})") from error


def parse(text: bytes, name: str, packed: int = 0) -> Any:
    """JSON as Python values, with NaN and infinities as their writers mean them; `packed`: bytes of the file that it was in."""
    if packed and weight(text) > max(HELD, TIMES * packed):
        raise HeldoutError(
            f"{name}: {len(text):,} bytes of JSON that take more than {HELD >> 20} MB of memory, from a file of {packed:,} bytes: refused"
        )
    try:
        return json.loads(text.decode("utf-8-sig"))
    except RecursionError as error:
        raise HeldoutError(f"{name}: JSON nested too deep to be a log") from error
    except (UnicodeDecodeError, ValueError) as error:
        raise HeldoutError(f"{name}: not JSON ({first_line(error)})") from error


def number(value: Any) -> float | None:
    """A number, or None for what is none; true is 1."""
    if isinstance(value, (bool, int, float)):
        return float(value)
    return None


def place(path: Path) -> tuple[str, str | None, str | None]:
    """System, task and run by where a log lies: `ppo/CartPole-v1_3/x` is ppo, CartPole-v1 and 3; `sac_seed2/x` is sac and 2.

    Where neither fits, the folder's name (or the file's, in a folder of many) is the system.
    """
    folders = [
        p for p in path.absolute().parent.parts if p not in ("/", "logs", "runs", "results", "eval", "evaluations")
    ]
    last = folders[-1] if folders else path.stem
    if numbered := re.fullmatch(r"(.+-v\d+)_(\d+)", last):
        return (folders[-2] if len(folders) > 1 else "system", numbered[1], numbered[2])
    if seeded := re.fullmatch(r"(.+?)(?:[-_. ]*(?:seed|run)|[-_. ]+s)[-_]?(\d+)", last, re.IGNORECASE):
        return seeded[1], None, seeded[2]
    if re.fullmatch(r"(?:seed|run|s)?[-_]?\d+", last, re.IGNORECASE) and len(folders) > 1:
        digits = re.sub(r"\D", "", last)
        return folders[-2], None, digits
    return last, None, None
