"""Say what is wrong with a study, task or learner."""

import click

from heldout.cli.options import StudyName, json_option
from heldout.cli.output import print_json


@click.command
@click.argument("name", metavar="STUDY|FILE.py[:NAME]", type=StudyName())
@json_option
def command(name: str, as_json: bool) -> None:
    """Hold the contracts against a study, or against a task of your own: one line each, in words.

    `heldout check path/to/file.py:thing` looks at anything in a file. Exits with 1 if a contract is broken.
    """
    from heldout.contracts import findings
    from heldout.core.discover import fetch, find

    found = find(name)
    thing, kept, all_found = fetch(found.reference), True, []
    for finding in findings(thing, found.reference, found.path if found.attribute == "study" else None):
        kept &= finding.kept
        all_found.append(finding)
        if not as_json:
            _print(finding.contract, finding.thing, finding.problems, finding.skipped)
    if as_json:
        print_json([{"kept": f.kept, **vars(f)} for f in all_found])
    click.get_current_context().exit(0 if kept else 1)


def _print(contract: str, thing: str, problems: tuple[str, ...], skipped: str) -> None:
    if not problems:
        word = "skipped" if skipped else "kept"
        click.echo(f"{click.style(f'{word:<8}', dim=True)}{thing}: {contract}" + (f" ({skipped})" if skipped else ""))
    for problem in problems:
        click.echo(f"{click.style('broken  ', bold=True)}{thing}: {contract}: {problem}")
