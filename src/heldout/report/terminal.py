"""A result in the terminal: tables that fit, verdicts in words and numbers, cost."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from heldout.core.result import Result
from heldout.report.citation import citation
from heldout.report.cost import cost
from heldout.report.finding import findings, tally
from heldout.report.lines import finding_lines, table_lines, wrapped
from heldout.report.named import measure_tables
from heldout.report.number import counted
from heldout.report.scores import Board, boards, gap_table, score_table
from heldout.report.table import Row, Table, table
from heldout.report.text import line

MOST = 12
"""Tasks whose scores are printed."""


def show(result: Result, console: Console) -> None:
    """Print everything that a run says about its study."""
    paper = result.study.paper
    console.print(Text(line(paper.title) or paper.slug, style="bold"))
    if paper.title and (paper.authors or paper.year):
        console.print(Text(citation(paper), style="dim"))
    for shown in tables(result):
        show_table(shown, console)
    console.print()
    console.print(Text(tally(result), style="bold"))
    for found in findings(result):
        console.print()
        for indent, text in finding_lines(found):
            wrapped(console, indent, text)
    console.print()
    for name, text in cost(result):
        console.print(Text.assemble((f"{name}: ", "bold"), line(text)))
    if result.page:
        console.print(Text.assemble(("page: ", "bold"), line(result.page)), soft_wrap=True)


def show_table(shown: Table, console: Console) -> None:
    """Print one table below an empty line."""
    console.print()
    if shown.rows:
        console.print(Text(line(shown.title), style="bold"))
    for text in table_lines(shown, console.width) if shown.rows else ():
        console.print(text, soft_wrap=True)
    if shown.caption:
        console.print(Text(shown.caption, style="dim"))


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
