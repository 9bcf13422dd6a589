"""A page in the terminal: the answer first, then what it rests on."""

from collections.abc import Iterator
from dataclasses import replace

from rich.console import Console
from rich.text import Text

from heldout.report.lines import COLOURS, table_lines, wrapped
from heldout.report.number import counted
from heldout.report.table import Table
from heldout.report.text import line, short
from heldout.results.pages import chart
from heldout.results.pages.page import Page
from heldout.results.pages.relation import EVERY

READ, WIDE, LONG = 320, 76, 20
"""Letters of what the columns were taken for, columns from which the chart is whole, and letters of long names."""


def show(page: Page, console: Console) -> None:
    """Print the whole page."""
    _understood(page, console)
    _answer(page, console)
    for part in page.parts:
        console.print()
        console.print(Text(part.title, style="bold"))
        for sentence in part.sentences:
            wrapped(console, 0, Text(line(sentence), style="dim"))
        for table in part.tables:
            _table(_narrow(table, console.width), console)
    _claims(page, console)
    if page.warnings:
        console.print()
        console.print(Text(f"Warnings ({len(page.warnings)})", style="bold"))
        for text in page.warnings:
            _item(console, "! ", text)


def _understood(page: Page, console: Console) -> None:
    """What was read, from where, as what; repairs in full, for nothing is dropped in silence."""
    wrapped(console, 0, Text(line(page.sources), style="bold"))
    if page.shape:
        wrapped(console, 0, Text(line(page.shape)))
    if page.understood:
        wrapped(console, 0, Text(short("; ".join(map(line, page.understood)), READ), style="dim"))
    for text in page.repairs[:4]:
        _item(console, "! ", text)
    if len(page.repairs) > 4:
        console.print(Text(f"! {counted(len(page.repairs) - 4, 'more repair')}: --json has them all"))


def _answer(page: Page, console: Console) -> None:
    console.print()
    style = f"bold {COLOURS.get(page.mark.colour, '')}".strip()
    wrapped(console, 0, Text(f"{page.mark.sign} {line(page.headline)}.".strip(), style=style))
    for sentence in page.sentences:
        wrapped(console, 2, Text(line(sentence)))
    if page.warnings:
        text = f"! {counted(len(page.warnings), 'warning')} at the end, such as: {line(page.warnings[0])}"
        cut = Text("  " + text)
        cut.truncate(console.width, overflow="ellipsis")
        console.print(cut)
    if page.chart is not None:
        console.print()
        for row in chart.lines(page.chart, console.width):
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


def _claims(page: Page, console: Console) -> None:
    if not page.claims:
        return
    from heldout.report.finding import told
    from heldout.report.lines import finding_lines

    console.print()
    console.print(Text("Claims", style="bold"))
    for verdict in page.claims:
        for indent, text in finding_lines(told(verdict)):
            wrapped(console, indent, text)


def _item(console: Console, mark: str, text: str) -> None:
    """A line of a list, what runs over indented."""
    for i, part in enumerate(_parts(line(text), console.width - len(mark), console)):
        console.print(Text((mark if i == 0 else " " * len(mark)) + part))


def _parts(text: str, width: int, console: Console) -> Iterator[str]:
    yield from (part.plain.rstrip() for part in Text(text).wrap(console, max(width, 20)))
