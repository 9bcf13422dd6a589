"""One ranking from sparse measurements of different kinds (ONEBench, Ghosh et al., 2024).

Whatever was measured on a sample - right or wrong, a number, a preference - becomes an order of the systems measured
there; a Plackett-Luce model is fitted to all orders. Equal measurements say nothing about each other, so an order with
equals is taken by its pairs (rank breaking; Azari Soufiani et al., 2013): exact for Plackett-Luce and, for right and
wrong, for Rasch's model, too. Standard errors let the pairs of one sample move together.
"""

from typing import NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.ratings import bradley_terry, sandwich
from heldout.stats.ratings.bradley_terry import Fit
from heldout.stats.ratings.counts import Counts, tally


class Ranking(NamedTuple):
    """(systems,) strengths around 0 with their standard errors; `fit`: what they come from, with its connectivity."""

    strength: np.ndarray
    error: np.ndarray
    fit: Fit


def comparisons(values: np.ndarray, *, higher: np.ndarray | bool = True, clustered: bool = True) -> Counts:
    """The pairs that each sample orders, from (systems, samples) values, NaN where there is none.

    `higher`: whether more is better, for all or (samples,) one by one. Measurements are compared within samples only,
    so that samples may be measured on scales of their own. `clustered`: whether the counts keep which sample each is from.
    """
    values = np.asarray(values, float)
    if values.ndim != 2 or len(values) < 2:
        raise HeldoutError(f"measurements have shape {values.shape}: give systems x samples, two systems at least")
    values = np.where(np.broadcast_to(higher, values.shape[1:]), values, -values)
    sample, system = np.nonzero(~np.isnan(values.T))  # sample after sample
    value = values[system, sample]
    first, second, outcome, where = [], [], [], []
    for ahead in range(1, int(np.bincount(sample).max()) if len(sample) else 0):
        here = np.flatnonzero((sample[:-ahead] == sample[ahead:]) & (value[:-ahead] != value[ahead:]))
        first.append(system[here])
        second.append(system[here + ahead])
        outcome.append((value[here] > value[here + ahead]).astype(float))
        where.append(sample[here])
    if not any(map(len, first)):
        raise HeldoutError("no sample tells two systems apart: nothing to rank")
    parts = [np.concatenate(part) for part in (first, second, outcome)]
    cluster = np.concatenate(where) if clustered else None
    return tally(*parts, systems=len(values), cluster=cluster)


def rank(values: np.ndarray, *, higher: np.ndarray | bool = True, errors: bool = True) -> Ranking:
    """Strengths from (systems, samples) measurements; `errors=False` leaves their standard errors out (NaN)."""
    found = bradley_terry.fit(comparisons(values, higher=higher, clustered=errors))
    error = np.full(len(found.strength), np.nan)
    if errors:
        covariance = sandwich.covariance(found)
        error = np.sqrt(np.diag(covariance))[: len(error)]
    return Ranking(found.strength, error, found)
