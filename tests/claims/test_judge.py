"""Every form of claim to every verdict, on scores whose truth is known."""

import numpy as np
import pytest

from heldout.claims import judge
from heldout.core import (
    Budget,
    HeldoutError,
    Study,
    all_of,
    at_least,
    exact,
    log,
    mean,
    ordered,
    score,
    steps_to,
    trend,
)
from heldout.core.claim import Claim
from heldout.core.expression import rank_correlation, wins
from heldout.core.measure import OverSeeds
from heldout.core.values import Values

N = 48


@pytest.fixture
def table():
    g = np.random.default_rng(1)
    rows = {"good": 0.9, "fair": 0.7, "poor": 0.3, "twin": 0.7}
    return {name: level + g.uniform(-0.05, 0.05, N) for name, level in rows.items()}


@pytest.fixture
def scores(named):
    task = named("t")
    return [score(task, named(name)) for name in ("good", "fair", "poor", "twin")]


def one(claim: Claim, evaluate, **budget):
    return judge({"it": claim}, evaluate, Budget(**({"seeds": N} | budget)))[0]


def test_comparisons_end_supported_refuted_or_undecided(table, scores, reading):
    good, fair, poor, twin = scores
    for claim, word in ((good > fair, "supported"), (poor > fair, "refuted"), (poor < fair, "supported"),
                        (twin > fair, "undecided")):  # fmt: skip
        found = one(claim, reading(table))
        assert found.verdict == word
        assert "sign-flip" in found.method
        assert "exchangeable" in found.assumption
        assert found.claim == "it"
        assert found.statement == claim.text
    assert "budget of 48 seeds is spent" in one(twin > fair, reading(table)).reason


def test_a_clear_comparison_takes_eight_seeds_and_keeps_its_trail(table, scores, reading):
    found = one(scores[0] > scores[1], reading(table))
    assert found.n == 8
    assert [look.n for look in found.looks] == [4, 6, 8]
    assert found.low >= 0 and found.estimate == pytest.approx((table["good"] - table["fair"])[:8].mean())  # noqa: PT018


def test_a_threshold_is_about_the_typical_run(table, scores, reading):
    table["good"][::7] = 0.0  # a run in seven fails: the median does not mind
    found = one(scores[0] > 0.8, reading(table))
    assert found.verdict == "supported"
    assert "median" in found.method
    assert found.low > 0.8
    assert one(scores[0] < 0.8, reading(table)).verdict == "refuted"
    assert one(mean(scores[0]) > 0.8, reading(table)).verdict == "undecided"


def test_a_mean_of_zeros_and_ones_is_a_proportion_and_else_a_bet(table, scores, reading):
    solved = {"good": np.ones(N)}
    found = one(mean(scores[0]) > 0.5, reading(solved))
    assert (found.verdict, found.n) == ("supported", 8)
    assert "binomial" in found.method
    found = one(mean(scores[0]) > 0.5, reading(table))
    assert (found.verdict, "betting" in found.method) == ("supported", True)
    assert one(mean(scores[2]) > 0.9, reading(table)).verdict == "refuted"


def test_a_margin_on_bounded_scores_is_a_bet_whatever_their_shape(table, scores, reading):
    good, fair, poor, _ = scores
    assert one(good > poor + 0.1, reading(table)).verdict == "supported"
    assert one(good > fair + 0.9, reading(table)).verdict == "refuted"
    found = one(good > fair + 0.19, reading(table))
    assert found.verdict == "undecided"
    assert found.bound == pytest.approx(0.19)


def test_unbounded_scores(table, named, reading):
    task = named("free", bounds=(-np.inf, np.inf))
    good, fair, poor, _ = (score(task, named(n)) for n in ("good", "fair", "poor", "twin"))
    found = one(good > fair, reading(table))
    assert (found.verdict, found.n) == ("supported", 8)
    assert 0.1 < found.low < found.estimate < found.high < 0.3
    assert "shifts every seed alike" in found.assumption
    assert one(good > fair + 0.1, reading(table)).verdict == "supported"
    assert one(good.near(fair, 0.5), reading(table)).verdict == "supported"
    assert one(good.near(poor, 0.1), reading(table)).verdict == "refuted"
    found = one(mean(good) > 0.5, reading(table))
    assert found.verdict == "undecided"
    assert "no method is valid" in found.reason
    assert one(good > 0.5, reading(table)).verdict == "supported"  # of the typical run all is well


