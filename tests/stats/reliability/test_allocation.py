from itertools import product

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.reliability import Components, allocate, gains
from heldout.stats.reliability.allocation import cost

PARTS = Components(
    {("seed",): 0.02, ("item",): 0.15, ("seed", "item"): 0.05, ("seed", "item", "sample"): 0.1},
    {"seed": 2.0, "item": 30.0, "sample": 1.0},
)


def test_two_stages_follow_the_square_root_rule():
    """n = sqrt(within variance x item's price / (between variance x answer's price)) (Cochran, 1977, section 10.6)."""
    parts = Components({("item",): 0.04, ("item", "sample"): 0.16}, {"item": 10.0, "sample": 1.0})
    found = allocate(parts, {"item": 25.0}, 100_000)
    assert found["sample"] == pytest.approx(np.sqrt(0.16 * 25 / 0.04), abs=1)
    assert cost(found, {"item": 25.0}) <= 100_000


@pytest.mark.parametrize("price", [{}, {"seed": 10.0}, {"seed": 3.0, "item": 2.0}])
def test_no_design_within_the_budget_is_better(price):
    budget = 60.0
    found = allocate(PARTS, price, budget)
    names = list(PARTS.levels)
    tried = (dict(zip(names, n, strict=True)) for n in product(range(1, 61), range(1, 61), range(1, 20)))
    best = min(PARTS.error(one) for one in tried if cost(one, price) <= budget)
    assert PARTS.error(found) == pytest.approx(best)


def test_fixed_items_are_not_bought():
    assert allocate(PARTS, {"seed": 5.0}, 400, fixed=("item",))["item"] == 30
    assert {g.factor for g in gains(PARTS, {}, fixed=("item",))} == {"seed", "sample"}


def test_the_best_buy_comes_first_and_saves_what_it_says():
    found = gains(PARTS, {"seed": 100.0, "item": 1.0})
    assert [g.gain for g in found] == sorted((g.gain for g in found), reverse=True)
    one = next(g for g in found if g.factor == "item")
    assert one.cost == 2 * 1 + 1
    assert one.error == PARTS.error({"seed": 2, "item": 31, "sample": 1})


def test_what_cannot_be_paid_or_costs_nothing_is_said():
    with pytest.raises(HeldoutError, match="does not pay"):
        allocate(PARTS, {"seed": 100.0}, 50)
    with pytest.raises(HeldoutError, match="costs nothing"):
        gains(PARTS, {}, answer=0.0)
