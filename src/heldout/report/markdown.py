"""A result as GitHub Markdown: the text of a study's page in the documentation."""

from collections.abc import Iterator, Mapping

from heldout.core.result import Result
from heldout.report.citation import bibliography, citation
from heldout.report.cost import cost, provenance
from heldout.report.finding import Finding, findings, tally
from heldout.report.named import measure_tables
from heldout.report.scores import boards, gap_table, score_table
from heldout.report.table import Table
from heldout.report.text import line, paragraphs
from heldout.report.text import markdown as escaped


def page(result: Result, pictures: Mapping[str, str] | None = None) -> str:
    """The whole page; `pictures`: captions to addresses of image files that the caller has written beside it."""
    return "\n".join(_lines(result, pictures or {})).rstrip() + "\n"


def _lines(result: Result, pictures: Mapping[str, str]) -> Iterator[str]:
    study = result.study
    yield f"# {escaped(study.paper.title or study.slug)}"
    yield from ("", escaped(citation(study.paper)), "")
    if result.about:
        yield from ("\n\n".join(escaped(part, code=True) for part in paragraphs(result.about)), "")
    yield from ("## Verdicts", "", f"{tally(result)[:1].upper()}{tally(result)[1:]}.", "")
    for found in findings(result):
        yield from finding_lines(found)
    yield from ("## Scores", "")
    for board in boards(result):
        yield from table_lines(score_table(board))
    for table in (*measure_tables(result), gap_table(result)):
        yield from table_lines(table) if table else ()
    yield from _published(result)
    if pictures:
        yield from ("## Figures", "")
        for caption, address in pictures.items():
            yield from (f"![{escaped(caption)}]({address})", "")
    yield from ("## Cost and provenance", "")
    for name, text in (*cost(result), *provenance(result)):
        yield f"- {escaped(name)}: {escaped(str(text))}"
    yield from ("", "## Run it again", "", "```sh", f"heldout run {line(study.slug)}", "```", "")
    yield from ("## Citation", "", "```bibtex", bibliography(study).replace("```", "'''"), "```")


def finding_lines(found: Finding, depth: int = 0) -> Iterator[str]:
    """The verdict, its numbers and what they rest on."""
    if depth:
        pad = "  " * (depth - 1)
        said = "; ".join(escaped(t) for t in (found.numbers, found.reason) if t)
        yield f"{pad}- {found.mark} **{found.verdict}**: {escaped(found.statement)}" + (f" ({said})" if said else "")
    else:
        yield from (f"### {found.mark} {found.verdict.capitalize()}: {escaped(found.name)}", "")
        if found.statement != found.name:
            yield from (escaped(found.statement), "")
        for text in (found.numbers, found.basis, found.reason and f"Because {found.reason}"):
            yield from (f"{escaped(text[:1].upper() + text[1:])}.", "") if text else ()
        for condition in found.conditions:
            yield from (f"Given {escaped(condition.told)}.", "")
        if found.published:
            yield from (f"In the paper: {escaped(found.published)}", "")
    for part in found.parts:
        yield from finding_lines(part, depth + 1)
    if found.parts and not depth:
        yield ""


def table_lines(table: Table, level: str = "###") -> Iterator[str]:
    """The table under its title."""
    under = table.under or ("",) * len(table.columns)
    heads = [f"{escaped(c)}<br>{u}" if u else escaped(c) for c, u in zip(table.columns, under, strict=True)]
    yield from (f"{level} {escaped(table.title)}", "")
    yield _row([escaped(table.corner), *heads, *table.notes])
    yield _row([":--", *["--:"] * len(heads), *[":--"] * len(table.notes)])
    for row in table.rows:
        name = escaped(row.label)
        name = {"axis": f"**{name}**", "plain": name}.get(row.kind, f"&emsp;{name}")
        cells = [" ".join(t for t in (table.number(c, row), table.interval(c, row)) if t) for c in row.cells]
        yield _row([name, *cells, *(escaped(n) for n in row.notes)])
    yield ""


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _published(result: Result) -> Iterator[str]:
    """The paper's figures that stand beside no claim and no measure."""
    beside = {v.claim for v in result.verdicts} | {m.name for m in result.measures}
    rest = {name: text for name, text in result.study.paper.published.items() if name not in beside}
    if rest:
        yield from ("### In the paper", "")
        yield from (f"- {escaped(name)}: {escaped(text)}" for name, text in rest.items())
        yield ""
