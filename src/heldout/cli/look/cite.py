"""Print the BibTeX entry of a study's paper."""

import re

import click

from heldout.cli.options import json_option, load, study_argument
from heldout.cli.output import print_json
from heldout.core.study import Paper


@click.command
@study_argument
@json_option
def command(name: str, as_json: bool) -> None:
    """Print the BibTeX entry of a study's paper, and of heldout."""
    _, study = load(name)
    if as_json:
        print_json(study.paper)
    else:
        click.echo(bibtex(study.paper) + "\n\n" + HELDOUT)


def bibtex(paper: Paper) -> str:
    """The entry of one paper; fields that it leaves empty are left out."""
    fields = {
        "title": f"{{{paper.title}}}" if paper.title else "",
        "author": paper.authors,
        "year": str(paper.year or ""),
        "eprint": paper.arxiv,
        "archivePrefix": "arXiv" if paper.arxiv else "",
        "url": f"https://arxiv.org/abs/{paper.arxiv}" if paper.arxiv else "",
    }
    lines = [f"  {key} = {{{value}}}" for key, value in fields.items() if value]
    return f"@misc{{{re.sub('[^a-z0-9-]', '', paper.slug.lower())},\n" + ",\n".join(lines) + "\n}"


HELDOUT = bibtex(Paper("heldout", "heldout: a laboratory for generalization", 2026, "{The heldout developers}"))
