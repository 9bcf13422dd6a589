import numpy as np
import pytest

from heldout.results.compare import compare
from heldout.results.pages import reliability as page
from heldout.results.reliability import reliability
from heldout.results.table import Items, Table
from heldout.stats.reliability import pass_all_k, pass_at_k
from heldout.stats.reliability.interval import new_items

RNG = np.random.default_rng(0)
ITEMS = 40


def table(values, repeats, systems=("a", "b")) -> Table:
    values = np.asarray(values, float)
    items = Items(values, np.asarray(repeats), np.zeros(values.shape[1], int))
    return Table("items", systems, ("all",), values.mean(axis=1)[:, None, None], items)


def counted(n: int = 16):
    chance = np.stack([RNG.beta(0.5, 0.5, ITEMS), np.clip(RNG.normal(0.6, 0.1, ITEMS), 0, 1)])
    c = RNG.binomial(n, chance)
    return c, table(c / n, np.full(c.shape, n))


def test_metrics_are_those_of_the_counts_behind_the_means():
    c, given = counted()
    found = reliability(given)
    assert found is not None
    assert found.k == (1, 2, 8)
    for row, right in zip(found.rows, c, strict=True):
        have = {m.name: m for m in row.metrics}
        assert list(have) == ["pass@1", "pass@2", "pass@8", "pass^2", "pass^8", "mG-Pass@8"]
        for metric in (pass_at_k(8), pass_all_k(2)):
            theirs = new_items(metric, 16, right)
            value = have[metric.name].value
            assert (value.estimate, value.low, value.high) == pytest.approx(theirs[:3])


def test_the_error_is_that_of_the_means_and_halves_as_it_says():
    c, given = counted()
    found = reliability(given)
    assert found is not None
    for row, right in zip(found.rows, c, strict=True):
        assert row.error == pytest.approx((right / 16).std(ddof=1) / np.sqrt(ITEMS), rel=1e-6)
        assert row.item_more == pytest.approx(row.error / np.sqrt(2))
        assert row.item_more < row.sample_more < row.error
        assert row.price == pytest.approx(16**2 * row.item / row.sampling)


def test_other_tables_have_none():
    assert reliability(Table("runs", ("a",), ("t",), np.zeros((1, 3, 1)))) is None
    assert reliability(table(RNG.integers(0, 2, (2, 9)), np.ones((2, 9), int))) is None
    assert reliability(table(np.full((2, 9), 0.37), np.full((2, 9), 4))) is None
    assert reliability(table(np.full((2, 9), 1.5), np.full((2, 9), 4))) is None


def test_who_answered_once_is_left_out_and_lacking_items_are_no_failures():
    values = RNG.integers(0, 5, (3, 12)) / 4
    values[1] = np.round(values[1])
    values[2, :6] = np.nan
    repeats = np.full((3, 12), 4)
    repeats[1] = 1
    found = reliability(table(values, repeats, ("a", "b", "c")))
    assert found is not None
    assert [r.system for r in found.rows] == ["a", "c"]
    assert found.left_out == ("b",)
    assert found.rows[1].items == 6


def test_the_page_says_who_is_first_by_what_and_what_to_repeat():
    values = np.stack([np.repeat([1.0, 0.0], [24, 16]), np.full(40, 0.5)])
    compared = compare(table(values, np.full((2, 40), 8)))
    made = page.section(compared)
    said = " ".join(made.sentences)
    assert "first by pass@1 is a, but b by pass@4" in said.replace("pass@2 and pass@4", "pass@4")
    assert "a new item is the better buy" in said
    assert [len(t.rows) for t in made.tables] == [2, 2]
    tree = page.tree(compared.reliability)
    assert tree["systems"][0]["metrics"]["pass^4"]["estimate"] == pytest.approx(0.6)
    assert tree["systems"][0]["answers_worth_an_item"] is None


def test_there_is_no_section_without_repeats():
    assert page.section(compare(table(RNG.integers(0, 2, (2, 30)), np.ones((2, 30), int)))).nothing
