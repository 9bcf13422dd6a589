"""Measures against hand-made records and SciPy."""

import numpy as np
import pytest
from scipy import stats

from heldout.core import (
    At,
    Choice,
    HeldoutError,
    OverSeeds,
    Split,
    Sweep,
    best,
    gap,
    log,
    mean,
    rank_correlation,
    score,
    steps_to,
    trend,
    wins,
    worst,
)
from heldout.core.cell import Cell, cells
from heldout.core.expression import Applied
from heldout.measures import Rows, evaluate
from heldout.measures.evaluation import kendall_tau
from toys import Halves, Search, adder, halves, search, stuck, sums


def records(*rows):
    names = ("cell", "probe", "seed", "split", "step", "value", "n")
    return {
        n: np.array(c, dtype=object if n in ("cell", "probe", "split") else None)
        for n, c in zip(names, zip(*rows, strict=True), strict=True)
    }


def rows_of(values, task=halves, learner=search, step=200, probe="score"):
    """Records of one cell: {split: [value per seed]}."""
    cell = Cell(task, learner).digest
    return [
        (cell, probe, seed, split, step, v, 10)
        for split, vs in values.items()
        for seed, v in enumerate(vs)
        if v is not None
    ]


def test_a_score_on_a_split_is_the_record_of_each_seed():
    found = evaluate(score(halves, search), Rows(records(*rows_of({"iid": [0.5, 0.7, 0.9]})), {}))
    assert found.units.tolist() == [0, 1, 2]
    assert found.values.tolist() == [0.5, 0.7, 0.9]
    assert found.unit == "seed"


def test_an_axis_is_the_mean_over_its_levels_and_needs_them_all():
    data = Rows(records(*rows_of({"wide": [0.5, 0.7, 0.9], "wider": [0.1, 0.3, None]})), {})
    found = evaluate(score(halves, search, "range"), data)
    assert found.units.tolist() == [0, 1]
    assert found.values == pytest.approx([0.3, 0.5])
    assert evaluate(worst(halves, search, "range"), data).values == pytest.approx([0.1, 0.3])
    assert evaluate(score(halves, search, At("range", level=4.0)), data).values == pytest.approx([0.1, 0.3])


def test_groups_of_an_axis_count_equally_whatever_their_number_of_levels():
    class Grouped(Halves):
        name = "grouped"
        splits = (Split("a1", "x", 1, "a"), Split("a2", "x", 2, "a"), Split("b1", "x", 1, "b"))

    task = Grouped()
    data = Rows(records(*rows_of({"a1": [0.0], "a2": [0.2], "b1": [1.0]}, task)), {})
    assert evaluate(score(task, search, "x"), data).values == pytest.approx([(0.1 + 1.0) / 2])
    assert evaluate(score(task, search, At("x", group="a")), data).values == pytest.approx([0.1])


def test_arithmetic_joins_on_the_seeds_that_both_have():
    data = Rows(records(*rows_of({"iid": [0.5, None, 0.9]}), *rows_of({"iid": [0.1, 0.2, 0.4]}, learner=stuck)), {})
    a, b = score(halves, search), score(halves, stuck)
    found = evaluate(2 * a - b + 0.5, data)
    assert found.units.tolist() == [0, 2]
    assert found.values == pytest.approx([2 * 0.5 - 0.1 + 0.5, 2 * 0.9 - 0.4 + 0.5])
    assert evaluate(a * b, data).values == pytest.approx([0.05, 0.36])
    assert evaluate(mean(a - b), data).values == pytest.approx([0.4, 0.5])
    assert evaluate(log(a + 1), data).values == pytest.approx(np.log([1.5, 1.9]))
    assert evaluate(wins([(a, b), (b, a)]), data).values == pytest.approx([0.5, 0.5])
    assert evaluate(Applied("sum", lambda t: t.sum(0), (a, b)), data).values == pytest.approx([0.6, 1.3])