def test_nearness(table, scores, reading):
    good, fair, _, twin = scores
    assert one(good.near(0.9, 0.1), reading(table)).verdict == "supported"  # the typical run
    assert one(good.near(0.5, 0.1), reading(table)).verdict == "refuted"
    assert one(twin.near(fair, 0.3), reading(table)).verdict == "supported"
    assert one(twin.near(fair, 0.001), reading(table)).verdict == "undecided"
    assert one(mean(good).near(0.2, 0.1), reading(table)).verdict == "refuted"


def test_orders_are_chains_of_neighbours(table, scores, reading):
    good, fair, poor, twin = scores
    found = one(ordered(good, fair, poor), reading(table))
    assert found.verdict == "supported"
    assert [p.alpha for p in found.parts] == [0.025, 0.025]
    assert [p.claim for p in found.parts] == ["1", "2"]
    assert one(ordered(poor, fair, good), reading(table)).verdict == "refuted"
    found = one(ordered(good, fair, twin), reading(table))
    assert found.verdict == "undecided"
    assert "1 of 2 parts open" in found.reason


def test_all_and_at_least(table, scores, reading):
    good, fair, poor, twin = scores
    true, false, vague = good > fair, poor > fair, twin > fair
    assert one(all_of(true, false, vague), reading(table)).verdict == "refuted"
    assert one(all_of(true, vague), reading(table)).verdict == "undecided"
    assert one(at_least(1, true, vague), reading(table)).verdict == "supported"
    assert one(at_least(2, true, vague, false), reading(table)).verdict == "undecided"
    assert one(at_least(2, true, false, poor > good), reading(table)).verdict == "refuted"


def test_conditions_void_their_claim_and_are_not_counted(table, scores, reading):
    good, fair, poor, twin = scores
    held = one((good > fair).given(fair > 0.5), reading(table))
    assert (held.verdict, held.alpha) == ("supported", 0.05)
    assert held.parts[-1].claim == "given"
    void = one((good > poor).given(poor > 0.5), reading(table))
    assert void.verdict == "void"
    assert "does not hold" in void.reason
    doubtful = one((good > fair).given(twin > fair), reading(table))
    assert doubtful.verdict == "undecided"
    assert "condition is open" in doubtful.reason
    inside = (good > poor).given(poor > 0.5)
    assert one(all_of(inside, good > fair), reading(table)).verdict == "void"
    assert one(all_of(inside, poor > fair), reading(table)).verdict == "refuted"
    assert one(at_least(1, inside, good > fair), reading(table)).verdict == "supported"


def test_correlations_trends_and_wins(table, scores, reading):
    good, fair, poor, twin = scores
    found = one(trend([poor, fair, good], [1, 2, 3]) > 0, reading(table))
    assert found.verdict == "supported"
    assert "of these 3 only" in found.assumption
    assert one(rank_correlation([poor, fair, good], [3, 2, 1]) > 0, reading(table)).verdict == "refuted"
    found = one(wins([(good, fair), (fair, poor)]) > 0.5, reading(table))
    assert (found.verdict, found.n) == ("supported", 8)
    assert "sign-flip" in found.method
    assert one(wins([(twin, fair), (fair, twin)]) > 0.5, reading(table)).verdict == "undecided"


def test_exact_claims_need_one_evaluation_and_no_level(scores, reading):
    value = {"good": [0.5]}
    claims = {
        "closed": exact(scores[0]) > 0.4,
        "equal": exact(scores[0]) > 0.5,
        "near": exact(scores[0]).near(0.5, 0.1),
    }
    found = judge(claims, reading(value), Budget())
    assert [v.verdict for v in found] == ["supported", "refuted", "supported"]
    assert {(v.n, v.low, v.high) for v in found} == {(1, 0.5, 0.5)}


def test_ratios_by_logarithm(table, named, reading):
    task = named("positive", bounds=(0.1, 2.0))
    good, poor = score(task, named("good")), score(task, named("poor"))
    assert one(log(good) - log(poor) > 0, reading(table)).verdict == "supported"


@pytest.mark.parametrize(("late", "word"), [(False, "supported"), (True, "undecided")])
def test_censored_times_are_read_as_hurts_the_claim_most(named, late, word):
    fast, slow = (steps_to(named("t"), named(n), "iid", 0.9) for n in ("fast", "slow"))
    times = {"fast": np.full(16, 100.0) + np.arange(16), "slow": np.full(16, 500.0) - np.arange(16)}
    times["fast"][:4] = 450.0 if late else 100.0

    def evaluate(measure):
        data = times["fast"] - times["slow"] if len(list(measure.leaves())) == 2 else times[measure.learner.name]
        censored = np.zeros(16, bool)
        censored[:4] = late
        return Values(np.arange(16), data, censored=censored)

    assert one(fast < slow, evaluate, seeds=16).verdict == word


