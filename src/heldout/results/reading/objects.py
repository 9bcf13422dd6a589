"""One JSON object as columns: columns of equal length, or scores by system."""

from collections.abc import Mapping
from typing import Any

from heldout.core.errors import HeldoutError
from heldout.results.reading.names import ROLES, plain


def columns_of_object(found: Any, name: str) -> dict[str, list[Any]]:
    """`{"system": [...], "score": [...]}`, `{system: {task: number or runs}}` and `{system: runs}` as columns."""
    if isinstance(found, Mapping) and len(found) == 1:
        only = next(iter(found.values()))
        found = {k: [row.get(k) for row in only] for k in only[0]} if _rows(only) else found
    if isinstance(found, Mapping) and found:
        values = list(found.values())
        if all(isinstance(v, list) for v in values):
            usual = {word for words in ROLES.values() for word in words}
            if len({len(v) for v in values}) == 1 and any(plain(k) in usual for k in found):
                return {str(k): v for k, v in found.items()}
            return _long({k: {"all": v} for k, v in found.items()}, name)
        if all(isinstance(v, Mapping) and v for v in values):
            return _long(found, name)
    raise HeldoutError(f"{name}: JSON, but no list of rows, and no log that heldout knows")


def _rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _long(scores: Mapping[str, Mapping[str, Any]], name: str) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {"system": [], "task": [], "score": []}
    for system, tasks in scores.items():
        for task, value in tasks.items():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, (Mapping, list)):
                    raise HeldoutError(f"{name}: JSON nested deeper than system, task and runs: save it as rows")
                columns["system"].append(system)
                columns["task"].append(task)
                columns["score"].append(one)
    return columns
