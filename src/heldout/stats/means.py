"""Student's and Welch's tests of means, with their intervals; SciPy computes, constant data get an honest answer."""

import math
import warnings
from typing import Any

import numpy as np
from scipy.stats import ttest_1samp, ttest_ind

from heldout.stats.finding import Alternative, Finding, known
from heldout.stats.sample import differences, fraction, sample

_CONSTANT = 1e-13  # relative; less spread than this is rounding


def paired(
    a: Any, b: Any = None, *, mean: float = 0.0, alternative: Alternative = "two-sided", alpha: float = 0.05
) -> Finding:
    """Tests whether the mean of a - b (of `a` where there is no `b`) is `mean`: Student's t with n - 1 df."""
    d = differences(a, b, least=2)
    name, assumption = "paired t" if b is not None else "one-sample t", "means close to normal"
    if _constant(d):
        return _unknown(name, float(d.mean()), len(d), known(alternative), fraction(alpha))
    test: Any = ttest_1samp(d, mean, alternative=known(alternative))
    limits = test.confidence_interval(1 - fraction(alpha))
    return Finding(
        name,
        float(test.statistic),
        float(test.pvalue),
        float(d.mean()),
        float(limits.low),
        float(limits.high),
        len(d),
        alpha,
        known(alternative),
        assumption,
    )


def unpaired(
    a: Any, b: Any, *, equal_spread: bool = False, alternative: Alternative = "two-sided", alpha: float = 0.05
) -> Finding:
    """Tests whether two means differ: Welch's t (1947), or Student's pooled t where `equal_spread`."""
    x, y = sample(a, "the first sample", 2), sample(b, "the second sample", 2)
    name = "pooled t" if equal_spread else "Welch t"
    centre = float(x.mean() - y.mean())
    if _constant(x) and _constant(y):
        return _unknown(name, centre, len(x) + len(y), known(alternative), fraction(alpha))
    with warnings.catch_warnings():
        # one constant sample is fine: the other one's spread is the standard error
        warnings.filterwarnings("ignore", "Precision loss", RuntimeWarning)
        test: Any = ttest_ind(x, y, equal_var=equal_spread, alternative=known(alternative))
    limits = test.confidence_interval(1 - fraction(alpha))
    return Finding(
        name,
        float(test.statistic),
        float(test.pvalue),
        centre,
        float(limits.low),
        float(limits.high),
        len(x) + len(y),
        alpha,
        known(alternative),
        "means close to normal" + (", equal spread" if equal_spread else ""),
    )


def _constant(values: np.ndarray) -> bool:
    return bool(np.ptp(values) <= _CONSTANT * np.abs(values).max())


def _unknown(name: str, centre: float, n: int, alternative: Alternative, alpha: float) -> Finding:
    note = "the data are constant, so their spread is unknown: a sign or permutation test can still decide"
    return Finding(name, math.nan, 1.0, centre, -math.inf, math.inf, n, alpha, alternative, "", note)
