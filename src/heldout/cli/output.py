"""What commands print: one JSON value, or a table that suits whoever reads it."""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from heldout.core.result import Result


def print_json(value: Any) -> None:
    """Print one JSON value; numbers that JSON lacks become null."""
    escaped = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")  # what the encoding may lack
    click.echo(json.dumps(plain(value), indent=2, ensure_ascii=escaped, allow_nan=False))


def warn(result: "Result") -> None:
    """Say on stderr what a run warns of, such as a damaged file, where its JSON has no place for it."""
    for warning in result.warnings:
        click.echo(f"warning: {warning}", err=True)


def plain(value: Any) -> Any:  # noqa: PLR0911
    """The value as JSON has it."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes):
        return [plain(v) for v in value]
    listed = getattr(value, "tolist", None)  # NumPy's scalars and arrays
    return plain(listed()) if listed else str(value)


def print_table(names: Sequence[str], rows: Sequence[Sequence[Any]], *, as_json: bool = False) -> None:
    """Print rows: aligned for a terminal, tab-separated for a pipe, a list of objects for `--json`."""
    if as_json:
        print_json([dict(zip(names, row, strict=True)) for row in rows])
    elif sys.stdout.isatty():
        _aligned(names, rows)
    else:
        for row in (names, *rows):
            click.echo("\t".join(_cell(value) for value in row))


def _aligned(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for index, name in enumerate(names):
        number = any(isinstance(row[index], int | float) for row in rows)
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    Console().print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value).replace("\t", " ").replace("\n", " ")


def shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
