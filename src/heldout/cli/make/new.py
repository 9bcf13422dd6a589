"""Write a study to start from."""

import re
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import click

from heldout.cli.output import shown

if TYPE_CHECKING:
    from heldout.core.errors import HeldoutError


@click.command
@click.argument("slug", metavar="SLUG")
@click.option("--theme", metavar="T", help="Write it among heldout's own studies, under this theme.")
@click.option("--path", "path", type=click.Path(path_type=Path), metavar="FILE", help="Write it to this file.")
def command(slug: str, theme: str | None, path: Path | None) -> None:
    """Write a study to start from: it runs as it is, and is meant to be changed line by line.

    Without an option the file is SLUG.py in this folder. In a checkout of heldout, `--theme vision` puts it where
    `heldout list` and the tests find it.
    """
    if theme is not None and path is not None:
        raise click.UsageError("--theme and --path both say where: choose one")
    for what, name in (("slug", slug), ("theme", theme)):
        if name is not None and not re.fullmatch(r"(?=.{1,100}$)[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
            raise _error(f"{what} {name[:100]!r} must be lower-case words joined by hyphens, such as deep-ensembles")
    made = path or (_among_ours(slug, theme) if theme else Path(f"{slug.replace('-', '_')}.py"))
    _write(made, slug)
    name = slug if theme else shown(made)
    click.echo(f"wrote {shown(made)}")
    click.echo(f"next: heldout check {name} && heldout run {name}", err=True)


def _write(path: Path, slug: str) -> None:
    text = Template(Path(__file__).with_name("skeleton.txt").read_text(encoding="utf-8"))
    title = slug.replace("-", " ").capitalize()
    if path.suffix != ".py":
        raise _error(f"{path} must end in .py: a study is a Python file")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text.substitute(slug=slug, title=title))
    except FileExistsError as error:
        raise _error(f"{path} exists already: give another slug or --path") from error


def _among_ours(slug: str, theme: str) -> Path:
    from heldout.core.discover import ROOT, studies

    if not (ROOT.parent.parent.parent / "pyproject.toml").exists():
        raise _error("heldout is installed, not checked out: leave out --theme, or give --path FILE")
    if slug in studies():
        raise _error(f"there is a study called {slug!r}: `heldout show {slug}`")
    opening = ROOT / theme / "__init__.py"
    if not opening.exists():
        opening.parent.mkdir(parents=True, exist_ok=True)
        opening.write_text(f'"""Studies: {theme}."""\n', encoding="utf-8")
    return ROOT / theme / f"{slug.replace('-', '_')}.py"


def _error(text: str) -> "HeldoutError":
    from heldout.core.errors import HeldoutError

    return HeldoutError(text)
