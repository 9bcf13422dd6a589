"""The columns of the store's tables: what the files hold and what the views show."""

from collections.abc import Mapping

SCHEMA = 1
"""Version of the columns below, kept in every file and in the folder's marker; a newer heldout reads older ones."""

TEXT, REAL, INTEGER, UNSIGNED, TRUTH, TEXTS = "VARCHAR", "DOUBLE", "BIGINT", "UBIGINT", "BOOLEAN", "VARCHAR[]"

KEYS: Mapping[str, str] = {
    "cell": TEXT,
    "task": TEXT,
    "learner": TEXT,
    "config": TEXT,
    "seed": INTEGER,
    "on": TEXT,
    "split": TEXT,
    "axis": TEXT,
    "group": TEXT,
    "level": REAL,
    "probe": TEXT,
    "step": INTEGER,
}
"""What a record and an item are known by."""

VIEWS: Mapping[str, Mapping[str, str]] = {
    "specs": {
        "digest": TEXT,
        "name": TEXT,
        "kind": TEXT,
        "version": INTEGER,
        "json": TEXT,
        "low": REAL,
        "high": REAL,
        "chance": REAL,
        "step_unit": TEXT,
    },
    "runs": {
        "batch": TEXT,
        "cell": TEXT,
        "task": TEXT,
        "learner": TEXT,
        "config": TEXT,
        "seed": INTEGER,
        "status": TEXT,
        "error": TEXT,
        "step": INTEGER,
        "seconds": REAL,
        "cpu_seconds": REAL,
        "tokens": INTEGER,
        "money": REAL,
        "peak_bytes": INTEGER,
        "bases": TEXTS,
        "mode": TEXT,
        "chunk": INTEGER,
        "started": REAL,
        "host": TEXT,
        "device": TEXT,
        "commit": TEXT,
        "dirty": TRUTH,
        "packages": TEXT,
        "command": TEXT,
    },
    "records": {
        **KEYS,
        "value": REAL,
        "censored": TRUTH,
        "n": INTEGER,
        "seconds": REAL,
        "tokens": INTEGER,
        "money": REAL,
    },
    "items": {
        **KEYS,
        "item": UNSIGNED,
        "cluster": TEXT,
        "sample": INTEGER,
        "opponent": TEXT,
        "value": REAL,
        "status": TEXT,
        "answer": TEXT,
        "facts": TEXT,
        "seconds": REAL,
        "tokens_in": INTEGER,
        "tokens_out": INTEGER,
        "money": REAL,
    },
    "verdicts": {
        "study": TEXT,
        "lock": TEXT,
        "claim": TEXT,
        "statement": TEXT,
        "verdict": TEXT,
        "reason": TEXT,
        "estimate": REAL,
        "low": REAL,
        "high": REAL,
        "alpha": REAL,
        "n": INTEGER,
        "unit": TEXT,
        "method": TEXT,
        "assumption": TEXT,
        "look": INTEGER,
        "revisions": INTEGER,
        "commit": TEXT,
        "at": REAL,
    },
}
"""The five views and their columns, in order; `started` and `at` are seconds since 1970 in the files, timestamps (UTC) in the views."""

MOMENTS = ("started", "at")

HIDDEN: Mapping[str, Mapping[str, str]] = {
    "specs": {"batch": TEXT},
    "runs": {"probes": TEXTS},
    "records": {"batch": TEXT, "probe_digest": TEXT},
    "items": {"batch": TEXT, "probe_digest": TEXT, "position": INTEGER},
    "verdicts": {},
}
"""Columns that the files hold besides, for the store's own use."""

KINDS = ("specs", "runs", "records", "items")
"""The tables that share a batch's file, one row kind each."""


def stored(table: str) -> dict[str, str]:
    """Every column of a table as its rows are stored, with its type."""
    return {**VIEWS[table], **HIDDEN[table]}


def wide() -> dict[str, str]:
    """The columns of a batch's file: `kind_of_row`, then the union of its tables' columns."""
    found = {"kind_of_row": TEXT}
    for table in KINDS:
        found.update(stored(table))
    return found


def quoted(names: "list[str] | tuple[str, ...]") -> str:
    """Column names, which are this module's own, as SQL."""
    return ", ".join(f'"{name}"' for name in names)
