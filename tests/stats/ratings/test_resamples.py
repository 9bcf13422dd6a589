"""Resamples of battles in which a system does not turn up."""

import numpy as np

from heldout.stats.ratings import bradley_terry, counts, resampling


def test_resamples_without_a_system_are_fitted():
    found = bradley_terry.fit(counts.tally([0, 0, 1, 0, 1, 2], [1, 1, 2, 2, 0, 0], [1, 0, 1, 1, 1, 1.0]))
    assert np.isfinite(resampling.bootstrap(found, 200, np.random.default_rng(0)).parameters).all()
