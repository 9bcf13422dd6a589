"""Statistics that give an aggregate of a (runs, tasks) table with a 95% interval, each as a `Found`."""

import numpy as np

from heldout.core.seeds import Words
from heldout.stats import aggregate, bootstrap, stratified
from heldout.stats.aggregate import Estimate
from heldout.tasks.estimation.aggregates import Aggregate, Found

RESAMPLES = 1_000


def iqm_percentile(scores: np.ndarray, key: Words) -> Found:
    """IQM with the percentile interval of the stratified bootstrap (Agarwal et al., 2021)."""
    pooled, drawn = _resampled(scores, key)
    return _found("iqm", bootstrap.percentile(aggregate.iqm(scores), bootstrap.iqm(pooled, drawn)))


def median_percentile(scores: np.ndarray, key: Words) -> Found:
    """Median of task means with the percentile interval of the stratified bootstrap."""
    medians = bootstrap.median(bootstrap.means(*_resampled(scores, key)))
    return _found("median", bootstrap.percentile(aggregate.median(scores), medians))


def mean_percentile(scores: np.ndarray, key: Words) -> Found:
    """Mean of task means with the percentile interval of the stratified bootstrap."""
    means = bootstrap.means(*_resampled(scores, key)).mean(axis=1)
    return _found("mean", bootstrap.percentile(aggregate.mean(scores), means))


def iqm_stratified(scores: np.ndarray, key: Words) -> Found:  # noqa: ARG001
    """IQM with a t interval from the winsorised variance within tasks."""
    return _found("iqm", stratified.iqm(scores))


def median_stratified(scores: np.ndarray, key: Words) -> Found:
    """Median of task means with the hull of t draws."""
    return _found("median", stratified.median(scores, key.generator(), draws=2 * RESAMPLES))


def mean_stratified(scores: np.ndarray, key: Words) -> Found:  # noqa: ARG001
    """Mean of task means with the stratified t interval."""
    return _found("mean", stratified.mean(scores))


def _resampled(scores: np.ndarray, key: Words) -> tuple[bootstrap.Pool, np.ndarray]:
    pooled = bootstrap.pool(scores)
    return pooled, bootstrap.counts(pooled, RESAMPLES, key.generator())


def _found(name: Aggregate, found: Estimate) -> Found:
    return Found(name, *(float(part) for part in found))
