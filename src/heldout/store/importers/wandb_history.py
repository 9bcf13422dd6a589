"""Weights & Biases: histories exported as CSV (a column per run) or JSON lines (a row per step).

Tested on files laid out by hand after its documentation: exports come from its server, and what it writes offline (`.wandb`
files, a log of protocol buffers) is another format, which is not read.
"""

import csv
import re
from pathlib import Path
from typing import Any

from heldout.core.errors import HeldoutError, first_line
from heldout.store.importers.tidy import Tidy, number, parse, place, tidy

COLUMN = re.compile(r"(.+) - ([^ ]+)")
OWN = ("_step", "_runtime", "_timestamp")
PREFERRED = ("return", "reward", "score", "accuracy", "acc", "success", "f1", "auc")
SEEDED = re.compile(r"(.+?)[-_. ]+(?:seed|run|s)[-_]?(\d+)", re.IGNORECASE)


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - every importer is asked alike
    """`"Step","name - metric"` of the web page's export, or rows with W&B's own `_step` and `_runtime`."""
    first = head.splitlines()[0] if head else b""
    if first.startswith((b'"Step"', b"Step,", b'"Relative Time')) and b" - " in first:
        return True
    return b"_step" in head and (b"_runtime" in head or b"_timestamp" in head) and not head.startswith((b"PK", b"PAR1"))


def read(path: Path) -> Tidy:
    """The history with its steps; the run's name, or else its place, says system and seed."""
    try:
        if path.suffix.lower() in (".json", ".jsonl"):
            return _history(path, _json_rows(path))
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            exported = any(COLUMN.fullmatch(n or "") for n in reader.fieldnames or ())
            rows = [{k: _cell(v) for k, v in row.items()} for row in reader]
    except (OSError, ValueError, csv.Error) as error:
        raise HeldoutError(f"{path}: a damaged history ({first_line(error)})") from error
    return _exported(rows) if exported else _history(path, rows)


def _json_rows(path: Path) -> list[dict[str, Any]]:
    text = path.read_bytes()
    if text.lstrip().startswith(b"["):
        found = parse(text, str(path))
    else:
        found = [parse(line, str(path)) for line in text.splitlines() if line.strip()]
    return [row for row in found if isinstance(row, dict)]


def _cell(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _named(name: str) -> tuple[str, str | None]:
    """System and seed of a run's name such as `ppo-seed3`."""
    found = SEEDED.fullmatch(name)
    return (found[1], found[2]) if found else (name, None)


def _exported(rows: list[dict[str, Any]]) -> Tidy:
    """A row per step and run; the columns of bounds (`__MIN`, `__MAX`) are left out."""
    found = []
    names = [
        (n, m)
        for n in (rows[0] if rows else ())
        if n and (m := COLUMN.fullmatch(n)) and not m[2].endswith(("__MIN", "__MAX"))
    ]
    step = next((n for n in (rows[0] if rows else ()) if n and not COLUMN.fullmatch(n)), "Step")
    for row in rows:
        for name, match in names:
            system, run = _named(match[1])
            if row[name] is not None and match[2] != "_step":
                found.append({"system": system, "run": run, "measure": match[2], "step": row[step], "score": row[name]})
    return tidy("W&B export", found)


def _history(path: Path, rows: list[dict[str, Any]]) -> Tidy:
    names = list(
        dict.fromkeys(k for row in rows for k, v in row.items() if not k.startswith("_") and number(v) is not None)
    )
    if not names:
        raise HeldoutError(f"{path}: a W&B history without a number")
    names.sort(key=lambda n: next((i for i, word in enumerate(PREFERRED) if word in n.lower()), len(PREFERRED)))
    score = next((n for n in names if n not in ("global_step", "epoch", "step")), names[0])
    inside = path.stem.lower() in ("history", "wandb-history", "metrics")
    (system, task, run) = place(path) if inside else (_named(path.stem)[0], None, _named(path.stem)[1])
    found = [
        {"system": system, "task": task, "run": run, "step": number(row.get("_step")), "score": number(row.get(score))}
        for row in rows
        if number(row.get(score)) is not None
    ]
    left = f"{score} taken as the score; left out: {', '.join(n for n in names if n != score)[:200]}"
    return tidy("W&B history", found, [left] if len(names) > 1 else [])
