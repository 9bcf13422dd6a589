import numpy as np
import pytest

from heldout.results import weighting
from heldout.results.compare import compare
from heldout.results.redrawn import ranks, redrawn
from heldout.results.table import Items, Table
from heldout.stats import aggregate
from heldout.stats.ranks import probabilities

RNG = np.random.default_rng(5)


def names(number: int, letter: str) -> tuple[str, ...]:
    return tuple(f"{letter}{i}" for i in range(number))


def table(scores: np.ndarray, *, paired: bool = False) -> Table:
    return Table("runs", names(len(scores), "s"), names(scores.shape[2], "t"), scores, paired=paired)


def test_rank_probabilities_are_those_of_the_statistics() -> None:
    points = RNG.normal(size=(500, 6)).round(1)
    points[::7, 2] = np.nan
    np.testing.assert_allclose(ranks(points), probabilities(points), atol=1e-12)


@pytest.mark.parametrize("paired", [False, True])
@pytest.mark.parametrize("gap", [0.0, 0.3])
def test_intervals_hold_the_average_win_rate_of_such_tables(paired: bool, gap: float) -> None:
    rng, held = np.random.default_rng(1), []
    for seed in range(60):
        truth = gap * rng.normal(size=(4, 1)) + 0.2 * rng.normal(size=(4, 12))
        shared = 0.5 * rng.normal(size=(1, 5, 12)) if paired else 0.0
        scores = truth[:, None] + shared + 0.3 * rng.normal(size=(4, 5, 12))
        found = redrawn(table(scores, paired=paired), aggregate.task_means(scores), seed=seed).rate
        again = truth + 0.3 / np.sqrt(5) * rng.normal(size=(300, 4, 12))
        wanted = aggregate.win_rate(again).mean(axis=0)
        held.append((found.low <= wanted) & (wanted <= found.high))
    assert np.mean(held) > 0.9


def test_tasks_are_drawn_where_runs_are_not_repeated() -> None:
    scores = RNG.normal(size=(3, 1, 40)) + np.array([0, 0.3, 2.0])[:, None, None]
    found = redrawn(table(scores), scores[:, 0])
    rng = np.random.default_rng(0)
    drawn = [aggregate.win_rate(scores[:, 0, rng.integers(40, size=40)]) for _ in range(2_000)]
    np.testing.assert_allclose(found.rate.high - found.rate.low, np.ptp(np.quantile(drawn, [0.025, 0.975], axis=0), axis=0), atol=0.04)  # fmt: skip
    assert found.ranks[2, 0] > 0.99
    np.testing.assert_allclose(found.ranks.sum(axis=0), 1)


def test_missing_cells_and_single_runs() -> None:
    scores = RNG.normal(size=(3, 4, 5))
    scores[0, :, 1] = scores[1, 2:, 3] = scores[2, 1:, 0] = np.nan
    found = redrawn(table(scores), aggregate.task_means(scores))
    assert (found.rate.low <= found.rate.estimate).all()
    assert (found.rate.estimate <= found.rate.high).all()
    apart = np.full((2, 2, 2), np.nan)
    apart[0, :, 0], apart[1, :, 1] = 1.0, [0.5, 0.6]
    assert np.isnan(redrawn(table(apart), aggregate.task_means(apart)).rate.low).all()


def test_items_of_one_task_move_together() -> None:
    """Two systems that answer alike but for a few items: which is ahead is as sure as McNemar's test says."""
    values = np.repeat((RNG.random(400) < 0.6)[None].astype(float), 2, axis=0)
    values[1, :30] = 1 - values[1, :30]
    items = Items(values, np.ones_like(values), np.zeros(400, int))
    found = compare(Table("items", ("a", "b"), ("all",), values.mean(axis=1)[:, None, None], items))
    wins, losses = int((values[0] > values[1]).sum()), int((values[0] < values[1]).sum())
    z = (wins - losses) / np.sqrt(wins + losses)
    from scipy.special import ndtr

    assert found.systems[0].ranks[0] == pytest.approx(ndtr(z), abs=0.04)


def test_the_weight_that_has_to_move() -> None:
    """a leads by 0.1 on two tasks, b by 0.3 on one: b draws level at a weight of 1/4 instead of 1/3, and leads already."""
    means = np.array([[0.5, 0.5, 0.2], [0.4, 0.4, 0.5], [0.1, 0.1, 0.1]])
    first, second, third = weighting.conditions(("x", "y", "z"), means)
    assert second is not None
    assert (second.possible, second.moved) == (True, 0)
    assert first is not None
    assert first.possible
    assert first.moved == pytest.approx(1 / 3 - 1 / 4)
    gained = dict(first.weights)
    assert gained["z"] == pytest.approx(1 / 4)
    assert sum(gained.values()) <= 1 + 1e-9
    assert third is not None
    assert not third.possible
    assert np.isnan(third.moved)


def test_weights_are_only_of_tasks_that_all_have() -> None:
    means = np.array([[0.5, np.nan, 0.2, 0.3], [0.4, 0.4, 0.5, 0.3]])
    found = weighting.conditions(("x", "y", "z", "w"), means)[0]
    assert found is not None
    assert "y" not in dict(found.weights)
    assert weighting.conditions(("x", "y"), means[:, :2]) == [None, None]
