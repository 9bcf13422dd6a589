import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.responses import counts, responses


def test_counts_are_successes_minus_failures():
    data = counts([[4, 1], [0, 2]], [[3, 1], [0, 0]])
    assert data.signed.tolist() == [[2, 0], [1, -2]]
    assert data.tried.tolist() == [[4, 0], [1, 2]]
    assert np.isnan(data.means()[0, 1])
    assert data.means()[0, 0] == 0.75


def test_complete_single_outcomes_need_no_trials():
    data = responses([[1, 0], [0, 1]])
    assert data.trials is None
    assert data.successes.tolist() == [[1, 0], [0, 1]]


def test_missing_cells_weigh_nothing():
    data = responses([[1, np.nan], [0, 1]])
    assert data.tried.tolist() == [[1, 1], [0, 1]]


def test_large_tables_are_in_single_precision_and_small_ones_are_not():
    assert responses(np.ones((2, 200_000))).signed.dtype == np.float32
    assert responses(np.ones((2, 2))).signed.dtype == np.float64


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: counts([[3]], [[4]]), "4 successes in 3 trials"),
        (lambda: counts([[3]], [[-1]]), "-1 successes"),
        (lambda: counts([[-3]], [[0]]), "in -3 trials"),
        (lambda: counts([[3, 2]], [[1]]), "must match"),
        (lambda: responses([[2.0]]), "an outcome is 2"),
        (lambda: responses([[-0.5]]), "an outcome is -0.5"),
        (lambda: responses([[np.nan]]), "every cell is missing"),
        (lambda: responses([1.0]), "systems x items"),
        (lambda: responses([[1.0]], [[1, 2]]), "a number for each outcome"),
        (lambda: responses([[1.0]], [[-1]]), "no fewer than none"),
    ],
)
def test_what_cannot_be_is_one_line(make, said):
    with pytest.raises(HeldoutError, match=said) as caught:
        make()
    assert "\n" not in str(caught.value)
