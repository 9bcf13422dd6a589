"""What a claim takes on average, against fixed-sample power and the tabulated simulations."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from heldout.claims import expected
from heldout.core import Budget, HeldoutError, all_of, at_least, exact, mean, score
from heldout.stats import power


@pytest.fixture
def scores(named):
    return [score(named("t"), named(n)) for n in "abc"]


@pytest.fixture
def items(named):
    return [score(named("t"), named(n, steps=0)) for n in "ab"]


def near(share, truth):
    return abs(share - truth) < 4 * math.sqrt(truth * (1 - truth) / 400)


def test_with_one_look_it_is_the_power_of_the_fixed_sample(items):
    a, b = items
    found = expected({"it": a > b}, Budget(items=50), 0.4)["it"]
    assert found.units == 50
    assert near(found.power, power.paired_t(0.4, 50))
    found = expected({"it": a > 0.5}, Budget(items=50), 0.3)["it"]
    assert near(found.power, power.proportion(0.65, 0.5, 50))


def test_a_comparison_takes_what_the_operating_characteristics_say(scores):
    """Normal differences of one standard deviation, cap 64: 13.1 runs on average, all decided."""
    a, b, _ = scores
    found = expected({"it": a > b}, Budget(seeds=64), 1.0)["it"]
    assert found.units == pytest.approx(13.1, abs=1.0)
    assert found.power > 0.98
    assert expected({"it": a < b}, Budget(seeds=64), 1.0)["it"] == found


def test_a_typical_run_is_counted_by_its_signs(scores):
    found = expected({"it": scores[0] > 0.9}, Budget(seeds=4), 1.0)["it"]
    assert found.power == 0.0
    found = expected({"it": scores[0] > 0.9}, Budget(seeds=64), 1.0)["it"]
    assert 8 < found.units < 30
    rate = float(norm.cdf(1.0))
    assert found.power > power.sign_test(rate, 24)


def test_parts_take_as_long_as_the_last_that_is_needed(scores):
    a, b, c = scores
    one, two = a > b, b > c
    budget = Budget(seeds=48)
    every = {"all": all_of(one, two), "any": at_least(1, one, two), "given": one.given(two)}
    found = expected(every, budget, 0.8)
    assert found["all"].units > found["given"].units > found["any"].units
    assert found["all"].power < found["any"].power


def test_more_claims_take_more_and_larger_effects_less(scores):
    a, b, _ = scores
    alone = expected({"it": a > b}, Budget(seeds=48), 1.0)["it"].units
    many = expected({str(i): a > b for i in range(8)}, Budget(seeds=48), 1.0)["0"].units
    large = expected({"it": a > b}, Budget(seeds=48), 3.0)["it"].units
    assert large < alone < many


def test_what_an_effect_does_not_tell_is_left_open(scores):
    a, b, _ = scores
    claims = {"near": a.near(b, 0.1), "margin": a > b + 0.1, "mean": mean(a - b) > 0, "exact": exact(a) > 0.5}
    found = expected(claims, Budget(), 1.0)
    assert [found[k] is None for k in claims] == [True, True, True, False]
    assert found["exact"].units == 1


@pytest.mark.parametrize("effect", [0.0, -1.0, np.nan, np.inf])
def test_effects_that_make_no_sense_are_refused(scores, effect):
    with pytest.raises(HeldoutError, match="standard deviations"):
        expected({"it": scores[0] > 0.5}, Budget(), effect)
