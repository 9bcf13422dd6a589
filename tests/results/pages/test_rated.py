import json
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from heldout.results.pages import html, markdown, rated, rated_tree, terminal
from heldout.results.rating import rate
from heldout.results.table import Battles


def battles(strength, number=2_000, seed=0) -> Battles:
    strength, rng = np.asarray(strength), np.random.default_rng(seed)
    n = len(strength)
    first = rng.integers(0, n, number)
    second = (first + rng.integers(1, n, number)) % n
    won = (rng.random(number) < 1 / (1 + np.exp(strength[second] - strength[first]))).astype(float)
    won[rng.random(number) < 0.2] = 0.5
    names = tuple(f"<b>system {i}</b>" for i in range(n))
    return Battles(names, first, second, won, voter=rng.integers(0, 90, number), sources=("battles.csv",))


CLEAR, CLOSE = rate(battles([2, 0, -1, -1])), rate(battles([0.02, 0, 0, -0.02] * 3, number=800))


def test_the_headline_names_the_strongest_or_says_that_nobody_knows() -> None:
    assert rated.headline(CLEAR) == "<b>system 0</b> is stronger than each of the 3 others"
    assert rated.headline(CLOSE).startswith("Undecided: <b>system")
    assert "may be as strong" in rated.headline(CLOSE)
    two = rate(battles([1, -1]))
    assert rated.headline(two) == "<b>system 0</b> is stronger than <b>system 1</b>"
    apart = Battles(("A", "B", "C", "D"), np.array([0, 1, 2, 3] * 9), np.array([1, 0, 3, 2] * 9), np.ones(36))
    assert rated.headline(rate(apart)).startswith("Undecided: 2 groups of systems never met")


def test_the_pages_say_the_same_numbers() -> None:
    console = Console(file=StringIO(), width=80)
    terminal.show(rated.page(CLEAR, brief=True), console)
    printed = console.file.getvalue()
    written = markdown.page(rated.page(CLEAR))
    drawn = html.page(rated.page(CLEAR))
    for row in CLEAR.systems:
        shown = f"{row.points.estimate:.0f}"
        assert shown in printed
        assert shown in written
        assert shown in drawn
    assert "<b>system" not in drawn
    assert drawn.count("<svg") >= 3
    assert "6 pairs: " in printed
    assert max(map(len, printed.splitlines())) <= 80
    for text in (printed, written, drawn):
        assert "Coming first brings" in text


def test_json_has_the_keys_of_a_comparison() -> None:
    made = json.loads(json.dumps(rated_tree.tree(CLOSE), allow_nan=False))
    assert {"understood", "systems", "pairs", "rankings", "warnings"} == set(made)
    assert made["understood"]["battles"] == 800
    assert len(made["pairs"]) == 66
    assert made["rankings"]["Bradley-Terry"] == [s["system"] for s in made["systems"]]
    apart = Battles(("A", "B", "C", "D"), np.array([0, 1, 2, 3] * 9), np.array([1, 0, 3, 2] * 9), np.ones(36))
    assert json.loads(json.dumps(rated_tree.tree(rate(apart)), allow_nan=False))["pairs"]


@pytest.mark.parametrize("brief", [True, False])
def test_many_systems_show_the_pairs_at_the_top(brief) -> None:
    page = rated.page(CLOSE, brief=brief)
    (pairs,) = page.sections[1].tables
    assert len(pairs.rows) == len(rated.chosen(CLOSE)) == 10 + 7
    assert any("more pairs in --json" in s for s in page.sections[1].sentences)
    assert page.chart is not None
    assert [b.word for b in page.chart.bars].count("leader") == 1


def test_how_others_stand_to_the_leader() -> None:
    assert {kind.word for kind in rated.standing(CLEAR).values()} == {"worse"}
    assert len(rated.open_to(CLOSE)) == 11
    assert "wins" in rated.evidence(CLEAR.pairs[0])
