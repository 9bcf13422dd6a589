"""Strengths from battles (Bradley and Terry, 1952): the log-odds of a win are the difference of two strengths.

Ties by Davidson (1970), by Rao and Kupper (1967), or as half a win for each; coming first may bring an advantage. A
maximum exists only where wins link everybody to everybody both ways (Ford, 1957); where they do not, a fraction of a
win each way is added to every pair that met, and the fit says so.
"""

from dataclasses import dataclass

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.ratings import newton
from heldout.stats.ratings.connectivity import Connectivity, connectivity
from heldout.stats.ratings.counts import Counts
from heldout.stats.ratings.outcomes import Slopes, Ties

PRIOR = 0.1
"""Wins each way on each pair that met, where battles alone do not say how strong systems are."""


@dataclass(frozen=True, eq=False)
class Fit:
    """Strengths at the maximum of the likelihood.

    `strength`: (systems,) log-odds, each group of systems that met centred at 0. `order`: what coming first adds to the
    log-odds of a win (0 where not asked for). `tie`: Davidson's log nu or the lead that Rao and Kupper's win takes, NaN
    where ties are halves. `model`: (parameters, parameters) covariance if the model is right: strengths, order, tie.
    `prior`: wins each way added to each pair that met. `counts`: what it was fitted to, without them.
    """

    strength: np.ndarray
    order: float
    tie: float
    model: np.ndarray
    log_likelihood: float
    prior: float
    ties: Ties
    counts: Counts
    connectivity: Connectivity
    problem: newton.Problem
    parameters: np.ndarray

    @property
    def penalised(self) -> np.ndarray:
        """(pairs, 3) counts with the prior's wins."""
        return with_prior(self.counts.counts, self.prior)

    @property
    def slopes(self) -> Slopes:
        """Derivatives of each pair's log-likelihood at the maximum."""
        from heldout.stats.ratings import outcomes

        at = self.problem
        return outcomes.slopes(self.kind, self.penalised.T, at.gaps(self.parameters), at.tie(self.parameters))

    @property
    def kind(self) -> Ties:
        """The model of ties that was fitted: halves where there is no tie to model."""
        return self.ties if self.problem.tied else "half"


def fit(counts: Counts, *, ties: Ties = "half", order: bool = False, prior: float | None = None) -> Fit:
    """The strengths under which these battles are most likely.

    `order`: whether coming first brings something, for counts that kept it. `prior`: wins each way added to every pair
    that met; None: none where the maximum exists, else 0.1. HeldoutError where the search does not converge.
    """
    if order and not counts.ordered:
        raise HeldoutError("an effect of order needs counts that kept who came first: tally(..., ordered=True)")
    if counts.ties == counts.battles and ties != "half":
        raise HeldoutError("every battle is a tie: nothing tells the systems apart")
    linked = connectivity(counts)
    exists = linked.exists(tied=ties != "half" and counts.ties > 0)
    added = (0.0 if exists else PRIOR) if prior is None else prior
    if added == 0 and not exists:
        raise HeldoutError(
            f"{int(linked.beaten.max()) + 1} groups of systems are not linked by wins both ways: no prior, no ratings"
        )
    at = newton.problem(counts, ties, linked.met, order=order)
    found, slopes = newton.maximise(at, with_prior(counts.counts, added))
    kind: Ties = ties if at.tied else "half"
    from heldout.stats.ratings.outcomes import log_likelihood

    total = float(log_likelihood(kind, counts.counts.T, at.gaps(found), at.tie(found)).sum())
    tie = float(found[-1]) if at.tied else float("nan")
    effect = float(found[counts.systems]) if order else 0.0
    strengths = found[: counts.systems]
    return Fit(strengths, effect, tie, at.inverse(slopes), total, added, ties, counts, linked, at, found)


def with_prior(counts: np.ndarray, prior: float) -> np.ndarray:
    """Counts with a fraction of a win each way on every pair: (pairs, 3, ...)."""
    if prior == 0:
        return counts
    extra = np.array([prior, 0.0, prior]).reshape(1, 3, *([1] * (counts.ndim - 2)))
    return counts + extra
