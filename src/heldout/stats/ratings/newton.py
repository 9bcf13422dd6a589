"""The maximum of the likelihood of battles, by Newton's method."""

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from heldout.core.errors import HeldoutError
from heldout.stats.ratings import outcomes
from heldout.stats.ratings.counts import Counts

STEPS, ENOUGH = 100, 1e-9
"""Most steps, and the step, on the scale of log-odds, below which the search ends."""


class Problem(NamedTuple):
    """What is maximised: parameters are (systems,) log-strengths, then what coming first brings, then how common ties are.

    `design`: (pairs, systems [+ 1]) gaps from the parameters. `groups`: (systems,) codes; the strengths of each group are
    centred at zero. `tied`: whether the last parameter is that of ties. `cells`: (pairs,) place of each pair in a table of
    systems by systems laid flat.
    """

    ties: outcomes.Ties
    design: Any
    groups: np.ndarray
    tied: bool
    cells: np.ndarray

    @property
    def size(self) -> int:
        """The number of parameters."""
        return self.design.shape[1] + self.tied

    def gaps(self, at: np.ndarray) -> np.ndarray:
        """(parameters, ...) to (pairs, ...)."""
        return self.design @ (at[:-1] if self.tied else at)

    def tie(self, at: np.ndarray) -> np.ndarray | float:
        """How common ties are; 0 in a model without them."""
        return at[-1] if self.tied else 0.0

    def gradient(self, slopes: outcomes.Slopes) -> np.ndarray:
        """(parameters, ...) first derivatives."""
        gap = self.design.T @ slopes.gap
        return np.concatenate([gap, slopes.tie.sum(axis=0, keepdims=True)]) if self.tied else gap

    def information(self, slopes: outcomes.Slopes) -> np.ndarray:
        """(parameters, parameters) minus the second derivatives, singular along common shifts of a group."""
        n, size = len(self.groups), self.design.shape[1]
        made = np.zeros((self.size, self.size))
        between = np.bincount(self.cells, slopes.gap2, n * n).reshape(n, n)
        made[:n, :n] = between + between.T
        made[np.arange(n), np.arange(n)] = -made[:n, :n].sum(axis=1)
        if size > n:
            made[:n, n] = made[n, :n] = -(self.design.T @ slopes.gap2)[:n]
            made[n, n] = -slopes.gap2.sum()
        if self.tied:
            made[:size, -1] = made[-1, :size] = -(self.design.T @ slopes.cross)
            made[-1, -1] = -slopes.tie2.sum()
        return made

    def inverse(self, slopes: outcomes.Slopes) -> np.ndarray:
        """The inverse of the information with every group centred: the covariance that the model itself gives."""
        fixed = self.centring()
        return np.linalg.inv(self.information(slopes) + fixed) - fixed

    def step(self, slopes: outcomes.Slopes) -> np.ndarray:
        """(parameters,) Newton's step."""
        return np.linalg.solve(self.information(slopes) + self.centring(), self.gradient(slopes))

    def centring(self) -> np.ndarray:
        """(parameters, parameters) what pins the common shift of every group, along which gradients vanish."""
        fixed, n = np.zeros((self.size, self.size)), len(self.groups)
        alike = self.groups[:, None] == self.groups[None, :]
        fixed[:n, :n] = alike / alike.sum(axis=1, keepdims=True)
        return fixed


def problem(counts: Counts, ties: outcomes.Ties, groups: np.ndarray, *, order: bool) -> Problem:
    """The parameters that a fit of these counts has; ties are modelled where there are any."""
    design = counts.incidence()
    if order:
        design = sparse.csr_matrix(sparse.hstack([design, np.ones((design.shape[0], 1))]))
    cells = counts.first * counts.systems + counts.second
    return Problem(ties, design, groups, bool(ties != "half" and counts.ties > 0), cells)


def start(at: Problem, counts: np.ndarray) -> np.ndarray:
    """Equal strengths, and ties as common as they are."""
    made = np.zeros(at.size)
    if at.tied:
        share = np.clip(counts[:, 1].sum() / counts.sum(), 1e-6, 1 - 1e-6)
        odds = share / (1 - share)
        made[-1] = np.log(2 * odds) if at.ties == "davidson" else np.log1p(2 * odds) + 1e-6
    return made


def maximise(at: Problem, counts: np.ndarray, begin: np.ndarray | None = None) -> tuple[np.ndarray, outcomes.Slopes]:
    """The parameters at the maximum, and the slopes there: (pairs, 3) counts. HeldoutError where the search does not end."""
    x = start(at, counts) if begin is None else begin
    cells = counts.T
    model = at.ties if at.tied else "half"
    value = outcomes.log_likelihood(model, cells, at.gaps(x), at.tie(x)).sum()
    size = np.inf
    for _ in range(STEPS):
        slopes = outcomes.slopes(model, cells, at.gaps(x), at.tie(x))
        try:
            step = at.step(slopes)
        except np.linalg.LinAlgError:
            raise HeldoutError("the battles do not say how strong the systems are: one is left open") from None
        size = np.abs(step).max()
        if size < ENOUGH:
            return x + step, slopes
        fresh = outcomes.log_likelihood(model, cells, at.gaps(x + step), at.tie(x + step)).sum()
        while not fresh >= value - 1e-9 * abs(value) and np.abs(step).max() > ENOUGH:
            step = step / 2
            fresh = outcomes.log_likelihood(model, cells, at.gaps(x + step), at.tie(x + step)).sum()
        x, value = x + step, fresh
    raise HeldoutError(
        f"the ratings did not converge in {STEPS} steps (the last was {size:.2g}): "
        "are some systems without a win or a loss?"
    )


def many(at: Problem, counts: np.ndarray, begin: np.ndarray, inverse: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Maxima of many resamples together: (pairs, 3, B) counts to (parameters, B), and (B,) whether each was reached.

    All share one inverse, that of the sample: each step costs a matrix product instead of B systems of equations. It
    still ends where the gradient vanishes; a resample on which it does not contract is left for `maximise`.
    """
    x = np.repeat(begin[:, None], counts.shape[2], axis=1)
    open_, reached = np.arange(x.shape[1]), np.zeros(x.shape[1], bool)
    cells = counts.transpose(1, 0, 2)
    model = at.ties if at.tied else "half"
    for turn in range(60):
        slopes = outcomes.slopes(model, cells, at.gaps(x[:, open_]), at.tie(x[:, open_]))
        step = inverse @ at.gradient(slopes)
        x[:, open_] += step
        size = np.abs(step).max(axis=0)
        done = size < 1e-7
        reached[open_[done]] = True
        if done.all() or not np.isfinite(size[~done]).all() or (turn > 5 and size[~done].max() > 20):
            break
        if done.sum() * 4 > len(done):  # those that are there wait no longer for the others
            open_, cells = open_[~done], np.ascontiguousarray(cells[:, :, ~done])
    return x, reached
