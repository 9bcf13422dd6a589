"""Bring the small files of a store together, and look at all of them."""

from typing import TYPE_CHECKING

import click

from heldout.cli.options import existing_store, json_option, store_option
from heldout.cli.output import print_json

if TYPE_CHECKING:
    from heldout.store.compaction import Size


@click.command
@click.argument("place", metavar="[STORE]", required=False, type=click.Path(file_okay=False))
@store_option
@json_option
def command(place: str | None, where: str, as_json: bool) -> None:
    """Bring the small files of a store together, so that it is read fast, and look at every one of them.

    This happens by itself while a store grows. It helps after stores were merged by copying files. What is damaged is named
    and set aside as it is; nothing else changes. Runs may go on meanwhile, and it may be killed at any moment.
    """
    store = existing_store(place or where)
    before, after = store.compact(wait=True)
    if as_json:
        found = {
            "store": store.folder,
            "before": before._asdict(),
            "after": after._asdict(),
            "warnings": store.warnings,
        }
        return print_json(found)
    click.echo(f"{store.folder}: {after.batches:,} batches in {_text(before)}, now in {_text(after)}")
    for warning in store.warnings:
        click.echo(f"warning: {warning}", err=True)
    return None


def _text(size: "Size") -> str:
    return f"{size.files:,} file{'s' if size.files != 1 else ''} ({size.bytes / 1e6:.1f} MB)"
