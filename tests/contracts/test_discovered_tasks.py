"""The contracts of tasks, over every study that is discovered."""

import pytest

from heldout.contracts import task as on_task
from heldout.contracts.shift import shifts
from heldout.contracts.trial import barely_trained
from heldout.core.cell import cells
from heldout.core.discover import load, studies

FOUND = studies()


@pytest.fixture(scope="module")
def loaded():
    return {slug: load(found.reference) for slug, found in FOUND.items()}


@pytest.mark.parametrize("slug", FOUND)
def test_tasks(slug, loaded):
    study = loaded[slug]
    for task in study.tasks:
        assert on_task.complete(task) == ()
        model = task.oracle()
        if model is None:
            made, model = barely_trained(cells(task, study.learners[0])[0])
            task = made.task  # noqa: PLW2901 - with live models in place of trained ones
        assert shifts(task, model) == ()
        assert on_task.solvable(task) == ()
        for held in (on_task.repeats, on_task.bounded, on_task.distinct, on_task.disjoint):
            assert held(task, model) == (), held.__name__
