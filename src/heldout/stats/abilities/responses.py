"""Outcomes of systems on items, as counts of successes among trials, checked once at the door."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError

SINGLE = 200_000
"""Cells from which single precision is used: estimates are then right to about 1e-4, far within their errors."""

BLOCK = 48_000
"""Cells worked on at once: what fits into a core's cache."""


@dataclass(frozen=True, eq=False)
class Responses:
    """Successes among trials, items first.

    `signed`: (items, systems) successes minus failures, 0 where a system lacks the item. `trials`: (items, systems), or None
    where every system tried every item once. Successes may be fractions: a graded outcome counts as part of a success.
    """

    signed: np.ndarray
    trials: np.ndarray | None = None

    @property
    def items(self) -> int:
        """The number of items."""
        return self.signed.shape[0]

    @property
    def systems(self) -> int:
        """The number of systems."""
        return self.signed.shape[1]

    @property
    def tried(self) -> np.ndarray:
        """(items, systems) trials, ones where every system tried every item once."""
        return np.ones_like(self.signed) if self.trials is None else self.trials

    @cached_property
    def successes(self) -> np.ndarray:
        """(items, systems) successes."""
        return (self.signed + self.tried) / 2

    def blocks(self) -> list[slice]:
        """Runs of items that are worked on together."""
        step = max(1, BLOCK // self.systems)
        return [slice(start, min(start + step, self.items)) for start in range(0, self.items, step)]

    def chosen(self, items: Any = None, systems: Any = None) -> "Responses":
        """Some of the items, some of the systems (indices or masks), or both."""
        signed, trials = self.signed, self.trials
        if items is not None:
            signed, trials = signed[items], None if trials is None else trials[items]
        if systems is not None:
            signed, trials = signed[:, systems], None if trials is None else trials[:, systems]
        return Responses(np.ascontiguousarray(signed), None if trials is None else np.ascontiguousarray(trials))

    def means(self) -> np.ndarray:
        """(items, systems) success rates, NaN where there is no trial."""
        tried = self.tried
        return np.where(tried > 0, self.successes / np.where(tried > 0, tried, 1), np.nan)


def responses(values: Any, repeats: Any = None) -> Responses:
    """(systems, items) success rates in [0, 1], NaN where a system lacks an item, each from `repeats` trials (1 if not given)."""
    rates = np.asarray(values)
    if rates.ndim != 2 or 0 in rates.shape:
        raise HeldoutError(f"outcomes have shape {rates.shape}: give systems x items, at least one of each")
    kind = np.float32 if rates.size >= SINGLE else np.float64
    rates = np.ascontiguousarray(rates.T, dtype=kind)
    low, high = np.fmin.reduce(rates, axis=None), np.fmax.reduce(rates, axis=None)
    if np.isnan(low):
        raise HeldoutError("no system has an outcome on any item: every cell is missing")
    if low < 0 or high > 1:
        worst = low if low < 0 else high
        raise HeldoutError(f"an outcome is {worst:g}: abilities need successes and failures, 1 and 0, or shares of 1")
    missing = np.isnan(rates)
    if repeats is None and not missing.any():
        return Responses(2 * rates - 1)
    trials = np.ones_like(rates) if repeats is None else _trials(repeats, rates)
    trials = np.where(missing, 0, trials).astype(kind, copy=False)
    signed = np.where(missing, 0, (2 * rates - 1) * trials).astype(kind, copy=False)
    return Responses(signed, None if (trials == 1).all() else trials)


def counts(trials: Any, successes: Any) -> Responses:
    """(systems, items) trials n and successes c, 0 <= c <= n; n of 0 (or NaN) where a system lacks the item."""
    n, c = np.asarray(trials, dtype=float), np.asarray(successes, dtype=float)
    if n.shape != c.shape:
        raise HeldoutError(f"trials have shape {n.shape} and successes {c.shape}: they must match")
    wrong = (n < 0) | (c < 0) | (c > n)
    if wrong.any():
        system, item = (int(i) for i in np.argwhere(wrong)[0])
        raise HeldoutError(
            f"system {system}, item {item}: {c[system, item]:g} successes in {n[system, item]:g} trials; "
            "there can be neither fewer than none nor more than all"
        )
    n = np.nan_to_num(n)
    rates = np.divide(c, n, out=np.full(n.shape, np.nan), where=n > 0)
    return responses(rates, n)


def _trials(repeats: Any, rates: np.ndarray) -> np.ndarray:
    trials = np.asarray(repeats, dtype=rates.dtype).T
    if trials.shape != rates.shape:
        raise HeldoutError(
            f"repeats have shape {trials.shape[::-1]} and outcomes {rates.shape[::-1]}: give a number for each outcome"
        )
    trials = np.nan_to_num(trials)
    if (trials < 0).any():
        raise HeldoutError(f"a cell has {trials.min():g} trials: there can be no fewer than none")
    return trials
