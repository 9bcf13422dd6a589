"""The group of all commands: it finds them as files, reads their first lines, and imports only the one that is called.

A folder beside this file is a section of the help, a file in it a command: `look/list.py` is `heldout list`. The first
line of a module's docstring is its help, and its `command` is what Click runs.
"""

import errno
import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import NamedTuple

import click

from heldout import __version__

COMPLETE = "_HELDOUT_COMPLETE"
"""The environment variable by which a shell asks for completions."""


class Entry(NamedTuple):
    """A command as a file: its section, module and help line."""

    section: str
    module: str
    help: str


@cache
def entries() -> dict[str, Entry]:
    """Every command by name, section by section."""
    found: dict[str, Entry] = {}
    root = Path(__file__).parent
    for opening in sorted(root.glob("*/__init__.py")):
        section = _first_line(opening).rstrip(".")
        for path in sorted(opening.parent.glob("[a-z]*.py")):
            module = f"{__package__}.{opening.parent.name}.{path.stem}"
            found[path.stem.replace("_", "-")] = Entry(section, module, _first_line(path))
    return found


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.readline().strip().removeprefix('"""').removesuffix('"""')


class Commands(click.Group):
    """A group whose help costs no import of its commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of all commands."""
        return list(entries())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command."""
        entry = entries().get(cmd_name)
        return import_module(entry.module).command if entry else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name, or say which ones are called nearly so."""
        if args and not args[0].startswith("-") and args[0] not in entries():
            ctx.fail(f"there is no command {args[0]!r}: {_near(args[0])}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands by section, with help lines read from the files."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, entry in entries().items():
            sections.setdefault(entry.section, []).append((name, entry.help))
        for section, rows in sections.items():
            with formatter.section(section):
                formatter.write_dl(rows)


def _near(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, entries(), 2, 0.5)
    return f"did you mean {' or '.join(near)}?" if near else "`heldout --help` shows all of them"


@click.group(
    "heldout", cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, "-V", "--version", message="heldout %(version)s")
def heldout() -> None:
    """Decide claims about generalization, with as many seeds or items as they need and no more.

    `heldout run corruptions` is a good first one.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 2 for what the user can mend, in one line; 130 for Ctrl-C."""
    from heldout.cli.interrupts import heed

    heed()
    sys.exit(status(arguments))


def status(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _prepare()
    try:
        code = _invoke(given or ["--help"])
        sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort) as stop:
        notes = getattr(stop, "__notes__", ["nothing was lost"])
        return _say(f"stopped: {'; '.join(notes)}", 130)
    except click.ClickException as error:
        return _say(_usage(error), 2)
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # Rich's way
            return _silence()
        raise
    except BrokenPipeError:  # whoever read our output has left
        return _silence()
    except Exception as error:  # noqa: BLE001 - sorted below into the user's and ours
        return _mendable(error)
    return code


def _prepare() -> None:
    """Let a stream that was closed lead nowhere, and show as "?" what the encoding of an open one lacks."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # else the next file to be opened gets its number, and what is printed to it
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _invoke(given: list[str]) -> int:
    """What Click's own `main` does, but for errors, which are ours to say."""
    if instruction := os.environ.get(COMPLETE):
        from click.shell_completion import shell_complete

        return shell_complete(heldout, {}, "heldout", COMPLETE, instruction)
    try:
        with heldout.make_context("heldout", given) as context:
            heldout.invoke(context)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    return 0


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    hint = f" (`{context.command_path} --help` shows how)" if context is not None else ""
    message = error.format_message().rstrip(".")
    return message[:1].lower() + message[1:] + ("" if "`" in message else hint)


def _mendable(error: Exception) -> int:
    """Print in one line what the user can mend; anything else is our own error and keeps its traceback."""
    from heldout.core.errors import HeldoutError
    from heldout.core.extras import missing

    if "HELDOUT_TRACEBACK" in os.environ:
        raise error
    if isinstance(error, HeldoutError):
        return _say(str(error), 2)
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("heldout"):
        return _say(missing("this command", error), 2)
    if isinstance(error, OSError) and error.filename:
        return _say(f"{error.filename}: {error.strerror}", 2)
    if isinstance(error, OSError) and error.errno in (
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EIO,
    ):  # files' are said elsewhere
        _silence()
        return _say(f"what was to be printed cannot be written: {error.strerror}", 2)
    raise error


def _say(text: str, code: int) -> int:
    click.echo(f"heldout: {' '.join(text.split())}", err=True)
    return code


def _silence() -> int:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 141
