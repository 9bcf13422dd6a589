"""Tables and findings as lines of a terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from heldout.report.layout import GAP, Layout, fit
from heldout.report.table import Table
from heldout.report.text import line

if TYPE_CHECKING:
    from heldout.report.finding import Finding

COLOURS = {"supported": "color(32)", "refuted": "color(166)", "undecided": "color(133)", "void": "color(66)"}
"""Four hues of equal weight, no verdict louder than another, that can be read on black and on white."""


def table_lines(table: Table, width: int) -> Iterator[Text]:
    """The table in so many columns, line by line: heads bold, intervals dimmed."""
    for layout in fit(table, width):
        yield from _layout(layout)


def _layout(layout: Layout) -> Iterator[Text]:
    widths = layout.widths
    yield from _row(layout.heads, layout, widths, "bold")
    for cells, kind in layout.rows:
        yield from _row(cells, layout, widths, "bold" if kind == "axis" else "")


def _row(cells: tuple[str, ...], layout: Layout, widths: tuple[int, ...], style: str) -> Iterator[Text]:
    split = [cell.split("\n") for cell in cells]
    for i in range(max(len(parts) for parts in split)):
        text = Text()
        for parts, width, left in zip(split, widths, layout.left, strict=True):
            part = parts[i] if i < len(parts) else ""
            pad = " " * (width - cell_len(part))
            head, bracket, tail = part.partition("[") if not left else (part, "", "")
            text.append("" if left else pad).append(head, style if i == 0 or left else "dim").append(
                bracket + tail, "dim"
            )
            text.append((pad if left else "") + " " * GAP)
        text.rstrip()
        yield text


def finding_lines(found: "Finding", indent: int = 0) -> Iterator[tuple[int, Text]]:
    """Lines with their indents, before they are wrapped."""
    colour = COLOURS.get(found.verdict, "")
    head = Text.assemble((f"{found.mark} {found.verdict:<9}  ", f"bold {colour}"))
    yield indent, head + Text(line(found.name or found.statement), style="bold" if found.name else "")
    lines = [found.statement if found.name and found.statement != found.name else "", found.numbers, found.basis]
    lines += [f"because {found.reason}" if found.reason else ""]
    lines += [f"given {condition.told}" for condition in found.conditions]
    lines += [f"in the paper: {found.published}" if found.published else ""]
    yield from ((indent + 2, Text(line(text))) for text in lines if text)
    for part in found.parts:
        yield from finding_lines(part, indent + 4)


def wrapped(console: Console, indent: int, text: Text) -> None:
    """Print a text over as many lines as it needs, all of them indented."""
    for part in text.wrap(console, max(console.width - indent, 20)):
        part.rstrip()
        console.print(Text(" " * indent) + part)
