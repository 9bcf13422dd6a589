"""Kept evidence: what a run of a study showed, as a file in the repository that anyone can check by running it again."""

import json
import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np

from heldout.core.cell import grid
from heldout.core.errors import HeldoutError, first_line
from heldout.core.result import MeasureRow, Result, ScoreRow
from heldout.core.study import MOST, Study
from heldout.core.verdict import Look, Verdict, Word
from heldout.lab import Options, conduct
from heldout.runner.event import Watch, ignore
from heldout.store import Store, files, open_store

FORMAT = 1

PARTS = (
    *("study", "revisions", "seconds", "cpu_seconds", "diverged", "failed", "provenance"),
    *("units", "seconds_per_unit", "claims", "measures", "gaps", "scores"),
)
"""What a file of evidence holds besides its format."""

MEND = "restore it, or write it anew with --keep"


@dataclass(frozen=True)
class Comparison:
    """A claim's kept verdict beside the one of a replay. `agrees`: the same word, and intervals that overlap."""

    claim: str
    kept: Verdict
    replayed: Verdict
    agrees: bool


def keep(result: Result, store: Store, folder: Path) -> Path:
    """Write `<folder>/<slug>.json`: verdicts, scores, units and cost, as a later `recall` reads them."""
    cells = grid(result.study)
    runs = store.runs([c.digest for c in cells])
    units = {c.name: int(np.sum(_units(runs, c.digest, c.unit == "item", store))) for c in cells}
    seconds = {c.name: _mean(runs["cpu_seconds"][runs["cell"] == c.digest]) for c in cells}
    document = {
        "format": FORMAT,
        "study": result.study.slug,
        "revisions": result.revisions,
        "seconds": round(result.seconds, 1),
        "cpu_seconds": round(result.cpu_seconds, 1),
        "diverged": result.diverged,
        "failed": result.failed,
        "provenance": dict(result.provenance) | {"host": "", "command": f"heldout run {result.study.slug} --keep"},
        "units": units,
        "seconds_per_unit": seconds,
        "claims": [asdict(v) for v in result.verdicts],
        "measures": _columns(result.measures),
        "gaps": _columns(result.gaps),
        "scores": _columns(result.scores),
    }
    path = folder / f"{result.study.slug}.json"
    with files.explained(folder):  # evidence that is there is replaced whole or not at all
        folder.mkdir(parents=True, exist_ok=True)
        files.write_text(path, json.dumps(_plain(document), indent=None, separators=(",", ":")) + "\n")
    return path


