"""Print BibTeX for a study's paper."""

import click

from heldout.cli.options import json_option, load, study_argument
from heldout.cli.output import print_json


@click.command
@study_argument
@json_option
def command(name: str, as_json: bool) -> None:
    """Print BibTeX for a study's paper, the papers behind what it uses, and heldout itself."""
    from heldout.core.study import Paper
    from heldout.report.citation import bibliography, bibtex, papers

    _, study = load(name)
    ours = Paper("heldout", "heldout: a laboratory for generalization", 2026, "The heldout developers")
    if as_json:
        print_json([*papers(study), ours])
    else:
        click.echo(f"{bibliography(study)}\n\n{bibtex(ours)}")
