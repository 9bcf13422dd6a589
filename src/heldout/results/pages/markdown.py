"""A page as GitHub Markdown."""

from collections.abc import Iterator

from heldout.report.finding import told
from heldout.report.markdown import finding_lines, table_lines
from heldout.report.table import Table
from heldout.report.text import markdown as escaped
from heldout.results.pages.page import Page


def page(made: Page) -> str:
    """The whole page, without figures."""
    return "\n".join(_lines(made)).rstrip() + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield from (f"# {escaped(page.headline)}", "")
    for sentence in page.sentences:
        yield f"- {escaped(sentence)}"
    yield from ("", "## What was understood", "")
    yield from (f"From {escaped(page.sources)}{': ' if page.shape else ''}{escaped(page.shape)}.", "")
    yield from (f"- {escaped(text)}" for text in page.understood)
    yield from (f"- repaired or left out: {escaped(text)}" for text in page.repairs)
    yield ""
    for part in page.parts:
        yield from (f"## {escaped(part.title)}", "")
        for sentence in part.sentences:
            yield from (escaped(sentence), "")
        for table in part.tables:
            yield from _table(table) if table.rows else ()
    if page.claims:
        yield from ("## Claims", "")
        for verdict in page.claims:
            yield from finding_lines(told(verdict))
    if page.warnings:
        yield from ("## Warnings", "")
        yield from (f"- {escaped(text)}" for text in page.warnings)


def _table(table: Table) -> Iterator[str]:
    """The table with what its numbers are; its title stands above it already."""
    yield from tuple(table_lines(table))[2:]
    yield from (f"{escaped(table.caption or 'Estimate and 95% interval')}.", "")
