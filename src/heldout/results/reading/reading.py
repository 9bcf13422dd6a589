"""Reads files, or columns in memory, as one table of results or one set of battles."""

import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results.reading import answers, battles, limits, normalising, repairs, runs, units
from heldout.results.reading.columns import recognise
from heldout.results.reading.database import database, within_memory
from heldout.results.reading.frames import columns_of
from heldout.results.reading.kinds import first_bytes
from heldout.results.reading.layout import Layout
from heldout.results.reading.logs import imported, inside
from heldout.results.reading.names import ROLES, clean, counted, shown
from heldout.results.reading.options import Reading
from heldout.results.reading.packed import unpacked
from heldout.results.reading.rows import Rows, coded
from heldout.results.reading.source import Source, from_columns, from_file, profiles
from heldout.results.reading.tidy import choose_measure, gather
from heldout.results.table import Battles, Items, Kind, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class _Read:
    """A source with its layout; of a log, the run that it is about and how much it says of it."""

    source: Source
    layout: Layout
    about: tuple[object, ...] = ()
    rank: int = 0
    joint: bool = False


def read(paths: Sequence[str], options: Reading = Reading()) -> Table | Battles:
    """The results in files of any shape as one table, or as battles where the rows are those.

    `paths`: CSV, TSV, Parquet, JSON, JSON lines, any of them packed with gzip, logs of other tools, folders of these, and `-` for
    standard input.
    `HeldoutError` names the file, what is wrong and the mend; nothing is written but a temporary copy of standard input
    and of what was packed.
    """
    if not paths:
        raise HeldoutError("no files to read: name at least one table, or - for standard input")
    with ExitStack() as stack:
        stack.enter_context(within_memory(paths))
        connection = stack.enter_context(database())
        found: list[_Read] = []
        for path in paths:
            name, place = ("standard input", _spooled(stack)) if path == "-" else (path, Path(path).expanduser())
            for one in [place] if not place.is_dir() or imported_folder(place) else _logs(place):
                called = name if one is place else str(one)
                plain = one if one.is_dir() else unpacked(one, called, stack)
                packed = None if plain is one else one
                found.append(_open(connection, plain, called, len(found), options, packed))
        return _table(connection, found, options)


def _once(found: Sequence[_Read], said: list[str]) -> Sequence[_Read]:
    """Of several logs of one run in one folder only those that say most: the others would count it again."""
    best: dict[tuple[object, ...], int] = {}
    for r in found:
        best[r.about] = min(best.get(r.about, r.rank), r.rank)
    kept = [r for r in found if not r.about or r.rank == best[r.about]]
    if len(kept) < len(found):
        left = [_short(r.source.name) for r in found if r not in kept]
        said.append(f"{shown(left)}: other logs of the same runs, left out")
    return kept


def read_frame(frame: Any, options: Reading = Reading()) -> Table | Battles:
    """The same for a pandas or polars frame, an Arrow table, a dict of columns, or `{system: (runs, tasks)}` arrays."""
    columns = columns_of(frame)
    with database() as connection:
        source = from_columns(connection, columns, type(frame).__name__, 0)
        layout = recognise(profiles(connection, source), options.columns, source.name)
        return _table(connection, [_Read(source, layout)], options)


def imported_folder(folder: Path) -> bool:
    """Whether an importer takes the folder as a whole."""
    from heldout.results.reading.logs import known

    return any(importer.recognises(folder, b"") for importer in known())


def _logs(folder: Path) -> list[Path]:
    found = list(inside(folder))
    if not found:
        raise HeldoutError(f"{folder}: a folder without a log that heldout knows; name the files themselves")
    return found


def _spooled(stack: ExitStack) -> Path:
    """Standard input as a temporary file."""
    path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "stdin"
    with path.open("wb") as file:
        while chunk := sys.stdin.buffer.read(1 << 20):
            file.write(chunk)
    return path


def _open(
    connection: "DuckDBPyConnection", path: Path, name: str, index: int, options: Reading, packed: Path | None
) -> _Read:
    head = b"" if path.is_dir() else first_bytes(path)
    log = imported(path, head)
    if log is not None:
        if not len(log.columns.get("score", ())):
            raise HeldoutError(f"{name}: {log.what} without a finished score")
        named = {log.runs if c == "run" else c: values for c, values in log.columns.items()}
        source = from_columns(connection, named, name, index, log.notes)
        notes = (f"{log.what}: {', '.join(named)}",)
        about = (path.absolute().parent, *sorted({str(s) for s in log.columns.get("system", ())}))
        return _Read(
            source, Layout(dict(zip(log.columns, named, strict=True)), notes=notes), about, log.rank, log.joint
        )
    source = from_file(connection, path, name, index, packed)
    layout = recognise(profiles(connection, source), _applying(options, source), name)
    limits.held(source.rows * max(len(layout.values), 1), len(layout.roles) + bool(layout.values), 0, source.size, name)
    return _Read(source, layout)


