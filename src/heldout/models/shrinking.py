"""Ways to learn a benchmark's score from few of its items: each gives the scores of the systems held out."""

from typing import Any

import numpy as np

from heldout.stats.abilities import selection
from heldout.stats.abilities.prediction import estimated
from heldout.stats.abilities.reconstruction import reconstructed
from heldout.stats.abilities.responses import responses


def informative(seen: Any, key: Any) -> np.ndarray:  # noqa: ARG001
    """The most informative items; unseen ones predicted by their curves (metabench)."""
    ability, items = estimated(responses(seen.known))
    return _curves(seen, items, selection.informative(items, ability, seen.keep))


def stratified(seen: Any, key: Any) -> np.ndarray:
    """Items spread over parts and difficulties; unseen ones predicted by their curves."""
    _, items = estimated(responses(seen.known))
    return _curves(seen, items, _even(seen, key))


def random(seen: Any, key: Any) -> np.ndarray:
    """Random items; unseen ones predicted by their curves."""
    _, items = estimated(responses(seen.known))
    return _curves(seen, items, selection.random(len(seen.part), seen.keep, key.generator()))


def stratified_mean(seen: Any, key: Any) -> np.ndarray:
    """Items spread over parts and difficulties; their mean."""
    return seen.ask(_even(seen, key)).mean(axis=1)


def random_mean(seen: Any, key: Any) -> np.ndarray:
    """Random items; their mean."""
    return seen.ask(selection.random(len(seen.part), seen.keep, key.generator())).mean(axis=1)


def _even(seen: Any, key: Any) -> np.ndarray:
    return selection.stratified(seen.known.mean(axis=0), seen.part, seen.keep, key.generator())


def _curves(seen: Any, items: Any, chosen: np.ndarray) -> np.ndarray:
    weight = np.full(len(seen.part), 1 / len(seen.part))
    return reconstructed(items, chosen, responses(seen.ask(chosen)), weight)
