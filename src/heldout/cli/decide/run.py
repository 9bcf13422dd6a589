"""Run a study until its claims are decided."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from heldout.cli.fresh import fresh
from heldout.cli.options import (
    Count,
    Minutes,
    announced,
    evidence_folder,
    json_option,
    load,
    store_option,
    study_argument,
)
from heldout.cli.output import print_json, shown, warn
from heldout.cli.page import write_page

if TYPE_CHECKING:
    from heldout.core.discover import Found
    from heldout.core.result import Result
    from heldout.core.study import Study
    from heldout.report.progress import Progress


@dataclass(frozen=True)
class Request:
    """What the command line asks for."""

    name: str
    where: str
    as_json: bool
    seeds: int | None
    minutes: float | None
    workers: int | None
    on: str
    fresh: bool
    keep: bool
    smoke: bool
    page: bool
    fail_unless: str | None


@click.command
@study_argument
@click.option("--seeds", type=Count(), metavar="N", help="Cap of seeds, in place of the study's.")
@click.option("--minutes", type=Minutes(), metavar="M", help="Cap of minutes, in place of the study's.")
@click.option("--workers", type=Count(), metavar="N", help="Processes; one per core if not given.")
@click.option(
    "--on", default="local", metavar="PLACE", show_default=True, help="`ray`, or `ray://HOST:PORT`: on a cluster."
)
@store_option
@click.option("--fresh", is_flag=True, help="Run again what the store has.")
@click.option("--smoke", is_flag=True, help="A few steps of two seeds, kept nowhere: does it run at all?")
@click.option("--keep", is_flag=True, help="Write the verdicts to evidence/<slug>.json.")
@click.option("--page/--no-page", default=True, help="Write the HTML page; the default is to do so.")
@click.option(
    "--fail-unless",
    type=click.Choice(["supported", "decided"]),
    help="Exit with 1 unless every claim is. Without it a run exits with 0 whatever the verdicts.",
)
@json_option
def command(**given: Any) -> None:
    """Run a study until its claims are decided, or its budget is spent.

    STUDY is a slug (`heldout list`) or the path of a Python file. What ran is kept in the store: the same command again
    goes on where it stopped, or answers at once. Progress goes to stderr, the report to stdout.
    """
    request = Request(**given)
    if request.smoke and (request.keep or request.fresh):
        raise click.UsageError("--smoke keeps nothing and reads nothing: leave out --keep and --fresh")
    if request.keep and request.seeds is not None:
        raise click.UsageError("--keep is for runs under the study's own budget: leave out --seeds")
    if request.on != "local":
        from heldout.runner.cluster import address

        address(request.on)
    found, study = load(request.name)
    result = _conduct(request, found, study)
    _print(request, result)
    words = {v.verdict for v in result.verdicts}
    wanted = {"supported"} if request.fail_unless == "supported" else {"supported", "refuted", "void"}
    click.get_current_context().exit(1 if request.fail_unless and words - wanted else 0)


def _conduct(request: Request, found: "Found", study: "Study") -> "Result":
    from rich.console import Console

    from heldout.cli.interrupts import heeding
    from heldout.core.discover import about
    from heldout.evidence import keep
    from heldout.lab import Options, capped, conduct
    from heldout.report.progress import watching
    from heldout.store import open_store

    options = Options(request.workers or 0, request.seeds, request.minutes, request.smoke, on=request.on)
    with (
        tempfile.TemporaryDirectory(prefix="heldout-smoke-") if request.smoke else nullcontext(request.where) as where,
        nullcontext(announced(open_store(where))) as store,
        watching(capped(study, options), Console(stderr=True)) as progress,
        _stopping(progress, request),
        fresh(store) if request.fresh else nullcontext(store) as used,
    ):
        result = conduct(study, used, options, heeding(progress), found.reference)
    result = replace(result, about=about(found))
    if request.page and not request.smoke:
        result = write_page(result, store.path("reports", f"{study.slug}.html"))
    if request.keep:
        path = keep(result, store, evidence_folder(found))
        click.echo(f"evidence: {shown(path)}", err=True)
    return result


@contextmanager
def _stopping(progress: "Progress", request: Request) -> Iterator[None]:
    """Say, when Ctrl-C stops a run, what is kept and how to go on."""
    try:
        yield
    except KeyboardInterrupt as stop:
        kept = f"{progress.finished} finished here and all earlier ones are kept in {request.where}"
        stop.add_note("a smoke run keeps nothing" if request.smoke else f"{kept}; the same command goes on from there")
        raise


def _print(request: Request, result: "Result") -> None:
    if request.as_json:
        from heldout.report.json import tree

        print_json(tree(result))
        warn(result)
        return
    from rich.console import Console

    from heldout.report.terminal import show

    show(result, Console())
