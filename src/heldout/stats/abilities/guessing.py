"""Steps of the three-parameter model, in which those who do not know may guess."""

import numpy as np
from scipy import special

from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.prior import Prior
from heldout.stats.abilities.responses import Responses

STEP = 1.0


def _parts(
    data: Responses, block: slice, ability: np.ndarray, items: Items
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of a block (items, systems): dP/d eta, 1 - s, and (y - nP) / (P (1 - P)), n / (P (1 - P))."""
    a, b, c = (part[block, None] for part in items)
    rising = special.expit(a * (ability - b))
    hit = c + (1 - c) * rising
    spread = np.maximum(hit * (1 - c) * (1 - rising), 1e-12)
    tried = 1.0 if data.trials is None else data.trials[block].astype(float)
    successes = (data.signed[block] + tried) / 2
    return (1 - c) * rising * (1 - rising), 1 - rising, (successes - tried * hit) / spread, tried / spread


def ability_sums(data: Responses, ability: np.ndarray, items: Items) -> tuple[np.ndarray, np.ndarray]:
    """Slope of the log likelihood in every ability and its Fisher information, each (systems,)."""
    pull, weight = np.zeros(data.systems), np.zeros(data.systems)
    for block in data.blocks():
        rise, _, residual, precision = _parts(data, block, ability, items)
        rise = rise * items.slope[block, None]
        pull += (rise * residual).sum(axis=0)
        weight += (rise**2 * precision).sum(axis=0)
    return pull, weight


def items_step(
    data: Responses, ability: np.ndarray, items: Items, prior: Prior, centre: float
) -> tuple[Items, np.ndarray]:
    """One step of Fisher scoring in log a, b and logit c for every item: new items and each one's step."""
    made, steps = [np.empty(data.items) for _ in range(3)], np.empty(data.items)
    for block in data.blocks():
        a, b, c = (part[block] for part in items)
        rise, miss, residual, precision = _parts(data, block, ability, items)
        eta = a[:, None] * (ability - b[:, None])
        slopes = np.stack([rise * eta, -rise * a[:, None], (c * (1 - c))[:, None] * miss])
        pull = np.einsum("kim,im->ik", slopes, residual)
        matrix = np.einsum("kim,lim,im->ikl", slopes, slopes, precision)
        tight = np.array([prior.slope, prior.difficulty, prior.certainty]) ** -2.0
        away = np.stack([np.log(a), b - centre, special.logit(c) - special.logit(prior.guessing)], axis=1)
        step = np.linalg.solve(matrix + np.diag(tight), (pull - away * tight)[..., None])[..., 0]
        step *= np.minimum(1, STEP / np.maximum(np.abs(step).max(axis=1, keepdims=True), 1e-300))
        made[0][block], made[1][block] = a * np.exp(step[:, 0]), b + step[:, 1]
        made[2][block] = special.expit(special.logit(c) + step[:, 2])
        moved = np.abs(step) * np.stack([np.ones(len(a)), np.minimum(made[0][block], 1), c], axis=1)
        steps[block] = moved.max(axis=1)
    return Items(*made), steps