def test_the_gap_is_iid_minus_the_axis():
    data = Rows(records(*rows_of({"iid": [0.9], "wide": [0.6], "wider": [0.2]})), {})
    assert evaluate(gap(halves, search, "range"), data).values == pytest.approx([0.5])


def test_kendalls_tau_is_scipys_with_and_without_ties():
    rng = np.random.default_rng(1)
    left, right = rng.integers(0, 4, (6, 50)), rng.integers(0, 4, (6, 50))
    expected = [stats.kendalltau(left[:, i], right[:, i]).statistic for i in range(50)]
    assert kendall_tau(left, right) == pytest.approx(np.nan_to_num(expected))


def test_trend_and_rank_correlation_are_taken_within_each_seed():
    data = Rows(records(*rows_of({"iid": [0.9, 0.1], "wide": [0.6, 0.2], "wider": [0.2, 0.3]})), {})
    parts = [score(halves, search, s) for s in ("iid", "wide", "wider")]
    assert evaluate(trend(parts, [1, 2, 3]), data).values == pytest.approx([-1, 1])
    assert evaluate(rank_correlation(parts, parts[::-1]), data).values == pytest.approx([-1, -1])


def test_steps_to_is_the_first_step_that_reaches_the_level_and_censored_where_none_does():
    cell = Cell(halves, search).digest
    curve = [
        (cell, "score", seed, "iid", step, v, 10)
        for seed, vs in enumerate([(0.2, 0.8, 0.7), (0.1, 0.2, 0.3)])
        for step, v in zip((10, 20, 30), vs, strict=True)
    ]
    found = evaluate(steps_to(halves, search, "iid", 0.75), Rows(records(*curve), {}))
    assert found.values.tolist() == [20, 30]
    assert found.censored is not None
    assert found.censored.tolist() == [False, True]


def test_sums_know_which_way_a_censored_part_may_move_them():
    def reached(learner, levels):
        cell = Cell(halves, learner).digest
        return [(cell, "score", seed, "iid", 10, v, 10) for seed, v in enumerate(levels)]

    rows = Rows(records(*reached(search, [0.9, 0.1, 0.9, 0.1]), *reached(stuck, [0.9, 0.9, 0.1, 0.1])), {})
    a, b = (steps_to(halves, one, "iid", 0.5) for one in (search, stuck))
    for measure, marks in (
        (a - b, [0, 1, 2, 3]),
        (b - a, [0, 2, 1, 3]),
        (a + b, [0, 1, 1, 1]),
        (mean(2 * a + 1), [0, 1, 0, 1]),
        (log(a + 1) - log(b + 1), [0, 1, 2, 3]),
        (a * b, [0, 3, 3, 3]),
    ):
        found = evaluate(measure, rows).censored
        assert found is not None
        assert found.tolist() == marks, measure.text


def test_best_selects_configuration_and_step_on_the_mean_over_seeds_of_iid():
    sweep = Sweep(search, (("rate", Choice(0.1, 0.2)),))
    first, second = (c.learner for c in cells(halves, sweep))
    data = Rows(
        records(
            *rows_of({"iid": [0.6, 0.6], "wide": [0.9, 0.9], "wider": [0.9, 0.9]}, learner=first),
            *rows_of({"iid": [0.9, 0.7], "wide": [0.2, 0.3], "wider": [0.2, 0.3]}, learner=second),
            *rows_of({"iid": [0.5, 0.7], "wide": [0.8, 0.8], "wider": [0.8, 0.8]}, learner=second, step=100),
        ),
        {},
    )
    assert evaluate(score(halves, sweep, "range", at=best("iid")), data).values == pytest.approx([0.2, 0.3])
    oracle = score(halves, sweep, "range", at=best("range", oracle=True))
    assert evaluate(oracle, data).values == pytest.approx([0.9, 0.9])


def items(*rows, step=0):
    names = ("cell", "split", "position", "value", "seed", "item", "answer")
    columns = {
        n: np.array(c, dtype=object if n in ("cell", "split", "answer") else None)
        for n, c in zip(names, zip(*rows, strict=True), strict=True)
    }
    return columns | {"step": np.full(len(rows), step)}


