"""Censored, huge and far values: what is not known decides nothing."""

import numpy as np
import pytest

from heldout.claims import judge
from heldout.core import Budget, HeldoutError, all_of, score, steps_to
from heldout.core.measure import OverSeeds
from heldout.core.values import Values
from heldout.stats import groupsequential, relabelling, signflip
from heldout.stats.looks import schedule


def test_two_learners_that_never_arrive_are_not_equally_fast(named):
    a, b = (steps_to(named("t"), named(n), "iid", 0.9) for n in "ab")
    never = Values(np.arange(16), np.zeros(16), censored=np.full(16, 3, np.uint8))
    found = judge({"near": a.near(b, 500), "below": a < b + 500}, lambda _: never, Budget(seeds=16))
    assert [v.verdict for v in found] == ["undecided", "undecided"]


def test_huge_values_decide_nothing(named, reading):
    t = named("t", bounds=(-np.inf, np.inf))
    rows = {"a": np.array([1e39, -1e39] + [0.0] * 14), "b": np.arange(16.0)}
    assert judge({"x": score(t, named("a")) > score(t, named("b"))}, reading(rows), Budget(seeds=16))[0].n == 16


def test_the_interval_does_not_narrow_far_from_zero():
    d, looks = np.random.default_rng(0).standard_normal(24), schedule(24)
    near, far = (groupsequential.limits(signflip.orbit(d + o, looks), 0.05)[0, -1] - o for o in (0.0, 1e6))
    assert np.allclose(near, far, atol=1e-4)


def test_no_claims_are_no_claim():
    with pytest.raises(HeldoutError, match="at least one"):
        all_of()


@pytest.mark.parametrize("size", [1.0, 1e-44, 1e42])
def test_the_unpaired_interval_does_not_narrow_far_from_zero_nor_with_its_unit(size):
    one, two = np.random.default_rng(1).standard_normal((2, 12))
    looks = [(4, 4), (8, 8), (12, 12)]
    near, far = (
        groupsequential.limits(relabelling.orbit((one + o) * size, two * size, looks), 0.05)[0, -1] / size - o
        for o in (0.0, 1e6)
    )
    assert np.allclose(near, far, atol=1e-4)


def test_a_function_of_answers_that_is_not_defined_leaves_its_own_claim_open(named):
    t, a = named("t"), named("a")
    heaps = OverSeeds(t, a, "heaps", lambda _: 0.5, block=4)

    def read(measure):
        blocks = Values(np.arange(12), np.array([np.nan, *[0.9] * 11]), "block")
        return blocks if measure == heaps else Values(np.arange(12), np.full(12, 0.9))

    found = judge({"heaps": heaps > 0.5, "score": score(t, a) > 0.5}, read, Budget(seeds=48))
    assert [v.verdict for v in found] == ["undecided", "supported"]
    assert "not defined for 1 of 12 blocks, first for 0" in found[0].reason
