import json
from dataclasses import replace
from typing import Any

from heldout.results.comparison import Comparison
from heldout.results.pages.json import tree

TOP = ["understood", "systems", "pairs", "rankings", "warnings"]
SYSTEM = ["system", "runs", "tasks", "iqm", "mean", "median", "optimality_gap", "win_rate"]
MORE = ["rank", "rank_probabilities", "leads"]
PAIR = ["a", "b", "difference", "probability_of_improvement", "p_adjusted", "verdict", "more_runs"]
INTERVAL = ["estimate", "low", "high"]


def test_the_keys_are_those_that_others_build_on(shaped: Comparison) -> None:
    found = tree(replace(shaped, claims=()))
    assert list(found) == TOP
    for system in found["systems"]:
        assert list(system) == SYSTEM + MORE
        assert all(list(system[name]) == INTERVAL for name in SYSTEM[3:])
    for pair in found["pairs"]:
        assert list(pair) == PAIR
        assert list(pair["difference"]) == list(pair["probability_of_improvement"]) == INTERVAL


def test_it_is_json_whatever_is_in_it(shaped: Comparison) -> None:
    assert json.loads(json.dumps(tree(shaped), allow_nan=False)) == tree(shaped)


def test_what_is_not_known_is_null(made: Any) -> None:
    found = tree(made(3, 1, 1))
    assert found["systems"][0]["iqm"]["low"] is None
    assert found["pairs"][0]["p_adjusted"] is None


def test_every_system_and_pair_is_there_in_the_order_of_the_table(made: Any) -> None:
    comparison = made(30, 5)
    found = tree(comparison)
    assert [s["system"] for s in found["systems"]] == [s.system for s in comparison.systems]
    assert len(found["pairs"]) == 435
    assert found["pairs"][7]["more_runs"] == comparison.pairs[7].more_units


def test_repairs_and_warnings_are_all_there_once(made: Any) -> None:
    comparison = made()
    twice = replace(comparison, warnings=(*comparison.table.warnings, *comparison.warnings))
    assert tree(twice)["warnings"] == tree(comparison)["warnings"]
    assert len(tree(comparison)["warnings"]) == 3


def test_claims_are_there_where_there_are_any(hostile: Comparison) -> None:
    assert [c["verdict"] for c in tree(hostile)["claims"]] == ["supported"]