def _applying(options: Reading, source: Source) -> Mapping[str, str]:
    """The user's columns without the values that follow some of them."""
    given = {role: name if name in source.columns else name.split(":", 1)[0] for role, name in options.columns.items()}
    return {role: name for role, name in given.items() if name in source.columns}


def _table(connection: "DuckDBPyConnection", found: Sequence[_Read], options: Reading) -> Table | Battles:
    _check_columns(found, options)
    said: list[str] = []
    found = _once(found, said)
    names = tuple(clean(r.source.name) for r in found)
    understood = _grouped(found, _lines)
    notes = _grouped(found, lambda r: r.source.notes)
    fought = [r for r in found if r.layout.battles]
    if fought:
        if len(fought) < len(found):
            raise HeldoutError("some files hold battles and others scores: compare them in two calls")
        made = battles.fight(connection, [r.source for r in found], [r.layout for r in found])
        return replace(made, sources=names, understood=understood, warnings=notes + made.warnings)
    said.extend(notes)
    found = _alike(found, said)
    columns = gather(connection, [r.source for r in found], [r.layout for r in found], _called(found))
    scored = _role(found, "score") or "score"
    if "measure" in columns:
        wanted = options.columns.get("measure", "").partition(":")[2]
        measures, note = choose_measure(connection, wanted, ROLES["score"])
        understood += note
        scored = measures[0] if len(measures) == 1 else scored
    rows = coded(connection, columns, sum(r.source.size for r in found), names[0] if len(names) == 1 else "the files")
    connection.close()  # which returns what a dropped table took: a third of a large table's peak
    return _made(rows, found, options, _Words(names, understood, said, scored))


def _check_columns(found: Sequence[_Read], options: Reading) -> None:
    """Raise for a column that the user names and no file has."""
    for role, name in options.columns.items():
        have = {c for r in found for c in r.source.columns}
        if name not in have and name.split(":", 1)[0] not in have:
            raise HeldoutError(f"--columns {role}={name}: no such column (there are: {shown(sorted(have), 12)})")


def _alike(found: Sequence[_Read], said: list[str]) -> Sequence[_Read]:
    """Files with items, or all: means beside items say nothing new."""
    items = [r for r in found if _has_items(r.layout)]
    if not items or len(items) == len(found):
        return found
    left = [r.source.name for r in found if not _has_items(r.layout)]
    said.append(f"{shown(left)}: no items, left out beside files that have them; compare them without those files")
    return items


def _has_items(layout: Layout) -> bool:
    return "item" in layout.roles or layout.across == "item" or "c" in layout.roles


def _called(found: Sequence[_Read]) -> list[str]:
    """What the system is called where a file does not say: the file's name; an error where there is one such file only."""
    lacking = [r for r in found if "system" not in r.layout.roles and r.layout.across != "system"]
    if lacking and len(found) == 1:
        raise HeldoutError(
            f"{lacking[0].source.name}: no column tells systems apart: name it with --columns system=..."
        )
    stems = [r.source.stem or r.source.name for r in found]
    twice = {s for s in stems if stems.count(s) > 1}
    longer = [
        f"{Path(r.source.name).absolute().parent.name}/{s}" if s in twice else s
        for r, s in zip(found, stems, strict=True)
    ]
    return [r.source.name if longer.count(s) > 1 else s for r, s in zip(found, longer, strict=True)]


def _lines(one: _Read) -> tuple[str, ...]:
    """What the columns of a source were taken for."""
    if "system" in one.layout.roles or one.layout.across == "system" or one.layout.battles:
        return one.layout.notes
    return (*one.layout.notes, "the file's name: the system")


def _short(name: str) -> str:
    """A file's name with the folder that it lies in: the end of a long path tells files apart."""
    return "/".join(Path(name).parts[-2:])


def _grouped(found: Sequence[_Read], lines_of: Callable[[_Read], Sequence[str]]) -> tuple[str, ...]:
    """What is to be said of the sources: a line once for all sources of which it holds."""
    lines: dict[str, list[str]] = {}
    for r in found:
        for line in lines_of(r):
            lines.setdefault(line, []).append(r.source.name)
    if len(found) == 1:
        return tuple(clean(line) for line in lines)
    return tuple(clean(f"{line} (in {shown([_short(f) for f in files], 2)})") for line, files in lines.items())


@dataclass(frozen=True)
class _Words:
    """What is said of a table: its sources, what was understood, what was repaired; and the score's name."""

    names: tuple[str, ...]
    understood: tuple[str, ...]
    said: list[str]
    scored: str