def test_a_censored_run_counts_against_a_bound_that_it_may_miss(named):
    fast = steps_to(named("t"), named("fast"), "iid", 0.9)
    censored = np.arange(16) % 2 == 0
    evaluate = lambda _: Values(np.arange(16), np.full(16, 100.0), censored=censored)  # noqa: E731
    assert one(fast < 200, evaluate, seeds=16).verdict == "undecided"  # half of them may take for ever
    evaluate = lambda _: Values(np.arange(16), np.full(16, 300.0), censored=censored)  # noqa: E731
    found = one(fast < 200, evaluate, seeds=16)
    assert found.verdict == "refuted"  # longer still would not help
    assert np.isinf(found.high)


@pytest.mark.parametrize(("mark", "word"), [(1, "supported"), (2, "undecided"), (3, "undecided")])
def test_a_difference_that_can_only_grow_is_decided_for_all_its_censoring(named, mark, word):
    slow, fast = (steps_to(named("t"), named(n), "iid", 0.9) for n in ("slow", "fast"))
    evaluate = lambda _: Values(np.arange(16), 100.0 + np.arange(16), censored=np.full(16, mark, np.uint8))  # noqa: E731
    assert one(slow > fast, evaluate, seeds=16).verdict == word


def test_items_are_units_of_means_at_looks_of_blocks(named, reading):
    task, endpoint = named("t"), named("endpoint", steps=0)
    answers = {"endpoint": (np.random.default_rng(3).random(400) < 0.8).astype(float)}
    found = one(score(task, endpoint) > 0.5, reading(answers, unit="item"), items=400)
    assert (found.verdict, found.n, found.unit) == ("supported", 50, "item")
    assert "binomial" in found.method


def test_blocks_of_seeds_have_fewer_looks(named, reading):
    churn = OverSeeds(named("t"), named("good"), "churn", len, "iid", block=4)
    found = one(churn < 0.5, reading({"good": np.full(12, 0.1)}, unit="block"))
    assert (found.verdict, found.n, found.unit) == ("supported", 8, "block")
    found = one(churn < 0.5, reading({"good": np.full(1, 0.1)}, unit="block"), seeds=3)
    assert "does not pay for one block" in found.reason


def test_holm_hands_the_level_on_and_the_interval_stays_at_95_percent(table, scores, reading):
    good, fair, poor, twin = scores
    claims = {"a": good > fair, "b": fair > poor, "c": twin > fair}
    a, b, c = judge(claims, reading(table), Budget(seeds=N))
    assert (a.alpha, b.alpha) == (pytest.approx(0.05 / 3),) * 2
    assert c.alpha == 0.05
    alone = one(good > fair, reading(table))
    assert alone.n < a.n  # sharing costs runs
    assert alone.looks == a.looks[: len(alone.looks)]  # and leaves the intervals as they are


def test_verdicts_do_not_change_as_units_are_added(table, scores, reading):
    good, fair, poor, twin = scores
    claims = {"a": good > fair, "b": (fair > 0.65).given(fair > 0.5), "c": ordered(good, fair, poor), "d": twin > fair}
    before = judge(claims, reading(table, 4), Budget(seeds=N))
    for n in (8, 12, 13, 24, 48):
        now = judge(claims, reading(table, n), Budget(seeds=N))
        for old, new in zip(before, now, strict=True):
            assert not old.decided or old.verdict == new.verdict
        before = now


def test_verdict_and_interval_agree_when_one_claim_is_open(named, reading):
    g, task = np.random.default_rng(5), named("t")
    pair = score(task, named("x")), score(task, named("y"))
    for _ in range(30):
        p, q = g.random(2)
        rows = {"x": (g.random(24) < p).astype(float), "y": (g.random(24) < q).astype(float)}
        for claim in (pair[0] > pair[1], pair[0] > pair[1] + 0.2, mean(pair[0]) > 0.5, pair[0] > 0.5):
            found = one(claim, reading(rows), seeds=24)
            if found.verdict == "supported":
                assert found.low >= found.bound
            elif found.verdict == "refuted":
                assert found.high <= found.bound
            else:
                assert found.low <= found.bound <= found.high


def test_too_few_units_say_how_many_it_takes(table, scores, reading):
    good, fair, _, _ = scores
    found = one(good > fair, reading(table, 3))
    assert found.verdict == "undecided"
    assert "3 seeds so far, and it takes at least 8" in found.reason
    assert "no seed has been measured" in one(good > fair, reading(table, 0)).reason
    assert "4 seeds cannot show it" in one(good > fair, reading(table, 4), seeds=4).reason


def test_failed_units_leave_a_claim_undecided(table, scores, reading):
    found = one(scores[0] > scores[1], reading(table, failed=2))
    assert found.verdict == "undecided"
    assert "2 seeds failed" in found.reason


