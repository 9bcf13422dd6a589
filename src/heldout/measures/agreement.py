"""Whether trainings learn the same examples first (Hacohen, Choshen and Weinshall, 2020).

Both measures need a probe `score` with `items=True` at several steps on `where`, and scores that are 0 or 1.
"""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import numpy as np
from scipy.stats import rankdata

from heldout.core.measure import OverSeeds
from heldout.core.split import Where


def bimodality(task: Any, learner: Any, where: Where = "train", block: int = 4) -> OverSeeds:
    """How far the shares of models that are right about an example lie from two heaps, where half are right on the whole.

    It is Pearson's (1894) coefficient, kurtosis - squared skewness - 1, of these shares at the recorded step at which the
    mean share is nearest to a half: 0 where all models are right about the same examples, `independent(block)` where they
    are right independently of each other.
    """
    return OverSeeds(task, learner, "bimodality", two_heaps, where, block, (0.0, inf), reads="scores")


def shared_order(task: Any, learner: Any, other: Any, where: Where = "train", block: int = 4) -> OverSeeds:
    """Spearman's correlation between what two learners find easy.

    An example's accessibility is how often it is answered rightly, the mean over models and recorded steps; here over the
    first half of a block's seeds of `learner`, and over its second half of `other`, which may be the same learner: so the
    two never share first weights or batches.
    """
    alone = other == learner
    function, beside = (order_within, ()) if alone else (order_between, (other,))
    return OverSeeds(task, learner, "shared order", function, where, block, (-1.0, 1.0), beside, "scores")


def independent(block: int) -> float:
    """The bimodality of models that are right with one chance each, whatever it is: that of binomial shares, 2 - 2/k."""
    return 2.0 - 2.0 / block


def two_heaps(models: Sequence[Mapping[Any, np.ndarray]]) -> float:
    """Pearson's coefficient of the shares of models that are right; nan where all examples are alike."""
    shares = _table(models).mean(axis=0)
    middle = np.abs(shares.mean(axis=0) - 0.5).argmin()
    return pearson(shares[:, middle])


def pearson(values: np.ndarray) -> float:
    """Kurtosis - squared skewness - 1: at least 0, and 0 for two values only; nan for one value."""
    off = values - values.mean()
    spread = (off**2).mean()
    if np.ptp(values) == 0:
        return float("nan")
    return float((off**4).mean() / spread**2 - (off**3).mean() ** 2 / spread**3 - 1.0)


def order_within(models: Sequence[Mapping[Any, np.ndarray]]) -> float:
    """The rank correlation of the accessibility among half of the models with that among the others."""
    return _rank_correlation(models, len(models) // 2)


def order_between(models: Sequence[Mapping[Any, np.ndarray]]) -> float:
    """The same among the first half of one learner's models and the second half of another's, as many as the first's."""
    return _rank_correlation(models, len(models) // 4)


def _rank_correlation(models: Sequence[Mapping[Any, np.ndarray]], n: int) -> float:
    right = _table(models).sum(axis=2)  # sums of whole numbers are exact, so that equal examples tie
    first, last = right[:n].sum(axis=0), right[-n:].sum(axis=0)
    if np.ptp(first) == 0 or np.ptp(last) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(first), rankdata(last))[0, 1])


def _table(models: Sequence[Mapping[Any, np.ndarray]]) -> np.ndarray:
    """(models, examples, steps): the scores of the examples that all models were asked about."""
    shared = sorted(set.intersection(*(set(one) for one in models)))
    return np.array([[one[item] for item in shared] for one in models])
