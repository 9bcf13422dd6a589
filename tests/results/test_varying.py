import numpy as np
import pytest

from heldout.results.compare import compare
from heldout.results.pages import reliability as page
from heldout.results.reading.reading import read_frame
from heldout.results.table import Crossed
from heldout.results.varying import varying

RNG = np.random.default_rng(3)


def frame(right, **names):
    """Columns of outcomes (systems, items, *levels) with a name for every axis after the items."""
    axes = ("model", "item", *names)
    places = np.indices(right.shape).reshape(right.ndim, -1)
    columns = {name: [f"{name}{i}" for i in row] for name, row in zip(axes, places, strict=True)}
    return {**columns, "correct": right.ravel()}


def bernoulli(items, seeds, spread):
    """Two systems whose odds depend on item and seed."""
    logit = RNG.normal(0, 1.5, (2, items, 1)) + RNG.normal(0, spread, (2, 1, seeds))
    return (RNG.random((2, items, seeds)) < 1 / (1 + np.exp(-logit))).astype(int)


def two_way(x):
    """Variances of row, column and rest by the textbook (Searle, Casella and McCulloch, 1992, section 4.3)."""
    rows, columns = x.shape
    grand, by_row, by_column = x.mean(), x.mean(1), x.mean(0)
    ms_row = columns * ((by_row - grand) ** 2).sum() / (rows - 1)
    ms_column = rows * ((by_column - grand) ** 2).sum() / (columns - 1)
    rest = ((x - by_row[:, None] - by_column + grand) ** 2).sum() / ((rows - 1) * (columns - 1))
    return max((ms_row - rest) / columns, 0), max((ms_column - rest) / rows, 0), rest


def test_seeds_are_told_apart_as_the_textbook_does():
    right = bernoulli(60, 6, 1.0)
    table = read_frame(frame(right, seed=None))
    assert table.items.crossed.factors == ("seed",)
    found = compare(table).reliability.varying
    for row, x in zip(found.rows, right, strict=True):
        item, seed, rest = two_way(x.astype(float))
        assert [row.variance[e] for e in (("item",), ("seed",), ("item", "seed"))] == pytest.approx([item, seed, rest])
        assert row.error == pytest.approx(np.sqrt(item / 60 + seed / 6 + rest / 360))
        assert row.same_items == pytest.approx(np.sqrt(seed / 6 + rest / 360))


def test_the_error_is_what_other_seeds_and_items_really_do():
    """500 tables of strong seeds: the mean squared error of pass@1 about the truth, against what the tables say it is."""
    means, told, plain = [], [], []
    for _ in range(500):
        right = bernoulli(40, 5, 1.0)
        made = varying(("a", "b"), Crossed(("seed",), right.astype(float), np.ones(right.shape, int)))
        means.append(right.mean(axis=(1, 2)))
        told.append([r.error**2 for r in made.rows])
        plain.append([x.mean(1).var(ddof=1) / 40 for x in right])
    truth = np.var(means)
    assert np.mean(told) == pytest.approx(truth, rel=0.15)
    assert np.mean(plain) < 0.6 * truth  # what answers taken as independent say


def test_prompts_are_a_factor_beside_seeds_and_no_duplicates():
    right = (RNG.random((2, 20, 3, 4)) < 0.5).astype(int)
    table = read_frame(frame(right, seed=None, prompt=None))
    assert table.items.crossed.factors == ("seed", "prompt")
    assert table.items.repeats.tolist() == np.full((2, 20), 12).tolist()
    assert table.items.values == pytest.approx(right.mean(axis=(2, 3)))
    (first, _) = compare(table).reliability.varying.rows
    assert first.levels == {"item": 20, "seed": 3, "prompt": 4}
    assert len(first.variance) == 7


def test_samples_within_a_seed_are_its_noise():
    right = np.sort((RNG.random((1, 25, 3, 8)) < 0.4).astype(int), axis=-1)[..., ::-1]
    crossed = Crossed(("seed",), right.sum(-1).astype(float), np.full((1, 25, 3), 8))
    (row,) = varying(("a",), crossed).rows
    assert row.variance["item", "seed", "sample"] == pytest.approx(right.var(axis=-1, ddof=1).mean())


def test_items_that_lack_a_seed_and_seeds_that_a_system_lacks_are_left_out():
    total = np.zeros((3, 10, 4))
    counts = np.zeros((3, 10, 4), int)
    counts[0, :, :2] = counts[1, :, 2:] = 1
    counts[1, 0, 3] = 0
    counts[2, :, 0] = 1
    total[counts > 0] = RNG.integers(0, 2, int((counts > 0).sum()))
    found = varying(("a", "b", "c"), Crossed(("seed",), total, counts))
    assert [(r.system, r.items, r.levels["seed"]) for r in found.rows] == [("a", 10, 2), ("b", 9, 2)]
    assert found.left_out == ("c",)


def test_a_column_that_only_counts_samples_is_no_factor():
    table = read_frame(frame((RNG.random((2, 20, 4)) < 0.5).astype(int), sample=None))
    assert table.items.crossed is None
    assert compare(table).reliability.varying is None


def test_the_page_has_a_table_of_it():
    compared = compare(read_frame(frame(bernoulli(40, 5, 1.0), seed=None)))
    made = page.section(compared)
    assert made.tables[2].columns == ("item", "seed", "item x seed", "error", "these items")
    assert "5 seeds" in " ".join(made.sentences)
    tree = page.tree(compared.reliability)["varying"]
    assert tree["factors"] == ["item", "seed"]
    assert set(tree["systems"][0]["variance"]) == {"item", "seed", "item x seed"}
