"""Examples of one's own, parted so that test puts together otherwise what train is made of."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from heldout.core.errors import HeldoutError, first_line
from heldout.stats.divergence import compound_divergence
from heldout.stats.splitting import LEAST, Splitting, Wanted, split

NAMES = ("left out", "train", "test")
"""What is written of an example, by its side of a `Splitting`."""
MOST = 30_000_000
"""Pairs of atoms that are laid out at most."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Parted:
    """A split of examples: their `names` (n,), and what to know of it.

    `random`: the compound divergence of a random split. `unseen`, `tested`: kinds of compounds in test that train lacks, and all
    in test. `paired`: compounds are pairs of atoms, for want of better.
    """

    names: tuple[str, ...]
    compounds: float
    atoms: float
    random: float
    unseen: int
    tested: int
    paired: bool

    def count(self, name: str) -> int:
        """How many examples are of that name."""
        return self.names.count(name)


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a CSV, TSV, JSON-lines or JSON file. HeldoutError where it is none, or holds no rows."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise HeldoutError(f"{path}: not UTF-8 text; examples are CSV or JSON lines") from None
    rows = _objects(text, path) if text.lstrip()[:1] in ("{", "[") else _separated(text, path)
    if not rows:
        raise HeldoutError(f"{path}: no examples in it")
    return rows


def _objects(text: str, path: Path) -> list[dict[str, Any]]:
    whole = text.lstrip().startswith("[")
    lines = [(1, text)] if whole else [(i, line) for i, line in enumerate(text.split("\n"), 1) if line.strip()]
    rows = []
    for number, line in lines:
        try:
            rows.append(json.loads(line))
        except ValueError as error:
            raise HeldoutError(f"{path}: line {number} is not JSON ({first_line(error)})") from None
        except RecursionError:
            raise HeldoutError(f"{path}: line {number} has lists within lists, too deep to read") from None
    rows = rows[0] if whole else rows
    if wrong := next((i for i, row in enumerate(rows, 1) if not isinstance(row, dict)), 0):
        raise HeldoutError(f'{path}: example {wrong} is no object such as {{"text": ..., "atoms": [...]}}')
    return rows


def _separated(text: str, path: Path) -> list[dict[str, Any]]:
    first = text.split("\n", 1)[0]
    mark = max(",\t;|", key=first.count) if any(m in first for m in ",\t;|") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise HeldoutError(f"{path}: line {reader.line_num} is no row of a table ({first_line(error)})") from None
    if wrong := next((i for i, row in enumerate(rows, 2) if None in row or None in row.values()), 0):
        raise HeldoutError(
            f"{path}: row {wrong} has not as many cells as there are columns; put texts with {mark!r} in quotes"
        )
    return rows


def column(rows: Sequence[Row], name: str) -> list[list[str]]:
    """What each row lists in a column: a list, or text with `;` or spaces between; HeldoutError where it is not there."""
    known = list(dict.fromkeys(key for row in rows for key in row))
    if name not in known:
        raise HeldoutError(f"there is no column {name!r}: there is {', '.join(map(str, known[:12]))}")
    return [_listed(row.get(name), name, number) for number, row in enumerate(rows, 1)]


def _listed(value: Any, name: str, number: int) -> list[str]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        with suppress(ValueError):  # an atom may begin with a bracket
            value = json.loads(value)
    if value is None:
        return []
    if isinstance(value, str):
        return [part.strip() for part in (value.split(";") if ";" in value else value.split()) if part.strip()]
    if isinstance(value, list):
        return [v if isinstance(v, str) else json.dumps(v, sort_keys=True) for v in value]
    raise HeldoutError(
        f"example {number} has {value!r:.40} in {name!r}: give a list, or text with spaces or `;` between"
    )


