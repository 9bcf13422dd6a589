"""The leaderboard of a task: what every learner scored on it, over all studies, and between which ranks it lies."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from heldout.core.result import ScoreRow
from heldout.report.scores import chosen
from heldout.report.site.shelf import Thing

Place = tuple[str, str | None, str | None, float | None]


@dataclass(frozen=True)
class Standing:
    """One learner at one place. `ranks`: the first and last that its interval leaves open among those beside it."""

    learner: str
    slug: str
    row: ScoreRow
    ranks: tuple[int, int]


@dataclass(frozen=True)
class Leaders:
    """The learners at one place, best first. `title`: the place in words."""

    title: str
    standings: tuple[Standing, ...]


def leaders(task: Thing) -> tuple[Leaders, ...]:
    """A board for iid (or for the train split, where there is no other), and one for the mean over each axis."""
    found: dict[Place, dict[tuple[str, str], ScoreRow]] = {}
    for use in task.uses:
        mine = [r for r in use.result.scores if r.task == use.thing.name and r.probe == "score"]
        configs = _configs(mine)
        for row in mine:
            if row.config != configs[row.learner] or math.isnan(row.estimate):
                continue
            cell = found.setdefault((row.split, row.axis, row.group, row.level), {})
            if row.step >= cell.get((row.learner, use.slug), row).step:
                cell[row.learner, use.slug] = row
    plain = [p for p in found if p[1] is None and p[0] not in ("worst", "train")]
    whole = [p for p in found if p[0] == p[1] and p[2] is None]
    places = [*(plain or [p for p in found if p[1] is None][:1]), *whole]
    return tuple(Leaders(_title(p), _standings(found[p])) for p in places)


def ranks(intervals: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """The ranks that intervals leave open, 1 the highest: those entirely above count before, those entirely below after."""
    n = len(intervals)
    return [
        (
            1 + sum(other_low > high for other_low, _ in intervals),
            n - sum(other_high < low for _, other_high in intervals),
        )
        for low, high in intervals
    ]


def _standings(rows: dict[tuple[str, str], ScoreRow]) -> tuple[Standing, ...]:
    order = sorted(rows.items(), key=lambda item: (-item[1].estimate, item[0]))
    between = ranks([(r.low, r.high) for _, r in order])
    return tuple(Standing(name, slug, row, rank) for ((name, slug), row), rank in zip(order, between, strict=True))


def _configs(rows: Sequence[ScoreRow]) -> dict[str, str]:
    found: dict[str, list[ScoreRow]] = {}
    for row in rows:
        found.setdefault(row.learner, []).append(row)
    return {learner: chosen(mine) for learner, mine in found.items()}


def _title(place: Place) -> str:
    split, axis, _, _ = place
    return split if axis is None else f"mean over {axis}"