def joined(*tables):
    return {n: np.concatenate([t[n] for t in tables]) for n in tables[0]}


def test_items_are_the_units_where_nothing_trains_and_samples_of_one_are_averaged():
    cell = Cell(sums, adder).digest
    answered = items(*[(cell, "iid", p, v, 0, p, "") for p, v in [(0, 1.0), (1, 0.0), (1, 1.0), (2, np.nan)]])
    found = evaluate(score(sums, adder), Rows(records((cell, "score", 0, "iid", 0, 0.5, 3)), answered))
    assert found.unit == "item"
    assert found.units.tolist() == [0, 1]
    assert found.values.tolist() == [1.0, 0.5]
    assert found.failed == 1


def test_a_measure_over_blocks_of_seeds_sees_every_answer_of_each():
    cell = Cell(halves, search).digest
    answers = items(*[(cell, "iid", p, 1.0, seed, p, str(seed % 2 + p)) for seed in range(5) for p in range(3)])

    def churn(block):
        return float(np.mean([block[0][i] != block[1][i] for i in block[0]]))

    found = evaluate(OverSeeds(halves, search, "churn", churn), Rows(records(*rows_of({"iid": [1] * 5})), answers))
    assert found.unit == "block"
    assert found.units.tolist() == [0, 1]  # the fifth seed waits for a sixth
    assert found.values.tolist() == [1.0, 1.0]


def test_a_measure_over_blocks_reads_the_last_answers_or_the_scores_of_every_step():
    cell, made = Cell(halves, search).digest, Rows(records(*rows_of({"iid": [1] * 2})), {})
    late, early = (
        items(*[(cell, "iid", p, v, seed, p, a) for seed in (1, 0) for p in (1, 0)], step=step)
        for step, v, a in ((200, 1.0, "late"), (100, 0.0, "early"))
    )
    seen = []
    for reads in ("answer", "scores"):
        leaf = OverSeeds(halves, search, "m", lambda block: seen.append(block) or 0.5, reads=reads)
        assert evaluate(leaf, Rows(made.records, joined(late, early))).values.tolist() == [0.5]
    answers, scores = seen
    assert answers == [{("iid", 0): "late", ("iid", 1): "late"}] * 2
    assert [{i: v.tolist() for i, v in one.items()} for one in scores] == [
        {("iid", 0): [0.0, 1.0], ("iid", 1): [0.0, 1.0]}
    ] * 2


def test_learners_beside_each_other_are_read_in_blocks_that_both_have_finished():
    answers = joined(
        *(
            items(*[(Cell(halves, one).digest, "iid", 0, 1.0, seed, 0, f"{one.name}{seed}") for seed in range(n)])
            for one, n in ((search, 5), (stuck, 3))
        )
    )
    seen = []

    def kept(block):
        seen.append([answer for one in block for answer in one.values()])
        return 0.0

    leaf = OverSeeds(halves, search, "together", kept, beside=(stuck,))
    found = evaluate(leaf, Rows(records(*rows_of({"iid": [1] * 5})), answers))
    assert leaf.text == "together(halves, search, stuck, iid)"
    assert found.units.tolist() == [0]  # of stuck there is one more seed, that waits for another
    assert seen == [["search0", "search1", "stuck0", "stuck1"]]
    assert len(evaluate(OverSeeds(halves, Search("other"), "m", kept), Rows({}, answers))) == 0


def test_a_function_of_the_wrong_shape_is_named():
    wrong = Applied("broken", lambda t: t.sum(), (score(halves, search),))
    with pytest.raises(HeldoutError, match="it must give one number each"):
        evaluate(wrong, Rows(records(*rows_of({"iid": [0.5, 0.6]})), {}))


def test_nothing_recorded_yields_no_units():
    empty = records(*rows_of({"iid": [0.5]}, learner=Search("other")))
    assert len(evaluate(score(halves, search), Rows(empty, {}))) == 0
    assert len(evaluate(score(halves, search, "range"), Rows(empty, {}))) == 0
