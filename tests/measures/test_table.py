"""The score table against the records it summarises."""

import numpy as np
import pytest
from scipy import stats

from heldout.core import Split
from heldout.core.cell import Cell
from heldout.measures import Rows, table
from heldout.measures.table import interval
from toys import halves, search


def data(values):
    cell = Cell(halves, search).digest
    rows = [(cell, "score", seed, split, 200, v, 10) for split, vs in values.items() for seed, v in enumerate(vs)]
    names = ("cell", "probe", "seed", "split", "step", "value", "n")
    return Rows(
        {
            n: np.array(c, dtype=object if n in ("cell", "probe", "split") else None)
            for n, c in zip(names, zip(*rows, strict=True), strict=True)
        },
        {},
    )


def test_rows_are_means_over_seeds_with_the_t_interval():
    values = {"iid": [0.5, 0.6, 0.9, 0.7], "wide": [0.4, 0.4, 0.8, 0.6], "wider": [0.2, 0.5, 0.1, 0.3]}
    rows = {(r.split, r.level): r for r in table([Cell(halves, search)], data(values), ["score"])[0]}
    axis = (np.array(values["wide"]) + values["wider"]) / 2
    low, high = stats.t.interval(0.95, 3, axis.mean(), stats.sem(axis))
    assert rows["range", None].estimate == pytest.approx(axis.mean())
    assert (rows["range", None].low, rows["range", None].high) == pytest.approx((max(low, 0), min(high, 1)))
    assert rows["worst", None].estimate == pytest.approx(np.minimum(values["wide"], values["wider"]).mean())
    assert rows["wide", 2.0].n == 4
    (gap,) = table([Cell(halves, search)], data(values), ["score"])[1]
    assert gap.estimate == pytest.approx((np.array(values["iid"]) - axis).mean())
    assert gap.axis == "range"


def test_intervals_of_shares_of_items_are_wilsons():
    values = np.array([1.0] * 9 + [0.0] * 3)
    expected = stats.binomtest(9, 12).proportion_ci(method="wilson")
    assert interval(values, (0.0, 1.0), "item") == pytest.approx((expected.low, expected.high))
    assert np.isnan(interval(np.array([0.5]), (0.0, 1.0), "item")).all()


def test_an_interval_stays_within_the_bounds():
    assert interval(np.array([0.0, 1.0, 1.0]), (0.0, 1.0), "seed") == (0.0, 1.0)


def test_a_split_not_measured_has_no_row():
    rows = table([Cell(halves, search)], data({"iid": [0.5, 0.6]}), ["score"])[0]
    assert {r.split for r in rows} == {"iid"}
    assert Split("iid") in halves.splits


def test_seeds_that_all_score_one_are_not_twelve_successes():
    assert interval(np.ones(12), (0.0, 1.0), "seed") == (1.0, 1.0)
