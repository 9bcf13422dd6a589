import numpy as np
import pytest
from scipy import stats

from heldout.results import paired
from heldout.results.table import Items
from heldout.results.units import Units, of_items
from heldout.stats import clusters, mcnemar, stratified

RNG = np.random.default_rng(3)
FIRST, SECOND = np.triu_indices(4, 1)


def of(values, task=None, cluster=None):
    task = np.zeros(values.shape[1], int) if task is None else task
    return Units(values, task, "item", cluster)


def test_one_task_is_the_paired_t_interval():
    values = RNG.normal(size=(4, 17))
    found = paired.paired(of(values), FIRST, SECOND)
    for k, (a, b) in enumerate(zip(FIRST, SECOND, strict=True)):
        ends = stats.ttest_rel(values[a], values[b]).confidence_interval()
        reach = stats.t.ppf(0.975, found.freedom[k]) * found.error[k]
        assert found.difference[k] - reach == pytest.approx(ends.low)
        assert found.difference[k] + reach == pytest.approx(ends.high)


def test_tasks_are_the_strata_of_the_stratified_t():
    scores = RNG.normal(size=(4, 6, 5))  # systems, runs, tasks
    units = of(scores.transpose(0, 2, 1).reshape(4, -1), np.repeat(np.arange(5), 6))
    found = paired.paired(units, FIRST, SECOND)
    spread = stratified.spread(scores[FIRST] - scores[SECOND])
    np.testing.assert_allclose(found.error, spread.error)
    np.testing.assert_allclose(found.freedom, spread.freedom)


def test_clusters_are_millers_standard_error():
    values, cluster = RNG.normal(size=(4, 12)), np.repeat(np.arange(5), [2, 3, 1, 4, 2])
    found = paired.paired(of(values, cluster=cluster), FIRST, SECOND)
    expected = [clusters.standard_error(values[a] - values[b], cluster) for a, b in zip(FIRST, SECOND, strict=True)]
    np.testing.assert_allclose(found.error, expected)
    np.testing.assert_array_equal(found.freedom, 4)
    np.testing.assert_array_equal(found.clusters, 5)


@pytest.mark.parametrize("cluster", [None, np.repeat(np.arange(40), 5)])
def test_products_of_matrices_say_what_pairs_one_by_one_do(monkeypatch, cluster):
    units = of(RNG.random((4, 200)), np.repeat(np.arange(4), 50), cluster)
    slow = paired.paired(units, FIRST, SECOND)
    monkeypatch.setattr(paired, "CELLS", 64)
    quick = paired.paired(units, FIRST, SECOND)
    for name in ("difference", "error", "freedom", "spread", "n", "clusters", "blocks", "means", "variances"):
        np.testing.assert_allclose(getattr(quick, name), getattr(slow, name), atol=1e-12)


def test_missing_units_leave_what_both_have():
    values = RNG.normal(size=(2, 9))
    values[0, 2], values[1, 5] = np.nan, np.nan
    found = paired.paired(of(values), np.array([0]), np.array([1]))
    d = np.delete(values[0] - values[1], [2, 5])
    assert found.n[0] == 7
    assert found.difference[0] == pytest.approx(d.mean())
    assert found.error[0] == pytest.approx(d.std(ddof=1) / np.sqrt(7))


def test_parts_of_the_difference_add_up_whatever_the_blocks(monkeypatch):
    monkeypatch.setattr(paired, "BLOCKS", 8)
    units = of(RNG.random((4, 101)), np.repeat([0, 1], [31, 70]))
    found = paired.paired(units, FIRST, SECOND)
    assert len(found.blocks) == 8
    np.testing.assert_allclose(found.blocks.sum(axis=0), found.difference)


def test_a_task_of_one_unit_borrows_the_others_spread():
    units = of(RNG.normal(size=(2, 7)), np.array([0, 0, 0, 1, 1, 1, 2]))
    found = paired.paired(units, np.array([0]), np.array([1]))
    table = np.full((1, 3, 3), np.nan)
    d = units.values[0] - units.values[1]
    table[0, :, 0], table[0, :, 1], table[0, 0, 2] = d[:3], d[3:6], d[6]
    assert found.error[0] == pytest.approx(stratified.spread(table).error[0])


def test_single_units_leave_the_error_open():
    found = paired.paired(of(RNG.normal(size=(2, 3)), np.arange(3)), np.array([0]), np.array([1]))
    assert np.isinf(found.error[0])


def test_clusters_over_several_tasks_make_one_sample_of_them():
    items = Items(RNG.random((2, 8)), np.ones((2, 8)), np.repeat([0, 1], 4), np.array([0, 1, 2, 3, 0, 1, 2, 3]))
    units = of_items(items)
    assert len(np.unique(units.task)) == 1
    assert len(np.unique(of_items(items, nested=True).task)) == 2
    found = paired.paired(units, np.array([0]), np.array([1]))
    d, order = items.values[0] - items.values[1], np.array([0, 1, 2, 3, 0, 1, 2, 3])
    assert found.error[0] == pytest.approx(clusters.standard_error(d, order))


def test_zeros_and_ones_get_bonett_and_prices_interval():
    from heldout.results.pairs import _bonett_price

    values = (RNG.random((2, 60)) < 0.6).astype(float)
    found = paired.paired(of(values), np.array([0]), np.array([1]))
    centre, error = _bonett_price(found)
    expected = mcnemar.bonett_price(*mcnemar.discordant(*values))
    assert centre[0] - 1.959964 * error[0] == pytest.approx(expected.low, abs=1e-6)
    assert centre[0] + 1.959964 * error[0] == pytest.approx(expected.high, abs=1e-6)
