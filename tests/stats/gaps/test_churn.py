from itertools import combinations

import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.measures.churn import disagreement
from heldout.stats.gaps import churn as c

ANSWERS = np.random.default_rng(1).integers(0, 3, (6, 40))


def test_pairs_are_those_that_claims_are_about():
    mappings = [dict(enumerate(map(str, row))) for row in ANSWERS]
    pairs = [disagreement([mappings[i], mappings[i + 1]]) for i in (0, 2, 4)]
    assert c.pair_churns(ANSWERS) == pytest.approx(pairs)
    assert c.interval(ANSWERS).estimate == pytest.approx(np.mean(pairs))
    assert c.churn(ANSWERS) == pytest.approx(np.mean([disagreement(list(p)) for p in combinations(mappings, 2)]))


def test_it_lies_between_difference_and_sum_of_errors():
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 4, 500)
    made = [np.where(rng.random(500) < e, rng.integers(0, 4, 500), truth) for e in (0.1, 0.3)]
    errors = [(m != truth).mean() for m in made]
    assert abs(errors[0] - errors[1]) <= c.churn(made) <= sum(errors)


def test_prediction_difference_of_certain_answers_is_twice_churn():
    certain = np.eye(3)[ANSWERS]
    assert c.prediction_difference(certain) / 2 == pytest.approx(c.churn(ANSWERS))
    assert c.prediction_difference([[0.2, 0.9], [0.3, 0.5]]) == pytest.approx((0.1 + 0.4) / 2)


def test_one_replica_has_nothing_to_differ_from():
    with pytest.raises(HeldoutError, match="at least 2 replicas"):
        c.churn(ANSWERS[:1])
    with pytest.raises(HeldoutError, match="at least 4 replicas"):
        c.interval(ANSWERS[:3])
    with pytest.raises(HeldoutError, match="two replicas"):
        c.prediction_difference([[0.1, 0.2]])
