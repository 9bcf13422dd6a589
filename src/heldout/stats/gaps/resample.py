"""The bootstrap over units, with an interval that makes up for their small number."""

import math
from typing import Any

import numpy as np
from scipy.special import ndtr, stdtrit

from heldout.core.errors import HeldoutError
from heldout.stats.sample import fraction


def weights(units: int, resamples: int, seed: int) -> np.ndarray:
    """(resamples, units) shares of each resample that are copies of each unit: rows sum to 1."""
    if units < 2:
        raise HeldoutError(f"{units} unit cannot be resampled: how units vary is unknown, so measure a second")
    if resamples < 1:
        raise HeldoutError(f"{resamples} resamples: give at least one, better some thousands")
    rng = np.random.default_rng(seed)
    return rng.multinomial(units, np.full(units, 1.0 / units), size=resamples) / units


def expanded(draws: Any, units: int, alpha: float = 0.05) -> tuple[float, float]:
    """The percentile interval at the level that Student's t would take for so many units (Hesterberg, 2015).

    For means it is as wide as t intervals are, where the plain percentiles are too close by sqrt((n - 1) / n) and by t
    against the normal. Draws may be infinite: where a quantile falls among those, so does the limit.
    """
    values = np.sort(np.asarray(draws, dtype=float))
    reach = math.sqrt(units / (units - 1)) * float(-stdtrit(units - 1, fraction(alpha) / 2))
    tail = float(ndtr(-reach))
    low = math.floor(tail * (len(values) - 1))
    return float(values[low]), float(values[len(values) - 1 - low])
