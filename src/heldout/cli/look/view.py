"""View stores in the browser: studies, live runs, tasks, papers."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heldout.cli.options import known_studies, own_evidence, own_studies_option

if TYPE_CHECKING:
    from heldout.core.discover import Found


@click.command
@click.argument("stores", nargs=-1, type=click.Path(path_type=Path, file_okay=False), metavar="[STORES]...")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="The port; any free one if 0.")
@click.option("--browser/--no-browser", default=True, help="Open the browser.")
@click.option(
    "--evidence", type=click.Path(path_type=Path, file_okay=False, exists=True), metavar="DIR", help="Kept evidence."
)
@own_studies_option
def command(stores: tuple[Path, ...], port: int, browser: bool, evidence: Path | None, own: tuple[str, ...]) -> None:
    """View stores in the browser, live, until Ctrl-C.

    STORES are folders, `.heldout` (or $HELDOUT_STORE) if none is given. Pages change as studies run; runs can be started,
    stopped and resumed from them. Only this machine can connect, and only the address printed here may start and stop runs.
    """
    import os

    from heldout.core.errors import HeldoutError
    from heldout.core.extras import missing

    where = [_folder(path) for path in stores] or [_folder(Path(os.environ.get("HELDOUT_STORE", ".heldout")))]
    try:
        from heldout.viewer.serve import serve
    except ModuleNotFoundError as error:
        raise HeldoutError(missing("`heldout view`", error)) from error
    keys = {path: f"store-{i}" for i, path in enumerate(where, 1)} if len(where) > 1 else {where[0]: "store"}
    others = tuple((_called(path, where), f"/{key}/index.html") for path, key in keys.items()) if len(where) > 1 else ()
    known = known_studies(own)
    lives = {key: _live(path, evidence or own_evidence(), others, known) for path, key in keys.items()}
    serve(lives, port, browse=browser, say=lambda address: click.echo(f"{address}\nCtrl-C ends it.", err=True))


def _folder(path: Path) -> Path:
    from heldout.core.errors import HeldoutError
    from heldout.store.remote import address

    if place := address(path):
        raise HeldoutError(f"view shows folders: `heldout report --site DIR --store {place}` makes pages of that store")
    return path


def _called(path: Path, among: list[Path]) -> str:
    """The folder's name; its whole path where another store has the same name, as `.heldout` mostly has."""
    alike = sum(p.name == path.name for p in set(among)) > 1
    return str(path) if alike or not path.name else path.name


def _live(path: Path, evidence: Path | None, others: tuple[tuple[str, str], ...], known: "dict[str, Found]"):
    from threading import Thread

    from heldout.report.site.papers import papers
    from heldout.report.site.shelf import Shelf
    from heldout.store import open_store
    from heldout.viewer.gather import Sources
    from heldout.viewer.live import Live
    from heldout.viewer.running import Runs

    store = open_store(path)
    sources = Sources((store,), evidence, known=known)
    shelf = Shelf({}, sources.known, papers(), live=True, others=others)
    live = Live(
        store,
        sources,
        shelf,
        Runs(path, {slug: found.reference for slug, found in known.items() if found.module is None}),
    )
    Thread(target=live.gather, args=(lambda text: click.echo(text, err=True),), daemon=True).start()
    return live
