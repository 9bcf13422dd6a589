"""How a battle of known strengths ends: three models of ties, with the derivatives that fitting needs.

`gap`: the first system's log-strength minus the second's, plus what coming first brings. `tie`: how common ties are.

- "half": a tie is half a win for each; the probability of a win is 1 / (1 + exp(-gap)).
- "davidson" (Davidson, 1970): win, tie and loss as exp(gap / 2), exp(tie) and exp(-gap / 2).
- "rao-kupper" (Rao and Kupper, 1967): a win takes a lead of `tie` > 0: 1 / (1 + exp(tie - gap)).
"""

from typing import Literal, NamedTuple

import numpy as np
from scipy.special import expit, log_expit

Ties = Literal["half", "davidson", "rao-kupper"]


class Slopes(NamedTuple):
    """Derivatives of a pair's log-likelihood, shaped like the pairs: first in gap and tie, second in gap, both, and tie."""

    gap: np.ndarray
    tie: np.ndarray
    gap2: np.ndarray
    cross: np.ndarray
    tie2: np.ndarray


def probabilities(ties: Ties, gap: np.ndarray, tie: float | np.ndarray) -> np.ndarray:
    """Probabilities of win, tie and loss of the first, shaped (3, *gap)."""
    gap = np.asarray(gap, float)
    if ties == "half":
        win = expit(gap)
        return np.stack([win, np.zeros_like(win), expit(-gap)])
    if ties == "davidson":
        parts = np.stack([gap / 2, np.broadcast_to(tie, gap.shape), -gap / 2])
        parts = np.exp(parts - parts.max(axis=0))
        return parts / parts.sum(axis=0)
    win, loss = expit(gap - tie), expit(-gap - tie)
    return np.stack([win, np.expm1(2 * np.asarray(tie)) * win * loss, loss])


def log_likelihood(ties: Ties, counts: np.ndarray, gap: np.ndarray, tie: float | np.ndarray) -> np.ndarray:
    """Of each pair's counts, (3, *gap); minus infinity where `tie` is out of bounds."""
    win, drawn, loss = counts
    if ties == "half":
        return (win + drawn + loss) * log_expit(gap) - (loss + drawn / 2) * gap
    if ties == "davidson":
        return (win - loss) * gap / 2 + drawn * tie - (win + drawn + loss) * _log_sum(gap, tie)
    if np.any(np.asarray(tie) <= 0):
        return np.full(np.shape(gap), -np.inf)
    bonus = drawn * np.log(np.expm1(2 * np.asarray(tie)))
    return (win + drawn) * log_expit(gap - tie) + (loss + drawn) * log_expit(-gap - tie) + bonus


def slopes(ties: Ties, counts: np.ndarray, gap: np.ndarray, tie: float | np.ndarray) -> Slopes:
    """First and second derivatives of the log-likelihood of each pair's counts, (3, *gap)."""
    win, drawn, loss = counts
    if ties == "half":
        p, n = expit(gap), win + drawn + loss
        none = np.zeros_like(p)
        return Slopes(win + drawn / 2 - n * p, none, -n * p * (1 - p), none, none)
    if ties == "davidson":
        n = win + drawn + loss
        p, q, r = probabilities(ties, gap, tie)
        lead = p - r
        return Slopes(
            (win - loss - n * lead) / 2,
            drawn - n * q,
            -n * (p + r - lead**2) / 4,
            n * q * lead / 2,
            -n * q * (1 - q),
        )
    forth, back = win + drawn, loss + drawn
    p, r = expit(gap - tie), expit(-gap - tie)
    grown = 1 / np.expm1(2 * np.asarray(tie))  # 1 / (k^2 - 1)
    a, b = forth * p * (1 - p), back * r * (1 - r)
    return Slopes(
        forth * (1 - p) - back * (1 - r),
        -forth * (1 - p) - back * (1 - r) + 2 * drawn * (1 + grown),
        -a - b,
        a - b,
        -a - b - 4 * drawn * grown * (1 + grown),
    )


def _log_sum(gap: np.ndarray, tie: float | np.ndarray) -> np.ndarray:
    return np.logaddexp(np.logaddexp(gap / 2, -gap / 2), tie)
