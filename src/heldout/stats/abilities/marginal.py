"""Items from many systems: abilities, each known from few outcomes only, are integrated out.

Bock and Aitkin's EM (1981) with quadrature nodes placed anew around every system's posterior (Naylor and Smith, 1982), so that
many items, which make posteriors narrow, do no harm. Priors on items as in the joint fit; abilities ~ N(0, 1) set zero and unit.
"""

from typing import NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.abilities import logistic
from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.logistic import Fit, item_sums, stepped
from heldout.stats.abilities.prior import Prior
from heldout.stats.abilities.responses import Responses

NODES = 9


class Posterior(NamedTuple):
    """Abilities after their outcomes. `node`, `weight`: (nodes, systems), weights adding up to one; `mean`, `spread`: (systems,)."""

    node: np.ndarray
    weight: np.ndarray
    mean: np.ndarray
    spread: np.ndarray


def marginal(
    data: Responses, model: logistic.Model = "2pl", prior: Prior = Prior(), *, tolerance: float = 1e-4, turns: int = 500
) -> tuple[Fit, Posterior]:
    """Items at their marginal mode, abilities as posterior means with standard deviations; 1pl (slopes of one) or 2pl.

    O(nodes x items x systems) time a turn, O(items x systems) memory.
    """
    if model == "3pl":
        raise HeldoutError("abilities are integrated out for 1pl and 2pl: fit 3pl jointly")
    _, items = logistic.start(data, model, prior)
    mode, moved, turn = np.zeros(data.systems), np.inf, 0
    after = posterior(data, items, prior, mode)
    while moved > tolerance and turn < turns:
        turn += 1
        sums = sum(item_sums(data, n, items, w) for n, w in zip(after.node, after.weight, strict=True))
        made, steps = stepped(items, np.asarray(sums), model, prior, float(items.difficulty.mean()))
        moved, items = float(steps.max()), made
        after = posterior(data, items, prior, after.mean)
    said = logistic.degenerate(data)
    if moved > tolerance:
        said += (f"not settled after {turn} turns: the last one moved by {moved:.2g}",)
    return Fit(after.mean, items, prior, model, turn, moved, said), after


def posterior(data: Responses, items: Items, prior: Prior = Prior(), start: np.ndarray | None = None) -> Posterior:
    """Every system's posterior on nodes around its mode, the items known (without guessing)."""
    mode = np.zeros(data.systems) if start is None else start
    for _ in range(100):
        mode, moved = logistic.abilities_step(data, mode, items, prior)
        if moved < 1e-4:
            break
    weight = logistic.ability_sums(data, mode, items)[1]
    width = 1 / np.sqrt(weight + 1 / prior.ability**2)
    at, factor = np.polynomial.hermite.hermgauss(NODES)
    node = mode + np.sqrt(2) * at[:, None] * width
    level = np.stack([_level(data, one, items) for one in node]) - node**2 / (2 * prior.ability**2)
    level += np.log(factor)[:, None] + at[:, None] ** 2
    likely = np.exp(level - level.max(axis=0))
    likely /= likely.sum(axis=0)
    mean = (likely * node).sum(axis=0)
    return Posterior(node, likely, mean, np.sqrt((likely * (node - mean) ** 2).sum(axis=0)))


def _level(data: Responses, ability: np.ndarray, items: Items) -> np.ndarray:
    """(systems,) log likelihoods: successes minus failures times eta / 2, less n log(2 cosh(eta / 2))."""
    total = np.zeros(data.systems)
    for block in data.blocks():
        eta = items.slope[block, None] * (ability - items.difficulty[block, None])
        cosh = np.logaddexp(eta / 2, -eta / 2)
        tried = 1.0 if data.trials is None else data.trials[block]
        total += (data.signed[block] * eta / 2 - tried * cosh).sum(axis=0)
    return total
