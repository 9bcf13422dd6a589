"""A result in the terminal: tables that fit, verdicts in words and numbers, cost."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from heldout.core.result import Result
from heldout.report.citation import citation
from heldout.report.cost import cost
from heldout.report.finding import Finding, findings, tally
from heldout.report.layout import GAP, Layout, fit
from heldout.report.named import measure_tables
from heldout.report.number import counted
from heldout.report.scores import Board, boards, gap_table, score_table
from heldout.report.table import Row, Table, table
from heldout.report.text import line

COLOURS = {"supported": "color(32)", "refuted": "color(166)", "undecided": "color(133)", "void": "color(66)"}
"""Four hues of equal weight, no verdict louder than another, that can be read on black and on white."""

MOST = 12
"""Tasks whose scores are printed."""


def show(result: Result, console: Console) -> None:
    """Print everything that a run says about its study."""
    paper = result.study.paper
    console.print(Text(line(paper.title) or paper.slug, style="bold"))
    if paper.title and (paper.authors or paper.year):
        console.print(Text(citation(paper), style="dim"))
    for shown in tables(result):
        console.print()
        if shown.rows:
            console.print(Text(line(shown.title), style="bold"))
        for layout in fit(shown, console.width) if shown.rows else ():
            for text in _lines(layout):
                console.print(text, soft_wrap=True)
        if shown.caption:
            console.print(Text(shown.caption, style="dim"))
    console.print()
    console.print(Text(tally(result), style="bold"))
    for found in findings(result):
        console.print()
        for indent, text in _finding(found):
            _wrapped(console, indent, text)
    console.print()
    for name, text in cost(result):
        console.print(Text.assemble((f"{name}: ", "bold"), line(text)))
    if result.page:
        console.print(Text.assemble(("page: ", "bold"), line(result.page)), soft_wrap=True)


def tables(result: Result) -> Iterator[Table]:
    """Scores of every task, further metrics, the named measures, the gaps."""
    scored = [b for b in boards(result) if b.probe == "score"]
    for board in scored[:MOST]:
        yield score_table(board)
    if len(scored) > MOST:
        rest = f"{counted(len(scored) - MOST, 'more task')}: the page and --json have their scores"
        yield Table("", "", (), (), caption=rest)
    yield from (*measure_tables(result), *(t for t in (gap_table(result),) if t), *_metrics(result))


def _metrics(result: Result) -> Iterator[Table]:
    """Metrics other than the score, on iid and over each axis only: the page has every place."""
    found: dict[str, list[Board]] = {}
    for board in boards(result):
        if board.probe != "score":
            found.setdefault(board.probe, []).append(board)
    for probe, several in found.items():
        learners = tuple(dict.fromkeys(x for b in several for x in b.learners))
        rows = []
        for board in several[:MOST]:
            for row in score_table(board).rows:
                cells = dict(zip(board.learners, row.cells, strict=True))
                if row.kind in ("plain", "axis"):
                    rows.append(
                        Row(f"{board.task}, {row.label.removesuffix(' (mean)')}", tuple(cells.get(x) for x in learners))
                    )
        yield table(probe, probe, learners, rows)


def _lines(layout: Layout) -> Iterator[Text]:
    """The table line by line: heads bold, intervals dimmed."""
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
            text.append("" if left else pad).append(head, style if i == 0 else "dim").append(bracket + tail, "dim")
            text.append((pad if left else "") + " " * GAP)
        text.rstrip()
        yield text


def _finding(found: Finding, indent: int = 0) -> Iterator[tuple[int, Text]]:
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
        yield from _finding(part, indent + 4)


def _wrapped(console: Console, indent: int, text: Text) -> None:
    for part in text.wrap(console, max(console.width - indent, 20)):
        part.rstrip()
        console.print(Text(" " * indent) + part)
