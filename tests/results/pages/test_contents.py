"""What each part of the page says."""

from dataclasses import replace
from typing import Any

import numpy as np

from heldout.results.comparison import Comparison
from heldout.results.pages import aggregates, pairs, plan, profiles, rankings, tasks
from heldout.results.pages.contents import contents
from heldout.results.pages.relation import BETTER, WORSE, ordered, relation, towards
from heldout.results.pages.section import listed
from heldout.results.pages.understood import shape


def test_every_pair_of_few_systems_is_shown(made: Any) -> None:
    assert set(pairs.chosen(made(8))) == set(made(8).pairs)


def test_of_many_the_top_and_the_leaders_pairs_are_shown(made: Any) -> None:
    many = made(30, 5)
    shown = pairs.chosen(many)
    assert len(shown) == 10 + 20
    assert sum("dreamerv3" in (p.a, p.b) for p in shown) == 24
    assert "405 more pairs" in pairs.section(many).sentences[-1]


def test_a_verdict_is_seen_from_both_sides(made: Any) -> None:
    pair = replace(made(2).pairs[0], verdict="a better")
    assert (relation(pair, pair.a), relation(pair, pair.b)) == (BETTER, WORSE)


def test_where_the_means_winner_is_not_the_others_it_is_said(made: Any) -> None:
    (said,) = rankings.disagreement(made(3))
    assert said == "The mean's winner, dreamerv3, is not every rule's: dreamerv2 wins by borda and kemeny."
    alike = replace(made(3), rankings={"mean": made(3).rankings["mean"], "borda": made(3).rankings["mean"]})
    assert rankings.disagreement(alike) == ()
    assert rankings.section(alike).sentences == ("Every rule names dreamerv3 the winner.",)


def test_a_rules_own_winner_is_shown_among_many(made: Any) -> None:
    many = made(12)
    last = many.systems[-1].system
    odd = replace(many, rankings={**many.rankings, "odd": (last, *(s for s in many.rankings["mean"] if s != last))})
    assert rankings.section(odd).tables[0].columns[-1] == last


def test_thresholds_lie_where_profiles_differ(made: Any) -> None:
    (table,) = profiles.section(made(3)).tables
    assert len(table.columns) == 4
    shares = [[c.estimate for c in row.cells if c] for row in table.rows]
    assert all(a >= b for row in shares for a, b in zip(row, row[1:], strict=False))
    assert 0 < np.mean(shares) < 1


def test_standing_tasks_come_first_and_the_rest_is_counted(made: Any) -> None:
    part = tasks.section(made(3, 200), 12)
    assert [bool(r.notes[0]) for r in part.tables[0].rows] == [True] * 3 + [False] * 9
    assert "12 of 200" in part.sentences[1]


def test_the_plan_begins_with_what_is_worth_most(made: Any) -> None:
    three = made(3)
    open_ = tuple(
        replace(p, verdict="undecided", more_units=m, worth=w)
        for p, m, w in zip(three.pairs, (50, None, 8), (2, None, 1), strict=True)
    )
    part = plan.section(replace(three, pairs=open_))
    assert [c.estimate for r in part.tables[0].rows for c in r.cells if c] == [8, 50]
    assert "8 more runs each" in part.sentences[0]
    assert "For 1 undecided pair no number" in part.sentences[1]


def test_uneven_systems_are_told_apart(made: Any) -> None:
    three = made(3)
    uneven = replace(three, systems=(replace(three.systems[0], runs=1, tasks=4, coverage=4 / 6), *three.systems[1:]))
    assert aggregates.table(uneven).notes == ("win rate", "rank", "from")
    assert aggregates.table(uneven).rows[0].notes[2] == "4 tasks (67% of them), 1 run"
    assert "1 to 5 runs" in shape(uneven)


def test_parts_without_anything_to_say_are_left_out(made: Any) -> None:
    one = replace(made(1, 1, 1), rankings={}, profiles=())
    assert [p.slug for p in contents(one)] == ["aggregates"]


def test_names_become_a_phrase() -> None:
    assert [listed("abcdef"[:n]) for n in (0, 1, 2, 4, 6)] == [
        "",
        "a",
        "a and b",
        "a, b, c and d",
        "a, b, c and 3 more",
    ]


def test_no_part_has_a_line_break_from_outside(hostile: Comparison) -> None:
    for part in contents(hostile):
        for row in (r for t in part.tables for r in t.rows):
            assert all(line.strip() for line in row.label.split("\n"))


def test_a_pair_turned_twice_is_itself(made: Any) -> None:
    for pair in made(6).pairs:
        turned = towards(pair, pair.b)
        assert (turned.a, turned.effect_size) == (pair.b, -pair.effect_size)
        back = towards(turned, pair.a)
        assert back.difference == pair.difference
        assert back.verdict == pair.verdict
        assert np.isclose(back.probability_of_improvement.low, pair.probability_of_improvement.low)


def test_the_system_with_the_higher_mean_comes_first_in_every_pair(made: Any) -> None:
    found = ordered(made(12, gap=0.005))
    assert len(found) == 66
    assert all(p.difference.estimate >= 0 for p in found)


def test_pairs_say_what_they_are_from_only_where_it_differs(made: Any) -> None:
    three = made(3)
    first, *rest = three.pairs
    assert pairs.section(three).tables[0].notes == ("adj. p", "verdict")
    counts = replace(three, pairs=(replace(first, n=4), *rest))
    assert pairs.section(counts).tables[0].notes == ("adj. p", "verdict", "n")
    assert any("From n runs over all tasks, paired by seed" in s for s in pairs.section(counts).sentences)
    kinds = replace(three, pairs=(replace(first, n=6, unit="task", paired_by="task"), *rest))
    assert pairs.section(kinds).tables[0].notes == ("adj. p", "verdict", "from")


def test_what_says_the_same_as_the_mean_is_shown_once(made: Any) -> None:
    three = made(3)
    assert aggregates.table(three).columns == ("IQM", "mean", "median", "optimality gap")
    single = replace(three, systems=tuple(replace(s, iqm=s.mean, median=s.mean) for s in three.systems))
    assert aggregates.table(single).columns == ("mean", "optimality gap")


def test_names_with_commas_are_told_apart() -> None:
    assert listed(["C=1, rbf", "C=2"]) == "“C=1, rbf” and C=2"
