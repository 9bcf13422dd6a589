"""The score tables of a result: per task and metric, places (splits, axes, groups) by learners."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from heldout.core.result import Result, ScoreRow
from heldout.report.table import Cell, Row, Table, table

Key = tuple[str, str | None, str | None, float | None]


@dataclass(frozen=True)
class Board:
    """The last step's scores of one task in one metric. `rows`: place, then learner, to row. `learners`: name to label."""

    task: str
    probe: str
    rows: dict[Key, dict[str, ScoreRow]]
    learners: dict[str, str] = field(default_factory=dict)

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
    tasks = dict.fromkeys([t.name for t in result.study.tasks] + [r.task for r in result.scores])
    probes = sorted(dict.fromkeys(r.probe for r in result.scores), key=lambda p: p != "score")
    made = (_board(result, task, probe) for probe in probes for task in tasks)
    return tuple(b for b in made if b.rows)


def score_table(board: Board) -> Table:
    """Places by learners: train and iid; per axis its mean, its groups or levels, and its worst split."""
    named = {"score": board.task}.get(board.probe, f"{board.task}: {board.probe}")
    return table(
        named, "score" if board.probe == "score" else board.probe, tuple(board.learners.values()), tuple(_rows(board))
    )


def gap_table(result: Result) -> Table | None:
    """What every learner loses on each axis of each task: iid minus axis, higher is worse."""
    found: dict[tuple[str, str], dict[str, Cell]] = {}
    several = len({r.task for r in result.scores}) > 1
    names = dict.fromkeys(x.name for x in result.study.learners)
    for board in (b for b in boards(result) if b.probe == "score"):
        for axis in board.axes:
            row = found.setdefault((board.task, axis), {})
            for learner in board.learners:
                gap = _gap(result, board, axis, learner)
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


def _board(result: Result, task: str, probe: str) -> Board:
    mine = [r for r in result.scores if r.task == task and r.probe == probe]
    configs = {x: chosen([r for r in result.scores if r.task == task and r.learner == x]) for x in _learners(result)}
    rows: dict[Key, dict[str, ScoreRow]] = {}
    for row in mine:
        if row.config != configs[row.learner]:
            continue
        place = rows.setdefault((row.split, row.axis, row.group, row.level), {})
        if row.learner not in place or row.step > place[row.learner].step:
            place[row.learner] = row
    present = {x for place in rows.values() for x in place}
    labels = {x: f"{x} ({configs[x]}, best on iid)" if configs[x] else x for x in configs if x in present}
    return Board(task, probe, rows, labels)


def _learners(result: Result) -> tuple[str, ...]:
    return tuple(dict.fromkeys([x.name for x in result.study.learners] + [r.learner for r in result.scores]))


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


def _gap(result: Result, board: Board, axis: str, learner: str) -> Cell | None:
    """The gap as the lab worked it out, unit by unit; without that the difference of the two means, with no interval."""
    iid, shifted = (
        board.rows.get(key, {}).get(learner) for key in (("iid", None, None, None), (axis, axis, None, None))
    )
    config = "" if shifted is None else shifted.config
    kept = [r for r in result.gaps if (r.task, r.learner, r.axis, r.config) == (board.task, learner, axis, config)]
    if kept:
        return _cell(max(kept, key=lambda r: r.step))
    if iid is None or shifted is None:
        return None
    return Cell(iid.estimate - shifted.estimate, n=min(iid.n, shifted.n), unit=shifted.unit)
