"""How often two trainings of one learner disagree."""

from collections.abc import Mapping, Sequence
from typing import Any

from heldout.core.measure import OverSeeds
from heldout.core.split import Where


def churn(task: Any, learner: Any, where: Where = "iid") -> OverSeeds:
    """The share of instances that two seeds answer differently (Milani Fard et al., 2016), per pair of seeds.

    Needs a probe `score` with `items=True` on `where`.
    """
    return OverSeeds(task, learner, "churn", disagreement, where, block=2)


def disagreement(answers: Sequence[Mapping[Any, str]]) -> float:
    """The share of the instances that all models answered on which they do not all agree."""
    shared = set.intersection(*(set(a) for a in answers))
    return sum(len({a[i] for a in answers}) > 1 for i in shared) / len(shared) if shared else float("nan")