def part(
    atoms: Sequence[Sequence[str]], compounds: Sequence[Sequence[str]] | None, wanted: Wanted, seed: int = 0
) -> Parted:
    """The examples parted as wanted; without compounds, every two atoms that occur together are one.

    HeldoutError where there are too few examples, one without atoms, or no such split, which then says how near it came.
    """
    if not 0 < wanted.share < 1:
        raise HeldoutError(f"a test share of {wanted.share:g} must lie between 0 and 1, such as 0.2")
    tests = round(wanted.share * len(atoms))
    if len(atoms) < LEAST or not 0 < tests < len(atoms):
        raise HeldoutError(
            f"{len(atoms)} examples are too few for a test share of {wanted.share:g}: at least {LEAST}, and one on either side"
        )
    if bare := next((i for i, row in enumerate(atoms, 1) if not row), 0):
        raise HeldoutError(f"example {bare} has no atoms: leave it out, or name another column of atoms")
    counts, used = (
        _counted(atoms),
        _counted(_pairs(atoms) if compounds is None else [sorted(set(c)) for c in compounds]),
    )
    if not used.nnz:
        why = (
            "no two atoms occur together: name a column of compounds"
            if compounds is None
            else "no example has compounds"
        )
        raise HeldoutError(why)
    found = split(counts, used, wanted, seed)
    if not found.reached:
        raise HeldoutError(_nearest(found, wanted))
    train, test = (used[side].sum(axis=0) > 0 for side in (found.train, found.test))
    order = np.random.default_rng(seed).permutation(len(atoms))
    usual = compound_divergence(used, order[tests:], order[:tests])
    names = tuple(NAMES[side] for side in found.side)
    unseen = int((test & ~train).sum())
    return Parted(names, found.compounds, found.atoms, usual, unseen, int(test.sum()), compounds is None)


def _nearest(found: Splitting, wanted: Wanted) -> str:
    left = int((found.side == 0).sum())
    near = f"the nearest has {found.compounds:.3f}, with an atom divergence of {found.atoms:.3f} and {left:,} examples left out"
    allowed = f"at an atom divergence of {wanted.atoms:g} and {wanted.leave_out:.0%} left out at most"
    return f"a compound divergence of {wanted.divergence:g} cannot be reached {allowed}: {near}; ask for less, or allow more"


def _pairs(atoms: Sequence[Sequence[str]]) -> list[list[tuple[str, str]]]:
    different = [sorted(set(row)) for row in atoms]
    if (many := sum(len(row) * (len(row) - 1) // 2 for row in different)) > MOST:
        raise HeldoutError(f"{many:,} pairs of atoms are too many: name a column of compounds")
    return [list(combinations(row, 2)) for row in different]


def _counted(rows: Sequence[Sequence[Any]]) -> sparse.csr_array:
    """(examples, kinds) how often each kind occurs, kinds in the order of first appearance."""
    place: dict[Any, int] = {}
    at = [place.setdefault(one, len(place)) for row in rows for one in row]
    row = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
    made = sparse.csr_array((np.ones(len(at)), (row, np.array(at, int))), shape=(len(rows), max(1, len(place))))
    made.sum_duplicates()
    return made


def written(rows: Sequence[Row], names: Sequence[str], path: Path) -> str:
    """The rows with the column `split`, as CSV or TSV where the path says so, else as JSON lines."""
    if "split" in rows[0]:
        raise HeldoutError("the examples have a column 'split' already: rename it first")
    whole = [{**row, "split": name} for row, name in zip(rows, names, strict=True)]
    if path.suffix.lower() not in (".csv", ".tsv"):
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in whole)
    text = io.StringIO()
    columns = [*dict.fromkeys(key for row in rows for key in row), "split"]
    mark = "\t" if path.suffix.lower() == ".tsv" else ","
    writer = csv.DictWriter(text, columns, delimiter=mark, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows({k: json.dumps(v) if isinstance(v, list | dict) else v for k, v in row.items()} for row in whole)
    return text.getvalue()
