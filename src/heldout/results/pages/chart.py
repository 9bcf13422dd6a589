"""The systems' means as a chart of letters: who leads, how sure, at one glance."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.text import Text

from heldout.report.layout import GAP
from heldout.report.lines import COLOURS
from heldout.report.number import counted, interval, number
from heldout.report.text import distinct, short
from heldout.results.comparison import Comparison, Interval, SystemRow
from heldout.results.pages.answer import answer
from heldout.results.pages.relation import Relation, others, relation
from heldout.results.pages.standing import decimals, rank, standing

MOST, LEAST = 12, 10
"""Systems that are drawn, and columns below which nothing is."""


@dataclass(frozen=True)
class Line:
    """A system's row before it is laid out."""

    name: str
    mean: str
    bar: str
    win: str
    rank: str
    word: str
    colour: str = ""


def chart(comparison: Comparison, width: int) -> Iterator[Text]:
    """One line per system with its mean and interval drawn, its win rate, rank and how it stands to the leader."""
    rows = standing(comparison)
    shown, places = rows[:MOST], decimals(comparison)
    leader = answer(comparison).leader
    told = {other: relation(pair, other) for other, pair in others(comparison, leader)}
    said = [_words(row, places, leader, told.get(row.system)) for row in shown]
    heads = Line("system", "mean, 95% interval", "", "win rate", "rank", "")
    name, wide = _room([heads, *said], width)
    bare = max(cell_len(s.name) for s in said) > name and width >= 3 * LEAST
    if bare:  # long names are worth more than the words beside the marks
        said = [replace(s, word=s.word[:1] if s.colour else s.word) for s in said]
        name, wide = _room([heads, *said], width, LEAST + 2)
    if wide < LEAST:  # the table below has the win rates
        heads, said = replace(heads, win=""), [replace(s, win="") for s in said]
        name, wide = _room([heads, *said], width)
    drawn = _bars([s.mean for s in shown], wide) if wide >= LEAST else [""] * len(shown)
    ruled = _scale([s.mean for s in shown], wide, places) if wide >= 2 * LEAST else ""
    lines = [Line(heads.name, heads.mean, ruled, heads.win, heads.rank, heads.word)]
    names = distinct((s.name for s in said), name)
    lines += [
        Line(_cut(names[s.name], name), s.mean, bar, s.win, s.rank, s.word, s.colour)
        for s, bar in zip(said, drawn, strict=True)
    ]
    yield from _laid(lines)
    if bare:
        kinds = dict.fromkeys(told[s.system] for s in shown if s.system in told)
        yield Text(", ".join(f"{kind.mark} {kind.word}" for kind in kinds) + " against the leader", style="dim")
    if len(rows) > MOST:
        yield Text(f"{counted(len(rows) - MOST, 'more system')} below", style="dim")


def _room(lines: Sequence[Line], width: int, bars: int = 2 * LEAST) -> tuple[int, int]:
    """Columns for names and for bars, of which these are kept free."""
    taken = (max(cell_len(getattr(s, f)) for s in lines) for f in ("mean", "win", "rank", "word"))
    room = width - sum(w + GAP for w in taken if w)
    wanted = max(cell_len(s.name) for s in lines)
    name = min(wanted, max(room - GAP - bars, LEAST + 4))
    return name, room - name - GAP


def _cut(name: str, width: int) -> str:
    """The name in so many columns, of which some letters take two."""
    size = width
    while cell_len(text := short(name, size)) > width:
        size -= 1
    return text


def _words(row: SystemRow, places: int, leader: str, told: Relation | None) -> Line:
    mean = f"{number(row.mean.estimate, places)} {interval(row.mean.low, row.mean.high, places)}".strip()
    word = f"{told.mark} {told.word}" if told else "leader" if row.system == leader else ""
    return Line(row.system, mean, "", number(row.win_rate, 2), rank(row), word, told.colour if told else "")


def _span(values: list[Interval]) -> tuple[float, float]:
    ends = [v for x in values for v in (x.estimate, x.low, x.high) if math.isfinite(v)]
    return (min(ends), max(ends)) if ends and max(ends) > min(ends) else (0.0, 0.0)


def _bars(values: list[Interval], width: int) -> list[str]:
    """Each interval as `├──●──┤` on one scale."""
    low, high = _span(values)
    return [_bar(x, low, high, width) for x in values]


def _bar(x: Interval, low: float, high: float, width: int) -> str:
    if not math.isfinite(x.estimate) or high <= low:
        return ""

    def place(value: float) -> int:
        at = (min(max(value, low), high) - low) / (high - low)
        return round(at * (width - 1))

    known = not (math.isnan(x.low) or math.isnan(x.high))
    start, spot, stop = (place(x.low), place(x.estimate), place(x.high)) if known else (place(x.estimate),) * 3
    letters = [" "] * width
    letters[start : stop + 1] = "─" * (stop - start + 1)
    letters[start], letters[stop] = "├", "┤"
    letters[spot] = "●"
    return "".join(letters).rstrip()


def _scale(values: list[Interval], width: int, places: int) -> str:
    """The ends of the scale in the chart's head."""
    low, high = _span(values)
    left, right = number(low, places), number(high, places)
    return left + right.rjust(width - len(left)) if high > low else ""


def _laid(lines: list[Line]) -> Iterator[Text]:
    fields = ("name", "mean", "bar", "win", "rank", "word")
    widths = {f: max(cell_len(getattr(s, f)) for s in lines) for f in fields}
    for i, one in enumerate(lines):
        text = Text()
        for f in fields:
            said = getattr(one, f)
            pad = " " * (widths[f] - cell_len(said))
            style = "bold" if i == 0 else COLOURS.get(one.colour, "") if f == "word" else ""
            text.append(pad if f == "win" else "").append(said, "dim" if i == 0 and f == "bar" else style)
            text.append(("" if f == "win" else pad) + (" " * GAP if widths[f] else ""))
        text.rstrip()
        yield text
