"""How far off a forecast may be: what the fit says of itself, widened by how it fared when it was put to the test."""

from typing import NamedTuple

import numpy as np
from scipy.stats import t

from heldout.stats.forecasts.backtest import Backtest
from heldout.stats.forecasts.fit import Fitted
from heldout.stats.sample import fraction


class Width(NamedTuple):
    """How many stated standard deviations make an interval, and how that was found."""

    factor: float
    method: str


class Predicted(NamedTuple):
    """(k,) forecasts with their interval of stated level."""

    x: np.ndarray
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    method: str


def width(tested: Backtest, freedom: int, level: float = 0.95) -> Width:
    """The factor for an interval of that level from `tested`, the back-test of the same law.

    With m >= level / (1 - level) back-test errors it is the split-conformal quantile of their standardised sizes (Vovk et
    al., 2005; exact if errors to come are exchangeable with past ones, which extrapolation only hopes). With fewer no such
    quantile exists: then Student's with the fit's `freedom`, times the root mean square of the standardised errors
    where that exceeds 1 (what they should be), so that a law which failed its test is trusted less.
    """
    fraction(level, "the level")
    sizes = np.sort(np.abs(tested.standardised))
    m = len(sizes)
    rank = int(np.ceil((m + 1) * level - 1e-9))
    if m and rank <= m:
        return Width(float(sizes[rank - 1]), f"conformal over {m} back-test errors")
    plain = float(t.ppf((1 + level) / 2, max(freedom, 1)))
    if not m:
        return Width(plain, "the fit's own errors: too few scales to back-test")
    inflation = max(1.0, float(np.sqrt((sizes**2).mean())))
    return Width(
        plain * inflation,
        f"the fit's own errors, widened {inflation:.2f}-fold by {m} back-test {'error' if m == 1 else 'errors'}",
    )


def predicted(
    fit: Fitted, tested: Backtest, x: np.ndarray, level: float = 0.95, bounds: tuple[float, float] = (-np.inf, np.inf)
) -> Predicted:
    """Forecasts of new scores at (k,) scales with intervals of that level, cut to the bounds of the score."""
    factor, method = width(tested, fit.freedom, level)
    value = fit.at(x)
    half = factor * fit.spread(x)
    if fit.log:
        with np.errstate(over="ignore"):
            low, high = value * np.exp(-half), value * np.exp(half)
    else:
        low, high = value - half, value + half
    return Predicted(x, np.clip(value, *bounds), np.clip(low, *bounds), np.clip(high, *bounds), method)
