import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from heldout.core.seeds import words
from heldout.tasks.estimation.categorical import Categories, auc, table
from heldout.tasks.interfaces import Estimation

TASK, KEY = Categories(), words("categories")


def test_the_auc_is_scikit_learns_with_ties_and_one_half_where_it_has_none() -> None:
    rng = np.random.default_rng(0)
    wanted, given = rng.integers(0, 2, 60), rng.integers(0, 9, 60).astype(float)
    assert auc(wanted, given) == pytest.approx(roc_auc_score(wanted, given))
    assert auc(np.ones(5), given[:5]) == 0.5


def test_columns_have_the_categories_of_the_split_and_both_targets_occur() -> None:
    assert isinstance(TASK, Estimation)
    sizes = {
        s.name: np.mean([[len(np.unique(c)) for c in TASK.observe(s, KEY.split(i)).codes.T] for i in range(40)])
        for s in TASK.splits
    }
    assert sizes["3-categories"] == pytest.approx(3, abs=0.05)
    assert 40 < sizes["100-categories"] <= 100
    assert sizes["3-categories"] < sizes["iid"] < sizes["100-categories"]
    assert 0.35 < np.mean([TASK.truth(TASK.splits[0], KEY.split(i)).mean() for i in range(100)]) < 0.65


def test_knowing_the_targets_is_worth_one_and_a_constant_one_half() -> None:
    split = TASK.splits[0]
    assert TASK.trials(lambda rows, _: np.zeros(len(rows.asked)), split, KEY, 5).score.tolist() == [0.5] * 5
    wanted = iter([TASK.truth(split, KEY.split(i)) for i in range(5)])
    assert TASK.trials(lambda _rows, _key: next(wanted), split, KEY, 5).score.tolist() == [1.0] * 5


def test_a_category_says_something_about_its_target() -> None:
    rows = table(3, KEY, n=20_000, asked=1).rows
    rates = [rows.targets[(rows.codes[:, :2] == [a, b]).all(axis=1)].mean() for a in range(3) for b in range(3)]
    assert np.ptp(rates) > 0.2
