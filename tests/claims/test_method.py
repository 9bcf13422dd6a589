"""Which test suits which claim."""

import numpy as np
import pytest

from heldout.claims.method import choose, planned, unit
from heldout.core import Budget, exact, log, mean, score, trend
from heldout.core.expression import wins
from heldout.core.measure import OverSeeds


@pytest.fixture
def cells(named):
    return {(bounds, n): score(named("t", bounds=ends), named(n)) for n in "abc"
            for bounds, ends in (("unit", (0.0, 1.0)), ("free", (-np.inf, np.inf)), ("positive", (0.5, 2.0)))}  # fmt: skip


def test_the_normal_form_chooses(cells):
    a, b, c = (cells["unit", n] for n in "abc")
    u, v, w = (cells["free", n] for n in "abc")
    p, q = cells["positive", "a"], cells["positive", "b"]
    for claim, kind in (
        (a > b, "flips"),
        (u > v, "flips"),
        (a - b > c - a, "betting"),  # 2a - b - c: places cannot be changed
        (u - v > w - u, "shifted flips"),
        (a - b > b - c, "betting"),
        ((a - b) - (c - b) > 0, "flips"),
        (a > b + 0.1, "betting"),
        (u > v + 0.1, "shifted flips"),
        (a > 0.5, "signs"),
        (u > 0.5, "signs"),
        (a + b > 0.5, "signs"),
        (a * b > 0.5, "signs"),
        (a.near(0.5, 0.1), "signs"),
        (a.near(b, 0.1), "betting"),
        (u.near(v, 0.1), "shifted flips"),
        (mean(a) > 0.5, "betting"),
        (mean(u) > 0.5, "none"),
        (mean(a - b) > 0, "betting"),
        (exact(a) > 0.5, "exact"),
        (log(p) - log(q) > 0, "flips"),
        (trend([a, b, c], [1, 2, 3]) > 0, "flips"),
        (trend([a, b, c], [1, 2, 3]) > 0.5, "betting"),
        (wins([(a, b)]) > 0.5, "flips"),
        (wins([(a, b)]) > 0.75, "betting"),
    ):
        assert choose(claim, "seed", Budget(), binary=False).kind == kind, claim.text
    assert choose(mean(a) > 0.5, "seed", Budget(), binary=True).kind == "proportion"
    assert choose(a > 0.5, "item", Budget(), binary=True).kind == "proportion"
    assert choose(a > 0.5, "item", Budget(), binary=False).kind == "betting"
    assert choose(u > 0.5, "item", Budget(), binary=False).kind == "none"


def test_every_method_has_a_name_and_says_what_it_assumes(cells):
    a, b = cells["unit", "a"], cells["unit", "b"]
    for claim in (a > b, a > 0.5, a > b + 0.1, exact(a) > 0.5):
        method = choose(claim, "seed", Budget(), binary=False)
        assert method.name
        assert method.assumption
    assert "within -1 and 1" in choose(a > b, "seed", Budget(), binary=False).assumption


def test_units_and_looks(named):
    churn = OverSeeds(named("t"), named("a"), "churn", len, "iid", block=2)
    endpoint = score(named("t"), named("e", steps=0))
    assert unit(churn) == "block"
    assert unit(endpoint) == "item"
    assert unit(score(named("t"), named("a"))) == "seed"
    assert planned(churn, "block", Budget(seeds=24)) == (4, 6, 8, 12)
    assert planned(endpoint, "item", Budget(items=200)) == (50, 100, 200)
