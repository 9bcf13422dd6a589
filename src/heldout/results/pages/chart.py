"""Estimates as a chart of letters: who leads, how sure, at one glance."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.text import Text

from heldout.report.layout import GAP
from heldout.report.lines import COLOURS
from heldout.report.number import counted, interval, number
from heldout.report.text import distinct, short
from heldout.results.comparison import Interval
from heldout.results.pages.page import Bar, Chart

MOST, LEAST = 12, 10
"""Bars that are drawn, and columns below which nothing is."""


@dataclass(frozen=True)
class Line:
    """A bar's row before it is laid out."""

    name: str
    value: str
    bar: str
    count: str
    rank: str
    word: str
    colour: str = ""


def lines(chart: Chart, width: int) -> Iterator[Text]:
    """One line per bar with its estimate and interval drawn, its counts, rank and how it stands to the first."""
    shown = chart.bars[:MOST]
    said = [_words(bar, chart.decimals) for bar in shown]
    heads = Line(chart.name, chart.value, "", chart.count, chart.rank, "")
    name, wide = _room([heads, *said], width)
    bare = max((cell_len(s.name) for s in said), default=0) > name and width >= 3 * LEAST
    if bare:  # long names are worth more than the words beside the marks
        said = [replace(s, word=s.word[:1] if s.colour else s.word) for s in said]
        name, wide = _room([heads, *said], width, LEAST + 2)
    if wide < LEAST:  # the table below has the counts
        heads, said = replace(heads, count=""), [replace(s, count="") for s in said]
        name, wide = _room([heads, *said], width)
    values = [bar.value for bar in shown]
    drawn = _bars(values, wide) if wide >= LEAST else [""] * len(shown)
    ruled = _scale(values, wide, chart.decimals) if wide >= 2 * LEAST else ""
    rows = [replace(heads, bar=ruled)]
    names = distinct((s.name for s in said), name)
    rows += [replace(s, name=_cut(names[s.name], name), bar=bar) for s, bar in zip(said, drawn, strict=True)]
    yield from _laid(rows)
    if bare:
        kinds = dict.fromkeys(f"{bar.mark.sign} {bar.word}" for bar in shown if bar.mark.colour)
        yield Text(f"{', '.join(kinds)} {chart.legend}", style="dim")
    if len(chart.bars) > MOST:
        yield Text(f"{counted(len(chart.bars) - MOST, f'more {chart.name}')} below", style="dim")


def _room(lines: Sequence[Line], width: int, bars: int = 2 * LEAST) -> tuple[int, int]:
    """Columns for names and for bars, of which these are kept free."""
    taken = (max(cell_len(getattr(s, f)) for s in lines) for f in ("value", "count", "rank", "word"))
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


def _words(bar: Bar, places: int) -> Line:
    x = bar.value
    value = f"{number(x.estimate, places)} {interval(x.low, x.high, places)}".strip()
    return Line(bar.name, value, "", bar.count, bar.rank, f"{bar.mark.sign} {bar.word}".strip(), bar.mark.colour)


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
    fields = ("name", "value", "bar", "count", "rank", "word")
    widths = {f: max(cell_len(getattr(s, f)) for s in lines) for f in fields}
    for i, one in enumerate(lines):
        text = Text()
        for f in fields:
            said = getattr(one, f)
            pad = " " * (widths[f] - cell_len(said))
            style = "bold" if i == 0 else COLOURS.get(one.colour, "") if f == "word" else ""
            text.append(pad if f == "count" else "").append(said, "dim" if i == 0 and f == "bar" else style)
            text.append(("" if f == "count" else pad) + (" " * GAP if widths[f] else ""))
        text.rstrip()
        yield text
