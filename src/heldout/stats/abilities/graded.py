"""The graded response model: items with more than two ordered outcomes, for few systems and many items.

P(y >= k) = 1 / (1 + exp(-a (theta - b_k))) with thresholds b_1 < b_2 < ... (Samejima, 1969). Systems and items take turns as
in the logistic fit, with its priors; a prior gap exp(-gap) on the distance of neighbouring thresholds keeps apart those
between which no system scored.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy import special

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.logistic import anchored
from heldout.stats.abilities.prior import Prior

MOST = 10
"""Grades beyond which outcomes are better taken as shares of a success."""


class Grades(NamedTuple):
    """A graded fit. `ability`, `error`: (systems,), errors as if items were known. `slope`: (items,). `threshold`: (items, grades - 1).

    `levels`: (grades,) the outcomes that the grades stand for, ascending. `turns`: how many it took; `moved`: in the last.
    """

    ability: np.ndarray
    error: np.ndarray
    slope: np.ndarray
    threshold: np.ndarray
    levels: np.ndarray
    turns: int
    moved: float

    def probability(self, ability: Any) -> np.ndarray:
        """(..., items, grades) probabilities of each grade."""
        eta = self.slope[:, None] * (np.asarray(ability, dtype=float)[..., None, None] - self.threshold)
        return -np.diff(_padded(special.expit(eta)), axis=-1)

    def expected(self, ability: Any) -> np.ndarray:
        """(..., items) expected outcomes."""
        return self.probability(ability) @ self.levels


def graded(values: Any, prior: Prior = Prior(), *, tolerance: float = 1e-4, turns: int = 300) -> Grades:
    """Fits (systems, items) outcomes with at most ten distinct values, NaN where a system lacks an item."""
    outcomes = np.asarray(values, dtype=float)
    if outcomes.ndim != 2 or 0 in outcomes.shape or np.isnan(outcomes).all():
        raise HeldoutError(f"outcomes have shape {outcomes.shape}: give systems x items, at least one outcome")
    levels = np.unique(outcomes[~np.isnan(outcomes)])
    if not 2 <= len(levels) <= MOST:
        raise HeldoutError(f"outcomes have {len(levels)} distinct values, and a graded model takes 2 to {MOST}")
    code = np.where(np.isnan(outcomes), -1, np.searchsorted(levels, outcomes)).astype(np.int8).T
    hot: np.ndarray = np.asarray(code[..., None] == np.arange(len(levels)))
    share = (hot.sum(axis=1) + 0.5) / (hot.sum(axis=(1, 2)) + 0.5 * len(levels))[:, None]
    threshold = special.logit(np.cumsum(share, axis=1)[:, :-1])
    slope, ability, moved, turn = np.ones(len(code)), np.zeros(len(outcomes)), np.inf, 0
    weight = np.ones(len(outcomes))
    while moved > tolerance and turn < turns:
        turn += 1
        slope, threshold = _items_step(hot, ability, slope, threshold, prior)
        changed, weight = _abilities_step(hot, ability, slope, threshold, prior)
        middle = changed.mean()
        changed, made = anchored(changed, Items(slope, threshold.mean(axis=1), np.zeros(len(slope))), prior)
        unit = slope / made.slope
        slope, threshold = made.slope, (threshold - middle) * unit[:, None]
        moved, ability = float(np.abs(changed - ability).max()), changed
    slope, threshold = _settled(hot, ability, slope, threshold, prior)
    return Grades(ability, 1 / np.sqrt(weight), slope, threshold, levels, turn, moved)


def _settled(
    hot: np.ndarray, ability: np.ndarray, slope: np.ndarray, threshold: np.ndarray, prior: Prior
) -> tuple[np.ndarray, np.ndarray]:
    """Items at their mode, the abilities given."""
    for _ in range(100):
        before = threshold
        slope, threshold = _items_step(hot, ability, slope, threshold, prior)
        if np.abs(threshold - before).max() < 1e-5:
            break
    return slope, threshold


def _padded(above: np.ndarray) -> np.ndarray:
    """(..., grades + 1): P(y >= k) with the certain first and the impossible last."""
    ends = np.ones((*above.shape[:-1], 1))
    return np.concatenate([ends, above, np.zeros_like(ends)], axis=-1)


def _parts(ability: np.ndarray, slope: np.ndarray, threshold: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """eta, its density and the grades' probabilities, (items, systems, ...)."""
    eta = slope[:, None, None] * (ability[:, None] - threshold[:, None, :])
    above = special.expit(eta)
    return eta, above * (1 - above), np.maximum(-np.diff(_padded(above), axis=-1), 1e-12)


