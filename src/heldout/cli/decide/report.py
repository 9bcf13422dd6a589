"""Report what the store has of a study."""

from dataclasses import replace
from pathlib import Path

import click

from heldout.cli.options import existing_store, json_option, load, store_option, study_argument
from heldout.cli.output import print_json, warn
from heldout.cli.page import write_page


@click.command
@study_argument
@store_option
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write the page to a file.")
@click.option("--markdown", is_flag=True, help="Print Markdown.")
@json_option
def command(name: str, where: str, html: Path | None, markdown: bool, as_json: bool) -> None:
    """Report what the store has of a study. Nothing is run."""
    if markdown and as_json:
        raise click.UsageError("--markdown and --json both print to stdout: choose one")
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
