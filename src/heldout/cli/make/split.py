"""Split your examples so that test combines anew what train has."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from heldout.cli.options import json_option
from heldout.cli.output import print_json, shown

if TYPE_CHECKING:
    from heldout.results.split import Parted

SHARE = click.FloatRange(0, 1)


@dataclass(frozen=True)
class Request:
    """What the command line asks for."""

    file: Path
    atoms: str
    compounds: str | None
    divergence: float
    test_share: float
    atom_divergence: float
    leave_out: float
    output: Path | None
    seed: int
    as_json: bool


@click.command
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--atoms", required=True, metavar="COLUMN", help="What an example is made of: rules, words, steps.")
@click.option("--compounds", metavar="COLUMN", help="How these are put together; else pairs of atoms.")
@click.option("--divergence", type=SHARE, required=True, metavar="X", help="Of compounds, 0 (alike) to 1 (disjoint).")
@click.option(
    "--test-share", type=SHARE, default=0.2, show_default=True, metavar="X", help="Test's part of the examples."
)
@click.option("--atom-divergence", type=SHARE, default=0.02, show_default=True, metavar="X", help="At most.")
@click.option("--leave-out", type=SHARE, default=0.5, show_default=True, metavar="X", help="Part in neither, at most.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the examples with their split.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Another seed, another split.")
@json_option
def command(**given: Any) -> None:
    """Split your own examples so that test combines anew what train is made of.

    FILE is CSV, TSV or JSON lines, an example a row. Atoms and compounds are lists, or text with `;` or spaces between. Train
    and test get the same atoms (divergence at most 0.02) in compounds that differ as much as you ask. Examples that stand in
    the way are left out.
    """
    from heldout.results.split import column, part, read, written
    from heldout.stats.splitting import Wanted

    request = Request(**given)
    rows = read(request.file)
    wanted = Wanted(request.divergence, request.test_share, request.atom_divergence, request.leave_out)
    compounds = None if request.compounds is None else column(rows, request.compounds)
    found = part(column(rows, request.atoms), compounds, wanted, request.seed)
    if request.output is not None:
        _write(written(rows, found.names, request.output), request.output)
    if request.as_json:
        print_json(_tree(found))
    else:
        _show(found, kept=request.output is not None)


def _show(found: "Parted", *, kept: bool) -> None:
    parts = [f"{found.count('train'):,} train", f"{found.count('test'):,} test"]
    if left := found.count("left out"):
        parts.append(f"{left:,} left out")
    click.echo(f"{len(found.names):,} examples: {', '.join(parts)}")
    click.echo(
        f"compound divergence {found.compounds:.3f} (a random split: {found.random:.3f}), atom divergence {found.atoms:.3f}"
    )
    click.echo(f"{found.unseen:,} of the {found.tested:,} compounds in test are not in train")
    if found.paired:
        click.echo("compounds are all pairs of atoms that occur together; --compounds COLUMN names better ones")
    if not kept:
        click.echo("nothing was written: --output FILE keeps the examples with their split")


def _tree(found: "Parted") -> dict[str, Any]:
    return {
        "examples": len(found.names),
        "train": found.count("train"),
        "test": found.count("test"),
        "left_out": found.count("left out"),
        "compound_divergence": found.compounds,
        "atom_divergence": found.atoms,
        "random_compound_divergence": found.random,
        "compounds_in_test": found.tested,
        "compounds_not_in_train": found.unseen,
        "compounds_are_pairs": found.paired,
        "split": list(found.names),
    }


def _write(text: str, path: Path) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    click.echo(f"split: {shown(path)}", err=True)
