"""Several systems on the same blocks (tasks, data sets): omnibus tests on ranks, and which pairs differ."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import chi2, rankdata, studentized_range

from heldout.core.errors import HeldoutError
from heldout.stats.sample import fraction


@dataclass(frozen=True)
class Omnibus:
    """Whether any system differs. `ranks`: (systems,) mean ranks, 1 the lowest score; `blocks` that took part."""

    method: str
    statistic: float
    df: int
    p: float
    ranks: np.ndarray
    blocks: int


@dataclass(frozen=True)
class Nemenyi:
    """Which pairs differ. `p`: (systems, systems); two mean ranks differ when further apart than `critical`."""

    ranks: np.ndarray
    critical: float
    p: np.ndarray


def friedman(scores: Any) -> Omnibus:
    """Friedman's test (1937), corrected for ties. `scores`: (blocks, systems), at least 2 x 3, none missing."""
    table = _table(scores)
    if np.isnan(table).any():
        missing = int(np.isnan(table).sum())
        raise HeldoutError(f"{missing} scores are missing: use skillings_mack, or leave out their blocks on purpose")
    found = skillings_mack(table)
    return Omnibus("Friedman", found.statistic, found.df, found.p, found.ranks, found.blocks)


def nemenyi(scores: Any, alpha: float = 0.05) -> Nemenyi:
    """Compares all pairs by mean ranks (Nemenyi, 1963; Demsar, 2006): studentised range over sqrt 2, infinite df."""
    found = friedman(scores)
    k, n = len(found.ranks), found.blocks
    unit = math.sqrt(k * (k + 1) / (6 * n))
    gaps = np.abs(found.ranks[:, None] - found.ranks[None, :]) / unit
    p = np.asarray(studentized_range.sf(gaps * math.sqrt(2), k, np.inf))
    critical = float(studentized_range.isf(fraction(alpha), k, np.inf)) / math.sqrt(2) * unit
    np.fill_diagonal(p, 1.0)
    return Nemenyi(found.ranks, critical, np.clip(p, 0.0, 1.0))


def skillings_mack(scores: Any) -> Omnibus:
    """Friedman's test with missing cells (Skillings and Mack, 1981). `scores`: (blocks, systems), NaN where missing.

    Cells must be missing for reasons that have nothing to do with the score. Blocks with fewer than two scores say
    nothing and are left out. Ranks are centred and weighted by sqrt(12 / (size + 1)); their covariance is that of the
    block's own ranks, so ties are corrected for, and on complete tables this is Friedman's test.
    """
    table = _table(scores)
    present = ~np.isnan(table)
    table, present = table[present.sum(axis=1) >= 2], present[present.sum(axis=1) >= 2]
    if not present.any(axis=0).all():
        column = int((~present.any(axis=0)).argmax())
        raise HeldoutError(
            f"system {column} shares no block with another one: leave it out, or score it where they are"
        )
    sizes = present.sum(axis=1)
    ranks = np.stack([_ranks(row) for row in table])
    centred = np.where(present, ranks - (sizes[:, None] + 1) / 2, 0.0)
    weights = 12 / (sizes + 1)
    total = (np.sqrt(weights)[:, None] * centred).sum(axis=0)
    spread = weights * (centred**2).sum(axis=1) / (sizes * (sizes - 1))
    shared = (present * spread[:, None]).T @ present
    np.fill_diagonal(shared, 0.0)
    covariance = np.diag(shared.sum(axis=1)) - shared
    df = int(np.linalg.matrix_rank(covariance, hermitian=True))
    if df < table.shape[1] - 1 and np.ptp(total) > 0:
        raise HeldoutError("the systems fall into groups that share no informative block: test each group by itself")
    statistic = float(total @ np.linalg.pinv(covariance, hermitian=True) @ total)
    p = float(chi2.sf(statistic, df)) if df else 1.0
    means = np.where(present, ranks, 0.0).sum(axis=0) / present.sum(axis=0)
    return Omnibus("Skillings-Mack", statistic, df, p, means, len(table))


def _ranks(row: np.ndarray) -> np.ndarray:
    ranks = np.full(len(row), np.nan)
    present = ~np.isnan(row)
    ranks[present] = rankdata(row[present])
    return ranks


def _table(scores: Any) -> np.ndarray:
    table = np.asarray(scores, dtype=float)
    if table.ndim != 2 or table.shape[1] < 2:
        raise HeldoutError(f"scores have shape {table.shape}: give blocks x systems, at least two systems")
    if np.isinf(table).any():
        raise HeldoutError("an infinite score has no honest rank: give the worst score, or NaN where it is missing")
    if ((~np.isnan(table)).sum(axis=1) >= 2).sum() < 2:
        raise HeldoutError("fewer than two blocks hold two scores: a test of ranks takes at least two")
    return table
