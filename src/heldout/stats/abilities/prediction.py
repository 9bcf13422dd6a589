"""Whether fitted curves predict outcomes that they were not fitted to."""

from typing import NamedTuple

import numpy as np
from scipy import special

from heldout.core.errors import HeldoutError
from heldout.stats.abilities import integrated, logistic
from heldout.stats.abilities.calibration import calibration_error, log_loss
from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.prior import Prior
from heldout.stats.abilities.responses import Responses


class Prediction(NamedTuple):
    """Cells held out and predicted. `loss`: mean log-loss in nats; `plain`: that of the success rates of system and item.

    `constant`: that of the overall success rate; `calibration`: expected calibration error of the curves.
    """

    loss: float
    plain: float
    constant: float
    calibration: float
    cells: int


ROUGH = 1e-2
"""Logits that a last turn may move abilities where only predictions are wanted: far below any ability's error."""


def estimated(
    data: Responses, model: logistic.Model = "2pl", prior: Prior = Prior(), *, tolerance: float = 1e-4
) -> tuple[np.ndarray, Items]:
    """Abilities and items by the way that suits the table: items integrated out for few systems, else jointly."""
    few = data.systems <= integrated.MOST and data.items >= 2 * data.systems + 5 and model != "3pl"
    found = (
        integrated.integrated(data, model, prior, tolerance=tolerance)[0] if few else logistic.fit(data, model, prior)
    )
    return found.ability, found.items


def prediction(
    data: Responses, rng: np.random.Generator, model: logistic.Model = "2pl", share: float = 0.1
) -> Prediction:
    """Holds out a random share of the cells, fits to the others and predicts them.

    An item keeps at least one system and a system at least one item.
    """
    if not 0 < share < 1:
        raise HeldoutError(f"the share held out is {share:g}, and must lie strictly between 0 and 1")
    tried = data.tried
    out = (rng.random(tried.shape) < share) & (tried > 0)
    out[((tried > 0) & ~out).sum(axis=1) == 0] = False
    out[:, ((tried > 0) & ~out).sum(axis=0) == 0] = False
    if not out.any():
        raise HeldoutError("no cell can be held out: the table has too few outcomes")
    kept = Responses(np.where(out, 0, data.signed), np.where(out, 0, tried).astype(tried.dtype))
    ability, items = estimated(kept, model, tolerance=ROUGH)
    which, who = np.nonzero(out)
    outcome = data.means()[out]
    rising = special.expit(items.slope[which] * (ability[who] - items.difficulty[which]))
    made = items.floor[which] + (1 - items.floor[which]) * rising
    whole = np.full(len(made), float(kept.successes.sum() / kept.tried.sum()))
    return Prediction(
        log_loss(made, outcome),
        log_loss(_plain(kept, which, who), outcome),
        log_loss(whole, outcome),
        calibration_error(made, outcome),
        len(made),
    )


def _plain(kept: Responses, which: np.ndarray, who: np.ndarray) -> np.ndarray:
    """Logits of the item's and the system's success rates, each with a pseudo-outcome of either kind, added up."""

    def logit(axis: int) -> np.ndarray:
        won, n = kept.successes.sum(axis=axis), kept.tried.sum(axis=axis)
        return np.log((won + 0.5) / (n - won + 0.5))

    item, system = logit(1), logit(0)
    middle = float(special.logit(np.clip(kept.successes.sum() / kept.tried.sum(), 1e-6, 1 - 1e-6)))
    return special.expit(item[which] + system[who] - middle)