def test_data_that_never_differ(scores, reading):
    same = {"good": np.full(N, 0.5), "fair": np.full(N, 0.5)}
    found = one(scores[0] > scores[1], reading(same))
    assert found.verdict == "undecided"
    assert "exactly on the bound" in found.reason


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (Values(np.arange(8), np.full(8, np.nan)), "nan at seed 0"),
        (Values(np.arange(8), np.full(8, np.inf)), "inf at seed 0"),
        (Values(np.arange(8), np.full(8, 1.5)), "outside its bounds 0 to 1"),
        (Values(np.arange(7), np.full(8, 0.5)), "do not match"),
        (Values(np.array([0, 2, 1, 3]), np.full(4, 0.5)), "must ascend"),
        (Values(np.arange(4), np.full(4, 0.5), censored=np.zeros(3, bool)), "marks of censoring"),
    ],
)
def test_values_that_no_measure_can_have_are_an_error(scores, values, message):
    with pytest.raises(HeldoutError, match=message):
        one(scores[0] > 0.5, lambda _: values)


def test_an_alpha_that_is_none(scores, reading, table):
    with pytest.raises(HeldoutError, match="alpha"):
        judge({"a": scores[0] > 0.5}, reading(table), Budget(), alpha=1.5)


def test_a_study_is_judged_by_its_name_and_order(table, scores, reading):
    claims = {"second": scores[0] > 0.5, "first": scores[1] > 0.5}
    assert [v.claim for v in judge(claims, reading(table), Budget())] == ["second", "first"]
    assert judge({}, reading(table), Budget()) == ()
    assert Study.__name__ == "Study"


def test_the_error_over_several_claims_keeps_its_level(named, reading):
    g, task, wrong, sims = np.random.default_rng(7), named("free", bounds=(-np.inf, np.inf)), 0, 120
    pairs = [(score(task, named(f"a{i}")), score(task, named(f"b{i}"))) for i in range(4)]
    claims = {str(i): a > b for i, (a, b) in enumerate(pairs)}
    for _ in range(sims):
        rows = {f"{side}{i}": g.standard_normal(24) + 3 * (i == 3 and side == "a") for i in range(4) for side in "ab"}
        found = judge(claims, reading(rows), Budget(seeds=24))
        assert found[3].verdict == "supported"
        wrong += any(v.decided for v in found[:3])
    assert wrong / sims <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / sims)


def test_a_verdict_on_zeros_and_ones_outlives_the_first_value_between_them(scores, reading):
    solved = {"good": np.array([1.0] * 10 + [0.7] * 38)}
    early = one(mean(scores[0]) > 0.5, reading(solved, 8))
    late = one(mean(scores[0]) > 0.5, reading(solved))
    assert (early.verdict, early.n) == (late.verdict, late.n) == ("supported", 8)
    assert early.looks == late.looks
    assert one(mean(scores[0]) > 0.68, reading(solved)).n > 8


def test_a_decided_comparison_also_says_what_holds_of_a_shift(table, scores, reading):
    good, fair, _, twin = scores
    found = one(good > fair, reading(table))
    assert found.shift is not None
    low, high = found.shift
    assert found.low <= low < found.estimate < high <= found.high
    assert low > 0
    assert high - low < 0.2
    assert one(twin > fair, reading(table)).shift is None
    assert one(good > 0.5, reading(table)).shift is None


def test_words_without_intervals_are_the_words_with_them(table, scores, named, reading):
    good, fair, poor, twin = scores
    free = named("free", bounds=(-np.inf, np.inf))
    table["coin"] = (np.arange(N) % 3 > 0).astype(float)
    claims = {
        "pair": good > fair,
        "twins": twin > fair,
        "margin": good > poor + 0.1,
        "free": score(free, named("good")) > score(free, named("poor")),
        "typical": good > 0.8,
        "mean": mean(good) > 0.5,
        "share": mean(score(named("t"), named("coin"))) > 0.5,
        "near": twin.near(fair, 0.05),
        "order": ordered(good, fair, poor),
        "all": all_of(good > fair, poor > fair),
        "given": (good > fair).given(poor > 0.5),
        "closed": exact(good) > 0.5,
    }
    whole = judge(claims, reading(table), Budget(seeds=N))
    bare = judge(claims, reading(table), Budget(seeds=N), intervals=False)
    assert [(v.verdict, v.n, v.estimate) for v in bare] == [(v.verdict, v.n, v.estimate) for v in whole]
    assert {v.verdict for v in whole} == {"supported", "refuted", "undecided", "void"}
    assert np.isnan(bare[0].low)
    assert whole[0].low == 0
