from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from heldout.core.seeds import words
from heldout.models import finder
from heldout.tasks.search.looks import Search

SIZES = (4, 4, 3, 6, 2)
FINDERS = (finder.random, finder.evolution, finder.parzen)


def searched(one: Callable[..., None], queries: int, seed: int = 0) -> Search:
    """The sum of the indices is the loss: zeros are best."""
    search = Search(SIZES, queries, lambda config: float(sum(config)))
    one(search, words("finder", seed))
    return search


@pytest.mark.parametrize("one", FINDERS)
@pytest.mark.parametrize("queries", [1, 9, 60])
def test_all_queries_are_used_within_the_grid(one: Any, queries: int) -> None:
    search = searched(one, queries)
    assert len(search.asked) == queries
    assert (np.array(search.asked) < SIZES).all()
    assert search.asked == searched(one, queries).asked
    assert queries == 1 or search.asked != searched(one, queries, 1).asked


def test_on_a_separable_loss_both_find_more_than_chance() -> None:
    lowest = {one: np.mean([min(searched(one, 80, seed).losses) for seed in range(40)]) for one in FINDERS}
    assert lowest[finder.evolution] < lowest[finder.random] - 0.2
    assert lowest[finder.parzen] < lowest[finder.random] - 0.2


def test_a_mutation_changes_one_place() -> None:
    asked = searched(finder.evolution, 60).asked
    for turn in range(20, 60):
        apart = [sum(a != b for a, b in zip(asked[turn], parent, strict=True)) for parent in asked[turn - 20 : turn]]
        assert 1 in apart or 0 in apart


def test_the_parzen_estimators_frequencies_are_smoothed() -> None:
    found = finder._frequencies(np.array([[0, 1], [0, 2]]), (2, 3))
    assert found[0].tolist() == [0.75, 0.25]
    assert found[1].tolist() == [0.2, 0.4, 0.4]
