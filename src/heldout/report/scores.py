"""The score tables of a result: per task and metric, places (splits, axes, groups) by learners."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from heldout.core.result import Result, ScoreRow
from heldout.report.table import Cell, Row, Table, table

Key = tuple[str, str | None, str | None, float | None]


@dataclass(frozen=True)
class Board:
    """The scores of one task in one metric, of the chosen configurations.

    `rows`: place, then learner, to the row of the last step. `learners`: name to label. `history`: the rows of every step.
    """

    task: str
    probe: str
    rows: dict[Key, dict[str, ScoreRow]]
    learners: dict[str, str]
    history: tuple[ScoreRow, ...] = ()

    @property
    def axes(self) -> tuple[str, ...]:
        """The shifts, in order of appearance."""
        return tuple(dict.fromkeys(axis for _, axis, _, _ in self.rows if axis is not None))

    @property
    def splits(self) -> tuple[Key, ...]:
        """The places that are on no axis: train splits and iid."""
        return tuple(key for key in self.rows if key[1] is None and key[0] != "worst")

    def parts(self, axis: str) -> tuple[Key, ...]:
        """The groups of an axis, or its levels where it has no groups."""
        mine = [key for key in self.rows if key[1] == axis and key[0] != "worst"]
        groups = [key for key in mine if key[0] == axis and key[2] is not None and key[3] is None]
        return tuple(groups or [key for key in mine if key[0] != axis])

    def curve(self, axis: str, group: str | None) -> tuple[Key, ...]:
        """The splits of a group of an axis, by level where they have one."""
        mine = [k for k in self.rows if k[1] == axis and k[0] not in (axis, "worst") and k[2] == group]
        return tuple(sorted(mine, key=lambda k: -math.inf if k[3] is None else k[3]))

    def groups(self, axis: str) -> tuple[str | None, ...]:
        """The families on an axis; (None,) where it has none."""
        return tuple(dict.fromkeys(k[2] for k in self.rows if k[1] == axis and k[0] not in (axis, "worst"))) or (None,)


def boards(result: Result) -> tuple[Board, ...]:
    """One board per task and metric, the score first."""
    found: dict[tuple[str, str], list[ScoreRow]] = {}
    for row in result.scores:
        found.setdefault((row.probe, row.task), []).append(row)
    tasks = {
        name: i for i, name in enumerate(dict.fromkeys([t.name for t in result.study.tasks] + [t for _, t in found]))
    }
    order = tuple(dict.fromkeys(x.name for x in result.study.learners))
    configs = {task: _configs(found.get(("score", task), rows)) for (_, task), rows in found.items()}
    keys = sorted(found, key=lambda k: (k[0] != "score", k[0], tasks[k[1]]))
    return tuple(_board(probe, task, found[probe, task], configs[task], order) for probe, task in keys)


def score_table(board: Board) -> Table:
    """Places by learners: train and iid; per axis its mean, its groups or levels, and its worst split."""
    named = {"score": board.task}.get(board.probe, f"{board.task}: {board.probe}")
    return table(
        named, "score" if board.probe == "score" else board.probe, tuple(board.learners.values()), tuple(_rows(board))
    )


def gap_table(result: Result) -> Table | None:
    """What every learner loses on each axis of each task: iid minus axis, higher is worse."""
    found: dict[tuple[str, str], dict[str, Cell]] = {}
    kept = {(r.task, r.learner, r.axis, r.config): r for r in sorted(result.gaps, key=lambda r: r.step)}
    several = len({r.task for r in result.scores}) > 1
    names = dict.fromkeys(x.name for x in result.study.learners)
    for board in (b for b in boards(result) if b.probe == "score"):
        for axis in board.axes:
            row = found.setdefault((board.task, axis), {})
            for learner in board.learners:
                gap = _gap(kept, board, axis, learner)
                if gap is not None:
                    row[learner] = gap
                    names.setdefault(learner)
    rows = [
        Row(f"{task}: {axis}" if several else axis, tuple(cells.get(n) for n in names))
        for (task, axis), cells in found.items()
        if cells
    ]
    return table("Gap per axis", "iid minus axis", tuple(names), rows) if rows else None


def _rows(board: Board) -> Iterator[Row]:
    def row(label: str, key: Key, kind: str) -> Row:
        cells = board.rows.get(key, {})
        return Row(label, tuple(_cell(cells.get(x)) for x in board.learners), kind)  # pyright: ignore[reportArgumentType]

    for key in board.splits:
        yield row(key[0], key, "plain")
    for axis in board.axes:
        parts = board.parts(axis)
        yield row(f"{axis} (mean)", (axis, axis, None, None), "axis")
        if len(parts) > 1:
            for key in parts:
                yield row(label(key), key, "part")
            yield row(f"worst of {axis}", ("worst", axis, None, None), "worst")
    if ("worst", None, None, None) in board.rows:
        yield row("worst", ("worst", None, None, None), "plain")


def label(key: Key) -> str:
    """A part of an axis in words: its group, its level, or its split's name."""
    split, axis, group, level = key
    if split == axis and group is not None:
        return group
    return split if level is None else f"{axis} {level:g}" if group is None else f"{group} {level:g}"


def _cell(row: ScoreRow | None) -> Cell | None:
    return None if row is None else Cell(row.estimate, row.low, row.high, row.n, row.unit)


def _configs(rows: Sequence[ScoreRow]) -> dict[str, str]:
    """The configuration to show of every learner of a task."""
    found: dict[str, list[ScoreRow]] = {}
    for row in rows:
        found.setdefault(row.learner, []).append(row)
    return {learner: chosen(mine) for learner, mine in found.items()}


def _board(probe: str, task: str, rows: Sequence[ScoreRow], configs: Mapping[str, str], order: Sequence[str]) -> Board:
    mine = tuple(r for r in rows if r.config == configs.get(r.learner, r.config))
    latest: dict[Key, dict[str, ScoreRow]] = {}
    for row in mine:
        place = latest.setdefault((row.split, row.axis, row.group, row.level), {})
        if row.learner not in place or row.step > place[row.learner].step:
            place[row.learner] = row
    present = dict.fromkeys(r.learner for r in mine)
    names = [x for x in order if x in present] + [x for x in present if x not in order]
    labels = {x: f"{x} ({configs[x]}, best on iid)" if configs.get(x) else x for x in names}
    return Board(task, probe, latest, labels, mine)


def chosen(rows: Sequence[ScoreRow]) -> str:
    """The configuration to show of a cell's: the best last score on iid, which alone may choose; else the first."""
    last: dict[str, ScoreRow] = {}
    for row in rows:
        told = row.probe == "score" and row.split == "iid" and row.axis is None and not math.isnan(row.estimate)
        if told and (row.config not in last or row.step > last[row.config].step):
            last[row.config] = row
    if not last:
        return rows[0].config if rows else ""
    return max(last.values(), key=lambda r: r.estimate).config


def _gap(kept: Mapping[Any, ScoreRow], board: Board, axis: str, learner: str) -> Cell | None:
    """The gap as the lab worked it out, unit by unit; without that the difference of the two means, with no interval."""
    iid, shifted = (
        board.rows.get(key, {}).get(learner) for key in (("iid", None, None, None), (axis, axis, None, None))
    )
    config = "" if shifted is None else shifted.config
    if (board.task, learner, axis, config) in kept:
        return _cell(kept[board.task, learner, axis, config])
    if iid is None or shifted is None:
        return None
    return Cell(iid.estimate - shifted.estimate, n=min(iid.n, shifted.n), unit=shifted.unit)
