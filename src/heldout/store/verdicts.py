"""Verdicts as rows, one file per study and lock."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from heldout.core.verdict import Verdict


def file_name(study: str, lock: str) -> str:
    """The file of a study's verdicts under one set of claims."""
    return f"{quote(study, safe='')}-{quote(lock, safe='')}.parquet"


def rows(study: str, lock: str, found: Sequence[Verdict], commit: str, when: tuple[int, float]) -> dict[str, list[Any]]:
    """The columns of the `verdicts` view; `when`: how often the claims had changed, and the time in seconds since 1970."""
    same = ("claim", "statement", "verdict", "reason", "estimate", "low", "high", "alpha", "n", "unit", "method")
    columns: dict[str, list[Any]] = {name: [getattr(v, name) for v in found] for name in (*same, "assumption")}
    constant = {"study": study, "lock": lock, "commit": commit, "revisions": max(when[0], 0), "at": when[1]}
    columns |= {name: [value] * len(found) for name, value in constant.items()}
    return columns | {"look": [len(v.looks) for v in found]}
