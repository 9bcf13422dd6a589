import numpy as np
import pytest
from scipy.stats import expon, kstest, lognorm, norm

from heldout.core import HeldoutError
from heldout.core.seeds import words
from heldout.models.interval import student
from heldout.tasks.estimation.coverage import Coverage
from heldout.tasks.interfaces import Estimation

TASK = Coverage(sizes=(5, 4000))


@pytest.mark.parametrize(
    ("law", "wanted"), [("normal", norm()), ("exponential", expon()), ("log-normal", lognorm(1.0))]
)
def test_data_come_from_the_law_that_the_split_names(law: str, wanted: object) -> None:
    split = next(s for s in TASK.splits if s.name == f"{law}-4000")
    data = TASK.observe(split, words("law"))
    assert data.shape == (4000,)
    assert kstest(data, wanted.cdf).pvalue > 0.001
    assert TASK.truth(split, words()) == pytest.approx(wanted.mean())


def test_a_t_interval_of_normal_data_covers_as_it_says() -> None:
    split = next(s for s in TASK.splits if s.name == "normal-5")
    found = TASK.trials(student, split, words("t"), 4000)
    assert abs(found.score.mean() - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 4000)
    low, high = map(float, found.facts["answer"][0].split(" to "))
    assert found.score[0] == (low <= 0 <= high)


def test_the_statistic_sees_equal_data_whoever_it_is() -> None:
    seen: list[list[float]] = [[], []]
    for mine in seen:
        TASK.trials(lambda data, _, mine=mine: mine.extend(data) or (0, 1), TASK.splits[0], words("data"), 3)
    assert seen[0] == seen[1]
    assert len(set(seen[0])) == 30


def test_the_whole_line_holds_everything_and_a_point_is_refused() -> None:
    assert isinstance(TASK, Estimation)
    assert TASK.trials(TASK.oracle(), TASK.splits[0], words(), 20).score.min() == 1.0
    with pytest.raises(HeldoutError, match="an interval is two numbers"):
        TASK.trials(lambda data, _: data.mean(), TASK.splits[0], words(), 1)
