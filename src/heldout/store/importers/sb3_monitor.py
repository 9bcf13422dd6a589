"""Stable-Baselines3 `monitor.csv`: the mean return of a run's last hundred episodes."""

import csv
from pathlib import Path

from heldout.core.errors import HeldoutError, first_line
from heldout.store.importers.tidy import Tidy, parse, place, tidy

LAST = 100
"""Episodes whose mean is the run's score, as in the curves that Stable-Baselines3 prints."""


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - every importer is asked alike
    """The comment line with `t_start`, then the columns r, l, t."""
    lines = head.splitlines()
    return head.startswith(b"#{") and b'"t_start"' in lines[0] and len(lines) > 1 and lines[1].startswith(b"r,l,t")


def read(path: Path) -> Tidy:
    """One row: episodes are no runs."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            about = parse(file.readline()[1:].encode(), str(path))
            returns = [float(row["r"]) for row in csv.DictReader(file) if row.get("r")]
    except (OSError, ValueError, csv.Error) as error:
        raise HeldoutError(f"{path}: a damaged monitor file ({first_line(error)})") from error
    if not returns:
        raise HeldoutError(f"{path}: a monitor file without a finished episode")
    system, task, run = place(path)
    number = path.name.split(".")[0]
    several = number.isdigit() and len(list(path.parent.glob("*.monitor.csv"))) > 1
    shown = run if not several else f"{run or ''}/{number}".strip("/")
    last = returns[-LAST:]
    row = {"system": system, "task": about.get("env_id") or task, "run": shown, "score": sum(last) / len(last)}
    return tidy("Stable-Baselines3 monitor (mean return of the last 100 episodes)", [row], rank=1)
