"""Which rows of a table are trained on, and how the others are shifted: by domain, forward in time, or out to the tails."""

from dataclasses import dataclass

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.split import IID, TRAIN, Split
from heldout.tasks.tabular.columns import Column

DOMAINS, ERAS = 20, 4
"""Numbers with no more distinct values than this are names of domains; and later eras that are told apart."""

TAILS = ((0.0, 0.05), (0.05, 0.1), (0.9, 0.95), (0.95, 1.0))
"""Quantiles of a numeric column that are left out of training."""

TEST = 0.25
"""Share of the rows like those trained on that is kept for `iid`."""


@dataclass(frozen=True, eq=False)
class Parts:
    """The rows of every split, and what else must be left out of training to ask about it.

    `splits`: train and iid first. `rows`: row numbers by split. `without`: the rows of a domain, by the split that asks about
    it, which a model for that split must never have seen; empty where one model serves all.
    """

    splits: tuple[Split, ...]
    rows: dict[str, np.ndarray]
    without: dict[str, np.ndarray]


def parts(column: Column | None, n: int, rng: np.random.Generator) -> Parts:
    """Divide `n` rows along a column; at random where there is none. HeldoutError where it has one value only."""
    if column is None:
        train, test = _divided(np.arange(n), rng)
        return Parts((TRAIN, IID), {"train": train, "iid": test}, {})
    there = column.values[~_empty(column)]
    if len(np.unique(there)) < 2:
        raise HeldoutError(f"the column {column.name!r} has one value: nothing shifts along it")
    if column.kind == "text" or (column.kind != "time" and len(np.unique(there)) <= DOMAINS):
        return _domains(column, rng)
    found = _eras(column, rng) if column.kind == "time" else _tails(column, rng)
    if not all(len(rows) for rows in found.rows.values()):
        raise HeldoutError(f"the column {column.name!r} has {len(there)} values: too few to shift along")
    return found


def _empty(column: Column) -> np.ndarray:
    return column.values == "" if column.kind == "text" else np.isnan(column.values)


def shown(number: float) -> str:
    """A number as short as it can be said without its becoming another one."""
    short = f"{number:g}"
    return short if float(short) == number else repr(float(number)).removesuffix(".0")


def _divided(rows: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    mixed = rng.permutation(rows)
    cut = max(1, round(TEST * len(rows)))
    return np.sort(mixed[cut:]), np.sort(mixed[:cut])


def _domains(column: Column, rng: np.random.Generator) -> Parts:
    """Every domain in turn is asked about by a model that never saw it; `iid`: held-back rows of all, by one that saw all."""
    present = np.flatnonzero(~_empty(column))
    train, test = _divided(present, rng)
    splits, rows, without = [TRAIN, IID], {"train": train, "iid": test}, {}
    for value in np.unique(column.values[present]):
        name = f"{column.name}={shown(value) if column.kind == 'number' else value}"
        splits.append(Split(name, column.name, None, str(value)))
        rows[name] = without[name] = np.flatnonzero(column.values == value)
    if len(without) > 200:
        raise HeldoutError(
            f"the column {column.name!r} has {len(without):,} values: 200 domains at most can be told apart"
        )
    return Parts(tuple(splits), rows, without)


def _eras(column: Column, rng: np.random.Generator) -> Parts:
    """Trained on the first three fifths, asked about each later tenth."""
    order = np.argsort(column.values, kind="stable")
    order = order[~np.isnan(column.values[order])]
    start = round(0.6 * len(order))
    train, test = _divided(order[:start], rng)
    splits, rows = [TRAIN, IID], {"train": train, "iid": test}
    for level, era in enumerate(np.array_split(order[start:], ERAS), 1):
        name = f"{column.name} later {level}"
        splits.append(Split(name, column.name, float(level)))
        rows[name] = np.sort(era)
    return Parts(tuple(splits), rows, {})


def _tails(column: Column, rng: np.random.Generator) -> Parts:
    """Trained between the tenth and the ninetieth percentile, asked about both tails."""
    order = np.argsort(column.values, kind="stable")
    order = order[~np.isnan(column.values[order])]
    n = len(order)
    train, test = _divided(order[round(0.1 * n) : round(0.9 * n)], rng)
    splits, rows = [TRAIN, IID], {"train": train, "iid": test}
    for low, high in TAILS:
        name = f"{column.name} {low:.0%} to {high:.0%}"
        level = 2.0 if low == 0.0 or high == 1.0 else 1.0
        splits.append(Split(name, column.name, level, "low" if high < 0.5 else "high"))
        rows[name] = np.sort(order[round(low * n) : round(high * n)])
    return Parts(tuple(splits), rows, {})
