"""What heldout's values look like in a notebook: studies, results, verdicts, tables. IPython is told of them, never imported."""

from collections.abc import Sequence
from html import escape
from typing import Any

from heldout.core.errors import HeldoutError
from heldout.core.result import Result
from heldout.core.study import Study
from heldout.core.verdict import Verdict, Verdicts
from heldout.report.citation import citation
from heldout.report.finding import Finding, told
from heldout.report.table import Table
from heldout.report.text import line

COLOURS = {"supported": "#0087d7", "refuted": "#d75f00", "undecided": "#af5faf", "void": "#5f8787"}
"""Those of the terminal: they can be read on a light and on a dark ground."""

CELL = "text-align:left;vertical-align:top;overflow-wrap:anywhere"
DIM = "opacity:.72;font-size:.9em"


def register(shell: Any) -> None:
    """Tell an IPython shell how studies, results and verdicts are shown."""
    html = shell.display_formatter.formatters["text/html"]
    html.for_type(Study, study)
    html.for_type(Result, result)
    html.for_type(Verdict, lambda found: verdicts([found]))
    html.for_type(Verdicts, verdicts)


def verdicts(found: Sequence[Verdict]) -> str:
    """A row for each verdict: the word, the claim, its numbers and what they rest on."""
    return f"<table>{''.join(_verdict(told(v)) for v in found)}</table>"


def study(shown: Study) -> str:
    """What a study asks, of what, and how it is run."""
    claims = "".join(
        f'<li style="{CELL}">{_line(name)}<br><code>{_line(claim.text)}</code></li>'
        for name, claim in shown.claims.items()
    )
    pairs = (
        ("tasks", ", ".join(t.name for t in shown.tasks)),
        ("learners", ", ".join(x.name for x in shown.learners)),
        ("at most", f"{shown.budget.seeds} seeds, {shown.budget.minutes:g} minutes"),
    )
    rows = "".join(
        f'<tr><td style="{CELL};{DIM}">{name}</td><td style="{CELL}">{_line(text)}</td></tr>' for name, text in pairs
    )
    return (
        f"<b>{_line(shown.paper.title or shown.slug)}</b><br><span style='{DIM}'>{_line(citation(shown.paper))}</span>"
        f"<ol>{claims}</ol><table>{rows}</table>"
    )


def result(shown: Result) -> str:
    """The page of a result in a frame; its verdicts alone where what makes pages is not installed."""
    from heldout.report.html import page

    try:
        return frame(page(shown))
    except (ModuleNotFoundError, HeldoutError):
        return verdicts(shown.verdicts)


def frame(page: str) -> str:
    """A whole page within a notebook: it runs nothing, and lends the notebook no style."""
    return f'<iframe style="width:100%;height:48em;border:0" sandbox srcdoc="{escape(page)}"></iframe>'


def table(shown: Table) -> str:
    """A table, its intervals under its numbers."""
    under = shown.under or ("",) * len(shown.columns)
    heads = [f'<th style="{CELL}">{_line(shown.corner)}</th>'] + [
        _head(c, u) for c, u in zip(shown.columns, under, strict=True)
    ]
    rows = []
    for row in shown.rows:
        indent = "padding-left:1.6em" if row.kind not in ("plain", "axis") else ""
        cells = [f'<td style="{CELL};{indent}">{_line(row.label)}</td>']
        for cell in row.cells:
            around = shown.interval(cell, row)
            cells.append(
                f'<td style="text-align:right">{_line(shown.number(cell, row))}'
                + (f'<br><span style="{DIM}">{_line(around)}</span>' if around else "")
                + "</td>"
            )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    caption = f'<caption style="{DIM};caption-side:bottom">{_line(shown.caption)}</caption>' if shown.caption else ""
    return f"<table>{caption}<thead><tr>{''.join(heads)}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _head(name: str, under: str) -> str:
    below = f'<br><span style="{DIM};font-weight:normal">{_line(under)}</span>' if under else ""
    return f'<th style="text-align:right">{_line(name)}{below}</th>'


def _verdict(found: Finding) -> str:
    colour = COLOURS.get(found.verdict, "inherit")
    said = [found.statement if found.statement != found.name else "", found.numbers, found.basis]
    said += [f"because {found.reason}" if found.reason else ""]
    said += [f"given {condition.told}" for condition in found.conditions]
    said += [part.told for part in found.parts]
    below = "".join(f'<br><span style="{DIM}">{_line(text)}</span>' for text in said if text)
    return (
        f'<tr><td style="{CELL};white-space:nowrap;color:{colour}"><b>{found.mark} {found.verdict}</b></td>'
        f'<td style="{CELL}"><b>{_line(found.name)}</b>{below}</td></tr>'
    )


def _line(text: str) -> str:
    return escape(line(text))
