import numpy as np
import pytest

from heldout.stats import aggregate, bootstrap, profile

THRESHOLDS = np.linspace(-2, 3, 23)


def tables():
    rng = np.random.default_rng(0)
    whole = rng.normal(size=(6, 5))
    ragged = whole.copy()
    ragged[2:, 0] = ragged[4:, 3] = np.nan
    return {
        "balanced": whole,
        "ragged": ragged,
        "tied": np.round(whole),
        "gap": np.column_stack([whole, whole[:, 0] * np.nan]),
    }


@pytest.mark.parametrize("name", tables())
def test_profiles_are_shares_above_thresholds(name):
    table = tables()[name]
    by_task = [
        np.mean(runs[~np.isnan(runs)][:, None] > THRESHOLDS, axis=0) for runs in table.T if (~np.isnan(runs)).any()
    ]
    np.testing.assert_allclose(profile.score_profile(table, THRESHOLDS), np.mean(by_task, axis=0))
    means = aggregate.task_means(table)
    means = means[~np.isnan(means)]
    np.testing.assert_allclose(profile.average_profile(table, THRESHOLDS), (means[:, None] > THRESHOLDS).mean(axis=0))


@pytest.mark.parametrize("name", tables())
def test_bands_are_percentiles_of_profiles_of_resamples(name):
    table = tables()[name]
    ours = profile.score_bands(table, THRESHOLDS, 400, np.random.default_rng(1))
    averages = profile.average_bands(table, THRESHOLDS, 400, np.random.default_rng(1))
    pooled = bootstrap.pool(table)
    counts = bootstrap.counts(pooled, 400, np.random.default_rng(1))
    drawn = (counts * pooled.weight[:, None]).T @ (pooled.values[:, None] > THRESHOLDS)
    np.testing.assert_allclose([ours.low, ours.high], np.quantile(drawn, [0.025, 0.975], axis=0), atol=1e-12)
    drawn = np.stack([(one[:, None] > THRESHOLDS).mean(axis=0) for one in bootstrap.means(pooled, counts)])
    np.testing.assert_allclose([averages.low, averages.high], np.quantile(drawn, [0.025, 0.975], axis=0), atol=1e-12)


def test_a_threshold_equal_to_a_score_is_not_exceeded():
    table = np.array([[1.0, 2.0], [1.0, 2.0]])
    thresholds = np.array([0.5, 1.0, 1.5, 2.0])
    bands = profile.score_bands(table, thresholds, 50, np.random.default_rng(2))
    for part in (*bands, *profile.average_bands(table, thresholds, 50, np.random.default_rng(2))):
        np.testing.assert_allclose(part, [1.0, 0.5, 0.5, 0.0])
