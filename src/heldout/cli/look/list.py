"""List the studies: slug, theme, title."""

import click

from heldout.cli.options import json_option
from heldout.cli.output import print_table


@click.command
@click.option("--theme", help="Only this theme.")
@json_option
def command(theme: str | None, as_json: bool) -> None:
    """List the studies. Nothing is imported: titles are read from the files."""
    from difflib import get_close_matches

    from heldout.core.discover import studies
    from heldout.core.errors import HeldoutError

    found = list(studies().values())
    themes = sorted({f.theme for f in found})
    if theme is not None and theme not in themes:
        near = get_close_matches(theme, themes, 3, 0.4) or themes
        raise HeldoutError(f"there is no theme {theme!r}: there is {', '.join(near)}")
    rows = [(f.slug, f.theme, f.title) for f in found if theme in (None, f.theme)]
    print_table(("slug", "theme", "title"), rows, as_json=as_json)
