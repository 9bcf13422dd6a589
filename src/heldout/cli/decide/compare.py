"""Compare the systems in a table of results."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from heldout.cli.options import json_option
from heldout.cli.output import print_json, shown

if TYPE_CHECKING:
    from heldout.report.site.frame import Frame
    from heldout.results.comparison import Comparison
    from heldout.results.pages.page import Page
    from heldout.results.rated import Rated


@dataclass(frozen=True)
class Request:
    """What the command line asks for."""

    files: tuple[str, ...]
    columns: tuple[str, ...]
    lower_is_better: bool
    normalise: str
    claims: Path | None
    margin: float | None
    fail_unless: str | None
    as_json: bool
    markdown: bool
    html: Path | None


@click.command
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@click.option(
    "--columns",
    multiple=True,
    metavar="ROLE=NAME",
    help="What a column is: system, task, run, item, score ... Several with commas, or the option again.",
)
@click.option("--lower-is-better", is_flag=True, help="Scores are errors or costs.")
@click.option(
    "--normalise", default="none", metavar="HOW", help="none, min-max (each task to 0..1), or `reference FILE`."
)
@click.option(
    "--claims", type=click.Path(path_type=Path), metavar="FILE", help="Claims to decide, `name: statement` a line."
)
@click.option("--margin", type=float, metavar="X", help="A difference that would not matter: within it, equivalent.")
@click.option(
    "--fail-unless",
    type=click.Choice(["supported"]),
    help="Exit with 1 unless every claim is supported; without --claims, unless every pair is decided.",
)
@json_option
@click.option("--markdown", is_flag=True, help="Print the page as Markdown.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write the page to a file as well.")
def command(**given: Any) -> None:
    """Compare the systems in a table of results.

    FILES are CSV, TSV, Parquet, JSON or logs of other tools, `-` is standard input. Rows are runs (system, task, seed,
    score), items (system, item, score), battles (two systems and who won) or a leaderboard of systems by tasks; what was
    understood is said first.
    """
    request = Request(**given)
    if request.as_json and request.markdown:
        raise click.UsageError("--json and --markdown both print a page: choose one")
    found = _compared(request)
    if request.html is not None:
        _write(_page(found), request.html)
    _print(request, found)
    click.get_current_context().exit(1 if request.fail_unless and not _supported(found) else 0)


def page(path: Path) -> "Callable[[Frame], str]":
    """What makes the page of the comparison of one file in the frame of a site."""
    from heldout.results.pages import html

    made = _page(_compared(Request((str(path),), (), False, "none", None, None, None, False, False, None)))
    return partial(html.page, made)


def _compared(request: Request) -> "Comparison | Rated":
    # many small matrix products: threads of theirs wait for each other, all the more where other work runs
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from heldout.results.compare import Options, compare
    from heldout.results.reading import Reading, read
    from heldout.results.table import Table

    statements = _claims(request.claims)
    options = Options(margin=request.margin, claims=statements, normalised=request.normalise)
    reading = Reading(_columns(request.columns), request.lower_is_better, request.normalise)
    found = read(request.files, reading)
    if isinstance(found, Table):
        return compare(found, options)
    from heldout.results.rating import rate, refuse

    refuse(
        lower_is_better=request.lower_is_better, normalise=request.normalise, margin=request.margin, claims=statements
    )
    return rate(found)


def _page(found: "Comparison | Rated", *, brief: bool = False) -> "Page":
    from heldout.results.comparison import Comparison

    if isinstance(found, Comparison):
        from heldout.results.pages import compared

        return compared.page(found, brief=brief)
    from heldout.results.pages import rated

    return rated.page(found, brief=brief)


def _columns(given: tuple[str, ...]) -> dict[str, str]:
    from heldout.core.errors import HeldoutError

    found: dict[str, str] = {}
    for one in (part for text in given for part in text.split(",")):
        role, equals, name = one.partition("=")
        if not equals or not role.strip() or not name.strip():
            raise HeldoutError(f"--columns {one}: write role=column, such as system=algo")
        found[role.strip()] = name.strip()
    return found


def _claims(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    from heldout.core.errors import HeldoutError
    from heldout.results.claims import read

    try:
        return read(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise HeldoutError(f"{path}: not text; claims are lines `name: statement`") from None


def _supported(found: "Comparison | Rated") -> bool:
    if claims := getattr(found, "claims", ()):
        return all(v.verdict == "supported" for v in claims)
    return all(p.verdict != "undecided" for p in found.pairs)


def _write(made: "Page", path: Path) -> None:
    from heldout.results.pages import html

    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(html.page(made), encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    click.echo(f"page: {shown(path)}", err=True)


def _print(request: Request, found: "Comparison | Rated") -> None:
    if request.as_json:
        print_json(_tree(found))
    elif request.markdown:
        from heldout.results.pages import markdown

        click.echo(markdown.page(_page(found)), nl=False)
    else:
        from rich.console import Console

        from heldout.results.pages import terminal

        terminal.show(_page(found, brief=True), Console())


def _tree(found: "Comparison | Rated") -> dict[str, Any]:
    from heldout.results.comparison import Comparison

    if isinstance(found, Comparison):
        from heldout.results.pages import json

        return json.tree(found)
    from heldout.results.pages import rated_tree

    return rated_tree.tree(found)
