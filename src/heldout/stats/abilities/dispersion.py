"""Repeated trials of one system on one item tell less than as many items: what each is worth."""

import numpy as np

from heldout.stats.abilities.logistic import Fit, tanh_half
from heldout.stats.abilities.responses import Responses


def likeness(data: Responses, found: Fit) -> float:
    """How alike the trials of a cell are beyond what the curves say, from 0 (no more) to 1 (one repeats the others).

    The intraclass correlation rho of a beta-binomial law by moments: squared residuals of n trials, over their binomial
    variance, are 1 + (n - 1) rho on average; parameters fitted are allowed for. 0 where no trial is repeated.
    """
    if data.trials is None or data.trials.max() <= 1:
        return 0.0
    above, number, cells = 0.0, 0.0, 0
    for block in data.blocks():
        n = data.trials[block].astype(float)
        half = tanh_half(data, block, found.ability, found.items).astype(float)
        p = np.clip((1 + half) / 2, 1e-4, 1 - 1e-4)
        p = found.items.floor[block, None] * (1 - p) + p
        some = n > 1
        square = ((data.signed[block] + n) / 2 - n * p) ** 2 / np.where(some, n * p * (1 - p), 1)
        above += float(square[some].sum())
        number += float((n[some] - 1).sum())
        cells += int(some.sum())
    left = max(cells - data.systems - 2 * data.items, cells / 10)
    return float(np.clip((above * cells / left - cells) / max(number, 1), 0, 1))


def effective(data: Responses, rho: float) -> Responses:
    """The same rates from as many independent trials as theirs are worth: n / (1 + (n - 1) rho)."""
    if data.trials is None:
        return data
    worth = 1 / (1 + np.maximum(data.trials - 1, 0) * np.asarray(rho, dtype=data.trials.dtype))
    return Responses(data.signed * worth, data.trials * worth)
