from dataclasses import replace
from typing import Any

from heldout.core.result import Result
from heldout.report.scores import boards, chosen, gap_table, label, score_table


def test_one_board_per_task_with_every_learner(full: Result) -> None:
    assert [(b.task, b.probe, len(b.learners)) for b in boards(full)] == [
        ("digits 8x8", "score", 5),
        ("MNIST", "score", 5),
    ]


def test_the_table_has_iid_every_family_axis_means_and_worsts(full: Result) -> None:
    rows = score_table(boards(full)[0]).rows
    kinds = [r.kind for r in rows]
    assert (kinds.count("plain"), kinds.count("axis"), kinds.count("part"), kinds.count("worst")) == (2, 4, 15, 4)
    assert [r.label for r in rows][:4] == ["train", "iid", "noise (mean)", "gaussian noise"]
    assert all(c is not None for r in rows for c in r.cells)


def test_the_last_step_is_shown(full: Result) -> None:
    board = boards(full)[1]
    assert {r.step for place in board.rows.values() for r in place.values()} == {400}


def test_levels_stand_where_there_are_no_groups(made: Any) -> None:
    board = boards(made.lengths())[0]
    assert [label(k) for k in board.parts("length")] == ["length 40", "length 80", "length 160"]


def test_iid_alone_chooses_the_configuration(full: Result) -> None:
    rows = [r for r in full.scores if r.learner == "cnn" and r.task == "MNIST" and r.step == 400]
    better = [replace(r, config="lr=1", estimate=r.estimate + (0.01 if r.split == "iid" else -0.5)) for r in rows]
    worse = [replace(r, config="lr=2", estimate=r.estimate + (-0.01 if r.split == "iid" else 0.5)) for r in rows]
    assert chosen([*better, *worse]) == chosen([*worse, *better]) == "lr=1"


def test_gaps_come_with_the_intervals_of_the_lab(full: Result) -> None:
    table = gap_table(full)
    assert table is not None
    assert [r.label for r in table.rows][-1] == "MNIST: corruption"
    cell = table.rows[0].cells[0]
    assert cell is not None
    assert (cell.estimate, cell.low, cell.high) == (full.gaps[0].estimate, full.gaps[0].low, full.gaps[0].high)


def test_without_them_the_gap_has_no_interval(full: Result) -> None:
    table = gap_table(replace(full, gaps=()))
    assert table is not None
    cell = table.rows[0].cells[0]
    assert cell is not None
    assert abs(cell.estimate - full.gaps[0].estimate) < 1e-9
    assert table.interval(cell, table.rows[0]) == ""
