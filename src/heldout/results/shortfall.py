"""What undecided pairs still lack: further units, if the difference is the one seen, and which pair comes first.

The formula of `heldout.stats.shortfall` for all pairs together: a t test with 80% power at the level that an open pair is
left with, its error falling with the root of the number of units.
"""

import numpy as np
from scipy import special

POWER = 0.8
MOST = 1e4
"""Times as many units as there are; beyond that no number is given."""


def more(ratio: np.ndarray, freedom: np.ndarray, n: np.ndarray, level: float) -> np.ndarray:
    """Units to add, (P,), NaN where no number would do. `ratio`: |difference| over its error; `n`: units so far."""
    low, high = np.zeros(len(ratio)), np.full(len(ratio), np.log(MOST))
    for _ in range(50):
        middle = (low + high) / 2
        enough = _powerful(ratio, freedom, np.exp(middle), level)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    never = ~np.isfinite(ratio) | ~_powerful(ratio, freedom, np.full(len(ratio), MOST), level)
    return np.where(never, np.nan, np.maximum(np.ceil(n * (np.exp(high) - 1) - 1e-6), 1))


def least(tasks: np.ndarray | None, level: float) -> np.ndarray:
    """Units a side, of all tasks together, with which a test by signs, or by labels within `tasks`, has p-values as small as the level."""
    if tasks is None:
        return np.asarray(1 + np.ceil(np.log2(1 / level)))
    runs = np.arange(1, 200)
    labels = special.gammaln(2 * runs + 1) - 2 * special.gammaln(runs + 1)
    reached = np.log(2) - tasks[:, None] * labels <= np.log(level) + 1e-9
    return tasks * runs[reached.argmax(axis=1)]


def _powerful(ratio: np.ndarray, freedom: np.ndarray, times: np.ndarray, level: float) -> np.ndarray:
    """Whether so many times the units give the power, by the normal approximation of the noncentral t."""
    df = freedom * times
    critical = special.stdtrit(df, 1 - level / 2)
    reached = (ratio * np.sqrt(times) - critical) / np.sqrt(1 + critical**2 / (2 * df))
    return np.nan_to_num(reached, nan=-np.inf) >= special.ndtri(POWER)


def worth(needed: np.ndarray) -> np.ndarray:
    """Places of the pairs by how few units settle them, 1 the first, zero where no number is known: (P,) integers."""
    order = np.argsort(needed, kind="stable")
    places = np.empty(len(needed), dtype=int)
    places[order] = np.arange(1, len(needed) + 1)
    return np.where(np.isnan(needed), 0, places)
