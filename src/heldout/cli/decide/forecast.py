"""Forecast scores at scales not reached yet."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from heldout.cli.options import json_option
from heldout.cli.output import print_json, shown

if TYPE_CHECKING:
    from heldout.results.forecast import Asking, Forecast, LawName


@dataclass(frozen=True)
class Request:
    """What the command line asks for."""

    table: str
    x: str
    y: str | None
    system: str | None
    at: tuple[float, ...]
    law: "LawName"
    lower_is_better: bool
    chance: float
    ceiling: float | None
    as_json: bool
    markdown: bool
    html: Path | None
    figure: Path | None


@click.command
@click.argument("table", metavar="TABLE")
@click.option("--x", required=True, metavar="COLUMN", help="The scale: compute, data, parameters.")
@click.option("--y", metavar="COLUMN", help="The score; the column that is usually called so.")
@click.option("--system", "--group", metavar="COLUMN", help="A curve for each value of this column, such as a family.")
@click.option("--at", multiple=True, type=float, metavar="X", help="Scales to forecast; 3 and 10 times the largest.")
@click.option(
    "--law",
    type=click.Choice(["auto", "power", "broken", "sigmoid", "line"]),
    default="auto",
    help="The law; auto takes the one that back-tests best, naive forecasts included.",
)
@click.option("--lower-is-better", is_flag=True, help="Scores are losses or errors.")
@click.option("--chance", type=float, default=0.0, metavar="X", help="The score of guessing, for sigmoids.")
@click.option("--ceiling", type=float, metavar="X", help="The highest score there is, for sigmoids; 1 or 100.")
@json_option
@click.option("--markdown", is_flag=True, help="Print the page as Markdown.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write the page to a file as well.")
@click.option("--figure", type=click.Path(path_type=Path), metavar="FILE", help="Write the figure as SVG as well.")
def command(**given: Any) -> None:
    """Forecast scores at scales not reached yet, with prediction intervals.

    TABLE is a CSV, TSV, Parquet or JSON file with a row per measured score. Laws are chosen by how they would have forecast
    the larger scales from the smaller ones, beside the last value, the mean and a straight line.
    """
    request = Request(**given)
    if request.as_json and request.markdown:
        raise click.UsageError("--json and --markdown both print a page: choose one")
    made = _forecast(request)
    _files(request, made)
    _print(request, made)


def _asking(request: Request) -> "Asking":
    from heldout.results.forecast import Asking

    return Asking(
        request.x,
        request.y,
        request.system,
        request.at,
        request.law,
        request.lower_is_better,
        request.chance,
        request.ceiling,
    )


def _forecast(request: Request) -> "Forecast":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # many small matrices, as in compare
    from heldout.results.forecast import forecast_file

    return forecast_file(request.table, _asking(request))


def _files(request: Request, made: "Forecast") -> None:
    if request.html is not None:
        from heldout.results.pages import forecast, html

        _write(html.page(forecast.page(made)), request.html, "page")
    if request.figure is not None:
        from heldout.results.pages.figures import forecast as figure

        _write(figure.drawing(made).file, request.figure, "figure")


def _write(text: str, path: Path, what: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    click.echo(f"{what}: {shown(path)}", err=True)


def _print(request: Request, made: "Forecast") -> None:
    from heldout.results.pages import forecast

    if request.as_json:
        print_json(forecast.tree(made))
    elif request.markdown:
        from heldout.results.pages import markdown

        click.echo(markdown.page(forecast.page(made)), nl=False)
    else:
        from rich.console import Console

        from heldout.results.pages import terminal

        terminal.show(forecast.page(made), Console())
