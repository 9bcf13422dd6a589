import numpy as np
import pytest
from scipy.special import expit

from heldout.core import HeldoutError
from heldout.results.rating import Options, rate, refuse
from heldout.results.table import Battles
from heldout.stats.ratings.outcomes import probabilities

TRUTH = np.array([1.2, 0.4, 0.0, -0.4, -1.2])


def fought(strength=TRUTH, number=3_000, seed=0, tie=-0.5, order=0.0) -> Battles:
    rng, n = np.random.default_rng(seed), len(strength)
    first = rng.integers(0, n, number)
    second = (first + rng.integers(1, n, number)) % n
    p = probabilities("davidson", strength[first] - strength[second] + order, tie)
    u = rng.random(number)
    outcome = np.where(u < p[0], 1.0, np.where(u < p[0] + p[1], 0.5, 0.0))
    names = tuple("ABCDE"[:n])
    return Battles(names, first, second, outcome, voter=rng.integers(0, 200, number))


def listed(rows: list[tuple[int, int, float]]) -> Battles:
    first, second, outcome = (np.array(x) for x in zip(*rows, strict=True))
    n = int(max(first.max(), second.max())) + 1
    return Battles(tuple("ABCDEF"[:n]), first, second, outcome.astype(float))


def test_known_strengths_come_back_within_their_intervals() -> None:
    found = rate(fought())
    assert [r.system for r in found.systems] == list("ABCDE")
    for row, truth in zip(found.systems, TRUTH, strict=True):
        assert row.strength.low < truth < row.strength.high
        assert row.points.estimate == pytest.approx(1000 + 400 / np.log(10) * row.strength.estimate)
        assert row.rank[0] <= "ABCDE".index(row.system) + 1 <= row.rank[1]
    assert abs(np.mean([r.strength.estimate for r in found.systems])) < 1e-9
    assert found.even == pytest.approx(np.exp(-0.5) / (2 + np.exp(-0.5)), abs=0.03)
    assert sum(r.battles for r in found.systems) == 6_000
    assert (found.cluster, found.clusters) == ("voter", 200)


def test_pairs_have_the_probability_that_their_strengths_say() -> None:
    found = rate(fought())
    assert len(found.pairs) == 10
    pair = next(p for p in found.pairs if (p.a, p.b) == ("A", "E"))
    assert pair.probability.estimate == pytest.approx(expit(pair.difference.estimate))
    assert pair.probability.low < expit(2.4) < pair.probability.high
    assert (pair.verdict, pair.more) == ("a better", None)


def test_what_decides_every_pair_decides_the_ranks() -> None:
    found = rate(fought())
    for row in found.systems:
        above = sum(p.verdict == "a better" and p.b == row.system for p in found.pairs)
        below = sum(p.verdict == "a better" and p.a == row.system for p in found.pairs)
        assert row.rank == (1 + above, 5 - below)


def test_more_battles_than_are_told_settle_an_open_pair() -> None:
    few = fought(np.array([0.3, -0.3]), 40, seed=3)
    (pair,) = rate(few, Options(cluster="none")).pairs
    assert pair.verdict == "undecided"
    assert pair.more is not None
    decided = 0
    for seed in range(40):
        gap = np.array([0.5, -0.5]) * pair.difference.estimate
        one = fought(gap, 40 + pair.more, seed=seed)
        decided += rate(one, Options(cluster="none")).pairs[0].verdict != "undecided"
    assert decided > 0.6 * 40


def test_an_advantage_of_the_first_is_told_and_taken_out() -> None:
    found = rate(fought(order=0.5))
    assert found.order is not None
    assert found.order.effect.low < 0.5 < found.order.effect.high
    assert found.order.effect.low > 0
    assert rate(fought(order=0.5), Options(order=False)).order is None


def test_pairs_met_one_way_round_say_nothing_of_order() -> None:
    one_way = fought()
    keep = one_way.first < one_way.second
    found = rate(Battles(one_way.systems, one_way.first[keep], one_way.second[keep], one_way.outcome[keep]))
    assert found.order is None
    assert any("take every battle as independent" in w for w in found.warnings)


