"""Differential item functioning: items on which two groups of systems differ at equal ability."""

from typing import Any, NamedTuple

import numpy as np
from scipy import special

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.responses import Responses
from heldout.stats.multiplicity import benjamini_hochberg

RIDGE = 3.0
"""Standard deviation of a normal prior on the coefficients, which keeps those of separated groups finite."""


class Differential(NamedTuple):
    """Of every item, (items,). `advantage`: of the marked group, in logits, at the mean ability.

    `uniform`: p-value of one that is the same at all abilities; `any`: of one that may change with ability. `adjusted`: the
    latter among all items (false discovery rate).
    """

    advantage: np.ndarray
    uniform: np.ndarray
    any: np.ndarray
    adjusted: np.ndarray


def differential(data: Responses, ability: Any, marked: Any) -> Differential:
    """Swaminathan and Rogers' method (1990): logistic regression on ability, group and both, likelihood ratios.

    `ability`: (systems,) from all items. `marked`: (systems,) bool. The chi-squared references want a dozen systems a group.
    """
    theta, group = np.asarray(ability, dtype=float), np.asarray(marked, dtype=bool)
    if theta.shape != (data.systems,) or group.shape != (data.systems,):
        raise HeldoutError(f"{theta.shape} abilities and {group.shape} marks for {data.systems} systems: give one each")
    if min(group.sum(), (~group).sum()) < 2:
        raise HeldoutError(
            f"the marked group has {group.sum()} of {data.systems} systems: each group needs at least two"
        )
    theta = (theta - theta.mean()) / max(theta.std(), 1e-9)
    half = group - 0.5
    design = np.stack([np.ones(data.systems), theta, half, half * theta], axis=1)
    levels = [_regression(data, design[:, :k]) for k in (2, 3, 4)]
    without, uniform, full = (level for _, level in levels)
    one = special.chdtrc(1, np.maximum(2 * (uniform - without), 0))
    both = special.chdtrc(2, np.maximum(2 * (full - without), 0))
    return Differential(levels[1][0][:, 2], one, both, benjamini_hochberg(both))


def _regression(data: Responses, design: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients (items, k) and penalised log likelihoods (items,) of a logistic regression for each item."""
    k = design.shape[1]
    tight = np.full(k, RIDGE**-2.0)
    tight[0] = 1e-4
    squares = (design[:, :, None] * design[:, None, :]).reshape(data.systems, -1)
    beta, level = np.zeros((data.items, k)), np.empty(data.items)
    tried = data.tried.astype(float)
    won = data.successes.astype(float)
    for _ in range(50):
        p = special.expit(beta @ design.T)
        pull = (won - tried * p) @ design - tight * beta
        matrix = ((tried * p * (1 - p)) @ squares).reshape(-1, k, k) + np.diag(tight)
        step = np.linalg.solve(matrix, pull[..., None])[..., 0]
        step *= np.minimum(1, 2 / np.maximum(np.abs(step).max(axis=1, keepdims=True), 1e-300))
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    eta = beta @ design.T
    level = (won * eta - tried * np.logaddexp(0, eta)).sum(axis=1) - (tight * beta**2).sum(axis=1) / 2
    return beta, level
