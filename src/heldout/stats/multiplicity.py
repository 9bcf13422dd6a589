"""Many tests at once: adjusted p-values, each to be compared with the level of the whole family."""

from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.sample import sample


def holm(p: Any) -> np.ndarray:
    """Holm's step-down p-values (1979): family-wise error whatever the dependence."""
    values = _probabilities(p)
    order = np.argsort(values)
    steps = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    return _placed(np.minimum(steps, 1.0), order)


def hochberg(p: Any) -> np.ndarray:
    """Hochberg's step-up p-values (1988): family-wise error for independent or positively dependent tests."""
    values = _probabilities(p)
    order = np.argsort(values)[::-1]
    steps = np.minimum.accumulate(values[order] * np.arange(1, len(values) + 1))
    return _placed(np.minimum(steps, 1.0), order)


def benjamini_hochberg(p: Any) -> np.ndarray:
    """Benjamini and Hochberg's p-values (1995): false discovery rate; for screening, not for claims."""
    values = _probabilities(p)
    order = np.argsort(values)[::-1]
    steps = np.minimum.accumulate(values[order] * len(values) / np.arange(len(values), 0, -1))
    return _placed(np.minimum(steps, 1.0), order)


def step_down(differences: Any, *, resamples: int = 9_999, seed: int = 0) -> np.ndarray:
    """Westfall and Young's step-down max-|T| p-values (1993) of many paired comparisons on the same units.

    `differences`: (units, comparisons), NaN where a unit lacks a comparison. One set of sign flips serves all columns,
    so that their dependence is used and not feared. Under sign flips |t| rises with |sum| / sqrt(sum of squares), which
    stands for it. Valid when each unit's differences are jointly symmetric under the null. All 2^n flips where there
    are no more than `resamples` + 1. A column of zeros has p 1.
    """
    table = np.asarray(differences, dtype=float)
    if table.ndim != 2 or 0 in table.shape:
        raise HeldoutError(f"differences have shape {table.shape}: give units x comparisons, at least one of each")
    if np.isinf(table).any():
        raise HeldoutError("an infinite difference cannot be averaged: give a number, or NaN where a unit is missing")
    if np.isnan(table).all(axis=0).any():
        column = int(np.isnan(table).all(axis=0).argmax())
        raise HeldoutError(f"comparison {column} has no unit: leave it out, or run at least one pair")
    d = np.nan_to_num(table)
    size = np.sqrt((d * d).sum(axis=0))
    d = np.divide(d, size, out=np.zeros_like(d), where=size > 0)
    reference, extra = _flips(d, resamples, seed)
    observed = np.abs(d.sum(axis=0))
    order = np.argsort(-observed, kind="stable")
    # the maximum over the columns still open, from the least significant column up
    open_max = np.maximum.accumulate(reference[:, order[::-1]], axis=1)[:, ::-1]
    counts = (open_max >= observed[order] - 1e-10).sum(axis=0)
    return _placed(np.maximum.accumulate((counts + extra) / (len(reference) + extra)), order)


def _flips(d: np.ndarray, resamples: int, seed: int) -> tuple[np.ndarray, int]:
    n = len(d)
    if n < 60 and 2**n <= resamples + 1:
        signs = 1.0 - 2.0 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
        return np.abs(signs @ d), 0
    signs = 1.0 - 2.0 * np.random.default_rng(seed).integers(0, 2, size=(resamples, n))
    return np.abs(signs @ d), 1


def _probabilities(p: Any) -> np.ndarray:
    values = sample(p, "the p-values")
    if ((values < 0) | (values > 1)).any():
        raise HeldoutError(f"a p-value is {values[(values < 0) | (values > 1)][0]}, and must lie within 0 and 1")
    return values


def _placed(steps: np.ndarray, order: np.ndarray) -> np.ndarray:
    placed = np.empty(len(steps))
    placed[order] = steps
    return placed
