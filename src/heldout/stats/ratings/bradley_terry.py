"""Strengths from battles (Bradley and Terry, 1952): the log-odds of a win are the difference of two strengths.

Ties by Davidson (1970), by Rao and Kupper (1967), or as half a win for each; coming first may bring an advantage. A
maximum exists only where wins link everybody to everybody both ways (Ford, 1957); where they do not, half a win each way
is added to the pairs in need (`heldout.stats.ratings.prior`), and the fit says so.
"""

from dataclasses import dataclass

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.ratings import newton
from heldout.stats.ratings.connectivity import Connectivity, connectivity
from heldout.stats.ratings.counts import Counts
from heldout.stats.ratings.outcomes import Slopes, Ties
from heldout.stats.ratings.prior import added, weights


@dataclass(frozen=True, eq=False)
class Fit:
    """Strengths at the maximum of the likelihood.

    `strength`: (systems,) log-odds, each group of systems that met centred at 0. `order`: what coming first adds to the
    log-odds of a win (0 where not asked for). `tie`: Davidson's log nu or the lead that Rao and Kupper's win takes, NaN
    where ties are halves. `model`: (parameters, parameters) covariance if the model is right: strengths, order, tie.
    `prior`: (pairs,) wins added each way, zeros where none were needed. `counts`: what it was fitted to, without them.
    """

    strength: np.ndarray
    order: float
    tie: float
    model: np.ndarray
    log_likelihood: float
    prior: np.ndarray
    ties: Ties
    counts: Counts
    connectivity: Connectivity
    problem: newton.Problem
    parameters: np.ndarray

    @property
    def penalised(self) -> np.ndarray:
        """(pairs, 3) counts with the prior's wins."""
        return added(self.counts.counts, self.prior)

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
    that met; None: none where the maximum exists, else what `prior.weights` says. HeldoutError where the search does not converge.
    """
    if order and not counts.ordered:
        raise HeldoutError("an effect of order needs counts that kept who came first: tally(..., ordered=True)")
    if counts.ties == counts.battles and ties != "half":
        raise HeldoutError("every battle is a tie: nothing tells the systems apart")
    linked = connectivity(counts)
    tied = ties != "half" and counts.ties > 0
    exists = linked.exists(tied=tied)
    extra = weights(counts, linked, tied=tied) if prior is None else np.full(len(counts.first), prior)
    if prior == 0 and not exists:
        raise HeldoutError(
            f"{int(linked.beaten.max()) + 1} groups of systems are not linked by wins both ways: no prior, no ratings"
        )
    at = newton.problem(counts, ties, linked.met, order=order)
    found, slopes = newton.maximise(at, added(counts.counts, extra))
    kind: Ties = ties if at.tied else "half"
    from heldout.stats.ratings.outcomes import log_likelihood

    total = float(log_likelihood(kind, counts.counts.T, at.gaps(found), at.tie(found)).sum())
    tie = float(found[-1]) if at.tied else float("nan")
    effect = float(found[counts.systems]) if order else 0.0
    strengths = found[: counts.systems]
    return Fit(strengths, effect, tie, at.inverse(slopes), total, extra, ties, counts, linked, at, found)
