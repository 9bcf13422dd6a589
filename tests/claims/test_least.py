"""The least number of units, and that the judge decides perfect data exactly there."""

import numpy as np
import pytest

from heldout.claims import judge, least, lock
from heldout.core import Budget, HeldoutError, OverSeeds, exact, mean, ordered, score
from heldout.core.values import Values


@pytest.fixture
def scores(named):
    return [score(named("t"), named(n)) for n in "abc"]


@pytest.mark.parametrize(("bound", "n"), [(0.5, 8), (0.8, 24), (0.9, 48), (0.95, None)])
def test_no_mean_is_shown_above_a_bound_before_perfect_runs_can(scores, bound, n):
    assert least({"it": mean(scores[0]) > bound}, "it", Budget(seeds=48)) == n


def test_comparisons_and_typical_runs_take_eight(scores):
    a, b, c = scores
    for claim in (a > b, a > 0.5, a < 0.5, (a > b).given(c > 0.5)):
        assert least({"it": claim}, "it", Budget(seeds=48)) == 8
        assert least({"it": claim}, "it", Budget(seeds=4)) is None
    assert least({"it": exact(a) > 0.5}, "it", Budget()) == 1


def test_more_claims_take_more(scores, named):
    a, b, c = scores
    many = {str(i): a > b for i in range(10)}
    assert least(many, "0", Budget(seeds=48)) > 8
    assert least({"it": ordered(a, b, c)}, "it", Budget(seeds=48)) >= 8
    free = score(named("free", bounds=(-np.inf, np.inf)), named("a"))
    assert least({"it": mean(free) > 0.5}, "it", Budget(seeds=48)) is None


def test_items_count_in_blocks(named):
    endpoint = score(named("t"), named("endpoint", steps=0))
    assert least({"it": endpoint > 0.5}, "it", Budget(items=1600)) == 50
    assert least({"it": endpoint > 0.95}, "it", Budget(items=1600)) == 100


def test_nothing_is_decided_where_the_budget_pays_for_no_block(named):
    first, second = (OverSeeds(named("t"), named(n), "m", len, block=4) for n in "ab")
    nothing = Values(np.empty(0, np.int64), np.empty(0), "block")
    for claim in (first > second, first > 0.5, mean(first) > 0.5, first.near(second, 0.1)):
        assert least({"it": claim}, "it", Budget(seeds=48)) != 1
        assert least({"it": claim}, "it", Budget(seeds=2)) is None
        assert judge({"it": claim}, lambda _: nothing, Budget(seeds=2))[0].verdict == "undecided"


def test_the_judge_agrees_on_perfect_data(scores):
    a, b, _ = scores
    budget = Budget(seeds=48)
    for claim, value in ((a > b, 1.0), (a > 0.5, 1.0), (a < 0.5, 0.0), (a > b + 0.2, 1.0), (mean(a) > 0.7, 1.0),
                         (mean(a).near(0.5, 0.3), 0.5), (mean(a) < 0.3, 0.0)):  # fmt: skip
        n = least({"it": claim}, "it", budget)
        data = np.full(48, value)
        if value == 1.0 and claim.components()[0].measure.bounds[0] == 0:
            data = np.full(48, 1.0)
        found = judge({"it": claim}, lambda _, data=data: Values(np.arange(48), data), budget)[0]
        assert (found.verdict, found.n) == ("supported", n)


def test_a_claim_that_is_not_there(scores):
    with pytest.raises(HeldoutError, match="no claim 'that'"):
        least({"this": scores[0] > 0.5}, "that", Budget())


def test_the_lock_knows_claims_and_caps_but_not_the_clock(scores):
    a, b, _ = scores
    claims = {"it": a > b}
    assert lock(claims, Budget()) == lock({"it": a > b}, Budget(minutes=1))
    assert lock(claims, Budget()) != lock(claims, Budget(seeds=12))
    assert lock(claims, Budget()) != lock({"it": b > a}, Budget())
    assert lock(claims, Budget()) != lock({"that": a > b}, Budget())
    assert lock(claims, Budget()) != lock({"it": a > b + 0.1}, Budget())
