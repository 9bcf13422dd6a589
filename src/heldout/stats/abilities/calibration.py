"""How good predicted probabilities of success are: log-loss, order and calibration."""

from typing import Any

import numpy as np
from scipy import special

from heldout.core.errors import HeldoutError

BINS = 10


def log_loss(predicted: Any, outcome: Any) -> float:
    """Mean of -y log p - (1 - y) log(1 - p), in nats; probabilities are kept 1e-6 away from 0 and 1."""
    p, y = _pair(predicted, outcome)
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return float(-(special.xlogy(y, p) + special.xlogy(1 - y, 1 - p)).mean())


def auroc(predicted: Any, outcome: Any) -> float:
    """Probability that a success was predicted above a failure, ties one half; NaN where only one of them occurs."""
    p, y = _pair(predicted, outcome)
    good = y > 0.5
    _, place, tied = np.unique(p, return_inverse=True, return_counts=True)  # SciPy's ranks cost half a second to import
    ranks = (np.cumsum(tied) - (tied - 1) / 2)[place]
    wins, n, m = ranks[good].sum(), int(good.sum()), int((~good).sum())
    return float((wins - n * (n + 1) / 2) / (n * m)) if n and m else float("nan")


def calibration_error(predicted: Any, outcome: Any, bins: int = BINS) -> float:
    """Expected calibration error: mean distance of success rate and mean prediction, over bins of equal size."""
    p, y = _pair(predicted, outcome)
    order = np.argsort(p, kind="stable")
    parts = np.array_split(order, min(bins, len(p)))
    return float(sum(abs(p[part].mean() - y[part].mean()) * len(part) for part in parts) / len(p))


def _pair(predicted: Any, outcome: Any) -> tuple[np.ndarray, np.ndarray]:
    p, y = np.asarray(predicted, dtype=float).ravel(), np.asarray(outcome, dtype=float).ravel()
    if len(p) != len(y) or not len(p):
        raise HeldoutError(f"{len(p)} predictions for {len(y)} outcomes: give one for each, and at least one")
    if not (np.isfinite(p).all() and p.min() >= 0 and p.max() <= 1):
        raise HeldoutError("a prediction is no probability: it must lie between 0 and 1")
    return p, y
