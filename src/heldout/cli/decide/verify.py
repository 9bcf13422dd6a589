"""Run kept evidence again and compare."""

from typing import TYPE_CHECKING

import click

from heldout.cli.options import Count, evidence_folder, json_option, load, study_argument
from heldout.cli.output import print_table

if TYPE_CHECKING:
    from heldout.core.verdict import Verdict


@click.command
@study_argument
@click.option("--workers", type=Count(), metavar="N", help="Processes; one per core if not given.")
@json_option
def command(name: str, workers: int | None, as_json: bool) -> None:
    """Run kept evidence again, from nothing, and compare.

    The recorded seeds run anew, without the clock. A claim agrees if its verdict is the same and the intervals overlap.
    Exits with 1 if any claim does not agree.
    """
    from rich.console import Console

    from heldout.evidence import verify
    from heldout.report.progress import watching

    found, study = load(name)
    path = evidence_folder(found) / f"{study.slug}.json"
    with watching(study, Console(stderr=True)) as progress:
        compared = verify(study, path, workers or 0, progress, found.reference)
    rows = [(c.claim, "agrees" if c.agrees else "differs", *_said(c.kept), *_said(c.replayed)) for c in compared]
    print_table(("claim", "", "kept", "kept interval", "replayed", "replayed interval"), rows, as_json=as_json)
    click.get_current_context().exit(0 if all(c.agrees for c in compared) else 1)


def _said(verdict: "Verdict") -> tuple[str, str]:
    return verdict.verdict, f"[{verdict.low:.4g}, {verdict.high:.4g}]"
