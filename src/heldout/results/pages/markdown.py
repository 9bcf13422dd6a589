"""A comparison as GitHub Markdown."""

from collections.abc import Iterator

from heldout.report.finding import told
from heldout.report.markdown import finding_lines, table_lines
from heldout.report.table import Table
from heldout.report.text import markdown as escaped
from heldout.results.comparison import Comparison
from heldout.results.pages.answer import answer
from heldout.results.pages.contents import contents
from heldout.results.pages.understood import repairs, shape, sources, warnings


def page(comparison: Comparison) -> str:
    """The whole page."""
    return "\n".join(_lines(comparison)).rstrip() + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    found = answer(comparison)
    yield from (f"# {escaped(found.headline)}", "")
    for sentence in found.sentences:
        yield f"- {escaped(sentence)}"
    yield from ("", "## What was understood", "")
    yield from (f"From {escaped(sources(comparison))}: {escaped(shape(comparison))}.", "")
    yield from (f"- {escaped(text)}" for text in comparison.table.understood)
    yield from (f"- repaired or left out: {escaped(text)}" for text in repairs(comparison))
    yield ""
    for part in contents(comparison):
        yield from (f"## {part.title}", "")
        for sentence in part.sentences:
            yield from (escaped(sentence), "")
        for table in part.tables:
            yield from _table(table) if table.rows else ()
    if comparison.claims:
        yield from ("## Claims", "")
        for verdict in comparison.claims:
            yield from finding_lines(told(verdict))
    if warnings(comparison):
        yield from ("## Warnings", "")
        yield from (f"- {escaped(text)}" for text in warnings(comparison))


def _table(table: Table) -> Iterator[str]:
    """The table with what its numbers are; its title stands above it already."""
    yield from tuple(table_lines(table))[2:]
    yield from (f"{escaped(table.caption or 'Estimate and 95% interval')}.", "")