def recall(study: Study, path: Path) -> Result:
    """The result that a file of evidence holds; samples are not in it."""
    found = read(path)
    if found.get("study") != study.slug:
        raise HeldoutError(f"{path} holds evidence of {found.get('study')!r}, not of {study.slug!r}")
    try:
        return _recalled(study, found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise HeldoutError(f"{path} is damaged ({type(error).__name__}: {first_line(error)}): {MEND}") from error


def _recalled(study: Study, found: Mapping[str, Any]) -> Result:
    return _sound(
        Result(
            study,
            tuple(_verdict(v) for v in found["claims"]),
            tuple(_rows(ScoreRow, found["scores"])),
            tuple(_rows(MeasureRow, found["measures"])),
            seconds=found["seconds"],
            cpu_seconds=found["cpu_seconds"],
            cells_run=len(found["units"]),
            diverged=found["diverged"],
            failed=found["failed"],
            provenance=found["provenance"],
            gaps=tuple(_rows(ScoreRow, found["gaps"])),
            revisions=found["revisions"],
        )
    )


def read(path: Path) -> dict[str, Any]:
    """The file as plain values."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise HeldoutError(f"no evidence at {path}: `heldout run {path.stem} --keep` writes it") from error
    except (ValueError, RecursionError) as error:
        raise HeldoutError(f"{path} is not JSON ({first_line(error)}): {MEND}") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise HeldoutError(f"{path} is not evidence in format {FORMAT}: write it anew with --keep")
    if lacking := [part for part in PARTS if part not in found]:
        raise HeldoutError(f"{path} is damaged, it lacks {lacking[0]!r}: {MEND}")
    return found


def verify(
    study: Study, path: Path, workers: int = 0, watch: Watch = ignore, reference: str | None = None
) -> tuple[Comparison, ...]:
    """Run the recorded seeds again from nothing, without the clock, and compare."""
    kept = recall(study, path)
    if {v.claim: v.statement for v in kept.verdicts} != {name: claim.text for name, claim in study.claims.items()}:
        raise HeldoutError(f"{path} was kept of other claims than the study has now: write it anew with --keep")
    units = _counts(study, path)
    options = Options(workers=workers, minutes=math.inf, units=units)
    with tempfile.TemporaryDirectory(prefix="heldout-verify-") as folder:
        result = conduct(study, open_store(folder), options, watch, reference)
    replayed = {v.claim: v for v in result.verdicts}
    return tuple(Comparison(v.claim, v, replayed[v.claim], _agree(v, replayed[v.claim])) for v in kept.verdicts)


def _counts(study: Study, path: Path) -> dict[str, int]:
    """The units to run by cell digest."""
    counts = read(path)["units"]
    if not isinstance(counts, dict) or not all(type(n) is int and 0 <= n <= MOST for n in counts.values()):
        raise HeldoutError(f"{path} is damaged, its units are no numbers of units by cell: {MEND}")
    return {c.digest: counts[c.name] for c in grid(study) if c.name in counts}


def _agree(kept: Verdict, replayed: Verdict) -> bool:
    apart = kept.low > replayed.high or kept.high < replayed.low  # false where an interval is nan
    both = math.isnan(kept.low) == math.isnan(replayed.low)  # what could not be run again has no interval
    return kept.verdict == replayed.verdict and both and not apart


def _units(runs: Mapping[str, np.ndarray], cell: str, items: bool, store: Store) -> Sequence[int]:
    if items:
        return [len(np.unique(store.items([cell])["position"]))]
    return [len(np.unique(runs["seed"][runs["cell"] == cell]))]


def _mean(values: np.ndarray) -> float:
    return round(float(values.mean()), 3) if len(values) else 0.0


def _columns(rows: Sequence[Any]) -> dict[str, list[Any]]:
    """Rows as columns: short, and readable by anything."""
    return {f.name: [getattr(r, f.name) for r in rows] for f in fields(rows[0])} if rows else {}


def _rows(kind: Any, columns: Mapping[str, Sequence[Any]]) -> list[Any]:
    names = list(columns)
    return [
        _sound(kind(**{n: _number(v) for n, v in zip(names, values, strict=True)}))
        for values in zip(*columns.values(), strict=True)
    ]


def _plain(value: Any) -> Any:
    """JSON values; nan as text, since JSON has none; floats to nine digits."""
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float | np.floating):
        return "nan" if math.isnan(value) else float(f"{value:.9g}") if math.isfinite(value) else str(value)
    return value.item() if isinstance(value, np.generic) else value


def _verdict(row: Mapping[str, Any]) -> Verdict:
    plain: dict[str, Any] = {k: [*map(_number, v)] if k == "shift" and v else _number(v) for k, v in row.items()}
    plain["looks"] = tuple(_sound(Look(**{k: _number(v) for k, v in look.items()})) for look in row["looks"])
    plain["parts"] = tuple(_verdict(p) for p in row["parts"])
    plain["shift"] = tuple(plain["shift"]) if plain.get("shift") else None
    if plain["verdict"] not in get_args(Word):
        raise ValueError(f"{plain['verdict']!r} is no verdict")
    if not all(isinstance(plain[k], int | float) for k in ("estimate", "low", "high", "n")):
        raise ValueError(f"the numbers of claim {plain['claim']!r} are none")
    return _sound(Verdict(**plain))


KINDS: dict[Any, tuple[type, ...]] = {
    str: (str,),
    int: (int,),
    float: (int, float),
    str | None: (str, type(None)),
    float | None: (int, float, type(None)),
    Mapping[str, str]: (Mapping,),
    tuple[float, float] | None: (tuple, type(None)),
}


def _sound(made: Any) -> Any:
    """The value, if its plain fields are what they are said to be."""
    for name, kind in _hints(type(made)).items():
        value, wanted = getattr(made, name), KINDS.get(kind)
        if wanted and (not isinstance(value, wanted) or isinstance(value, bool)):
            raise TypeError(f"{name} is {value!r:.40}")
    shift = getattr(made, "shift", None)
    if shift is not None and not (len(shift) == 2 and all(isinstance(v, int | float) for v in shift)):
        raise TypeError(f"shift is {shift!r:.40}")
    return made


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _number(value: Any) -> Any:
    """Numbers that JSON has no way to write come as text."""
    return float(value) if isinstance(value, str) and value in ("nan", "inf", "-inf") else value
