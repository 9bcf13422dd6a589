from collections import Counter
from itertools import product

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats import aggregate, bootstrap

SMALL = np.array([[0.0, 1.0], [4.0, 3.0]])


def close(drawn, probabilities):
    """The share of every outcome is within five standard errors of its probability, and nothing else occurs."""
    seen = Counter(np.round(drawn, 9).tolist())
    assert set(seen) <= set(probabilities)
    for value, p in probabilities.items():
        assert abs(seen[value] / len(drawn) - p) < 5 * np.sqrt(p * (1 - p) / len(drawn))


def enumerated(function):
    """Exact law of an aggregate of SMALL when each of two runs is drawn anew within either task."""
    law: Counter = Counter()
    for a, b, c, d in product(range(2), repeat=4):
        law[round(float(function(np.array([SMALL[[a, b], 0], SMALL[[c, d], 1]]).T)), 9)] += 1 / 16
    return law


def test_draws_follow_the_law_of_all_resamples():
    drawn = bootstrap.draws(SMALL, 40_000, np.random.default_rng(0), target=3.5)
    close(drawn.iqm, enumerated(aggregate.iqm))
    close(drawn.mean, enumerated(aggregate.mean))
    close(drawn.median, enumerated(aggregate.median))
    close(drawn.optimality_gap, enumerated(lambda table: aggregate.optimality_gap(table, 3.5)))


def test_draws_with_tasks_follow_the_law_of_all_resamples():
    drawn = bootstrap.draws(SMALL, 40_000, np.random.default_rng(1), tasks=True)
    for ours, function in ((drawn.iqm, aggregate.iqm), (drawn.mean, aggregate.mean), (drawn.median, aggregate.median)):
        law: Counter = Counter()
        for first, second in product(range(2), repeat=2):
            for a, b, c, d in product(range(2), repeat=4):
                table = np.array([SMALL[[a, b], first], SMALL[[c, d], second]]).T
                law[round(float(function(table)), 9)] += 1 / 64
        close(ours, law)


def resampled(table, rng):
    """One resample of a ragged table by indices, the plain way."""
    out = np.full(table.shape, np.nan)
    for t in range(table.shape[1]):
        runs = table[~np.isnan(table[:, t]), t]
        out[: len(runs), t] = rng.choice(runs, len(runs)) if len(runs) else []
    return out


@pytest.mark.parametrize("runs", [6, 40])
def test_ragged_draws_agree_with_plain_resampling(runs):
    rng = np.random.default_rng(3)
    table = np.exp(rng.normal(size=(runs, 5)))
    table[3:, 0] = table[4:, 3] = table[:, 4] = np.nan
    ours = bootstrap.draws(table, 20_000, rng)
    plain = np.stack([resampled(table, rng) for _ in range(4_000)])
    pairs = [
        (ours.iqm, aggregate.iqm(plain)),
        (ours.mean, aggregate.mean(plain)),
        (ours.median, aggregate.median(plain)),
        (ours.optimality_gap, aggregate.optimality_gap(plain)),
    ]
    for mine, theirs in pairs:
        assert abs(mine.mean() - theirs.mean()) < 5 * theirs.std() / np.sqrt(len(theirs))
        assert mine.std() == pytest.approx(theirs.std(), rel=0.06)


def test_an_aggregate_of_counts_is_the_aggregate_of_the_resample_itself():
    rng = np.random.default_rng(4)
    for table in (rng.normal(size=(5, 4)), np.where(np.arange(20).reshape(5, 4) > 16, np.nan, rng.normal(size=(5, 4)))):
        pooled = bootstrap.pool(table)
        counts = bootstrap.counts(pooled, 50, rng)
        ends = np.cumsum(pooled.runs)
        for b, iqm in enumerate(bootstrap.iqm(pooled, counts)):
            repeated = np.split(np.repeat(pooled.values, counts[:, b]), ends[:-1])
            again = np.full((5, 4), np.nan)
            for t, runs in enumerate(repeated):
                again[: len(runs), t] = runs
            assert iqm == pytest.approx(aggregate.iqm(again), rel=1e-9)
            np.testing.assert_allclose(bootstrap.means(pooled, counts)[b], aggregate.task_means(again), rtol=1e-9)


def test_counts_of_drawn_tasks_keep_whole_tasks():
    table = np.arange(12.0).reshape(3, 4)
    counts = bootstrap.counts(bootstrap.pool(table), 30, np.random.default_rng(5), tasks=True)
    per_task = counts.reshape(4, 3, 30).sum(axis=1)
    assert (per_task.sum(axis=0) == 12).all()
    assert (per_task % 3 == 0).all()


def test_scores_far_from_zero_lose_no_digits():
    table = np.random.default_rng(6).normal(size=(4, 6))
    near = bootstrap.draws(table, 500, np.random.default_rng(7), target=1e9)
    far = bootstrap.draws(table + 1e9, 500, np.random.default_rng(7), target=2e9)
    np.testing.assert_allclose(far.iqm - 1e9, near.iqm, atol=1e-6)
    np.testing.assert_allclose(far.median - 1e9, near.median, atol=1e-6)


def test_percentiles_are_numpys():
    drawn = np.random.default_rng(8).normal(size=1_000)
    interval = bootstrap.percentile(0.0, drawn, 0.9)
    assert (interval.low, interval.high) == tuple(np.quantile(drawn, [0.05, 0.95]))


def test_a_stack_of_tables_is_refused():
    with pytest.raises(HeldoutError, match="one runs x tasks table"):
        bootstrap.pool(np.ones((2, 3, 4)))


def test_large_tables_do_not_overflow_small_integers():
    table = np.random.default_rng(9).normal(size=(300, 120))
    pooled = bootstrap.pool(table)
    counts = bootstrap.counts(pooled, 3, np.random.default_rng(10))
    assert (counts.reshape(120, 300, 3).sum(axis=1) == 300).all()
    for b, iqm in enumerate(bootstrap.iqm(pooled, counts)):
        again = np.repeat(pooled.values, counts[:, b]).reshape(120, 300).T
        assert iqm == pytest.approx(aggregate.iqm(again), rel=1e-9)