def _abilities_step(
    hot: np.ndarray, ability: np.ndarray, slope: np.ndarray, threshold: np.ndarray, prior: Prior
) -> tuple[np.ndarray, np.ndarray]:
    pull, weight = -ability / prior.ability**2, np.full(len(ability), prior.ability**-2.0)
    for block in _blocks(hot):
        _, density, p = _parts(ability, slope[block], threshold[block])
        rise = slope[block, None, None] * _between(density)
        some = np.any(hot[block], axis=-1)
        pull += (hot[block] * rise / p).sum(axis=(0, 2))
        weight += (some[..., None] * rise**2 / p).sum(axis=(0, 2))
    return ability + np.clip(pull / weight, -1, 1), weight


def _items_step(
    hot: np.ndarray, ability: np.ndarray, slope: np.ndarray, threshold: np.ndarray, prior: Prior
) -> tuple[np.ndarray, np.ndarray]:
    slope, threshold, k = slope.copy(), threshold.copy(), threshold.shape[1]
    centre = threshold.mean()
    for block in _blocks(hot):
        a, b = slope[block], threshold[block]
        eta, density, p = _parts(ability, a, b)
        change = np.zeros((*p.shape, k + 1))
        change[..., 0] = _between(density * eta)
        for j in range(k):
            change[..., j + 1, j + 1] = -a[:, None] * density[..., j]
            change[..., j, j + 1] = a[:, None] * density[..., j]
        some = np.any(hot[block], axis=-1)
        pull = np.einsum("imk,imkp->ip", hot[block] / p, change)
        matrix = np.einsum("imk,imkp,imkq->ipq", some[..., None] / p, change, change, optimize=True)
        _add_priors(pull, matrix, (a, b, centre), prior)
        step = np.linalg.solve(matrix, pull[..., None])[..., 0]
        step *= np.minimum(1, 1 / np.maximum(np.abs(step).max(axis=1, keepdims=True), 1e-300))
        slope[block] = a * np.exp(step[:, 0])
        threshold[block] = b + step[:, 1:] * _room(b, step[:, 1:])
    return slope, threshold


def _add_priors(
    pull: np.ndarray, matrix: np.ndarray, items: tuple[np.ndarray, np.ndarray, float], prior: Prior
) -> None:
    """Adds the priors' derivatives and precisions: log slope, thresholds, and the gaps between them."""
    a, b, centre = items
    k = b.shape[1]
    pull[:, 0] -= np.log(a) / prior.slope**2
    pull[:, 1:] -= (b - centre) / prior.difficulty**2
    matrix[:, range(k + 1), range(k + 1)] += np.array([prior.slope**-2.0] + [prior.difficulty**-2.0] * k)
    for j in range(k - 1):
        gap = b[:, j + 1] - b[:, j]
        rise, tight = 1 / gap - 1, gap**-2
        pull[:, j + 2] += rise
        pull[:, j + 1] -= rise
        for one, other, sign in ((j + 1, j + 1, 1), (j + 2, j + 2, 1), (j + 1, j + 2, -1), (j + 2, j + 1, -1)):
            matrix[:, one, other] += sign * tight


def _room(b: np.ndarray, step: np.ndarray) -> np.ndarray:
    """The share of a step that closes no gap by more than half, (items, 1)."""
    if b.shape[1] < 2:
        return np.ones((len(b), 1))
    gap, closing = np.diff(b, axis=1), -np.diff(step, axis=1)
    share = np.where(closing > 0, gap / 2 / np.where(closing > 0, closing, 1), 1.0)
    return np.minimum(1, share.min(axis=1, keepdims=True))


def _between(above: np.ndarray) -> np.ndarray:
    """Differences of neighbours with zeros at both ends: what a grade's probability gains."""
    ends = np.zeros((*above.shape[:-1], 1))
    return -np.diff(np.concatenate([ends, above, ends], axis=-1), axis=-1)


def _blocks(hot: np.ndarray) -> list[slice]:
    step = max(1, 400_000 // (hot.shape[1] * hot.shape[2] ** 2))
    return [slice(start, start + step) for start in range(0, len(hot), step)]
