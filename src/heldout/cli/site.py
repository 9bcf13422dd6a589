"""Writing the site: gather, say how far it is, write, say where it is."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heldout.cli.output import print_json, shown

if TYPE_CHECKING:
    from heldout.report.site.frame import Frame


def write(
    where: str,
    folder: Path,
    *,
    evidence: Path | None,
    samples: bool,
    tables: Sequence[Path],
    own: Sequence[str],
    as_json: bool,
) -> None:
    """Write a site of what the store and kept evidence have."""
    from heldout.report.site.write import write as put

    shelf = gather(where, folder / ".samples" if samples else None, evidence, tables, own)
    pages = put(shelf, folder)
    if as_json:
        print_json({"site": str(folder), "pages": len(pages), "studies": list(shelf.results)})
    else:
        click.echo(f"{len(pages):,} pages on {len(shelf.results)} studies: {shown(folder / 'index.html')}", err=True)


def gather(where: str, samples: Path | None, evidence: Path | None, tables: Sequence[Path], own: Sequence[str]):
    """The shelf of a store, of the evidence beside it and of tables to compare, with progress on stderr."""
    from rich.console import Console

    from heldout.cli.options import known_studies, own_evidence
    from heldout.report.site.papers import papers
    from heldout.report.site.shelf import Shelf
    from heldout.store import exists, open_store
    from heldout.viewer.gather import Sources, gathered

    stores = (open_store(where, create=False),) if exists(where) else ()
    if not stores:
        click.echo(f"no store at {where}: pages are made of kept evidence alone", err=True)
    sources = Sources(stores, evidence or own_evidence(), samples, known_studies(own))
    console = Console(stderr=True)
    with console.status("gathering ...") as status:

        def say(text: str) -> None:
            if text.startswith("warning: "):
                console.print(text, markup=False, highlight=False)
            else:
                status.update(f"gathering {text} ...")

        results = gathered(sources, say)
    return Shelf(results, sources.known, papers(), tuple(map(_compared, tables)))


def _compared(path: Path) -> "tuple[str, Callable[[Frame], str]]":
    """The name of a table, and what makes the page of its comparison."""
    from heldout.cli.decide.compare import page

    return path.name, page(path)