def test_who_wins_everything_is_placed_but_not_measured() -> None:
    found = rate(listed([(0, 1, 1), (0, 2, 1), (1, 2, 1), (2, 1, 1), (0, 1, 1)] * 5))
    assert found.systems[0].system == "A"
    assert found.prior == 0.5
    assert found.components == (("B", "C"), ("A",))
    assert any(w.startswith("A won every battle: above those met") for w in found.warnings)
    lost = rate(listed([(1, 0, 1), (1, 2, 1), (2, 1, 1)] * 5))
    assert any(w.startswith("A lost every battle: below those met") for w in lost.warnings)


def test_groups_that_never_met_are_not_compared() -> None:
    found = rate(listed([(0, 1, 1), (1, 0, 1), (0, 1, 1), (2, 3, 1), (3, 2, 1), (3, 4, 1), (4, 3, 1)] * 8))
    assert found.groups == (("C", "D", "E"), ("A", "B"))
    across = [p for p in found.pairs if (p.a in "AB") != (p.b in "AB")]
    assert len(across) == 6
    assert all(np.isnan(p.p_adjusted) and p.verdict == "undecided" and p.more is None for p in across)
    assert any("no battle links these groups: C, D, E; A, B" in w for w in found.warnings)


def test_groups_linked_one_way_are_named() -> None:
    found = rate(listed([(0, 1, 1), (1, 0, 1), (2, 3, 1), (3, 2, 1), (0, 2, 1)] * 8))
    assert any("one way only" in w for w in found.warnings)
    assert found.prior == 0.5


def test_few_voters_and_one_who_votes_most() -> None:
    few, many = fought(), fought()
    few = Battles(few.systems, few.first, few.second, few.outcome, voter=np.arange(3_000) % 7)
    assert any(w.startswith("only 7 voters") for w in rate(few).warnings)
    votes = np.where(np.arange(3_000) < 1_500, 0, np.arange(3_000) % 200)
    many = Battles(many.systems, many.first, many.second, many.outcome, voter=votes)
    assert any("one voter cast 50%" in w for w in rate(many).warnings)


def test_prompts_that_move_together_are_told() -> None:
    base, rng = fought(number=2_000), np.random.default_rng(0)
    prompt = rng.integers(0, 10, 2_000)
    lean = rng.normal(0, 1.5, (10, 5))
    gap = TRUTH[base.first] - TRUTH[base.second] + lean[prompt, base.first] - lean[prompt, base.second]
    outcome = (rng.random(2_000) < expit(gap)).astype(float)
    found = rate(Battles(base.systems, base.first, base.second, outcome, voter=base.voter, prompt=prompt))
    assert any("votes on one prompt go together" in w for w in found.warnings)
    assert rate(Battles(base.systems, base.first, base.second, outcome, prompt=prompt)).cluster == "prompt"


def test_only_ties_tell_nothing() -> None:
    with pytest.raises(HeldoutError, match="all 3 battles are ties"):
        rate(listed([(0, 1, 0.5)] * 3))


def test_a_winners_column_of_nothing_but_first_is_rated_without_order() -> None:
    found = rate(listed([(0, 1, 1), (1, 2, 1), (2, 0, 1), (1, 0, 1)] * 10))
    assert found.order is None
    assert found.ties == 0


@pytest.mark.parametrize("seed", range(3))
def test_equal_systems_are_told_apart_in_few_tables(seed) -> None:
    wrong = sum(
        any(p.verdict != "undecided" for p in rate(fought(np.zeros(5), 300, seed=40 * seed + s)).pairs)
        for s in range(40)
    )
    assert wrong <= 7  # of 40 at 0.05, more than seven happen once in ten thousand


def test_what_is_asked_of_scores_is_refused() -> None:
    refuse(lower_is_better=False, normalise="none", margin=None, claims={})
    with pytest.raises(HeldoutError, match="leave out normalise, claims"):
        refuse(lower_is_better=False, normalise="min-max", margin=None, claims={"a": "b"})
    with pytest.raises(HeldoutError, match="share a prompt"):
        rate(fought(), Options(cluster="prompt"))


@pytest.mark.parametrize(("wins", "told"), [(1, False), (3, False), (5, False), (20, True)])
def test_few_wins_out_of_few_tell_nothing(wins, told) -> None:
    """One win of one is chance; twenty of twenty are not."""
    (pair,) = rate(listed([(0, 1, 1)] * wins)).pairs
    assert (pair.verdict == "a better") == told
    assert pair.probability.high > 0.95
