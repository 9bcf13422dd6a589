"""What several commands take: a study, a store, a count, `--json`."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from pathlib import Path

    from heldout.core.discover import Found
    from heldout.core.study import Study
    from heldout.store import Store

PATIENCE = 5000
"""Small files that are read for more than ten seconds."""

F = TypeVar("F", bound=Callable[..., Any])


class StudyName(click.ParamType):
    """The slug of a study or the path of its file; the shell completes both."""

    name = "study"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Every slug with its title, and files."""
        from heldout.core.discover import studies

        known = [CompletionItem(slug, help=found.title) for slug, found in studies().items()]
        return [item for item in known if item.value.startswith(incomplete)] or [CompletionItem(incomplete, "file")]


class Count(click.ParamType):
    """A whole number of at least one."""

    name = "count"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, or an error that says what it must be."""
        try:
            number = int(value)
        except ValueError:
            number = 0
        if number < 1:
            self.fail(f"{value!r} must be a whole number of at least 1", param, ctx)
        return number


class Minutes(click.ParamType):
    """A positive number of minutes."""

    name = "minutes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, or an error that says what it must be."""
        try:
            number = float(value)
        except ValueError:
            number = 0.0
        if not 0 < number < float("inf"):
            self.fail(f"{value!r} must be a positive number of minutes", param, ctx)
        return number


class Effect(click.ParamType):
    """A positive number of standard deviations."""

    name = "effect"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, or an error that says what it must be."""
        try:
            number = float(value)
        except ValueError:
            number = 0.0
        if not 0 < number < float("inf"):
            self.fail(f"{value!r} must be a positive number of standard deviations", param, ctx)
        return number


def study_argument(function: F) -> F:
    """The argument STUDY, as `name`."""
    return click.argument("name", metavar="STUDY", type=StudyName())(function)


def store_option(function: F) -> F:
    """The option `--store`, as `where`."""
    return click.option(
        "--store",
        "where",
        metavar="DIR",
        default=".heldout",
        envvar="HELDOUT_STORE",
        show_default=True,
        show_envvar=True,
        help="The folder that keeps what was run, or an address such as s3://bucket/name.",
        type=click.Path(file_okay=True, dir_okay=True),
        callback=_place,
    )(function)


def _place(ctx: click.Context, param: click.Parameter, value: str) -> str:  # noqa: ARG001
    """The option's value, as a folder or a well-formed address."""
    if ":/" not in value:
        return value
    from heldout.store.remote import address

    return address(value) or value


def json_option(function: F) -> F:
    """The option `--json`, as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON value on stdout, and nothing else.")(
        function
    )


def load(name: str) -> "tuple[Found, Study]":
    """Where a study is, and the study."""
    from heldout.core.discover import find
    from heldout.core.discover import load as load_study

    found = find(name)
    return found, load_study(found.reference)


def own_studies_option(function: F) -> F:
    """`--study FILE`, any number of times: studies that are not installed."""
    return click.option(
        "--study", "own", multiple=True, type=StudyName(), metavar="FILE", help="Show a study of your own as well."
    )(function)


def known_studies(own: "Sequence[str]") -> "dict[str, Found]":
    """The studies in files that were named, then those that are installed, by slug."""
    from dataclasses import replace

    from heldout.core.discover import studies

    named = {study.slug: replace(found, slug=study.slug) for found, study in map(load, own)}
    return named | {slug: found for slug, found in studies().items() if slug not in named}


def existing_store(where: str) -> "Store":
    """A store that is there; it is not made by looking."""
    from heldout.core.errors import HeldoutError
    from heldout.store import exists, open_store

    if not exists(where):
        raise HeldoutError(f"there is no store at {where}: `heldout run STUDY` makes one, `--store DIR` names another")
    return announced(open_store(where, create=False))


def announced(store: "Store") -> "Store":
    """The store; where so many small files wait in it that it takes minutes to bring them together, stderr says so."""
    count = store.loose()
    if count >= PATIENCE and store.remote is None:
        click.echo(f"{store.where}: bringing {count:,} small files together, once; Ctrl-C loses nothing", err=True)
    return store


def evidence_folder(found: "Found") -> "Path":
    """Where kept evidence of a study stands: in heldout's checkout for its own studies, else below this folder."""
    from pathlib import Path

    own = own_evidence() if (found.module or "").startswith("heldout.studies.") else None
    return own or Path() / "evidence"


def own_evidence() -> "Path | None":
    """The folder of evidence in heldout's checkout, None where heldout does not run from one."""
    from pathlib import Path

    import heldout

    checkout = Path(heldout.__file__).resolve().parent.parent.parent
    return checkout / "evidence" if (checkout / "pyproject.toml").exists() else None
