"""Report what the store has of a study, or of all studies as a site."""

from dataclasses import replace
from pathlib import Path

import click

from heldout.cli.options import StudyName, existing_store, json_option, load, own_studies_option, store_option
from heldout.cli.output import print_json, warn
from heldout.cli.page import write_page


@click.command
@click.argument("name", metavar="[STUDY]", type=StudyName(), required=False)
@store_option
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write the page to a file.")
@click.option("--markdown", is_flag=True, help="Print Markdown.")
@click.option(
    "--site", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write a site of all studies."
)
@click.option(
    "--evidence",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Take what the store lacks from kept evidence here.  [default: heldout's own]",
)
@click.option("--samples/--no-samples", default=True, help="Draw sample instances for the site's pages of tasks.")
@click.option(
    "--compare",
    "tables",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Add a comparison's page.",
)
@own_studies_option
@json_option
def command(
    name: str | None, where: str, html: Path | None, markdown: bool, site: Path | None, as_json: bool, **more: object
) -> None:
    """Report what the store has of a study. Nothing is run.

    With --site, a folder of pages is written from the store and from kept evidence: what was decided, a page per study, task
    and learner, and every paper that heldout knows of. It needs no server.
    """
    if site is not None:
        if name or html or markdown:
            raise click.UsageError("--site writes pages of all studies: give no STUDY, --html or --markdown beside it")
        from heldout.cli.site import write

        return write(where, site, as_json=as_json, **more)  # pyright: ignore[reportArgumentType]
    if name is None:
        raise click.UsageError("name a STUDY, or give --site DIR for all of them")
    if markdown and as_json:
        raise click.UsageError("--markdown and --json both print to stdout: choose one")
    return _one(name, where, html, markdown=markdown, as_json=as_json)


def _one(name: str, where: str, html: Path | None, *, markdown: bool, as_json: bool) -> None:
    from heldout.core.discover import about
    from heldout.lab import recall

    store = existing_store(where)
    found, study = load(name)
    result = replace(recall(study, store), about=about(found))
    if html is not None:
        result = write_page(result, html)
    if as_json:
        from heldout.report.json import tree

        print_json(tree(result))
        warn(result)
    elif markdown:
        from heldout.report.markdown import page as markdown_page

        click.echo(markdown_page(result), nl=False)
    else:
        from rich.console import Console

        from heldout.report.terminal import show

        show(result, Console())
