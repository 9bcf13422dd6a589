"""Battles as counts: how often each pair met, and how it ended."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.ratings.indicator import indicator


class Source(NamedTuple):
    """Which cell each battle fell in, (battles,) places in `Counts.counts` laid flat, and its cluster's code."""

    cell: np.ndarray
    cluster: np.ndarray


@dataclass(frozen=True, eq=False)
class Counts:
    """Battles on their distinct pairs.

    `first`, `second`: (pairs,) codes of systems. `counts`: (pairs, 3) how often the first won, they tied, the second won.
    `ordered`: whether who came first was kept; else each pair stands once, the lower code first. `source`: where battles
    came with clusters.
    """

    systems: int
    first: np.ndarray
    second: np.ndarray
    counts: np.ndarray
    ordered: bool
    source: Source | None = None

    @property
    def battles(self) -> float:
        """Their number."""
        return float(self.counts.sum())

    @property
    def ties(self) -> float:
        """How many of them were ties."""
        return float(self.counts[:, 1].sum())

    def incidence(self) -> Any:
        """(pairs, systems): 1 for the first, -1 for the second."""
        rows = np.arange(len(self.first))
        who = np.concatenate([self.first, self.second])
        return indicator(np.tile(rows, 2), who, (len(rows), self.systems), np.repeat([1.0, -1.0], len(rows)))

    def points(self) -> np.ndarray:
        """(systems, systems) wins of the row over the column, ties one half each."""
        made = np.zeros((self.systems, self.systems))
        np.add.at(made, (self.first, self.second), self.counts[:, 0] + self.counts[:, 1] / 2)
        np.add.at(made, (self.second, self.first), self.counts[:, 2] + self.counts[:, 1] / 2)
        return made


def tally(
    first: Any, second: Any, outcome: Any, *, systems: int | None = None, cluster: Any = None, ordered: bool = False
) -> Counts:
    """Counts of battles.

    `first`, `second`: (battles,) codes from 0; `outcome`: 1 where the first won, 0.5 for a tie, 0 where the second did;
    `cluster`: labels of battles that move together (a voter, a prompt). `ordered` keeps who came first.
    """
    a, b, won = np.asarray(first), np.asarray(second), np.asarray(outcome, dtype=float)
    _check(a, b, won, cluster)
    n = int(max(a.max(), b.max())) + 1 if systems is None else systems
    result = (2.0 - 2.0 * won).astype(np.int64)
    code = a * np.int64(n) + b
    if not ordered and (n * n > 50 * len(code) + 10_000 or cluster is not None):
        swapped = a > b
        result = np.where(swapped, 2 - result, result)
        code = np.where(swapped, b * np.int64(n) + a, code)
    if n * n > 50 * len(code) + 10_000:
        seen, pair = np.unique(code, return_inverse=True)
        counts = np.bincount(pair * 3 + result, minlength=3 * len(seen)).reshape(-1, 3)
    else:  # counting beats sorting where most pairs were seen
        total = np.bincount(code * 3 + result, minlength=3 * n * n).reshape(n, n, 3)
        if not ordered:
            total = np.triu(np.ones((n, n), bool))[:, :, None] * (total + total.transpose(1, 0, 2)[:, :, ::-1])
        total = total.reshape(-1, 3)
        seen = np.flatnonzero(total.any(axis=1))
        counts, pair = total[seen], None
    source = None
    if cluster is not None:
        pair = np.searchsorted(seen, code) if pair is None else pair
        source = Source(pair * 3 + result, np.unique(np.asarray(cluster), return_inverse=True)[1])
    return Counts(n, seen // n, seen % n, counts.astype(float), ordered, source)


def _check(first: np.ndarray, second: np.ndarray, outcome: np.ndarray, cluster: Any) -> None:
    if not len(first):
        raise HeldoutError("there is no battle: ratings need at least one")
    if first.shape != second.shape or first.shape != outcome.shape:
        raise HeldoutError(f"{first.shape}, {second.shape} and {outcome.shape}: give one outcome per pair of systems")
    if cluster is not None and np.shape(cluster) != first.shape:
        raise HeldoutError(f"{len(first)} battles and cluster labels of shape {np.shape(cluster)}: give one per battle")
    if (first == second).any():
        raise HeldoutError(f"{int((first == second).sum())} battles are of a system with itself: leave them out")
    known = (outcome == 0.0) | (outcome == 0.5) | (outcome == 1.0)
    if not known.all():
        odd = outcome[~known][0]
        raise HeldoutError(f"an outcome is {odd:g}: write 1 where the first won, 0.5 for a tie, 0 where the second did")
