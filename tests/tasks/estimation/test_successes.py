from itertools import product

import numpy as np
import pytest
from scipy.stats import binomtest

from heldout.core import HeldoutError
from heldout.core.seeds import words
from heldout.models.interval import student
from heldout.tasks.estimation.successes import Successes


def clopper_pearson(data: np.ndarray, key: object) -> tuple[float, float]:
    found = binomtest(int(data.sum()), len(data)).proportion_ci(0.95)
    return found.low, found.high


@pytest.mark.parametrize("statistic", [student, clopper_pearson])
def test_coverage_is_the_sum_over_all_that_can_happen(statistic: object) -> None:
    task = Successes(rate=0.8, iid=6)
    found = task.trials(statistic, task.splits[0], words(), 100)
    assert found.score.shape == (1,)
    total = 0.0
    for runs in product([0.0, 1.0], repeat=6):  # all 64 sequences of six runs
        low, high = statistic(np.array(runs), words())
        total += 0.8 ** sum(runs) * 0.2 ** (6 - sum(runs)) * (low <= 0.8 <= high)
    assert float(found.score[0]) == pytest.approx(total, abs=1e-12)


def test_the_exact_interval_covers_at_every_size() -> None:
    task = Successes(rate=0.9)
    assert all(task.trials(clopper_pearson, s, words(), 1).score[0] >= 0.95 for s in task.splits)


def test_an_interval_is_two_numbers() -> None:
    with pytest.raises(HeldoutError, match="an interval is two numbers"):
        Successes().trials(lambda data, _: (0.1, 0.2, 0.3), Successes().splits[0], words(), 1)
