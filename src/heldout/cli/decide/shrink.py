"""Make a benchmark smaller: the items that stand for all of them."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from heldout.cli.options import Count, json_option
from heldout.cli.output import print_json, print_table, shown

if TYPE_CHECKING:
    from heldout.results.shrink import Shrunk


@dataclass(frozen=True)
class Request:
    """What the command line asks for."""

    files: tuple[str, ...]
    items: int
    columns: tuple[str, ...]
    output: Path | None
    seed: int
    as_json: bool


@click.command
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@click.option("--items", type=Count(), required=True, metavar="N", help="How many items to keep.")
@click.option(
    "--columns", multiple=True, metavar="ROLE=NAME", help="What a column is: system, task, item, score, n, c ..."
)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the chosen items as CSV.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of folds and random choices.")
@json_option
def command(**given: Any) -> None:
    """Choose the items of a benchmark that stand for all of them.

    FILES hold item responses, one outcome of a system on an item in each row, as `heldout compare` reads them. Systems are
    held out to see how far the score on the chosen items is from the score on all, beside random and stratified
    subsets of the same size. The items go to --output, else below the answer.
    """
    request = Request(**given)
    found = _shrunk(request)
    if request.output is not None:
        _write(found, request.output)
    if request.as_json:
        print_json(_tree(found))
        return
    _show(found, listed=request.output is None)


def _shrunk(request: Request) -> "Shrunk":
    # many small matrix products: threads of theirs wait for each other
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from heldout.cli.decide.compare import _columns
    from heldout.core.errors import HeldoutError
    from heldout.results.reading import Reading, read
    from heldout.results.shrink import shrink
    from heldout.results.table import Table

    table = read(request.files, Reading(_columns(request.columns), lower_is_better=False, normalise="none"))
    if not isinstance(table, Table):
        raise HeldoutError(
            "these are battles: shrink needs item responses, an outcome of a system on an item in each row"
        )
    return shrink(table, request.items, request.seed)


def _show(found: "Shrunk", *, listed: bool) -> None:
    from heldout.report.number import number

    best = found.best
    click.echo(
        f"{len(found.chosen):,} of {found.of:,} items stand for all: the score of a new system is off by "
        f"{number(100 * best.error, 2)} points on average ({found.systems} systems, each held out once)"
    )
    click.echo("")
    rows = [
        (f"{e.way} *" if e.way == found.way else e.way, *(number(100 * v, 2) for v in (e.error, e.spread, e.worst)))
        for e in found.expected
    ]
    print_table(("chosen, score", "mean error", "standard error", "worst"), rows)
    click.echo("* taken; errors in points of 100. Informative: most Fisher information over the systems'")
    click.echo("abilities. Stratified: spread over tasks and difficulties. Curves: unseen items predicted.")
    for warning in found.warnings:
        click.echo(f"warning: {warning}", err=True)
    if listed:
        click.echo("")
        kept = [(c.item, c.task, *(number(v, 3) for v in (c.weight, c.slope, c.difficulty))) for c in found.chosen]
        print_table(("item", "task", "weight", "slope", "difficulty"), kept)


def _write(found: "Shrunk", path: Path) -> None:
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["item", "task", "weight", "slope", "difficulty"])
    writer.writerows([c.item, c.task, f"{c.weight:.6g}", f"{c.slope:.6g}", f"{c.difficulty:.6g}"] for c in found.chosen)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text.getvalue(), encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    click.echo(f"items: {shown(path)}", err=True)


def _tree(found: "Shrunk") -> dict[str, Any]:
    from dataclasses import asdict

    made = asdict(found)
    return made | {"curve": [{"ability": a, "unseen": s} for a, s in found.curve]}
