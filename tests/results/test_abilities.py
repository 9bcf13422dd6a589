import numpy as np
import pytest
from scipy import special

from heldout.results import abilities as module
from heldout.results.abilities import abilities
from heldout.results.table import Items, Table


def table(values, repeats=None):
    values = np.asarray(values, dtype=float)
    systems, number = values.shape
    repeats = np.where(np.isnan(values), 0, 1) if repeats is None else repeats
    items = Items(values, repeats, np.zeros(number, int), None, tuple(f"q{i}" for i in range(number)))
    names = tuple(f"s{i}" for i in range(systems))
    return Table("items", names, ("all",), np.nanmean(values, axis=1)[:, None, None], items)


def outcomes(systems, number, seed=0):
    rng = np.random.default_rng(seed)
    ability, slope, difficulty = (
        rng.normal(size=systems),
        np.exp(0.4 * rng.normal(size=number)),
        rng.normal(size=number),
    )
    p = special.expit(slope * (ability[:, None] - difficulty))
    return (rng.random(p.shape) < p).astype(float), ability


def test_systems_stand_in_order_with_intervals_that_hold_the_truth():
    values, ability = outcomes(12, 200)
    found = abilities(table(values))
    assert found is not None
    order = [s.ability.estimate for s in found.systems]
    assert order == sorted(order, reverse=True)
    truth = dict(zip((f"s{i}" for i in range(12)), ability - ability.mean(), strict=True))
    held = [s.ability.low <= truth[s.system] <= s.ability.high for s in found.systems]
    assert np.mean(held) > 0.7
    assert found.predicts
    assert found.most[0].information > found.least[0].information


def test_a_wrongly_keyed_item_is_pointed_out():
    values, _ = outcomes(60, 120, seed=1)
    rank = np.argsort(np.argsort(values.mean(axis=1)))
    values[:, 5] = rank < 30
    found = abilities(table(values))
    assert found is not None
    assert "q5" in [i.item for i in found.suspect if i.note == "solved by the weaker systems"]
    assert found.suspects is not None
    assert found.suspects < 8


def test_few_systems_accuse_no_item():
    found = abilities(table(outcomes(4, 60)[0]))
    assert found is not None
    assert found.suspects is None
    assert found.suspect == ()


def test_repeats_are_worth_what_they_are():
    rng = np.random.default_rng(2)
    values, _ = outcomes(8, 80)  # every repeat of a cell says the same
    found = abilities(table(values, np.full(values.shape, 50)))
    once = abilities(table(values))
    assert found is not None
    assert once is not None
    assert found.systems[0].error == pytest.approx(once.systems[0].error, rel=0.3)
    assert any("worth" in w for w in found.warnings)
    assert rng is not None


def test_many_systems_are_fitted_jointly():
    found = abilities(table(outcomes(130, 60)[0]))
    assert found is not None
    assert "joint" in found.method


def test_large_tables_are_fitted_by_part_and_it_is_said(monkeypatch):
    monkeypatch.setattr(module, "FITTED", 50)
    monkeypatch.setattr(module, "LOOKED", 80)
    values, _ = outcomes(6, 200)
    found = abilities(table(values))
    assert found is not None
    assert "50 of 200 items drawn at random, and curves worked out for 80" in found.warnings[-1]


@pytest.mark.parametrize(
    "values",
    [
        outcomes(2, 60)[0],
        outcomes(5, 10)[0],
        2 * outcomes(5, 60)[0],
        np.random.default_rng(0).random((5, 60)),
        np.ones((5, 60)),
    ],
    ids=["two systems", "few items", "beyond 1", "no grades", "constant"],
)
def test_where_abilities_say_nothing_there_are_none(values):
    assert abilities(table(values)) is None


def test_leaderboards_have_none():
    assert abilities(Table("leaderboard", ("a", "b", "c"), ("t",), np.ones((3, 1, 1)))) is None
