"""scikit-learn `cv_results_` as JSON or CSV: a system per configuration, a run per fold."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from heldout.core.errors import HeldoutError, first_line
from heldout.store.importers.tidy import Tidy, document, tidy

FOLD = re.compile(r"split(\d+)_test_(.+)")


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - every importer is asked alike
    """Columns `mean_fit_time` and `split0_test_...`."""
    return b"mean_fit_time" in head and b"split0_test_" in head and not head.startswith((b"PK", b"PAR1"))


def read(path: Path) -> Tidy:
    """A row per configuration, fold and metric."""
    columns = _columns(path)
    folds = [(name, m) for name in columns if (m := FOLD.fullmatch(name))]
    systems = _systems(columns, len(columns[folds[0][0]])) if folds else []
    rows = [
        {"system": system, "run": f"fold {m[1]}", "measure": m[2], "score": _number(score)}
        for name, m in folds
        for system, score in zip(systems, columns[name], strict=True)
    ]
    what = "scikit-learn cv_results_ (folds share training data: their spread understates that of new data)"
    return replace(tidy(what, rows), runs="fold")


def _columns(path: Path) -> dict[str, Sequence[Any]]:
    if path.suffix.lower() == ".json":
        found = document(path)
        if isinstance(found, list):
            return {name: [row.get(name) for row in found] for name in found[0]}
        if not isinstance(found, Mapping):
            raise HeldoutError(f"{path}: no cv_results_: expected an object of columns")
        return {k: list(v.values()) if isinstance(v, Mapping) else v for k, v in found.items()}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise HeldoutError(f"{path}: a damaged table ({first_line(error)})") from error
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}


def _systems(columns: Mapping[str, Sequence[Any]], count: int) -> list[str]:
    """Each configuration in words, by its parameters."""
    found = columns.get("params")
    if found is not None:
        texts = [p if isinstance(p, str) else ", ".join(f"{k}={v}" for k, v in sorted(p.items())) for p in found]
        return [re.sub(r"'([^']*)': ", r"\1=", text.strip("{}")) or "default" for text in texts]
    parameters = {n.removeprefix("param_"): v for n, v in columns.items() if n.startswith("param_")}
    return [
        ", ".join(f"{k}={v[i]}" for k, v in sorted(parameters.items())) or f"configuration {i}" for i in range(count)
    ]


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
