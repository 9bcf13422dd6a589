"""Procedures that compare several agents as their runs come in. Each gets (scores, plan) and returns an `Outcome`.

`scores`: (agents, runs), read only as far as the decisions take; `plan`: n runs per interim, K interims, level.
"""

import numpy as np

from heldout.core.seeds import Words
from heldout.stats import adastop, adastop_published, pairwise
from heldout.stats.adastop import Outcome, Plan

Observed = tuple[np.ndarray, Plan]


def corrected(observed: Observed, key: Words) -> Outcome:
    """AdaStop with absolute values in statistic and reference."""
    return adastop.corrected(*observed, seed=key.low)


def published(observed: Observed, key: Words) -> Outcome:
    """AdaStop as the package adastop 0.1.3 computes it."""
    return adastop_published.published(*observed, seed=key.low)


def relabellings(observed: Observed, key: Words) -> Outcome:  # noqa: ARG001
    """Each pair's own exact test at AdaStop's interims, Holm over the pairs."""
    return pairwise.relabellings(*observed)


def sign_flips(observed: Observed, key: Words) -> Outcome:  # noqa: ARG001
    """Sign flips of paired runs at heldout's own looks, Holm over the pairs."""
    return pairwise.sign_flips(*observed)
