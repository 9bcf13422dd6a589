"""Ranks that intervals leave open, and what a board holds."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from heldout.report.site.board import leaders, ranks
from heldout.report.site.shelf import Shelf


def brute(intervals):
    """Every order of true values that the intervals allow, by trying their ends and middles."""
    found = [set() for _ in intervals]
    for order in permutations(range(len(intervals))):
        top = np.inf
        for one in order:  # the highest value that each may have, below the one before it
            top = min(top, intervals[one][1])
            if top < intervals[one][0]:
                break
        else:
            for place, one in enumerate(order, 1):
                found[one].add(place)
    return [(min(mine), max(mine)) for mine in found]


@pytest.mark.parametrize("seed", range(30))
def test_ranks_are_those_that_some_order_within_the_intervals_has(seed):
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 1, 5)
    intervals = [(a, a + w) for a, w in zip(low, rng.uniform(0, 0.4, 5), strict=True)]
    assert ranks(intervals) == brute(intervals)


def test_a_board_has_every_learner_of_every_study_of_the_task_best_first(full):
    second = replace(full, study=replace(full.study, claims={}, measures={}, tasks=full.study.tasks[:1]))
    shelf = Shelf({"one": full, "two": second})
    task = next(t for t in shelf.tasks if t.value == full.study.tasks[0])
    assert [use.slug for use in task.uses] == ["one", "two"]
    for board in leaders(task):
        estimates = [s.row.estimate for s in board.standings]
        assert estimates == sorted(estimates, reverse=True)
        assert {s.slug for s in board.standings} == {"one", "two"}
        first, last = board.standings[0], board.standings[-1]
        assert first.ranks[0] == 1
        assert last.ranks[1] == len(board.standings)
