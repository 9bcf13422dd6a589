"""What tells, from a description of items, how a system will do: forests, and profiles of ability."""

import math
from typing import Any

import numpy as np

from heldout.stats.abilities.profile import profile
from heldout.tasks.estimation.demands import Answered

TREES = 25


def by_demands(seen: Any, key: Any) -> Any:
    """A random forest of the demands; the profile's interval for the first ability where items are answered already."""
    if isinstance(seen, Answered):
        found = profile(seen.outcomes, seen.demands)[0]
        return found.low, found.high
    return _forest(seen, seen.demands, key)


def by_texts(seen: Any, key: Any) -> Any:
    """A random forest of what a text says, which tells nothing of abilities."""
    return (-math.inf, math.inf) if isinstance(seen, Answered) else _forest(seen, seen.texts, key)


def _forest(seen: Any, features: np.ndarray, key: Any) -> np.ndarray:
    from sklearn.ensemble import RandomForestClassifier

    known, outcomes = seen.known, seen.outcomes[seen.known] > 0.5
    if outcomes.all() or not outcomes.any():
        return np.full(int((~known).sum()), 0.5)
    forest = RandomForestClassifier(TREES, min_samples_leaf=5, random_state=key.low % 2**31, n_jobs=1)
    return forest.fit(features[known], outcomes).predict_proba(features[~known])[:, 1]
