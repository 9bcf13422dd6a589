"""Score a model of your own, shift by shift, beside baselines."""

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from heldout.cli.options import Count, json_option, store_option
from heldout.cli.output import print_json, shown

if TYPE_CHECKING:
    from heldout.core.result import Result
    from heldout.scoring import Breaking


@dataclass(frozen=True)
class Request:
    """What the command line asks for."""

    model: str
    task: str
    target: str | None
    shift: str | None
    features: str | None
    prediction: str | None
    axis: tuple[str, ...]
    weights: Path | None
    seeds: int
    limit: int | None
    size: int | None
    baselines: bool | None
    select: str
    where: str
    fresh: bool
    as_json: bool
    markdown: bool
    full: bool
    html: Path | None


@click.command
@click.argument("model", metavar="MODEL")
@click.argument("task", metavar="[TASK]", default="")
@click.option("--target", metavar="COLUMN", help="TASK is a table: what is to be predicted.")
@click.option(
    "--shift", "--group", "shift", metavar="COLUMN", help="The table's domains, times or numbers to shift along."
)
@click.option(
    "--features", metavar="A,B,C", help="The columns that the model is given, in this order; all others if not said."
)
@click.option("--prediction", metavar="COLUMN", help="MODEL is a table that holds predictions already, in this column.")
@click.option("--axis", multiple=True, metavar="A", help="Only this shift; the option again for more.")
@click.option(
    "--weights", type=click.Path(path_type=Path), metavar="FILE", help="A PyTorch module's weights (.safetensors)."
)
@click.option("--seeds", type=Count(), default=8, show_default=True, metavar="N", help="Fits of what is fitted here.")
@click.option(
    "--limit",
    type=Count(),
    metavar="N",
    help="Instances per split at most: 1,000 of a study's task and 50,000 of your own data if not said.",
)
@click.option("--size", type=Count(), metavar="N", help="TASK is a folder of images: scale them to N x N.")
@click.option(
    "--baselines/--no-baselines",
    default=None,
    help="A linear model and boosted trees (or a small network) beside it, if not said; with --baselines, on data of your own, "
    "networks trained by ERM, group DRO, IRM, Fish, SAM and weight averaging as well.",
)
@click.option(
    "--select",
    type=click.Choice(["last", "best"]),
    default="last",
    show_default=True,
    help="The step of these networks that counts: the last, or the best on rows kept from the training domains.",
)
@store_option
@click.option("--fresh", is_flag=True, help="Ask again what the store has.")
@click.option("--full", is_flag=True, help="Every split and metric as well, not only the summary.")
@json_option
@click.option("--markdown", is_flag=True, help="Print the page as Markdown.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write the page to a file as well.")
def command(**given: Any) -> None:
    """Score a model of your own, shift by shift, beside baselines.

    MODEL is package.module:name or file.py:name: a scikit-learn estimator (fitted here, once per seed), a PyTorch module, or
    any function from arrays (n, ...) to (n, classes) scores, (n,) labels or (n, k) numbers. TASK is STUDY:TASK, such as
    corruptions:digits, a table (CSV, Parquet, JSON) with --target and --shift, or a folder of images (CLASS/ or DOMAIN/CLASS/).
    Or MODEL is a table with --target, --prediction and --group, and TASK is left out; with --baselines in place of --prediction,
    the baselines are scored alone, as they are on a folder.
    What was asked is kept in the store.
    """
    request = Request(**given)
    if request.as_json and request.markdown:
        raise click.UsageError("--json and --markdown both print a page: choose one")
    result, found = _conduct(request)
    if request.html is not None:
        from heldout.report.html import page

        request.html.write_text(page(result), encoding="utf-8")
        click.echo(f"page: {shown(request.html)}", err=True)
    _print(request, result, found)


def _conduct(request: Request) -> "tuple[Result, tuple[Breaking, ...]]":
    from rich.console import Console

    from heldout.cli.fresh import fresh
    from heldout.cli.interrupts import heeding
    from heldout.lab import Options, conduct
    from heldout.report.progress import watching
    from heldout.scoring import Asked, answered, breaking, paced, posed, warnings
    from heldout.store import open_store

    asked = Asked(
        axes=request.axis,
        limit=request.limit,
        size=request.size,
        seeds=request.seeds,
        baselines=request.baselines is not False,
        networks=request.baselines is True,
        select="best" if request.select == "best" else "last",
        target=request.target,
        shift=request.shift,
        prediction=request.prediction,
        features=tuple(f.strip() for f in request.features.split(",")) if request.features else (),
    )
    study = posed(request.model, request.task, asked, weights=request.weights)
    for text in warnings(study):
        click.echo(f"warning: {text}", err=True)
    store = open_store(request.where)
    if request.limit is None:
        paced(study, store)
    with (
        watching(study, Console(stderr=True)) as progress,
        fresh(store) if request.fresh else nullcontext(store) as used,
    ):
        result = conduct(study, used, Options(workers=1), heeding(progress))
        return result, answered(result, breaking(study, used))


def _print(request: Request, result: "Result", found: "tuple[Breaking, ...]") -> None:
    from heldout.scoring.page import axis_table, sentences, tree

    if request.as_json:
        from heldout.report.json import tree as scores

        print_json(scores(result) | {"breaking": tree(found)})
    elif request.markdown:
        from heldout.report.markdown import page, table_lines

        said = [f"- {text}" for text in sentences(found[0])]
        click.echo("\n".join((*said, "", *table_lines(axis_table(found)), "", page(result))), nl=False)
    else:
        from rich.console import Console
        from rich.text import Text

        from heldout.report.lines import wrapped
        from heldout.report.terminal import show, show_table

        console = Console()
        console.print(Text(result.study.paper.title, style="bold"))
        for text in sentences(found[0]):
            wrapped(console, 2, Text(text))
        show_table(axis_table(found), console)
        if request.full:
            console.print()
            show(result, console)
