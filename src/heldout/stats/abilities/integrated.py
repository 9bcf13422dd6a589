"""Abilities of few systems from many items: the items, each known from few outcomes only, are integrated out.

A joint mode takes the best curve of every item for its true one; with fewer than some tens of systems abilities are then
spread too wide and their errors far too small (Neyman and Scott, 1948). Here the items are a sample: log slopes from
N(0, 0.5^2), difficulties from a normal distribution that is estimated, integrated over a grid of curves that all items
share, so that a pass is two products of matrices. Abilities maximise what is left by EM (Bock and Aitkin, 1981, with
systems and items in each other's places).
"""

from typing import NamedTuple

import numpy as np
from scipy import special

from heldout.core.errors import HeldoutError
from heldout.stats.abilities import logistic
from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.errors import Errors
from heldout.stats.abilities.logistic import Fit
from heldout.stats.abilities.prior import Prior
from heldout.stats.abilities.responses import Responses

SLOPES, DIFFICULTIES = 23, 61
"""Nodes over log slopes, out to 3.5 standard deviations, and over difficulties, out to four."""

MOST = 60
"""Systems beyond which the grid grows coarse and errors from scores of items uncertain; joint fits are good there."""


class Population(NamedTuple):
    """Normal distribution of difficulties."""

    centre: float
    spread: float


class Grid(NamedTuple):
    """Curves that every item might have: `slope`, `difficulty`, `weight` (the logarithm of their prior), each (nodes,)."""

    slope: np.ndarray
    difficulty: np.ndarray
    weight: np.ndarray


def integrated(
    data: Responses, model: logistic.Model = "2pl", prior: Prior = Prior(), *, tolerance: float = 1e-4, turns: int = 200
) -> tuple[Fit, Errors]:
    """Abilities with zero at their mean, items as posterior means, and the errors of both; 1pl or 2pl.

    The errors of abilities are from the spread of the items' scores, so that they speak of other items like these; they want
    clearly more items than systems. O(nodes x items x systems) time for each of some tens of turns.
    """
    if model == "3pl":
        raise HeldoutError("items with guessing are not integrated out: fit 3pl jointly, or take 2pl")
    if data.systems > MOST:
        raise HeldoutError(f"{data.systems} systems: beyond {MOST} the grid is too coarse, and a joint fit is good")
    if data.items < data.systems + 5:
        raise HeldoutError(f"{data.items} items for {data.systems} systems are too few to integrate over: fit jointly")
    ability, items = logistic.start(data, model, prior)
    ability = ability - ability.mean()
    people = Population(float(items.difficulty.mean()), max(0.5, float(items.difficulty.std())))
    moved, turn = np.inf, 0
    while moved > tolerance and turn < turns:
        turn += 1
        grid = _grid(people, model, prior)
        made, people = _turn(data, ability, grid, prior)
        moved = float(np.abs(made - ability).max())
        ability = made
    grid = _grid(people, model, prior)
    found, error = _summary(data, ability, grid, prior, people)
    said = (
        *logistic.degenerate(data),
        *((f"not settled after {turn} turns: the last one moved by {moved:.2g}",) if moved > tolerance else ()),
    )
    return Fit(ability, found, prior, model, turn, moved, said), error


def _grid(people: Population, model: logistic.Model, prior: Prior) -> Grid:
    steps = np.linspace(-3.5, 3.5, SLOPES) if model == "2pl" else np.zeros(1)
    places = np.linspace(-4, 4, DIFFICULTIES)
    logs, far = np.tile(steps, len(places)), np.repeat(places, len(steps))
    weight = -(logs**2 + far**2) / 2
    weight -= np.log(np.exp(weight).sum())
    return Grid(np.exp(prior.slope * logs), people.centre + people.spread * far, weight)


