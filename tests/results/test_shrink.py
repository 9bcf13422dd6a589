import numpy as np
import pytest
from scipy import special

from heldout.core.errors import HeldoutError
from heldout.results import shrink as module
from heldout.results.shrink import shrink
from heldout.results.table import Items, Table


def table(systems, number, seed=0):
    rng = np.random.default_rng(seed)
    slope = np.exp(0.6 * rng.normal(size=number))
    p = special.expit(slope * (rng.normal(size=(systems, 1)) - rng.normal(size=number)))
    values = (rng.random(p.shape) < p).astype(float)
    task = np.arange(number) % 2
    items = Items(values, np.ones(p.shape, int), np.sort(task), None, tuple(f"q{i}" for i in range(number)))
    return Table("items", tuple(f"s{i}" for i in range(systems)), ("x", "y"), np.zeros((systems, 1, 2)), items)


def test_the_best_way_is_taken_and_beats_random_items():
    found = shrink(table(60, 150), 15)
    assert len({c.item for c in found.chosen}) == 15
    assert found.way == found.best.way
    errors = {e.way: e.error for e in found.expected}
    assert found.best.error == min(e for way, e in errors.items() if "random" not in way) < errors["random, mean"]
    assert "curves" in found.way
    assert sum(c.weight for c in found.chosen) == pytest.approx(1)
    assert [s for _, s in found.curve] == sorted(s for _, s in found.curve)


def test_the_error_promised_is_met_by_new_systems():
    """Systems drawn from the same benchmark that took no part."""
    whole = table(200, 150, seed=3)
    assert whole.items is not None
    values = whole.items.values
    names = whole.systems
    known = Table(
        "items",
        names[:60],
        whole.tasks,
        whole.scores[:60],
        Items(values[:60], np.ones((60, 150), int), whole.items.task, None, whole.items.names),
    )
    found = shrink(known, 15)
    from heldout.stats.abilities.prediction import estimated
    from heldout.stats.abilities.reconstruction import reconstructed, weights, whole_score
    from heldout.stats.abilities.responses import responses

    _, curves = estimated(responses(values[:60]))
    seen = np.array([int(c.item[1:]) for c in found.chosen])
    weight = weights(whole.items.task)
    new = responses(values[60:])
    error = np.abs(reconstructed(curves, seen, new.chosen(seen), weight) - whole_score(new, weight)).mean()
    assert error == pytest.approx(found.best.error, abs=3 * found.best.spread + 0.005)


def test_few_systems_are_said():
    assert "8 systems are few" in shrink(table(8, 60), 10).warnings[0]


def test_large_benchmarks_are_chosen_from_by_part(monkeypatch):
    monkeypatch.setattr(module, "MOST", 40)
    assert "from 40 of 60 items" in shrink(table(20, 60), 10).warnings[-1]


@pytest.mark.parametrize(
    ("given", "items", "said"),
    [
        (table(8, 60), 60, "choose fewer"),
        (table(4, 60), 10, "at least 5"),
        (Table("runs", ("a",), ("t",), np.ones((1, 1, 1))), 10, "no items"),
        (table(8, 15), 10, "not 0/1"),
    ],
)
def test_what_cannot_be_shrunk(given, items, said):
    with pytest.raises(HeldoutError, match=said):
        shrink(given, items)
