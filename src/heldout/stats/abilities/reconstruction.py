"""The score on all items from the outcomes on some, and how far off it is for systems never seen before."""

from typing import NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.abilities import selection
from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.logistic import ability_given
from heldout.stats.abilities.prediction import estimated
from heldout.stats.abilities.responses import Responses

WAYS = ("informative, curves", "stratified, curves", "random, curves", "stratified, mean", "random, mean")


class Reconstruction(NamedTuple):
    """Mean absolute error (ways,) of the score of held-out systems, and its standard error over systems.

    `errors`: (ways, systems) each system's absolute error, over repeats. In the order of WAYS: how items are chosen, and
    whether curves or the plain mean of the outcomes give the score.
    """

    error: np.ndarray
    spread: np.ndarray
    errors: np.ndarray


def reconstructed(items: Items, seen: np.ndarray, outcomes: Responses, weight: np.ndarray) -> np.ndarray:
    """(systems,) scores on all items by p-IRT (Maia Polo et al., 2024): outcomes where seen, predictions elsewhere.

    `seen`: indices of the items that `outcomes` holds, in that order. `weight`: (items,) of each in the score, adding up to
    one. Unseen items are predicted at the ability that the seen ones show.
    """
    ability = ability_given(outcomes, items.chosen(seen))
    rest = np.ones(len(weight), dtype=bool)
    rest[seen] = False
    predicted = items.chosen(rest).probability(ability) @ weight[rest]
    rates = outcomes.means().T
    missing = np.isnan(rates)
    rates = np.where(missing, items.chosen(seen).probability(ability), rates)
    return rates @ weight[seen] + predicted


def reconstruction(
    data: Responses, n: int, task: np.ndarray, rng: np.random.Generator, *, folds: int = 5, repeats: int = 5
) -> Reconstruction:
    """Holds out systems in folds; items are fitted and chosen by the others alone. Random choices are repeated.

    `task`: (items,) codes; tasks weigh the same. Needs at least four systems.
    """
    if data.systems < 4:
        raise HeldoutError(f"{data.systems} systems: to hold some out and fit to the others takes at least four")
    weight = weights(task)
    folds = min(folds, data.systems)
    fold = rng.permutation(np.arange(data.systems) % folds)
    errors = np.zeros((len(WAYS), data.systems))
    for k in range(folds):
        out = np.flatnonzero(fold == k)
        kept = data.chosen(systems=np.flatnonzero(fold != k))
        ability, items = estimated(kept)
        rate = np.nanmean(np.where(np.isnan(kept.means()), 0.5, kept.means()), axis=1)
        held = data.chosen(systems=out)
        truth = whole_score(held, weight)
        errors[0, out] = np.abs(_curves(items, held, selection.informative(items, ability, n), weight) - truth)
        for _ in range(repeats):
            even, any_ = selection.stratified(rate, task, n, rng), selection.random(data.items, n, rng)
            made = [_curves(items, held, even, weight), _curves(items, held, any_, weight)]
            made += [_mean(held, even, weight), _mean(held, any_, weight)]
            errors[1:, out] += np.abs(np.array(made) - truth) / repeats
    return Reconstruction(errors.mean(axis=1), errors.std(axis=1, ddof=1) / np.sqrt(data.systems), errors)


def weights(task: np.ndarray) -> np.ndarray:
    """(items,) weights by which tasks count alike and items of a task do."""
    _, code, number = np.unique(task, return_inverse=True, return_counts=True)
    return 1 / (number[code] * len(number))


def whole_score(data: Responses, weight: np.ndarray) -> np.ndarray:
    """(systems,) weighted means over the items that each system has."""
    rates = data.means()
    return np.nansum(rates * weight[:, None], axis=0) / ((~np.isnan(rates)) * weight[:, None]).sum(axis=0)


def _curves(items: Items, held: Responses, seen: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return reconstructed(items, seen, held.chosen(seen), weight)


def _mean(held: Responses, seen: np.ndarray, weight: np.ndarray) -> np.ndarray:
    some = held.chosen(seen)
    rates, w = some.means(), weight[seen][:, None]
    have = (~np.isnan(rates) * w).sum(axis=0)
    return np.where(have > 0, np.nansum(rates * w, axis=0) / np.where(have > 0, have, 1), 0.5)
