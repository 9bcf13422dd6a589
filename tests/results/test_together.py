"""Whether runs that are one training asked about several tasks are told of, and independent ones are not."""

import numpy as np
import pytest

from heldout import compare


def table(rng, shared, systems=3, runs=6, tasks=5):
    trained = rng.standard_normal((systems, runs, 1)) * shared
    return trained + rng.standard_normal((systems, runs, tasks)) + np.arange(tasks)


def told(scores):
    found = compare({f"s{i}": one for i, one in enumerate(scores)})
    return any("several tasks at once" in text for text in found.comparison.warnings)


@pytest.mark.filterwarnings("ignore")
def test_trainings_asked_about_several_tasks_are_told_of():
    rng = np.random.default_rng(0)
    assert sum(told(table(rng, 2.0)) for _ in range(10)) >= 9
    assert sum(told(table(rng, 0.0)) for _ in range(25)) <= 1
