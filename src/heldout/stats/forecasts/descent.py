"""Robust curve fitting from many starts at once: Levenberg-Marquardt steps on a Huber loss that narrows round by round."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Curve = Callable[[np.ndarray], np.ndarray]
"""Parameters (fits, p) to predictions (fits, n), made of functions that take complex numbers."""

HUBER = 1e-3
"""Where the loss turns from square to absolute, in logarithms of a loss (Hoffmann et al., 2022) or units of a score."""

STEP, FARTHEST, SETTLED, STUCK = 1e-30, 60.0, 1e-9, 1e5
"""The complex step, bounds of parameters, the relative gain at which a fit is done, and the damping at which it gives up."""


class Minimum(NamedTuple):
    """`theta`: (fits, p); `loss`: (fits,)."""

    theta: np.ndarray
    loss: np.ndarray


def minimised(
    curve: Curve,
    target: np.ndarray,
    starts: np.ndarray,
    weights: np.ndarray | None = None,
    *,
    delta: float = HUBER,
    rounds: int = 24,
) -> Minimum:
    """The parameters that minimise the weighted Huber loss of target - curve, from each start.

    `target`, `weights`: (n,) or (fits, n); `starts`: (fits, p). Widths fall by tens to `delta`, so that a start far away
    sees a smooth loss first. Derivatives are by complex steps, exact to rounding (Squire and Trapp, 1998).
    """
    theta = np.array(starts, float)
    target = np.broadcast_to(target, (len(theta), target.shape[-1]))
    weights = np.broadcast_to(1.0 if weights is None else weights, target.shape)
    loss = np.zeros(len(theta))
    for width in _widths(target, delta):
        live = np.arange(len(theta))
        damping = np.full(len(theta), 1e-2)
        residual = target - curve(theta)
        loss = huber(residual, weights, width)
        for _ in range(rounds):
            given = theta[live]
            step = _step(curve, given, residual[live], weights[live], width, damping[live])
            new = np.clip(given + step, -FARTHEST, FARTHEST)
            off = target[live] - curve(new)
            found = huber(off, weights[live], width)
            better = found < loss[live]
            gained = np.where(better, loss[live] - found, np.inf)
            won = live[better]
            theta[won], residual[won], loss[won] = new[better], off[better], found[better]
            damping[live] = np.clip(damping[live] * np.where(better, 0.3, 5), 1e-9, 1e9)
            live = live[(gained > SETTLED * loss[live] + 1e-300) & (damping[live] < STUCK)]
            if not len(live):
                break
    return Minimum(theta, loss)


def huber(residual: np.ndarray, weights: np.ndarray, width: float) -> np.ndarray:
    """The weighted sum over the last axis of Huber's (1964) loss."""
    size = np.abs(residual)
    with np.errstate(invalid="ignore", over="ignore"):
        values = np.where(size <= width, 0.5 * size**2, width * (size - 0.5 * width))
        total = (weights * values).sum(-1)
    return np.where(np.isfinite(total), total, np.inf)


def slopes(curve: Curve, theta: np.ndarray) -> np.ndarray:
    """(fits, n, p) derivatives of the curve."""
    columns = []
    for k in range(theta.shape[1]):
        moved = theta.astype(complex)
        moved[:, k] += 1j * STEP
        columns.append(np.imag(curve(moved)) / STEP)
    return np.stack(columns, -1)


def logaddexp(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """log(exp(a) + exp(b)) for complex numbers."""
    top = np.maximum(np.real(a), np.real(b))
    return top + np.log(np.exp(a - top) + np.exp(b - top))


def _widths(target: np.ndarray, delta: float) -> list[float]:
    if not np.isfinite(delta):
        return [np.inf]
    widths = [delta]
    while widths[0] < 0.1 * (np.ptp(target) or 1.0):
        widths.insert(0, 10 * widths[0])
    return widths


def _step(
    curve: Curve, theta: np.ndarray, residual: np.ndarray, weights: np.ndarray, width: float, damping: np.ndarray
) -> np.ndarray:
    slope = np.nan_to_num(slopes(curve, theta))
    pull = weights * np.minimum(1.0, width / np.maximum(np.abs(residual), 1e-300))
    across = (slope * pull[..., None]).swapaxes(1, 2)
    curved = across @ slope
    along = (across @ np.nan_to_num(residual)[..., None])[..., 0]
    size = np.einsum("fii->fi", curved)
    size = np.maximum(size, 1e-9 * size.max(1, keepdims=True) + 1e-30)
    curved = curved + (damping[:, None] * size)[..., None] * np.eye(theta.shape[1])
    return np.linalg.solve(curved, along[..., None])[..., 0]