def _blocks(data: Responses, grid: Grid) -> list[slice]:
    step = max(1, 4_000_000 // len(grid.slope))
    return [slice(start, min(start + step, data.items)) for start in range(0, data.items, step)]


def _posterior(data: Responses, block: slice, ability: np.ndarray, grid: Grid) -> np.ndarray:
    """(items, nodes) how likely each curve is for each item of a block."""
    kind = data.signed.dtype
    eta = (grid.slope * (ability[:, None] - grid.difficulty)).astype(kind)
    # c eta - n log(1 + e^eta) = (2c - n) eta / 2 - n log(2 cosh(eta / 2))
    level = np.logaddexp(eta / 2, -eta / 2)
    fit = (data.signed[block] / 2) @ eta
    fit -= level.sum(axis=0) if data.trials is None else data.trials[block] @ level
    fit += grid.weight.astype(kind)
    fit -= fit.max(axis=1, keepdims=True)
    np.exp(fit, out=fit)
    fit /= fit.sum(axis=1, keepdims=True)
    return fit


def _turn(data: Responses, ability: np.ndarray, grid: Grid, prior: Prior) -> tuple[np.ndarray, Population]:
    """One turn of EM: new abilities about their mean, new distribution of difficulties."""
    won = np.zeros((data.systems, len(grid.slope)))
    tried, mass = np.zeros_like(won), np.zeros(len(grid.slope))
    for block in _blocks(data, grid):
        likely = _posterior(data, block, ability, grid)
        won += data.signed[block].T @ likely
        mass += likely.sum(axis=0, dtype=float)
        if data.trials is not None:
            tried += data.trials[block].T @ likely
    tried = np.broadcast_to(mass, won.shape) if data.trials is None else tried
    for _ in range(4):
        half = np.tanh(grid.slope * (ability[:, None] - grid.difficulty) / 2)
        pull = ((won - tried * half) * grid.slope).sum(axis=1) / 2 - ability / prior.ability**2
        weight = (tried * (1 - half**2) * grid.slope**2).sum(axis=1) / 4 + 1 / prior.ability**2
        step = np.clip(pull / weight, -1, 1)
        ability = ability + step
        if np.abs(step).max() < 1e-7:
            break
    centre = float(mass @ grid.difficulty) / data.items
    # one pseudo-item of the prior's spread keeps it from vanishing
    square = float(mass @ (grid.difficulty - centre) ** 2) + prior.difficulty**2
    middle = ability.mean()
    return ability - middle, Population(centre - middle, float(np.sqrt(square / (data.items + 1))))


def _summary(
    data: Responses, ability: np.ndarray, grid: Grid, prior: Prior, people: Population
) -> tuple[Items, Errors]:
    """Posterior means and standard deviations of items, and the covariance of abilities from the items' scores."""
    logs, size = np.log(grid.slope), data.systems + 2
    moments, outer, total = np.empty((data.items, 4)), np.zeros((size, size)), np.zeros(size)
    hit = special.expit(grid.slope * (ability[:, None] - grid.difficulty))
    away = (grid.difficulty - people.centre) / people.spread
    columns = np.stack([logs, grid.difficulty, logs**2, grid.difficulty**2, away, away**2 - 1, grid.slope], axis=1)
    for block in _blocks(data, grid):
        likely = _posterior(data, block, ability, grid)
        means = likely @ columns
        moments[block] = means[:, :4]
        tried = data.tried[block]
        own = (data.signed[block] + tried) / 2 * means[:, 6, None] - tried * (likely @ (grid.slope * hit).T)
        scores = np.concatenate([own, means[:, 4:6]], axis=1)
        outer += scores.T @ scores
        total += scores.sum(axis=0)
    information = outer - np.outer(total, total) / data.items
    # the inverse of an estimated matrix is too large by this factor
    information /= max((data.items - size - 1) / data.items, 0.05)
    information[np.arange(data.systems), np.arange(data.systems)] += 1 / prior.ability**2
    covariance = np.linalg.pinv(information, hermitian=True)[: data.systems, : data.systems]
    covariance = covariance - covariance.mean(axis=0)
    covariance -= covariance.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.maximum(moments[:, 2:] - moments[:, :2] ** 2, 0))
    items = Items(np.exp(moments[:, 0]), moments[:, 1], np.zeros(data.items))
    return items, Errors(np.sqrt(np.diag(covariance)), spread[:, 0], spread[:, 1], covariance)