def _made(rows: Rows, found: Sequence[_Read], options: Reading, words: _Words) -> Table:
    names, understood, said = words.names, words.understood, words.said
    said.extend(rows.said)
    rows = repairs.nameless(rows, said)
    rows = units.percents(rows, said)
    rows = repairs.last_steps(rows, said)
    rows = repairs.sources(rows, names, said)
    rows = repairs.infinities(rows, any(r.layout.values for r in found), said)
    rows = repairs.scoreless(rows, said)
    rows = repairs.duplicates(rows, said)
    rows = _counts_as_items(rows)
    _refuse(rows, said)
    units.mixed(rows, words.scored)
    units.direction(words.scored, rows.names.get("task", ()), options.lower_is_better, said)
    items: Items | None = None
    kind: Kind
    if "item" in rows.codes:
        kind = "items"
        items, scores, paired = answers.arrange(rows, _role(found, "run"), said)
    else:
        kind, scores, paired = runs.arrange(rows, _role(found, "run"), said)
    tasks = rows.names.get("task", ("all",))
    summary = _summary(kind, scores, items, paired, len(rows.names["system"]), len(tasks))
    table = Table(kind, rows.names["system"], tasks, scores, items, paired, names, (*understood, summary), tuple(said))
    if any(r.joint for r in found) and items is None:
        trained = np.unique([t.partition(": ")[0] for t in tasks], return_inverse=True)[1]
        table = replace(table, trained=trained)
    return _scaled(table, options)


def _role(found: Sequence[_Read], role: str) -> str:
    """The name of a role's column; of runs that lie across, what their columns are called before the number."""
    across = next((r.layout.values[0].rstrip("0123456789 _#-") for r in found if role == r.layout.across == "run"), "")
    return next((r.layout.roles[role] for r in found if role in r.layout.roles), across)


def _counts_as_items(rows: Rows) -> Rows:
    """Counts without items: every task is one item with its outcomes inside."""
    if rows.n is not None and (rows.score[~np.isnan(rows.score)] > 1).any():
        raise HeldoutError("counts: more right outcomes than outcomes in some rows: check the columns n and c")
    if rows.n is None or "item" in rows.codes or "task" not in rows.codes:
        return rows
    return replace(
        rows, names={**rows.names, "item": rows.names["task"]}, codes={**rows.codes, "item": rows.codes["task"]}
    )


def _refuse(rows: Rows, said: list[str]) -> None:
    """Raise for tables that nothing can be said of."""
    systems = rows.names["system"]
    used = np.unique(rows.codes["system"][~np.isnan(rows.score)])
    if len(used) < 2 and (lost := [s for s in said if "no score at all" in s or "text instead" in s]):
        raise HeldoutError(f"only one system with scores ({shown([systems[used[0]]])}): {'; '.join(lost)}")
    if len(used) < 2:
        raise HeldoutError(
            f"only one system ({shown([systems[used[0]]])}): a comparison needs two; "
            "was another column meant? --columns system=..."
        )
    there = rows.score[~np.isnan(rows.score)]
    if there.min() == there.max():
        raise HeldoutError(
            f"all {len(there):,} scores are equal ({there[0]:g}): nothing to compare; is this the right column?"
        )


def _summary(kind: Kind, scores: np.ndarray, items: Items | None, paired: bool, systems: int, tasks: int) -> str:
    if items is not None:
        most = int(items.repeats.max())
        more = f", up to {most} outcomes each" if most > 1 else ""
        return f"{systems} systems, {counted(items.values.shape[1], 'item')} in {counted(tasks, 'task')}{more}"
    if kind == "leaderboard":
        return f"a leaderboard: {systems} systems, {counted(tasks, 'task')}, one score each"
    how = "equal run numbers are equal seeds: paired" if paired else "unpaired"
    return f"{systems} systems, {counted(tasks, 'task')}, up to {counted(scores.shape[1], 'run')}; {how}"


def _scaled(table: Table, options: Reading) -> Table:
    if options.lower_is_better:
        said = "lower is better, as you said: every score's sign is turned"
        table = replace(normalising.turned(table), understood=(*table.understood, said))
    if options.normalise == "min-max":
        return normalising.min_max(table)
    if options.reference:
        return normalising.by_reference(table, _references(options), options.reference)
    return table


def _references(options: Reading) -> dict[str, tuple[float, float]]:
    """Low and high by task from the reference's table; both with their sign turned where lower is better."""
    sign = -1.0 if options.lower_is_better else 1.0
    path = Path(options.reference).expanduser()
    with database() as connection:
        source = from_file(connection, path, options.reference, 0)
        columns = {name.strip().lower(): name for name in source.columns}
        task = next((columns[w] for w in ROLES["task"] if w in columns), None)
        low = next((columns[w] for w in normalising.LOW if w in columns), None)
        high = next((columns[w] for w in normalising.HIGH if w in columns), None)
        if task is None or low is None or high is None:
            raise HeldoutError(f"{options.reference}: a reference needs the columns task, low and high")
        chosen = [connection.execute(f"SELECT * FROM {source.view}").fetchnumpy()[c] for c in (task, low, high)]  # noqa: S608
    try:
        return {
            clean(t): (sign * float(a), sign * float(b)) for t, a, b in zip(*(c.tolist() for c in chosen), strict=True)
        }
    except (TypeError, ValueError) as error:
        raise HeldoutError(f"{options.reference}: low and high must be numbers") from error
