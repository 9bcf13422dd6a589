"""Sample-efficiency curves: an aggregate of runs and tasks at every step of training, with its band.

Agarwal et al. (2021). Curves are (runs, tasks, steps) with NaN before a run begins and after it ends, so that runs of
unequal length stand side by side; every step aggregates the runs that it has.
"""

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats import aggregate, bootstrap, stratified
from heldout.stats.aggregate import Estimate


def curve(scores: np.ndarray, level: float = 0.95) -> Estimate:
    """IQM at every step with its winsorised t interval, pointwise: (runs, tasks, steps) to (steps,) each."""
    return stratified.iqm(np.moveaxis(_curves(scores), -1, 0), level)


def percentile_curve(scores: np.ndarray, resamples: int, rng: np.random.Generator, level: float = 0.95) -> Estimate:
    """IQM at every step with the percentile interval of the stratified bootstrap, pointwise, as rliable has it."""
    tables = np.moveaxis(_curves(scores), -1, 0)
    ends = [bootstrap.percentile(0.0, bootstrap.draws(one, resamples, rng).iqm, level) for one in tables]
    return Estimate(aggregate.iqm(tables), np.array([e.low for e in ends]), np.array([e.high for e in ends]))


def area(scores: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Mean height under each curve by the trapezium rule: (runs, tasks, steps), (steps,) to a (runs, tasks) table.

    Steps without a score are bridged; a run counts from its first score to its last. NaN for runs of one score.
    """
    scores, steps = _curves(scores), np.asarray(steps, dtype=float)
    if steps.shape != scores.shape[-1:] or (np.diff(steps) <= 0).any():
        raise HeldoutError(f"steps of shape {steps.shape} do not rise along the {scores.shape[-1]} steps of the curves")
    heights = np.full(scores.shape[:-1], np.nan)
    for cell in np.ndindex(*heights.shape):
        here = ~np.isnan(scores[cell])
        if here.sum() > 1:
            at = steps[here]
            heights[cell] = np.trapezoid(scores[cell][here], at) / (at[-1] - at[0])
    return heights


def _curves(scores: np.ndarray) -> np.ndarray:
    scores = np.asarray(scores, dtype=float)
    if scores.ndim != 3:
        raise HeldoutError(f"curves have shape {scores.shape}: give runs x tasks x steps")
    return scores
