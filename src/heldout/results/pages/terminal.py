"""A comparison in the terminal: the answer first, then what it rests on."""

from collections.abc import Iterator
from dataclasses import replace

from rich.console import Console
from rich.text import Text

from heldout.report.lines import COLOURS, table_lines, wrapped
from heldout.report.number import counted
from heldout.report.table import Table
from heldout.report.text import line, short
from heldout.results.comparison import Comparison
from heldout.results.pages.answer import Answer, answer
from heldout.results.pages.chart import chart
from heldout.results.pages.contents import contents
from heldout.results.pages.relation import EVERY
from heldout.results.pages.understood import repairs, shape, sources, warnings

SYSTEMS, TASKS, READ, WIDE, LONG = 30, 12, 320, 76, 20
"""Systems and tasks that are printed, letters of what the columns were taken for, columns from which the chart is whole, and of long names."""


def show(comparison: Comparison, console: Console) -> None:
    """Print the whole page."""
    _understood(comparison, console)
    _answer(answer(comparison), comparison, console)
    for part in contents(comparison, SYSTEMS, TASKS):
        console.print()
        console.print(Text(part.title, style="bold"))
        for sentence in part.sentences:
            wrapped(console, 0, Text(line(sentence), style="dim"))
        for table in part.tables:
            _table(_narrow(table, console.width), console)
    _claims(comparison, console)
    told = warnings(comparison)
    if told:
        console.print()
        console.print(Text(f"Warnings ({len(told)})", style="bold"))
        for text in told:
            _item(console, "! ", text)


def _understood(comparison: Comparison, console: Console) -> None:
    """What was read, from where, as what; repairs in full, for nothing is dropped in silence."""
    wrapped(console, 0, Text(sources(comparison), style="bold"))
    wrapped(console, 0, Text(shape(comparison)))
    if comparison.table.understood:
        wrapped(console, 0, Text(short("; ".join(map(line, comparison.table.understood)), READ), style="dim"))
    mended = repairs(comparison)
    for text in mended[:4]:
        _item(console, "! ", text)
    if len(mended) > 4:
        console.print(Text(f"! {counted(len(mended) - 4, 'more repair')}: --json has them all"))


def _answer(found: Answer, comparison: Comparison, console: Console) -> None:
    console.print()
    style = f"bold {COLOURS[found.relation.colour]}"
    wrapped(console, 0, Text(f"{found.relation.mark} {found.headline}.", style=style))
    for sentence in found.sentences:
        wrapped(console, 2, Text(line(sentence)))
    told = warnings(comparison)
    if told:
        text = f"! {counted(len(told), 'warning')} at the end, such as: {line(told[0])}"
        cut = Text("  " + text)
        cut.truncate(console.width, overflow="ellipsis")
        console.print(cut)
    console.print()
    for row in chart(comparison, console.width):
        console.print(row, soft_wrap=True)


def _narrow(table: Table, width: int) -> Table:
    """Without what the chart and the caption say of aggregates, so that the rest fits 80 columns."""
    if table.notes[:2] != ("win rate", "rank") or width < WIDE:
        return table
    return replace(table, notes=(), rows=tuple(replace(r, notes=()) for r in table.rows))


def _table(table: Table, console: Console) -> None:
    if not table.rows:
        return
    for text in _headed(table, console.width) or table_lines(table, console.width):
        for kind in EVERY:
            text.highlight_regex(rf"{kind.mark} {kind.word}", COLOURS[kind.colour])
        console.print(text, soft_wrap=True)
    if table.caption:
        wrapped(console, 0, Text(table.caption, style="dim"))


def _headed(table: Table, width: int) -> list[Text]:
    """Pairs of long names, each on a line of its own above its numbers; nothing where names are short or numbers too wide."""
    parts = [row.label.split("\n") for row in table.rows]
    if max(len(part) for one in parts for part in one) <= LONG or any(len(one) < 2 for one in parts):
        return []
    bare = replace(table, rows=tuple(replace(r, label="") for r in table.rows))
    head, *rows = table_lines(bare, width)
    if len(rows) != len(table.rows):
        return []
    half = (width - 1) // 2
    names = [Text(" ".join(short(part, half) for part in one)) for one in parts]
    for name in names:
        name.truncate(width, overflow="ellipsis")
    return [head, *(text for pair in zip(names, rows, strict=True) for text in pair)]


def _claims(comparison: Comparison, console: Console) -> None:
    if not comparison.claims:
        return
    from heldout.report.finding import told
    from heldout.report.lines import finding_lines

    console.print()
    console.print(Text("Claims", style="bold"))
    for verdict in comparison.claims:
        for indent, text in finding_lines(told(verdict)):
            wrapped(console, indent, text)


def _item(console: Console, mark: str, text: str) -> None:
    """A line of a list, what runs over indented."""
    for i, part in enumerate(_parts(line(text), console.width - len(mark), console)):
        console.print(Text((mark if i == 0 else " " * len(mark)) + part))


def _parts(text: str, width: int, console: Console) -> Iterator[str]:
    yield from (part.plain.rstrip() for part in Text(text).wrap(console, max(width, 20)))
